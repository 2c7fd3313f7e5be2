// Where split packets lie: the views that packets hold keep that memory alive, and no more should be made than needed.
import { describe, expect, it } from 'vitest';
import { encode, PacketParser } from '../../src/index.js';
import { drain, split } from './streams.js';

/** The payloads of so many PUBLISH packets of so many bytes, each of which came in two chunks. */
function splitPayloads(count: number, size: number, parser = new PacketParser({ version: 4 })): Uint8Array[] {
  const bytes = encode({ type: 'publish', topic: 't', payload: new Uint8Array(size - 5), qos: 0 }, 4);
  return Array.from({ length: count }, () => {
    const out = split(bytes, [10, size]).flatMap((chunk) => {
      parser.push(chunk);
      return drain(parser);
    });
    return (out[0] as { payload: Uint8Array }).payload;
  });
}

/** The sizes of the buffers that the views lie in, each buffer once. */
const buffersOf = (views: readonly Uint8Array[]): number[] =>
  [...new Set(views.map(({ buffer }) => buffer))].map(({ byteLength }) => byteLength);

describe('the memory of split packets', () => {
  it('is little for the first small one', () => {
    expect(buffersOf(splitPayloads(1, 20))[0]).toBeLessThanOrEqual(256);
  });

  it('is shared by those that follow, in few pieces of at most 32 KiB', () => {
    const sizes = buffersOf(splitPayloads(2_000, 20));
    expect(sizes.length).toBeLessThan(12);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(32_768);
    for (const size of buffersOf(splitPayloads(200, 1_000))) expect(size).toBeLessThanOrEqual(32_768);
  });

  it('holds nothing but the packet, where that is large', () => {
    const bytes = encode({ type: 'publish', topic: 't', payload: new Uint8Array(100_000), qos: 0 }, 4);
    const parser = new PacketParser({ version: 4 });
    const [before] = splitPayloads(1, 20, parser);
    for (const chunk of split(bytes, [1_460])) parser.push(chunk);
    const { payload } = parser.next() as { payload: Uint8Array };
    const [behind] = splitPayloads(1, 20, parser);
    expect(buffersOf([before!, payload, behind!])).toHaveLength(3);
    expect(payload.buffer.byteLength).toBe(bytes.length);
  });
});
