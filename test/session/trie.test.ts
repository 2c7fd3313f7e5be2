import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyTrie,
  type Trie,
  trieDelete,
  trieDiff,
  trieEntries,
  trieFirstFree,
  trieForEach,
  trieGet,
  trieSet,
  trieSize,
} from '../../src/session/trie.js';

type Value = { readonly n: number };
type Node = readonly unknown[];

const value = (n: number): Value => ({ n });
const isNode = (slot: unknown): slot is Node => Array.isArray(slot);

/** The root of the tree, and the leaves beside it. */
const topsOf = (trie: Trie<unknown>): Node[] =>
  [trie.tree.root, trie.newest, trie.older].filter((node) => node !== undefined);

/** Freezes a trie and all its nodes; parts frozen earlier are not walked again. */
function freeze<V>(trie: Trie<V>): Trie<V> {
  const freezeNode = (node: Node): void => {
    if (Object.isFrozen(node)) return;
    Object.freeze(node);
    for (const slot of node) if (isNode(slot)) freezeNode(slot);
  };
  for (const node of topsOf(trie)) freezeNode(node);
  Object.freeze(trie.tree);
  return Object.freeze(trie);
}

/** A trie of these keys, frozen at every step, each value telling its key. */
function trieOf(keys: Iterable<number>): Trie<Value> {
  let trie = emptyTrie<Value>();
  for (const key of keys) trie = freeze(trieSet(trie, key, value(key)));
  return trie;
}

function* range(first: number, last: number): Generator<number> {
  for (let key = first; key <= last; key++) yield key;
}

function nodesOf(trie: Trie<unknown>): Set<Node> {
  const nodes = new Set<Node>();
  const walk = (node: Node): void => {
    nodes.add(node);
    for (const slot of node) if (isNode(slot)) walk(slot);
  };
  for (const node of topsOf(trie)) walk(node);
  return nodes;
}

/** The sixteen slots of a node; after them come its two words. */
const slotsOf = (node: Node): Node => node.slice(0, 16);

/** A word that has a bit for each slot of which something holds. */
const wordOf = (node: Node, holds: (slot: unknown) => boolean): number =>
  slotsOf(node).reduce<number>((word, slot, i) => (holds(slot) ? word | (1 << i) : word), 0);

/** What is wrong with a trie whose values are no arrays: empty or superfluous nodes, a size or a word that is off. */
function faultsOf(trie: Trie<unknown>): string[] {
  if (trieSize(trie) === 0) return trie === emptyTrie() ? [] : ['an empty trie of its own'];
  const faults: string[] = [];
  const checkWords = (node: Node): void => {
    if (node.length !== 18) faults.push(`a node of ${node.length} slots and words`);
    if (node[16] !== wordOf(node, (slot) => slot !== undefined))
      faults.push('a wrong word of occupied slots');
    const full = (slot: unknown): boolean => (isNode(slot) ? slot[17] === 0xffff : slot !== undefined);
    if (node[17] !== wordOf(node, full)) faults.push('a wrong word of full slots');
  };
  const walk = (node: Node, shift: number): void => {
    checkWords(node);
    const occupied = slotsOf(node).filter((slot) => slot !== undefined);
    if (occupied.length === 0) faults.push('a node without entries');
    for (const slot of occupied) {
      if (isNode(slot) !== shift > 0) faults.push('a slot of the wrong kind');
      if (isNode(slot)) walk(slot, shift - 4);
    }
  };
  const { root, shift, base } = trie.tree;
  if (root !== undefined) {
    walk(root, shift);
    if (shift > 0 && root.filter(isNode).length < 2) faults.push('a root that could be lower');
  }
  checkWords(trie.newest);
  checkWords(trie.older);
  if (trie.newestBlock === trie.olderBlock) faults.push('one block twice beside the tree');
  const count = trieEntries(trie).length;
  if (trieSize(trie) !== count) faults.push(`size ${trieSize(trie)} with ${count} entries`);
  if (![0, 4, 8, 12].includes(shift)) faults.push(`shift ${shift}`);
  if (base % 2 ** (shift + 4) !== 0) faults.push(`base ${base} at shift ${shift}`);
  return faults;
}

/** The same trie with nodes that count how often a slot is read; shared nodes stay shared. */
function counted(tries: readonly Trie<Value>[], onRead: () => void): Trie<Value>[] {
  const proxies = new Map<Node, Node>();
  const wrap = (node: Node): Node => {
    const known = proxies.get(node);
    if (known !== undefined) return known;
    const proxy = new Proxy(
      node.map((slot) => (isNode(slot) ? wrap(slot) : slot)),
      {
        get(target, slot, receiver): unknown {
          onRead();
          return Reflect.get(target, slot, receiver);
        },
      },
    );
    proxies.set(node, proxy);
    return proxy;
  };
  type ValueNode = Trie<Value>['newest'];
  const wrapped = (node: ValueNode): ValueNode => wrap(node) as ValueNode;
  return tries.map(({ tree, newest, older, ...rest }) => ({
    ...rest,
    tree: tree.root === undefined ? tree : { ...tree, root: wrapped(tree.root) },
    newest: wrapped(newest),
    older: wrapped(older),
  }));
}

type Change = [key: number, before: Value | undefined, after: Value | undefined];

function changesBetween(before: Trie<Value>, after: Trie<Value>): Change[] {
  const changes: Change[] = [];
  trieDiff(before, after, (...change) => changes.push(change));
  return changes;
}

const WRONG_KEYS = [0, -0, -1, 65_536, 65_537, 2 ** 32, 2 ** 32 + 1, 1.5, Number.NaN, Infinity, -Infinity];
const EDGES = [1, 15, 16, 17, 255, 256, 257, 4095, 4096, 4097, 65_534, 65_535];

describe('an empty trie', () => {
  it('has no entries', () => {
    expect(trieSize(emptyTrie())).toBe(0);
    expect(trieEntries(emptyTrie())).toEqual([]);
    for (const key of EDGES) expect(trieGet(emptyTrie(), key)).toBeUndefined();
  });

  it('is one object, whatever it was emptied from', () => {
    for (const key of EDGES) expect(trieDelete(trieOf([key]), key)).toBe(emptyTrie());
    expect(trieDelete(emptyTrie(), 7)).toBe(emptyTrie());
  });
});

describe('keys', () => {
  it.each(WRONG_KEYS)('%d is refused everywhere, with the key in the message', (key) => {
    const trie = trieOf([1, 65_535]);
    const refusal = expect.objectContaining({
      name: 'RangeError',
      message: `key must be an integer from 1 to 65535, not ${String(key)}`,
    });
    expect(() => trieGet(trie, key)).toThrow(refusal);
    expect(() => trieSet(trie, key, value(0))).toThrow(refusal);
    expect(() => trieDelete(trie, key)).toThrow(refusal);
  });

  it('at every edge of a level find their own value and no other', () => {
    const trie = trieOf(EDGES);
    expect(faultsOf(trie)).toEqual([]);
    for (const key of EDGES) expect(trieGet(trie, key)).toEqual({ n: key });
    for (const key of [2, 14, 18, 254, 258, 4094, 4098, 32_768, 65_533]) {
      expect(trieGet(trie, key)).toBeUndefined();
    }
  });

  it('outside the block a small trie covers have no value', () => {
    const trie = trieOf([40_000]);
    for (const key of [...EDGES, 39_999, 40_001, 40_016]) expect(trieGet(trie, key)).toBeUndefined();
  });

  it('may all be in use at once, and all go again', () => {
    const full = trieOf(range(1, 65_535));
    expect(trieSize(full)).toBe(65_535);
    let wrong = 0;
    for (const key of range(1, 65_535)) if (trieGet(full, key)?.n !== key) wrong++;
    expect(wrong).toBe(0);

    let trie = full;
    for (const key of range(1, 65_535)) trie = freeze(trieDelete(trie, key));
    expect(trie).toBe(emptyTrie());
    expect(trieSize(full)).toBe(65_535);
  });
});

describe('setting and deleting', () => {
  it('leave the trie they start from as it was', () => {
    const before = trieOf([5, 300]);
    const set = trieSet(before, 5, value(50));
    const deleted = trieDelete(before, 300);
    expect(trieEntries(before)).toEqual([
      [5, { n: 5 }],
      [300, { n: 300 }],
    ]);
    expect(trieEntries(set)).toEqual([
      [5, { n: 50 }],
      [300, { n: 300 }],
    ]);
    expect(trieEntries(deleted)).toEqual([[5, { n: 5 }]]);
    expect(trieSize(set)).toBe(2);
  });

  it('give the same trie back when nothing changes', () => {
    const trie = trieOf([5, 300]);
    expect(trieSet(trie, 5, trieGet(trie, 5) as Value)).toBe(trie);
    for (const key of [6, 299, 301, 4000, 65_535]) expect(trieDelete(trie, key)).toBe(trie);
  });

  it('treat undefined as absent', () => {
    const trie: Trie<number | undefined> = trieSet(emptyTrie(), 5, 1);
    expect(trieSet(trie, 6, undefined)).toBe(trie);
    expect(trieSet(trie, 5, undefined)).toBe(emptyTrie());
  });

  it('keep values that are false in a condition, and values that are arrays', () => {
    const values = [0, '', false, null, Number.NaN, [], [undefined]];
    let trie = emptyTrie<unknown>();
    for (const [i, v] of values.entries()) trie = freeze(trieSet(trie, 100 * (i + 1), v));
    expect(trieSize(trie)).toBe(values.length);
    expect(trieEntries(trie)).toEqual(values.map((v, i) => [100 * (i + 1), v]));
    for (const i of values.keys()) trie = trieDelete(trie, 100 * (i + 1));
    expect(trie).toBe(emptyTrie());
  });

  it('copy at most four nodes, with 65,535 entries too, and one in a run of keys anywhere', () => {
    const full = trieOf(range(1, 65_535));
    for (const [trie, key, atMost] of [
      [full, 30_000, 4],
      [trieDelete(full, 30_001), 30_000, 1],
      // The beginning and the end of a window, in turn.
      [trieDelete(trieDelete(trieDelete(full, 7), 30_001), 8), 30_000, 1],
      [trieOf(range(60_000, 60_009)), 60_005, 1],
    ] as const) {
      const before = nodesOf(trie);
      const isNew = (node: Node): boolean => !before.has(node);
      expect([...nodesOf(trieSet(trie, key, value(0)))].filter(isNew)).toHaveLength(atMost);
      expect([...nodesOf(trieDelete(trie, key))].filter(isNew)).toHaveLength(atMost);
    }
  });

  it('give the nodes back that are no longer needed', () => {
    let trie = trieOf([...range(1, 5000), 40_000, 40_001]);
    expect(nodesOf(trie).size).toBeGreaterThan(300);
    for (const key of range(1, 5000)) trie = freeze(trieDelete(trie, key));
    // Two paths of the tree may be out of date.
    expect(nodesOf(trie).size).toBeLessThanOrEqual(12);
    expect(trieEntries(trie)).toEqual(trieEntries(trieOf([40_000, 40_001])));
  });
});

describe('visiting', () => {
  it('goes by rising key, whatever the order of insertion', () => {
    const keys = [65_535, 1, 4096, 17, 16, 300, 40_000];
    const visited: [Value, number][] = [];
    trieForEach(trieOf(keys), (v, key) => visited.push([v, key]));
    expect(visited).toEqual(keys.sort((a, b) => a - b).map((key) => [{ n: key }, key]));
  });
});

describe('the difference of two tries', () => {
  it('is nothing for a trie and itself', () => {
    const trie = trieOf(EDGES);
    expect(changesBetween(trie, trie)).toEqual([]);
    expect(changesBetween(emptyTrie(), emptyTrie())).toEqual([]);
    let reads = 0;
    for (const same of counted([trie], () => reads++)) trieDiff(same, { ...same }, () => {});
    expect(reads).toBe(0);
  });

  it('tells what was added, replaced and removed, by rising key', () => {
    const before = trieOf([3, 20, 65_535]);
    const after = trieSet(trieDelete(trieSet(before, 20, value(-20)), 3), 5000, value(5000));
    expect(changesBetween(before, after)).toEqual([
      [3, { n: 3 }, undefined],
      [20, { n: 20 }, { n: -20 }],
      [5000, undefined, { n: 5000 }],
    ]);
  });

  it('spans tries that cover different blocks', () => {
    for (const a of EDGES) {
      const [first, last] = [a - (a % 16), a];
      for (const b of EDGES) {
        if (b >= first && b <= last) continue;
        const changes = [
          [a, { n: a }, undefined],
          [b, undefined, { n: b }],
        ].sort((x, y) => Number(x[0]) - Number(y[0]));
        expect(changesBetween(trieOf([a]), trieOf([b]))).toEqual(changes);
      }
      expect(changesBetween(emptyTrie(), trieOf([a]))).toEqual([[a, undefined, { n: a }]]);
      expect(changesBetween(trieOf([a]), emptyTrie())).toEqual([[a, { n: a }, undefined]]);
    }
  });

  it('reads only what is not shared, with 65,535 entries too', () => {
    const full = trieOf(range(1, 65_534));
    const small = trieOf(range(40_000, 40_009));
    for (const [before, after] of [
      [full, trieSet(full, 30_000, value(0))],
      [full, trieDelete(full, 30_000)],
      [full, trieSet(full, 65_535, value(0))],
      // The root grows and shrinks by a whole tower of levels.
      [small, trieSet(small, 1, value(0))],
      [trieSet(small, 1, value(0)), small],
    ] as const) {
      let reads = 0;
      const [a, b] = counted([before, after], () => reads++) as [Trie<Value>, Trie<Value>];
      expect(changesBetween(a, b)).toHaveLength(1);
      // On both sides four levels of sixteen slots and a word, and the leaves that are kept beside the tree.
      expect(reads).toBeLessThanOrEqual(4 * (16 + 2) * 2 + 4 * 16 * 2);
    }
  });
});

describe('the first free key', () => {
  it('is the one asked for, or the next that has no value', () => {
    expect(trieFirstFree(emptyTrie(), 7)).toBe(7);
    const trie = trieOf([...range(5, 40), ...range(256, 600), 4_096, ...range(65_530, 65_535)]);
    for (const [from, free] of [
      [1, 1],
      [4, 4],
      [5, 41],
      [20, 41],
      [255, 255],
      [256, 601],
      [601, 601],
      [4_096, 4_097],
      [65_529, 65_529],
      [65_530, -1],
      [65_535, -1],
    ]) {
      expect(trieFirstFree(trie, from as number)).toBe(free);
    }
    for (const from of WRONG_KEYS) expect(() => trieFirstFree(trie, from)).toThrow(RangeError);
  });

  it('lies behind a trie that is full, as long as there is one', () => {
    expect(trieFirstFree(trieOf(range(16, 31)), 20)).toBe(32);
    expect(trieFirstFree(trieOf(range(256, 511)), 256)).toBe(512);
    expect(trieFirstFree(trieOf(range(65_520, 65_535)), 65_521)).toBe(-1);
    expect(trieFirstFree(trieOf(range(1, 65_535)), 1)).toBe(-1);
    // The leaves that were changed last are others.
    const [elsewhere, farther] = [20_000, 40_000];
    expect(trieFirstFree(trieOf([...range(16, 31), elsewhere, farther]), 20)).toBe(32);
    expect(trieFirstFree(trieOf([...range(256, 511), elsewhere, farther]), 256)).toBe(512);
    expect(trieFirstFree(trieOf([...range(65_520, 65_535), elsewhere, farther]), 65_521)).toBe(-1);
    // The block of the tree ends with what is asked for.
    expect(trieFirstFree(trieOf([...range(18, 31), 16, 33, 49]), 18)).toBe(32);
  });

  it('is found behind blocks that were full before the tree grew over them', () => {
    const grown = [...range(256, 511), 20_000, 40_000, 50_000];
    const trie = trieOf([...grown, ...range(1, 255), 20_001, 40_001]);
    expect(faultsOf(trie)).toEqual([]);
    expect(trieFirstFree(trie, 1)).toBe(512);
  });

  it('is found behind full blocks where one of their neighbours has gone', () => {
    let trie = trieOf([...range(256, 767), 20_000, 40_000]);
    for (const key of range(256, 271)) trie = freeze(trieDelete(trie, key));
    for (const key of [20_001, 40_001]) trie = freeze(trieSet(trie, key, value(key)));
    expect(faultsOf(trie)).toEqual([]);
    expect(trieFirstFree(trie, 272)).toBe(768);
  });

  it('is found with all but one in use, reading a few nodes alone', () => {
    const full = trieOf(range(1, 65_535));
    for (const free of [...EDGES, 1_234, 40_000]) {
      const trie = trieDelete(full, free);
      for (const from of [1, Math.max(1, free - 5_000), free]) expect(trieFirstFree(trie, from)).toBe(free);
      let reads = 0;
      const [watched] = counted([trie], () => reads++) as [Trie<Value>];
      expect(trieFirstFree(watched, 1)).toBe(free);
      // Down to where the search starts, and down again to the free key: a slot or two and a word of each level.
      expect(reads).toBeLessThanOrEqual(4 * 3 * 2);
      if (free < 65_535) expect(trieFirstFree(trie, free + 1)).toBe(-1);
    }
  });
});

// Keys near each other, near the edges of levels, and anywhere.
const keyArbitrary = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 3, arbitrary: fc.integer({ min: 40_950, max: 40_970 }) },
  { weight: 2, arbitrary: fc.constantFrom(...EDGES) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 65_535 }) },
);

type Model = Map<number, Value>;
type Real = { trie: Trie<Value>; readonly past: { readonly trie: Trie<Value>; readonly model: Model }[] };
type TrieCommand = fc.Command<Model, Real>;

function expectSame(trie: Trie<Value>, model: Model): void {
  expect(trieSize(trie)).toBe(model.size);
  expect(trieEntries(trie)).toEqual([...model].sort(([a], [b]) => a - b));
}

const command = (name: string, run: (model: Model, real: Real) => void): TrieCommand => ({
  check: () => true,
  run(model, real): void {
    run(model, real);
    freeze(real.trie);
    expect(faultsOf(real.trie)).toEqual([]);
  },
  toString: () => name,
});

const commands = fc.commands<Model, Real>(
  [
    fc.tuple(keyArbitrary, fc.nat(9).map(value)).map(([key, v]) =>
      command(`set ${key} ${v.n}`, (model, real) => {
        const before = real.trie;
        real.trie = trieSet(before, key, v);
        expect(real.trie === before).toBe(model.get(key) === v);
        model.set(key, v);
        expect(trieGet(real.trie, key)).toBe(v);
      }),
    ),
    keyArbitrary.map((key) =>
      command(`delete ${key}`, (model, real) => {
        const before = real.trie;
        real.trie = trieDelete(before, key);
        expect(real.trie === before).toBe(!model.delete(key));
        expect(trieGet(real.trie, key)).toBeUndefined();
      }),
    ),
    fc.nat().map((n) =>
      command(`delete the entry numbered ${n}`, (model, real) => {
        const key = [...model.keys()][n % Math.max(model.size, 1)];
        if (key === undefined) return;
        model.delete(key);
        real.trie = trieDelete(real.trie, key);
      }),
    ),
    keyArbitrary.map((key) =>
      command(`get ${key}`, (model, real) => expect(trieGet(real.trie, key)).toBe(model.get(key))),
    ),
    keyArbitrary.map((from) =>
      command(`first free from ${from}`, (model, real) => {
        let free = from;
        while (model.has(free)) free++;
        expect(trieFirstFree(real.trie, from)).toBe(free > 65_535 ? -1 : free);
      }),
    ),
    fc.constant(
      command('remember', (model, real) => {
        expectSame(real.trie, model);
        real.past.push({ trie: real.trie, model: new Map(model) });
      }),
    ),
  ],
  { maxCommands: 80, size: '+1' },
);

describe('against a Map', () => {
  it('one short life among the edges gives the same entries, free keys and differences', () => {
    const pool = [...EDGES, 2, 31, 32, 33, 258, 40_000, 40_001, 40_016, 65_519, 65_520];
    let seed = 7;
    const upTo = (n: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % n;
    };
    const model: Model = new Map();
    let trie = emptyTrie<Value>();
    let past = { trie, model: new Map(model) };
    for (let i = 0; i < 240; i++) {
      const key = pool[upTo(pool.length)]!;
      if (upTo(3) === 0 || i % 60 > 45) {
        trie = trieDelete(trie, key);
        model.delete(key);
      } else {
        const v = value(i);
        trie = trieSet(trie, key, v);
        model.set(key, v);
      }
      if (i % 6 !== 5) continue;
      expect(faultsOf(trie)).toEqual([]);
      expectSame(trie, model);
      const keys = [...new Set([...past.model.keys(), ...model.keys()])].sort((a, b) => a - b);
      const changes = keys
        .map((one): Change => [one, past.model.get(one), model.get(one)])
        .filter(([, before, after]) => before !== after);
      expect(changesBetween(past.trie, trie)).toEqual(changes);
      for (const from of pool) {
        let free = from;
        while (model.has(free)) free++;
        expect(trieFirstFree(trie, from)).toBe(free > 65_535 ? -1 : free);
      }
      if (i % 4 === 1) past = { trie, model: new Map(model) };
    }
  });

  it('blocks that are full are passed over, wherever their leaves are', () => {
    const elsewhere = [20_000, 40_000];
    for (const [first, last] of [
      [16, 31],
      [16, 47],
      [65_504, 65_535],
      [4_080, 4_111],
    ] as const) {
      const full = [...range(first, last)];
      for (const keys of [full, [...full, ...elsewhere], [...elsewhere, ...full]]) {
        const trie = trieOf(keys);
        const free = last === 65_535 ? -1 : last + 1;
        for (const from of [first, first + 5, last]) expect(trieFirstFree(trie, from)).toBe(free);
        const hole = trieDelete(trie, first + 9);
        expect(trieFirstFree(hole, first)).toBe(first + 9);
        expect(trieFirstFree(hole, first + 10)).toBe(free);
        expect(trieFirstFree(trieDelete(hole, last), first + 10)).toBe(last);
      }
    }
  });

  it('every run of commands gives the same entries, old versions stay, differences are right', () => {
    fc.assert(
      fc.property(commands, (run) => {
        const real: Real = { trie: emptyTrie(), past: [{ trie: emptyTrie(), model: new Map() }] };
        const model: Model = new Map();
        fc.modelRun(() => ({ model, real }), run);
        real.past.push({ trie: real.trie, model });
        for (const [i, before] of real.past.entries()) {
          expectSame(before.trie, before.model);
          const after = real.past[(i + 1) % real.past.length] ?? before;
          const keys = [...new Set([...before.model.keys(), ...after.model.keys()])].sort((a, b) => a - b);
          const changes = keys
            .map((key): Change => [key, before.model.get(key), after.model.get(key)])
            .filter(([, a, b]) => a !== b);
          expect(changesBetween(before.trie, after.trie)).toEqual(changes);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('equal contents are equal, whatever way they came about', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(keyArbitrary, { maxLength: 40 }),
        fc.uniqueArray(keyArbitrary, { maxLength: 40 }),
        (keys, passing) => {
          const direct = trieOf(keys);
          let trie = emptyTrie<Value>();
          for (const key of [...passing, ...keys].reverse())
            trie = freeze(trieSet(trie, key, trieGet(direct, key) ?? value(0)));
          for (const key of passing) if (!keys.includes(key)) trie = freeze(trieDelete(trie, key));
          expect(trieEntries(trie)).toEqual(trieEntries(direct));
          expect(changesBetween(direct, trie)).toEqual([]);
        },
      ),
    );
  });
});
