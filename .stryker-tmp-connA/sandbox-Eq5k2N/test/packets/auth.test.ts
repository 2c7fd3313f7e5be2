// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { encodeAny, expectRefusal, toHex } from '../codec/fixtures.js';
import { sample } from '../codec/samples.js';

describe('AUTH', () => {
  it('does not exist in MQTT 3.1.1 [U3-2.2.1-a]', () => {
    expectRefusal(sample('auth', 4), 4, 'not-in-this-version', 'type');
  });

  it('is never shortened [U5-3.15.2-a]', () => {
    const properties = { authenticationMethod: '' };
    expect(toHex(encodeAny(sample('auth', 5, { reasonCode: 0, properties }), 5))).toBe('f0050003150000');
    expect(toHex(encodeAny(sample('auth', 5, { reasonCode: undefined, properties }), 5))).toBe(
      'f0050003150000',
    );
  });
});
