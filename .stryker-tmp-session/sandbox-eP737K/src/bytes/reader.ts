// @ts-nocheck
// owned: reads the fields of one packet, and knows how to say what is wrong where.
import type {
  ErrorFields,
  MalformedCode,
  PacketType,
  ProtocolErrorCode,
  ProtocolVersion,
} from '../errors.js';
import { MalformedPacketError, ProtocolError } from '../errors.js';
import { checkLenient, checkSender, type DecodeOptions, type LenientRule, type Sender } from './settings.js';
import { NO_NULL, readUtf8 } from './utf8.js';

/** What reading and writing share: where in which packet we are, for errors. */
export interface Place {
  version: ProtocolVersion | 0;
  packetType: PacketType | undefined;
  /** Path before the names of fields; `#` stands for `index`. */
  scope: string;
  index: number;
}

/** A cursor over the bytes of one packet. */
export class Reader implements Place {
  /** Index of the packet's first byte, which error offsets are counted from. */
  start = 0;
  /** Index of the next byte. */
  at = 0;
  /** Index after the last byte of the block being read: the packet, or a property section. */
  end: number;
  /** Whether the integer just read took more bytes than needed. */
  overlong = false;
  packetType: PacketType | undefined = undefined;
  scope = '';
  index = 0;
  readonly from: Sender | undefined;
  readonly lenient: readonly LenientRule[];
  readonly copy: boolean;

  constructor(
    public bytes: Uint8Array,
    /** The protocol version; 0 until the CONNECT that settles it is read. */
    public version: ProtocolVersion | 0,
    { from, lenient, copy }: DecodeOptions = NO_OPTIONS,
  ) {
    this.end = bytes.length;
    this.from = checkSender(from);
    this.lenient = lenient ? checkLenient(lenient) : NO_RULES;
    this.copy = copy === true;
  }
}

const NO_OPTIONS: DecodeOptions = {};
const NO_RULES: readonly LenientRule[] = [];

/**
 * Spells out the short form in which statements stand in the code: `3.3.1-4` for the same number in
 * both versions, `1.5.3-1|1.5.4-1` for MQTT 3.1.1's and 5.0's, an empty side for none.
 */
export function statementOf(short: string, version: ProtocolVersion | 0): string | undefined {
  const [v4, v5 = v4] = short.split('|');
  const number = version === 4 ? v4 : v5;
  return number ? `MQTT-${number}` : undefined;
}

/** What every error about a field says. */
export function describePlace(place: Place, field: string, statement: string): Omit<ErrorFields, 'code'> {
  const { version, packetType, scope, index } = place;
  return {
    field: (scope + field).replace('#', String(index)),
    packetType,
    protocolVersion: version || undefined,
    statement: statementOf(statement, version),
  };
}

/** Makes the error for a field: malformed, or with a reason code other than 0x81 a protocol error. */
export function failure(
  r: Reader,
  code: MalformedCode | ProtocolErrorCode,
  field: string,
  at: number,
  statement = '',
  reasonCode = 0x81,
): MalformedPacketError | ProtocolError {
  return new (reasonCode === 0x81 ? MalformedPacketError : ProtocolError)({
    code,
    reasonCode,
    offset: at - r.start,
    ...describePlace(r, field, statement),
  });
}

export function readByte(r: Reader, field: string): number {
  if (r.at >= r.end) throw failure(r, 'cut-short', field, r.end);
  return r.bytes[r.at++]!;
}

export function readTwoBytes(r: Reader, field: string): number {
  const { at } = r;
  if (at + 2 > r.end) throw failure(r, 'cut-short', field, r.end);
  r.at = at + 2;
  return (r.bytes[at]! << 8) | r.bytes[at + 1]!;
}

/**
 * Reads a Variable Byte Integer (section 1.5.5) and refuses one that took too many bytes, unless that is to be
 * judged later.
 */
export function readVariableByteInteger(r: Reader, field: string, later = false): number {
  const start = r.at;
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = readByte(r, field);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      r.overlong = byte === 0 && shift > 0;
      if (!later) checkMinimal(r, field, start);
      return value;
    }
    if (shift === 21) throw failure(r, 'integer-too-long', field, r.at - 1, '|1.5.5-1');
  }
}

/** Refuses an integer just read that took too many bytes: MQTT 5.0 has that rule (section 1.5.5). */
export function checkMinimal(r: Reader, field: string, at: number): void {
  if (r.overlong && r.version === 5 && !r.lenient.includes('non-minimal-integer')) {
    throw failure(r, 'non-minimal-integer', field, at, '1.5.5-1');
  }
}

/** Reads a two-byte length, and tells the end of the field that follows it. */
function readEnd(r: Reader, field: string): number {
  const { at } = r;
  const end = readTwoBytes(r, field) + at + 2;
  if (end > r.end) throw failure(r, 'length-overrun', field, at);
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
    const byte = r.bytes[text]!;
    throw byte === 0
      ? failure(r, 'null-character', field, text, '1.5.3-2|1.5.4-2')
      : byte < 0x80
        ? failure(r, 'wildcard-in-topic-name', field, text, statement)
        : failure(r, 'invalid-utf8', field, text, '1.5.3-1|1.5.4-1');
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
  const { bytes, at } = r;
  r.at = end;
  // A plain Uint8Array whatever the input is, and at a third of what `subarray` costs.
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset + at, end - at);
  return r.copy ? new Uint8Array(view) : view;
}

/** Checks that the packet was read to its last byte. */
export function finish(r: Reader): void {
  if (r.at !== r.end) throw failure(r, 'trailing-bytes', 'remainingLength', r.at);
}
