/** Filters of subscriptions: which bodies they match. */
import { FieldError, isJson, type Json, own } from '../fields/fields.js';

export type Filter = (body: Json) => boolean;

/** How long a filter may be, in characters: every message is held against it. */
const LENGTH = 4_096;

const BOUNDS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  gt: (value, bound) => value > bound,
  gte: (value, bound) => value >= bound,
  lt: (value, bound) => value < bound,
  lte: (value, bound) => value <= bound,
};

type Reader<T> = (given: unknown, at: string) => T;

/** What a term asks of the value of the one field that it is about. All of these throw FieldError. */
const equals: Reader<(value: unknown) => boolean> = (wanted, at) => {
  if (!isPlain(wanted)) throw new FieldError(at, 'it has to be a value');
  return (value) => value === wanted;
};
const VALUES: Readonly<Record<string, typeof equals>> = {
  equals,
  term: equals,
  in: (wanted, at) => {
    if (Array.isArray(wanted) && wanted.every(isPlain)) return (value) => wanted.includes(value);
    throw new FieldError(at, 'it has to be a list of values');
  },
  range: (bounds, at) => {
    const tests = Object.entries(isJson(bounds) ? bounds : { '': null }).map(([name, bound]) => {
      const compare = own(BOUNDS, name);
      if (compare !== undefined && typeof bound === 'number') return (value: number) => compare(value, bound);
      throw new FieldError(at, `it takes ${Object.keys(BOUNDS).join(', ')} with numbers`);
    });
    return (value) => typeof value === 'number' && tests.every((test) => test(value));
  },
};

/** Terms that are not about one value. */
const TERMS: Readonly<Record<string, Reader<Filter>>> = {
  and: (given, at) => {
    const parts = partsOf(given, at);
    return (body) => parts.every((matches) => matches(body));
  },
  or: (given, at) => {
    const parts = partsOf(given, at);
    return (body) => parts.some((matches) => matches(body));
  },
  not: (given, at) => {
    const matches = read(given, at);
    return (body) => !matches(body);
  },
  exists: (given, at) => {
    const path = isJson(given) ? given['field'] : given;
    if (typeof path !== 'string') throw new FieldError(at, 'it has to name a field');
    return (body) => valueAt(body, path) !== undefined;
  },
};

/** Reads `{}`, which matches everything, or a term. Throws FieldError. */
export function filterOf(json: Json): Filter {
  if (JSON.stringify(json).length <= LENGTH) return read(json, 'body');
  throw new FieldError('body', `a filter has at most ${LENGTH} characters`);
}

function read(given: unknown, at: string): Filter {
  if (!isJson(given)) throw new FieldError(at, 'it has to be an object');
  const [[name, value] = [], ...more] = Object.entries(given);
  if (name === undefined) return () => true;
  if (more.length > 0) throw new FieldError(at, 'one term is allowed; and, or join more');
  const place = `${at}.${name}`;
  const readTerm = own(TERMS, name);
  if (readTerm !== undefined) return readTerm(value, place);
  const readValue = own(VALUES, name);
  if (readValue === undefined) throw new FieldError(place, 'there is no such term');
  const [[path, wanted] = [], ...others] = isJson(value) ? Object.entries(value) : [];
  if (path === undefined || others.length > 0) throw new FieldError(place, 'it has to be about one field');
  const matches = readValue(wanted, `${place}.${path}`);
  return (body) => matches(valueAt(body, path));
}

function partsOf(given: unknown, at: string): readonly Filter[] {
  if (!Array.isArray(given)) throw new FieldError(at, 'it has to be a list');
  return given.map((part: unknown, index) => read(part, `${at}[${index}]`));
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** What stands at a path such as `sender.name`. */
function valueAt(body: Json, path: string): unknown {
  const step = (value: unknown, name: string): unknown => (isJson(value) ? own(value, name) : undefined);
  return path.split('.').reduce<unknown>(step, body);
}
