import { describe, expect, it } from 'vitest';
import {
  DEFAULT_MAXIMUM_CONNECT_SIZE,
  DEFAULT_MAXIMUM_PACKET_SIZE,
  encode,
  MalformedPacketError,
  PacketParser,
  PacketTooLargeError,
  ProtocolError,
  UnsupportedVersionError,
} from '../../src/index.js';
import { mqttErrorBy } from '../thrown.js';
import { concat, connect, expectSame, feed, frame, split } from './streams.js';

const PINGREQ = Uint8Array.of(0xc0, 0);
const VERSIONS = [4, 5] as const;

/** A parser after these bytes. */
function fed(bytes: readonly number[], parser = new PacketParser({ version: 4 })): PacketParser {
  parser.push(Uint8Array.from(bytes));
  return parser;
}

describe('a stream without a given version', () => {
  it.each(VERSIONS)('takes it from the CONNECT (version %i)', (version) => {
    const parser = new PacketParser();
    expect(parser.version).toBeUndefined();
    for (const chunk of split(concat([connect(version), PINGREQ]), [1])) parser.push(chunk);
    expect(parser.next()).toMatchObject({ type: 'connect', protocolVersion: version });
    expect(parser.version).toBe(version);
    expect(parser.next()).toEqual({ type: 'pingreq' });
  });

  it('must begin with a CONNECT, judged by its first byte [3.1.1: MQTT-3.1.0-1] [5.0: MQTT-3.1.0-1]', () => {
    for (const first of [0x20, 0x30, 0x82, 0xc0, 0xe0, 0xf0]) {
      const error = mqttErrorBy(() => fed([first], new PacketParser()).next());
      expect(error).toBeInstanceOf(ProtocolError);
      expect(error).toMatchObject({ code: 'expected-connect', reasonCode: 0x82, offset: 0, field: 'type' });
    }
  });

  it('is refused with the answer that another version is due', () => {
    const bytes = frame(0x10, [0, 6, 77, 81, 73, 115, 100, 112, 3, 2, 0, 60, 0, 1, 97]);
    const error = mqttErrorBy(() => fed([...bytes], new PacketParser()).next());
    expect(error).toBeInstanceOf(UnsupportedVersionError);
    expect(error).toMatchObject({ protocolName: 'MQIsdp', protocolLevel: 3 });
  });
});

describe('the Remaining Length', () => {
  it.each(VERSIONS)(
    'is refused at its fourth byte, not later [U3-2.2.3-a] [U5-1.5.5-a] (version %i)',
    (version) => {
      for (const lengths of [[1], [5], [2, 3]]) {
        const parser = new PacketParser({ version });
        const bytes = [0x30, 0xff, 0xff, 0xff, 0x80];
        const parts = split(Uint8Array.from(bytes), lengths);
        for (const part of parts.slice(0, -1)) {
          parser.push(part);
          expect(parser.next()).toBeUndefined();
        }
        parser.push(parts.at(-1)!);
        const error = mqttErrorBy(() => parser.next());
        expect(error).toBeInstanceOf(MalformedPacketError);
        expect(error).toMatchObject({
          code: 'integer-too-long',
          reasonCode: 0x81,
          offset: 4,
          field: 'remainingLength',
        });
      }
    },
  );

  it('may have four bytes whatever their value [U3-2.2.3-b]', () => {
    const payload = new Uint8Array(2_097_153 - 3).fill(1);
    const parser = new PacketParser({ version: 4, maximumPacketSize: 3_000_000 });
    parser.push(Uint8Array.of(0x30, 0x81, 0x80, 0x80, 0x01, 0, 1, 97));
    parser.push(payload);
    expectSame((parser.next() as { payload: Uint8Array }).payload, payload);
  });

  it('may be longer than it needs in 3.1.1 [U3-2.2.3-c]', () => {
    for (const bytes of [
      [0xc0, 0x80, 0],
      [0xc0, 0x80, 0x80, 0x80, 0],
    ]) {
      expect(fed(bytes).next()).toEqual({ type: 'pingreq' });
    }
  });

  it('must be as short as it can be in 5.0, which a CONNECT tells late [5.0: MQTT-1.5.5-1]', () => {
    const ping = mqttErrorBy(() => fed([0xc0, 0x80, 0], new PacketParser({ version: 5 })).next());
    expect(ping).toMatchObject({ code: 'non-minimal-integer', reasonCode: 0x81, offset: 1 });
    for (const version of VERSIONS) {
      const bytes = connect(version);
      const longer = [0x10, bytes[1]! | 0x80, 0, ...bytes.subarray(2)];
      const parser = fed(longer, new PacketParser());
      if (version === 4) expect(parser.next()).toMatchObject({ type: 'connect' });
      else expect(mqttErrorBy(() => parser.next())).toMatchObject({ code: 'non-minimal-integer', offset: 1 });
    }
  });
});

describe('a first byte', () => {
  it.each([
    [4, '00', 'reserved-packet-type', 'type 0'],
    [4, 'f0', 'reserved-packet-type', 'AUTH'],
    [5, '00', 'reserved-packet-type', 'type 0'],
    [4, '61', 'reserved-flags', '[3.1.1: MQTT-3.6.1-1]'],
    [5, '80', 'reserved-flags', '[5.0: MQTT-3.8.1-1]'],
    [4, 'c1', 'reserved-flags', '[3.1.1: MQTT-2.2.2-2]'],
    [5, '41', 'reserved-flags', '[5.0: MQTT-2.1.3-1]'],
  ] as const)('of version %i that is 0x%s is refused by itself: %s, %s', (version, first, code, rule) => {
    const error = mqttErrorBy(() => fed([Number.parseInt(first, 16)], new PacketParser({ version })).next());
    expect(error).toMatchObject({ code, reasonCode: 0x81, offset: 0 });
    expect(error.statement).toBe(/MQTT-[\d.]+-\d+/.exec(rule)?.[0]);
  });

  it('of the wrong side is refused where the side is known', () => {
    const error = mqttErrorBy(() => fed([0x20], new PacketParser({ version: 5, from: 'client' })).next());
    expect(error).toMatchObject({ code: 'wrong-sender', reasonCode: 0x82 });
    expect(fed([0x20], new PacketParser({ version: 5, from: 'server' })).next()).toBeUndefined();
  });
});

describe('size limits', () => {
  const header = (first: number, length: number): number[] => [first, ...lengthOf(length)];
  const lengthOf = (length: number): number[] =>
    length < 0x80 ? [length] : [(length & 0x7f) | 0x80, ...lengthOf(length >> 7)];

  it('are 131,072 for a CONNECT and 1,048,576 for the rest when nothing is said', () => {
    expect([DEFAULT_MAXIMUM_CONNECT_SIZE, DEFAULT_MAXIMUM_PACKET_SIZE]).toEqual([131_072, 1_048_576]);
    const cases = [
      [0x10, 131_072],
      [0x30, 1_048_576],
    ] as const;
    for (const [first, limit] of cases) {
      const body = limit - 4;
      for (const version of VERSIONS) {
        expect(fed(header(first, body), new PacketParser({ version })).next()).toBeUndefined();
        const parser = fed(header(first, body + 1), new PacketParser({ version }));
        const error = mqttErrorBy(() => parser.next());
        expect(error).toBeInstanceOf(PacketTooLargeError);
        expect(error).toMatchObject({ reasonCode: 0x95, size: limit + 1, limit, protocolVersion: version });
        expect(parser.buffered).toBe(0);
      }
    }
    expect(mqttErrorBy(() => fed(header(0x10, 131_069), new PacketParser()).next())).toMatchObject({
      limit: 131_072,
    });
  });

  it.each([0, 1, 127, 128, 300, 20_000])(
    'count the whole packet, fixed header included [U5-2.1.4-a] (%i bytes of payload)',
    (length) => {
      const bytes = encode({ type: 'publish', topic: 't', payload: new Uint8Array(length), qos: 0 }, 5);
      for (const lengths of [[bytes.length], [1]]) {
        const fits = new PacketParser({ version: 5, maximumPacketSize: bytes.length });
        expect(feed(fits, split(bytes, lengths)).out).toHaveLength(1);
        const tight = new PacketParser({ version: 5, maximumPacketSize: bytes.length - 1 });
        expect(feed(tight, split(bytes, lengths)).error).toMatchObject({
          code: 'packet-too-large',
          size: bytes.length,
          limit: bytes.length - 1,
        });
      }
    },
  );

  it('are judged as soon as the fixed header is there, be it as short as can be', () => {
    for (const [length, size] of [
      [126, 128],
      [127, 129],
    ] as const) {
      const parser = new PacketParser({ version: 4, maximumPacketSize: size - 1 });
      const error = mqttErrorBy(() => fed([0x30, length], parser).next());
      expect(error).toMatchObject({
        code: 'packet-too-large',
        size,
        packetType: 'publish',
        protocolVersion: 4,
      });
      // No field and no statement: the limit is ours.
      expect([error.statement, 'field' in error]).toEqual([undefined, false]);
      expect(error.message).not.toMatch(/undefined| in /);
    }
  });

  it('are judged as soon as the fixed header is there', () => {
    for (const first of [0x10, 0x30]) {
      const options = { version: 4, maximumPacketSize: 5_000, maximumConnectSize: 4_000 } as const;
      const bytes = header(first, 5_000);
      const parser = new PacketParser(options);
      bytes.forEach((byte, i) => {
        parser.push(Uint8Array.of(byte));
        if (i < bytes.length - 1) expect(parser.next()).toBeUndefined();
      });
      expect(mqttErrorBy(() => parser.next())).toMatchObject({
        size: 5_003,
        limit: first === 0x10 ? 4_000 : 5_000,
      });
    }
  });

  it('of a CONNECT never exceed those of all packets', () => {
    const parser = fed(header(0x10, 200), new PacketParser({ maximumPacketSize: 100 }));
    expect(mqttErrorBy(() => parser.next())).toMatchObject({ limit: 100 });
  });
});
