// pure: a persistent 16-way trie keyed by packet identifier, whose old versions stay valid for ever

/**
 * One node: sixteen slots, holding values at the lowest level and child nodes above it.
 * `undefined` is an empty slot; a node with no occupied slot never stays in a trie.
 */
export type TrieNode<V> = readonly (TrieNode<V> | V | undefined)[];

/**
 * A map from packet identifiers (1 to 65535) to values, as plain data that is never changed.
 *
 * The root covers only the range of keys that is in use: the sixteen keys of a leaf, or the smallest larger
 * block around all keys. A window of identifiers that travels from 1 to 65535 is therefore as cheap at its end
 * as at its start. Equal contents always have equal structure.
 */
export interface Trie<V> {
  /** The topmost node, or `undefined` when the trie is empty. */
  readonly root: TrieNode<V> | undefined;
  /** How far a key is shifted right to get its slot in the root: 0, 4, 8 or 12. */
  readonly shift: number;
  /** The first key of the block that the root covers; its low `shift + 4` bits are 0. */
  readonly base: number;
  /** How many keys have a value. */
  readonly size: number;
}

type FreshNode<V> = (TrieNode<V> | V | undefined)[];

const BITS = 4;
const SLOTS = 1 << BITS;
const SLOT_MASK = SLOTS - 1;
const MAXIMUM_KEY = 0xffff;

const EMPTY: Trie<never> = { root: undefined, shift: 0, base: 0, size: 0 };

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
  return lookUp(trie, key);
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
export function trieSet<V>(trie: Trie<V>, key: number, value: V): Trie<V> {
  checkKey(key);
  if (value === undefined) return trieDelete(trie, key);
  const previous = lookUp(trie, key);
  if (previous === value) return trie;

  const shift = trie.size === 0 ? 0 : commonShift(trie.shift, trie.base, key);
  const root = fresh(lift(trie, shift));
  let node = root;
  for (let level = shift; level > 0; level -= BITS) {
    const slot = (key >>> level) & SLOT_MASK;
    const child = fresh(childAt(node, slot));
    node[slot] = child;
    node = child;
  }
  node[key & SLOT_MASK] = value;
  return { root, shift, base: blockOf(key, shift), size: previous === undefined ? trie.size + 1 : trie.size };
}

/**
 * Gives a trie in which the key has no value; the given trie stays as it was.
 *
 * The same trie comes back when the key has no value already. Nodes left empty are dropped and the root shrinks
 * to what is still covered; without its last entry a trie is `emptyTrie()` again.
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
  checkKey(key);
  if (trie.root === undefined || lookUp(trie, key) === undefined) return trie;
  let root = without(trie.root, trie.shift, key);
  if (root === undefined) return EMPTY;

  let { shift, base } = trie;
  while (shift > 0) {
    const slot = onlySlot(root);
    const child: TrieNode<V> | undefined = slot < 0 ? undefined : childAt(root, slot);
    if (child === undefined) break;
    base |= slot << shift;
    shift -= BITS;
    root = child;
  }
  return { root, shift, base, size: trie.size - 1 };
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
  if (trie.root !== undefined) visitNode(trie.root, trie.shift, trie.base, visit);
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
  if (before.root === after.root) return;
  const shift = commonShift(Math.max(before.shift, after.shift), before.base, after.base);
  const base = blockOf(before.base, shift);
  diffNodes(lift(before, shift), lift(after, shift), shift, base, onChange);
}

function checkKey(key: number): void {
  if ((key & MAXIMUM_KEY) !== key || key === 0) {
    throw new RangeError(`key must be an integer from 1 to ${MAXIMUM_KEY}, not ${String(key)}`);
  }
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

// The two readers below state the invariant that types cannot: the level tells what the slots hold.

/** What a node above the lowest level has in a slot. */
function childAt<V>(node: TrieNode<V>, slot: number): TrieNode<V> | undefined {
  return node[slot] as TrieNode<V> | undefined;
}

/** What a node of the lowest level has in a slot. */
function valueAt<V>(leaf: TrieNode<V>, slot: number): V | undefined {
  return leaf[slot] as V | undefined;
}

function lookUp<V>(trie: Trie<V>, key: number): V | undefined {
  let node = trie.root;
  if ((key ^ trie.base) >>> (trie.shift + BITS) !== 0) return undefined;
  for (let level = trie.shift; node !== undefined && level > 0; level -= BITS) {
    node = childAt(node, (key >>> level) & SLOT_MASK);
  }
  return node === undefined ? undefined : valueAt(node, key & SLOT_MASK);
}

/** The root with nodes of a single child put above it, until the topmost stands at the given shift. */
function lift<V>(trie: Trie<V>, shift: number): TrieNode<V> | undefined {
  let node = trie.root;
  for (let level = trie.shift + BITS; node !== undefined && level <= shift; level += BITS) {
    const parent = fresh<V>(undefined);
    parent[(trie.base >>> level) & SLOT_MASK] = node;
    node = parent;
  }
  return node;
}

/** The node without the key, or `undefined` when nothing else was in it. The key must be there. */
function without<V>(node: TrieNode<V>, shift: number, key: number): TrieNode<V> | undefined {
  const slot = (key >>> shift) & SLOT_MASK;
  const child = shift === 0 ? undefined : childAt(node, slot);
  const rest = child === undefined ? undefined : without(child, shift - BITS, key);
  if (rest === undefined && onlySlot(node) === slot) return undefined;
  const copy = fresh(node);
  copy[slot] = rest;
  return copy;
}

/** The occupied slot when there is exactly one, else -1. */
function onlySlot(node: TrieNode<unknown>): number {
  let only = -1;
  for (let slot = 0; slot < SLOTS; slot++) {
    if (node[slot] === undefined) continue;
    if (only >= 0) return -1;
    only = slot;
  }
  return only;
}

function visitNode<V>(
  node: TrieNode<V>,
  shift: number,
  base: number,
  visit: (value: V, key: number) => void,
): void {
  for (let slot = 0; slot < SLOTS; slot++) {
    if (shift > 0) {
      const child = childAt(node, slot);
      if (child !== undefined) visitNode(child, shift - BITS, base | (slot << shift), visit);
    } else {
      const value = valueAt(node, slot);
      if (value !== undefined) visit(value, base | slot);
    }
  }
}

function diffNodes<V>(
  before: TrieNode<V> | undefined,
  after: TrieNode<V> | undefined,
  shift: number,
  base: number,
  onChange: (key: number, before: V | undefined, after: V | undefined) => void,
): void {
  const a: TrieNode<V> = before ?? NO_SLOTS;
  const b: TrieNode<V> = after ?? NO_SLOTS;
  for (let slot = 0; slot < SLOTS; slot++) {
    if (a[slot] === b[slot]) continue;
    const key = base | (slot << shift);
    if (shift === 0) onChange(key, valueAt(a, slot), valueAt(b, slot));
    else diffNodes(childAt(a, slot), childAt(b, slot), shift - BITS, key, onChange);
  }
}

const u = undefined;
const NO_SLOTS: TrieNode<never> = [u, u, u, u, u, u, u, u, u, u, u, u, u, u, u, u];

/**
 * A copy to be filled before anyone else sees it, of an empty node when there is none. Reading slot by slot into
 * a literal of known length is measurably faster here than `slice` or spread.
 */
function fresh<V>(node: TrieNode<V> | undefined): FreshNode<V> {
  const n: TrieNode<V> = node ?? NO_SLOTS;
  // biome-ignore format: one block of sixteen reads
  return [n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12], n[13], n[14], n[15]];
}
