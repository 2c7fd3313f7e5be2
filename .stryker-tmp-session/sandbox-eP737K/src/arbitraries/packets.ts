// @ts-nocheck
// pure: fast-check arbitraries of any valid packet, by version and direction.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import { encode } from '../codec.js';
import type { PacketType, ProtocolVersion } from '../errors.js';
import type { Bytes } from '../packets/frame.js';
import type { ClientPacket, Packet, PacketOf, ServerPacket } from '../packets/index.js';
import { maySend, PACKET_TYPES } from '../spec/packet-types.js';
import { auth, connack, connect, disconnect, pingreq, pingresp } from './connecting.js';
import type { PacketOptions } from './fields.js';
import { puback, pubcomp, publish, pubrec, pubrel } from './publishing.js';
import { suback, subscribe, unsuback, unsubscribe } from './subscribing.js';

const BY_TYPE: Readonly<Record<PacketType, (options: PacketOptions) => Arbitrary<Packet>>> = {
  connect,
  connack,
  publish,
  puback,
  pubrec,
  pubrel,
  pubcomp,
  subscribe,
  suback,
  unsubscribe,
  unsuback,
  pingreq,
  pingresp,
  disconnect,
  auth: ({ from }) => auth({ version: 5, from }),
};

/** A valid packet of that type. */
export function packetOfType(type: PacketType, options: PacketOptions): Arbitrary<Packet> {
  return BY_TYPE[type](options);
}

/** The types that a side may send, of either side where none is given. */
export function typesOf({ version, from }: PacketOptions): PacketType[] {
  return PACKET_TYPES.filter((type, number): type is PacketType => {
    if (type === undefined || (type === 'auth' && version === 4)) return false;
    return from === undefined || maySend(from, number, version);
  });
}

/**
 * Any valid packet of that version, of the sender where one is given. Every property, reason code and option
 * occurs, text and topics of all kinds, and sizes around the borders of length fields; counterexamples shrink
 * to few fields and short values.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(packet({ version: 5, from: 'client' }), (sent) => {
 *   const received = decode(encode(sent, 5), 5, { from: 'client' });
 *   return received.type === sent.type;
 * }));
 * ```
 */
export function packet<V extends ProtocolVersion>(options: {
  readonly version: V;
  readonly from: 'client';
}): Arbitrary<ClientPacket<V>>;
export function packet<V extends ProtocolVersion>(options: {
  readonly version: V;
  readonly from: 'server';
}): Arbitrary<ServerPacket<V>>;
export function packet<V extends ProtocolVersion>(options: PacketOptions<V>): Arbitrary<PacketOf<V>>;
export function packet(options: PacketOptions): Arbitrary<Packet> {
  return fc.oneof(...typesOf(options).map((type) => packetOfType(type, options)));
}

/**
 * The bytes of any valid packet of that version, in the canonical form that `encode` gives.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(packetBytes({ version: 4 }), (bytes) => encode(decode(bytes, 4), 4).length === bytes.length));
 * ```
 */
export function packetBytes(options: PacketOptions): Arbitrary<Bytes> {
  return packet(options).map((each) => encode(each as PacketOf<5>, options.version as 5));
}
