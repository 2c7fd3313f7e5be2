/** Settings: usual ones, and above them those that somebody has given. */
import { type Fields, isJson } from './fields.js';

type Range = readonly [lowest: number, highest: number];

/**
 * What is given, and where nothing is, the usual; every field has to be known, of the type of the usual one, and in
 * its range. Throws FieldError.
 */
export function settingsOf<T extends object>(
  usual: T,
  fields: Fields,
  ranges: Readonly<Record<string, Range>> = {},
  usualRange: Range = [1, 1_000_000_000],
): T {
  const settings = Object.entries(usual).map(([name, value]) => {
    if (isJson(value)) return [name, settingsOf(value, fields.inner(name), ranges, usualRange)];
    if (typeof value === 'boolean') return [name, fields.flag(name) ?? value];
    if (typeof value === 'string') return [name, fields.text(name) ?? value];
    return [name, fields.integer(name, ...(ranges[name] ?? usualRange)) ?? value];
  });
  fields.allRead();
  return Object.fromEntries(settings) as T;
}
