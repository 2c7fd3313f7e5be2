import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  decode,
  encode,
  encodeInto,
  encodeParts,
  InvalidPacketError,
  type ProtocolVersion,
  type PublishPacket,
} from '../../src/index.js';
import { thrownBy } from '../thrown.js';
import { encodeAny, expectRefusal, toHex, validFixtures, versions } from './fixtures.js';
import { sample } from './samples.js';

const publish = (payload: Uint8Array | string): PublishPacket<4> => ({
  type: 'publish',
  topic: 'a',
  payload,
  qos: 0,
});

describe('the bytes that encode gives', () => {
  it('own the whole of their memory', () => {
    for (const { packet, version, unsendable } of validFixtures) {
      if (unsendable !== undefined) continue;
      const frames = [encode(packet, version), encode(packet, version), encodeParts(packet, version)[0]];
      for (const frame of frames) {
        expect(frame.byteOffset).toBe(0);
        expect(frame.buffer.byteLength).toBe(frame.length);
      }
      expect(new Set(frames.map(({ buffer }) => buffer)).size).toBe(3);
    }
  });

  it('do not change with the packet, nor with the next one', () => {
    const payload = new Uint8Array(200).fill(1);
    const frame = encode(publish(payload), 4);
    const hex = toHex(frame);
    payload.fill(2);
    encode(publish('x'.repeat(200)), 4);
    expect(toHex(frame)).toBe(hex);
  });

  it('are right after a packet that was refused, and after a huge one', () => {
    const expected = toHex(encode(publish('hi'), 5));
    const reasonString = 'r'.repeat(65_535);
    const userProperties = Array.from({ length: 5 }, () => ['', reasonString]);
    for (const before of [
      sample('subscribe', 5, {
        subscriptions: [
          { topicFilter: 'a', qos: 0 },
          { topicFilter: '', qos: 0 },
        ],
      }),
      sample('connect', 5, { will: { topic: 'w', payload: 1 } }),
      sample('puback', 5, { properties: { reasonString: '\ud800' } }),
      sample('unknown' as 'connect', 5),
    ]) {
      expect(() => encodeAny(before, 5)).toThrow(InvalidPacketError);
      expect(toHex(encode(publish('hi'), 5))).toBe(expected);
    }
    const huge = encodeAny(sample('puback', 5, { properties: { userProperties } }), 5);
    expect(huge.length).toBeGreaterThan(5 * 65_535);
    expect(toHex(encode(publish('hi'), 5))).toBe(expected);
  });

  it('are right when the packet itself encodes while it is read', () => {
    const inner = sample('puback', 5, { properties: { reasonString: 'inner' } });
    const innerHex = toHex(encodeAny(inner, 5));
    const outer = sample('publish', 5, { topic: 'outer', properties: { contentType: 'c' } });
    const outerHex = toHex(encodeAny(outer, 5));
    const seen: string[] = [];
    for (const name of ['topic', 'payload', 'properties', 'retain', 'qos', 'dup']) {
      const nested = Object.defineProperty({ ...outer }, name, {
        enumerable: true,
        get: () => {
          seen.push(toHex(encodeAny(inner, 5)));
          expectRefusal(sample('puback', 5, { packetId: 0 }), 5, 'value-out-of-range', 'packetId');
          return outer[name];
        },
      });
      expect(toHex(encodeAny(nested, 5)), name).toBe(outerHex);
    }
    const properties = {
      get contentType(): string {
        seen.push(toHex(encodeAny(inner, 5)));
        return 'c';
      },
    };
    expect(toHex(encodeAny({ ...outer, properties }, 5))).toBe(outerHex);
    expect(new Set(seen)).toEqual(new Set([innerHex]));
  });

  it('are not kept when a getter of the packet throws', () => {
    const own = new Error('own');
    const packet = {
      type: 'puback',
      get packetId(): number {
        throw own;
      },
    };
    expect(thrownBy(() => encodeAny(packet, 4))).toBe(own);
    expect(toHex(encodeAny(sample('puback', 4), 4))).toBe('4002000a');
  });
});

describe('encodeInto', () => {
  it('starts at the beginning where nothing else is said', () => {
    const target = new Uint8Array(4);
    expect(encodeInto({ type: 'pingreq' }, 4, target)).toBe(2);
    expect([...target]).toEqual([0xc0, 0, 0, 0]);
    expect(encodeInto({ type: 'pingreq' }, 4, target, 2)).toBe(2);
    expect([...target]).toEqual([0xc0, 0, 0xc0, 0]);
  });

  it('writes nothing when the packet does not fit', () => {
    for (const { packet, version, unsendable } of validFixtures) {
      if (unsendable !== undefined) continue;
      const { length } = encode(packet, version);
      for (const [size, offset] of [
        [length - 1, 0],
        [length, 1],
        [0, 0],
        [length + 10, 11],
        [3, 4],
      ] as const) {
        const target = new Uint8Array(size).fill(0xee);
        expect(() => encodeInto(packet, version, target, offset)).toThrow(RangeError);
        expect(target.every((byte) => byte === 0xee)).toBe(true);
      }
    }
  });

  it('writes nothing when the packet is invalid', () => {
    const target = new Uint8Array(100).fill(0xee);
    const wrong = sample('subscribe', 5, {
      subscriptions: [
        { topicFilter: 'a', qos: 0 },
        { topicFilter: 'b', qos: 3 },
      ],
    });
    expect(() => encodeInto(wrong as never, 5, target)).toThrow(InvalidPacketError);
    expect(target.every((byte) => byte === 0xee)).toBe(true);
  });

  it('writes payloads of any size, into any Uint8Array', () => {
    for (const size of [0, 1, 31, 32, 33, 100, 5_000, 100_000]) {
      const packet = publish(new Uint8Array(size).fill(7));
      const whole = encode(packet, 5);
      for (const target of [
        new Uint8Array(size + 20),
        Buffer.alloc(size + 20),
        new Uint8Array(new SharedArrayBuffer(size + 20)),
      ]) {
        expect(encodeInto(packet, 5, target, 3)).toBe(whole.length);
        expect(Buffer.compare(target.subarray(3, 3 + whole.length), whole)).toBe(0);
      }
    }
  });
});

describe('encodeParts', () => {
  it('leaves the payload where it is', () => {
    for (const payload of [new Uint8Array(0), Uint8Array.of(1, 2), Buffer.from('hi')]) {
      const parts = encodeParts(publish(payload), 5);
      expect(parts).toHaveLength(2);
      expect(parts[1]).toBe(payload);
    }
  });

  it('gives one part where there is nothing to leave', () => {
    for (const packet of [publish('text'), { type: 'pingreq' }, { type: 'publish', topic: 'a' }] as const) {
      const parts = encodeParts<ProtocolVersion>(packet, 4);
      expect(parts).toHaveLength(1);
      expect(toHex(parts[0])).toBe(toHex(encode<ProtocolVersion>(packet, 4)));
    }
  });
});

describe('what may be given in another form', () => {
  it('text for a payload, a password and the payload of a will', () => {
    const text = 'é€😀\0\ufeff';
    for (const version of versions) {
      const bytes = new TextEncoder().encode(text);
      const both = [text, bytes].map((value) => [
        toHex(encodeAny(sample('publish', version, { payload: value }), version)),
        toHex(
          encodeAny(
            sample('connect', version, {
              username: 'u',
              password: value,
              will: { topic: 'w', payload: value },
            }),
            version,
          ),
        ),
      ]);
      expect(both[0]).toEqual(both[1]);
    }
    const long = 'x'.repeat(300_000);
    const packet = decode(encode(publish(long), 4), 4);
    expect(packet.type === 'publish' && packet.payload.length).toBe(long.length);
  });

  it('nothing for what has a default', () => {
    const pairs: readonly (readonly [short: object, full: object])[] = [
      [
        { type: 'publish', topic: 't' },
        { type: 'publish', topic: 't', payload: new Uint8Array(0), qos: 0, retain: false, dup: false },
      ],
      [
        sample('connect', 4, { will: { topic: 'w' } }),
        sample('connect', 4, { will: { topic: 'w', payload: '', qos: 0, retain: false } }),
      ],
      [sample('puback', 5), sample('puback', 5, { reasonCode: 0, properties: {} })],
      [sample('disconnect', 5), sample('disconnect', 5, { reasonCode: 0, properties: {} })],
      [sample('connack', 5), sample('connack', 5, { properties: {} })],
    ];
    for (const [short, full] of pairs) {
      const version = short === pairs[1]?.[0] ? 4 : 5;
      expect(toHex(encodeAny(short, version))).toBe(toHex(encodeAny(full, version)));
    }
    const plain = { topicFilter: 'f', qos: 0 };
    const spelt = { ...plain, noLocal: false, retainAsPublished: false, retainHandling: 0 };
    expect(toHex(encodeAny(sample('subscribe', 5, { subscriptions: [plain] }), 5))).toBe(
      toHex(encodeAny(sample('subscribe', 5, { subscriptions: [spelt] }), 5)),
    );
  });

  it('bytes of a Buffer or of another realm', () => {
    const foreign: Uint8Array = runInNewContext('Uint8Array.of(1, 2, 3)');
    const expected = toHex(encode(publish(Uint8Array.of(1, 2, 3)), 5));
    for (const payload of [foreign, Buffer.of(1, 2, 3)]) {
      expect(toHex(encode(publish(payload), 5))).toBe(expected);
    }
  });

  it('objects without a prototype, or with one', () => {
    class Ack {
      readonly type = 'puback';
      readonly packetId = 10;
    }
    const bare: object = Object.assign(Object.create(null), { type: 'puback', packetId: 10 });
    for (const packet of [new Ack(), bare]) expect(toHex(encodeAny(packet, 5))).toBe('4002000a');
  });
});
