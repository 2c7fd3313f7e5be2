// @ts-nocheck
// pure: the nodes of the persistent trie, and what can be done to a tree of them

/**
 * One node: sixteen slots, holding values at the lowest level and child nodes above it, and after them two words of
 * sixteen bits, which say of each slot whether it is occupied and whether everything below it is.
 * `undefined` is an empty slot; a node with no occupied slot never stays in a tree.
 */function stryNS_9fa48() {
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
export type TrieNode<V> = readonly (TrieNode<V> | V | number | undefined)[];

/**
 * A tree of nodes. The root covers only the range of keys that is in use: the sixteen keys of a leaf, or the smallest
 * larger block around all keys. A window of identifiers that travels from 1 to 65535 is therefore as cheap at its end
 * as at its start.
 */
export interface Tree<V> {
  /** The topmost node, or `undefined` when the tree is empty. */
  readonly root: TrieNode<V> | undefined;
  /** How far a key is shifted right to get its slot in the root: 0, 4, 8 or 12. */
  readonly shift: number;
  /** The first key of the block that the root covers; its low `shift + 4` bits are 0. */
  readonly base: number;
}
type FreshNode<V> = (TrieNode<V> | V | number | undefined)[];

/** How many bits of a key each level takes. */
export const BITS = 4;
/** How many slots a node has. */
export const SLOTS: number = 1 << BITS;
const SLOT_MASK = stryMutAct_9fa48("882") ? SLOTS + 1 : (stryCov_9fa48("882"), SLOTS - 1);
/** The largest key. */
export const MAXIMUM_KEY = 0xffff;
/** Where the words are that say which slots are occupied, and which have no free key below them. */
const USED = SLOTS;
const FULL = stryMutAct_9fa48("883") ? SLOTS - 1 : (stryCov_9fa48("883"), SLOTS + 1);
const ALL = 0xffff;
const u = undefined;
/** A leaf without entries. */
export const NO_SLOTS: TrieNode<never> = stryMutAct_9fa48("884") ? [] : (stryCov_9fa48("884"), [u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, 0, 0]);

/** The tree without entries. */
export const NO_TREE: Tree<never> = stryMutAct_9fa48("885") ? {} : (stryCov_9fa48("885"), {
  root: undefined,
  shift: 0,
  base: 0
});

// The three readers below state the invariant that types cannot: level and place tell what a node holds.

/** One of the two words of a node. */
function wordOf(node: TrieNode<unknown>, which: number): number {
  if (stryMutAct_9fa48("886")) {
    {}
  } else {
    stryCov_9fa48("886");
    return node[which] as number;
  }
}

/** What a node above the lowest level has in a slot. */
function childAt<V>(node: TrieNode<V>, slot: number): TrieNode<V> | undefined {
  if (stryMutAct_9fa48("887")) {
    {}
  } else {
    stryCov_9fa48("887");
    return node[slot] as TrieNode<V> | undefined;
  }
}

/** What a leaf has for a key. */
export function valueAt<V>(leaf: TrieNode<V>, key: number): V | undefined {
  if (stryMutAct_9fa48("888")) {
    {}
  } else {
    stryCov_9fa48("888");
    return leaf[key & SLOT_MASK] as V | undefined;
  }
}

/** The first key of the block that a node at this shift covers around the key. */
function blockOf(key: number, shift: number): number {
  if (stryMutAct_9fa48("889")) {
    {}
  } else {
    stryCov_9fa48("889");
    return key >>> (stryMutAct_9fa48("890") ? shift - BITS : (stryCov_9fa48("890"), shift + BITS)) << (stryMutAct_9fa48("891") ? shift - BITS : (stryCov_9fa48("891"), shift + BITS));
  }
}

/** The lowest shift, from the given one up, at which one node covers both keys. */
function commonShift(shift: number, a: number, b: number): number {
  if (stryMutAct_9fa48("892")) {
    {}
  } else {
    stryCov_9fa48("892");
    let common = shift;
    while (stryMutAct_9fa48("894") ? (a ^ b) >>> common + BITS === 0 : stryMutAct_9fa48("893") ? false : (stryCov_9fa48("893", "894"), (a ^ b) >>> (stryMutAct_9fa48("895") ? common - BITS : (stryCov_9fa48("895"), common + BITS)) !== 0)) stryMutAct_9fa48("896") ? common -= BITS : (stryCov_9fa48("896"), common += BITS);
    return common;
  }
}

/**
 * A copy to be filled before anyone else sees it, of an empty node when there is none. Reading slot by slot into
 * a literal of known length is measurably faster here than `slice` or spread.
 */
function fresh<V>(node: TrieNode<V> | undefined): FreshNode<V> {
  if (stryMutAct_9fa48("897")) {
    {}
  } else {
    stryCov_9fa48("897");
    const n: TrieNode<V> = stryMutAct_9fa48("898") ? node && NO_SLOTS : (stryCov_9fa48("898"), node ?? NO_SLOTS);
    // biome-ignore format: one block of eighteen reads
    return stryMutAct_9fa48("899") ? [] : (stryCov_9fa48("899"), [n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12], n[13], n[14], n[15], n[16], n[17]]);
  }
}

/** The leaf with the value for a key, or without one for `undefined`; it may be left without entries. */
export function leafWith<V>(leaf: TrieNode<V>, key: number, value: V | undefined): TrieNode<V> {
  if (stryMutAct_9fa48("900")) {
    {}
  } else {
    stryCov_9fa48("900");
    const copy = fresh(leaf);
    const slot = key & SLOT_MASK;
    copy[slot] = value;
    const used = (stryMutAct_9fa48("903") ? value !== undefined : stryMutAct_9fa48("902") ? false : stryMutAct_9fa48("901") ? true : (stryCov_9fa48("901", "902", "903"), value === undefined)) ? wordOf(leaf, USED) & (stryMutAct_9fa48("904") ? 1 << slot : (stryCov_9fa48("904"), ~(1 << slot))) : wordOf(leaf, USED) | 1 << slot;
    copy[USED] = used;
    copy[FULL] = used;
    return copy;
  }
}

/** The leaf of the tree whose block has that key, if there is one. */
export function leafAt<V>({
  root,
  shift,
  base
}: Tree<V>, key: number): TrieNode<V> | undefined {
  if (stryMutAct_9fa48("905")) {
    {}
  } else {
    stryCov_9fa48("905");
    let node = root;
    if (stryMutAct_9fa48("908") ? (key ^ base) >>> shift + BITS === 0 : stryMutAct_9fa48("907") ? false : stryMutAct_9fa48("906") ? true : (stryCov_9fa48("906", "907", "908"), (key ^ base) >>> (stryMutAct_9fa48("909") ? shift - BITS : (stryCov_9fa48("909"), shift + BITS)) !== 0)) return undefined;
    for (let level = shift; stryMutAct_9fa48("911") ? node !== undefined || level > 0 : stryMutAct_9fa48("910") ? false : (stryCov_9fa48("910", "911"), (stryMutAct_9fa48("913") ? node === undefined : stryMutAct_9fa48("912") ? true : (stryCov_9fa48("912", "913"), node !== undefined)) && (stryMutAct_9fa48("916") ? level <= 0 : stryMutAct_9fa48("915") ? level >= 0 : stryMutAct_9fa48("914") ? true : (stryCov_9fa48("914", "915", "916"), level > 0))); stryMutAct_9fa48("917") ? level += BITS : (stryCov_9fa48("917"), level -= BITS)) {
      if (stryMutAct_9fa48("918")) {
        {}
      } else {
        stryCov_9fa48("918");
        node = childAt(node, key >>> level & SLOT_MASK);
      }
    }
    return node;
  }
}

/** The tree with that leaf in the place of the key's block; a leaf without entries takes the block out. */
export function treeWith<V>(tree: Tree<V>, key: number, leaf: TrieNode<V>): Tree<V> {
  if (stryMutAct_9fa48("919")) {
    {}
  } else {
    stryCov_9fa48("919");
    if (stryMutAct_9fa48("922") ? wordOf(leaf, USED) !== 0 : stryMutAct_9fa48("921") ? false : stryMutAct_9fa48("920") ? true : (stryCov_9fa48("920", "921", "922"), wordOf(leaf, USED) === 0)) return (stryMutAct_9fa48("925") ? leafAt(tree, key) !== undefined : stryMutAct_9fa48("924") ? false : stryMutAct_9fa48("923") ? true : (stryCov_9fa48("923", "924", "925"), leafAt(tree, key) === undefined)) ? tree : treeWithout(tree, key);
    const shift = (stryMutAct_9fa48("928") ? tree.root !== undefined : stryMutAct_9fa48("927") ? false : stryMutAct_9fa48("926") ? true : (stryCov_9fa48("926", "927", "928"), tree.root === undefined)) ? 0 : commonShift(tree.shift, tree.base, key);
    return stryMutAct_9fa48("929") ? {} : (stryCov_9fa48("929"), {
      root: withLeaf(lift(tree, shift), shift, key, leaf),
      shift,
      base: blockOf(key, shift)
    });
  }
}
function treeWithout<V>(tree: Tree<V>, key: number): Tree<V> {
  if (stryMutAct_9fa48("930")) {
    {}
  } else {
    stryCov_9fa48("930");
    let {
      shift,
      base
    } = tree;
    let root = without(tree.root!, shift, key);
    if (stryMutAct_9fa48("933") ? root !== undefined : stryMutAct_9fa48("932") ? false : stryMutAct_9fa48("931") ? true : (stryCov_9fa48("931", "932", "933"), root === undefined)) return NO_TREE;
    while (stryMutAct_9fa48("936") ? shift <= 0 : stryMutAct_9fa48("935") ? shift >= 0 : stryMutAct_9fa48("934") ? false : (stryCov_9fa48("934", "935", "936"), shift > 0)) {
      if (stryMutAct_9fa48("937")) {
        {}
      } else {
        stryCov_9fa48("937");
        const slot = onlySlot(root);
        const child: TrieNode<V> | undefined = (stryMutAct_9fa48("941") ? slot >= 0 : stryMutAct_9fa48("940") ? slot <= 0 : stryMutAct_9fa48("939") ? false : stryMutAct_9fa48("938") ? true : (stryCov_9fa48("938", "939", "940", "941"), slot < 0)) ? undefined : childAt(root, slot);
        if (stryMutAct_9fa48("944") ? child !== undefined : stryMutAct_9fa48("943") ? false : stryMutAct_9fa48("942") ? true : (stryCov_9fa48("942", "943", "944"), child === undefined)) break;
        stryMutAct_9fa48("945") ? base &= slot << shift : (stryCov_9fa48("945"), base |= slot << shift);
        stryMutAct_9fa48("946") ? shift += BITS : (stryCov_9fa48("946"), shift -= BITS);
        root = child;
      }
    }
    return stryMutAct_9fa48("947") ? {} : (stryCov_9fa48("947"), {
      root,
      shift,
      base
    });
  }
}

/** The root with nodes of a single child put above it, until the topmost stands at the given shift. */
function lift<V>({
  root,
  shift,
  base
}: Tree<V>, to: number): TrieNode<V> | undefined {
  if (stryMutAct_9fa48("948")) {
    {}
  } else {
    stryCov_9fa48("948");
    let node = root;
    for (let level = stryMutAct_9fa48("949") ? shift - BITS : (stryCov_9fa48("949"), shift + BITS); stryMutAct_9fa48("951") ? node !== undefined || level <= to : stryMutAct_9fa48("950") ? false : (stryCov_9fa48("950", "951"), (stryMutAct_9fa48("953") ? node === undefined : stryMutAct_9fa48("952") ? true : (stryCov_9fa48("952", "953"), node !== undefined)) && (stryMutAct_9fa48("956") ? level > to : stryMutAct_9fa48("955") ? level < to : stryMutAct_9fa48("954") ? true : (stryCov_9fa48("954", "955", "956"), level <= to))); stryMutAct_9fa48("957") ? level -= BITS : (stryCov_9fa48("957"), level += BITS)) {
      if (stryMutAct_9fa48("958")) {
        {}
      } else {
        stryCov_9fa48("958");
        const parent = fresh<V>(undefined);
        const slot = base >>> level & SLOT_MASK;
        parent[slot] = node;
        parent[USED] = 1 << slot;
        if (stryMutAct_9fa48("961") ? wordOf(node, FULL) !== ALL : stryMutAct_9fa48("960") ? false : stryMutAct_9fa48("959") ? true : (stryCov_9fa48("959", "960", "961"), wordOf(node, FULL) === ALL)) parent[FULL] = 1 << slot;
        node = parent;
      }
    }
    return node;
  }
}
function withLeaf<V>(node: TrieNode<V> | undefined, shift: number, key: number, leaf: TrieNode<V>): TrieNode<V> {
  if (stryMutAct_9fa48("962")) {
    {}
  } else {
    stryCov_9fa48("962");
    if (stryMutAct_9fa48("965") ? shift !== 0 : stryMutAct_9fa48("964") ? false : stryMutAct_9fa48("963") ? true : (stryCov_9fa48("963", "964", "965"), shift === 0)) return leaf;
    const copy = fresh(node);
    const slot = key >>> shift & SLOT_MASK;
    const bit = 1 << slot;
    const child = withLeaf(childAt(copy, slot), stryMutAct_9fa48("966") ? shift + BITS : (stryCov_9fa48("966"), shift - BITS), key, leaf);
    copy[slot] = child;
    copy[USED] = wordOf(copy, USED) | bit;
    const full = wordOf(copy, FULL);
    copy[FULL] = (stryMutAct_9fa48("969") ? wordOf(child, FULL) !== ALL : stryMutAct_9fa48("968") ? false : stryMutAct_9fa48("967") ? true : (stryCov_9fa48("967", "968", "969"), wordOf(child, FULL) === ALL)) ? full | bit : full & (stryMutAct_9fa48("970") ? bit : (stryCov_9fa48("970"), ~bit));
    return copy;
  }
}

/** The node without the leaf of that key, or `undefined` when nothing else was in it. The leaf must be there. */
function without<V>(node: TrieNode<V>, shift: number, key: number): TrieNode<V> | undefined {
  if (stryMutAct_9fa48("971")) {
    {}
  } else {
    stryCov_9fa48("971");
    if (stryMutAct_9fa48("974") ? shift !== 0 : stryMutAct_9fa48("973") ? false : stryMutAct_9fa48("972") ? true : (stryCov_9fa48("972", "973", "974"), shift === 0)) return undefined;
    const slot = key >>> shift & SLOT_MASK;
    const rest = without(childAt(node, slot)!, stryMutAct_9fa48("975") ? shift + BITS : (stryCov_9fa48("975"), shift - BITS), key);
    const bit = 1 << slot;
    const used = wordOf(node, USED);
    if (stryMutAct_9fa48("978") ? rest === undefined || used === bit : stryMutAct_9fa48("977") ? false : stryMutAct_9fa48("976") ? true : (stryCov_9fa48("976", "977", "978"), (stryMutAct_9fa48("980") ? rest !== undefined : stryMutAct_9fa48("979") ? true : (stryCov_9fa48("979", "980"), rest === undefined)) && (stryMutAct_9fa48("982") ? used !== bit : stryMutAct_9fa48("981") ? true : (stryCov_9fa48("981", "982"), used === bit)))) return undefined;
    const copy = fresh(node);
    copy[slot] = rest;
    if (stryMutAct_9fa48("985") ? rest !== undefined : stryMutAct_9fa48("984") ? false : stryMutAct_9fa48("983") ? true : (stryCov_9fa48("983", "984", "985"), rest === undefined)) copy[USED] = used ^ bit;
    copy[FULL] = wordOf(node, FULL) & (stryMutAct_9fa48("986") ? bit : (stryCov_9fa48("986"), ~bit));
    return copy;
  }
}

/** The occupied slot when there is exactly one, else -1. */
function onlySlot(node: TrieNode<unknown>): number {
  if (stryMutAct_9fa48("987")) {
    {}
  } else {
    stryCov_9fa48("987");
    const used = wordOf(node, USED);
    return (stryMutAct_9fa48("990") ? used !== (used & -used) : stryMutAct_9fa48("989") ? false : stryMutAct_9fa48("988") ? true : (stryCov_9fa48("988", "989", "990"), used === (used & (stryMutAct_9fa48("991") ? +used : (stryCov_9fa48("991"), -used))))) ? lowestBit(used) : stryMutAct_9fa48("992") ? +1 : (stryCov_9fa48("992"), -1);
  }
}

/** The number of the lowest bit that is 1, or -1 when there is none. */
function lowestBit(word: number): number {
  if (stryMutAct_9fa48("993")) {
    {}
  } else {
    stryCov_9fa48("993");
    return stryMutAct_9fa48("994") ? 31 + Math.clz32(word & -word) : (stryCov_9fa48("994"), 31 - Math.clz32(word & (stryMutAct_9fa48("995") ? +word : (stryCov_9fa48("995"), -word))));
  }
}

/** The first free key of a leaf, counted from the start of its block, that is not below `from`; -1 for none. */
export function freeInLeaf(leaf: TrieNode<unknown>, from: number): number {
  if (stryMutAct_9fa48("996")) {
    {}
  } else {
    stryCov_9fa48("996");
    return lowestBit((stryMutAct_9fa48("997") ? wordOf(leaf, USED) : (stryCov_9fa48("997"), ~wordOf(leaf, USED))) & ALL << from & ALL);
  }
}

/** The first key of the tree from `from` on that has no value, or -1 when there is none up to the largest. */
export function freeInTree({
  root,
  shift,
  base
}: Tree<unknown>, from: number): number {
  if (stryMutAct_9fa48("998")) {
    {}
  } else {
    stryCov_9fa48("998");
    if (stryMutAct_9fa48("1001") ? root === undefined && (from ^ base) >>> shift + BITS !== 0 : stryMutAct_9fa48("1000") ? false : stryMutAct_9fa48("999") ? true : (stryCov_9fa48("999", "1000", "1001"), (stryMutAct_9fa48("1003") ? root !== undefined : stryMutAct_9fa48("1002") ? false : (stryCov_9fa48("1002", "1003"), root === undefined)) || (stryMutAct_9fa48("1005") ? (from ^ base) >>> shift + BITS === 0 : stryMutAct_9fa48("1004") ? false : (stryCov_9fa48("1004", "1005"), (from ^ base) >>> (stryMutAct_9fa48("1006") ? shift - BITS : (stryCov_9fa48("1006"), shift + BITS)) !== 0)))) return from;
    const found = freeFrom(root, shift, from & (stryMutAct_9fa48("1007") ? (SLOTS << shift) + 1 : (stryCov_9fa48("1007"), (SLOTS << shift) - 1)));
    if (stryMutAct_9fa48("1011") ? found < 0 : stryMutAct_9fa48("1010") ? found > 0 : stryMutAct_9fa48("1009") ? false : stryMutAct_9fa48("1008") ? true : (stryCov_9fa48("1008", "1009", "1010", "1011"), found >= 0)) return base | found;
    const next = stryMutAct_9fa48("1012") ? base - (SLOTS << shift) : (stryCov_9fa48("1012"), base + (SLOTS << shift));
    return (stryMutAct_9fa48("1016") ? next <= MAXIMUM_KEY : stryMutAct_9fa48("1015") ? next >= MAXIMUM_KEY : stryMutAct_9fa48("1014") ? false : stryMutAct_9fa48("1013") ? true : (stryCov_9fa48("1013", "1014", "1015", "1016"), next > MAXIMUM_KEY)) ? stryMutAct_9fa48("1017") ? +1 : (stryCov_9fa48("1017"), -1) : next;
  }
}
function freeFrom(node: TrieNode<unknown>, shift: number, from: number): number {
  if (stryMutAct_9fa48("1018")) {
    {}
  } else {
    stryCov_9fa48("1018");
    if (stryMutAct_9fa48("1021") ? shift !== 0 : stryMutAct_9fa48("1020") ? false : stryMutAct_9fa48("1019") ? true : (stryCov_9fa48("1019", "1020", "1021"), shift === 0)) return freeInLeaf(node, from);
    const slot = from >>> shift;
    const below = from & (stryMutAct_9fa48("1022") ? (1 << shift) + 1 : (stryCov_9fa48("1022"), (1 << shift) - 1));
    const child = childAt(node, slot);
    const found = (stryMutAct_9fa48("1025") ? child !== undefined : stryMutAct_9fa48("1024") ? false : stryMutAct_9fa48("1023") ? true : (stryCov_9fa48("1023", "1024", "1025"), child === undefined)) ? below : freeFrom(child, stryMutAct_9fa48("1026") ? shift + BITS : (stryCov_9fa48("1026"), shift - BITS), below);
    if (stryMutAct_9fa48("1030") ? found < 0 : stryMutAct_9fa48("1029") ? found > 0 : stryMutAct_9fa48("1028") ? false : stryMutAct_9fa48("1027") ? true : (stryCov_9fa48("1027", "1028", "1029", "1030"), found >= 0)) return slot << shift | found;
    const later = lowestBit((stryMutAct_9fa48("1031") ? wordOf(node, FULL) : (stryCov_9fa48("1031"), ~wordOf(node, FULL))) & (stryMutAct_9fa48("1032") ? +2 : (stryCov_9fa48("1032"), -2)) << slot & ALL);
    if (stryMutAct_9fa48("1036") ? later >= 0 : stryMutAct_9fa48("1035") ? later <= 0 : stryMutAct_9fa48("1034") ? false : stryMutAct_9fa48("1033") ? true : (stryCov_9fa48("1033", "1034", "1035", "1036"), later < 0)) return stryMutAct_9fa48("1037") ? +1 : (stryCov_9fa48("1037"), -1);
    const next = childAt(node, later);
    return later << shift | ((stryMutAct_9fa48("1040") ? next !== undefined : stryMutAct_9fa48("1039") ? false : stryMutAct_9fa48("1038") ? true : (stryCov_9fa48("1038", "1039", "1040"), next === undefined)) ? 0 : freeFrom(next, stryMutAct_9fa48("1041") ? shift + BITS : (stryCov_9fa48("1041"), shift - BITS), 0));
  }
}

/** Calls `visit` with each leaf of a tree and the first key of its block, by rising key. */
export function forEachLeaf<V>({
  root,
  shift,
  base
}: Tree<V>, visit: (leaf: TrieNode<V>, start: number) => void): void {
  if (stryMutAct_9fa48("1042")) {
    {}
  } else {
    stryCov_9fa48("1042");
    if (stryMutAct_9fa48("1045") ? root === undefined : stryMutAct_9fa48("1044") ? false : stryMutAct_9fa48("1043") ? true : (stryCov_9fa48("1043", "1044", "1045"), root !== undefined)) visitLeaves(root, shift, base, visit);
  }
}
function visitLeaves<V>(node: TrieNode<V>, shift: number, base: number, visit: (leaf: TrieNode<V>, start: number) => void): void {
  if (stryMutAct_9fa48("1046")) {
    {}
  } else {
    stryCov_9fa48("1046");
    if (stryMutAct_9fa48("1049") ? shift !== 0 : stryMutAct_9fa48("1048") ? false : stryMutAct_9fa48("1047") ? true : (stryCov_9fa48("1047", "1048", "1049"), shift === 0)) {
      if (stryMutAct_9fa48("1050")) {
        {}
      } else {
        stryCov_9fa48("1050");
        visit(node, base);
        return;
      }
    }
    for (let slot = 0; stryMutAct_9fa48("1053") ? slot >= SLOTS : stryMutAct_9fa48("1052") ? slot <= SLOTS : stryMutAct_9fa48("1051") ? false : (stryCov_9fa48("1051", "1052", "1053"), slot < SLOTS); stryMutAct_9fa48("1054") ? slot-- : (stryCov_9fa48("1054"), slot++)) {
      if (stryMutAct_9fa48("1055")) {
        {}
      } else {
        stryCov_9fa48("1055");
        const child = childAt(node, slot);
        if (stryMutAct_9fa48("1058") ? child === undefined : stryMutAct_9fa48("1057") ? false : stryMutAct_9fa48("1056") ? true : (stryCov_9fa48("1056", "1057", "1058"), child !== undefined)) visitLeaves(child, stryMutAct_9fa48("1059") ? shift + BITS : (stryCov_9fa48("1059"), shift - BITS), base | slot << shift, visit);
      }
    }
  }
}

/** Calls `onDifferent` with the first key of each block whose leaves are not the same. */
export function diffLeaves<V>(before: Tree<V>, after: Tree<V>, onDifferent: (start: number) => void): void {
  if (stryMutAct_9fa48("1060")) {
    {}
  } else {
    stryCov_9fa48("1060");
    if (stryMutAct_9fa48("1063") ? before.root !== after.root : stryMutAct_9fa48("1062") ? false : stryMutAct_9fa48("1061") ? true : (stryCov_9fa48("1061", "1062", "1063"), before.root === after.root)) return;
    const shift = commonShift(stryMutAct_9fa48("1064") ? Math.min(before.shift, after.shift) : (stryCov_9fa48("1064"), Math.max(before.shift, after.shift)), before.base, after.base);
    diffNodes(lift(before, shift), lift(after, shift), shift, blockOf(before.base, shift), onDifferent);
  }
}
function diffNodes<V>(before: TrieNode<V> | undefined, after: TrieNode<V> | undefined, shift: number, base: number, onDifferent: (start: number) => void): void {
  if (stryMutAct_9fa48("1065")) {
    {}
  } else {
    stryCov_9fa48("1065");
    if (stryMutAct_9fa48("1068") ? shift !== 0 : stryMutAct_9fa48("1067") ? false : stryMutAct_9fa48("1066") ? true : (stryCov_9fa48("1066", "1067", "1068"), shift === 0)) {
      if (stryMutAct_9fa48("1069")) {
        {}
      } else {
        stryCov_9fa48("1069");
        onDifferent(base);
        return;
      }
    }
    const a: TrieNode<V> = stryMutAct_9fa48("1070") ? before && NO_SLOTS : (stryCov_9fa48("1070"), before ?? NO_SLOTS);
    const b: TrieNode<V> = stryMutAct_9fa48("1071") ? after && NO_SLOTS : (stryCov_9fa48("1071"), after ?? NO_SLOTS);
    for (let slot = 0; stryMutAct_9fa48("1074") ? slot >= SLOTS : stryMutAct_9fa48("1073") ? slot <= SLOTS : stryMutAct_9fa48("1072") ? false : (stryCov_9fa48("1072", "1073", "1074"), slot < SLOTS); stryMutAct_9fa48("1075") ? slot-- : (stryCov_9fa48("1075"), slot++)) {
      if (stryMutAct_9fa48("1076")) {
        {}
      } else {
        stryCov_9fa48("1076");
        if (stryMutAct_9fa48("1079") ? a[slot] !== b[slot] : stryMutAct_9fa48("1078") ? false : stryMutAct_9fa48("1077") ? true : (stryCov_9fa48("1077", "1078", "1079"), a[slot] === b[slot])) continue;
        diffNodes(childAt(a, slot), childAt(b, slot), stryMutAct_9fa48("1080") ? shift + BITS : (stryCov_9fa48("1080"), shift - BITS), base | slot << shift, onDifferent);
      }
    }
  }
}