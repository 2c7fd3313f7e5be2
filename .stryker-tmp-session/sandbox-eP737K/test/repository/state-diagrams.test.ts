// @ts-nocheck
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/root.js';
import { render, TABLES, type Tables } from '../../scripts/state-diagrams.js';

const page = render(TABLES);

/** The parts of a table that do not show on the page: those that can change without the page changing. */
function unseen(tables: Tables): string[] {
  const found: string[] = [];
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, field] of Object.entries(value)) visit(field, [...path, key]);
      return;
    }
    const changed = structuredClone(tables);
    let holder: object = changed;
    for (const key of path.slice(0, -1)) holder = Reflect.get(holder, key);
    const other =
      typeof value === 'boolean' ? (path.at(-1) === 'deliver' ? undefined : !value) : `other-${value}`;
    Reflect.set(holder, path.at(-1) ?? '', other);
    if (render(changed) === page) found.push(path.join('.'));
  };
  visit(tables, []);
  return found;
}

describe('docs/state-diagrams.md', () => {
  it('is up to date', () => {
    expect(readFileSync(join(root, 'docs/state-diagrams.md'), 'utf8')).toBe(page);
  });

  it('shows every entry of the tables', () => {
    expect(unseen(TABLES)).toEqual([]);
  });

  it('has the packets of QoS 2 in their order', () => {
    expect(page).toContain('  awaiting_pubrec --> awaiting_pubcomp: PUBREC / send PUBREL\n');
    expect(page).toContain('  awaiting_pubcomp --> [*]: PUBCOMP / acknowledged\n');
    expect(page).toContain('  [*] --> delivered: PUBLISH / deliver\n');
    expect(page).toContain('  answered --> [*]: PUBREL / send PUBCOMP\n');
  });
});
