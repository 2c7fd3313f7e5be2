// @ts-nocheck
// pure: the nodes of the persistent trie, and what can be done to a tree of them

/**
 * One node: sixteen slots, holding values at the lowest level and child nodes above it, and after them two words of
 * sixteen bits, which say of each slot whether it is occupied and whether everything below it is.
 * `undefined` is an empty slot; a node with no occupied slot never stays in a tree.
 */
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
const SLOT_MASK = SLOTS - 1;
/** The largest key. */
export const MAXIMUM_KEY = 0xffff;
/** Where the words are that say which slots are occupied, and which have no free key below them. */
const USED = SLOTS;
const FULL = SLOTS + 1;
const ALL = 0xffff;

const u = undefined;
/** A leaf without entries. */
export const NO_SLOTS: TrieNode<never> = [u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, 0, 0];

/** The tree without entries. */
export const NO_TREE: Tree<never> = { root: undefined, shift: 0, base: 0 };

// The three readers below state the invariant that types cannot: level and place tell what a node holds.

/** One of the two words of a node. */
function wordOf(node: TrieNode<unknown>, which: number): number {
  return node[which] as number;
}

/** What a node above the lowest level has in a slot. */
function childAt<V>(node: TrieNode<V>, slot: number): TrieNode<V> | undefined {
  return node[slot] as TrieNode<V> | undefined;
}

/** What a leaf has for a key. */
export function valueAt<V>(leaf: TrieNode<V>, key: number): V | undefined {
  return leaf[key & SLOT_MASK] as V | undefined;
}

/** The first key of the block that a node at this shift covers around the key. */
function blockOf(key: number, shift: number): number {
  return (key >>> (shift + BITS)) << (shift + BITS);
}

/** The lowest shift, from the given one up, at which one node covers both keys. */
function commonShift(shift: number, a: number, b: number): number {
  let common = shift;
  while ((a ^ b) >>> (common + BITS) !== 0) common += BITS;
  return common;
}

/**
 * A copy to be filled before anyone else sees it, of an empty node when there is none. Reading slot by slot into
 * a literal of known length is measurably faster here than `slice` or spread.
 */
function fresh<V>(node: TrieNode<V> | undefined): FreshNode<V> {
  const n: TrieNode<V> = node ?? NO_SLOTS;
  // biome-ignore format: one block of eighteen reads
  return [n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12], n[13], n[14], n[15], n[16], n[17]];
}

/** The leaf with the value for a key, or without one for `undefined`; it may be left without entries. */
export function leafWith<V>(leaf: TrieNode<V>, key: number, value: V | undefined): TrieNode<V> {
  const copy = fresh(leaf);
  const slot = key & SLOT_MASK;
  copy[slot] = value;
  const used = value === undefined ? wordOf(leaf, USED) & ~(1 << slot) : wordOf(leaf, USED) | (1 << slot);
  copy[USED] = used;
  copy[FULL] = used;
  return copy;
}

/** The leaf of the tree whose block has that key, if there is one. */
export function leafAt<V>({ root, shift, base }: Tree<V>, key: number): TrieNode<V> | undefined {
  let node = root;
  if ((key ^ base) >>> (shift + BITS) !== 0) return undefined;
  for (let level = shift; node !== undefined && level > 0; level -= BITS) {
    node = childAt(node, (key >>> level) & SLOT_MASK);
  }
  return node;
}

/** The tree with that leaf in the place of the key's block; a leaf without entries takes the block out. */
export function treeWith<V>(tree: Tree<V>, key: number, leaf: TrieNode<V>): Tree<V> {
  if (wordOf(leaf, USED) === 0) return leafAt(tree, key) === undefined ? tree : treeWithout(tree, key);
  const shift = tree.root === undefined ? 0 : commonShift(tree.shift, tree.base, key);
  return { root: withLeaf(lift(tree, shift), shift, key, leaf), shift, base: blockOf(key, shift) };
}

function treeWithout<V>(tree: Tree<V>, key: number): Tree<V> {
  let { shift, base } = tree;
  let root = without(tree.root!, shift, key);
  if (root === undefined) return NO_TREE;
  while (shift > 0) {
    const slot = onlySlot(root);
    const child: TrieNode<V> | undefined = slot < 0 ? undefined : childAt(root, slot);
    if (child === undefined) break;
    base |= slot << shift;
    shift -= BITS;
    root = child;
  }
  return { root, shift, base };
}

/** The root with nodes of a single child put above it, until the topmost stands at the given shift. */
function lift<V>({ root, shift, base }: Tree<V>, to: number): TrieNode<V> | undefined {
  let node = root;
  for (let level = shift + BITS; node !== undefined && level <= to; level += BITS) {
    const parent = fresh<V>(undefined);
    const slot = (base >>> level) & SLOT_MASK;
    parent[slot] = node;
    parent[USED] = 1 << slot;
    if (wordOf(node, FULL) === ALL) parent[FULL] = 1 << slot;
    node = parent;
  }
  return node;
}

function withLeaf<V>(
  node: TrieNode<V> | undefined,
  shift: number,
  key: number,
  leaf: TrieNode<V>,
): TrieNode<V> {
  if (shift === 0) return leaf;
  const copy = fresh(node);
  const slot = (key >>> shift) & SLOT_MASK;
  const bit = 1 << slot;
  const child = withLeaf(childAt(copy, slot), shift - BITS, key, leaf);
  copy[slot] = child;
  copy[USED] = wordOf(copy, USED) | bit;
  const full = wordOf(copy, FULL);
  copy[FULL] = wordOf(child, FULL) === ALL ? full | bit : full & ~bit;
  return copy;
}

/** The node without the leaf of that key, or `undefined` when nothing else was in it. The leaf must be there. */
function without<V>(node: TrieNode<V>, shift: number, key: number): TrieNode<V> | undefined {
  if (shift === 0) return undefined;
  const slot = (key >>> shift) & SLOT_MASK;
  const rest = without(childAt(node, slot)!, shift - BITS, key);
  const bit = 1 << slot;
  const used = wordOf(node, USED);
  if (rest === undefined && used === bit) return undefined;
  const copy = fresh(node);
  copy[slot] = rest;
  if (rest === undefined) copy[USED] = used ^ bit;
  copy[FULL] = wordOf(node, FULL) & ~bit;
  return copy;
}

/** The occupied slot when there is exactly one, else -1. */
function onlySlot(node: TrieNode<unknown>): number {
  const used = wordOf(node, USED);
  return used === (used & -used) ? lowestBit(used) : -1;
}

/** The number of the lowest bit that is 1, or -1 when there is none. */
function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** The first free key of a leaf, counted from the start of its block, that is not below `from`; -1 for none. */
export function freeInLeaf(leaf: TrieNode<unknown>, from: number): number {
  return lowestBit(~wordOf(leaf, USED) & (ALL << from) & ALL);
}

/** The first key of the tree from `from` on that has no value, or -1 when there is none up to the largest. */
export function freeInTree({ root, shift, base }: Tree<unknown>, from: number): number {
  if (root === undefined || (from ^ base) >>> (shift + BITS) !== 0) return from;
  const found = freeFrom(root, shift, from & ((SLOTS << shift) - 1));
  if (found >= 0) return base | found;
  const next = base + (SLOTS << shift);
  return next > MAXIMUM_KEY ? -1 : next;
}

function freeFrom(node: TrieNode<unknown>, shift: number, from: number): number {
  if (shift === 0) return freeInLeaf(node, from);
  const slot = from >>> shift;
  const below = from & ((1 << shift) - 1);
  const child = childAt(node, slot);
  const found = child === undefined ? below : freeFrom(child, shift - BITS, below);
  if (found >= 0) return (slot << shift) | found;
  const later = lowestBit(~wordOf(node, FULL) & (-2 << slot) & ALL);
  if (later < 0) return -1;
  const next = childAt(node, later);
  return (later << shift) | (next === undefined ? 0 : freeFrom(next, shift - BITS, 0));
}

/** Calls `visit` with each leaf of a tree and the first key of its block, by rising key. */
export function forEachLeaf<V>(
  { root, shift, base }: Tree<V>,
  visit: (leaf: TrieNode<V>, start: number) => void,
): void {
  if (root !== undefined) visitLeaves(root, shift, base, visit);
}

function visitLeaves<V>(
  node: TrieNode<V>,
  shift: number,
  base: number,
  visit: (leaf: TrieNode<V>, start: number) => void,
): void {
  if (shift === 0) {
    visit(node, base);
    return;
  }
  for (let slot = 0; slot < SLOTS; slot++) {
    const child = childAt(node, slot);
    if (child !== undefined) visitLeaves(child, shift - BITS, base | (slot << shift), visit);
  }
}

/** Calls `onDifferent` with the first key of each block whose leaves are not the same. */
export function diffLeaves<V>(before: Tree<V>, after: Tree<V>, onDifferent: (start: number) => void): void {
  if (before.root === after.root) return;
  const shift = commonShift(Math.max(before.shift, after.shift), before.base, after.base);
  diffNodes(lift(before, shift), lift(after, shift), shift, blockOf(before.base, shift), onDifferent);
}

function diffNodes<V>(
  before: TrieNode<V> | undefined,
  after: TrieNode<V> | undefined,
  shift: number,
  base: number,
  onDifferent: (start: number) => void,
): void {
  if (shift === 0) {
    onDifferent(base);
    return;
  }
  const a: TrieNode<V> = before ?? NO_SLOTS;
  const b: TrieNode<V> = after ?? NO_SLOTS;
  for (let slot = 0; slot < SLOTS; slot++) {
    if (a[slot] === b[slot]) continue;
    diffNodes(childAt(a, slot), childAt(b, slot), shift - BITS, base | (slot << shift), onDifferent);
  }
}
