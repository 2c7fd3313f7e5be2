/**
 * The conformance ledger: which tests and fixtures prove which normative statement of the standards.
 *
 * Reads `spec/*.tsv`, the titles in `test/` and the `statement` fields in `fixtures/`, and writes
 * `docs/conformance.md`. Exits with 1 when a reference names no statement, when a statement of an enforced layer has
 * no test, or, with `--check` (which writes nothing), when the page is not up to date.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import {
  join,
  Ledger,
  parseStatements,
  type Reading,
  type Rules,
  readFixture,
  readTestFile,
  type Standard,
  type Statement,
} from './lib/ledger.js';
import { isMain, root } from './lib/root.js';

/** The layers that the library bears, and those that its adapters and the broker in `docs/examples` show. */
const ENFORCED: readonly string[] = [
  'encode',
  'decode',
  'codec',
  'stream',
  'topic',
  'session',
  'connection',
  'broker',
  'transport',
  'application',
];

export const rules: Rules = {
  enforced: { '3.1.1': ENFORCED, '5.0': ENFORCED },
  excused: {},
};

const standards: readonly Standard[] = ['3.1.1', '5.0'];

const read = (path: string): string => readFileSync(joinPath(root, path), 'utf8');

function filesBelow(folder: string, pattern: RegExp): string[] {
  if (!existsSync(joinPath(root, folder))) return [];
  return readdirSync(joinPath(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => pattern.test(path))
    .sort();
}

/** The statements of both standards, in the order of `spec/`. */
export function readStatements(): Statement[] {
  return standards.flatMap((standard) =>
    ['', '-unnumbered'].flatMap((suffix) =>
      parseStatements(read(`spec/mqtt-${standard}${suffix}.tsv`), standard),
    ),
  );
}

function readClaims(): Reading {
  // The tests of this repository's own tools name statements that do not exist, on purpose.
  const tests = filesBelow('test', /\.test\.ts$/).filter((path) => !path.startsWith('test/repository/'));
  const fixtures = filesBelow('fixtures', /\.json$/);
  return join([
    ...tests.map((path) => readTestFile(read(path), path)),
    ...fixtures.map((path) => readFixture(read(path), path)),
  ]);
}

const outOf = (part: number, whole: number): string => `${part} of ${whole}`;

/** The page `docs/conformance.md`. Depends on the ledger alone, so that an unchanged ledger gives the same page. */
export function render(ledger: Ledger): string {
  const lines = [
    '# Conformance',
    '',
    '<!-- Written by `npm run conformance`. Do not edit. -->',
    '',
    'Which tests and fixtures prove which normative statement of MQTT 3.1.1 and MQTT 5.0. The summaries are',
    'paraphrases; where one differs from the standard, the standard is right. Ids that begin with `U` are rules which',
    'carry no number in the standard. In enforced layers every statement has a test, or the build fails.',
    '',
  ];
  for (const standard of standards) lines.push(...summary(ledger, standard));
  for (const standard of standards) lines.push(...details(ledger, standard));
  return `${lines.join('\n').trimEnd()}\n`;
}

const layersOf = (statements: readonly Statement[]): string[] =>
  [...new Set(statements.map(({ layer }) => layer))].sort();

function summary(ledger: Ledger, standard: Standard): string[] {
  const all = ledger.statements.filter((statement) => statement.standard === standard);
  const lines = [
    `## MQTT ${standard}: by layer`,
    '',
    '| layer | with a test | enforced |',
    '| --- | --: | --- |',
  ];
  for (const layer of layersOf(all)) {
    const rows = all.filter((statement) => statement.layer === layer);
    const tested = rows.filter((statement) => ledger.filesOf(statement).length > 0).length;
    const enforced = ledger.isEnforced({ standard, layer }) ? 'yes' : 'not yet';
    lines.push(`| ${layer} | ${outOf(tested, rows.length)} | ${enforced} |`);
  }
  return [...lines, ''];
}

function details(ledger: Ledger, standard: Standard): string[] {
  const lines = [`## MQTT ${standard}: by statement`, ''];
  lines.push('| statement | layer | side | in short | proved by |', '| --- | --- | --- | --- | --- |');
  for (const statement of ledger.statements) {
    if (statement.standard !== standard) continue;
    const files = ledger.filesOf(statement).map((path) => `[${path}](../${path})`);
    const proof = files.length > 0 ? files.join(' ') : (ledger.excuseOf(statement) ?? '');
    lines.push(
      `| ${statement.id} | ${statement.layer} | ${statement.side} | ${escapeCell(statement.summary)} | ${proof} |`,
    );
  }
  return [...lines, ''];
}

const escapeCell = (text: string): string => text.replace(/[\\`*_[\]<>|#$]/g, '\\$&');

/** The ledger of the tree as it stands. */
export const readLedger = (): Ledger => new Ledger(readStatements(), readClaims(), rules);

function main(): void {
  const ledger = readLedger();
  const complaints = ledger.problems();
  for (const { standard, id, layer, summary } of ledger.missing()) {
    complaints.push(
      `no test names [${id.startsWith('U') ? id : `${standard}: ${id}`}] (${layer}): ${summary}`,
    );
  }
  const page = joinPath(root, 'docs/conformance.md');
  const text = render(ledger);
  if (!process.argv.includes('--check')) writeFileSync(page, text);
  else if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
    complaints.push('docs/conformance.md is not up to date: run "npm run conformance"');
  }
  for (const complaint of complaints) console.error(complaint);
  const enforced = ledger.statements.filter((statement) => ledger.isEnforced(statement));
  const tested = enforced.filter((statement) => ledger.filesOf(statement).length > 0).length;
  console.log(`${tested} of ${enforced.length} statements of the enforced layers have a test`);
  if (complaints.length > 0) process.exitCode = 1;
}

if (isMain(import.meta.url)) main();
