// @ts-nocheck
// pure: a persistent 16-way trie keyed by packet identifier, whose old versions stay valid for ever
import {
  BITS,
  diffLeaves,
  forEachLeaf,
  freeInLeaf,
  freeInTree,
  leafAt,
  leafWith,
  MAXIMUM_KEY,
  NO_SLOTS,
  NO_TREE,
  SLOTS,
  type Tree,
  type TrieNode,
  treeWith,
  valueAt,
} from './trie-nodes.js';

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

const EMPTY: Trie<never> = {
  tree: NO_TREE,
  newest: NO_SLOTS,
  newestBlock: -1,
  older: NO_SLOTS,
  olderBlock: -1,
  size: 0,
};

/**
 * Gives the trie without entries, always the same object.
 *
 * @example
 * ```ts
 * trieSize(emptyTrie()); // => 0
 * ```
 */
export function emptyTrie<V>(): Trie<V> {
  return EMPTY;
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
  return trie.size;
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
  checkKey(key);
  return valueAt(leafOf(trie, key >>> BITS), key);
}

/** The leaf of a block as it is now; one without entries where there is none. */
function leafOf<V>(trie: Trie<V>, block: number): TrieNode<V> {
  if (block === trie.newestBlock) return trie.newest;
  if (block === trie.olderBlock) return trie.older;
  return leafAt(trie.tree, block << BITS) ?? NO_SLOTS;
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
  checkKey(key);
  const block = key >>> BITS;
  const leaf = leafOf(trie, block);
  const previous = valueAt(leaf, key);
  if (previous === value) return trie;
  const size = trie.size + (value === undefined ? -1 : previous === undefined ? 1 : 0);
  if (size === 0) return EMPTY;
  const newest = leafWith(leaf, key, value);
  const { newestBlock, olderBlock } = trie;
  if (block === newestBlock) {
    return { tree: trie.tree, newest, newestBlock, older: trie.older, olderBlock, size };
  }
  // A third block: the one that was changed longest ago goes back into the tree.
  const tree =
    block === olderBlock || olderBlock < 0 ? trie.tree : treeWith(trie.tree, olderBlock << BITS, trie.older);
  return { tree, newest, newestBlock: block, older: trie.newest, olderBlock: newestBlock, size };
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
  return trieSet(trie, key, undefined);
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
  checkKey(from);
  const { newest, newestBlock, older, olderBlock } = trie;
  // What the next identifier is taken from, as a rule.
  const a = freeInOpen(newest, newestBlock, from);
  if (a === from) return a;
  const b = freeInOpen(older, olderBlock, from);
  if (b === from) return b;
  let c = freeInTree(trie.tree, from);
  while (c >= 0 && (c >>> BITS === newestBlock || c >>> BITS === olderBlock)) {
    const next = ((c >>> BITS) + 1) << BITS;
    c = next > MAXIMUM_KEY ? -1 : freeInTree(trie.tree, next);
  }
  return lowest(lowest(a, b), c);
}

/** The first free key from `from` on in a leaf beside the tree, or -1. */
function freeInOpen(leaf: TrieNode<unknown>, block: number, from: number): number {
  const start = block << BITS;
  if (block < 0 || from >= start + SLOTS) return -1;
  const found = freeInLeaf(leaf, Math.max(0, from - start));
  return found < 0 ? -1 : start + found;
}

/** The lower of two keys, of which -1 is none. */
function lowest(a: number, b: number): number {
  return a < 0 || b < 0 ? Math.max(a, b) : Math.min(a, b);
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
  forEachLeaf(wholeTree(trie), (leaf, start) => {
    for (let key = start; key < start + SLOTS; key++) {
      const value = valueAt(leaf, key);
      if (value !== undefined) visit(value, key);
    }
  });
}

/** The tree with the two leaves in their places. */
function wholeTree<V>({ tree, newest, newestBlock, older, olderBlock }: Trie<V>): Tree<V> {
  const one = newestBlock < 0 ? tree : treeWith(tree, newestBlock << BITS, newest);
  return olderBlock < 0 ? one : treeWith(one, olderBlock << BITS, older);
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
  const entries: [number, V][] = [];
  trieForEach(trie, (value, key) => entries.push([key, value]));
  return entries;
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
export function trieDiff<V>(
  before: Trie<V>,
  after: Trie<V>,
  onChange: (key: number, before: V | undefined, after: V | undefined) => void,
): void {
  if (before === after) return;
  const blocks: number[] = [];
  const look = (block: number): void => {
    if (block >= 0 && leafOf(before, block) !== leafOf(after, block)) blocks.push(block);
  };
  look(before.newestBlock);
  look(before.olderBlock);
  if (!isOpen(before, after.newestBlock)) look(after.newestBlock);
  if (!isOpen(before, after.olderBlock)) look(after.olderBlock);
  diffLeaves(before.tree, after.tree, (start) => {
    const block = start >>> BITS;
    if (!isOpen(before, block) && !isOpen(after, block)) look(block);
  });
  if (blocks.length > 1) blocks.sort((a, b) => a - b);
  for (const block of blocks) {
    diffSlots(leafOf(before, block), leafOf(after, block), block << BITS, onChange);
  }
}

/** Whether the leaf of a block lies beside the tree. */
function isOpen({ newestBlock, olderBlock }: Trie<unknown>, block: number): boolean {
  return block === newestBlock || block === olderBlock;
}

function diffSlots<V>(
  before: TrieNode<V>,
  after: TrieNode<V>,
  start: number,
  onChange: (key: number, before: V | undefined, after: V | undefined) => void,
): void {
  for (let key = start; key < start + SLOTS; key++) {
    const a = valueAt(before, key);
    const b = valueAt(after, key);
    if (a !== b) onChange(key, a, b);
  }
}

function checkKey(key: number): void {
  if ((key & MAXIMUM_KEY) !== key || key === 0) {
    throw new RangeError(`key must be an integer from 1 to ${MAXIMUM_KEY}, not ${String(key)}`);
  }
}
