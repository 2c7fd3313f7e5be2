// The results as tables, and whether the targets are met.
import { markdownTable } from '../../scripts/lib/marked-block.js';
import { CONTESTANTS } from './contestants.js';
import { STREAMS, type Workload } from './workloads.js';

/** Times in nanoseconds by direction, workload and contestant; what could not be measured is missing. */
export type Times = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;

export interface Results {
  readonly node: string;
  readonly machine: string;
  readonly rounds: number;
  readonly quick: boolean;
  readonly times: Times;
  /** The time for four times the bytes over the time for one, by contestant. */
  readonly growth: Readonly<Record<string, number>>;
}

const [OURS, BASE] = CONTESTANTS.map(({ name }) => name) as [string, string];
const TARGETS = { encode: 5, decode: 8 } as const;
const LEAST = 2.5;
const STREAM_TARGETS = [5, 5, 8] as const;
/** Linear is 4; the rest is what caches and page faults may add. */
const GROWTH_LIMIT = 6;

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

const times = (value: number): string =>
  Number.isFinite(value) ? `${value.toFixed(value < 10 ? 1 : 0)}×` : 'n/a';

function ratio(results: Results, direction: string, title: string, name = OURS): number {
  const row = results.times[direction]?.[title];
  return (row?.[BASE] ?? Number.NaN) / (row?.[name] ?? Number.NaN);
}

const present = (results: Results): string[] =>
  CONTESTANTS.slice(0, 4)
    .map(({ name }) => name)
    .filter((name) => Object.values(results.times['decode'] ?? {}).some((row) => row[name] !== undefined));

/** Millions of packets a second. */
function packetTable(results: Results, direction: 'encode' | 'decode', all: readonly Workload[]): string {
  const names = [...present(results), ...(direction === 'encode' ? ['puremqtt encodeInto'] : [])];
  const rows = all.map(({ title }) => {
    const row = results.times[direction]?.[title] ?? {};
    const cells = names.map((name) => (row[name] === undefined ? 'n/a' : (1_000 / row[name]).toFixed(2)));
    return [title, ...cells, times(ratio(results, direction, title))];
  });
  const mean = geometricMean(
    all.filter(({ mixed }) => !mixed).map(({ title }) => ratio(results, direction, title)),
  );
  rows.push(['geometric mean of those not mixed', ...names.map(() => ''), times(mean)]);
  return markdownTable([`${direction}, million packets/s`, ...names, `against ${BASE}`], rows);
}

function streamTable(results: Results): string {
  const names = [...present(results), 'puremqtt FrameParser'];
  const rows = STREAMS.map(({ title, size, one }) => {
    const row = results.times['stream']?.[title] ?? {};
    const cells = names.map((name) => {
      const time = row[name];
      if (time === undefined) return 'n/a';
      if (!Number.isFinite(time)) return '> 2 s';
      // What FrameParser does for a huge packet is no speed: it hands out views.
      return one
        ? `${(time / 1e6).toFixed(1)} ms`
        : ((size / time) * 1_000).toFixed(size / time < 0.1 ? 1 : 0);
    });
    return [title, ...cells, times(ratio(results, 'stream', title))];
  });
  return markdownTable(['stream, MB/s', ...names, `against ${BASE}`], rows);
}

/** Why cells are empty: `mqtts: 3.1.1 only; ...`. */
function reasons(all: readonly Workload[]): string {
  const titles = [...all, ...STREAMS].map(({ title }) => title);
  const lines = CONTESTANTS.slice(0, 4).flatMap((contestant) => {
    const said = ['decode', 'encode', 'stream'].flatMap((direction) =>
      titles.flatMap((title) => contestant.cannot(direction, title) ?? []),
    );
    return said.length === 0 ? [] : [`${contestant.name} ${[...new Set(said)].join(', ')}`];
  });
  return `\`n/a\`: ${lines.join('; ')}.`;
}

export interface Target {
  readonly text: string;
  readonly met: boolean;
}

/** The targets, each with what was found. */
export function targets(results: Results, all: readonly Workload[]): Target[] {
  const found: Target[] = [];
  const say = (what: string, value: number, target: number): void => {
    found.push({ text: `${what}: ${times(value)} of at least ${times(target)}`, met: value >= target });
  };
  for (const direction of ['decode', 'encode'] as const) {
    const single = all.filter(({ mixed }) => !mixed);
    const ratios = single.map(({ title }) => ratio(results, direction, title));
    for (const { title } of all.filter(({ mixed }) => mixed)) {
      say(`${direction} ${title}`, ratio(results, direction, title), TARGETS[direction]);
    }
    say(`${direction}, geometric mean`, geometricMean(ratios), TARGETS[direction]);
    const least = Math.min(...ratios);
    say(`${direction}, least: ${single[ratios.indexOf(least)]?.title}`, least, LEAST);
  }
  STREAM_TARGETS.forEach((target, i) => {
    const { title } = STREAMS[i]!;
    say(`stream, ${title}`, ratio(results, 'stream', title), target);
  });
  const growth = results.growth[OURS] ?? Number.NaN;
  found.push({
    text: `one packet of 64 MiB takes ${growth.toFixed(1)} times as long as one of 16 MiB, of at most ${GROWTH_LIMIT}`,
    met: growth <= GROWTH_LIMIT,
  });
  return found;
}

/** Everything, as Markdown. */
export function render(results: Results, all: readonly Workload[], remarks: readonly string[]): string {
  const { node, machine, rounds } = results;
  return [
    packetTable(results, 'decode', all),
    packetTable(results, 'encode', all),
    streamTable(results),
    `Node ${node} on ${machine}; medians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, each row in a process of its own. ` +
      'Time that a process waited for a processor is left out. All checks are on.',
    reasons(all),
    ...remarks,
  ].join('\n\n');
}
