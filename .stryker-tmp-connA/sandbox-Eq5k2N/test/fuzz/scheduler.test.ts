// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { branchesOf } from '../../scripts/fuzz/coverage.js';
import { diceOf, mutate, randomBytes } from '../../scripts/fuzz/mutate.js';
import { type Feedback, fuzz } from '../../scripts/fuzz/scheduler.js';

const budget = { seed: 5, seconds: 20, runs: 60_000 };

/** A lock that opens for two bytes in a row, and tells how many of them were right. */
class Lock implements Feedback {
  depth = 0;
  #known = 0;

  readonly run = (input: Uint8Array): void => {
    const key = [0x39, 0xa7];
    const right = key.findIndex((byte, index) => input[index] !== byte);
    this.depth = Math.max(this.depth, right < 0 ? 2 : right);
    if (right < 0) throw new Error('open');
  };

  fresh(keep: boolean): number {
    const { depth } = this;
    this.depth = 0;
    const count = Math.max(0, depth - this.#known);
    if (keep) this.#known += count;
    return count;
  }
}

describe('the fuzzer', () => {
  it('goes from branch to branch where it is told of new ones, and finds nothing where it is not', () => {
    const lock = new Lock();
    const seeds = (): Uint8Array[] => [new Uint8Array(6).fill(0xaa)];
    const told = fuzz({ run: lock.run, seeds }, lock, budget);
    expect(told.failures.map(({ input }) => [...input])).toEqual([[0x39, 0xa7]]);
    expect(told.kept).toBe(2);
    const blind = fuzz({ run: new Lock().run, seeds }, undefined, { ...budget, runs: told.executions });
    expect(blind).toMatchObject({ kept: 0, failures: [] });
  });

  it('makes what fails small, and tells failures of one kind once', () => {
    const run = (input: Uint8Array): void => {
      if (input.includes(7) && input.length > 3)
        throw new RangeError(`byte ${input.indexOf(7)} of ${input.length}`);
    };
    const seeds = (): Uint8Array[] => [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9)];
    const { failures } = fuzz({ run, seeds }, undefined, { ...budget, runs: 500 });
    expect(failures).toHaveLength(1);
    expect([...failures[0]!.input].sort()).toEqual([0, 0, 0, 7]);
  });

  it('ends in time, and does the same again with the same seed', () => {
    const inputs = (seed: number): string[] => {
      const all: string[] = [];
      const run = (input: Uint8Array): void => void all.push(Buffer.from(input).toString('hex'));
      fuzz({ run, seeds: () => [] }, undefined, { seed, seconds: 10, runs: 50 });
      return all;
    };
    expect(inputs(1)).toEqual(inputs(1));
    expect(inputs(1)).not.toEqual(inputs(2));
    const { seconds } = fuzz({ run: () => {}, seeds: () => [] }, undefined, {
      ...budget,
      seconds: 0.1,
      runs: Infinity,
    });
    expect(seconds).toBeLessThan(5);
  });

  it('takes what throws no Error, and what takes too long, for a failure', () => {
    const run = (): void => {
      throw 'text';
    };
    const { failures } = fuzz({ run, seeds: () => [] }, undefined, { ...budget, runs: 1 });
    expect(failures.map(({ error }) => error.message)).toEqual(['text']);
  });
});

describe('mutations', () => {
  it('change bytes of any length without touching them', () => {
    const dice = diceOf(3);
    const before = randomBytes(dice, 40);
    const copy = before.slice();
    const results = Array.from({ length: 2_000 }, () => mutate(before, Uint8Array.of(1, 2, 3), dice));
    expect(before).toEqual(copy);
    expect(new Set(results.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBeGreaterThan(1_000);
    expect(mutate(new Uint8Array(0), new Uint8Array(0), dice).length).toBeLessThan(100);
  });
});

describe('branches', () => {
  it('are found in a bundle, with the file they come from', () => {
    const text = [
      '// src/a.ts',
      'function f(a) { if (a) return 1; else return 2; }',
      '// src/b.ts',
      'const g = (a) => (a ? a.b && a.c : a ?? 1);',
      'switch (1) { case 1: g(); break; default: }',
      'try { for (;;) break; } catch { }',
    ].join('\n');
    const found = branchesOf(text).map(({ at, file }) => `${file} ${text.slice(at, at + 8)}`);
    expect(found).toEqual([
      'src/a.ts { if (a)',
      'src/a.ts return 1',
      'src/a.ts return 2',
      'src/b.ts (a ? a.b',
      'src/b.ts a.b && a',
      'src/b.ts a ?? 1);',
      'src/b.ts a.c : a ',
      'src/b.ts 1);\nswit',
      'src/b.ts g(); bre',
      'src/b.ts break; }',
      'src/b.ts { }',
    ]);
  });
});
