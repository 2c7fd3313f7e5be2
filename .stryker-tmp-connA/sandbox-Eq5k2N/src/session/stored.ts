// @ts-nocheck
// pure: the stored form of a session: flat rows of plain values, for structuredClone, JSON or a database.
import type { PublishProperties } from '../spec/properties.js';
import { type QueuedMessage, queuedMessages } from './queue.js';
import {
  flowsInOrder,
  type HasSession,
  type IncomingFlow,
  isDurable,
  type PublishFlow,
  type ReleaseFlow,
  type SessionState,
  type StoredMessage,
  sessionOf,
  type Token,
} from './state.js';
import { trieEntries } from './trie.js';

/** A message as it is stored: its bytes are copies. */
export interface StoredMessageRow {
  readonly topic: string;
  readonly payload?: Uint8Array | string;
  readonly qos: 1 | 2;
  readonly retain: boolean;
  readonly properties?: PublishProperties;
  /** When it expires, in the caller's milliseconds. */
  readonly expiresAt?: number;
}

/** An outgoing message whose PUBLISH was sent. */
export interface StoredPublish extends StoredMessageRow {
  readonly packetId: number;
  readonly phase: 'awaiting-puback' | 'awaiting-pubrec';
  readonly order: number;
  readonly token?: Token;
}

/** An outgoing QoS 2 message whose PUBREL was sent. */
export interface StoredRelease {
  readonly packetId: number;
  readonly phase: 'awaiting-pubcomp';
  readonly order: number;
  readonly token?: Token;
  /** The Reason Code of the PUBREC. */
  readonly reasonCode: number;
}

/** An outgoing message that is on its way. */
export type StoredOutgoing = StoredPublish | StoredRelease;

/** An incoming QoS 2 message whose Packet Identifier is held. */
export interface StoredIncoming {
  readonly packetId: number;
  readonly phase: 'delivered' | 'answered';
  /** The refusal that the application gave while no connection could carry it; otherwise 0. */
  readonly verdict: number;
}

/** A message that waits for its first transmission. */
export interface StoredQueued extends StoredMessageRow {
  readonly place: number;
  readonly token?: Token;
  readonly automaticAlias: boolean;
  readonly bytes: number;
}

/** What a session counts. */
export interface StoredCounters {
  readonly begun: boolean;
  readonly nextPacketId: number;
  readonly nextOrder: number;
  readonly nextPlace: number;
}

/** A session as it is stored. */
export interface StoredSession extends StoredCounters {
  /** The version of this format. */
  readonly format: 1;
  /** In the order in which they are sent again. */
  readonly outgoing: readonly StoredOutgoing[];
  readonly incoming: readonly StoredIncoming[];
  /** First in, first out. */
  readonly queued: readonly StoredQueued[];
}

/**
 * Gives the stored form of a session, or of the one that a connection contains (section 4.1). Exchanges for
 * SUBSCRIBE and UNSUBSCRIBE are no part of it.
 *
 * @example
 * exportSession(emptySession()).format; // => 1
 */
export function exportSession(state: HasSession): StoredSession {
  const session = sessionOf(state);
  return {
    format: 1,
    ...countersOf(session),
    outgoing: flowsInOrder(session).filter(isDurable).map(outgoingRow),
    incoming: trieEntries(session.incoming).map(([packetId, flow]) => incomingRow(packetId, flow)),
    queued: queuedMessages(session.queue).map(queuedRow),
  };
}

/** What a session counts. */
export function countersOf(session: SessionState): StoredCounters {
  return {
    begun: session.begun,
    nextPacketId: session.nextPacketId,
    nextOrder: session.nextOrder,
    nextPlace: session.queue.next,
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The stored form of an outgoing message. */
export function outgoingRow(flow: PublishFlow | ReleaseFlow): StoredOutgoing {
  const { packetId, order, token } = flow;
  if (flow.phase === 'awaiting-pubcomp') {
    const { phase, reasonCode } = flow;
    return token === undefined
      ? { packetId, phase, order, reasonCode }
      : { packetId, phase, order, token, reasonCode };
  }
  const { phase, topic, qos, retain } = flow;
  const row: Writable<StoredPublish> = { packetId, phase, order, topic, qos, retain };
  if (token !== undefined) row.token = token;
  addRest(row, flow);
  return row;
}

/** The stored form of an incoming message. */
export function incomingRow(packetId: number, { phase, verdict }: IncomingFlow): StoredIncoming {
  return { packetId, phase, verdict };
}

/** The stored form of a waiting message. */
export function queuedRow({ place, token, automaticAlias, bytes, message }: QueuedMessage): StoredQueued {
  const { topic, qos, retain } = message;
  const row: Writable<StoredQueued> = { place, automaticAlias, bytes, topic, qos, retain };
  if (token !== undefined) row.token = token;
  addRest(row, message);
  return row;
}

/** Adds the fields of a message that may be absent, as copies. */
function addRest(row: Writable<StoredMessageRow>, message: StoredMessage): void {
  const { payload, properties, expiresAt } = message;
  if (payload !== undefined) row.payload = typeof payload === 'string' ? payload : copyOf(payload);
  if (properties !== undefined) row.properties = copyProperties(properties);
  if (expiresAt !== undefined) row.expiresAt = expiresAt;
}

/** A copy with memory of its own, of whatever kind of byte array. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** A copy of properties that shares nothing with them. */
export function copyProperties<T extends PublishProperties>(properties: T): T {
  const copy: T = { ...properties };
  for (const key of Object.keys(copy) as (keyof T)[]) if (copy[key] === undefined) delete copy[key];
  if (copy.correlationData !== undefined) copy.correlationData = copyOf(copy.correlationData);
  if (copy.userProperties !== undefined) {
    copy.userProperties = copy.userProperties.map(([name, value]) => [name, value] as const);
  }
  if (copy.subscriptionIdentifiers !== undefined) {
    copy.subscriptionIdentifiers = [...copy.subscriptionIdentifiers];
  }
  return copy;
}
