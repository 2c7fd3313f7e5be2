// owned: the trie of topic filters under TopicFilterIndex.

import { LevelNames } from './level-names.js';
import { levelEnd, levelsMatch } from './match.js';
import { END, fieldOf, MULTI, NodeTable, PLUS, PLUS_TAIL, ROOT, STRIDE } from './node-table.js';
import { PairTable } from './pair-table.js';

/** The tail of a leaf: what its filter asks of a name after the leaf's level. */
const NOTHING = 0;
const THEN_MULTI = 1;
const THEN_PLUS = 2;
const THEN_SEVERAL = 3;
/** From here on: one more level, whose number is the rest. */
const THEN_NAMED = 4;

const DOLLAR = 0x24;
const NOT_ASKED = -2;
const FEWEST_NUMBERS = 64;

/** Whether a leaf with this tail matches a name that ends with the leaf's level. */
function endsHere(tail: number): boolean {
  return tail === NOTHING || tail === THEN_MULTI;
}

/** Whether a leaf with this tail matches, or may match, a name that goes on with the level `next`. */
function goesOn(tail: number, next: number, nextIsLast: boolean): boolean {
  if (tail === THEN_MULTI || tail === THEN_SEVERAL) return true;
  return nextIsLast && (tail === THEN_PLUS || tail === next + THEN_NAMED);
}

/**
 * Values by topic filters, which are valid and without share names.
 *
 * Each filter has a number above 0. Nodes stand for the levels that several filters begin with. Where a single
 * filter goes on, its number takes the place of a child, negative, and is called a leaf; so a filter that has
 * nothing in common with others takes no nodes, however deep it is. Nodes and edges are integers in two arrays,
 * since a match spends its time waiting for memory.
 */
export class FilterTrie<V> {
  #nodes = new NodeTable();
  #edges = new PairTable();
  #levels = new LevelNames();
  /** By number, undefined for those that are free. */
  #filters: (string | undefined)[] = [undefined];
  #values: (V | undefined)[] = [undefined];
  #free: number[] = [];
  /** The nodes a match has reached, one level after the other. */
  #reached: number[] = [];
  #found: number[] = [];

  /** How many filters there are. */
  get size(): number {
    return this.#filters.length - 1 - this.#free.length;
  }

  /** How many nodes the filters need, the root included. */
  get nodeCount(): number {
    return this.#nodes.count;
  }

  /** How many nodes, edges, level names and filters there is room for: what memory goes to. */
  get capacity(): number {
    return this.#nodes.capacity + this.#edges.capacity + this.#levels.capacity + this.#filters.length;
  }

  /** The numbers that {@link collect} found, good until it is called again or a filter is deleted. */
  get found(): readonly number[] {
    return this.#found;
  }

  /** The number of exactly this filter, which need not be valid, or 0; good until a filter is deleted. */
  find(filter: string): number {
    let node = ROOT;
    for (let start = 0; ; ) {
      const end = levelEnd(filter, start);
      const child = this.#child(node, this.#levelAt(filter, start, end));
      if (child <= 0) return this.#filters[Math.abs(child)] === filter ? Math.abs(child) : 0;
      node = child;
      start = end + 1;
    }
  }

  /** The filter with a number that is in use. */
  filter(number: number): string {
    return this.#filters[number]!;
  }

  /** The value of the filter with a number that is in use. */
  value(number: number): V {
    return this.#values[number] as V;
  }

  setValue(number: number, value: V): void {
    this.#values[number] = value;
  }

  /** Adds a filter that is not there. */
  add(filter: string, value: V): void {
    const number = this.#free.pop() ?? this.#filters.length;
    this.#filters[number] = filter;
    this.#values[number] = value;
    this.#insert(number, ROOT, 0);
  }

  /** Removes a filter by its number, and the nodes that only it needed. */
  delete(number: number): void {
    const filter = this.filter(number);
    const path: number[] = [];
    let node = ROOT;
    for (let start = 0; ; ) {
      const end = levelEnd(filter, start);
      const level = this.#levelAt(filter, start, end);
      path.push(node, level);
      const child = this.#child(node, level);
      if (child <= 0) break;
      node = child;
      start = end + 1;
    }
    for (;;) {
      this.#removeChild(path.at(-2)!, path.pop()!);
      node = path.pop()!;
      if (node === ROOT || this.#nodes.uses(node) > 0) break;
      this.#nodes.giveBack(node);
    }
    this.#filters[number] = undefined;
    this.#values[number] = undefined;
    this.#free.push(number);
    this.#shrink();
  }

  /** The numbers of all filters, as long as none is deleted. */
  *numbers(): IterableIterator<number> {
    for (const [number, filter] of this.#filters.entries()) if (filter !== undefined) yield number;
  }

  /** Finds the filters that match a valid name (section 4.7); tells how many numbers of {@link found} are theirs. */
  collect(name: string): number {
    const found = this.#found;
    const reachedCount = this.#walk(name, found);
    let count = 0;
    for (let i = 0; i < reachedCount; i++) {
      const leaf = found[i]!;
      if (leaf < 0) found[count++] = -leaf;
      else if (levelsMatch(this.filter(leaf), 0, name)) found[count++] = leaf;
    }
    return count;
  }

  /**
   * Writes to `leaves` the filters that match a name, and returns how many: negative numbers, but positive ones
   * for filters of whose last levels only the whole filter can tell.
   */
  #walk(name: string, leaves: number[]): number {
    const nodes = this.#nodes.fields;
    const edges = this.#edges;
    const reached = this.#reached;
    let count = 0;
    let from = 0;
    let to = 1;
    reached[0] = ROOT;
    // Wildcards at the start of a filter leave names that start with `$` alone (section 4.7.2).
    let wildcards = name.charCodeAt(0) !== DOLLAR;
    const levels = this.#levels;
    const firstHash = levels.hash(name, 0);
    let end = levels.end;
    let level = levels.find(name, 0, end, firstHash);
    for (;;) {
      const isLast = end === name.length;
      const nextHash = isLast ? 0 : levels.hash(name, end + 1);
      const nextEnd = isLast ? end : levels.end;
      // The next level's number is asked for when it is needed: most names end up matching nothing more.
      let next = NOT_ASKED;
      if (level >= 0 && to - from > 1) reached[to] = edges.prefetch(reached, from, to, level);
      for (const levelFrom = to; from < levelFrom; from++) {
        const node = reached[from]!;
        const at = level < 0 ? -1 : edges.find(node, level);
        let child = at < 0 ? 0 : edges.value(at);
        let tail = at < 0 ? NOTHING : edges.extra(at);
        for (let isPlus = false; ; isPlus = true) {
          if (child > 0) reached[to++] = child;
          else if (child < 0) {
            if (next === NOT_ASKED && tail >= THEN_NAMED) {
              next = levels.find(name, end + 1, nextEnd, nextHash);
            }
            if (isLast ? endsHere(tail) : goesOn(tail, next, nextEnd === name.length)) {
              leaves[count++] = tail === THEN_SEVERAL ? -child : child;
            }
          }
          if (isPlus || !wildcards) break;
          child = nodes[fieldOf(node, PLUS)]!;
          tail = nodes[node * STRIDE + PLUS_TAIL]!;
        }
        const multi = wildcards ? nodes[fieldOf(node, MULTI)]! : 0;
        if (multi !== 0) leaves[count++] = multi;
      }
      wildcards = true;
      if (isLast || from === to) break;
      level = next === NOT_ASKED ? levels.find(name, end + 1, nextEnd, nextHash) : next;
      end = nextEnd;
    }
    for (; from < to; from++) {
      const multi = nodes[fieldOf(reached[from]!, MULTI)]!;
      const own = nodes[fieldOf(reached[from]!, END)]!;
      if (multi !== 0) leaves[count++] = multi;
      if (own !== 0) leaves[count++] = own;
    }
    return count;
  }

  /** The level of a filter that stands from `start` to `end`; past its end, END. */
  #levelAt(filter: string, start: number, end: number): number {
    if (start > filter.length) return END;
    const name = filter.slice(start, end);
    return name === '+' ? PLUS : name === '#' ? MULTI : this.#levels.get(name);
  }

  /** The tail of a leaf whose filter goes on at `start`. */
  #tailOf(filter: string, start: number): number {
    if (start > filter.length) return NOTHING;
    if (filter.includes('/', start)) return THEN_SEVERAL;
    const level = this.#levelAt(filter, start, filter.length);
    if (level === PLUS) return THEN_PLUS;
    return level === MULTI ? THEN_MULTI : THEN_NAMED + this.#levels.use(filter, start, filter.length);
  }

  #releaseTail(tail: number): void {
    if (tail >= THEN_NAMED) this.#levels.release(tail - THEN_NAMED);
  }

  /** The child of a node by a level: a node, a leaf or 0. */
  #child(node: number, level: number): number {
    if (level < -1) return this.#nodes.fields[fieldOf(node, level)]!;
    const at = this.#edges.find(node, level);
    return at < 0 ? 0 : this.#edges.value(at);
  }

  /** Puts a filter, of which the part before `start` led to this node, under the node. */
  #insert(number: number, top: number, from: number): void {
    const filter = this.filter(number);
    let node = top;
    for (let start = from; ; ) {
      const end = levelEnd(filter, start);
      const level = this.#levelAt(filter, start, end);
      let child = this.#child(node, level);
      if (child === 0) {
        this.#nodes.countUse(node, 1);
        const tail = this.#tailOf(filter, end + 1);
        if (level >= -1) this.#edges.add(node, this.#levels.use(filter, start, end), -number, tail);
        else this.#nodes.setChild(node, level, -number, tail);
        return;
      }
      if (child < 0) child = this.#deepen(node, level, end + 1);
      node = child;
      start = end + 1;
    }
  }

  /** Puts a node where a leaf is, and the leaf, whose filter goes on at `start`, under it. */
  #deepen(node: number, level: number, start: number): number {
    const below = this.#nodes.take();
    const at = this.#edges.find(node, level);
    const leaf = at < 0 ? this.#nodes.fields[fieldOf(node, level)]! : this.#edges.value(at);
    this.#releaseTail(at < 0 ? this.#nodes.plusTail(node) : this.#edges.extra(at));
    if (at < 0) this.#nodes.setChild(node, level, below, NOTHING);
    else this.#edges.replace(at, below, NOTHING);
    this.#insert(-leaf, below, start);
    return below;
  }

  #removeChild(node: number, level: number): void {
    this.#nodes.countUse(node, -1);
    if (level >= 0) {
      const at = this.#edges.find(node, level);
      this.#releaseTail(this.#edges.extra(at));
      this.#edges.remove(at);
      this.#levels.release(level);
    } else {
      if (level === PLUS) this.#releaseTail(this.#nodes.plusTail(node));
      this.#nodes.setChild(node, level, 0, NOTHING);
    }
  }

  /** Builds everything anew when seven eighths of the nodes or of the numbers lie idle. */
  #shrink(): void {
    const filters = this.#filters;
    const values = this.#values;
    const isIdle = filters.length > FEWEST_NUMBERS && this.size * 8 < filters.length;
    if (!isIdle && !this.#nodes.isIdle) return;
    this.#nodes = new NodeTable();
    this.#edges = new PairTable();
    this.#levels = new LevelNames();
    this.#filters = [undefined];
    this.#values = [undefined];
    this.#free = [];
    this.#reached = [];
    this.#found = [];
    for (const [number, filter] of filters.entries()) {
      if (filter !== undefined) this.add(filter, values[number] as V);
    }
  }
}
