// All that can be fuzzed, by name.
import { decodeTarget, encodeTarget, rawMode } from './codec-target.js';
import { endpointMode, endpointTarget, siegeTarget, stepTarget } from './connection-targets.js';
import { type Dice, randomBytes } from './mutate.js';
import { frameParserTarget, packetParserTarget } from './parser-targets.js';
import type { Target } from './scheduler.js';

/** A frame of the fixtures. */
export interface SeedFrame {
  readonly version: 4 | 5;
  readonly frame: Uint8Array;
}

export interface NamedTarget {
  readonly run: Target['run'];
  /** The source files whose branches are its business. */
  readonly files: RegExp;
  /** Inputs that are bytes of the wire. */
  readonly raw: (seed: SeedFrame) => readonly (readonly number[])[];
  /** The first bytes of inputs that are choices. */
  readonly structured: readonly number[];
}

const CODEC = /^src\/(bytes|packets|spec|codec|errors|topics\/problems)/;
const STRUCTURED = [0, 1, 2, 3, 4, 5].map((mode) => mode | 8);
const WITH_LENIENT = [...STRUCTURED, ...STRUCTURED.map((mode) => mode | 0x30)];

const ofStream = ({ version }: SeedFrame): number[][] => [
  [rawMode(version), 0, 1],
  [rawMode(version) | 2, 7, 3],
];

export const targets: Readonly<Record<string, NamedTarget>> = {
  decode: {
    run: decodeTarget,
    files: CODEC,
    raw: ({ version }) => [[rawMode(version)], [rawMode(version) | 0x30]],
    structured: WITH_LENIENT,
  },
  encode: { run: encodeTarget, files: CODEC, raw: () => [], structured: STRUCTURED },
  'packet-parser': {
    run: packetParserTarget,
    files: /^src\/(bytes|packets|spec|errors|stream\/(packet|header))/,
    raw: ofStream,
    structured: WITH_LENIENT,
  },
  'frame-parser': {
    run: frameParserTarget,
    files: /^src\/(stream\/(frame|header|variable)|packets\/publish|bytes\/(reader|utf8))/,
    raw: ofStream,
    structured: WITH_LENIENT,
  },
  step: {
    run: stepTarget,
    files: /^src\/(connection|session)\/(?!endpoint)/,
    raw: () => [],
    structured: [0, 1, 2, 3, 0x1c, 0x1d, 0x1e, 0x1f],
  },
  endpoint: {
    run: endpointTarget,
    files: /^src\/(connection|session|stream\/(packet|header))/,
    raw: ({ version }) =>
      (['client', 'server'] as const).map((role) => [endpointMode(version, role), 0, 0, version]),
    structured: [8, 9, 10, 11],
  },
  siege: {
    run: siegeTarget,
    files: /^src\/(connection|session|stream\/(packet|header))/,
    raw: ({ version }) =>
      (['client', 'server'] as const).map((role) => [endpointMode(version, role) | 0x70, 0, version]),
    structured: [8, 9, 10, 11],
  },
};

/** The inputs to begin with: the fixtures, and random choices. */
export function seedsOf(
  { raw, structured }: NamedTarget,
  frames: readonly SeedFrame[],
  dice: Dice,
): Uint8Array[] {
  const fromFrames = frames
    .filter(({ frame }) => frame.length < 2_000)
    .flatMap((seed) => raw(seed).map((head) => new Uint8Array([...head, ...seed.frame])));
  const choices = structured.flatMap((mode) =>
    Array.from({ length: 16 }, () => new Uint8Array([mode, ...randomBytes(dice, 16 + dice(600))])),
  );
  return [...choices, ...fromFrames];
}
