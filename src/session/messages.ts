// pure: messages between the caller's PUBLISH, the session's store and the PUBLISH that is sent.
import { encodedLength } from '../codec.js';
import { InvalidPacketError, type MqttError } from '../errors.js';
import type { PublishPacket } from '../packets/publish.js';
import { MAXIMUM_PACKET_SIZE } from '../spec/limits.js';
import type { PublishProperties } from '../spec/properties.js';
import { topicNameProblem } from '../topics/index.js';
import { refusal } from './failures.js';
import { enqueue, hasRoom, type QueueLimits, withoutExpired } from './queue.js';
import { type SessionState, type StoredMessage, setQueue, type Token } from './state.js';

/** A PUBLISH to send: without the Packet Identifier and DUP, which are the session's business. */
export interface SendablePublish {
  readonly type: 'publish';
  /** The Topic Name; empty where a Topic Alias that was set before stands for it. */
  readonly topic: string;
  /** Borrowed until the message is acknowledged: leave the bytes alone. */
  readonly payload?: Uint8Array | string | undefined;
  /** Absent: 0. */
  readonly qos?: 0 | 1 | 2 | undefined;
  /** Absent: false. */
  readonly retain?: boolean | undefined;
  readonly properties?: PublishProperties | undefined;
}

/** How much a session queues when nothing else is said: 1,000 messages and 16 MiB. */
export const DEFAULT_QUEUE_LIMITS: QueueLimits = { messages: 1_000, bytes: 16_777_216 };

// The most that a PUBLISH without properties has besides topic and payload, and with a Topic Alias.
const OVERHEAD = 5 + 2 + 2 + 4;

/**
 * The size in bytes that a PUBLISH has at most when it is sent, or why it cannot be encoded at all.
 *
 * For common messages this looks at the topic alone, and says up to twice too much for other than ASCII.
 */
export function publishSize(packet: SendablePublish, version: 4 | 5): number | MqttError {
  const { topic, payload, qos = 0, retain = false, properties } = packet;
  if (
    properties === undefined &&
    (payload === undefined || payload instanceof Uint8Array) &&
    typeof retain === 'boolean' &&
    (qos === 0 || qos === 1 || qos === 2) &&
    topicNameProblem(topic) === undefined
  ) {
    const size = 3 * topic.length + (payload === undefined ? 0 : payload.length) + OVERHEAD;
    if (size <= MAXIMUM_PACKET_SIZE) return size;
  }
  // Room for a Topic Alias that the connection may add, and for a Property Length that grows with it.
  return sizeOf({ type: 'publish', topic, payload, qos, retain, properties, ...ANY_ID(qos) }, version, 4);
}

const ANY_ID = (qos: number): { packetId?: number } => (qos === 0 ? {} : { packetId: 1 });

/** The size of a packet and something more, or why it cannot be encoded. */
export function sizeOf(packet: object, version: 4 | 5, more = 0): number | MqttError {
  try {
    return encodedLength(packet as PublishPacket<5>, version) + more;
  } catch (error) {
    if (error instanceof InvalidPacketError) return error;
    throw error;
  }
}

/** The message of a PUBLISH, with its full topic and without an alias; the earlier of two expiries counts. */
export function messageOf(
  packet: SendablePublish,
  qos: 1 | 2,
  topic: string,
  now: number,
  until: number = Number.POSITIVE_INFINITY,
): StoredMessage {
  const { payload, retain = false } = packet;
  let { properties } = packet;
  const interval = properties?.messageExpiryInterval;
  if (properties?.topicAlias !== undefined) properties = { ...properties, topicAlias: undefined };
  const end = interval === undefined ? until : Math.min(until, now + interval * 1_000);
  const expiresAt = end === Number.POSITIVE_INFINITY ? undefined : end;
  return { topic, payload, qos, retain, properties, expiresAt };
}

/**
 * A stored message as PUBLISH; a message that expires says how many seconds are left of it (section 3.3.2.3.3). It may
 * have been stored for MQTT 5.0 and meet a connection of 3.1.1, which has no properties.
 */
export function packetOf(
  message: StoredMessage,
  packetId: number,
  dup: boolean,
  now: number,
  version: 4 | 5,
): PublishPacket<5> & { qos: 1 | 2 } {
  const { topic, payload, qos, retain, expiresAt } = message;
  let properties = version === 5 ? message.properties : undefined;
  if (expiresAt !== undefined && properties?.messageExpiryInterval !== undefined) {
    // A message that is sent again may have expired meanwhile: the interval says 0 then.
    const messageExpiryInterval = Math.max(0, Math.ceil((expiresAt - now) / 1_000));
    properties = { ...properties, messageExpiryInterval };
  }
  return { type: 'publish', topic, payload, qos, retain, dup, packetId, properties };
}

/** What came of an attempt to put a message into the queue of a session. */
export interface QueueResult {
  /** The session with the message; the same object where it was refused. */
  readonly session: SessionState;
  /** Why it was refused. */
  readonly error?: MqttError;
}

/**
 * Puts a QoS 1 or 2 message into the queue of a session that has no connection, as a server does for a device that
 * is away. The next connection sends it, in its turn and within the limits that hold then.
 *
 * `now` is in milliseconds. Refuses a message that cannot be encoded (`InvalidPacketError`), one of QoS 0
 * (`invalid-qos`), one with a Topic Alias, and one for which there is no room (`queue-full`).
 *
 * @example
 * const message = { type: 'publish', topic: 'a', payload: 'hi', qos: 1 } as const;
 * const { session } = queueMessage(emptySession(), message, { now: 0, version: 5 });
 * sessionSize(session).queued; // => 1
 */
export function queueMessage(
  session: SessionState,
  packet: SendablePublish,
  options: {
    readonly now: number;
    /** The version of the client's next connection, as far as one can know. */
    readonly version: 4 | 5;
    readonly token?: Token | undefined;
    /** When it is no longer worth sending, in milliseconds, as in `SendOptions`. */
    readonly expiresAt?: number | undefined;
    /** Whether the connection may choose a Topic Alias for it. Default: false. */
    readonly automaticAlias?: boolean | undefined;
    readonly limits?: Partial<QueueLimits> | undefined;
  },
): QueueResult {
  const { qos } = packet;
  if (qos !== 1 && qos !== 2) return { session, error: refusal('invalid-qos', 'qos') };
  const bytes = publishSize(packet, options.version);
  if (typeof bytes !== 'number') return { session, error: bytes };
  if (packet.properties?.topicAlias !== undefined) {
    return { session, error: refusal('unknown-topic-alias', 'properties.topicAlias') };
  }
  const message = messageOf(packet, qos, packet.topic, options.now, options.expiresAt);
  if (!hasRoom(session.queue, bytes, { ...DEFAULT_QUEUE_LIMITS, ...options.limits })) {
    return { session, error: refusal('queue-full', 'type') };
  }
  const { token, automaticAlias = false } = options;
  return { session: setQueue(session, enqueue(session.queue, { token, message, automaticAlias, bytes })) };
}

/**
 * Takes the messages out of a queue that have expired by `now` (milliseconds), and tells their tokens, first in
 * first. A connection does this by itself.
 *
 * @example
 * const properties = { messageExpiryInterval: 1 };
 * const message = { type: 'publish', topic: 'a', qos: 1, properties } as const;
 * const { session } = queueMessage(emptySession(), message, { now: 0, version: 5, token: 'x' });
 * dropExpired(session, 1_000).tokens; // => ['x']
 */
export function dropExpired(
  session: SessionState,
  now: number,
): { readonly session: SessionState; readonly tokens: readonly (Token | undefined)[] } {
  const [queue, expired] = withoutExpired(session.queue, now);
  return {
    session: queue === session.queue ? session : setQueue(session, queue),
    tokens: expired.map((item) => item.token),
  };
}
