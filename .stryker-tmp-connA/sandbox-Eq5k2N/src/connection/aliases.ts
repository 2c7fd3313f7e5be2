// @ts-nocheck
// pure: Topic Aliases in both directions (section 3.3.2.3.4); every connection begins without any.
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
import { emptyTrie, type Trie, trieGet, trieSet } from '../session/trie.js';

/** A Topic Alias that the peer was told. */
export interface OutgoingAlias {
  readonly alias: number;
  readonly topic: string;
}

/** The Topic Aliases of a connection. */
export interface AliasState {
  /** Those of the peer: topics by alias. */
  readonly incoming: Trie<string>;
  /** Ours, the most recently used first. */
  readonly outgoing: readonly OutgoingAlias[];
}

/** No alias is known. */
export const NO_ALIASES: AliasState = /* @__PURE__ */(stryMutAct_9fa48("0") ? () => undefined : (stryCov_9fa48("0"), () => stryMutAct_9fa48("1") ? {} : (stryCov_9fa48("1"), {
  incoming: emptyTrie<string>(),
  outgoing: stryMutAct_9fa48("2") ? ["Stryker was here"] : (stryCov_9fa48("2"), [])
})))();

/** The topic that an alias of the peer stands for. */
export function incomingTopic(aliases: AliasState, alias: number): string | undefined {
  if (stryMutAct_9fa48("3")) {
    {}
  } else {
    stryCov_9fa48("3");
    return trieGet(aliases.incoming, alias);
  }
}

/** Lets an alias of the peer stand for a topic from now on. */
export function learnAlias(aliases: AliasState, alias: number, topic: string): AliasState {
  if (stryMutAct_9fa48("4")) {
    {}
  } else {
    stryCov_9fa48("4");
    const incoming = trieSet(aliases.incoming, alias, topic);
    return (stryMutAct_9fa48("7") ? incoming !== aliases.incoming : stryMutAct_9fa48("6") ? false : stryMutAct_9fa48("5") ? true : (stryCov_9fa48("5", "6", "7"), incoming === aliases.incoming)) ? aliases : stryMutAct_9fa48("8") ? {} : (stryCov_9fa48("8"), {
      incoming,
      outgoing: aliases.outgoing
    });
  }
}

/** The topic that an alias of ours stands for. */
export function outgoingTopic(aliases: AliasState, alias: number): string | undefined {
  if (stryMutAct_9fa48("9")) {
    {}
  } else {
    stryCov_9fa48("9");
    return stryMutAct_9fa48("10") ? aliases.outgoing.find(entry => entry.alias === alias).topic : (stryCov_9fa48("10"), aliases.outgoing.find(stryMutAct_9fa48("11") ? () => undefined : (stryCov_9fa48("11"), entry => stryMutAct_9fa48("14") ? entry.alias !== alias : stryMutAct_9fa48("13") ? false : stryMutAct_9fa48("12") ? true : (stryCov_9fa48("12", "13", "14"), entry.alias === alias)))?.topic);
  }
}

/** Lets an alias of ours stand for a topic from now on, as the most recently used one. */
export function useAlias(aliases: AliasState, alias: number, topic: string): AliasState {
  if (stryMutAct_9fa48("15")) {
    {}
  } else {
    stryCov_9fa48("15");
    const first = aliases.outgoing[0];
    if (stryMutAct_9fa48("18") ? first !== undefined && first.alias === alias || first.topic === topic : stryMutAct_9fa48("17") ? false : stryMutAct_9fa48("16") ? true : (stryCov_9fa48("16", "17", "18"), (stryMutAct_9fa48("20") ? first !== undefined || first.alias === alias : stryMutAct_9fa48("19") ? true : (stryCov_9fa48("19", "20"), (stryMutAct_9fa48("22") ? first === undefined : stryMutAct_9fa48("21") ? true : (stryCov_9fa48("21", "22"), first !== undefined)) && (stryMutAct_9fa48("24") ? first.alias !== alias : stryMutAct_9fa48("23") ? true : (stryCov_9fa48("23", "24"), first.alias === alias)))) && (stryMutAct_9fa48("26") ? first.topic !== topic : stryMutAct_9fa48("25") ? true : (stryCov_9fa48("25", "26"), first.topic === topic)))) return aliases;
    const rest = stryMutAct_9fa48("27") ? aliases.outgoing : (stryCov_9fa48("27"), aliases.outgoing.filter(stryMutAct_9fa48("28") ? () => undefined : (stryCov_9fa48("28"), entry => stryMutAct_9fa48("31") ? entry.alias === alias : stryMutAct_9fa48("30") ? false : stryMutAct_9fa48("29") ? true : (stryCov_9fa48("29", "30", "31"), entry.alias !== alias))));
    return stryMutAct_9fa48("32") ? {} : (stryCov_9fa48("32"), {
      incoming: aliases.incoming,
      outgoing: stryMutAct_9fa48("33") ? [] : (stryCov_9fa48("33"), [stryMutAct_9fa48("34") ? {} : (stryCov_9fa48("34"), {
        alias,
        topic
      }), ...rest])
    });
  }
}

/** An alias for a topic, and whether the peer knows it already. */
export interface AssignedAlias {
  readonly alias: number;
  readonly known: boolean;
}

/**
 * The alias for a topic: the one it has, else a free one, else the one that was not used for the longest time.
 * Undefined where the peer takes none.
 */
export function assignAlias({
  outgoing
}: AliasState, topic: string, maximum: number, count: number): AssignedAlias | undefined {
  if (stryMutAct_9fa48("35")) {
    {}
  } else {
    stryCov_9fa48("35");
    for (const entry of outgoing) if (stryMutAct_9fa48("38") ? entry.topic !== topic : stryMutAct_9fa48("37") ? false : stryMutAct_9fa48("36") ? true : (stryCov_9fa48("36", "37", "38"), entry.topic === topic)) return stryMutAct_9fa48("39") ? {} : (stryCov_9fa48("39"), {
      alias: entry.alias,
      known: stryMutAct_9fa48("40") ? false : (stryCov_9fa48("40"), true)
    });
    const limit = stryMutAct_9fa48("41") ? Math.max(maximum, count) : (stryCov_9fa48("41"), Math.min(maximum, count));
    if (stryMutAct_9fa48("45") ? limit >= 1 : stryMutAct_9fa48("44") ? limit <= 1 : stryMutAct_9fa48("43") ? false : stryMutAct_9fa48("42") ? true : (stryCov_9fa48("42", "43", "44", "45"), limit < 1)) return undefined;
    if (stryMutAct_9fa48("49") ? outgoing.length < limit : stryMutAct_9fa48("48") ? outgoing.length > limit : stryMutAct_9fa48("47") ? false : stryMutAct_9fa48("46") ? true : (stryCov_9fa48("46", "47", "48", "49"), outgoing.length >= limit)) return stryMutAct_9fa48("50") ? {} : (stryCov_9fa48("50"), {
      alias: outgoing[stryMutAct_9fa48("51") ? outgoing.length + 1 : (stryCov_9fa48("51"), outgoing.length - 1)]!.alias,
      known: stryMutAct_9fa48("52") ? true : (stryCov_9fa48("52"), false)
    });
    let alias = 1;
    // Aliases that the caller chose lie anywhere.
    while (stryMutAct_9fa48("54") ? outgoing.every(entry => entry.alias === alias) : stryMutAct_9fa48("53") ? false : (stryCov_9fa48("53", "54"), outgoing.some(stryMutAct_9fa48("55") ? () => undefined : (stryCov_9fa48("55"), entry => stryMutAct_9fa48("58") ? entry.alias !== alias : stryMutAct_9fa48("57") ? false : stryMutAct_9fa48("56") ? true : (stryCov_9fa48("56", "57", "58"), entry.alias === alias))))) stryMutAct_9fa48("59") ? alias-- : (stryCov_9fa48("59"), alias++);
    return stryMutAct_9fa48("60") ? {} : (stryCov_9fa48("60"), {
      alias,
      known: stryMutAct_9fa48("61") ? true : (stryCov_9fa48("61"), false)
    });
  }
}