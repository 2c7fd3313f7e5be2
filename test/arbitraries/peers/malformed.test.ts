import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/lib/root.js';
import { type InvalidVector, malformedBytes, malformedCorpus } from '../../../src/arbitraries/index.js';
import { decode, encode, isMqttError, MqttError } from '../../../src/codec.js';
import { PacketParser } from '../../../src/stream/index.js';

type Vector = InvalidVector & { readonly error: { readonly reasonCode: number; readonly class: string } };

const readFolder = (version: 4 | 5): Vector[] =>
  ['invalid', 'generated/invalid'].flatMap((folder) => {
    const path = join(root, `fixtures/v${version}`, folder);
    return readdirSync(path).flatMap((file): Vector[] => JSON.parse(readFileSync(join(path, file), 'utf8')));
  });

describe.each([4, 5] as const)('Malformed bytes of version %i', (version) => {
  it.each(['client', 'server'] as const)('from a %s are refused for what is due', (from) => {
    fc.assert(
      fc.property(malformedBytes({ version, from }), ({ bytes, due, isFirst }) => {
        // On a socket more may follow: a parser says what is wrong with the first one, and waits for nothing.
        const parser = new PacketParser({ version, from, maximumConnectSize: 300_000_000 });
        parser.push(bytes);
        let error: unknown;
        try {
          parser.next();
        } catch (thrown) {
          error = thrown;
        }
        expect(isMqttError(error)).toBe(true);
        if (!(error instanceof MqttError)) return;
        expect([error.name, error.statement]).toEqual([due.class, due.statement]);
        expect(Reflect.get(error, 'reasonCode')).toBe(due.reasonCode);
        expect(isFirst).toBe((bytes[0] ?? 0) >> 4 === (from === 'client' ? 1 : 2));
      }),
      { numRuns: 500 },
    );
  });

  it('are found in the corpus, as they are labelled there', () => {
    const vectors = readFolder(version);
    for (const from of ['client', 'server'] as const) {
      const found = malformedCorpus(vectors, { version, from });
      expect(found.length).toBeGreaterThan(version === 4 ? 200 : 500);
      for (const { bytes } of found) expect(() => decode(bytes, version, { from })).toThrow();
    }
  });

  it('leave out what is right, not whole, or for the other side', () => {
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    const right = { hex: hex(encode({ type: 'pingreq' }, version)) };
    const cut = { hex: '3005' };
    const other = { hex: '36080003612f62000100', from: 'server' } as const;
    expect(malformedCorpus([right, cut, other], { version, from: 'client' })).toEqual([]);
    expect(malformedCorpus([other], { version, from: 'server' })).toHaveLength(1);
  });
});
