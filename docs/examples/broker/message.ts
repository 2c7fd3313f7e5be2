/** An Application Message on its way through the broker. */
import type { DecodedPublish, DecodedWill, PublishProperties, SendablePublish } from '../../../src/index.js';

export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly properties: PublishProperties | undefined;
  /** When its Message Expiry Interval is over, in milliseconds; undefined: never. */
  readonly expiresAt: number | undefined;
  /** The Client Identifier of who published it; undefined: the broker itself. */
  readonly publisher: string | undefined;
}

/** What a subscription allows its messages; of several that overlap, what they allow together. */
export interface Grant {
  readonly qos: 0 | 1 | 2;
  readonly retainAsPublished: boolean;
  /** The Subscription Identifiers that the client gave. */
  readonly identifiers: readonly number[];
}

/** What a client has published, or left as its will. Its bytes are borrowed where nobody will keep them. */
export function messageOf(packet: DecodedPublish | DecodedWill, publisher: string, now: number): Message {
  const { topic, payload, qos, retain } = packet;
  const interval = packet.properties?.messageExpiryInterval;
  const expiresAt = interval === undefined ? undefined : now + interval * 1_000;
  const properties = forwarded(packet.properties);
  const message = { topic, payload, qos, retain, properties, expiresAt, publisher };
  return qos > 0 || retain ? owned(message) : message;
}

/** The message with memory of its own, to be kept for longer than the chunk that it came in. */
export function owned(message: Message): Message {
  const { payload, properties } = message;
  const correlationData = properties?.correlationData?.slice();
  return {
    ...message,
    // Buffer cuts small copies out of a larger piece, which costs much less than an ArrayBuffer for each.
    payload: Buffer.from(payload),
    properties: correlationData === undefined ? properties : { ...properties, correlationData },
  };
}

/** What is passed on unchanged (section 3.3.2.3); undefined where there is nothing, as with most messages. */
function forwarded(
  properties: DecodedPublish['properties'] | DecodedWill['properties'],
): PublishProperties | undefined {
  if (properties === undefined) return undefined;
  for (const _ in properties) {
    if (!('willDelayInterval' in properties)) return properties;
    const { willDelayInterval, ...rest } = properties;
    return rest;
  }
  return undefined;
}

/** Whether a message has outlived its Message Expiry Interval. */
export function isExpired({ expiresAt }: Message, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

/** How a message is forwarded under a subscription, to a client of that version. */
export function packetOf(message: Message, grant: Grant, version: 4 | 5, retain: boolean): SendablePublish {
  const { topic, payload, expiresAt } = message;
  const qos = message.qos < grant.qos ? message.qos : grant.qos;
  let properties = version === 5 ? message.properties : undefined;
  if (version === 5 && expiresAt !== undefined) {
    const messageExpiryInterval = Math.max(0, Math.ceil((expiresAt - Date.now()) / 1_000));
    properties = { ...properties, messageExpiryInterval };
  }
  if (version === 5 && grant.identifiers.length > 0) {
    properties = { ...properties, subscriptionIdentifiers: [...grant.identifiers] };
  }
  return { type: 'publish', topic, payload, qos, retain, properties };
}
