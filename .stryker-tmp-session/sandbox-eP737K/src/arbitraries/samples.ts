// @ts-nocheck
// pure: small right packets put together by hand, byte by byte, into which wrong bytes go.
import type { PacketType, ProtocolVersion } from '../errors.js';
import type { Bytes } from '../packets/frame.js';
import type { PropertySetName } from './properties.js';
import { type RawPiece, rawBytes, rawFrame, rawProperties, rawProperty, rawString } from './raw.js';

/** The first byte of each packet; that of a PUBLISH has QoS 1. */
export const FIRST_BYTES: Readonly<Record<PacketType, number>> = {
  connect: 0x10,
  connack: 0x20,
  publish: 0x32,
  puback: 0x40,
  pubrec: 0x50,
  pubrel: 0x62,
  pubcomp: 0x70,
  subscribe: 0x82,
  suback: 0x90,
  unsubscribe: 0xa2,
  unsuback: 0xb0,
  pingreq: 0xc0,
  pingresp: 0xd0,
  disconnect: 0xe0,
  auth: 0xf0,
};

/** Pieces of a packet that may be replaced; all but the properties are there in both versions. */
export interface Pieces {
  readonly packetId?: RawPiece | undefined;
  /** A string with its length: a topic, a filter, a Client Identifier. */
  readonly string?: RawPiece | undefined;
  /** The reason code, Subscription Options or return codes. */
  readonly codes?: RawPiece | undefined;
  /** The property section with its length, or that of the will. */
  readonly properties?: RawPiece | undefined;
}

/** Authentication Method, which an AUTH cannot do without. */
export const METHOD: Bytes = rawProperty(0x15, rawString('m'));

const WITH_ID: ReadonlySet<PacketType> = new Set([
  ...(['publish', 'puback', 'pubrec', 'pubrel', 'pubcomp'] as const),
  ...(['subscribe', 'suback', 'unsubscribe', 'unsuback'] as const),
]);

export const hasPacketId = (type: PacketType): boolean => WITH_ID.has(type);

/** The body of a packet, valid unless a piece is not. */
export function sampleBody(type: PacketType, version: ProtocolVersion, pieces: Pieces = {}): Bytes {
  const { packetId = [0, 1], string = rawString('a') } = pieces;
  const codes = pieces.codes ?? (type === 'auth' ? 0x18 : 0);
  const properties =
    version === 4 ? [] : (pieces.properties ?? rawProperties(type === 'auth' ? [METHOD] : []));
  switch (type) {
    case 'connect':
      return connectBody(version, 0x02, properties, string);
    case 'connack':
      return rawBytes(0, codes, properties);
    case 'publish':
      return rawBytes(string, packetId, properties);
    case 'subscribe':
      return rawBytes(packetId, properties, string, codes);
    case 'suback':
      return rawBytes(packetId, properties, codes);
    case 'unsubscribe':
      return rawBytes(packetId, properties, string);
    case 'unsuback':
      return rawBytes(packetId, properties, version === 4 ? [] : codes);
    case 'pingreq':
    case 'pingresp':
      return rawBytes();
    case 'disconnect':
    case 'auth':
      return rawBytes(version === 4 ? [] : codes, properties);
    default:
      return rawBytes(packetId, version === 4 ? [] : codes, properties);
  }
}

/** The body of a CONNECT with those flags, and what comes after the Client Identifier. */
export function connectBody(
  version: ProtocolVersion,
  flags: number,
  properties: RawPiece,
  clientId: RawPiece = rawString('c'),
  ...rest: readonly RawPiece[]
): Bytes {
  return rawBytes(rawString('MQTT'), version, flags, [0, 60], properties, clientId, ...rest);
}

/** No properties: a byte in MQTT 5.0, nothing in 3.1.1. */
export const noProperties = (version: ProtocolVersion): RawPiece => (version === 4 ? [] : 0);

/** A whole packet. */
export function sample(type: PacketType, version: ProtocolVersion, pieces?: Pieces): Bytes {
  return rawFrame(FIRST_BYTES[type], sampleBody(type, version, pieces));
}

/** A whole packet of MQTT 5.0 with that property section, in the will where the set is the will's. */
export function sampleWith(set: PropertySetName, properties: RawPiece): Bytes {
  if (set !== 'will') return sample(set, 5, { properties });
  const rest = [properties, rawString('w'), rawString('')];
  return rawFrame(0x10, connectBody(5, 0x06, 0, rawString('c'), ...rest));
}

/** The packet type that a set of properties stands in. */
export const typeOfSet = (set: PropertySetName): PacketType => (set === 'will' ? 'connect' : set);
