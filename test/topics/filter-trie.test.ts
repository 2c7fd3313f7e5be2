import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FilterTrie } from '../../src/topics/filter-trie.js';
import { LevelNames } from '../../src/topics/level-names.js';
import { NodeTable, STRIDE } from '../../src/topics/node-table.js';
import { PairTable } from '../../src/topics/pair-table.js';
import { filters, isFilterByTheBook } from './reference.js';

function trieOf(all: readonly string[]): FilterTrie<string> {
  const trie = new FilterTrie<string>();
  for (const filter of all) trie.add(filter, `of ${filter}`);
  return trie;
}

/** The value of a filter, found by its number, which must lead back to it. */
function get(trie: FilterTrie<string>, filter: string): string | undefined {
  const number = trie.find(filter);
  if (number === 0) return undefined;
  expect(trie.filter(number)).toBe(filter);
  return trie.value(number);
}

function remove(trie: FilterTrie<string>, filter: string): void {
  trie.delete(trie.find(filter));
}

describe('FilterTrie', () => {
  const validFilters = filters.filter((filter) => isFilterByTheBook(filter, 4));
  const emptyCapacity = new FilterTrie().capacity;

  it('takes a node for each level that filters share, and none for what one filter has alone', () => {
    const count = (...all: string[]): number => trieOf(all).nodeCount;
    expect(count()).toBe(1);
    expect(count('a/b/c/d/+/#')).toBe(1);
    expect(count('a/b', 'c/d')).toBe(1);
    expect(count('a/b', 'a/c')).toBe(2);
    expect(count('a', 'a/#')).toBe(2);
    expect(count('+/b/c', '+/b/d')).toBe(3);
    expect(count('a/b/c', 'a/b/c/#', 'a/b/c/+', 'a/b/c/d')).toBe(4);
  });

  it('gives every node back, in whatever order filters go', () => {
    fc.assert(
      fc.property(fc.uniqueArray(validFilters, { maxLength: 60 }), fc.array(fc.nat()), (all, order) => {
        const trie = trieOf(all);
        const left = [...all];
        for (let i = 0; left.length > 0; i++) {
          const [gone] = left.splice((order[i] ?? 0) % left.length, 1);
          remove(trie, gone!);
          expect(get(trie, gone!)).toBeUndefined();
          expect(trie.size).toBe(left.length);
          for (const filter of left) expect(get(trie, filter)).toBe(`of ${filter}`);
          expect(Array.from(trie.numbers(), (number) => trie.filter(number)).sort()).toEqual(
            [...left].sort(),
          );
        }
        expect(trie.nodeCount).toBe(1);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps no more nodes than the filters that are left need, give or take what single filters once shared', () => {
    const trie = trieOf(['a/b/c/d/e', 'a/b/c/d/f', 'a/x', 'q']);
    expect(trie.nodeCount).toBe(5);
    remove(trie, 'a/b/c/d/e');
    expect(trie.nodeCount).toBe(5);
    remove(trie, 'a/b/c/d/f');
    expect(trie.nodeCount).toBe(2);
    remove(trie, 'a/x');
    expect(trie.nodeCount).toBe(1);
    expect(get(trie, 'q')).toBe('of q');
  });

  it('gives room back when most filters have gone', () => {
    const some = Array.from({ length: 3000 }, (_, i) => `level ${i % 100}/${i}/${i % 7}/+`);
    const all = [...some, ...some.map((filter) => filter.replace('+', '#'))];
    const trie = trieOf(all);
    expect(trie.capacity).toBeGreaterThan(6000);
    for (const filter of all.slice(10)) remove(trie, filter);
    expect(trie.capacity).toBeLessThan(emptyCapacity + 200);
    for (const filter of all.slice(0, 10)) expect(get(trie, filter)).toBe(`of ${filter}`);
    for (const filter of all.slice(0, 10)) remove(trie, filter);
    expect(trie.nodeCount).toBe(1);
  });

  it('gives the room of nodes back also when their filters are few', () => {
    const deep = Array.from({ length: 500 }, (_, i) => `${i}`).join('/');
    const trie = trieOf([`${deep}/a`, `${deep}/b`, 'c']);
    expect(trie.nodeCount).toBe(501);
    remove(trie, `${deep}/a`);
    remove(trie, `${deep}/b`);
    expect(trie.capacity).toBeLessThan(emptyCapacity + 10);
    expect(get(trie, 'c')).toBe('of c');
  });

  it('gives the numbers of filters back also when they share no nodes', () => {
    const all = Array.from({ length: 500 }, (_, i) => `${i}`);
    const trie = trieOf(all);
    expect(trie.nodeCount).toBe(1);
    for (const filter of all.slice(3)) remove(trie, filter);
    expect(trie.capacity).toBeLessThan(emptyCapacity + 150);
    expect(all.map((filter) => get(trie, filter)).slice(0, 5)).toEqual([
      'of 0',
      'of 1',
      'of 2',
      undefined,
      undefined,
    ]);
  });

  it('needs no more room the longer filters come and go', () => {
    const trie = trieOf(Array.from({ length: 100 }, (_, i) => `stays/${i}/+`));
    const capacities = new Set<number>();
    for (let i = 0; i < 5000; i++) {
      trie.add(`comes/${i}/+/${i % 3}`, '');
      trie.add(`comes/${i}/+/#`, '');
      remove(trie, `comes/${i}/+/${i % 3}`);
      remove(trie, `comes/${i}/+/#`);
      capacities.add(trie.capacity);
    }
    expect(Math.max(...capacities)).toBeLessThan(1_500);
    expect(trie.size).toBe(100);
  });

  it('finds by the exact filter only', () => {
    const all = ['a/+', 'a/#', 'b/c/d', 'a/b/c'];
    const trie = trieOf(all);
    for (const filter of all) expect(get(trie, filter)).toBe(`of ${filter}`);
    for (const filter of [
      'a',
      'a/b',
      'a/+/c',
      'a/#/b',
      'b',
      'b/c',
      'b/c/d/',
      'b/c/#',
      '#',
      '+',
      '',
      '/',
      'a/b/x',
      'a/+/',
    ]) {
      expect(trie.find(filter)).toBe(0);
    }
    trie.setValue(trie.find('a/#'), 'changed');
    expect(get(trie, 'a/#')).toBe('changed');
  });
});

describe('PairTable', () => {
  it('is a map from pairs of numbers to pairs of numbers', () => {
    const change = fc.tuple(
      fc.nat({ max: 40 }),
      fc.nat({ max: 40 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 99 }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
        const table = new PairTable();
        const model = new Map<string, [number, number]>();
        for (const [node, level, isRemoval, child] of changes) {
          const key = `${node} ${level}`;
          const at = table.find(node, level);
          const known = model.get(key);
          expect(at < 0 ? undefined : [table.value(at), table.extra(at)]).toEqual(known);
          if (known === undefined) {
            table.add(node, level, -child, child % 7);
            model.set(key, [-child, child % 7]);
          } else if (isRemoval) {
            table.remove(at);
            model.delete(key);
          } else {
            table.replace(at, child, 3);
            model.set(key, [child, 3]);
          }
        }
        const found = new Map<string, [number, number]>();
        for (let node = 0; node <= 40; node++) {
          for (let level = 0; level <= 40; level++) {
            const at = table.find(node, level);
            if (at >= 0) found.set(`${node} ${level}`, [table.value(at), table.extra(at)]);
          }
        }
        expect(new Map([...found].sort())).toEqual(new Map([...model].sort()));
      }),
      { numRuns: 100 },
    );
  });

  it('is never more than half full, grows and shrinks, and does not grow by coming and going', () => {
    const table = new PairTable();
    const smallest = table.capacity;
    for (let i = 0; i < 10_000; i++) {
      table.add(i % 10, i, 1, 0);
      expect(table.capacity).toBeGreaterThanOrEqual((i + 1) * 2);
    }
    expect(table.capacity).toBeLessThanOrEqual(65_536);
    for (let i = 0; i < 20_000; i++) {
      table.add(11, i, 1, 0);
      table.remove(table.find(11, i));
    }
    expect(table.capacity).toBeLessThanOrEqual(65_536);
    for (let i = 0; i < 10_000; i++) table.remove(table.find(i % 10, i));
    expect(table.capacity).toBeLessThanOrEqual(smallest * 8);
  });

  it('reads ahead without changing anything', () => {
    const table = new PairTable();
    table.add(1, 2, 3, 4);
    table.add(5, 2, 6, 7);
    expect(table.prefetch([1, 5], 0, 2, 2)).toEqual(expect.any(Number));
    expect(table.value(table.find(1, 2))).toBe(3);
    expect(table.find(1, 5)).toBe(-1);
  });
});

describe('LevelNames', () => {
  const empty = new LevelNames().capacity;
  const use = (levels: LevelNames, name: string): number => levels.use(`x/${name}/y`, 2, 2 + name.length);

  /** The number of a name, looked up in both ways, at the end of a text and within. */
  function get(levels: LevelNames, name: string): number {
    const number = levels.get(name);
    for (const text of [`x/${name}`, `x/${name}/`, `x/${name}/y`]) {
      const hash = levels.hash(text, 2);
      expect(levels.end).toBe(2 + name.length);
      expect(levels.find(text, 2, levels.end, hash)).toBe(number);
    }
    return number;
  }

  it('gives each name a number while it is in use', () => {
    const levels = new LevelNames();
    expect(get(levels, 'a')).toBe(-1);
    const a = use(levels, 'a');
    const none = use(levels, '');
    expect(use(levels, 'a')).toBe(a);
    expect(none).not.toBe(a);
    expect([get(levels, 'a'), get(levels, ''), get(levels, 'aa')]).toEqual([a, none, -1]);
    levels.release(a);
    expect(get(levels, 'a')).toBe(a);
    levels.release(a);
    expect(get(levels, 'a')).toBe(-1);
    expect(use(levels, 'b')).toBe(a);
    expect(get(levels, '')).toBe(none);
    levels.release(none);
    expect(get(levels, '')).toBe(-1);
    expect(get(levels, 'b')).toBe(a);
    levels.release(a);
    expect(levels.capacity).toBe(empty);
  });

  // Of different lengths, of the same, and one of them the beginning of the other.
  it.each([
    ['costarring', 'liquid'],
    ['yacxa', 'glbvs'],
    ['rofl', 'rofl\u7168'],
    ['rofl\u7168', 'rofl'],
  ])('tells names with the same hash apart: %j and %j', (...same) => {
    const levels = new LevelNames();
    expect(new Set(same.map((name) => levels.hash(name, 0))).size).toBe(1);
    const [first, second] = same as [string, string];
    const one = use(levels, first);
    expect(get(levels, first)).toBe(one);
    expect(get(levels, second)).toBe(-1);
    const other = use(levels, second);
    expect(other).not.toBe(one);
    expect([get(levels, first), get(levels, second)]).toEqual([one, other]);
    levels.release(one);
    expect([get(levels, first), get(levels, second)]).toEqual([-1, other]);
    const again = use(levels, first);
    expect([get(levels, first), get(levels, second)]).toEqual([again, other]);
    levels.release(other);
    levels.release(again);
    expect([get(levels, first), get(levels, second), levels.capacity]).toEqual([-1, -1, empty]);
    expect(get(levels, second)).toBe(-1);
    expect(use(levels, second)).toBe(get(levels, second));
  });

  it.each([8191, 8192, 8193, 16_384, 20_000, 65_535])(
    'knows names of %i characters, and takes them back whole',
    (length) => {
      const levels = new LevelNames();
      const long = Array.from({ length }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
      const others = [
        `${long}a`,
        long.slice(1),
        `${long.slice(0, -1)}_`,
        `_${long.slice(1)}`,
        long.slice(0, 8190),
      ];
      const number = use(levels, long);
      expect(get(levels, long)).toBe(number);
      for (const other of others) expect(get(levels, other)).toBe(-1);
      const numbers = others.map((other) => use(levels, other));
      expect(new Set([number, ...numbers]).size).toBe(others.length + 1);
      expect(others.map((other) => get(levels, other))).toEqual(numbers);
      expect(use(levels, long)).toBe(number);
      for (const other of numbers) levels.release(other);
      levels.release(number);
      expect(get(levels, long)).toBe(number);
      levels.release(number);
      expect(get(levels, long)).toBe(-1);
      expect(levels.capacity).toBe(empty);
    },
  );
});

describe('NodeTable', () => {
  it('keeps the fields of nodes when it grows, and hands out clean ones', () => {
    const nodes = new NodeTable();
    const taken = Array.from({ length: 100 }, () => nodes.take());
    expect(new Set([0, ...taken]).size).toBe(101);
    for (const node of taken) nodes.setChild(node, -3, node * 2, 0);
    for (const node of taken) expect(nodes.fields[node * STRIDE + 1]).toBe(node * 2);
    expect(nodes.count).toBe(101);
    for (const node of taken) {
      nodes.setChild(node, -3, 0, 0);
      nodes.giveBack(node);
    }
    expect(nodes.count).toBe(1);
    expect(nodes.isIdle).toBe(true);
    const again = Array.from({ length: 100 }, () => nodes.take());
    expect(new Set(again)).toEqual(new Set(taken));
    for (const node of again) {
      expect([...nodes.fields.subarray(node * STRIDE, (node + 1) * STRIDE)]).toEqual([0, 0, 0, 0, 0]);
    }
  });
});
