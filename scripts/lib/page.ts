import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.js';

/**
 * Writes a generated page, given by its path from the root; with `--check` it writes nothing, and the script exits with
 * 1 when the page is not what it would write.
 */
export function writeOrCheck(page: string, text: string, command: string): void {
  const path = join(root, page);
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
    console.error(`${page} is not up to date: run "${command}"`);
    process.exitCode = 1;
  }
}

/** The lines of a GitHub table with all its columns aligned left. */
export function tableLines(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
