// @ts-nocheck
// pure: checks of stored values, made of smaller checks.
import { booleanOf, countOf, invalid, listOf, recordOf, timeOf } from '../session/restore.js';

/** Gives back what it was given if it is in order, and throws InvalidPacketError, naming the place, if not. */
export type Check<T> = (value: unknown, at: string) => T;

/** A boolean. */
export const aBoolean: Check<boolean> = booleanOf;
/** A time in milliseconds. */
export const aTime: Check<number> = timeOf;

/** A whole number within limits. */
export function aNumber(minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): Check<number> {
  return (value, at) => {
    if (countOf(value, at, minimum) > maximum) throw invalid(at);
    return value as number;
  };
}

/** A string. */
export function aString(value: unknown, at: string): string {
  if (typeof value !== 'string') throw invalid(at);
  return value;
}

/** One of a few values. */
export function oneOf<const T extends string | number>(...values: readonly T[]): Check<T> {
  return (value, at) => {
    const found = values.find((one) => one === value);
    if (found === undefined) throw invalid(at);
    return found;
  };
}

/** What may be missing. */
export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value, at) => (value === undefined ? undefined : check(value, at));
}

/** A list. */
export function listOfAll<T>(check: Check<T>): Check<readonly T[]> {
  return (value, at) => listOf(value, at, check);
}

/** An object with these fields; others are left behind. */
export function objectOf<T extends object>(fields: { readonly [K in keyof T]: Check<T[K]> }): Check<T> {
  return (value, at) => {
    const row = recordOf(value, at);
    const result: Partial<T> = {};
    for (const key of Object.keys(fields) as (keyof T & string)[])
      result[key] = fields[key](row[key], `${at}.${key}`);
    return result as T;
  };
}
