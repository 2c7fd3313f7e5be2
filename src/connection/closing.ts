// pure: how a connection ends (sections 3.14 and 4.13): the last packet, the will, the session, and who hears of it.
import {
  MalformedPacketError,
  type MqttError,
  PacketTooLargeError,
  ProtocolError,
  UnsupportedVersionError,
} from '../errors.js';
import type { DecodedDisconnect, DisconnectPacket } from '../packets/disconnect.js';
import { refusal } from '../session/failures.js';
import { sizeOf } from '../session/messages.js';
import { emptyQueue, queuedMessages } from '../session/queue.js';
import { emptySession, endFlow, flowsInOrder, isDurable, type SessionState } from '../session/state.js';
import type { ConnackReasonCode, ConnackReturnCode, DisconnectReasonCode } from '../spec/reason-codes.js';
import { CONNACK_REASON_CODES, DISCONNECT_REASON_CODES, DISCONNECT_SENDERS } from '../spec/reason-codes.js';
import type { EndReason } from './actions.js';
import { NO_ALIASES } from './aliases.js';
import { fitted } from './fit.js';
import type { DisconnectInput } from './inputs.js';
import { isAbandoned } from './outgoing.js';
import { NOTHING_OWED } from './owed.js';
import { FRESH_DETAILS } from './state.js';
import { broken, emit, refuse, settle, transmit, type Work } from './work.js';

const EXPIRY = 'properties.sessionExpiryInterval';

/** How a connection ends. */
interface Ending {
  readonly reason: EndReason;
  /** Whether the network connection is ours to close. */
  readonly close: boolean;
  /** Whether the client said goodbye in good order, which voids its will. */
  readonly willVoid?: boolean;
}

/** Ends the connection: the last thing that happens to it. */
export function end(w: Work, { reason, close, willVoid = false }: Ending): void {
  const accepted = w.phase === 'connected';
  const { terms } = w;
  const { will } = w.details;
  w.phase = 'closed';
  if (close) emit(w, { type: 'close', reason });
  dropRequests(w);
  if (accepted && terms.sessionExpiryInterval === 0) discardSession(w);
  if (accepted && will !== undefined) {
    if (willVoid) emit(w, { type: 'willDiscarded' });
    else {
      const { willDelayInterval: delay = 0, ...properties } = { ...will.properties };
      const seconds = Math.min(delay, terms.sessionExpiryInterval);
      // What is published has no place for its delay.
      const due = will.properties === undefined ? will : { ...will, properties };
      emit(w, { type: 'willDue', will: due, at: w.input.now + seconds * 1_000 });
    }
  }
  w.owed = NOTHING_OWED;
  w.aliases = NO_ALIASES;
  w.details = FRESH_DETAILS;
  w.sending = 0;
  w.receiving = 0;
  // The session of a CONNECT that was never accepted is what it was before.
  const sessionExpiryInterval = accepted ? terms.sessionExpiryInterval : undefined;
  emit(w, { type: 'ended', reason, sessionExpiryInterval });
}

/** SUBSCRIBEs and UNSUBSCRIBEs die with their connection, and their identifiers are free again. */
function dropRequests(w: Work): void {
  if (w.details.awaited === 0) return;
  for (const flow of flowsInOrder(w.session)) {
    if (isDurable(flow)) continue;
    w.session = endFlow(w.session, flow.packetId);
    settle(w, flow.token, { kind: 'connection-lost' });
  }
}

/**
 * Discards the state of the session (section 4.1). Messages that were never sent belong to it on a server; a client
 * keeps them for its next session.
 */
export function discardSession(w: Work, from: number = Number.POSITIVE_INFINITY): void {
  const { session } = w;
  const older = flowsInOrder(session).filter((flow) => isDurable(flow) && flow.order < from);
  const server = w.settings.role === 'server';
  const queued = server ? queuedMessages(session.queue) : [];
  const something = session.begun || older.length > 0 || session.incoming.size > 0 || queued.length > 0;
  let rest: SessionState = { ...session, begun: false, incoming: emptySession().incoming };
  if (server)
    rest = { ...rest, queue: { ...emptyQueue(), first: session.queue.next, next: session.queue.next } };
  for (const flow of older) rest = endFlow(rest, flow.packetId);
  w.session = rest;
  for (const flow of older) {
    if (isAbandoned(flow)) continue;
    const kind = 'session-lost';
    if (flow.phase === 'awaiting-puback' || flow.phase === 'awaiting-pubrec') {
      const { topic, payload, qos, retain, properties, expiresAt } = flow;
      const message = { topic, payload, qos, retain, properties, expiresAt };
      settle(w, flow.token, { kind, progress: 'sent', message });
    } else settle(w, flow.token, { kind, progress: 'received' });
  }
  for (const { token, message } of queued) {
    settle(w, token, { kind: 'session-lost', progress: 'queued', message });
  }
  if (something) emit(w, { type: 'sessionDiscarded' });
}

/** The Reason Code that an error stands for. */
function reasonOf(error: MqttError): number {
  return error instanceof MalformedPacketError ||
    error instanceof ProtocolError ||
    error instanceof PacketTooLargeError
    ? error.reasonCode
    : 0x80;
}

/** The peer broke a rule: tells it as far as it can be told, and ends the connection. */
export function fail(w: Work, error: MqttError): void {
  emit(w, { type: 'fail', error });
  if (error instanceof UnsupportedVersionError) {
    if (error.reply.length > 0) emit(w, { type: 'reply', bytes: error.reply });
  } else tellWhy(w, error);
  end(w, { reason: 'failed', close: true });
}

/**
 * Says why, where the version has a packet for it and the order of packets admits one: a server answers a CONNECT
 * with CONNACK and says DISCONNECT only after a good one (MQTT-3.14.0-1).
 */
function tellWhy(w: Work, error: MqttError): void {
  const { role } = w.settings;
  const reasonCode = reasonOf(error);
  if (w.phase === 'waiting') {
    // Only a CONNECT of MQTT 5.0 that made itself known can be answered, by a server that speaks it.
    const speaks = w.settings.role === 'server' && w.settings.versions.includes(5);
    if (speaks && error.packetType === 'connect' && error.protocolVersion === 5)
      sendConnack(w, 5, reasonCode);
  } else if (w.terms.version === 4) return;
  else if (w.phase === 'handshake' && role === 'server') sendConnack(w, 5, reasonCode);
  else sendDisconnect(w, reasonCode, undefined);
}

/** Sends a CONNACK that refuses, if the version has a code for it and the client has room for it. */
export function sendConnack(
  w: Work,
  version: 4 | 5,
  reasonCode: number,
  properties?: Extract<Parameters<typeof fitted>[0], { type: 'connack' }>['properties'],
): void {
  if (version === 4) {
    const code = CONNECT_RETURN_CODES[reasonCode];
    if (code !== undefined) transmit(w, { type: 'connack', sessionPresent: false, reasonCode: code });
    return;
  }
  const known = (CONNACK_REASON_CODES as readonly number[]).includes(reasonCode) && reasonCode >= 0x80;
  const code = (known ? reasonCode : 0x80) as ConnackReasonCode;
  const packet = { type: 'connack', sessionPresent: false, reasonCode: code, properties } as const;
  const fit = fitted(packet, { ...w.terms, version }, w.settings.role);
  if ('type' in fit) transmit(w, fit);
}

/** What a client of MQTT 3.1.1 can hear of a refusal (section 3.2.2.3); for the rest there is silence. */
const CONNECT_RETURN_CODES: Readonly<Record<number, ConnackReturnCode>> = {
  1: 1,
  2: 2,
  3: 3,
  4: 4,
  5: 5,
  132: 1,
  133: 2,
  134: 4,
  135: 5,
  136: 3,
  137: 3,
  138: 5,
  140: 5,
  151: 3,
  159: 3,
};

function sendDisconnect(w: Work, reasonCode: number, properties: DisconnectPacket<5>['properties']): void {
  const { role } = w.settings;
  const other = role === 'client' ? DISCONNECT_SENDERS.server : DISCONNECT_SENDERS.client;
  const known = (DISCONNECT_REASON_CODES as readonly number[]).includes(reasonCode);
  const code = (known && !other.includes(reasonCode) ? reasonCode : 0x80) as DisconnectReasonCode;
  const packet = { type: 'disconnect', reasonCode: code, properties } as const;
  const fit = fitted(packet, w.terms, role);
  if ('type' in fit) transmit(w, fit);
}

/** A DISCONNECT came. */
export function onDisconnect(w: Work, packet: DecodedDisconnect): void {
  const { terms, settings } = w;
  const expiry = packet.properties?.sessionExpiryInterval;
  const reasonCode = packet.reasonCode ?? 0;
  const fault = DISCONNECT_SENDERS[settings.role].includes(reasonCode)
    ? 'reasonCode'
    : settings.role === 'client' && expiry !== undefined
      ? EXPIRY
      : undefined;
  if (fault !== undefined) {
    const statement = fault === EXPIRY ? '|3.14.2-2' : undefined;
    fail(w, broken(w, 'wrong-sender', 0x82, 'disconnect', fault, statement));
    return;
  }
  if (expiry !== undefined && expiry > 0 && terms.requestedExpiry === 0) {
    // This DISCONNECT is not valid: the will stays due.
    fail(w, broken(w, 'session-expiry-not-allowed', 0x82, 'disconnect', EXPIRY));
    return;
  }
  if (expiry !== undefined) w.terms = { ...terms, sessionExpiryInterval: expiry };
  emit(w, { type: 'disconnectReceived', packet });
  end(w, { reason: 'peer-disconnected', close: true, willVoid: reasonCode === 0 });
}

/** The host ends the connection. */
export function disconnect(w: Work, input: DisconnectInput): void {
  const { phase, terms } = w;
  const { role } = w.settings;
  if (phase === 'idle' || phase === 'closed') {
    refuse(w, refusal('not-connected', 'type', { packetType: 'disconnect' }));
    return;
  }
  const { reasonCode = 0, properties } = input;
  const error = disconnectProblem(w, reasonCode, properties);
  if (error !== undefined) {
    refuse(w, error);
    return;
  }
  const expiry = properties?.sessionExpiryInterval;
  if (expiry !== undefined && terms.version === 5) w.terms = { ...terms, sessionExpiryInterval: expiry };
  if (terms.version === 4) {
    // Any DISCONNECT of MQTT 3.1.1 voids the will: whoever wants it published closes without one.
    if (role === 'client' && reasonCode === 0) transmit(w, { type: 'disconnect' });
  } else if (phase === 'connected' || role === 'client') sendDisconnect(w, reasonCode, properties);
  else if (phase === 'handshake' && reasonCode >= 0x80) sendConnack(w, 5, reasonCode);
  end(w, { reason: 'disconnected', close: true });
}

function disconnectProblem(
  w: Work,
  reasonCode: number,
  properties: DisconnectInput['properties'],
): MqttError | undefined {
  const { terms } = w;
  const { role } = w.settings;
  const context = { version: terms.version, packetType: 'disconnect' } as const;
  const packet = { type: 'disconnect', reasonCode, properties };
  const size = sizeOf(packet, 5);
  if (typeof size !== 'number') return size;
  const other = role === 'client' ? DISCONNECT_SENDERS.server : DISCONNECT_SENDERS.client;
  if (other.includes(reasonCode)) return refusal('wrong-sender', 'reasonCode', context);
  const expiry = properties?.sessionExpiryInterval;
  if (expiry !== undefined && role === 'server') {
    return refusal('wrong-sender', EXPIRY, { ...context, statement: '|3.14.2-2' });
  }
  if (expiry !== undefined && expiry > 0 && terms.requestedExpiry === 0) {
    return refusal('session-expiry-not-allowed', EXPIRY, context);
  }
  return undefined;
}

/** The network connection is gone. */
export function onClosed(w: Work): void {
  if (w.phase !== 'closed') end(w, { reason: 'closed', close: false });
}
