/** The command line of a program, read as its help says, and files that it names. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FieldError, Fields } from './fields.js';

export interface Arguments {
  /** By their names with `--`; of those that are repeated the last one. */
  readonly fields: Fields;
  /** All that were given under a name without `--`; undefined: none was. */
  all(name: string): readonly string[] | undefined;
  /** Whether a name without `--` was given that takes no value. */
  has(name: string): boolean;
}

/**
 * Takes `--name VALUE` for each that stands so in the help, `--name` for each that has a gap behind it, and `--help`,
 * which prints it: then there is nothing to do.
 */
export function argumentsOf(help: string): Arguments | undefined {
  const named = (pattern: RegExp): string[] => [...help.matchAll(pattern)].map(([, name = '']) => name);
  const names = named(/--([a-z-]+) [A-Za-z\d]/g);
  const text = { type: 'string', multiple: true } as const;
  const flag = { type: 'boolean' } as const;
  const options = Object.fromEntries([
    ...named(/--([a-z-]+) {2}/g).map((name) => [name, flag] as const),
    ...names.map((name) => [name, text] as const),
  ]);
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } });
  const has = (name: string): boolean => Reflect.get(values, name) === true;
  if (has('help')) {
    console.log(help);
    return undefined;
  }
  const all = (name: string): string[] | undefined => {
    const value: unknown = Reflect.get(values, name);
    return Array.isArray(value) ? value.map(String) : undefined;
  };
  const last = names.map((name) => [`--${name}`, all(name)?.at(-1)]);
  return { fields: new Fields(Object.fromEntries(last)), all, has };
}

/** The contents of the file that a field names; undefined: it is not given. Throws FieldError. */
export function fileOf(fields: Fields, name: string): Buffer | undefined {
  const path = fields.text(name);
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new FieldError(name, error instanceof Error ? error.message : String(error));
  }
}

/** Does that when the process is told to end, which it does then. */
export function onSignal(stop: () => unknown): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void Promise.resolve(stop()).then(() => process.exit(0), fail));
  }
}

/** Says what went wrong, and ends the process. */
export function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
