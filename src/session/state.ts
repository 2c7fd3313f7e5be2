// pure: the Session State (section 4.1) as plain data, and the few ways to change it.
import type { PublishProperties } from '../spec/properties.js';
import type { IncomingPhase } from './flows.js';
import { allocate, createPacketIds, type PacketIds, release } from './packet-ids.js';
import { emptyQueue, type Queue } from './queue.js';
import { emptyTrie, type Trie, trieDelete, trieForEach, trieGet, trieSet } from './trie.js';

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

/** A PUBLISH that was sent and not acknowledged. */
export interface PublishFlow {
  readonly phase: 'awaiting-puback' | 'awaiting-pubrec';
  readonly packetId: number;
  /** Rises with each PUBLISH and each PUBREL: the order in which they are sent again. */
  readonly order: number;
  readonly token: Token | undefined;
  readonly message: StoredMessage;
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
  /** The Packet Identifiers of our own exchanges. */
  readonly ids: PacketIds;
  /** Our own exchanges by Packet Identifier. */
  readonly outgoing: Trie<OutgoingFlow>;
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
  ids: createPacketIds(),
  outgoing: emptyTrie<OutgoingFlow>(),
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

/** Takes a free Packet Identifier for a new exchange; undefined when all 65,535 are in use. */
export function allocateId(session: SessionState): readonly [PacketIds, number] | undefined {
  return allocate(session.ids);
}

/** Adds an exchange under the identifier that was just allocated for it. */
export function addFlow(session: SessionState, ids: PacketIds, flow: OutgoingFlow): SessionState {
  return {
    begun: session.begun,
    ids,
    outgoing: trieSet(session.outgoing, flow.packetId, flow),
    incoming: session.incoming,
    queue: session.queue,
    nextOrder: session.nextOrder + 1,
    connection: session.connection,
  };
}

/** Moves an exchange to PUBREL: the message is the receiver's now, and only the identifier is kept. */
export function releaseFlow(session: SessionState, flow: OutgoingFlow, reasonCode: number): SessionState {
  const next: ReleaseFlow = {
    phase: 'awaiting-pubcomp',
    packetId: flow.packetId,
    order: session.nextOrder,
    token: flow.token,
    reasonCode,
  };
  return addFlow(session, session.ids, next);
}

/** Ends an exchange and frees its identifier. */
export function endFlow(session: SessionState, packetId: number): SessionState {
  return {
    begun: session.begun,
    ids: release(session.ids, packetId),
    outgoing: trieDelete(session.outgoing, packetId),
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
  return Number.isInteger(packetId) && packetId > 0 && packetId < 65_536;
}

/** Holds an identifier of the peer's, or forgets it where there is nothing to hold. */
export function setIncoming(
  session: SessionState,
  packetId: number,
  flow: IncomingFlow | undefined,
): SessionState {
  return {
    begun: session.begun,
    ids: session.ids,
    outgoing: session.outgoing,
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
