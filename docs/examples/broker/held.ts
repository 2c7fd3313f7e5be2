/** QoS 0 messages that wait for the socket of one client, first in, first out. */
import type { Grant, Message } from './message.js';

export interface HeldMessage {
  readonly message: Message;
  readonly grant: Grant;
  readonly retain: boolean;
}

/** How many places at the beginning may be empty: an array gives up its first element in time that grows with it. */
const GAP = 1_000;

export class HeldMessages {
  #messages: HeldMessage[] = [];
  #first = 0;
  bytes = 0;

  get size(): number {
    return this.#messages.length - this.#first;
  }

  push(held: HeldMessage): void {
    this.#messages.push(held);
    this.bytes += held.message.payload.length;
  }

  /** The message that has waited longest; there is one. */
  shift(): HeldMessage {
    const held = this.#messages[this.#first++]!;
    this.bytes -= held.message.payload.length;
    if (this.size === 0) this.clear();
    else if (this.#first === GAP) {
      this.#messages.splice(0, GAP);
      this.#first = 0;
    }
    return held;
  }

  clear(): void {
    this.#messages = [];
    this.#first = 0;
    this.bytes = 0;
  }
}
