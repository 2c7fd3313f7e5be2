// pure: PINGREQ (section 3.12) and PINGRESP (section 3.13).
import { finish, type Reader } from '../bytes/reader.js';
import type { DecodeOptions, EncodeOptions } from '../bytes/settings.js';
import type { Writer } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { type Bytes, decodeOnly, encodeOnly } from './frame.js';

/** A PINGREQ, to encode or decoded. */
export type PingreqPacket<_V extends ProtocolVersion = ProtocolVersion> = { type: 'pingreq' };
/** A PINGRESP, to encode or decoded. */
export type PingrespPacket<_V extends ProtocolVersion = ProtocolVersion> = { type: 'pingresp' };

/** A PINGREQ as it was decoded. */
export type DecodedPingreq<_V extends ProtocolVersion = ProtocolVersion> = PingreqPacket;
/** A PINGRESP as it was decoded. */
export type DecodedPingresp<_V extends ProtocolVersion = ProtocolVersion> = PingrespPacket;

/** Reads the body of either, which is empty. */
export function readPing<T>(r: Reader, type: T): { type: T } {
  finish(r);
  return { type };
}

export function writePingreq(w: Writer): void {
  w.first = 0xc0;
}

export function writePingresp(w: Writer): void {
  w.first = 0xd0;
}

/**
 * Encodes a PINGREQ packet (section 3.12). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodePingreq({ type: 'pingreq' }, 5); // => Uint8Array.of(0xc0, 0)
 */
export function encodePingreq<V extends ProtocolVersion>(
  packet: PingreqPacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<PingreqPacket>('pingreq', writePingreq, packet, version, options);
}

/**
 * Decodes exactly one whole PINGREQ packet (section 3.12). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodePingreq(Uint8Array.of(0xc0, 0), 5); // => { type: 'pingreq' }
 */
export function decodePingreq<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedPingreq<V> {
  return decodeOnly(12, (r) => readPing(r, 'pingreq'), frame, version, options) as DecodedPingreq<V>;
}

/**
 * Encodes a PINGRESP packet (section 3.13). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodePingresp({ type: 'pingresp' }, 5); // => Uint8Array.of(0xd0, 0)
 */
export function encodePingresp<V extends ProtocolVersion>(
  packet: PingrespPacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<PingrespPacket>('pingresp', writePingresp, packet, version, options);
}

/**
 * Decodes exactly one whole PINGRESP packet (section 3.13). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodePingresp(Uint8Array.of(0xd0, 0), 5); // => { type: 'pingresp' }
 */
export function decodePingresp<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedPingresp<V> {
  return decodeOnly(13, (r) => readPing(r, 'pingresp'), frame, version, options) as DecodedPingresp<V>;
}
