// @ts-nocheck
import { Script } from 'node:vm';
import * as fc from 'fast-check';
import type { Evaluate, Instance, Switch } from './bundle.js';
import { Collector, type Suite, type Test } from './collect.js';

/** The lean runs use one seed, so that a mutant that is killed today is killed tomorrow. */
const SEED = 20_240_229;

/** Some suites change it for themselves, and would for all that come before their end. */
const STACK_TRACE_LIMIT = 10;

/** fast-check with so many runs at most, one seed, and no search for a smaller counterexample. */
export function fastCheck(most: number): unknown {
  const assert = (property: fc.IProperty<unknown>, parameters: fc.Parameters<unknown> = {}): unknown =>
    fc.assert(property, {
      endOnFailure: true,
      seed: SEED,
      ...parameters,
      numRuns: Math.min(parameters.numRuns ?? 100, most),
    });
  const changed = { ...fc, assert };
  return { ...changed, __esModule: true, default: changed };
}

/** The tests that one evaluation of the bundle gives; a file is loaded when it is asked for. */
export class LoadedSuite {
  readonly #begun = new Set<Suite>();
  readonly #stubs = new Map<string, unknown>();
  readonly #collector = new Collector();
  readonly #loaders: Instance['files'];

  constructor(evaluate: Evaluate, mutant: Switch, fastCheckModule: unknown) {
    const vitest = this.#collector.api({
      stub: (name, value) => {
        this.#stubs.set(name, Reflect.get(globalThis, name));
        Reflect.set(globalThis, name, value);
      },
      unstub: () => this.restore(),
    });
    const modules = { vitest, 'fast-check': fastCheckModule };
    const again = (): unknown => evaluate(modules, mutant, again).library();
    this.#loaders = evaluate(modules, mutant, again).files;
  }

  /** The tests of a file by name, those of equal names numbered; or the message of what it throws while it is loaded. */
  load(file: string): ReadonlyMap<string, Test> | string {
    try {
      return byName(this.#collector.collect(file, this.#loaders[file]!));
    } catch (error) {
      return messageOf(error);
    }
  }

  /** Runs a test and the hooks it needs; gives the message of a failure. */
  async run(test: Test): Promise<string | undefined> {
    Error.stackTraceLimit = STACK_TRACE_LIMIT;
    try {
      await this.#begin(test.suite);
      for (const suite of lineage(test.suite)) for (const hook of suite.beforeEach) await hook();
      try {
        const result = test.body();
        if (result instanceof Promise) await result;
      } finally {
        for (const suite of lineage(test.suite)) for (const hook of suite.afterEach) await hook();
      }
      return undefined;
    } catch (error) {
      this.restore();
      return messageOf(error);
    }
  }

  /** Does the same without a detour through promises, where neither hooks nor the test need one. */
  start(test: Test): string | undefined | Promise<string | undefined> {
    if (lineage(test.suite).some((suite) => this.#hasToWait(suite))) return this.run(test);
    Error.stackTraceLimit = STACK_TRACE_LIMIT;
    try {
      const result = test.body();
      if (result instanceof Promise) return result.then(() => undefined, messageOf);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  #hasToWait(suite: Suite): boolean {
    if (suite.beforeEach.length + suite.afterEach.length > 0) return true;
    if (suite.before.length > 0) return !this.#begun.has(suite);
    this.#begun.add(suite);
    return false;
  }

  /** Runs what is due after the tests; gives the message of a failure. */
  async end(): Promise<string | undefined> {
    try {
      for (const suite of this.#begun) for (const hook of suite.after) await hook();
      return undefined;
    } catch (error) {
      return messageOf(error);
    } finally {
      this.restore();
    }
  }

  restore(): void {
    for (const [name, value] of this.#stubs) Reflect.set(globalThis, name, value);
    this.#stubs.clear();
  }

  async #begin(suite: Suite): Promise<void> {
    if (this.#begun.has(suite)) return;
    if (suite.parent !== undefined) await this.#begin(suite.parent);
    this.#begun.add(suite);
    for (const hook of suite.before) await hook();
  }
}

const CALL = new Script('__bounded()');

/** Runs something for so many milliseconds at most; tells whether it came to an end. */
export function bounded(run: () => void, timeout: number): boolean {
  Reflect.set(globalThis, '__bounded', run);
  try {
    CALL.runInThisContext({ timeout });
    return true;
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
}

function lineage(suite: Suite): Suite[] {
  return suite.parent === undefined ? [suite] : [...lineage(suite.parent), suite];
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.slice(0, 300);
}

function byName(tests: readonly Test[]): Map<string, Test> {
  const named = new Map<string, Test>();
  for (const test of tests) {
    let name = test.name;
    for (let count = 2; named.has(name); count++) name = `${test.name} (${count})`;
    named.set(name, test);
  }
  return named;
}
