// @ts-nocheck
// pure: whole packets to bytes and back, for both versions and directions.
import type { DecodeOptions, EncodeOptions } from './bytes/settings.js';
import type { ProtocolVersion } from './errors.js';
import {
  type Bytes,
  decodeFrame,
  encodeFrame,
  encodeFrameInto,
  encodeFrameParts,
  frameLength,
} from './packets/frame.js';
import { type DecodedPacket, type Packet, type PacketOf, readPacket, writePacket } from './packets/index.js';

/**
 * Encodes a packet in its shortest legal form; the result owns the whole of its ArrayBuffer.
 *
 * Throws InvalidPacketError, naming the field, for whatever `decode` would refuse; TypeError for a
 * packet that is no object; RangeError for a version other than 4 and 5.
 *
 * @example
 * encode({ type: 'publish', topic: 'a', payload: 'hi' }, 5); // => Uint8Array.of(48, 6, 0, 1, 97, 0, 104, 105)
 */
export function encode<V extends ProtocolVersion>(
  packet: PacketOf<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeFrame<Packet>(writePacket, packet as Packet, version, options);
}

/**
 * Tells how many bytes {@link encode} would make, fixed header included, and throws what it throws.
 *
 * @example
 * encodedLength({ type: 'pingreq' }, 4); // => 2
 */
export function encodedLength<V extends ProtocolVersion>(packet: PacketOf<NoInfer<V>>, version: V): number {
  return frameLength<Packet>(writePacket, packet as Packet, version);
}

/**
 * Encodes a packet into memory of the caller's and returns the number of bytes written.
 *
 * Throws what {@link encode} throws, and RangeError when it does not fit; nothing is written then.
 *
 * @example
 * const target = new Uint8Array(16);
 * encodeInto({ type: 'pingresp' }, 4, target, 3); // => 2
 */
export function encodeInto<V extends ProtocolVersion>(
  packet: PacketOf<NoInfer<V>>,
  version: V,
  target: Uint8Array,
  offset = 0,
): number {
  return encodeFrameInto<Packet>(writePacket, packet as Packet, version, target, offset);
}

/**
 * Encodes a packet without copying its payload, for a writer that takes several pieces (writev).
 *
 * The second piece, where there is one, is the packet's own `payload`. Throws what {@link encode} throws.
 *
 * @example
 * const payload = new Uint8Array(100_000);
 * const [head, body] = encodeParts({ type: 'publish', topic: 'a', payload, qos: 0 }, 4);
 * head.length; // => 7
 * body === payload; // => true
 */
export function encodeParts<V extends ProtocolVersion>(
  packet: PacketOf<NoInfer<V>>,
  version: V,
): readonly [Bytes] | readonly [Bytes, Uint8Array] {
  return encodeFrameParts<Packet>(writePacket, packet as Packet, version);
}

/**
 * Decodes exactly one whole packet.
 *
 * Throws an MqttError (MalformedPacketError, ProtocolError or UnsupportedVersionError) for bytes that
 * are anything else; TypeError and RangeError for wrong arguments. Binary fields are views into
 * `frame` unless `options.copy` is set.
 *
 * @example
 * decode(Uint8Array.of(0x40, 2, 0, 7), 4); // => { type: 'puback', packetId: 7 }
 */
export function decode<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedPacket<V> {
  // The version that was read is the version that was asked for: readPacket checks it.
  return decodeFrame<DecodedPacket>(readPacket, frame, version, options) as DecodedPacket<V>;
}

export type { DecodeOptions, EncodeOptions, LenientRule, Sender } from './bytes/settings.js';
export {
  type ErrorCode,
  type ErrorFields,
  type InvalidPacketCode,
  InvalidPacketError,
  isMqttError,
  type MalformedCode,
  MalformedPacketError,
  MqttError,
  PacketTooLargeError,
  type PacketType,
  ProtocolError,
  type ProtocolErrorCode,
  type ProtocolVersion,
  UnsupportedVersionError,
} from './errors.js';
export {
  type AckPacket,
  type DecodedAck,
  type DecodedPuback,
  type DecodedPubcomp,
  type DecodedPubrec,
  type DecodedPubrel,
  decodePuback,
  decodePubcomp,
  decodePubrec,
  decodePubrel,
  encodePuback,
  encodePubcomp,
  encodePubrec,
  encodePubrel,
  type PubackPacket,
  type PubcompPacket,
  type PubrecPacket,
  type PubrelPacket,
} from './packets/acks.js';
export {
  type AuthPacket,
  type DecodedAuth,
  decodeAuth,
  encodeAuth,
} from './packets/auth.js';
export {
  type ConnackPacket,
  type DecodedConnack,
  decodeConnack,
  encodeConnack,
} from './packets/connack.js';
export {
  type ConnectPacket,
  type DecodedConnect,
  type DecodedWill,
  decodeConnect,
  encodeConnect,
  type Will,
} from './packets/connect.js';
export {
  type DecodedDisconnect,
  type DisconnectPacket,
  decodeDisconnect,
  encodeDisconnect,
} from './packets/disconnect.js';
export type { Bytes } from './packets/frame.js';
export type {
  ClientPacket,
  DecodedClientPacket,
  DecodedPacket,
  DecodedServerPacket,
  Packet,
  PacketOf,
  ServerPacket,
} from './packets/index.js';
export { normalize } from './packets/normalize.js';
export {
  type DecodedPingreq,
  type DecodedPingresp,
  decodePingreq,
  decodePingresp,
  encodePingreq,
  encodePingresp,
  type PingreqPacket,
  type PingrespPacket,
} from './packets/ping.js';
export {
  type DecodedPublish,
  type DecodedPublishFields,
  decodePublish,
  encodePublish,
  type PublishDelivery,
  type PublishFields,
  type PublishPacket,
} from './packets/publish.js';
export {
  type DecodedSuback,
  type DecodedUnsuback,
  decodeSuback,
  decodeUnsuback,
  encodeSuback,
  encodeUnsuback,
  type SubackPacket,
  type UnsubackPacket,
} from './packets/suback.js';
export {
  type DecodedSubscribe,
  type DecodedSubscription,
  decodeSubscribe,
  encodeSubscribe,
  type SubscribePacket,
  type Subscription,
} from './packets/subscribe.js';
export {
  type DecodedUnsubscribe,
  decodeUnsubscribe,
  encodeUnsubscribe,
  type UnsubscribePacket,
} from './packets/unsubscribe.js';
export * from './spec/limits.js';
export { PACKET_TYPES } from './spec/packet-types.js';
export {
  type AckProperties,
  type AuthProperties,
  type ConnackProperties,
  type ConnectProperties,
  type DisconnectProperties,
  PROPERTIES,
  PROPERTY_TYPES,
  type Properties,
  type PropertyRow,
  type PropertyType,
  type PublishProperties,
  type SubscribeProperties,
  type UnsubscribeProperties,
  type UserProperty,
  type WillProperties,
} from './spec/properties.js';
export * from './spec/reason-codes.js';
