// owned: the one timer of a network connection.

/** The longest time that `setTimeout` waits, in milliseconds. */
const LONGEST = 0x7fffffff;

/** Where a host has other clocks and alarms than `Date.now` and `setTimeout`. */
export interface Clock {
  /** The time in milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /**
   * Told, instead of `setTimeout`, when `tick` is due next, in the milliseconds of `now`; undefined: never. For hosts
   * that sleep: a Durable Object sets an alarm, and calls `tick` of the Link when it rings.
   */
  readonly arm?: ((at: number | undefined) => void) | undefined;
}

/** What a clock says, in milliseconds. */
export function timeOf(clock: Pick<Clock, 'now'>): number {
  return (clock.now ?? Date.now)();
}

/**
 * Deadlines move with nearly every packet, and nearly always to later: the timer stays armed for the first of them
 * and looks again when it fires, so that a packet costs no `setTimeout`.
 */
export class Timer {
  readonly #fire: () => void;
  readonly #clock: Clock;
  #due: number | undefined;
  #armedFor: number | undefined;
  #handle: ReturnType<typeof setTimeout> | undefined;

  constructor(fire: () => void, clock: Clock) {
    this.#fire = fire;
    this.#clock = clock;
  }

  /** The next deadline; it replaces the one before. */
  set(due: number | undefined): void {
    if (due === this.#due) return;
    this.#due = due;
    const { arm } = this.#clock;
    if (arm !== undefined) {
      arm(due);
      return;
    }
    if (due !== undefined && this.#armedFor !== undefined && this.#armedFor <= due) return;
    clearTimeout(this.#handle);
    this.#armedFor = undefined;
    if (due !== undefined) this.#start(due);
  }

  /** The deadline has come, or may have: asked for once more, the same one is a new one. */
  forget(): void {
    this.#due = undefined;
  }

  #start(due: number): void {
    const wait = Math.min(Math.max(due - this.#now(), 0), LONGEST);
    this.#armedFor = due;
    this.#handle = setTimeout(() => {
      this.#armedFor = undefined;
      if (this.#due === undefined) return;
      if (this.#due > this.#now()) this.#start(this.#due);
      else {
        this.forget();
        this.#fire();
      }
    }, wait);
  }

  #now(): number {
    return timeOf(this.#clock);
  }
}
