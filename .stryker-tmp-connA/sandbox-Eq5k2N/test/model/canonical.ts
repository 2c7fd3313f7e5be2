// @ts-nocheck
import type { ConnectionState } from '../../src/connection/index.js';
import { owedInOrder } from '../../src/connection/owed.js';
import { flowsInOrder, type SessionState, type StoredSession } from '../../src/session/index.js';
import { queuedMessages } from '../../src/session/queue.js';
import { trieEntries } from '../../src/session/trie.js';

/**
 * Plain data as text: equal data give equal texts, whatever the order of keys, and byte arrays count by content.
 * What is absent and what is `undefined` is the same.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return `${value}`;
  if (value instanceof Uint8Array) return `<${value.join(' ')}>`;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields
    .map(([key, field]) => `${key}:${canonical(field)}`)
    .sort()
    .join()}}`;
}

/** Whether two values are equal in that sense, found out faster. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || a instanceof Uint8Array) {
    if (Array.isArray(a) !== Array.isArray(b) || !('length' in b) || a.length !== b.length) return false;
    return a.every((item, index) => same(item, Reflect.get(b, index)));
  }
  for (const key of Object.keys(a)) if (!same(Reflect.get(a, key), Reflect.get(b, key))) return false;
  for (const key of Object.keys(b)) {
    if (Reflect.get(b, key) !== undefined && Reflect.get(a, key) === undefined) return false;
  }
  return true;
}

/** Where two values part. */
export function difference(a: unknown, b: unknown): string {
  const [is, was] = [canonical(a), canonical(b)];
  let at = 0;
  while (at < is.length && is[at] === was[at]) at++;
  const from = Math.max(0, at - 60);
  return `with ...${is.slice(from, at + 60)}..., not ...${was.slice(from, at + 60)}...`;
}

/** Numbers of which only the order matters, as their ranks. */
function ranks(numbers: readonly number[]): (value: number) => number {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  return (value) => sorted.indexOf(value);
}

/**
 * A session without the counts that only tell how long it has lived: orders and places become ranks, and the number
 * of a connection whether it is the present one, if there is one. What the session does from now on does not depend
 * on them.
 */
export function normalSession(session: SessionState, isOpen = false, orders: readonly number[] = []): object {
  const { begun, nextPacketId, incoming, queue, nextOrder, connection } = session;
  const flows = flowsInOrder(session);
  const rank = ranks([...flows.map((flow) => flow.order), nextOrder, ...orders]);
  return {
    begun,
    nextPacketId,
    outgoing: flows.map((flow) => ({ ...flow, order: rank(flow.order) })),
    incoming: trieEntries(incoming).map(([id, flow]) => [
      id,
      { ...flow, connection: isOpen && flow.connection === connection },
    ]),
    queue: {
      ...queue,
      items: queuedMessages(queue).map((item) => ({ ...item, place: 0 })),
      first: 0,
      next: 0,
      // It says too early a time where the message that expires first has been sent.
      expiry: earliest(queuedMessages(queue).map((item) => item.message.expiresAt)),
    },
    orders: orders.map(rank),
  };
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const some = times.filter((time) => time !== undefined);
  return some.length === 0 ? undefined : Math.min(...some);
}

/** A stored session in the same way. */
export function normalStored({ outgoing, queued, ...rest }: StoredSession): object {
  return {
    ...rest,
    nextOrder: 0,
    nextPlace: 0,
    outgoing: outgoing.map((row) => ({ ...row, order: 0 })),
    queued: queued.map((row) => ({ ...row, place: 0 })),
  };
}

/** A connection in the same way; messages that wait to be sent again are those that are still due. */
export function normalConnection(state: ConnectionState): object {
  const { session, details, owed, phase } = state;
  const isOpen = phase !== 'idle' && phase !== 'closed';
  const chain = (qos: 1 | 2) =>
    owedInOrder(owed, qos).map(([id, { verdict, properties }]) => ({ id, verdict, properties }));
  const { resend } = details;
  const waiting = resend?.flows.slice(resend.at).filter((flow) => flowsInOrder(session).includes(flow)) ?? [];
  const { incoming, outgoing } = state.aliases;
  return {
    ...state,
    aliases: [trieEntries(incoming), outgoing],
    owed: [chain(1), chain(2)],
    session: normalSession(session, isOpen, [details.firstOrder]),
    details: {
      ...details,
      firstOrder: 0,
      resend: waiting.map((flow) => flow.packetId),
      requests: trieEntries(details.requests),
    },
  };
}
