import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { table } from '../../scripts/examples.js';
import { root } from '../../scripts/lib/root.js';
import { codeLines, measure, SYSTEMS } from '../../scripts/lib/systems.js';

describe('the page of the five systems', () => {
  it('has the table that the sources give', () => {
    expect(readFileSync(join(root, 'docs/systems.md'), 'utf8')).toContain(table());
  });

  it.each(SYSTEMS)('has $name with a README, a main program and tests', ({ name }) => {
    for (const path of [`docs/examples/${name}/README.md`, `docs/examples/${name}/main.ts`]) {
      expect(existsSync(join(root, path)), path).toBe(true);
    }
    expect(existsSync(join(root, `test/examples/${name}.test.ts`))).toBe(true);
    const { lines, entries } = measure(name);
    expect(lines).toBeGreaterThan(50);
    expect(entries).toContain('puremqtt');
  });

  it('counts neither blank lines nor comments', () => {
    const text =
      '/** Not\n * counted. */\n\nconst a = 1; // counted\n  // not counted\n/* nor this */\nconst b = 2;\n';
    expect(codeLines(text)).toBe(2);
  });
});

describe('the entries that examples use', () => {
  const known = Object.keys(
    (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object }).exports,
  ).map((path) => path.replace('.', 'puremqtt'));

  it.each(SYSTEMS)('are public ones in $name', ({ name }) => {
    expect(measure(name).entries.filter((entry) => !known.includes(entry))).toEqual([]);
  });
});
