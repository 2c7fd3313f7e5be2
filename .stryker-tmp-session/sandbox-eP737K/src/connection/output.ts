// @ts-nocheck
// pure: the packets of one call as one run of bytes.
import { type Bytes, encode, encodedLength, encodeInto } from '../codec.js';
import type { ProtocolVersion } from '../errors.js';
import type { Packet } from '../packets/index.js';

/** Encodes packets one after another; the result has the memory of one buffer, each byte written once. */
export function encodeAll(packets: readonly Packet[], version: ProtocolVersion): Bytes {
  const [first] = packets;
  if (first !== undefined && packets.length === 1) return encode<ProtocolVersion>(first, version);
  let room = 0;
  for (const packet of packets) room += roomFor(packet, version);
  const bytes = new Uint8Array(room);
  let at = 0;
  for (const packet of packets) at += encodeInto<ProtocolVersion>(packet, version, bytes, at);
  return bytes.subarray(0, at);
}

/** As many bytes as a packet can have; of most packets this is known without writing them. */
function roomFor(packet: Packet, version: ProtocolVersion): number {
  switch (packet.type) {
    case 'pingresp':
      return 2;
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      if (packet.properties === undefined) return 6;
      break;
    case 'publish':
      if (packet.properties === undefined && typeof packet.payload === 'object') {
        return 16 + 3 * packet.topic.length + packet.payload.length;
      }
  }
  return encodedLength<ProtocolVersion>(packet, version);
}
