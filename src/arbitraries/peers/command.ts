// pure: what the steps of a test are made of, and how they are played to a peer.
import type { AsyncCommand } from 'fast-check';
import * as fc from 'fast-check';
import type { Trial } from './trial.js';

/** What steps act upon. */
interface Played {
  readonly trial: Trial;
  /** Comes to an end in peace, and demands what is still due. */
  settle(): Promise<void>;
  /** Leaves nothing behind. */
  tidy(): Promise<void>;
}

/** A step in words, which is taken where the check holds. */
export function command<Run extends Played>(
  words: string,
  check: (run: Readonly<Run>) => boolean,
  act: (run: Run) => void | Promise<void>,
): AsyncCommand<Run, Run> {
  return {
    check,
    run: async (_, run) => {
      run.trial.note(`-- ${words}`);
      await act(run);
      run.trial.check();
    },
    toString: () => words,
  };
}

/** Takes all steps, whatever comes of it. */
export async function play<Run extends Played>(
  run: Run,
  commands: Iterable<AsyncCommand<Run, Run>>,
): Promise<void> {
  try {
    await fc.asyncModelRun(() => ({ model: run, real: run }), commands);
    await run.settle();
  } finally {
    await run.tidy();
  }
}
