/** What users say of a connection, field by field. All of these throw FieldError. */
import { isValidTopicName, type Will } from '../../../src/index.js';
import type { Fields } from '../fields/fields.js';
import type { ClientOptions } from './options.js';

/** Who the client is, and for how long the server believes in it. */
export function optionsOf(fields: Fields): ClientOptions {
  return {
    clientId: fields.text('clientId') || undefined,
    username: fields.text('username'),
    will: willOf(fields),
    keepAlive: fields.integer('keepAlive', 0, 65_535),
    sessionExpiryInterval: fields.integer('sessionExpiry', 0, 0xffffffff),
  };
}

function willOf(fields: Fields): Will | undefined {
  const [topic, payload] = [fields.text('willTopic'), fields.bytes('willPayload', 65_535)];
  const [qos, retain] = [fields.qos('willQos'), fields.flag('willRetain') ?? false];
  if (topic === undefined && (payload !== undefined || qos > 0 || retain))
    throw fields.error('willTopic', 'a will needs it');
  if (topic === undefined) return undefined;
  if (isValidTopicName(topic)) return { topic, payload, qos, retain };
  throw fields.error('willTopic', `${JSON.stringify(topic)} is no Topic Name`);
}
