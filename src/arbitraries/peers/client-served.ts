// owned: what the server of a test has sent to the client under test, and what of it the application must have got.

import type { QoS } from './broker-messages.js';
import { textOf } from './client-packets.js';
import type { TestedClient } from './client-under-test.js';
import type { Trial } from './trial.js';

/** A message of the server. */
interface Served {
  readonly topic: string;
  readonly payload: string;
  readonly qos: QoS;
  /** Whether a Topic Alias alone stood for its topic, so far. */
  isAliased: boolean;
  transmissions: number;
  isTaken: boolean;
}

export class ServedMessages {
  readonly #served: Served[] = [];

  constructor(readonly trial: Trial) {}

  /** Another message, which is about to be sent: its number and its payload. */
  add(topic: string, qos: QoS): { readonly number: number; readonly payload: string } {
    const number = this.#served.length;
    const payload = `s${number} .`;
    this.#served.push({ topic, payload, qos, isAliased: false, transmissions: 1, isTaken: qos === 0 });
    return { number, payload };
  }

  aliased(number: number): void {
    const served = this.#served[number];
    if (served !== undefined) served.isAliased = true;
  }

  repeated(number: number): void {
    const served = this.#served[number];
    if (served === undefined) return;
    served.transmissions++;
    served.isAliased = false;
  }

  ended(number: number, how: 'taken' | 'refused'): void {
    const served = this.#served[number];
    if (served !== undefined) served.isTaken = how === 'taken';
  }

  #times({ topic, payload }: Served, received: TestedClient['received']): number {
    return received.filter((each) => each.topic === topic && textOf(each.payload) === payload).length;
  }

  /** Whether the application has got what was acknowledged. */
  isReceived(received: TestedClient['received']): boolean {
    return this.#served.every((each) => each.qos === 0 || !each.isTaken || this.#times(each, received) > 0);
  }

  check(received: TestedClient['received']): void {
    const { trial } = this;
    for (const each of this.#served) {
      const times = this.#times(each, received);
      const words = `the application of the client has got ${each.payload.split(' ')[0]} of QoS ${each.qos}`;
      const isElsewhere = received.some(
        ({ topic, payload }) => topic !== each.topic && textOf(payload) === each.payload,
      );
      const rule = each.isAliased ? 'resolves-topic-aliases' : 'hands-over';
      trial.demand(!isElsewhere, rule, `${words} with another topic than ${each.topic}`);
      if (each.isTaken && each.qos > 0) trial.demand(times > 0, rule, `${words} never`);
      const most = each.qos === 1 ? each.transmissions : 1;
      trial.demand(times <= most, 'exactly-once', `${words} ${times} times, and ${most} may be`);
    }
    trial.check();
  }
}
