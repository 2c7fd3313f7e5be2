// @ts-nocheck
// pure: bytes in which a flag, an option or a reason code is wrong.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { PacketType, ProtocolVersion } from '../errors.js';
import { type Case, wrong } from './cases.js';
import type { PacketOptions } from './fields.js';
import { reasonCodesOf, sendersOf } from './property-sites.js';
import { rawBytes, rawFrame, rawString } from './raw.js';
import { connectBody, noProperties, sample, sampleBody } from './samples.js';

/** The flags, options and codes of a packet. */
export function wrongFieldCases(type: PacketType, options: PacketOptions): Case[] {
  const { version } = options;
  switch (type) {
    case 'connect':
      return connectCases(version);
    case 'publish':
      return publishCases(version);
    case 'subscribe':
      return [...subscribeCases(version), emptyList('subscribe', version, 'subscriptions')];
    case 'unsubscribe':
      return [emptyList('unsubscribe', version, 'topicFilters')];
    default:
      return codeCases(type, options);
  }
}

function emptyList(type: PacketType, version: ProtocolVersion, field: string): Case {
  return wrong('empty-list', field, fc.constant(sample(type, version, { string: [], codes: [] })), 0x82);
}

function connectCases(version: ProtocolVersion): Case[] {
  const none = noProperties(version);
  const withFlags = (flags: Arbitrary<number>): Arbitrary<Uint8Array> =>
    flags.map((each) => {
      const will = each & 4 ? [none, rawString('w'), rawString('')] : [];
      const rest = [
        ...will,
        ...(each & 0x80 ? [rawString('u')] : []),
        ...(each & 0x40 ? [rawString('p')] : []),
      ];
      return rawFrame(0x10, connectBody(version, each, none, rawString('c'), ...rest));
    });
  const start = fc.constantFrom(0, 2, 0x80, 0xc2);
  const withSome = (flags: Arbitrary<number>): Arbitrary<Uint8Array> =>
    withFlags(fc.tuple(start, flags).map(([some, more]) => some | more));
  const levels = fc.nat(255).filter((level) => level !== version);
  const names = fc.constantFrom('', 'MQIsdp', 'MQTt', 'mqtt', 'MQTTT', 'HTTP', '\u{feff}MQTT');
  const otherLevel = levels.map((level) => rawBytes(rawString('MQTT'), level));
  const otherName = names.map((name) => rawBytes(rawString(name), version));
  const cases = [
    wrong('reserved-bits', 'flags', withSome(fc.constantFrom(1, 5))),
    wrong('will-flags-without-will', 'will.qos', withSome(fc.constantFrom(0x08, 0x10))),
    wrong('will-flags-without-will', 'will.retain', withSome(fc.constant(0x20))),
    wrong('invalid-qos', 'will.qos', withSome(fc.constantFrom(0x1c, 0x3c))),
    {
      bytes: fc
        .oneof(otherLevel, otherName)
        .map((head) => rawFrame(0x10, rawBytes(head, 2, 0, 60, none, rawString('c')))),
      due: { code: 'unsupported-version', reasonCode: 0x84 },
    } satisfies Case,
  ];
  if (version === 5) return cases;
  return [
    ...cases,
    wrong('password-without-username', 'password', withFlags(fc.constantFrom(0x40, 0x42, 0x46))),
  ];
}

function publishCases(version: ProtocolVersion): Case[] {
  const body = fc
    .uint8Array({ maxLength: 5 })
    .map((payload) => rawBytes(sampleBody('publish', version), payload));
  const firsts = (...bytes: number[]): Arbitrary<Uint8Array> =>
    fc.tuple(fc.constantFrom(...bytes), body).map(([first, each]) => rawFrame(first, each));
  return [
    wrong('invalid-qos', 'qos', firsts(0x36, 0x37, 0x3e, 0x3f)),
    wrong('dup-with-qos-0', 'dup', firsts(0x38, 0x39)),
  ];
}

function subscribeCases(version: ProtocolVersion): Case[] {
  const list = 'subscriptions[0].';
  const withOptions = (codes: Arbitrary<number>, filter = 'a'): Arbitrary<Uint8Array> =>
    codes.map((each) => sample('subscribe', version, { string: rawString(filter), codes: each }));
  if (version === 4) {
    return [
      wrong('reserved-bits', `${list}options`, withOptions(fc.integer({ min: 4, max: 255 }))),
      wrong('invalid-qos', `${list}qos`, withOptions(fc.constant(3))),
    ];
  }
  const flags = fc.constantFrom(0, 0x04, 0x08, 0x0c);
  const also = (bits: readonly number[]): Arbitrary<number> =>
    fc.tuple(flags, fc.constantFrom(...bits)).map(([some, wrongBits]) => some | wrongBits);
  return [
    wrong('reserved-bits', `${list}options`, withOptions(also([0x40, 0x80, 0xc0, 0x42]))),
    wrong('invalid-qos', `${list}qos`, withOptions(also([0x03, 0x13, 0x23])), 0x82),
    wrong('value-out-of-range', `${list}retainHandling`, withOptions(also([0x30, 0x31, 0x32])), 0x82),
    wrong(
      'no-local-on-shared-subscription',
      `${list}noLocal`,
      withOptions(fc.constantFrom(0x04, 0x2e), '$share/g/a'),
      0x82,
    ),
  ];
}

/** Reason codes outside the packet's table, or for the other side to send. */
function codeCases(type: PacketType, { version, from }: PacketOptions): Case[] {
  const table = reasonCodesOf(type, version);
  if (table === undefined) return [];
  const isList = type === 'suback' || type === 'unsuback';
  const field = isList ? 'reasonCodes[0]' : 'reasonCode';
  const put = (code: number): Uint8Array => sample(type, version, { codes: code });
  const unknown = Array.from({ length: 256 }, (_, code) => code).filter((code) => !table.includes(code));
  const cases = [wrong('unknown-reason-code', field, fc.constantFrom(...unknown).map(put))];
  const others = from === undefined ? [] : sendersOf(type, from === 'client' ? 'server' : 'client');
  if (others.length > 0) cases.push(wrong('wrong-sender', field, fc.constantFrom(...others).map(put), 0x82));
  if (isList) cases.push(wrong('cut-short', field, fc.constant(sample(type, version, { codes: [] }))));
  if (type === 'connack') cases.push(...connackCases(version));
  if (type === 'auth') {
    const bare = [sample('auth', 5, { properties: 0 }), ...(from === undefined ? [rawFrame(0xf0, [])] : [])];
    const method = 'properties.authenticationMethod';
    cases.push(wrong('missing-authentication-method', method, fc.constantFrom(...bare), 0x82));
    // There is no AUTH of length 1.
    cases.push(wrong('cut-short', 'properties', fc.constant(sample('auth', 5, { properties: [] }))));
  }
  return cases;
}

function connackCases(version: ProtocolVersion): Case[] {
  const none = noProperties(version);
  const flags = fc.integer({ min: 2, max: 255 }).map((each) => rawFrame(0x20, rawBytes(each, 0, none)));
  const codes = version === 4 ? [1, 2, 3, 4, 5] : [0x80, 0x87, 0x9f];
  const present = fc.constantFrom(...codes).map((code) => rawFrame(0x20, rawBytes(1, code, none)));
  const cases = [
    wrong('reserved-bits', 'sessionPresent', flags),
    wrong('session-present-with-refusal', 'sessionPresent', present),
  ];
  if (version === 4) return cases;
  // How a server of MQTT 3.1.1 alone refuses a client of 5.0.
  const due = { code: 'unsupported-version', reasonCode: 0x84 } as const;
  return [...cases, { bytes: fc.constant(Uint8Array.of(0x20, 2, 0, 1)), due }];
}
