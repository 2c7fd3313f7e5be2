// @ts-nocheck
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { render } from '../../scripts/adapters-page.js';
import { root } from '../../scripts/lib/root.js';
import { CASES } from '../adapters/suite/index.js';
import { COLUMNS } from '../adapters/suite/matrix.js';

const page = readFileSync(join(root, 'docs/adapters.md'), 'utf8');

describe('docs/adapters.md', () => {
  it('is as the suite and its matrix have it', () => {
    expect(render(page)).toBe(page);
  });

  it('has a cell for every case and runtime, and a reason for every one that does not run', () => {
    const rows = page.split('\n').filter((line) => /\| (runs|–)/.test(line));
    // And one that says whether the program ends by itself.
    expect(rows.length).toBe(CASES.length + 1);
    for (const row of rows) {
      const cells = row.split('|').slice(2, -1);
      expect(cells.length).toBe(COLUMNS.length);
      for (const cell of cells) {
        const number = /^ (?:runs|– \((\d+)\)) $/.exec(cell)?.[1];
        expect(cell).toMatch(/^ (runs|– \(\d+\)) $/);
        if (number !== undefined) expect(page).toMatch(new RegExp(`^${number}\\. .{20}`, 'm'));
      }
    }
  });

  it('changes with the matrix', () => {
    const [first, ...rest] = COLUMNS;
    if (first === undefined) throw new Error('no columns');
    const other = { ...first, cannot: { ...first.cannot, connect: 'for a test of the page' } };
    expect(render(page, [other, ...rest])).toContain('for a test of the page');
    const wrong = { ...first, cannot: { 'no such case': 'x' } };
    expect(() => render(page, [wrong, ...rest])).toThrow('"no such case", which is no case');
  });
});
