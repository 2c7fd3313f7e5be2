/** A line that somebody has typed, taken apart; what is wrong is told with the name of the field. */
import { number, qosOf, UsageError } from '../client/command/arguments.js';

const WORD = /^\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'])+)(?=\s|$)/;

/** The first word of a line, without its quotes, and what follows it as it stands. */
export function firstWord(line: string): readonly [word: string, rest: string] {
  if (line.trim() === '') return ['', ''];
  const [whole, word] = WORD.exec(line) ?? [];
  if (whole === undefined || word === undefined) throw new UsageError('a quote is not closed');
  const bare = word.replace(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
    (_, double?: string, single?: string) => single ?? double?.replace(/\\(.)/g, '$1') ?? '',
  );
  return [bare, line.slice(whole.length)];
}

export function words(line: string): readonly string[] {
  const found: string[] = [];
  for (let [word, rest] = firstWord(line); word !== '' || rest !== ''; [word, rest] = firstWord(rest)) {
    found.push(word);
  }
  return found;
}

/** Reads the value of a field. Throws UsageError, which names it. */
type Field<T> = (text: string, name: string) => T;
type Fields = Readonly<Record<string, Field<unknown>>>;
export type Values<F extends Fields> = { readonly [N in keyof F]?: ReturnType<F[N]> | undefined };

export const text: Field<string> = (value) => value;
export const qos: Field<0 | 1 | 2> = qosOf;
export const whole =
  (least: number, most: number): Field<number | undefined> =>
  (value, name) =>
    number(value, name, [least, most]);
export const oneOf =
  <T>(values: Readonly<Record<string, T>>): Field<T> =>
  (value, name) => {
    const found = Object.entries(values).find(([key]) => key === value);
    if (found !== undefined) return found[1];
    throw new UsageError(`${name} takes ${Object.keys(values).join(' or ')}, not ${JSON.stringify(value)}`);
  };
export const yesNo: Field<boolean> = oneOf({ yes: true, no: false });

/** Reads `name=value` after `name=value`. Throws UsageError. */
export function readFields<F extends Fields>(pairs: readonly string[], fields: F): Values<F> {
  const values: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    const field = name !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (name === undefined || field === undefined) {
      const what =
        name === undefined ? 'field=value is expected' : `there is no field ${JSON.stringify(name)}`;
      throw new UsageError(`${what}; the fields are ${Object.keys(fields).join(', ')}`);
    }
    if (name in values) throw new UsageError(`${name} is given twice`);
    values[name] = field(value, name);
  }
  return values as Values<F>;
}
