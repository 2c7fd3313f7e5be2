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
import { bounded, fastCheck, LoadedSuite } from './suite.js';

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
      },
      default: {},
    },
  },
};

interface PlannedTest {
  readonly id: string;
  readonly file: string;
  readonly name: string;
  /** The processor time that it took, in milliseconds. */
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
    const plan = await this.#control(await bundle(this.#folder, files, false), files);
    if (typeof plan === 'string') return { status: ERROR, errorMessage: plan };
    const counting = compile(await bundle(this.#folder, files, true), this.#folder, files);
    const suite = new LoadedSuite(counting, noMutant(), this.#fastCheck);
    const loaded = new Map(files.map((file) => [file, suite.load(file)]));
    const tests: TestResult[] = [];
    for (const { id, file, name, cost } of plan.tests) {
      namespace.currentTestId = id;
      const failureMessage = await failureOf(suite, loaded.get(file)!, name);
      namespace.currentTestId = undefined;
      const result = { id, name, timeSpentMs: cost, fileName: join(this.#folder, file) };
      if (failureMessage === undefined) tests.push({ ...result, status: 0 });
      else tests.push({ ...result, status: 1, failureMessage });
    }
    writeFileSync(join(this.#folder, PLAN), JSON.stringify(plan));
    const mutantCoverage = namespace.mutantCoverage ?? { static: {}, perTest: {} };
    return { status: COMPLETE, tests, mutantCoverage };
  }

  /** Runs the tests as mutants will, but without one: what failed now would be taken for a kill. */
  async #control(code: string, files: readonly string[]): Promise<Plan | string> {
    const suite = new LoadedSuite(compile(code, this.#folder, files), noMutant(), this.#fastCheck);
    const loading: Record<string, number> = {};
    const tests: PlannedTest[] = [];
    for (const file of files) {
      const began = performance.now();
      const loaded = suite.load(file);
      loading[file] = performance.now() - began;
      if (typeof loaded === 'string') return `${file}: ${loaded}`;
      for (const [name, test] of loaded) {
        const before = process.cpuUsage();
        const failure = await suite.run(test);
        // Not by the clock: other processes would decide which tests are too slow to take part.
        const { user, system } = process.cpuUsage(before);
        const cost = (user + system) / 1_000;
        if (failure !== undefined) return `${file}, ${name}: ${failure}`;
        if (cost <= this.#options.slowest) tests.push({ id: `${tests.length + 1}`, file, name, cost });
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
    mutant.limit = options.hitLimit ?? Number.POSITIVE_INFINITY;
    const run = new MutantRun(evaluate, tests, mutant, options, this.#fastCheck);
    return run.result();
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

/** The tests of one mutant, until one fails. */
class MutantRun {
  readonly #suite: LoadedSuite;
  readonly #tests: readonly PlannedTest[];
  readonly #mutant: Switch;
  readonly #active: number;
  readonly #isStatic: boolean;
  readonly #bail: boolean;
  readonly #loaded = new Map<string, ReturnType<LoadedSuite['load']>>();
  readonly #killedBy: string[] = [];
  #message: string | undefined;
  #at = 0;

  constructor(
    evaluate: Evaluate,
    tests: readonly PlannedTest[],
    mutant: Switch,
    { activeMutant, mutantActivation, disableBail }: MutantRunOptions,
    fastCheckModule: unknown,
  ) {
    this.#active = Number(activeMutant.id);
    this.#isStatic = mutantActivation === 'static';
    this.#bail = !disableBail;
    this.#tests = tests;
    this.#mutant = mutant;
    if (this.#isStatic) mutant.active = this.#active;
    this.#suite = new LoadedSuite(evaluate, mutant, fastCheckModule);
  }

  async result(): Promise<MutantRunResult> {
    while (this.#isGoingOn()) {
      let pending: ReturnType<LoadedSuite['start']>;
      if (
        !bounded(() => {
          pending = this.#runSome();
        }, PATIENCE_MS)
      )
        return { status: TIMEOUT };
      if (pending! instanceof Promise) this.#note(await pending);
      if (this.#mutant.hits > this.#mutant.limit) return { status: TIMEOUT, reason: 'Hit limit reached' };
    }
    const after = await this.#suite.end();
    if (this.#killedBy.length === 0 && after !== undefined) {
      this.#message = after;
      this.#killedBy.push(this.#tests[0]!.id);
    }
    const nrOfTests = this.#at;
    if (this.#message === undefined) return { status: SURVIVED, nrOfTests };
    return { status: KILLED, killedBy: this.#killedBy, failureMessage: this.#message, nrOfTests };
  }

  #isGoingOn(): boolean {
    if (this.#killedBy.length > 0 && this.#bail) return false;
    return this.#at < this.#tests.length && this.#mutant.hits <= this.#mutant.limit;
  }

  /** Runs tests that should not take long together, or up to one that has to be waited for. */
  #runSome(): ReturnType<LoadedSuite['start']> {
    for (let cost = 0; cost < SOME_MS && this.#isGoingOn(); ) {
      const { file, name, cost: expected } = this.#tests[this.#at]!;
      cost += expected;
      const failure = failureOf(this.#suite, this.#load(file), name);
      if (failure instanceof Promise) return failure;
      this.#note(failure);
    }
    return undefined;
  }

  #load(file: string): ReturnType<LoadedSuite['load']> {
    let loaded = this.#loaded.get(file);
    if (loaded === undefined) {
      // What is done while a file is loaded belongs to static mutants.
      if (!this.#isStatic) this.#mutant.active = -1;
      loaded = this.#suite.load(file);
      this.#loaded.set(file, loaded);
    }
    this.#mutant.active = this.#active;
    return loaded;
  }

  #note(failure: string | undefined): void {
    if (failure !== undefined) {
      this.#message ??= failure;
      this.#killedBy.push(this.#tests[this.#at]!.id);
    }
    this.#at++;
  }
}

/** Tests are expected to take so long together before a look at the clock, in milliseconds. */
const SOME_MS = 100;

/** How long they may take, with a mutant and on a busy machine. */
const PATIENCE_MS = 10_000;

function failureOf(
  suite: LoadedSuite,
  loaded: ReturnType<LoadedSuite['load']>,
  name: string,
): ReturnType<LoadedSuite['start']> {
  if (typeof loaded === 'string') return loaded;
  const test = loaded.get(name);
  // Tests made from a table that the mutant has changed may be gone, and so prove nothing.
  return test === undefined ? undefined : suite.start(test);
}

const noMutant = (): Switch => ({ active: -1, hits: 0, limit: Number.POSITIVE_INFINITY });

// The values of Stryker's enums, which are there as types alone.
const COMPLETE = 'complete' as Extract<DryRunResult, { tests: unknown }>['status'];
const ERROR = 'error' as Extract<DryRunResult, { errorMessage: unknown }>['status'];
const KILLED = 'killed' as MutantRunStatus.Killed;
const SURVIVED = 'survived' as MutantRunStatus.Survived;
const TIMEOUT = 'timeout' as MutantRunStatus.Timeout;
