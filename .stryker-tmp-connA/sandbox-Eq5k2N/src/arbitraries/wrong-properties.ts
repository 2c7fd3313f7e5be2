// @ts-nocheck
// pure: bytes in which a property, or the section of properties, is wrong.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { Sender } from '../bytes/settings.js';
import {
  BINARY,
  BYTE,
  FOUR_BYTES,
  PROPERTIES,
  type PropertyRow,
  STRING,
  STRING_PAIRS,
  TOPIC_NAME,
  TWO_BYTES,
} from '../spec/properties.js';
import { type Case, wrong } from './cases.js';
import type { PropertySetName } from './properties.js';
import {
  type RawPiece,
  rawBytes,
  rawFourBytes,
  rawProperties,
  rawProperty,
  rawString,
  rawTwoBytes,
  rawVariableByteInteger,
} from './raw.js';
import { METHOD, sampleWith, typeOfSet } from './samples.js';
import { stringCases, topicCases } from './wrong-strings.js';

const USER_PROPERTY = rawProperty(0x26, rawBytes(rawString('name'), rawString('')));

/** Puts raw properties into the section of a packet. */
type PutAll = (...properties: Uint8Array[]) => Uint8Array;

/** The wrong properties of a set: of a packet, or of a will. */
export function propertyCases(set: PropertySetName, from: Sender | undefined): Case[] {
  const rows = PROPERTIES[set];
  const path = set === 'will' ? 'will.properties' : 'properties';
  const put: PutAll = (...properties) => sampleWith(set, rawProperties(properties));
  const cases = [...sectionCases(set, path), ...foreignCases(rows, path, put)];
  for (const [name, row] of Object.entries(rows)) {
    // Authentication Data needs a method, AUTH needs one anyway, and a method cannot stand before another.
    const needsMethod = name === 'authenticationData' || (set === 'auth' && name !== 'authenticationMethod');
    const putOne: PutAll = needsMethod ? (...properties) => put(METHOD, ...properties) : put;
    const isOthers = from !== undefined && row[5] !== undefined && row[5] !== from;
    const field = `${path}.${name}`;
    cases.push(...(isOthers ? [othersCase(field, row, putOne)] : rowCases(field, row, putOne)));
  }
  if ('authenticationData' in rows) {
    const data = put(rawProperty(0x16, rawString('')));
    cases.push(
      wrong('missing-authentication-method', `${path}.authenticationMethod`, fc.constant(data), 0x82),
    );
  }
  return cases;
}

/** What is wrong with a section as a whole. */
function sectionCases(set: PropertySetName, path: string): Case[] {
  const whole = rawBytes(set === 'auth' ? METHOD : [], USER_PROPERTY);
  const put = (length: RawPiece): Uint8Array => sampleWith(set, rawBytes(length, whole));
  const longer = fc
    .integer({ min: 200, max: 268_435_455 })
    .map((length) => put(rawVariableByteInteger(length)));
  const widths = fc.integer({ min: 2, max: 4 });
  const continued = fc.array(fc.integer({ min: 0x80, max: 0xff }), { minLength: 4, maxLength: 4 });
  return [
    wrong('length-overrun', path, longer),
    wrong('integer-too-long', path, continued.map(put)),
    wrong(
      'non-minimal-integer',
      path,
      widths.map((width) => put(rawVariableByteInteger(whole.length, width))),
    ),
  ];
}

/** Properties that this set does not have, and identifiers that nothing has. */
function foreignCases(rows: Readonly<Record<string, PropertyRow>>, path: string, put: PutAll): Case[] {
  const own = Object.values(rows).map(([id]) => id);
  const identifiers = [...Array(128).keys(), 128, 16_384, 268_435_455].filter((id) => !own.includes(id));
  const foreign = identifiers.map((id) =>
    wrong(
      'property-not-allowed',
      `${path}.0x${id.toString(16)}`,
      fc.constantFrom(put(rawProperty(id, [0, 1, 0x61])), put(USER_PROPERTY, rawProperty(id, []))),
    ),
  );
  const wide = fc.integer({ min: 2, max: 4 }).map((width) => {
    return put(rawBytes(rawVariableByteInteger(0x26, width), USER_PROPERTY.subarray(1)));
  });
  return [...foreign, wrong('non-minimal-integer', `${path}.identifier`, wide)];
}

/** A good value of a property, as bytes. */
function goodValue([, type, minimum = 0]: PropertyRow): Uint8Array {
  switch (type) {
    case BYTE:
      return rawBytes(minimum);
    case TWO_BYTES:
      return rawTwoBytes(minimum);
    case FOUR_BYTES:
      return rawFourBytes(minimum);
    case STRING_PAIRS:
      return rawBytes(rawString('a'), rawString('b'));
    case STRING:
    case TOPIC_NAME:
    case BINARY:
      return rawString('a');
    default:
      return rawVariableByteInteger(minimum);
  }
}

function othersCase(field: string, row: PropertyRow, put: PutAll): Case {
  const bytes = put(rawProperty(row[0], goodValue(row)));
  return wrong('wrong-sender', field, fc.constant(bytes), 0x82);
}

/** What is wrong with a property that belongs there. */
function rowCases(field: string, row: PropertyRow, put: PutAll): Case[] {
  const [id, type] = row;
  const good = goodValue(row);
  const repeats = fc.boolean().map((apart) => {
    const one = rawProperty(id, good);
    return apart ? put(one, USER_PROPERTY, one) : put(one, one);
  });
  const cases = id === 0x26 || field.endsWith('s') ? [] : [wrong('duplicate-property', field, repeats, 0x82)];
  const putString = (string: RawPiece): Uint8Array => put(rawProperty(id, string));
  switch (type) {
    case STRING:
      return [...cases, ...stringCases(field, putString), overrun(field, id, put)];
    case TOPIC_NAME: {
      const empty = wrong('empty-topic', field, fc.constant(putString(rawString(''))));
      return [...cases, ...topicCases(field, putString), empty, overrun(field, id, put)];
    }
    case BINARY:
      return [...cases, overrun(field, id, put)];
    case STRING_PAIRS:
      return [
        ...stringCases(field, (string) => putString(rawBytes(string, rawString('b')))),
        ...stringCases(field, (string) => putString(rawBytes(rawString('a'), string))),
        wrong(
          'cut-short',
          field,
          fc.constantFrom([], [0], rawString('a')).map((value) => put(rawProperty(id, value))),
        ),
      ];
    default:
      return [...cases, ...numberCases(field, row, put)];
  }
}

/** A string that ends after the section does. */
function overrun(field: string, id: number, put: PutAll): Case {
  const length = fc.integer({ min: 2, max: 65_535 });
  return wrong(
    'length-overrun',
    field,
    length.map((each) => put(rawProperty(id, rawString('a', { length: each })))),
  );
}

function numberCases(field: string, row: PropertyRow, put: PutAll): Case[] {
  const [id, type, minimum = 0, maximum = 0] = row;
  const good = goodValue(row);
  const reasonCode = id === 0x23 ? 0x94 : 0x82;
  const cases = [
    wrong(
      'cut-short',
      field,
      fc.nat(good.length - 1).map((end) => put(rawProperty(id, good.subarray(0, end)))),
    ),
  ];
  const outside: Arbitrary<number>[] = [];
  if (minimum > 0) outside.push(fc.constant(0));
  if (type === BYTE) outside.push(fc.integer({ min: maximum + 1, max: 255 }));
  if (outside.length > 0) {
    const width = good.length;
    const values = fc
      .oneof(...outside)
      .map((value) => put(rawProperty(id, new Uint8Array(width).fill(value, width - 1))));
    cases.push(wrong('value-out-of-range', field, values, reasonCode));
  }
  if (id === 0x0b) {
    const widths = fc.integer({ min: 2, max: 4 });
    const wide = widths.map((width) => put(rawProperty(id, rawVariableByteInteger(1, width))));
    cases.push(wrong('non-minimal-integer', field, wide));
  }
  return cases;
}

/** The sets of properties that stand in packets of those types. */
export function setsOf(types: readonly string[]): PropertySetName[] {
  return (Object.keys(PROPERTIES) as PropertySetName[]).filter((set) => types.includes(typeOfSet(set)));
}
