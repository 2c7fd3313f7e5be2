// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { decode, type LenientRule, PacketParser, type ProtocolVersion } from '../../src/index.js';
import { encodeAny, expectError, expectRefusal, fromHex, invalidFixtures } from './fixtures.js';

const rules: readonly LenientRule[] = [
  'non-minimal-integer',
  'reserved-flags',
  'dup-with-qos-0',
  'unknown-reason-code',
  'session-present-with-refusal',
  'password-without-username',
];

const isRule = (code: string): code is LenientRule => (rules as readonly string[]).includes(code);

/** A refusal of MQTT 3.1.1 where 5.0 is expected has no Property Length: its code is not all that is wrong. */
const hasTwoFaults = (name: string): boolean => name.endsWith('in the form of MQTT 3.1.1');

describe('a relaxed rule', () => {
  for (const { title, name, frame, version, from, error } of invalidFixtures) {
    const { code } = error;
    if (!isRule(code) || hasTwoFaults(name)) continue;

    it(`lets that pass, which the other rules do not: ${title}`, () => {
      const others = rules.filter((rule) => rule !== code);
      expectError(() => decode(frame, version, { from, lenient: others }), error);
      const packet = decode(frame, version, { from, lenient: [code] });
      const parser = new PacketParser({ version, from, lenient: [code] });
      for (const byte of frame) parser.push(Uint8Array.of(byte));
      expect(parser.next()).toStrictEqual(packet);
      expect(parser.next()).toBe(undefined);
    });
  }

  it('is the only one relaxed', () => {
    for (const { frame, version, from, error } of invalidFixtures) {
      if (isRule(error.code)) continue;
      expectError(() => decode(frame, version, { from, lenient: rules }), error);
    }
  });

  it('has its use in each version where the rule exists', () => {
    for (const rule of rules) {
      const where = invalidFixtures.filter(({ error }) => error.code === rule).map(({ version }) => version);
      const expected = { 'non-minimal-integer': [5], 'password-without-username': [4] }[rule as string];
      expect([...new Set(where)], rule).toEqual(expected ?? [4, 5]);
    }
  });
});

describe('what comes of a relaxed rule', () => {
  const outcomes: readonly (readonly [LenientRule, ProtocolVersion, hex: string, packet: object])[] = [
    ['non-minimal-integer', 5, 'c0 80 80 80 00', { type: 'pingreq' }],
    [
      'non-minimal-integer',
      5,
      '30 89 00 0001 74 838000 0b 81 00',
      { properties: { subscriptionIdentifiers: [1] } },
    ],
    ['non-minimal-integer', 5, '40 8a 00 000a 00 85 00 9f 00 0001 72', { properties: { reasonString: 'r' } }],
    ['reserved-flags', 4, '6f 02 000a', { type: 'pubrel', packetId: 10 }],
    ['reserved-flags', 5, 'ef 00', { type: 'disconnect', reasonCode: 0, properties: {} }],
    ['dup-with-qos-0', 4, '38 03 0001 74', { qos: 0, dup: false, retain: false }],
    ['dup-with-qos-0', 5, '39 04 0001 74 00', { qos: 0, dup: false, retain: true }],
    ['unknown-reason-code', 4, '20 02 00 ff', { reasonCode: 0xff }],
    ['unknown-reason-code', 4, '90 04 000a 03 80', { reasonCodes: [3, 0x80] }],
    ['unknown-reason-code', 5, '40 03 000a 7f', { reasonCode: 0x7f, properties: {} }],
    ['unknown-reason-code', 5, 'b0 05 000a 00 11 ff', { reasonCodes: [0x11, 0xff] }],
    ['session-present-with-refusal', 4, '20 02 01 05', { sessionPresent: true, reasonCode: 5 }],
    ['session-present-with-refusal', 5, '20 03 01 87 00', { sessionPresent: true, reasonCode: 0x87 }],
    [
      'password-without-username',
      4,
      '10 10 00044d515454 04 42 003c 000161 000170',
      { password: fromHex('70') },
    ],
  ];
  for (const [rule, version, hex, fields] of outcomes) {
    it(`${rule}: ${hex} in version ${version}`, () => {
      expect(decode(fromHex(hex), version, { lenient: [rule] })).toMatchObject(fields);
    });
  }

  it('is not encoded again where it is wrong', () => {
    const lenient = rules;
    const ack = decode(fromHex('4003000a7f'), 5, { lenient });
    expectRefusal(ack, 5, 'unknown-reason-code', 'reasonCode');
    const refusal = decode(fromHex('20020105'), 4, { lenient });
    expectRefusal(refusal, 4, 'session-present-with-refusal', 'sessionPresent');
    const connect = decode(fromHex('101000044d5154540442003c000161000170'), 4, { lenient });
    expectRefusal(connect, 4, 'password-without-username', 'password');
    const minimal = encodeAny(decode(fromHex('c080808000'), 5, { lenient }), 5);
    expect(minimal).toEqual(Uint8Array.of(0xc0, 0));
  });

  it('is nothing for the bits of a PUBLISH', () => {
    expectError(() => decode(fromHex('36050001740001'), 4, { lenient: rules }), {
      class: 'MalformedPacketError',
      code: 'invalid-qos',
      reasonCode: 0x81,
      offset: 0,
      field: 'qos',
      statement: 'MQTT-3.3.1-4',
    });
  });
});

describe('the option lenient', () => {
  it('takes rules that exist', () => {
    const frame = Uint8Array.of(0xc0, 0);
    const wrong: unknown = ['no-such-rule'];
    const lenient = wrong as LenientRule[];
    expect(() => decode(frame, 4, { lenient })).toThrow(TypeError);
    expect(() => decode(frame, 4, { lenient })).toThrow('no-such-rule');
    expect(() => new PacketParser({ version: 4, lenient })).toThrow(TypeError);
    expect(decode(frame, 4, { lenient: [] })).toEqual({ type: 'pingreq' });
  });
});
