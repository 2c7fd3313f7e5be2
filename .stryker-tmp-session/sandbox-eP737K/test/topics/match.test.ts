// @ts-nocheck
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isValidTopicFilter, parseSharedFilter, topicMatches } from '../../src/topics/index.js';
import { filters, matchesByTheBook, names, texts } from './reference.js';

const VERSIONS = [4, 5] as const;

function expectMatch(filter: string, name: string, expected: boolean): void {
  for (const version of VERSIONS) {
    expect({ version, filter, name, matches: topicMatches(filter, name, version) }).toEqual({
      version,
      filter,
      name,
      matches: expected,
    });
  }
}

describe('a filter without wildcards', () => {
  it('matches itself alone, character by character [3.1.1: MQTT-4.7.3-4] [5.0: MQTT-4.7.3-4] [U3-4.7-a] [U5-4.7.3-a]', () => {
    const different = [
      'a',
      'A',
      '/a',
      'a/',
      'a/b',
      'a b',
      ' a',
      'é',
      'e\u0301',
      '\ufeffa',
      'ﬁ',
      'fi',
      '/',
      '//',
      '𝄞',
    ];
    for (const filter of different) for (const name of different) expectMatch(filter, name, filter === name);
  });
});

describe('the wildcard #', () => {
  it.each([
    ['sport/tennis/#', 'sport/tennis', true],
    ['sport/tennis/#', 'sport/tennis/', true],
    ['sport/tennis/#', 'sport/tennis/ranking', true],
    ['sport/tennis/#', 'sport/tennis/score/final', true],
    ['sport/tennis/#', 'sport/tenni', false],
    ['sport/tennis/#', 'sport/tennis2', false],
    ['sport/tennis/#', 'sport', false],
    ['sport/tennis/#', 'Sport/tennis', false],
    ['#', 'sport', true],
    ['#', '/', true],
    ['#', 'a/b/c/d', true],
    ['/#', '/', true],
    ['/#', '/a', true],
    ['/#', 'a', false],
    ['/#', 'a/b', false],
    ['//#', '/', true],
    ['//#', '//a', true],
    ['//#', '/a', false],
  ])('matches its parent and all levels below it: %j and %j: %j [U3-4.7-a] [U5-4.7.3-a]', expectMatch);
});

describe('the wildcard +', () => {
  it.each([
    ['+', 'sport', true],
    ['+', '', false],
    ['+', '/sport', false],
    ['+', 'sport/', false],
    ['+/+', '/sport', true],
    ['/+', '/sport', true],
    ['+/+', '/', true],
    ['/+', '/', true],
    ['+/', '/', true],
    ['+/', 'a/', true],
    ['+/', 'a', false],
    ['+/+/+', '//', true],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['sport/+/player', 'sport/tennis/player', true],
    ['sport/+/player', 'sport//player', true],
    ['sport/+/player', 'sport/a/b/player', false],
    ['sport/+/player', 'sport/tennis/players', false],
    ['sport/+/player', 'sport/tennis', false],
    ['+/tennis/#', 'sport/tennis', true],
    ['+/tennis/#', 'sport/tennis/a/b', true],
    ['+/#', 'sport', true],
    ['+/#', '/', true],
    ['+/+/#', 'sport', false],
  ])('matches one level, empty or not, and never a /: %j and %j: %j [U3-4.7-a] [U5-4.7.3-a]', expectMatch);
});

describe('names that start with $', () => {
  it.each([
    ['#', '$SYS/a', false],
    ['+/a', '$SYS/a', false],
    ['+', '$SYS', false],
    ['+', '$', false],
    ['+/#', '$SYS/a', false],
    ['#', '$', false],
    ['$SYS/#', '$SYS/a/b', true],
    ['$SYS/#', '$SYS', true],
    ['$SYS/+', '$SYS/a', true],
    ['$+', '$SYS', false],
    ['a/+', 'a/$b', true],
    ['a/#', 'a/$b', true],
    ['+/+', '/$b', true],
    ['#', '/$b', true],
    ['+/$b', 'a/$b', true],
  ])(
    'are not matched by wildcards at the start of a filter: %j and %j: %j [3.1.1: MQTT-4.7.2-1] [5.0: MQTT-4.7.2-1]',
    expectMatch,
  );
});

describe('a shared filter', () => {
  it.each([
    ['$share/g/a/+', 'a/b', true],
    ['$share/g/#', 'a/b', true],
    ['$share/g//t', '/t', true],
    ['$share/g//t', 't', false],
    ['$share/g/a', 'a', true],
    ['$share/g/a', 'g/a', false],
    ['$share/g/a', '$share/g/a', false],
    ['$share/g/#', '$SYS/a', false],
    ['$share/g/+/a', '$SYS/a', false],
    ['$share/g/$SYS/#', '$SYS/a', true],
    ['$share/g/$share/h/a', '$share/h/a', true],
    ['$share/g/$share/h/a', 'a', false],
    ['$share/g', '$share/g', false],
    ['$share/g/', '$share/g/', false],
    ['$share//a', 'a', false],
    ['$share/+/a', 'a', false],
    ['$share', '$share', true],
  ])(
    'is matched by the part after its name: %j and %j: %j [U5-4.8.2-a] [5.0: MQTT-4.8.2-2] [5.0: MQTT-4.7.2-1]',
    (filter, name, expected) => {
      expect(topicMatches(filter, name, 5)).toBe(expected);
      expect(topicMatches(filter, name)).toBe(expected);
    },
  );

  it('is an ordinary filter in 3.1.1', () => {
    expect(topicMatches('$share/g/a', 'a', 4)).toBe(false);
    expect(topicMatches('$share/g/a', '$share/g/a', 4)).toBe(true);
    expect(topicMatches('$share/+/a', '$share/g/a', 4)).toBe(true);
    expect(topicMatches('$share//a', '$share//a', 4)).toBe(true);
    expect(topicMatches('$share/#', '$share', 4)).toBe(true);
  });
});

describe('what is invalid', () => {
  it.each([
    ['a/#/b', 'a/c'],
    ['a/#/b', 'a/#/b'],
    ['a#', 'a'],
    ['#a', 'b'],
    ['a+', 'a+'],
    ['+a', 'ba'],
    ['+', '+'],
    ['#', '#'],
    ['#', 'a/+'],
    ['a/+', 'a/#'],
    ['', ''],
    ['#', ''],
    ['a\0', 'a\0'],
    ['#', 'a\0'],
    ['\ud800', '\ud800'],
  ])(
    'matches nothing and is matched by nothing: %j and %j [3.1.1: MQTT-4.7.1-1] [5.0: MQTT-4.7.0-1]',
    (filter, name) => {
      expectMatch(filter, name, false);
    },
  );
});

describe('what is too long', () => {
  it('matches nothing and is matched by nothing [3.1.1: MQTT-4.7.3-3] [5.0: MQTT-4.7.3-3]', () => {
    expect(topicMatches('#', 'a'.repeat(65_536))).toBe(false);
    expect(topicMatches('#', 'a'.repeat(65_535))).toBe(true);
    expect(topicMatches(`${'a/'.repeat(32_768)}#`, 'a/'.repeat(32_767))).toBe(false);
    expect(topicMatches(`${'a/'.repeat(32_767)}#`, 'a/'.repeat(32_767))).toBe(true);
  });
});

describe('matching', () => {
  it('is what a literal reading of the standard says [3.1.1: MQTT-3.3.2-3] [5.0: MQTT-3.3.2-3] [3.1.1: MQTT-4.7.2-1] [5.0: MQTT-4.7.2-1]', () => {
    const anyText = { weight: 1, arbitrary: texts };
    fc.assert(
      fc.property(
        fc.oneof({ weight: 9, arbitrary: filters }, anyText),
        fc.oneof({ weight: 9, arbitrary: names }, anyText),
        fc.constantFrom(...VERSIONS),
        (filter, name, version) => {
          expect(topicMatches(filter, name, version)).toBe(matchesByTheBook(filter, name, version));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('of the longest names and filters takes one pass', () => {
    const name = '/'.repeat(65_535);
    expectMatch(`${'+/'.repeat(32_767)}+`, '/'.repeat(32_767), true);
    expectMatch(name, name, true);
    expectMatch(`${name.slice(1)}#`, name, true);
    expectMatch(`${name.slice(1)}a`, name, false);
  });
});

describe('parseSharedFilter', () => {
  it.each([
    ['$share/g/a/b', 'g', 'a/b'],
    ['$share/g//t', 'g', '/t'],
    ['$share/g//', 'g', '/'],
    ['$share/my group/#', 'my group', '#'],
    ['$share/g/$share/h/+', 'g', '$share/h/+'],
  ])('finds the parts of %j: %j and %j [5.0: MQTT-4.8.2-2]', (filter, shareName, topicFilter) => {
    expect(parseSharedFilter(filter)).toEqual({ shareName, topicFilter });
  });

  it.each([
    'a/b',
    '$share',
    '$SHARE/g/a',
    '/$share/g/a',
    '$share/',
    '$share/g',
    '$share/g/',
    '$share//a',
    '$share/+/a',
    '$share/g/a#',
    '',
  ])('finds none in %j [5.0: MQTT-4.8.2-1] [5.0: MQTT-4.8.2-2]', (filter) => {
    expect(parseSharedFilter(filter)).toBeUndefined();
  });

  it('gives parts that are valid and make up the whole', () => {
    fc.assert(
      fc.property(fc.oneof(filters, texts), (filter) => {
        const parts = parseSharedFilter(filter);
        expect(parts !== undefined).toBe(filter.startsWith('$share/') && isValidTopicFilter(filter, 5));
        if (parts === undefined) return;
        expect(`$share/${parts.shareName}/${parts.topicFilter}`).toBe(filter);
        expect(isValidTopicFilter(parts.topicFilter, 4)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
