// @ts-nocheck
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../../scripts/lib/root.js';
import type * as Package from '../../src/index.js';

export type Api = typeof Package;
export type Format = 'js' | 'cjs';

const require = createRequire(import.meta.url);

/** The path of a built file. */
export function distFile(name: string): string {
  const path = join(root, 'dist', name);
  if (!existsSync(path)) throw new Error(`dist/${name} is missing: run "npm run build" first`);
  return path;
}

export const readDist = (name: string): string => readFileSync(distFile(name), 'utf8');

/** Loads a built entry as an ES module or as CommonJS. */
export async function load(entry: string, format: Format): Promise<Readonly<Record<string, unknown>>> {
  const path = distFile(`${entry}.${format}`);
  if (format === 'cjs') return require(path) as Record<string, unknown>;
  return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Record<string, unknown>;
}

export const loadIndex = async (format: Format): Promise<Api> =>
  (await load('index', format)) as unknown as Api;

/**
 * One script, for engines without modules, of a module that may import `./dist/...` and the tests' own files.
 * What the module exports becomes a global variable named `puremqtt`.
 */
export async function bundle(code: string): Promise<string> {
  distFile('index.js');
  const result = await build({
    stdin: { contents: code, resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    format: 'iife',
    globalName: 'puremqtt',
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'silent',
    write: false,
  });
  const text = result.outputFiles[0]?.text;
  if (text === undefined) throw new Error('nothing was bundled');
  return text;
}
