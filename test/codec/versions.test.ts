import { describe, expect, it } from 'vitest';
import { decode, PacketParser, type ProtocolVersion } from '../../src/index.js';
import { thrownBy } from '../thrown.js';
import { expectError, expectRefusal, field, framed, fromHex, toHex, versions } from './fixtures.js';
import { sample } from './samples.js';

/** A CONNECT of any name and level, with a Property Length from level 5 on. */
const connect = (name: string, level: number): Uint8Array =>
  framed(0x10, field(name), [level, 2, 0, 60], (level & 0x7f) >= 5 ? [0] : [], field('a'));

// Refusals: the CONNACK of MQTT 5.0, that of 3.1.1 (which 3.1 shares), and silence for who may speak anything.
const modern = '2003008400';
const old = '20020001';
const silence = '';

type Replies = readonly [to4: string | undefined, to5: string | undefined, toEither: string | undefined];

/** The reply of a reader of 3.1.1, of 5.0, and of both; undefined where there is nothing to refuse. */
const cases: readonly (readonly [name: string, level: number, replies: Replies])[] = [
  ['MQTT', 4, [undefined, old, undefined]],
  ['MQTT', 5, [old, undefined, undefined]],
  ['MQIsdp', 3, [old, old, old]],
  ['MQIsdp', 4, [old, old, old]],
  ['MQTT', 3, [old, old, old]],
  ['MQTT', 0, [old, old, old]],
  ['MQTT', 6, [old, modern, modern]],
  ['MQTT', 127, [old, modern, modern]],
  ['MQTT', 0x83, [old, old, old]],
  ['MQTT', 0x84, [old, old, old]],
  ['MQTT', 0x85, [old, modern, modern]],
  ['mqtt', 4, [silence, silence, silence]],
  ['MQTT ', 4, [silence, silence, silence]],
  ['', 4, [silence, silence, silence]],
  ['HTTP', 1, [silence, silence, silence]],
  ['MQTTX', 5, [silence, modern, modern]],
  ['a name that is longer than sixty-four bytes, for the other decoder: é', 3, [silence, silence, silence]],
];

const readers: readonly (readonly [ProtocolVersion | undefined, index: 0 | 1 | 2])[] = [
  [4, 0],
  [5, 1],
  [undefined, 2],
];

describe('a CONNECT of another version [3.1.1: MQTT-3.1.2-1] [5.0: MQTT-3.1.2-1] [U3-3.1.2-a]', () => {
  for (const [name, level, replies] of cases) {
    for (const [version, index] of readers) {
      const reply = replies[index];
      if (reply === undefined) continue;

      it(`${name} ${level} to ${version ?? 'a parser of both'}`, () => {
        const frame = connect(name, level);
        const parser = new PacketParser({ version, from: 'client' });
        parser.push(frame);
        for (const run of [
          () => parser.next(),
          () => version && decode(frame, version, { from: 'client' }),
        ]) {
          if (version === undefined && run !== undefined && parser.buffered === 0) break;
          const error = expectError(run, {
            class: 'UnsupportedVersionError',
            code: 'unsupported-version',
            reasonCode: 0x84,
            protocolName: name,
            protocolLevel: level,
            reply: fromHex(reply),
            statement: `MQTT-3.1.2-${name === 'MQTT' ? 2 : 1}`,
          });
          expect(error.packetType).toBe('connect');
          expect(error.protocolVersion).toBe(version);
        }
      });
    }
  }

  it('is answered with a packet that the client understands', () => {
    expect(decode(fromHex(old), 4)).toEqual({ type: 'connack', sessionPresent: false, reasonCode: 1 });
    expect(decode(fromHex(modern), 5)).toMatchObject({ type: 'connack', reasonCode: 0x84 });
  });

  it('says nothing about what follows the level', () => {
    const frame = framed(0x10, field('MQIsdp'), [3, 0xff, 0xff]);
    for (const version of versions) expect(() => decode(frame, version)).toThrow('unsupported version');
  });
});

describe('a parser without a version', () => {
  it('takes it from the CONNECT', () => {
    for (const version of versions) {
      const parser = new PacketParser();
      expect(parser.version).toBe(undefined);
      parser.push(connect('MQTT', version));
      parser.push(framed(0x30, field('t'), version === 5 ? [0] : []));
      expect(parser.next()).toMatchObject({ type: 'connect', protocolVersion: version });
      expect(parser.version).toBe(version);
      expect(parser.next()).toMatchObject({ type: 'publish', topic: 't', payload: new Uint8Array(0) });
    }
  });

  it('wants a CONNECT first', () => {
    for (const first of [0x20, 0x30, 0x36, 0x40, 0x82, 0xc0, 0xe0, 0xf0]) {
      const parser = new PacketParser();
      parser.push(Uint8Array.of(first));
      const error = expectError(() => parser.next(), {
        class: 'ProtocolError',
        code: 'expected-connect',
        reasonCode: 0x82,
        offset: 0,
        field: 'type',
        statement: 'MQTT-3.1.0-1',
      });
      expect(error.protocolVersion).toBe(undefined);
      expect(parser.version).toBe(undefined);
    }
  });

  it('judges a Remaining Length of too many bytes by the version it then reads', () => {
    const overlong = (level: 4 | 5) => {
      const frame = connect('MQTT', level);
      return Uint8Array.of(frame[0]!, frame[1]! | 0x80, 0, ...frame.subarray(2));
    };
    const parser = new PacketParser();
    parser.push(overlong(4));
    expect(parser.next()).toMatchObject({ type: 'connect', protocolVersion: 4 });
    const strict = new PacketParser();
    strict.push(overlong(5));
    expectError(() => strict.next(), {
      class: 'MalformedPacketError',
      code: 'non-minimal-integer',
      reasonCode: 0x81,
      offset: 1,
      field: 'remainingLength',
      statement: 'MQTT-1.5.5-1',
    });
    const lenient = new PacketParser({ lenient: ['non-minimal-integer'] });
    lenient.push(overlong(5));
    expect(lenient.next()).toMatchObject({ type: 'connect', protocolVersion: 5 });
    // Of another version it is that first, whatever the form of its length.
    const other = { code: 'unsupported-version', protocolLevel: 4 };
    expect(thrownBy(() => decode(overlong(4), 5))).toMatchObject(other);
  });
});

describe('the refusal of MQTT 3.1.1 to a client of 5.0', () => {
  const refused = {
    class: 'UnsupportedVersionError',
    code: 'unsupported-version',
    reasonCode: 0x84,
    protocolName: 'MQTT',
    protocolLevel: 5,
    reply: new Uint8Array(0),
  } as const;

  it('is no malformed packet', () => {
    for (const from of [undefined, 'server'] as const) {
      expectError(() => decode(fromHex(old), 5, { from }), refused);
      const parser = new PacketParser({ version: 5, from });
      for (const byte of fromHex(old)) parser.push(Uint8Array.of(byte));
      expectError(() => parser.next(), refused);
    }
    expectError(() => decode(fromHex('2082000001'), 5, { lenient: ['non-minimal-integer'] }), refused);
  });

  it('is an ordinary CONNACK in 3.1.1', () => {
    expect(decode(fromHex(old), 4)).toStrictEqual({ type: 'connack', sessionPresent: false, reasonCode: 1 });
  });
});

describe('a CONNECT to encode', () => {
  it('has the version that was asked for', () => {
    for (const [version, protocolVersion] of [
      [4, 5],
      [5, 4],
      [4, 3],
      [5, undefined],
      [5, '5'],
      [4, null],
    ] as const) {
      const packet = sample('connect', version, { protocolVersion });
      expectRefusal(packet, version, 'value-out-of-range', 'protocolVersion');
    }
  });

  it('does not change the reply of an earlier error', () => {
    const replies = [1, 2].map(() => {
      const error = expectError(() => decode(connect('MQTT', 6), 5), {
        class: 'UnsupportedVersionError',
        code: 'unsupported-version',
        reasonCode: 0x84,
        protocolName: 'MQTT',
        protocolLevel: 6,
        statement: 'MQTT-3.1.2-2',
      });
      const reply: unknown = Reflect.get(error, 'reply');
      if (!(reply instanceof Uint8Array)) throw new Error('no reply');
      const hex = toHex(reply);
      reply.fill(0);
      return hex;
    });
    expect(replies).toEqual([modern, modern]);
  });
});
