// owned: the Topic Aliases of one network connection of MQTT 5.0, of both directions.
import type { Sender } from '../../bytes/settings.js';
import type { DecodedPublish, PublishPacket } from '../../packets/publish.js';
import type { Trial } from './trial.js';
import { payloadWords } from './words.js';

/** A PUBLISH of no topic and the last of all Topic Aliases, which stands for nothing. */
export const UNKNOWN_ALIAS: Uint8Array = /* @__PURE__ */ Uint8Array.of(0x30, 6, 0, 0, 3, 0x23, 0xff, 0xff);

export class Aliases {
  readonly #theirs = new Map<number, string>();
  readonly #ours = new Map<number, string>();
  /** The highest that the peer may use; 0: none. */
  accepted = 0;
  /** The highest that the peer takes; 0: none. */
  offered = 0;

  constructor(
    readonly trial: Trial,
    readonly who: string,
    readonly peer: Sender,
  ) {}

  /** A network connection is new, and knows no alias. */
  begin(): void {
    this.#theirs.clear();
    this.#ours.clear();
    this.accepted = 0;
    this.offered = 0;
  }

  /** A PUBLISH of the peer with its topic, which an alias may stand for. */
  resolve(packet: DecodedPublish): DecodedPublish {
    const alias = packet.properties?.topicAlias;
    if (alias === undefined) return packet;
    const { trial, who, accepted } = this;
    const words = `${who} gets ${payloadWords(packet.payload)} with Topic Alias ${alias}`;
    if (accepted === 0 && this.peer === 'server') trial.accuse('no-topic-alias', `${words}, and takes none`);
    else if (alias > accepted) {
      const rule = this.peer === 'server' ? 'topic-alias-maximum' : 'server-topic-alias-maximum';
      trial.accuse(rule, `${words}, and takes ${accepted} at most`);
    }
    if (packet.topic !== '') {
      this.#theirs.set(alias, packet.topic);
      return packet;
    }
    const topic = this.#theirs.get(alias);
    if (topic === undefined) trial.accuse('topic-alias-unknown', `${words}, which stands for no topic`);
    return topic === undefined ? packet : { ...packet, topic };
  }

  /** A PUBLISH of ours with an alias, if the peer takes it; without its topic where the peer knows the alias by now. */
  shorten<T extends PublishPacket<5>>(packet: T, alias: number | undefined): T {
    if (alias === undefined || alias > this.offered) return packet;
    const isKnown = this.#ours.get(alias) === packet.topic;
    this.#ours.set(alias, packet.topic);
    const properties = { ...packet.properties, topicAlias: alias };
    return { ...packet, topic: isKnown ? '' : packet.topic, properties };
  }
}
