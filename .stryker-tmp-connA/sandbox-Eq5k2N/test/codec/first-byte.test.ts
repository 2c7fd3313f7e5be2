// @ts-nocheck
import { describe, expect, it } from 'vitest';
import {
  decode,
  encode,
  PACKET_TYPES,
  PacketParser,
  type ProtocolVersion,
  type Sender,
} from '../../src/index.js';
import { type ExpectedError, expectError, framed, fromHex, toHex, versions } from './fixtures.js';

/** The shortest body of each packet type, for MQTT 3.1.1 and 5.0. */
const bodies: readonly (readonly [v4: string, v5: string])[] = [
  ['', ''],
  ['00044d515454 04 02 0000 0000', '00044d515454 05 02 0000 00 0000'],
  ['00 00', '00 00 00'],
  ['000174', '000174 00'],
  ['0001', '0001'],
  ['0001', '0001'],
  ['0001', '0001'],
  ['0001', '0001'],
  ['0001 000174 00', '0001 00 000174 00'],
  ['0001 00', '0001 00 00'],
  ['0001 000174', '0001 00 000174'],
  ['0001', '0001 00 00'],
  ['', ''],
  ['', ''],
  ['', ''],
  ['', '18 04 15 0001 4d'],
];

// Table 2-1: which side sends what.
const clientOnly = ['connect', 'subscribe', 'unsubscribe', 'pingreq'];
const serverOnly = ['connack', 'suback', 'unsuback', 'pingresp'];

function maySend(from: Sender, type: string, version: ProtocolVersion): boolean {
  const others = from === 'client' ? serverOnly : clientOnly;
  return !others.includes(type) && !(from === 'server' && type === 'disconnect' && version === 4);
}

const malformed = (code: ExpectedError['code'], field: string, statement?: string): ExpectedError => ({
  class: 'MalformedPacketError',
  code,
  field,
  reasonCode: 0x81,
  offset: 0,
  ...(statement !== undefined && { statement }),
});

/** What is wrong with a first byte, by sections 2.1.2, 2.1.3 and 3.3.1. */
function expectedError(
  first: number,
  version: ProtocolVersion,
  from: Sender | undefined,
): ExpectedError | undefined {
  const number = first >> 4;
  const flags = first & 15;
  const type = PACKET_TYPES[number];
  if (type === undefined || (type === 'auth' && version === 4)) {
    return malformed('reserved-packet-type', 'type');
  }
  if (type === 'publish') {
    if ((flags & 6) === 6) return malformed('invalid-qos', 'qos', 'MQTT-3.3.1-4');
    if (flags >= 8 && (flags & 6) === 0) return malformed('dup-with-qos-0', 'dup', 'MQTT-3.3.1-2');
  } else if (flags !== (['pubrel', 'subscribe', 'unsubscribe'].includes(type) ? 2 : 0)) {
    const own = { pubrel: '3.6.1-1', subscribe: '3.8.1-1', unsubscribe: '3.10.1-1' };
    const ends = { disconnect: '3.14.1-1', auth: '3.15.1-1' };
    const statement = { ...own, ...ends }[type as string] ?? (version === 4 ? '2.2.2-2' : '2.1.3-1');
    return malformed('reserved-flags', 'flags', `MQTT-${statement}`);
  }
  if (from === undefined || maySend(from, type, version)) return undefined;
  return { class: 'ProtocolError', code: 'wrong-sender', field: 'type', reasonCode: 0x82, offset: 0 };
}

describe('every first byte', () => {
  for (const version of versions) {
    for (const from of [undefined, 'client', 'server'] as const) {
      const sender = from === undefined ? 'someone' : `a ${from}`;
      it(`of version ${version} from ${sender} [3.1.1: MQTT-2.2.2-2] [5.0: MQTT-2.1.3-1]`, () => {
        for (let first = 0; first < 256; first++) {
          const number = first >> 4;
          const body = fromHex(bodies[number]![version - 4]!);
          const id = number === 3 && (first & 6) !== 0 ? [0, 1] : [];
          const frame = framed(first, body.subarray(0, 3), id, body.subarray(3));
          const expected = expectedError(first, version, from);
          if (expected === undefined) {
            const packet = decode(frame, version, { from });
            expect(packet.type).toBe(PACKET_TYPES[number]);
            expect(toHex(encode(packet, version, { from }))).toBe(toHex(frame));
          } else {
            expectError(() => decode(frame, version, { from }), expected);
          }
          if (expected === undefined || number === 3) continue;
          // The parser needs no more than the one byte.
          const parser = new PacketParser({ version, from });
          parser.push(frame.subarray(0, 1));
          expectError(() => parser.next(), expected);
        }
      });
    }
  }
});
