// @ts-nocheck
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binary,
  chunking,
  mutatedBytes,
  packetBytes,
  text,
  topicFilter,
  topicName,
} from '../../src/arbitraries/index.js';
import { isValidTopicFilter, isValidTopicName, parseSharedFilter } from '../../src/index.js';

const SEED = 20_141_029;

describe('text', () => {
  const texts = fc.sample(text(), { numRuns: 6_000, seed: SEED });

  it('is well-formed, without U+0000, and fits a field', () => {
    const law = fc.property(text(), (value) => {
      expect(value).not.toMatch(/[\0\ud800-\udfff]/u);
      expect(Buffer.byteLength(value)).toBeLessThanOrEqual(65_535);
    });
    fc.assert(law, { numRuns: 2_000 });
  });

  it('has characters of one to four bytes, U+FEFF at the start too', () => {
    const bytes = new Set(
      texts.flatMap((value) => [...value.slice(0, 20)].map((each) => Buffer.byteLength(each))),
    );
    expect([...bytes].sort()).toEqual([1, 2, 3, 4]);
    expect(texts.some((value) => value.startsWith('\u{feff}'))).toBe(true);
  });

  it('has the lengths at which codecs change their way', () => {
    const lengths = new Set(texts.map((value) => value.length));
    for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 127, 128, 65_535]) {
      expect(lengths.has(length), String(length)).toBe(true);
    }
  });
});

describe('topics', () => {
  it('are valid names', () => {
    fc.assert(fc.property(topicName(), isValidTopicName), { numRuns: 3_000 });
    const names = fc.sample(topicName(), { numRuns: 2_000, seed: SEED });
    expect(names.some((name) => name.startsWith('$'))).toBe(true);
    expect(names.some((name) => name.startsWith('/'))).toBe(true);
    expect(names.some((name) => name.includes('//'))).toBe(true);
  });

  it.each([4, 5] as const)('are valid filters of version %d, with wildcards and shared ones', (version) => {
    fc.assert(
      fc.property(topicFilter({ version }), (filter) => isValidTopicFilter(filter, version)),
      { numRuns: 3_000 },
    );
    const filters = fc.sample(topicFilter({ version }), { numRuns: 2_000, seed: SEED });
    expect(filters.some((filter) => filter.includes('+'))).toBe(true);
    expect(filters.some((filter) => filter.endsWith('/#'))).toBe(true);
    expect(filters.includes('#')).toBe(true);
    const shared = filters.filter((filter) => filter.startsWith('$share/'));
    expect(shared.length).toBeGreaterThan(10);
    if (version === 5) expect(shared.every((filter) => parseSharedFilter(filter) !== undefined)).toBe(true);
    else expect(shared.some((filter) => !isValidTopicFilter(filter, 5))).toBe(true);
  });
});

describe('binary', () => {
  it('fits a field, to the last byte', () => {
    const lengths = fc.sample(binary(), { numRuns: 3_000, seed: SEED }).map((bytes) => bytes.length);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([0, 65_535]);
  });
});

describe('mutatedBytes', () => {
  it('gives bytes that are mostly others than those of the source, and leaves the source alone', () => {
    const source = Uint8Array.of(0x30, 6, 0, 1, 0x61, 1, 2, 3);
    const before = source.slice();
    const all = fc.sample(mutatedBytes(fc.constant(source)), { numRuns: 1_000, seed: SEED });
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    expect(new Set(all.map(hex)).size).toBeGreaterThan(700);
    expect(all.filter((bytes) => hex(bytes) === hex(before)).length).toBeLessThan(100);
    expect(source).toEqual(before);
    const lengths = new Set(all.map((bytes) => bytes.length));
    expect([lengths.has(0), lengths.has(7), lengths.has(8), lengths.has(9)]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    const mended = all.filter((bytes) => bytes[1] === bytes.length - 2 && bytes.length !== source.length);
    expect(mended.length).toBeGreaterThan(100);
  });

  it('takes what has no fixed header, too', () => {
    const sources = fc.constantFrom(new Uint8Array(0), Uint8Array.of(0x30), Uint8Array.of(0x30, 0x80, 0x80));
    fc.assert(
      fc.property(mutatedBytes(sources), (bytes) => bytes instanceof Uint8Array),
      { numRuns: 300 },
    );
  });
});

describe('chunking', () => {
  const frames = packetBytes({ version: 5 });

  it('gives chunks that are the bytes, as views', () => {
    const law = fc.property(
      frames.chain((bytes) => chunking(bytes).map((chunks) => [bytes, chunks] as const)),
      ([bytes, chunks]) => {
        expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
        for (const chunk of chunks) expect(chunk.buffer).toBe(bytes.buffer);
      },
    );
    fc.assert(law, { numRuns: 1_000 });
  });

  it('gives empty chunks, single bytes, all in one and one by one', () => {
    const splits = fc.sample(chunking(Uint8Array.of(1, 2, 3, 4, 5)), { numRuns: 500, seed: SEED });
    const sizes = splits.map((chunks) => chunks.map((chunk) => chunk.length).filter((length) => length > 0));
    expect(splits.some((chunks) => chunks.some((chunk) => chunk.length === 0))).toBe(true);
    expect(sizes).toContainEqual([5]);
    expect(sizes).toContainEqual([1, 1, 1, 1, 1]);
    expect(sizes).toContainEqual([2, 2, 1]);
  });

  it('gives the one chunk there is of no bytes, or several', () => {
    const law = fc.property(
      chunking(new Uint8Array(0)),
      (chunks) => chunks.length > 0 && chunks.every((chunk) => chunk.length === 0),
    );
    fc.assert(law, { numRuns: 100 });
  });
});
