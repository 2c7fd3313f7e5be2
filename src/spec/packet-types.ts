// pure: the MQTT Control Packet types (section 2.1.2) and their fixed-header flags (section 2.1.3).
import type { Sender } from '../bytes/settings.js';
import type { PacketType } from '../errors.js';

// One bit per packet type number.
const FLAGS_ARE_2 = 0x0540; // PUBREL, SUBSCRIBE, UNSUBSCRIBE
const CLIENT_SENDS = 0xd5fa;
const SERVER_SENDS_4 = 0x2afc;
const SERVER_SENDS_5 = 0xeafc;

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

/** The low nibble that a packet type has in its fixed header; that of PUBLISH varies. */
export function fixedHeaderFlags(type: number): number {
  return (FLAGS_ARE_2 >> (type - 1)) & 2;
}

/** Whether that side may send packets of that type (table 2-1). */
export function maySend(sender: Sender, type: number, version: 0 | 4 | 5): boolean {
  const types = sender === 'client' ? CLIENT_SENDS : version === 4 ? SERVER_SENDS_4 : SERVER_SENDS_5;
  return (types & (1 << type)) !== 0;
}
