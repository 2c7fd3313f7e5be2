// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { PACKET_TYPES, PROPERTIES } from '../../src/index.js';
import {
  generatedInvalid,
  generatedValid,
  type InvalidFixture,
  invalidFixtures,
  type ValidFixture,
  validFixtures,
} from './fixtures.js';
import {
  checkBreaks,
  checkDecoded,
  checkEncoded,
  checkEnd,
  checkRefused,
  checkStreamed,
} from './vector-checks.js';

// One test per file and way: thousands of tests that take a fraction of a millisecond each would cost more to report
// than to run.
const subject = ({ version, file }: ValidFixture | InvalidFixture): string =>
  `${version === 4 ? '3.1.1' : '5.0'} ${file}`;

function byFile<T extends ValidFixture | InvalidFixture>(
  fixtures: readonly T[],
  told: string,
  check: (fixture: T) => void,
): void {
  for (const name of new Set(fixtures.map(subject))) {
    it(`${told}: ${name}`, () => {
      for (const fixture of fixtures) {
        if (subject(fixture) !== name) continue;
        try {
          check(fixture);
        } catch (error) {
          if (error instanceof Error) error.message = `${fixture.title}: ${error.message}`;
          throw error;
        }
      }
    });
  }
}

describe('generated valid packets', () => {
  byFile(generatedValid, 'are decoded', checkDecoded);
  byFile(generatedValid, 'are encoded', checkEncoded);
  byFile(generatedValid, 'come out of a stream however it is split', checkStreamed);
  byFile(generatedValid, 'end where they say', checkEnd);
});

describe('generated invalid packets', () => {
  byFile(generatedInvalid, 'are refused', checkRefused);
  byFile(generatedInvalid, 'break a stream however it is split', checkBreaks);
});

describe('the corpus', () => {
  const all = [...validFixtures, ...invalidFixtures, ...generatedValid, ...generatedInvalid];

  it('has at least 1,500 vectors, and no name twice in a file', () => {
    expect(all.length).toBeGreaterThanOrEqual(1_500);
    const folders = [validFixtures, invalidFixtures, generatedValid, generatedInvalid];
    for (const fixtures of folders) {
      const titles = fixtures.map(({ title }) => title);
      expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
    }
  });

  it('has every property of every packet: at its limits, repeated, without a value, and where it does not belong', () => {
    const names = new Set(Object.values(PROPERTIES).flatMap((rows) => Object.keys(rows)));
    // Where it does not belong a property is known by its number, and one number has two names.
    expect(names.size).toBe(28);
    const fields = (code: string): Set<string> =>
      new Set(
        generatedInvalid
          .filter(({ version, error }) => version === 5 && error.code === code)
          .map(({ frame, error }) => `${PACKET_TYPES[frame[0]! >> 4]} ${error.field}`),
      );
    const [short, overrun, repeated, foreign] = [
      'cut-short',
      'length-overrun',
      'duplicate-property',
      'property-not-allowed',
    ].map(fields);
    for (const [set, rows] of Object.entries(PROPERTIES)) {
      const path = set === 'will' ? 'connect will.properties.' : `${set} properties.`;
      for (const [name, row] of Object.entries(rows)) {
        expect(short?.has(path + name) || overrun?.has(path + name), path + name).toBe(true);
        expect(repeated?.has(path + name), path + name).toBe(
          !name.endsWith('Properties') && !name.endsWith('Identifiers'),
        );
        expect(foreign?.has(`${path}0x${row[0].toString(16)}`), path + name).toBe(false);
      }
      const own = Object.values(rows).map(([id]) => id);
      const ids = new Set(Object.values(PROPERTIES).flatMap((each) => Object.values(each).map(([id]) => id)));
      for (const id of ids) {
        expect(foreign?.has(`${path}0x${id.toString(16)}`), `${path}${id}`).toBe(!own.includes(id));
      }
    }
  });

  it('has packets that an encoder would write otherwise, and packets that depend on the sender', () => {
    expect(all.filter((each) => 'canonical' in each).length).toBeGreaterThan(100);
    for (const from of ['client', 'server']) {
      expect(generatedValid.some((each) => each.from === from)).toBe(true);
      expect(generatedInvalid.some((each) => each.from === from)).toBe(true);
    }
  });
});
