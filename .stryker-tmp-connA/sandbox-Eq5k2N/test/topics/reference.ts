/** Section 4.7 once more, slow and as literal as can be, for tests to compare with. */
// @ts-nocheck

import fc from 'fast-check';

export type Version = 4 | 5;

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

/** The rules of section 4.7.3 and of UTF-8 Encoded Strings. */
function isSoundText(text: string): boolean {
  return text !== '' && !text.includes('\0') && !/\p{Surrogate}/u.test(text) && utf8Length(text) <= 65_535;
}

export function isNameByTheBook(name: string): boolean {
  return isSoundText(name) && !/[+#]/.test(name);
}

function isOrdinaryFilterByTheBook(filter: string): boolean {
  const levels = filter.split('/');
  return (
    isSoundText(filter) &&
    levels.every((level, i) => {
      if (level === '#') return i === levels.length - 1;
      return level === '+' || !/[+#]/.test(level);
    })
  );
}

/** Share name and filter of what begins with `$share/`; either may be missing. */
function sharedParts(filter: string): { name: string; rest: string | undefined } | undefined {
  const [first, name, ...rest] = filter.split('/');
  if (first !== '$share' || name === undefined) return undefined;
  return { name, rest: rest.length === 0 ? undefined : rest.join('/') };
}

export function isFilterByTheBook(filter: string, version: Version): boolean {
  const shared = version === 5 ? sharedParts(filter) : undefined;
  if (shared === undefined) return isOrdinaryFilterByTheBook(filter);
  const { name, rest } = shared;
  if (name === '' || /[+#]/.test(name) || rest === undefined || rest === '') return false;
  return isSoundText(filter) && isOrdinaryFilterByTheBook(rest);
}

function levelsMatch(filter: readonly string[], name: readonly string[]): boolean {
  const [level, ...rest] = filter;
  if (level === undefined) return name.length === 0;
  if (level === '#') return true;
  const [first, ...others] = name;
  if (first === undefined) return false;
  return (level === '+' || level === first) && levelsMatch(rest, others);
}

export function matchesByTheBook(filter: string, name: string, version: Version): boolean {
  if (!isFilterByTheBook(filter, version) || !isNameByTheBook(name)) return false;
  const matched = (version === 5 ? sharedParts(filter)?.rest : undefined) ?? filter;
  if (name.startsWith('$') && (matched.startsWith('+') || matched.startsWith('#'))) return false;
  return levelsMatch(matched.split('/'), name.split('/'));
}

const levels = [
  '',
  'a',
  'b',
  'A',
  '$',
  '$SYS',
  ' ',
  'é',
  'e\u0301',
  '𝄞',
  '__proto__',
  'constructor',
  '\ufeff',
];

const level = fc.constantFrom(...levels, 'a', 'b', 'a', 'b');

/** Names of few different levels, so that filters often match them. */
export const names: fc.Arbitrary<string> = fc
  .array(level, { minLength: 1, maxLength: 5 })
  .map((all) => all.join('/'));

const filterLevels = fc.tuple(
  fc.array(fc.oneof({ weight: 2, arbitrary: level }, { weight: 1, arbitrary: fc.constant('+') }), {
    minLength: 1,
    maxLength: 5,
  }),
  fc.constantFrom('', '/#', '/#'),
);

const ordinaryFilters = fc.oneof(
  { weight: 20, arbitrary: filterLevels.map(([all, end]) => all.join('/') + end) },
  { weight: 1, arbitrary: fc.constantFrom('#', '+', '/', '+/+', '/+', '//#') },
);

/** Filters, nearly all valid, some shared. */
export const filters: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: ordinaryFilters },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('g', 'h', ' ', '$share', '__proto__'), ordinaryFilters)
      .map(([name, filter]) => `$share/${name}/${filter}`),
  },
);

/** Any text of the characters that matter, mostly neither a name nor a filter. */
export const texts: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      '/',
      '/',
      '+',
      '#',
      '$',
      '$share',
      '$share/',
      '\0',
      '\ud800',
      '\udc00',
      'é',
      '€',
    ),
    {
      maxLength: 8,
    },
  )
  .map((all) => all.join(''));
