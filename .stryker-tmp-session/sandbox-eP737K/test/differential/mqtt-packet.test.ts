// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { readStatements } from '../../scripts/conformance.js';
import { compareOne, compareVectors, readRows, shownBy, unlisted } from '../../scripts/differential.js';
import { diceOf } from '../../scripts/fuzz/mutate.js';

const rows = readRows();

describe('puremqtt and mqtt-packet', () => {
  it('differ in no vector but in ways that are listed', () => {
    expect([...unlisted(compareVectors(), rows).values()]).toEqual([]);
  });

  it('differ in no generated packet but in ways that are listed', () => {
    // `npm run differential` draws others, and more.
    const dice = diceOf(1);
    const found = Array.from({ length: 1_500 }, () => compareOne(dice)).flat();
    expect([...unlisted(found, rows).values()]).toEqual([]);
    expect(found.length).toBeGreaterThan(100);
  });

  it.each(rows.map((row) => [row.kind, row] as const))('still differ: %s', (kind, { versions, examples }) => {
    expect([...new Set(examples.map(({ version }) => version))]).toEqual(versions);
    for (const example of examples) expect(shownBy(example).map((each) => each.kind)).toContain(kind);
  });
});

describe('the list of differences', () => {
  it.each([
    ['mqtt-packet', rows],
    ['mosquitto', readRows('fixtures/differential/mosquitto.json')],
  ])('has a row for each kind, a reason, and rules that exist: %s', (_, rows) => {
    const kinds = rows.map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    const known = new Set(readStatements().map(({ standard, id }) => `${standard}: ${id}`));
    for (const { kind, reason, rules, supports } of rows) {
      expect(reason, kind).toMatch(/^\S.*\.$/s);
      expect(rules.length > 0 || supports === 'both', kind).toBe(true);
      for (const rule of rules) {
        expect(known.has(rule) || /^(3\.1\.1|5\.0): section [\d.]+$/.test(rule), `${kind}: ${rule}`).toBe(
          true,
        );
      }
    }
  });

  it('would tell of a kind that it has not', () => {
    const [row, ...others] = rows;
    if (row === undefined) return expect.unreachable();
    const found = row.examples.flatMap(shownBy);
    expect(unlisted(found, others).size).toBe(row.versions.length);
    expect(unlisted(found, [{ ...row, versions: [] }, ...others]).size).toBe(row.versions.length);
    expect(unlisted(found, rows).size).toBe(0);
  });
});
