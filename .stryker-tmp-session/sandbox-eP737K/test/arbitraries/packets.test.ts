// @ts-nocheck
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as arbitraries from '../../src/arbitraries/index.js';
import { type PacketOptions, packet } from '../../src/arbitraries/index.js';
import {
  AUTH_REASON_CODES,
  CONNACK_REASON_CODES,
  CONNACK_RETURN_CODES,
  DISCONNECT_REASON_CODES,
  encode,
  type Packet,
  type PacketOf,
  PROPERTIES,
  PUBACK_REASON_CODES,
  PUBREL_REASON_CODES,
  SUBACK_REASON_CODES,
  SUBACK_RETURN_CODES,
  UNSUBACK_REASON_CODES,
} from '../../src/index.js';

type Loose = Readonly<Record<string, unknown>>;

// A fixed seed: whether a kind occurs among so many is no matter of luck then.
const sample = (options: PacketOptions, count = 6_000): Loose[] =>
  fc.sample(packet(options) as Arbitrary<Packet>, { numRuns: count, seed: 20_190_307 }) as unknown as Loose[];

const BOTH = ['publish', 'puback', 'pubrec', 'pubrel', 'pubcomp'];
const CLIENT = [...BOTH, 'connect', 'subscribe', 'unsubscribe', 'pingreq', 'disconnect'];
const SERVER = [...BOTH, 'connack', 'suback', 'unsuback', 'pingresp'];

const typesIn = (packets: readonly Loose[]): unknown[] =>
  [...new Set(packets.map(({ type }) => type))].sort();

/** The reason codes that occur, by packet type. */
function codesIn(packets: readonly Loose[]): Record<string, number[]> {
  const found: Record<string, Set<number>> = {};
  for (const { type, reasonCode, reasonCodes = [] } of packets) {
    const codes = [...(reasonCodes as number[]), ...(reasonCode === undefined ? [] : [reasonCode as number])];
    for (const code of codes) {
      found[String(type)] ??= new Set();
      found[String(type)]!.add(code);
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([type, codes]) => [type, [...codes].sort((a, b) => a - b)]),
  );
}

describe('packet', () => {
  it.each([
    [4, 'client', CLIENT],
    [4, 'server', SERVER],
    [4, undefined, [...new Set([...CLIENT, ...SERVER])]],
    [5, 'client', [...CLIENT, 'auth']],
    [5, 'server', [...SERVER, 'disconnect', 'auth']],
    [5, undefined, [...new Set([...CLIENT, ...SERVER, 'auth'])]],
  ] as const)('gives every type of version %d that the sender %s may send', (version, from, types) => {
    expect(typesIn(sample({ version, from }, 600))).toEqual([...types].sort());
  });

  it('gives every reason code of every packet', () => {
    expect(codesIn(sample({ version: 4 }))).toEqual({
      connack: [...CONNACK_RETURN_CODES],
      suback: [...SUBACK_RETURN_CODES],
    });
    expect(codesIn(sample({ version: 5 }))).toEqual({
      auth: [...AUTH_REASON_CODES],
      connack: [...CONNACK_REASON_CODES],
      disconnect: [...DISCONNECT_REASON_CODES],
      puback: [...PUBACK_REASON_CODES],
      pubcomp: [...PUBREL_REASON_CODES],
      pubrec: [...PUBACK_REASON_CODES],
      pubrel: [...PUBREL_REASON_CODES],
      suback: [...SUBACK_REASON_CODES],
      unsuback: [...UNSUBACK_REASON_CODES],
    });
  });

  it('gives only the reason codes and properties that the sender may send', () => {
    const client = sample({ version: 5, from: 'client' });
    const server = sample({ version: 5, from: 'server' });
    expect(codesIn(client)['auth']).toEqual([0x18, 0x19]);
    expect(codesIn(server)['auth']).toEqual([0x00, 0x18]);
    expect(codesIn(client)['puback']).not.toContain(0x10);
    expect(codesIn(server)['puback']).toContain(0x10);
    expect(codesIn(client)['disconnect']).toContain(0x04);
    expect(codesIn(server)['disconnect']).not.toContain(0x04);
    const named = (packets: readonly Loose[], type: string, name: string): boolean =>
      packets.some((each) => each['type'] === type && name in Object(each['properties']));
    expect([
      named(client, 'publish', 'subscriptionIdentifiers'),
      named(server, 'publish', 'subscriptionIdentifiers'),
    ]).toEqual([false, true]);
    expect([
      named(client, 'disconnect', 'sessionExpiryInterval'),
      named(server, 'disconnect', 'sessionExpiryInterval'),
    ]).toEqual([true, false]);
  });

  it('gives every property of every packet and of the will, and none in version 4', () => {
    const packets = sample({ version: 5 });
    for (const [set, rows] of Object.entries(PROPERTIES)) {
      const holders = packets
        .filter(({ type }) => type === (set === 'will' ? 'connect' : set))
        .map((each) => (set === 'will' ? Object(each['will'])['properties'] : each['properties']));
      const names = new Set(holders.flatMap((each) => Object.keys(Object(each))));
      expect([...names].sort(), set).toEqual(Object.keys(rows).sort());
    }
    expect(
      sample({ version: 4 }).some((each) => 'properties' in each || 'properties' in Object(each['will'])),
    ).toBe(false);
  });

  it('gives the ends of every range', () => {
    const found = new Map<string, Set<unknown>>();
    for (const { properties } of sample({ version: 5 }, 12_000)) {
      for (const [name, value] of Object.entries(Object(properties))) {
        const values = found.get(name) ?? new Set();
        found.set(name, values);
        for (const each of Array.isArray(value) ? value : [value]) values.add(each);
      }
    }
    for (const [name, [, , minimum, maximum]] of Object.values(PROPERTIES).flatMap((rows) =>
      Object.entries(rows),
    )) {
      if (minimum === undefined || name === 'willDelayInterval') continue;
      expect([found.get(name)?.has(minimum), found.get(name)?.has(maximum)], name).toEqual([true, true]);
    }
  });

  it('gives names such as __proto__ as names, and repeats', () => {
    const pairs = sample({ version: 5 }).flatMap(
      ({ properties }) => [Object(properties).userProperties ?? []] as [string, string][][],
    );
    expect(pairs.some((each) => each.some(([name]) => name === '__proto__'))).toBe(true);
    expect(pairs.some((each) => new Set(each.map(([name]) => name)).size < each.length)).toBe(true);
  });

  it('gives topics in place of which an alias stands', () => {
    const packets = sample({ version: 5 }).filter(({ type }) => type === 'publish');
    expect(packets.some(({ topic }) => topic === '')).toBe(true);
    expect(packets.every(({ topic, properties }) => topic !== '' || Object(properties).topicAlias > 0)).toBe(
      true,
    );
  });

  it.each([4, 5] as const)(
    'gives packets of version %d around the borders of the Remaining Length',
    (version) => {
      const lengths = sample({ version }).map(
        (each) => encode(each as unknown as PacketOf<5>, version as 5).length,
      );
      const within = (from: number, to: number): boolean =>
        lengths.some((length) => length >= from && length <= to);
      expect([within(126, 129), within(130, 133), within(16_370, 16_400), within(65_535, 300_000)]).toEqual([
        true,
        true,
        true,
        true,
      ]);
    },
  );

  it('shrinks to the least packet there is', () => {
    const found = fc.check(
      fc.property(packet({ version: 5 }), ({ type }) => type !== 'publish'),
      { seed: 1 },
    );
    expect(found.counterexample).toEqual([{ type: 'publish', topic: 'a' }]);
    const wide = fc.check(
      fc.property(
        packet({ version: 5, from: 'client' }),
        (each) => each.type !== 'connect' || (each.will?.topic.length ?? 0) < 20,
      ),
      { seed: 2, numRuns: 2_000 },
    );
    expect(encode(wide.counterexample![0], 5).length).toBeLessThan(70);
  });
});

const byName: Readonly<Record<string, unknown>> = { ...arbitraries };

describe.each([
  ...['connect', 'connack', 'publish', 'puback', 'pubrec', 'pubrel', 'pubcomp', 'subscribe', 'suback'],
  ...['unsubscribe', 'unsuback', 'pingreq', 'pingresp', 'disconnect', 'auth'],
] as const)('%s', (type) => {
  it('gives packets of that type, valid in their version', () => {
    for (const version of type === 'auth' ? ([5] as const) : ([4, 5] as const)) {
      const make = byName[type] as (options: PacketOptions) => Arbitrary<Packet>;
      const law = fc.property(make({ version }), (each) => {
        expect(each.type).toBe(type);
        encode(each as PacketOf<5>, version as 5);
      });
      fc.assert(law, { numRuns: 300 });
    }
  });
});
