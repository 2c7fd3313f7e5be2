// pure: UNSUBSCRIBE (section 3.10): its type, and how it is read and written.
import { failure } from '../bytes/place.js';
import type { Reader } from '../bytes/reader.js';
import type { DecodeOptions, EncodeOptions } from '../bytes/settings.js';
import { checkList, type Writer, writePacketId } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { UNSUBSCRIBE_PROPERTIES, type UnsubscribeProperties } from '../spec/properties.js';
import { readTopicFilter, writeTopicFilter } from './filters.js';
import { type Bytes, decodeOnly, encodeOnly } from './frame.js';
import { readPacketId } from './packet-id.js';
import { type PropertyCodec, propertyCodec, readProperties, writeProperties } from './properties.js';

/** An UNSUBSCRIBE to encode. */
export type UnsubscribePacket<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? {
      type: 'unsubscribe';
      packetId: number;
      /** At least one. */
      topicFilters: readonly string[];
      properties?: UnsubscribeProperties | undefined;
    }
  : { type: 'unsubscribe'; packetId: number; topicFilters: readonly string[]; properties?: undefined };

/** An UNSUBSCRIBE as it was decoded. */
export type DecodedUnsubscribe<V extends ProtocolVersion = ProtocolVersion> = V extends 5
  ? { type: 'unsubscribe'; packetId: number; topicFilters: string[]; properties: UnsubscribeProperties }
  : { type: 'unsubscribe'; packetId: number; topicFilters: string[]; properties?: undefined };

const UNSUBSCRIBE: PropertyCodec<UnsubscribeProperties> =
  /* @__PURE__ */ propertyCodec(UNSUBSCRIBE_PROPERTIES);

const EMPTY = '3.10.3-2';

export function readUnsubscribe(r: Reader): DecodedUnsubscribe {
  const type = 'unsubscribe';
  const packetId = readPacketId(r);
  const properties = r.version === 5 ? readProperties(r, UNSUBSCRIBE) : undefined;
  if (r.at === r.end) throw failure(r, 'empty-list', 'topicFilters', EMPTY, 0x82, r.at);
  const topicFilters: string[] = [];
  for (r.index = 0; r.at < r.end; r.index++) topicFilters.push(readTopicFilter(r, 'topicFilters[#]'));
  return properties ? { type, packetId, topicFilters, properties } : { type, packetId, topicFilters };
}

export function writeUnsubscribe(w: Writer, packet: UnsubscribePacket): void {
  w.first = 0xa2;
  writePacketId(w, packet.packetId);
  writeProperties(w, packet.properties, UNSUBSCRIBE);
  const list = checkList(w, packet.topicFilters, 'topicFilters', EMPTY);
  for (w.index = 0; w.index < list.length; w.index++) writeTopicFilter(w, list[w.index], 'topicFilters[#]');
}

/**
 * Encodes a UNSUBSCRIBE packet (section 3.10). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodeUnsubscribe({ type: 'unsubscribe', packetId: 1, topicFilters: ['a'] }, 4); // => Uint8Array.of(0xa2, 5, 0, 1, 0, 1, 0x61)
 */
export function encodeUnsubscribe<V extends ProtocolVersion>(
  packet: UnsubscribePacket<NoInfer<V>>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<UnsubscribePacket>('unsubscribe', writeUnsubscribe, packet, version, options);
}

/**
 * Decodes exactly one whole UNSUBSCRIBE packet (section 3.10). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * decodeUnsubscribe(Uint8Array.of(0xa2, 6, 0, 1, 0, 0, 1, 0x61), 5).topicFilters; // => ['a']
 */
export function decodeUnsubscribe<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedUnsubscribe<V> {
  return decodeOnly(10, readUnsubscribe, frame, version, options) as DecodedUnsubscribe<V>;
}
