// owned: the index of a broker's subscriptions, which finds the filters that match a name without scanning them.
import { FilterTrie } from './filter-trie.js';
import { FilterValues, isSame } from './filter-values.js';
import { detachedSlice } from './level-names.js';
import { matchedPartStart } from './match.js';
import { topicFilterProblem, topicNameProblem } from './problems.js';

/** Stands for the value of a filter that has several values, or that shared filters end in. */
class Place<T> {
  readonly own: FilterValues<T>;
  /** One set of values for each shared filter that ends in this one. */
  readonly groups: Set<FilterValues<T>> = new Set();

  constructor(filter: string) {
    this.own = new FilterValues(filter);
  }

  /** All sets, whatever becomes of the place while they are used. */
  sets(): FilterValues<T>[] {
    return [this.own, ...this.groups];
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
 * hands out each group as one list, of which the broker picks one member. In an index made for version 4 such
 * filters are ordinary ones; a broker for both versions that takes 3.1.1 by the letter keeps two indexes.
 *
 * The filters stand in a trie by levels. A match goes through a name level by level and visits the nodes of
 * filters that match so far: a few for ordinary filters, whatever their number. A hostile client that stores
 * every combination of `+` and a name over k levels makes a match visit 2^k nodes, having sent 2^k filters for
 * it: limit the filters a client may have. A filter takes about a hundred bytes beside its string, and so does
 * at most each level that several filters share. Nothing recurses, and what a filter used is given back when its
 * last value goes.
 *
 * @example
 * const index = new TopicFilterIndex<string>();
 * index.add('kitchen/+', 'ann');
 * index.add('kitchen/#', 'bob');
 * index.match('kitchen/lamp').sort(); // => ['ann', 'bob']
 * index.delete('kitchen/#', 'bob'); // => true
 */
export class TopicFilterIndex<T> {
  readonly #version: 4 | 5;
  /** By filter without share name: what names are matched with. Most filters have one value and no place. */
  #places: FilterTrie<T | Place<T>> = new FilterTrie();
  /** By whole shared filter. */
  #groups: FilterTrie<FilterValues<T>> = new FilterTrie();
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
   * new TopicFilterIndex<string>().add('kitchen/#', 'ann'); // => true
   */
  add(filter: string, value: T): boolean {
    const problem = topicFilterProblem(filter, this.#version);
    if (problem !== undefined) throw new RangeError(`Invalid topic filter: ${problem}`);
    const start = matchedPartStart(filter, this.#version);
    const isNew = start === 0 ? this.#addOrdinary(filter, value) : this.#openGroup(filter, start).add(value);
    if (isNew) this.#size++;
    return isNew;
  }

  /**
   * Removes a value from under exactly this filter (section 3.10.4); true when it was there. Wildcards are not
   * expanded, and a shared filter is named whole.
   *
   * @example
   * const index = new TopicFilterIndex<string>();
   * index.add('kitchen/lamp', 'ann');
   * index.delete('kitchen/+', 'ann'); // => false
   * index.delete('kitchen/lamp', 'ann'); // => true
   */
  delete(filter: string, value: T): boolean {
    const start = matchedPartStart(filter, this.#version);
    const number = this.#places.find(filter.slice(start));
    if (number === 0) return false;
    const known = this.#places.value(number);
    if (known instanceof Place) {
      if (!(start === 0 ? known.own.delete(value) : this.#deleteShared(filter, value, known))) return false;
      this.#settle(number, known);
    } else {
      if (start > 0 || !isSame(known, value)) return false;
      this.#places.delete(number);
    }
    this.#size--;
    return true;
  }

  /**
   * Whether a value is stored under exactly this filter.
   *
   * @example
   * const index = new TopicFilterIndex<string>();
   * index.add('kitchen/#', 'ann');
   * index.has('kitchen/#', 'ann'); // => true
   * index.has('kitchen/lamp', 'ann'); // => false
   */
  has(filter: string, value: T): boolean {
    if (matchedPartStart(filter, this.#version) > 0) {
      const group = this.#groups.find(filter);
      return group !== 0 && this.#groups.value(group).has(value);
    }
    const number = this.#places.find(filter);
    if (number === 0) return false;
    const known = this.#places.value(number);
    return known instanceof Place ? known.own.has(value) : isSame(known, value);
  }

  /** Removes everything. */
  clear(): void {
    this.#places = new FilterTrie();
    this.#groups = new FilterTrie();
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
   * index.match('kitchen/lamp'); // => ['ann', 'ann']
   */
  match(name: string): T[] {
    const found: T[] = [];
    const count = this.#collect(name);
    const numbers = this.#places.found;
    for (let i = 0; i < count; i++) {
      const value = this.#places.value(numbers[i]!);
      if (!(value instanceof Place)) found.push(value);
      else for (const set of value.sets()) set.appendTo(found);
    }
    return found;
  }

  /**
   * Calls back with each stored pair of value and filter whose filter matches a topic name (section 4.7), in
   * no promised order. The callback may change the index; what it adds or removes under filters that match may
   * or may not be visited in this call.
   *
   * @example
   * const index = new TopicFilterIndex<string>();
   * index.add('kitchen/#', 'ann');
   * const seen: string[] = [];
   * index.forEachMatch('kitchen/lamp', (value, filter) => seen.push(`${value} by ${filter}`));
   * seen; // => ['ann by kitchen/#']
   */
  forEachMatch(name: string, callback: (value: T, filter: string) => void): void {
    const [filters, values] = this.#matching(name);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!(value instanceof Place)) callback(value, filters[i]!);
      else for (const set of value.sets()) set.visit(callback);
    }
  }

  /**
   * Calls back once with each filter that matches a topic name and with the values stored under it, in no
   * promised order. For a shared filter (section 4.8.2) the values are the group, of which one is to get the
   * message. The list is the index's own: read it in the callback and keep it nowhere. The callback may change
   * the index as that of {@link forEachMatch} may.
   *
   * @example
   * const index = new TopicFilterIndex<string>();
   * index.add('$share/workers/jobs/+', 'ann');
   * index.add('$share/workers/jobs/+', 'bob');
   * const receivers: string[] = [];
   * index.forEachMatchingFilter('jobs/7', (filter, values) => {
   *   const turn = 3 % values.length; // the broker's choice: a counter of the group, or a random number
   *   receivers.push(...(isSharedFilter(filter) ? values.slice(turn, turn + 1) : values));
   * });
   * receivers; // => ['bob']
   */
  forEachMatchingFilter(name: string, callback: (filter: string, values: readonly T[]) => void): void {
    const [filters, values] = this.#matching(name);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!(value instanceof Place)) callback(filters[i]!, [value]);
      else for (const set of value.sets()) set.lend(callback);
    }
  }

  /** All stored pairs of filter and value, the filters as they were given, in no promised order. */
  *entries(): IterableIterator<[filter: string, value: T]> {
    for (const number of this.#places.numbers()) {
      const value = this.#places.value(number);
      if (!(value instanceof Place)) yield [this.#places.filter(number), value];
      else for (const set of value.sets()) for (const one of set.list()) yield [set.filter, one];
    }
  }

  /** The same as {@link entries}. */
  [Symbol.iterator](): IterableIterator<[filter: string, value: T]> {
    return this.entries();
  }

  /** How many of the places' {@link FilterTrie.found} match a name. */
  #collect(name: string): number {
    const count = this.#places.collect(name);
    // Asked last, since a name that finds nothing needs no check.
    return count > 0 && topicNameProblem(name) === undefined ? count : 0;
  }

  /** The filters that match a name, and what they have: numbers would not outlast a change of the index. */
  #matching(name: string): [filters: string[], values: (T | Place<T>)[]] {
    const count = this.#collect(name);
    const filters: string[] = [];
    const values: (T | Place<T>)[] = [];
    for (let i = 0; i < count; i++) {
      const number = this.#places.found[i]!;
      filters.push(this.#places.filter(number));
      values.push(this.#places.value(number));
    }
    return [filters, values];
  }

  #addOrdinary(filter: string, value: T): boolean {
    const number = this.#places.find(filter);
    if (number === 0) {
      this.#places.add(filter, value);
      return true;
    }
    const known = this.#places.value(number);
    if (!(known instanceof Place) && isSame(known, value)) return false;
    return this.#openPlace(filter).own.add(value);
  }

  /** The place of a filter without share name, made if need be. */
  #openPlace(filter: string): Place<T> {
    const number = this.#places.find(filter);
    const place = new Place<T>(filter);
    if (number === 0) {
      this.#places.add(filter, place);
      return place;
    }
    const known = this.#places.value(number);
    if (known instanceof Place) return known;
    place.own.add(known);
    this.#places.setValue(number, place);
    return place;
  }

  /** The values of a shared filter, whose share name ends before `start`, made if need be. */
  #openGroup(filter: string, start: number): FilterValues<T> {
    const number = this.#groups.find(filter);
    if (number !== 0) return this.#groups.value(number);
    const group = new FilterValues<T>(filter);
    this.#groups.add(filter, group);
    this.#openPlace(detachedSlice(filter, start, filter.length)).groups.add(group);
    return group;
  }

  #deleteShared(filter: string, value: T, place: Place<T>): boolean {
    const number = this.#groups.find(filter);
    if (number === 0) return false;
    const group = this.#groups.value(number);
    if (!group.delete(value)) return false;
    if (group.size === 0) {
      this.#groups.delete(number);
      place.groups.delete(group);
    }
    return true;
  }

  /** Gives up a place that has become more than its filter needs. */
  #settle(number: number, place: Place<T>): void {
    const [first] = place.own.list();
    if (place.groups.size > 0 || place.own.size > 1) return;
    if (place.own.size === 0) this.#places.delete(number);
    else this.#places.setValue(number, first as T);
  }
}
