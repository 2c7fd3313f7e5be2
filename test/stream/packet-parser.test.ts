import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecodedPacket, decode, encode, MalformedPacketError, PacketParser } from '../../src/index.js';
import { mqttErrorBy } from '../thrown.js';
import { concat, drain, expectSame, feed, frame, frames, plain, split, splits } from './streams.js';

const PINGREQ = Uint8Array.of(0xc0, 0);
const PINGRESP = Uint8Array.of(0xd0, 0);
const VERSIONS = [4, 5] as const;

const publish = (payload: Uint8Array, topic = 't'): Uint8Array =>
  encode({ type: 'publish', topic, payload, qos: 0 }, 4);

/** A parser after these bytes. */
function fed(bytes: readonly number[], parser = new PacketParser({ version: 4 })): PacketParser {
  parser.push(Uint8Array.from(bytes));
  return parser;
}

describe('packets out of chunks', () => {
  it.each(VERSIONS)(
    'are the same for any split [3.1.1: MQTT-6.0.0-2] [5.0: MQTT-6.0.0-2] (version %i)',
    (version) => {
      fc.assert(
        fc.property(frames(version), splits, (parts, lengths) => {
          const { out, error } = feed(new PacketParser({ version }), split(concat(parts), lengths));
          expect(error).toBeUndefined();
          expectSame(
            out,
            parts.map((part) => decode(part, version)),
          );
        }),
      );
    },
  );

  it.each(VERSIONS)('need the chunks no longer than promised (version %i)', (version) => {
    fc.assert(
      fc.property(frames(version), splits, (parts, lengths) => {
        const parser = new PacketParser({ version, copy: true });
        const out = split(concat(parts), lengths).flatMap((chunk) => {
          parser.push(chunk);
          const packets = drain(parser);
          chunk.fill(0xff);
          return packets;
        });
        expectSame(
          out,
          parts.map((part) => decode(part, version)),
        );
      }),
    );
  });

  it('come in order, however pushing and taking take turns', () => {
    const takes = fc.array(fc.nat(3), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(frames(4), splits, takes, (parts, lengths, turns) => {
        const parser = new PacketParser({ version: 4 });
        const out: DecodedPacket[] = [];
        split(concat(parts), lengths).forEach((chunk, i) => {
          parser.push(chunk);
          for (let count = turns[i % turns.length]!; count > 0; count--)
            out.push(...[parser.next() ?? []].flat());
        });
        parser.end();
        out.push(...drain(parser));
        expectSame(
          out,
          parts.map((part) => decode(part, 4)),
        );
      }),
    );
  });

  it('come out one by one from a chunk that holds many', () => {
    const parser = new PacketParser({ version: 4 });
    parser.push(concat([PINGREQ, PINGRESP, publish(Uint8Array.of(1)), PINGREQ]));
    expect(drain(parser).map((packet) => packet.type)).toEqual(['pingreq', 'pingresp', 'publish', 'pingreq']);
  });

  it('may be taken late: chunks wait until then', () => {
    const parser = new PacketParser({ version: 4 });
    const bytes = concat([publish(new Uint8Array(50_000).fill(7)), PINGREQ, publish(Uint8Array.of(1, 2))]);
    for (const chunk of split(bytes, [1, 999, 0, 5])) parser.push(chunk);
    expect(parser.buffered).toBe(bytes.length);
    const [first, ...rest] = drain(parser) as { payload: Uint8Array }[];
    expectSame(first?.payload, new Uint8Array(50_000).fill(7));
    expect(rest).toMatchObject([{ type: 'pingreq' }, { payload: Uint8Array.of(1, 2) }]);
    expect(parser.buffered).toBe(0);
  });

  it('are not hurried by empty chunks', () => {
    const parser = new PacketParser({ version: 4 });
    for (const byte of PINGRESP) {
      parser.push(new Uint8Array(0));
      expect(parser.next()).toBeUndefined();
      parser.push(Uint8Array.of(byte));
      parser.push(new Uint8Array(0));
    }
    expect(drain(parser)).toEqual([{ type: 'pingresp' }]);
    parser.push(new Uint8Array(0));
    expect(parser.next()).toBeUndefined();
    parser.end();
  });

  it('are counted in `buffered` while they are not whole', () => {
    const parser = new PacketParser({ version: 4 });
    const bytes = publish(new Uint8Array(300));
    for (let i = 0; i < bytes.length; i++) {
      expect(parser.buffered).toBe(i);
      parser.push(bytes.subarray(i, i + 1));
      expect(parser.buffered).toBe(i + 1);
      expect(parser.next() === undefined).toBe(i + 1 < bytes.length);
    }
    expect(parser.buffered).toBe(0);
  });
});

describe('binary fields', () => {
  it('are views into the chunk for a packet that is whole in it', () => {
    const chunk = concat([PINGREQ, publish(Uint8Array.of(1, 2, 3)), PINGREQ]);
    const parser = new PacketParser({ version: 4 });
    parser.push(chunk);
    parser.next();
    const { payload } = parser.next() as { payload: Uint8Array };
    expect(payload).toEqual(Uint8Array.of(1, 2, 3));
    expect(payload.buffer).toBe(chunk.buffer);
    chunk[2 + 5] = 9;
    expect(payload[0]).toBe(9);
  });

  it('of split packets stay as they are while the parser goes on', () => {
    const parser = new PacketParser({ version: 4 });
    const kept: Uint8Array[] = [];
    for (let i = 0; i < 2_000; i++) {
      for (const chunk of split(publish(new Uint8Array(i % 97).fill(i)), [3, 10])) {
        parser.push(chunk);
        for (const packet of drain(parser)) kept.push((packet as { payload: Uint8Array }).payload);
        chunk.fill(0xee);
      }
    }
    // The last chunk of a packet may hold all of it: then the payload is a view that we have overwritten.
    const mine = kept.filter((payload) => payload.length > 10);
    expect(mine.length).toBeGreaterThan(1_500);
    kept.forEach((payload, i) => {
      if (payload.length > 10) expectSame(payload, new Uint8Array(i % 97).fill(i));
    });
  });

  it('are copies where that is asked for', () => {
    const chunk = publish(Uint8Array.of(1, 2, 3));
    const parser = new PacketParser({ version: 4, copy: true });
    parser.push(chunk);
    const { payload } = parser.next() as { payload: Uint8Array };
    chunk.fill(0);
    expect(payload).toEqual(Uint8Array.of(1, 2, 3));
    expect(payload.buffer.byteLength).toBe(3);
  });

  it.each([
    ['whole', 1_000],
    ['split', 3],
  ])('are plain Uint8Arrays out of Node Buffers (%s)', (_, length) => {
    const pooled = Buffer.from(publish(Uint8Array.of(1, 2, 3)));
    const parser = new PacketParser({ version: 4 });
    for (let at = 0; at < pooled.length; at += length) parser.push(pooled.subarray(at, at + length));
    const { payload } = parser.next() as { payload: Uint8Array };
    expect(payload.constructor).toBe(Uint8Array);
    expect([...payload]).toEqual([1, 2, 3]);
  });

  it('may lie in shared memory', () => {
    const bytes = publish(new Uint8Array(200).fill(5), 'ä'.repeat(60));
    const chunk = new Uint8Array(new SharedArrayBuffer(bytes.length));
    chunk.set(bytes);
    const parser = new PacketParser({ version: 4 });
    for (const length of [bytes.length, 40]) {
      for (let at = 0; at < chunk.length; at += length) parser.push(chunk.subarray(at, at + length));
      expect(parser.next()).toEqual(decode(bytes, 4));
    }
  });
});

describe('end()', () => {
  it('says nothing between packets', () => {
    const parser = fed([0xd0, 0]);
    parser.next();
    parser.end();
    expect(parser.next()).toBeUndefined();
    new PacketParser().end();
  });

  it('reports a packet that was cut short, with the number of bytes there are', () => {
    const bytes = publish(new Uint8Array(50_000));
    for (const count of [1, 2, 3, 4, 10, 49_999]) {
      const parser = fed([...PINGREQ, ...bytes.subarray(0, count)]);
      expect(drain(parser)).toEqual([{ type: 'pingreq' }]);
      const error = mqttErrorBy(() => parser.end());
      expect(error).toBeInstanceOf(MalformedPacketError);
      expect(error).toMatchObject({
        code: 'cut-short',
        reasonCode: 0x81,
        offset: count,
        packetType: 'publish',
      });
      expect(mqttErrorBy(() => parser.next())).toBe(error);
      expect(mqttErrorBy(() => parser.end())).toBe(error);
    }
  });

  it('leaves packets that were not taken yet', () => {
    for (const cut of [false, true]) {
      const parser = new PacketParser({ version: 4 });
      for (const part of [PINGREQ, PINGRESP, PINGREQ]) parser.push(part);
      if (cut) parser.push(Uint8Array.of(0xc0));
      expect(parser.next()).toEqual({ type: 'pingreq' });
      parser.end();
      expect(parser.next()).toEqual({ type: 'pingresp' });
      expect(parser.next()).toEqual({ type: 'pingreq' });
      if (cut) expect(mqttErrorBy(() => parser.next())).toMatchObject({ code: 'cut-short', offset: 1 });
      else expect(parser.next()).toBeUndefined();
    }
  });

  it('forbids further chunks', () => {
    const parser = new PacketParser({ version: 4 });
    parser.end();
    expect(() => parser.push(PINGREQ)).toThrow(TypeError);
  });
});

describe('unread()', () => {
  it('is what another parser needs to go on', () => {
    fc.assert(
      fc.property(frames(5), splits, fc.nat(), (parts, lengths, where) => {
        const chunks = split(concat(parts), lengths);
        const out: DecodedPacket[] = [];
        let parser = new PacketParser({ version: 5 });
        chunks.forEach((chunk, i) => {
          parser.push(chunk);
          // Sometimes with packets that were not taken yet.
          if (where % 3 > 0) out.push(...drain(parser));
          if (i !== where % chunks.length) return;
          const bytes = parser.unread();
          expect(bytes.length).toBe(parser.buffered);
          parser = new PacketParser({ version: 5 });
          parser.push(bytes);
        });
        out.push(...drain(parser));
        expectSame(
          out,
          parts.map((part) => decode(part, 5)),
        );
      }),
    );
  });

  it('is a copy, and nothing once the stream is broken', () => {
    const chunk = Uint8Array.of(0xd0);
    const parser = new PacketParser({ version: 4 });
    parser.push(chunk);
    const bytes = parser.unread();
    chunk[0] = 0;
    expect(bytes).toEqual(Uint8Array.of(0xd0));
    mqttErrorBy(() => parser.next());
    expect(parser.unread()).toEqual(new Uint8Array(0));
  });
});

describe('a broken stream', () => {
  it('delivers what came before, then the same error for ever, and nothing after it', () => {
    fc.assert(
      fc.property(frames(5), frames(5), splits, fc.boolean(), (before, behind, lengths, late) => {
        const parser = new PacketParser({ version: 5 });
        const bad = Uint8Array.of(0x36, 4, 0, 1, 97, 0);
        const chunks = split(concat([...before, bad, ...behind]), lengths);
        const out: object[] = [];
        const errors: unknown[] = [];
        const take = (): void => {
          try {
            for (let one = parser.next(); one !== undefined; one = parser.next()) out.push(one);
          } catch (error) {
            errors.push(error);
          }
        };
        for (const chunk of chunks) {
          parser.push(chunk);
          if (!late) take();
        }
        take();
        parser.push(PINGREQ);
        take();
        expect(errors[0]).toBeInstanceOf(MalformedPacketError);
        expect(errors[0]).toMatchObject({ code: 'invalid-qos', offset: 0 });
        for (const error of errors) expect(error).toBe(errors[0]);
        expect(mqttErrorBy(() => parser.end())).toBe(errors[0]);
        expect(parser.buffered).toBe(0);
        expectSame(
          out,
          before.map((part) => decode(part, 5)),
        );
      }),
    );
  });

  it('names the field of a fixed header, whatever was read before it', () => {
    const subscribe = encode(
      { type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 0 }] },
      4,
    );
    for (const [bad, field] of [
      [[0], 'type'],
      [[0xc1], 'flags'],
      [[0xc0, 0xff, 0xff, 0xff, 0xff], 'remainingLength'],
      [[0xc0], 'remainingLength'],
    ] as const) {
      expect(feed(new PacketParser({ version: 4 }), [subscribe, Uint8Array.from(bad)]).error).toMatchObject({
        field,
      });
    }
  });

  it('has the error of `decode`, whatever the split', () => {
    const connack = frame(0x20, [2, 0, 0]);
    const error = mqttErrorBy(() => decode(connack, 5));
    for (const lengths of [[1], [2], [100]]) {
      const { out, error: found } = feed(
        new PacketParser({ version: 5 }),
        split(concat([PINGREQ, connack]), lengths),
      );
      expect(out).toEqual([{ type: 'pingreq' }]);
      expect(plain(found)).toEqual(plain(error));
    }
  });
});

describe('wrong arguments', () => {
  it('are TypeErrors and RangeErrors that name them', () => {
    const make = (options: object) => () => new PacketParser(options);
    expect(make({ version: 3 })).toThrow(new RangeError('version must be 4 (3.1.1) or 5 (5.0)'));
    expect(make({ from: 'broker' })).toThrow(TypeError);
    expect(make({ lenient: ['everything'] })).toThrow(TypeError);
    for (const name of ['maximumPacketSize', 'maximumConnectSize']) {
      for (const value of [0, -1, Number.NaN]) {
        expect(make({ [name]: value })).toThrow(RangeError);
        expect(make({ [name]: value })).toThrow(name);
      }
    }
    const parser = new PacketParser({ version: 4 });
    for (const chunk of [
      '\xc0\0',
      [0xc0, 0],
      new DataView(new ArrayBuffer(2)),
      new Uint16Array(1),
      undefined,
    ]) {
      expect(() => parser.push(chunk as unknown as Uint8Array)).toThrow(
        new TypeError('chunk must be a Uint8Array'),
      );
    }
  });

  it('are not the Uint8Arrays of other realms', async () => {
    const { runInNewContext } = await import('node:vm');
    const parser = new PacketParser({ version: 4 });
    parser.push(runInNewContext('Uint8Array.of(0xc0, 0)') as Uint8Array);
    expect(parser.next()).toEqual({ type: 'pingreq' });
  });
});
