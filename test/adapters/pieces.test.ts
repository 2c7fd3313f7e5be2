import { describe, expect, it } from 'vitest';
import { pieced } from '../../src/adapters/pieces.js';
import { joined } from '../../src/adapters/wire.js';

const slab = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251);
const part = (from: number, to: number) => new Uint8Array(slab.buffer, from, to - from);
const gathered = (pieces: readonly Uint8Array[]): number[] => pieces.flatMap((piece) => [...piece]);

describe('the chunks of one write', () => {
  it('are one view where they lie side by side, and nothing is copied', () => {
    const [piece, ...more] = pieced([part(10, 20), part(20, 21), part(21, 400)]);
    expect(more).toEqual([]);
    expect(piece).toEqual(part(10, 400));
    expect(piece?.buffer).toBe(slab.buffer);
    expect(joined([part(10, 20), part(20, 400)]).buffer).toBe(slab.buffer);
  });

  it('are the chunk itself where there is one', () => {
    const chunk = part(3, 7);
    expect(pieced([chunk])).toEqual([chunk]);
    expect(pieced([chunk])[0]?.buffer).toBe(slab.buffer);
    expect(joined([chunk])).toBe(chunk);
  });

  it('are one copy where they are small, even in the same buffer', () => {
    const chunks = [part(0, 10), part(11, 20), part(20, 30), part(5, 8)];
    const pieces = pieced(chunks);
    expect(pieces).toHaveLength(1);
    expect(pieces[0]?.buffer).not.toBe(slab.buffer);
    expect(gathered(pieces)).toEqual(gathered(chunks));
    expect([...joined(chunks)]).toEqual(gathered(chunks));
  });

  it('are one copy where another buffer goes on at the same place', () => {
    const other = new Uint8Array(30).fill(7);
    const chunks = [part(0, 10), other.subarray(10, 20)] as const;
    expect(gathered(pieced(chunks))).toEqual(gathered(chunks));
    expect([...joined(chunks)]).toEqual(gathered(chunks));
  });

  it('stay in pieces where these are large, so that nothing is copied', () => {
    const other = new Uint8Array(9_000).fill(7);
    const pieces = pieced([part(12_000, 19_999), part(19_999, 20_000), other, part(0, 1)]);
    expect(pieces.map(({ buffer, length }) => [buffer === slab.buffer, length])).toEqual([
      [true, 8_000],
      [false, 9_000],
      [true, 1],
    ]);
    expect(gathered(pieces)).toEqual(gathered([part(12_000, 20_000), other, part(0, 1)]));
  });

  it('are joined where the pieces come to less than 4 KiB on average', () => {
    const far = part(8_193, 8_193 + 8_190);
    expect(pieced([part(0, 1), far]).map(({ length }) => length)).toEqual([8_191]);
    expect(pieced([part(0, 2), far]).map(({ length }) => length)).toEqual([2, 8_190]);
  });
});
