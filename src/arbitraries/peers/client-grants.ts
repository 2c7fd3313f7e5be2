// owned: what a client under test has subscribed to, as the server of the test has granted it.
import type { ProtocolVersion } from '../../errors.js';
import type { DecodedPacket, Packet } from '../../packets/index.js';
import { topicMatches } from '../../topics/match.js';
import { least, type QoS } from './broker-messages.js';

export type Request = Extract<DecodedPacket, { type: 'subscribe' | 'unsubscribe' }>;

export class Grants {
  readonly #granted = new Map<string, QoS>();

  /** The session is over. */
  clear(): void {
    this.#granted.clear();
  }

  /** Grants whatever is asked for, and gives the answer to it. */
  answer(packet: Request, version: ProtocolVersion): Packet {
    const { packetId } = packet;
    if (packet.type === 'unsubscribe') {
      for (const filter of packet.topicFilters) this.#granted.delete(filter);
      const reasonCodes = packet.topicFilters.map(() => 0 as const);
      return version === 4 ? { type: 'unsuback', packetId } : { type: 'unsuback', packetId, reasonCodes };
    }
    const reasonCodes = packet.subscriptions.map(({ qos }) => qos);
    for (const { topicFilter, qos } of packet.subscriptions) this.#granted.set(topicFilter, qos);
    return { type: 'suback', packetId, reasonCodes };
  }

  #matching(topic: string): QoS[] {
    return [...this.#granted].filter(([filter]) => topicMatches(filter, topic)).map(([, qos]) => qos);
  }

  has(topic: string): boolean {
    return this.#matching(topic).length > 0;
  }

  /** The QoS of a message to a topic that the client is subscribed to. */
  atMost(topic: string, qos: QoS): QoS {
    const highest = this.#matching(topic).reduce<QoS>((most, each) => (each > most ? each : most), 0);
    return least(qos, highest);
  }
}
