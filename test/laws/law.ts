import { isDeepStrictEqual } from 'node:util';
import fc, { type Arbitrary } from 'fast-check';
import { expect, vi } from 'vitest';
import { packet } from '../../src/arbitraries/index.js';
import { InvalidPacketError, isMqttError, type Packet, type PacketOf } from '../../src/index.js';

/** `PUREMQTT_RUNS=20 npx vitest run test/laws` runs everything twenty times as often. */
const factor = Number(process.env['PUREMQTT_RUNS']) || 1;
vi.setConfig({ testTimeout: 30_000 * Math.max(1, factor) });

/** How often to try a property. */
export const runs = (count: number): { numRuns: number } => ({ numRuns: Math.ceil(count * factor) });

export type Version = 4 | 5;
export const VERSIONS: readonly Version[] = [4, 5];
export type From = 'client' | 'server' | undefined;
export const SENDERS: readonly From[] = [undefined, 'client', 'server'];
export const from: Arbitrary<From> = fc.constantFrom(...SENDERS);

/** A valid packet, for functions that take one of any version. */
export const anyPacket = (version: Version, sender?: From): Arbitrary<PacketOf<5>> =>
  packet({ version, from: sender }) as Arbitrary<Packet> as Arbitrary<PacketOf<5>>;

/** Equal in every way, prototypes and the sign of zero included; quick on long bytes. */
export function same(actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  expect(actual).toStrictEqual(expected);
  expect.unreachable('differ in a way that toStrictEqual does not see');
}

/** What a function gave or threw. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

export function outcomeOf<T>(run: () => T): Outcome<T> {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}

/** All that can be said of an error of ours: its class, its fields, its text. */
export function told(error: unknown): object {
  if (!isMqttError(error)) throw error;
  return { ...error, name: error.name, message: error.message };
}

/** The error of a function that must throw one of ours. */
export function refusal(run: () => unknown): object {
  const outcome = outcomeOf(run);
  return 'error' in outcome ? told(outcome.error) : expect.unreachable('was accepted');
}

/** Whether an error is one that a wrong packet may cause. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof InvalidPacketError ||
  (!isMqttError(error) && (error instanceof TypeError || error instanceof RangeError));

/** Freezes an object and all in it; bytes cannot be frozen. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

/** A copy with bytes of its own. */
export const clone = <T>(value: T): T => structuredClone(value);

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** The size that a fixed header announces: Infinity when it is not all there, NaN when its length is too long. */
export function announced(bytes: Uint8Array): number {
  let length = 0;
  for (let at = 1; at < 5; at++) {
    const byte = bytes[at];
    if (byte === undefined) return Infinity;
    length += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 0x80) return at + 1 + length;
  }
  return NaN;
}
