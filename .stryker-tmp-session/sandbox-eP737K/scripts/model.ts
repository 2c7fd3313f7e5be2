/**
 * Searches every order in which things can happen to a client and a server, further than the tests do.
 *
 * `npm run model` searches three flows at a time; `npm run model -- --flows 2 --cuts 3 --crashes 2 --only pipelin`
 * searches two, with those faults, in the scenarios whose description holds that word. `--limit` ends a search at
 * so many states.
 */
// @ts-nocheck

import { parseArgs } from 'node:util';
import {
  type Bounds,
  describeScenario,
  everyPair,
  firstConnection,
  lessAndLess,
  oneAtATime,
  oneAtATimeByChoice,
  pipelined,
  withOneIdentifier,
  withRefusals,
} from '../test/model/scenarios.js';
import { Counterexample, explore } from '../test/model/search.js';
import type { Scenario } from '../test/model/sides.js';
import { worldOf } from '../test/model/world.js';
import { isMain } from './lib/root.js';

interface Options {
  readonly flows: number;
  readonly bounds: Bounds;
  readonly only: string;
  readonly limit: number;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      flows: { type: 'string', default: '3' },
      cuts: { type: 'string', default: '2' },
      crashes: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      limit: { type: 'string', default: 'Infinity' },
    },
  });
  const number = (name: 'flows' | 'cuts' | 'crashes' | 'limit'): number => {
    const value = Number(values[name]);
    if (!(value >= 0)) throw new Error(`--${name} takes a number, not ${values[name]}`);
    return value;
  };
  const bounds = { cuts: number('cuts'), crashes: number('crashes') };
  return { flows: number('flows'), bounds, only: values.only, limit: number('limit') };
}

/** Searches one scenario and prints what came of it; tells how many states it has, or nothing where it failed. */
function search(scenario: Scenario, limit: number): number | undefined {
  const began = performance.now();
  try {
    const { states, truncated } = explore(worldOf(scenario), limit);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const more = truncated ? ', and there are more' : '';
    console.log(`${states} states in ${seconds} s${more}: ${describeScenario(scenario)}`);
    return states;
  } catch (error) {
    if (!(error instanceof Counterexample)) throw error;
    console.log(`FAILED: ${describeScenario(scenario)}\n${error.message}`);
    return undefined;
  }
}

function main(): void {
  const { flows, bounds, only, limit } = readOptions();
  const families = [
    oneAtATime,
    oneAtATimeByChoice,
    lessAndLess,
    withRefusals,
    firstConnection,
    pipelined,
    withOneIdentifier,
  ];
  const scenarios = [everyPair(bounds, flows), ...families.map((family) => family(bounds, flows))]
    .flat()
    .filter((scenario) => describeScenario(scenario).includes(only));
  let total = 0;
  let failed = 0;
  for (const scenario of scenarios) {
    const states = search(scenario, limit);
    if (states === undefined) failed++;
    else total += states;
  }
  console.log(`${scenarios.length} scenarios, ${total} states, ${failed} failed`);
  if (failed > 0 || scenarios.length === 0) process.exitCode = 1;
}

if (isMain(import.meta.url)) main();
