// pure: PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7): one shape, four types.
import { finish, type Reader } from '../bytes/reader.js';
import type { DecodeOptions, EncodeOptions } from '../bytes/settings.js';
import { type Writer, writePacketId } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { ACK_PROPERTIES, type AckProperties } from '../spec/properties.js';
import {
  PUBACK_REASON_CODES,
  PUBACK_SENDERS,
  PUBREL_REASON_CODES,
  type PubackReasonCode,
  type PubrelReasonCode,
  type UnknownReasonCode,
} from '../spec/reason-codes.js';
import { type Bytes, decodeOnly, encodeOnly } from './frame.js';
import { readPacketId } from './packet-id.js';
import { type ReasonRule, readReasonTail, reasonRule, writeReasonTail } from './reasons.js';

/** What PUBACK, PUBREC, PUBREL and PUBCOMP have in common (sections 3.4 to 3.7): in MQTT 3.1.1 the Packet Identifier alone. */
export type AckPacket<T, C, V extends ProtocolVersion> = V extends 5
  ? {
      type: T;
      packetId: number;
      /** Absent: 0x00, Success. */
      reasonCode?: C | undefined;
      properties?: AckProperties | undefined;
    }
  : { type: T; packetId: number; reasonCode?: undefined; properties?: undefined };

/** What PUBACK, PUBREC, PUBREL and PUBCOMP have in common as they were decoded. */
export type DecodedAck<T, C, V extends ProtocolVersion> = V extends 5
  ? { type: T; packetId: number; reasonCode: C; properties: AckProperties }
  : { type: T; packetId: number; reasonCode?: undefined; properties?: undefined };

/** A PUBACK to encode (section 3.4). */
export type PubackPacket<V extends ProtocolVersion = ProtocolVersion> = AckPacket<
  'puback',
  PubackReasonCode,
  V
>;
/** A PUBREC to encode (section 3.5). */
export type PubrecPacket<V extends ProtocolVersion = ProtocolVersion> = AckPacket<
  'pubrec',
  PubackReasonCode,
  V
>;
/** A PUBREL to encode (section 3.6). */
export type PubrelPacket<V extends ProtocolVersion = ProtocolVersion> = AckPacket<
  'pubrel',
  PubrelReasonCode,
  V
>;
/** A PUBCOMP to encode (section 3.7). */
export type PubcompPacket<V extends ProtocolVersion = ProtocolVersion> = AckPacket<
  'pubcomp',
  PubrelReasonCode,
  V
>;

/** A PUBACK as it was decoded. */
export type DecodedPuback<V extends ProtocolVersion = ProtocolVersion> = DecodedAck<
  'puback',
  PubackReasonCode,
  V
>;
/** A PUBREC as it was decoded. */
export type DecodedPubrec<V extends ProtocolVersion = ProtocolVersion> = DecodedAck<
  'pubrec',
  PubackReasonCode,
  V
>;
/** A PUBREL as it was decoded. */
export type DecodedPubrel<V extends ProtocolVersion = ProtocolVersion> = DecodedAck<
  'pubrel',
  PubrelReasonCode,
  V
>;
/** A PUBCOMP as it was decoded. */
export type DecodedPubcomp<V extends ProtocolVersion = ProtocolVersion> = DecodedAck<
  'pubcomp',
  PubrelReasonCode,
  V
>;

export const PUBACK: ReasonRule<(typeof PUBACK_REASON_CODES)[number], AckProperties> =
  /* @__PURE__ */ reasonRule(0x40, ACK_PROPERTIES, PUBACK_REASON_CODES, PUBACK_SENDERS);
export const PUBREC: ReasonRule<(typeof PUBACK_REASON_CODES)[number], AckProperties> =
  /* @__PURE__ */ reasonRule(0x50, ACK_PROPERTIES, PUBACK_REASON_CODES, PUBACK_SENDERS);
export const PUBREL: ReasonRule<(typeof PUBREL_REASON_CODES)[number], AckProperties> =
  /* @__PURE__ */ reasonRule(0x62, ACK_PROPERTIES, PUBREL_REASON_CODES);
export const PUBCOMP: ReasonRule<(typeof PUBREL_REASON_CODES)[number], AckProperties> =
  /* @__PURE__ */ reasonRule(0x70, ACK_PROPERTIES, PUBREL_REASON_CODES);

export function readAck<T, C extends number>(
  r: Reader,
  type: T,
  rule: ReasonRule<C, AckProperties>,
): DecodedAck<T, C | UnknownReasonCode, 4> | DecodedAck<T, C | UnknownReasonCode, 5> {
  const packetId = readPacketId(r);
  if (r.version === 4) {
    finish(r);
    return { type, packetId };
  }
  const { reasonCode, properties } = readReasonTail(r, rule);
  return { type, packetId, reasonCode, properties };
}

export function writeAck(
  w: Writer,
  packet: AckPacket<unknown, number, ProtocolVersion>,
  rule: ReasonRule<number, AckProperties>,
): void {
  writePacketId(w, packet.packetId);
  writeReasonTail(w, packet, rule);
}

/**
 * Encodes a PUBACK packet (section 3.4). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodePuback({ type: 'puback', packetId: 7 }, 5); // => Uint8Array.of(0x40, 2, 0, 7)
 */
export function encodePuback<V extends ProtocolVersion>(
  packet: PubackPacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<PubackPacket>('puback', (w, each) => writeAck(w, each, PUBACK), packet, version, options);
}

/**
 * Decodes exactly one whole PUBACK packet (section 3.4). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodePuback(Uint8Array.of(0x40, 3, 0, 7, 0x87), 5).reasonCode; // => 0x87
 */
export function decodePuback<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedPuback<V> {
  return decodeOnly(4, (r) => readAck(r, 'puback', PUBACK), frame, version, options) as DecodedPuback<V>;
}

/**
 * Encodes a PUBREC packet (section 3.5). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodePubrec({ type: 'pubrec', packetId: 7 }, 5); // => Uint8Array.of(0x50, 2, 0, 7)
 */
export function encodePubrec<V extends ProtocolVersion>(
  packet: PubrecPacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<PubrecPacket>('pubrec', (w, each) => writeAck(w, each, PUBREC), packet, version, options);
}

/**
 * Decodes exactly one whole PUBREC packet (section 3.5). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodePubrec(Uint8Array.of(0x50, 3, 0, 7, 0x87), 5).reasonCode; // => 0x87
 */
export function decodePubrec<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedPubrec<V> {
  return decodeOnly(5, (r) => readAck(r, 'pubrec', PUBREC), frame, version, options) as DecodedPubrec<V>;
}

/**
 * Encodes a PUBREL packet (section 3.6). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodePubrel({ type: 'pubrel', packetId: 7 }, 5); // => Uint8Array.of(0x62, 2, 0, 7)
 */
export function encodePubrel<V extends ProtocolVersion>(
  packet: PubrelPacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<PubrelPacket>('pubrel', (w, each) => writeAck(w, each, PUBREL), packet, version, options);
}

/**
 * Decodes exactly one whole PUBREL packet (section 3.6). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodePubrel(Uint8Array.of(0x62, 3, 0, 7, 0x92), 5).reasonCode; // => 0x92
 */
export function decodePubrel<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedPubrel<V> {
  return decodeOnly(6, (r) => readAck(r, 'pubrel', PUBREL), frame, version, options) as DecodedPubrel<V>;
}

/**
 * Encodes a PUBCOMP packet (section 3.7). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodePubcomp({ type: 'pubcomp', packetId: 7 }, 5); // => Uint8Array.of(0x70, 2, 0, 7)
 */
export function encodePubcomp<V extends ProtocolVersion>(
  packet: PubcompPacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<PubcompPacket>(
    'pubcomp',
    (w, each) => writeAck(w, each, PUBCOMP),
    packet,
    version,
    options,
  );
}

/**
 * Decodes exactly one whole PUBCOMP packet (section 3.7). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodePubcomp(Uint8Array.of(0x70, 3, 0, 7, 0x92), 5).reasonCode; // => 0x92
 */
export function decodePubcomp<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedPubcomp<V> {
  return decodeOnly(7, (r) => readAck(r, 'pubcomp', PUBCOMP), frame, version, options) as DecodedPubcomp<V>;
}
