// pure: UNSUBSCRIBE (section 3.10): its type, and how it is read and written.
import type { Reader } from '../bytes/reader.js';
import type { DecodeOptions, EncodeOptions } from '../bytes/settings.js';
import { type Writer, writePacketId } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { UNSUBSCRIBE_PROPERTIES, type UnsubscribeProperties } from '../spec/properties.js';
import { readTopicFilter, writeTopicFilter } from './filters.js';
import { type Bytes, decodeOnly, encodeOnly } from './frame.js';
import { readList, writeList } from './lists.js';
import { readPacketId } from './packet-id.js';
import { readProperties, writeProperties } from './properties.js';

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

const EMPTY = '3.10.3-2';

export function readUnsubscribe(r: Reader): DecodedUnsubscribe {
  const type = 'unsubscribe';
  const packetId = readPacketId(r);
  if (r.version === 4) return { type, packetId, topicFilters: readFilters(r) };
  const properties = readProperties(r, UNSUBSCRIBE_PROPERTIES);
  return { type, packetId, topicFilters: readFilters(r), properties };
}

function readFilters(r: Reader): string[] {
  return readList(r, (r) => readTopicFilter(r, 'topicFilters[#]'), 'topicFilters', EMPTY);
}

export function writeUnsubscribe(w: Writer, packet: UnsubscribePacket): void {
  w.first = 0xa2;
  writePacketId(w, packet.packetId);
  writeProperties(w, packet.properties, UNSUBSCRIBE_PROPERTIES);
  writeList(
    w,
    packet.topicFilters,
    (w, filter) => writeTopicFilter(w, filter, 'topicFilters[#]'),
    'topicFilters',
    EMPTY,
  );
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
