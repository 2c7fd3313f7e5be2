import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allocate,
  countInUse,
  createPacketIds,
  idsInUse,
  isInUse,
  type PacketIds,
  release,
  reserve,
  type UsedIds,
} from '../../src/session/packet-ids.js';

/** Freezes a state whole; parts frozen earlier are not walked again. */
function freeze(state: PacketIds): PacketIds {
  const freezeBlock = (block: UsedIds): void => {
    if (typeof block === 'number' || Object.isFrozen(block)) return;
    Object.freeze(block);
    block.forEach(freezeBlock);
  };
  freezeBlock(state.used);
  return Object.freeze(state);
}

function take(state: PacketIds): readonly [PacketIds, number] {
  const result = allocate(state);
  if (result === undefined) throw new Error('the pool is exhausted');
  return [freeze(result[0]), result[1]];
}

function takeMany(state: PacketIds, count: number): readonly [PacketIds, number[]] {
  let current = state;
  const ids: number[] = [];
  for (let i = 0; i < count; i++) {
    const [next, id] = take(current);
    current = next;
    ids.push(id);
  }
  return [current, ids];
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

function blocksOf(state: PacketIds): Set<UsedIds> {
  const blocks = new Set<UsedIds>();
  const walk = (block: UsedIds): void => {
    if (typeof block === 'number') return;
    blocks.add(block);
    block.forEach(walk);
  };
  walk(state.used);
  return blocks;
}

/** The same state with blocks that count how often a slot is read. */
function counted(state: PacketIds, onRead: () => void): PacketIds {
  const wrap = (block: UsedIds): UsedIds =>
    typeof block === 'number'
      ? block
      : new Proxy(block, {
          get(target, slot): unknown {
            onRead();
            const inner = target[Number(slot)];
            return inner === undefined ? inner : wrap(inner);
          },
        });
  return { ...state, used: wrap(state.used) };
}

const WRONG_IDS = [0, -0, -1, 65_536, 65_537, 2 ** 32 + 1, 1.5, Number.NaN, Infinity, -Infinity];
const EDGES = [1, 15, 16, 17, 255, 256, 4095, 4096, 65_534, 65_535];

describe('a new pool', () => {
  it('is empty and gives 1, 2, 3', () => {
    const ids = freeze(createPacketIds());
    expect(countInUse(ids)).toBe(0);
    expect(idsInUse(ids)).toEqual([]);
    expect(takeMany(ids, 3)[1]).toEqual([1, 2, 3]);
  });

  it('takes back its stored form', () => {
    const [ids] = takeMany(createPacketIds(), 5);
    const state = release(release(ids, 2), 5);
    const stored: { next: number; used: number[] } = JSON.parse(
      JSON.stringify({ next: state.next, used: idsInUse(state) }),
    );
    expect(stored).toEqual({ next: 6, used: [1, 3, 4] });
    expect(createPacketIds(stored.next, stored.used)).toEqual(state);
    expect(createPacketIds(6, new Set([4, 3, 1]))).toEqual(state);
    expect(createPacketIds(6, [1, 3, 4, 4, 3])).toEqual(state);
  });

  it('is plain data that a structured clone keeps', () => {
    const state = createPacketIds(9, EDGES);
    expect(structuredClone(state)).toEqual(state);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

describe('identifiers', () => {
  it.each(WRONG_IDS)('%d is refused everywhere, with the identifier in the message', (id) => {
    const refusal = expect.objectContaining({
      name: 'RangeError',
      message: `packet identifier must be an integer from 1 to 65535, not ${String(id)}`,
    });
    const ids = createPacketIds(1, [1]);
    expect(() => isInUse(ids, id)).toThrow(refusal);
    expect(() => reserve(ids, id)).toThrow(refusal);
    expect(() => release(ids, id)).toThrow(refusal);
    expect(() => createPacketIds(id)).toThrow(refusal);
    expect(() => createPacketIds(1, [5, id])).toThrow(refusal);
  });

  it('at every edge of a block are taken and freed alone', () => {
    for (const id of EDGES) {
      const ids = freeze(reserve(createPacketIds(), id));
      expect(idsInUse(ids)).toEqual([id]);
      for (const other of EDGES) expect(isInUse(ids, other)).toBe(other === id);
      expect(release(ids, id)).toEqual(createPacketIds());
    }
  });
});

describe('allocating', () => {
  it('goes on from the last one given, so that a released identifier is not given again at once', () => {
    const [ids, id] = take(createPacketIds());
    expect(id).toBe(1);
    expect(take(release(ids, 1))[1]).toBe(2);
  });

  it('skips identifiers in use, within a word and over whole blocks', () => {
    const used = [...range(1, 3), ...range(5, 4111), 4113, 65_535];
    expect(takeMany(createPacketIds(1, used), 4)[1]).toEqual([4, 4112, 4114, 4115]);
  });

  it('wraps from 65535 to 1 and never gives 0', () => {
    const [ids, given] = takeMany(createPacketIds(65_533, [1, 2, 65_534]), 4);
    expect(given).toEqual([65_533, 65_535, 3, 4]);
    expect(ids.next).toBe(5);
  });

  it('starts at 1 again after 65535', () => {
    const [ids, id] = take(createPacketIds(65_535));
    expect(id).toBe(65_535);
    expect(ids.next).toBe(1);
    expect(take(ids)[1]).toBe(1);
  });

  it('gives each of the 65,535 once, then none; any one released is the next given', () => {
    const empty = freeze(createPacketIds(30_000));
    const [full, given] = takeMany(empty, 65_535);
    expect(given).toEqual([...range(30_000, 65_535), ...range(1, 29_999)]);
    expect(countInUse(full)).toBe(65_535);
    expect(allocate(full)).toBeUndefined();
    for (const id of [...EDGES, 29_999, 30_000, 30_001]) {
      const ids = freeze(release(full, id));
      expect(countInUse(ids)).toBe(65_534);
      const [again, next] = take(ids);
      expect(next).toBe(id);
      expect(allocate(again)).toBeUndefined();
      expect(idsInUse(again)).toEqual(range(1, 65_535));
    }
  });

  it('and releasing all of them leaves an empty pool', () => {
    let [ids] = takeMany(createPacketIds(), 65_535);
    for (const id of range(1, 65_535)) ids = freeze(release(ids, id));
    expect(ids).toEqual(createPacketIds());
  });

  it('goes through the identifiers again and again with a few in use', () => {
    let ids = createPacketIds();
    let wrong = 0;
    for (let i = 0; i < 70_000; i++) {
      const [next, id] = take(ids);
      if (id !== (i % 65_535) + 1) wrong++;
      ids = i < 10 ? next : freeze(release(next, ((i - 10) % 65_535) + 1));
    }
    expect(wrong).toBe(0);
    expect(countInUse(ids)).toBe(10);
  });

  it('reads and copies a few blocks alone, however many are in use and wherever the free one is', () => {
    const full = createPacketIds(1, range(1, 65_535));
    const everyOther = createPacketIds(
      1,
      range(1, 65_535).filter((id) => id % 2 === 1),
    );
    const states = [
      createPacketIds(40_000, range(40_000, 40_009)),
      ...EDGES.map((id) => release(full, id)),
      ...EDGES.map((next) => ({ ...release(full, 30_000), next })),
      ...EDGES.map((next) => ({ ...everyOther, next })),
    ];
    for (const state of states) {
      let reads = 0;
      const result = allocate(counted(state, () => reads++));
      expect(result?.[0].inUse).toBe(state.inUse + 1);
      // Three levels of nodes: each read at most six times in a search from the cursor and one from 1, and copied.
      expect(reads).toBeLessThanOrEqual(3 * (6 + 17));
      const before = blocksOf(state);
      const after = allocate(state)?.[0] ?? state;
      expect([...blocksOf(after)].filter((block) => !before.has(block)).length).toBeLessThanOrEqual(3);
    }
  });
});

describe('reserving and releasing', () => {
  it('give the same state back when there is nothing to do', () => {
    const ids = freeze(createPacketIds(1, [5, 300]));
    expect(reserve(ids, 5)).toBe(ids);
    expect(release(ids, 6)).toBe(ids);
    const full = createPacketIds(1, range(1, 65_535));
    expect(reserve(full, 40_000)).toBe(full);
  });

  it('leave the cursor and the state they start from as they were', () => {
    const ids = freeze(createPacketIds(9, [5]));
    expect(reserve(ids, 300)).toEqual(createPacketIds(9, [5, 300]));
    expect(release(ids, 5)).toEqual(createPacketIds(9));
    expect(idsInUse(ids)).toEqual([5]);
  });

  it('fold a block that is all used or all free into a number', () => {
    const [first, last] = [4096, 8191];
    let ids = createPacketIds(1, range(first, last));
    expect(blocksOf(ids).size).toBe(1);
    ids = release(ids, 5000);
    expect(blocksOf(ids).size).toBe(3);
    ids = reserve(ids, 5000);
    expect(blocksOf(ids).size).toBe(1);
    for (const id of range(first, last)) ids = release(ids, id);
    expect(ids.used).toBe(0);
  });

  it('do not fold a block of equal words that are partly used', () => {
    const used = range(256, 511).filter((id) => id % 2 === 0);
    const ids = createPacketIds(1, used);
    expect(idsInUse(ids)).toEqual(used);
    expect(countInUse(ids)).toBe(128);
  });
});

type Model = { next: number; readonly used: Set<number> };
type Real = {
  ids: PacketIds;
  readonly past: { readonly ids: PacketIds; readonly used: readonly number[] }[];
};
type IdCommand = fc.Command<Model, Real>;

const sorted = (ids: Iterable<number>): number[] => [...ids].sort((a, b) => a - b);

/** What next-fit means, one identifier at a time. */
function expectedId({ next, used }: Model): number | undefined {
  if (used.size === 65_535) return undefined;
  let id = next;
  while (used.has(id)) id = id === 65_535 ? 1 : id + 1;
  return id;
}

const command = (name: string, run: (model: Model, real: Real) => void): IdCommand => ({
  check: () => true,
  run(model, real): void {
    run(model, real);
    freeze(real.ids);
    expect(countInUse(real.ids)).toBe(model.used.size);
    expect(real.ids.next).toBe(model.next);
  },
  toString: () => name,
});

function allocateSome(model: Model, real: Real, count: number): void {
  const expected: (number | undefined)[] = [];
  const given: (number | undefined)[] = [];
  for (let i = 0; i < count; i++) {
    const id = expectedId(model);
    expected.push(id);
    if (id !== undefined) {
      model.used.add(id);
      model.next = id === 65_535 ? 1 : id + 1;
    }
    const result = allocate(real.ids);
    given.push(result?.[1]);
    if (result !== undefined) real.ids = freeze(result[0]);
  }
  expect(given).toEqual(expected);
}

function reserveOne(model: Model, real: Real, id: number): void {
  const before = real.ids;
  real.ids = freeze(reserve(before, id));
  expect(real.ids === before).toBe(model.used.has(id));
  model.used.add(id);
  expect(reserve(real.ids, id)).toBe(real.ids);
}

function releaseOne(model: Model, real: Real, id: number): void {
  const before = real.ids;
  real.ids = freeze(release(before, id));
  expect(real.ids === before).toBe(!model.used.delete(id));
  expect(release(real.ids, id)).toBe(real.ids);
}

// Identifiers around the cursor's start, the edges of blocks, and anywhere.
const idArbitrary = fc.oneof(
  fc.integer({ min: 65_500, max: 65_535 }),
  fc.integer({ min: 1, max: 40 }),
  fc.constantFrom(...EDGES),
  fc.integer({ min: 1, max: 65_535 }),
);

const commands = fc.commands<Model, Real>(
  [
    fc
      .oneof(fc.constant(1), fc.integer({ min: 2, max: 300 }))
      .map((count) => command(`allocate ${count}`, (model, real) => allocateSome(model, real, count))),
    idArbitrary.map((id) => command(`reserve ${id}`, (model, real) => reserveOne(model, real, id))),
    idArbitrary.map((id) => command(`release ${id}`, (model, real) => releaseOne(model, real, id))),
    fc.nat().map((n) =>
      command(`release the one numbered ${n}`, (model, real) => {
        const id = [...model.used][n % Math.max(model.used.size, 1)];
        if (id !== undefined) releaseOne(model, real, id);
      }),
    ),
    fc.constant(
      command('remember', (model, real) => {
        if (real.past.length < 4) real.past.push({ ids: real.ids, used: sorted(model.used) });
      }),
    ),
  ],
  { maxCommands: 60, size: '+1' },
);

function runAgainstSet(run: Iterable<IdCommand>, start: PacketIds, used: readonly number[]): void {
  const real: Real = { ids: freeze(start), past: [{ ids: start, used }] };
  const model: Model = { next: start.next, used: new Set(used) };
  fc.modelRun(() => ({ model, real }), run);
  real.past.push({ ids: real.ids, used: sorted(model.used) });
  for (const { ids, used: expected } of real.past) {
    expect(idsInUse(ids)).toEqual(expected);
  }
  expect(createPacketIds(model.next, model.used)).toEqual(real.ids);
}

describe('against a Set', () => {
  it('every run of commands on a new pool gives the same identifiers, and old states stay', () => {
    fc.assert(
      fc.property(commands, idArbitrary, (run, next) => runAgainstSet(run, createPacketIds(next), [])),
      { numRuns: 100 },
    );
  });

  it('every run of commands on a pool with nearly all in use does, too', () => {
    const free = fc.uniqueArray(idArbitrary, { maxLength: 40 });
    const all = createPacketIds(1, range(1, 65_535));
    fc.assert(
      fc.property(commands, free, idArbitrary, (run, missing, next) => {
        const ids = missing.reduce(release, all);
        const absent = new Set(missing);
        const used = range(1, 65_535).filter((id) => !absent.has(id));
        runAgainstSet(run, { ...ids, next }, used);
      }),
      { numRuns: 5 },
    );
  });
});
