// owned: numbers for the names of levels, given out while they are in use.

/**
 * A copy of part of a string that does not keep the whole alive. Engines may let a slice point into its
 * source; a few characters of a hostile 64 KiB filter would then hold all of it after the filter is gone.
 * Copying costs more than slicing, so short sources, where little is at stake, are left to the engine.
 */
export function detachedSlice(source: string, start: number, end: number): string {
  const slice = source.slice(start, end);
  return source.length - slice.length < 1024 ? slice : slice.split('').join('');
}

/** Level names with a number each, and a count of the places that hold it. */
export class LevelNames {
  /** A Map, since engines seed the hashes of its strings: nobody can choose names that collide. */
  #numbers: Map<string, number> = new Map();
  #names: string[] = [];
  #uses: number[] = [];
  #free: number[] = [];

  /** How many names have a number. */
  get size(): number {
    return this.#numbers.size;
  }

  /** The number of a name, or -1. */
  get(name: string): number {
    return this.#numbers.get(name) ?? -1;
  }

  /** The number of the level that stands in `filter` from `start` to `end`, held once more from now on. */
  use(filter: string, start: number, end: number): number {
    let number = this.get(filter.slice(start, end));
    if (number < 0) {
      const name = detachedSlice(filter, start, end);
      number = this.#free.pop() ?? this.#names.length;
      this.#names[number] = name;
      this.#uses[number] = 0;
      this.#numbers.set(name, number);
    }
    this.#uses[number]!++;
    return number;
  }

  /** Gives a number back once; with the last time the name goes. */
  release(number: number): void {
    if (--this.#uses[number]! > 0) return;
    this.#numbers.delete(this.#names[number]!);
    this.#names[number] = '';
    this.#free.push(number);
  }
}
