// @ts-nocheck
// pure: a server's side of the handshake (sections 3.1.4 and 3.2), and the packets that come before its end.
import { type MqttError, type ProtocolError, UnsupportedVersionError } from '../errors.js';
import type { ConnackPacket } from '../packets/connack.js';
import type { DecodedConnect, DecodedWill } from '../packets/connect.js';
import { refusal } from '../session/failures.js';
import { sizeOf } from '../session/messages.js';
import { emptySession } from '../session/state.js';
import { copyOf, copyProperties } from '../session/stored.js';
import type { ConnackProperties } from '../spec/properties.js';
import { CONNACK_REASON_CODES } from '../spec/reason-codes.js';
import { sendAuth } from './auth.js';
import { discardSession, disconnect, end, fail, sendConnack } from './closing.js';
import { expiryOf } from './create.js';
import { fitted } from './fit.js';
import type { AcceptInput, RefuseInput } from './inputs.js';
import { limitsOf, NO_LIMITS, ownLimits } from './limits.js';
import { resume } from './resume.js';
import type { Terms } from './state.js';
import { broken, connected, emit, refuse as refuseInput, transmit, type Work } from './work.js';

/** The network stands: a CONNECT is awaited. */
export function openServer(w: Work): void {
  w.phase = 'waiting';
  w.details = { ...w.details, since: w.input.now };
}

/** A CONNECT came, as the first packet. */
export function onConnect(w: Work, packet: DecodedConnect): void {
  const { settings } = w;
  const { protocolVersion } = packet;
  if (!settings.versions.includes(protocolVersion)) {
    fail(w, unsupported(protocolVersion));
    return;
  }
  w.phase = 'handshake';
  w.terms = requested(w, packet);
  const authTurn = w.terms.authenticationMethod === undefined ? 'none' : 'ours';
  w.details = { ...w.details, since: w.input.now, authTurn, will: packet.will && copyWill(packet.will) };
  const problem = connectProblem(w, packet);
  if (problem === undefined) {
    emit(w, { type: 'connectRequested', packet });
    return;
  }
  emit(w, { type: 'fail', error: problem });
  sendConnack(w, protocolVersion, problem.reasonCode);
  end(w, { reason: 'refused', close: true });
}

/** Who does not speak both versions refuses the other one in the words of MQTT 3.1.1. */
function unsupported(protocolLevel: 4 | 5): MqttError {
  return new UnsupportedVersionError({
    code: 'unsupported-version',
    reasonCode: 0x84,
    protocolName: 'MQTT',
    protocolLevel,
    reply: Uint8Array.of(0x20, 2, 0, 1),
    packetType: 'connect',
    statement: 'MQTT-3.1.2-2',
  });
}

function requested(w: Work, packet: DecodedConnect): Terms {
  const { protocolVersion, clientId, cleanStart, keepAlive, properties } = packet;
  const v4 = protocolVersion === 4;
  const { announced } = w.settings;
  return {
    version: protocolVersion,
    clientId,
    cleanStart,
    keepAlive,
    ...expiryOf(packet),
    problemInformation: properties?.requestProblemInformation !== 0,
    responseInformation: properties?.requestResponseInformation === 1,
    authenticationMethod: properties?.authenticationMethod,
    // A client of MQTT 3.1.1 cannot be told any limits.
    ours: v4
      ? { ...NO_LIMITS, maximumPacketSize: ownLimits(announced).maximumPacketSize }
      : limitsOf(announced),
    peers: limitsOf(properties),
  };
}

function copyWill(will: DecodedWill): DecodedWill {
  const { properties } = will;
  const copy = { ...will, payload: copyOf(will.payload) };
  return properties === undefined ? copy : { ...copy, properties: copyProperties(properties) };
}

/** What a CONNECT asks for that we have said we do not do. */
function connectProblem(w: Work, { clientId, cleanStart, will }: DecodedConnect): ProtocolError | undefined {
  const { version, ours, authenticationMethod } = w.terms;
  if (version === 4) {
    if (clientId !== '' || cleanStart) return undefined;
    return broken(w, 'client-identifier-not-valid', 0x85, 'connect', 'clientId', '3.1.3-8');
  }
  if (
    authenticationMethod !== undefined &&
    !w.settings.authenticationMethods.includes(authenticationMethod)
  ) {
    const field = 'properties.authenticationMethod';
    return broken(w, 'authentication-method-not-supported', 0x8c, 'connect', field, '|4.12.0-1');
  }
  if (will !== undefined && will.qos > ours.maximumQoS) {
    return broken(w, 'qos-not-supported', 0x9b, 'connect', 'will.qos', '|3.2.2-12');
  }
  if (will?.retain && !ours.retainAvailable) {
    return broken(w, 'retain-not-supported', 0x9a, 'connect', 'will.retain', '|3.2.2-13');
  }
  return undefined;
}

/** The host accepts the CONNECT, or a re-authentication. */
export function accept(w: Work, input: AcceptInput): void {
  const { phase, settings, details } = w;
  const { terms } = w;
  const { version, authenticationMethod: method } = terms;
  if (
    settings.role === 'server' &&
    phase === 'connected' &&
    details.authTurn === 'ours' &&
    method !== undefined
  ) {
    acceptAgain(w, method, input);
    return;
  }
  if (settings.role !== 'server' || phase !== 'handshake' || details.authTurn === 'theirs') {
    refuseInput(w, refusal('not-now', 'type', { packetType: 'connack' }));
    return;
  }
  const assigned = input.clientId ?? input.properties?.assignedClientIdentifier;
  const clientId = terms.clientId || assigned;
  if (!clientId) {
    const context = { version, packetType: 'connack', statement: '|3.1.3-6' } as const;
    refuseInput(w, refusal('missing-client-identifier', 'clientId', context));
    return;
  }
  const session = input.session ?? emptySession();
  const sessionPresent = session.begun && !terms.cleanStart;
  const properties = version === 4 ? undefined : connackProperties(w, input, assigned);
  const packet: ConnackPacket<5> = { type: 'connack', sessionPresent, reasonCode: 0, properties };
  const size = sizeOf(packet, version);
  const fit = typeof size === 'number' ? fitted(packet, terms, 'server') : size;
  if (!('type' in fit)) {
    refuseInput(w, fit);
    return;
  }
  w.session = { ...session, connection: session.connection + 1 };
  w.terms = granted(terms, properties, clientId);
  w.phase = 'connected';
  w.details = { ...details, authTurn: 'none', held: [], heldBytes: 0, firstOrder: session.nextOrder };
  if (terms.cleanStart) discardSession(w);
  w.session = { ...w.session, begun: true };
  transmit(w, fit);
  emit(w, connected(w.terms, sessionPresent, undefined));
  resume(w, Number.POSITIVE_INFINITY);
}

/** The properties of CONNACK: what is announced always, what the host adds, and what follows from CONNECT. */
function connackProperties(w: Work, input: AcceptInput, assigned: string | undefined): ConnackProperties {
  const { terms, settings } = w;
  const properties: ConnackProperties = { ...settings.announced, ...input.properties };
  if (terms.clientId === '') properties.assignedClientIdentifier = assigned;
  // It has one of its own, which is the one in force.
  else delete properties.assignedClientIdentifier;
  if (terms.authenticationMethod !== undefined) properties.authenticationMethod = terms.authenticationMethod;
  else {
    // Nobody asked for it (MQTT-4.12.0-6).
    delete properties.authenticationMethod;
    delete properties.authenticationData;
  }
  // Nobody asked for it (MQTT-3.1.2-28).
  if (!terms.responseInformation) delete properties.responseInformation;
  return properties;
}

function granted(terms: Terms, properties: ConnackProperties | undefined, clientId: string): Terms {
  return {
    ...terms,
    clientId,
    keepAlive: properties?.serverKeepAlive ?? terms.keepAlive,
    sessionExpiryInterval: properties?.sessionExpiryInterval ?? terms.sessionExpiryInterval,
    ours: properties === undefined ? terms.ours : limitsOf(properties),
  };
}

function acceptAgain(w: Work, method: string, { properties }: AcceptInput): void {
  const { authenticationData, reasonString, userProperties } = properties ?? {};
  const error = sendAuth(w, method, 0x00, { authenticationData, reasonString, userProperties });
  if (error !== undefined) refuseInput(w, error);
  else w.details = { ...w.details, authTurn: 'none' };
}

/** The host refuses the CONNECT, or a re-authentication. */
export function refuse(w: Work, input: RefuseInput): void {
  const { phase, settings, details, terms } = w;
  const { reasonCode, properties } = input;
  const again = phase === 'connected' && details.authTurn !== 'none';
  if (settings.role !== 'server' || (phase !== 'handshake' && !again)) {
    refuseInput(w, refusal('not-now', 'type', { packetType: 'connack' }));
    return;
  }
  if (again) {
    disconnect(w, { type: 'disconnect', now: input.now, reasonCode, properties });
    return;
  }
  if (terms.version === 5) {
    const known = (CONNACK_REASON_CODES as readonly number[]).includes(reasonCode) && reasonCode >= 0x80;
    const code = known ? undefined : refusal('unknown-reason-code', 'reasonCode', { packetType: 'connack' });
    const size = code ?? sizeOf({ type: 'connack', sessionPresent: false, reasonCode, properties }, 5);
    if (typeof size !== 'number') {
      refuseInput(w, size);
      return;
    }
  }
  sendConnack(w, terms.version, reasonCode, properties);
  end(w, { reason: 'refused', close: true });
}
