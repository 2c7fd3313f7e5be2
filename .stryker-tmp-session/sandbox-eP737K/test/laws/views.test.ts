// @ts-nocheck
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packetBytes } from '../../src/arbitraries/index.js';
import { decode } from '../../src/index.js';
import { clone, runs, same, VERSIONS } from './law.js';

/** All bytes that a packet holds. */
function bytesIn(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(bytesIn) : [];
}

describe.each(VERSIONS)('the bytes in packets of version %d', (version) => {
  const frames = packetBytes({ version });

  it('are views into the frame, and follow it', () => {
    const law = fc.property(frames, fc.nat(20), (bytes, offset) => {
      const memory = new Uint8Array(offset + bytes.length + 5);
      memory.set(bytes, offset);
      const found = bytesIn(decode(memory.subarray(offset, offset + bytes.length), version));
      for (const each of found) {
        expect(each.buffer).toBe(memory.buffer);
        expect(each.byteOffset).toBeGreaterThanOrEqual(offset);
        expect(each.byteOffset + each.length).toBeLessThanOrEqual(offset + bytes.length);
        expect(Object.getPrototypeOf(each)).toBe(Uint8Array.prototype);
      }
    });
    fc.assert(law, runs(1_000));
  });

  it('are their own with copy, and stay when the frame is overwritten', () => {
    const law = fc.property(frames, (bytes) => {
      const packet = decode(bytes, version, { copy: true });
      same(packet, decode(bytes, version));
      const before = clone(packet);
      bytes.fill(0xee);
      same(packet, before);
      for (const each of bytesIn(packet)) same([each.byteOffset, each.buffer.byteLength], [0, each.length]);
    });
    fc.assert(law, runs(1_000));
  });

  it('of Node buffers are plain Uint8Arrays', () => {
    const law = fc.property(frames, (bytes) => {
      same(decode(Buffer.from(bytes), version), decode(bytes, version));
      same(decode(Buffer.from(bytes), version, { copy: true }), decode(bytes, version));
    });
    fc.assert(law, runs(500));
  });
});
