/** How long to wait before the next attempt: twice as long each time, and never at the same moment as everybody else. */

export interface RetryOptions {
  /** The longest wait after the first failure, in milliseconds. Default: 1,000. */
  readonly initial?: number | undefined;
  /** The longest wait of all, in milliseconds. Default: 60,000. */
  readonly maximum?: number | undefined;
  /** How many failures in a row to put up with. Default: without end. */
  readonly attempts?: number | undefined;
  /** Whether that holds before the first connection too; otherwise its failure is final. Default: true. */
  readonly first?: boolean | undefined;
  /** For how long a connection has to stand before it counts as a success, in milliseconds. Default: 5,000. */
  readonly stable?: number | undefined;
}

/** Time and chance, for whoever wants to turn them by hand. */
export interface Surroundings {
  /** Milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** From 0 to below 1. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Settles after that many milliseconds, or as soon as the signal is aborted. Default: `setTimeout`. */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** The wait after so many failures in a row, 1 or more: anything up to the bound, which doubles. */
export function backoff(failures: number, options: RetryOptions, random: () => number): number {
  const { initial = 1_000, maximum = 60_000 } = options;
  return random() * Math.min(maximum, initial * 2 ** Math.min(failures - 1, 30));
}

export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}

/** The promise, or a rejection with the signal's reason if that is first. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
