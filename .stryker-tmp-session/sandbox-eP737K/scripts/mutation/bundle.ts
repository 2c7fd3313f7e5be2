// @ts-nocheck
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, Script } from 'node:vm';
import { build, type Plugin } from 'esbuild';

/** One evaluation of sources and tests, which shares nothing with another. A test file runs when it is called. */
export interface Instance {
  readonly files: Readonly<Record<string, () => void>>;
  /** Evaluates `src/index.ts` and gives its exports. */
  readonly library: () => unknown;
}

/** The mutant that is switched on, and how often its code may run and has run. */
export interface Switch {
  active: number;
  hits: number;
  limit: number;
}

/**
 * Makes an instance: `modules` are given for the packages of those names, `again` for a dynamic import of the sources,
 * which tests use to have them evaluated once more.
 */
export type Evaluate = (
  modules: Readonly<Record<string, unknown>>,
  mutant: Switch,
  again: () => unknown,
) => Instance;

const read = (path: string): string => readFileSync(path, 'utf8');

/** What CommonJS lacks: a module's own URL, and an import of the sources that evaluates them anew. */
const tests = (text: string, path: string): string =>
  text
    .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
    .replace(/await import\('(?:\.\.\/)+src\/index\.js'\)/g, '__again()');

/**
 * Stryker's switches count what they cover, behind two calls and a look at a dictionary. Without counting, and with
 * numbers in place of calls, the tests run about as fast as without switches.
 */
const sources = (text: string): string =>
  text
    .replace(/\bstryCov_9fa48\((?:"\d+"(?:, )?)+\)/g, '0')
    .replace(/\bstryMutAct_9fa48\("(\d+)"\)/g, '(__mutant.active === $1 && __hit())');

/** Sources that are not as they are on disk, by their whole path. */
export type Replaced = ReadonlyMap<string, string>;

const plugin = (counting: boolean, instead: Replaced): Plugin => ({
  name: 'instrumented',
  setup({ onLoad }) {
    onLoad({ filter: /\/test\/.*\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: tests(read(path), path),
    }));
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
      const text = instead.get(path) ?? read(path);
      return { loader: 'ts', contents: counting ? text : sources(text) };
    });
  },
});

/** Bundles instrumented sources and their tests, packages excepted, into one script. */
export async function bundle(
  folder: string,
  files: readonly string[],
  counting: boolean,
  instead: Replaced = new Map(),
): Promise<string> {
  const entry = [
    ...files.map((file) => `export const ${nameOf(file)} = () => require('./${file}');`),
    `export const library = () => require('./src/index.ts');`,
  ];
  const { outputFiles } = await build({
    absWorkingDir: folder,
    stdin: { contents: entry.join('\n'), resolveDir: folder, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    plugins: [plugin(counting, instead)],
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

const nameOf = (file: string): string => file.replace(/\W/g, '_');

/** Compiles a bundle once, to be evaluated often. */
export function compile(code: string, folder: string, files: readonly string[]): Evaluate {
  // A test looks for the name of its own file in a stack.
  const path = join(folder, 'test/codec/errors.test.ts');
  const hit = `function __hit() {
    if (++__mutant.hits > __mutant.limit) throw new Error('the mutant runs too often');
    return true;
  }`;
  const run = new Script(`(function (exports, module, require, __mutant, __again) {${hit}\n${code}\n})`, {
    filename: path,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as (...args: unknown[]) => void;
  const load = createRequire(path);
  return (modules, mutant, again) => {
    const module = { exports: {} as Record<string, () => void> };
    const require = (id: string): unknown => (Object.hasOwn(modules, id) ? modules[id] : load(id));
    run(module.exports, module, require, mutant, again);
    return {
      files: Object.fromEntries(files.map((file) => [file, module.exports[nameOf(file)]!])),
      library: module.exports['library']!,
    };
  };
}
