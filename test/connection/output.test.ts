import { describe, expect, it } from 'vitest';
import { encodeAll } from '../../src/connection/output.js';
import { encode, type PacketOf } from '../../src/index.js';

const publish = (size: number): PacketOf<5> => ({
  type: 'publish',
  topic: 'a',
  payload: new Uint8Array(size).fill(size),
  qos: 0,
});

describe('the bytes of one call', () => {
  it.each([[[10]], [[100_000]], [[10, 70_000]], [[40_000, 40_000]], [[40_000, 40_000, 90_000, 1]]])(
    'are those of its packets, one after the other, whatever their sizes: %j',
    (sizes) => {
      const packets = sizes.map(publish);
      const due = Buffer.concat(packets.map((packet) => encode(packet, 5)));
      // Twice: the first call may use what is left of earlier ones.
      for (const _ of [1, 2]) expect(Buffer.from(encodeAll(packets, 5)).equals(due)).toBe(true);
    },
  );

  it('stay as they are when others are made', () => {
    const first = encodeAll([publish(3)], 5);
    const copy = first.slice();
    for (const size of [5, 60_000, 60_001, 4]) encodeAll([publish(size)], 5);
    expect(first).toEqual(copy);
  });
});
