/**
 * Packs the package as npm would publish it and has publint and arethetypeswrong judge the tarball.
 * Needs `dist/`: run `npm run build` first.
 */
// @ts-nocheck

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMain, root } from './lib/root.js';

const onWindows = process.platform === 'win32';

function main(): void {
  if (!existsSync(join(root, 'dist/index.js')))
    throw new Error('dist/ is missing: run "npm run build" first');
  const folder = mkdtempSync(join(tmpdir(), 'puremqtt-pack-'));
  try {
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const report = execFileSync('npm', pack, { cwd: root, encoding: 'utf8', shell: onWindows });
    const [{ filename }] = JSON.parse(report) as [{ filename: string }];
    const judge = (tool: string, ...args: string[]): void => {
      const bin = join(root, 'node_modules/.bin', tool);
      execFileSync(bin, args, { cwd: root, stdio: 'inherit', shell: onWindows });
    };
    judge('publint', 'run', join(folder, filename), '--strict');
    judge('attw', join(folder, filename), '--profile', 'strict', '--format', 'table-flipped');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isMain(import.meta.url)) main();
