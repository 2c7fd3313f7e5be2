/** Subscriptions whose messages go to `onMessage`: what is wanted, and whether the server knows. */
import type { DecodedSuback, Outcome, SendableSubscribe, Subscription } from '../../../src/index.js';
import type { ClientEvent } from './options.js';

export class Following {
  /** By Topic Filter. */
  readonly #wanted = new Map<string, { readonly subscription: Subscription; isGranted: boolean }>();
  readonly #ask: (packet: SendableSubscribe) => Promise<Outcome | Error>;
  readonly #emit: (event: ClientEvent) => void;

  constructor(
    ask: (packet: SendableSubscribe) => Promise<Outcome | Error>,
    emit: (event: ClientEvent) => void,
  ) {
    this.#ask = ask;
    this.#emit = emit;
  }

  get filters(): readonly string[] {
    return [...this.#wanted.keys()];
  }

  isGranted(topicFilter: string): boolean {
    return this.#wanted.get(topicFilter)?.isGranted === true;
  }

  add(subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions)
      this.#wanted.set(subscription.topicFilter, { subscription, isGranted: false });
  }

  delete(topicFilters: readonly string[]): void {
    for (const filter of topicFilters) this.#wanted.delete(filter);
  }

  /** Asks a connection that has just been made for what its server does not know. */
  resume(sessionPresent: boolean): void {
    const due = [...this.#wanted.values()].filter((one) => !sessionPresent || !one.isGranted);
    if (due.length === 0) return;
    for (const one of due) one.isGranted = false;
    const subscriptions = due.map(({ subscription }) => subscription);
    const told = (answer: DecodedSuback | Error | undefined): void => {
      if (answer !== undefined) this.#emit({ type: 'followed', subscriptions, answer });
    };
    void this.request(subscriptions).then(told, told);
  }

  /** Asks for what has been added; what the server refuses is not wanted any more. Undefined: the connection was lost. */
  async request(subscriptions: readonly Subscription[]): Promise<DecodedSuback | undefined> {
    const outcome = await this.#ask({ type: 'subscribe', subscriptions });
    if (outcome instanceof Error) {
      this.#answered(subscriptions, []);
      throw outcome;
    }
    if (outcome.kind !== 'acknowledged' || outcome.packet.type !== 'suback') return undefined;
    this.#answered(subscriptions, outcome.packet.reasonCodes);
    return outcome.packet;
  }

  #answered(subscriptions: readonly Subscription[], reasonCodes: readonly number[]): void {
    for (const [index, { topicFilter }] of subscriptions.entries()) {
      const known = this.#wanted.get(topicFilter);
      if ((reasonCodes[index] ?? 0x80) >= 0x80) this.#wanted.delete(topicFilter);
      else if (known !== undefined) known.isGranted = true;
    }
  }
}
