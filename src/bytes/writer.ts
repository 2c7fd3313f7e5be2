// owned: writes the fields of one packet into memory that is used again and again.
import type { PacketType, ProtocolVersion } from '../errors.js';
import { badCharacter, checkRange, failure, type Place } from './place.js';
import { type LenientRule, NO_RULES, type Sender } from './settings.js';
import { COPY_BY_HAND, type HEADER_ROOM } from './sizes.js';
import { ANYTHING, NO_NULL, writeUtf8 } from './utf8.js';

/** Stands for memory where there is none. */
export const NOTHING: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** A growing buffer with the body of one packet, from {@link HEADER_ROOM} to `at`. */
export class Writer implements Place {
  bytes: Uint8Array = new Uint8Array(4_096);
  /** Known once the packet's length is. */
  start = 0;
  /** Index of the next byte. */
  at = 0;
  scope = '';
  index = 0;
  seen = 0;
  /** The first byte of the fixed header. */
  first = 0;
  /** What follows the body without being copied into it: the payload of a PUBLISH. */
  payload: Uint8Array = NOTHING;
  /** The size of the whole packet in bytes, once it is known. */
  size = 0;
  lenient: readonly LenientRule[] = NO_RULES;
  // Declared alone: these are set for each packet before anything of it is written.
  declare packetType: PacketType | undefined;
  declare version: ProtocolVersion;
  declare from: Sender | undefined;
  /** Never there: what is written has no place in bytes that were read. */
  declare fieldStart: undefined;
}

/** Makes room for `count` more bytes. */
export function reserve(w: Writer, count: number): void {
  const needed = w.at + count;
  if (needed > w.bytes.length) {
    const { bytes } = w;
    w.bytes = new Uint8Array(2 * needed);
    w.bytes.set(bytes);
  }
}

export function writeByte(w: Writer, value: number): void {
  reserve(w, 1);
  w.bytes[w.at++] = value;
}

export function writeTwoBytes(w: Writer, value: number): void {
  reserve(w, 2);
  putTwoBytes(w.bytes, w.at, value);
  w.at += 2;
}

function putTwoBytes(target: Uint8Array, at: number, value: number): void {
  target[at] = value >> 8;
  target[at + 1] = value;
}

/** Writes a Variable Byte Integer in its shortest form (section 1.5.5) and returns the index after it. */
export function putVariableByteInteger(target: Uint8Array, at: number, value: number): number {
  for (; value > 0x7f; value >>= 7) target[at++] = value | 0x80;
  target[at++] = value;
  return at;
}

/** How many bytes a Variable Byte Integer takes. */
export function variableByteIntegerLength(value: number): number {
  let length = 1;
  for (; value > 0x7f; value >>= 7) length++;
  return length;
}

/** Writes a UTF-8 Encoded String (section 1.5.4), without what `forbidden` names. */
export function writeString(
  w: Writer,
  value: unknown,
  field: string,
  forbidden: number = NO_NULL,
  statement?: string,
): void {
  if (typeof value !== 'string') throw failure(w, 'wrong-type', field);
  // Before any room is made for it; what is not ASCII is measured below.
  if (value.length > 65_535) throw failure(w, 'too-long', field);
  const { at } = w;
  w.at += 2;
  writeText(w, value, field, forbidden, statement);
  const length = w.at - at - 2;
  if (length > 65_535) throw failure(w, 'too-long', field);
  putTwoBytes(w.bytes, at, length);
}

/** Writes text without a length before it, as in a payload. */
export function writeText(
  w: Writer,
  text: string,
  field: string,
  forbidden: number,
  statement?: string,
): void {
  reserve(w, text.length * 3);
  const end = writeUtf8(text, w.bytes, w.at, forbidden);
  if (end < 0) throw badCharacter(w, text.charCodeAt(~end), 'lone-surrogate', field, statement);
  w.at = end;
}

/** Writes Binary Data (section 1.5.6); where `text` is allowed, a string as UTF-8. */
export function writeBinary(w: Writer, value: unknown, field: string, text = false): void {
  if (text && typeof value === 'string') {
    writeString(w, value, field, ANYTHING);
    return;
  }
  const bytes = checkBytes(w, value, field);
  if (bytes.length > 65_535) throw failure(w, 'too-long', field);
  writeTwoBytes(w, bytes.length);
  appendBytes(w, bytes);
}

/** Writes bytes as they are. */
export function appendBytes(w: Writer, bytes: Uint8Array): void {
  reserve(w, bytes.length);
  copyBytes(bytes, 0, bytes.length, w.bytes, w.at);
  w.at += bytes.length;
}

export function checkBytes(w: Writer, value: unknown, field: string): Uint8Array {
  if (!isBytes(value)) throw failure(w, 'wrong-type', field);
  return value;
}

export function checkInteger(
  w: Writer,
  value: unknown,
  minimum: number,
  maximum: number,
  field: string,
  statement?: string,
): number {
  if (typeof value !== 'number') throw failure(w, 'wrong-type', field);
  return checkRange(w, value, minimum, maximum, field, statement);
}

/** Turns a boolean into a bit; undefined is false. */
export function checkFlag(w: Writer, value: unknown, field: string): 0 | 1 {
  if (value !== undefined && typeof value !== 'boolean') throw failure(w, 'wrong-type', field);
  return value ? 1 : 0;
}

/** Refuses a field of MQTT 5.0 in a packet of MQTT 3.1.1. */
export function checkAbsent(w: Writer, value: unknown, field: string): void {
  if (value !== undefined) throw failure(w, 'not-in-this-version', field);
}

/** Writes a Packet Identifier (section 2.2.1). */
export function writePacketId(w: Writer, value: unknown): void {
  writeTwoBytes(w, checkInteger(w, value, 1, 65_535, 'packetId', '2.3.1-1|2.2.1-3'));
}

/** Tells a Uint8Array of any realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && (value as Uint8Array)[Symbol.toStringTag] === 'Uint8Array';
}

/** Checks an argument; throws TypeError. */
export function requireBytes(value: unknown, name: string): void {
  if (!isBytes(value)) throw new TypeError(`${name} must be a Uint8Array`);
}

/** Copies bytes from `start` to `end`. */
export function copyBytes(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > COPY_BY_HAND) to.set(end - start < from.length ? from.subarray(start, end) : from, at);
  else while (start < end) to[at++] = from[start++]!;
}
