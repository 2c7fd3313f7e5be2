/**
 * What each byte of a packet is for.
 *
 * `annotate` walks a frame field by field, by the standard's layout and puremqtt's table of properties, and builds
 * the packet anew from what it reads. The result counts only if it is the packet that `decode` makes of the frame.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type DecodedPacket,
  decode,
  PACKET_TYPES,
  type PacketType,
  PROPERTIES,
  PROPERTY_TYPES,
  type ProtocolVersion,
} from '../../../src/index.js';

/** The bytes of one field: from `start` up to, and not including, `end`. */
export interface Field {
  /** In the words of the packet types, such as `will.topic` or `properties.userProperties[1]`. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface Annotation {
  readonly packet: DecodedPacket;
  /** In order, without gaps: together they are the frame. A length prefix belongs to its field. */
  readonly fields: readonly Field[];
}

/** Splits one whole packet into its fields. Throws what `decode` throws. */
export function annotate(frame: Uint8Array, version: ProtocolVersion): Annotation {
  const packet = decode(frame, version);
  const walk = new Walk(frame, version);
  const first = walk.field('type+flags', walk.number(1));
  walk.field('remainingLength', walk.variable());
  const type = PACKET_TYPES[first >> 4] ?? 'connect';
  const rebuilt = { type, ...LAYOUTS[type](walk, first & 15) };
  if (walk.at !== frame.length || !isDeepStrictEqual(rebuilt, packet)) {
    throw new Error(`annotate and decode read this ${type.toUpperCase()} differently`);
  }
  return { packet, fields: walk.fields };
}

type Values = Record<string, unknown>;
/** A packet that holds properties, or the will. */
type PropertySet = keyof typeof PROPERTIES;

class Walk {
  at = 0;
  readonly fields: Field[] = [];

  constructor(
    readonly frame: Uint8Array,
    readonly version: ProtocolVersion,
  ) {}

  /** Names the bytes read since the last field. The value is read before the call, since arguments come first. */
  field<T>(name: string, value: T): T {
    const start = this.fields.at(-1)?.end ?? 0;
    if (this.at > start) this.fields.push({ name, start, end: this.at });
    return value;
  }

  get left(): number {
    return this.frame.length - this.at;
  }

  number(size: number): number {
    let value = 0;
    for (const byte of this.bytes(size)) value = value * 256 + byte;
    return value;
  }

  variable(): number {
    for (let value = 0, unit = 1; ; unit *= 128) {
      const byte = this.number(1);
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
  }

  bytes(length: number): Uint8Array {
    const { buffer, byteOffset } = this.frame;
    const bytes = new Uint8Array(buffer, byteOffset + this.at, length);
    this.at += length;
    return bytes;
  }

  binary(): Uint8Array {
    return this.bytes(this.number(2));
  }

  text(): string {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.binary());
  }

  properties(set: PropertySet, scope = ''): Values {
    const values: Values = {};
    const length = this.field(`${scope}propertyLength`, this.variable());
    for (const end = this.at + length; this.at < end; ) {
      const id = this.variable();
      const [name, row] = Object.entries(PROPERTIES[set]).find(([, [rowId]]) => rowId === id) ?? [];
      if (name === undefined || row === undefined) throw new Error(`${set} has no property ${id}`);
      const value = this.propertyValue(PROPERTY_TYPES[row[1]]);
      const list = row[1] >= FIRST_LIST ? ((values[name] ?? []) as unknown[]) : undefined;
      this.field(`${scope}properties.${name}${list ? `[${list.length}]` : ''}`, value);
      values[name] = list ? [...list, value] : value;
    }
    return values;
  }

  propertyValue(type: string | undefined): unknown {
    switch (type) {
      case 'Byte':
        return this.number(1);
      case 'Two Byte Integer':
        return this.number(2);
      case 'Four Byte Integer':
        return this.number(4);
      case 'Variable Byte Integer':
        return this.variable();
      case 'Binary Data':
        return this.binary();
      case 'UTF-8 String Pair':
        return [this.text(), this.text()];
      default:
        return this.text();
    }
  }
}

// From this data type on, a property may repeat.
const FIRST_LIST = PROPERTY_TYPES.lastIndexOf('Variable Byte Integer');

/** The properties, where the version has them. */
const propertiesOf = (walk: Walk, set: PropertySet, scope = ''): Values =>
  walk.version === 5 ? { properties: walk.properties(set, scope) } : {};

function connect(walk: Walk): Values {
  walk.field('protocolName', walk.text());
  const protocolVersion = walk.field('protocolVersion', walk.number(1));
  const flags = walk.field('flags', walk.number(1));
  const keepAlive = walk.field('keepAlive', walk.number(2));
  const properties = propertiesOf(walk, 'connect');
  const clientId = walk.field('clientId', walk.text());
  const packet: Values = {
    protocolVersion,
    cleanStart: (flags & 2) !== 0,
    keepAlive,
    clientId,
    ...properties,
  };
  if ((flags & 4) !== 0) packet['will'] = will(walk, flags);
  if ((flags & 0x80) !== 0) packet['username'] = walk.field('username', walk.text());
  if ((flags & 0x40) !== 0) packet['password'] = walk.field('password', walk.binary());
  return packet;
}

function will(walk: Walk, flags: number): Values {
  const properties = propertiesOf(walk, 'will', 'will.');
  const topic = walk.field('will.topic', walk.text());
  const payload = walk.field('will.payload', walk.binary());
  return { topic, payload, qos: (flags >> 3) & 3, retain: (flags & 0x20) !== 0, ...properties };
}

function connack(walk: Walk): Values {
  const sessionPresent = walk.field('sessionPresent', walk.number(1)) === 1;
  const reasonCode = walk.field('reasonCode', walk.number(1));
  const properties = propertiesOf(walk, 'connack');
  return { sessionPresent, reasonCode, ...properties };
}

function publish(walk: Walk, flags: number): Values {
  const qos = (flags >> 1) & 3;
  const topic = walk.field('topic', walk.text());
  const id = qos > 0 ? packetId(walk) : {};
  const properties = propertiesOf(walk, 'publish');
  const payload = walk.field('payload', walk.bytes(walk.left));
  return { topic, payload, qos, retain: (flags & 1) === 1, dup: (flags & 8) !== 0, ...id, ...properties };
}

const packetId = (walk: Walk): Values => ({ packetId: walk.field('packetId', walk.number(2)) });

/** The reason code and properties of MQTT 5.0, both of which may be left out. */
function tail(walk: Walk, set: PropertySet): Values {
  if (walk.version === 4) return {};
  const reasonCode = walk.left > 0 ? walk.field('reasonCode', walk.number(1)) : 0;
  return { reasonCode, properties: walk.left > 0 ? walk.properties(set) : {} };
}

function subscribe(walk: Walk): Values {
  const head = { ...packetId(walk), ...propertiesOf(walk, 'subscribe') };
  const subscriptions = list(walk, (index) => {
    const topicFilter = walk.field(`subscriptions[${index}].topicFilter`, walk.text());
    const options = walk.field(`subscriptions[${index}].options`, walk.number(1));
    if (walk.version === 4) return { topicFilter, qos: options };
    return {
      topicFilter,
      qos: options & 3,
      noLocal: (options & 4) !== 0,
      retainAsPublished: (options & 8) !== 0,
      retainHandling: options >> 4,
    };
  });
  return { ...head, subscriptions };
}

function unsubscribe(walk: Walk): Values {
  const head = { ...packetId(walk), ...propertiesOf(walk, 'unsubscribe') };
  return { ...head, topicFilters: list(walk, (index) => walk.field(`topicFilters[${index}]`, walk.text())) };
}

function codes(walk: Walk, set: 'suback' | 'unsuback'): Values {
  const head = { ...packetId(walk), ...propertiesOf(walk, set) };
  if (walk.version === 4 && set === 'unsuback') return head;
  return { ...head, reasonCodes: list(walk, (index) => walk.field(`reasonCodes[${index}]`, walk.number(1))) };
}

function list<T>(walk: Walk, read: (index: number) => T): T[] {
  const items: T[] = [];
  while (walk.left > 0) items.push(read(items.length));
  return items;
}

const LAYOUTS: Readonly<Record<PacketType, (walk: Walk, flags: number) => Values>> = {
  connect,
  connack,
  publish,
  puback: (walk) => ({ ...packetId(walk), ...tail(walk, 'puback') }),
  pubrec: (walk) => ({ ...packetId(walk), ...tail(walk, 'pubrec') }),
  pubrel: (walk) => ({ ...packetId(walk), ...tail(walk, 'pubrel') }),
  pubcomp: (walk) => ({ ...packetId(walk), ...tail(walk, 'pubcomp') }),
  subscribe,
  suback: (walk) => codes(walk, 'suback'),
  unsubscribe,
  unsuback: (walk) => codes(walk, 'unsuback'),
  pingreq: () => ({}),
  pingresp: () => ({}),
  disconnect: (walk) => tail(walk, 'disconnect'),
  auth: (walk) => tail(walk, 'auth'),
};
