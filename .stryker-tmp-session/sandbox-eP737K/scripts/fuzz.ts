/**
 * Fuzzing: of bytes as they are, of the choices that make structured input, and of what earlier inputs have taught.
 *
 * `npm run fuzz -- --time 60` fuzzes all targets for a minute together; `--target decode` one of them, `--runs` ends
 * each target at so many inputs, `--seed` repeats a run, `--branches` lists what was not reached. What fails is made small and
 * added to `fixtures/found/`; exits with 1 then.
 */
// @ts-nocheck

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { Coverage } from './fuzz/coverage.js';
import { writeFound } from './fuzz/found.js';
import { failureOf, fuzz } from './fuzz/scheduler.js';
import type * as Targets from './fuzz/targets.js';
import { watchdog } from './fuzz/watchdog.js';
import { isMain, root } from './lib/root.js';
import { readVectors } from './lib/vectors.js';

interface Options {
  readonly only: readonly string[];
  readonly seconds: number;
  readonly runs: number;
  readonly seed: number;
  readonly listsBranches: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', multiple: true, default: [] },
      time: { type: 'string', default: '60' },
      runs: { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      branches: { type: 'boolean', default: false },
    },
  });
  const number = (name: 'time' | 'runs' | 'seed'): number => {
    const value = Number(values[name]);
    if (!(value >= 0)) throw new Error(`--${name} takes a number, not ${values[name]}`);
    return value;
  };
  return {
    only: values.target,
    seconds: number('time'),
    runs: number('runs'),
    seed: number('seed'),
    listsBranches: values.branches,
  };
}

/** Puts the targets and all they need of `src/` into one file, so that V8 counts the branches of one script. */
async function bundle(): Promise<{ readonly path: string; readonly text: string }> {
  const folder = join(root, 'reports/fuzz');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `targets-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, 'scripts/fuzz/targets.ts')],
    outfile: path,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    external: ['fast-check'],
    absWorkingDir: root,
    logLevel: 'warning',
  });
  return { path, text: readFileSync(path, 'utf8') };
}

async function main(): Promise<void> {
  const { only, seconds, runs, seed, listsBranches } = readOptions();
  const { path, text } = await bundle();
  const coverage = new Coverage(pathToFileURL(path).href, text);
  const { targets, seedsOf }: typeof Targets = await import(pathToFileURL(path).href);
  const names = only.length > 0 ? only : Object.keys(targets);
  const frames = readVectors();
  console.log(`seed ${seed}`);
  // Most inputs end in an error, and nobody looks at where it was made.
  const { stackTraceLimit } = Error;
  for (const name of names) {
    const target = targets[name];
    if (target === undefined)
      throw new Error(`no target ${name}: there are ${Object.keys(targets).join(', ')}`);
    coverage.reset();
    const { watch, stop } = watchdog(name, join(root, `fixtures/found/${name}-hangs.json`));
    const budget = { seed, runs, seconds: seconds / names.length };
    Error.stackTraceLimit = 0;
    const report = fuzz(
      { run: target.run, seeds: (dice) => seedsOf(target, frames, dice) },
      coverage,
      budget,
      watch,
    );
    Error.stackTraceLimit = stackTraceLimit;
    stop();
    const { reached, all, missed } = coverage.reached(target.files);
    const rate = Math.round(report.executions / report.seconds);
    console.log(
      `${name}: ${report.executions} executions in ${report.seconds.toFixed(1)} s, ${rate}/s; ` +
        `${reached} of ${all} branches (${((100 * reached) / all).toFixed(1)} %); ${report.kept} inputs kept`,
    );
    if (listsBranches) for (const line of places(missed, text)) console.log(line);
    if (report.failures.length === 0) continue;
    process.exitCode = 1;
    for (const { input, error } of report.failures) {
      const again = failureOf(target, input) ?? error;
      console.error(`${name} fails with ${Buffer.from(input).toString('hex')}\n${again.stack}`);
    }
    console.error(`added to ${writeFound(name, report.failures)}`);
  }
  const { reached, all, missed } = coverage.reached(/^src\/(?!arbitraries)/, 'ever');
  console.log(`all: ${reached} of ${all} branches of src/ (${((100 * reached) / all).toFixed(1)} %)`);
  if (listsBranches) for (const line of places(missed, text)) console.log(line);
  coverage.stop();
  rmSync(path);
}

/** Branches that were not reached, each with its file and the text that begins there. */
function places(branches: readonly { readonly at: number; readonly file: string }[], text: string): string[] {
  return branches.map(({ at, file }) => `  ${file}: ${text.slice(at, at + 80).replace(/\s+/g, ' ')}`);
}

if (isMain(import.meta.url)) await main();
