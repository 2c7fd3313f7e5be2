import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MutantCoverage, StrykerOptions } from '@stryker-mutator/api/core';
import type {
  DryRunResult,
  MutantRunOptions,
  MutantRunResult,
  MutantRunStatus,
  TestResult,
  TestRunner,
} from '@stryker-mutator/api/test-runner';
import { bundle, compile, type Evaluate, type Switch } from './bundle.js';
import type { Test } from './collect.js';
import { fastCheck, LoadedSuite } from './suite.js';

/**
 * A test runner for Stryker that stays in one process. Sources and tests are bundled once, and evaluated anew for every
 * mutant, which takes milliseconds where a fresh worker of vitest takes seconds. The quickest tests come first.
 */
export interface InProcessOptions {
  /** Folders of tests. */
  readonly folders: readonly string[];
  /** Files to leave out: parts of their paths. */
  readonly without: readonly string[];
  /** What the numbers of runs of properties are multiplied with: `PUREMQTT_RUNS`. */
  readonly runs: number;
  /** Tests that take more milliseconds than that are left out. */
  readonly slowest: number;
  /** Only tests whose title names a statement, and fixtures. */
  readonly named: boolean;
}

export const optionsSchema = {
  type: 'object',
  properties: {
    inProcess: {
      type: 'object',
      properties: {
        folders: { type: 'array', items: { type: 'string' }, default: ['test'] },
        without: { type: 'array', items: { type: 'string' }, default: [] },
        runs: { type: 'number', default: 1 },
        slowest: { type: 'number', default: 1e9 },
        named: { type: 'boolean', default: false },
      },
      default: {},
    },
  },
};

interface PlannedTest {
  readonly id: string;
  readonly file: string;
  readonly name: string;
  /** How long it took, in milliseconds. */
  readonly cost: number;
}

/** What the worker of the dry run leaves to the others. */
interface Plan {
  readonly code: string;
  readonly files: readonly string[];
  /** How long each file took to load, in milliseconds. */
  readonly loading: Readonly<Record<string, number>>;
  readonly tests: readonly PlannedTest[];
}

/** Where Stryker's switches look (its instrumenter writes them so). */
interface Namespace {
  currentTestId?: string | undefined;
  mutantCoverage?: MutantCoverage;
}

/** The most runs that a test asks for. */
const MOST_RUNS = 6_000;

const PLAN = 'in-process-plan.json';

const namespace: Namespace = {};
Reflect.set(globalThis, '__stryker__', namespace);

export class InProcessRunner implements TestRunner {
  static inject = ['options'] as const;
  readonly #options: InProcessOptions;
  readonly #folder = process.cwd();
  readonly #fastCheck: unknown;
  #prepared: { readonly plan: Plan; readonly evaluate: Evaluate } | undefined;
  readonly #orders = new Map<string, readonly PlannedTest[]>();

  constructor(options: StrykerOptions) {
    this.#options = options['inProcess'] as InProcessOptions;
    this.#fastCheck = fastCheck(Math.ceil(this.#options.runs * MOST_RUNS));
    process.env['PUREMQTT_RUNS'] = `${this.#options.runs}`;
  }

  capabilities(): { reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  #files(): string[] {
    const { folders, without } = this.#options;
    return folders
      .flatMap((folder) =>
        readdirSync(join(this.#folder, folder), { recursive: true, encoding: 'utf8' }).map(
          (path) => `${folder}/${path.replaceAll('\\', '/')}`,
        ),
      )
      .filter((path) => path.endsWith('.test.ts') && !without.some((part) => path.includes(part)))
      .sort();
  }

  async dryRun(): Promise<DryRunResult> {
    const files = this.#files();
    const evaluate = compile(await bundle(this.#folder, files, true), this.#folder, files);
    const suite = new LoadedSuite(evaluate, noMutant(), this.#fastCheck);
    const found: (readonly [file: string, name: string, test: Test])[] = [];
    for (const file of files) {
      const tests = suite.load(file);
      if (typeof tests === 'string') return { status: ERROR, errorMessage: `${file}: ${tests}` };
      for (const [name, test] of tests) found.push([file, name, test]);
    }
    const results: TestResult[] = [];
    const planned: PlannedTest[] = [];
    for (const [file, name, test] of found) {
      if (this.#options.named && !/\[|fixtures/.test(`${name} ${file}`)) continue;
      const id = `${results.length + 1}`;
      namespace.currentTestId = id;
      const began = performance.now();
      const failureMessage = await suite.run(test);
      const cost = performance.now() - began;
      namespace.currentTestId = undefined;
      if (cost > this.#options.slowest) {
        delete namespace.mutantCoverage?.perTest[id];
        continue;
      }
      const result = { id, name, timeSpentMs: cost, fileName: join(this.#folder, file) };
      if (failureMessage === undefined) results.push({ ...result, status: 0 });
      else results.push({ ...result, status: 1, failureMessage });
      planned.push({ id, file, name, cost });
    }
    const failureMessage = await suite.end();
    if (failureMessage !== undefined) return { status: ERROR, errorMessage: failureMessage };
    const code = await bundle(this.#folder, files, false);
    const control = await this.#control(code, files, planned);
    if (typeof control === 'string') return { status: ERROR, errorMessage: control };
    writeFileSync(join(this.#folder, PLAN), JSON.stringify(control));
    return {
      status: COMPLETE,
      tests: results,
      mutantCoverage: namespace.mutantCoverage ?? { static: {}, perTest: {} },
    };
  }

  /** Runs the tests as mutants will, but without one: what fails now would be taken for a kill. */
  async #control(
    code: string,
    files: readonly string[],
    planned: readonly PlannedTest[],
  ): Promise<Plan | string> {
    const suite = new LoadedSuite(compile(code, this.#folder, files), noMutant(), this.#fastCheck);
    const loading: Record<string, number> = {};
    const tests: PlannedTest[] = [];
    for (const file of files) {
      let began = performance.now();
      const loaded = suite.load(file);
      loading[file] = performance.now() - began;
      for (const test of planned) {
        if (test.file !== file) continue;
        began = performance.now();
        const failure = await failureOf(suite, loaded, test.name);
        if (failure !== undefined) return `${file}, ${test.name}: ${failure}`;
        tests.push({ ...test, cost: performance.now() - began });
      }
    }
    const failure = await suite.end();
    return failure ?? { code, files, loading, tests };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { evaluate } = this.#prepare();
    const wanted = options.testFilter === undefined ? undefined : new Set(options.testFilter);
    const tests = this.#orderFor(options.sandboxFileName).filter(({ id }) => wanted?.has(id) ?? true);
    const mutant = noMutant();
    if (options.hitLimit !== undefined) mutant.limit = options.hitLimit;
    const active = Number(options.activeMutant.id);
    if (options.mutantActivation === 'static') mutant.active = active;
    const suite = new LoadedSuite(evaluate, mutant, this.#fastCheck);
    const loaded = new Map<string, ReturnType<LoadedSuite['load']>>();
    const killedBy: string[] = [];
    let message: string | undefined;
    let count = 0;
    for (const { id, file, name } of tests) {
      if (killedBy.length > 0 && !options.disableBail) break;
      let named = loaded.get(file);
      if (named === undefined) {
        // What is loaded with a mutant that is not static belongs to other mutants.
        if (options.mutantActivation !== 'static') mutant.active = -1;
        named = suite.load(file);
        loaded.set(file, named);
      }
      mutant.active = active;
      count++;
      const failure = await failureOf(suite, named, name);
      if (mutant.hits > mutant.limit) return { status: TIMEOUT, reason: 'Hit limit reached' };
      if (failure === undefined) continue;
      message ??= failure;
      killedBy.push(id);
    }
    const after = await suite.end();
    if (killedBy.length === 0 && after !== undefined) {
      message = after;
      killedBy.push(tests[0]!.id);
    }
    if (message === undefined) return { status: SURVIVED, nrOfTests: count };
    return { status: KILLED, killedBy, failureMessage: message, nrOfTests: count };
  }

  #prepare(): { readonly plan: Plan; readonly evaluate: Evaluate } {
    if (this.#prepared === undefined) {
      const path = join(this.#folder, PLAN);
      if (!existsSync(path)) throw new Error('there was no dry run');
      const plan = JSON.parse(readFileSync(path, 'utf8')) as Plan;
      this.#prepared = { plan, evaluate: compile(plan.code, this.#folder, plan.files) };
    }
    return this.#prepared;
  }

  /** All tests, those first that are likely to kill a mutant of that source file at little cost. */
  #orderFor(source: string): readonly PlannedTest[] {
    const known = this.#orders.get(source);
    if (known !== undefined) return known;
    const { loading, tests } = this.#prepare().plan;
    const [, folder = '', stem = ''] =
      /src\/(?:(\w+)\/)?([\w-]+)\.ts$/.exec(source.replaceAll('\\', '/')) ?? [];
    const weight = ({ file, cost }: PlannedTest): number => {
      const near = file.includes(`/${stem}.`) ? 16 : file.startsWith(`test/${folder}/`) ? 4 : 1;
      return Math.ceil(Math.log2((cost + loading[file]! / 8) / near));
    };
    const order = tests
      .map((test) => ({ test, weight: weight(test) }))
      .sort((a, b) => a.weight - b.weight || loading[a.test.file]! - loading[b.test.file]!)
      .map(({ test }) => test);
    this.#orders.set(source, order);
    return order;
  }
}

async function failureOf(
  suite: LoadedSuite,
  loaded: ReturnType<LoadedSuite['load']>,
  name: string,
): Promise<string | undefined> {
  if (typeof loaded === 'string') return loaded;
  const test = loaded.get(name);
  // Tests made from a table that the mutant has changed may be gone, and so prove nothing.
  return test === undefined ? undefined : suite.run(test);
}

const noMutant = (): Switch => ({ active: -1, hits: 0, limit: Number.POSITIVE_INFINITY });

// The values of Stryker's enums, which are there as types alone.
const COMPLETE = 'complete' as Extract<DryRunResult, { tests: unknown }>['status'];
const ERROR = 'error' as Extract<DryRunResult, { errorMessage: unknown }>['status'];
const KILLED = 'killed' as MutantRunStatus.Killed;
const SURVIVED = 'survived' as MutantRunStatus.Survived;
const TIMEOUT = 'timeout' as MutantRunStatus.Timeout;
