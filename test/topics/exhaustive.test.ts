// All filters and names of a few levels, in small sets and in large ones: no dice, and no shape of the trie left out.
import { describe, expect, it } from 'vitest';
import { FilterTrie } from '../../src/topics/filter-trie.js';
import { TopicFilterIndex, topicMatches } from '../../src/topics/index.js';
import { matchesByTheBook } from './reference.js';

/** Every text of one to `most` of these levels. */
function combinations(levels: readonly string[], most: number): string[] {
  let longest = levels;
  const all = [...levels];
  for (let count = 2; count <= most; count++) {
    longest = longest.flatMap((text) => levels.map((level) => `${text}/${level}`));
    all.push(...longest);
  }
  return all.filter((text) => text !== '');
}

const NAMES = combinations(['', 'a', 'b', '$x'], 4);
const PLAIN = combinations(['', 'a', 'b', '+', '$x'], 3);
const FILTERS = ['#', ...PLAIN, ...[...PLAIN, ''].map((filter) => `${filter}/#`)];

/** So many filters, a different choice for each `turn`. */
const choose = (count: number, turn: number): string[] => [
  ...new Set(
    Array.from({ length: count }, (_, i) => FILTERS[(turn * 37 + i * i * 53 + i) % FILTERS.length]!),
  ),
];

/** Which names of all each filter matches. */
const MATCHING = new Map(
  FILTERS.map((filter) => [filter, new Set(NAMES.filter((name) => topicMatches(filter, name)))]),
);

function expectMatches(trie: FilterTrie<string>, filters: readonly string[], names: readonly string[]): void {
  for (const name of names) {
    const found: string[] = [];
    for (let i = 0, count = trie.collect(name); i < count; i++) found.push(trie.filter(trie.found[i]!));
    const due = filters.filter((filter) => MATCHING.get(filter)!.has(name));
    // One comparison of strings: thousands of calls of `expect` would take seconds.
    if (found.sort().join() !== due.sort().join()) expect(found, name).toEqual(due);
  }
}

describe('a filter', () => {
  it('matches the names that the standard says', () => {
    const wrong: string[] = [];
    for (const [i, filter] of FILTERS.entries()) {
      for (let n = i % 7; n < NAMES.length; n += 7) {
        const name = NAMES[n]!;
        if (MATCHING.get(filter)!.has(name) !== matchesByTheBook(filter, name, 5))
          wrong.push(`${filter} ${name}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(FILTERS.every((filter) => MATCHING.get(filter)!.size > 0)).toBe(true);
  });
});

describe.each([1, 2, 3, 5, 8])('%i filters in a trie', (count) => {
  it.each([0, 1, 2, 3])('match what they match one by one (%i)', (part) => {
    const names = NAMES.filter((_, i) => i % 4 === (part + count) % 4);
    for (let turn = part; turn < FILTERS.length; turn += 4) {
      const filters = choose(count, turn);
      const trie = new FilterTrie<string>();
      for (const filter of filters) trie.add(filter, filter);
      expectMatches(trie, filters, names);
    }
  });

  it('leave nothing behind when they go', () => {
    const empty = new FilterTrie().capacity;
    for (let turn = 0; turn < FILTERS.length; turn++) {
      const filters = choose(count, turn);
      const trie = new FilterTrie<string>();
      for (const filter of filters) trie.add(filter, filter);
      expect([trie.size, [...trie.numbers()].length]).toEqual([filters.length, filters.length]);
      for (let left = filters.length; left > 0; left--) {
        const [gone] = filters.splice((turn * 5) % left, 1);
        trie.delete(trie.find(gone!));
        if (trie.find(gone!) !== 0 || trie.size !== left - 1) expect.fail(`${gone} is still there`);
        for (const filter of filters) expect(trie.value(trie.find(filter))).toBe(filter);
      }
      expect(trie.nodeCount).toBe(1);
      // Room for numbers alone: they are used again.
      expect(trie.capacity).toBe(empty + choose(count, turn).length);
    }
  });
});

describe('all filters together', () => {
  const trie = new FilterTrie<string>();
  for (const filter of FILTERS) trie.add(filter, filter);

  it.each([0, 1, 2, 3])('match what they match one by one (%i)', (part) => {
    expectMatches(
      trie,
      FILTERS,
      NAMES.filter((_, i) => i % 4 === part),
    );
  });

  it('are found by what they are, and nothing else is', () => {
    for (const filter of FILTERS) expect(trie.value(trie.find(filter))).toBe(filter);
    for (const name of combinations(['', 'a', 'c', '+'], 4)) {
      if (!MATCHING.has(name)) expect(trie.find(name)).toBe(0);
    }
    expect(trie.find('')).toBe(0);
  });
});

describe('half of the filters, once the others went', () => {
  it('match as if those had never been there', () => {
    const index = new TopicFilterIndex<string>();
    for (const filter of FILTERS) index.add(filter, filter);
    const left = FILTERS.filter((_, i) => i % 2 === 0);
    FILTERS.forEach((filter, i) => {
      if (i % 2 === 1) index.delete(filter, filter);
    });
    for (const [i, name] of NAMES.entries()) {
      if (i % 3 > 0) continue;
      const due = left.filter((filter) => MATCHING.get(filter)!.has(name));
      expect(index.match(name).sort().join()).toBe(due.sort().join());
    }
  });
});

describe('levels of a filter that is long', () => {
  it('are told apart by all their characters', () => {
    const long = 'x'.repeat(3_000);
    const trie = new FilterTrie<string>();
    for (const filter of [`${long}/a/b`, `a/${long}/b`, `a/${long}/c`, `a/b/${long}`, `a/b/${long}y`]) {
      trie.add(filter, filter);
    }
    const matched = (name: string): string[] =>
      Array.from({ length: trie.collect(name) }, (_, i) => trie.value(trie.found[i]!));
    for (const name of [`${long}/a/b`, `a/${long}/c`, `a/b/${long}`, `a/b/${long}y`]) {
      expect(matched(name)).toEqual([name]);
      expect(matched(`${name}z`)).toEqual([]);
    }
  });
});
