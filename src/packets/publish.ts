// pure: PUBLISH (section 3.3): its type, and how it is read and written.
import { checkQoS, checkRule, failure, type Place } from '../bytes/place.js';
import { type Reader, readByte, readBytes, readString } from '../bytes/reader.js';
import type { DecodeOptions, EncodeOptions } from '../bytes/settings.js';
import { ANYTHING, NO_WILDCARD } from '../bytes/utf8.js';
import {
  checkBytes,
  checkFlag,
  type Writer,
  writePacketId,
  writeString,
  writeText,
} from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { bitOf, PUBLISH_PROPERTIES, type PublishProperties, TOPIC_ALIAS } from '../spec/properties.js';
import { type Bytes, encodeOnly, openFrame, readWholeLength } from './frame.js';
import { readPacketId } from './packet-id.js';
import { readProperties, writeProperties } from './properties.js';

/** The fields of a PUBLISH that do not depend on QoS and version (section 3.3). */
export interface PublishFields {
  type: 'publish';
  /** The Topic Name; in MQTT 5.0 empty where a Topic Alias stands for it. */
  topic: string;
  /** The Application Message; a string is sent as UTF-8, absent is empty. */
  payload?: Uint8Array | string | undefined;
  /** Absent: false. */
  retain?: boolean | undefined;
}

/** The fields that depend on the QoS: a packet of QoS 0 has no Packet Identifier and no DUP. */
export type PublishDelivery =
  | { qos?: 0 | undefined; dup?: false | undefined; packetId?: undefined }
  | { qos: 1 | 2; dup?: boolean | undefined; packetId: number };

/** A PUBLISH to encode. */
export type PublishPacket<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? PublishFields & PublishDelivery & { properties?: PublishProperties | undefined }
  : PublishFields & PublishDelivery & { properties?: undefined };

/** The same fields as they were decoded: none in doubt, the payload as bytes. */
export interface DecodedPublishFields extends PublishFields {
  payload: Uint8Array;
  retain: boolean;
}

/** A PUBLISH as it was decoded. */
export type DecodedPublish<V extends ProtocolVersion = ProtocolVersion> = DecodedPublishFields &
  ({ qos: 0; dup: false; packetId?: undefined } | { qos: 1 | 2; dup: boolean; packetId: number }) &
  (V extends 5 ? { properties: PublishProperties } : { properties?: undefined });

/** Reads the body; QoS and flags stand in the first byte. */
export function readPublish(r: Reader, first: number): DecodedPublish {
  const type = 'publish';
  r.packetType = type;
  r.fieldStart = r.start;
  const qos = checkQoS(r, (first >> 1) & 3, 'qos', '3.3.1-4');
  const marked = (first & 8) !== 0;
  const retain = (first & 1) !== 0;
  if (qos === 0 && marked) checkRule(r, 'dup-with-qos-0', 'dup', '3.3.1-2');
  const { at } = r;
  const topic = readString(r, 'topic', NO_WILDCARD, '3.3.2-2');
  const packetId = qos === 0 ? 0 : readPacketId(r);
  const properties = r.version === 5 ? readProperties(r, PUBLISH_PROPERTIES) : undefined;
  checkTopic(r, topic, at);
  const payload = readBytes(r, r.end);
  if (!properties) {
    if (qos === 0) return { type, topic, payload, qos, retain, dup: false };
    return { type, topic, payload, qos, retain, dup: marked, packetId };
  }
  if (qos === 0) return { type, topic, payload, qos, retain, dup: false, properties };
  return { type, topic, payload, qos, retain, dup: marked, packetId, properties };
}

/** An empty topic needs an alias that stands for it, which MQTT 3.1.1 does not have. */
function checkTopic(place: Place, topic: unknown, at?: number): void {
  if (topic === '' && (place.version === 4 || !(place.seen & bitOf(TOPIC_ALIAS)))) {
    throw failure(place, 'empty-topic', 'topic', '4.7.3-1|3.3.2-1', place.version === 4 ? 0x81 : 0x82, at);
  }
}

export function writePublish(w: Writer, packet: PublishPacket): void {
  const { topic, payload, qos = 0 } = packet;
  const dup = checkFlag(w, packet.dup, 'dup');
  w.first =
    0x30 | (dup << 3) | (checkQoS(w, qos, 'qos', '3.3.1-4') << 1) | checkFlag(w, packet.retain, 'retain');
  writeString(w, topic, 'topic', NO_WILDCARD, '3.3.2-2');
  if (qos > 0) writePacketId(w, packet.packetId);
  else {
    if (dup) checkRule(w, 'dup-with-qos-0', 'dup', '3.3.1-2');
    if (packet.packetId !== undefined) throw failure(w, 'not-in-this-packet', 'packetId', '2.3.1-5|2.2.1-2');
  }
  writeProperties(w, packet.properties, PUBLISH_PROPERTIES);
  checkTopic(w, topic);
  if (typeof payload === 'string') writeText(w, payload, 'payload', ANYTHING);
  else if (payload !== undefined) w.payload = checkBytes(w, payload, 'payload');
}

/**
 * Encodes a PUBLISH packet (section 3.3). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodePublish({ type: 'publish', topic: 'a', payload: 'hi' }, 4); // => Uint8Array.of(0x30, 5, 0, 1, 0x61, 0x68, 0x69)
 */
export function encodePublish<V extends ProtocolVersion>(
  packet: PublishPacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<PublishPacket>('publish', writePublish, packet, version, options);
}

/**
 * Decodes exactly one whole PUBLISH packet (section 3.3). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodePublish(Uint8Array.of(0x30, 3, 0, 1, 0x61), 4).topic; // => 'a'
 */
export function decodePublish<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedPublish<V> {
  const r = openFrame(frame, version, options);
  const first = readByte(r, 'type');
  r.packetType = 'publish';
  if (first >> 4 !== 3) throw failure(r, 'unexpected-packet', 'type', '', 0x82);
  readWholeLength(r);
  return readPublish(r, first) as DecodedPublish<V>;
}
