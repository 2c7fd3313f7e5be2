/** Subscriptions whose messages go to `onMessage`: what is wanted, and whether the server knows. */
import type { Subscription } from '../../../src/index.js';

export class Following {
  /** By Topic Filter. */
  readonly #wanted = new Map<string, { readonly subscription: Subscription; isGranted: boolean }>();

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

  /** What a connection that has just been made is to be asked for. */
  due(sessionPresent: boolean): readonly Subscription[] {
    const due = [...this.#wanted.values()].filter((one) => !sessionPresent || !one.isGranted);
    for (const one of due) one.isGranted = false;
    return due.map(({ subscription }) => subscription);
  }

  /** One Reason Code for each; what the server has refused is not wanted any more. */
  answered(subscriptions: readonly Subscription[], reasonCodes: readonly number[]): void {
    for (const [index, { topicFilter }] of subscriptions.entries()) {
      const known = this.#wanted.get(topicFilter);
      if ((reasonCodes[index] ?? 0x80) >= 0x80) this.#wanted.delete(topicFilter);
      else if (known !== undefined) known.isGranted = true;
    }
  }
}
