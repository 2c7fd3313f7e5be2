/**
 * fast-check arbitraries that are driven by bytes: what is mutated is the choices, and so what comes out has the
 * structure that the arbitrary gives it.
 */
// @ts-nocheck

import fc, { type Arbitrary } from 'fast-check';
import { diceOf } from './mutate.js';

/** The value that an arbitrary makes of some bytes: always the same one. */
export function valueFrom<T>(arbitrary: Arbitrary<T>, bytes: Uint8Array): T {
  let at = 0;
  // When the bytes are used up, the choices go on by themselves.
  const rest = diceOf(bytes.length);
  const next = (): number => {
    if (at + 4 > bytes.length) return (rest(65_536) << 16) | rest(65_536);
    at += 4;
    return (bytes[at - 4]! << 24) | (bytes[at - 3]! << 16) | (bytes[at - 2]! << 8) | bytes[at - 1]!;
  };
  const generator = { next, clone: () => generator, getState: () => [] };
  return arbitrary.generate(new fc.Random(generator), 2).value_;
}
