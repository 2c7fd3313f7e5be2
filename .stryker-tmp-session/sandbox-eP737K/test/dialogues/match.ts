// @ts-nocheck
import { toHex } from '../codec/fixtures.js';

const show = (value: unknown): string =>
  JSON.stringify(value, (_key, field: unknown) =>
    field instanceof Uint8Array ? { $bytes: toHex(field) } : field,
  ) ?? 'undefined';

/**
 * Where a value differs from what is expected of it, in words; undefined where it does not.
 *
 * Fields that are not expected do not matter; `null` expects a field not to be there. Lists have to have the same
 * length. A string that is expected where bytes are stands for its UTF-8.
 */
export function difference(actual: unknown, expected: unknown, at: string): string | undefined {
  const differs = `${at}: expected ${show(expected)}, got ${show(actual)}`;
  if (expected === null) return actual === undefined ? undefined : differs;
  if (actual instanceof Uint8Array) {
    const bytes = typeof expected === 'string' ? new TextEncoder().encode(expected) : expected;
    return bytes instanceof Uint8Array && toHex(bytes) === toHex(actual) ? undefined : differs;
  }
  if (typeof expected !== 'object') return actual === expected ? undefined : differs;
  if (typeof actual !== 'object' || actual === null) return differs;
  if (Array.isArray(expected)) {
    return Array.isArray(actual) ? differenceOfLists(actual, expected, at) : differs;
  }
  for (const [key, field] of Object.entries(expected)) {
    const found = difference(Reflect.get(actual, key), field, `${at}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where two lists differ: in an item, or in how many there are. */
export function differenceOfLists(
  actual: readonly unknown[],
  expected: readonly unknown[],
  at: string,
): string | undefined {
  for (const [index, item] of expected.entries()) {
    const found = difference(actual[index], item, `${at}[${index}]`);
    if (found !== undefined) return found;
  }
  if (actual.length === expected.length) return undefined;
  return `${at}: nothing more expected, got ${show(actual.slice(expected.length))}`;
}
