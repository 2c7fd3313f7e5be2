/**
 * Which case of the adapter suite runs in which runtime, and why not: for people.
 *
 * Writes the marked blocks of `docs/adapters.md` from `test/adapters/suite/`, which the tests read too. Exits with 1
 * when, with `--check` (which writes nothing), the page is not up to date.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASES } from '../test/adapters/suite/index.js';
import { COLUMNS, type Column } from '../test/adapters/suite/matrix.js';
import { replaceMarkedBlock } from './lib/marked-block.js';
import { tableLines, writeOrCheck } from './lib/page.js';
import { isMain, root } from './lib/root.js';

const PAGE = 'docs/adapters.md';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  tableLines(head, rows).join('\n');

/** All reasons, each with its number, in the order of the table. */
function reasonsOf(columns: readonly Column[]): string[] {
  const found = CASES.flatMap(({ name }) => columns.flatMap(({ cannot }) => cannot[name] ?? []));
  return [...new Set([...found, ...columns.flatMap(({ lingers }) => lingers ?? [])])];
}

function caseTable(columns: readonly Column[]): string {
  const reasons = reasonsOf(columns);
  const head = ['case', ...columns.map(({ title, adapter }) => `${title}<br>\`${adapter}\``)];
  const cell = (reason: string | undefined): string =>
    reason === undefined ? 'runs' : `– (${reasons.indexOf(reason) + 1})`;
  const rows = CASES.map(({ name }) => [name, ...columns.map(({ cannot }) => cell(cannot[name]))]);
  rows.push(['program ends by itself', ...columns.map(({ lingers }) => cell(lingers))]);
  return `${table(head, rows)}\n\n${reasons.map((reason, index) => `${index + 1}. ${reason}`).join('\n')}`;
}

const promiseTable = (): string =>
  table(
    ['case', 'what holds'],
    CASES.map(({ name, promise }) => [name, promise]),
  );

function causeTable(columns: readonly Column[]): string {
  const titles = new Map<string, string[]>();
  for (const { title, adapter, says } of columns) {
    for (const [cause, { causes, reason }] of Object.entries(says)) {
      const instead = causes.map((one) => `\`${one}\``).join(' or ');
      const row = `\`${cause}\` | ${instead} | ${reason}`;
      titles.set(row, [...(titles.get(row) ?? []), `${title} (\`${adapter}\`)`]);
    }
  }
  const rows = [...titles].map(([row, names]) => [names.join(', '), ...row.split(' | ')]);
  return table(['runtime', 'cause', 'it says', 'why'], rows);
}

/** The page with its blocks as the tables have them. Throws for an excuse of a case that does not exist. */
export function render(text: string, columns: readonly Column[] = COLUMNS): string {
  for (const { id, cannot } of columns) {
    const unknown = Object.keys(cannot).find((name) => !CASES.some((one) => one.name === name));
    if (unknown !== undefined) throw new Error(`${id} excuses "${unknown}", which is no case`);
  }
  const blocks = {
    promises: promiseTable(),
    runtimes: caseTable(columns),
    causes: causeTable(columns),
  };
  return Object.entries(blocks).reduce(
    (page, [name, content]) => replaceMarkedBlock(page, name, `\n${content}\n`),
    text,
  );
}

function main(): void {
  writeOrCheck(PAGE, render(readFileSync(join(root, PAGE), 'utf8')), 'npm run adapters');
}

if (isMain(import.meta.url)) main();
