// owned: the index of a broker's subscriptions, which finds the filters that match a name without scanning them.
import { FilterTrie } from './filter-trie.js';
import { FilterValues } from './filter-values.js';
import { detachedSlice } from './level-names.js';
import { matchedPartStart } from './match.js';
import { topicFilterProblem, topicNameProblem } from './problems.js';

/** All values whose filters are compared with names in the same way; those of shared filters stand apart. */
class Place<T> extends FilterValues<T> {
  /** By the whole filter: one set of values for each group of sharing subscribers. */
  shared: Map<string, FilterValues<T>> | undefined = undefined;

  valuesOf(filter: string, isShared: boolean): FilterValues<T> | undefined {
    return isShared ? this.shared?.get(filter) : this;
  }

  openValuesOf(filter: string, isShared: boolean): FilterValues<T> {
    if (!isShared) return this;
    this.shared ??= new Map();
    let values = this.shared.get(filter);
    if (values === undefined) {
      values = new FilterValues(filter);
      this.shared.set(filter, values);
    }
    return values;
  }

  dropShared(filter: string): void {
    if (this.shared?.delete(filter) && this.shared.size === 0) this.shared = undefined;
  }
}

/**
 * Topic filters with values under them, found by the topic names they match (section 4.7): what a broker keeps
 * its subscriptions in.
 *
 * A value is stored once per filter (compared as a `Set` does), and filters are compared character by
 * character, as UNSUBSCRIBE demands (section 3.10.4). Filters overlap: a value stored under two filters that
 * both match a name is found twice, since MQTT 5.0 wants the Subscription Identifiers of both (section 3.3.4);
 * {@link forEachMatch} says by which filter.
 *
 * Shared filters (section 4.8.2) are given whole, `$share/{ShareName}/{filter}`. {@link forEachMatchingFilter}
 * hands out each group as one set, of which the broker picks one member. In an index made for version 4 such
 * filters are ordinary ones; a broker for both versions that takes 3.1.1 by the letter keeps two indexes.
 *
 * Filters without wildcards cost one look-up whatever their number. The others stand in a trie by levels, of
 * which a match visits at most two nodes more per level for each node reached, and never more than the trie
 * has. Ordinary names reach a few; a hostile client that stores every combination of `+` and a name over k
 * levels makes 2^k nodes be reached, having sent 2^k filters for it. A filter with wildcards takes memory in
 * proportion to its levels. Nothing recurses, and what a filter used is given back when its last value goes.
 *
 * @example
 * const index = new TopicFilterIndex<string>();
 * index.add('kitchen/+', 'ann');
 * index.add('kitchen/#', 'bob');
 * index.match('kitchen/lamp'); // ['bob', 'ann']
 * index.delete('kitchen/#', 'bob'); // true
 */
export class TopicFilterIndex<T> {
  readonly #version: 4 | 5;
  #places: Map<string, Place<T>> = new Map();
  #trie: FilterTrie<Place<T>> = new FilterTrie();
  #size = 0;

  /** An empty index for filters of that version, 5 by default: it decides what `$share/` at the start means. */
  constructor(version: 4 | 5 = 5) {
    this.#version = version;
  }

  /** How many pairs of filter and value are stored. */
  get size(): number {
    return this.#size;
  }

  /**
   * Stores a value under a filter; true when it was not there yet, which is what Retain Handling 1 asks
   * (section 3.8.3.1). Throws `RangeError` for an invalid filter (see {@link topicFilterProblem}).
   *
   * @example
   * new TopicFilterIndex<string>().add('kitchen/#', 'ann'); // true
   */
  add(filter: string, value: T): boolean {
    const problem = topicFilterProblem(filter, this.#version);
    if (problem !== undefined) throw new RangeError(`Invalid topic filter: ${problem}`);
    const start = matchedPartStart(filter, this.#version);
    let place = this.#places.get(start === 0 ? filter : filter.slice(start));
    if (place === undefined) {
      place = new Place(start === 0 ? filter : detachedSlice(filter, start, filter.length));
      this.#places.set(place.filter, place);
      if (hasWildcard(place.filter)) this.#trie.add(place);
    }
    if (!place.openValuesOf(filter, start > 0).add(value)) return false;
    this.#size++;
    return true;
  }

  /**
   * Removes a value from under exactly this filter (section 3.10.4); true when it was there. Wildcards are not
   * expanded, and a shared filter is named whole.
   *
   * @example
   * const index = new TopicFilterIndex<string>();
   * index.add('kitchen/lamp', 'ann');
   * index.delete('kitchen/+', 'ann'); // false
   * index.delete('kitchen/lamp', 'ann'); // true
   */
  delete(filter: string, value: T): boolean {
    const start = matchedPartStart(filter, this.#version);
    const place = this.#places.get(start === 0 ? filter : filter.slice(start));
    const values = place?.valuesOf(filter, start > 0);
    if (place === undefined || values === undefined || !values.delete(value)) return false;
    this.#size--;
    if (values.size === 0) {
      place.dropShared(filter);
      if (place.size === 0 && place.shared === undefined) {
        this.#places.delete(place.filter);
        if (hasWildcard(place.filter)) this.#trie.delete(place);
      }
    }
    return true;
  }

  /**
   * Whether a value is stored under exactly this filter.
   *
   * @example
   * const index = new TopicFilterIndex<string>();
   * index.add('kitchen/#', 'ann');
   * index.has('kitchen/#', 'ann'); // true
   * index.has('kitchen/lamp', 'ann'); // false
   */
  has(filter: string, value: T): boolean {
    const start = matchedPartStart(filter, this.#version);
    const place = this.#places.get(start === 0 ? filter : filter.slice(start));
    return place?.valuesOf(filter, start > 0)?.has(value) ?? false;
  }

  /** Removes everything. */
  clear(): void {
    this.#places = new Map();
    this.#trie = new FilterTrie();
    this.#size = 0;
  }

  /**
   * The values under all filters that match a topic name (section 4.7), in no promised order: a value comes
   * once for each matching filter it stands under, and all members of a shared group come. Nothing matches an
   * invalid name.
   *
   * @example
   * const index = new TopicFilterIndex<string>();
   * index.add('kitchen/#', 'ann');
   * index.add('+/lamp', 'ann');
   * index.match('kitchen/lamp'); // ['ann', 'ann']
   */
  match(name: string): T[] {
    const values: T[] = [];
    this.forEachMatch(name, (value) => {
      values.push(value);
    });
    return values;
  }

  /**
   * Calls back with each stored pair of value and filter whose filter matches a topic name (section 4.7), in
   * no promised order. The callback may change the index: what it removes is not visited any more, and what it
   * adds may be.
   *
   * @example
   * const index = new TopicFilterIndex<string>();
   * index.add('kitchen/#', 'ann');
   * const seen: string[] = [];
   * index.forEachMatch('kitchen/lamp', (value, filter) => seen.push(`${value} by ${filter}`));
   * seen; // ['ann by kitchen/#']
   */
  forEachMatch(name: string, callback: (value: T, filter: string) => void): void {
    for (const place of this.#placesFor(name)) {
      place.visit(callback);
      if (place.shared !== undefined) for (const group of place.shared.values()) group.visit(callback);
    }
  }

  /**
   * Calls back once with each filter that matches a topic name and with the values stored under it, in no
   * promised order. For a shared filter (section 4.8.2) the values are the group, of which one is to get the
   * message. The set is the index's own: read it in the callback, keep it nowhere. The callback may change the
   * index as that of {@link forEachMatch} may.
   *
   * @example
   * const index = new TopicFilterIndex<string>();
   * index.add('$share/workers/jobs/+', 'ann');
   * index.add('$share/workers/jobs/+', 'bob');
   * const receivers: string[] = [];
   * index.forEachMatchingFilter('jobs/7', (filter, values) => {
   *   for (const value of values) {
   *     receivers.push(value);
   *     if (isSharedFilter(filter)) break;
   *   }
   * });
   * receivers; // ['ann']
   */
  forEachMatchingFilter(name: string, callback: (filter: string, values: readonly T[]) => void): void {
    for (const place of this.#placesFor(name)) {
      place.lend(callback);
      if (place.shared !== undefined) for (const group of place.shared.values()) group.lend(callback);
    }
  }

  #placesFor(name: string): Place<T>[] {
    const found: Place<T>[] = [];
    const exact = this.#places.get(name);
    if (exact !== undefined) found.push(exact);
    this.#trie.collect(name, found);
    // Asked last, since a name that finds nothing needs no check.
    return found.length > 0 && topicNameProblem(name) !== undefined ? [] : found;
  }

  /** All stored pairs of filter and value, the filters as they were given. */
  *entries(): IterableIterator<[filter: string, value: T]> {
    for (const place of this.#places.values()) {
      for (const value of place.list()) yield [place.filter, value];
      for (const group of place.shared?.values() ?? [])
        for (const value of group.list()) yield [group.filter, value];
    }
  }

  /** The same as {@link entries}. */
  [Symbol.iterator](): IterableIterator<[filter: string, value: T]> {
    return this.entries();
  }
}

/** Whether a valid filter has a wildcard. */
function hasWildcard(filter: string): boolean {
  return filter.includes('+') || filter.endsWith('#');
}
