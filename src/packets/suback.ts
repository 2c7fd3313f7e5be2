// pure: SUBACK (section 3.9) and UNSUBACK (section 3.11): their types, and how they are read and written.
import { finish, type Reader } from '../bytes/reader.js';
import type { DecodeOptions, EncodeOptions } from '../bytes/settings.js';
import { checkAbsent, type Writer, writePacketId } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { ACK_PROPERTIES, type AckProperties } from '../spec/properties.js';
import {
  SUBACK_REASON_CODES,
  SUBACK_RETURN_CODES,
  type SubackReasonCode,
  type SubackReturnCode,
  UNSUBACK_REASON_CODES,
  type UnsubackReasonCode,
} from '../spec/reason-codes.js';
import { type Bytes, decodeOnly, encodeOnly } from './frame.js';
import { readList, writeList } from './lists.js';
import { readPacketId } from './packet-id.js';
import { readProperties, writeProperties } from './properties.js';
import { type CodeRule, readReasonCode, writeReasonCode } from './reasons.js';

/** A SUBACK to encode. */
export type SubackPacket<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? {
      type: 'suback';
      packetId: number;
      /** One for each filter of the SUBSCRIBE, in its order. */
      reasonCodes: readonly SubackReasonCode[];
      properties?: AckProperties | undefined;
    }
  : {
      type: 'suback';
      packetId: number;
      /** One for each filter of the SUBSCRIBE, in its order. */
      reasonCodes: readonly SubackReturnCode[];
      properties?: undefined;
    };

/** A SUBACK as it was decoded. */
export type DecodedSuback<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? { type: 'suback'; packetId: number; reasonCodes: SubackReasonCode[]; properties: AckProperties }
  : { type: 'suback'; packetId: number; reasonCodes: SubackReturnCode[]; properties?: undefined };

/** An UNSUBACK to encode; that of MQTT 3.1.1 has no codes. */
export type UnsubackPacket<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? {
      type: 'unsuback';
      packetId: number;
      /** One for each filter of the UNSUBSCRIBE, in its order. */
      reasonCodes: readonly UnsubackReasonCode[];
      properties?: AckProperties | undefined;
    }
  : { type: 'unsuback'; packetId: number; reasonCodes?: undefined; properties?: undefined };

/** An UNSUBACK as it was decoded. */
export type DecodedUnsuback<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? { type: 'unsuback'; packetId: number; reasonCodes: UnsubackReasonCode[]; properties: AckProperties }
  : { type: 'unsuback'; packetId: number; reasonCodes?: undefined; properties?: undefined };

const SUBACK: CodeRule<(typeof SUBACK_REASON_CODES)[number]> = {
  codes: SUBACK_REASON_CODES,
  codes4: SUBACK_RETURN_CODES,
  statement: '3.9.3-2',
};
const UNSUBACK: CodeRule<(typeof UNSUBACK_REASON_CODES)[number]> = {
  codes: UNSUBACK_REASON_CODES,
  statement: '3.11.3-2',
};

// One code for each filter, of which there is at least one.
const ONE_EACH = '3.8.4-5|3.8.4-6';

function readCodes<C extends number>(r: Reader, rule: CodeRule<C>): ReturnType<typeof readReasonCode<C>>[] {
  return readList(r, (r) => readReasonCode(r, rule, 'reasonCodes[#]'), 'reasonCodes');
}

function writeCodes(w: Writer, codes: unknown, rule: CodeRule<number>): void {
  const writeCode = (w: Writer, code: unknown): void => writeReasonCode(w, code, rule, 'reasonCodes[#]');
  writeList(w, codes, writeCode, 'reasonCodes', ONE_EACH);
}

export function readSuback(r: Reader): DecodedSuback {
  const type = 'suback';
  const packetId = readPacketId(r);
  if (r.version === 4) return { type, packetId, reasonCodes: readCodes(r, SUBACK) as SubackReturnCode[] };
  const properties = readProperties(r, ACK_PROPERTIES);
  return { type, packetId, reasonCodes: readCodes(r, SUBACK), properties };
}

export function readUnsuback(r: Reader): DecodedUnsuback {
  const type = 'unsuback';
  const packetId = readPacketId(r);
  if (r.version === 4) {
    finish(r);
    return { type, packetId };
  }
  const properties = readProperties(r, ACK_PROPERTIES);
  return { type, packetId, reasonCodes: readCodes(r, UNSUBACK), properties };
}

export function writeSuback(w: Writer, packet: SubackPacket): void {
  w.first = 0x90;
  writePacketId(w, packet.packetId);
  writeProperties(w, packet.properties, ACK_PROPERTIES);
  writeCodes(w, packet.reasonCodes, SUBACK);
}

export function writeUnsuback(w: Writer, packet: UnsubackPacket): void {
  w.first = 0xb0;
  writePacketId(w, packet.packetId);
  writeProperties(w, packet.properties, ACK_PROPERTIES);
  if (w.version === 5) writeCodes(w, packet.reasonCodes, UNSUBACK);
  else checkAbsent(w, packet.reasonCodes, 'reasonCodes');
}

/**
 * Encodes a SUBACK packet (section 3.9). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodeSuback({ type: 'suback', packetId: 1, reasonCodes: [1, 0x80] }, 4); // => Uint8Array.of(0x90, 4, 0, 1, 1, 0x80)
 */
export function encodeSuback<V extends ProtocolVersion>(
  packet: SubackPacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<SubackPacket>('suback', writeSuback, packet, version, options);
}

/**
 * Decodes exactly one whole SUBACK packet (section 3.9). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodeSuback(Uint8Array.of(0x90, 4, 0, 1, 0, 0x87), 5).reasonCodes; // => [0x87]
 */
export function decodeSuback<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedSuback<V> {
  return decodeOnly(9, readSuback, frame, version, options) as DecodedSuback<V>;
}

/**
 * Encodes a UNSUBACK packet (section 3.11). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodeUnsuback({ type: 'unsuback', packetId: 1 }, 4); // => Uint8Array.of(0xb0, 2, 0, 1)
 */
export function encodeUnsuback<V extends ProtocolVersion>(
  packet: UnsubackPacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<UnsubackPacket>('unsuback', writeUnsuback, packet, version, options);
}

/**
 * Decodes exactly one whole UNSUBACK packet (section 3.11). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodeUnsuback(Uint8Array.of(0xb0, 4, 0, 1, 0, 0x11), 5).reasonCodes; // => [0x11]
 */
export function decodeUnsuback<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedUnsuback<V> {
  return decodeOnly(11, readUnsuback, frame, version, options) as DecodedUnsuback<V>;
}
