/** The messages that came and went: the last ones, within bounds, and how they are shown. */
import type { PublishProperties } from '../../../src/index.js';
import { textOf } from '../fields/fields.js';

export interface Logged {
  readonly number: number;
  readonly at: Date;
  /** Whether we published it. */
  readonly isOurs: boolean;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly properties: PublishProperties;
}

export interface LogLimits {
  readonly messages: number;
  readonly bytes: number;
}

export class MessageLog {
  readonly #limits: LogLimits;
  /** By number, the oldest first. */
  readonly #entries = new Map<number, Logged>();
  #last = 0;
  #bytes = 0;
  /** Messages that were too old, or larger than the whole log. */
  #rolledOff = 0;

  constructor(limits: LogLimits) {
    this.#limits = limits;
  }

  /** How much there is, and how much is not there any more. */
  get summary(): string {
    return `${this.#entries.size} messages, ${this.#bytes} bytes; ${this.#rolledOff} rolled off`;
  }

  add(message: Omit<Logged, 'number'>): Logged {
    const entry = { ...message, number: ++this.#last };
    this.#entries.set(entry.number, entry);
    this.#bytes += sizeOf(entry);
    for (const oldest of this.#entries.values()) {
      if (this.#entries.size <= this.#limits.messages && this.#bytes <= this.#limits.bytes) break;
      this.#entries.delete(oldest.number);
      this.#bytes -= sizeOf(oldest);
      this.#rolledOff++;
    }
    return entry;
  }

  get(number: number): Logged | undefined {
    return this.#entries.get(number);
  }

  latest(count: number): readonly Logged[] {
    return [...this.#entries.values()].slice(-count);
  }
}

function sizeOf({ topic, payload, properties }: Logged): number {
  return 2 * topic.length + payload.length + 2 * JSON.stringify(properties).length;
}

/** How many characters of a payload one line shows. */
const WIDTH = 1_000;

/** One line for a message. `paint` colours, or does not. */
export function lineOf(entry: Logged, paint: (colour: number, text: string) => string): string {
  const { number, at, isOurs, topic, payload, qos, retain, dup, properties } = entry;
  const { messageExpiryInterval: expiry, contentType, responseTopic, correlationData } = properties;
  const facts = [
    `qos=${qos}`,
    retain && 'retain',
    dup && 'dup',
    expiry !== undefined && `expiry=${expiry}s`,
    contentType !== undefined && `content-type=${contentType}`,
    responseTopic !== undefined && `response-topic=${responseTopic}`,
    correlationData && `correlation=${shown(correlationData)}`,
    ...(properties.userProperties ?? []).map(([name, value]) => `user:${name}=${value}`),
  ].filter((fact) => fact !== false && fact !== undefined);
  const head = `#${number} ${at.toISOString()} ${isOurs ? '>' : '<'}`;
  const { length } = payload;
  const isCut = length > 4 * WIDTH;
  const start = shown(payload.subarray(0, 4 * WIDTH), isCut);
  const end = isCut || start.length > WIDTH ? `... (${length} bytes)` : '';
  return `${paint(2, head)} ${paint(36, safe(topic))} ${paint(33, safe(facts.join(' ')))} ${start.slice(0, WIDTH)}${end}`;
}

/** Bytes as text, or where they are none, in hexadecimal; what is cut off may end within a character. */
export function shown(bytes: Uint8Array, isCut = false): string {
  const text = textOf(bytes, isCut);
  return text === undefined ? `hex:${Buffer.from(bytes).toString('hex')}` : safe(text);
}

/** Without what would command a terminal, or turn the direction of the text around. */
export function safe(value: string): string {
  return value.replace(
    /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
