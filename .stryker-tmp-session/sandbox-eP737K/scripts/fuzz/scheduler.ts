// @ts-nocheck
// A fuzzer that keeps the inputs which reach new branches, and goes on from them.
import { type Dice, diceOf, mutate, randomBytes } from './mutate.js';

/** What is fuzzed. */
export interface Target {
  /** Throws where a promise is broken. */
  run(input: Uint8Array): void;
  /** Inputs to begin with. */
  seeds(dice: Dice): readonly Uint8Array[];
}

/** Tells of branches that ran. */
export interface Feedback {
  /** How many ran since the last call and never before; with `keep` they are no longer new. */
  fresh(keep: boolean): number;
}

export interface Budget {
  readonly seed: number;
  readonly seconds: number;
  readonly runs: number;
}

export interface Failure {
  readonly input: Uint8Array;
  readonly error: Error;
}

export interface Report {
  readonly executions: number;
  readonly seconds: number;
  /** How many inputs were kept beside the seeds. */
  readonly kept: number;
  readonly failures: readonly Failure[];
}

// Reading coverage costs milliseconds: a batch is what fits in a multiple of that, and of slow targets few inputs.
const LARGEST_BATCH = 256;
const BATCH_TIME = 40;
/** The part of the time that goes to inputs which are known already. */
const SEED_SHARE = 0.25;
const MOST_FAILURES = 10;
/** An input that takes longer than this, in milliseconds of processor time, is a failure. */
const SLOW = 2_000;

/** Told before every run, for a watchdog. */
export type Watch = (input: Uint8Array) => void;

/** Fuzzes a target until the budget is spent. */
export function fuzz(
  target: Target,
  feedback: Feedback | undefined,
  budget: Budget,
  watch: Watch = () => {},
): Report {
  const dice = diceOf(budget.seed);
  const began = performance.now();
  const until = began + budget.seconds * 1_000;
  const corpus = [...target.seeds(dice)];
  const firstKept = corpus.length;
  const failures = new Map<string, Failure>();
  let executions = 0;

  const run = (input: Uint8Array): void => {
    executions++;
    watch(input);
    const error = failureOf(target, input);
    if (error === undefined) return;
    const kind = kindOf(error);
    if (!failures.has(kind)) failures.set(kind, minimal(target, { input, error }, watch));
  };
  const isOver = (): boolean =>
    executions >= budget.runs || performance.now() >= until || failures.size >= MOST_FAILURES;

  /** Finds those of a batch that reached something new: by halves, since most have not. */
  const sift = (inputs: readonly Uint8Array[]): void => {
    if (feedback === undefined || feedback.fresh(inputs.length === 1) === 0) return;
    if (inputs.length === 1) {
      corpus.push(...inputs);
      return;
    }
    const half = inputs.length >> 1;
    for (const part of [inputs.slice(0, half), inputs.slice(half)]) {
      for (const input of part) failureOf(target, input);
      sift(part);
    }
  };

  for (const seed of shuffled(corpus, dice)) {
    if (isOver() || performance.now() - began > budget.seconds * 1_000 * SEED_SHARE) break;
    run(seed);
  }
  feedback?.fresh(true);
  while (!isOver()) {
    const batch: Uint8Array[] = [];
    const end = performance.now() + BATCH_TIME;
    do {
      const input = next(corpus, firstKept, dice);
      batch.push(input);
      run(input);
    } while (batch.length < LARGEST_BATCH && performance.now() < end && !isOver());
    sift(batch);
  }
  const seconds = (performance.now() - began) / 1_000;
  return { executions, seconds, kept: corpus.length - firstKept, failures: [...failures.values()] };
}

function shuffled<T>(items: readonly T[], dice: Dice): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const other = dice(i + 1);
    [result[i], result[other]] = [result[other]!, result[i]!];
  }
  return result;
}

function next(corpus: readonly Uint8Array[], firstKept: number, dice: Dice): Uint8Array {
  if (corpus.length === 0 || dice(20) === 0) return randomBytes(dice, 1 + dice(200));
  const kept = corpus.length - firstKept;
  // What has led to something new is worth more than the many seeds.
  const parent = kept > 0 && dice(3) > 0 ? corpus[firstKept + dice(kept)]! : corpus[dice(corpus.length)]!;
  return mutate(parent, corpus[dice(corpus.length)]!, dice);
}

/** What is wrong with an input, if anything. */
export function failureOf(target: Pick<Target, 'run'>, input: Uint8Array): Error | undefined {
  // The processor's time: a machine that is busy with other things makes nothing slow.
  const before = process.cpuUsage();
  try {
    target.run(input);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 > SLOW ? new Error('it takes too long') : undefined;
}

/** Failures that differ in numbers and values only are one. */
const kindOf = ({ name, message }: Error): string =>
  `${name}: ${message
    .split('\n')[0]!
    .replace(/[\d.]+|'[^']*'|"[^"]*"/g, '_')
    .slice(0, 80)}`;

const TRIES = 3_000;
const TRY_TIME = 15_000;

/** A smaller input that fails in the same way. */
function minimal(target: Target, failure: Failure, watch: Watch): Failure {
  const kind = kindOf(failure.error);
  let best = failure;
  let tries = 0;
  const until = performance.now() + TRY_TIME;
  const attempt = (input: Uint8Array): boolean => {
    if (tries++ > TRIES || performance.now() > until) return false;
    watch(input);
    const error = failureOf(target, input);
    if (error === undefined || kindOf(error) !== kind) return false;
    best = { input, error };
    return true;
  };
  for (let size = best.input.length; size >= 1; size >>= 1) {
    for (let at = 0; at < best.input.length; ) {
      const { input } = best;
      const shorter = new Uint8Array([...input.subarray(0, at), ...input.subarray(at + size)]);
      if (!attempt(shorter)) at += size;
    }
  }
  for (let at = 0; at < best.input.length; at++) {
    if (best.input[at] !== 0) attempt(best.input.map((byte, index) => (index === at ? 0 : byte)));
  }
  return best;
}
