// pure: the queue of messages that wait for their first transmission, persistent like the tries.
import type { StoredMessage, Token } from './state.js';
import { emptyTrie, type Trie, trieDelete, trieForEach, trieGet, trieSet } from './trie.js';

/** A QoS 1 or 2 message that has not been sent yet. */
export interface QueuedMessage {
  /** Its place: rises from message to message and is never used twice. */
  readonly place: number;
  readonly token: Token | undefined;
  readonly message: StoredMessage;
  /** Whether it may be sent under a Topic Alias that the connection chooses. */
  readonly automaticAlias: boolean;
  /** Its size in bytes, as far as it counts against the limit of the queue. */
  readonly bytes: number;
}

/** Messages by place, first in, first out. */
export interface Queue {
  /** By place, which is brought into the range of the trie. */
  readonly items: Trie<QueuedMessage>;
  /** No message has a lower place; without any it is `next`. */
  readonly first: number;
  /** The place of the next message. */
  readonly next: number;
  /** How many messages wait. */
  readonly size: number;
  /** How many bytes they have. */
  readonly bytes: number;
  /** No message expires before this, in the caller's milliseconds; undefined: none does. */
  readonly expiry: number | undefined;
}

/** How much may wait. */
export interface QueueLimits {
  /** How many messages, up to 65,535. */
  readonly messages: number;
  /** How many bytes in all. */
  readonly bytes: number;
}

// The trie has keys from 1; places that wait at the same time are never this far apart.
const SPAN = 65_535;

const EMPTY: Queue = /* @__PURE__ */ (() => ({
  items: emptyTrie<QueuedMessage>(),
  first: 1,
  next: 1,
  size: 0,
  bytes: 0,
  expiry: undefined,
}))();

/** The queue without messages. */
export function emptyQueue(): Queue {
  return EMPTY;
}

function keyOf(place: number): number {
  return (place % SPAN) + 1;
}

/** Whether a message would find room. */
export function hasRoom(queue: Queue, bytes: number, limits: QueueLimits): boolean {
  return queue.size < Math.min(limits.messages, SPAN) && queue.bytes + bytes <= limits.bytes;
}

/** Adds a message at the end, in the next place; the caller has seen to the room. */
export function enqueue(queue: Queue, item: Omit<QueuedMessage, 'place'>): Queue {
  // Messages that expired in the middle leave gaps, and these count towards the span.
  return append(queue.next - queue.first >= SPAN ? compact(queue) : queue, item);
}

function append(q: Queue, item: Omit<QueuedMessage, 'place'>): Queue {
  const place = q.next;
  const { token, message, automaticAlias, bytes } = item;
  return {
    items: trieSet(q.items, keyOf(place), { place, token, message, automaticAlias, bytes }),
    first: q.first,
    next: place + 1,
    size: q.size + 1,
    bytes: q.bytes + bytes,
    expiry: earlier(q.expiry, message.expiresAt),
  };
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/** Gives waiting messages new places without gaps, so that there is room for one more. */
function compact(queue: Queue): Queue {
  let fresh: Queue = { ...EMPTY, first: queue.next, next: queue.next };
  for (const item of queuedMessages(queue)) fresh = append(fresh, item);
  return fresh;
}

/** The message that is due next. */
export function firstQueued(queue: Queue): QueuedMessage | undefined {
  if (queue.size === 0) return undefined;
  for (let place = queue.first; ; place++) {
    const item = trieGet(queue.items, keyOf(place));
    if (item !== undefined) return item;
  }
}

/** Takes out the message that {@link firstQueued} gave. */
export function removeFirst(queue: Queue, item: QueuedMessage): Queue {
  return remove(queue, item, item.place + 1);
}

function remove(queue: Queue, item: QueuedMessage, first: number): Queue {
  const size = queue.size - 1;
  return {
    items: trieDelete(queue.items, keyOf(item.place)),
    first: size === 0 ? queue.next : first,
    next: queue.next,
    size,
    bytes: queue.bytes - item.bytes,
    expiry: size === 0 ? undefined : queue.expiry,
  };
}

/** The waiting messages, first in first. */
export function queuedMessages(queue: Queue): QueuedMessage[] {
  const items: QueuedMessage[] = [];
  trieForEach(queue.items, (item) => items.push(item));
  return items.sort((a, b) => a.place - b.place);
}

/** Takes out what has expired; gives the rest and what was taken, first in first. */
export function withoutExpired(queue: Queue, now: number): readonly [Queue, readonly QueuedMessage[]] {
  if (queue.expiry === undefined || queue.expiry > now) return [queue, []];
  const expired: QueuedMessage[] = [];
  let rest = queue;
  let expiry: number | undefined;
  for (const item of queuedMessages(queue)) {
    const at = item.message.expiresAt;
    if (at !== undefined && at <= now) {
      expired.push(item);
      rest = remove(rest, item, rest.first);
    } else expiry = earlier(expiry, at);
  }
  return [{ ...rest, expiry }, expired];
}

/** Takes out what has that token; gives the rest and what was taken, first in first. */
export function withoutToken(queue: Queue, token: Token): readonly [Queue, readonly QueuedMessage[]] {
  const taken = queuedMessages(queue).filter((item) => item.token === token);
  return [taken.reduce((rest, item) => remove(rest, item, rest.first), queue), taken];
}

/** A queue of messages whose places are known, as when a session is restored. */
export function restoreQueue(items: readonly QueuedMessage[], next: number): Queue {
  let queue: Queue = { ...EMPTY, first: next, next };
  for (const item of items) {
    queue = {
      items: trieSet(queue.items, keyOf(item.place), item),
      first: Math.min(queue.first, item.place),
      next,
      size: queue.size + 1,
      bytes: queue.bytes + item.bytes,
      expiry: earlier(queue.expiry, item.message.expiresAt),
    };
  }
  return queue;
}
