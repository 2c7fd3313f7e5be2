// @ts-nocheck
import fc, { type Arbitrary } from 'fast-check';
import { type DecodedPacket, decode, encode, type Packet, type PacketOf } from '../../src/index.js';

export type Version = 4 | 5;

/** Identifiers that meet each other. */
export const packetId = fc.integer({ min: 1, max: 4 });
/** Strings that nobody means to send: lone surrogates, U+0000, wildcards. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', 'a', 'a/#', '\ud800', '\0'),
);
export const anyNumber = fc.oneof(
  fc.nat(300),
  fc.constantFrom(-1, 0.5, Number.NaN, 2 ** 32, Number.POSITIVE_INFINITY),
);
export const maybe = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

/** A packet as it comes out of the parser, with an identifier that is likely to mean something. */
export function arrived(
  version: Version,
  sent: Arbitrary<Packet>,
): Arbitrary<{ packet: DecodedPacket; size: number }> {
  return fc.tuple(sent, packetId).map(([packet, id]) => {
    const named =
      'packetId' in packet && packet.packetId !== undefined ? { ...packet, packetId: id } : packet;
    const bytes = encode<Version>(named as PacketOf<Version>, version);
    return { packet: decode(bytes, version), size: bytes.length };
  });
}
