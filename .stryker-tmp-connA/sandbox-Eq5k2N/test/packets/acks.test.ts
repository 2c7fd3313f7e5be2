// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { encodeAny, toHex, versions } from '../codec/fixtures.js';
import { sample } from '../codec/samples.js';
import { badPacketIds, itRefuses } from './refusals.js';

const acks = [
  ['puback', '40', 0x87],
  ['pubrec', '50', 0x87],
  ['pubrel', '62', 0x92],
  ['pubcomp', '70', 0x92],
] as const;

for (const [type, first, code] of acks) {
  describe(type.toUpperCase(), () => {
    itRefuses('is refused whose Packet Identifier is none', type, versions, badPacketIds);

    itRefuses(
      'is refused with what MQTT 3.1.1 does not have [U3-3.4-a]',
      type,
      [4],
      [
        [{ reasonCode: 0 }, 'not-in-this-version', 'reasonCode'],
        [{ reasonCode: code }, 'not-in-this-version', 'reasonCode'],
        [{ reasonCode: null }, 'not-in-this-version', 'reasonCode'],
      ],
    );

    it('is written in its shortest form [U5-3.4.2-a] [U5-3.4.2-b]', () => {
      const hexOf = (fields: object) => toHex(encodeAny(sample(type, 5, { packetId: 1, ...fields }), 5));
      expect(hexOf({})).toBe(`${first}020001`);
      expect(hexOf({ reasonCode: 0 })).toBe(`${first}020001`);
      expect(hexOf({ reasonCode: undefined, properties: {} })).toBe(`${first}020001`);
      expect(hexOf({ reasonCode: code })).toBe(`${first}030001${code.toString(16)}`);
      expect(hexOf({ reasonCode: code, properties: { reasonString: undefined } })).toBe(
        `${first}030001${code.toString(16)}`,
      );
      expect(hexOf({ properties: { reasonString: '' } })).toBe(`${first}07000100031f0000`);
      expect(toHex(encodeAny(sample(type, 4, { packetId: 65_535 }), 4))).toBe(`${first}02ffff`);
    });
  });
}
