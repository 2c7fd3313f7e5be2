// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { encodeAny, toHex, versions } from '../codec/fixtures.js';
import { type Fields, sample } from '../codec/samples.js';
import { badBytes, badStrings, each, itRefuses, noBooleans, noIntegers } from './refusals.js';

const will = (fields: Fields): Fields => ({ will: { topic: 'w', ...fields } });

describe('encode refuses a CONNECT', () => {
  itRefuses('whose client id is no string [3.1.1: MQTT-3.1.3-4] [5.0: MQTT-3.1.3-4]', 'connect', versions, [
    ...badStrings((clientId) => ({ clientId }), 'clientId'),
    [{ clientId: undefined }, 'wrong-type', 'clientId'],
  ]);

  itRefuses(
    'with an empty client id and no clean session [3.1.1: MQTT-3.1.3-7]',
    'connect',
    [4],
    [[{ clientId: '', cleanStart: false }, 'value-out-of-range', 'clientId', '3.1.3-7']],
  );

  itRefuses(
    'of another version [3.1.1: MQTT-3.1.2-2] [5.0: MQTT-3.1.2-2]',
    'connect',
    versions,
    each(
      [undefined, 3, 6, '4'],
      (protocolVersion) => ({ protocolVersion }),
      'value-out-of-range',
      'protocolVersion',
      '3.1.2-2',
    ),
  );

  itRefuses('whose flags and times are none', 'connect', versions, [
    ...each(noBooleans, (cleanStart) => ({ cleanStart }), 'wrong-type', 'cleanStart'),
    ...each([...noIntegers, undefined], (keepAlive) => ({ keepAlive }), 'wrong-type', 'keepAlive'),
    ...each([-1, 65_536, 0.5, Number.NaN], (keepAlive) => ({ keepAlive }), 'value-out-of-range', 'keepAlive'),
  ]);

  itRefuses('whose user name is no string [3.1.1: MQTT-3.1.3-11] [5.0: MQTT-3.1.3-12]', 'connect', versions, [
    ...badStrings((username) => ({ username }), 'username'),
  ]);

  itRefuses('whose password is none', 'connect', versions, [
    ...badBytes((password) => ({ username: 'u', password }), 'password'),
    ...each(
      [new Uint8Array(65_536), 'a'.repeat(65_536), 'é'.repeat(32_768)],
      (password) => ({ username: 'u', password }),
      'too-long',
      'password',
    ),
  ]);

  itRefuses(
    'with a password and no user name [3.1.1: MQTT-3.1.2-22]',
    'connect',
    [4],
    [
      [{ password: 'secret' }, 'password-without-username', 'password', '3.1.2-22'],
      [{ password: new Uint8Array(0) }, 'password-without-username', 'password', '3.1.2-22'],
    ],
  );

  itRefuses('whose will is none [3.1.1: MQTT-3.1.2-9] [5.0: MQTT-3.1.2-9]', 'connect', versions, [
    ...each([null, 'w', 5, true], (value) => ({ will: value }), 'wrong-type', 'will'),
    [{ will: {} }, 'wrong-type', 'will.topic'],
  ]);

  itRefuses('whose will topic is none [3.1.1: MQTT-3.1.3-10] [5.0: MQTT-3.1.3-11]', 'connect', versions, [
    ...badStrings((topic) => will({ topic }), 'will.topic'),
    ...each(
      ['#', '+', 'a/#', 'a/+/b', `${'a'.repeat(99)}+`],
      (topic) => will({ topic }),
      'wildcard-in-topic-name',
      'will.topic',
      '4.7.1-1',
      '4.7.0-1',
    ),
    [will({ topic: '' }), 'empty-topic', 'will.topic', '4.7.3-1'],
  ]);

  itRefuses('whose will payload is none [U5-1.5.6-a]', 'connect', versions, [
    ...badBytes((payload) => will({ payload }), 'will.payload'),
    ...each(
      [new Uint8Array(65_536), 'a'.repeat(65_536), '€'.repeat(21_846)],
      (payload) => will({ payload }),
      'too-long',
      'will.payload',
    ),
  ]);

  itRefuses(
    'whose will QoS or retain is none [3.1.1: MQTT-3.1.2-14] [5.0: MQTT-3.1.2-12]',
    'connect',
    versions,
    [
      ...each(
        [3, -1, 1.5, '1', null, true, 256],
        (qos) => will({ qos }),
        'invalid-qos',
        'will.qos',
        '3.1.2-14',
        '3.1.2-12',
      ),
      ...each(noBooleans, (retain) => will({ retain }), 'wrong-type', 'will.retain'),
    ],
  );
});

describe('a CONNECT', () => {
  it('writes each of its flags, and no other [3.1.1: MQTT-3.1.2-13] [3.1.1: MQTT-3.1.2-15] [3.1.1: MQTT-3.1.2-3] [5.0: MQTT-3.1.2-11] [5.0: MQTT-3.1.2-13] [5.0: MQTT-3.1.2-3]', () => {
    for (const version of versions) {
      const flagsOf = (fields: Fields): number =>
        encodeAny(sample('connect', version, { cleanStart: false, ...fields }), version)[9]!;
      expect(flagsOf({})).toBe(0);
      expect(flagsOf({ cleanStart: true })).toBe(0x02);
      expect(flagsOf({ username: '' })).toBe(0x80);
      expect(flagsOf({ username: '', password: '' })).toBe(0xc0);
      for (const qos of [0, 1, 2]) {
        for (const retain of [false, true]) {
          expect(flagsOf(will({ qos, retain }))).toBe(0x04 | (qos << 3) | (retain ? 0x20 : 0));
        }
      }
    }
  });

  it('writes a keep alive of two bytes', () => {
    for (const [keepAlive, hex] of [
      [0, '0000'],
      [255, '00ff'],
      [256, '0100'],
      [65_535, 'ffff'],
    ] as const) {
      expect(toHex(encodeAny(sample('connect', 4, { keepAlive }), 4))).toBe(
        `100d00044d5154540402${hex}000161`,
      );
    }
  });

  it('holds strings and binary data of 65,535 bytes', () => {
    const text = 'é'.repeat(32_767);
    const bytes = new Uint8Array(65_535);
    const packet = { clientId: text, username: text, password: bytes, will: { topic: text, payload: bytes } };
    expect(encodeAny(sample('connect', 4, packet), 4).length).toBe(1 + 3 + 10 + 3 * 65_536 + 2 * 65_537);
  });
});
