// Measures the persistent structures under the session beside a copied Map and an owned one.
// `npx tsx bench/trie.bench.ts`; a fresh process per row, the median of rounds, times per pair of calls.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  emptyTrie,
  type Trie,
  trieDelete,
  trieDiff,
  trieFirstFree,
  trieForEach,
  trieSet,
} from '../src/session/trie.js';

interface Row {
  readonly name: string;
  readonly pairs: number;
  /** Fills a structure with `inUse` entries and gives back what does one pair of calls. */
  readonly prepare: (inUse: number) => () => void;
}

const ROUNDS = 15;
const LEVELS = [10, 1_000, 65_534];
const messages = Array.from({ length: 64 }, (_, i) => ({ order: i }));
const after = (id: number): number => (id === 65_535 ? 1 : id + 1);

/** A window of identifiers, each set once and deleted in turn, travelling through all 65,535. */
function window(set: (id: number) => void, remove: (id: number) => void): (inUse: number) => () => void {
  return (inUse) => {
    let newest = 0;
    let oldest = 1;
    const setNext = (): void => {
      newest = after(newest);
      set(newest);
    };
    for (let i = 0; i < inUse; i++) setNext();
    return () => {
      setNext();
      remove(oldest);
      oldest = after(oldest);
    };
  };
}

function trieRow(): Row {
  let trie = emptyTrie<object>();
  const set = (id: number): void => {
    trie = trieSet(trie, id, messages[id & 63] as object);
  };
  return {
    name: 'trie: set, delete',
    pairs: 200_000,
    prepare: window(set, (id) => {
      trie = trieDelete(trie, id);
    }),
  };
}

/** One message stays unacknowledged, so that the root must span all identifiers. */
function stuckRow(): Row {
  const row = trieRow();
  let stuck = emptyTrie<object>();
  const prepare = window(
    (id) => {
      stuck = trieSet(stuck, id, messages[id & 63] as object);
    },
    (id) => {
      if (id !== 1) stuck = trieDelete(stuck, id);
    },
  );
  return { ...row, name: 'trie: the same, one never deleted', prepare };
}

function diffRow(): Row {
  let trie = emptyTrie<object>();
  let changes = 0;
  const step = (next: typeof trie): void => {
    trieDiff(trie, next, () => changes++);
    trie = next;
  };
  return {
    name: 'trie: set, diff, delete, diff',
    pairs: 100_000,
    prepare: window(
      (id) => step(trieSet(trie, id, messages[id & 63] as object)),
      (id) => step(trieDelete(trie, id)),
    ),
  };
}

/** The first free identifier from the last one on is taken, and any one is freed. */
function scatteredRow(): Row {
  return {
    name: 'trie: delete any, set the first free',
    pairs: 200_000,
    prepare: (inUse) => {
      let trie = emptyTrie<object>();
      const given: number[] = [];
      let next = 1;
      const take = (place: number): void => {
        let id = trieFirstFree(trie, next);
        if (id < 0) id = trieFirstFree(trie, 1);
        next = after(id);
        trie = trieSet(trie, id, messages[id & 63] as object);
        given[place] = id;
      };
      for (let i = 0; i < inUse; i++) take(i);
      let random = 1;
      return () => {
        random = (random * 48_271) % 0x7fffffff;
        const place = random % inUse;
        trie = trieDelete(trie, given[place] as number);
        take(place);
      };
    },
  };
}

function copiedMapRow(): Row {
  let map = new Map<number, object>();
  const changed = (change: (copy: Map<number, object>) => void): void => {
    const copy = new Map(map);
    change(copy);
    map = copy;
  };
  let filling = true;
  const build = window(
    (id) => {
      if (filling) map.set(id, messages[id & 63] as object);
      else changed((copy) => copy.set(id, messages[id & 63] as object));
    },
    (id) => changed((copy) => copy.delete(id)),
  );
  const prepare = (inUse: number): (() => void) => {
    filling = true;
    map.clear();
    const pair = build(inUse);
    filling = false;
    return pair;
  };
  return { name: 'a Map copied per call: set, delete', pairs: 20, prepare };
}

function ownedMapRow(): Row {
  const map = new Map<number, object>();
  const prepare = window(
    (id) => map.set(id, messages[id & 63] as object),
    (id) => map.delete(id),
  );
  return { name: 'an owned Map: set, delete', pairs: 200_000, prepare };
}

const rows: readonly (() => Row)[] = [trieRow, stuckRow, diffRow, scatteredRow, copiedMapRow, ownedMapRow];

function measure(makeRow: () => Row): string {
  const results = LEVELS.map((inUse) => {
    const row = makeRow();
    const pair = row.prepare(inUse);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      for (let i = 0; i < row.pairs; i++) pair();
      times.push(((performance.now() - start) * 1e6) / row.pairs);
    }
    times.sort((a, b) => a - b);
    return (times[ROUNDS >> 1] as number).toFixed(0).padStart(9);
  });
  return `${makeRow().name.padEnd(64)}${results.join('')}`;
}

function filledTrie(): Trie<object> {
  let trie = emptyTrie<object>();
  for (let id = 1; id <= 65_535; id++) trie = trieSet(trie, id, messages[0] as object);
  return trie;
}

function measureMemory(): string {
  const collect = globalThis.gc;
  if (collect === undefined) return 'memory: run with --expose-gc';
  filledTrie();
  collect();
  const before = process.memoryUsage().heapUsed;
  const trie = filledTrie();
  collect();
  const bytes = process.memoryUsage().heapUsed - before;
  let sum = 0;
  trieForEach(trie, (_message, id) => {
    sum += id;
  });
  if (sum !== 65_535 * 32_768) throw new Error('the trie is wrong');
  return `trie of 65,535 entries: ${(bytes / 65_535).toFixed(1)} bytes an entry, values apart`;
}

const chosen = process.argv[2];
if (chosen === 'memory') console.log(measureMemory());
else if (chosen !== undefined) console.log(measure(rows[Number(chosen)] as () => Row));
else {
  console.log(`${'ns per pair, in use:'.padEnd(64)}${LEVELS.map((n) => String(n).padStart(9)).join('')}`);
  for (const row of [...rows.keys(), 'memory']) {
    const parameters = [...process.execArgv, '--expose-gc', fileURLToPath(import.meta.url), String(row)];
    process.stdout.write(execFileSync(process.execPath, parameters, { encoding: 'utf8' }));
  }
}
