// @ts-nocheck
// owned: the nodes of a filter trie, in one array of integers.

/** Integers per node: its children by `+` and by `#`, the filter that ends in it, and the two below. */
export const STRIDE = 5;
/** How many of the three there are, and of the edges to named levels. */
export const USES = 3;
/** The tail that belongs to the child by `+`. */
export const PLUS_TAIL = 4;

/** Three levels without a name, as numbers; -1 stands for a name that has no number. */
export const PLUS = -2;
export const MULTI = -3;
export const END = -4;

export const ROOT = 0;
const FEWEST_NODES = 16;

/** Where in the array a node has its child by a level without a name. */
export function fieldOf(node: number, level: number): number {
  return node * STRIDE + PLUS - level;
}

/** Nodes as numbers, the root among them from the start. Those given back are used again. */
export class NodeTable {
  /** All fields of all nodes; another array after {@link take}. */
  fields: Int32Array = new Int32Array(FEWEST_NODES * STRIDE);
  /** How many nodes are in use. */
  count = 1;
  /** Nodes ever taken, and the first of those given back since; each of them names the next in its first field. */
  #taken = 1;
  #free = 0;

  /** How many nodes there is room for. */
  get capacity(): number {
    return this.fields.length / STRIDE;
  }

  /** Whether seven eighths of the room lie idle. */
  get isIdle(): boolean {
    return this.capacity > FEWEST_NODES && this.count * 8 < this.capacity;
  }

  /** A node whose fields are all 0. */
  take(): number {
    this.count++;
    const node = this.#free;
    if (node !== 0) {
      this.#free = this.fields[node * STRIDE]!;
      this.fields[node * STRIDE] = 0;
      return node;
    }
    if (this.#taken === this.capacity) {
      const larger = new Int32Array(this.fields.length * 2);
      larger.set(this.fields);
      this.fields = larger;
    }
    return this.#taken++;
  }

  /** Gives back a node whose fields are all 0. */
  giveBack(node: number): void {
    this.count--;
    this.fields[node * STRIDE] = this.#free;
    this.#free = node;
  }

  /** How many children and filters need a node. */
  uses(node: number): number {
    return this.fields[node * STRIDE + USES]!;
  }

  /** Counts one use more of a node, or with -1 one less. */
  countUse(node: number, change: 1 | -1): void {
    this.fields[node * STRIDE + USES]! += change;
  }

  /** Sets the child of a node by a level without a name. */
  setChild(node: number, level: number, child: number, tail: number): void {
    this.fields[fieldOf(node, level)] = child;
    if (level === PLUS) this.fields[node * STRIDE + PLUS_TAIL] = tail;
  }

  plusTail(node: number): number {
    return this.fields[node * STRIDE + PLUS_TAIL]!;
  }
}
