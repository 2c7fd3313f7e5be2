// @ts-nocheck
// pure: what to write and erase after a step, in time proportional to what changed.
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
import type { Queue } from './queue.js';
import { type HasSession, type IncomingFlow, isDurable, type OutgoingFlow, type PublishFlow, type ReleaseFlow, sessionOf } from './state.js';
import { countersOf, incomingRow, outgoingRow, queuedRow, type StoredCounters, type StoredIncoming, type StoredOutgoing, type StoredQueued, type StoredSession } from './stored.js';
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
  if (stryMutAct_9fa48("80")) {
    {}
  } else {
    stryCov_9fa48("80");
    const before = sessionOf(was);
    const after = sessionOf(is);
    if (stryMutAct_9fa48("83") ? before !== after : stryMutAct_9fa48("82") ? false : stryMutAct_9fa48("81") ? true : (stryCov_9fa48("81", "82", "83"), before === after)) return undefined;
    const outgoing = outgoingChanges(before.outgoing, after.outgoing);
    const incoming = incomingChanges(before.incoming, after.incoming);
    const queued = queueChanges(before.queue, after.queue);
    const counters = countersOf(after);
    const nothing = stryMutAct_9fa48("86") ? isNothing(outgoing) && isNothing(incoming) || isNothing(queued) : stryMutAct_9fa48("85") ? false : stryMutAct_9fa48("84") ? true : (stryCov_9fa48("84", "85", "86"), (stryMutAct_9fa48("88") ? isNothing(outgoing) || isNothing(incoming) : stryMutAct_9fa48("87") ? true : (stryCov_9fa48("87", "88"), isNothing(outgoing) && isNothing(incoming))) && isNothing(queued));
    return (stryMutAct_9fa48("91") ? nothing || sameCounters(countersOf(before), counters) : stryMutAct_9fa48("90") ? false : stryMutAct_9fa48("89") ? true : (stryCov_9fa48("89", "90", "91"), nothing && sameCounters(countersOf(before), counters))) ? undefined : stryMutAct_9fa48("92") ? {} : (stryCov_9fa48("92"), {
      format: 1,
      outgoing,
      incoming,
      queued,
      counters
    });
  }
}
function isNothing({
  set,
  removed
}: RowChanges<unknown>): boolean {
  if (stryMutAct_9fa48("93")) {
    {}
  } else {
    stryCov_9fa48("93");
    return stryMutAct_9fa48("96") ? set.length === 0 || removed.length === 0 : stryMutAct_9fa48("95") ? false : stryMutAct_9fa48("94") ? true : (stryCov_9fa48("94", "95", "96"), (stryMutAct_9fa48("98") ? set.length !== 0 : stryMutAct_9fa48("97") ? true : (stryCov_9fa48("97", "98"), set.length === 0)) && (stryMutAct_9fa48("100") ? removed.length !== 0 : stryMutAct_9fa48("99") ? true : (stryCov_9fa48("99", "100"), removed.length === 0)));
  }
}
function outgoingChanges(before: Trie<OutgoingFlow>, after: Trie<OutgoingFlow>): RowChanges<StoredOutgoing> {
  if (stryMutAct_9fa48("101")) {
    {}
  } else {
    stryCov_9fa48("101");
    const set: StoredOutgoing[] = stryMutAct_9fa48("102") ? ["Stryker was here"] : (stryCov_9fa48("102"), []);
    const removed: number[] = stryMutAct_9fa48("103") ? ["Stryker was here"] : (stryCov_9fa48("103"), []);
    trieDiff(before, after, (packetId, was, is) => {
      if (stryMutAct_9fa48("104")) {
        {}
      } else {
        stryCov_9fa48("104");
        const flow = durable(is);
        if (stryMutAct_9fa48("107") ? flow === undefined : stryMutAct_9fa48("106") ? false : stryMutAct_9fa48("105") ? true : (stryCov_9fa48("105", "106", "107"), flow !== undefined)) set.push(outgoingRow(flow));else if (stryMutAct_9fa48("110") ? durable(was) === undefined : stryMutAct_9fa48("109") ? false : stryMutAct_9fa48("108") ? true : (stryCov_9fa48("108", "109", "110"), durable(was) !== undefined)) removed.push(packetId);
      }
    });
    return stryMutAct_9fa48("111") ? {} : (stryCov_9fa48("111"), {
      set,
      removed
    });
  }
}
function durable(flow: OutgoingFlow | undefined): PublishFlow | ReleaseFlow | undefined {
  if (stryMutAct_9fa48("112")) {
    {}
  } else {
    stryCov_9fa48("112");
    return (stryMutAct_9fa48("115") ? flow !== undefined || isDurable(flow) : stryMutAct_9fa48("114") ? false : stryMutAct_9fa48("113") ? true : (stryCov_9fa48("113", "114", "115"), (stryMutAct_9fa48("117") ? flow === undefined : stryMutAct_9fa48("116") ? true : (stryCov_9fa48("116", "117"), flow !== undefined)) && isDurable(flow))) ? flow : undefined;
  }
}
function incomingChanges(before: Trie<IncomingFlow>, after: Trie<IncomingFlow>): RowChanges<StoredIncoming> {
  if (stryMutAct_9fa48("118")) {
    {}
  } else {
    stryCov_9fa48("118");
    const set: StoredIncoming[] = stryMutAct_9fa48("119") ? ["Stryker was here"] : (stryCov_9fa48("119"), []);
    const removed: number[] = stryMutAct_9fa48("120") ? ["Stryker was here"] : (stryCov_9fa48("120"), []);
    trieDiff(before, after, (packetId, was, is) => {
      if (stryMutAct_9fa48("121")) {
        {}
      } else {
        stryCov_9fa48("121");
        if (stryMutAct_9fa48("124") ? is !== undefined : stryMutAct_9fa48("123") ? false : stryMutAct_9fa48("122") ? true : (stryCov_9fa48("122", "123", "124"), is === undefined)) removed.push(packetId);else if (stryMutAct_9fa48("127") ? was?.phase !== is.phase && was.verdict !== is.verdict : stryMutAct_9fa48("126") ? false : stryMutAct_9fa48("125") ? true : (stryCov_9fa48("125", "126", "127"), (stryMutAct_9fa48("129") ? was?.phase === is.phase : stryMutAct_9fa48("128") ? false : (stryCov_9fa48("128", "129"), (stryMutAct_9fa48("130") ? was.phase : (stryCov_9fa48("130"), was?.phase)) !== is.phase)) || (stryMutAct_9fa48("132") ? was.verdict === is.verdict : stryMutAct_9fa48("131") ? false : (stryCov_9fa48("131", "132"), was.verdict !== is.verdict)))) set.push(incomingRow(packetId, is));
      }
    });
    return stryMutAct_9fa48("133") ? {} : (stryCov_9fa48("133"), {
      set,
      removed
    });
  }
}
function queueChanges(before: Queue, after: Queue): RowChanges<StoredQueued> {
  if (stryMutAct_9fa48("134")) {
    {}
  } else {
    stryCov_9fa48("134");
    const set: StoredQueued[] = stryMutAct_9fa48("135") ? ["Stryker was here"] : (stryCov_9fa48("135"), []);
    if (stryMutAct_9fa48("138") ? before !== after : stryMutAct_9fa48("137") ? false : stryMutAct_9fa48("136") ? true : (stryCov_9fa48("136", "137", "138"), before === after)) return stryMutAct_9fa48("139") ? {} : (stryCov_9fa48("139"), {
      set,
      removed: stryMutAct_9fa48("140") ? ["Stryker was here"] : (stryCov_9fa48("140"), [])
    });
    const gone = new Set<number>();
    // Two places far apart can share a key of the trie: what left and what came are told apart by place.
    trieDiff(before.items, after.items, (_key, was, is) => {
      if (stryMutAct_9fa48("141")) {
        {}
      } else {
        stryCov_9fa48("141");
        if (stryMutAct_9fa48("144") ? was === undefined : stryMutAct_9fa48("143") ? false : stryMutAct_9fa48("142") ? true : (stryCov_9fa48("142", "143", "144"), was !== undefined)) gone.add(was.place);
        if (stryMutAct_9fa48("147") ? is === undefined : stryMutAct_9fa48("146") ? false : stryMutAct_9fa48("145") ? true : (stryCov_9fa48("145", "146", "147"), is !== undefined)) set.push(queuedRow(is));
      }
    });
    for (const {
      place
    } of set) gone.delete(place);
    return stryMutAct_9fa48("148") ? {} : (stryCov_9fa48("148"), {
      set,
      removed: stryMutAct_9fa48("149") ? [] : (stryCov_9fa48("149"), [...gone])
    });
  }
}
function sameCounters(a: StoredCounters, b: StoredCounters): boolean {
  if (stryMutAct_9fa48("150")) {
    {}
  } else {
    stryCov_9fa48("150");
    return stryMutAct_9fa48("153") ? a.begun === b.begun && a.nextPacketId === b.nextPacketId && a.nextOrder === b.nextOrder || a.nextPlace === b.nextPlace : stryMutAct_9fa48("152") ? false : stryMutAct_9fa48("151") ? true : (stryCov_9fa48("151", "152", "153"), (stryMutAct_9fa48("155") ? a.begun === b.begun && a.nextPacketId === b.nextPacketId || a.nextOrder === b.nextOrder : stryMutAct_9fa48("154") ? true : (stryCov_9fa48("154", "155"), (stryMutAct_9fa48("157") ? a.begun === b.begun || a.nextPacketId === b.nextPacketId : stryMutAct_9fa48("156") ? true : (stryCov_9fa48("156", "157"), (stryMutAct_9fa48("159") ? a.begun !== b.begun : stryMutAct_9fa48("158") ? true : (stryCov_9fa48("158", "159"), a.begun === b.begun)) && (stryMutAct_9fa48("161") ? a.nextPacketId !== b.nextPacketId : stryMutAct_9fa48("160") ? true : (stryCov_9fa48("160", "161"), a.nextPacketId === b.nextPacketId)))) && (stryMutAct_9fa48("163") ? a.nextOrder !== b.nextOrder : stryMutAct_9fa48("162") ? true : (stryCov_9fa48("162", "163"), a.nextOrder === b.nextOrder)))) && (stryMutAct_9fa48("165") ? a.nextPlace !== b.nextPlace : stryMutAct_9fa48("164") ? true : (stryCov_9fa48("164", "165"), a.nextPlace === b.nextPlace)));
  }
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
  if (stryMutAct_9fa48("166")) {
    {}
  } else {
    stryCov_9fa48("166");
    return stryMutAct_9fa48("167") ? {} : (stryCov_9fa48("167"), {
      format: 1,
      ...changes.counters,
      outgoing: stryMutAct_9fa48("168") ? applyRows(stored.outgoing, changes.outgoing, row => row.packetId) : (stryCov_9fa48("168"), applyRows(stored.outgoing, changes.outgoing, stryMutAct_9fa48("169") ? () => undefined : (stryCov_9fa48("169"), row => row.packetId)).sort(stryMutAct_9fa48("170") ? () => undefined : (stryCov_9fa48("170"), (a, b) => stryMutAct_9fa48("171") ? a.order + b.order : (stryCov_9fa48("171"), a.order - b.order)))),
      incoming: stryMutAct_9fa48("172") ? applyRows(stored.incoming, changes.incoming, row => row.packetId) : (stryCov_9fa48("172"), applyRows(stored.incoming, changes.incoming, stryMutAct_9fa48("173") ? () => undefined : (stryCov_9fa48("173"), row => row.packetId)).sort(stryMutAct_9fa48("174") ? () => undefined : (stryCov_9fa48("174"), (a, b) => stryMutAct_9fa48("175") ? a.packetId + b.packetId : (stryCov_9fa48("175"), a.packetId - b.packetId)))),
      queued: stryMutAct_9fa48("176") ? applyRows(stored.queued, changes.queued, row => row.place) : (stryCov_9fa48("176"), applyRows(stored.queued, changes.queued, stryMutAct_9fa48("177") ? () => undefined : (stryCov_9fa48("177"), row => row.place)).sort(stryMutAct_9fa48("178") ? () => undefined : (stryCov_9fa48("178"), (a, b) => stryMutAct_9fa48("179") ? a.place + b.place : (stryCov_9fa48("179"), a.place - b.place))))
    });
  }
}
function applyRows<Row>(rows: readonly Row[], {
  set,
  removed
}: RowChanges<Row>, keyOf: (row: Row) => number): Row[] {
  if (stryMutAct_9fa48("180")) {
    {}
  } else {
    stryCov_9fa48("180");
    const table = new Map(rows.map(stryMutAct_9fa48("181") ? () => undefined : (stryCov_9fa48("181"), row => stryMutAct_9fa48("182") ? [] : (stryCov_9fa48("182"), [keyOf(row), row]))));
    for (const key of removed) table.delete(key);
    for (const row of set) table.set(keyOf(row), row);
    return stryMutAct_9fa48("183") ? [] : (stryCov_9fa48("183"), [...table.values()]);
  }
}