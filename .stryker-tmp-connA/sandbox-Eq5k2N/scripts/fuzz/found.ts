// @ts-nocheck
// What fuzzing has found, kept in `fixtures/found/` so that it is tried again by every test run.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/root.js';
import type { Failure } from './scheduler.js';

export interface Found {
  /** The target. */
  readonly target: string;
  /** What was wrong. */
  readonly name: string;
  readonly input: Uint8Array;
}

const FOLDER = join(root, 'fixtures/found');

/** Everything found so far. */
export function readFound(folder: string = FOLDER): Found[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.flatMap((file) => {
    const rows: readonly { name: string; hex: string }[] = JSON.parse(
      readFileSync(join(folder, file), 'utf8'),
    );
    const target = file.slice(0, -'.json'.length);
    return rows.map(({ name, hex }) => ({ target, name, input: new Uint8Array(Buffer.from(hex, 'hex')) }));
  });
}

/** Adds failures to the file of their target; returns its path. */
export function writeFound(target: string, failures: readonly Failure[], folder: string = FOLDER): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${target}.json`);
  const before: readonly object[] = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
  const rows = failures.map(({ input, error }) => ({
    name: `${error.name}: ${error.message.split('\n')[0]}`,
    hex: Buffer.from(input).toString('hex'),
  }));
  writeFileSync(path, `${JSON.stringify([...before, ...rows], undefined, 2)}\n`);
  return path;
}
