/** Which subscription a message is for, and when so much waits that nothing more is to be read. */
import { type DecodedPublish, TopicFilterIndex } from '../../../src/index.js';
import type { Arrival, Subscription } from './subscription.js';

/** How long reading may pause, in milliseconds: shorter by far while answers are awaited, which have to be read. */
const PATIENCE = 10_000;
const PATIENCE_WITH_REQUESTS = 50;

export class Inbox {
  readonly subscriptions = new Set<Subscription>();
  /** The server's session was begun by this client: all Subscription Identifiers in it are ours. */
  isOurs = false;
  readonly #index = new TopicFilterIndex<Subscription>();
  readonly #unclaimed: (packet: DecodedPublish) => void;
  #resume: (() => void) | undefined;

  constructor(unclaimed: (packet: DecodedPublish) => void) {
    this.#unclaimed = unclaimed;
  }

  /** Throws what the index throws for a filter that is none, and Error for one that another subscription has. */
  add(subscription: Subscription): void {
    for (const other of this.subscriptions) {
      const shared = other.filters.find((filter) => subscription.filters.includes(filter));
      if (shared !== undefined) throw new Error(`${JSON.stringify(shared)} is subscribed to already`);
    }
    for (const filter of subscription.filters) this.#index.add(filter, subscription);
    this.subscriptions.add(subscription);
  }

  /** False: it was not there any more. */
  delete(subscription: Subscription): boolean {
    for (const filter of subscription.filters) this.#index.delete(filter, subscription);
    return this.subscriptions.delete(subscription);
  }

  /** Hands out what came at once; gives back what nobody has claimed. */
  deliver(arrivals: readonly Arrival[]): readonly Arrival[] {
    for (const subscription of this.subscriptions) subscription.isOverfull = subscription.isFull;
    const unclaimed: Arrival[] = [];
    for (const arrival of arrivals) {
      const takers = this.#takersOf(arrival.packet);
      arrival.claims = takers.length;
      for (const taker of takers) taker.take(arrival);
      if (takers.length > 0) continue;
      this.#unclaimed(arrival.packet);
      unclaimed.push(arrival);
    }
    return unclaimed;
  }

  /**
   * Those by which the server says that the message came, since it knows best what their filters match; without a word
   * of it, those that match. A session of an earlier process may name identifiers that now stand for something else, or
   * for nothing: there a filter has to match as well.
   */
  #takersOf({ topic, properties }: DecodedPublish): readonly Subscription[] {
    const matching = [...new Set(this.#index.match(topic))];
    const identifiers = properties?.subscriptionIdentifiers ?? [];
    const candidates = this.isOurs ? [...this.subscriptions] : matching;
    const named = candidates.filter(({ identifier }) => identifiers.includes(identifier));
    if (named.length > 0) return named;
    if (matching.length > 0) return matching;
    return [...this.subscriptions].filter(({ options }) => options.takesUnmatched);
  }

  /**
   * What the handler of the Link waits for before it reads on: undefined where all is well. It does not wait for
   * ever, since answers to pings and requests have to be read as well, whoever is slow.
   */
  room(hasRequests: boolean, longest: number): Promise<void> | undefined {
    if (!this.#isFull()) return undefined;
    return new Promise((resolve) => {
      const patience = Math.min(longest, hasRequests ? PATIENCE_WITH_REQUESTS : PATIENCE);
      const timer = setTimeout(() => this.resume(), patience);
      this.#resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** A message was taken. */
  taken(): void {
    if (this.#resume !== undefined && !this.#isFull()) this.resume();
  }

  /** Reading has to go on, whatever waits. */
  resume(): void {
    this.#resume?.();
    this.#resume = undefined;
  }

  #isFull(): boolean {
    for (const subscription of this.subscriptions) if (subscription.isFull) return true;
    return false;
  }
}
