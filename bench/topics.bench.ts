// Matching names against many filters: TopicFilterIndex and qlobber, the matcher of the aedes broker.
// Run with `npx tsx bench/topics.bench.ts`. Each contestant runs in a process of its own, in turns; the
// figures are medians, and both must find the same values. Names are new strings in each round, as from a decoder.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import qlobber from 'qlobber';
import { isValidTopicFilter, isValidTopicName, TopicFilterIndex, topicMatches } from '../src/topics/index.js';

const NAMES = 2_000;
const MQTT_OPTIONS = { separator: '/', wildcard_one: '+', wildcard_some: '#', match_empty_levels: true };

interface Matcher {
  add(filter: string, value: number): unknown;
  remove(filter: string, value: number): unknown;
  match(name: string): Iterable<number>;
}

const OURS = 'TopicFilterIndex';
const THEIRS = 'qlobber';

const contestants: Record<string, () => Matcher> = {
  [OURS]: () => {
    const index = new TopicFilterIndex<number>();
    return {
      add: (filter, value) => index.add(filter, value),
      remove: (filter, value) => index.delete(filter, value),
      match: (name) => index.match(name),
    };
  },
  [THEIRS]: () => new qlobber.Qlobber(MQTT_OPTIONS),
};

interface Mix {
  readonly filters: number;
  /** Of 100 filters: how many are exact, and how many have one or two `+`. The others end in `#`. */
  readonly exact: number;
  readonly plus: number;
}

const mixes: Record<string, Mix> = {
  '100,000: 50 % exact, 30 % +, 20 % #': { filters: 100_000, exact: 50, plus: 30 },
  '100,000: exact': { filters: 100_000, exact: 100, plus: 0 },
  '100,000: 60 % +, 40 % #': { filters: 100_000, exact: 0, plus: 60 },
  '1,000: 50 % exact, 30 % +, 20 % #': { filters: 1_000, exact: 50, plus: 30 },
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

function makeFilters(mix: Mix): string[] {
  const next = numbers(1);
  const filters = new Set<string>();
  while (filters.size < mix.filters) {
    const levels = levelsOf(next);
    const kind = filters.size % 100;
    if (kind >= mix.exact + mix.plus) levels.splice(3 + next(2), 2, '#');
    else if (kind >= mix.exact) {
      levels[1 + next(4)] = '+';
      if (next(4) === 0) levels[3] = '+';
    }
    // There are not so many filters with wildcards: more of them have a level of their own in front.
    const filter = levels.join('/');
    filters.add(filters.has(filter) ? `user/${next(50_000)}/${filter}` : filter);
  }
  return [...filters];
}

/** Half of the names are what some filter was made for. */
function makeNames(filters: readonly string[]): string[] {
  const next = numbers(2);
  return Array.from({ length: NAMES }, (_, i) =>
    i % 2 === 0 ? levelsOf(next).join('/') : filters[next(filters.length)]!.replace(/[+#]/g, 'device-7'),
  );
}

/** Gives the names as a decoder does: new strings, without the hash a Map may have left in those of the last round. */
function decoderOf(names: readonly string[]): () => string[] {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const encoded = names.map((name) => encoder.encode(name));
  return () => encoded.map((bytes) => decoder.decode(bytes));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

interface Result {
  addNs: number;
  matchNs: number;
  removeNs: number;
  megabytes: number;
  /** How many values were found, and a sum over them. */
  found: string;
}

function megabytesUsed(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

function runOne(mix: Mix, make: () => Matcher): Result {
  const filters = makeFilters(mix);
  const names = makeNames(filters);
  const before = megabytesUsed();
  const matcher = make();
  const startOfAdd = performance.now();
  for (const [value, filter] of filters.entries()) matcher.add(filter, value);
  const addNs = ((performance.now() - startOfAdd) * 1e6) / filters.length;
  const megabytes = megabytesUsed() - before;

  let hits = 0;
  let sum = 0;
  for (const name of names) {
    for (const value of matcher.match(name)) {
      hits++;
      sum = (sum + value * 31) % 1_000_000_007;
    }
  }
  const decode = decoderOf(names);
  const rounds: number[] = [];
  let kept = 0;
  for (let round = 0; round < 60; round++) {
    const batch = decode();
    const start = performance.now();
    for (const name of batch) for (const value of matcher.match(name)) kept ^= value;
    rounds.push(((performance.now() - start) * 1e6) / NAMES);
  }
  const startOfRemove = performance.now();
  for (const [value, filter] of filters.entries()) matcher.remove(filter, value);
  const removeNs = ((performance.now() - startOfRemove) * 1e6) / filters.length;
  if (kept === -1) console.log(kept);
  return { addNs, matchNs: median(rounds.slice(20)), removeNs, megabytes, found: `${hits}:${sum}` };
}

function runMix(name: string): void {
  const results: Record<string, Result[]> = { [OURS]: [], [THEIRS]: [] };
  const self = fileURLToPath(import.meta.url);
  for (let turn = 0; turn < 3; turn++) {
    for (const contestant of Object.keys(contestants)) {
      const args = ['--expose-gc', '--import', 'tsx', self, name, contestant];
      results[contestant]!.push(
        JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Result,
      );
    }
  }
  const found = new Set(Object.values(results).flatMap((all) => all.map((result) => result.found)));
  if (found.size !== 1) throw new Error(`the contestants disagree: ${[...found].join(', ')}`);
  const hits = Number([...found][0]!.split(':')[0]) / NAMES;
  console.log(`\n${name}; ${hits.toFixed(1)} values found for a name`);
  for (const contestant of Object.keys(contestants)) {
    const of = (pick: (result: Result) => number): number => median(results[contestant]!.map(pick));
    console.log(
      `  ${contestant.padEnd(17)} match ${of((r) => r.matchNs)
        .toFixed(0)
        .padStart(6)} ns` +
        `   add ${of((r) => r.addNs)
          .toFixed(0)
          .padStart(5)} ns   remove ${of((r) => r.removeNs)
          .toFixed(0)
          .padStart(5)} ns` +
        `   ${of((r) => r.megabytes)
          .toFixed(1)
          .padStart(5)} MB`,
    );
  }
  const ratio = median(results[OURS]!.map((ours, turn) => results[THEIRS]![turn]!.matchNs / ours.matchNs));
  console.log(`  match is ${ratio.toFixed(2)} times as fast`);
}

/** What a codec and a client call for single filters. */
function runSingles(): void {
  const filters = makeFilters(mixes['1,000: 50 % exact, 30 % +, 20 % #']!);
  const names = makeNames(filters).filter((_, i) => i % 2 === 0);
  const time = (what: string, call: (i: number) => unknown): void => {
    const rounds: number[] = [];
    let truthy = 0;
    for (let round = 0; round < 200; round++) {
      const start = performance.now();
      for (let i = 0; i < 1000; i++) if (call(i)) truthy++;
      rounds.push((performance.now() - start) * 1000);
    }
    const share = truthy / 2000;
    console.log(
      `  ${what.padEnd(28)} ${median(rounds.slice(50)).toFixed(0).padStart(5)} ns   true: ${share.toFixed(0)} %`,
    );
  };
  const length = filters.reduce((sum, filter) => sum + filter.length, 0) / filters.length;
  console.log(`\nSingle filters of ${length.toFixed(0)} characters on average`);
  time('isValidTopicFilter', (i) => isValidTopicFilter(filters[i]!, 5));
  time('isValidTopicName', (i) => isValidTopicName(names[i]!));
  time('topicMatches, mostly not', (i) => topicMatches(filters[i]!, names[i]!));
  time('topicMatches, always', (i) => topicMatches('site/+/+/+/#', names[i]!));
}

const [, , mix, contestant] = process.argv;
if (mix !== undefined && contestant !== undefined) {
  console.log(JSON.stringify(runOne(mixes[mix]!, contestants[contestant]!)));
} else {
  for (const name of Object.keys(mixes)) runMix(name);
  runSingles();
}
