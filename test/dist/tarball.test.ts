import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJson } from '../../scripts/check-exports.js';
import { entries } from '../../scripts/entries.js';
import { root } from '../../scripts/lib/root.js';
import { distFile } from './dist.js';

const folder = mkdtempSync(join(tmpdir(), 'puremqtt-consumer-'));
const consumer = join(folder, 'consumer');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });

const specifiers = Object.keys(entries).map((name) => (name === 'index' ? 'puremqtt' : `puremqtt/${name}`));
/** fast-check is an optional peer dependency, and this consumer does not have it. */
const plain = specifiers.filter((specifier) => specifier !== 'puremqtt/arbitraries');

/** The oldest TypeScript that the declarations promise to compile on; it comes with `npm ci` in `runtimes/`. */
const OLDEST = 'typescript-5.6';
const require = createRequire(join(root, 'runtimes/package.json'));

function compilers(): (readonly [version: string, compiler: typeof ts])[] {
  const present: (readonly [string, typeof ts])[] = [[ts.version, ts]];
  if (existsSync(join(root, 'runtimes/node_modules', OLDEST))) {
    const oldest = require(OLDEST) as typeof ts;
    present.push([oldest.version, oldest]);
  } else console.log(`skipped: ${OLDEST} is not installed ("npm ci" in runtimes/)`);
  return present;
}

/** All but the adapter for Node, whose declarations name Node's. */
const bare = plain.filter((specifier) => specifier !== 'puremqtt/node');

const consumers = [
  ['an ES module', 'check.mts', ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
  ['CommonJS', 'check.cts', ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
  ['an ES module, node16', 'check.mts', ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
  ['CommonJS, node16', 'check.cts', ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
  ['a bundler', 'check.ts', ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
] as const;

let packed: string[] = [];

beforeAll(() => {
  distFile('index.js');
  const [report] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root),
  ) as {
    files: { path: string }[];
  }[];
  packed = report?.files.map((file) => file.path) ?? [];
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), '{ "name": "consumer", "private": true }\n');
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock'];
  run('npm', ['install', '--offline', '--ignore-scripts', ...quiet, join(folder, tarball)], consumer);
}, 120_000);

describe('the packed package', () => {
  it('holds the build, the sources behind its source maps and its papers, and nothing else', () => {
    const strange = packed.filter(
      (path) => !/^(dist|src)\/|^docs\/[^/]+\.md$|^[A-Z]+(\.md)?$|^package\.json$/.test(path),
    );
    expect(strange).toEqual([]);
    expect(packed).toEqual(
      expect.arrayContaining(['LICENSE', 'CHANGELOG.md', 'dist/index.js', 'dist/index.cjs', 'src/index.ts']),
    );
  });

  it('installs alone', () => {
    const installed = readdirSync(join(consumer, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['puremqtt']);
  });

  const check = `
    const bytes = main.encode({ type: 'pingreq' }, 5);
    if (main.decode(bytes, 5).type !== 'pingreq') throw new Error('no round trip');
    console.log(names.join());`;

  it('loads from an ES module', () => {
    const code = `
      import * as main from 'puremqtt';
      import manifest from 'puremqtt/package.json' with { type: 'json' };
      const names = [manifest.version];
      for (const name of ${JSON.stringify(plain)}) if (Object.keys(await import(name)).length > 0) names.push(name);
      ${check}`;
    writeFileSync(join(consumer, 'check.mjs'), code);
    expect(run(process.execPath, ['--no-warnings', 'check.mjs'], consumer).trim()).toBe(
      [readJson('package.json')['version'], ...plain].join(),
    );
  });

  it('loads from CommonJS', () => {
    const code = `
      const main = require('puremqtt');
      const names = [require('puremqtt/package.json').version];
      for (const name of ${JSON.stringify(plain)}) if (Object.keys(require(name)).length > 0) names.push(name);
      ${check}`;
    writeFileSync(join(consumer, 'check.cjs'), code);
    expect(run(process.execPath, ['check.cjs'], consumer).trim()).toBe(
      [readJson('package.json')['version'], ...plain].join(),
    );
  });

  it('asks for fast-check only where it is needed', () => {
    const code = `import('puremqtt/arbitraries').catch((error) => console.log(error.code, error.message.includes('fast-check')));`;
    expect(run(process.execPath, ['-e', code], consumer).trim()).toBe('ERR_MODULE_NOT_FOUND true');
  });

  it('hides its chunks and folders', () => {
    const code = `import('puremqtt/dist/index.js').catch((error) => console.log(error.code));`;
    expect(run(process.execPath, ['-e', code], consumer).trim()).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it.each(
    compilers().flatMap(([version, compiler]) =>
      consumers.map((row) => [version, ...row, compiler] as const),
    ),
  )(
    'compiles with TypeScript %s for %s with ECMAScript alone, its declarations checked too',
    (_version, _consumer, file, module, moduleResolution, compiler) => {
      const imports = (entries: readonly string[]): string =>
        entries.map((name, index) => `import * as m${index} from '${name}';`).join('\n');
      const all = (entries: readonly string[]): string =>
        `export const all: object[] = [${entries.map((_, index) => `m${index}`)}];`;
      const use = `export const bytes: Uint8Array = m0.encode({ type: 'pingreq' }, 5);`;
      writeFileSync(join(consumer, file), `${imports(bare)}\n${all(bare)}\n${use}\n`);
      const withNode = file.replace('check', 'node');
      writeFileSync(join(consumer, withNode), `${imports(plain)}\n${all(plain)}\n${use}\n`);
      const options: ts.CompilerOptions = {
        target: ts.ScriptTarget.ES2022,
        lib: ['lib.es2022.d.ts'],
        module,
        moduleResolution,
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      };
      const errors = (name: string, more: ts.CompilerOptions = {}): string[] => {
        const program = compiler.createProgram([join(consumer, name)], { ...options, ...more });
        // All that came with the package, and not the declarations of the language and of Node, which take longer.
        const own = program
          .getSourceFiles()
          .filter(({ fileName }) => fileName.startsWith(realpathSync(consumer)));
        expect(own.length).toBeGreaterThan(plain.length);
        return [
          ...program.getOptionsDiagnostics(),
          ...program.getGlobalDiagnostics(),
          ...own.flatMap((file) => [
            ...program.getSyntacticDiagnostics(file),
            ...program.getSemanticDiagnostics(file),
          ]),
        ].map(({ messageText }) => compiler.flattenDiagnosticMessageText(messageText, '\n'));
      };
      expect(errors(file)).toEqual([]);
      const typeRoots = [join(root, 'node_modules/@types')];
      expect(errors(withNode, { types: ['node'], typeRoots })).toEqual([]);
    },
  );
});
