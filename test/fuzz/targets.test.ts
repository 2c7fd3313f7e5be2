import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFound, writeFound } from '../../scripts/fuzz/found.js';
import { diceOf } from '../../scripts/fuzz/mutate.js';
import { failureOf } from '../../scripts/fuzz/scheduler.js';
import { seedsOf, targets } from '../../scripts/fuzz/targets.js';
import { readVectors } from '../../scripts/lib/vectors.js';

const frames = readVectors();

describe('what fuzzing has found', () => {
  it('is tried again', () => {
    for (const { target, name, input } of readFound()) {
      const run = targets[target.replace(/-hangs$/, '')]?.run;
      if (run === undefined) return expect.unreachable(`no target ${target}`);
      expect(failureOf({ run }, input), name).toBeUndefined();
    }
  });

  it('is added to what was found before', () => {
    const folder = mkdtempSync(join(tmpdir(), 'puremqtt-found-'));
    try {
      expect(readFound(join(folder, 'none'))).toEqual([]);
      const failure = { input: Uint8Array.of(1, 2), error: new RangeError('one\ntwo') };
      writeFound('decode', [failure], folder);
      const path = writeFound('decode', [failure], folder);
      expect(JSON.parse(readFileSync(path, 'utf8'))[0]).toEqual({ name: 'RangeError: one', hex: '0102' });
      expect(readFound(folder)).toHaveLength(2);
      expect(readFound(folder)[1]?.input).toEqual(Uint8Array.of(1, 2));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe.each(Object.entries(targets))('the target %s', (name, target) => {
  it('finds nothing in a sample of what it begins with', () => {
    const dice = diceOf(1);
    const seeds = seedsOf(target, frames, dice);
    expect(seeds.length).toBeGreaterThan(50);
    const count = ['step', 'endpoint', 'siege'].includes(name) ? 10 : 100;
    for (let left = count; left > 0; left--) {
      const seed = seeds[dice(seeds.length)]!;
      const failure = failureOf(target, seed);
      if (failure !== undefined) failure.message += `: ${Buffer.from(seed).toString('hex')}`;
      expect(failure).toBeUndefined();
    }
  });
});
