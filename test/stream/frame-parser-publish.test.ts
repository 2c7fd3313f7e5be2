import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DecodedPacket,
  type DecodeOptions,
  decode,
  encode,
  FrameParser,
  isMqttError,
  type MqttError,
} from '../../src/index.js';
import { mqttErrorBy } from '../thrown.js';
import { bytesOf, concat, connect, feed, frame, plain, split, splits } from './streams.js';

const VERSIONS = [4, 5] as const;

describe('the head of a PUBLISH', () => {
  const topic = fc.constantFrom('', 't', 'a/b', 'a/+', '#', 'a\0', '\ufeffä', 'x'.repeat(200));
  const blocks = fc.constantFrom<number[][]>(
    [0],
    [3, 0x23, 0, 9],
    [3, 0x23, 0, 0],
    [2, 0x01, 1],
    [4, 0x01, 1, 0x01, 1],
    [5, 0x26, 0, 0, 0, 0],
    [3, 0x09, 0, 5],
    [1, 0x99],
    [2, 0x0b, 3],
    [0x80, 0],
    [0xff, 0xff, 0xff, 0xff],
    [0xff, 0xff, 0x01],
    [],
    [140, 1, 0x09, 0, 137, ...new Array<number>(137).fill(1)],
  );
  const made = fc
    .record({
      flags: fc.nat(15),
      topic,
      off: fc.constantFrom(0, 0, 0, 1, -1, 500),
      id: fc.constantFrom([0, 0], [0, 1], [7]),
      block: blocks,
      payload: fc.uint8Array({ maxLength: 20 }),
      cut: fc.constantFrom(0, 0, 0, 1, 2, 3, 10),
    })
    .chain((fields) => fc.tuple(fc.constant(fields), fc.constantFrom(...VERSIONS)))
    .map(([fields, version]) => {
      const name = [...Buffer.from(fields.topic)];
      const length = Math.max(name.length + fields.off, 0);
      const body = [length >> 8, length & 255, ...name];
      if ((fields.flags & 6) !== 0) body.push(...fields.id);
      if (version === 5) body.push(...fields.block);
      body.push(...fields.payload);
      return {
        version,
        bytes: frame(0x30 | fields.flags, body.slice(0, Math.max(body.length - fields.cut, 0))),
      };
    });
  const options = fc.constantFrom<DecodeOptions[]>(
    {},
    { from: 'client' },
    { lenient: ['dup-with-qos-0', 'non-minimal-integer'] },
  );

  it('is what `decode` makes of it, or its error', () => {
    fc.assert(
      fc.property(made, options, splits, ({ version, bytes }, given, lengths) => {
        const parser = new FrameParser({ ...given, version, publishHeads: true });
        const { out, error } = feed(parser, split(bytes, lengths));
        let packet: DecodedPacket | undefined;
        let due: MqttError | undefined;
        try {
          packet = decode(bytes, version, given);
        } catch (thrown) {
          if (!isMqttError(thrown)) throw thrown;
          due = thrown;
        }
        expect(plain(error)).toEqual(plain(due));
        if (packet?.type !== 'publish') {
          expect(out).toEqual([]);
          return;
        }
        const { payload, ...head } = packet;
        expect(out[0]).toMatchObject({ type: 'publish', packet: head, payloadLength: payload.length });
        expect(Object.keys((out[0] as { packet: object }).packet)).toEqual(Object.keys(head));
        expect(bytesOf(out)).toEqual(bytes);
        expect(bytesOf(out.slice(1))).toEqual(payload);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is refused as soon as its lengths cannot be right', () => {
    const cases = [
      [[0x30, 0x80, 0x04, 0x02, 0x00], 4, { code: 'length-overrun', field: 'topic', offset: 3 }],
      [
        [0x30, 0x80, 0x04, 0x00, 0x01, 97, 0x80, 0x04],
        5,
        { code: 'length-overrun', field: 'properties', offset: 6 },
      ],
      [
        [0x30, 0x80, 0x04, 0x00, 0x01, 97, 0x80, 0x80, 0x80, 0x80],
        5,
        { code: 'integer-too-long', offset: 9 },
      ],
    ] as const;
    for (const [bytes, version, error] of cases) {
      const parser = new FrameParser({ version, publishHeads: true });
      bytes.forEach((byte, i) => {
        parser.push(Uint8Array.of(byte));
        if (i < bytes.length - 1) expect(parser.next()).toBeUndefined();
      });
      expect(mqttErrorBy(() => parser.next())).toMatchObject(error);
    }
  });

  it('is gathered up to 131,072 bytes, or up to what is said, and no further', () => {
    const announce = (length: number): Uint8Array =>
      Uint8Array.of(
        0x30,
        0xff,
        0xff,
        0x0f,
        0,
        1,
        97,
        (length & 127) | 128,
        ((length >> 7) & 127) | 128,
        length >> 14,
      );
    const judge = (limit: number | undefined, bytes: Uint8Array): MqttError | undefined => {
      const parser = new FrameParser({ version: 5, publishHeads: true, maximumPublishHeadSize: limit });
      return feed(parser, split(bytes, [1])).error;
    };
    expect(judge(undefined, announce(131_072 - 10))).toBeUndefined();
    expect(judge(undefined, announce(131_072 - 9))).toMatchObject({
      code: 'packet-too-large',
      reasonCode: 0x95,
      size: 131_073,
      limit: 131_072,
      packetType: 'publish',
    });
    // The topic alone may be too much, with or without properties to come.
    expect(judge(1_000, Uint8Array.of(0x30, 0xff, 0xff, 0x0f, 3, 0xe3))).toMatchObject({
      size: 1_001,
      limit: 1_000,
    });
    expect(judge(1_000, Uint8Array.of(0x30, 0xff, 0xff, 0x0f, 3, 0xe2))).toBeUndefined();
    expect(judge(1_000, Uint8Array.of(0x32, 0xff, 0xff, 0x0f, 3, 0xe1))).toMatchObject({ size: 1_001 });
  });

  it('needs a version, which the CONNECT tells', () => {
    for (const version of VERSIONS) {
      const publish = encode({ type: 'publish', topic: 'a', payload: 'b', qos: 0 }, version);
      const { out } = feed(
        new FrameParser({ publishHeads: true }),
        split(concat([connect(version), publish]), [3]),
      );
      expect(out.find((event) => event.type === 'publish')).toMatchObject({
        packet: { topic: 'a' },
        payloadLength: 1,
      });
    }
  });
});
