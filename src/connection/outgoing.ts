// pure: what the caller sends, and how it gets on the wire: at once, later from the queue, or not at all.
import { type MqttError, PacketTooLargeError } from '../errors.js';
import type { PublishPacket } from '../packets/publish.js';
import { refusal } from '../session/failures.js';
import { messageOf, packetOf, type SendablePublish } from '../session/messages.js';
import {
  enqueue,
  firstQueued,
  hasRoom,
  type QueuedMessage,
  removeFirst,
  withoutExpired,
  withoutToken,
} from '../session/queue.js';
import {
  addFlow,
  endFlow,
  flowOf,
  flowsInOrder,
  freeId,
  type OutgoingFlow,
  type PublishFlow,
  publishFlow,
  releaseFlow,
  type StoredMessage,
  setQueue,
  type Token,
} from '../session/state.js';
import { assignAlias, outgoingTopic, useAlias } from './aliases.js';
import { checkMessage, checkPublish, checkRequest, hasAliasRoom } from './checks.js';
import type { SendableSubscribe, SendableUnsubscribe, SendInput } from './inputs.js';
import type { ConnectionState, Resend } from './state.js';
import { hasRoomForReason, refuse, settle, transmit, type Work } from './work.js';

/** The application wants to send. */
export function send(w: Work, input: SendInput): void {
  const { packet } = input;
  if (isMute(w)) {
    refuse(w, refusal('not-connected', 'type', { packetType: packet.type }), input.token);
  } else if (packet.type === 'publish') sendPublish(w, input, packet);
  else sendRequest(w, input, packet);
}

/** Whether nothing can be taken: the connection is over, or a server's has no session yet to queue it in. */
export function isMute({ phase, settings }: Pick<ConnectionState, 'phase' | 'settings'>): boolean {
  return phase === 'closed' || (settings.role === 'server' && phase !== 'connected');
}

/** Whether packets may go out: after CONNACK, or before it where the client takes that risk (section 3.1.4). */
export function maySend(state: Pick<ConnectionState, 'phase' | 'settings' | 'terms'>): boolean {
  if (state.phase === 'connected') return true;
  return (
    state.phase === 'handshake' && state.settings.pipelining && state.terms.authenticationMethod === undefined
  );
}

/** How many QoS 1 and 2 messages may be under way: as many as the peer takes, and as we want. */
export function slots({ terms, settings }: Pick<ConnectionState, 'terms' | 'settings'>): number {
  return Math.min(terms.peers.receiveMaximum, settings.maximumInFlight);
}

/** Why a QoS 1 or 2 message would have to wait; undefined: it would not. */
export function busy(
  state: Pick<ConnectionState, 'phase' | 'settings' | 'terms' | 'session' | 'details'> & {
    readonly sending: number;
  },
): 'not-connected' | 'blocked' | 'quota-exhausted' | 'no-free-packet-id' | undefined {
  const { phase, session, details, sending } = state;
  if (!maySend(state)) return 'not-connected';
  if (details.blocked) return 'blocked';
  // Messages of an earlier connection go first; before CONNACK nobody knows whether they will.
  const older = phase === 'handshake' && sending < session.outgoing.size - details.awaited;
  if (older || session.queue.size > 0) return 'quota-exhausted';
  if (sending >= slots(state)) return 'quota-exhausted';
  return session.outgoing.size === 65_535 ? 'no-free-packet-id' : undefined;
}

function sendPublish(w: Work, input: SendInput, packet: SendablePublish): void {
  const { token } = input;
  const { role } = w.settings;
  const size = checkPublish(packet, w.terms, role, w.aliases);
  if (typeof size !== 'number') {
    // A server does as if it had sent what is too large for the client (MQTT-3.1.2-25).
    if (role === 'server' && size instanceof PacketTooLargeError) {
      settle(w, token, { kind: 'unsendable', error: size });
    } else refuse(w, size, token);
    return;
  }
  const { qos = 0 } = packet;
  if (qos === 0) {
    const reason = maySend(w) ? (w.details.blocked ? 'blocked' : undefined) : 'not-connected';
    if (reason !== undefined) {
      refuse(w, refusal(reason, 'qos', { packetType: 'publish' }), token);
      return;
    }
    const { topic, payload, retain = false, properties } = packet;
    const auto = input.topicAlias === 'automatic';
    const out: PublishPacket<5> = { type: 'publish', topic, payload, qos: 0, retain, dup: false, properties };
    transmitPublish(w, out, auto && hasAliasRoom(size, w.terms.peers.maximumPacketSize));
    settle(w, token, SENT);
    return;
  }
  const message = messageOf(packet, qos, fullTopic(w, packet), w.input.now, input.expiresAt);
  const reason = busy(w);
  if (reason === undefined) {
    const { payload, retain = false, properties } = packet;
    const packetId = startFlow(w, message, token);
    const out: PublishPacket<5> = {
      type: 'publish',
      topic: packet.topic,
      payload,
      qos,
      retain,
      dup: false,
      packetId,
      properties,
    };
    const auto = input.topicAlias === 'automatic';
    transmitPublish(w, out, auto && hasAliasRoom(size, w.terms.peers.maximumPacketSize));
  } else if (input.ifBusy === 'refuse') {
    refuse(w, refusal(reason, 'qos', { packetType: 'publish' }), token);
  } else if (!hasRoom(w.session.queue, size, w.settings.queue)) {
    refuse(w, refusal('queue-full', 'qos', { packetType: 'publish' }), token);
  } else {
    const automaticAlias = input.topicAlias === 'automatic';
    w.session = setQueue(
      w.session,
      enqueue(w.session.queue, { token, message, automaticAlias, bytes: size }),
    );
  }
}

const SENT = { kind: 'sent' } as const;

/** The topic of a PUBLISH, or the one that its Topic Alias stands for. */
function fullTopic(w: Work, { topic, properties }: Pick<SendablePublish, 'topic' | 'properties'>): string {
  const alias = topic === '' ? properties?.topicAlias : undefined;
  return (alias === undefined ? undefined : outgoingTopic(w.aliases, alias)) ?? topic;
}

/** Gives a message its identifier and its slot. There is one of each: {@link busy} has said so. */
function startFlow(w: Work, message: StoredMessage, token: PublishFlow['token']): number {
  const packetId = freeId(w.session);
  w.session = addFlow(w.session, publishFlow(packetId, w.session.nextOrder, token, message));
  w.sending++;
  return packetId;
}

/** Sends a PUBLISH, under an alias where one was asked for or chosen. */
function transmitPublish(w: Work, packet: PublishPacket<5>, automatic: boolean): void {
  const own = packet.properties?.topicAlias;
  if (own !== undefined) {
    w.aliases = useAlias(w.aliases, own, fullTopic(w, packet));
  } else if (automatic) {
    const { topic } = packet;
    const maximum = w.terms.peers.topicAliasMaximum;
    const assigned = assignAlias(w.aliases, topic, maximum, w.settings.automaticAliases);
    if (assigned !== undefined) {
      w.aliases = useAlias(w.aliases, assigned.alias, topic);
      const properties = { ...packet.properties, topicAlias: assigned.alias };
      transmit(w, { ...packet, topic: assigned.known ? '' : topic, properties });
      return;
    }
  }
  transmit(w, packet);
}

function sendRequest(w: Work, input: SendInput, packet: SendableSubscribe | SendableUnsubscribe): void {
  const { token } = input;
  const context = { version: w.terms.version, packetType: packet.type } as const;
  if (!maySend(w)) {
    refuse(w, refusal('not-connected', 'type', context), token);
    return;
  }
  const error = checkRequest(packet, w.terms, w.settings.role);
  const packetId = error === undefined ? freeId(w.session) : 0;
  if (packetId === 0) {
    refuse(w, error ?? refusal('no-free-packet-id', 'packetId', context), token);
    return;
  }
  const order = w.session.nextOrder;
  if (packet.type === 'subscribe') {
    const { type, subscriptions, properties } = packet;
    const flow = { phase: 'awaiting-suback', packetId, order, token, filters: subscriptions.length } as const;
    w.session = addFlow(w.session, flow);
    transmit(w, { type, packetId, subscriptions, properties });
  } else {
    const { type, topicFilters, properties } = packet;
    const flow = {
      phase: 'awaiting-unsuback',
      packetId,
      order,
      token,
      filters: topicFilters.length,
    } as const;
    w.session = addFlow(w.session, flow);
    transmit(w, { type, packetId, topicFilters, properties });
  }
  w.details = { ...w.details, awaited: w.details.awaited + 1 };
}

/** Sends what waits, as far as the peer and the socket take more: first what was sent before, then the queue. */
export function drain(w: Work): void {
  if (w.phase !== 'connected' || w.details.blocked) return;
  const { resend } = w.details;
  if (resend !== undefined) drainResend(w, resend);
  while (w.sending < slots(w) && w.session.outgoing.size < 65_535) {
    const item = firstQueued(w.session.queue);
    if (item === undefined) return;
    w.session = setQueue(w.session, removeFirst(w.session.queue, item));
    sendQueued(w, item);
  }
}

function sendQueued(w: Work, { message, token, automaticAlias, bytes }: QueuedMessage): void {
  const { expiresAt, topic } = message;
  if (expiresAt !== undefined && expiresAt <= w.input.now) {
    settle(w, token, { kind: 'expired' });
    return;
  }
  const error = checkMessage(message, w.terms, w.settings.role);
  if (error !== undefined) {
    settle(w, token, { kind: 'unsendable', error });
    return;
  }
  const packet = packetOf(message, startFlow(w, message, token), false, w.input.now, w.terms.version);
  // The topic may not be counted in the size, where an alias stood for it.
  const room = hasAliasRoom(bytes + 3 * topic.length, w.terms.peers.maximumPacketSize);
  transmitPublish(w, packet, automaticAlias && room);
}

/** Messages that expired before they were sent are dropped (section 3.3.2.3.3). */
export function expireQueue(w: Work): void {
  const [queue, expired] = withoutExpired(w.session.queue, w.input.now);
  w.session = setQueue(w.session, queue);
  for (const item of expired) settle(w, item.token, { kind: 'expired' });
}

/** The application takes back what waits under a token. What was sent once is the peer's as well. */
export function withdraw(w: Work, token: Token): void {
  const [queue, withdrawn] = withoutToken(w.session.queue, token);
  if (w.phase === 'closed' || withdrawn.length === 0) {
    const isSent = flowsInOrder(w.session).some((flow) => flow.token === token);
    const code = w.phase === 'closed' ? 'not-connected' : isSent ? 'already-sent' : 'unknown-token';
    refuse(w, refusal(code, 'token'));
    return;
  }
  w.session = setQueue(w.session, queue);
  for (const item of withdrawn) settle(w, item.token, { kind: 'withdrawn' });
}

/** Sends messages of an earlier connection again, the first of them first. */
function drainResend(w: Work, resend: Resend): void {
  let { at } = resend;
  for (; at < resend.flows.length && w.sending < slots(w); at++) {
    const flow = resend.flows[at]!;
    // It may have been acknowledged meanwhile.
    if (flowOf(w.session, flow.packetId) === flow) sendAgain(w, flow);
  }
  const rest = at === resend.flows.length ? undefined : { flows: resend.flows, at };
  w.details = { ...w.details, resend: rest };
}

/** Sends a PUBLISH of an earlier connection again, or reports that this peer does not take it. */
export function sendAgain(w: Work, flow: PublishFlow): void {
  const { token, packetId } = flow;
  const error: MqttError | undefined = checkMessage(flow, w.terms, w.settings.role);
  if (error === undefined) {
    w.sending++;
    transmit(w, packetOf(flow, packetId, true, w.input.now, w.terms.version));
    return;
  }
  settle(w, token, { kind: 'unsendable', error });
  if (flow.qos === 1) w.session = endFlow(w.session, packetId);
  else abandon(w, flow);
}

/**
 * Gives up a QoS 2 message that the peer may hold already: PUBREL frees the identifier there, so that a new message
 * under it is not taken for the old one. The flow has no caller any more.
 */
function abandon(w: Work, flow: PublishFlow): void {
  w.session = releaseFlow(w.session, { ...flow, token: undefined }, ABANDONED);
  w.sending++;
  const { packetId } = flow;
  transmit(
    w,
    hasRoomForReason(w) ? { type: 'pubrel', packetId, reasonCode: 0x92 } : { type: 'pubrel', packetId },
  );
}

// Stands for the Reason Code of a PUBREC where there was none, since the message was given up.
const ABANDONED = 0xff;

/** Whether nobody waits for the end of an exchange any more: its message was reported as unsendable. */
export function isAbandoned(flow: OutgoingFlow): boolean {
  return flow.phase === 'awaiting-pubcomp' && flow.reasonCode === ABANDONED;
}
