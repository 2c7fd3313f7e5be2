import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import {
  type DecodedPacket,
  type DecodeOptions,
  decode,
  encode,
  encodedLength,
  encodeInto,
  encodeParts,
  MAXIMUM_PACKET_SIZE,
  PACKET_TYPES,
  PacketParser,
} from '../../src/index.js';
import { thrownBy } from '../thrown.js';
import {
  concat,
  expectError,
  expectRefusal,
  type InvalidFixture,
  toHex,
  type ValidFixture,
} from './fixtures.js';

type Fixture = ValidFixture | InvalidFixture;

const optionsOf = ({ from }: Fixture): DecodeOptions => ({ from });

/** A PINGREQ or PINGRESP, whichever that sender may send. */
const pingOf = ({ from }: Fixture): Uint8Array =>
  from === 'server' ? Uint8Array.of(0xd0, 0) : Uint8Array.of(0xc0, 0);

/** As toStrictEqual, and quick on long bytes. */
function same(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

const sameBytes = (actual: Uint8Array, expected: Uint8Array): void => {
  if (!Buffer.from(actual).equals(expected)) expect(toHex(actual)).toBe(toHex(expected));
};

// A frame of this size is cut everywhere; of longer ones, the borders and some places between.
const CUT_EVERYWHERE = 2_000;

/** Ways to cut a frame in two, all of them where it is not long, and one byte at a time. */
function* splits(frame: Uint8Array): Generator<Uint8Array[]> {
  const { length } = frame;
  const step = length <= CUT_EVERYWHERE ? 1 : Math.floor(length / 8);
  for (let at = 1; at < length; at += at < 12 || at > length - 12 ? 1 : step) {
    yield [frame.slice(0, at), frame.slice(at)];
  }
  if (length <= 40 * CUT_EVERYWHERE) yield Array.from(frame, (byte) => Uint8Array.of(byte));
}

/** Pushes chunk after chunk and takes all packets that come out. */
function parse(parser: PacketParser, chunks: readonly Uint8Array[]): DecodedPacket[] {
  const packets: DecodedPacket[] = [];
  for (const chunk of chunks) {
    parser.push(chunk);
    for (let packet = parser.next(); packet !== undefined; packet = parser.next()) packets.push(packet);
  }
  return packets;
}

const parserOf = ({ version, from }: Fixture, known = true): PacketParser => {
  const limits = { maximumPacketSize: MAXIMUM_PACKET_SIZE, maximumConnectSize: MAXIMUM_PACKET_SIZE };
  return new PacketParser({ version: known ? version : undefined, from, ...limits });
};

export function checkDecoded(fixture: ValidFixture): void {
  same(decode(fixture.frame, fixture.version, optionsOf(fixture)), fixture.packet);
}

export function checkEncoded(fixture: ValidFixture): void {
  const { packet, version, from, unsendable } = fixture;
  if (unsendable !== undefined) {
    const error = expectRefusal(packet, version, unsendable.code, unsendable.field);
    expect(error.statement).toBe(unsendable.statement);
    return;
  }
  const frame = encode(packet, version, { from });
  if (fixture.canonical === false) {
    expect(frame.length).toBeLessThanOrEqual(fixture.frame.length);
    expect(toHex(frame)).not.toBe(toHex(fixture.frame));
    same(decode(frame, version), packet);
  } else sameBytes(frame, fixture.frame);
  expect(encodedLength(packet, version)).toBe(frame.length);
  sameBytes(concat(...encodeParts(packet, version)), frame);
  const target = new Uint8Array(frame.length + 2).fill(0xee);
  expect(encodeInto(packet, version, target, 1)).toBe(frame.length);
  sameBytes(target, concat([0xee], frame, [0xee]));
}

export function checkStreamed(fixture: ValidFixture): void {
  const { frame, version, packet } = fixture;
  for (const chunks of splits(frame)) {
    const parser = parserOf(fixture);
    same(parse(parser, chunks), [packet]);
    expect(parser.buffered).toBe(0);
    parser.end();
  }
  if (packet.type !== 'connect') return;
  const parser = parserOf(fixture, false);
  same(parse(parser, [frame]), [packet]);
  expect(parser.version).toBe(version);
}

export function checkEnd(fixture: ValidFixture): void {
  const { frame, version, from, packet } = fixture;
  const ping = pingOf(fixture);
  expectError(() => decode(concat(frame, ping), version, { from }), {
    class: 'MalformedPacketError',
    code: 'trailing-bytes',
    reasonCode: 0x81,
    offset: frame.length,
    field: 'remainingLength',
  });
  const type = from === 'server' ? 'pingresp' : 'pingreq';
  same(parse(parserOf(fixture), [concat(frame, ping, frame)]), [packet, { type }, packet]);
}

export function checkRefused(fixture: InvalidFixture): void {
  const { frame, version, error: expected } = fixture;
  const error = expectError(() => decode(frame, version, optionsOf(fixture)), expected);
  expect(error.protocolVersion).toBe(version);
  const type = expected.code === 'reserved-packet-type' ? undefined : PACKET_TYPES[frame[0]! >> 4];
  expect(error.packetType).toBe(type);
}

export function checkBreaks(fixture: InvalidFixture): void {
  const { frame } = fixture;
  const ping = pingOf(fixture);
  const whole = expectError(() => parse(parserOf(fixture), [frame]), fixture.error);
  for (const chunks of [...splits(frame), [concat(ping, frame, ping)], [ping, concat(frame, ping)]]) {
    const parser = parserOf(fixture);
    const error = thrownBy(() => parse(parser, chunks));
    same(error, whole);
    parser.push(ping);
    const later = [thrownBy(() => parser.next()), thrownBy(() => parser.end())];
    if (later.some((each) => each !== error) || parser.buffered !== 0) expect.unreachable('it goes on');
  }
}
