// @ts-nocheck
// pure: the MQTT Control Packet types (section 2.1.2) and their fixed-header flags (section 2.1.3).
import type { Sender } from '../bytes/settings.js';
import type { PacketType } from '../errors.js';

/**
 * The packet types by their number on the wire; 0 is reserved, and so is 15 in MQTT 3.1.1.
 *
 * @example
 * PACKET_TYPES[3]; // => 'publish'
 */
export const PACKET_TYPES: readonly [undefined, ...PacketType[]] = [
  undefined,
  'connect',
  'connack',
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'subscribe',
  'suback',
  'unsubscribe',
  'unsuback',
  'pingreq',
  'pingresp',
  'disconnect',
  'auth',
];

// One bit per packet type number.
const FLAGS_ARE_2 = 0x0540; // PUBREL, SUBSCRIBE, UNSUBSCRIBE
const CLIENT_SENDS = 0xd5fa;
const SERVER_SENDS = { 4: 0x2afc, 5: 0xeafc } as const;

/** The low nibble that a packet type has in its fixed header; that of PUBLISH varies. */
export function fixedHeaderFlags(type: number): number {
  return ((FLAGS_ARE_2 >> type) & 1) << 1;
}

/** Whether that side may send packets of that type (table 2-1). */
export function maySend(sender: Sender, type: number, version: 4 | 5): boolean {
  return (((sender === 'client' ? CLIENT_SENDS : SERVER_SENDS[version]) >> type) & 1) === 1;
}
