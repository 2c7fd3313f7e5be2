// What the codecs are measured with: packets, and streams of them. Nothing here runs any codec.
import type { Packet, ProtocolVersion } from '../../src/index.js';

export interface Item {
  readonly packet: Packet;
  readonly version: ProtocolVersion;
}

export interface Workload {
  readonly title: string;
  /** Several packets at once, as a real process meets them; the others are one kind of packet in a loop. */
  readonly mixed: boolean;
  readonly items: readonly Item[];
}

/** How many packets of each kind take turns. */
const ROTATION = 16;

/** A small generator with a fixed seed (mulberry32), so that all processes see the same packets. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

/** 27 characters of ASCII, the length that topics in the field have. */
const topicOf = (n: number): string =>
  `plant/${digits(n % 1_000, 3)}/line-${digits(n % 17, 2)}/sensor-${n % 10}`;

function bytesOf(length: number, next: (below: number) => number): Buffer {
  return Buffer.from(Array.from({ length }, () => next(256)));
}

type Make = (n: number, version: ProtocolVersion, next: (below: number) => number) => object;

const publish: Make = (n, _, next) => ({
  type: 'publish',
  topic: topicOf(n),
  payload: bytesOf(16, next),
  qos: 0,
  retain: false,
  dup: false,
});

const publishQoS1: Make = (n, _, next) => ({
  type: 'publish',
  topic: topicOf(n),
  payload: bytesOf(1_024, next),
  qos: 1,
  retain: false,
  dup: false,
  packetId: 1 + n * 251,
});

const publishProperties: Make = (n, _, next) => ({
  type: 'publish',
  topic: topicOf(n),
  payload: bytesOf(64, next),
  qos: 1,
  retain: false,
  dup: false,
  packetId: 1 + n * 251,
  properties: {
    payloadFormatIndicator: n & 1,
    messageExpiryInterval: 60 + n,
    contentType: 'application/json',
    responseTopic: `plant/${digits(n, 3)}/replies`,
    correlationData: bytesOf(8, next),
    userProperties: [['trace-id', `00-${digits(next(1_000_000), 8)}-01`]],
  },
});

const puback: Make = (n) => ({ type: 'puback', packetId: 1 + n * 4_001 });

const connect: Make = (n, version, next) => ({
  type: 'connect',
  protocolVersion: version,
  clientId: `device-${digits(n * 77, 6)}`,
  cleanStart: n % 2 === 0,
  keepAlive: 60,
  will: { topic: `plant/${digits(n, 3)}/status`, payload: Buffer.from('offline'), qos: 1, retain: true },
  username: `user-${digits(n, 4)}`,
  password: bytesOf(16, next),
  ...(version === 5 ? { properties: { sessionExpiryInterval: 3_600, receiveMaximum: 20 + n } } : {}),
});

const subscribe: Make = (n) => ({
  type: 'subscribe',
  packetId: 1 + n * 251,
  subscriptions: Array.from({ length: 8 }, (_, i) => ({
    topicFilter:
      i % 3 === 2
        ? `plant/${digits(n, 3)}/line-${digits(i, 2)}/#`
        : topicOf(n * 8 + i).replace(/line-\d+/, '+'),
    qos: i % 3,
  })),
});

const suback: Make = (n) => ({
  type: 'suback',
  packetId: 1 + n * 251,
  reasonCodes: Array.from({ length: 8 }, (_, i) => ((n + i) % 9 === 8 ? 0x80 : (n + i) % 3)),
});

const SINGLE: readonly (readonly [title: string, versions: readonly ProtocolVersion[], make: Make])[] = [
  ['PUBLISH QoS 0, 16 B', [4, 5], publish],
  ['PUBLISH QoS 1, 1 KiB', [4, 5], publishQoS1],
  ['PUBLISH, 6 properties', [5], publishProperties],
  ['PUBACK', [4, 5], puback],
  ['CONNECT, will, credentials', [4, 5], connect],
  ['SUBSCRIBE of 8', [4, 5], subscribe],
  ['SUBACK of 8', [4, 5], suback],
];

export const versionName = (version: ProtocolVersion): string => (version === 4 ? '3.1.1' : '5.0');

function single(title: string, version: ProtocolVersion, make: Make): Workload {
  const next = numbers(title.length + version);
  const items = Array.from({ length: ROTATION }, (_, n) => ({
    packet: make(n, version, next) as Packet,
    version,
  }));
  return { title: `${title} (${versionName(version)})`, mixed: false, items };
}

/** The packets of other workloads in turns: one of each, again and again. */
function mixed(title: string, parts: readonly Workload[]): Workload {
  const items = Array.from({ length: ROTATION }, (_, n) => parts.map((part) => part.items[n]!)).flat();
  return { title, mixed: true, items };
}

const singles = (version: ProtocolVersion): Workload[] =>
  SINGLE.filter(([, versions]) => versions.includes(version)).map(([title, , make]) =>
    single(title, version, make),
  );

/** All workloads but the streams; those with all packets in one process come last. */
export function workloads(): Workload[] {
  const [v4, v5] = [singles(4), singles(5)];
  return [
    ...v4,
    ...v5,
    mixed('all mixed (3.1.1)', v4),
    mixed('all mixed (5.0)', v5),
    mixed('all mixed (both)', [...v4, ...v5]),
  ];
}

/** A stream of packets, split into chunks of one length. */
export interface Stream {
  readonly title: string;
  readonly chunk: number;
  /** How many bytes, in packets of all sizes or as a single one. */
  readonly size: number;
  readonly one: boolean;
}

const KIB = 1_024;
const MIB = 1_024 * KIB;

export const STREAMS: readonly Stream[] = [
  { title: '4 MiB in chunks of 64 KiB', chunk: 64 * KIB, size: 4 * MIB, one: false },
  { title: '4 MiB in chunks of 1,460 B', chunk: 1_460, size: 4 * MIB, one: false },
  { title: '64 KiB in chunks of 1 B', chunk: 1, size: 64 * KIB, one: false },
  { title: 'one packet of 64 MiB', chunk: 64 * KIB, size: 64 * MIB, one: true },
];

const SIZES = [16, 40, 100, 16, 250, 1_000, 64, 16, 4_000, 32];

/** The PUBLISH packets of a stream; version 4, which all contestants read. */
export function streamItems(size: number): Item[] {
  const next = numbers(3);
  const items: Item[] = [];
  for (let n = 0, total = 0; total < size; n++) {
    const length = SIZES[n % SIZES.length]!;
    const qos = n % 3 === 0 ? 1 : 0;
    const packet = {
      type: 'publish',
      topic: topicOf(n),
      payload: bytesOf(length, next),
      qos,
      ...(qos === 1 ? { packetId: 1 + (n % 65_535) } : {}),
    };
    items.push({ packet: packet as Packet, version: 4 });
    total += length + 34;
  }
  return items;
}

/** One PUBLISH of so many bytes of payload, as bytes: they are the same in every codec. */
export function hugePacket(payloadLength: number): Buffer {
  const head = [0x30];
  for (let rest = payloadLength + 3; ; rest >>= 7) {
    head.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) break;
  }
  return Buffer.concat([Uint8Array.of(...head, 0, 1, 0x61), Buffer.alloc(payloadLength, 7)]);
}
