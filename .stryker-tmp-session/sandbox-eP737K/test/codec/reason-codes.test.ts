// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { decode, encode, type ProtocolVersion, type Sender } from '../../src/index.js';
import { expectError, expectRefusal, fromHex, toHex } from './fixtures.js';
import { codesOf, sample } from './samples.js';

/** A packet with a reason code: the hex before it, after it, and what it becomes when nothing shorter is meant. */
interface Row {
  readonly type:
    | 'connack'
    | 'puback'
    | 'pubrec'
    | 'pubrel'
    | 'pubcomp'
    | 'suback'
    | 'unsuback'
    | 'disconnect'
    | 'auth';
  readonly version: ProtocolVersion;
  readonly before: string;
  readonly after: string;
  /** The packet of code 0, where it has a shorter form. */
  readonly shortest?: string;
  readonly codes: readonly number[];
  readonly statement: string;
  /** Codes that one side alone may send. */
  readonly client?: readonly number[];
  readonly server?: readonly number[];
}

// Sections 3.14.2.1, 3.15.2.1, 3.4.2.1 and 3.5.2.1. A client sends 0x9B by section 3.3.4, and 0x8C has no sender.
const serverDisconnects = [
  0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x9a, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2,
];

const v5 = { version: 5, after: '' } as const;
const rows: readonly Row[] = [
  {
    type: 'connack',
    version: 4,
    before: '2002 00',
    after: '',
    codes: [0, 1, 2, 3, 4, 5],
    statement: '3.2.2-6',
  },
  {
    type: 'suback',
    version: 4,
    before: '9003 000a',
    after: '',
    codes: [0, 1, 2, 0x80],
    statement: '3.9.3-2',
  },
  { ...v5, type: 'connack', before: '2003 00', after: '00', codes: codesOf('connack'), statement: '3.2.2-8' },
  {
    ...v5,
    type: 'puback',
    before: '4003 000a',
    shortest: '4002000a',
    codes: codesOf('puback'),
    statement: '3.4.2-1',
    server: [0x10],
  },
  {
    ...v5,
    type: 'pubrec',
    before: '5003 000a',
    shortest: '5002000a',
    codes: codesOf('pubrec'),
    statement: '3.5.2-1',
    server: [0x10],
  },
  {
    ...v5,
    type: 'pubrel',
    before: '6203 000a',
    shortest: '6202000a',
    codes: codesOf('pubrel'),
    statement: '3.6.2-1',
  },
  {
    ...v5,
    type: 'pubcomp',
    before: '7003 000a',
    shortest: '7002000a',
    codes: codesOf('pubcomp'),
    statement: '3.7.2-1',
  },
  { ...v5, type: 'suback', before: '9004 000a 00', codes: codesOf('suback'), statement: '3.9.3-2' },
  { ...v5, type: 'unsuback', before: 'b004 000a 00', codes: codesOf('unsuback'), statement: '3.11.3-2' },
  {
    ...v5,
    type: 'disconnect',
    before: 'e001',
    shortest: 'e000',
    codes: codesOf('disconnect'),
    statement: '3.14.2-1',
    client: [0x04],
    server: serverDisconnects,
  },
  {
    ...v5,
    type: 'auth',
    before: 'f006',
    after: '04 15 0001 4d',
    codes: codesOf('auth'),
    statement: '3.15.2-1',
    client: [0x19],
    server: [0x00],
  },
];

const other: Readonly<Record<Sender, Sender>> = { client: 'server', server: 'client' };

describe('every reason code from 0 to 255', () => {
  for (const { type, version, before, after, shortest, codes, statement, ...senders } of rows) {
    const many = type === 'suback' || type === 'unsuback';
    const field = many ? 'reasonCodes[0]' : 'reasonCode';
    const head = fromHex(before);
    const own: Sender | undefined = type === 'connack' || many ? 'server' : undefined;
    const id = `MQTT-${statement}`;

    it(`in ${type} of version ${version} [${version === 4 ? '3.1.1' : '5.0'}: ${id}]`, () => {
      for (let code = 0; code < 256; code++) {
        const frame = Uint8Array.from([...head, code, ...fromHex(after)]);
        const packet = sample(type, version, many ? { reasonCodes: [code] } : { reasonCode: code });
        if (!codes.includes(code)) {
          const unknown = {
            class: 'MalformedPacketError',
            code: 'unknown-reason-code',
            reasonCode: 0x81,
          } as const;
          expectError(() => decode(frame, version), {
            ...unknown,
            offset: head.length,
            field,
            statement: id,
          });
          expect(expectRefusal(packet, version, 'unknown-reason-code', field).statement).toBe(id);
          continue;
        }
        const decoded = decode(frame, version, { from: own });
        expect(decoded).toMatchObject(many ? { reasonCodes: [code] } : { reasonCode: code });
        const shorter = code === 0 && shortest !== undefined ? shortest : toHex(frame);
        expect(toHex(encode(decoded, version, { from: own }))).toBe(shorter);
        for (const from of own === undefined ? (['client', 'server'] as const) : []) {
          if (!senders[other[from]]?.includes(code)) {
            expect(decode(frame, version, { from })).toEqual(decoded);
            expect(toHex(encode(decoded, version, { from }))).toBe(shorter);
            continue;
          }
          expectError(() => decode(frame, version, { from }), {
            class: 'ProtocolError',
            code: 'wrong-sender',
            reasonCode: 0x82,
            offset: head.length,
            field,
            statement: id,
          });
          expect(expectRefusal(decoded, version, 'wrong-sender', field, { from }).statement).toBe(id);
        }
      }
    });

    it(`is a number, in ${type} of version ${version}`, () => {
      for (const code of [null, '0', true, {}, [0], 0n]) {
        const packet = sample(type, version, many ? { reasonCodes: [code] } : { reasonCode: code });
        expectRefusal(packet, version, 'wrong-type', field);
      }
      for (const code of [-1, 0.5, 256, Number.NaN, Infinity]) {
        const packet = sample(type, version, many ? { reasonCodes: [code] } : { reasonCode: code });
        expectRefusal(packet, version, 'unknown-reason-code', field);
      }
    });
  }
});
