import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyQueue,
  enqueue,
  firstQueued,
  hasRoom,
  type Queue,
  type QueuedMessage,
  queuedMessages,
  removeFirst,
  restoreQueue,
  withoutExpired,
  withoutToken,
} from '../../src/session/queue.js';
import type { StoredMessage } from '../../src/session/state.js';

const message = (expiresAt?: number): StoredMessage => ({
  topic: 'a',
  payload: undefined,
  qos: 1,
  retain: false,
  properties: undefined,
  expiresAt,
});
const item = (token: number, expiresAt?: number, bytes = 1): Omit<QueuedMessage, 'place'> => ({
  token,
  message: message(expiresAt),
  automaticAlias: false,
  bytes,
});
const tokens = (queue: Queue): unknown[] => queuedMessages(queue).map(({ token }) => token);
const pop = (queue: Queue): [Queue, QueuedMessage] => {
  const first = firstQueued(queue);
  if (first === undefined) throw new Error('empty');
  return [removeFirst(queue, first), first];
};

describe('the queue', () => {
  it('gives back first what came first, and leaves old queues as they were', () => {
    const zero = emptyQueue();
    const one = enqueue(zero, item(1, undefined, 5));
    const two = enqueue(one, item(2, undefined, 7));
    const [rest, first] = pop(two);
    expect(first.token).toBe(1);
    expect([tokens(zero), tokens(one), tokens(two), tokens(rest)]).toEqual([[], [1], [1, 2], [2]]);
    expect([zero.bytes, one.bytes, two.bytes, rest.bytes]).toEqual([0, 5, 12, 7]);
    expect([zero.size, two.size, rest.size]).toEqual([0, 2, 1]);
    expect(firstQueued(zero)).toBeUndefined();
  });

  it('has room for so many messages and bytes', () => {
    const queue = enqueue(enqueue(emptyQueue(), item(1, undefined, 10)), item(2, undefined, 10));
    expect(hasRoom(queue, 10, { messages: 3, bytes: 30 })).toBe(true);
    expect(hasRoom(queue, 11, { messages: 3, bytes: 30 })).toBe(false);
    expect(hasRoom(queue, 0, { messages: 2, bytes: 30 })).toBe(false);
    const full = { ...queue, size: 65_535 };
    expect(hasRoom(full, 0, { messages: 1e9, bytes: 1e9 })).toBe(false);
  });

  it('drops what has expired, wherever it stands, and knows when to look again', () => {
    let queue = emptyQueue();
    for (const [token, at] of [
      [1, 50],
      [2, undefined],
      [3, 10],
      [4, 30],
    ] as const)
      queue = enqueue(queue, item(token, at));
    expect(queue.expiry).toBe(10);
    expect(withoutExpired(queue, 9)).toEqual([queue, []]);
    const [after, expired] = withoutExpired(queue, 30);
    expect(expired.map(({ token }) => token)).toEqual([3, 4]);
    expect(tokens(after)).toEqual([1, 2]);
    expect([after.size, after.bytes, after.expiry]).toEqual([2, 2, 50]);
    const [last, more] = withoutExpired(after, 50);
    expect(more.map(({ token }) => token)).toEqual([1]);
    expect([tokens(last), last.expiry]).toEqual([[2], undefined]);
    expect(pop(last)[1].token).toBe(2);
    expect(pop(last)[0]).toMatchObject({ size: 0, bytes: 0, expiry: undefined });
  });

  it('stays the same object while nothing in it can expire', () => {
    for (const queue of [emptyQueue(), enqueue(emptyQueue(), item(1)), enqueue(emptyQueue(), item(1, 10))]) {
      const [rest, expired] = withoutExpired(queue, 9);
      expect(rest).toBe(queue);
      expect(expired).toEqual([]);
    }
  });

  it('knows where the first message stands, and when to look again, after one was taken', () => {
    let queue = emptyQueue();
    for (const token of [1, 2, 3]) queue = enqueue(queue, item(token, 10 * token));
    const [two] = pop(queue);
    expect([queue.first, queue.expiry, two.first]).toEqual([1, 10, 2]);
    // No message expires before 10: to look too early does no harm, to look never would.
    expect(two.expiry).toBe(10);
    const [rest, expired] = withoutExpired(two, 20);
    expect([tokens(rest), expired.length, rest.expiry]).toEqual([[3], 1, 30]);
  });

  it('forgets when to look again with the last message', () => {
    const [rest] = pop(enqueue(emptyQueue(), item(1, 10)));
    expect(rest.expiry).toBeUndefined();
    expect(enqueue(rest, item(2)).expiry).toBeUndefined();
  });

  it('begins with the next place when nothing waits, however it came to be empty', () => {
    const one = enqueue(enqueue(emptyQueue(), item(1)), item(2, 10));
    const [popped] = pop(withoutExpired(one, 10)[0]);
    const [expired] = withoutExpired(enqueue(emptyQueue(), item(1, 10)), 10);
    for (const queue of [emptyQueue(), popped, expired, restoreQueue([], 7)]) {
      expect(queue.first).toBe(queue.next);
    }
  });

  it('is restored from messages in any order', () => {
    const places = [5, 3, 9];
    const items = places.map((place) => ({ ...item(place, 100 - place, place), place }));
    const queue = restoreQueue(items, 12);
    expect(queue).toMatchObject({ first: 3, next: 12, size: 3, bytes: 17, expiry: 91 });
    expect(tokens(queue)).toEqual([3, 5, 9]);
    expect(firstQueued(queue)?.place).toBe(3);
  });

  it('keeps its order where the keys of its trie begin anew', () => {
    const places = [65_533, 65_534, 65_535, 65_536];
    const queue = restoreQueue(
      places.map((place) => ({ ...item(place), place })),
      65_537,
    );
    expect(tokens(queue)).toEqual(places);
    expect(firstQueued(queue)?.place).toBe(65_533);
  });

  it('goes round for ever, also over gaps', () => {
    let queue = emptyQueue();
    for (let token = 0; token < 140_000; token++) {
      queue = enqueue(queue, item(token));
      if (queue.size > 2) queue = pop(queue)[0];
    }
    expect(tokens(queue)).toEqual([139_998, 139_999]);
    // The first stays while all behind it expire, again and again.
    queue = enqueue(emptyQueue(), item(-1));
    for (let token = 0; token < 70_000; token++) {
      queue = enqueue(queue, item(token, 5));
      if (queue.size === 5_001) [queue] = withoutExpired(queue, 5);
    }
    expect(queue.size).toBe(1);
    queue = enqueue(queue, item(7));
    expect(tokens(queue)).toEqual([-1, 7]);
    const [next, first] = pop(queue);
    expect([first.token, pop(next)[1].token]).toEqual([-1, 7]);
  });

  it('does what a list does', () => {
    const step = fc.oneof(
      fc.record({
        push: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
        kind: fc.constant('push' as const),
      }),
      fc.record({ kind: fc.constant('pop' as const) }),
      fc.record({ kind: fc.constant('expire' as const), now: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ kind: fc.constant('withdraw' as const), token: fc.integer({ min: 0, max: 40 }) }),
      fc.record({ kind: fc.constant('restore' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        let queue = emptyQueue();
        let list: { token: number; at: number | undefined }[] = [];
        let n = 0;
        for (const one of steps) {
          if (one.kind === 'push') {
            queue = enqueue(queue, item(n, one.push));
            list.push({ token: n++, at: one.push });
          } else if (one.kind === 'pop') {
            const first = firstQueued(queue);
            expect(first?.token).toBe(list.shift()?.token);
            if (first !== undefined) queue = removeFirst(queue, first);
          } else if (one.kind === 'expire') {
            const [rest, expired] = withoutExpired(queue, one.now);
            queue = rest;
            const gone = list.filter(({ at }) => at !== undefined && at <= one.now);
            expect(expired.map(({ token }) => token)).toEqual(gone.map(({ token }) => token));
            list = list.filter((entry) => !gone.includes(entry));
          } else if (one.kind === 'withdraw') {
            const [rest, taken] = withoutToken(queue, one.token);
            queue = rest;
            expect(taken.length).toBe(list.filter(({ token }) => token === one.token).length);
            list = list.filter(({ token }) => token !== one.token);
          } else queue = restoreQueue(queuedMessages(queue), queue.next);
          expect(tokens(queue)).toEqual(list.map(({ token }) => token));
          expect([queue.size, queue.bytes, queue.items.size]).toEqual([
            list.length,
            list.length,
            list.length,
          ]);
          const due = Math.min(...list.map(({ at }) => at ?? Number.POSITIVE_INFINITY));
          expect(queue.expiry ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(due);
        }
      }),
    );
  });
});
