/**
 * The conformance ledger: which tests and fixtures prove which normative statement of the standards.
 *
 * Reads `spec/*.tsv`, the titles in `test/`, the `statement` fields in `fixtures/` and the proofs that
 * `npm run conformance:proof` has found, and writes `docs/conformance.md`. Exits with 1 when a reference names no
 * statement, when a statement of an enforced layer has no test or no proof, or, with `--check` (which writes nothing),
 * when the page is not up to date.
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
import type { Proof, Proofs } from './mutation/proofs.js';

/** The layers that the library bears. */
const LIBRARY: readonly string[] = ['encode', 'decode', 'codec', 'stream', 'topic', 'session', 'connection'];

/** The layers that its adapters and the broker in `docs/examples` show; they are no ground for mutants. */
const SHOWN: readonly string[] = ['broker', 'transport', 'application'];

const ENFORCED: readonly string[] = [...LIBRARY, ...SHOWN];

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

/** The proofs by statement, as `test/mutation/proof.json` holds them. */
export const readProofs = (): Proofs => JSON.parse(read('test/mutation/proof.json')) as Proofs;

const keyOf = ({ standard, id }: Statement): string => `${standard}: ${id}`;

/** The statements that the library bears, as `5.0: MQTT-...`: those that have proofs. */
export const withinReach = ({ statements }: Ledger): string[] =>
  statements.filter(({ layer }) => LIBRARY.includes(layer)).map(keyOf);

const outOf = (part: number, whole: number): string => `${part} of ${whole}`;

/** The page `docs/conformance.md`. Depends on ledger and proofs alone: while they are the same, so is the page. */
export function render(ledger: Ledger, proofs: Proofs): string {
  const lines = [
    '# Conformance',
    '',
    '<!-- Written by `npm run conformance`. Do not edit. -->',
    '',
    'Which tests and fixtures prove which normative statement of MQTT 3.1.1 and MQTT 5.0. The summaries are',
    'paraphrases; where one differs from the standard, the standard is right. Ids that begin with `U` are rules which',
    'carry no number in the standard. In enforced layers every statement has a test, or the build fails.',
    '',
    'A statement is proven when a change of the code makes a test fail that names the statement. The last column has',
    'one such change each, most of them made by a mutation testing tool; those marked with a hand were written for',
    'the statement. `npm run conformance:proof` makes them all again, and says which tests failed.',
    '',
  ];
  for (const standard of standards) lines.push(...summary(ledger, proofs, standard));
  for (const standard of standards) lines.push(...details(ledger, proofs, standard));
  return `${lines.join('\n').trimEnd()}\n`;
}

const layersOf = (statements: readonly Statement[]): string[] =>
  [...new Set(statements.map(({ layer }) => layer))].sort();

function summary(ledger: Ledger, proofs: Proofs, standard: Standard): string[] {
  const all = ledger.statements.filter((statement) => statement.standard === standard);
  const lines = [
    `## MQTT ${standard}: by layer`,
    '',
    '| layer | with a test | proven | enforced |',
    '| --- | --: | --: | --- |',
  ];
  for (const layer of layersOf(all)) {
    const rows = all.filter((statement) => statement.layer === layer);
    const tested = rows.filter((statement) => ledger.filesOf(statement).length > 0).length;
    const enforced = ledger.isEnforced({ standard, layer }) ? 'yes' : 'not yet';
    const proven = rows.filter((statement) => Object.hasOwn(proofs, keyOf(statement))).length;
    const share = LIBRARY.includes(layer) ? outOf(proven, rows.length) : 'by examples';
    lines.push(`| ${layer} | ${outOf(tested, rows.length)} | ${share} | ${enforced} |`);
  }
  return [...lines, ''];
}

function details(ledger: Ledger, proofs: Proofs, standard: Standard): string[] {
  const lines = [`## MQTT ${standard}: by statement`, ''];
  lines.push(
    '| statement | layer | side | in short | proved by | fails when |',
    '| --- | --- | --- | --- | --- | --- |',
  );
  for (const statement of ledger.statements) {
    if (statement.standard !== standard) continue;
    const files = ledger.filesOf(statement).map((path) => `[${path}](../${path})`);
    const tests = files.length > 0 ? files.join(' ') : (ledger.excuseOf(statement) ?? '');
    const short = escapeCell(statement.summary);
    const change = inWords(proofs[keyOf(statement)]);
    lines.push(
      `| ${statement.id} | ${statement.layer} | ${statement.side} | ${short} | ${tests} | ${change} |`,
    );
  }
  return [...lines, ''];
}

/** A proof as a cell of a table; code of a table's cell has no way to hold a bar as it is. */
function inWords(proof: Proof | undefined): string {
  if (proof === undefined) return '';
  const code = (text: string): string => `<code>${escapeCell(text).replaceAll('\\<', '&lt;')}</code>`;
  const change = `${code(proof.original)} → ${proof.replacement === '' ? 'nothing' : code(proof.replacement)}`;
  return `${change} in [${proof.file}](../${proof.file})${proof.byHand === true ? ' ✋' : ''}`;
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
  const proofs = readProofs();
  for (const statement of withinReach(ledger)) {
    if (Object.hasOwn(proofs, statement)) continue;
    complaints.push(`no proof of [${statement}]: run "npm run conformance:proof -- --below 0"`);
  }
  const text = render(ledger, proofs);
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
