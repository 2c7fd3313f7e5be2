/**
 * Joins the reports of several runs of `npm run mutation -- --mutate …` into the one that `npm run mutation:check` reads:
 * `npm run mutation:join -- first.json second.json`. Where two runs tried the same mutant the later file decides. What
 * was found in a source that has changed since is left out.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMain, root } from '../lib/root.js';
import { placeOf, type Report, scores } from './check.js';

const REPORT = join(root, 'reports/mutation/mutation.json');

/** One report of all. `sources` gives a file as it is now, or undefined where there is none. */
export function joinReports(
  reports: readonly Report[],
  sources: (file: string) => string | undefined,
): { readonly report: Report; readonly stale: readonly string[] } {
  const files = new Map<string, Report['files'][string]>();
  const stale = new Set<string>();
  for (const report of reports) {
    for (const [file, { source, mutants }] of Object.entries(report.files)) {
      if (source !== sources(file)) {
        stale.add(file);
        continue;
      }
      const all = [...(files.get(file)?.mutants ?? []), ...mutants];
      const latest = new Map(all.map((mutant) => [placeOf(mutant), mutant]));
      files.set(file, { source, mutants: [...latest.values()] });
    }
  }
  return {
    report: { files: Object.fromEntries(files) },
    stale: [...stale].filter((file) => !files.has(file)),
  };
}

function main(): void {
  const paths = process.argv.slice(2);
  if (paths.length === 0) throw new Error('give the reports to join');
  const reports = paths.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Report);
  const { report, stale } = joinReports(reports, (file) => {
    const path = join(root, file);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  });
  mkdirSync(dirname(REPORT), { recursive: true });
  writeFileSync(REPORT, JSON.stringify(report));
  for (const file of stale) console.error(`${file} has changed since it was tried`);
  const [detected, all] = scores(report).get('all') ?? [0, 0];
  console.log(`${detected} of ${all} mutants detected, in ${Object.keys(report.files).length} files`);
  if (stale.length > 0) process.exitCode = 1;
}

if (isMain(import.meta.url)) main();
