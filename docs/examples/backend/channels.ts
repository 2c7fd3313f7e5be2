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

/** Topics, by whatever they belong to. */
type Topics = Map<string, Set<string>>;

export class Channels {
  readonly #limits: Config['limits'];
  /** By topic. */
  readonly #channels = new Map<string, Channel>();
  /** By index and collection. */
  readonly #places: Topics = new Map();
  readonly #ofClient: Topics = new Map();

  constructor(limits: Config['limits']) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#channels.size;
  }

  /** Gives the topic of the channel; whoever asks for the same has the same one. Throws FieldError. */
  join(clientId: string, index: string, collection: string, filter: Json): string {
    const place = JSON.stringify([index, collection]);
    const hash = createHash('sha256').update(`${place}${JSON.stringify(filter)}`);
    const topic = hash.digest('hex').slice(0, 32);
    const known = this.#channels.get(topic);
    const channel = known ?? { matches: filterOf(filter), place, clients: new Set() };
    const isFull = known === undefined && this.size >= this.#limits.channels;
    const own = this.#ofClient.get(clientId);
    if (isFull || (!own?.has(topic) && (own?.size ?? 0) >= this.#limits.channelsOfClient)) {
      throw new FieldError('channel', 'there are too many', 429);
    }
    channel.clients.add(clientId);
    this.#channels.set(topic, channel);
    add(this.#ofClient, clientId, topic);
    add(this.#places, place, topic);
    return topic;
  }

  /** False: the client has no such channel. */
  leave(clientId: string, topic: string): boolean {
    const channel = this.#channels.get(topic);
    if (channel === undefined || !remove(this.#ofClient, clientId, topic)) return false;
    channel.clients.delete(clientId);
    if (channel.clients.size > 0) return true;
    this.#channels.delete(topic);
    return remove(this.#places, channel.place, topic);
  }

  leaveAll(clientId: string): void {
    for (const topic of this.#ofClient.get(clientId) ?? []) this.leave(clientId, topic);
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

function add(topics: Topics, key: string, topic: string): void {
  topics.set(key, (topics.get(key) ?? new Set()).add(topic));
}

/** False: it was not there. */
function remove(topics: Topics, key: string, topic: string): boolean {
  const own = topics.get(key);
  const wasThere = own?.delete(topic) === true;
  if (own?.size === 0) topics.delete(key);
  return wasThere;
}
