/** A change of the code that makes a test fail which names the statement. */
// @ts-nocheck

export interface Proof {
  readonly file: string;
  /** Where it was when the proof was made. */
  readonly line: number;
  readonly original: string;
  readonly replacement: string;
  /** Which part of the tests that fail with the change names the statement: 1 when it breaks nothing else. */
  readonly share: number;
  /** The test's file and name. */
  readonly test: string;
  readonly byHand?: boolean;
}

/** Proofs by statement: `test/mutation/proof.json`. */
export type Proofs = Readonly<Record<string, Proof>>;

/** A way to break a statement that Stryker has no mutant for: `test/mutation/by-hand.json`. */
export interface ByHand {
  readonly statement: string;
  readonly file: string;
  /** Occurs once in the file. */
  readonly find: string;
  readonly replace: string;
}
