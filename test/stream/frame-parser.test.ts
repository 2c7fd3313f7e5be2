import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DecodedPacket,
  decode,
  encode,
  type FrameEvent,
  FrameParser,
  MalformedPacketError,
  PACKET_TYPES,
  PacketParser,
} from '../../src/index.js';
import { mqttErrorBy } from '../thrown.js';
import {
  bytesOf,
  concat,
  drain,
  expectSame,
  feed,
  frame,
  frames,
  framesOf,
  plain,
  split,
  splits,
} from './streams.js';

const VERSIONS = [4, 5] as const;
const PINGREQ = Uint8Array.of(0xc0, 0);

describe('a proxy', () => {
  const modes = VERSIONS.flatMap((version) =>
    [false, true].map((publishHeads) => ({ version, publishHeads })),
  );
  it.each(modes)(
    'hands on what it gets, frame by frame [3.1.1: MQTT-6.0.0-2] [5.0: MQTT-6.0.0-2] ($version, $publishHeads)',
    ({ version, publishHeads }) => {
      fc.assert(
        fc.property(frames(version), splits, fc.boolean(), (parts, lengths, copy) => {
          const parser = new FrameParser({ version, publishHeads, copy });
          const { out, error } = feed(parser, split(concat(parts), lengths));
          expect(error).toBeUndefined();
          const got = framesOf(out);
          expect(got).toHaveLength(parts.length);
          got.forEach((events, i) => {
            const part = parts[i]!;
            expectSame(bytesOf(events), part);
            const [head] = events;
            if (publishHeads && part[0]! >> 4 === 3) {
              const { payload, ...packet } = decode(part, version) as DecodedPacket & { payload: Uint8Array };
              expect(head).toMatchObject({
                type: 'publish',
                packet,
                payloadLength: payload.length,
                size: part.length,
              });
              expectSame(bytesOf(events.slice(1)), payload);
            } else {
              const packetType = PACKET_TYPES[part[0]! >> 4];
              expect(head).toMatchObject({
                type: 'head',
                packetType,
                flags: part[0]! & 15,
                size: part.length,
              });
            }
          });
        }),
      );
    },
  );

  it('keeps the bytes of chunks that are used again, where it asks for copies', () => {
    fc.assert(
      fc.property(frames(5), splits, fc.boolean(), (parts, lengths, publishHeads) => {
        const parser = new FrameParser({ version: 5, publishHeads, copy: true });
        const out = split(concat(parts), lengths).flatMap((chunk) => {
          parser.push(chunk);
          const events = drain(parser);
          chunk.fill(0xff);
          return events;
        });
        expectSame(bytesOf(out), concat(parts));
      }),
    );
  });

  it('may take events late', () => {
    fc.assert(
      fc.property(frames(4), splits, (parts, lengths) => {
        const parser = new FrameParser({ version: 4, publishHeads: true });
        const bytes = concat(parts);
        for (const chunk of split(bytes, lengths)) parser.push(chunk);
        parser.push(new Uint8Array(0));
        let left = bytes.length;
        expect(parser.buffered).toBe(left);
        for (let event = parser.next(); event !== undefined; event = parser.next()) {
          left -= 'bytes' in event ? event.bytes.length : 0;
          expectSame(parser.buffered, left);
        }
        expect(left).toBe(0);
      }),
    );
  });

  it('keeps the order, however pushing and taking take turns', () => {
    const takes = fc.array(fc.nat(3), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(frames(5), splits, takes, (parts, lengths, turns) => {
        const parser = new FrameParser({ version: 5, publishHeads: true });
        const out: FrameEvent[] = [];
        split(concat(parts), lengths).forEach((chunk, i) => {
          parser.push(chunk);
          for (let count = turns[i % turns.length]!; count > 0; count--)
            out.push(...[parser.next() ?? []].flat());
        });
        parser.end();
        out.push(...drain(parser));
        expectSame(bytesOf(out), concat(parts));
        expect(framesOf(out)).toHaveLength(parts.length);
      }),
    );
  });

  it('waits for nothing: bytes of a body go on as they come', () => {
    const parser = new FrameParser({ version: 4 });
    for (const [i, byte] of frame(0x30, [0, 1, 97, 1, 2]).entries()) {
      parser.push(Uint8Array.of(byte));
      if (i === 0) expect(drain(parser)).toEqual([]);
      else expect(drain(parser).length).toBeGreaterThan(0);
    }
  });

  it('sees an empty body as none', () => {
    const parser = new FrameParser({ version: 4 });
    parser.push(concat([PINGREQ, PINGREQ]));
    const head = {
      type: 'head',
      packetType: 'pingreq',
      flags: 0,
      remainingLength: 0,
      size: 2,
      bytes: PINGREQ,
    };
    expect(drain(parser)).toEqual([head, { type: 'end' }, head, { type: 'end' }]);
  });
});

describe('bytes', () => {
  const bytes = encode(
    {
      type: 'publish',
      topic: 't',
      payload: 'xyz',
      qos: 0,
      properties: { correlationData: Uint8Array.of(1) },
    },
    5,
  );

  it('are views into the chunk', () => {
    const parser = new FrameParser({ version: 5, publishHeads: true });
    const chunk = Buffer.from(bytes);
    parser.push(chunk);
    const [head, body] = drain(parser) as {
      bytes: Uint8Array;
      packet: { properties: { correlationData: Uint8Array } };
    }[];
    for (const view of [head?.bytes, body?.bytes, head?.packet.properties.correlationData]) {
      expect(view?.buffer).toBe(chunk.buffer);
      expect(view?.constructor).toBe(Uint8Array);
    }
  });

  it('are copies where that is asked for', () => {
    const parser = new FrameParser({ version: 5, publishHeads: true, copy: true });
    const chunk = bytes.slice();
    parser.push(chunk);
    const events = drain(parser);
    chunk.fill(0);
    expect(bytesOf(events)).toEqual(bytes);
    expect(events[0]).toMatchObject({ packet: { properties: { correlationData: Uint8Array.of(1) } } });
  });

  it('may lie in shared memory', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    for (const lengths of [[100], [1]]) {
      const parser = new FrameParser({ version: 5, publishHeads: true });
      for (let at = 0; at < shared.length; at += lengths[0]!)
        parser.push(shared.subarray(at, at + lengths[0]!));
      expect(bytesOf(drain(parser))).toEqual(bytes);
    }
  });
});

describe('the end of the stream', () => {
  it('between frames is nothing', () => {
    const parser = new FrameParser({ version: 4 });
    parser.push(PINGREQ);
    parser.end();
    expect(drain(parser)).toHaveLength(2);
    expect(parser.next()).toBeUndefined();
    expect(() => parser.push(PINGREQ)).toThrow(TypeError);
  });

  it('within a frame aborts it, with the error of PacketParser', () => {
    fc.assert(
      fc.property(frames(5), fc.nat(), splits, fc.boolean(), (parts, where, lengths, publishHeads) => {
        fc.pre(parts.length > 0);
        const bytes = concat(parts);
        const cut = bytes.subarray(0, where % bytes.length);
        const chunks = split(cut, lengths);
        const { out, error } = feed(new FrameParser({ version: 5, publishHeads }), chunks);
        expect(error).toBeUndefined();
        const due = feed(new PacketParser({ version: 5 }), chunks).error;
        const last = out.at(-1);
        if (due === undefined) {
          expect(last === undefined || last.type === 'end').toBe(true);
          expectSame(bytesOf(out), cut);
        } else {
          expect(last?.type).toBe('aborted');
          if (last?.type === 'aborted') {
            expect(last.error).toBeInstanceOf(MalformedPacketError);
            expect(plain(last.error)).toEqual(plain(due));
          }
          expect(out.filter((event) => event.type === 'aborted')).toHaveLength(1);
        }
      }),
    );
  });

  it('is told once, and leaves nothing behind', () => {
    for (const bytes of [[0x30], [0x30, 9, 0, 1]]) {
      const parser = new FrameParser({ version: 4 });
      parser.push(Uint8Array.from(bytes));
      parser.end();
      expect(drain(parser).at(-1)).toMatchObject({
        type: 'aborted',
        error: { code: 'cut-short', offset: bytes.length },
      });
      expect(parser.next()).toBeUndefined();
      expect(parser.buffered).toBe(0);
      parser.end();
      expect(parser.next()).toBeUndefined();
    }
  });
});

describe('a broken stream', () => {
  it('gives what came before, then the same error for ever', () => {
    fc.assert(
      fc.property(frames(4), frames(4), splits, (before, behind, lengths) => {
        const parser = new FrameParser({ version: 4, publishHeads: true });
        for (const chunk of split(
          concat([...before, Uint8Array.of(0xc0, 0xff, 0xff, 0xff, 0x80), ...behind]),
          lengths,
        ))
          parser.push(chunk);
        const out: FrameEvent[] = [];
        const error = mqttErrorBy(() => {
          for (let event = parser.next(); event !== undefined; event = parser.next()) out.push(event);
        });
        expect(error).toMatchObject({ code: 'integer-too-long', offset: 4 });
        expectSame(bytesOf(out), concat(before));
        parser.push(PINGREQ);
        expect(mqttErrorBy(() => parser.next())).toBe(error);
        expect(mqttErrorBy(() => parser.end())).toBe(error);
        expect(parser.buffered).toBe(0);
      }),
    );
  });
});

describe('wrong arguments', () => {
  it('are TypeErrors and RangeErrors that name them', () => {
    const make = (options: object) => () => new FrameParser(options);
    expect(make({ version: 3 })).toThrow(RangeError);
    expect(make({ from: 'broker' })).toThrow(TypeError);
    expect(make({ lenient: ['everything'] })).toThrow(TypeError);
    for (const name of ['maximumPacketSize', 'maximumConnectSize', 'maximumPublishHeadSize']) {
      expect(make({ [name]: 0 })).toThrow(RangeError);
      expect(make({ [name]: 0 })).toThrow(name);
    }
    const parser = new FrameParser({ version: 4 });
    for (const chunk of ['\xc0\0', [0xc0, 0], new DataView(new ArrayBuffer(2)), undefined]) {
      expect(() => parser.push(chunk as unknown as Uint8Array)).toThrow(
        new TypeError('chunk must be a Uint8Array'),
      );
    }
  });
});
