import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { TopicFilterIndex } from '../../src/topics/index.js';
import { least } from '../peers/wait.js';

const LONGEST = 65_535;

/** Of processor time: other processes count for nothing. */
function millisecondsOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe('filters as deep as they come', () => {
  const slashes = '/'.repeat(LONGEST);
  const deep = ['#', '+', 'a', '/'].map((end) => slashes.slice(1) + end);

  it('are stored, matched and deleted without recursion', () => {
    const index = new TopicFilterIndex<string>();
    for (const filter of deep) index.add(filter, filter.slice(-1));
    for (const end of ['#', '+']) index.add(`${'+/'.repeat(32_767)}${end}`, `many ${end}`);
    expect(index.match(slashes).sort()).toEqual(['#', '/', 'many #']);
    expect(index.match(`${slashes.slice(1)}a`).sort()).toEqual(['#', '+', 'a', 'many #']);
    expect(index.match('/'.repeat(32_767)).sort()).toEqual(['many #', 'many +']);
    expect(index.match('/')).toEqual([]);
    for (const filter of deep) expect(index.delete(filter, filter.slice(-1))).toBe(true);
    expect(index.match(slashes)).toEqual(['many #']);
  });

  it('share groups as well', () => {
    const index = new TopicFilterIndex<number>();
    const rest = slashes.slice(10);
    for (const group of ['g', 'h']) index.add(`$share/${group}/${rest}`, 1);
    expect(index.match(rest)).toEqual([1, 1]);
    expect(index.delete(`$share/g/${rest}`, 1)).toBe(true);
    expect(index.match(rest)).toEqual([1]);
  });
});

describe('every combination of + and a name', () => {
  it('costs what the filters are, and nothing for names that leave their way', () => {
    const index = new TopicFilterIndex<number>();
    const levels = 13;
    for (let i = 0; i < 2 ** levels; i++) {
      const combination = Array.from({ length: levels }, (_, bit) => ((i >> bit) & 1 ? '+' : 'a'));
      index.add(combination.join('/'), i);
    }
    const name = Array.from({ length: levels }, () => 'a').join('/');
    expect(index.match(name)).toHaveLength(2 ** levels);
    expect(index.match(`${name}/b`)).toEqual([]);
    expect(index.match(name.replaceAll('a', 'b'))).toEqual([2 ** levels - 1]);
    expect(index.match(`b${name.slice(1)}`)).toHaveLength(2 ** (levels - 1));
    // After so many nodes were reached, and after few again.
    expect(index.match('a/b')).toEqual([]);
    expect(index.match(name)).toHaveLength(2 ** levels);
    for (const [filter, value] of [...index]) index.delete(filter, value);
    expect(index.match(name)).toEqual([]);
  });
});

describe('names that a hash table might mistake for one another', () => {
  it('are told apart in good time, also where V8 hashes strings by their length alone', () => {
    const index = new TopicFilterIndex<number>();
    const all = Array.from({ length: 1200 }, (_, i) => 'x'.repeat(20_000) + String(i).padStart(6, '0'));
    // Looked up in a Map by the whole name this takes more than ten times as long.
    const took = millisecondsOf(() => {
      for (const [i, filter] of all.entries()) index.add(filter, i);
      for (const [i, name] of all.entries()) if (i % 10 === 0) expect(index.match(name)).toEqual([i]);
      for (const [i, filter] of all.entries()) expect(index.delete(filter, i)).toBe(true);
    });
    expect(took).toBeLessThan(6000);
  });
});

describe('a filter with very many values', () => {
  it('adds, deletes and hands out each in constant time', () => {
    const index = new TopicFilterIndex<number>();
    const count = 100_000;
    // With a search for each value this takes a minute.
    const took = millisecondsOf(() => {
      for (let i = 0; i < count; i++) index.add('a/#', i);
      let seen = 0;
      index.forEachMatch('a', (value, filter) => {
        seen++;
        index.delete(filter, value);
      });
      expect(seen).toBe(count);
    });
    expect(index.size).toBe(0);
    expect(took).toBeLessThan(6000);
  });
});

describe('memory', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;

  /** Megabytes of heap and typed arrays held after `run`, beyond those held before. */
  async function held(run: () => unknown): Promise<number> {
    // The least of several readings: what others in this process are about to finish is not counted.
    const used = (): Promise<number> =>
      least(
        () => {
          collectGarbage();
          collectGarbage();
          const { heapUsed, arrayBuffers } = process.memoryUsage();
          return (heapUsed + arrayBuffers) / 1e6;
        },
        0,
        3,
      );
    const before = await used();
    const result = run();
    const after = await used();
    expect(result).toBeDefined();
    return after - before;
  }

  it('is given back when filters go', async () => {
    const index = new TopicFilterIndex<number>();
    const all = Array.from({ length: 60_000 }, (_, i) => `level ${i % 100}/${i >> 1}/${i}/+`);
    const fill = (): TopicFilterIndex<number> => {
      for (const [i, filter] of all.entries()) index.add(filter, i);
      return index;
    };
    const empty = (): TopicFilterIndex<number> => {
      for (const [i, filter] of all.entries()) index.delete(filter, i);
      return index;
    };
    // Once for nothing: using a string for the first time may change what it takes.
    fill();
    empty();
    const full = await held(fill);
    expect(full).toBeGreaterThan(2);
    const left = await held(empty);
    expect(full + left).toBeLessThan(full / 4);
    expect(index.size).toBe(0);
  });

  it('of what several values need is given back when one is left, and when none is', async () => {
    const index = new TopicFilterIndex<number>();
    const all = Array.from({ length: 20_000 }, (_, i) => `level ${i % 100}/${i}`);
    const addAll = (value: number): void => {
      for (const filter of all) index.add(filter, value);
    };
    const deleteAll = (value: number): TopicFilterIndex<number> => {
      for (const filter of all) index.delete(filter, value);
      return index;
    };
    addAll(1);
    const megabytes = await held(() => {
      addAll(2);
      return deleteAll(2);
    });
    expect(megabytes).toBeLessThan(2);
    addAll(2);
    deleteAll(1);
    deleteAll(2);
    expect([index.size, [...index].length, index.match('level 7/7')]).toEqual([0, 0, []]);
  });

  it('of a long filter is not held by the short ones that share a level with it', async () => {
    const index = new TopicFilterIndex<number>();
    const megabytes = await held(() => {
      for (let i = 0; i < 300; i++) {
        const first = `a level of some length ${i}`;
        const long = `${first}/${'x'.repeat(60_000)}${i}/+`;
        index.add(long, i);
        index.add(`${first}/a/+`, i);
        index.add(`${first}/b/+`, i);
        index.delete(long, i);
        const shared = `$share/${'g'.repeat(60_000)}/and a filter of some length ${i}`;
        index.add(shared, i);
        index.add(`and a filter of some length ${i}`, i);
        index.delete(shared, i);
      }
      return index;
    });
    expect(index.size).toBe(900);
    expect(megabytes).toBeLessThan(6);
  });
});
