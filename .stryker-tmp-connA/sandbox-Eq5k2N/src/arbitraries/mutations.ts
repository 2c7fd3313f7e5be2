// @ts-nocheck
// pure: fast-check arbitraries that take right bytes and change or cut them.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { Bytes } from '../packets/frame.js';
import { rawBytes, rawFrame } from './raw.js';

/** A change of some bytes; the position and the value are reduced to what fits. */
interface Mutation {
  readonly kind: keyof typeof MUTATIONS;
  readonly position: number;
  readonly value: number;
}

type Mutate = (bytes: Uint8Array, at: number, value: number, other: Uint8Array) => Bytes;

const replaced: Mutate = (bytes, at, value) => rawBytes(bytes.subarray(0, at), value, bytes.subarray(at + 1));

const MUTATIONS = {
  truncate: (bytes, at) => bytes.slice(0, at),
  delete: (bytes, at, value) => rawBytes(bytes.subarray(0, at), bytes.subarray(at + 1 + (value & 3))),
  insert: (bytes, at, value) => rawBytes(bytes.subarray(0, at), value, bytes.subarray(at)),
  flip: (bytes, at, value) => replaced(bytes, at, (bytes[at] ?? 0) ^ (1 << (value & 7)), bytes),
  replace: replaced,
  // Every length on the wire is one byte, or several of which a small step changes one.
  lengthen: (bytes, at, value, other) => replaced(bytes, at, (bytes[at] ?? 0) + 1 + (value & 3), other),
  shorten: (bytes, at, value, other) => replaced(bytes, at, (bytes[at] ?? 0) - 1 - (value & 3), other),
  remainingLength: (bytes, _, value, other) => replaced(bytes, 1, value, other),
  duplicate: (bytes, at, value) => rawBytes(bytes.subarray(0, at + 1 + (value & 15)), bytes.subarray(at)),
  splice: (bytes, at, value, other) =>
    rawBytes(bytes.subarray(0, at), other.subarray(value % (other.length + 1))),
} satisfies Record<string, Mutate>;

const mutation: Arbitrary<Mutation> = fc.record(
  {
    kind: fc.constantFrom(...(Object.keys(MUTATIONS) as (keyof typeof MUTATIONS)[])),
    // Most of what matters stands near the start of a packet.
    position: fc.oneof({ withCrossShrink: true }, fc.nat(16), fc.nat()),
    value: fc.oneof({ withCrossShrink: true }, fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
  },
  { noNullPrototype: true },
);

/** Where the body of a packet begins. */
function bodyStart(bytes: Uint8Array): number {
  const end = bytes.findIndex((byte, index) => index > 0 && byte < 0x80);
  return end < 0 ? bytes.length : end + 1;
}

/**
 * Bytes of the source with one to four changes: bits flipped, bytes replaced, inserted or deleted, a tail of
 * another one spliced in, parts repeated, the end cut off, lengths a little wrong. In half of them the Remaining
 * Length is put right after the changes, so that they get past it. Some stay valid.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(mutatedBytes(packetBytes({ version: 5 })), (bytes) => {
 *   try {
 *     decode(bytes, 5);
 *   } catch (error) {
 *     return isMqttError(error);
 *   }
 * }));
 * ```
 */
export function mutatedBytes(source: Arbitrary<Uint8Array>): Arbitrary<Bytes> {
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
  return fc.tuple(source, source, mutations, fc.boolean()).map(([start, other, all, mended]) => {
    const mutate = (bytes: Uint8Array): Bytes =>
      all.reduce<Bytes>(
        (each, { kind, position, value }) =>
          MUTATIONS[kind](each, position % (each.length + 1), value, other),
        bytes.slice(),
      );
    return mended ? rawFrame(start[0] ?? 0, mutate(start.subarray(bodyStart(start)))) : mutate(start);
  });
}

/**
 * Splits of bytes into chunks, which together are the bytes again: none, one or many cuts, empty chunks, one
 * byte at a time, chunks of one size. The chunks are views into the bytes.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * const bytes = encode({ type: 'publish', topic: 'a/b', payload: 'hello' }, 4);
 * fc.assert(fc.property(chunking(bytes), (chunks) => {
 *   const parser = new PacketParser({ version: 4 });
 *   const packets = chunks.map((chunk) => {
 *     parser.push(chunk);
 *     return parser.next();
 *   });
 *   return packets.filter((packet) => packet !== undefined).length === 1;
 * }));
 * ```
 */
export function chunking(bytes: Uint8Array): Arbitrary<Uint8Array[]> {
  const { length } = bytes;
  const cuts = fc.array(fc.nat(length), { maxLength: 12 }).map((all) => [...all].sort((a, b) => a - b));
  const steps = fc.integer({ min: 1, max: Math.max(1, Math.min(length, 5_000)) }).map((size) => {
    // Not more than some thousand chunks, however long the bytes are.
    const step = Math.max(size, Math.ceil(length / 5_000));
    return Array.from({ length: Math.floor(length / step) }, (_, index) => (index + 1) * step);
  });
  return fc
    .oneof({ withCrossShrink: true }, { weight: 4, arbitrary: cuts }, { weight: 1, arbitrary: steps })
    .map((ends) => [...ends, length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)));
}
