// @ts-nocheck
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isSharedFilter,
  isValidTopicFilter,
  isValidTopicName,
  type TopicProblem,
  topicFilterProblem,
  topicNameProblem,
  topicProblemStatement,
} from '../../src/topics/index.js';
import { filters, isFilterByTheBook, isNameByTheBook, names, texts } from './reference.js';

const VERSIONS = [4, 5] as const;

/** What keeps a text from being a filter, in both versions, or an error when they disagree. */
function filterProblem(filter: string): TopicProblem | undefined {
  const [in4, in5] = VERSIONS.map((version) => topicFilterProblem(filter, version));
  if (in4 !== in5) throw new Error(`${JSON.stringify(filter)}: ${in4} in 3.1.1, ${in5} in 5.0`);
  expect(VERSIONS.map((version) => isValidTopicFilter(filter, version))).toEqual([!in4, !in4]);
  return in4;
}

function nameProblem(name: string): TopicProblem | undefined {
  const problem = topicNameProblem(name);
  expect(isValidTopicName(name)).toBe(problem === undefined);
  return problem;
}

describe('a topic name', () => {
  it.each([
    'a',
    '/',
    '//',
    '/a',
    'a/',
    'Sensor 1/temp',
    '$',
    '$SYS/uptime',
    '$share/g/a',
    '\ufeff',
    'é/€/𝄞',
    '\u0001',
  ])('may be %j [U3-4.7-a] [U5-4.7.3-a]', (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  it.each(['+', '#', 'a/+', 'a/#', 'a+', '#a', '+/a', 'a/b+c/d', 'a#/b'])(
    'has no wildcard, as in %j [3.1.1: MQTT-4.7.1-1] [5.0: MQTT-4.7.0-1]',
    (name) => {
      expect(nameProblem(name)).toBe('wildcard-in-topic-name');
    },
  );
});

describe('names and filters alike', () => {
  it('have at least one character [3.1.1: MQTT-4.7.3-1] [5.0: MQTT-4.7.3-1]', () => {
    expect(nameProblem('')).toBe('empty-topic');
    expect(filterProblem('')).toBe('empty-topic');
  });

  it.each(['\0', 'a\0', '\0/a', 'a/\0/b', 'é\0'])(
    'have no U+0000, as %j has [3.1.1: MQTT-4.7.3-2] [5.0: MQTT-4.7.3-2]',
    (text) => {
      expect(nameProblem(text)).toBe('null-character');
      expect(filterProblem(text)).toBe('null-character');
    },
  );

  it.each([
    ['a', 65_535, 65_536],
    ['/', 65_535, 65_536],
    ['é', 32_767, 32_768],
    ['\u07ff', 32_767, 32_768],
    ['\u0800', 21_845, 21_846],
    ['\uffff', 21_845, 21_846],
    ['𝄞', 16_383, 16_384],
  ])(
    'have at most 65,535 bytes of UTF-8, not characters: of %j %i but not %i [3.1.1: MQTT-4.7.3-3] [5.0: MQTT-4.7.3-3]',
    (character, most, tooMany) => {
      expect(nameProblem(character.repeat(most))).toBeUndefined();
      expect(filterProblem(character.repeat(most))).toBeUndefined();
      expect(nameProblem(character.repeat(tooMany))).toBe('too-long');
      expect(filterProblem(character.repeat(tooMany))).toBe('too-long');
    },
  );

  it.each([
    '\ud800',
    'a\udbff',
    '\udc00',
    '\udfff/a',
    '\ud800a',
    '\ud800\ud800\udc00',
    '\udc00\ud800',
    '\ud834/\udd1e',
  ])('are well-formed, as %j is not', (text) => {
    expect(nameProblem(text)).toBe('lone-surrogate');
    expect(filterProblem(text)).toBe('lone-surrogate');
  });

  it('may have any pair of surrogates, and the characters around them', () => {
    for (const character of [
      '\ud800\udc00',
      '\ud800\udfff',
      '\udbff\udc00',
      '\udbff\udfff',
      '\ud7ff',
      '\ue000',
    ]) {
      expect(nameProblem(character)).toBeUndefined();
      expect(nameProblem(`${character}${character}`)).toBeUndefined();
      expect(filterProblem(`+/${character}/#`)).toBeUndefined();
    }
  });

  it.each([0, 7, true, null, undefined, {}, [], ['a'], new Uint8Array(3)])(
    'are strings, unlike %j',
    (value) => {
      const text = value as unknown as string;
      expect(() => topicNameProblem(text)).toThrow(TypeError);
      for (const version of VERSIONS) expect(() => topicFilterProblem(text, version)).toThrow(TypeError);
    },
  );
});

describe('a topic filter', () => {
  it.each(['#', '/#', 'a/#', 'a/b/#', '+/#', '//#', '$SYS/#', '$share'])('may be %j', (filter) => {
    expect(filterProblem(filter)).toBeUndefined();
  });

  it.each(['a#', '#a', 'a/#/b', '#/', '#/#', '##', 'a/b#', '/a#', 'a/#b', '+#', '+/#/+', '#+'])(
    'has # only as its last level and alone in it, unlike %j [3.1.1: MQTT-4.7.1-2] [5.0: MQTT-4.7.1-1]',
    (filter) => {
      const problem = filterProblem(filter);
      expect(problem).toBe(
        filter === '+#' ? 'misplaced-single-level-wildcard' : 'misplaced-multi-level-wildcard',
      );
    },
  );

  it.each(['+', '+/+', '/+', '+/', '+/a/+', 'a/+', 'a/+/b', '+/+/+/#', '//+//'])(
    'may have + as a whole level, as in %j [3.1.1: MQTT-4.7.1-3] [5.0: MQTT-4.7.1-2]',
    (filter) => {
      expect(filterProblem(filter)).toBeUndefined();
    },
  );

  it.each(['a+', '+a', 'a/b+', 'a/+b', '+a/b', '++', 'a+b', '/+a', '+\ud834\udd1e'])(
    'has + only as a whole level, unlike %j [3.1.1: MQTT-4.7.1-3] [5.0: MQTT-4.7.1-2]',
    (filter) => {
      expect(filterProblem(filter)).toBe('misplaced-single-level-wildcard');
    },
  );
});

describe('a shared filter', () => {
  it.each([
    '$share/g/a',
    '$share/g//',
    '$share/g//t',
    '$share/g/#',
    '$share/g/+/a',
    '$share/ /a',
    '$share/$share/$share/g/a',
  ])('may be %j [5.0: MQTT-4.8.2-2]', (filter) => {
    expect(isSharedFilter(filter)).toBe(true);
    expect(filterProblem(filter)).toBeUndefined();
  });

  it.each(['$share/', '$share//', '$share//t', '$share//#'])(
    'names its group, unlike %j [5.0: MQTT-4.8.2-1]',
    (filter) => {
      expect(isSharedFilter(filter)).toBe(true);
      expect(topicFilterProblem(filter, 5)).toBe('empty-share-name');
      expect(topicFilterProblem(filter, 4)).toBeUndefined();
    },
  );

  it.each(['$share/+/t', '$share/#/t', '$share/+', '$share/#', '$share/g+/t', '$share/+g/t', '$share/g#'])(
    'has no wildcard in the name of its group, unlike %j [5.0: MQTT-4.8.2-2]',
    (filter) => {
      expect(topicFilterProblem(filter, 5)).toBe('wildcard-in-share-name');
    },
  );

  it.each(['$share/g', '$share/g/', '$share/long name', '$share/g h/'])(
    'has a filter after the name, unlike %j [5.0: MQTT-4.8.2-2]',
    (filter) => {
      expect(topicFilterProblem(filter, 5)).toBe('missing-shared-filter');
      expect(isValidTopicFilter(filter, 5)).toBe(false);
      expect(isValidTopicFilter(filter, 4)).toBe(true);
    },
  );

  it.each([
    ['$share/g/a#', 'misplaced-multi-level-wildcard'],
    ['$share/g/#/a', 'misplaced-multi-level-wildcard'],
    ['$share/g/a+', 'misplaced-single-level-wildcard'],
    ['$share/g\0/a', 'null-character'],
    ['$share/\ud800/a', 'lone-surrogate'],
  ])('has a valid filter after the name, unlike %j [5.0: MQTT-4.8.2-2]', (filter, problem) => {
    expect(filterProblem(filter)).toBe(problem);
  });

  it('counts its share name in its length [5.0: MQTT-4.7.3-3]', () => {
    expect(topicFilterProblem(`$share/g/${'a'.repeat(65_526)}`, 5)).toBeUndefined();
    expect(topicFilterProblem(`$share/g/${'a'.repeat(65_527)}`, 5)).toBe('too-long');
  });

  it('begins with $share/ in exactly these letters [5.0: MQTT-4.8.2-1]', () => {
    for (const filter of [
      '$SHARE//t',
      '$Share/+/t',
      'share//t',
      '/$share//t',
      '$share',
      '$shared//t',
      ' $share//t',
    ]) {
      expect(isSharedFilter(filter)).toBe(false);
      expect(filterProblem(filter)).toBeUndefined();
    }
  });
});

describe('validity', () => {
  it('is what a literal reading of the standard says [3.1.1: MQTT-4.7.1-2] [3.1.1: MQTT-4.7.1-3] [5.0: MQTT-4.7.1-1] [5.0: MQTT-4.7.1-2] [5.0: MQTT-4.8.2-2]', () => {
    fc.assert(
      fc.property(fc.oneof(names, filters, texts), fc.constantFrom(...VERSIONS), (text, version) => {
        expect(isValidTopicName(text)).toBe(isNameByTheBook(text));
        expect(isValidTopicFilter(text, version)).toBe(isFilterByTheBook(text, version));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the statement of a problem', () => {
  it.each<[TopicProblem, string | undefined, string]>([
    ['empty-topic', 'MQTT-4.7.3-1', 'MQTT-4.7.3-1'],
    ['null-character', 'MQTT-4.7.3-2', 'MQTT-4.7.3-2'],
    ['too-long', 'MQTT-4.7.3-3', 'MQTT-4.7.3-3'],
    ['lone-surrogate', 'MQTT-1.5.3-1', 'MQTT-1.5.4-1'],
    ['wildcard-in-topic-name', 'MQTT-4.7.1-1', 'MQTT-4.7.0-1'],
    ['misplaced-multi-level-wildcard', 'MQTT-4.7.1-2', 'MQTT-4.7.1-1'],
    ['misplaced-single-level-wildcard', 'MQTT-4.7.1-3', 'MQTT-4.7.1-2'],
    ['empty-share-name', undefined, 'MQTT-4.8.2-1'],
    ['wildcard-in-share-name', undefined, 'MQTT-4.8.2-2'],
    ['missing-shared-filter', undefined, 'MQTT-4.8.2-2'],
  ])('%s is %s in 3.1.1 and %s in 5.0', (problem, in4, in5) => {
    expect(topicProblemStatement(problem, 4)).toBe(in4);
    expect(topicProblemStatement(problem, 5)).toBe(in5);
  });
});

describe('at the edges of the rules', () => {
  it('a character below U+0800 takes two bytes from U+0080 on', () => {
    expect(topicNameProblem('\u0080'.repeat(32_767))).toBe(undefined);
    expect(topicNameProblem('\u0080'.repeat(32_768))).toBe('too-long');
    expect(topicNameProblem(`${'\u007f'.repeat(65_535)}`)).toBe(undefined);
  });

  it('two low surrogates are no pair', () => {
    expect(topicNameProblem('\udc00\udc00')).toBe('lone-surrogate');
    expect(topicFilterProblem('a/\udfff\udc00', 5)).toBe('lone-surrogate');
  });

  it('what is too long by its characters alone is so whatever else is wrong', () => {
    expect(topicNameProblem(`+${'a'.repeat(65_535)}`)).toBe('too-long');
    expect(topicFilterProblem(`a+${'a'.repeat(65_534)}`, 4)).toBe('too-long');
  });
});
