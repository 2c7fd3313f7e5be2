/**
 * Runs the benchmarks, `bench/*.bench.ts`, one after the other, each in a process of its own.
 * `npm run bench` runs all of them, `npm run bench -- topics` those whose name holds "topics"; arguments that begin
 * with a dash go on to the benchmarks (`npm run bench -- codec --write`).
 */
// @ts-nocheck

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, root } from './lib/root.js';

function main(): void {
  const words = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  const options = process.argv.slice(2).filter((word) => word.startsWith('-'));
  const files = readdirSync(join(root, 'bench'))
    .filter((name) => name.endsWith('.bench.ts'))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .sort();
  if (files.length === 0) throw new Error(`no benchmark is named like ${words.join(', ')}`);
  for (const file of files) {
    console.log(`\n== ${file}`);
    const { status } = spawnSync(process.execPath, ['--import', 'tsx', join('bench', file), ...options], {
      cwd: root,
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}

if (isMain(import.meta.url)) main();
