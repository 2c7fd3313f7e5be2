// owned: a hash table from a node and a level to what follows there, in one array of integers.

/** Integers per slot: node, level, child, tail. A child of 0 marks a slot without an edge. */
const STRIDE = 4;
const CHILD = 2;
const TAIL = 3;
/** The tail in a slot whose edge was removed, so that searches go on past it. */
const REMOVED = -1;
/** Four slots, which fill a line of a processor's cache: to look at one costs as much as to look at all. */
const BUCKET = 4 * STRIDE;

/**
 * Spreads a pair of small numbers over 32 bits. Whoever subscribes has a say in the numbers and can read this
 * function, so a collision must not be worth having: the low bits choose the first bucket and the high bits
 * the step to the next ones, and pairs that agree in all of them are too rare to collect.
 */
function spread(node: number, level: number): number {
  let bits = Math.imul(node, 0x9e3779b1) ^ Math.imul(level, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return bits ^ (bits >>> 15);
}

function stepOf(bits: number): number {
  return (bits >>> 13) | 1;
}

/** The edges of all nodes together: far fewer objects, and far less memory, than a Map in every node. */
export class EdgeTable {
  #slots = new Int32Array(BUCKET);
  /** The number of buckets, a power of two, less one. */
  #mask = 0;
  #live = 0;
  /** Slots that are or were edges. Never more than half, so that searches stay short. */
  #used = 0;

  /** How many edges there is room for. */
  get capacity(): number {
    return this.#slots.length / STRIDE;
  }

  /** Where an edge is, good until the next is added or removed; -1 when there is none. */
  find(node: number, level: number): number {
    const slots = this.#slots;
    const bits = spread(node, level);
    for (let bucket = bits & this.#mask; ; bucket = (bucket + stepOf(bits)) & this.#mask) {
      const end = (bucket + 1) * BUCKET;
      for (let at = end - BUCKET; at < end; at += STRIDE) {
        if (slots[at + CHILD] === 0) {
          if (slots[at + TAIL] !== REMOVED) return -1;
        } else if (slots[at] === node && slots[at + 1] === level) {
          return at;
        }
      }
    }
  }

  /**
   * Reads where the edges of several nodes by a level would be, before they are searched for one by one: memory
   * answers independent requests in about the time of one. The result means nothing; a caller that keeps it
   * keeps compilers from leaving the reading out.
   */
  prefetch(nodes: readonly number[], from: number, to: number, level: number): number {
    let read = 0;
    for (let i = from; i < to; i++) read ^= this.#slots[(spread(nodes[i]!, level) & this.#mask) * BUCKET]!;
    return read;
  }

  /** What the edge at `at` leads to: a number other than 0. */
  child(at: number): number {
    return this.#slots[at + CHILD]!;
  }

  /** The second number kept with the edge at `at`: 0 or more. */
  tail(at: number): number {
    return this.#slots[at + TAIL]!;
  }

  replace(at: number, child: number, tail: number): void {
    this.#slots[at + CHILD] = child;
    this.#slots[at + TAIL] = tail;
  }

  /** Adds an edge that is not there. */
  add(node: number, level: number, child: number, tail: number): void {
    if ((this.#used + 1) * 2 > this.capacity) this.#rehash();
    this.#put(node, level, child, tail);
    this.#live++;
  }

  /** Removes the edge at `at`. */
  remove(at: number): void {
    this.replace(at, 0, REMOVED);
    this.#live--;
    if (this.#mask > 0 && this.#live * 16 < this.capacity) this.#rehash();
  }

  /** Writes to the first slot never used: one of a removed edge may be followed by the edge searched for. */
  #put(node: number, level: number, child: number, tail: number): void {
    const slots = this.#slots;
    const bits = spread(node, level);
    let bucket = bits & this.#mask;
    let at = bucket * BUCKET;
    while (slots[at + CHILD] !== 0 || slots[at + TAIL] === REMOVED) {
      at += STRIDE;
      if (at % BUCKET === 0) {
        bucket = (bucket + stepOf(bits)) & this.#mask;
        at = bucket * BUCKET;
      }
    }
    slots[at] = node;
    slots[at + 1] = level;
    this.replace(at, child, tail);
    this.#used++;
  }

  /** Moves the edges to an array that suits their number. */
  #rehash(): void {
    const old = this.#slots;
    let size = BUCKET;
    while (this.#live * STRIDE * 8 > size * 3) size *= 2;
    this.#slots = new Int32Array(size);
    this.#mask = size / BUCKET - 1;
    this.#used = 0;
    for (let at = 0; at < old.length; at += STRIDE) {
      if (old[at + CHILD] !== 0) this.#put(old[at]!, old[at + 1]!, old[at + CHILD]!, old[at + TAIL]!);
    }
  }
}
