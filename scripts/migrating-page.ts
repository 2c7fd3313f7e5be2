/**
 * The lists of differences in `docs/migrating.md`, from `fixtures/differential/`.
 *
 * Exits with 1 when, with `--check` (which writes nothing), the page is not up to date.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Example, type Row, readRows } from './differential.js';
import { replaceMarkedBlock } from './lib/marked-block.js';
import { writeOrCheck } from './lib/page.js';
import { isMain, root } from './lib/root.js';

export const PAGE = 'docs/migrating.md';

const STANDARDS = { 4: '3.1.1', 5: '5.0' } as const;
const LONGEST = 90;

const escapeCell = (text: string): string => text.replace(/[\\*_[\]<>|#$]/g, '\\$&');

function told({ version, hex, packet }: Example): string {
  const text =
    packet === undefined
      ? (hex ?? '')
      : JSON.stringify(packet, (_, value: unknown) =>
          value instanceof Uint8Array ? `0x${Buffer.from(value).toString('hex')}` : value,
        );
  // A vertical line would end the cell, and a long example the page.
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return `${STANDARDS[version]}: \`${short.replaceAll('|', '\\|')}\``;
}

/** A table of differences, one row for each kind. */
export function table(rows: readonly Row[], name: string): string {
  const lines = rows.map(({ kind, versions, supports, rules, reason, examples }) => {
    const standard = supports === 'both' ? 'open' : supports === 'puremqtt' ? 'ours' : name;
    const cells = [
      `${escapeCell(kind)}`,
      versions.map((version) => STANDARDS[version]).join(', '),
      reason.replaceAll('|', '\\|'),
      standard,
      rules.join(', '),
      told(examples[0]!),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `| ${name} | in | what happens | standard | rules | for example |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

/** The page with both lists. */
export function render(page: string): string {
  const withTheirs = replaceMarkedBlock(page, 'mqtt-packet', table(readRows(), 'mqtt-packet'));
  const rows = readRows('fixtures/differential/mosquitto.json');
  return replaceMarkedBlock(withTheirs, 'mosquitto', table(rows, 'mosquitto'));
}

function main(): void {
  writeOrCheck(PAGE, render(readFileSync(join(root, PAGE), 'utf8')), 'npm run migrating');
}

if (isMain(import.meta.url)) main();
