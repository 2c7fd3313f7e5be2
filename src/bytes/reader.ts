// owned: reads the fields of one packet, and knows how to say what is wrong where.
import type {
  ErrorContext,
  MalformedCode,
  PacketType,
  ProtocolErrorCode,
  ProtocolVersion,
} from '../errors.js';
import { MalformedPacketError, ProtocolError } from '../errors.js';
import { NON_MINIMAL_INTEGER, type ReaderSettings, type Sender } from './settings.js';
import { NO_NULL, readUtf8 } from './utf8.js';

/**
 * Spells out the short form in which statements stand in the code: `3.3.1-4` for the same number in
 * both versions, `1.5.3-1|1.5.4-1` for MQTT 3.1.1's and 5.0's, an empty side for none.
 */
export function statementOf(short: string | undefined, version: ProtocolVersion | 0): string | undefined {
  const parts = short?.split('|');
  const number = parts?.[version === 4 ? 0 : parts.length - 1];
  return number ? `MQTT-${number}` : undefined;
}

/** A cursor over the bytes of one packet. Every read checks `end` and throws a typed error. */
export class Reader {
  /** Index of the packet's first byte, which error offsets are counted from. */
  start = 0;
  /** Index of the next byte. */
  at = 0;
  /** Index after the last byte of the block being read: the packet, or a property section. */
  end = 0;
  /** The protocol version; 0 until the CONNECT that settles it is read. */
  version: ProtocolVersion | 0 = 0;
  /** Whether the Remaining Length took more bytes than needed; a CONNECT is judged once its version is known. */
  nonMinimalLength = false;
  packetType: PacketType | undefined = undefined;
  /** Path before the names of fields, for errors; `#` stands for `index`. */
  scope = '';
  index = 0;

  readonly from: Sender | undefined;
  /** The relaxed rules as bits. */
  readonly lenient: number;
  private readonly copy: boolean;

  constructor(
    public bytes: Uint8Array,
    settings: ReaderSettings,
  ) {
    this.from = settings.from;
    this.lenient = settings.lenient;
    this.copy = settings.copy;
  }

  byte(field: string): number {
    if (this.at >= this.end) throw this.cutShort(field);
    return this.bytes[this.at++]!;
  }

  twoBytes(field: string): number {
    const at = this.at;
    if (at + 2 > this.end) throw this.cutShort(field);
    this.at = at + 2;
    return (this.bytes[at]! << 8) | this.bytes[at + 1]!;
  }

  fourBytes(field: string): number {
    return this.twoBytes(field) * 0x10000 + this.twoBytes(field);
  }

  /** A Variable Byte Integer inside an MQTT 5.0 packet (section 1.5.5). */
  variableByteInteger(field: string): number {
    const start = this.at;
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte(field);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0 && (this.lenient & NON_MINIMAL_INTEGER) === 0) {
          throw this.malformed('non-minimal-integer', field, start, '1.5.5-1');
        }
        return value;
      }
      if (shift === 21) throw this.malformed('integer-too-long', field, this.at - 1, '1.5.5-1');
    }
  }

  /** The end of a field with a two-byte length before it; `at` is left on its first byte. */
  private fieldEnd(field: string): number {
    const start = this.at;
    const end = this.twoBytes(field) + start + 2;
    if (end > this.end) throw this.malformed('length-overrun', field, start);
    return end;
  }

  /** A UTF-8 Encoded String (section 1.5.4), without what `forbidden` names. */
  string(field: string, forbidden: number = NO_NULL, statement?: string): string {
    const end = this.fieldEnd(field);
    const text = readUtf8(this.bytes, this.at, end, forbidden);
    if (typeof text === 'number') throw this.badText(field, text, statement);
    this.at = end;
    return text;
  }

  /** Binary Data (section 1.5.6). */
  binary(field: string): Uint8Array {
    return this.view(this.fieldEnd(field));
  }

  /** The bytes from here to `end`: a view, or a copy where that was asked for. */
  view(end: number): Uint8Array {
    const { bytes, at } = this;
    this.at = end;
    // A plain Uint8Array whatever the input is, and at a third of what `subarray` costs.
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset + at, end - at);
    return this.copy ? new Uint8Array(view) : view;
  }

  /** Checks that the block was read to its last byte. */
  finish(field: string): void {
    if (this.at !== this.end) throw this.malformed('trailing-bytes', field);
  }

  private badText(field: string, at: number, statement: string | undefined): MalformedPacketError {
    const byte = this.bytes[at];
    if (byte === 0) return this.malformed('null-character', field, at, '1.5.3-2|1.5.4-2');
    if (byte === 0x23 || byte === 0x2b) return this.malformed('wildcard-in-topic-name', field, at, statement);
    return this.malformed('invalid-utf8', field, at, '1.5.3-1|1.5.4-1');
  }

  /** The path of a field as errors name it. */
  path(field: string): string {
    return (this.scope + field).replace('#', String(this.index));
  }

  context(statement?: string): ErrorContext {
    return {
      protocolVersion: this.version || undefined,
      packetType: this.packetType,
      statement: statementOf(statement, this.version),
    };
  }

  cutShort(field: string): MalformedPacketError {
    return this.malformed('cut-short', field, this.end);
  }

  malformed(
    code: MalformedCode,
    field: string,
    at: number = this.at,
    statement?: string,
  ): MalformedPacketError {
    return new MalformedPacketError(code, this.path(field), at - this.start, this.context(statement));
  }

  violation(
    code: ProtocolErrorCode,
    field: string,
    at: number,
    statement?: string,
    reasonCode = 0x82,
  ): ProtocolError {
    return new ProtocolError(code, reasonCode, this.path(field), this.context(statement), at - this.start);
  }
}
