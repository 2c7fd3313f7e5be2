// @ts-nocheck
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lives, setups } from './commands.js';
import { MUTANTS, type Mutant } from './mutants.js';
import { Pair } from './pair.js';
import { runs, TIMEOUT } from './runs.js';

/** Two sides that are connected and cut off, that crash, forget, wait and talk, with this step. */
const promise = (step?: Mutant): fc.IPropertyWithHooks<Parameters<typeof live>> =>
  fc.property(setups, lives, (...life) => live(...life, step));

function live(setup: Value<typeof setups>, commands: Value<typeof lives>, step?: Mutant): void {
  const pair = new Pair(setup, step);
  fc.modelRun(() => ({ model: pair, real: pair }), commands);
  pair.end();
}

type Value<A> = A extends fc.Arbitrary<infer T> ? T : never;

describe('A client and a server with a long life', () => {
  const statements = [
    '[5.0: MQTT-3.3.2-7] [5.0: MQTT-3.3.2-10] [5.0: MQTT-3.3.2-12] [5.0: MQTT-3.2.2-17] [5.0: MQTT-3.1.2-26]',
    '[5.0: MQTT-3.3.4-7] [5.0: MQTT-3.3.4-9] [5.0: MQTT-4.9.0-2] [5.0: MQTT-4.3.3-7]',
    '[5.0: MQTT-3.8.4-2] [5.0: MQTT-3.10.4-5] [3.1.1: MQTT-3.8.4-2] [3.1.1: MQTT-3.10.4-4]',
  ].join(' ');

  it(`keep every promise, whatever happens to them ${statements}`, { timeout: TIMEOUT }, () => {
    fc.assert(promise(), runs(400));
  });
});

describe('A long life shows a step that', () => {
  for (const [name, step] of Object.entries(MUTANTS)) {
    it(name, { timeout: TIMEOUT }, () => {
      const { failed, errorInstance } = fc.check(promise(step), { numRuns: 1_000, endOnFailure: true });
      expect(failed).toBe(true);
      expect(errorInstance).toMatchObject({ name: 'Violation' });
    });
  }
});
