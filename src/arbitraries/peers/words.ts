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
    case 'connect': {
      const { clientId, cleanStart, will } = packet;
      const delay = will?.properties?.willDelayInterval;
      const left = will === undefined ? '' : `, will ${payloadWords(will.payload)} to ${will.topic}`;
      const late = delay === undefined ? '' : ` in ${delay} s`;
      return `${name} ${JSON.stringify(clientId)}${cleanStart ? ', clean start' : ''}${left}${late}`;
    }
    case 'connack':
      return `${name}${code(packet.reasonCode)}${packet.sessionPresent ? ', session present' : ''}`;
    case 'publish': {
      const { topic, payload, qos = 0, packetId, dup = false, retain = false } = packet;
      const identified = packetId === undefined ? '' : `, id ${packetId}`;
      const flags = `${dup ? ', DUP' : ''}${retain ? ', RETAIN' : ''}`;
      const { topicAlias, messageExpiryInterval } = packet.properties ?? {};
      const alias = topicAlias === undefined ? '' : `, alias ${topicAlias}`;
      const expiry = messageExpiryInterval === undefined ? '' : `, expires in ${messageExpiryInterval} s`;
      const to = topic === '' ? 'what its alias stands for' : topic;
      return `${name} ${payloadWords(payload)} to ${to}${alias}, QoS ${qos}${identified}${flags}${expiry}`;
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
    case 'disconnect': {
      const endsSession = packet.properties?.sessionExpiryInterval === 0;
      return `${name}${code(packet.reasonCode)}${endsSession ? ', the session ends' : ''}`;
    }
    case 'auth':
      return `${name}${code(packet.reasonCode)}`;
    default:
      return name;
  }
}
