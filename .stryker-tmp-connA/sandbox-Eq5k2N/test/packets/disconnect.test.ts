// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { encodeAny, toHex } from '../codec/fixtures.js';
import { type Fields, sample } from '../codec/samples.js';
import { itRefuses } from './refusals.js';

describe('DISCONNECT', () => {
  itRefuses(
    'has no reason in MQTT 3.1.1 [U3-3.12-a]',
    'disconnect',
    [4],
    [
      [{ reasonCode: 0 }, 'not-in-this-version', 'reasonCode'],
      [{ reasonCode: 4 }, 'not-in-this-version', 'reasonCode'],
    ],
  );

  it('is written in its shortest form [3.1.1: MQTT-3.14.1-1] [5.0: MQTT-3.14.1-1] [U5-3.14.2-a]', () => {
    const hexOf = (fields: Fields) => toHex(encodeAny(sample('disconnect', 5, fields), 5));
    expect(hexOf({})).toBe('e000');
    expect(hexOf({ reasonCode: 0, properties: {} })).toBe('e000');
    expect(hexOf({ reasonCode: 4, properties: {} })).toBe('e00104');
    expect(hexOf({ properties: { sessionExpiryInterval: 0 } })).toBe('e00700051100000000');
    expect(toHex(encodeAny(sample('disconnect', 4), 4))).toBe('e000');
  });
});
