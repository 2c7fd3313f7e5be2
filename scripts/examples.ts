/**
 * The five systems of `docs/examples/`: without a name it lists them, with one it starts it.
 *
 * Usage: npm run examples [name] [-- options of the example]. With `--write` it writes the table of `docs/systems.md`,
 * with `--check` it says whether that is up to date.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceMarkedBlock } from './lib/marked-block.js';
import { tableLines, writeOrCheck } from './lib/page.js';
import { isMain, root } from './lib/root.js';
import { measure, SYSTEMS } from './lib/systems.js';

const PAGE = 'docs/systems.md';

/** The table of the page. */
export function table(): string {
  const head = ['system', 'what it needs', 'own lines', 'page', 'stands on', 'entries used'];
  const rows = SYSTEMS.map(({ name, title, needs }) => {
    const { lines, pageLines, entries, examples } = measure(name);
    return [
      `[${title}](examples/${name}/README.md)`,
      needs,
      lines,
      pageLines || '',
      examples.join(', '),
      entries.map((entry) => `\`${entry}\``).join(', '),
    ];
  });
  return tableLines(head, rows).join('\n');
}

function list(): void {
  console.log('npm run examples NAME, one of:\n');
  for (const { name, title, needs } of SYSTEMS) console.log(`  ${name.padEnd(9)} ${title}: ${needs}`);
  console.log('\ndocs/examples/NAME/README.md says what it can do.');
}

function start(name: string, options: readonly string[]): void {
  const main = join(root, 'docs/examples', name, 'main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

function write(): void {
  const text = readFileSync(join(root, PAGE), 'utf8');
  writeOrCheck(PAGE, replaceMarkedBlock(text, 'systems', table()), 'npm run examples -- --write');
}

function main([name, ...options]: readonly string[]): void {
  if (name === undefined) list();
  else if (name === '--write' || name === '--check') write();
  else if (SYSTEMS.some((system) => system.name === name)) start(name, options);
  else {
    console.error(`there is no example ${JSON.stringify(name)}`);
    list();
    process.exitCode = 1;
  }
}

if (isMain(import.meta.url)) main(process.argv.slice(2));
