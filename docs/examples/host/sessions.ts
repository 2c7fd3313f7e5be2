/**
 * What a broker keeps between connections, by Client Identifier: sessions, subscriptions, wills. In memory, which dies with the
 * process: a real broker would keep it in a database. No retained messages, no shared subscriptions.
 */
import type * as mqtt from '../../../src/index.js';
import { queueMessage, TopicFilterIndex } from '../../../src/index.js';

export type Message = Pick<mqtt.SendablePublish, 'topic' | 'payload' | 'qos' | 'properties'>;
type Held = mqtt.Subscription & { readonly clientId: string };

// No timer of Node waits longer than 24 days.
export const wait = (run: () => void, milliseconds: number): NodeJS.Timeout =>
  setTimeout(run, Math.min(milliseconds, 2 ** 31 - 1)).unref();

export class Sessions {
  readonly states = new Map<string, mqtt.SessionState>();
  /** The connections that stand. */
  readonly online = new Map<string, { isUp(): boolean; send(message: Message): void; end(): void }>();
  /** By Topic Filter, for each client. */
  readonly #held = new Map<string, Map<string, Held>>();
  readonly #index = new TopicFilterIndex<Held>();
  readonly #wills = new Map<string, { readonly timer: NodeJS.Timeout; publish(): void }>();
  readonly #ends = new Map<string, NodeJS.Timeout>();

  /** Once to each who subscribes, at the highest QoS granted: now, or into the session of one who is away. */
  publish({ topic, payload, qos = 0, properties }: Message, from: string): void {
    const granted = new Map<string, 0 | 1 | 2>();
    for (const held of this.#index.match(topic)) {
      if (held.noLocal && held.clientId === from) continue;
      if (held.qos >= (granted.get(held.clientId) ?? 0)) granted.set(held.clientId, held.qos);
    }
    for (const [clientId, limit] of granted) {
      const message = { topic, payload, qos: qos < limit ? qos : limit, properties };
      const connection = this.online.get(clientId);
      const session = this.states.get(clientId);
      // A message for its own publisher may come with the DISCONNECT in one chunk.
      if (connection?.isUp()) connection.send(message);
      else if (session !== undefined && message.qos > 0) {
        const options = { now: Date.now(), version: 5 } as const;
        this.states.set(clientId, queueMessage(session, { type: 'publish', ...message }, options).session);
      }
    }
  }

  /** Tells the QoS that is granted. */
  subscribe(clientId: string, subscription: mqtt.Subscription): 0 | 1 | 2 {
    const { topicFilter, qos } = subscription;
    this.unsubscribe(clientId, topicFilter);
    const held = { ...subscription, clientId };
    this.#index.add(topicFilter, held);
    this.#held.set(clientId, (this.#held.get(clientId) ?? new Map<string, Held>()).set(topicFilter, held));
    return qos;
  }

  /** Tells whether there was such a subscription. */
  unsubscribe(clientId: string, topicFilter: string): boolean {
    const held = this.#held.get(clientId)?.get(topicFilter);
    if (held === undefined) return false;
    this.#held.get(clientId)?.delete(topicFilter);
    return this.#index.delete(topicFilter, held);
  }

  /** The session is over, and its subscriptions with it. */
  forget(clientId: string): void {
    for (const topicFilter of this.#held.get(clientId)?.keys() ?? []) this.unsubscribe(clientId, topicFilter);
    this.#held.delete(clientId);
    this.states.delete(clientId);
  }

  /** A connection has ended: its session lives on for so many seconds, 4,294,967,295 being for ever. */
  left(clientId: string, seconds: number): void {
    this.online.delete(clientId);
    if (seconds === 0 || seconds === 0xffffffff) return;
    this.#ends.set(
      clientId,
      wait(() => this.forget(clientId), seconds * 1_000),
    );
  }

  willDue(clientId: string, will: mqtt.DecodedWill, at: number): void {
    const publish = () => {
      this.#wills.delete(clientId);
      this.publish(will, clientId);
    };
    const delay = at - Date.now();
    if (delay > 0) this.#wills.set(clientId, { timer: wait(publish, delay), publish });
    else publish();
  }

  /** A client is back: where its session goes on, a will that waits is void; where it does not, the will is due now. */
  back(clientId: string, cleanStart: boolean): void {
    this.online.get(clientId)?.end();
    clearTimeout(this.#ends.get(clientId));
    const will = this.#wills.get(clientId);
    clearTimeout(will?.timer);
    this.#wills.delete(clientId);
    if (cleanStart) will?.publish();
  }
}
