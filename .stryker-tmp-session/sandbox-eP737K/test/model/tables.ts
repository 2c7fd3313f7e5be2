/** Values under numbers, equal ones under one; each is checked when it first comes. */
// @ts-nocheck

export class Table<T> {
  readonly #values: T[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(
    readonly keyOf: (value: T) => string,
    readonly check: (value: T) => void = () => {},
  ) {}

  get(number: number): T {
    return this.#values[number]!;
  }

  add(value: T): number {
    const key = this.keyOf(value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.check(value);
    this.#numbers.set(key, this.#values.length);
    return this.#values.push(value) - 1;
  }

  get size(): number {
    return this.#values.length;
  }
}

/** Remembers what a function gave for a number. */
export function remembering<T>(run: (number: number) => T): (number: number) => T {
  const known = new Map<number, T>();
  return (number) => {
    let value = known.get(number);
    if (value === undefined) {
      value = run(number);
      known.set(number, value);
    }
    return value;
  };
}

const WIDE = 1_000_000;

/** Remembers what a function gave for two numbers, the second below a million. */
export function rememberingPairs<T>(run: (a: number, b: number) => T): (a: number, b: number) => T {
  const known = remembering((pair) => run(Math.floor(pair / WIDE), pair % WIDE));
  return (a, b) => known(a * WIDE + b);
}
