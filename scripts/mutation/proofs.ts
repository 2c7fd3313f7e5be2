/** A change of the code that makes a test fail which names the statement. */
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

/**
 * A way to break a statement that Stryker has no mutant for, or none that breaks just that: `test/mutation/by-hand.json`.
 * A statement may have several.
 */
export interface ByHand {
  readonly statement: string;
  readonly file: string;
  /** Occurs once in the file. */
  readonly find: string;
  readonly replace: string;
}
