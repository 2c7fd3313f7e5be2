// @ts-nocheck
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJson, sourceFiles } from '../../scripts/check-exports.js';
import { root } from '../../scripts/lib/root.js';
import { floorViolations } from './floors.js';

describe('the sources', () => {
  it('keep to the floors and to ECMAScript 2022', () => {
    const files = new Map(
      sourceFiles().map((path) => [path.slice('src/'.length), readFileSync(join(root, path), 'utf8')]),
    );
    expect(files.size).toBeGreaterThan(0);
    expect(floorViolations(files)).toEqual([]);
  });

  it('need no package at run time', () => {
    const manifest = readJson('package.json');
    expect(Object.keys(manifest['dependencies'] ?? {})).toEqual([]);
    expect(Object.keys(manifest['optionalDependencies'] ?? {})).toEqual([]);
    expect(manifest['peerDependencies']).toEqual({ 'fast-check': '^4.0.0' });
    expect(manifest['peerDependenciesMeta']).toEqual({ 'fast-check': { optional: true } });
  });
});

describe('the check of the floors', () => {
  /** Checks one file that holds `code` below a proper first line. */
  const check = (path: string, code: string, others: Record<string, string> = {}): string[] =>
    floorViolations(
      new Map([
        ...Object.entries(others).map(([name, text]) => [name, `// pure\n${text}`] as const),
        [path, `// pure\n${code}`],
      ]),
    );

  const codec = {
    'codec.ts': 'export const encode: number = 1;',
    'errors.ts': 'export class MqttError extends Error {}',
  };

  it.each([
    ['stream/parser.ts', `import { encode } from '../codec.js'; export const x: number = encode;`],
    ['codec.ts', `import { MqttError } from './errors.js'; export const x: typeof MqttError = MqttError;`],
    ['index.ts', `export { encode } from './codec.js'; export type { MqttError } from './errors.js';`],
    [
      'adapters/node.ts',
      `import { connect } from 'node:net'; export const x: unknown = [connect, Buffer, process];`,
    ],
    ['arbitraries/index.ts', `import fc from 'fast-check'; export const x: unknown = fc.nat();`],
    [
      'bytes/utf8.ts',
      `declare const TextDecoder: (new () => object) | undefined; export const x: string = typeof TextDecoder;`,
    ],
    [
      'codec.ts',
      `export const x: number = Math.max(1, new Uint8Array(4).length, new Map().size, Number.NaN);`,
    ],
    [
      'codec.ts',
      `export const p: object = { type: 'connect', process: 1, console: 2 }; export type T = { Date: 1; eval(): void };`,
    ],
    ['codec.ts', `export const x: readonly string[] = ['a'] as const;`],
    ['codec.ts', `export function f(fetch: number): number { const name = fetch; return name; }`],
    ['codec.ts', `export const { process: own } = { process: 1 }; loop: for (;;) break loop;`],
  ])('accepts %s: %s', (path, code) => {
    expect(check(path, code, path === 'codec.ts' ? { 'errors.ts': codec['errors.ts'] } : codec)).toEqual([]);
  });

  it.each([
    ['topics/index.ts', `import { encode } from '../codec.js';`, 'imports only go down'],
    ['topics/index.ts', `import type { encode } from '../codec.js';`, 'imports only go down'],
    ['topics/index.ts', `export * from '../codec.js';`, 'imports only go down'],
    ['topics/index.ts', `export type T = import('../codec.js').T;`, 'imports only go down'],
    ['topics/index.ts', `export const x = import('../codec.js');`, 'imports only go down'],
    ['adapters/node.ts', `import '../arbitraries/index.js';`, 'imports only go down'],
    ['index.ts', `export * from './arbitraries/index.js';`, 'has entries of its own'],
    ['index.ts', `export * from './errors.js'; export const x: number = 1;`, 'nothing else'],
    ['index.ts', `import './errors.js';`, 'nothing else'],
    ['index.ts', '', 'exports nothing'],
    ['stream/x.ts', `import '../codec';`, 'ends in .js'],
    ['stream/x.ts', `import '../missing.js';`, 'does not exist'],
    ['helpers/x.ts', '', 'belongs to no floor'],
    ['stream/x.ts', `import 'node:fs';`, 'only relative imports'],
    ['stream/x.ts', `import 'cloudflare:sockets';`, 'only relative imports'],
    ['stream/x.ts', `import fc from 'fast-check';`, 'only relative imports'],
    ['stream/x.ts', `import fs = require('fs');`, 'only relative imports'],
    ['stream/x.ts', `const name = '../codec.js'; export const x = import(name);`, 'only relative imports'],
    ['arbitraries/x.ts', `import 'node:fs';`, 'only relative imports'],
    ['codec.ts', `export const x = Buffer.alloc(1);`, 'Buffer is not in ECMAScript'],
    ['codec.ts', `export type T = Buffer;`, 'Buffer is not in ECMAScript'],
    ['codec.ts', `export const x = typeof process;`, 'process is not in ECMAScript'],
    ['codec.ts', `setTimeout(() => undefined, 1);`, 'setTimeout is not in ECMAScript'],
    ['codec.ts', `console.log(1);`, 'console is not in ECMAScript'],
    ['codec.ts', `export const x = { console };`, 'console is not in ECMAScript'],
    ['codec.ts', `export const x = new WebSocket('');`, 'WebSocket is not in ECMAScript'],
    ['codec.ts', `export const x = Deno;`, 'Deno is not in ECMAScript'],
    ['codec.ts', `export const x = require('fs');`, 'require is not in ECMAScript'],
    ['codec.ts', `export const x = new TextEncoder();`, 'TextEncoder is not in ECMAScript'],
    [
      'codec.ts',
      `declare const TextEncoder: new () => object; export const x = TextEncoder;`,
      'declares a name',
    ],
    ['bytes/utf8.ts', `declare const Buffer: unknown; export const x = Buffer;`, 'declares a name'],
    ['codec.ts', `declare global { const anything: number; }`, 'declares a name'],
    ['codec.ts', `export const x = eval('1');`, 'eval is not for the core'],
    ['codec.ts', `export const x = new Function('');`, 'Function is not for the core'],
    ['codec.ts', `export const x = globalThis;`, 'globalThis is not for the core'],
    ['codec.ts', `export const x = Date.now();`, 'Date is not for the core'],
    ['codec.ts', `export const x = Math.random();`, 'Math.random'],
    ['codec.ts', `export const { random } = Math;`, 'Math.random'],
    ['codec.ts', `export const x = 1n;`, 'bigint'],
    ['codec.ts', `export type T = bigint;`, 'bigint'],
    ['codec.ts', `export const x = BigInt(1);`, 'BigInt is not for the core'],
    ['codec.ts', `export enum E { a }`, 'enum'],
    ['codec.ts', `export const x: any = 1;`, 'any'],
    ['codec.ts', `export const x = import.meta.url;`, 'import.meta'],
  ])('refuses %s: %s', (path, code, message) => {
    const others: Record<string, string> = { ...codec, 'arbitraries/index.ts': 'export {};' };
    delete others[path];
    const found = check(path, code, others);
    expect(found.map((line) => line.slice(0, path.length))).toContain(path);
    expect(found.join('\n')).toContain(message);
  });

  it('refuses a file without the word owned or pure in its first line', () => {
    expect(floorViolations(new Map([['codec.ts', 'export {};\n// pure']]))).toEqual([
      'codec.ts:1: first line must begin with "// owned" or "// pure"',
    ]);
  });
});
