/** What users ask for, as packets of MQTT, and what brokers send, as users see it. */
import {
  type DecodedPublish,
  encodedLength,
  isMqttError,
  type PublishProperties,
  type Subscription,
} from '../../../src/index.js';
import { FieldError, Fields, textOf, toBase64 } from '../fields/fields.js';
import type { Limits } from './limits.js';

export type Version = 4 | 5;
const ONLY_FIVE = 'it exists in MQTT 5.0 only (protocolVersion 5)';

/** The message that `publish` asks for, checked to the last byte. */
export function publishOf(fields: Fields, version: Version, limits: Limits) {
  const topic = fields.required('topic');
  const payload = fields.bytes('payload', limits.payloadBytes);
  if (payload === undefined) throw fields.error('payload', 'it is missing, and so is payloadBase64');
  const [qos, retain] = [fields.qos('qos'), fields.flag('retain') ?? false];
  const properties = propertiesOf(fields, 'properties', version);
  const message = { topic, payload, retain, properties };
  checked(() => encodedLength({ type: 'publish', ...message, qos: 1, packetId: 1 }, version as 5));
  return { ...message, qos };
}

/** The properties of MQTT 5.0 under their names in puremqtt, Correlation Data as `correlationDataBase64`. */
export function propertiesOf(fields: Fields, name: string, version: Version): PublishProperties | undefined {
  if (fields.value(name) === undefined) return undefined;
  if (version === 4) throw fields.error(name, ONLY_FIVE);
  const inner = fields.inner(name);
  const correlationData = inner.bytes('correlationData', 65_535);
  const { correlationDataBase64: _, ...others } = inner.toJson();
  // Whatever they are, the encoder looks at each of them.
  return { ...others, ...(correlationData && { correlationData }) };
}

/** The Topic Filters that `subscribe` asks for: as text, or with options. */
export function subscriptionsOf(fields: Fields, version: Version, limits: Limits): Subscription[] {
  return fields.list('topics', limits.topics).map((entry, index) => {
    const name = `topics[${index}]`;
    const one = new Fields(typeof entry === 'string' ? { topic: entry } : entry, name, false);
    const topicFilter = one.required('topic');
    const options = {
      noLocal: one.flag('noLocal'),
      retainAsPublished: one.flag('retainAsPublished'),
      retainHandling: one.integer('retainHandling', 0, 2) as 0 | 1 | 2 | undefined,
    };
    const wrong = Object.entries(options).find(([, value]) => version === 4 && value !== undefined)?.[0];
    if (wrong !== undefined) throw one.error(wrong, ONLY_FIVE);
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
    const own = field.replace(/^will\../, (start) => `will${start.slice(-1).toUpperCase()}`);
    throw new FieldError(name ?? own, error.message);
  }
}

/** A message as users see it: the payload as text where it is UTF-8, and else as Base64. */
export function shown({ topic, payload, qos, retain, dup, properties }: DecodedPublish): object {
  const { correlationData, topicAlias: _, ...others } = properties ?? {};
  const correlationDataBase64 = correlationData && toBase64(correlationData);
  const said = properties && { properties: { ...others, correlationDataBase64 } };
  return { type: 'message', topic, ...payloadFields(payload), qos, retain, dup, ...said };
}

export function payloadFields(bytes: Uint8Array): { payload: string | null; payloadBase64?: string } {
  const payload = textOf(bytes);
  return payload === undefined ? { payload: null, payloadBase64: toBase64(bytes) } : { payload };
}
