// @ts-nocheck
// The corpus of `fixtures/` as data, for scripts; the tests have a reader of their own.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.js';

export type Version = 4 | 5;

/** A vector, right or wrong. */
export interface Vector {
  readonly version: Version;
  readonly name: string;
  readonly frame: Uint8Array;
  readonly from?: 'client' | 'server';
  /** Of a valid vector: what it means. */
  readonly packet?: Readonly<Record<string, unknown>>;
  /** Of an invalid one: what is due. */
  readonly error?: { readonly code: string; readonly reasonCode: number; readonly statement?: string };
}

const unrolled = (hex: string): string =>
  hex.replace(/\(([\da-f]+)\*(\d+)\)/g, (_, bytes: string, times: string) => bytes.repeat(Number(times)));

export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(unrolled(hex), 'hex'));

/** Turns what JSON cannot hold into bytes and long strings. */
export function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$bytes' in value) return fromHex(String(value.$bytes));
  if ('$repeat' in value && '$times' in value) return String(value.$repeat).repeat(Number(value.$times));
  return value;
}

/** All vectors of the codec, of both versions, written by hand and generated. */
export function readVectors(): Vector[] {
  return ([4, 5] as const).flatMap((version) =>
    ['', 'invalid', 'generated', 'generated/invalid'].flatMap((folder) => {
      const path = join(root, 'fixtures', `v${version}`, folder);
      const files = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.json')) : [];
      return files.sort().flatMap((file) => {
        const rows: readonly (Omit<Vector, 'frame'> & { hex: string })[] = JSON.parse(
          readFileSync(join(path, file), 'utf8'),
          revive,
        );
        return rows.map(({ hex, ...row }) => ({
          ...row,
          version,
          name: `${version === 4 ? '3.1.1' : '5.0'} ${file.slice(0, -5)}: ${row.name}`,
          frame: fromHex(hex),
        }));
      });
    }),
  );
}
