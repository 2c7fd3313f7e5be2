// Before anything is measured: all contestants must mean the same bytes and the same packets.
import { isDeepStrictEqual } from 'node:util';
import type * as Ours from '../../src/index.js';
import type { Codec } from './contestant.js';
import { CONTESTANTS } from './contestants.js';
import type { Item, Workload } from './workloads.js';

type Library = typeof Ours;

/** What is left of a value once absent fields, prototypes and the kinds of byte array make no difference. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, plain(field)]),
  );
}

function same(actual: unknown, expected: unknown): boolean {
  return isDeepStrictEqual(plain(actual), plain(expected));
}

/** Whether a codec encodes an item as we do, or at least into bytes that mean the same. */
function encodesRight(codec: Codec, { decode, encode }: Library, item: Item): 'equal' | 'longer' | 'wrong' {
  const expected = encode(item.packet, item.version);
  const bytes = Uint8Array.from(codec.encode(codec.prepare(item), item.version));
  if (isDeepStrictEqual(bytes, expected)) return 'equal';
  return same(decode(bytes, item.version), decode(expected, item.version)) ? 'longer' : 'wrong';
}

function decodesRight(codec: Codec, { decode, encode }: Library, item: Item): boolean {
  const bytes = Buffer.from(encode(item.packet, item.version));
  return same(codec.toOurs(codec.decode(bytes, item.version), item.version), decode(bytes, item.version));
}

function attempt<T>(call: () => T, otherwise: T): T {
  try {
    return call();
  } catch {
    return otherwise;
  }
}

/** Throws when a contestant gives other bytes or packets than we do. Returns remarks for the reader. */
export async function checkAll(all: readonly Workload[], url: string): Promise<string[]> {
  const library = (await import(url)) as Library;
  const remarks: string[] = [];
  for (const contestant of CONTESTANTS.slice(0, 4)) {
    const codec = await contestant.load(url);
    for (const { title, items, mixed } of all) {
      if (mixed) continue;
      const written = items.map((item) => attempt(() => encodesRight(codec, library, item), 'wrong'));
      const read = items.every((item) => attempt(() => decodesRight(codec, library, item), false));
      const found = { encode: !written.includes('wrong'), decode: read };
      for (const direction of ['encode', 'decode'] as const) {
        if (found[direction] || contestant.cannot(direction, title) !== undefined) continue;
        throw new Error(`${contestant.name} does not ${direction} ${title} as we do`);
      }
      if (found.encode && written.includes('longer')) {
        remarks.push(`${contestant.name} encodes ${title} correctly, but not in the shortest form.`);
      }
    }
  }
  return remarks;
}
