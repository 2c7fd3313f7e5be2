// @ts-nocheck
// pure: CONNACK (section 3.2): its type, and how it is read and written.
import { describePlace, failure, finish, type Reader, readByte } from '../bytes/reader.js';
import type { DecodeOptions, EncodeOptions } from '../bytes/settings.js';
import { checkFlag, refusal, type Writer, writeByte } from '../bytes/writer.js';
import { type ProtocolVersion, UnsupportedVersionError } from '../errors.js';
import { CONNACK_PROPERTIES, type ConnackProperties } from '../spec/properties.js';
import {
  CONNACK_REASON_CODES,
  CONNACK_RETURN_CODES,
  type ConnackReasonCode,
  type ConnackReturnCode,
} from '../spec/reason-codes.js';
import { type Bytes, decodeOnly, encodeOnly } from './frame.js';
import { type PropertyCodec, propertyCodec, readProperties, writeProperties } from './properties.js';
import {
  type CodeRule,
  checkMethod,
  checkMethodToWrite,
  readReasonCode,
  writeReasonCode,
} from './reasons.js';

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

const CONNACK: PropertyCodec<ConnackProperties> = /* @__PURE__ */ propertyCodec(CONNACK_PROPERTIES);

const RULE_4: CodeRule<(typeof CONNACK_RETURN_CODES)[number]> = {
  codes: CONNACK_RETURN_CODES,
  statement: '3.2.2-6',
};
const RULE_5: CodeRule<(typeof CONNACK_REASON_CODES)[number]> = {
  codes: CONNACK_REASON_CODES,
  statement: '3.2.2-8',
};

const PRESENT_WITH_REFUSAL = '3.2.2-4|3.2.2-6';

export function readConnack(r: Reader): DecodedConnack {
  const at = r.at;
  const flags = readByte(r, 'sessionPresent');
  if (flags > 1) throw failure(r, 'reserved-bits', 'sessionPresent', at, '|3.2.2-1');
  if (r.version === 5 && flags === 0 && r.end - at === 2 && r.bytes[at + 1] === 1) {
    // A server of MQTT 3.1.1 alone answers in the form of MQTT 3.1.1 (section 3.2.2.3 there).
    throw new UnsupportedVersionError({
      ...describePlace(r, 'reasonCode', ''),
      field: undefined,
      code: 'unsupported-version',
      reasonCode: 0x84,
      protocolName: 'MQTT',
      protocolLevel: 5,
      reply: new Uint8Array(0),
    });
  }
  const sessionPresent = flags === 1;
  const reasonCode = readReasonCode<number>(r, r.version === 4 ? RULE_4 : RULE_5, 'reasonCode');
  if (sessionPresent && reasonCode !== 0 && !r.lenient.includes('session-present-with-refusal')) {
    throw failure(r, 'session-present-with-refusal', 'sessionPresent', at, PRESENT_WITH_REFUSAL);
  }
  const packet = { type: 'connack', sessionPresent, reasonCode } as DecodedConnack;
  if (r.version === 5) {
    packet.properties = readProperties(r, CONNACK);
    checkMethod(r, packet.properties, false);
  }
  finish(r);
  return packet;
}

export function writeConnack(w: Writer, packet: ConnackPacket): void {
  const { reasonCode, properties } = packet;
  const present = checkFlag(w, packet.sessionPresent, 'sessionPresent');
  w.first = 0x20;
  writeByte(w, present);
  writeReasonCode(w, reasonCode, w.version === 4 ? RULE_4 : RULE_5, 'reasonCode');
  if (present === 1 && reasonCode !== 0) {
    throw refusal(w, 'session-present-with-refusal', 'sessionPresent', PRESENT_WITH_REFUSAL);
  }
  checkMethodToWrite(w, writeProperties(w, properties, CONNACK), CONNACK, false);
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
