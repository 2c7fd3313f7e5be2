// owned: the trie of topic filters under TopicFilterIndex.
import { EdgeTable } from './edge-table.js';
import { LevelNames } from './level-names.js';
import { levelsMatch } from './match.js';

/** Integers per node. The children by named levels stand in the edge table. */
const STRIDE = 5;
/** The child by `+`, and its tail. In a node that is free, the next free one stands here. */
const PLUS = 0;
const PLUS_TAIL = 1;
/** The number of the filter that goes on with `#` alone, which matches this level too (section 4.7.1.2). */
const MULTI = 2;
/** The number of the filter that ends here. */
const OWN = 3;
/** How many children and filters need this node. */
const USES = 4;

const ROOT = 0;
const FEWEST_NODES = 16;
const FEWEST_NUMBERS = 64;

/** Stands for `+` where a level's number is asked for; -1 stands for a name without a number. */
const PLUS_LEVEL = -2;

/**
 * The tail of a leaf says what its filter still asks of a name after the leaf's level: nothing, `#`, one more
 * level of any name, several, or (from FIRST_NAMED on) one more level of the name with this number.
 */
const ENDS = 0;
const THEN_MULTI = 1;
const THEN_PLUS = 2;
const THEN_SEVERAL = 3;
const FIRST_NAMED = 4;

/** The index after the level that begins at `start`. */
function levelEnd(text: string, start: number): number {
  const slash = text.indexOf('/', start);
  return slash < 0 ? text.length : slash;
}

/**
 * Objects by their filters, which are valid, without share names, and different from one another.
 *
 * Each filter has a number. A node of the trie stands for the levels that several filters begin with; where
 * only one filter goes on, its negative number takes the place of a child: a leaf. Nodes and edges are plain
 * integers in two arrays, since the time of a match is the time memory takes to answer.
 */
export class FilterTrie<T extends { readonly filter: string }> {
  #nodes = new Int32Array(FEWEST_NODES * STRIDE);
  #nodeCount = 1;
  /** Nodes ever taken, and the first of those given back since. */
  #taken = 1;
  #freeNode = 0;
  #edges = new EdgeTable();
  #levels = new LevelNames();
  /** By number, from 1 on. */
  #kept: (T | undefined)[] = [undefined];
  #freeNumbers: number[] = [];
  /** The nodes a match has reached, one level after the other. */
  #reached: number[] = [];

  /** How many nodes the filters need, the root included. */
  get nodeCount(): number {
    return this.#nodeCount;
  }

  /** How many nodes, edges, level names and filters there is room for: what memory goes to. */
  get capacity(): number {
    return this.#nodes.length / STRIDE + this.#edges.capacity + this.#levels.size + this.#kept.length;
  }

  /** What is kept under exactly this filter, which need not be valid. */
  get(filter: string): T | undefined {
    let node = ROOT;
    let number = 0;
    for (let start = 0; number === 0; ) {
      if (start > filter.length) return this.#ifUnder(filter, this.#nodes[node * STRIDE + OWN]!);
      const end = levelEnd(filter, start);
      const name = filter.slice(start, end);
      if (name === '#') return this.#ifUnder(filter, this.#nodes[node * STRIDE + MULTI]!);
      const child = this.#child(node, this.#levelOf(name));
      if (child <= 0) number = -child;
      if (child === 0) return undefined;
      node = child;
      start = end + 1;
    }
    return this.#ifUnder(filter, number);
  }

  /** Keeps an object under its filter, which is new. */
  add(kept: T): void {
    const number = this.#freeNumbers.pop() ?? this.#kept.length;
    this.#kept[number] = kept;
    this.#insert(number, ROOT, 0);
  }

  /** Forgets an object that is kept, and the nodes that only it needed. */
  delete(kept: T): void {
    const filter = kept.filter;
    const path: number[] = [];
    const levels: number[] = [];
    let node = ROOT;
    let number = 0;
    for (let start = 0; number === 0; ) {
      const end = start > filter.length ? start : levelEnd(filter, start);
      const name = filter.slice(start, end);
      if (start > filter.length || name === '#') {
        const at = node * STRIDE + (name === '#' ? MULTI : OWN);
        number = this.#nodes[at]!;
        this.#nodes[at] = 0;
        this.#nodes[node * STRIDE + USES]!--;
        break;
      }
      const level = this.#levelOf(name);
      const child = this.#child(node, level);
      if (child < 0) {
        number = -child;
        this.#removeChild(node, level);
      } else {
        path.push(node);
        levels.push(level);
        node = child;
        start = end + 1;
      }
    }
    while (node !== ROOT && this.#nodes[node * STRIDE + USES] === 0) {
      this.#giveBack(node);
      node = path.pop()!;
      this.#removeChild(node, levels.pop()!);
    }
    this.#kept[number] = undefined;
    this.#freeNumbers.push(number);
    this.#shrink();
  }

  /** All objects. */
  *values(): IterableIterator<T> {
    for (const kept of this.#kept) if (kept !== undefined) yield kept;
  }
}
