// @ts-nocheck
// pure: what to write and erase after a step, in time proportional to what changed.
import type { Queue } from './queue.js';
import {
  type HasSession,
  type IncomingFlow,
  isDurable,
  type OutgoingFlow,
  type PublishFlow,
  type ReleaseFlow,
  sessionOf,
} from './state.js';
import {
  countersOf,
  incomingRow,
  outgoingRow,
  queuedRow,
  type StoredCounters,
  type StoredIncoming,
  type StoredOutgoing,
  type StoredQueued,
  type StoredSession,
} from './stored.js';
import { type Trie, trieDiff } from './trie.js';

/** Rows to write (new ones, and ones to overwrite) and the keys of rows to erase. */
export interface RowChanges<Row> {
  readonly set: readonly Row[];
  readonly removed: readonly number[];
}

/** What changed from one state of a session to another. */
export interface SessionChanges {
  /** The version of the format that the rows have. */
  readonly format: 1;
  /** By `packetId`. */
  readonly outgoing: RowChanges<StoredOutgoing>;
  /** By `packetId`. */
  readonly incoming: RowChanges<StoredIncoming>;
  /** By `place`. */
  readonly queued: RowChanges<StoredQueued>;
  readonly counters: StoredCounters;
}

/**
 * Tells what to write and what to erase so that what is stored of the first becomes the second; undefined when nothing
 * has to be done. Takes sessions, or the connections that contain them; the second must have come from the first
 * by steps.
 *
 * @example
 * sessionChanges(emptySession(), emptySession()); // => undefined
 */
export function sessionChanges(was: HasSession, is: HasSession): SessionChanges | undefined {
  const before = sessionOf(was);
  const after = sessionOf(is);
  if (before === after) return undefined;
  const outgoing = outgoingChanges(before.outgoing, after.outgoing);
  const incoming = incomingChanges(before.incoming, after.incoming);
  const queued = queueChanges(before.queue, after.queue);
  const counters = countersOf(after);
  const nothing = isNothing(outgoing) && isNothing(incoming) && isNothing(queued);
  return nothing && sameCounters(countersOf(before), counters)
    ? undefined
    : { format: 1, outgoing, incoming, queued, counters };
}

function isNothing({ set, removed }: RowChanges<unknown>): boolean {
  return set.length === 0 && removed.length === 0;
}

function outgoingChanges(before: Trie<OutgoingFlow>, after: Trie<OutgoingFlow>): RowChanges<StoredOutgoing> {
  const set: StoredOutgoing[] = [];
  const removed: number[] = [];
  trieDiff(before, after, (packetId, was, is) => {
    const flow = durable(is);
    if (flow !== undefined) set.push(outgoingRow(flow));
    else if (durable(was) !== undefined) removed.push(packetId);
  });
  return { set, removed };
}

function durable(flow: OutgoingFlow | undefined): PublishFlow | ReleaseFlow | undefined {
  return flow !== undefined && isDurable(flow) ? flow : undefined;
}

function incomingChanges(before: Trie<IncomingFlow>, after: Trie<IncomingFlow>): RowChanges<StoredIncoming> {
  const set: StoredIncoming[] = [];
  const removed: number[] = [];
  trieDiff(before, after, (packetId, was, is) => {
    if (is === undefined) removed.push(packetId);
    else if (was?.phase !== is.phase || was.verdict !== is.verdict) set.push(incomingRow(packetId, is));
  });
  return { set, removed };
}

function queueChanges(before: Queue, after: Queue): RowChanges<StoredQueued> {
  const set: StoredQueued[] = [];
  if (before === after) return { set, removed: [] };
  const gone = new Set<number>();
  // Two places far apart can share a key of the trie: what left and what came are told apart by place.
  trieDiff(before.items, after.items, (_key, was, is) => {
    if (was !== undefined) gone.add(was.place);
    if (is !== undefined) set.push(queuedRow(is));
  });
  for (const { place } of set) gone.delete(place);
  return { set, removed: [...gone] };
}

function sameCounters(a: StoredCounters, b: StoredCounters): boolean {
  return (
    a.begun === b.begun &&
    a.nextPacketId === b.nextPacketId &&
    a.nextOrder === b.nextOrder &&
    a.nextPlace === b.nextPlace
  );
}

/**
 * Carries changes out on a stored session: what a database does with them, row by row.
 *
 * @example
 * const stored = exportSession(emptySession());
 * const { begun, nextPacketId, nextOrder, nextPlace } = stored;
 * const none = { set: [], removed: [] };
 * const counters = { begun, nextPacketId: 7, nextOrder, nextPlace };
 * const changes = { format: 1, outgoing: none, incoming: none, queued: none, counters } as const;
 * applySessionChanges(stored, changes).nextPacketId; // => 7
 */
export function applySessionChanges(stored: StoredSession, changes: SessionChanges): StoredSession {
  return {
    format: 1,
    ...changes.counters,
    outgoing: applyRows(stored.outgoing, changes.outgoing, (row) => row.packetId).sort(
      (a, b) => a.order - b.order,
    ),
    incoming: applyRows(stored.incoming, changes.incoming, (row) => row.packetId).sort(
      (a, b) => a.packetId - b.packetId,
    ),
    queued: applyRows(stored.queued, changes.queued, (row) => row.place).sort((a, b) => a.place - b.place),
  };
}

function applyRows<Row>(
  rows: readonly Row[],
  { set, removed }: RowChanges<Row>,
  keyOf: (row: Row) => number,
): Row[] {
  const table = new Map(rows.map((row) => [keyOf(row), row]));
  for (const key of removed) table.delete(key);
  for (const row of set) table.set(keyOf(row), row);
  return [...table.values()];
}
