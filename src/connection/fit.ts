// pure: what the peer's Maximum Packet Size and Request Problem Information leave of a packet.
import { encodedLength } from '../codec.js';
import type { MqttError, ProtocolVersion } from '../errors.js';
import type { Packet } from '../packets/index.js';
import { tooLarge } from '../session/failures.js';
import type { AckProperties } from '../spec/properties.js';
import type { Terms } from './state.js';

/** Packets whose Reason String and User Properties are there for people only, and can be spared. */
export type Explained = Extract<
  Packet,
  {
    type:
      | 'connack'
      | 'puback'
      | 'pubrec'
      | 'pubrel'
      | 'pubcomp'
      | 'suback'
      | 'unsuback'
      | 'disconnect'
      | 'auth';
  }
>;

// What a packet without properties has at most, lists of Reason Codes apart.
const BARE = 8;

function without<P extends Explained>(packet: P, ...names: readonly (keyof AckProperties)[]): P {
  const properties: AckProperties = { ...packet.properties };
  for (const name of names) delete properties[name];
  return { ...packet, properties };
}

/**
 * The packet as it may be sent: without Reason String and User Properties where the client did not ask for them,
 * and without as many of them as it takes to fit the peer's Maximum Packet Size (for instance section 3.4.2.2.2).
 * The error for a packet that is too large even then.
 */
export function fitted<P extends Explained>(
  packet: P,
  terms: Terms,
  role: 'client' | 'server',
): P | MqttError {
  const { version, peers } = terms;
  const limit = peers.maximumPacketSize;
  let fit = packet;
  const { type, properties } = packet;
  const explains = properties?.reasonString !== undefined || properties?.userProperties !== undefined;
  if (
    explains &&
    role === 'server' &&
    !terms.problemInformation &&
    type !== 'connack' &&
    type !== 'disconnect'
  ) {
    fit = without(fit, 'reasonString', 'userProperties');
  } else if (!explains && limit >= BARE && properties === undefined && !('reasonCodes' in packet)) {
    return packet;
  }
  if (sizeIn(fit, version) <= limit) return fit;
  fit = without(fit, 'userProperties');
  if (sizeIn(fit, version) <= limit) return fit;
  fit = without(fit, 'reasonString');
  const size = sizeIn(fit, version);
  return size <= limit
    ? fit
    : tooLarge(size, limit, { version, packetType: type, statement: sizeRule(role) });
}

function sizeIn(packet: Explained, version: ProtocolVersion): number {
  return encodedLength<ProtocolVersion>(packet, version);
}

/** The statement that forbids that side packets over the peer's Maximum Packet Size. */
export function sizeRule(role: 'client' | 'server'): string {
  return role === 'client' ? '|3.2.2-15' : '|3.1.2-24';
}
