// @ts-nocheck
// Random numbers from a seed, and changes of bytes.

/** Whole numbers from 0 up to, and without, a bound. */
export type Dice = (bound: number) => number;

/** A small generator (mulberry32): good enough to choose with, and the same everywhere. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * bound);
  };
}

/** Random bytes. */
export function randomBytes(dice: Dice, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => dice(256));
}

// Where integers and lengths of the protocol change their form.
const INTERESTING = [
  0, 1, 2, 3, 4, 5, 0x10, 0x1f, 0x20, 0x26, 0x7f, 0x80, 0x81, 0xc0, 0xe0, 0xed, 0xf0, 0xfe, 0xff,
];
const WORDS = ['MQTT', 'MQIsdp', '$share/', '#', '+', '/', '\0', '\u{feff}'].map((word) =>
  new TextEncoder().encode(word),
);
const LARGEST = 8_192;

function spliced(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length - removed + added.length);
  result.set(bytes.subarray(0, at));
  result.set(added, at);
  result.set(bytes.subarray(at + removed), at + added.length);
  return result;
}

type Change = (bytes: Uint8Array, at: number, dice: Dice, other: Uint8Array) => Uint8Array;

const replaced = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const result = bytes.slice();
  if (at < result.length) result[at] = value;
  return result;
};

const CHANGES: readonly Change[] = [
  (bytes, at, dice) => replaced(bytes, at, (bytes[at] ?? 0) ^ (1 << dice(8))),
  (bytes, at, dice) => replaced(bytes, at, dice(256)),
  (bytes, at, dice) => replaced(bytes, at, INTERESTING[dice(INTERESTING.length)]!),
  (bytes, at, dice) => replaced(bytes, at, (bytes[at] ?? 0) + dice(9) - 4),
  (bytes, at, dice) => spliced(bytes, at, 0, randomBytes(dice, 1 + dice(4))),
  (bytes, at, dice) => spliced(bytes, at, 0, WORDS[dice(WORDS.length)]!),
  (bytes, at, dice) => spliced(bytes, at, Math.min(1 + dice(8), bytes.length - at), new Uint8Array(0)),
  (bytes, at) => bytes.slice(0, at),
  (bytes, at, dice) => spliced(bytes, at, 0, bytes.subarray(at, at + 1 + dice(16))),
  (bytes, at, dice, other) => {
    const from = dice(other.length + 1);
    return spliced(bytes, at, 0, other.subarray(from, from + 1 + dice(32)));
  },
  (bytes, at, dice, other) => spliced(bytes, at, bytes.length - at, other.subarray(dice(other.length + 1))),
];

/** Bytes with one to eight changes, some of which take from other bytes. */
export function mutate(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  let result = bytes;
  for (let left = 1 + dice(1 + dice(8)); left > 0; left--) {
    // Much of what matters stands near the front.
    const at = dice(2) === 0 ? dice(Math.min(24, result.length + 1)) : dice(result.length + 1);
    result = CHANGES[dice(CHANGES.length)]!(result, at, dice, other);
  }
  return result.length > LARGEST ? result.slice(0, LARGEST) : result;
}
