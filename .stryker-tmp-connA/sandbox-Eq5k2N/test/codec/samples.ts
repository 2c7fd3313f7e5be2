// @ts-nocheck
import { readFileSync } from 'node:fs';
import { type PacketType, PROPERTIES, type ProtocolVersion } from '../../src/index.js';
import { concat, field, framed, fromHex, variable } from './fixtures.js';

/** A packet as anything at all may stand in it. */
export type Fields = Readonly<Record<string, unknown>>;

const bodies: Readonly<Record<PacketType, Fields>> = {
  connect: { clientId: 'a', cleanStart: true, keepAlive: 60 },
  connack: { sessionPresent: false, reasonCode: 0 },
  publish: { topic: 't', payload: new Uint8Array(0), qos: 0, retain: false, dup: false },
  puback: { packetId: 10 },
  pubrec: { packetId: 10 },
  pubrel: { packetId: 10 },
  pubcomp: { packetId: 10 },
  subscribe: { packetId: 10, subscriptions: [{ topicFilter: 'f', qos: 0 }] },
  suback: { packetId: 10, reasonCodes: [0] },
  unsubscribe: { packetId: 10, topicFilters: ['f'] },
  unsuback: { packetId: 10 },
  pingreq: {},
  pingresp: {},
  disconnect: {},
  auth: { reasonCode: 0x18, properties: { authenticationMethod: 'M' } },
};

/** A small packet of that type and version, with some fields replaced. */
export function sample(type: PacketType, version: ProtocolVersion, fields: Fields = {}): Fields {
  const packet: Record<string, unknown> = { type, ...bodies[type] };
  if (type === 'connect') packet['protocolVersion'] = version;
  if (type === 'unsuback' && version === 5) packet['reasonCodes'] = [0];
  return { ...packet, ...fields };
}

/** What may hold properties: a packet, or the will of a CONNECT. */
export type PropertySetName = Exclude<PacketType, 'pingreq' | 'pingresp'> | 'will';

/** A sample of version 5 with those properties. */
export function withProperties(set: PropertySetName, properties: unknown): Fields {
  if (set !== 'will') return sample(set, 5, { properties });
  return sample('connect', 5, { will: { topic: 'w', properties } });
}

/** For each set of properties: the first byte, and what stands before and behind the properties. */
const carriers: Readonly<Record<PropertySetName, readonly [first: number, before: string, after: string]>> = {
  connect: [0x10, '00044d515454 05 02 003c', '000161'],
  will: [0x10, '00044d515454 05 06 003c 00 000161', '000177 0000'],
  connack: [0x20, '00 00', ''],
  publish: [0x30, '000174', ''],
  puback: [0x40, '000a 00', ''],
  pubrec: [0x50, '000a 00', ''],
  pubrel: [0x62, '000a 00', ''],
  pubcomp: [0x70, '000a 00', ''],
  subscribe: [0x82, '000a', '000166 00'],
  suback: [0x90, '000a', '00'],
  unsubscribe: [0xa2, '000a', '000166'],
  unsuback: [0xb0, '000a', '00'],
  disconnect: [0xe0, '00', ''],
  auth: [0xf0, '18', ''],
};

const NONE: Uint8Array = new Uint8Array(0);

/** The frame of that sample with those bytes for properties, and the offset at which they begin. */
export function frameWithProperties(
  set: PropertySetName,
  properties: Uint8Array,
  { length = properties.length, surplus = NONE } = {},
): { frame: Uint8Array; start: number; sectionStart: number } {
  const [first, before, after] = carriers[set];
  const head = fromHex(before);
  const size = variable(length);
  const frame = framed(first, head, size, properties, surplus, fromHex(after));
  const sectionStart =
    frame.length - fromHex(after).length - surplus.length - properties.length - size.length;
  return { frame, sectionStart, start: sectionStart + size.length };
}

/** A row of `spec/properties-5.0.tsv`. */
export interface SpecProperty {
  readonly id: number;
  /** The standard's name, and ours. */
  readonly words: string;
  readonly name: string;
  readonly type: string;
  readonly sets: readonly PropertySetName[];
  readonly range: readonly [number, number] | undefined;
  readonly sender: string;
  readonly repeats: (set: PropertySetName) => boolean;
}

const rowsOf = (file: string): string[][] =>
  readFileSync(new URL(`../../spec/${file}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));

const setOf = (words: string): PropertySetName =>
  words === 'Will Properties' ? 'will' : (words.toLowerCase() as PropertySetName);

/** The standard's words as one word: `Maximum QoS` is `maximumQoS`. */
const camel = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1).replaceAll(' ', '');

export const specProperties: readonly SpecProperty[] = rowsOf('properties-5.0.tsv').map((row) => {
  const [, hex = '', words = '', type = '', packets = '', repeats = '', range = '', , sender = ''] = row;
  const numbers = /Integer|Byte$/.test(type) ? /^(\d+)-(\d+)/.exec(range) : null;
  return {
    id: Number(hex),
    words,
    name: camel(words),
    type,
    sets: packets.split(', ').map(setOf),
    range: numbers === null ? undefined : [Number(numbers[1]), Number(numbers[2])],
    sender,
    repeats: (set) => repeats.startsWith('yes') || (repeats === 'in PUBLISH only' && set === 'publish'),
  };
});

/** What a property is called in our packets: in the plural where it may repeat. */
export const nameIn = (property: SpecProperty, set: PropertySetName): string =>
  property.repeats(set) ? property.name.replace(/y$/, 'ies').replace(/r$/, 'rs') : property.name;

/** A row of `spec/reason-codes-5.0.tsv`. */
export interface SpecReasonCode {
  readonly code: number;
  readonly words: string;
  readonly packets: readonly string[];
}

export const specReasonCodes: readonly SpecReasonCode[] = rowsOf('reason-codes-5.0.tsv').map(
  ([hex = '', words = '', packets = '']) => ({
    code: Number(hex),
    words,
    packets: packets.split(', ').map((packet) => packet.toLowerCase()),
  }),
);

/** The reason codes of a packet by table 2-6. */
export const codesOf = (packet: string): number[] => [
  ...new Set(specReasonCodes.filter(({ packets }) => packets.includes(packet)).map(({ code }) => code)),
];

/** A small legal value of a property, as bytes and as it is decoded. */
export function sampleValue(property: SpecProperty): { bytes: Uint8Array; value: unknown } {
  switch (property.type) {
    case 'Byte':
      return { bytes: Uint8Array.of(1), value: 1 };
    case 'Two Byte Integer':
      return { bytes: fromHex('0102'), value: 0x0102 };
    case 'Four Byte Integer':
      return { bytes: fromHex('fffefdfc'), value: 0xfffefdfc };
    case 'Variable Byte Integer':
      return { bytes: fromHex('8201'), value: 130 };
    case 'UTF-8 Encoded String':
      return { bytes: field('xy'), value: 'xy' };
    case 'Binary Data':
      return { bytes: field(Uint8Array.of(0, 255)), value: Uint8Array.of(0, 255) };
    case 'UTF-8 String Pair':
      return { bytes: concat(field('n'), field('vw')), value: ['n', 'vw'] };
    default:
      throw new Error(`no such type: ${property.type}`);
  }
}

/** All that may hold properties. */
export const propertySets = Object.keys(PROPERTIES) as PropertySetName[];

/** A property by our name in the singular. */
export const propertyOf = (name: string): SpecProperty => specProperties.find((row) => row.name === name)!;

/** The bytes of a property: its identifier and a value. */
export const bytesOf = (property: SpecProperty, value = sampleValue(property).bytes): Uint8Array =>
  concat([property.id], value);

/** The properties that a packet cannot be without, where the tested one is not among them. */
export function company(set: PropertySetName, property: SpecProperty): Uint8Array {
  const needed = set === 'auth' || property.name === 'authenticationData';
  return needed && property.name !== 'authenticationMethod'
    ? bytesOf(propertyOf('authenticationMethod'))
    : NONE;
}

/** The path of a property in errors. */
export const pathOf = (set: PropertySetName, name: string): string =>
  `${set === 'will' ? 'will.' : ''}properties.${name}`;

/** The properties of a decoded packet, or of its will. */
export function propertiesOf(set: PropertySetName, packet: object): unknown {
  return Reflect.get(set === 'will' ? Reflect.get(packet, 'will') : packet, 'properties');
}
