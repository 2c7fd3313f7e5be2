// pure: everything but adapters and arbitraries.
export type { DecodeOptions, EncodeOptions, LenientRule, Sender } from './bytes/settings.js';
export { decode, encode, encodedLength, encodeInto, encodeParts } from './codec.js';
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
  decodePublish,
  encodePublish,
  type PublishDelivery,
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
export * from './stream/index.js';
export * from './topics/index.js';
