// pure: packets in words, for what a violation tells.
import type { Packet } from '../../packets/index.js';

/** A payload that was numbered by the tests, or what else it is. */
export function payloadWords(payload: Uint8Array | string | undefined): string {
  if (payload === undefined || payload.length === 0) return 'nothing';
  const text = typeof payload === 'string' ? payload : String.fromCharCode(...payload.subarray(0, 24));
  return JSON.stringify(text.split(' ')[0]);
}

const code = (reasonCode: number | undefined): string =>
  reasonCode === undefined || reasonCode === 0 ? '' : ` with 0x${reasonCode.toString(16).padStart(2, '0')}`;

/** One packet in a few words. */
export function packetWords(packet: Packet): string {
  const name = packet.type.toUpperCase();
  switch (packet.type) {
    case 'connect':
      return `${name} ${JSON.stringify(packet.clientId ?? '')}${packet.cleanStart ? ', clean start' : ''}`;
    case 'connack':
      return `${name}${code(packet.reasonCode)}${packet.sessionPresent ? ', session present' : ''}`;
    case 'publish': {
      const { topic, payload, qos = 0, packetId, dup = false, retain = false } = packet;
      const identified = packetId === undefined ? '' : `, id ${packetId}`;
      const flags = `${dup ? ', DUP' : ''}${retain ? ', RETAIN' : ''}`;
      return `${name} ${payloadWords(payload)} to ${topic}, QoS ${qos}${identified}${flags}`;
    }
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return `${name} ${packet.packetId}${code(packet.reasonCode)}`;
    case 'subscribe': {
      const filters = packet.subscriptions.map(({ topicFilter, qos = 0 }) => `${topicFilter} at ${qos}`);
      return `${name} ${packet.packetId} to ${filters.join(', ')}`;
    }
    case 'suback':
      return `${name} ${packet.packetId} with ${packet.reasonCodes.join(', ')}`;
    case 'unsubscribe':
      return `${name} ${packet.packetId} of ${packet.topicFilters.join(', ')}`;
    case 'unsuback':
      return `${name} ${packet.packetId}`;
    case 'disconnect':
    case 'auth':
      return `${name}${code(packet.reasonCode)}`;
    default:
      return name;
  }
}
