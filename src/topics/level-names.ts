// owned: numbers for the names of levels, given out while they are in use.
import { PairTable } from './pair-table.js';

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

const SLASH = 0x2f;
/** In the table of hashes: there are several names with this hash. Any other entry is a number plus one. */
const SEVERAL = -1;

/** Level names with a number each, and a count of the places that hold it. */
export class LevelNames {
  /** A Map, since engines seed the hashes of its strings: nobody can choose names that collide. */
  #numbers: Map<string, number> = new Map();
  /**
   * The same by a hash of our own, which costs a fraction of cutting a string out of a name and having it hashed.
   * People can choose names that collide in it, so it holds only hashes of one name, and the Map has the rest.
   */
  #byHash = new PairTable();
  #keys: string[] = [];
  #hashes: number[] = [];
  #uses: number[] = [];
  #free: number[] = [];
  /** The index after the level that {@link hash} has read. */
  end = 0;

  /** How many names have a number, and for how many hashes there is room. */
  get capacity(): number {
    return this.#numbers.size + this.#byHash.capacity;
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

  /** Reads the level that begins at `start`, up to {@link end}, for {@link find}. */
  hash(text: string, start: number): number {
    let hash = 0x811c9dc5 | 0;
    let at = start;
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === SLASH) break;
      hash = Math.imul(hash ^ unit, 0x01000193);
    }
    this.end = at;
    return hash;
  }

  /** The number of the level that stands in `text` from `start` to `end` and has this hash, or -1. */
  find(text: string, start: number, end: number, hash: number): number {
    const at = this.#byHash.find(hash, 0);
    if (at < 0) return -1;
    const entry = this.#byHash.value(at);
    if (entry === SEVERAL || end - start > LONGEST_KEY) return this.get(text.slice(start, end));
    const key = this.#keys[entry - 1]!;
    return key.length === end - start && text.startsWith(key, start) ? entry - 1 : -1;
  }

  /** The number of the name that stands in `source` from `start` to `end`, held once more from now on. */
  use(source: string, start: number, end: number): number {
    const name = source.slice(start, end);
    let number = this.get(name);
    if (number < 0) {
      const key = this.#newKey(source, start, end);
      number = this.#free.pop() ?? this.#keys.length;
      this.#keys[number] = key;
      this.#hashes[number] = this.hash(name, 0);
      this.#uses[number] = 0;
      this.#numbers.set(key, number);
      this.#addHash(this.#hashes[number]!, number);
    }
    this.#uses[number]!++;
    return number;
  }

  /** Gives a number back once; with the last time the name goes. */
  release(number: number): void {
    if (--this.#uses[number]! > 0) return;
    const key = this.#keys[number]!;
    this.#numbers.delete(key);
    this.#removeHash(this.#hashes[number]!);
    this.#keys[number] = '';
    this.#free.push(number);
    if (key.startsWith('/')) for (const piece of key.slice(1).split('/')) this.release(Number(piece));
  }

  #addHash(hash: number, number: number): void {
    const at = this.#byHash.find(hash, 0);
    if (at < 0) this.#byHash.add(hash, 0, number + 1, 1);
    else this.#byHash.replace(at, SEVERAL, this.#byHash.extra(at) + 1);
  }

  /** Once several, a hash counts as that of several names until the last of them goes. */
  #removeHash(hash: number): void {
    const at = this.#byHash.find(hash, 0);
    const left = this.#byHash.extra(at) - 1;
    if (left === 0) this.#byHash.remove(at);
    else this.#byHash.replace(at, SEVERAL, left);
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
