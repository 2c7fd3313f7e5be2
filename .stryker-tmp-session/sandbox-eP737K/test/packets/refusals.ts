// @ts-nocheck
import { expect, it } from 'vitest';
import type { PacketType, ProtocolVersion } from '../../src/index.js';
import { expectRefusal } from '../codec/fixtures.js';
import { type Fields, sample } from '../codec/samples.js';

/** Fields that do not go, why, which of them is to blame, and the statement by version where there is one. */
export type Refusal = readonly [fields: Fields, code: string, field: string, v4?: string, v5?: string];

/** Tests that `encode` refuses a sample with those fields. */
export function itRefuses(
  title: string,
  type: PacketType,
  versions: readonly ProtocolVersion[],
  refusals: readonly Refusal[],
): void {
  it(title, () => {
    for (const version of versions) {
      for (const [fields, code, field, v4, v5 = v4] of refusals) {
        const error = expectRefusal(sample(type, version, fields), version, code, field);
        expect(error.packetType).toBe(type);
        const statement = version === 4 ? v4 : v5;
        expect(error.statement).toBe(statement ? `MQTT-${statement}` : undefined);
      }
    }
  });
}

/** The refusals of one field, for each of several values. */
export const each = (
  values: readonly unknown[],
  put: (value: unknown) => Fields,
  ...rest: readonly [code: string, field: string, v4?: string, v5?: string]
): Refusal[] => values.map((value) => [put(value), ...rest]);

/** What is no string, no boolean, no bytes and no integer. */
export const noStrings: readonly unknown[] = [null, 5, true, ['a'], {}, new String('a'), Uint8Array.of(0x61)];
export const noBooleans: readonly unknown[] = [null, 0, 1, 'true', {}, []];
export const noBytes: readonly unknown[] = [null, 5, true, [1], {}, new ArrayBuffer(1), new Int8Array(1)];
export const noIntegers: readonly unknown[] = [null, '1', true, [1], {}, 1n];
export const noLists: readonly unknown[] = [null, undefined, 'a', 5, { 0: 'a', length: 1 }, new Set(['a'])];

const nul = ['1.5.3-2', '1.5.4-2'] as const;
const surrogate = ['1.5.3-1', '1.5.4-1'] as const;

/** What every string field refuses; a topic has more. */
export const badStrings = (put: (value: unknown) => Fields, field: string): Refusal[] => [
  ...each(noStrings, put, 'wrong-type', field),
  ...each(['\0', 'a\0b', `${'a'.repeat(99)}\0`], put, 'null-character', field, ...nul),
  ...each(['\ud800', 'a\udc00', `${'a'.repeat(99)}\ud800`], put, 'lone-surrogate', field, ...surrogate),
  ...each(['a'.repeat(65_536), 'é'.repeat(32_768), '😀'.repeat(16_384)], put, 'too-long', field),
];

/** What a field that holds bytes or text refuses. */
export const badBytes = (put: (value: unknown) => Fields, field: string): Refusal[] => [
  ...each(noBytes, put, 'wrong-type', field),
  ...each(['\ud800', `${'a'.repeat(99)}\udfff`], put, 'lone-surrogate', field, ...surrogate),
];

/** What every Packet Identifier refuses. */
export const badPacketIds: readonly Refusal[] = [
  ...each([...noIntegers, undefined], (packetId) => ({ packetId }), 'wrong-type', 'packetId'),
  ...each(
    [0, -1, 65_536, 1.5, Number.NaN, Infinity, 2 ** 32 + 1],
    (packetId) => ({ packetId }),
    'value-out-of-range',
    'packetId',
    '2.3.1-1',
    '2.2.1-3',
  ),
];
