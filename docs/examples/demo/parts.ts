/** What both parts of the demo have in common. */
import { isDeepStrictEqual } from 'node:util';
import type { Transcript } from './transcript.js';

export interface Part {
  readonly title: string;
  /** The packets that must be seen, by name. */
  readonly expected: readonly string[];
  /** Runs it; whatever it opens is closed when it is over, however it ends. */
  run(transcript: Transcript): Promise<void>;
}

/** Connect, subscribe, a message to and fro at each QoS, unsubscribe, disconnect. */
export const CONVERSATION: readonly string[] = [
  ...['client connect', 'server connack', 'client subscribe', 'server suback'],
  ...['client publish 0', 'server publish 0'],
  ...['client publish 1', 'server puback', 'server publish 1', 'client puback'],
  ...['client publish 2', 'server pubrec', 'client pubrel', 'server pubcomp'],
  ...['server publish 2', 'client pubrec', 'server pubrel', 'client pubcomp'],
  ...['client unsubscribe', 'server unsuback', 'client disconnect'],
];

/** The messages that are published, in order, and the packet that ends the way of each back to the publisher. */
export const MESSAGES = [
  { qos: 0, text: 'at most once', last: 'server publish 0' },
  { qos: 1, text: 'at least once', last: 'client puback' },
  { qos: 2, text: 'exactly once', last: 'client pubcomp' },
] as const;

/** Throws unless these messages came back: topic, text and QoS of each. */
export function checkReceived(received: readonly (readonly [string, string, number])[], topic: string): void {
  const expected = MESSAGES.map(({ text, qos }) => [topic, text, qos]);
  if (!isDeepStrictEqual(received, expected)) {
    throw new Error(`the messages came back as ${JSON.stringify(received)}`);
  }
}
