// pure: fast-check arbitraries of what fields hold: text, topics, bytes, numbers.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { ProtocolVersion } from '../errors.js';
import { utf8 } from '../packets/normalize.js';
import { MAXIMUM_FIELD_LENGTH } from '../spec/limits.js';

// Where code that works in blocks, or a length field, changes its way.
const BORDERS: readonly number[] = [16, 17, 32, 33, 48, 49, 64, 65, 127, 128, 255, 256];
const LARGE_BORDERS: readonly number[] = [16_383, 16_384, MAXIMUM_FIELD_LENGTH];

// UTF-8 of one to four bytes, first and last of each length, and characters that codecs have tripped over.
const CHARACTERS: readonly string[] = [
  ...['a', 'b', '0', ' ', '"', '\\', '\u{1}', '\u{1f}', '\u{7f}'],
  ...['\u{80}', '\u{9f}', '\u{e9}', '\u{7ff}'],
  ...['\u{800}', '\u{20ac}', '\u{d7ff}', '\u{e000}', '\u{feff}', '\u{fffd}', '\u{ffff}'],
  ...['\u{10000}', '\u{1f600}', '\u{e0001}', '\u{10ffff}'],
];

// Code points from U+0001 on, the surrogates left out.
const anyCharacter: Arbitrary<string> = fc
  .integer({ min: 1, max: 0x10ffff - 0x800 })
  .map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800));

const character: Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: fc.constantFrom(...CHARACTERS) },
  { weight: 1, arbitrary: anyCharacter },
);
const levelCharacter: Arbitrary<string> = character.map((each) => (/[+#/]/.test(each) ? '_' : each));

// Up to a border, that is 8, and often right at it.
const nearness = fc.oneof({ withCrossShrink: true }, fc.nat(8), fc.constant(8));

/** A length at a border, or up to eight below it, where the fields around it make up the difference. */
function lengthAround(borders: readonly number[]): Arbitrary<number> {
  // By index rather than by `constantFrom`, which would not shrink from border to border.
  return fc.tuple(fc.nat(borders.length - 1), nearness).map(([index, near]) => borders[index]! - 8 + near);
}

/** Text of so many bytes, or up to three less, in which one character may differ from the rest. */
function filled(unit: Arbitrary<string>, lengths: Arbitrary<number>): Arbitrary<string> {
  const mostly = fc.oneof({ withCrossShrink: true }, { weight: 3, arbitrary: fc.constant('a') }, unit);
  return fc.tuple(lengths, mostly, unit, fc.nat(300)).map(([length, fill, other, position]) => {
    const count = Math.floor((length - utf8(other).length) / utf8(fill).length);
    const before = position % (count + 1);
    return fill.repeat(before) + other + fill.repeat(count - before);
  });
}

function varied(short: Arbitrary<string>, unit: Arbitrary<string>): Arbitrary<string> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 70, arbitrary: short },
    { weight: 14, arbitrary: filled(unit, lengthAround(BORDERS)) },
    { weight: 1, arbitrary: filled(unit, lengthAround(LARGE_BORDERS)) },
  );
}

/**
 * Text for any UTF-8 Encoded String (section 1.5.4): 0 to 65,535 bytes, mostly few, without U+0000 and lone
 * surrogates, with characters of one to four bytes, U+FEFF and non-characters among them.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(text(), (value) => new TextEncoder().encode(value).length <= 65_535));
 * ```
 */
export function text(): Arbitrary<string> {
  return TEXT;
}

const TEXT = varied(fc.string({ unit: character, maxLength: 12 }), character);

const level: Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  { weight: 2, arbitrary: fc.constantFrom('a', '', 'b', '$SYS', '$share', ' ', '__proto__') },
  { weight: 1, arbitrary: fc.string({ unit: levelCharacter, maxLength: 6 }) },
);

const joined = (levels: readonly string[]): string => levels.join('/') || '/';

/**
 * A Topic Name (section 4.7): 1 to 65,535 bytes, with empty levels, `$` topics and all kinds of characters.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(topicName(), (name) => isValidTopicName(name)));
 * ```
 */
export function topicName(): Arbitrary<string> {
  return TOPIC_NAME;
}

const TOPIC_NAME = varied(fc.array(level, { minLength: 1, maxLength: 4 }).map(joined), levelCharacter);

const filterLevel = fc.oneof({ withCrossShrink: true }, { weight: 2, arbitrary: level }, fc.constant('+'));
const multiLevel = fc.constantFrom('', '/#');

// In MQTT 3.1.1 `$share` is a level like any other, so nothing needs to follow it.
const FILTER_4: Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.array(filterLevel, { minLength: 1, maxLength: 4 }), multiLevel)
      .map(([levels, end]) => joined(levels) + (end && !joined(levels).endsWith('/') ? end : '')),
  },
  { weight: 1, arbitrary: fc.constantFrom('#', '/#', '+', '+/+', '$SYS/#', '//') },
  { weight: 1, arbitrary: TOPIC_NAME },
);

const PLAIN_FILTER_5: Arbitrary<string> = FILTER_4.map((filter) =>
  filter.replace(/^\$share(?=\/)/, '$SHARE'),
);

/** A share name: one character or more, none of them a slash or a wildcard. */
const shareName = fc.string({ unit: levelCharacter, minLength: 1, maxLength: 6 });

const FILTER_5: Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: PLAIN_FILTER_5 },
  {
    weight: 1,
    // The length of a field is the limit here too.
    arbitrary: fc
      .tuple(shareName, FILTER_4)
      .map(([name, filter]) => `$share/${name}/${filter.length > 20_000 ? 'a' : filter}`),
  },
);

/**
 * A Topic Filter (section 4.7), in version 5 with shared ones among them (section 4.8.2).
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(topicFilter({ version: 5 }), (filter) => isValidTopicFilter(filter, 5)));
 * ```
 */
export function topicFilter({ version }: { readonly version: ProtocolVersion }): Arbitrary<string> {
  return version === 4 ? FILTER_4 : FILTER_5;
}

/**
 * Binary Data (section 1.5.6): 0 to 65,535 bytes, mostly few.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(binary(), (bytes) => bytes.length <= 65_535));
 * ```
 */
export function binary(): Arbitrary<Uint8Array> {
  return BINARY;
}

const BINARY: Arbitrary<Uint8Array> = fc.oneof(
  { withCrossShrink: true },
  { weight: 20, arbitrary: fc.uint8Array({ maxLength: 12 }) },
  { weight: 4, arbitrary: filledBytes(BORDERS) },
  { weight: 1, arbitrary: filledBytes(LARGE_BORDERS) },
);

function filledBytes(borders: readonly number[]): Arbitrary<Uint8Array> {
  return fc
    .tuple(lengthAround(borders), fc.integer({ min: 0, max: 255 }))
    .map(([length, byte]) => new Uint8Array(length).fill(byte));
}

/** What a payload may be given as: bytes, text (U+0000 allowed), nothing. */
export const payload: Arbitrary<Uint8Array | string | undefined> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.constantFrom('', undefined, new Uint8Array(0)) },
  { weight: 4, arbitrary: BINARY },
  { weight: 4, arbitrary: fc.oneof({ withCrossShrink: true }, TEXT, fc.constantFrom('\0', 'a\0\u{feff}')) },
  { weight: 1, arbitrary: filledBytes([65_536, 70_000]) },
);

// Where a Variable Byte Integer grows, and where signed arithmetic would go wrong.
const NUMBERS: readonly number[] = [
  ...[0, 1, 127, 128, 255, 256, 16_383, 16_384, 65_535, 65_536, 2_097_151, 2_097_152],
  ...[268_435_455, 0x7fffffff, 0x80000000, 0xffffffff],
];

/** A whole number in that range, its ends and the borders of the encodings more often than others. */
export function whole(min: number, max: number): Arbitrary<number> {
  const borders = NUMBERS.filter((each) => each > min && each < max);
  return fc.oneof({ withCrossShrink: true }, fc.constantFrom(min, ...borders, max), fc.integer({ min, max }));
}

export const packetId: Arbitrary<number> = whole(1, 65_535);
export const qos: Arbitrary<0 | 1 | 2> = fc.constantFrom(0, 1, 2);
