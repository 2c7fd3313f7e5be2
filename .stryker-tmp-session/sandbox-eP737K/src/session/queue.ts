// @ts-nocheck
// pure: the queue of messages that wait for their first transmission, persistent like the tries.
function stryNS_9fa48() {
  var g = typeof globalThis === 'object' && globalThis && globalThis.Math === Math && globalThis || new Function("return this")();
  var ns = g.__stryker__ || (g.__stryker__ = {});
  if (ns.activeMutant === undefined && g.process && g.process.env && g.process.env.__STRYKER_ACTIVE_MUTANT__) {
    ns.activeMutant = g.process.env.__STRYKER_ACTIVE_MUTANT__;
  }
  function retrieveNS() {
    return ns;
  }
  stryNS_9fa48 = retrieveNS;
  return retrieveNS();
}
stryNS_9fa48();
function stryCov_9fa48() {
  var ns = stryNS_9fa48();
  var cov = ns.mutantCoverage || (ns.mutantCoverage = {
    static: {},
    perTest: {}
  });
  function cover() {
    var c = cov.static;
    if (ns.currentTestId) {
      c = cov.perTest[ns.currentTestId] = cov.perTest[ns.currentTestId] || {};
    }
    var a = arguments;
    for (var i = 0; i < a.length; i++) {
      c[a[i]] = (c[a[i]] || 0) + 1;
    }
  }
  stryCov_9fa48 = cover;
  cover.apply(null, arguments);
}
function stryMutAct_9fa48(id) {
  var ns = stryNS_9fa48();
  function isActive(id) {
    if (ns.activeMutant === id) {
      if (ns.hitCount !== void 0 && ++ns.hitCount > ns.hitLimit) {
        throw new Error('Stryker: Hit count limit reached (' + ns.hitCount + ')');
      }
      return true;
    }
    return false;
  }
  stryMutAct_9fa48 = isActive;
  return isActive(id);
}
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
const EMPTY: Queue = /* @__PURE__ */(stryMutAct_9fa48("429") ? () => undefined : (stryCov_9fa48("429"), () => stryMutAct_9fa48("430") ? {} : (stryCov_9fa48("430"), {
  items: emptyTrie<QueuedMessage>(),
  first: 1,
  next: 1,
  size: 0,
  bytes: 0,
  expiry: undefined
})))();

/** The queue without messages. */
export function emptyQueue(): Queue {
  if (stryMutAct_9fa48("431")) {
    {}
  } else {
    stryCov_9fa48("431");
    return EMPTY;
  }
}
function keyOf(place: number): number {
  if (stryMutAct_9fa48("432")) {
    {}
  } else {
    stryCov_9fa48("432");
    return stryMutAct_9fa48("433") ? place % SPAN - 1 : (stryCov_9fa48("433"), (stryMutAct_9fa48("434") ? place * SPAN : (stryCov_9fa48("434"), place % SPAN)) + 1);
  }
}

/** Whether a message would find room. */
export function hasRoom(queue: Queue, bytes: number, limits: QueueLimits): boolean {
  if (stryMutAct_9fa48("435")) {
    {}
  } else {
    stryCov_9fa48("435");
    return stryMutAct_9fa48("438") ? queue.size < Math.min(limits.messages, SPAN) || queue.bytes + bytes <= limits.bytes : stryMutAct_9fa48("437") ? false : stryMutAct_9fa48("436") ? true : (stryCov_9fa48("436", "437", "438"), (stryMutAct_9fa48("441") ? queue.size >= Math.min(limits.messages, SPAN) : stryMutAct_9fa48("440") ? queue.size <= Math.min(limits.messages, SPAN) : stryMutAct_9fa48("439") ? true : (stryCov_9fa48("439", "440", "441"), queue.size < (stryMutAct_9fa48("442") ? Math.max(limits.messages, SPAN) : (stryCov_9fa48("442"), Math.min(limits.messages, SPAN))))) && (stryMutAct_9fa48("445") ? queue.bytes + bytes > limits.bytes : stryMutAct_9fa48("444") ? queue.bytes + bytes < limits.bytes : stryMutAct_9fa48("443") ? true : (stryCov_9fa48("443", "444", "445"), (stryMutAct_9fa48("446") ? queue.bytes - bytes : (stryCov_9fa48("446"), queue.bytes + bytes)) <= limits.bytes)));
  }
}

/** Adds a message at the end, in the next place; the caller has seen to the room. */
export function enqueue(queue: Queue, item: Omit<QueuedMessage, 'place'>): Queue {
  if (stryMutAct_9fa48("447")) {
    {}
  } else {
    stryCov_9fa48("447");
    // Messages that expired in the middle leave gaps, and these count towards the span.
    return append((stryMutAct_9fa48("451") ? queue.next - queue.first < SPAN : stryMutAct_9fa48("450") ? queue.next - queue.first > SPAN : stryMutAct_9fa48("449") ? false : stryMutAct_9fa48("448") ? true : (stryCov_9fa48("448", "449", "450", "451"), (stryMutAct_9fa48("452") ? queue.next + queue.first : (stryCov_9fa48("452"), queue.next - queue.first)) >= SPAN)) ? compact(queue) : queue, item);
  }
}
function append(q: Queue, item: Omit<QueuedMessage, 'place'>): Queue {
  if (stryMutAct_9fa48("453")) {
    {}
  } else {
    stryCov_9fa48("453");
    const place = q.next;
    const {
      token,
      message,
      automaticAlias,
      bytes
    } = item;
    return stryMutAct_9fa48("454") ? {} : (stryCov_9fa48("454"), {
      items: trieSet(q.items, keyOf(place), stryMutAct_9fa48("455") ? {} : (stryCov_9fa48("455"), {
        place,
        token,
        message,
        automaticAlias,
        bytes
      })),
      first: q.first,
      next: stryMutAct_9fa48("456") ? place - 1 : (stryCov_9fa48("456"), place + 1),
      size: stryMutAct_9fa48("457") ? q.size - 1 : (stryCov_9fa48("457"), q.size + 1),
      bytes: stryMutAct_9fa48("458") ? q.bytes - bytes : (stryCov_9fa48("458"), q.bytes + bytes),
      expiry: earlier(q.expiry, message.expiresAt)
    });
  }
}
function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (stryMutAct_9fa48("459")) {
    {}
  } else {
    stryCov_9fa48("459");
    if (stryMutAct_9fa48("462") ? a === undefined && b === undefined : stryMutAct_9fa48("461") ? false : stryMutAct_9fa48("460") ? true : (stryCov_9fa48("460", "461", "462"), (stryMutAct_9fa48("464") ? a !== undefined : stryMutAct_9fa48("463") ? false : (stryCov_9fa48("463", "464"), a === undefined)) || (stryMutAct_9fa48("466") ? b !== undefined : stryMutAct_9fa48("465") ? false : (stryCov_9fa48("465", "466"), b === undefined)))) return stryMutAct_9fa48("467") ? a && b : (stryCov_9fa48("467"), a ?? b);
    return stryMutAct_9fa48("468") ? Math.max(a, b) : (stryCov_9fa48("468"), Math.min(a, b));
  }
}

/** Gives waiting messages new places without gaps, so that there is room for one more. */
function compact(queue: Queue): Queue {
  if (stryMutAct_9fa48("469")) {
    {}
  } else {
    stryCov_9fa48("469");
    let fresh: Queue = stryMutAct_9fa48("470") ? {} : (stryCov_9fa48("470"), {
      ...EMPTY,
      first: queue.next,
      next: queue.next
    });
    for (const item of queuedMessages(queue)) fresh = append(fresh, item);
    return fresh;
  }
}

/** The message that is due next. */
export function firstQueued(queue: Queue): QueuedMessage | undefined {
  if (stryMutAct_9fa48("471")) {
    {}
  } else {
    stryCov_9fa48("471");
    if (stryMutAct_9fa48("474") ? queue.size !== 0 : stryMutAct_9fa48("473") ? false : stryMutAct_9fa48("472") ? true : (stryCov_9fa48("472", "473", "474"), queue.size === 0)) return undefined;
    if (stryMutAct_9fa48("475")) {
      for (let place = queue.first; false; place++) {
        const item = trieGet(queue.items, keyOf(place));
        if (item !== undefined) return item;
      }
    } else {
      stryCov_9fa48("475");
      for (let place = queue.first;; stryMutAct_9fa48("476") ? place-- : (stryCov_9fa48("476"), place++)) {
        if (stryMutAct_9fa48("477")) {
          {}
        } else {
          stryCov_9fa48("477");
          const item = trieGet(queue.items, keyOf(place));
          if (stryMutAct_9fa48("480") ? item === undefined : stryMutAct_9fa48("479") ? false : stryMutAct_9fa48("478") ? true : (stryCov_9fa48("478", "479", "480"), item !== undefined)) return item;
        }
      }
    }
  }
}

/** Takes out the message that {@link firstQueued} gave. */
export function removeFirst(queue: Queue, item: QueuedMessage): Queue {
  if (stryMutAct_9fa48("481")) {
    {}
  } else {
    stryCov_9fa48("481");
    return remove(queue, item, stryMutAct_9fa48("482") ? item.place - 1 : (stryCov_9fa48("482"), item.place + 1));
  }
}
function remove(queue: Queue, item: QueuedMessage, first: number): Queue {
  if (stryMutAct_9fa48("483")) {
    {}
  } else {
    stryCov_9fa48("483");
    const size = stryMutAct_9fa48("484") ? queue.size + 1 : (stryCov_9fa48("484"), queue.size - 1);
    return stryMutAct_9fa48("485") ? {} : (stryCov_9fa48("485"), {
      items: trieDelete(queue.items, keyOf(item.place)),
      first: (stryMutAct_9fa48("488") ? size !== 0 : stryMutAct_9fa48("487") ? false : stryMutAct_9fa48("486") ? true : (stryCov_9fa48("486", "487", "488"), size === 0)) ? queue.next : first,
      next: queue.next,
      size,
      bytes: stryMutAct_9fa48("489") ? queue.bytes + item.bytes : (stryCov_9fa48("489"), queue.bytes - item.bytes),
      expiry: (stryMutAct_9fa48("492") ? size !== 0 : stryMutAct_9fa48("491") ? false : stryMutAct_9fa48("490") ? true : (stryCov_9fa48("490", "491", "492"), size === 0)) ? undefined : queue.expiry
    });
  }
}

/** The waiting messages, first in first. */
export function queuedMessages(queue: Queue): QueuedMessage[] {
  if (stryMutAct_9fa48("493")) {
    {}
  } else {
    stryCov_9fa48("493");
    const items: QueuedMessage[] = stryMutAct_9fa48("494") ? ["Stryker was here"] : (stryCov_9fa48("494"), []);
    trieForEach(queue.items, stryMutAct_9fa48("495") ? () => undefined : (stryCov_9fa48("495"), item => items.push(item)));
    return stryMutAct_9fa48("496") ? items : (stryCov_9fa48("496"), items.sort(stryMutAct_9fa48("497") ? () => undefined : (stryCov_9fa48("497"), (a, b) => stryMutAct_9fa48("498") ? a.place + b.place : (stryCov_9fa48("498"), a.place - b.place))));
  }
}

/** Takes out what has expired; gives the rest and what was taken, first in first. */
export function withoutExpired(queue: Queue, now: number): readonly [Queue, readonly QueuedMessage[]] {
  if (stryMutAct_9fa48("499")) {
    {}
  } else {
    stryCov_9fa48("499");
    if (stryMutAct_9fa48("502") ? queue.expiry === undefined && queue.expiry > now : stryMutAct_9fa48("501") ? false : stryMutAct_9fa48("500") ? true : (stryCov_9fa48("500", "501", "502"), (stryMutAct_9fa48("504") ? queue.expiry !== undefined : stryMutAct_9fa48("503") ? false : (stryCov_9fa48("503", "504"), queue.expiry === undefined)) || (stryMutAct_9fa48("507") ? queue.expiry <= now : stryMutAct_9fa48("506") ? queue.expiry >= now : stryMutAct_9fa48("505") ? false : (stryCov_9fa48("505", "506", "507"), queue.expiry > now)))) return stryMutAct_9fa48("508") ? [] : (stryCov_9fa48("508"), [queue, stryMutAct_9fa48("509") ? ["Stryker was here"] : (stryCov_9fa48("509"), [])]);
    const expired: QueuedMessage[] = stryMutAct_9fa48("510") ? ["Stryker was here"] : (stryCov_9fa48("510"), []);
    let rest = queue;
    let expiry: number | undefined;
    for (const item of queuedMessages(queue)) {
      if (stryMutAct_9fa48("511")) {
        {}
      } else {
        stryCov_9fa48("511");
        const at = item.message.expiresAt;
        if (stryMutAct_9fa48("514") ? at !== undefined || at <= now : stryMutAct_9fa48("513") ? false : stryMutAct_9fa48("512") ? true : (stryCov_9fa48("512", "513", "514"), (stryMutAct_9fa48("516") ? at === undefined : stryMutAct_9fa48("515") ? true : (stryCov_9fa48("515", "516"), at !== undefined)) && (stryMutAct_9fa48("519") ? at > now : stryMutAct_9fa48("518") ? at < now : stryMutAct_9fa48("517") ? true : (stryCov_9fa48("517", "518", "519"), at <= now)))) {
          if (stryMutAct_9fa48("520")) {
            {}
          } else {
            stryCov_9fa48("520");
            expired.push(item);
            rest = remove(rest, item, rest.first);
          }
        } else expiry = earlier(expiry, at);
      }
    }
    return stryMutAct_9fa48("521") ? [] : (stryCov_9fa48("521"), [stryMutAct_9fa48("522") ? {} : (stryCov_9fa48("522"), {
      ...rest,
      expiry
    }), expired]);
  }
}

/** A queue of messages whose places are known, as when a session is restored. */
export function restoreQueue(items: readonly QueuedMessage[], next: number): Queue {
  if (stryMutAct_9fa48("523")) {
    {}
  } else {
    stryCov_9fa48("523");
    let queue: Queue = stryMutAct_9fa48("524") ? {} : (stryCov_9fa48("524"), {
      ...EMPTY,
      first: next,
      next
    });
    for (const item of items) {
      if (stryMutAct_9fa48("525")) {
        {}
      } else {
        stryCov_9fa48("525");
        queue = stryMutAct_9fa48("526") ? {} : (stryCov_9fa48("526"), {
          items: trieSet(queue.items, keyOf(item.place), item),
          first: stryMutAct_9fa48("527") ? Math.max(queue.first, item.place) : (stryCov_9fa48("527"), Math.min(queue.first, item.place)),
          next,
          size: stryMutAct_9fa48("528") ? queue.size - 1 : (stryCov_9fa48("528"), queue.size + 1),
          bytes: stryMutAct_9fa48("529") ? queue.bytes - item.bytes : (stryCov_9fa48("529"), queue.bytes + item.bytes),
          expiry: earlier(queue.expiry, item.message.expiresAt)
        });
      }
    }
    return queue;
  }
}