// pure: AUTH (section 3.15, MQTT 5.0 only): its type, and how it is read and written.
import { failure } from '../bytes/place.js';
import type { Reader } from '../bytes/reader.js';
import type { DecodeOptions, EncodeOptions } from '../bytes/settings.js';
import type { Writer } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { AUTH_PROPERTIES, type AuthProperties } from '../spec/properties.js';
import { AUTH_REASON_CODES, AUTH_SENDERS, type AuthReasonCode } from '../spec/reason-codes.js';
import { type Bytes, decodeOnly, encodeOnly } from './frame.js';
import { checkMethod, readReasonTail, reasonRule, writeReasonTail } from './reasons.js';

/** An AUTH to encode. */
export type AuthPacket<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? {
      type: 'auth';
      /** Absent: 0x00, Success. */
      reasonCode?: AuthReasonCode | undefined;
      /** The Authentication Method is required. */
      properties: AuthProperties & { authenticationMethod: string };
    }
  : never;

/** An AUTH as it was decoded. */
export type DecodedAuth<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? {
      type: 'auth';
      reasonCode: AuthReasonCode;
      properties: AuthProperties & { authenticationMethod: string };
    }
  : never;

const RULE = /* @__PURE__ */ reasonRule(0xf0, AUTH_PROPERTIES, AUTH_REASON_CODES, AUTH_SENDERS);

export function readAuth(r: Reader): DecodedAuth {
  const { reasonCode, properties } = readReasonTail(r, RULE);
  checkMethod(r, true, r.at);
  return { type: 'auth', reasonCode, properties: properties as DecodedAuth['properties'] };
}

export function writeAuth(w: Writer, packet: AuthPacket): void {
  if (w.version === 4) throw failure(w, 'not-in-this-version', 'type');
  writeReasonTail(w, packet, RULE);
  checkMethod(w, true);
}

/**
 * Encodes a AUTH packet (section 3.15). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodeAuth({ type: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'X' } }, 5).length; // => 8
 */
export function encodeAuth<V extends ProtocolVersion>(
  packet: AuthPacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<AuthPacket>('auth', writeAuth, packet, version, options);
}

/**
 * Decodes exactly one whole AUTH packet (section 3.15). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodeAuth(Uint8Array.of(0xf0, 6, 0x18, 4, 0x15, 0, 1, 0x58), 5).properties; // => { authenticationMethod: 'X' }
 */
export function decodeAuth<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedAuth<V> {
  return decodeOnly(15, readAuth, frame, version, options) as DecodedAuth<V>;
}
