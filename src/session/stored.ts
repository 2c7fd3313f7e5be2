// pure: the stored form of a session: flat rows of plain values, for structuredClone, JSON or a database.
import { encodedLength } from '../codec.js';
import { InvalidPacketError } from '../errors.js';
import type { PublishProperties } from '../spec/properties.js';
import { refusal } from './failures.js';
import { type QueuedMessage, queuedMessages, restoreQueue } from './queue.js';
import {
  emptySession,
  flowsInOrder,
  type HasSession,
  type IncomingFlow,
  isDurable,
  isId,
  type OutgoingFlow,
  type PublishFlow,
  publishFlow,
  type ReleaseFlow,
  type SessionState,
  type StoredMessage,
  sessionOf,
  type Token,
} from './state.js';
import { emptyTrie, type Trie, trieEntries, trieSet } from './trie.js';

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

/** An outgoing message that is on its way: its PUBLISH was sent, or after `awaiting-pubcomp` its PUBREL. */
export type StoredOutgoing =
  | ({
      readonly packetId: number;
      readonly phase: 'awaiting-puback' | 'awaiting-pubrec';
      readonly order: number;
      readonly token?: Token;
    } & StoredMessageRow)
  | {
      readonly packetId: number;
      readonly phase: 'awaiting-pubcomp';
      readonly order: number;
      readonly token?: Token;
      readonly reasonCode: number;
    };

/** An incoming QoS 2 message whose Packet Identifier is held. */
export interface StoredIncoming {
  readonly packetId: number;
  readonly phase: 'delivered' | 'answered';
  /** The refusal that the application gave while no connection could carry it; otherwise 0. */
  readonly verdict: number;
}

/** A message that waits for its first transmission. */
export type StoredQueued = {
  readonly place: number;
  readonly token?: Token;
  readonly automaticAlias: boolean;
  readonly bytes: number;
} & StoredMessageRow;

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

/** The stored form of an outgoing message. */
export function outgoingRow(flow: PublishFlow | ReleaseFlow): StoredOutgoing {
  const { packetId, phase, order, token } = flow;
  const head = token === undefined ? { packetId, order } : { packetId, order, token };
  return phase === 'awaiting-pubcomp'
    ? { ...head, phase, reasonCode: flow.reasonCode }
    : { ...head, phase, ...messageRow(flow) };
}

/** The stored form of an incoming message. */
export function incomingRow(packetId: number, { phase, verdict }: IncomingFlow): StoredIncoming {
  return { packetId, phase, verdict };
}

/** The stored form of a waiting message. */
export function queuedRow(item: QueuedMessage): StoredQueued {
  const { place, token, automaticAlias, bytes, message } = item;
  const head = token === undefined ? { place } : { place, token };
  return { ...head, automaticAlias, bytes, ...messageRow(message) };
}

function messageRow(message: StoredMessage): StoredMessageRow {
  const { topic, payload, qos, retain, properties, expiresAt } = message;
  return {
    topic,
    qos,
    retain,
    ...(payload === undefined ? {} : { payload: typeof payload === 'string' ? payload : copyOf(payload) }),
    ...(properties === undefined ? {} : { properties: copyProperties(properties) }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
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

/**
 * Makes a session of its stored form, which it checks and of which it keeps nothing.
 *
 * Throws InvalidPacketError (`invalid-stored-state`), naming the field, for anything but a stored session.
 *
 * @example
 * importSession(exportSession(emptySession())).nextOrder; // => 1
 * importSession({ format: 2 }); // throws InvalidPacketError
 */
export function importSession(stored: unknown): SessionState {
  const row = recordOf(stored, 'session');
  if (row['format'] !== 1) throw invalid('format');
  const nextOrder = countOf(row['nextOrder'], 'nextOrder', 1);
  const nextPlace = countOf(row['nextPlace'], 'nextPlace', 1);
  const outgoing = listOf(row['outgoing'], 'outgoing', (item, at) => readOutgoing(item, at, nextOrder));
  const incoming = listOf(row['incoming'], 'incoming', readIncoming);
  const queued = listOf(row['queued'], 'queued', (item, at) => readQueued(item, at, nextPlace));
  distinct(outgoing, (flow) => flow.packetId, 'outgoing', 'packetId');
  distinct(outgoing, (flow) => flow.order, 'outgoing', 'order');
  distinct(incoming, ([packetId]) => packetId, 'incoming', 'packetId');
  distinct(queued, (item) => item.place, 'queued', 'place');
  if (queued.some((item) => nextPlace - item.place > 65_535)) throw invalid('queued');
  let flows: Trie<OutgoingFlow> = emptyTrie();
  for (const flow of outgoing) flows = trieSet(flows, flow.packetId, flow);
  let held: Trie<IncomingFlow> = emptyTrie();
  for (const [packetId, flow] of incoming) held = trieSet(held, packetId, flow);
  return {
    ...emptySession(),
    begun: booleanOf(row['begun'], 'begun'),
    outgoing: flows,
    nextPacketId: idOf(row['nextPacketId'], 'nextPacketId'),
    incoming: held,
    queue: restoreQueue(queued, nextPlace),
    nextOrder,
  };
}

function distinct<T>(rows: readonly T[], key: (row: T) => number, list: string, field: string): void {
  if (new Set(rows.map(key)).size !== rows.length) throw invalid(`${list}.${field}`);
}

function readOutgoing(value: unknown, at: string, nextOrder: number): PublishFlow | ReleaseFlow {
  const row = recordOf(value, at);
  const packetId = idOf(row['packetId'], `${at}.packetId`);
  const order = countOf(row['order'], `${at}.order`, 1);
  if (order >= nextOrder) throw invalid(`${at}.order`);
  const token = tokenOf(row['token'], `${at}.token`);
  const { phase } = row;
  if (phase === 'awaiting-pubcomp') {
    return { phase, packetId, order, token, reasonCode: byteOf(row['reasonCode'], `${at}.reasonCode`) };
  }
  const message = readMessage(row, at);
  const flow = publishFlow(packetId, order, token, message);
  if (phase !== flow.phase) throw invalid(`${at}.phase`);
  return flow;
}

function readIncoming(value: unknown, at: string): readonly [number, IncomingFlow] {
  const row = recordOf(value, at);
  const { phase } = row;
  if (phase !== 'delivered' && phase !== 'answered') throw invalid(`${at}.phase`);
  const verdict = byteOf(row['verdict'], `${at}.verdict`);
  return [idOf(row['packetId'], `${at}.packetId`), { phase, verdict, connection: 0 }];
}

function readQueued(value: unknown, at: string, nextPlace: number): QueuedMessage {
  const row = recordOf(value, at);
  const place = countOf(row['place'], `${at}.place`, 1);
  if (place >= nextPlace) throw invalid(`${at}.place`);
  return {
    place,
    token: tokenOf(row['token'], `${at}.token`),
    message: readMessage(row, at),
    automaticAlias: booleanOf(row['automaticAlias'], `${at}.automaticAlias`),
    bytes: countOf(row['bytes'], `${at}.bytes`, 0),
  };
}

function readMessage(row: Record<string, unknown>, at: string): StoredMessage {
  const { topic, payload, qos, retain, properties, expiresAt } = row;
  if (qos !== 1 && qos !== 2) throw invalid(`${at}.qos`);
  const packet = { type: 'publish', topic, payload, qos, retain, packetId: 1, properties };
  try {
    // Whatever cannot be sent cannot have been stored.
    encodedLength(packet as Parameters<typeof encodedLength<5>>[0], 5);
  } catch (error) {
    throw error instanceof InvalidPacketError ? invalid(`${at}.${error.field}`) : invalid(at);
  }
  const checked = properties as PublishProperties | undefined;
  if (checked?.topicAlias !== undefined) throw invalid(`${at}.properties.topicAlias`);
  return {
    topic: topic as string,
    payload: payload instanceof Uint8Array ? copyOf(payload) : (payload as string | undefined),
    qos,
    retain: booleanOf(retain, `${at}.retain`),
    properties: checked === undefined ? undefined : copyProperties(checked),
    expiresAt: expiresAt === undefined ? undefined : timeOf(expiresAt, `${at}.expiresAt`),
  };
}

/** The error for what is no stored state. */
export function invalid(field: string): InvalidPacketError {
  return refusal('invalid-stored-state', field);
}

/** Checks for an object. */
export function recordOf(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(at);
  return value as Record<string, unknown>;
}

/** Checks for an array, and each of its items. */
export function listOf<T>(value: unknown, at: string, read: (item: unknown, at: string) => T): T[] {
  if (!Array.isArray(value)) throw invalid(at);
  return value.map((item, index) => read(item, `${at}[${index}]`));
}

/** Checks for a Packet Identifier. */
export function idOf(value: unknown, at: string): number {
  if (typeof value !== 'number' || !isId(value)) throw invalid(at);
  return value;
}

/** Checks for a whole number that is not below the given one. */
export function countOf(value: unknown, at: string, minimum: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum) throw invalid(at);
  return value;
}

/** Checks for a time in milliseconds. */
export function timeOf(value: unknown, at: string): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalid(at);
  return value;
}

function byteOf(value: unknown, at: string): number {
  if (countOf(value, at, 0) > 255) throw invalid(at);
  return value as number;
}

/** Checks for a boolean. */
export function booleanOf(value: unknown, at: string): boolean {
  if (typeof value !== 'boolean') throw invalid(at);
  return value;
}

/** Checks for a token, or none. */
export function tokenOf(value: unknown, at: string): Token | undefined {
  if (value === undefined || typeof value === 'string' || typeof value === 'number') return value;
  throw invalid(at);
}
