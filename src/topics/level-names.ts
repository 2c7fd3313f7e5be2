// owned: numbers for the names of levels, given out while they are in use.

/**
 * V8 hashes strings of more than 16,383 characters by their length alone: filters made of such levels would all
 * meet in one bucket, and a few thousand of them would stop a broker. Longer names are therefore keyed by the
 * numbers of their pieces.
 */
const LONGEST_KEY = 8192;

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
  #keys: string[] = [];
  #uses: number[] = [];
  #free: number[] = [];

  /** How many names have a number. */
  get size(): number {
    return this.#numbers.size;
  }

  /** The number of a name, or -1. */
  get(name: string): number {
    if (name.length <= LONGEST_KEY) return this.#numbers.get(name) ?? -1;
    let key = '';
    for (let start = 0; start < name.length; start += LONGEST_KEY) {
      key += `/${this.get(name.slice(start, start + LONGEST_KEY))}`;
    }
    return this.#numbers.get(key) ?? -1;
  }

  /** The number of the name that stands in `source` from `start` to `end`, held once more from now on. */
  use(source: string, start: number, end: number): number {
    let number = this.get(source.slice(start, end));
    if (number < 0) {
      const key = this.#newKey(source, start, end);
      number = this.#free.pop() ?? this.#keys.length;
      this.#keys[number] = key;
      this.#uses[number] = 0;
      this.#numbers.set(key, number);
    }
    this.#uses[number]!++;
    return number;
  }

  /** Gives a number back once; with the last time the name goes. */
  release(number: number): void {
    if (--this.#uses[number]! > 0) return;
    const key = this.#keys[number]!;
    this.#numbers.delete(key);
    this.#keys[number] = '';
    this.#free.push(number);
    if (key.startsWith('/')) for (const piece of key.slice(1).split('/')) this.release(Number(piece));
  }

  /** What a name is looked up by: itself, or a slash (which no name contains) before each number of a piece. */
  #newKey(source: string, start: number, end: number): string {
    if (end - start <= LONGEST_KEY) return detachedSlice(source, start, end);
    let key = '';
    for (let at = start; at < end; at += LONGEST_KEY) {
      key += `/${this.use(source, at, Math.min(at + LONGEST_KEY, end))}`;
    }
    return key;
  }
}
