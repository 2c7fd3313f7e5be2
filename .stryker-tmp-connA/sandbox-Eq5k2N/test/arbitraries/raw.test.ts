// @ts-nocheck
import { describe, expect, it } from 'vitest';
import {
  rawBytes,
  rawFourBytes,
  rawFrame,
  rawProperties,
  rawProperty,
  rawString,
  rawTwoBytes,
  rawVariableByteInteger,
} from '../../src/arbitraries/index.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('rawVariableByteInteger', () => {
  // Table 1-1 of MQTT 5.0, and what lies beyond it.
  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [16_383, 'ff7f'],
    [16_384, '808001'],
    [2_097_151, 'ffff7f'],
    [2_097_152, '80808001'],
    [268_435_455, 'ffffff7f'],
    [268_435_456, '8080808001'],
    [2 ** 35, '808080808001'],
  ])('%d', (value, expected) => {
    expect(hex(rawVariableByteInteger(value))).toBe(expected);
  });

  it('takes more bytes than needed when told to, never fewer', () => {
    expect(hex(rawVariableByteInteger(0, 4))).toBe('80808000');
    expect(hex(rawVariableByteInteger(1, 2))).toBe('8100');
    expect(hex(rawVariableByteInteger(300, 1))).toBe('ac02');
  });
});

describe('the other builders', () => {
  it('write integers with the highest byte first', () => {
    expect(hex(rawTwoBytes(0x1234))).toBe('1234');
    expect(hex(rawTwoBytes(0x12345))).toBe('2345');
    expect(hex(rawFourBytes(0xfedcba98))).toBe('fedcba98');
  });

  it('put pieces together in order', () => {
    expect(hex(rawBytes())).toBe('');
    expect(hex(rawBytes(1, [2, 3], Uint8Array.of(4), 5))).toBe('0102030405');
  });

  it('write text as UTF-8, wrong text too, and bytes as they are', () => {
    expect(hex(rawString('a\u{e9}\u{20ac}\u{1f600}'))).toBe(
      `000a${hex(Buffer.from('a\u{e9}\u{20ac}\u{1f600}'))}`,
    );
    expect(hex(rawString('\ud83d'))).toBe('0003eda0bd');
    expect(hex(rawString(Uint8Array.of(0xff)))).toBe('0001ff');
  });

  it('lie about lengths when told to', () => {
    expect(hex(rawString('a', { length: 0xffff }))).toBe('ffff61');
    expect(hex(rawProperties([rawProperty(0x01, 1)], { length: 9 }))).toBe('090101');
    expect(hex(rawProperties([], { length: Uint8Array.of(0x80, 0) }))).toBe('8000');
    expect(hex(rawFrame(0x30, [], { remainingLength: 200 }))).toBe('30c801');
    expect(hex(rawFrame(0x30, 1, { remainingLength: Uint8Array.of(0xff, 0xff, 0xff, 0xff) }))).toBe(
      '30ffffffff01',
    );
  });

  it('write properties and frames with their true lengths', () => {
    expect(
      hex(
        rawProperties([
          rawProperty(0x23, [0, 7]),
          rawProperty(0x26, rawBytes(rawString('a'), rawString(''))),
        ]),
      ),
    ).toBe('0923000726000161' + '0000');
    expect(hex(rawFrame(0x32, new Uint8Array(128))).slice(0, 8)).toBe('32800100');
    expect(hex(rawProperty(200, []))).toBe('c801');
  });
});
