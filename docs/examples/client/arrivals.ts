/** Messages that have come: to whom they are handed, which are not done with, and their acknowledgements. */
import type { DecodedPublish } from '../../../src/index.js';
import type { Inbox } from './inbox.js';
import type { Line } from './line.js';
import type { ClientOptions } from './options.js';
import type { Arrival } from './subscription.js';

export class Arrivals {
  readonly #line: Line;
  readonly #inbox: Inbox;
  readonly #onMessage: ClientOptions['onMessage'];
  readonly #over: AbortController;
  readonly #save: () => void;
  /** Counts the sessions. */
  #session = 0;
  /** QoS 2 messages that are delivered and not done with, by Packet Identifier: they have to be stored. */
  readonly #undone = new Map<number, Arrival>();
  /** Settles when `onMessage` is done with what has come. */
  #handing = Promise.resolve();

  /** `save` stores the session, which an acknowledgement has changed. */
  constructor(
    line: Line,
    inbox: Inbox,
    onMessage: ClientOptions['onMessage'],
    over: AbortController,
    save: () => void,
  ) {
    this.#line = line;
    this.#inbox = inbox;
    this.#onMessage = onMessage;
    this.#over = over;
    this.#save = save;
  }

  get undone(): DecodedPublish[] {
    return [...this.#undone.values()].map(({ packet }) => packet);
  }

  /** The session is another one. */
  sessionDiscarded(): void {
    this.#session++;
    this.#undone.clear();
  }

  /** A message that has just come, or that an earlier process was not done with. */
  add(packet: DecodedPublish): Arrival {
    const arrival: Arrival = { packet, link: this.#line.link, session: this.#session, claims: 0 };
    if (packet.qos === 2) this.#undone.set(packet.packetId, arrival);
    return arrival;
  }

  /** Hands them to `onMessage`, which the promise waits for, or without one to the subscriptions. */
  handOut(arrivals: readonly Arrival[]): Promise<void> | undefined {
    const onMessage = this.#onMessage;
    if (onMessage === undefined) {
      for (const unclaimed of this.#inbox.deliver(arrivals)) this.done(unclaimed);
      return undefined;
    }
    this.#handing = this.#handing.then(() => this.#handOver(arrivals, onMessage));
    return this.#handing;
  }

  async #handOver(
    arrivals: readonly Arrival[],
    onMessage: NonNullable<ClientOptions['onMessage']>,
  ): Promise<void> {
    for (const arrival of arrivals) {
      if (this.#over.signal.aborted) return;
      try {
        await onMessage(arrival.packet);
      } catch (error) {
        // Neither this one nor any that came behind it is acknowledged.
        this.#over.abort(error);
        return;
      }
      this.done(arrival);
    }
  }

  /** One of those that a message was for is done with it; after the last it is acknowledged. */
  done(arrival: Arrival): void {
    const { packet, link, session } = arrival;
    if (--arrival.claims > 0 || packet.qos === 0) return;
    // An identifier of QoS 1 means nothing on the next connection, one of QoS 2 nothing in the next session.
    const isPast =
      packet.qos === 2 ? session !== this.#session : link === undefined || link !== this.#line.link;
    if (isPast) return;
    if (packet.qos === 2) this.#undone.delete(packet.packetId);
    this.#line.acknowledge(packet.packetId);
    this.#save();
  }
}
