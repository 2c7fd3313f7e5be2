// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { decode, PROPERTIES } from '../../src/index.js';
import { encodeAny, expectRefusal, field, toHex, utf8, versions } from './fixtures.js';
import {
  bytesOf,
  company,
  frameWithProperties,
  nameIn,
  pathOf,
  propertiesOf,
  propertyOf,
  propertySets,
  sample,
  sampleValue,
  specProperties,
  withProperties,
} from './samples.js';

/** Values that a property of a type cannot have, by the reason. */
const wrongValues: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  integer: {
    'wrong-type': [null, true, '1', 1n, [1], {}, new Number(1), Symbol('1')],
    'value-out-of-range': [-1, 0.5, 1.5, Number.NaN, Infinity, -Infinity, 2 ** 32, 2 ** 53],
  },
  'UTF-8 Encoded String': {
    'wrong-type': [null, true, 1, ['a'], {}, new String('a'), utf8('a'), Symbol('a')],
    'null-character': ['\0', 'a\0', `${'a'.repeat(100)}\0`],
    'lone-surrogate': ['\ud800', 'a\udfff', '\udc00\ud800', `\ud83d${'a'.repeat(100)}`],
    'too-long': ['a'.repeat(65_536), 'é'.repeat(32_768), '€'.repeat(21_846), '😀'.repeat(16_384)],
  },
  'Binary Data': {
    'wrong-type': [
      null,
      true,
      1,
      'text',
      [1],
      {},
      new ArrayBuffer(1),
      new Uint16Array(1),
      new DataView(new ArrayBuffer(1)),
    ],
    'too-long': [new Uint8Array(65_536)],
  },
  'UTF-8 String Pair': {
    'wrong-type': [
      null,
      true,
      1,
      'ab',
      {},
      ['a'],
      ['a', 'b', 'c'],
      [1, 'b'],
      ['a', null],
      new Map([['a', 'b']]),
    ],
    'null-character': [
      ['\0', 'b'],
      ['a', '\0'],
    ],
    'lone-surrogate': [
      ['\ud800', 'b'],
      ['a', '\udc00'],
    ],
    'too-long': [
      ['a'.repeat(65_536), 'b'],
      ['a', 'é'.repeat(32_768)],
    ],
  },
};

describe('what encode refuses in properties [5.0: MQTT-1.5.4-1] [5.0: MQTT-1.5.4-2] [5.0: MQTT-1.5.7-1]', () => {
  for (const set of propertySets) {
    for (const property of specProperties.filter((row) => row.sets.includes(set))) {
      const name = nameIn(property, set);
      const method = company(set, property).length > 0 ? { authenticationMethod: 'M' } : {};
      const holding = (value: unknown) => withProperties(set, { ...method, [name]: value });
      const path = pathOf(set, name);

      it(`${property.words} of ${set} [U5-1.5.6-a]`, () => {
        for (const [code, values] of Object.entries(wrongValues[property.type] ?? wrongValues['integer']!)) {
          for (const value of values) {
            expectRefusal(holding(property.repeats(set) ? [value] : value), 5, code, path);
          }
        }
        if (!property.repeats(set)) return;
        for (const value of [null, 'ab', 1, {}, new Set(['a'])]) {
          expectRefusal(holding(value), 5, 'wrong-type', path);
        }
        const before = sampleValue(property).value;
        expectRefusal(holding([before, null]), 5, 'wrong-type', path);
      });
    }

    it(`properties of ${set} that are none`, () => {
      for (const value of [null, 'properties', 1, true]) {
        expectRefusal(withProperties(set, value), 5, 'wrong-type', pathOf(set, '').slice(0, -1));
      }
      for (const name of ['somethingElse', 'toString', '__proto__x', 'reasonstring', '0']) {
        expectRefusal(withProperties(set, { [name]: 'x' }), 5, 'not-in-this-packet', pathOf(set, name));
      }
      // A name that is no word is not repeated: it might be anything.
      for (const name of ['my secret', 'a\nb', 'é', '']) {
        expectRefusal(withProperties(set, { [name]: 1 }), 5, 'not-in-this-packet', pathOf(set, 'unknown'));
      }
    });
  }

  it('a topic in the Response Topic that is none [5.0: MQTT-3.3.2-14]', () => {
    for (const set of ['publish', 'will'] as const) {
      const path = pathOf(set, 'responseTopic');
      for (const responseTopic of ['#', '+', 'a/#', 'a+b']) {
        const packet = withProperties(set, { responseTopic });
        expect(expectRefusal(packet, 5, 'wildcard-in-topic-name', path).statement).toBe('MQTT-3.3.2-14');
      }
      expectRefusal(withProperties(set, { responseTopic: '' }), 5, 'empty-topic', path);
    }
  });

  it('Authentication Data without a method [U5-3.1.2.11.10-a] [U5-3.15.2-b]', () => {
    const authenticationData = Uint8Array.of(1);
    for (const set of ['connect', 'connack', 'auth'] as const) {
      const path = 'properties.authenticationMethod';
      expectRefusal(withProperties(set, { authenticationData }), 5, 'missing-authentication-method', path);
    }
    for (const properties of [undefined, {}, { reasonString: 'x' }]) {
      const packet = withProperties('auth', properties);
      expectRefusal(packet, 5, 'missing-authentication-method', 'properties.authenticationMethod');
    }
  });

  it('any property in MQTT 3.1.1, an empty set too', () => {
    for (const set of propertySets) {
      if (set === 'auth') continue;
      for (const properties of [{}, { userProperties: [['a', 'b']] }, null]) {
        const packet =
          set === 'will'
            ? sample('connect', 4, { will: { topic: 'w', properties } })
            : sample(set, 4, { properties });
        expectRefusal(packet, 4, 'not-in-this-version', pathOf(set, '').slice(0, -1));
      }
    }
  });
});

describe('properties that are not there', () => {
  it('undefined is absent, and no properties are written as one byte 00 [5.0: MQTT-2.2.2-1]', () => {
    for (const set of propertySets) {
      if (set === 'auth') continue;
      const bare = toHex(encodeAny(withProperties(set, undefined), 5));
      const names = Object.keys(PROPERTIES[set]).map((name) => [name, undefined]);
      expect(toHex(encodeAny(withProperties(set, {}), 5))).toBe(bare);
      expect(toHex(encodeAny(withProperties(set, Object.fromEntries(names)), 5))).toBe(bare);
      const { frame } = frameWithProperties(set, new Uint8Array(0));
      const short = ['puback', 'pubrec', 'pubrel', 'pubcomp', 'disconnect'].includes(set);
      if (!short) expect(toHex(frame)).toBe(bare);
      expect(propertiesOf(set, decode(frame, 5))).toStrictEqual({});
    }
  });

  it('empty lists are absent', () => {
    const packet = withProperties('publish', { userProperties: [], subscriptionIdentifiers: [] });
    expect(toHex(encodeAny(packet, 5))).toBe('300400017400');
  });
});

describe('strings and binary data of 65,535 bytes', () => {
  const texts = ['a'.repeat(65_535), 'é'.repeat(32_767), '€'.repeat(21_845), '😀'.repeat(16_383)];

  it('are written and read', () => {
    for (const text of texts) {
      const { frame } = frameWithProperties('puback', bytesOf(propertyOf('reasonString'), field(text)));
      expect(toHex(encodeAny(withProperties('puback', { reasonString: text }), 5))).toBe(toHex(frame));
      expect(propertiesOf('puback', decode(frame, 5))).toStrictEqual({ reasonString: text });
    }
    const correlationData = new Uint8Array(65_535).fill(0xa5);
    const frame = encodeAny(withProperties('publish', { correlationData }), 5);
    expect(propertiesOf('publish', decode(frame, 5))).toStrictEqual({ correlationData });
  });

  it('fill Property Lengths of one to four bytes [5.0: MQTT-1.5.5-1]', () => {
    for (const [size, hex] of [
      [127, '7f'],
      [128, '8001'],
      [16_383, 'ff7f'],
      [16_384, '808001'],
      [2_097_151, 'ffff7f'],
      [2_097_152, '80808001'],
    ] as const) {
      // A user property takes five bytes beside its text.
      const userProperties: [string, string][] = [];
      for (let left = size; left > 0; ) {
        const text = Math.min(left, 60_000) - 5;
        userProperties.push(['', 'v'.repeat(text)]);
        left -= text + 5;
      }
      const frame = encodeAny(withProperties('unsubscribe', { userProperties }), 5);
      const head = frame.findIndex((byte, i) => i > 0 && byte < 0x80) + 1;
      expect(toHex(frame.subarray(head, head + 2 + hex.length / 2))).toBe(`000a${hex}`);
      expect(propertiesOf('unsubscribe', decode(frame, 5))).toStrictEqual({ userProperties });
    }
  });

  it('does not change what it was given', () => {
    for (const version of versions) {
      const packet = Object.freeze(sample('subscribe', version));
      encodeAny(packet, version);
      expect(packet).toEqual(sample('subscribe', version));
    }
  });
});
