/** The channels that subscription requests have made: whose they are, and which notifications they get. */
import { createHash } from 'node:crypto';
import { FieldError, type Json } from '../fields/fields.js';
import type { Config } from './config.js';
import { type Filter, filterOf } from './filter.js';

interface Channel {
  readonly matches: Filter;
  readonly place: string;
  /** Client Identifiers. */
  readonly clients: Set<string>;
}

export class Channels {
  readonly #limits: Config['limits'];
  /** By topic. */
  readonly #channels = new Map<string, Channel>();
  /** Topics by index and collection. */
  readonly #places = new Map<string, Set<string>>();
  readonly #ofClient = new Map<string, Set<string>>();

  constructor(limits: Config['limits']) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#channels.size;
  }

  /** Gives the topic of the channel; whoever asks for the same has the same one. Throws FieldError. */
  join(clientId: string, index: string, collection: string, filter: Json): string {
    const place = JSON.stringify([index, collection]);
    const matches = filterOf(filter);
    const topic = createHash('sha256')
      .update(`${place}${JSON.stringify(filter)}`)
      .digest('hex')
      .slice(0, 32);
    const own = this.#ofClient.get(clientId) ?? new Set();
    const known = this.#channels.get(topic);
    const isFull = known === undefined && this.size >= this.#limits.channels;
    if (isFull || (!own.has(topic) && own.size >= this.#limits.channelsOfClient)) {
      throw new FieldError('channel', 'there are too many', 429);
    }
    const channel = known ?? { matches, place, clients: new Set() };
    channel.clients.add(clientId);
    this.#channels.set(topic, channel);
    this.#ofClient.set(clientId, own.add(topic));
    this.#places.set(place, (this.#places.get(place) ?? new Set()).add(topic));
    return topic;
  }

  /** False: the client has no such channel. */
  leave(clientId: string, topic: string): boolean {
    const own = this.#ofClient.get(clientId);
    const channel = this.#channels.get(topic);
    if (channel === undefined || !own?.delete(topic)) return false;
    if (own.size === 0) this.#ofClient.delete(clientId);
    channel.clients.delete(clientId);
    if (channel.clients.size > 0) return true;
    this.#channels.delete(topic);
    const others = this.#places.get(channel.place);
    others?.delete(topic);
    if (others?.size === 0) this.#places.delete(channel.place);
    return true;
  }

  leaveAll(clientId: string): void {
    for (const topic of [...(this.#ofClient.get(clientId) ?? [])]) this.leave(clientId, topic);
  }

  count(topic: string): number {
    return this.#channels.get(topic)?.clients.size ?? 0;
  }

  /** The topics of the channels that want such a body. */
  matching(index: string, collection: string, body: Json): readonly string[] {
    const topics = this.#places.get(JSON.stringify([index, collection])) ?? [];
    return [...topics].filter((topic) => this.#channels.get(topic)?.matches(body));
  }
}
