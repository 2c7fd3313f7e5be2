// @ts-nocheck
import type { Sender } from '../../src/codec.js';

/** A promise that was broken. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

export function demand(holds: boolean, told: string): asserts holds {
  if (!holds) throw new Broken(told);
}

export const SENDERS: readonly (Sender | undefined)[] = [undefined, 'client', 'server'];

/** One of a list, whatever the number. */
export const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!;
