/** Retained messages: the last one of each topic (section 3.3.1.3). */
import { topicMatches } from '../../../src/index.js';
import { isExpired, type Message } from './message.js';
import type { Journal, Limits } from './options.js';

export class Retained {
  readonly #messages = new Map<string, Message>();
  readonly #limits: Limits;
  readonly #journal: Journal | undefined;
  #bytes = 0;

  constructor(limits: Limits, journal?: Journal) {
    this.#limits = limits;
    this.#journal = journal;
  }

  get size(): number {
    return this.#messages.size;
  }

  /** Whether a message with RETAIN can be kept; if need be, those that have expired make room. */
  hasRoom(message: Message, now: number): boolean {
    if (message.payload.length === 0 || this.#fits(message)) return true;
    for (const kept of this.#messages.values()) if (isExpired(kept, now)) this.#delete(kept.topic);
    return this.#fits(message);
  }

  /** Keeps a message instead of the one before; an empty one only takes that away. There is room for it. */
  store(message: Message): void {
    this.#delete(message.topic);
    if (message.payload.length === 0) return;
    // Kept for long, it must not hold on to memory that it shares with others.
    this.#messages.set(message.topic, { ...message, payload: new Uint8Array(message.payload) });
    this.#bytes += sizeOf(message);
    this.#journal?.retained(message.topic, message);
  }

  /** The messages that a new subscription gets. */
  matching(filter: string, version: 4 | 5, now: number): Message[] {
    const found: Message[] = [];
    const take = (message: Message | undefined): void => {
      if (message === undefined) return;
      if (isExpired(message, now)) this.#delete(message.topic);
      else found.push(message);
    };
    if (!/[+#]/.test(filter)) take(this.#messages.get(filter));
    else {
      for (const message of this.#messages.values()) {
        if (topicMatches(filter, message.topic, version)) take(message);
      }
    }
    return found;
  }

  #fits(message: Message): boolean {
    const before = this.#messages.get(message.topic);
    const size = this.#messages.size + (before === undefined ? 1 : 0);
    const bytes = this.#bytes + sizeOf(message) - (before === undefined ? 0 : sizeOf(before));
    return size <= this.#limits.retainedMessages && bytes <= this.#limits.retainedBytes;
  }

  #delete(topic: string): void {
    const message = this.#messages.get(topic);
    if (message === undefined) return;
    this.#messages.delete(topic);
    this.#bytes -= sizeOf(message);
    this.#journal?.retained(topic, undefined);
  }
}

/** About what a message takes: properties are few, and what they hold counts as a character each. */
function sizeOf({ topic, payload, properties }: Message): number {
  const rest = properties === undefined ? 0 : JSON.stringify(properties).length;
  return topic.length + payload.length + rest;
}
