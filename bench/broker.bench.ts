// Messages through a broker over loopback TCP: the example broker with puremqtt's Link as client, against aedes with
// MQTT.js. `npm run bench -- broker`, `-- broker --quick` for a first look. MQTT 3.1.1, which is all that aedes has.
//
// Broker and clients have a process each, fresh for each row; the two contestants take turns, and the median of the
// rounds counts. Processor time is that of both processes, per message that was delivered. Both run as plain
// JavaScript: a loader of TypeScript that gives each closure its name would be counted as ours.
import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../scripts/lib/root.js';
import type { Contestant, Result, Row } from './broker/work.js';

const QUICK = process.argv.includes('--quick');
const ROUNDS = QUICK ? 1 : 3;
/** How many times faster the example broker has to be, at every row. */
const TARGET = 2;

const ROWS: readonly Row[] = [
  [1, 1],
  [100, 1],
  [1, 100],
].flatMap(([publishers = 1, subscribers = 1]) =>
  ([0, 1, 2] as const).flatMap((qos) =>
    [16, 1024].map((size) => {
      const messages = (QUICK ? 40_000 : 120_000) / (qos + 1);
      return { publishers, subscribers, qos, size, messages };
    }),
  ),
);

// Inside node_modules, so that what is bundled finds its packages.
const folder = join(root, 'node_modules/.cache', `puremqtt-broker-${process.pid}`);
const script = (name: string): string => join(folder, `${name}.mjs`);

async function buildScripts(): Promise<void> {
  await build({
    entryPoints: ['broker', 'load'].map((name) => join(root, 'bench/broker', `${name}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
  });
}

/** The next thing that a process says; rejects when it ends first. */
function word<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a process ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });
}

const cpuOf = async (broker: ChildProcess): Promise<number> => {
  broker.send('cpu');
  return (await word<{ cpu: number }>(broker)).cpu;
};

async function measure(contestant: Contestant, row: Row): Promise<Result & { readonly broker: number }> {
  const broker = fork(script('broker'), [contestant], { execArgv: [] });
  try {
    const { port } = await word<{ port: number }>(broker);
    const load = fork(script('load'), [contestant, String(port), JSON.stringify(row)], { execArgv: [] });
    const limit = setTimeout(() => load.kill(), 120_000);
    try {
      await word(load);
      const before = await cpuOf(broker);
      load.send('go');
      const { elapsed, cpu } = await word<Result>(load);
      return { elapsed, cpu, broker: (await cpuOf(broker)) - before };
    } finally {
      clearTimeout(limit);
      load.kill();
    }
  } finally {
    broker.kill();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

interface Figures {
  readonly rate: number;
  readonly cpu: number;
  readonly broker: number;
}

async function figuresOf(row: Row): Promise<Record<Contestant, Figures>> {
  const runs: Record<Contestant, Figures[]> = { puremqtt: [], aedes: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? (['puremqtt', 'aedes'] as const) : (['aedes', 'puremqtt'] as const);
    for (const contestant of order) {
      const { elapsed, cpu, broker } = await measure(contestant, row);
      const { messages } = row;
      runs[contestant].push({
        rate: (messages / elapsed) * 1_000,
        cpu: (cpu + broker) / messages,
        broker: broker / messages,
      });
    }
  }
  const middle = (figures: readonly Figures[]): Figures => ({
    rate: median(figures.map(({ rate }) => rate)),
    cpu: median(figures.map(({ cpu }) => cpu)),
    broker: median(figures.map(({ broker }) => broker)),
  });
  return { puremqtt: middle(runs.puremqtt), aedes: middle(runs.aedes) };
}

console.log(
  '| QoS, bytes, publishers to subscribers | messages/s | aedes | times | CPU µs (broker) | aedes | times |\n| --- | --: | --: | --: | --: | --: | --: |',
);
await buildScripts();
try {
  for (const row of ROWS) {
    const { puremqtt, aedes } = await figuresOf(row);
    const [faster, cheaper] = [puremqtt.rate / aedes.rate, aedes.cpu / puremqtt.cpu];
    const cells = [
      `QoS ${row.qos}, ${row.size} B, ${row.publishers} to ${row.publishers * row.subscribers}`,
      puremqtt.rate.toFixed(0),
      aedes.rate.toFixed(0),
      `${faster.toFixed(1)}×`,
      `${puremqtt.cpu.toFixed(1)} (${puremqtt.broker.toFixed(1)})`,
      `${aedes.cpu.toFixed(1)} (${aedes.broker.toFixed(1)})`,
      `${cheaper.toFixed(1)}×`,
    ];
    console.log(`| ${cells.join(' | ')} |${Math.min(faster, cheaper) < TARGET ? ' below target' : ''}`);
    if (!QUICK && Math.min(faster, cheaper) < TARGET) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
