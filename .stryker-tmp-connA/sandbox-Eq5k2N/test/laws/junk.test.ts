// @ts-nocheck
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, type PacketOf } from '../../src/index.js';
import { anyPacket, from, isRefusal, outcomeOf, runs, VERSIONS, type Version } from './law.js';

/** JavaScript values of all kinds, those that look like right ones more often than others. */
const junk: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown[]>(
    ...[
      undefined,
      null,
      true,
      false,
      0,
      -0,
      1,
      2,
      3,
      -1,
      0.5,
      255,
      256,
      65_535,
      65_536,
      2 ** 32,
      NaN,
      Infinity,
    ],
    ...['', 'a', '+', '#', 'a/b', '\0', '\ud800', '\u{feff}', '$share/g/a', '$share//a', '5', 'publish'],
    ...[
      [],
      {},
      [1],
      ['a'],
      [['a', 'b']],
      [['a']],
      [[]],
      [null],
      [undefined],
      new Array(3),
      { length: 1, 0: 'a' },
    ],
    ...[new Uint8Array(0), new Uint8Array(3), new Uint8Array(65_536), Buffer.from('a'), new ArrayBuffer(3)],
    ...[new DataView(new ArrayBuffer(3)), new Uint16Array(2), new Float64Array(1), new Map(), new Set(['a'])],
    ...[
      Symbol('a'),
      1n,
      () => 'a',
      new Date(0),
      /a/,
      new Error('a'),
      new String('a'),
      new Number(1),
      new Proxy({}, {}),
    ],
  ),
  fc.anything({ maxDepth: 2 }),
);

type Path = readonly (string | number)[];

/** Every place in a packet, the places where something might be added included. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [path];
  const names = Array.isArray(value)
    ? [...value.keys(), value.length]
    : [...Object.keys(value), ...MORE_NAMES];
  return [path, ...names.flatMap((name) => places(Reflect.get(value, name), [...path, name]))];
}

const MORE_NAMES = [
  ...['packetId', 'qos', 'dup', 'reasonCode', 'reasonCodes', 'properties', 'will', 'username', 'password'],
  ...[
    'topicAlias',
    'subscriptionIdentifiers',
    'userProperties',
    'authenticationData',
    'noLocal',
    '__proto__',
  ],
];

function put(value: unknown, [step, ...rest]: Path, wrong: unknown): unknown {
  if (step === undefined) return wrong;
  const copy: Record<string | number, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...(typeof value === 'object' ? value : {}) };
  Object.defineProperty(copy, step, {
    value: put(Reflect.get(copy, step), rest, wrong),
    ...{ enumerable: true, configurable: true, writable: true },
  });
  return copy;
}

/** A valid packet in which one to three things are anything at all. */
function spoilt(version: Version): Arbitrary<unknown> {
  const changes = fc.array(fc.tuple(fc.nat(), junk), { minLength: 1, maxLength: 3 });
  return fc.tuple(anyPacket(version), changes).map(([packet, all]) =>
    all.reduce<unknown>((value, [index, wrong]) => {
      const found = places(value);
      return put(value, found[index % found.length]!, wrong);
    }, packet),
  );
}

/** An object whose fields are there to be read, and not to be counted. */
function hidden(value: unknown, how: number): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((each) => hidden(each, how));
  const fields = Object.entries(value).map(([name, each], index) => {
    const field = hidden(each, how);
    const isHidden = ((how >> (index % 16)) & 1) === 1;
    return [name, { get: () => field, enumerable: !isHidden, configurable: true }] as const;
  });
  return Object.create(how % 3 === 0 ? {} : null, Object.fromEntries(fields));
}

describe.each(VERSIONS)('with version %d', (version) => {
  const v = version as 5;
  const check = (packet: unknown, sender: 'client' | 'server' | undefined): void => {
    const outcome = outcomeOf(() => encode(packet as PacketOf<5>, v, { from: sender }));
    if ('error' in outcome) {
      if (!isRefusal(outcome.error)) throw outcome.error;
      return;
    }
    decode(outcome.value, v, { from: sender });
  };

  it('encode refuses packets in which something is anything at all, or decode accepts what it gives', () => {
    fc.assert(fc.property(spoilt(version), from, check), runs(5_000));
  });

  it('encode refuses what is no packet', () => {
    const fields = fc.dictionary(
      fc.constantFrom('type', 'topic', 'packetId', 'payload', ...MORE_NAMES),
      junk,
    );
    const types = fc.constantFrom('publish', 'connect', 'subscribe', 'auth', 'puback', 'suback');
    const typed = fc.tuple(fields, types).map(([each, type]) => ({ ...each, type }));
    fc.assert(fc.property(fc.oneof(junk, fields, typed), from, check), runs(2_500));
  });

  it('encode is not fooled by fields that are hidden from enumeration', () => {
    const law = fc.property(anyPacket(version), fc.nat(0xffff), (packet, how) =>
      check(hidden(packet, how), undefined),
    );
    fc.assert(law, runs(1_500));
  });

  it('a packet whose getters encode other packets is written as if they did not', () => {
    const law = fc.property(anyPacket(version), anyPacket(version), (packet, other) => {
      const expected = encode(packet, v);
      const nested = Object.fromEntries(
        Object.entries(packet).map(([name, value]) => [
          name,
          { get: () => (encode(other, v) ? value : undefined), enumerable: true },
        ]),
      );
      expect(encode(Object.create(null, nested) as PacketOf<5>, v)).toEqual(expected);
    });
    fc.assert(law, runs(120));
  });
});

describe('arguments of the wrong kind', () => {
  it('are TypeError or RangeError that name the argument', () => {
    const law = fc.property(junk, (value) => {
      if (typeof value !== 'object' || value === null) {
        expect(() => encode(value as never, 5)).toThrow(new TypeError('packet must be an object'));
      }
      if (value !== 4 && value !== 5) {
        expect(() => encode({ type: 'pingreq' }, value as 5)).toThrow(RangeError);
        expect(() => encode({ type: 'pingreq' }, value as 5)).toThrow(/version/);
        expect(() => decode(Uint8Array.of(0xc0, 0), value as 5)).toThrow(/version/);
      }
      if (!(value instanceof Uint8Array)) {
        expect(() => decode(value as Uint8Array, 5)).toThrow(TypeError);
        expect(() => decode(value as Uint8Array, 5)).toThrow(/frame/);
      }
      if (value !== undefined && value !== 'client' && value !== 'server') {
        expect(() => decode(Uint8Array.of(0xc0, 0), 5, { from: value as 'client' })).toThrow(TypeError);
      }
    });
    fc.assert(law, runs(500));
  });
});
