// pure: the Packet Identifier (section 2.2.1) on the way in.
import { failure } from '../bytes/place.js';
import { type Reader, readTwoBytes } from '../bytes/reader.js';

/** Reads a Packet Identifier, which is never 0. */
export function readPacketId(r: Reader): number {
  const packetId = readTwoBytes(r, 'packetId');
  if (!packetId) throw failure(r, 'zero-packet-id', 'packetId', '2.3.1-1|2.2.1-3');
  return packetId;
}
