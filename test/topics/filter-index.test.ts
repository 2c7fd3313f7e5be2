import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { isSharedFilter, TopicFilterIndex, topicMatches } from '../../src/topics/index.js';
import { filters, isFilterByTheBook, matchesByTheBook, names, texts, type Version } from './reference.js';

const VERSIONS = [4, 5] as const;

function indexOf(...all: readonly string[]): TopicFilterIndex<string> {
  const index = new TopicFilterIndex<string>();
  for (const filter of all) index.add(filter, `of ${filter}`);
  return index;
}

const pairsFor = <T>(index: TopicFilterIndex<T>, name: string): [string, T][] => {
  const pairs: [string, T][] = [];
  index.forEachMatch(name, (value, filter) => pairs.push([filter, value]));
  return pairs;
};

const sorted = (pairs: Iterable<[string, unknown]>): string[] =>
  Array.from(pairs, (pair) => JSON.stringify(pair)).sort();

describe('TopicFilterIndex', () => {
  it('finds the values of all filters that match [3.1.1: MQTT-3.3.2-3] [5.0: MQTT-3.3.2-3]', () => {
    const index = indexOf(
      'a/b',
      'a/+',
      'a/#',
      '#',
      '+/b',
      '+/+',
      'a/b/#',
      '/a/b',
      'a',
      'a/b/c',
      'A/b',
      '$a/b',
      'a/c',
    );
    expect(index.match('a/b').sort()).toEqual(
      ['#', '+/+', '+/b', 'a/#', 'a/+', 'a/b', 'a/b/#'].map((filter) => `of ${filter}`),
    );
    expect(index.match('a')).toEqual(expect.arrayContaining(['of a', 'of a/#', 'of #']));
    expect(index.match('a')).toHaveLength(3);
    expect(index.match('x/y/z')).toEqual(['of #']);
    expect(index.match('$a/b')).toEqual(['of $a/b']);
    expect(indexOf('a/b').match('nothing/like/it')).toEqual([]);
    expect(new TopicFilterIndex().match('a')).toEqual([]);
  });

  it('keeps wildcards at the start of a filter off names that start with $ [3.1.1: MQTT-4.7.2-1] [5.0: MQTT-4.7.2-1]', () => {
    const index = indexOf('#', '+/a', '+/#', '+/a/b', '+', '$SYS/#', '$SYS/+', '+/+/c');
    expect(index.match('$SYS/a').sort()).toEqual(['of $SYS/#', 'of $SYS/+']);
    expect(index.match('$SYS')).toEqual(['of $SYS/#']);
    expect(index.match('$other/a/c')).toEqual([]);
    expect(index.match('other/a/c').sort()).toEqual(['of #', 'of +/#', 'of +/+/c']);
  });

  it('tells names and levels apart character by character [3.1.1: MQTT-4.7.3-4] [5.0: MQTT-4.7.3-4] [U3-4.7-a] [U5-4.7.3-a]', () => {
    const texts = ['a', 'A', '/a', 'a/', '//', '/', ' a', 'é', 'e\u0301', 'a b', '\ufeffa', '/#'];
    const index = indexOf(...texts);
    for (const name of texts.slice(0, -1)) {
      expect(index.match(name).filter((value) => value !== 'of /#')).toEqual([`of ${name}`]);
    }
  });

  it('knows no names that mean something to JavaScript', () => {
    const special = [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      '__proto__/constructor',
      '+/__proto__',
    ];
    const index = indexOf(...special);
    expect(index.match('toString')).toEqual(['of toString']);
    expect(index.match('valueOf')).toEqual([]);
    expect(index.match('__proto__/constructor')).toEqual(['of __proto__/constructor']);
    expect(index.match('a/__proto__')).toEqual(['of +/__proto__']);
    for (const filter of special) expect(index.delete(filter, `of ${filter}`)).toBe(true);
    expect(index.size).toBe(0);
  });

  it('stores a value once for each filter, and finds it once for each', () => {
    const index = new TopicFilterIndex<string>();
    expect(index.add('a/+', 'ann')).toBe(true);
    expect(index.add('a/+', 'ann')).toBe(false);
    expect(index.add('a/#', 'ann')).toBe(true);
    expect(index.add('a/+', 'bob')).toBe(true);
    expect(index.add('a/+', 'bob')).toBe(false);
    expect(index.add('a/+', 'cid')).toBe(true);
    expect(index.size).toBe(4);
    expect(index.match('a/b').sort()).toEqual(['ann', 'ann', 'bob', 'cid']);
    expect(sorted(pairsFor(index, 'a/b'))).toEqual(
      sorted([
        ['a/#', 'ann'],
        ['a/+', 'ann'],
        ['a/+', 'bob'],
        ['a/+', 'cid'],
      ]),
    );
  });

  it('compares values as a Set does', () => {
    const index = new TopicFilterIndex<unknown>();
    const values = [Number.NaN, undefined, null, 0, '', '0', {}, {}];
    for (const value of values) expect(index.add('a', value)).toBe(true);
    for (const value of [...values, -0]) expect(index.add('a', value)).toBe(false);
    expect(index.match('a')).toEqual(values);
    for (const value of values) {
      expect(index.has('a', value)).toBe(true);
      expect(index.delete('a', value)).toBe(true);
      expect(index.has('a', value)).toBe(false);
      expect(index.add('b', value)).toBe(true);
      expect(index.add('b', value)).toBe(false);
      expect(index.has('b', value)).toBe(true);
      expect(index.match('b')).toEqual([value]);
      expect(index.delete('b', Symbol('another'))).toBe(false);
      expect(index.delete('b', value)).toBe(true);
    }
    expect(index.size).toBe(0);
    expect(index.match('a')).toEqual([]);
  });

  it('deletes by the exact filter and expands no wildcards [3.1.1: MQTT-3.10.4-1] [5.0: MQTT-3.10.4-1]', () => {
    const index = new TopicFilterIndex<string>();
    for (const filter of ['a/b', 'a/+', 'a/#', '+/b']) index.add(filter, 'ann');
    for (const filter of ['+/+', '#', 'a', 'a/b/', '/a/b', 'A/b', 'a/c', '+/#', '+', '', 'a/#/b', 'a+']) {
      expect(index.delete(filter, 'ann')).toBe(false);
      expect(index.has(filter, 'ann')).toBe(false);
    }
    expect(index.delete('a/+', 'bob')).toBe(false);
    expect(index.size).toBe(4);
    expect(index.delete('a/+', 'ann')).toBe(true);
    expect(index.delete('a/+', 'ann')).toBe(false);
    expect(index.size).toBe(3);
    expect(sorted(pairsFor(index, 'a/b'))).toEqual(
      sorted([
        ['a/b', 'ann'],
        ['a/#', 'ann'],
        ['+/b', 'ann'],
      ]),
    );
  });

  it('deletes and has nothing where nothing was stored, not even undefined', () => {
    const index = new TopicFilterIndex<string | undefined>();
    expect([index.has('a', undefined), index.delete('a', undefined)]).toEqual([false, false]);
    for (const value of ['ann', 'bob']) for (const filter of ['a', '$share/g/a']) index.add(filter, value);
    for (const filter of ['a', '$share/g/a', '$share/h/a']) {
      expect(index.delete(filter, 'cid')).toBe(false);
      expect(index.has(filter, 'cid')).toBe(false);
    }
    expect(index.size).toBe(4);
    expect(index.match('a').sort()).toEqual(['ann', 'ann', 'bob', 'bob']);
    index.add('b', 'ann');
    expect(index.delete('$share/g/b', 'ann')).toBe(false);
    expect(index.has('$share/g/b', 'ann')).toBe(false);
    expect(index.match('b')).toEqual(['ann']);
  });

  it('refuses invalid filters with a RangeError that says why', () => {
    const index = new TopicFilterIndex<number>();
    expect(() => index.add('a/#/b', 1)).toThrow(RangeError);
    expect(() => index.add('a/#/b', 1)).toThrow('Invalid topic filter: misplaced-multi-level-wildcard');
    expect(() => index.add('', 1)).toThrow('empty-topic');
    expect(() => index.add('$share/g', 1)).toThrow('missing-shared-filter');
    expect(new TopicFilterIndex<number>(4).add('$share/g', 1)).toBe(true);
    expect(index.size).toBe(0);
  });

  it('finds nothing for what is no name [3.1.1: MQTT-4.7.1-1] [5.0: MQTT-4.7.0-1]', () => {
    const index = indexOf('#', 'a/+', 'a/#', '+');
    for (const name of ['', '#', '+', 'a/+', 'a/#', 'a\0', '\ud800', 'a'.repeat(65_536)]) {
      expect(index.match(name)).toEqual([]);
      expect(pairsFor(index, name)).toEqual([]);
    }
  });

  it('forgets everything at once', () => {
    const index = indexOf('a', '#', '+/b', '$share/g/a');
    index.clear();
    expect(index.size).toBe(0);
    expect([...index]).toEqual([]);
    expect(index.match('a')).toEqual([]);
    expect(index.has('$share/g/a', 'of $share/g/a')).toBe(false);
    expect(index.add('a', 'new')).toBe(true);
    expect(index.match('a')).toEqual(['new']);
  });

  it('gives its entries with the filters as they were added', () => {
    const index = indexOf('a', '+/#', '$share/g/a', '$share/h/a', '$share/g/b/+');
    index.add('a', 'second');
    const expected = sorted([
      ['a', 'of a'],
      ['a', 'second'],
      ['+/#', 'of +/#'],
      ['$share/g/a', 'of $share/g/a'],
      ['$share/h/a', 'of $share/h/a'],
      ['$share/g/b/+', 'of $share/g/b/+'],
    ]);
    expect(sorted(index.entries())).toEqual(expected);
    expect(sorted(index)).toEqual(expected);
  });

  it('has types that follow its values', () => {
    const index = new TopicFilterIndex<{ readonly id: number }>();
    expectTypeOf(index.match('a')).toEqualTypeOf<{ readonly id: number }[]>();
    expectTypeOf(index.add).parameters.toEqualTypeOf<[string, { readonly id: number }]>();
    expectTypeOf([...index]).toEqualTypeOf<[filter: string, value: { readonly id: number }][]>();
    index.forEachMatchingFilter('a', (filter, values) => {
      expectTypeOf(filter).toEqualTypeOf<string>();
      expectTypeOf(values).toEqualTypeOf<readonly { readonly id: number }[]>();
    });
    expect(index.size).toBe(0);
  });
});

describe('shared filters in the index', () => {
  it('match by the part after the share name, and go by the whole [U5-4.8.2-a] [5.0: MQTT-3.10.4-1]', () => {
    const index = new TopicFilterIndex<string>();
    for (const filter of ['$share/g/a/+', '$share/h/a/+', 'a/+']) index.add(filter, 'ann');
    index.add('$share/g/a/+', 'bob');
    expect(index.match('$share/g/a/b')).toEqual([]);
    expect(sorted(pairsFor(index, 'a/b'))).toEqual(
      sorted([
        ['$share/g/a/+', 'ann'],
        ['$share/g/a/+', 'bob'],
        ['$share/h/a/+', 'ann'],
        ['a/+', 'ann'],
      ]),
    );
    expect(index.delete('$share/i/a/+', 'ann')).toBe(false);
    expect(index.delete('$share/g/a/b', 'ann')).toBe(false);
    expect(index.delete('$share/g/a/+', 'ann')).toBe(true);
    expect(index.delete('a/+', 'ann')).toBe(true);
    expect(sorted(pairsFor(index, 'a/b'))).toEqual(
      sorted([
        ['$share/g/a/+', 'bob'],
        ['$share/h/a/+', 'ann'],
      ]),
    );
    expect(index.delete('$share/h/a/+', 'ann')).toBe(true);
    expect(index.has('$share/g/a/+', 'bob')).toBe(true);
    expect(index.delete('$share/g/a/+', 'bob')).toBe(true);
    expect(index.size).toBe(0);
    expect(index.match('a/b')).toEqual([]);
  });

  it('come as one list for each group', () => {
    const index = new TopicFilterIndex<string>();
    for (const value of ['ann', 'bob', 'cid']) index.add('$share/g/jobs/#', value);
    index.add('$share/h/jobs/#', 'dan');
    index.add('jobs/+', 'eve');
    index.add('other', 'fay');
    const lists: [string, string[]][] = [];
    index.forEachMatchingFilter('jobs/1', (filter, values) => lists.push([filter, [...values]]));
    expect(sorted(lists)).toEqual(
      sorted([
        ['$share/g/jobs/#', ['ann', 'bob', 'cid']],
        ['$share/h/jobs/#', ['dan']],
        ['jobs/+', ['eve']],
      ]),
    );
  });

  it('leave names that start with $ alone when a wildcard starts the part after the name [5.0: MQTT-4.7.2-1]', () => {
    const index = indexOf('$share/g/#', '$share/g/+/a', '$share/g/$SYS/#');
    expect(index.match('$SYS/a')).toEqual(['of $share/g/$SYS/#']);
  });

  it('are ordinary filters in an index for 3.1.1', () => {
    const index = new TopicFilterIndex<string>(4);
    index.add('$share/g/a', 'ann');
    index.add('$share//+', 'bob');
    expect(index.match('a')).toEqual([]);
    expect(index.match('$share/g/a')).toEqual(['ann']);
    expect(index.match('$share//x')).toEqual(['bob']);
    expect([...index].map(([filter]) => filter).sort()).toEqual(['$share//+', '$share/g/a']);
    expect(index.delete('$share/g/a', 'ann')).toBe(true);
  });

  it('may be many under one filter, and go in any order', () => {
    const index = new TopicFilterIndex<number>();
    const groups = Array.from({ length: 50 }, (_, i) => `$share/group ${i}/a`);
    for (const [i, filter] of groups.entries()) index.add(filter, i);
    expect(index.match('a').sort((x, y) => x - y)).toEqual(groups.map((_, i) => i));
    groups.forEach((filter, i) => {
      if (i % 3 === 0) expect(index.delete(filter, i)).toBe(true);
    });
    const left = groups.map((_, i) => i).filter((i) => i % 3 !== 0);
    expect(index.match('a').sort((x, y) => x - y)).toEqual(left);
    for (const i of left.reverse()) expect(index.delete(groups[i]!, i)).toBe(true);
    expect(index.match('a')).toEqual([]);
  });
});

describe('a callback that changes the index', () => {
  const members = Array.from({ length: 40 }, (_, i) => i);

  it('may remove what it is given, and still gets each value once', () => {
    const index = new TopicFilterIndex<number>();
    for (const value of members) {
      index.add('a/+', value);
      index.add('$share/g/a/b', 100 + value);
    }
    const seen: number[] = [];
    index.forEachMatch('a/b', (value, filter) => {
      seen.push(value);
      expect(index.delete(filter, value)).toBe(true);
    });
    expect(seen.sort((x, y) => x - y)).toEqual([...members, ...members.map((value) => 100 + value)]);
    expect(index.size).toBe(0);
    expect(index.match('a/b')).toEqual([]);
  });

  it('does not run for ever when it adds under the same filter', () => {
    const index = new TopicFilterIndex<number>();
    for (const value of members) index.add('#', value);
    index.forEachMatch('a', (value) => index.add('#', 1000 + value));
    expect(index.size).toBe(80);
    expect(index.match('a')).toHaveLength(80);
  });

  it('does not see the list it was given change', () => {
    const index = new TopicFilterIndex<number>();
    for (const value of members) index.add('a', value);
    index.forEachMatchingFilter('a', (_filter, values) => {
      index.forEachMatchingFilter('a', (_same, inner) => expect(inner).toBe(values));
      index.delete('a', 0);
      index.add('a', 99);
      index.clear();
      expect(values).toEqual(members);
    });
    expect(index.match('a')).toEqual([]);
  });

  it('may match again, and throw', () => {
    const index = indexOf('a/+', 'a/#', 'b');
    const inner: string[] = [];
    index.forEachMatch('a/x', () => inner.push(...index.match('b')));
    expect(inner).toEqual(['of b', 'of b']);
    index.add('b', 'second');
    const failing = (): void => index.forEachMatch('b', () => expect.fail('on purpose'));
    expect(failing).toThrow('on purpose');
    index.delete('b', 'second');
    expect(index.match('b')).toEqual(['of b']);
  });

  it('may remove everything else', () => {
    const index = indexOf('a/+', 'a/#', '+/b', '#', 'a/b');
    let calls = 0;
    index.forEachMatch('a/b', (_value, filter) => {
      if (calls++ > 0) return;
      for (const [other, value] of [...index]) if (other !== filter) index.delete(other, value);
    });
    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThanOrEqual(5);
    expect(index.match('a/b')).toHaveLength(1);
  });

  it('may add shared filters without end in sight', () => {
    const index = indexOf('$share/g/a', 'a');
    let calls = 0;
    index.forEachMatch('a', () => index.add(`$share/g${++calls}/a`, 'new'));
    expect(calls).toBe(2);
    expect(index.match('a')).toHaveLength(4);
  });
});

describe('the index against a list searched one by one', () => {
  type Operation = readonly ['add' | 'delete', string, number];

  const operations: fc.Arbitrary<Operation[]> = fc
    .tuple(
      fc.uniqueArray(filters, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat({ max: 999 }), { maxLength: 80 }),
    )
    .map(([all, choices]) =>
      choices.map((choice): Operation => {
        const filter = all[choice % all.length]!;
        return [choice % 5 < 3 ? 'add' : 'delete', filter, choice % 4];
      }),
    );

  function check(
    index: TopicFilterIndex<number>,
    model: Map<string, Set<number>>,
    name: string,
    version: Version,
  ): void {
    const expected: [string, number][] = [];
    const lists: [string, number[]][] = [];
    for (const [filter, values] of model) {
      if (values.size === 0 || !matchesByTheBook(filter, name, version)) continue;
      expect(topicMatches(filter, name, version)).toBe(true);
      for (const value of values) expected.push([filter, value]);
      lists.push([filter, [...values].sort()]);
    }
    expect(sorted(pairsFor(index, name))).toEqual(sorted(expected));
    expect(index.match(name).sort()).toEqual(expected.map(([, value]) => value).sort());
    const found: [string, number[]][] = [];
    index.forEachMatchingFilter(name, (filter, values) => found.push([filter, [...values].sort()]));
    expect(sorted(found)).toEqual(sorted(lists));
  }

  it('agrees, whatever is added and deleted [3.1.1: MQTT-3.3.2-3] [5.0: MQTT-3.3.2-3] [3.1.1: MQTT-3.10.4-1] [5.0: MQTT-3.10.4-1]', () => {
    fc.assert(
      fc.property(
        operations,
        fc.array(fc.oneof({ weight: 9, arbitrary: names }, { weight: 1, arbitrary: texts }), {
          maxLength: 6,
        }),
        fc.constantFrom(...VERSIONS),
        (steps, someNames, version) => {
          const index = new TopicFilterIndex<number>(version);
          const model = new Map<string, Set<number>>();
          for (const [what, filter, value] of steps) {
            const values = model.get(filter) ?? new Set();
            model.set(filter, values);
            if (what === 'add' && !isFilterByTheBook(filter, version)) {
              expect(() => index.add(filter, value)).toThrow(RangeError);
            } else if (what === 'add') {
              expect(index.add(filter, value)).toBe(!values.has(value));
              values.add(value);
            } else {
              expect(index.delete(filter, value)).toBe(values.delete(value));
            }
            expect(index.has(filter, value)).toBe(values.has(value));
          }
          const pairs = [...model].flatMap(([filter, values]) =>
            [...values].map((value): [string, number] => [filter, value]),
          );
          expect(index.size).toBe(pairs.length);
          expect(sorted(index)).toEqual(sorted(pairs));
          for (const name of someNames) check(index, model, name, version);
          for (const [filter, value] of pairs) expect(index.delete(filter, value)).toBe(true);
          expect(index.size).toBe(0);
          for (const name of someNames) expect(index.match(name)).toEqual([]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('agrees for many filters at once', () => {
    const validFilters = filters.filter((filter) => isFilterByTheBook(filter, 5));
    fc.assert(
      fc.property(
        fc.uniqueArray(validFilters, { minLength: 150, maxLength: 300 }),
        fc.array(names, { minLength: 20 }),
        (all, someNames) => {
          const index = new TopicFilterIndex<string>();
          for (const filter of all) index.add(filter, filter);
          for (const name of someNames) {
            expect(index.match(name).sort()).toEqual(
              all.filter((filter) => matchesByTheBook(filter, name, 5)).sort(),
            );
          }
          for (const filter of all.slice(10)) expect(index.delete(filter, filter)).toBe(true);
          const left = all.slice(0, 10);
          for (const name of someNames) {
            expect(index.match(name).sort()).toEqual(
              left.filter((filter) => matchesByTheBook(filter, name, 5)).sort(),
            );
          }
          expect([...index].map(([filter]) => filter).sort()).toEqual([...left].sort());
          expect(left.filter(isSharedFilter).every((filter) => index.has(filter, filter))).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });
});
