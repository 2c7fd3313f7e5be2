/** Filters of subscriptions: which bodies they match. */
import { FieldError, isJson, type Json } from '../fields/fields.js';

export type Filter = (body: Json) => boolean;

/** How long a filter may be, in characters: every message is held against it. */
const LENGTH = 4_096;

const BOUNDS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  gt: (value, bound) => value > bound,
  gte: (value, bound) => value >= bound,
  lt: (value, bound) => value < bound,
  lte: (value, bound) => value <= bound,
};

/** Reads one term; `at` is where it stands. Throws FieldError. */
const TERMS: Readonly<Record<string, (given: unknown, at: string) => Filter>> = {
  and: (given, at) => {
    const parts = partsOf(given, at);
    return (body) => parts.every((matches) => matches(body));
  },
  or: (given, at) => {
    const parts = partsOf(given, at);
    return (body) => parts.some((matches) => matches(body));
  },
  not: (given, at) => {
    const inner = read(given, at);
    return (body) => !inner(body);
  },
  exists: (given, at) => {
    const path = isJson(given) ? given['field'] : given;
    if (typeof path !== 'string') throw new FieldError(at, 'it has to name a field');
    return (body) => valueAt(body, path) !== undefined;
  },
  equals: term,
  term,
  in: (given, at) => {
    const [path, wanted] = fieldOf(given, at);
    if (!Array.isArray(wanted) || !wanted.every(isPlain))
      throw new FieldError(`${at}.${path}`, 'it has to be a list of values');
    return (body) => wanted.includes(valueAt(body, path));
  },
  range: (given, at) => {
    const [path, bounds] = fieldOf(given, at);
    const tests = Object.entries(isJson(bounds) ? bounds : { '': null }).map(([name, bound]) => {
      const compare = Object.hasOwn(BOUNDS, name) ? BOUNDS[name] : undefined;
      if (compare === undefined || typeof bound !== 'number')
        throw new FieldError(`${at}.${path}`, `it takes ${Object.keys(BOUNDS).join(', ')} with numbers`);
      return (value: number) => compare(value, bound);
    });
    return (body) => {
      const value = valueAt(body, path);
      return typeof value === 'number' && tests.every((test) => test(value));
    };
  },
};

/** Reads `{}`, which matches everything, or a term. Throws FieldError. */
export function filterOf(json: Json): Filter {
  if (JSON.stringify(json).length > LENGTH) {
    throw new FieldError('body', `a filter has at most ${LENGTH} characters`);
  }
  return read(json, 'body');
}

function read(given: unknown, at: string): Filter {
  if (!isJson(given)) throw new FieldError(at, 'it has to be an object');
  const [[name, value] = [], ...more] = Object.entries(given);
  if (name === undefined) return () => true;
  if (more.length > 0) throw new FieldError(at, 'one term is allowed; and, or join more');
  const readTerm = Object.hasOwn(TERMS, name) ? TERMS[name] : undefined;
  if (readTerm === undefined) throw new FieldError(`${at}.${name}`, 'there is no such term');
  return readTerm(value, `${at}.${name}`);
}

function term(given: unknown, at: string): Filter {
  const [path, wanted] = fieldOf(given, at);
  if (!isPlain(wanted)) throw new FieldError(`${at}.${path}`, 'it has to be a value');
  return (body) => valueAt(body, path) === wanted;
}

function partsOf(given: unknown, at: string): readonly Filter[] {
  if (!Array.isArray(given)) throw new FieldError(at, 'it has to be a list');
  return given.map((part: unknown, index) => read(part, `${at}[${index}]`));
}

function fieldOf(given: unknown, at: string): [path: string, wanted: unknown] {
  const [field, ...more] = isJson(given) ? Object.entries(given) : [];
  if (field === undefined || more.length > 0) throw new FieldError(at, 'it has to be about one field');
  return field;
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

/** What stands at a path such as `sender.name`. */
function valueAt(body: Json, path: string): unknown {
  const step = (value: unknown, name: string): unknown =>
    isJson(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return path.split('.').reduce<unknown>(step, body);
}
