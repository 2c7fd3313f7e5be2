// @ts-nocheck
// pure: fast-check arbitraries of packets with exactly one fault, and the error due for it.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { InvalidPacketCode, PacketType, ProtocolVersion } from '../errors.js';
import { fieldSites } from './field-sites.js';
import type { PacketOptions } from './fields.js';
import { packetOfType, typesOf } from './packets.js';
import { codeSites, methodSites, propertySites } from './property-sites.js';
import { type Loose, replaced, type Site } from './sites.js';

/** A packet that `encode` must refuse, and how. */
export interface InvalidPacket {
  readonly version: ProtocolVersion;
  /** What looks like a packet of that version but for one fault. */
  readonly packet: unknown;
  /** The `field` of the InvalidPacketError that is due. */
  readonly field: string;
  /** Its `code`. */
  readonly code: InvalidPacketCode;
}

function casesOf(type: PacketType, options: PacketOptions): Arbitrary<InvalidPacket>[] {
  const { version } = options;
  const base = packetOfType(type, options);
  const sites: Site[] = [
    ...fieldSites(type, version),
    ...codeSites(type, options),
    ...(type === 'pingreq' || type === 'pingresp' ? [] : propertySites(type, options)),
    ...(type === 'connect' ? propertySites('will', options) : []),
    ...methodSites(type, version),
  ];
  return sites.flatMap(([path, list, prepare]) =>
    list.map(([code, values]) =>
      fc.tuple(base, values).map(([packet, wrong]) => {
        const loose = packet as unknown as Loose;
        const [invalid, field] = replaced(prepare?.(loose) ?? loose, path, wrong);
        return { version, packet: invalid, field: field.slice(1), code };
      }),
    ),
  );
}

/** Packets of a type that does not exist, or not in this version, or not from this sender. */
function typeCases(options: PacketOptions): Arbitrary<InvalidPacket>[] {
  const { version, from } = options;
  const unknown = fc.constantFrom<unknown[]>('', 'PUBLISH', 'reserved', '__proto__', 3, null, undefined);
  const label = (packet: unknown, code: InvalidPacketCode): InvalidPacket => ({
    version,
    packet,
    field: 'type',
    code,
  });
  const cases = [unknown.map((type) => label({ type, topic: 'a', packetId: 1 }, 'wrong-type'))];
  if (version === 4)
    cases.push(packetOfType('auth', { version: 5 }).map((each) => label(each, 'not-in-this-version')));
  if (from !== undefined) {
    const own = typesOf(options);
    const others = typesOf({ version }).filter((type) => !own.includes(type));
    cases.push(
      fc
        .oneof(...others.map((type) => packetOfType(type, { version })))
        .map((each) => label(each, 'wrong-sender')),
    );
  }
  return cases;
}

/**
 * Packets with exactly one fault, each labelled with the `field` and the `code` of the InvalidPacketError that
 * `encode` owes for it: wrong types, values out of range, text that is no text, fields of another version,
 * properties of another packet, fields that do not go together. With `from`, also what only the other side sends.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(invalidPacket({ version: 5 }), ({ packet, field }) => {
 *   try {
 *     encode(packet as PacketOf<5>, 5);
 *   } catch (error) {
 *     return error instanceof InvalidPacketError && error.field === field;
 *   }
 *   return false;
 * }));
 * ```
 */
export function invalidPacket(options: PacketOptions): Arbitrary<InvalidPacket> {
  const byType = typesOf(options).map((type) => casesOf(type, options));
  return fc.oneof(
    ...[...byType, typeCases(options)].filter((cases) => cases.length > 0).map((cases) => fc.oneof(...cases)),
  );
}
