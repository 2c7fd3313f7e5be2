/** Control characters that the standard advises against in strings, and lets a server refuse (section 1.5.4). */
import type { DecodedPacket } from '../../../src/index.js';

/** Whether a packet names something with one of them: a client, a user, a topic or a filter. */
export function namesWithControls(packet: DecodedPacket): boolean {
  switch (packet.type) {
    case 'connect':
      return [packet.clientId, packet.username ?? '', packet.will?.topic ?? ''].some(hasControls);
    case 'publish':
      return hasControls(packet.topic);
    case 'subscribe':
      return packet.subscriptions.some(({ topicFilter }) => hasControls(topicFilter));
    case 'unsubscribe':
      return packet.topicFilters.some(hasControls);
    default:
      return false;
  }
}

export function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}
