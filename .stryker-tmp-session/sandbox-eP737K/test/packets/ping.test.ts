// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { encodeAny, toHex, versions } from '../codec/fixtures.js';

describe('PINGREQ and PINGRESP', () => {
  it('are two bytes [U3-3.12-a] [U5-3.12-a]', () => {
    for (const version of versions) {
      expect(toHex(encodeAny({ type: 'pingreq' }, version))).toBe('c000');
      expect(toHex(encodeAny({ type: 'pingresp' }, version))).toBe('d000');
    }
  });
});
