/** Filters of subscriptions: which bodies they match. */
import { isJson, type Json, RequestError } from './request.js';

export type Filter = (body: Json) => boolean;

/** How long a filter may be, in characters: every message is held against it. */
const LENGTH = 4_096;

const BOUNDS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  gt: (value, bound) => value > bound,
  gte: (value, bound) => value >= bound,
  lt: (value, bound) => value < bound,
  lte: (value, bound) => value <= bound,
};

/** Reads `{}`, `term`/`equals`, `in`, `exists`, `range`, `and`, `or` and `not`. Throws RequestError. */
export function filterOf(json: Json): Filter {
  if (JSON.stringify(json).length > LENGTH) {
    throw new RequestError(400, `body: a filter has at most ${LENGTH} characters`);
  }
  return read(json, 'body');

  function read(given: unknown, at: string): Filter {
    if (!isJson(given)) throw new RequestError(400, `${at}: it has to be an object`);
    const [[name, value] = [], ...more] = Object.entries(given);
    if (name === undefined) return () => true;
    if (more.length > 0) throw new RequestError(400, `${at}: one term is allowed; and, or join more`);
    const here = `${at}.${name}`;
    if (name === 'and' || name === 'or') {
      if (!Array.isArray(value)) throw new RequestError(400, `${here}: it has to be a list`);
      const parts = value.map((part: unknown, index) => read(part, `${here}[${index}]`));
      return (body) => (name === 'and' ? parts.every((is) => is(body)) : parts.some((is) => is(body)));
    }
    if (name === 'not') {
      const inner = read(value, here);
      return (body) => !inner(body);
    }
    return testOf(name, value, here);
  }
}

function testOf(name: string, value: unknown, at: string): Filter {
  if (name === 'exists') {
    const path = isJson(value) ? value['field'] : value;
    if (typeof path !== 'string') throw new RequestError(400, `${at}: it has to name a field`);
    return (body) => valueAt(body, path) !== undefined;
  }
  if (!['term', 'equals', 'in', 'range'].includes(name))
    throw new RequestError(400, `${at}: there is no such term`);
  const [[path, wanted] = [], ...more] = isJson(value) ? Object.entries(value) : [];
  if (path === undefined || more.length > 0)
    throw new RequestError(400, `${at}: it has to be about one field`);
  if (name === 'range') return rangeOf(path, wanted, `${at}.${path}`);
  const values: readonly unknown[] = name === 'in' && Array.isArray(wanted) ? wanted : [wanted];
  if (
    values.some((one) => typeof one === 'object' && one !== null) ||
    (name === 'in' && !Array.isArray(wanted))
  ) {
    throw new RequestError(
      400,
      `${at}.${path}: it has to be a ${name === 'in' ? 'list of values' : 'value'}`,
    );
  }
  return (body) => values.includes(valueAt(body, path));
}

function rangeOf(path: string, bounds: unknown, at: string): Filter {
  const tests = Object.entries(isJson(bounds) ? bounds : { '': null }).map(([name, bound]) => {
    const compare = Object.hasOwn(BOUNDS, name) ? BOUNDS[name] : undefined;
    if (compare === undefined || typeof bound !== 'number') {
      throw new RequestError(400, `${at}: it takes ${Object.keys(BOUNDS).join(', ')} with numbers`);
    }
    return (value: number) => compare(value, bound);
  });
  return (body) => {
    const value = valueAt(body, path);
    return typeof value === 'number' && tests.every((test) => test(value));
  };
}

/** What stands at a path such as `sender.name`. */
function valueAt(body: Json, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (isJson(value) && Object.hasOwn(value, name) ? value[name] : undefined),
      body,
    );
}
