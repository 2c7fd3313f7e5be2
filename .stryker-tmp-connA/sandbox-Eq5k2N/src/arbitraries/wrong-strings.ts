// @ts-nocheck
// pure: bytes in which a string is wrong.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { PacketType, ProtocolVersion } from '../errors.js';
import { type Case, wrong } from './cases.js';
import { type RawPiece, rawBytes, rawFrame, rawString } from './raw.js';
import { connectBody, noProperties, sample } from './samples.js';

// Each ends where the sequence breaks off, or with what breaks it (Unicode table 3-7).
const ILL_FORMED: readonly (readonly number[])[] = [
  // continuation bytes by themselves, and bytes that never occur
  ...[[0x80], [0xbf], [0xc0], [0xc1], [0xf5], [0xf8], [0xff], [0xc0, 0x80], [0xc1, 0xbf]],
  // overlong forms
  ...[
    [0xe0, 0x80, 0x80],
    [0xe0, 0x9f, 0xbf],
    [0xf0, 0x80, 0x80, 0x80],
    [0xf0, 0x8f, 0xbf, 0xbf],
  ],
  // surrogates, one by one and as a pair
  ...[
    [0xed, 0xa0, 0x80],
    [0xed, 0xbf, 0xbf],
    [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
  ],
  // beyond U+10FFFF
  ...[
    [0xf4, 0x90, 0x80, 0x80],
    [0xf7, 0xbf, 0xbf, 0xbf],
  ],
  // cut off, by the end or by another character
  ...[[0xc3], [0xe2], [0xe2, 0x82], [0xf0], [0xf0, 0x9f], [0xf0, 0x9f, 0x98]],
  ...[
    [0xc3, 0x28],
    [0xe2, 0x28, 0xa1],
    [0xe2, 0x82, 0x28],
    [0xf0, 0x9f, 0x98, 0x28],
    [0xe2, 0xc3, 0xa9],
  ],
];

/** A string with the bytes somewhere in it: where codecs work in blocks, any place may be the one they forgot. */
function amid(...wrongBytes: readonly (readonly number[])[]): Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.nat(70), fc.constantFrom(...wrongBytes), fc.nat(70))
    .map(([before, bytes, after]) =>
      rawString(rawBytes(new Uint8Array(before).fill(0x61), bytes, new Uint8Array(after).fill(0x62))),
    );
}

/** Puts a string, with its length, into a packet. */
export type Put = (string: RawPiece) => Uint8Array;

/** What is wrong in any string. */
export function stringCases(field: string, put: Put): Case[] {
  return [
    wrong('invalid-utf8', field, amid(...ILL_FORMED).map(put)),
    wrong('null-character', field, amid([0]).map(put)),
  ];
}

/** What is wrong in a Topic Name. */
export function topicCases(field: string, put: Put): Case[] {
  return [...stringCases(field, put), wrong('wildcard-in-topic-name', field, amid([0x23], [0x2b]).map(put))];
}

const FILTERS_4 = ['', 'a#', '#a', 'a/#/b', '#/', 'a+', '+a', 'a/b+', '##', '++'];
const FILTERS_5 = [
  ...FILTERS_4,
  '$share/',
  '$share//a',
  '$share/g',
  '$share/g/',
  '$share/+/a',
  '$share/g/a#',
];

function filterCases(field: string, version: ProtocolVersion, put: Put): Case[] {
  const filters = fc
    .constantFrom(...(version === 4 ? FILTERS_4 : FILTERS_5))
    .map((filter) => rawString(filter));
  return [...stringCases(field, put), wrong('invalid-topic-filter', field, filters.map(put))];
}

/** A string at the end of a packet that is said to be longer than the rest of the packet. */
function overrun(field: string, put: Put): Case {
  const length = fc.integer({ min: 2, max: 65_535 });
  return wrong(
    'length-overrun',
    field,
    length.map((each) => put(rawString('a', { length: each }))),
  );
}

/** The strings of a packet outside its properties. */
export function fieldStringCases(type: PacketType, version: ProtocolVersion): Case[] {
  const none = noProperties(version);
  const put: Put = (string) => sample(type, version, { string });
  const ending = (flags: number, ...before: RawPiece[]): Put => {
    return (last) => rawFrame(0x10, connectBody(version, flags, none, rawString('c'), ...before, last));
  };
  switch (type) {
    case 'connect': {
      const willTopic: Put = (string) =>
        rawFrame(0x10, connectBody(version, 0x06, none, rawString('c'), none, string, rawString('')));
      return [
        ...stringCases('clientId', put),
        overrun('clientId', put),
        ...topicCases('will.topic', willTopic),
        wrong('empty-topic', 'will.topic', fc.constant(willTopic(rawString('')))),
        overrun('will.payload', ending(0x06, none, rawString('w'))),
        ...stringCases('username', ending(0x82)),
        overrun('username', ending(0x82)),
        overrun('password', ending(0xc2, rawString('u'))),
      ];
    }
    case 'publish':
      return [
        ...topicCases('topic', put),
        wrong('empty-topic', 'topic', fc.constant(put(rawString(''))), version === 4 ? 0x81 : 0x82),
        wrong(
          'length-overrun',
          'topic',
          fc.integer({ min: 6, max: 65_535 }).map((length) => put(rawString('a', { length }))),
        ),
      ];
    case 'subscribe':
      return [...filterCases('subscriptions[0].topicFilter', version, put)];
    case 'unsubscribe':
      return [...filterCases('topicFilters[0]', version, put), overrun('topicFilters[0]', put)];
    default:
      return [];
  }
}
