import { afterAll, expect } from 'vitest';
import { describeScenario } from './scenarios.js';
import { Counterexample, explore } from './search.js';
import type { Scenario } from './sides.js';
import { worldOf } from './world.js';

/** How long a search may take, in milliseconds. */
export const TIMEOUT = 300_000;

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
