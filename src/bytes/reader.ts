// owned: reads the fields of one packet.
import type { MqttError, PacketType, ProtocolVersion } from '../errors.js';
import { badCharacter, checkRule, failure, type Place } from './place.js';
import { checkLenient, checkSender, type DecodeOptions, type LenientRule, type Sender } from './settings.js';
import { NO_NULL, readUtf8 } from './utf8.js';

/** A cursor over the bytes of one packet. */
export class Reader implements Place {
  start = 0;
  /** Index of the next byte. */
  at = 0;
  fieldStart = 0;
  /** Whether the integer just read took more bytes than needed. */
  overlong = false;
  packetType: PacketType | undefined = undefined;
  scope = '';
  index = 0;
  seen = 0;
  // Declared alone: the constructor gives them their first value.
  declare bytes: Uint8Array;
  /** The protocol version; 0 until the CONNECT that settles it is read. */
  declare version: ProtocolVersion | 0;
  /** Index after the last byte of the block being read: the packet, or a property section. */
  declare end: number;
  declare readonly from: Sender | undefined;
  declare readonly lenient: readonly LenientRule[];
  declare readonly copy: boolean;

  constructor(bytes: Uint8Array, version: ProtocolVersion | 0, options: DecodeOptions = {}) {
    this.bytes = bytes;
    this.version = version;
    this.end = bytes.length;
    this.from = checkSender(options.from);
    this.lenient = checkLenient(options.lenient);
    this.copy = options.copy === true;
  }
}

/** Refuses a packet, or a block of one, that ends within a field. */
export function cutShort(r: Reader, field: string, at: number = r.end): MqttError {
  return failure(r, 'cut-short', field, '', 0x81, at);
}

export function readByte(r: Reader, field: string): number {
  if (r.at >= r.end) throw cutShort(r, field);
  r.fieldStart = r.at;
  return r.bytes[r.at++]!;
}

export function readTwoBytes(r: Reader, field: string): number {
  const { at, bytes } = r;
  r.at += 2;
  if (r.at > r.end) throw cutShort(r, field);
  r.fieldStart = at;
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/**
 * Reads a Variable Byte Integer (section 1.5.5) and refuses one that took too many bytes, unless that is to be
 * judged later.
 */
export function readVariableByteInteger(r: Reader, field: string, later = false): number {
  const { at } = r;
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = readByte(r, field);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      r.fieldStart = at;
      r.overlong = byte === 0 && shift > 0;
      if (!later) checkMinimal(r, field);
      return value;
    }
    if (shift === 21) throw failure(r, 'integer-too-long', field, '|1.5.5-1');
  }
}

/** Refuses an integer just read that took too many bytes: MQTT 5.0 has that rule (section 1.5.5). */
export function checkMinimal(r: Reader, field: string, at?: number): void {
  if (r.overlong && r.version === 5) checkRule(r, 'non-minimal-integer', field, '1.5.5-1', at);
}

/** Reads a two-byte length, and tells the end of the field that follows it. */
function readEnd(r: Reader, field: string): number {
  const end = readTwoBytes(r, field) + r.at;
  if (end > r.end) throw failure(r, 'length-overrun', field);
  return end;
}

/** Reads a UTF-8 Encoded String (section 1.5.4), without what `forbidden` names. */
export function readString(
  r: Reader,
  field: string,
  forbidden: number = NO_NULL,
  statement?: string,
): string {
  const end = readEnd(r, field);
  const text = readUtf8(r.bytes, r.at, end, forbidden);
  if (typeof text === 'number') {
    throw badCharacter(r, r.bytes[text]!, 'invalid-utf8', field, statement, text);
  }
  r.at = end;
  return text;
}

/** Reads Binary Data (section 1.5.6). */
export function readBinary(r: Reader, field: string): Uint8Array {
  return readBytes(r, readEnd(r, field));
}

/** Reads the bytes from here to `end`: a view, or a copy where that was asked for. */
export function readBytes(r: Reader, end: number): Uint8Array {
  // A plain Uint8Array whatever the input is, and at a third of what `subarray` costs.
  const view = new Uint8Array(r.bytes.buffer, r.bytes.byteOffset + r.at, end - r.at);
  r.at = end;
  return r.copy ? new Uint8Array(view) : view;
}

/** Checks that the packet was read to its last byte. */
export function finish(r: Reader): void {
  if (r.at !== r.end) throw failure(r, 'trailing-bytes', 'remainingLength', '', 0x81, r.at);
}
