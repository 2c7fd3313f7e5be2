/** Reads what users send, field by field; what is wrong is said by name. */
import {
  type DecodedPublish,
  encodedLength,
  isMqttError,
  type PublishProperties,
  type SendablePublish,
  type Subscription,
} from '../../../src/index.js';
import type { Limits } from './limits.js';

/** What a user sent cannot be used. */
export class FieldError extends Error {
  constructor(
    readonly field: string,
    problem: string,
    readonly status = 400,
    readonly isCloudflare = false,
  ) {
    super(`${field}: ${problem}`);
  }
}

export type Version = 4 | 5;

/** Fields of a JSON object or of a query, where numbers and truth come as text. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #prefix: string;

  constructor(value: unknown, name = 'body') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new FieldError(name, 'has to be a JSON object');
    }
    this.#values = value as Record<string, unknown>;
    this.#prefix = name === 'body' || name === 'message' ? '' : `${name}.`;
  }

  static parse(text: string, name = 'body'): Fields {
    return new Fields(fromJson(text, name), name);
  }

  /** Those of both; the other ones count where both have one. */
  with(other: Fields): Fields {
    return new Fields({ ...this.#values, ...other.#values });
  }

  value(name: string): unknown {
    return this.#values[name] ?? undefined;
  }

  error(name: string, problem: string): FieldError {
    return new FieldError(this.#prefix + name, problem);
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value !== undefined && typeof value !== 'string') throw this.error(name, 'has to be a string');
    return value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw this.error(name, 'is required');
    return value;
  }

  integer(name: string, lowest: number, highest: number): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= lowest && number <= highest) {
      return number;
    }
    throw this.error(name, `has to be an integer from ${lowest} to ${highest}`);
  }

  qos(name: string): 0 | 1 | 2 {
    return (this.integer(name, 0, 2) ?? 0) as 0 | 1 | 2;
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    throw this.error(name, 'has to be true or false');
  }

  list(name: string, highest: number): readonly unknown[] {
    const value = this.value(name);
    if (!Array.isArray(value) || value.length === 0)
      throw this.error(name, 'has to be a list that is not empty');
    if (value.length > highest)
      throw this.error(name, `has ${value.length} entries, and may have ${highest}`);
    return value;
  }

  /** What `name` says as text, or `nameBase64` as bytes. */
  bytes(name: string, highest: number): Uint8Array | undefined {
    const [text, base64] = [this.text(name), this.text(`${name}Base64`)];
    if (text !== undefined && base64 !== undefined) throw this.error(name, `excludes ${name}Base64`);
    const isText = text !== undefined;
    const bytes = isText
      ? new TextEncoder().encode(text)
      : base64 === undefined
        ? undefined
        : fromBase64(base64);
    if (bytes === null) throw this.error(`${name}Base64`, 'has to be Base64');
    if (bytes !== undefined && bytes.length > highest) {
      throw this.error(isText ? name : `${name}Base64`, `has ${bytes.length} bytes, and may have ${highest}`);
    }
    return bytes;
  }

  /** The properties of MQTT 5.0 under their names in puremqtt, Correlation Data as `correlationDataBase64`. */
  properties(name: string, version: Version): PublishProperties | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (version === 4) throw this.error(name, 'exist in MQTT 5.0 only (protocolVersion 5)');
    const fields = new Fields(value, this.#prefix + name);
    const { correlationDataBase64: _, ...others } = fields.#values;
    const correlationData = fields.bytes('correlationData', 65_535);
    // Whatever they are, the encoder looks at each of them.
    return { ...others, ...(correlationData && { correlationData }) };
  }
}

/** The message that `publish` asks for, checked to the last byte. */
export function publishOf(fields: Fields, version: Version, limits: Limits): SendablePublish {
  const topic = fields.required('topic');
  const payload = fields.bytes('payload', limits.payloadBytes);
  if (payload === undefined) throw fields.error('payload', 'is required, or payloadBase64');
  const [qos, retain] = [fields.qos('qos'), fields.flag('retain') ?? false];
  const message = {
    type: 'publish',
    topic,
    payload,
    retain,
    properties: fields.properties('properties', version),
  } as const;
  checked(() => encodedLength({ ...message, qos: 1, packetId: 1 }, version as 5));
  return { ...message, qos };
}

/** The Topic Filters that `subscribe` asks for: as text, or with options. */
export function subscriptionsOf(fields: Fields, version: Version, limits: Limits): Subscription[] {
  return fields.list('topics', limits.topics).map((entry, index) => {
    const name = `topics[${index}]`;
    const one = new Fields(typeof entry === 'string' ? { topic: entry } : entry, name);
    const topicFilter = one.required('topic');
    const options = {
      noLocal: one.flag('noLocal'),
      retainAsPublished: one.flag('retainAsPublished'),
      retainHandling: one.integer('retainHandling', 0, 2) as 0 | 1 | 2 | undefined,
    };
    const wrong = Object.entries(options).find(([, value]) => version === 4 && value !== undefined)?.[0];
    if (wrong !== undefined) throw one.error(wrong, 'exists in MQTT 5.0 only (protocolVersion 5)');
    const subscription = { topicFilter, qos: one.qos('qos'), ...(version === 5 && options) };
    checked(() => encodedLength({ type: 'subscribe', packetId: 1, subscriptions: [subscription] }, 5), name);
    return subscription;
  });
}

/** Names the field where the encoder finds something that cannot be sent. */
export function checked<T>(encode: () => T, name?: string): T {
  try {
    return encode();
  } catch (error) {
    if (!isMqttError(error) && !(error instanceof TypeError)) throw error;
    const field = 'field' in error && typeof error.field === 'string' ? error.field : 'body';
    // `will.topic` is `willTopic` here.
    throw new FieldError(
      name ?? field.replace(/^will\../, (start) => `will${start.slice(-1).toUpperCase()}`),
      error.message,
    );
  }
}

/** A message as users see it: the payload as text where it is UTF-8, and else as Base64. */
export function shown({ topic, payload, qos, retain, dup, properties }: DecodedPublish): object {
  const { correlationData, topicAlias: _, ...others } = properties ?? {};
  const correlationDataBase64 = correlationData && toBase64(correlationData);
  const said = properties && { properties: { ...others, correlationDataBase64 } };
  return { type: 'message', topic, ...payloadFields(payload), qos, retain, dup, ...said };
}

export function payloadFields(payload: Uint8Array): { payload: string | null; payloadBase64?: string } {
  try {
    return { payload: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload) };
  } catch {
    return { payload: null, payloadBase64: toBase64(payload) };
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function fromJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FieldError(name, 'is not JSON');
  }
}
