/**
 * puremqtt and mqtt-packet side by side: every vector of `fixtures/`, and `--runs` generated packets and bytes.
 *
 * Each kind of difference has a row in `fixtures/differential/mqtt-packet.json`. Exits with 1 for one that has none.
 */
// @ts-nocheck

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { invalidPacket, packet } from '../src/arbitraries/index.js';
import type { Packet, PacketOf, ProtocolVersion } from '../src/codec.js';
import { encode } from '../src/codec.js';
import { compareReading, compareWriting, type Difference } from './differential/compare.js';
import type { Loose, Version } from './differential/mqtt-packet.js';
import { arbitrariesOf } from './fuzz/codec-target.js';
import { type Dice, diceOf, randomBytes } from './fuzz/mutate.js';
import { valueFrom } from './fuzz/parametric.js';
import { isMain, root } from './lib/root.js';
import { fromHex, readVectors, revive } from './lib/vectors.js';

/** A kind of difference, as the checked file tells it. */
export interface Row {
  readonly kind: string;
  readonly versions: readonly Version[];
  /** Whom the standard supports; `both` where it leaves the choice. */
  readonly supports: 'puremqtt' | 'mqtt-packet' | 'both';
  /** The statements that say so, with their version. */
  readonly rules: readonly string[];
  readonly reason: string;
  /** At least one for each version: bytes that are read, or a packet that is written. */
  readonly examples: readonly Example[];
}

export interface Example {
  readonly version: Version;
  readonly hex?: string;
  readonly packet?: Loose;
}

export const FILE = 'fixtures/differential/mqtt-packet.json';

export const readRows = (file: string = FILE): readonly Row[] =>
  JSON.parse(readFileSync(join(root, file), 'utf8'), revive);

/** The differences that an example shows. */
export const shownBy = ({ version, hex, packet }: Example): Difference[] =>
  packet === undefined ? compareReading(fromHex(hex ?? ''), version) : compareWriting(packet, version);

/** Compares all vectors, in both directions. */
export function compareVectors(): Difference[] {
  return readVectors().flatMap(({ version, frame, packet }) => [
    ...compareReading(frame, version),
    ...(packet === undefined ? [] : compareWriting(packet, version)),
  ]);
}

const VERSIONS: readonly Version[] = [4, 5];
const arbitraries = VERSIONS.map((version) => ({
  version,
  right: packet({ version }),
  // What a wrong type means to the other side is nobody's business.
  wrong: invalidPacket({ version }),
  ...{
    mutated: arbitrariesOf(version, undefined).mutated,
    invalid: arbitrariesOf(version, undefined).invalid,
  },
}));

/** Draws one packet or some bytes, and compares. */
export function compareOne(dice: Dice): Difference[] {
  const { version, right, wrong, mutated, invalid } = arbitraries[dice(2)]!;
  const choices = randomBytes(dice, 200);
  switch (dice(5)) {
    case 0:
      return compareReading(valueFrom(mutated, choices), version);
    case 1:
      return compareReading(valueFrom(invalid, choices).bytes, version);
    case 2: {
      const { packet, code } = valueFrom(wrong, choices);
      return code === 'wrong-type' ? [] : compareWriting(packet as Loose, version);
    }
    default: {
      const sent = valueFrom(right, choices) as Packet;
      const frame = encode<ProtocolVersion>(sent as PacketOf<5>, version);
      return [...compareReading(frame, version), ...compareWriting(sent as unknown as Loose, version)];
    }
  }
}

/** The kinds that no row tells of, each with one difference that shows it. */
export function unlisted<D extends { readonly kind: string; readonly version: Version }>(
  differences: Iterable<D>,
  rows: readonly Row[],
): Map<string, D> {
  const known = new Set(
    rows.flatMap(({ kind, versions }) => versions.map((version) => `${version} ${kind}`)),
  );
  const found = new Map<string, D>();
  for (const difference of differences) {
    const key = `${difference.version} ${difference.kind}`;
    if (!known.has(key) && !found.has(key)) found.set(key, difference);
  }
  return found;
}

const show = ({ example }: Difference): string =>
  example instanceof Uint8Array
    ? Buffer.from(example).toString('hex').slice(0, 400)
    : JSON.stringify(example, (_, value: unknown) =>
        value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('hex') } : value,
      ).slice(0, 600);

function main(): void {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    },
  });
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  const rows = readRows();
  const dice = diceOf(seed);
  const counts = new Map<string, number>();
  const count = (differences: readonly Difference[]): readonly Difference[] => {
    for (const { kind } of differences) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return differences;
  };
  const missing = unlisted(count(compareVectors()), rows);
  const began = performance.now();
  for (let left = runs; left > 0; left--) {
    for (const [key, difference] of unlisted(count(compareOne(dice)), rows)) {
      if (!missing.has(key)) missing.set(key, difference);
    }
  }
  const seconds = (performance.now() - began) / 1_000;
  for (const [kind, times] of [...counts].sort(([, a], [, b]) => b - a))
    console.log(`${String(times).padStart(8)} ${kind}`);
  console.log(`seed ${seed}: ${readVectors().length} vectors, ${runs} generated in ${seconds.toFixed(1)} s`);
  for (const [key, difference] of [...missing].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.error(`not in ${FILE}: ${key}\n  ${show(difference)}\n  ${difference.told}`);
  }
  if (missing.size > 0) process.exitCode = 1;
}

if (isMain(import.meta.url)) main();
