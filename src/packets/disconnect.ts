// pure: DISCONNECT (section 3.14): its type, and how it is read and written.
import { finish, type Reader } from '../bytes/reader.js';
import type { DecodeOptions, EncodeOptions } from '../bytes/settings.js';
import type { Writer } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { DISCONNECT_PROPERTIES, type DisconnectProperties } from '../spec/properties.js';
import {
  DISCONNECT_REASON_CODES,
  DISCONNECT_SENDERS,
  type DisconnectReasonCode,
} from '../spec/reason-codes.js';
import { type Bytes, decodeOnly, encodeOnly } from './frame.js';
import { readReasonTail, reasonRule, writeReasonTail } from './reasons.js';

/** A DISCONNECT to encode. */
export type DisconnectPacket<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? {
      type: 'disconnect';
      /** Absent: 0x00, Normal disconnection. */
      reasonCode?: DisconnectReasonCode | undefined;
      properties?: DisconnectProperties | undefined;
    }
  : { type: 'disconnect'; reasonCode?: undefined; properties?: undefined };

/** A DISCONNECT as it was decoded. */
export type DecodedDisconnect<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? { type: 'disconnect'; reasonCode: DisconnectReasonCode; properties: DisconnectProperties }
  : { type: 'disconnect'; reasonCode?: undefined; properties?: undefined };

const RULE = /* @__PURE__ */ reasonRule(
  0xe0,
  DISCONNECT_PROPERTIES,
  DISCONNECT_REASON_CODES,
  DISCONNECT_SENDERS,
);

export function readDisconnect(r: Reader): DecodedDisconnect {
  if (r.version === 4) {
    finish(r);
    return { type: 'disconnect' };
  }
  const { reasonCode, properties } = readReasonTail(r, RULE);
  return { type: 'disconnect', reasonCode, properties };
}

export function writeDisconnect(w: Writer, packet: DisconnectPacket): void {
  writeReasonTail(w, packet, RULE);
}

/**
 * Encodes a DISCONNECT packet (section 3.14). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodeDisconnect({ type: 'disconnect', reasonCode: 0x04 }, 5); // => Uint8Array.of(0xe0, 1, 0x04)
 */
export function encodeDisconnect<V extends ProtocolVersion>(
  packet: DisconnectPacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<DisconnectPacket>('disconnect', writeDisconnect, packet, version, options);
}

/**
 * Decodes exactly one whole DISCONNECT packet (section 3.14). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodeDisconnect(Uint8Array.of(0xe0, 0), 5).reasonCode; // => 0
 */
export function decodeDisconnect<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedDisconnect<V> {
  return decodeOnly(14, readDisconnect, frame, version, options) as DecodedDisconnect<V>;
}
