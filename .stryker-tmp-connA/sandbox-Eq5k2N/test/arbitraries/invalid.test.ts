// @ts-nocheck
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invalidBytes, invalidPacket } from '../../src/arbitraries/index.js';
import { encode, type PacketOf, PROPERTIES } from '../../src/index.js';

// The labels themselves are checked against encode and decode in test/laws; here, that nothing is left out.
const SEED = 20_190_307;
const PER_PACKET = [
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'suback',
  'unsuback',
  'disconnect',
  'auth',
  'connack',
];

describe('invalidPacket', () => {
  const samples = {
    4: fc.sample(invalidPacket({ version: 4 }), { numRuns: 8_000, seed: SEED }),
    5: fc.sample(invalidPacket({ version: 5 }), { numRuns: 20_000, seed: SEED }),
  };

  it('has every code that a local refusal can have', () => {
    const codes = new Set(Object.values(samples).flatMap((all) => all.map(({ code }) => code)));
    expect([...codes].sort()).toEqual([
      'dup-with-qos-0',
      'empty-list',
      'empty-topic',
      'invalid-qos',
      'invalid-topic-filter',
      'lone-surrogate',
      'missing-authentication-method',
      'no-local-on-shared-subscription',
      'not-in-this-packet',
      'not-in-this-version',
      'null-character',
      'password-without-username',
      'session-present-with-refusal',
      'too-long',
      'unknown-reason-code',
      'value-out-of-range',
      'wildcard-in-topic-name',
      'wrong-type',
    ]);
  });

  it('has a fault in every property of every packet, and every property where it does not belong', () => {
    const fields = new Set(samples[5].map(({ packet, field }) => `${Object(packet).type} ${field}`));
    for (const [set, rows] of Object.entries(PROPERTIES)) {
      const path = set === 'will' ? 'connect will.properties.' : `${set} properties.`;
      for (const name of Object.values(PROPERTIES).flatMap((all) => Object.keys(all))) {
        expect(fields.has(path + name), path + name).toBe(true);
      }
      expect(Object.keys(rows).length).toBeGreaterThan(0);
    }
  });

  it('has wrong reason codes for every packet that has one', () => {
    const types = samples[5]
      .filter(({ code }) => code === 'unknown-reason-code')
      .map(({ packet }) => Object(packet).type);
    expect([...new Set(types)].sort()).toEqual([...PER_PACKET].sort());
  });

  it('adds with a sender what the other one alone sends', () => {
    for (const from of ['client', 'server'] as const) {
      const all = fc.sample(invalidPacket({ version: 5, from }), { numRuns: 8_000, seed: SEED });
      const fields = new Set(all.filter(({ code }) => code === 'wrong-sender').map(({ field }) => field));
      const expected = [
        'properties.serverReference',
        'properties.subscriptionIdentifiers',
        'reasonCode',
        'type',
      ];
      expect([...fields].sort()).toEqual(
        from === 'client' ? expected : ['properties.sessionExpiryInterval', 'reasonCode', 'type'],
      );
    }
  });

  it('shrinks to a small packet with the same fault', () => {
    const found = fc.check(
      fc.property(invalidPacket({ version: 5 }), ({ code }) => code !== 'wildcard-in-topic-name'),
      { seed: 3 },
    );
    expect(JSON.stringify(found.counterexample).length).toBeLessThan(300);
  });

  it('is one step from a packet that is right: its other fields are', () => {
    const law = fc.property(invalidPacket({ version: 5 }), ({ packet, field, code }) => {
      fc.pre(field === 'payload' || field === 'username');
      const { [field]: _, ...rest } = packet as Record<string, unknown>;
      encode(rest as unknown as PacketOf<5>, 5);
      expect(['wrong-type', 'lone-surrogate', 'null-character', 'too-long']).toContain(code);
    });
    fc.assert(law, { numRuns: 40, maxSkipsPerRun: 5_000 });
  });
});

describe('invalidBytes', () => {
  it('has every code that bytes can earn', () => {
    const both = ([4, 5] as const).flatMap((version) =>
      fc.sample(invalidBytes({ version }), { numRuns: 10_000, seed: SEED }),
    );
    expect([...new Set(both.map(({ code }) => code))].sort()).toEqual([
      'cut-short',
      'dup-with-qos-0',
      'duplicate-property',
      'empty-list',
      'empty-topic',
      'integer-too-long',
      'invalid-qos',
      'invalid-topic-filter',
      'invalid-utf8',
      'length-overrun',
      'missing-authentication-method',
      'no-local-on-shared-subscription',
      'non-minimal-integer',
      'null-character',
      'password-without-username',
      'property-not-allowed',
      'reserved-bits',
      'reserved-flags',
      'reserved-packet-type',
      'session-present-with-refusal',
      'trailing-bytes',
      'unknown-reason-code',
      'unsupported-version',
      'value-out-of-range',
      'wildcard-in-topic-name',
      'will-flags-without-will',
      'zero-packet-id',
    ]);
  });

  it('has a fault in every property of every packet', () => {
    const all = fc.sample(invalidBytes({ version: 5 }), { numRuns: 20_000, seed: SEED });
    const fields = new Set(all.map(({ bytes, field }) => `${bytes[0]! >> 4} ${field}`));
    const numbers = Object.entries(NUMBERS);
    for (const [set, number] of numbers) {
      const rows = PROPERTIES[set as keyof typeof PROPERTIES];
      for (const name of Object.keys(rows)) {
        const field = `${number} ${set === 'will' ? 'will.' : ''}properties.${name}`;
        expect(fields.has(field), field).toBe(true);
      }
    }
    expect(numbers.map(([set]) => set).sort()).toEqual(Object.keys(PROPERTIES).sort());
  });

  const NUMBERS = {
    ...{ connect: 1, will: 1, connack: 2, publish: 3, puback: 4, pubrec: 5, pubrel: 6, pubcomp: 7 },
    ...{ subscribe: 8, suback: 9, unsubscribe: 10, unsuback: 11, disconnect: 14, auth: 15 },
  };

  it('adds with a sender what the other one alone sends', () => {
    for (const from of ['client', 'server'] as const) {
      const all = fc.sample(invalidBytes({ version: 5, from }), { numRuns: 8_000, seed: SEED });
      const wrong = all.filter(({ code }) => code === 'wrong-sender');
      expect(new Set(wrong.map(({ reasonCode }) => reasonCode))).toEqual(new Set([0x82]));
      const expected = [
        'properties.serverReference',
        'properties.subscriptionIdentifiers',
        'reasonCode',
        'type',
      ];
      expect([...new Set(wrong.map(({ field }) => field))].sort()).toEqual(
        from === 'client' ? expected : ['properties.sessionExpiryInterval', 'reasonCode', 'type'],
      );
    }
  });
});
