import { describe, expect, it } from 'vitest';
import {
  type DecodedPacket,
  type DecodeOptions,
  decode,
  encode,
  encodedLength,
  encodeInto,
  encodeParts,
  PACKET_TYPES,
  PacketParser,
} from '../../src/index.js';
import {
  concat,
  expectError,
  expectRefusal,
  type InvalidFixture,
  invalidFixtures,
  thrownBy,
  toHex,
  type ValidFixture,
  validFixtures,
} from './fixtures.js';

const optionsOf = ({ from }: ValidFixture | InvalidFixture): DecodeOptions => ({ from });

/** A PINGREQ or PINGRESP, whichever that sender may send. */
const pingOf = ({ from }: ValidFixture | InvalidFixture): Uint8Array =>
  from === 'server' ? Uint8Array.of(0xd0, 0) : Uint8Array.of(0xc0, 0);

/** All ways to cut a frame in two, and one byte at a time. */
function splits(frame: Uint8Array): Uint8Array[][] {
  const ways = Array.from({ length: frame.length - 1 }, (_, i) => [
    frame.slice(0, i + 1),
    frame.slice(i + 1),
  ]);
  return [...ways, Array.from(frame, (byte) => Uint8Array.of(byte))];
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

describe('the fixtures', () => {
  it('cover every packet of both versions, right and wrong', () => {
    for (const version of [4, 5] as const) {
      for (const type of PACKET_TYPES.slice(1)) {
        if (type === 'auth' && version === 4) continue;
        const here = (fixture: ValidFixture | InvalidFixture) =>
          fixture.version === version && fixture.file === type;
        expect(validFixtures.some(here), `${type} of version ${version}`).toBe(true);
        expect(invalidFixtures.some(here), `invalid ${type} of version ${version}`).toBe(true);
      }
    }
  });
});

describe('a valid packet', () => {
  for (const fixture of validFixtures) {
    it(`is decoded: ${fixture.title}`, () => {
      expect(decode(fixture.frame, fixture.version, optionsOf(fixture))).toStrictEqual(fixture.packet);
    });
  }

  for (const fixture of validFixtures) {
    it(`is encoded: ${fixture.title}`, () => {
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
        expect(decode(frame, version)).toStrictEqual(packet);
      } else expect(toHex(frame)).toBe(toHex(fixture.frame));
      expect(encodedLength(packet, version)).toBe(frame.length);
      expect(toHex(concat(...encodeParts(packet, version)))).toBe(toHex(frame));
      const target = new Uint8Array(frame.length + 2).fill(0xee);
      expect(encodeInto(packet, version, target, 1)).toBe(frame.length);
      expect(toHex(target)).toBe(`ee${toHex(frame)}ee`);
    });
  }

  for (const fixture of validFixtures) {
    it(`comes out of a stream however it is split: ${fixture.title}`, () => {
      const { frame, version, from, packet } = fixture;
      for (const chunks of splits(frame)) {
        const parser = new PacketParser({ version, from });
        expect(parse(parser, chunks)).toStrictEqual([packet]);
        expect(parser.buffered).toBe(0);
        parser.end();
      }
      if (packet.type !== 'connect') return;
      const parser = new PacketParser({ from });
      expect(parse(parser, [frame])).toStrictEqual([packet]);
      expect(parser.version).toBe(version);
    });
  }

  for (const fixture of validFixtures) {
    it(`ends where it says: ${fixture.title}`, () => {
      const { frame, version, from, packet } = fixture;
      const ping = pingOf(fixture);
      expectError(() => decode(concat(frame, ping), version, { from }), {
        class: 'MalformedPacketError',
        code: 'trailing-bytes',
        reasonCode: 0x81,
        offset: frame.length,
        field: 'remainingLength',
      });
      const parser = new PacketParser({ version, from });
      const type = from === 'server' ? 'pingresp' : 'pingreq';
      expect(parse(parser, [concat(frame, ping, frame)])).toStrictEqual([packet, { type }, packet]);
    });
  }
});

describe('an invalid packet', () => {
  for (const fixture of invalidFixtures) {
    it(`is refused: ${fixture.title}`, () => {
      const error = expectError(
        () => decode(fixture.frame, fixture.version, optionsOf(fixture)),
        fixture.error,
      );
      expect(error.protocolVersion).toBe(fixture.version);
      if (fixture.file !== 'fixed-header') expect(error.packetType).toBe(fixture.file);
    });
  }

  for (const fixture of invalidFixtures) {
    it(`breaks a stream however it is split: ${fixture.title}`, () => {
      const { frame, version, from, error: expected } = fixture;
      const ping = pingOf(fixture);
      for (const chunks of [...splits(frame), [concat(ping, frame, ping)], [ping, concat(frame, ping)]]) {
        const parser = new PacketParser({ version, from });
        const error = expectError(() => parse(parser, chunks), expected);
        parser.push(ping);
        expect(thrownBy(() => parser.next())).toBe(error);
        expect(thrownBy(() => parser.end())).toBe(error);
        expect(parser.buffered).toBe(0);
      }
    });
  }
});
