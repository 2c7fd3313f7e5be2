// owned: writes the fields of one packet into memory that is used again and again.
import type { InvalidPacketCode, PacketType, ProtocolVersion } from '../errors.js';
import { InvalidPacketError } from '../errors.js';
import { statementOf } from './reader.js';
import type { Sender } from './settings.js';
import { NO_NULL, writeUtf8 } from './utf8.js';

/** Room left before the body for the fixed header: a type byte and a Remaining Length of four. */
export const HEADER_ROOM = 5;

const SCRATCH_SIZE = 4_096;

/** A growing buffer with the body of one packet. Every write checks its value and throws a typed error. */
export class Writer {
  bytes: Uint8Array = new Uint8Array(SCRATCH_SIZE);
  /** Index of the packet's first byte, once its length is known. */
  start = 0;
  /** Index of the next byte; the body begins at {@link HEADER_ROOM}. */
  at: number = HEADER_ROOM;
  /** The first byte of the fixed header. */
  first = 0;
  /** What follows the body without being copied into it: the payload of a PUBLISH. */
  payload: Uint8Array | undefined = undefined;
  version: ProtocolVersion = 5;
  from: Sender | undefined = undefined;
  packetType: PacketType | undefined = undefined;
  /** Path before the names of fields, for errors; `#` stands for `index`. */
  scope = '';
  index = 0;

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.at + count > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.at + count, 2 * this.bytes.length));
      larger.set(this.bytes.subarray(0, this.at));
      this.bytes = larger;
    }
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  twoBytes(value: number): void {
    this.reserve(2);
    const { bytes, at } = this;
    bytes[at] = value >> 8;
    bytes[at + 1] = value;
    this.at = at + 2;
  }

  fourBytes(value: number): void {
    this.twoBytes(value >>> 16);
    this.twoBytes(value & 0xffff);
  }

  variableByteInteger(value: number): void {
    this.reserve(4);
    this.at = writeVariableByteInteger(this.bytes, this.at, value);
  }

  /** A UTF-8 Encoded String (section 1.5.4), without what `forbidden` names. */
  string(value: unknown, field: string, forbidden: number = NO_NULL, statement?: string): void {
    if (typeof value !== 'string') throw this.invalid('wrong-type', field);
    if (value.length > 65_535) throw this.invalid('too-long', field, '4.7.3-3');
    this.reserve(value.length * 3 + 2);
    const at = this.at;
    const end = this.text(value, at + 2, field, forbidden, statement);
    const length = end - at - 2;
    if (length > 65_535) throw this.invalid('too-long', field);
    this.bytes[at] = length >> 8;
    this.bytes[at + 1] = length;
    this.at = end;
  }

  private text(value: string, at: number, field: string, forbidden: number, statement?: string): number {
    const end = writeUtf8(value, this.bytes, at, forbidden);
    if (end >= 0) return end;
    const code = value.charCodeAt(~end);
    if (code === 0) throw this.invalid('null-character', field, '1.5.3-2|1.5.4-2');
    if (code < 0x80) throw this.invalid('wildcard-in-topic-name', field, statement);
    throw this.invalid('lone-surrogate', field, '1.5.3-1|1.5.4-1');
  }

  /** Binary Data (section 1.5.6); where a string is allowed it is written as UTF-8. */
  binary(value: unknown, field: string, orString = false): void {
    const at = this.at;
    this.twoBytes(0);
    if (orString && typeof value === 'string') this.plainText(value, field);
    else {
      const bytes = this.checkBytes(value, field);
      this.reserve(bytes.length);
      this.bytes.set(bytes, this.at);
      this.at += bytes.length;
    }
    const length = this.at - at - 2;
    if (length > 65_535) throw this.invalid('too-long', field);
    this.bytes[at] = length >> 8;
    this.bytes[at + 1] = length;
  }

  /** UTF-8 without a length before it. */
  plainText(value: string, field: string): void {
    this.reserve(value.length * 3);
    this.at = this.text(value, this.at, field, 0);
  }

  /** Passes bytes on, of whatever realm. */
  checkBytes(value: unknown, field: string): Uint8Array {
    if (!isBytes(value)) throw this.invalid('wrong-type', field);
    return value;
  }

  /** An integer of that range. */
  integer(value: unknown, minimum: number, maximum: number, field: string, statement?: string): number {
    if (typeof value !== 'number') throw this.invalid('wrong-type', field);
    if (!(value >= minimum && value <= maximum && value % 1 === 0)) {
      throw this.invalid('value-out-of-range', field, statement);
    }
    return value;
  }

  /** A boolean as a bit; undefined is false. */
  flag(value: unknown, field: string): 0 | 1 {
    if (value === undefined || value === false) return 0;
    if (value !== true) throw this.invalid('wrong-type', field);
    return 1;
  }

  /** A QoS; undefined is 0. */
  qos(value: unknown, field: string, statement?: string): number {
    if (value === undefined) return 0;
    if (value !== 0 && value !== 1 && value !== 2) throw this.invalid('invalid-qos', field, statement);
    return value;
  }

  /** Refuses what only MQTT 5.0 has, and in general what must be absent. */
  absent(
    value: unknown,
    field: string,
    code: InvalidPacketCode = 'not-in-this-version',
    statement?: string,
  ): void {
    if (value !== undefined) throw this.invalid(code, field, statement);
  }

  /** A Packet Identifier (section 2.2.1). */
  packetId(value: unknown): void {
    this.twoBytes(this.integer(value, 1, 65_535, 'packetId', '2.3.1-1|2.2.1-3'));
  }

  /** An array that is not empty. */
  list(value: unknown, field: string, statement?: string): readonly unknown[] {
    if (!Array.isArray(value)) throw this.invalid('wrong-type', field);
    if (value.length === 0) throw this.invalid('empty-list', field, statement);
    return value;
  }

  invalid(code: InvalidPacketCode, field: string, statement?: string): InvalidPacketError {
    return new InvalidPacketError(code, (this.scope + field).replace('#', String(this.index)), {
      protocolVersion: this.version,
      packetType: this.packetType,
      statement: statementOf(statement, this.version),
    });
  }
}

/** Tells a Uint8Array of any realm. */
export function isBytes(value: unknown): value is Uint8Array {
  if (value instanceof Uint8Array) return true;
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

/** How many bytes a Variable Byte Integer takes. */
export function variableByteIntegerLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4;
}

/** Writes a Variable Byte Integer in its shortest form and returns the index after it. */
export function writeVariableByteInteger(target: Uint8Array, at: number, value: number): number {
  while (value > 0x7f) {
    target[at++] = (value & 0x7f) | 0x80;
    value >>= 7;
  }
  target[at++] = value;
  return at;
}
