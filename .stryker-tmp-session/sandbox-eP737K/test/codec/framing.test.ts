// @ts-nocheck
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { decode, encode, encodedLength, encodeParts, PacketParser } from '../../src/index.js';
import {
  concat,
  encodeAny,
  expectError,
  expectRefusal,
  fromHex,
  toHex,
  validFixtures,
  variable,
  versions,
} from './fixtures.js';
import { sample } from './samples.js';

const cutShort = { class: 'MalformedPacketError', code: 'cut-short', reasonCode: 0x81 } as const;

describe('a frame that is not whole', () => {
  it('is malformed where a byte is missing', () => {
    for (const version of versions) {
      expectError(() => decode(new Uint8Array(0), version), { ...cutShort, offset: 0, field: 'type' });
      for (const hex of ['30', '3080', '30ffff', '30ffffff', '3001', '30050001', '30ffffff7f00']) {
        const frame = fromHex(hex);
        const cut = { ...cutShort, offset: frame.length, field: 'remainingLength' };
        expectError(() => decode(frame, version), cut);
        const parser = new PacketParser({ version, maximumPacketSize: 2 ** 28 + 4 });
        parser.push(frame);
        expect(parser.next()).toBe(undefined);
        expect(parser.buffered).toBe(frame.length);
        expectError(() => parser.end(), cut);
      }
    }
  });

  it('is malformed wherever it is cut, and nothing in a stream that goes on', () => {
    for (const { frame, version, from, packet } of validFixtures) {
      for (let length = 1; length < frame.length; length++) {
        const parser = new PacketParser({ version, from });
        parser.push(frame.subarray(0, length));
        expect(parser.next()).toBe(undefined);
        parser.push(frame.subarray(length));
        expect(parser.next()).toStrictEqual(packet);
      }
    }
  });
});

describe('a Remaining Length at the limits of one to four bytes', () => {
  for (const [length, hex] of [
    [127, '7f'],
    [128, '8001'],
    [16_383, 'ff7f'],
    [16_384, '808001'],
    [2_097_151, 'ffff7f'],
    [2_097_152, '80808001'],
  ] as const) {
    it(`${length} [3.1.1: MQTT-2.2.2-1] [5.0: MQTT-1.5.5-1] [U3-2.2.3-b]`, () => {
      for (const version of versions) {
        const head = fromHex(version === 4 ? '000174' : '00017400');
        const payload = new Uint8Array(length - head.length).fill(0x5a);
        const packet = sample('publish', version, { payload });
        const frame = encodeAny(packet, version);
        expect(toHex(frame.subarray(0, 1 + hex.length / 2 + head.length))).toBe(`30${hex}${toHex(head)}`);
        expect(frame.length).toBe(1 + hex.length / 2 + length);
        const decoded = decode(frame, version);
        expect(decoded.type === 'publish' && Buffer.compare(decoded.payload, payload)).toBe(0);
        const parser = new PacketParser({ version, maximumPacketSize: frame.length });
        parser.push(frame.subarray(0, 3));
        expect(parser.next()).toBe(undefined);
        parser.push(frame.subarray(3));
        expect(parser.next()?.type).toBe('publish');
        const short = frame.subarray(0, frame.length - 1);
        expectError(() => decode(short, version), {
          ...cutShort,
          offset: short.length,
          field: 'remainingLength',
        });
      }
    });
  }

  // Never written to, so this much memory is only promised.
  const payload = new Uint8Array(268_435_455 - 3);

  it('268,435,455 and no more [3.1.1: MQTT-2.2.2-1] [5.0: MQTT-1.5.5-1]', () => {
    const packet = sample('publish', 4, { payload });
    expect(encodedLength(packet as never, 4)).toBe(268_435_460);
    const [head, body] = encodeParts(packet as never, 4);
    expect(toHex(head)).toBe('30ffffff7f000174');
    expect(body).toBe(payload);
    for (const version of versions) {
      const larger = sample('publish', version, { payload, topic: 'to' });
      const error = expectRefusal(larger, version, 'too-long', 'remainingLength');
      expect(error.statement).toBe(version === 5 ? 'MQTT-1.5.5-1' : undefined);
      expect(() => encodedLength(larger as never, version)).toThrow(error.message);
      expect(() => encodeParts(larger as never, version)).toThrow(error.message);
    }
  });
});

describe('the bytes that decode is given', () => {
  const frame = fromHex('320a 0003612f62 000a 010203');

  it('may lie anywhere in their memory', () => {
    const around = concat([1, 2, 3], frame, [4, 5]);
    const packet = decode(around.subarray(3, 3 + frame.length), 4);
    expect(packet).toEqual(decode(frame, 4));
    expectError(() => decode(concat([0xff], fromHex('320300016100')).subarray(1, 6), 4), {
      ...cutShort,
      offset: 5,
      field: 'packetId',
    });
  });

  it('may be a Buffer, shared memory, or of another realm', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(frame.length));
    shared.set(frame);
    const foreign: Uint8Array = runInNewContext('Uint8Array.from(bytes)', { bytes: [...frame] });
    expect(foreign instanceof Uint8Array).toBe(false);
    for (const bytes of [Buffer.from(frame), shared, foreign]) {
      const packet = decode(bytes, 4);
      expect(packet).toEqual(decode(frame, 4));
      // What comes out is plain.
      expect(packet.type === 'publish' && Object.getPrototypeOf(packet.payload)).toBe(Uint8Array.prototype);
    }
  });

  it('may hold long strings in shared memory', () => {
    const text = `${'a'.repeat(100)}é`;
    const bytes = encodeAny(sample('publish', 5, { topic: text }), 5);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    expect(decode(shared, 5)).toMatchObject({ topic: text });
  });

  it('are seen through, or copied when asked', () => {
    const connect = fromHex('1019 00044d515454 04 c6 003c 000161 000177 000170 000175 000173');
    for (const [copy, expected] of [
      [false, 0x78],
      [undefined, 0x78],
      [true, 0x73],
    ] as const) {
      const bytes = connect.slice();
      const packet = decode(bytes, 4, { copy });
      const parser = new PacketParser({ version: 4, copy });
      parser.push(bytes);
      const parsed = parser.next();
      bytes.fill(0x78);
      for (const connected of [packet, parsed]) {
        if (connected?.type !== 'connect') throw new Error('no CONNECT');
        expect(connected.password).toEqual(Uint8Array.of(expected));
        expect(connected.will?.payload).toEqual(Uint8Array.of(copy ? 0x70 : 0x78));
        expect(connected.username).toBe('u');
      }
    }
  });

  it('are copied into memory of exactly their size', () => {
    const packet = decode(fromHex('30 0b 000174 06 09 0003 010203 ff'), 5, { copy: true });
    if (packet.type !== 'publish') throw new Error('no PUBLISH');
    expect(packet.payload.buffer.byteLength).toBe(1);
    expect(packet.properties.correlationData?.buffer.byteLength).toBe(3);
  });
});

describe('the Remaining Length', () => {
  it('is written in as few bytes as possible', () => {
    for (const value of [0, 1, 127, 128, 300, 16_383, 16_384]) {
      const payload = new Uint8Array(value);
      const frame = encode({ type: 'publish', topic: 't', payload }, 4);
      expect([...frame.subarray(1, frame.length - value - 3)]).toEqual(variable(value + 3));
    }
  });
});
