/**
 * Compares the last run of `npm run mutation` with `test/mutation/survivors.json`: every mutant that no test kills must
 * stand there with a reason, and nothing else may. What `MUTATION=thorough npm run mutation` has killed counts as
 * killed. `--list` prints the mutants that lack one, to be filled in.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, root } from '../lib/root.js';
import { holds, squeezed } from './text.js';

/** What of Stryker's report (`mutation-testing-report-schema`) is looked at. */
export interface Report {
  readonly files: Readonly<
    Record<string, { readonly source: string; readonly mutants: readonly ReportedMutant[] }>
  >;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ReportedMutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** A mutant that may survive, told by its text and not by its place. */
export interface Survivor {
  readonly file: string;
  /** The lines that it changes, without the space around them. */
  readonly code: string;
  /** The same lines with the change. */
  readonly mutant: string;
  /** Why no test can, or should, tell it from the code. */
  readonly reason: string;
}

const DETECTED = ['Killed', 'Timeout'];
const UNDETECTED = ['Survived', 'NoCoverage'];

const LONGEST = 240;

/** The mutants that no test killed. Lines and columns of a report count from 1. */
export function survivorsOf(report: Report): Survivor[] {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants
      .filter(({ status }) => UNDETECTED.includes(status))
      .map(({ location: { start, end }, replacement = '' }) => {
        const code = lines.slice(start.line - 1, end.line);
        const before = code[0]!.slice(0, start.column - 1);
        const after = code.at(-1)!.slice(end.column - 1);
        const mutant = `${before}${replacement}${after}`;
        return {
          file,
          code: squeezed(code.join('\n'), LONGEST),
          mutant: squeezed(mutant, LONGEST),
          reason: '',
        };
      });
  });
}

const keyOf = ({ file, code, mutant }: Survivor): string => `${file}: ${code} → ${mutant}`;

/** The place and the text of a mutant: what tells it from all others in its file. */
export const placeOf = ({ location: { start, end }, replacement }: ReportedMutant): string =>
  JSON.stringify([start, end, replacement]);

/** A report in which what a more thorough run has killed is killed. */
export function merge(report: Report, thorough: Report): Report {
  const files = Object.entries(report.files).map(([file, { source, mutants }]) => {
    const again = new Map(thorough.files[file]?.mutants.map((mutant) => [placeOf(mutant), mutant.status]));
    const merged = mutants.map((mutant) => {
      const status = again.get(placeOf(mutant));
      return mutant.status === 'Survived' && status !== undefined ? { ...mutant, status } : mutant;
    });
    return [file, { source, mutants: merged }] as const;
  });
  return { files: Object.fromEntries(files) };
}

/** What is wrong with a list of survivors, in words. Files that were not mutated are not judged. */
export function compare(report: Report, listed: readonly Survivor[]): string[] {
  const found = new Set(survivorsOf(report).map(keyOf));
  const known = new Set(listed.map(keyOf));
  const problems = [...found]
    .filter((key) => !known.has(key))
    .map((key) => `survives without a reason: ${key}`);
  for (const survivor of listed) {
    const key = keyOf(survivor);
    if (survivor.reason.trim() === '') problems.push(`has no reason: ${key}`);
    if (!found.has(key) && Object.hasOwn(report.files, survivor.file))
      problems.push(`does not survive: ${key}`);
  }
  if (known.size !== listed.length) problems.push('survivors.json has an entry twice');
  return problems;
}

/** Those of a list whose code is not in the source any more; `sourceOf` gives nothing for a file that is gone. */
export function outdated(
  listed: readonly Survivor[],
  sourceOf: (file: string) => string | undefined,
): string[] {
  return listed
    .filter(({ file, code }) => !holds(sourceOf(file) ?? '', code))
    .map((survivor) => `is not in the code: ${keyOf(survivor)}`);
}

/** Detected and all mutants by folder. */
export function scores(report: Report): Map<string, readonly [detected: number, all: number]> {
  const folders = new Map<string, readonly [number, number]>();
  for (const [file, { mutants }] of Object.entries(report.files)) {
    const detected = mutants.filter(({ status }) => DETECTED.includes(status)).length;
    const all = detected + mutants.filter(({ status }) => UNDETECTED.includes(status)).length;
    for (const folder of [file.split('/').slice(0, 2).join('/'), 'all']) {
      const [before, whole] = folders.get(folder) ?? [0, 0];
      folders.set(folder, [before + detected, whole + all]);
    }
  }
  return folders;
}

function readReport(name: string): Report | undefined {
  const path = join(root, 'reports/mutation', name);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Report) : undefined;
}

function main(): void {
  const quick = readReport('mutation.json');
  if (quick === undefined) throw new Error('there is no report: run "npm run mutation"');
  const thorough = readReport('thorough.json');
  const report = thorough === undefined ? quick : merge(quick, thorough);
  const listed = JSON.parse(
    readFileSync(join(root, 'test/mutation/survivors.json'), 'utf8'),
  ) as readonly Survivor[];
  if (process.argv.includes('--list')) {
    const known = new Set(listed.map(keyOf));
    const missing = survivorsOf(report).filter((survivor) => !known.has(keyOf(survivor)));
    console.log(JSON.stringify(missing, null, 2));
    return;
  }
  for (const [folder, [detected, all]] of scores(report)) {
    console.log(`${folder}: ${detected} of ${all} mutants, ${((100 * detected) / all).toFixed(2)} %`);
  }
  const problems = compare(report, listed);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}

if (isMain(import.meta.url)) main();
