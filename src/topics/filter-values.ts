// owned: the values stored under one filter, where there may be several.

/** Equality as in a Set. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/**
 * A set of values, in an array: from it a broker can pick the member of a shared group that is next, which a Set
 * does not allow in constant time.
 */
export class FilterValues<T> {
  #items: T[] = [];
  readonly #positions: Map<T, number> = new Map();
  /** Whether a visitor is reading the items, which must then not change under it. */
  #isLent = false;

  constructor(readonly filter: string) {}

  get size(): number {
    return this.#items.length;
  }

  has(value: T): boolean {
    return this.#positions.has(value);
  }

  /** False when the value was there already. */
  add(value: T): boolean {
    if (this.has(value)) return false;
    this.#positions.set(value, this.#changeableItems().push(value) - 1);
    return true;
  }

  /** False when the value was not there. The last of the values takes its place. */
  delete(value: T): boolean {
    const position = this.#positions.get(value);
    if (position === undefined) return false;
    this.#positions.delete(value);
    const items = this.#changeableItems();
    const last = items.pop() as T;
    if (position < items.length) {
      items[position] = last;
      this.#positions.set(last, position);
    }
    return true;
  }

  /** Appends the values to `list`. */
  appendTo(list: T[]): void {
    for (const item of this.#items) list.push(item);
  }

  /** Calls back with each value; what the callback adds or removes here does not show before the end. */
  visit(callback: (value: T, filter: string) => void): void {
    this.lend((filter, items) => {
      for (const item of items) callback(item, filter);
    });
  }

  /** Calls back with all values as a list, unless there are none; it stays as it is during the call. */
  lend(callback: (filter: string, values: readonly T[]) => void): void {
    if (this.size === 0) return;
    const wasLent = this.#isLent;
    this.#isLent = true;
    callback(this.filter, this.#items);
    this.#isLent = wasLent;
  }

  /** The values, to be read at once. */
  list(): readonly T[] {
    return this.#items;
  }

  /** A visitor keeps the list it has, and what follows works on a copy. */
  #changeableItems(): T[] {
    if (this.#isLent) {
      this.#items = this.#items.slice();
      this.#isLent = false;
    }
    return this.#items;
  }
}
