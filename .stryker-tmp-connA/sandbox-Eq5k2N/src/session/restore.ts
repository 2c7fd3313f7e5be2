// @ts-nocheck
// pure: a session made of its stored form, of which nothing is believed.
import { encodedLength } from '../codec.js';
import { InvalidPacketError } from '../errors.js';
import type { PublishProperties } from '../spec/properties.js';
import { refusal } from './failures.js';
import { type QueuedMessage, restoreQueue } from './queue.js';
import {
  emptySession,
  type IncomingFlow,
  isId,
  type OutgoingFlow,
  type PublishFlow,
  publishFlow,
  type ReleaseFlow,
  type SessionState,
  type StoredMessage,
  type Token,
} from './state.js';
import { copyOf, copyProperties } from './stored.js';
import { emptyTrie, type Trie, trieSet } from './trie.js';

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
