// owned: the values stored under one filter.

/** The values from the second one on: a list to read, and where in it each value stands. */
interface Many<T> {
  readonly items: T[];
  readonly positions: Map<T, number>;
  /** Whether a visitor is reading `items`, which must then not change under it. */
  isLent: boolean;
}

/** Equality as in a Set. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/**
 * A set of values. Most filters have one subscriber, so a single value costs no collection of its own; more of
 * them stand in an array, from which a broker can pick the member of a shared group that is next.
 */
export class FilterValues<T> {
  size = 0;
  #only: T | undefined = undefined;
  #many: Many<T> | undefined = undefined;

  constructor(readonly filter: string) {}

  has(value: T): boolean {
    if (this.#many !== undefined) return this.#many.positions.has(value);
    return this.size === 1 && isSame(this.#only, value);
  }

  /** False when the value was there already. */
  add(value: T): boolean {
    if (this.has(value)) return false;
    if (this.size === 0) {
      this.#only = value;
    } else if (this.size === 1) {
      const items = [...this.list(), value];
      const positions = new Map(items.map((item, position) => [item, position]));
      this.#many = { items, positions, isLent: false };
      this.#only = undefined;
    } else {
      const { items, positions } = this.#changeable();
      positions.set(value, items.push(value) - 1);
    }
    this.size++;
    return true;
  }

  /** False when the value was not there. The last of the values takes its place. */
  delete(value: T): boolean {
    if (!this.has(value)) return false;
    this.size--;
    if (this.#many === undefined) {
      this.#only = undefined;
      return true;
    }
    const { items, positions } = this.#changeable();
    const position = positions.get(value)!;
    const last = items.pop()!;
    positions.delete(value);
    if (position < items.length) {
      items[position] = last;
      positions.set(last, position);
    }
    if (items.length === 1) {
      this.#only = items[0];
      this.#many = undefined;
    }
    return true;
  }

  /** Calls back with each value; what the callback adds or removes here does not show before the end. */
  visit(callback: (value: T, filter: string) => void): void {
    if (this.#many === undefined) {
      if (this.size === 1) callback(this.#only as T, this.filter);
      return;
    }
    this.lend((_filter, items) => {
      for (const item of items) callback(item, this.filter);
    });
  }

  /** Calls back with all values as a list, unless there are none. */
  lend(callback: (filter: string, values: readonly T[]) => void): void {
    const many = this.#many;
    if (many === undefined) {
      if (this.size === 1) callback(this.filter, this.list());
      return;
    }
    const wasLent = many.isLent;
    many.isLent = true;
    callback(this.filter, many.items);
    many.isLent = wasLent;
  }

  /** The values, to be read at once. */
  list(): readonly T[] {
    if (this.#many !== undefined) return this.#many.items;
    return this.size === 0 ? [] : [this.#only as T];
  }

  /** The list when it may be changed: a visitor keeps the old one, and what follows works on a copy. */
  #changeable(): Many<T> {
    const many = this.#many!;
    if (!many.isLent) return many;
    const copy = { items: many.items.slice(), positions: many.positions, isLent: false };
    this.#many = copy;
    return copy;
  }
}
