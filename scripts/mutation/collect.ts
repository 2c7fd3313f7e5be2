import { format } from 'node:util';
import { expect, vi } from 'vitest';

// What `expect` asks of the process that it is used in. Within vitest itself it is there.
if (!Reflect.has(globalThis, '__vitest_worker__')) {
  Reflect.set(globalThis, '__vitest_worker__', { config: {}, ctx: {}, rpc: {} });
}

type Body = () => unknown;

export interface Suite {
  readonly parent: Suite | undefined;
  readonly name: string;
  readonly before: Body[];
  readonly after: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
}

export interface Test {
  readonly suite: Suite;
  /** The names of its suites and its own, as vitest joins them. */
  readonly name: string;
  readonly body: Body;
}

const suiteOf = (name: string, parent?: Suite): Suite => ({
  parent,
  name,
  before: [],
  after: [],
  beforeEach: [],
  afterEach: [],
});

/** The functions of vitest that our tests use, collecting instead of running. */
export class Collector {
  #tests: Test[] = [];
  #suite = suiteOf('');

  /** The tests that a file declares while it runs. */
  collect(file: string, run: () => void): readonly Test[] {
    this.#tests = [];
    this.#suite = suiteOf('');
    run();
    if (this.#tests.length === 0) throw new Error(`${file} has no tests`);
    return this.#tests;
  }

  /** What `import ... from 'vitest'` gives. */
  api(again: { stub(name: string, value: unknown): void; unstub(): void }): Record<string, unknown> {
    const it = this.#withEach((name, body) => {
      this.#tests.push({ suite: this.#suite, name: fullName(this.#suite, name), body });
    });
    const describe = this.#withEach((name, body) => {
      const outer = this.#suite;
      this.#suite = suiteOf(name, outer);
      body();
      this.#suite = outer;
    });
    return {
      __esModule: true,
      it,
      test: it,
      describe,
      expect,
      expectTypeOf: () => anything,
      beforeAll: (body: Body) => this.#suite.before.push(body),
      afterAll: (body: Body) => this.#suite.after.push(body),
      beforeEach: (body: Body) => this.#suite.beforeEach.push(body),
      afterEach: (body: Body) => this.#suite.afterEach.push(body),
      vi: {
        setConfig: () => {},
        resetModules: () => {},
        spyOn: vi.spyOn,
        stubGlobal: again.stub,
        unstubAllGlobals: again.unstub,
      },
    };
  }

  #withEach(declare: (name: string, body: Body) => void): unknown {
    const one = (name: string, first: unknown, second?: unknown): void => {
      const body = typeof first === 'function' ? first : second;
      if (typeof body !== 'function') throw new Error(`"${name}" has no body`);
      declare(name, body as Body);
    };
    const each =
      (cases: readonly unknown[]) =>
      (name: string, first: unknown, second?: unknown): void => {
        const body = (typeof first === 'function' ? first : second) as (...args: unknown[]) => unknown;
        const spread = cases.every(Array.isArray);
        cases.forEach((item, index) => {
          const args: readonly unknown[] = spread ? (item as unknown[]) : [item];
          declare(titleOf(name, args, index), () => body(...args));
        });
      };
    const never = (): void => {};
    const none = Object.assign(never, { each: () => never });
    const api: unknown = Object.assign(one, {
      each,
      skip: none,
      todo: none,
      skipIf: (condition: unknown) => (condition ? none : api),
      runIf: (condition: unknown) => (condition ? api : none),
    });
    return api;
  }
}

/** Type assertions check nothing at run time. */
const anything: unknown = new Proxy(() => {}, { get: () => anything, apply: () => anything });

function fullName(suite: Suite, name: string): string {
  const outer = suite.parent === undefined ? '' : fullName(suite.parent, suite.name);
  return outer === '' ? name : `${outer} ${name}`;
}

function titleOf(name: string, args: readonly unknown[], index: number): string {
  let next = 0;
  const filled = name
    .replace(/%[sdifjo#%]/g, (mark) => {
      if (mark === '%%') return '%';
      if (mark === '%#') return `${index}`;
      const arg = args[next++];
      return typeof arg === 'function' ? arg.name : format(mark, arg);
    })
    .replace(/\$(\w+)/g, (whole, key: string) => {
      const first = args[0];
      return typeof first === 'object' && first !== null && key in first
        ? String(Reflect.get(first, key))
        : whole;
    });
  return filled;
}
