// owned: a hash table from pairs of integers to pairs of integers, in one array.

/** Integers per slot: the two of the key, the value, and another that goes with it. A value of 0 marks an empty slot. */
const STRIDE = 4;
const VALUE = 2;
const EXTRA = 3;
/** The extra in a slot whose entry was removed, so that searches go on past it. */
const REMOVED = -1;
/** Four slots, which fill a line of a processor's cache: to look at one costs as much as to look at all. */
const BUCKET = 4 * STRIDE;

/**
 * Spreads a pair of numbers over 32 bits. Whoever subscribes has a say in the numbers and can read this function,
 * so a collision must not be worth having: the low bits choose the first bucket and the high bits the step to the
 * next ones, and there are too few pairs that agree in all of them. (With the second number fixed, there is none.)
 */
function spread(first: number, second: number): number {
  let bits = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return bits ^ (bits >>> 15);
}

function stepOf(bits: number): number {
  return (bits >>> 13) | 1;
}

/**
 * In it a trie has the edges of all nodes: from a node and a level to the node below. One array takes far less
 * memory than a Map in every node, and a search far fewer steps from one place in memory to another.
 */
export class PairTable {
  #slots = new Int32Array(BUCKET);
  /** The number of buckets, a power of two, less one. */
  #mask = 0;
  #live = 0;
  /** Entries ever added: no fewer than the slots that have or had one. Never more than half, so that searches stay short. */
  #used = 0;

  /** How many entries there is room for. */
  get capacity(): number {
    return this.#slots.length / STRIDE;
  }

  /** Where the entry of a pair is, good until one is added or removed; -1 when there is none. */
  find(first: number, second: number): number {
    const slots = this.#slots;
    const bits = spread(first, second);
    for (let bucket = bits & this.#mask; ; bucket = (bucket + stepOf(bits)) & this.#mask) {
      const end = (bucket + 1) * BUCKET;
      for (let at = end - BUCKET; at < end; at += STRIDE) {
        if (slots[at + VALUE] === 0) {
          if (slots[at + EXTRA] !== REMOVED) return -1;
        } else if (slots[at] === first && slots[at + 1] === second) {
          return at;
        }
      }
    }
  }

  /**
   * Reads where the entries of several pairs would be, before they are searched for one by one: memory answers
   * independent requests in about the time of one. The pairs have `firsts` from one index to another, and the same
   * second number. The result means nothing; a caller that keeps it keeps compilers from leaving the reading out.
   */
  prefetch(firsts: readonly number[], from: number, to: number, second: number): number {
    let read = 0;
    for (let i = from; i < to; i++) read ^= this.#slots[(spread(firsts[i]!, second) & this.#mask) * BUCKET]!;
    return read;
  }

  /** The value of the entry at `at`: any number but 0. */
  value(at: number): number {
    return this.#slots[at + VALUE]!;
  }

  /** What goes with the value of the entry at `at`: 0 or more. */
  extra(at: number): number {
    return this.#slots[at + EXTRA]!;
  }

  replace(at: number, value: number, extra: number): void {
    this.#slots[at + VALUE] = value;
    this.#slots[at + EXTRA] = extra;
  }

  /** Adds the entry of a pair that has none. */
  add(first: number, second: number, value: number, extra: number): void {
    if ((this.#used + 1) * 2 > this.capacity) this.#rehash();
    this.#put(first, second, value, extra);
    this.#live++;
  }

  /** Removes the entry at `at`. */
  remove(at: number): void {
    this.replace(at, 0, REMOVED);
    this.#live--;
    if (this.#mask > 0 && this.#live * 16 < this.capacity) this.#rehash();
  }

  /** Writes to the first free slot, be it that of a removed entry: the pair has no other. */
  #put(first: number, second: number, value: number, extra: number): void {
    const slots = this.#slots;
    const bits = spread(first, second);
    let bucket = bits & this.#mask;
    let at = bucket * BUCKET;
    while (slots[at + VALUE] !== 0) {
      at += STRIDE;
      if (at % BUCKET === 0) {
        bucket = (bucket + stepOf(bits)) & this.#mask;
        at = bucket * BUCKET;
      }
    }
    slots[at] = first;
    slots[at + 1] = second;
    this.replace(at, value, extra);
    this.#used++;
  }

  /** Moves the entries to an array that suits their number. */
  #rehash(): void {
    const old = this.#slots;
    let size = BUCKET;
    while (this.#live * STRIDE * 8 > size * 3) size *= 2;
    this.#slots = new Int32Array(size);
    this.#mask = size / BUCKET - 1;
    this.#used = 0;
    for (let at = 0; at < old.length; at += STRIDE) {
      if (old[at + VALUE] !== 0) this.#put(old[at]!, old[at + 1]!, old[at + VALUE]!, old[at + EXTRA]!);
    }
  }
}
