// @ts-nocheck
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/root.js';
import { byProperty, docLines, render } from '../../scripts/properties-page.js';
import { PROPERTIES, ReasonCode } from '../../src/index.js';

const source = readFileSync(join(root, 'src/spec/properties.ts'), 'utf8');
const page = render(PROPERTIES, source);

/** The rows of `spec/`, which were written apart from the code. */
function readTable(name: string): string[][] {
  const [, ...rows] = readFileSync(join(root, 'spec', name), 'utf8')
    .trimEnd()
    .split('\n');
  return rows.map((row) => row.split('\t'));
}

const rowsWith = (text: string): string[][] =>
  page
    .split('\n')
    .filter((line) => line.startsWith(`| ${text}`))
    .map((line) => line.split('|').map((cell) => cell.trim()));

describe('docs/properties.md', () => {
  it('is up to date', () => {
    expect(readFileSync(join(root, 'docs/properties.md'), 'utf8')).toBe(page);
  });

  it('has every property of the standard, with its type', () => {
    for (const [, hex = '', name, type] of readTable('properties-5.0.tsv')) {
      const types = rowsWith(`${hex} | \``).map((row) => row[3]);
      expect(types, name).toContain(type);
    }
  });

  it('has every reason code of the standard', () => {
    for (const [hex = '', name] of readTable('reason-codes-5.0.tsv')) {
      expect(rowsWith(`${hex} | \``).length, name).toBeGreaterThan(0);
    }
    for (const name of Object.keys(ReasonCode)) expect(page).toContain(`\`${name}\``);
  });

  it('says who alone may send what', () => {
    expect(page).toContain('| `sessionExpiryInterval` | DISCONNECT | client | MQTT-3.14.2-2 |');
    expect(page).toContain('| 0x10 | `NoMatchingSubscribers` |  | server |  |');
    expect(page).toContain('| 0x19 | `ReAuthenticate` |  |  |  |  |  |  | client |');
  });

  it('takes the docstrings from the interface', () => {
    const docs = docLines('interface Properties {\n  /** One\n   * line. */\n  a?: 0 | undefined;\n}');
    expect([...docs]).toEqual([['a', 'One line.']]);
    expect(docLines('interface Other { a: 1 }').size).toBe(0);
  });

  it('is not written without a docstring, for an unknown property, or for one that differs between packets', () => {
    expect(() => docLines('interface Properties { a: 1 }')).toThrow('a has no docstring');
    expect(() => render({ connect: { unheardOf: [0x77, 1, 0, 1] } }, source)).toThrow('no member unheardOf');
    const rows = { connect: { a: [1, 1, 0, 1] }, auth: { a: [1, 1, 0, 2] } } as const;
    expect(() => byProperty(rows)).toThrow('a differs between packets');
  });

  it('knows a property in all its packets, whoever sends it there', () => {
    const all = byProperty(PROPERTIES);
    expect(all.map(({ row }) => row[0])).toEqual(all.map(({ row }) => row[0]).sort((a, b) => a - b));
    const expiry = all.find(({ name }) => name === 'sessionExpiryInterval');
    expect([...(expiry?.sets.keys() ?? [])]).toEqual(['connect', 'connack', 'disconnect']);
  });
});
