// @ts-nocheck
// pure: fast-check arbitraries of bytes with exactly one fault, and the error due for it.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { ProtocolVersion } from '../errors.js';
import type { Case, Due } from './cases.js';
import type { PacketOptions } from './fields.js';
import { typesOf } from './packets.js';
import { wrongFieldCases } from './wrong-fields.js';
import { frameCases, typeCases } from './wrong-frames.js';
import { propertyCases, setsOf } from './wrong-properties.js';
import { fieldStringCases } from './wrong-strings.js';

/** Bytes that `decode` must refuse, and how. */
export interface InvalidBytes extends Due {
  readonly version: ProtocolVersion;
  /** A packet of that version but for one fault. */
  readonly bytes: Uint8Array;
}

/**
 * Bytes with exactly one fault, each labelled with the `code`, the `reasonCode` and the `field` of the MqttError
 * that `decode` owes for it: reserved types, flags and bits, lengths that lie, integers that are too long, text
 * that is not UTF-8, properties that are foreign, repeated, cut off or out of range, unknown reason codes, fields
 * that do not go together. They are put together byte by byte, without `encode`. With `from`, also what only the
 * other side sends: give it to `decode` too.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(invalidBytes({ version: 5 }), ({ bytes, reasonCode }) => {
 *   try {
 *     decode(bytes, 5);
 *   } catch (error) {
 *     return error instanceof MqttError && Reflect.get(error, 'reasonCode') === reasonCode;
 *   }
 *   return false;
 * }));
 * ```
 */
export function invalidBytes(options: PacketOptions): Arbitrary<InvalidBytes> {
  const { version, from } = options;
  const types = typesOf(options);
  const groups: (readonly Case[])[] = [
    typeCases(options),
    ...types.map((type) => frameCases(type, version)),
    ...types.map((type) => fieldStringCases(type, version)),
    ...types.map((type) => wrongFieldCases(type, options)),
    ...(version === 4 ? [] : setsOf(types).map((set) => propertyCases(set, from))),
  ];
  return fc.oneof(
    ...groups
      .filter((cases) => cases.length > 0)
      .map((cases) =>
        fc.oneof(...cases.map(({ bytes, due }) => bytes.map((each) => ({ version, bytes: each, ...due })))),
      ),
  );
}
