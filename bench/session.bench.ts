// QoS exchanges through `step` and through two Endpoints, in shares of mqtt-packet's encode rate.
// `npm run bench -- session` takes a minute and a half; with `--write` the figures go into docs/host-contract.md. Each
// row runs in processes of its own, in passes over all rows. A disturbance only ever adds to a time: the best counts.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { markdownTable, writeMarkedBlock } from '../scripts/lib/marked-block.js';
import { root } from '../scripts/lib/root.js';
import { ROWS, YARDSTICK } from './session/rows.js';

const PASSES = 4;
const MANY = 65_535;
/** What 65,535 in flight may cost, in times of what 10 cost. */
const GROWTH = 1.5;
const BYTES = 250;
// Caches and garbage collection may add something; a cost that depended on the number would show in thousands.
const CHANGES_GROWTH = 2;

// Inside node_modules, so that what is bundled finds its packages.
const folder = join(root, 'node_modules/.cache', `puremqtt-session-bench-${process.pid}`);

async function buildChild(): Promise<string> {
  const outfile = join(folder, 'child.mjs');
  const entryPoints = [join(root, 'bench/session/child.ts')];
  const packages = 'external';
  await build({ entryPoints, outfile, bundle: true, format: 'esm', target: 'es2023', packages });
  return outfile;
}

function run(child: string, ...words: readonly (string | number)[]): number {
  const text = execFileSync(process.execPath, ['--expose-gc', child, ...words.map(String)], {
    encoding: 'utf8',
  });
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${words.join(' ')} gave ${text}`);
  return value;
}

interface Line {
  readonly cells: readonly [title: string, found: string, relative: string, wanted: string];
  readonly met: boolean;
}

function lines(child: string): Line[] {
  const best = new Map<string, number>();
  const keep = (title: string, value: number): void => {
    best.set(title, Math.min(best.get(title) ?? value, value));
  };
  const changes = (count: number): string => `sessionChanges after one step, ${count} in flight`;
  for (let pass = 0; pass < PASSES; pass++) {
    for (const [index, { title }] of ROWS.entries()) keep(title, run(child, index));
    for (const count of [10, MANY]) keep(changes(count), run(child, 'changes', count));
  }
  const at = (title: string): number => best.get(title)!;
  const found = ROWS.map(({ title, share, against }): Line => {
    const time = at(title);
    const rate = at(YARDSTICK) / time;
    const relative =
      against === undefined ? `${rate.toFixed(2)} R` : `${(time / at(against)).toFixed(2)} times 10`;
    const wanted = share !== undefined ? `${share} R` : against !== undefined ? `at most ${GROWTH}` : '';
    const met = rate >= (share ?? 0) && (against === undefined || time / at(against) <= GROWTH);
    return { cells: [title, `${time.toFixed(0)} ns`, relative, wanted], met };
  });
  const [few, many] = [at(changes(10)), at(changes(MANY))];
  const growth = `${(many / few).toFixed(2)} times 10`;
  const memory = run(child, 'memory');
  return [
    ...found,
    { cells: [changes(10), `${few.toFixed(0)} ns`, '', ''], met: true },
    {
      cells: ['the same, 65,535 in flight', `${many.toFixed(0)} ns`, growth, 'independent'],
      met: many / few <= CHANGES_GROWTH,
    },
    {
      cells: [
        'memory per message in flight, beyond the message',
        `${memory.toFixed(0)} B`,
        '',
        `under ${BYTES} B`,
      ],
      met: memory < BYTES,
    },
  ];
}

mkdirSync(folder, { recursive: true });
try {
  const all = lines(await buildChild());
  for (const { cells, met } of all) {
    const [title, value, relative, wanted] = cells;
    const goal = wanted === '' ? '' : `  ${met ? 'met' : 'MISSED'}: ${wanted}`;
    console.log(`${title.padEnd(70)}${value.padStart(9)}  ${relative.padEnd(13)}${goal}`);
  }
  if (process.argv.includes('--write')) {
    const table = markdownTable(
      ['', 'time', 'against', 'wanted'],
      all.map(({ cells }) => cells),
    );
    const note = `Node ${process.version} on ${cpus()[0]?.model.trim() ?? 'an unknown processor'}; R is the rate of the first row.`;
    writeMarkedBlock(join(root, 'docs/host-contract.md'), 'session-bench', `${table}\n\n${note}`);
  }
  if (!all.every(({ met }) => met)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
