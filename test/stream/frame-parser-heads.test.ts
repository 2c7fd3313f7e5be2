import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decode,
  type FrameEvent,
  FrameParser,
  type FrameParserOptions,
  isMqttError,
  type MqttError,
  PacketParser,
  PacketTooLargeError,
  type ProtocolVersion,
  UnsupportedVersionError,
} from '../../src/index.js';
import { mqttErrorBy } from '../thrown.js';
import { bytesOf, concat, connect, drain, feed, frame, framesOf, plain, split, splits } from './streams.js';

const VERSIONS = [4, 5] as const;
const PINGREQ = Uint8Array.of(0xc0, 0);

describe('a fixed header', () => {
  function headerError(
    make: () => PacketParser | FrameParser,
    bytes: readonly number[],
  ): MqttError | undefined {
    const parser = make();
    parser.push(Uint8Array.from(bytes));
    try {
      parser.next();
    } catch (error) {
      if (isMqttError(error)) return error;
      throw error;
    }
    return undefined;
  }

  const expectPacketParsersError = (options: FrameParserOptions, bytes: readonly number[]): void => {
    const theirs = headerError(() => new PacketParser(options), bytes);
    const mine = headerError(() => new FrameParser(options), bytes);
    expect(plain(mine)).toEqual(plain(theirs));
  };

  const known = [
    ...VERSIONS.flatMap((version) => [{ version }, { version, from: 'client' }, { version, from: 'server' }]),
    { version: 4, lenient: ['reserved-flags'] },
    {},
  ] as FrameParserOptions[];

  it.each(known)('begins with a byte that PacketParser would take: %o', (options) => {
    for (let first = 0; first < 256; first++) expectPacketParsersError(options, [first]);
  });

  it.each(known)('has a length that PacketParser would take [U3-2.2.3-a] [U5-1.5.5-a]: %o', (options) => {
    const lengths = [
      [0x7f],
      [0x80],
      [0x81, 0],
      [0xff],
      [0x80, 1],
      [0xff, 0xff],
      [0xff, 0xff, 7],
      [0xff, 0xff, 0x80],
    ];
    lengths.push([0xff, 0xff, 0x3f], [0xff, 0xff, 0xff, 1], [0xff, 0xff, 0xff, 0x80], [0x81, 0x80, 0x80, 0]);
    for (const first of [0x10, 0x30, 0x40, 0x82, 0xd0, 0xe0]) {
      for (const length of lengths) expectPacketParsersError(options, [first, ...length]);
    }
  });

  it('has the limits of PacketParser [U5-2.1.4-a]', () => {
    const refused = (options: FrameParserOptions, bytes: readonly number[]): MqttError | undefined =>
      headerError(() => new FrameParser(options), bytes);
    expect(refused({ version: 4 }, [0x10, 0xfd, 0xff, 0x07])).toMatchObject({
      size: 131_073,
      limit: 131_072,
    });
    expect(refused({ version: 4 }, [0x10, 0xfc, 0xff, 0x07])).toBeUndefined();
    expect(refused({ version: 4 }, [0x30, 0xfd, 0xff, 0x3f])).toMatchObject({
      size: 1_048_577,
      limit: 1_048_576,
    });
    expect(refused({ version: 4 }, [0x30, 0xfc, 0xff, 0x3f])).toBeUndefined();
    expect(refused({ maximumConnectSize: 10 }, [0x10, 9])).toBeInstanceOf(PacketTooLargeError);
    expect(refused({ maximumPacketSize: 10 }, [0x10, 9])).toMatchObject({ limit: 10 });
  });

  it('may announce up to 268,435,455 bytes [U3-2.2.3-b]', () => {
    const parser = new FrameParser({ version: 4, maximumPacketSize: 268_435_460 });
    parser.push(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f));
    expect(parser.next()).toMatchObject({ remainingLength: 268_435_455, size: 268_435_460 });
  });
});

describe('a CONNECT', () => {
  it.each(VERSIONS)('tells the version before its head comes (version %i)', (version) => {
    const bytes = concat([connect(version), PINGREQ]);
    const parser = new FrameParser();
    const events: FrameEvent[] = [];
    bytes.forEach((byte, i) => {
      expect(parser.version).toBe(i > 8 ? version : undefined);
      parser.push(Uint8Array.of(byte));
      const now = drain(parser);
      // Fixed header 2, name 6, level 1.
      expect(now.length > 0).toBe(i >= 8 && i !== bytes.length - 2);
      events.push(...now);
    });
    expect(events[0]).toMatchObject({ type: 'head', packetType: 'connect', bytes: bytes.subarray(0, 2) });
    expect(bytesOf(events)).toEqual(bytes);
    framesOf(events);
  });

  it('must come first [3.1.1: MQTT-3.1.0-1] [5.0: MQTT-3.1.0-1]', () => {
    for (const first of [0x20, 0x30, 0xc0, 0xf0]) {
      const { error } = feed(new FrameParser(), [Uint8Array.of(first)]);
      expect(error).toMatchObject({ code: 'expected-connect', reasonCode: 0x82, offset: 0 });
    }
  });

  it('of another protocol or version is refused as `decode` refuses it, and as soon as that is plain', () => {
    const name = fc.oneof(
      fc
        .constantFrom('MQTT', 'MQIsdp', 'mqtt', '', 'MQTT\0', 'x'.repeat(300))
        .map((text) => [...Buffer.from(text)]),
      fc.array(fc.nat(255), { maxLength: 9 }),
    );
    const version = fc.constantFrom<(ProtocolVersion | undefined)[]>(4, 5, undefined);
    fc.assert(
      fc.property(
        name,
        fc.nat(7),
        fc.nat(20),
        fc.integer({ min: -1, max: 1 }),
        version,
        splits,
        (text, level, cut, off, known, lengths) => {
          const all = [text.length >> 8, (text.length + off) & 255, ...text, level, 2, 0, 0, 0, 0];
          const bytes = frame(0x10, all.slice(0, Math.max(all.length - cut, 0)));
          const theirs = feed(new PacketParser({ version: known }), split(bytes, lengths)).error;
          const mine = feed(new FrameParser({ version: known }), split(bytes, lengths)).error;
          const field = theirs && 'field' in theirs ? theirs.field : undefined;
          if (
            theirs instanceof UnsupportedVersionError ||
            field === 'protocolName' ||
            field === 'protocolVersion'
          ) {
            expect(plain(mine)).toEqual(plain(theirs));
          } else expect(mine).toBeUndefined();
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('with a length longer than it needs is refused in 5.0 alone [U3-2.2.3-c] [5.0: MQTT-1.5.5-1]', () => {
    for (const version of VERSIONS) {
      const bytes = connect(version);
      const longer = concat([Uint8Array.of(0x10, bytes[1]! | 0x80, 0), bytes.subarray(2)]);
      for (const lengths of [[1], [100]]) {
        const { out, error } = feed(new FrameParser(), split(longer, lengths));
        if (version === 4) expect(bytesOf(out)).toEqual(longer);
        else {
          expect(out).toEqual([]);
          expect(plain(error)).toEqual(plain(mqttErrorBy(() => decode(longer, 5))));
        }
      }
    }
  });

  it('that names a long protocol is refused without waiting for all of it', () => {
    const parser = new FrameParser();
    parser.push(Uint8Array.of(0x10, 20, 0xff, 0xff));
    expect(mqttErrorBy(() => parser.next())).toMatchObject({ code: 'length-overrun', field: 'protocolName' });
  });
});
