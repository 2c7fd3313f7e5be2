import { afterAll, expect } from 'vitest';
import { type Bounds, describeScenario } from './scenarios.js';
import { Counterexample, explore } from './search.js';
import type { Scenario } from './sides.js';
import { worldOf } from './world.js';

/** How long a search may take, in milliseconds. */
export const TIMEOUT = 300_000;

/** `npm run test:coverage`, which CI runs, searches wider than `npm test`; `npm run model` goes further still. */
const isWide = process.env['MODEL'] === 'wide';

/** How many faults there are in a search: fewer where it has to be quick. */
export const bounded = (quick: Bounds, wide: Bounds): Bounds => (isWide ? wide : quick);

let visited = 0;

afterAll(() => console.info(`states visited: ${visited.toLocaleString('en')}`));

/** Searches scenario by scenario; each must have been searched whole. */
export function prove(scenarios: readonly Scenario[]): void {
  expect(scenarios.length).toBeGreaterThan(0);
  for (const scenario of scenarios) {
    try {
      const { states, truncated } = explore(worldOf(scenario));
      expect(truncated).toBe(false);
      visited += states;
    } catch (error) {
      if (!(error instanceof Counterexample)) throw error;
      expect.unreachable(`${describeScenario(scenario)}\n${error.message}`);
    }
  }
}
