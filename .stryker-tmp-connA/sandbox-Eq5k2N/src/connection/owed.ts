// @ts-nocheck
// pure: the acknowledgements that are owed, in the order in which they have to go out (section 4.6).
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
import { emptyTrie, type Trie, trieDelete, trieGet, trieSet } from '../session/trie.js';
import type { AckProperties } from '../spec/properties.js';

/** An acknowledgement that is owed: a link of the chain of its QoS. */
export interface OwedEntry {
  readonly qos: 1 | 2;
  /** The Reason Code to answer with, or -1 while the application has not said. */
  readonly verdict: number;
  readonly properties: AckProperties | undefined;
  /** The Packet Identifier before it, unless it is the first. */
  readonly previous: number;
  /** The Packet Identifier after it; 0: it is the last. */
  readonly next: number;
}

/** Where a chain begins and ends; 0: it is empty. */
export interface Chain {
  readonly first: number;
  readonly last: number;
}

/** The PUBACKs and PUBRECs that are owed: two chains through one table of Packet Identifiers. */
export interface Owed {
  readonly entries: Trie<OwedEntry>;
  readonly pubacks: Chain;
  readonly pubrecs: Chain;
}
const EMPTY_CHAIN: Chain = stryMutAct_9fa48("2083") ? {} : (stryCov_9fa48("2083"), {
  first: 0,
  last: 0
});

/** Nothing is owed. */
export const NOTHING_OWED: Owed = /* @__PURE__ */(stryMutAct_9fa48("2084") ? () => undefined : (stryCov_9fa48("2084"), () => stryMutAct_9fa48("2085") ? {} : (stryCov_9fa48("2085"), {
  entries: emptyTrie<OwedEntry>(),
  pubacks: EMPTY_CHAIN,
  pubrecs: EMPTY_CHAIN
})))();

/** The verdict that has not been given. */
export const UNDECIDED = stryMutAct_9fa48("2086") ? +1 : (stryCov_9fa48("2086"), -1);

/** The chain of a QoS. */
export function chainOf(owed: Owed, qos: 1 | 2): Chain {
  if (stryMutAct_9fa48("2087")) {
    {}
  } else {
    stryCov_9fa48("2087");
    return (stryMutAct_9fa48("2090") ? qos !== 1 : stryMutAct_9fa48("2089") ? false : stryMutAct_9fa48("2088") ? true : (stryCov_9fa48("2088", "2089", "2090"), qos === 1)) ? owed.pubacks : owed.pubrecs;
  }
}
function withChain(entries: Trie<OwedEntry>, owed: Owed, qos: 1 | 2, chain: Chain): Owed {
  if (stryMutAct_9fa48("2091")) {
    {}
  } else {
    stryCov_9fa48("2091");
    return (stryMutAct_9fa48("2094") ? qos !== 1 : stryMutAct_9fa48("2093") ? false : stryMutAct_9fa48("2092") ? true : (stryCov_9fa48("2092", "2093", "2094"), qos === 1)) ? stryMutAct_9fa48("2095") ? {} : (stryCov_9fa48("2095"), {
      entries,
      pubacks: chain,
      pubrecs: owed.pubrecs
    }) : stryMutAct_9fa48("2096") ? {} : (stryCov_9fa48("2096"), {
      entries,
      pubacks: owed.pubacks,
      pubrecs: chain
    });
  }
}

/** Adds an acknowledgement at the end of its chain; the identifier must not be in the table. */
export function addOwed(owed: Owed, qos: 1 | 2, packetId: number, verdict: number, properties?: AckProperties): Owed {
  if (stryMutAct_9fa48("2097")) {
    {}
  } else {
    stryCov_9fa48("2097");
    const {
      first,
      last
    } = chainOf(owed, qos);
    let entries = trieSet(owed.entries, packetId, stryMutAct_9fa48("2098") ? {} : (stryCov_9fa48("2098"), {
      qos,
      verdict,
      properties,
      previous: last,
      next: 0
    }));
    const tail = (stryMutAct_9fa48("2101") ? last !== 0 : stryMutAct_9fa48("2100") ? false : stryMutAct_9fa48("2099") ? true : (stryCov_9fa48("2099", "2100", "2101"), last === 0)) ? undefined : trieGet(entries, last);
    if (stryMutAct_9fa48("2104") ? tail === undefined : stryMutAct_9fa48("2103") ? false : stryMutAct_9fa48("2102") ? true : (stryCov_9fa48("2102", "2103", "2104"), tail !== undefined)) entries = trieSet(entries, last, stryMutAct_9fa48("2105") ? {} : (stryCov_9fa48("2105"), {
      ...tail,
      next: packetId
    }));
    return withChain(entries, owed, qos, stryMutAct_9fa48("2106") ? {} : (stryCov_9fa48("2106"), {
      first: (stryMutAct_9fa48("2109") ? first !== 0 : stryMutAct_9fa48("2108") ? false : stryMutAct_9fa48("2107") ? true : (stryCov_9fa48("2107", "2108", "2109"), first === 0)) ? packetId : first,
      last: packetId
    }));
  }
}

/** Writes down the verdict on an identifier, which has that entry in the table. */
export function decideOwed(owed: Owed, packetId: number, {
  qos,
  previous,
  next
}: OwedEntry, verdict: number, properties: AckProperties | undefined): Owed {
  if (stryMutAct_9fa48("2110")) {
    {}
  } else {
    stryCov_9fa48("2110");
    const entries = trieSet(owed.entries, packetId, stryMutAct_9fa48("2111") ? {} : (stryCov_9fa48("2111"), {
      qos,
      verdict,
      properties,
      previous,
      next
    }));
    return stryMutAct_9fa48("2112") ? {} : (stryCov_9fa48("2112"), {
      entries,
      pubacks: owed.pubacks,
      pubrecs: owed.pubrecs
    });
  }
}

/** Takes an identifier out of the table, wherever in its chain it stands. */
export function removeOwed(owed: Owed, packetId: number): Owed {
  if (stryMutAct_9fa48("2113")) {
    {}
  } else {
    stryCov_9fa48("2113");
    const entry = trieGet(owed.entries, packetId);
    if (stryMutAct_9fa48("2116") ? entry !== undefined : stryMutAct_9fa48("2115") ? false : stryMutAct_9fa48("2114") ? true : (stryCov_9fa48("2114", "2115", "2116"), entry === undefined)) return owed;
    const {
      qos,
      previous,
      next
    } = entry;
    const chain = chainOf(owed, qos);
    let entries = trieDelete(owed.entries, packetId);
    // The first link never looks back, so that taking it, which is the rule, touches nothing else.
    if (stryMutAct_9fa48("2119") ? chain.first !== packetId : stryMutAct_9fa48("2118") ? false : stryMutAct_9fa48("2117") ? true : (stryCov_9fa48("2117", "2118", "2119"), chain.first === packetId)) {
      if (stryMutAct_9fa48("2120")) {
        {}
      } else {
        stryCov_9fa48("2120");
        return withChain(entries, owed, qos, (stryMutAct_9fa48("2123") ? next !== 0 : stryMutAct_9fa48("2122") ? false : stryMutAct_9fa48("2121") ? true : (stryCov_9fa48("2121", "2122", "2123"), next === 0)) ? EMPTY_CHAIN : stryMutAct_9fa48("2124") ? {} : (stryCov_9fa48("2124"), {
          first: next,
          last: chain.last
        }));
      }
    }
    // Every other link has one before it.
    entries = trieSet(entries, previous, stryMutAct_9fa48("2125") ? {} : (stryCov_9fa48("2125"), {
      ...trieGet(entries, previous)!,
      next
    }));
    const after = (stryMutAct_9fa48("2128") ? next !== 0 : stryMutAct_9fa48("2127") ? false : stryMutAct_9fa48("2126") ? true : (stryCov_9fa48("2126", "2127", "2128"), next === 0)) ? undefined : trieGet(entries, next);
    if (stryMutAct_9fa48("2131") ? after === undefined : stryMutAct_9fa48("2130") ? false : stryMutAct_9fa48("2129") ? true : (stryCov_9fa48("2129", "2130", "2131"), after !== undefined)) entries = trieSet(entries, next, stryMutAct_9fa48("2132") ? {} : (stryCov_9fa48("2132"), {
      ...after,
      previous
    }));
    return withChain(entries, owed, qos, stryMutAct_9fa48("2133") ? {} : (stryCov_9fa48("2133"), {
      first: chain.first,
      last: (stryMutAct_9fa48("2136") ? next !== 0 : stryMutAct_9fa48("2135") ? false : stryMutAct_9fa48("2134") ? true : (stryCov_9fa48("2134", "2135", "2136"), next === 0)) ? previous : chain.last
    }));
  }
}

/** Lists a chain from its beginning. */
export function owedInOrder(owed: Owed, qos: 1 | 2): readonly (readonly [number, OwedEntry])[] {
  if (stryMutAct_9fa48("2137")) {
    {}
  } else {
    stryCov_9fa48("2137");
    const list: (readonly [number, OwedEntry])[] = stryMutAct_9fa48("2138") ? ["Stryker was here"] : (stryCov_9fa48("2138"), []);
    for (let id = chainOf(owed, qos).first; stryMutAct_9fa48("2140") ? id === 0 : stryMutAct_9fa48("2139") ? false : (stryCov_9fa48("2139", "2140"), id !== 0);) {
      if (stryMutAct_9fa48("2141")) {
        {}
      } else {
        stryCov_9fa48("2141");
        const entry = trieGet(owed.entries, id)!;
        list.push(stryMutAct_9fa48("2142") ? [] : (stryCov_9fa48("2142"), [id, entry]));
        id = entry.next;
      }
    }
    return list;
  }
}