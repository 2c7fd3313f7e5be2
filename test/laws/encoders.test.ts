import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decode,
  encode,
  encodedLength,
  encodeInto,
  encodeParts,
  normalize,
  type PacketOf,
} from '../../src/index.js';
import { ownFunctions } from '../packets/own-functions.js';
import { anyPacket, clone, concat, deepFreeze, from, runs, same, VERSIONS } from './law.js';

const GUARD = 0xa5;

describe.each(VERSIONS)('with version %d', (version) => {
  const v = version as 5;
  const packets = anyPacket(version);

  it('encode gives bytes that own the whole of their memory', () => {
    const law = fc.property(packets, (packet) => {
      const frame = encode(packet, v);
      expect(Object.getPrototypeOf(frame)).toBe(Uint8Array.prototype);
      same([frame.byteOffset, frame.buffer.byteLength], [0, frame.length]);
    });
    fc.assert(law, runs(700));
  });

  it('encodedLength is the length of what encode gives', () => {
    const law = fc.property(packets, (packet) => encodedLength(packet, v) === encode(packet, v).length);
    fc.assert(law, runs(1_200));
  });

  it('encodeInto writes what encode gives, at any offset, and nothing around it', () => {
    const law = fc.property(packets, fc.nat(40), fc.nat(40), (packet, offset, spare) => {
      const frame = encode(packet, v);
      const memory = new Uint8Array(7 + offset + frame.length + spare).fill(GUARD);
      const target = memory.subarray(7);
      expect(encodeInto(packet, v, target, offset)).toBe(frame.length);
      const around = new Uint8Array(memory.length).fill(GUARD);
      around.set(frame, 7 + offset);
      same(memory, around);
    });
    fc.assert(law, runs(1_200));
  });

  it('encodeInto without room throws RangeError and writes nothing', () => {
    const law = fc.property(packets, fc.nat(40), fc.nat(), (packet, offset, cut) => {
      const room = cut % encode(packet, v).length;
      const target = new Uint8Array(offset + room).fill(GUARD);
      expect(() => encodeInto(packet, v, target, offset)).toThrow(RangeError);
      expect(target.every((byte) => byte === GUARD)).toBe(true);
    });
    fc.assert(law, runs(700));
  });

  it('encodeParts gives what encode gives in pieces, the payload itself not copied', () => {
    const law = fc.property(packets, (packet) => {
      const parts = encodeParts(packet, v);
      same(concat(parts), concat([encode(packet, v)]));
      same([parts[0].byteOffset, parts[0].buffer.byteLength], [0, parts[0].length]);
      const apart = packet.type === 'publish' && packet.payload instanceof Uint8Array;
      expect(parts[1]).toBe(apart ? packet.payload : undefined);
    });
    fc.assert(law, runs(1_200));
  });

  it('the functions of each packet do what encode and decode do', () => {
    const law = fc.property(packets, from, (packet, sender) => {
      const { encodeOne, decodeOne } = ownFunctions(packet.type);
      const frame = encode(packet, v);
      same(encodeOne(packet, v), frame);
      same(decodeOne(frame, v), decode(frame, v));
      const both = [() => encode(packet, v, { from: sender }), () => encodeOne(packet, v, { from: sender })];
      const [one, other] = both.map((run) => {
        try {
          return run();
        } catch (error) {
          return String(error);
        }
      });
      same(one, other);
    });
    fc.assert(law, runs(700));
  });

  it('packets are taken frozen, and are left as they were', () => {
    const law = fc.property(packets, (packet) => {
      const before = clone(packet);
      deepFreeze(packet);
      encode(packet, v);
      encodedLength(packet, v);
      encodeParts(packet, v);
      normalize(packet, v);
      same(packet, before);
    });
    fc.assert(law, runs(700));
  });

  it('objects without a prototype, of classes and of JSON do as well', () => {
    const bare = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
      if (Array.isArray(value)) return value.map(bare);
      const fields = Object.entries(value).map(([key, each]) => [key, bare(each)] as const);
      return Object.assign(Object.create(null), Object.fromEntries(fields));
    };
    const law = fc.property(packets, (packet) => {
      const frame = encode(packet, v);
      same(encode(bare(packet) as PacketOf<5>, v), frame);
      same(encode(Object.create(packet) as PacketOf<5>, v), frame);
    });
    fc.assert(law, runs(500));
  });

  it('what encode gave before is not touched by what it does next', () => {
    const law = fc.property(fc.array(packets, { minLength: 2, maxLength: 5 }), (sent) => {
      const frames = sent.map((packet) => encode(packet, v));
      const copies = frames.map((frame) => frame.slice());
      for (const packet of sent) {
        encodeParts(packet, v);
        encodeInto(packet, v, new Uint8Array(encodedLength(packet, v)));
      }
      same(frames, copies);
    });
    fc.assert(law, runs(500));
  });
});
