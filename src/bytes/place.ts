// pure: what reading and writing share: the place in a packet, and the errors that name it.
import {
  type ErrorFields,
  type InvalidPacketCode,
  InvalidPacketError,
  type MalformedCode,
  MalformedPacketError,
  type MqttError,
  type PacketType,
  ProtocolError,
  type ProtocolErrorCode,
  type ProtocolVersion,
} from '../errors.js';
import type { LenientRule, Sender } from './settings.js';
import type { Writer } from './writer.js';

/** Where in which packet we are. Checks that take a place hold for packets read and for packets to write. */
export interface Place {
  version: ProtocolVersion | 0;
  packetType: PacketType | undefined;
  /** Path before the names of fields; `#` stands for `index`. */
  scope: string;
  index: number;
  /** Index of the packet's first byte, which error offsets are counted from. */
  start: number;
  /** Index of the first byte of the field just read; where a packet is written there is none. */
  fieldStart: number | undefined;
  /** The properties that are there, one bit for each identifier. */
  seen: number;
  readonly from: Sender | undefined;
  readonly lenient: readonly LenientRule[];
}

/**
 * Spells out the short form in which statements stand in the code: `3.3.1-4` for the same number in
 * both versions, `1.5.3-1|1.5.4-1` for MQTT 3.1.1's and 5.0's, an empty side for none.
 */
export function statementOf(short: string, version: ProtocolVersion | 0): string | undefined {
  const [v4, v5 = v4] = short.split('|');
  const number = version === 4 ? v4 : v5;
  return number ? `MQTT-${number}` : undefined;
}

/** What every error about a packet says. */
export function describePlace(place: Place, statement: string): Omit<ErrorFields, 'code'> {
  return {
    packetType: place.packetType,
    protocolVersion: place.version || undefined,
    statement: statementOf(statement, place.version),
  };
}

/**
 * Makes the error for a field: of a packet to write an invalid packet; of one that was read a malformed packet, or
 * with a reason code other than 0x81 a protocol error, at the field just read unless something else is said.
 */
export function failure<P extends Place>(
  place: P,
  code: P extends Writer ? InvalidPacketCode : MalformedCode | ProtocolErrorCode,
  field: string,
  statement = '',
  reasonCode = 0x81,
  at: number | undefined = place.fieldStart,
): MqttError {
  const fields = {
    ...describePlace(place, statement),
    code,
    field: (place.scope + field).replace('#', `${place.index}`),
  };
  if (at === undefined) return new InvalidPacketError(fields);
  return new (reasonCode === 0x81 ? MalformedPacketError : ProtocolError)({
    ...fields,
    reasonCode,
    offset: at - place.start,
  });
}

/**
 * Makes the error for a character that may not stand in a string, by its code: U+0000, a wildcard, or anything else,
 * which `otherwise` is the word for.
 */
export function badCharacter(
  place: Place,
  character: number,
  otherwise: 'invalid-utf8' | 'lone-surrogate',
  field: string,
  statement: string | undefined,
  at?: number,
): MqttError {
  const [code, broken] =
    character === 0
      ? (['null-character', '1.5.3-2|1.5.4-2'] as const)
      : character < 0x80
        ? (['wildcard-in-topic-name', statement] as const)
        : ([otherwise, '1.5.3-1|1.5.4-1'] as const);
  // A lone surrogate is found where a packet is written, and nowhere else.
  return failure(place as Writer, code, field, broken, 0x81, at);
}

/** Refuses what breaks a rule, unless that is relaxed; nothing is relaxed where a packet is written. */
export function checkRule(
  place: Place,
  rule: LenientRule,
  field: string,
  statement: string,
  at?: number,
): void {
  if (!place.lenient.includes(rule)) throw failure(place, rule, field, statement, 0x81, at);
}

/** Refuses a number out of its range. */
export function checkRange(
  place: Place,
  value: number,
  minimum: number,
  maximum: number,
  field: string,
  statement?: string,
  reasonCode = 0x82,
): number {
  if (value >= minimum && value <= maximum && value % 1 === 0) return value;
  throw failure(place, 'value-out-of-range', field, statement, reasonCode);
}

/** Checks a QoS. */
export function checkQoS(
  place: Place,
  value: unknown,
  field: string,
  statement?: string,
  reasonCode?: number,
): 0 | 1 | 2 {
  if (value === 0 || value === 1 || value === 2) return value;
  throw failure(place, 'invalid-qos', field, statement, reasonCode);
}
