// pure: what becomes of a packet on the wire, worked out without the wire; it shares no code with the codec.
import { checkVersion } from '../bytes/settings.js';
import type { ProtocolVersion } from '../errors.js';
import type { Properties } from '../spec/properties.js';
import type { Will } from './connect.js';
import type { Bytes } from './frame.js';
import type { DecodedPacket, Packet, PacketOf } from './index.js';
import type { PublishPacket } from './publish.js';
import type { Subscription } from './subscribe.js';

/**
 * Fills in the defaults of a packet and turns its text into bytes: gives what `decode(encode(packet))` gives.
 *
 * In MQTT 5.0 there are always `properties` (without those that are `undefined` or empty lists), reason codes
 * and all Subscription Options; in both versions the flags of a PUBLISH and of a will, and bytes for strings.
 * Fields that the packet does not have are left out. Nothing is checked: the packet is taken to be one that
 * `encode` accepts. Bytes are views into the packet's own, not copies.
 *
 * Throws TypeError for a packet that is no object; RangeError for a version other than 4 and 5.
 *
 * @example
 * ```ts
 * normalize({ type: 'publish', topic: 'a/b', payload: 'hi' }, 4); // => { type: 'publish', topic: 'a/b',
 * //   payload: Uint8Array.of(0x68, 0x69), qos: 0, retain: false, dup: false }
 * normalize({ type: 'puback', packetId: 7 }, 5); // => { type: 'puback', packetId: 7, reasonCode: 0, properties: {} }
 * ```
 */
export function normalize<V extends ProtocolVersion>(
  // Not to be inferred from: a CONNECT names a version too, and V would be both.
  packet: PacketOf<NoInfer<V>>,
  version: V,
): DecodedPacket<V> {
  if (typeof packet !== 'object' || packet === null) throw new TypeError('packet must be an object');
  const fields = complete(packet as Packet, checkVersion(version));
  const properties = 'properties' in packet ? packet.properties : undefined;
  const all = version === 4 || hasNoProperties(packet) ? fields : { ...fields, properties: kept(properties) };
  // The compiler cannot follow V into the cases; the law decode(encode(p)) = normalize(p) can.
  return { type: packet.type, ...all } as DecodedPacket<V>;
}

function hasNoProperties({ type }: { type: string }): boolean {
  return type === 'pingreq' || type === 'pingresp';
}

/** The fields between `type` and `properties`. */
function complete(packet: Packet, version: ProtocolVersion): object {
  switch (packet.type) {
    case 'pingreq':
    case 'pingresp':
      return {};
    case 'connect': {
      const { protocolVersion, clientId, cleanStart = false, keepAlive, will, username, password } = packet;
      return {
        protocolVersion,
        clientId,
        cleanStart,
        keepAlive: unsigned(keepAlive),
        ...(will !== undefined && { will: completeWill(will, version) }),
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password: toBytes(password) }),
      };
    }
    case 'connack':
      return { sessionPresent: packet.sessionPresent ?? false, reasonCode: unsigned(packet.reasonCode) };
    case 'publish':
      return completePublish(packet);
    case 'subscribe': {
      const subscriptions = packet.subscriptions.map((each) => completeSubscription(each, version));
      return { packetId: packet.packetId, subscriptions };
    }
    case 'unsubscribe':
      return { packetId: packet.packetId, topicFilters: [...packet.topicFilters] };
    case 'suback':
    case 'unsuback': {
      const { packetId, reasonCodes } = packet;
      return { packetId, ...(reasonCodes !== undefined && { reasonCodes: reasonCodes.map(unsigned) }) };
    }
    default: {
      const packetId = 'packetId' in packet && { packetId: packet.packetId };
      return { ...packetId, ...(version === 5 && { reasonCode: unsigned(packet.reasonCode ?? 0) }) };
    }
  }
}

function completePublish(packet: PublishPacket): object {
  const { topic, payload = '', qos = 0, retain = false, dup = false, packetId } = packet;
  const fields = { topic, payload: toBytes(payload), qos: unsigned(qos), retain, dup };
  return packetId === undefined ? fields : { ...fields, packetId };
}

function completeWill(will: Will, version: ProtocolVersion): object {
  const { topic, payload = '', qos = 0, retain = false, properties } = will;
  const fields = { topic, payload: toBytes(payload), qos: unsigned(qos), retain };
  return version === 4 ? fields : { ...fields, properties: kept(properties) };
}

function completeSubscription(subscription: Subscription, version: ProtocolVersion): object {
  const {
    topicFilter,
    qos = 0,
    noLocal = false,
    retainAsPublished = false,
    retainHandling = 0,
  } = subscription;
  const fields = { topicFilter, qos: unsigned(qos) };
  return version === 4
    ? fields
    : { ...fields, noLocal, retainAsPublished, retainHandling: unsigned(retainHandling) };
}

/** The properties that leave a trace on the wire: a list without items leaves none. */
function kept(properties: Properties | undefined): Properties {
  const found: Record<string, unknown> = {};
  for (const name in properties) {
    const value: unknown = properties[name as keyof Properties];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    found[name] = Array.isArray(value) ? value.map(completeValue) : completeValue(value);
  }
  return found;
}

function completeValue(value: unknown): unknown {
  if (typeof value === 'number') return unsigned(value);
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? [...value] : toBytes(value as Uint8Array);
}

// -0 passes for 0, and comes back as 0.
function unsigned(value: number): number {
  return value + 0;
}

function toBytes(value: Uint8Array | string): Uint8Array {
  if (typeof value === 'string') return utf8(value);
  return new Uint8Array(value.buffer, value.byteOffset, value.length);
}

/** The UTF-8 bytes of a text; a lone surrogate comes out in the three bytes that its number would have. */
export function utf8(text: string): Bytes {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    bytes.push(more === 0 ? code : ((0xff << (7 - more)) & 0xff) | (code >> (6 * more)));
    for (let left = more - 1; left >= 0; left--) bytes.push(0x80 | ((code >> (6 * left)) & 0x3f));
  }
  return Uint8Array.from(bytes);
}
