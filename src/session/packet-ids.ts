// pure: a persistent allocator of packet identifiers, one pool for publish, subscribe and unsubscribe

/**
 * Which identifiers of a block are in use: a tree of 16-bit words, three levels of nodes above them.
 *
 * In a word, bit n stands for the nth identifier. Anywhere in the tree the number 0 stands for a block with none
 * in use and 0xFFFF for a block with all in use.
 */
export type UsedIds = number | UsedIdsNode;

/** Sixteen blocks, and a word whose bit n says that the nth of them is all in use, which a search steps over. */
// biome-ignore format: four by four, and the word
export type UsedIdsNode = readonly [
  UsedIds, UsedIds, UsedIds, UsedIds, UsedIds, UsedIds, UsedIds, UsedIds,
  UsedIds, UsedIds, UsedIds, UsedIds, UsedIds, UsedIds, UsedIds, UsedIds,
  full: number,
];

/**
 * The state of a pool of packet identifiers (1 to 65535), as plain data that is never changed.
 *
 * Its stored form is `next` and `idsInUse(state)`, which `createPacketIds` takes back.
 */
export interface PacketIds {
  /** Where the search for the next free identifier starts: the one after the last given, 1 after 65535. */
  readonly next: number;
  /** How many identifiers are in use, 0 to 65535. */
  readonly inUse: number;
  /** The identifiers in use. */
  readonly used: UsedIds;
}

type FreshNode = { -readonly [slot in keyof UsedIdsNode]: UsedIdsNode[slot] };

const MAXIMUM_ID = 0xffff;
const BITS = 4;
const SLOTS = 1 << BITS;
const SLOT_MASK = SLOTS - 1;
const ROOT_SHIFT = 12;
const FULL = 16;
const NONE = 0;
const ALL = 0xffff;

/**
 * Gives a pool in which the given identifiers are in use and the search starts at `next`; without arguments a
 * new pool.
 *
 * @param next - 1 to 65535
 * @param used - identifiers from 1 to 65535 in any order; repeats count once
 * @throws RangeError when `next` or an identifier is no integer from 1 to 65535
 * @example
 * ```ts
 * const ids = createPacketIds(7, [7, 8]);
 * allocate(ids)?.[1]; // => 9
 * ```
 */
export function createPacketIds(next = 1, used: Iterable<number> = []): PacketIds {
  checkId(next);
  let state: PacketIds = { next, inUse: 0, used: NONE };
  for (const id of used) state = reserve(state, id);
  return state;
}

/**
 * Takes the first free identifier from the last one given on, round the corner from 65535 to 1; gives the new
 * state and the identifier, or `undefined` when all 65,535 are in use (MQTT 5.0 section 2.2.1, MQTT 3.1.1
 * section 2.3.1).
 *
 * An identifier just released is thus not given again at once. The cost does not depend on how many are in use.
 *
 * @example
 * ```ts
 * allocate(createPacketIds())?.[1]; // => 1
 * ```
 */
export function allocate(state: PacketIds): readonly [state: PacketIds, id: number] | undefined {
  if (state.inUse === MAXIMUM_ID) return undefined;
  let id = firstFree(state.used, ROOT_SHIFT, state.next);
  if (id < 0) id = firstFree(state.used, ROOT_SHIFT, 1);
  const next = id === MAXIMUM_ID ? 1 : id + 1;
  return [{ next, inUse: state.inUse + 1, used: flip(state.used, ROOT_SHIFT, id) }, id];
}

/**
 * Marks a given identifier as in use, as when a session is restored; `next` stays where it is, and the same
 * state comes back when the identifier is in use already.
 *
 * @param id - 1 to 65535
 * @throws RangeError when the identifier is no integer from 1 to 65535
 * @example
 * ```ts
 * const ids = reserve(createPacketIds(), 1);
 * allocate(ids)?.[1]; // => 2
 * ```
 */
export function reserve(state: PacketIds, id: number): PacketIds {
  if (isInUse(state, id)) return state;
  return { next: state.next, inUse: state.inUse + 1, used: flip(state.used, ROOT_SHIFT, id) };
}

/**
 * Makes an identifier free again; the same state comes back when it is free already.
 *
 * @param id - 1 to 65535
 * @throws RangeError when the identifier is no integer from 1 to 65535
 * @example
 * ```ts
 * const ids = reserve(createPacketIds(), 7);
 * countInUse(release(ids, 7)); // => 0
 * release(ids, 8) === ids; // => true
 * ```
 */
export function release(state: PacketIds, id: number): PacketIds {
  if (!isInUse(state, id)) return state;
  return { next: state.next, inUse: state.inUse - 1, used: flip(state.used, ROOT_SHIFT, id) };
}

/**
 * Tells whether an identifier is in use.
 *
 * @param id - 1 to 65535
 * @throws RangeError when the identifier is no integer from 1 to 65535
 * @example
 * ```ts
 * isInUse(reserve(createPacketIds(), 7), 7); // => true
 * ```
 */
export function isInUse(state: PacketIds, id: number): boolean {
  checkId(id);
  let block = state.used;
  for (let shift = ROOT_SHIFT; typeof block !== 'number'; shift -= BITS) {
    block = block[(id >>> shift) & SLOT_MASK]!;
  }
  // A number above the lowest level is NONE or ALL, and reads the same as a word.
  return ((block >>> (id & SLOT_MASK)) & 1) === 1;
}

/**
 * Gives the number of identifiers in use, 0 to 65535, at no cost.
 *
 * @example
 * ```ts
 * countInUse(createPacketIds(1, [7, 8])); // => 2
 * ```
 */
export function countInUse(state: PacketIds): number {
  return state.inUse;
}

/**
 * Gives the identifiers in use, rising, in a new array.
 *
 * @example
 * ```ts
 * idsInUse(createPacketIds(1, [8, 7])); // => [7, 8]
 * ```
 */
export function idsInUse(state: PacketIds): number[] {
  const ids: number[] = [];
  collect(state.used, ROOT_SHIFT, 0, ids);
  return ids;
}

function checkId(id: number): void {
  if ((id & MAXIMUM_ID) !== id || id === 0) {
    throw new RangeError(`packet identifier must be an integer from 1 to ${MAXIMUM_ID}, not ${String(id)}`);
  }
}

function collect(block: UsedIds, shift: number, start: number, ids: number[]): void {
  if (block === NONE) return;
  if (typeof block === 'number') {
    const length = SLOTS << shift;
    for (let i = 0; i < length; i++) if (((block >>> (i & SLOT_MASK)) & 1) === 1) ids.push(start + i);
  } else {
    for (let slot = 0; slot < SLOTS; slot++)
      collect(block[slot]!, shift - BITS, start | (slot << shift), ids);
  }
}

/**
 * The first free identifier of a block, counted from the start of the block, that is not below `from`; -1 when
 * there is none. Identifier 0 is free to this search, which is why nobody searches from 0.
 */
function firstFree(block: UsedIds, shift: number, from: number): number {
  if (typeof block === 'number') return block === NONE ? from : lowestBit(~block & (ALL << from) & ALL);
  const slot = from >>> shift;
  const found = firstFree(block[slot]!, shift - BITS, from & ((1 << shift) - 1));
  if (found >= 0) return (slot << shift) | found;
  const later = lowestBit(~block[FULL] & (-2 << slot) & ALL);
  return later < 0 ? -1 : (later << shift) | firstFree(block[later]!, shift - BITS, 0);
}

/** The number of the lowest bit that is 1, or -1 when there is none. */
function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** The block with one identifier changed from free to in use or back. */
function flip(block: UsedIds, shift: number, id: number): UsedIds {
  const slot = (id >>> shift) & SLOT_MASK;
  if (typeof block === 'number' && shift === 0) return block ^ (1 << slot);
  const node = fresh(block);
  const inner = flip(node[slot]!, shift - BITS, id);
  node[slot] = inner;
  if (isWhole(inner, ALL)) {
    node[FULL] |= 1 << slot;
    return node[FULL] === ALL ? ALL : node;
  }
  node[FULL] &= ~(1 << slot);
  return isWhole(inner, NONE) && isEmpty(node) ? NONE : node;
}

/** Asking for the type first keeps the comparison one of numbers, which is several times faster. */
function isWhole(block: UsedIds, whole: number): boolean {
  return typeof block === 'number' && block === whole;
}

function isEmpty(node: UsedIdsNode): boolean {
  for (let slot = 0; slot < SLOTS; slot++) if (!isWhole(node[slot]!, NONE)) return false;
  return true;
}

/** A copy to be changed before anyone else sees it; a number is spread over sixteen blocks. */
function fresh(block: UsedIds): FreshNode {
  const b = block;
  if (typeof b === 'number') return [b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b];
  // biome-ignore format: one block of seventeen reads, faster than slice or spread
  return [
    b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
    b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15], b[FULL],
  ];
}
