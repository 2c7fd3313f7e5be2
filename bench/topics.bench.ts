// Matching names against 100,000 filters: TopicFilterIndex and qlobber, the matcher of the aedes broker.
// Run with `npx tsx bench/topics.bench.ts`. Each contestant runs in a process of its own, in turns; the
// figures are medians. First all must find the same values.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import qlobber from 'qlobber';
import { TopicFilterIndex, topicFilterProblem, topicMatches } from '../src/topics/index.js';

const FILTERS = 100_000;
const NAMES = 2_000;
const MQTT_OPTIONS = { separator: '/', wildcard_one: '+', wildcard_some: '#', match_empty_levels: true };

interface Matcher {
  add(filter: string, value: number): unknown;
  remove(filter: string, value: number): unknown;
  match(name: string): Iterable<number>;
}

const contestants: Record<string, () => Matcher> = {
  'puremqtt TopicFilterIndex': () => {
    const index = new TopicFilterIndex<number>();
    return {
      add: (filter, value) => index.add(filter, value),
      remove: (filter, value) => index.delete(filter, value),
      match: (name) => index.match(name),
    };
  },
  'qlobber Qlobber': () => new qlobber.Qlobber(MQTT_OPTIONS),
  'qlobber QlobberDedup': () => new qlobber.QlobberDedup(MQTT_OPTIONS),
};

/** A small generator with a fixed seed (mulberry32), so that all processes see the same filters. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const METRICS = ['temperature', 'humidity', 'status', 'set', 'power', 'battery', 'firmware', 'alarm'];

function levelsOf(next: (below: number) => number): string[] {
  return ['site', `s${next(200)}`, `floor${next(10)}`, `device-${next(100)}`, METRICS[next(METRICS.length)]!];
}

/** Of 100 filters 50 are exact, 30 have one or two `+`, 20 end in `#`. */
function makeFilters(): string[] {
  const next = numbers(1);
  const filters = new Set<string>();
  while (filters.size < FILTERS) {
    const levels = levelsOf(next);
    const kind = filters.size % 100;
    if (kind >= 80) levels.splice(3 + next(2), 2, '#');
    else if (kind >= 50) {
      levels[1 + next(4)] = '+';
      if (next(4) === 0) levels[3] = '+';
    }
    // The space of filters ending in `#` is small: people subscribe to it with a level of their own.
    const filter = levels.join('/');
    filters.add(filters.has(filter) ? `user/${next(50_000)}/${filter}` : filter);
  }
  return [...filters];
}

function makeNames(filters: readonly string[]): string[] {
  const next = numbers(2);
  return Array.from({ length: NAMES }, (_, i) =>
    i % 2 === 0 ? levelsOf(next).join('/') : filters[next(FILTERS)]!.replace(/[+#]/g, 'device-7'),
  );
}

/** A string as a decoder makes it: new, and without the hash a Map may have cached in the last round. */
function fresh(names: readonly string[]): string[] {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  return names.map((name) => decoder.decode(encoder.encode(name)));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

interface Result {
  addNs: number;
  matchNs: number;
  removeNs: number;
  megabytes: number;
  checksum: string;
}

function runOne(make: () => Matcher): Result {
  const filters = makeFilters();
  const names = makeNames(filters);
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const matcher = make();
  const startOfAdd = performance.now();
  filters.forEach((filter, value) => void matcher.add(filter, value));
  const addNs = ((performance.now() - startOfAdd) * 1e6) / FILTERS;
  globalThis.gc?.();
  const megabytes = (process.memoryUsage().heapUsed - heapBefore) / 1e6;

  let hits = 0;
  let sum = 0;
  for (const name of names) {
    for (const value of new Set(matcher.match(name))) {
      hits++;
      sum = (sum + value * 31) % 1_000_000_007;
    }
  }
  const rounds: number[] = [];
  let kept = 0;
  for (let round = 0; round < 40; round++) {
    const batch = fresh(names);
    const start = performance.now();
    for (const name of batch) for (const value of matcher.match(name)) kept ^= value;
    rounds.push(((performance.now() - start) * 1e6) / NAMES);
  }
  const startOfRemove = performance.now();
  filters.forEach((filter, value) => void matcher.remove(filter, value));
  const removeNs = ((performance.now() - startOfRemove) * 1e6) / FILTERS;
  if (kept === -1) console.log(kept);
  return { addNs, matchNs: median(rounds.slice(10)), removeNs, megabytes, checksum: `${hits}:${sum}` };
}

/** The two functions a codec and a client call for single filters. */
function runSingles(): void {
  const filters = makeFilters().slice(0, 10_000);
  const names = makeNames(makeFilters());
  const time = (what: string, call: (i: number) => unknown): void => {
    const rounds: number[] = [];
    let kept = 0;
    for (let round = 0; round < 30; round++) {
      const start = performance.now();
      for (let i = 0; i < 10_000; i++) if (call(i)) kept++;
      rounds.push((performance.now() - start) * 100);
    }
    console.log(`${what.padEnd(28)} ${median(rounds.slice(10)).toFixed(0).padStart(7)} ns (${kept} truthy)`);
  };
  const length = filters.reduce((sum, filter) => sum + filter.length, 0) / filters.length;
  console.log(`\nSingle filters, ${length.toFixed(0)} characters on average:`);
  time('topicFilterProblem', (i) => topicFilterProblem(filters[i]!, 5));
  time('topicMatches, early miss', (i) => topicMatches(filters[i]!, names[i % NAMES]!));
  time('topicMatches, hit', (i) => topicMatches('site/+/+/+/#', names[(i * 2) % NAMES]!));
}

const only = process.argv[2];
if (only !== undefined) {
  console.log(JSON.stringify(runOne(contestants[only]!)));
} else {
  const self = fileURLToPath(import.meta.url);
  const results = new Map<string, Result[]>();
  for (let turn = 0; turn < 3; turn++) {
    for (const name of Object.keys(contestants)) {
      const args = ['--expose-gc', '--import', 'tsx', self, name];
      const result = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Result;
      results.set(name, [...(results.get(name) ?? []), result]);
    }
  }
  const checksums = new Set([...results.values()].flat().map((result) => result.checksum));
  if (checksums.size !== 1) throw new Error(`the contestants disagree: ${[...checksums].join(', ')}`);
  const hits = Number([...checksums][0]!.split(':')[0]) / NAMES;
  console.log(`${FILTERS} filters, ${NAMES} names, ${hits.toFixed(1)} values found for each on average\n`);
  console.log('contestant                   match ns   add ns  remove ns    MB   match against qlobber');
  const column = (name: string, of: (result: Result) => number): number => median(results.get(name)!.map(of));
  const base = column('qlobber Qlobber', (result) => result.matchNs);
  for (const name of results.keys()) {
    const match = column(name, (result) => result.matchNs);
    const cells = [
      match.toFixed(0).padStart(8),
      column(name, (result) => result.addNs)
        .toFixed(0)
        .padStart(8),
      column(name, (result) => result.removeNs)
        .toFixed(0)
        .padStart(10),
      column(name, (result) => result.megabytes)
        .toFixed(1)
        .padStart(5),
      `${(base / match).toFixed(2)} times`.padStart(12),
    ];
    console.log(`${name.padEnd(28)} ${cells.join(' ')}`);
  }
  runSingles();
}
