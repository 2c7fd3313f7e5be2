// pure: the fixed header (section 2.1) around every packet, read and written in one place.
import { checkRule, failure, type Place } from '../bytes/place.js';
import { cutShort, Reader, readByte, readVariableByteInteger } from '../bytes/reader.js';
import { checkSender, checkVersion, type DecodeOptions, type EncodeOptions } from '../bytes/settings.js';
import { HEADER_ROOM, LARGEST_SPARE, SMALL_PAYLOAD, TINY_FRAME } from '../bytes/sizes.js';
import {
  appendBytes,
  copyBytes,
  NOTHING,
  putVariableByteInteger,
  requireBytes,
  variableByteIntegerLength,
  Writer,
} from '../bytes/writer.js';
import type { PacketType, ProtocolVersion } from '../errors.js';
import { MAXIMUM_VARIABLE_BYTE_INTEGER } from '../spec/limits.js';
import { fixedHeaderFlags, maySend, PACKET_TYPES } from '../spec/packet-types.js';

/** A Uint8Array that owns the whole of its ArrayBuffer. */
export type Bytes = ReturnType<Uint8Array['slice']>;

/** Any packet, to the code that does not care which. */
export interface Typed {
  readonly type: PacketType;
}

/** What a packet module offers for reading: everything after the fixed header. */
export type ReadBody<T> = (r: Reader) => T;
/** What a packet module offers for writing: everything after the fixed header, and its first byte. */
export type WriteBody<P> = (w: Writer, packet: P) => void;

/** Reads the first byte of a packet: type and flags, which version and sender must allow. Returns the type. */
export function readFirstByte(r: Reader): number {
  const first = readByte(r, 'type');
  const type = first >> 4;
  r.packetType = type === 15 && r.version === 4 ? undefined : PACKET_TYPES[type];
  if (!r.packetType) throw failure(r, 'reserved-packet-type', 'type');
  const flags = fixedHeaderFlags(type);
  if (type !== 3 && (first & 15) !== flags) {
    // Where they are not 0, and for DISCONNECT and AUTH, the packet's own section has the statement.
    const statement = flags || type > 13 ? `3.${type}.1-1` : '2.2.2-2|2.1.3-1';
    checkRule(r, 'reserved-flags', 'flags', statement);
  }
  if (!r.version && type !== 1) throw failure(r, 'expected-connect', 'type', '3.1.0-1', 0x82);
  checkSide(r, type);
  return type;
}

/** Checks that the packet may come from the side that sends it. */
function checkSide(place: Place, type: number): void {
  if (place.from && !maySend(place.from, type, place.version)) {
    throw failure(place, 'wrong-sender', 'type', '', 0x82);
  }
}

/** Reads the Remaining Length. That of a CONNECT is judged later, by the version it will tell. */
export function readRemainingLength(r: Reader): number {
  return readVariableByteInteger(r, 'remainingLength', r.packetType === 'connect');
}

/** Makes a reader for exactly one whole packet. */
export function openFrame(frame: Uint8Array, version: ProtocolVersion, options?: DecodeOptions): Reader {
  requireBytes(frame, 'frame');
  return new Reader(frame, checkVersion(version), options);
}

/** Checks that the packet is as long as its Remaining Length says. */
export function readWholeLength(r: Reader): void {
  const end = readRemainingLength(r) + r.at;
  if (end > r.end) throw cutShort(r, 'remainingLength');
  if (end < r.end) throw failure(r, 'trailing-bytes', 'remainingLength', '', 0x81, end);
}

/** Reads exactly one whole packet of any type. */
export function decodeFrame<T>(
  read: (r: Reader, first: number) => T,
  frame: Uint8Array,
  version: ProtocolVersion,
  options?: DecodeOptions,
): T {
  const r = openFrame(frame, version, options);
  readFirstByte(r);
  readWholeLength(r);
  return read(r, frame[0]!);
}

/** Makes a `decodeX` of a body reader. */
export function decodeOnly<T>(
  type: number,
  body: ReadBody<T>,
  frame: Uint8Array,
  version: ProtocolVersion,
  options?: DecodeOptions,
): T {
  const r = openFrame(frame, version, options);
  if (readFirstByte(r) !== type) throw failure(r, 'unexpected-packet', 'type', '', 0x82);
  readWholeLength(r);
  return body(r);
}

// One writer serves all calls; a call made within another (by a getter of a packet, say) gets its own.
let spare: Writer | undefined;

/**
 * Writes a packet into scratch memory: on return it lies from `w.start` to `w.at`, its payload apart.
 *
 * Nothing reaches the caller's memory before the whole packet has proved right.
 */
function write<P extends Typed>(
  body: WriteBody<P>,
  packet: P,
  version: ProtocolVersion,
  options?: EncodeOptions,
): Writer {
  if (typeof packet !== 'object' || packet === null) throw new TypeError('packet must be an object');
  const w = spare ?? new Writer();
  spare = undefined;
  w.version = checkVersion(version);
  w.from = checkSender(options?.from);
  w.at = HEADER_ROOM;
  w.packetType = packet.type;
  body(w, packet);
  w.scope = '';
  checkSide(w, w.first >> 4);
  const length = w.at - HEADER_ROOM + w.payload.length;
  if (length > MAXIMUM_VARIABLE_BYTE_INTEGER) throw failure(w, 'too-long', 'remainingLength', '|1.5.5-1');
  w.start = HEADER_ROOM - 1 - variableByteIntegerLength(length);
  w.bytes[w.start] = w.first;
  w.size = putVariableByteInteger(w.bytes, w.start + 1, length) - w.start + length;
  return w;
}

/** Keeps the writer for the next packet. */
function release(w: Writer): void {
  w.payload = NOTHING;
  if (w.bytes.length <= LARGEST_SPARE) spare = w;
}

/** Copies a written packet to where it belongs. */
function put(w: Writer, target: Uint8Array, offset: number): void {
  const { bytes, start, at, payload } = w;
  copyBytes(bytes, start, at, target, offset);
  copyBytes(payload, 0, payload.length, target, offset + at - start);
  release(w);
}

/** Writes a whole packet into memory of its own. */
export function encodeFrame<P extends Typed>(
  body: WriteBody<P>,
  packet: P,
  version: ProtocolVersion,
  options?: EncodeOptions,
): Bytes {
  const w = write(body, packet, version, options);
  const { size, payload } = w;
  if (size > TINY_FRAME && payload.length <= SMALL_PAYLOAD) {
    // One copy of everything is cheaper than two pieces put together.
    appendBytes(w, payload);
    release(w);
    return w.bytes.slice(w.start, w.at);
  }
  const frame = new Uint8Array(size);
  put(w, frame, 0);
  return frame;
}

/** Writes a whole packet into the caller's memory and returns the number of bytes. */
export function encodeFrameInto<P extends Typed>(
  body: WriteBody<P>,
  packet: P,
  version: ProtocolVersion,
  target: Uint8Array,
  offset: number,
): number {
  requireBytes(target, 'target');
  if (!Number.isSafeInteger(offset) || offset < 0)
    throw new RangeError('offset must be a whole number from 0 on');
  const size = fitFrame(body, packet, version, target, offset);
  if (size > 0) return size;
  const room = Math.max(target.length - offset, 0);
  throw new RangeError(`target has room for ${room} bytes, the packet needs ${-size}`);
}

/** Writes a whole packet where there is room for it and returns its size; below zero, it found none. */
export function fitFrame<P extends Typed>(
  body: WriteBody<P>,
  packet: P,
  version: ProtocolVersion,
  target: Uint8Array,
  offset: number,
): number {
  const w = write(body, packet, version);
  const { size } = w;
  if (offset + size > target.length) {
    release(w);
    return -size;
  }
  put(w, target, offset);
  return size;
}

/** Writes a packet without copying its payload. */
export function encodeFrameParts<P extends Typed>(
  body: WriteBody<P>,
  packet: P,
  version: ProtocolVersion,
): readonly [Bytes] | readonly [Bytes, Uint8Array] {
  const w = write(body, packet, version);
  const { payload } = w;
  const head = w.bytes.slice(w.start, w.at);
  release(w);
  return payload === NOTHING ? [head] : [head, payload];
}

/** The size of a packet in bytes, found by writing it: one set of rules serves both. */
export function frameLength<P extends Typed>(
  body: WriteBody<P>,
  packet: P,
  version: ProtocolVersion,
): number {
  const w = write(body, packet, version);
  release(w);
  return w.size;
}

/** Makes an `encodeX` of a body writer. */
export function encodeOnly<P extends Typed>(
  type: P['type'],
  body: WriteBody<P>,
  packet: P,
  version: ProtocolVersion,
  options?: EncodeOptions,
): Bytes {
  if (packet?.type !== type) throw new TypeError(`packet.type must be '${type}'`);
  return encodeFrame(body, packet, version, options);
}
