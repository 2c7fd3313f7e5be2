/**
 * Checks that package.json, typedoc.json and the files under src/ agree with the list in `entries.ts`.
 * With `--write`, writes what follows from the list instead of complaining.
 */
// @ts-nocheck

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { entries, isEntrySource } from './entries.js';
import { isMain, root } from './lib/root.js';

type Json = Record<string, unknown>;

/** The exports map that the list stands for: types first in each condition, one declaration file per format. */
export function exportsMap(list: Readonly<Record<string, string>>): Json {
  const map: Json = {};
  for (const name of Object.keys(list)) {
    map[name === 'index' ? '.' : `./${name}`] = {
      import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
      require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
    };
  }
  map['./package.json'] = './package.json';
  return map;
}

/** Declarations for TypeScript's `node10` resolution, which does not read the exports map. */
export function typesVersions(list: Readonly<Record<string, string>>): Json {
  const paths: Json = {};
  for (const name of Object.keys(list)) {
    if (name !== 'index') paths[name] = [`./dist/${name}.d.cts`];
  }
  return { '*': paths };
}

/** Every way in which the manifests and the source files differ from the list, in words. Empty when they agree. */
export function disagreements(
  list: Readonly<Record<string, string>>,
  manifest: Json,
  typedoc: Json,
  sources: readonly string[],
): string[] {
  const found: string[] = [];
  const expect = (what: string, actual: unknown, expected: unknown): void => {
    if (!isDeepStrictEqual(actual, expected) || JSON.stringify(actual) !== JSON.stringify(expected)) {
      found.push(`${what} differs from scripts/entries.ts: run "npm run exports -- --write"`);
    }
  };
  expect('package.json "exports"', manifest['exports'], exportsMap(list));
  expect('package.json "typesVersions"', manifest['typesVersions'], typesVersions(list));
  expect('typedoc.json "entryPoints"', typedoc['entryPoints'], Object.values(list));
  for (const [name, path] of Object.entries(list)) {
    if (!sources.includes(path)) found.push(`entry "${name}": ${path} does not exist`);
  }
  for (const path of sources) {
    if (isEntrySource(path) && !Object.values(list).includes(path)) {
      found.push(`${path} is an entry by its name but is not in scripts/entries.ts`);
    }
  }
  return found;
}

/** The TypeScript files under `src/`, as paths from the root with forward slashes. */
export function sourceFiles(): string[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .sort();
}

export function readJson(path: string): Json {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Json;
}

function write(path: string, changes: Json): void {
  const json = Object.assign(readJson(path), changes);
  writeFileSync(join(root, path), `${JSON.stringify(json, null, 2)}\n`);
}

if (isMain(import.meta.url)) {
  if (process.argv.includes('--write')) {
    write('package.json', { exports: exportsMap(entries), typesVersions: typesVersions(entries) });
    if (existsSync(join(root, 'typedoc.json')))
      write('typedoc.json', { entryPoints: Object.values(entries) });
  }
  const found = disagreements(entries, readJson('package.json'), readJson('typedoc.json'), sourceFiles());
  for (const line of found) console.error(line);
  if (found.length > 0) process.exitCode = 1;
  else console.log(`${Object.keys(entries).length} entries agree with package.json, typedoc.json and src/`);
}
