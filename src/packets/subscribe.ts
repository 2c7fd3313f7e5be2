// pure: SUBSCRIBE (section 3.8): its type, and how it is read and written.
import { checkQoS, checkRange, failure, type Place } from '../bytes/place.js';
import { type Reader, readByte } from '../bytes/reader.js';
import type { DecodeOptions, EncodeOptions } from '../bytes/settings.js';
import {
  checkAbsent,
  checkFlag,
  checkInteger,
  type Writer,
  writeByte,
  writePacketId,
} from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { SUBSCRIBE_PROPERTIES, type SubscribeProperties } from '../spec/properties.js';
import { readTopicFilter, writeTopicFilter } from './filters.js';
import { type Bytes, decodeOnly, encodeOnly } from './frame.js';
import { readList, writeList } from './lists.js';
import { readPacketId } from './packet-id.js';
import { readProperties, writeProperties } from './properties.js';

/** A Topic Filter and its Subscription Options (section 3.8.3.1); MQTT 3.1.1 has the QoS alone. */
export type Subscription<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? {
      topicFilter: string;
      /** The highest QoS at which messages may come. */
      qos: 0 | 1 | 2;
      /** Whether messages of this client's own stay away; not with a shared subscription. Absent: false. */
      noLocal?: boolean | undefined;
      /** Whether forwarded messages keep the RETAIN flag of the publisher. Absent: false. */
      retainAsPublished?: boolean | undefined;
      /** When retained messages are sent: 0 always, 1 for a new subscription, 2 never. Absent: 0. */
      retainHandling?: 0 | 1 | 2 | undefined;
    }
  : {
      topicFilter: string;
      /** The highest QoS at which messages may come. */
      qos: 0 | 1 | 2;
      noLocal?: undefined;
      retainAsPublished?: undefined;
      retainHandling?: undefined;
    };

/** A Topic Filter and its Subscription Options as they were decoded. */
export type DecodedSubscription<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? {
      topicFilter: string;
      qos: 0 | 1 | 2;
      noLocal: boolean;
      retainAsPublished: boolean;
      retainHandling: 0 | 1 | 2;
    }
  : Subscription<4>;

/** A SUBSCRIBE to encode. */
export type SubscribePacket<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? {
      type: 'subscribe';
      packetId: number;
      /** At least one. */
      subscriptions: readonly Subscription<5>[];
      properties?: SubscribeProperties | undefined;
    }
  : {
      type: 'subscribe';
      packetId: number;
      subscriptions: readonly Subscription<4>[];
      properties?: undefined;
    };

/** A SUBSCRIBE as it was decoded. */
export type DecodedSubscribe<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? {
      type: 'subscribe';
      packetId: number;
      subscriptions: DecodedSubscription<5>[];
      properties: SubscribeProperties;
    }
  : { type: 'subscribe'; packetId: number; subscriptions: DecodedSubscription<4>[]; properties?: undefined };

// MQTT 5.0 has no number for it.
const QOS = '3.8.3-4|';
const EMPTY = '3.8.3-3|3.8.3-2';

export function readSubscribe(r: Reader): DecodedSubscribe {
  const type = 'subscribe';
  const packetId = readPacketId(r);
  if (r.version === 4) return { type, packetId, subscriptions: readSubscriptions(r, readSubscription4) };
  const properties = readProperties(r, SUBSCRIBE_PROPERTIES);
  return { type, packetId, subscriptions: readSubscriptions(r, readSubscription5), properties };
}

function readSubscriptions<T>(r: Reader, readItem: (r: Reader) => T): T[] {
  return readList(r, readItem, 'subscriptions', EMPTY);
}

function readSubscription4(r: Reader): DecodedSubscription<4> {
  r.scope = 'subscriptions[#].';
  const topicFilter = readTopicFilter(r, 'topicFilter');
  const options = readByte(r, 'qos');
  if (options > 3) throw failure(r, 'reserved-bits', 'options', QOS);
  return { topicFilter, qos: checkQoS(r, options, 'qos', QOS) };
}

function readSubscription5(r: Reader): DecodedSubscription<5> {
  r.scope = 'subscriptions[#].';
  const topicFilter = readTopicFilter(r, 'topicFilter');
  const options = readByte(r, 'options');
  if (options > 0x3f) throw failure(r, 'reserved-bits', 'options', '3.8.3-5');
  const qos = checkQoS(r, options & 3, 'qos', QOS, 0x82);
  const noLocal = (options & 4) !== 0;
  const retainAsPublished = (options & 8) !== 0;
  const retainHandling = checkRange(r, options >> 4, 0, 2, 'retainHandling') as 0 | 1 | 2;
  checkNoLocal(r, noLocal, topicFilter);
  return { topicFilter, qos, noLocal, retainAsPublished, retainHandling };
}

function checkNoLocal(place: Place, noLocal: boolean | undefined, topicFilter: string): void {
  // A valid filter that begins so is a shared one (section 4.8.2).
  if (noLocal && topicFilter.startsWith('$share/')) {
    throw failure(place, 'no-local-on-shared-subscription', 'noLocal', '3.8.3-4', 0x82);
  }
}

export function writeSubscribe(w: Writer, packet: SubscribePacket): void {
  w.first = 0x82;
  writePacketId(w, packet.packetId);
  writeProperties(w, packet.properties, SUBSCRIBE_PROPERTIES);
  writeList(w, packet.subscriptions, writeSubscription, 'subscriptions', EMPTY);
}

function writeSubscription(w: Writer, subscription: unknown): void {
  w.scope = 'subscriptions[#].';
  if (typeof subscription !== 'object' || subscription === null)
    throw failure(w, 'wrong-type', 'topicFilter');
  const { topicFilter, qos = 0, noLocal, retainAsPublished, retainHandling } = subscription as Subscription;
  writeTopicFilter(w, topicFilter, 'topicFilter');
  checkQoS(w, qos, 'qos', QOS);
  if (w.version === 4) {
    checkAbsent(w, noLocal, 'noLocal');
    checkAbsent(w, retainAsPublished, 'retainAsPublished');
    checkAbsent(w, retainHandling, 'retainHandling');
    writeByte(w, qos);
    return;
  }
  const local = checkFlag(w, noLocal, 'noLocal');
  checkNoLocal(w, noLocal, topicFilter);
  const handling = checkInteger(w, retainHandling === undefined ? 0 : retainHandling, 0, 2, 'retainHandling');
  writeByte(
    w,
    qos | (local << 2) | (checkFlag(w, retainAsPublished, 'retainAsPublished') << 3) | (handling << 4),
  );
}

/**
 * Encodes a SUBSCRIBE packet (section 3.8). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * const subscriptions = [{ topicFilter: 'a/#', qos: 1 }] as const;
 * encodeSubscribe({ type: 'subscribe', packetId: 1, subscriptions }, 4).length; // => 10
 */
export function encodeSubscribe<V extends ProtocolVersion>(
  packet: SubscribePacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<SubscribePacket>('subscribe', writeSubscribe, packet, version, options);
}

/**
 * Decodes exactly one whole SUBSCRIBE packet (section 3.8). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodeSubscribe(Uint8Array.of(0x82, 6, 0, 1, 0, 1, 0x61, 2), 4).subscriptions; // => [{ topicFilter: 'a', qos: 2 }]
 */
export function decodeSubscribe<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedSubscribe<V> {
  return decodeOnly(8, readSubscribe, frame, version, options) as DecodedSubscribe<V>;
}
