// pure: CONNACK (section 3.2): its type, and how it is read and written.
import { checkRule, failure, type Place } from '../bytes/place.js';
import { finish, type Reader, readByte } from '../bytes/reader.js';
import type { DecodeOptions, EncodeOptions } from '../bytes/settings.js';
import { checkFlag, type Writer, writeByte } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { CONNACK_PROPERTIES, type ConnackProperties } from '../spec/properties.js';
import {
  CONNACK_REASON_CODES,
  CONNACK_RETURN_CODES,
  type ConnackReasonCode,
  type ConnackReturnCode,
} from '../spec/reason-codes.js';
import { unsupportedVersion } from './connect.js';
import { type Bytes, decodeOnly, encodeOnly } from './frame.js';
import { readProperties, writeProperties } from './properties.js';
import { type CodeRule, checkMethod, readReasonCode, writeReasonCode } from './reasons.js';

/** A CONNACK to encode. */
export type ConnackPacket<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? {
      type: 'connack';
      sessionPresent: boolean;
      reasonCode: ConnackReasonCode;
      properties?: ConnackProperties | undefined;
    }
  : {
      type: 'connack';
      sessionPresent: boolean;
      /** The Connect Return code, 0 to 5. */
      reasonCode: ConnackReturnCode;
      properties?: undefined;
    };

/** A CONNACK as it was decoded. */
export type DecodedConnack<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? { type: 'connack'; sessionPresent: boolean; reasonCode: ConnackReasonCode; properties: ConnackProperties }
  : { type: 'connack'; sessionPresent: boolean; reasonCode: ConnackReturnCode; properties?: undefined };

const RULE: CodeRule<number> = {
  codes: CONNACK_REASON_CODES,
  codes4: CONNACK_RETURN_CODES,
  statement: '3.2.2-6|3.2.2-8',
};

/** A server that refuses has no session to speak of. */
function checkPresent(place: Place, sessionPresent: boolean, reasonCode: number, at?: number): void {
  if (sessionPresent && reasonCode !== 0) {
    checkRule(place, 'session-present-with-refusal', 'sessionPresent', '3.2.2-4|3.2.2-6', at);
  }
}

export function readConnack(r: Reader): DecodedConnack {
  const at = r.at;
  const flags = readByte(r, 'sessionPresent');
  if (flags > 1) throw failure(r, 'reserved-bits', 'sessionPresent', '|3.2.2-1');
  if (r.version === 5 && flags === 0 && r.at + 1 === r.end && r.bytes[r.at] === 1) {
    // A server of MQTT 3.1.1 alone answers in the form of MQTT 3.1.1 (section 3.2.2.3 there).
    throw unsupportedVersion(r, '', 'MQTT', 5, new Uint8Array(0));
  }
  const sessionPresent = flags !== 0;
  const reasonCode = readReasonCode(r, RULE, 'reasonCode');
  checkPresent(r, sessionPresent, reasonCode, at);
  const packet = { type: 'connack', sessionPresent, reasonCode } as DecodedConnack;
  if (r.version === 5) {
    packet.properties = readProperties(r, CONNACK_PROPERTIES);
    checkMethod(r, false, r.at);
  }
  finish(r);
  return packet;
}

export function writeConnack(w: Writer, packet: ConnackPacket): void {
  const { sessionPresent, reasonCode, properties } = packet;
  w.first = 0x20;
  writeByte(w, checkFlag(w, sessionPresent, 'sessionPresent'));
  writeReasonCode(w, reasonCode, RULE, 'reasonCode');
  checkPresent(w, sessionPresent, reasonCode);
  writeProperties(w, properties, CONNACK_PROPERTIES);
  checkMethod(w, false);
}

/**
 * Encodes a CONNACK packet (section 3.2). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodeConnack({ type: 'connack', sessionPresent: true, reasonCode: 0 }, 4); // => Uint8Array.of(0x20, 2, 1, 0)
 */
export function encodeConnack<V extends ProtocolVersion>(
  packet: ConnackPacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<ConnackPacket>('connack', writeConnack, packet, version, options);
}

/**
 * Decodes exactly one whole CONNACK packet (section 3.2). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodeConnack(Uint8Array.of(0x20, 3, 0, 0x87, 0), 5).reasonCode; // => 0x87
 */
export function decodeConnack<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedConnack<V> {
  return decodeOnly(2, readConnack, frame, version, options) as DecodedConnack<V>;
}
