// What the tests of the parsers share: streams, ways to split them, and ways to read them.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect } from 'vitest';
import {
  type DecodedPacket,
  encode,
  type FrameEvent,
  type FrameParser,
  isMqttError,
  type MqttError,
  type Packet,
  type PacketParser,
  type ProtocolVersion,
} from '../../src/index.js';

/** Joins byte arrays. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A packet as bytes: a first byte, the Remaining Length in its shortest form, and what follows. */
export function frame(first: number, body: Uint8Array | readonly number[]): Uint8Array {
  const length: number[] = [];
  for (let rest = body.length; ; rest >>= 7) {
    if (rest < 0x80) {
      length.push(rest);
      break;
    }
    length.push((rest & 0x7f) | 0x80);
  }
  return concat([Uint8Array.of(first, ...length), Uint8Array.from(body)]);
}

/** A CONNECT without anything optional. */
export const connect = (version: ProtocolVersion): Uint8Array =>
  frame(0x10, [0, 4, 77, 81, 84, 84, version, 2, 0, 60, ...(version === 5 ? [0] : []), 0, 1, 97]);

const text = fc.string({ unit: fc.constantFrom(...'abc/ß€😀\ufeff'), minLength: 1, maxLength: 12 });
const id = fc.integer({ min: 1, max: 65_535 });
// Small ones mostly; some that outgrow the slabs in which split packets are gathered.
const payload = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 90_000 }).map((n) => new Uint8Array(n).fill(n)) },
);
const properties = fc.record(
  {
    correlationData: fc.uint8Array({ maxLength: 40 }),
    userProperties: fc.array(fc.tuple(text, text), { maxLength: 3 }),
    topicAlias: id,
  },
  { requiredKeys: [] },
);

function packet(version: ProtocolVersion): fc.Arbitrary<object> {
  const type = <T extends string>(name: T): fc.Arbitrary<T> => fc.constant(name);
  const more = version === 5 ? { properties } : {};
  const common = { type: type('publish'), topic: text, payload, retain: fc.boolean(), ...more };
  const qos = fc.constantFrom(1 as const, 2 as const);
  return fc.oneof(
    fc.record({ ...common, qos: fc.constant(0) }),
    fc.record({ ...common, qos, dup: fc.boolean(), packetId: id }),
    fc.record({ type: fc.constantFrom('puback', 'pubrec', 'pubrel', 'pubcomp'), packetId: id }),
    fc.record({
      type: type('subscribe'),
      packetId: id,
      subscriptions: fc.array(fc.record({ topicFilter: text, qos }), { minLength: 1, maxLength: 9 }),
    }),
    fc.record({ type: fc.constantFrom('pingreq', 'pingresp') }),
    fc.record({
      type: type('connect'),
      protocolVersion: fc.constant(version),
      clientId: text,
      cleanStart: fc.boolean(),
      keepAlive: fc.nat(65_535),
      username: text,
      password: fc.uint8Array({ maxLength: 30 }),
    }),
  );
}

/** Valid packets as bytes, one array each. */
export const frames = (version: ProtocolVersion): fc.Arbitrary<Uint8Array[]> =>
  fc.array(
    packet(version).map((made) => encode(made as Packet, version)),
    { maxLength: 12 },
  );

/** The lengths of chunks, to be used in turn; some are 0. */
export const splits: fc.Arbitrary<number[]> = fc.array(
  fc.oneof(fc.nat(3), fc.nat(40), fc.nat(2_000), fc.nat(70_000)),
  { minLength: 1, maxLength: 12 },
);

/** Splits bytes into chunks of these lengths, over and over, each chunk in memory of its own. */
export function split(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    // One that moves on in each round, lest a round of zeros never ends.
    const length = turn % lengths.length === 0 ? Math.max(lengths[0]!, 1) : lengths[turn % lengths.length]!;
    chunks.push(bytes.slice(at, at + length));
    at += length;
  }
  return chunks;
}

/** Everything a parser has to say until it needs more. */
export function drain<T>(parser: { next(): T | undefined }): T[] {
  const all: T[] = [];
  for (let one = parser.next(); one !== undefined; one = parser.next()) all.push(one);
  return all;
}

/** What came out of a stream, and the error that ended it. */
export interface Outcome<T> {
  readonly out: T[];
  readonly error: MqttError | undefined;
}

/** Pushes chunks, takes what comes after each, and ends the stream. */
export function feed(parser: PacketParser, chunks: readonly Uint8Array[]): Outcome<DecodedPacket>;
export function feed(parser: FrameParser, chunks: readonly Uint8Array[]): Outcome<FrameEvent>;
export function feed(
  parser: PacketParser | FrameParser,
  chunks: readonly Uint8Array[],
): Outcome<DecodedPacket | FrameEvent> {
  const out: (DecodedPacket | FrameEvent)[] = [];
  const take = (): void => {
    for (let one = parser.next(); one !== undefined; one = parser.next()) out.push(one);
  };
  try {
    for (const chunk of chunks) {
      parser.push(chunk);
      take();
    }
    parser.end();
    take();
  } catch (error) {
    if (!isMqttError(error)) throw error;
    return { out, error };
  }
  return { out, error: undefined };
}

/** An error as plain data, to compare: everything it says. */
export const plain = (error: MqttError | undefined): object | undefined =>
  error && { ...error, name: error.name, message: error.message };

/** As `toEqual`, and quick where there are many bytes. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

/** The bytes that events hand out, in a row. */
export const bytesOf = (events: readonly FrameEvent[]): Uint8Array =>
  concat(events.flatMap((event) => ('bytes' in event ? [event.bytes] : [])));

/** The events of each frame: head or publish, bodies, end; checks that they come in that order. */
export function framesOf(events: readonly FrameEvent[]): FrameEvent[][] {
  const all: FrameEvent[][] = [];
  let remaining = -1;
  for (const event of events) {
    if (event.type === 'head' || event.type === 'publish') {
      expectSame(remaining, -1);
      remaining = event.type === 'head' ? event.remainingLength : event.payloadLength;
      expectSame(event.bytes.length + remaining, event.size);
      all.push([]);
    } else if (event.type === 'body') {
      remaining -= event.bytes.length;
      expectSame([event.remaining, event.bytes.length > 0], [remaining, true]);
    } else {
      expectSame([event, remaining], [{ type: 'end' }, 0]);
      remaining = -1;
    }
    all.at(-1)?.push(event);
  }
  expectSame(remaining, -1);
  return all;
}
