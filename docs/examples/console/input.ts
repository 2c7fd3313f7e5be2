/** A line that somebody has typed, taken apart; what is wrong is told with the name of the field. */
import { UsageError } from '../client/command/arguments.js';
import { FieldError, Fields } from '../fields/fields.js';

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

/** Fields as they are typed: `will-topic` for `willTopic`, and `yes` or `no`. */
class TypedFields extends Fields {
  override value(name: string): unknown {
    return super.value(typed(name));
  }

  override error(name: string, problem: string): FieldError {
    return super.error(typed(name), problem);
  }

  override flag(name: string): boolean | undefined {
    return this.choice(name, { yes: true, no: false });
  }
}

const typed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** What `name=value` after `name=value` says. Throws FieldError. */
export function fieldsOf(pairs: readonly string[]): Fields {
  const values: Record<string, string> = {};
  for (const pair of pairs) {
    const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined) throw new FieldError(pair, 'field=value is expected');
    if (Object.hasOwn(values, name)) throw new FieldError(name, 'it is given twice');
    values[name] = value;
  }
  return new TypedFields(values);
}
