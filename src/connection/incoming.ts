// pure: the peer's messages: limits, aliases, delivery, and the acknowledgements that are due (section 4.3).
import type { DecodedPubrel, PubackPacket, PubrecPacket } from '../packets/acks.js';
import type { DecodedPublish } from '../packets/publish.js';
import { refusal } from '../session/failures.js';
import { FLOW_RULES, incomingMove } from '../session/flows.js';
import { sizeOf } from '../session/messages.js';
import { type IncomingFlow, incomingOf, isId, setIncoming } from '../session/state.js';
import { trieGet } from '../session/trie.js';
import type { AckProperties } from '../spec/properties.js';
import type { PubackReasonCode } from '../spec/reason-codes.js';
import { incomingTopic, learnAlias } from './aliases.js';
import { fail } from './closing.js';
import { fitted } from './fit.js';
import type { AcknowledgeInput } from './inputs.js';
import { addOwed, chainOf, decideOwed, type OwedEntry, removeOwed, UNDECIDED } from './owed.js';
import { broken, emit, hasRoomForReason, refuse, transmit, type Work } from './work.js';

/** A PUBLISH came. */
export function onPublish(w: Work, received: DecodedPublish): void {
  if (breaksLimits(w, received)) return;
  const alias = received.properties?.topicAlias;
  const packet = alias === undefined ? received : withTopic(w, received, alias);
  if (packet === undefined) return;
  if (packet.qos === 0) emit(w, { type: 'deliver', packet });
  else if (packet.qos === 1) onQos1(w, packet, packet.packetId);
  else onQos2(w, packet, packet.packetId);
}

/** What we said that we do not take, and what this side may not send. */
function breaksLimits(w: Work, { qos, retain, properties }: DecodedPublish): boolean {
  const { ours, version } = w.terms;
  const server = w.settings.role === 'server';
  if (qos > ours.maximumQoS) {
    fail(w, broken(w, 'qos-not-supported', 0x9b, 'publish', 'qos', server ? '|3.2.2-11' : undefined));
  } else if (version === 4) return false;
  else if (retain && server && !ours.retainAvailable) {
    fail(w, broken(w, 'retain-not-supported', 0x9a, 'publish', 'retain', '|3.2.2-14'));
  } else if (server && properties?.subscriptionIdentifiers !== undefined) {
    const field = 'properties.subscriptionIdentifiers';
    fail(w, broken(w, 'wrong-sender', 0x82, 'publish', field, '|3.3.4-6'));
  } else return false;
  return true;
}

/** The PUBLISH under its full topic and without its alias (section 3.3.2.3.4). */
function withTopic(w: Work, packet: DecodedPublish, alias: number): DecodedPublish | undefined {
  const field = 'properties.topicAlias';
  const server = w.settings.role === 'server';
  if (alias < 1 || alias > w.terms.ours.topicAliasMaximum) {
    const statement = server ? '|3.3.2-9' : '|3.3.2-11';
    fail(w, broken(w, 'topic-alias-out-of-range', 0x94, 'publish', field, statement));
    return undefined;
  }
  let { topic } = packet;
  if (topic === '') {
    const known = incomingTopic(w.aliases, alias);
    if (known === undefined) {
      fail(w, broken(w, 'unknown-topic-alias', 0x82, 'publish', field));
      return undefined;
    }
    topic = known;
  } else w.aliases = learnAlias(w.aliases, alias, topic);
  const { topicAlias: _, ...properties } = { ...packet.properties };
  return { ...packet, topic, properties };
}

/** Whether our Receive Maximum has a slot for one more message of the peer (section 3.3.4); ends it all if not. */
function hasSlot(w: Work): boolean {
  if (w.receiving < w.terms.ours.receiveMaximum) return true;
  const statement = w.settings.role === 'server' ? '|3.3.4-7' : '|3.3.4-9';
  fail(w, broken(w, 'receive-maximum-exceeded', 0x93, 'publish', undefined, statement));
  return false;
}

/** An identifier whose acknowledgement is owed for a message of the other QoS cannot be used again. */
function collides(w: Work, packetId: number, qos: 1 | 2): boolean {
  const entry = w.owed.entries.size === 0 ? undefined : trieGet(w.owed.entries, packetId);
  if (entry === undefined || entry.qos === qos) return false;
  fail(w, broken(w, 'packet-id-in-use', 0x82, 'publish', 'packetId', '2.3.1-2|2.2.1-3'));
  return true;
}

function onQos1(w: Work, packet: DecodedPublish, packetId: number): void {
  if (w.settings.acknowledgements === 'automatic') {
    if (!hasSlot(w)) return;
    emit(w, { type: 'deliver', packet });
    transmit(w, { type: 'puback', packetId });
    return;
  }
  if (collides(w, packetId, 1)) return;
  const owed = w.owed.entries.size > 0 && trieGet(w.owed.entries, packetId) !== undefined;
  const move = incomingMove(1, owed ? 'delivered' : 'none', 'publish');
  if (move?.deliver === undefined || !hasSlot(w)) return;
  w.receiving++;
  emit(w, { type: 'deliver', packet });
  w.owed = addOwed(w.owed, 1, packetId, UNDECIDED);
}

function onQos2(w: Work, packet: DecodedPublish, packetId: number): void {
  if (collides(w, packetId, 2)) return;
  const { connection } = w.session;
  const flow = incomingOf(w.session, packetId);
  const automatic = w.settings.acknowledgements === 'automatic';
  if (flow !== undefined && flow.connection === connection) {
    answerAgain(w, packetId, flow, automatic);
    return;
  }
  if (!hasSlot(w)) return;
  w.receiving++;
  if (flow !== undefined) {
    // Seen on an earlier connection, it counts on this one from now on.
    w.session = setIncoming(w.session, packetId, { ...flow, connection });
    answerAgain(w, packetId, flow, automatic);
    return;
  }
  emit(w, { type: 'deliver', packet });
  const phase = automatic ? 'answered' : 'delivered';
  w.session = setIncoming(w.session, packetId, { phase, verdict: 0, connection });
  if (automatic) transmit(w, { type: 'pubrec', packetId });
  else w.owed = addOwed(w.owed, 2, packetId, UNDECIDED);
}

/** The same message came once more: it is not delivered again, and answered as soon as it can be. */
function answerAgain(w: Work, packetId: number, flow: IncomingFlow, automatic: boolean): void {
  // Its answer is on the way in its turn.
  if (trieGet(w.owed.entries, packetId) !== undefined) return;
  const decided = flow.phase === 'answered' || flow.verdict !== 0 || automatic;
  w.owed = addOwed(w.owed, 2, packetId, decided ? flow.verdict : UNDECIDED);
  sendOwed(w, 2);
}

/** Sends the acknowledgement whose turn it is, and those that waited for it. */
function answerFirst(
  w: Work,
  packetId: number,
  entry: OwedEntry,
  verdict: number,
  properties: AckProperties | undefined,
): void {
  const { qos, previous, next } = entry;
  w.owed = removeOwed(w.owed, packetId, entry);
  sendVerdict(w, packetId, { qos, verdict, properties, previous, next });
  if (next !== 0) sendOwed(w, qos);
}

/** Sends the acknowledgements whose turn it is. */
function sendOwed(w: Work, qos: 1 | 2): void {
  for (;;) {
    const packetId = chainOf(w.owed, qos).first;
    const entry = packetId === 0 ? undefined : trieGet(w.owed.entries, packetId);
    if (entry === undefined || entry.verdict === UNDECIDED) return;
    w.owed = removeOwed(w.owed, packetId, entry);
    // Should that end the connection, nothing is owed any more.
    sendVerdict(w, packetId, entry);
  }
}

function sendVerdict(w: Work, packetId: number, { qos, verdict, properties }: OwedEntry): void {
  const told = FLOW_RULES[w.terms.version].reasonCodes;
  const flow = qos === 2 ? incomingOf(w.session, packetId) : undefined;
  const phase = flow === undefined ? 'delivered' : flow.phase;
  const event = phase === 'answered' ? 'publish' : told && verdict >= 0x80 ? 'rejected' : 'accepted';
  // What is owed was delivered, and for that every event has its move.
  const { next } = incomingMove(qos, phase, event)!;
  if (next === 'none') w.receiving--;
  if (flow !== undefined && next === 'none') w.session = setIncoming(w.session, packetId, undefined);
  else if (flow !== undefined && next !== flow.phase) {
    w.session = setIncoming(w.session, packetId, {
      phase: 'answered',
      verdict: 0,
      connection: flow.connection,
    });
  }
  if (!told || (verdict === 0 && properties === undefined)) {
    transmit(w, qos === 1 ? { type: 'puback', packetId } : { type: 'pubrec', packetId });
    return;
  }
  const reasonCode = verdict as PubackReasonCode;
  const packet: PubackPacket<5> | PubrecPacket<5> =
    qos === 1
      ? { type: 'puback', packetId, reasonCode, properties }
      : { type: 'pubrec', packetId, reasonCode, properties };
  const fit = fitted(packet, w.terms, w.settings.role);
  if ('type' in fit) transmit(w, fit);
  else fail(w, fit);
}

/** A PUBREL came: the identifier is free again, and the peer hears so whether it was held or not. */
export function onPubrel(w: Work, { packetId }: DecodedPubrel): void {
  const flow = incomingOf(w.session, packetId);
  if (flow === undefined) {
    transmit(
      w,
      hasRoomForReason(w) ? { type: 'pubcomp', packetId, reasonCode: 0x92 } : { type: 'pubcomp', packetId },
    );
    return;
  }
  if (flow.connection === w.session.connection) w.receiving--;
  w.session = setIncoming(w.session, packetId, undefined);
  transmit(w, { type: 'pubcomp', packetId });
  // A QoS 1 message may have the identifier meanwhile.
  const entry = trieGet(w.owed.entries, packetId);
  if (entry?.qos !== 2) return;
  w.owed = removeOwed(w.owed, packetId, entry);
  // It may have been what others waited for.
  sendOwed(w, 2);
}

/** The application's verdict on a message. */
export function acknowledge(w: Work, input: AcknowledgeInput): void {
  const { packetId, properties } = input;
  const verdict = input.reasonCode ?? 0;
  const { version } = w.terms;
  const context = { version, packetType: 'puback' } as const;
  const entry = isId(packetId) ? trieGet(w.owed.entries, packetId) : undefined;
  const earlier = entry === undefined ? incomingOf(w.session, packetId) : undefined;
  const waiting = entry === undefined ? isUndecided(earlier) : entry.verdict === UNDECIDED;
  if (w.phase === 'closed' || !waiting) {
    refuse(w, refusal(w.phase === 'closed' ? 'not-connected' : 'unknown-packet-id', 'packetId', context));
    return;
  }
  if (verdict !== 0 || properties !== undefined) {
    const error = verdictProblem(packetId, verdict, properties);
    if (error !== undefined || (verdict === 0x10 && w.settings.role === 'client')) {
      refuse(w, error ?? refusal('wrong-sender', 'reasonCode', context));
      return;
    }
  }
  if (entry !== undefined && chainOf(w.owed, entry.qos).first === packetId) {
    answerFirst(w, packetId, entry, verdict, properties);
    return;
  }
  if (entry !== undefined) w.owed = decideOwed(w.owed, packetId, entry, verdict, properties);
  const flow = entry?.qos === 1 ? undefined : incomingOf(w.session, packetId);
  if (flow !== undefined) keepVerdict(w, packetId, flow, verdict);
}

/**
 * Keeps a verdict that cannot be told yet with the session: its turn has not come, or no PUBLISH of this connection
 * asks for it. Should the connection go before, the peer hears it when it sends the message again.
 */
function keepVerdict(w: Work, packetId: number, flow: IncomingFlow, verdict: number): void {
  const rejected = FLOW_RULES[w.terms.version].reasonCodes && verdict >= 0x80;
  const phase = rejected ? 'delivered' : 'answered';
  w.session = setIncoming(w.session, packetId, { ...flow, phase, verdict: rejected ? verdict : 0 });
}

function isUndecided(flow: IncomingFlow | undefined): boolean {
  return flow !== undefined && flow.phase === 'delivered' && flow.verdict === 0;
}

function verdictProblem(
  packetId: number,
  reasonCode: number,
  properties: AckProperties | undefined,
): Exclude<ReturnType<typeof sizeOf>, number> | undefined {
  const size = sizeOf({ type: 'puback', packetId, reasonCode, properties }, 5);
  return typeof size === 'number' ? undefined : size;
}
