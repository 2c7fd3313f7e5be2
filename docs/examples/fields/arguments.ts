/** The command line of a program, read as its help says, and files that it names. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FieldError, Fields } from './fields.js';

export interface Arguments {
  /** By their names with `--`; of those that are repeated the last one. */
  readonly fields: Fields;
  /** All that were given under a name without `--`; undefined: none was. */
  all(name: string): readonly string[] | undefined;
}

/** Takes `--name VALUE` for each that stands so in the help, and `--help`, which prints it: then there is nothing to do. */
export function argumentsOf(help: string): Arguments | undefined {
  const names = [...help.matchAll(/--([a-z-]+) [A-Za-z]/g)].map(([, name = '']) => name);
  const text = { type: 'string', multiple: true } as const;
  const options = Object.fromEntries(names.map((name) => [name, text]));
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } });
  if (values.help === true) {
    console.log(help);
    return undefined;
  }
  const all = (name: string): string[] | undefined => {
    const value: unknown = Reflect.get(values, name);
    return Array.isArray(value) ? value.map(String) : undefined;
  };
  const last = names.map((name) => [`--${name}`, all(name)?.at(-1)]);
  return { fields: new Fields(Object.fromEntries(last)), all };
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

/** Says what went wrong, and ends the process. */
export function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
