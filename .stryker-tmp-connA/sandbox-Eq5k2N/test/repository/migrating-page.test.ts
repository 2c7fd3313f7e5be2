// @ts-nocheck
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRows } from '../../scripts/differential.js';
import { root } from '../../scripts/lib/root.js';
import { PAGE, render, table } from '../../scripts/migrating-page.js';

const page = readFileSync(join(root, PAGE), 'utf8');

describe('docs/migrating.md', () => {
  it('is up to date', () => {
    expect(render(page)).toBe(page);
  });

  it('has a row for every difference, which no example breaks', () => {
    for (const [name, file] of [
      ['mqtt-packet'],
      ['mosquitto', 'fixtures/differential/mosquitto.json'],
    ] as const) {
      const rows = readRows(file);
      const lines = table(rows, name).split('\n');
      expect(lines).toHaveLength(rows.length + 2);
      for (const line of lines) {
        expect(line.replaceAll('\\|', '').split('|'), line).toHaveLength(8);
        expect(page).toContain(line);
      }
    }
  });
});
