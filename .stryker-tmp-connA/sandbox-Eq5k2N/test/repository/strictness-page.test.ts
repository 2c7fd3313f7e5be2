// @ts-nocheck
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/root.js';
import { decode, isMqttError, type LenientRule } from '../../src/index.js';
import { invalidFixtures } from '../codec/fixtures.js';

/** The rows of the table of lenient rules: what each gives up, by version. */
const rows = new Map(
  readFileSync(join(root, 'docs/strictness.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .flatMap(([, rule, , in4 = '', in5 = '']) =>
      rule !== undefined && /^`[a-z0-9-]+`$/.test(rule) && in5 !== ''
        ? [[rule.slice(1, -1), { 4: in4, 5: in5 }] as const]
        : [],
    ),
);

const statements = (cell: string): string[] => cell.match(/MQTT-[\d.]+-\d+/g) ?? [];

const relaxedBy = (rule: string) =>
  invalidFixtures.filter(({ error, frame, version, from }) => {
    if (error.code !== rule) return false;
    try {
      decode(frame, version, { from, lenient: [rule as LenientRule] });
      return true;
    } catch (caught) {
      if (!isMqttError(caught)) throw caught;
      return false;
    }
  });

describe('the lenient rules in docs/strictness.md', () => {
  it('are all there are', () => {
    for (const rule of rows.keys()) {
      expect(() => decode(Uint8Array.of(0xc0, 0), 5, { lenient: [rule as LenientRule] }), rule).not.toThrow();
    }
    // The rules of the library, in the one place where they stand as a list: the docstring of their type.
    const settings = readFileSync(join(root, 'src/bytes/settings.ts'), 'utf8');
    expect([...rows.keys()]).toEqual(
      Array.from(settings.matchAll(/^ \* - `([a-z0-9-]+)`:/gm), ([, rule]) => rule),
    );
  });

  it('name every statement that is given up where a fixture shows it', () => {
    for (const [rule, cells] of rows) {
      const fixtures = relaxedBy(rule);
      expect(fixtures.length, rule).toBeGreaterThan(0);
      for (const { title, version, error } of fixtures) {
        expect(statements(cells[version]), title).toContain(error.statement);
      }
    }
  });

  it('name no other statement', () => {
    for (const [rule, cells] of rows) {
      for (const version of [4, 5] as const) {
        const shown = relaxedBy(rule).filter((fixture) => fixture.version === version);
        const given = new Set(shown.map(({ error }) => error.statement));
        for (const statement of statements(cells[version])) {
          expect(given, `${rule} in version ${version}`).toContain(statement);
        }
      }
    }
  });
});
