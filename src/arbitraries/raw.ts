// pure: bytes as one likes them, right or wrong: what `encode` would refuse to write.
import type { Bytes } from '../packets/frame.js';
import { utf8 } from '../packets/normalize.js';

/** A piece of bytes: one byte as a number, or several. */
export type RawPiece = number | readonly number[] | Uint8Array;

/**
 * Puts bytes together, each piece a single byte or several.
 *
 * @example
 * ```ts
 * rawBytes(0x30, [1, 2], Uint8Array.of(3)); // => Uint8Array.of(0x30, 1, 2, 3)
 * ```
 */
export function rawBytes(...pieces: readonly RawPiece[]): Bytes {
  const parts = pieces.map((piece) => (typeof piece === 'number' ? [piece] : piece));
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * A Two Byte Integer (section 1.5.2); of a larger number the low 16 bits.
 *
 * @example
 * ```ts
 * rawTwoBytes(0x1234); // => Uint8Array.of(0x12, 0x34)
 * ```
 */
export function rawTwoBytes(value: number): Bytes {
  return Uint8Array.of(value >>> 8, value);
}

/**
 * A Four Byte Integer (section 1.5.3); of a larger number the low 32 bits.
 *
 * @example
 * ```ts
 * rawFourBytes(4_294_967_295); // => Uint8Array.of(0xff, 0xff, 0xff, 0xff)
 * ```
 */
export function rawFourBytes(value: number): Bytes {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/**
 * A Variable Byte Integer (section 1.5.5) in as few bytes as it takes, or in at least `width` bytes: the
 * standard allows neither more bytes than needed nor more than four.
 *
 * @example
 * ```ts
 * rawVariableByteInteger(321); // => Uint8Array.of(0xc1, 2)
 * rawVariableByteInteger(2, 3); // => Uint8Array.of(0x82, 0x80, 0)
 * ```
 */
export function rawVariableByteInteger(value: number, width = 1): Bytes {
  const bytes: number[] = [];
  // By arithmetic: numbers beyond 32 bits are wrong, and wanted.
  let left = value;
  for (; left > 127 || bytes.length + 1 < width; left = Math.floor(left / 128))
    bytes.push((left % 128) + 128);
  return rawBytes(bytes, left);
}

/** Options of {@link rawString}, {@link rawProperties} and {@link rawFrame}. */
export interface RawOptions {
  /** What the length field says, or the bytes that stand in its place; absent: the truth. */
  readonly length?: number | Uint8Array | undefined;
}

/**
 * A UTF-8 Encoded String (section 1.5.4) or Binary Data (section 1.5.6): a two-byte length and the bytes.
 * In text, a lone surrogate becomes three bytes, which are not UTF-8, and nothing else is checked either.
 *
 * @example
 * ```ts
 * rawString('a/b'); // => Uint8Array.of(0, 3, 0x61, 0x2f, 0x62)
 * rawString(Uint8Array.of(0xc0, 0x80)); // => Uint8Array.of(0, 2, 0xc0, 0x80)
 * rawString('a', { length: 5 }); // => Uint8Array.of(0, 5, 0x61)
 * ```
 */
export function rawString(bytesOrText: Uint8Array | string, { length }: RawOptions = {}): Bytes {
  const bytes = typeof bytesOrText === 'string' ? utf8(bytesOrText) : bytesOrText;
  return rawBytes(lengthField(length, bytes.length, rawTwoBytes), bytes);
}

/**
 * A property (section 2.2.2.2): its identifier and the bytes of its value.
 *
 * @example
 * ```ts
 * rawProperty(0x23, rawTwoBytes(7)); // => Uint8Array.of(0x23, 0, 7)
 * ```
 */
export function rawProperty(identifier: number, value: RawPiece): Bytes {
  return rawBytes(rawVariableByteInteger(identifier), value);
}

/**
 * A property section (section 2.2.2): the Property Length and the properties.
 *
 * @example
 * ```ts
 * rawProperties([rawProperty(0x01, 1), rawProperty(0x23, [0, 7])]); // => Uint8Array.of(5, 1, 1, 0x23, 0, 7)
 * rawProperties([]); // => Uint8Array.of(0)
 * ```
 */
export function rawProperties(properties: readonly Uint8Array[], { length }: RawOptions = {}): Bytes {
  const bytes = rawBytes(...properties);
  return rawBytes(lengthField(length, bytes.length, rawVariableByteInteger), bytes);
}

/** Options of {@link rawFrame}. */
export interface RawFrameOptions {
  /** What the Remaining Length says, or the bytes that stand in its place; absent: the truth. */
  readonly remainingLength?: number | Uint8Array | undefined;
}

/**
 * A packet (section 2.1): its first byte (type and flags), the Remaining Length and the rest.
 *
 * @example
 * ```ts
 * rawFrame(0x40, [0, 7]); // => Uint8Array.of(0x40, 2, 0, 7)
 * const remainingLength = rawVariableByteInteger(2, 4);
 * rawFrame(0x40, [0, 7], { remainingLength }); // => Uint8Array.of(0x40, 0x82, 0x80, 0x80, 0, 0, 7)
 * ```
 */
export function rawFrame(
  firstByte: number,
  body: RawPiece,
  { remainingLength }: RawFrameOptions = {},
): Bytes {
  const bytes = rawBytes(body);
  return rawBytes(firstByte, lengthField(remainingLength, bytes.length, rawVariableByteInteger), bytes);
}

function lengthField(
  given: number | Uint8Array | undefined,
  truth: number,
  write: (length: number) => Bytes,
): Uint8Array {
  return typeof given === 'object' ? given : write(given ?? truth);
}
