// @ts-nocheck
// pure: what can be wrong with the value of a field, kind by kind, and the error code due for each.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { InvalidPacketCode, ProtocolVersion } from '../errors.js';
import { BINARY, type PropertyRow, STRING, STRING_PAIRS, TOPIC_NAME, VARIABLES } from '../spec/properties.js';

/** Wrong values of one kind of field, each lot with the code that `encode` owes for it. */
export type Faults = readonly (readonly [code: InvalidPacketCode, values: Arbitrary<unknown>])[];

const wrongType = (...values: readonly unknown[]): Faults[number] => [
  'wrong-type',
  fc.constantFrom<unknown[]>(null, true, {}, ...values),
];

/** Something in the middle of harmless text, at any place of the blocks in which codecs work. */
function amid(...wrong: readonly string[]): Arbitrary<string> {
  return fc
    .tuple(fc.nat(70), fc.constantFrom(...wrong), fc.nat(70))
    .map(([before, text, after]) => 'a'.repeat(before) + text + 'b'.repeat(after));
}

const loneSurrogate: Faults[number] = [
  'lone-surrogate',
  amid('\ud800', '\udbff', '\udc00', '\udfff', '\udc00\ud800', '\u{1f600}\ud83d'),
];
// Lazily: these are long.
const tooLong: Faults[number] = [
  'too-long',
  fc.constantFrom(...['a', '\u{e9}', '\u{20ac}', '\u{1f600}'].entries()).map(([index, character]) => {
    const bytes = index + 1;
    return character.repeat(Math.floor(65_535 / bytes) + 1);
  }),
];
const tooManyBytes: Faults[number] = ['too-long', fc.nat(3).map((more) => new Uint8Array(65_536 + more))];

/** A field that is needed and not there. */
export const MISSING: Faults = [['wrong-type', fc.constant(undefined)]];

export const TEXT: Faults = [
  wrongType(7, ['a'], Uint8Array.of(0x61)),
  loneSurrogate,
  ['null-character', amid('\0')],
  tooLong,
];

export const TOPIC: Faults = [
  ...TEXT,
  ['wildcard-in-topic-name', amid('+', '#', '/+/', '/#')],
  ['empty-topic', fc.constant('')],
];

export function topicFilterFaults(version: ProtocolVersion): Faults {
  const both = ['', 'a#', '#a', 'a/#/b', '#/', 'a+', '+a', 'a/+b/c', '##', '++'];
  const shared = [
    '$share/',
    '$share//a',
    '$share/g',
    '$share/g/',
    '$share/+/a',
    '$share/g#/a',
    '$share/g/a#',
  ];
  const wrong = version === 4 ? both : [...both, ...shared];
  return [...TEXT, ['invalid-topic-filter', fc.constantFrom(...wrong)]];
}

export const PAYLOAD: Faults = [wrongType(7, [1], new Uint16Array(1), new ArrayBuffer(1)), loneSurrogate];

/** A password or a will's payload: bytes or text, of limited length. */
export const BYTES_OR_TEXT: Faults = [...PAYLOAD, tooLong, tooManyBytes];

const BYTES: Faults = [wrongType(7, [1], 'text', new Uint16Array(1), new ArrayBuffer(1)), tooManyBytes];

export const FLAG: Faults = [['wrong-type', fc.constantFrom<unknown[]>(null, 0, 1, 'true', {})]];

export const QOS: Faults = [['invalid-qos', fc.constantFrom<unknown[]>(3, -1, 0.5, NaN, '1', null, true)]];

export const LIST: Faults = [wrongType(7, 'ab', { length: 1 }), ['empty-list', fc.constant([])]];

export function whole(minimum: number, maximum: number): Faults {
  const outside = [minimum - 1, maximum + 1, minimum + 0.5, 2 ** 53, -1, NaN, Infinity, -Infinity];
  return [wrongType('1', [1]), ['value-out-of-range', fc.constantFrom(...outside)]];
}

export function reasonCode(table: readonly number[]): Faults {
  const unknown = Array.from({ length: 256 }, (_, code) => code).filter((code) => !table.includes(code));
  return [wrongType('0', [0]), ['unknown-reason-code', fc.constantFrom(...unknown, 256, -1, 0.5, NaN)]];
}

/** What is wrong with each item is wrong with a list of one good item and one bad. */
function listOf(item: Faults, good: unknown): Faults {
  const items = item.map(([code, values]) => [code, values.map((value) => [good, value])] as const);
  return [wrongType(7, 'ab', { length: 1 }), ...items];
}

function pair(faults: Faults): Faults {
  return faults.flatMap(([code, values]) => [
    [code, values.map((value) => [value, 'a'])] as const,
    [code, values.map((value) => ['a', value])] as const,
  ]);
}

const PAIR: Faults = [
  wrongType('ab', [], ['a'], ['a', 'b', 'c'], undefined),
  ...pair(TEXT),
  ...pair(MISSING),
];

/** What can be wrong with the value of a property, by its row of the table. */
export function propertyFaults(row: PropertyRow): Faults {
  const [, type, minimum = 0, maximum = 0] = row;
  switch (type) {
    case STRING:
      return TEXT;
    case TOPIC_NAME:
      return TOPIC;
    case BINARY:
      return BYTES;
    case STRING_PAIRS:
      return listOf(PAIR, ['a', 'b']);
    case VARIABLES:
      return listOf([...whole(minimum, maximum), ...MISSING], minimum);
    default:
      return whole(minimum, maximum);
  }
}

/** What MQTT 3.1.1 does not have: whatever it is, it does not belong there. */
export const NOT_IN_VERSION_4: Faults = [
  ['not-in-this-version', fc.constantFrom<unknown[]>({}, 0, false, [0], null)],
];
