// @ts-nocheck
// pure: the Session State (section 4.1) as plain data, and the few ways to change it.
import type { PublishProperties } from '../spec/properties.js';
import type { IncomingPhase } from './flows.js';
import { emptyQueue, type Queue } from './queue.js';
import { emptyTrie, type Trie, trieDelete, trieFirstFree, trieForEach, trieGet, trieSet } from './trie.js';

const MAXIMUM_ID = 65_535;

/** The caller's own name for something sent, given back when it is settled; it is stored with the session. */
export type Token = string | number;

/** A QoS 1 or 2 message: its full topic, never a Topic Alias, and the properties as they were given. */
export interface StoredMessage {
  readonly topic: string;
  readonly payload: Uint8Array | string | undefined;
  readonly qos: 1 | 2;
  readonly retain: boolean;
  readonly properties: PublishProperties | undefined;
  /** When it expires, in the caller's milliseconds; undefined: never. */
  readonly expiresAt: number | undefined;
}

/** A PUBLISH that was sent and not acknowledged, with its message. */
export interface PublishFlow extends StoredMessage {
  readonly phase: 'awaiting-puback' | 'awaiting-pubrec';
  readonly packetId: number;
  /** Rises with each PUBLISH and each PUBREL: the order in which they are sent again. */
  readonly order: number;
  readonly token: Token | undefined;
}

/** A PUBREL that was sent and not answered. */
export interface ReleaseFlow {
  readonly phase: 'awaiting-pubcomp';
  readonly packetId: number;
  readonly order: number;
  readonly token: Token | undefined;
  /** The Reason Code of the PUBREC; 0 in MQTT 3.1.1. */
  readonly reasonCode: number;
}

/** A SUBSCRIBE or UNSUBSCRIBE that was sent and not acknowledged: no part of a session, but of its identifiers. */
export interface RequestFlow {
  readonly phase: 'awaiting-suback' | 'awaiting-unsuback';
  readonly packetId: number;
  readonly order: number;
  readonly token: Token | undefined;
  /** How many Topic Filters it has, each of which gets a Reason Code. */
  readonly filters: number;
}

/** An outgoing exchange, which holds a Packet Identifier. */
export type OutgoingFlow = PublishFlow | ReleaseFlow | RequestFlow;

/** An incoming QoS 2 message whose Packet Identifier is held until PUBREL. */
export interface IncomingFlow {
  readonly phase: IncomingPhase;
  /** The refusal that the application gave while no connection could carry it; otherwise 0. */
  readonly verdict: number;
  /** The connection that saw its PUBLISH last: it counts against that one's Receive Maximum. */
  readonly connection: number;
}

/**
 * The state of a session, which outlives connections: the same for clients and servers.
 *
 * It is plain data and never changed: whoever keeps an old one can go back to it.
 */
export interface SessionState {
  /** Whether a server has accepted a CONNECT for this session, so that both sides may hold state for it. */
  readonly begun: boolean;
  /**
   * Our own exchanges by Packet Identifier: PUBLISH, SUBSCRIBE and UNSUBSCRIBE share one pool, and what has no
   * exchange here is free.
   */
  readonly outgoing: Trie<OutgoingFlow>;
  /** Where the search for the next free Packet Identifier begins, so that one just freed is not taken at once. */
  readonly nextPacketId: number;
  /** The peer's QoS 2 messages by Packet Identifier. */
  readonly incoming: Trie<IncomingFlow>;
  /** Messages that wait for their first transmission. */
  readonly queue: Queue;
  /** The order of the next PUBLISH or PUBREL. */
  readonly nextOrder: number;
  /** How many connections the session has seen in this process. */
  readonly connection: number;
}

/**
 * A session without anything in it, for a client or a device that is new.
 *
 * @example
 * emptySession().begun; // => false
 */
export function emptySession(): SessionState {
  return EMPTY;
}

const EMPTY: SessionState = /* @__PURE__ */ (() => ({
  begun: false,
  outgoing: emptyTrie<OutgoingFlow>(),
  nextPacketId: 1,
  incoming: emptyTrie<IncomingFlow>(),
  queue: emptyQueue(),
  nextOrder: 1,
  connection: 0,
}))();

/**
 * How many QoS 1 and 2 messages of a session are sent and not yet wholly acknowledged, and how many wait.
 *
 * @example
 * sessionSize(emptySession()); // => { outgoing: 0, incoming: 0, queued: 0 }
 */
export function sessionSize(session: SessionState): {
  readonly outgoing: number;
  readonly incoming: number;
  readonly queued: number;
} {
  return {
    outgoing: session.outgoing.size,
    incoming: session.incoming.size,
    queued: session.queue.size,
  };
}

/**
 * The next free Packet Identifier (section 2.2.1), round the corner from 65,535 to 1; 0 when all are in use. The cost
 * does not depend on how many are.
 */
export function freeId({ outgoing, nextPacketId }: SessionState): number {
  if (outgoing.size === MAXIMUM_ID) return 0;
  const id = trieFirstFree(outgoing, nextPacketId);
  return id < 0 ? trieFirstFree(outgoing, 1) : id;
}

/** The exchange that begins when a message is sent. */
export function publishFlow(
  packetId: number,
  order: number,
  token: Token | undefined,
  { topic, payload, qos, retain, properties, expiresAt }: StoredMessage,
): PublishFlow {
  const phase = qos === 1 ? 'awaiting-puback' : 'awaiting-pubrec';
  return { phase, packetId, order, token, topic, payload, qos, retain, properties, expiresAt };
}

/** Adds an exchange under the identifier that {@link freeId} gave. */
export function addFlow(session: SessionState, flow: OutgoingFlow): SessionState {
  const { packetId } = flow;
  return {
    begun: session.begun,
    outgoing: trieSet(session.outgoing, packetId, flow),
    nextPacketId: packetId === MAXIMUM_ID ? 1 : packetId + 1,
    incoming: session.incoming,
    queue: session.queue,
    nextOrder: session.nextOrder + 1,
    connection: session.connection,
  };
}

/** Moves an exchange to PUBREL: the message is the receiver's now, and only the identifier is kept. */
export function releaseFlow(session: SessionState, flow: OutgoingFlow, reasonCode: number): SessionState {
  const { packetId, token } = flow;
  const order = session.nextOrder;
  const next: ReleaseFlow = { phase: 'awaiting-pubcomp', packetId, order, token, reasonCode };
  return {
    begun: session.begun,
    outgoing: trieSet(session.outgoing, packetId, next),
    nextPacketId: session.nextPacketId,
    incoming: session.incoming,
    queue: session.queue,
    nextOrder: order + 1,
    connection: session.connection,
  };
}

/** Ends an exchange and frees its identifier. */
export function endFlow(session: SessionState, packetId: number): SessionState {
  return {
    begun: session.begun,
    outgoing: trieDelete(session.outgoing, packetId),
    nextPacketId: session.nextPacketId,
    incoming: session.incoming,
    queue: session.queue,
    nextOrder: session.nextOrder,
    connection: session.connection,
  };
}

/** The exchange that holds an identifier of ours; any number may be asked for. */
export function flowOf(session: SessionState, packetId: number): OutgoingFlow | undefined {
  return isId(packetId) ? trieGet(session.outgoing, packetId) : undefined;
}

/** The QoS 2 message that holds an identifier of the peer's; any number may be asked for. */
export function incomingOf(session: SessionState, packetId: number): IncomingFlow | undefined {
  return isId(packetId) ? trieGet(session.incoming, packetId) : undefined;
}

/** Whether a number can be a Packet Identifier (section 2.2.1). */
export function isId(packetId: number): boolean {
  return Number.isInteger(packetId) && packetId > 0 && packetId <= MAXIMUM_ID;
}

/** Holds an identifier of the peer's, or forgets it where there is nothing to hold. */
export function setIncoming(
  session: SessionState,
  packetId: number,
  flow: IncomingFlow | undefined,
): SessionState {
  return {
    begun: session.begun,
    outgoing: session.outgoing,
    nextPacketId: session.nextPacketId,
    incoming:
      flow === undefined ? trieDelete(session.incoming, packetId) : trieSet(session.incoming, packetId, flow),
    queue: session.queue,
    nextOrder: session.nextOrder,
    connection: session.connection,
  };
}

/** Replaces the queue. */
export function setQueue(session: SessionState, queue: Queue): SessionState {
  return { ...session, queue };
}

/** Our exchanges in the order in which their last packet was sent. */
export function flowsInOrder(session: SessionState): OutgoingFlow[] {
  const flows: OutgoingFlow[] = [];
  trieForEach(session.outgoing, (flow) => flows.push(flow));
  return flows.sort((a, b) => a.order - b.order);
}

/**
 * The Packet Identifiers of the QoS 2 messages that were delivered and wait for the verdict of the application, where
 * acknowledging is left to it: what a host goes on with after a restart. They rise.
 *
 * @example
 * unacknowledged(emptySession()); // => []
 */
export function unacknowledged(session: SessionState): number[] {
  const ids: number[] = [];
  trieForEach(session.incoming, ({ phase, verdict }, packetId) => {
    if (phase === 'delivered' && verdict === 0) ids.push(packetId);
  });
  return ids;
}

/** Whether an exchange belongs to the session, and not to a connection alone. */
export function isDurable(flow: OutgoingFlow): flow is PublishFlow | ReleaseFlow {
  return flow.phase !== 'awaiting-suback' && flow.phase !== 'awaiting-unsuback';
}

/** A session, or the connection that contains it. */
export type HasSession = SessionState | { readonly session: SessionState };

/** The session of either. */
export function sessionOf(state: HasSession): SessionState {
  return 'session' in state ? state.session : state;
}
