// @ts-nocheck
// pure: a persistent 16-way trie keyed by packet identifier, whose old versions stay valid for ever
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
import { BITS, diffLeaves, forEachLeaf, freeInLeaf, freeInTree, leafAt, leafWith, MAXIMUM_KEY, NO_SLOTS, NO_TREE, SLOTS, type Tree, type TrieNode, treeWith, valueAt } from './trie-nodes.js';
export type { Tree, TrieNode } from './trie-nodes.js';

/**
 * A map from packet identifiers (1 to 65535) to values, as plain data that is never changed.
 *
 * Identifiers come and go in runs, at two places: new ones at the end, acknowledged ones at the beginning. The two
 * leaves that were changed last are therefore kept beside the tree, so that most changes copy a leaf and no path to it.
 * What the tree says of their blocks is out of date.
 */
export interface Trie<V> {
  readonly tree: Tree<V>;
  /** The leaf that was changed last, and the number of its block of sixteen keys; -1 for none. */
  readonly newest: TrieNode<V>;
  readonly newestBlock: number;
  /** The leaf that was changed before it. */
  readonly older: TrieNode<V>;
  readonly olderBlock: number;
  /** How many keys have a value. */
  readonly size: number;
}
const EMPTY: Trie<never> = stryMutAct_9fa48("1081") ? {} : (stryCov_9fa48("1081"), {
  tree: NO_TREE,
  newest: NO_SLOTS,
  newestBlock: stryMutAct_9fa48("1082") ? +1 : (stryCov_9fa48("1082"), -1),
  older: NO_SLOTS,
  olderBlock: stryMutAct_9fa48("1083") ? +1 : (stryCov_9fa48("1083"), -1),
  size: 0
});

/**
 * Gives the trie without entries, always the same object.
 *
 * @example
 * ```ts
 * trieSize(emptyTrie()); // => 0
 * ```
 */
export function emptyTrie<V>(): Trie<V> {
  if (stryMutAct_9fa48("1084")) {
    {}
  } else {
    stryCov_9fa48("1084");
    return EMPTY;
  }
}

/**
 * Gives the number of entries, at no cost.
 *
 * @example
 * ```ts
 * trieSize(trieSet(emptyTrie<string>(), 7, 'seven')); // => 1
 * ```
 */
export function trieSize(trie: Trie<unknown>): number {
  if (stryMutAct_9fa48("1085")) {
    {}
  } else {
    stryCov_9fa48("1085");
    return trie.size;
  }
}

/**
 * Gives the value of a key, or `undefined` when it has none.
 *
 * @param key - 1 to 65535
 * @throws RangeError when the key is no integer from 1 to 65535
 * @example
 * ```ts
 * const trie = trieSet(emptyTrie<string>(), 7, 'seven');
 * trieGet(trie, 7); // => 'seven'
 * trieGet(trie, 8); // => undefined
 * ```
 */
export function trieGet<V>(trie: Trie<V>, key: number): V | undefined {
  if (stryMutAct_9fa48("1086")) {
    {}
  } else {
    stryCov_9fa48("1086");
    checkKey(key);
    return valueAt(leafOf(trie, key >>> BITS), key);
  }
}

/** The leaf of a block as it is now; one without entries where there is none. */
function leafOf<V>(trie: Trie<V>, block: number): TrieNode<V> {
  if (stryMutAct_9fa48("1087")) {
    {}
  } else {
    stryCov_9fa48("1087");
    if (stryMutAct_9fa48("1090") ? block !== trie.newestBlock : stryMutAct_9fa48("1089") ? false : stryMutAct_9fa48("1088") ? true : (stryCov_9fa48("1088", "1089", "1090"), block === trie.newestBlock)) return trie.newest;
    if (stryMutAct_9fa48("1093") ? block !== trie.olderBlock : stryMutAct_9fa48("1092") ? false : stryMutAct_9fa48("1091") ? true : (stryCov_9fa48("1091", "1092", "1093"), block === trie.olderBlock)) return trie.older;
    return stryMutAct_9fa48("1094") ? leafAt(trie.tree, block << BITS) && NO_SLOTS : (stryCov_9fa48("1094"), leafAt(trie.tree, block << BITS) ?? NO_SLOTS);
  }
}

/**
 * Gives a trie in which the key has the value; the given trie stays as it was.
 *
 * A value that is already there (by identity) gives the same trie back. `undefined` means absent everywhere, so
 * that setting it is deleting.
 *
 * @param key - 1 to 65535
 * @throws RangeError when the key is no integer from 1 to 65535
 * @example
 * ```ts
 * const one = trieSet(emptyTrie<string>(), 7, 'seven');
 * const two = trieSet(one, 7, 'VII');
 * trieGet(one, 7); // => 'seven'
 * trieGet(two, 7); // => 'VII'
 * ```
 */
export function trieSet<V>(trie: Trie<V>, key: number, value: V | undefined): Trie<V> {
  if (stryMutAct_9fa48("1095")) {
    {}
  } else {
    stryCov_9fa48("1095");
    checkKey(key);
    const block = key >>> BITS;
    const leaf = leafOf(trie, block);
    const previous = valueAt(leaf, key);
    if (stryMutAct_9fa48("1098") ? previous !== value : stryMutAct_9fa48("1097") ? false : stryMutAct_9fa48("1096") ? true : (stryCov_9fa48("1096", "1097", "1098"), previous === value)) return trie;
    const size = stryMutAct_9fa48("1099") ? trie.size - (value === undefined ? -1 : previous === undefined ? 1 : 0) : (stryCov_9fa48("1099"), trie.size + ((stryMutAct_9fa48("1102") ? value !== undefined : stryMutAct_9fa48("1101") ? false : stryMutAct_9fa48("1100") ? true : (stryCov_9fa48("1100", "1101", "1102"), value === undefined)) ? stryMutAct_9fa48("1103") ? +1 : (stryCov_9fa48("1103"), -1) : (stryMutAct_9fa48("1106") ? previous !== undefined : stryMutAct_9fa48("1105") ? false : stryMutAct_9fa48("1104") ? true : (stryCov_9fa48("1104", "1105", "1106"), previous === undefined)) ? 1 : 0));
    if (stryMutAct_9fa48("1109") ? size !== 0 : stryMutAct_9fa48("1108") ? false : stryMutAct_9fa48("1107") ? true : (stryCov_9fa48("1107", "1108", "1109"), size === 0)) return EMPTY;
    const newest = leafWith(leaf, key, value);
    const {
      newestBlock,
      olderBlock
    } = trie;
    if (stryMutAct_9fa48("1112") ? block !== newestBlock : stryMutAct_9fa48("1111") ? false : stryMutAct_9fa48("1110") ? true : (stryCov_9fa48("1110", "1111", "1112"), block === newestBlock)) {
      if (stryMutAct_9fa48("1113")) {
        {}
      } else {
        stryCov_9fa48("1113");
        return stryMutAct_9fa48("1114") ? {} : (stryCov_9fa48("1114"), {
          tree: trie.tree,
          newest,
          newestBlock,
          older: trie.older,
          olderBlock,
          size
        });
      }
    }
    // A third block: the one that was changed longest ago goes back into the tree.
    const tree = (stryMutAct_9fa48("1117") ? block === olderBlock && olderBlock < 0 : stryMutAct_9fa48("1116") ? false : stryMutAct_9fa48("1115") ? true : (stryCov_9fa48("1115", "1116", "1117"), (stryMutAct_9fa48("1119") ? block !== olderBlock : stryMutAct_9fa48("1118") ? false : (stryCov_9fa48("1118", "1119"), block === olderBlock)) || (stryMutAct_9fa48("1122") ? olderBlock >= 0 : stryMutAct_9fa48("1121") ? olderBlock <= 0 : stryMutAct_9fa48("1120") ? false : (stryCov_9fa48("1120", "1121", "1122"), olderBlock < 0)))) ? trie.tree : treeWith(trie.tree, olderBlock << BITS, trie.older);
    return stryMutAct_9fa48("1123") ? {} : (stryCov_9fa48("1123"), {
      tree,
      newest,
      newestBlock: block,
      older: trie.newest,
      olderBlock: newestBlock,
      size
    });
  }
}

/**
 * Gives a trie in which the key has no value; the given trie stays as it was.
 *
 * The same trie comes back when the key has no value already; without its last entry a trie is `emptyTrie()` again.
 *
 * @param key - 1 to 65535
 * @throws RangeError when the key is no integer from 1 to 65535
 * @example
 * ```ts
 * const trie = trieSet(emptyTrie<string>(), 7, 'seven');
 * trieDelete(trie, 8) === trie; // => true
 * trieDelete(trie, 7) === emptyTrie(); // => true
 * ```
 */
export function trieDelete<V>(trie: Trie<V>, key: number): Trie<V> {
  if (stryMutAct_9fa48("1124")) {
    {}
  } else {
    stryCov_9fa48("1124");
    return trieSet(trie, key, undefined);
  }
}

/**
 * Gives the lowest key from `from` on that has no value, or -1 when there is none up to 65535. The cost does not
 * depend on how many keys have one.
 *
 * @param from - 1 to 65535
 * @throws RangeError when `from` is no integer from 1 to 65535
 * @example
 * ```ts
 * const trie = trieSet(trieSet(emptyTrie<string>(), 1, 'one'), 2, 'two');
 * trieFirstFree(trie, 1); // => 3
 * ```
 */
export function trieFirstFree(trie: Trie<unknown>, from: number): number {
  if (stryMutAct_9fa48("1125")) {
    {}
  } else {
    stryCov_9fa48("1125");
    checkKey(from);
    const {
      newest,
      newestBlock,
      older,
      olderBlock
    } = trie;
    // What the next identifier is taken from, as a rule.
    const a = freeInOpen(newest, newestBlock, from);
    if (stryMutAct_9fa48("1128") ? a !== from : stryMutAct_9fa48("1127") ? false : stryMutAct_9fa48("1126") ? true : (stryCov_9fa48("1126", "1127", "1128"), a === from)) return a;
    const b = freeInOpen(older, olderBlock, from);
    if (stryMutAct_9fa48("1131") ? b !== from : stryMutAct_9fa48("1130") ? false : stryMutAct_9fa48("1129") ? true : (stryCov_9fa48("1129", "1130", "1131"), b === from)) return b;
    let c = freeInTree(trie.tree, from);
    while (stryMutAct_9fa48("1133") ? c >= 0 || c >>> BITS === newestBlock || c >>> BITS === olderBlock : stryMutAct_9fa48("1132") ? false : (stryCov_9fa48("1132", "1133"), (stryMutAct_9fa48("1136") ? c < 0 : stryMutAct_9fa48("1135") ? c > 0 : stryMutAct_9fa48("1134") ? true : (stryCov_9fa48("1134", "1135", "1136"), c >= 0)) && (stryMutAct_9fa48("1138") ? c >>> BITS === newestBlock && c >>> BITS === olderBlock : stryMutAct_9fa48("1137") ? true : (stryCov_9fa48("1137", "1138"), (stryMutAct_9fa48("1140") ? c >>> BITS !== newestBlock : stryMutAct_9fa48("1139") ? false : (stryCov_9fa48("1139", "1140"), c >>> BITS === newestBlock)) || (stryMutAct_9fa48("1142") ? c >>> BITS !== olderBlock : stryMutAct_9fa48("1141") ? false : (stryCov_9fa48("1141", "1142"), c >>> BITS === olderBlock)))))) {
      if (stryMutAct_9fa48("1143")) {
        {}
      } else {
        stryCov_9fa48("1143");
        const next = (stryMutAct_9fa48("1144") ? (c >>> BITS) - 1 : (stryCov_9fa48("1144"), (c >>> BITS) + 1)) << BITS;
        c = (stryMutAct_9fa48("1148") ? next <= MAXIMUM_KEY : stryMutAct_9fa48("1147") ? next >= MAXIMUM_KEY : stryMutAct_9fa48("1146") ? false : stryMutAct_9fa48("1145") ? true : (stryCov_9fa48("1145", "1146", "1147", "1148"), next > MAXIMUM_KEY)) ? stryMutAct_9fa48("1149") ? +1 : (stryCov_9fa48("1149"), -1) : freeInTree(trie.tree, next);
      }
    }
    return lowest(lowest(a, b), c);
  }
}

/** The first free key from `from` on in a leaf beside the tree, or -1. */
function freeInOpen(leaf: TrieNode<unknown>, block: number, from: number): number {
  if (stryMutAct_9fa48("1150")) {
    {}
  } else {
    stryCov_9fa48("1150");
    const start = block << BITS;
    if (stryMutAct_9fa48("1153") ? block < 0 && from >= start + SLOTS : stryMutAct_9fa48("1152") ? false : stryMutAct_9fa48("1151") ? true : (stryCov_9fa48("1151", "1152", "1153"), (stryMutAct_9fa48("1156") ? block >= 0 : stryMutAct_9fa48("1155") ? block <= 0 : stryMutAct_9fa48("1154") ? false : (stryCov_9fa48("1154", "1155", "1156"), block < 0)) || (stryMutAct_9fa48("1159") ? from < start + SLOTS : stryMutAct_9fa48("1158") ? from > start + SLOTS : stryMutAct_9fa48("1157") ? false : (stryCov_9fa48("1157", "1158", "1159"), from >= (stryMutAct_9fa48("1160") ? start - SLOTS : (stryCov_9fa48("1160"), start + SLOTS)))))) return stryMutAct_9fa48("1161") ? +1 : (stryCov_9fa48("1161"), -1);
    const found = freeInLeaf(leaf, stryMutAct_9fa48("1162") ? Math.min(0, from - start) : (stryCov_9fa48("1162"), Math.max(0, stryMutAct_9fa48("1163") ? from + start : (stryCov_9fa48("1163"), from - start))));
    return (stryMutAct_9fa48("1167") ? found >= 0 : stryMutAct_9fa48("1166") ? found <= 0 : stryMutAct_9fa48("1165") ? false : stryMutAct_9fa48("1164") ? true : (stryCov_9fa48("1164", "1165", "1166", "1167"), found < 0)) ? stryMutAct_9fa48("1168") ? +1 : (stryCov_9fa48("1168"), -1) : stryMutAct_9fa48("1169") ? start - found : (stryCov_9fa48("1169"), start + found);
  }
}

/** The lower of two keys, of which -1 is none. */
function lowest(a: number, b: number): number {
  if (stryMutAct_9fa48("1170")) {
    {}
  } else {
    stryCov_9fa48("1170");
    return (stryMutAct_9fa48("1173") ? a < 0 && b < 0 : stryMutAct_9fa48("1172") ? false : stryMutAct_9fa48("1171") ? true : (stryCov_9fa48("1171", "1172", "1173"), (stryMutAct_9fa48("1176") ? a >= 0 : stryMutAct_9fa48("1175") ? a <= 0 : stryMutAct_9fa48("1174") ? false : (stryCov_9fa48("1174", "1175", "1176"), a < 0)) || (stryMutAct_9fa48("1179") ? b >= 0 : stryMutAct_9fa48("1178") ? b <= 0 : stryMutAct_9fa48("1177") ? false : (stryCov_9fa48("1177", "1178", "1179"), b < 0)))) ? stryMutAct_9fa48("1180") ? Math.min(a, b) : (stryCov_9fa48("1180"), Math.max(a, b)) : stryMutAct_9fa48("1181") ? Math.max(a, b) : (stryCov_9fa48("1181"), Math.min(a, b));
  }
}

/**
 * Calls `visit` with each value and its key, by rising key.
 *
 * @example
 * ```ts
 * const keys: number[] = [];
 * trieForEach(trieSet(emptyTrie<string>(), 7, 'seven'), (_value, key) => keys.push(key));
 * keys; // => [7]
 * ```
 */
export function trieForEach<V>(trie: Trie<V>, visit: (value: V, key: number) => void): void {
  if (stryMutAct_9fa48("1182")) {
    {}
  } else {
    stryCov_9fa48("1182");
    forEachLeaf(wholeTree(trie), (leaf, start) => {
      if (stryMutAct_9fa48("1183")) {
        {}
      } else {
        stryCov_9fa48("1183");
        for (let key = start; stryMutAct_9fa48("1186") ? key >= start + SLOTS : stryMutAct_9fa48("1185") ? key <= start + SLOTS : stryMutAct_9fa48("1184") ? false : (stryCov_9fa48("1184", "1185", "1186"), key < (stryMutAct_9fa48("1187") ? start - SLOTS : (stryCov_9fa48("1187"), start + SLOTS))); stryMutAct_9fa48("1188") ? key-- : (stryCov_9fa48("1188"), key++)) {
          if (stryMutAct_9fa48("1189")) {
            {}
          } else {
            stryCov_9fa48("1189");
            const value = valueAt(leaf, key);
            if (stryMutAct_9fa48("1192") ? value === undefined : stryMutAct_9fa48("1191") ? false : stryMutAct_9fa48("1190") ? true : (stryCov_9fa48("1190", "1191", "1192"), value !== undefined)) visit(value, key);
          }
        }
      }
    });
  }
}

/** The tree with the two leaves in their places. */
function wholeTree<V>({
  tree,
  newest,
  newestBlock,
  older,
  olderBlock
}: Trie<V>): Tree<V> {
  if (stryMutAct_9fa48("1193")) {
    {}
  } else {
    stryCov_9fa48("1193");
    const one = (stryMutAct_9fa48("1197") ? newestBlock >= 0 : stryMutAct_9fa48("1196") ? newestBlock <= 0 : stryMutAct_9fa48("1195") ? false : stryMutAct_9fa48("1194") ? true : (stryCov_9fa48("1194", "1195", "1196", "1197"), newestBlock < 0)) ? tree : treeWith(tree, newestBlock << BITS, newest);
    return (stryMutAct_9fa48("1201") ? olderBlock >= 0 : stryMutAct_9fa48("1200") ? olderBlock <= 0 : stryMutAct_9fa48("1199") ? false : stryMutAct_9fa48("1198") ? true : (stryCov_9fa48("1198", "1199", "1200", "1201"), olderBlock < 0)) ? one : treeWith(one, olderBlock << BITS, older);
  }
}

/**
 * Gives all entries as `[key, value]` pairs, by rising key, in a new array.
 *
 * @example
 * ```ts
 * trieEntries(trieSet(emptyTrie<string>(), 7, 'seven')); // => [[7, 'seven']]
 * ```
 */
export function trieEntries<V>(trie: Trie<V>): [key: number, value: V][] {
  if (stryMutAct_9fa48("1202")) {
    {}
  } else {
    stryCov_9fa48("1202");
    const entries: [number, V][] = stryMutAct_9fa48("1203") ? ["Stryker was here"] : (stryCov_9fa48("1203"), []);
    trieForEach(trie, stryMutAct_9fa48("1204") ? () => undefined : (stryCov_9fa48("1204"), (value, key) => entries.push(stryMutAct_9fa48("1205") ? [] : (stryCov_9fa48("1205"), [key, value]))));
    return entries;
  }
}

/**
 * Calls `onChange` for each key whose value is not the same (by identity) in both tries, by rising key.
 *
 * Parts that both tries share are skipped whole, so that comparing a trie with one made from it takes time
 * proportional to the changes between them, whatever their size. An absent value is `undefined`.
 *
 * @example
 * ```ts
 * const before = trieSet(emptyTrie<string>(), 7, 'seven');
 * const after = trieSet(before, 8, 'eight');
 * const changes: unknown[] = [];
 * trieDiff(before, after, (...change) => changes.push(change));
 * changes; // => [[8, undefined, 'eight']]
 * ```
 */
export function trieDiff<V>(before: Trie<V>, after: Trie<V>, onChange: (key: number, before: V | undefined, after: V | undefined) => void): void {
  if (stryMutAct_9fa48("1206")) {
    {}
  } else {
    stryCov_9fa48("1206");
    if (stryMutAct_9fa48("1209") ? before !== after : stryMutAct_9fa48("1208") ? false : stryMutAct_9fa48("1207") ? true : (stryCov_9fa48("1207", "1208", "1209"), before === after)) return;
    const blocks: number[] = stryMutAct_9fa48("1210") ? ["Stryker was here"] : (stryCov_9fa48("1210"), []);
    const look = (block: number): void => {
      if (stryMutAct_9fa48("1211")) {
        {}
      } else {
        stryCov_9fa48("1211");
        if (stryMutAct_9fa48("1214") ? block >= 0 || leafOf(before, block) !== leafOf(after, block) : stryMutAct_9fa48("1213") ? false : stryMutAct_9fa48("1212") ? true : (stryCov_9fa48("1212", "1213", "1214"), (stryMutAct_9fa48("1217") ? block < 0 : stryMutAct_9fa48("1216") ? block > 0 : stryMutAct_9fa48("1215") ? true : (stryCov_9fa48("1215", "1216", "1217"), block >= 0)) && (stryMutAct_9fa48("1219") ? leafOf(before, block) === leafOf(after, block) : stryMutAct_9fa48("1218") ? true : (stryCov_9fa48("1218", "1219"), leafOf(before, block) !== leafOf(after, block))))) blocks.push(block);
      }
    };
    look(before.newestBlock);
    look(before.olderBlock);
    if (stryMutAct_9fa48("1222") ? false : stryMutAct_9fa48("1221") ? true : stryMutAct_9fa48("1220") ? isOpen(before, after.newestBlock) : (stryCov_9fa48("1220", "1221", "1222"), !isOpen(before, after.newestBlock))) look(after.newestBlock);
    if (stryMutAct_9fa48("1225") ? false : stryMutAct_9fa48("1224") ? true : stryMutAct_9fa48("1223") ? isOpen(before, after.olderBlock) : (stryCov_9fa48("1223", "1224", "1225"), !isOpen(before, after.olderBlock))) look(after.olderBlock);
    diffLeaves(before.tree, after.tree, start => {
      if (stryMutAct_9fa48("1226")) {
        {}
      } else {
        stryCov_9fa48("1226");
        const block = start >>> BITS;
        if (stryMutAct_9fa48("1229") ? !isOpen(before, block) || !isOpen(after, block) : stryMutAct_9fa48("1228") ? false : stryMutAct_9fa48("1227") ? true : (stryCov_9fa48("1227", "1228", "1229"), (stryMutAct_9fa48("1230") ? isOpen(before, block) : (stryCov_9fa48("1230"), !isOpen(before, block))) && (stryMutAct_9fa48("1231") ? isOpen(after, block) : (stryCov_9fa48("1231"), !isOpen(after, block))))) look(block);
      }
    });
    if (stryMutAct_9fa48("1235") ? blocks.length <= 1 : stryMutAct_9fa48("1234") ? blocks.length >= 1 : stryMutAct_9fa48("1233") ? false : stryMutAct_9fa48("1232") ? true : (stryCov_9fa48("1232", "1233", "1234", "1235"), blocks.length > 1)) stryMutAct_9fa48("1236") ? blocks : (stryCov_9fa48("1236"), blocks.sort(stryMutAct_9fa48("1237") ? () => undefined : (stryCov_9fa48("1237"), (a, b) => stryMutAct_9fa48("1238") ? a + b : (stryCov_9fa48("1238"), a - b))));
    for (const block of blocks) {
      if (stryMutAct_9fa48("1239")) {
        {}
      } else {
        stryCov_9fa48("1239");
        diffSlots(leafOf(before, block), leafOf(after, block), block << BITS, onChange);
      }
    }
  }
}

/** Whether the leaf of a block lies beside the tree. */
function isOpen({
  newestBlock,
  olderBlock
}: Trie<unknown>, block: number): boolean {
  if (stryMutAct_9fa48("1240")) {
    {}
  } else {
    stryCov_9fa48("1240");
    return stryMutAct_9fa48("1243") ? block === newestBlock && block === olderBlock : stryMutAct_9fa48("1242") ? false : stryMutAct_9fa48("1241") ? true : (stryCov_9fa48("1241", "1242", "1243"), (stryMutAct_9fa48("1245") ? block !== newestBlock : stryMutAct_9fa48("1244") ? false : (stryCov_9fa48("1244", "1245"), block === newestBlock)) || (stryMutAct_9fa48("1247") ? block !== olderBlock : stryMutAct_9fa48("1246") ? false : (stryCov_9fa48("1246", "1247"), block === olderBlock)));
  }
}
function diffSlots<V>(before: TrieNode<V>, after: TrieNode<V>, start: number, onChange: (key: number, before: V | undefined, after: V | undefined) => void): void {
  if (stryMutAct_9fa48("1248")) {
    {}
  } else {
    stryCov_9fa48("1248");
    for (let key = start; stryMutAct_9fa48("1251") ? key >= start + SLOTS : stryMutAct_9fa48("1250") ? key <= start + SLOTS : stryMutAct_9fa48("1249") ? false : (stryCov_9fa48("1249", "1250", "1251"), key < (stryMutAct_9fa48("1252") ? start - SLOTS : (stryCov_9fa48("1252"), start + SLOTS))); stryMutAct_9fa48("1253") ? key-- : (stryCov_9fa48("1253"), key++)) {
      if (stryMutAct_9fa48("1254")) {
        {}
      } else {
        stryCov_9fa48("1254");
        const a = valueAt(before, key);
        const b = valueAt(after, key);
        if (stryMutAct_9fa48("1257") ? a === b : stryMutAct_9fa48("1256") ? false : stryMutAct_9fa48("1255") ? true : (stryCov_9fa48("1255", "1256", "1257"), a !== b)) onChange(key, a, b);
      }
    }
  }
}
function checkKey(key: number): void {
  if (stryMutAct_9fa48("1258")) {
    {}
  } else {
    stryCov_9fa48("1258");
    if (stryMutAct_9fa48("1261") ? (key & MAXIMUM_KEY) !== key && key === 0 : stryMutAct_9fa48("1260") ? false : stryMutAct_9fa48("1259") ? true : (stryCov_9fa48("1259", "1260", "1261"), (stryMutAct_9fa48("1263") ? (key & MAXIMUM_KEY) === key : stryMutAct_9fa48("1262") ? false : (stryCov_9fa48("1262", "1263"), (key & MAXIMUM_KEY) !== key)) || (stryMutAct_9fa48("1265") ? key !== 0 : stryMutAct_9fa48("1264") ? false : (stryCov_9fa48("1264", "1265"), key === 0)))) {
      if (stryMutAct_9fa48("1266")) {
        {}
      } else {
        stryCov_9fa48("1266");
        throw new RangeError(stryMutAct_9fa48("1267") ? `` : (stryCov_9fa48("1267"), `key must be an integer from 1 to ${MAXIMUM_KEY}, not ${String(key)}`));
      }
    }
  }
}