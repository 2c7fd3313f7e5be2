// What the processes of the broker bench tell each other.

export type Contestant = 'puremqtt' | 'aedes';

/** One row: who publishes how much to whom. */
export interface Row {
  readonly qos: 0 | 1 | 2;
  readonly size: number;
  /** So many publishers, each with a topic of its own. */
  readonly publishers: number;
  /** So many subscribers for each of them. */
  readonly subscribers: number;
  /** Messages that are delivered in all. */
  readonly messages: number;
}

/** What came of a row. */
export interface Result {
  /** Milliseconds from the first publish to the last delivery. */
  readonly elapsed: number;
  /** Microseconds of processor time, of all threads, in the same time. */
  readonly cpu: number;
}

/** A client that publishes or subscribes, whoever made it. */
export interface BenchClient {
  subscribe(topic: string, qos: 0 | 1 | 2): Promise<void>;
  /** `done` is called when the next message may follow: written (QoS 0), or acknowledged. */
  publish(topic: string, payload: Uint8Array, qos: 0 | 1 | 2, done: () => void): void;
  close(): void;
}

/** How many messages a publisher has that were not answered. */
export const WINDOW = 100;
/** How many messages of a publisher have not come to its subscriber. */
export const UNDELIVERED = 1_000;

export const topicOf = (publisher: number): string => `bench/${publisher}`;
