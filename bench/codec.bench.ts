// Encoding, decoding and stream parsing against mqtt-packet, mqtts and u8-mqtt-packet.
// `npm run bench -- codec` takes three minutes or four; with `--quick` half a minute, roughly and against mqtt-packet
// alone; with `--write` the tables go into README.md and bench/results.json. Each contestant runs each workload in a
// fresh process, in alternating order.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { writeMarkedBlock } from '../scripts/lib/marked-block.js';
import { root } from '../scripts/lib/root.js';
import type * as Ours from '../src/index.js';
import { checkAll } from './codec/check.js';
import type { Job, Outcome } from './codec/child.js';
import { CONTESTANTS } from './codec/contestants.js';
import { type Results, render, targets } from './codec/report.js';
import { STREAMS, streamItems, type Workload, workloads } from './codec/workloads.js';

const quick = process.argv.includes('--quick');
// What `--quick` measures is too rough to be written down.
const write = process.argv.includes('--write') && !quick;
const ROUNDS = quick ? 1 : 3;
const LIMITS = quick ? { warmUp: 40, measure: 70 } : { warmUp: 120, measure: 200 };
/** No round begins that would end after so many milliseconds, if it took as long as the longest before it. */
const BUDGET = quick ? 40_000 : 230_000;

// Inside node_modules, so that what is bundled finds its packages.
const folder = join(root, 'node_modules/.cache', `puremqtt-bench-${process.pid}`);
const input = join(folder, 'input');

const newest = (path: string): number =>
  Math.max(
    ...readdirSync(path, { recursive: true, withFileTypes: true }).map(
      (entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs,
    ),
  );

/** The address of the built ES module: what users run. Where it is missing or old, one is built from the sources. */
async function builtEntry(): Promise<string> {
  const built = join(root, 'dist/index.js');
  if (existsSync(built) && statSync(built).mtimeMs > newest(join(root, 'src')))
    return pathToFileURL(built).href;
  console.log('dist/ is missing or older than src/: measuring a bundle made for the occasion');
  const outfile = join(folder, 'puremqtt.mjs');
  await build({
    entryPoints: [join(root, 'src/index.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
  });
  return pathToFileURL(outfile).href;
}

async function buildChild(): Promise<string> {
  const outfile = join(folder, 'child.mjs');
  await build({
    entryPoints: [join(root, 'bench/codec/child.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
  });
  return outfile;
}

/** Writes what the children decode: frames by workload, and the bytes of the streams. */
async function writeInput(all: readonly Workload[], url: string): Promise<void> {
  const { encode } = (await import(url)) as typeof Ours;
  const frames = all.map(({ title, items }) => [
    title,
    items.map(({ packet, version }) => Buffer.from(encode(packet, version)).toString('base64')),
  ]);
  writeFileSync(input, JSON.stringify(Object.fromEntries(frames)));
  const payloads: Record<string, number> = {};
  for (const size of new Set(STREAMS.filter(({ one }) => !one).map((stream) => stream.size))) {
    const items = streamItems(size);
    writeFileSync(
      `${input}.${size}`,
      Buffer.concat(items.map(({ packet, version }) => encode(packet, version))),
    );
    payloads[size] = items.reduce(
      (sum, { packet }) => sum + (packet as { payload: Uint8Array }).payload.length,
      0,
    );
  }
  writeFileSync(`${input}.payloads`, JSON.stringify({ payloads }));
}

function jobs(all: readonly Workload[], puremqtt: string): Job[] {
  const contestants = quick ? [...CONTESTANTS.slice(0, 2), ...CONTESTANTS.slice(4)] : CONTESTANTS;
  const titles = all.map(({ title }) => title);
  const kinds = [
    ['decode', titles],
    ['encode', titles],
    ['stream', STREAMS.map(({ title }) => title)],
  ] as const;
  return kinds.flatMap(([direction, list]) =>
    list.flatMap((title) =>
      contestants
        .filter((contestant) => contestant.cannot(direction, title) === undefined)
        .map(({ name }) => ({ contestant: name, direction, title, puremqtt, input, ...LIMITS })),
    ),
  );
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Runs every job once per round, forwards and backwards in turns, and takes medians. */
function runAll(list: readonly Job[], child: string): Pick<Results, 'times' | 'growth' | 'rounds'> {
  const samples = new Map<Job, Outcome[]>(list.map((job) => [job, []]));
  const begin = performance.now();
  let rounds = 0;
  while (rounds < ROUNDS && ((performance.now() - begin) * (rounds + 1)) / Math.max(rounds, 1) < BUDGET) {
    for (const job of rounds % 2 === 0 ? list : list.toReversed()) {
      const text = execFileSync(process.execPath, [child, JSON.stringify(job)], { encoding: 'utf8' });
      samples
        .get(job)!
        .push(JSON.parse(text, (_, value) => (value === null ? Number.POSITIVE_INFINITY : value)));
    }
    rounds++;
  }
  const times: Record<string, Record<string, Record<string, number>>> = {};
  const growth: Record<string, number> = {};
  for (const [{ direction, title, contestant }, outcomes] of samples) {
    const rows = times[direction] ?? {};
    rows[title] = { ...rows[title], [contestant]: median(outcomes.map(({ time }) => time)) };
    times[direction] = rows;
    const grown = outcomes.flatMap((outcome) => outcome.growth ?? []);
    if (grown.length > 0) growth[contestant] = median(grown);
  }
  return { times, growth, rounds };
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  try {
    const begin = performance.now();
    const all = workloads();
    const [puremqtt, child] = await Promise.all([builtEntry(), buildChild()]);
    const remarks = await checkAll(all, puremqtt);
    console.log('all contestants mean the same bytes and packets\n');
    await writeInput(all, puremqtt);
    const { version } = process;
    const machine = `${cpus()[0]?.model.trim() ?? 'an unknown processor'}`;
    const results: Results = { node: version, machine, quick, ...runAll(jobs(all, puremqtt), child) };
    const text = render(results, all, remarks);
    console.log(`${text}\n`);
    for (const { met, text: target } of targets(results, all))
      console.log(`${met ? 'met   ' : 'MISSED'} ${target}`);
    console.log(`\n${((performance.now() - begin) / 1_000).toFixed(0)} seconds`);
    if (write) save(results, text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function save(results: Results, text: string): void {
  writeFileSync(join(root, 'bench/results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  const readme = join(root, 'README.md');
  if (existsSync(readme) && readFileSync(readme, 'utf8').includes('<!-- bench:start -->')) {
    writeMarkedBlock(readme, 'bench', text);
  } else console.log('README.md has no marks for the table: left alone');
}

await main();
