// owned: how long one turn of the event loop has been at work for a connection.
import { type Clock, timeOf } from './timer.js';

/** After so many milliseconds the others have their turn. */
const LONGEST = 5;
/** So many bytes are read before anybody looks at the clock; twice as many each time while that costs no time. */
const SMALLEST = 4_096;

/**
 * A few bytes can be a packet, so that one chunk can be tens of thousands of them: a flood is read in slices, and
 * when a turn has taken long enough, the rest of it in another.
 */
export class Turn {
  readonly #clock: Clock;
  readonly #later: (goOn: () => void) => void;
  /** When it began to read; undefined: it has only written so far, for which nobody looks at the clock. */
  #since: number | undefined;
  #last = 0;
  #slice = 0;
  /** What earlier calls of the same turn took. */
  #spent = 0;

  constructor(clock: Clock, later: (goOn: () => void) => void = (goOn) => void setTimeout(goOn, 0)) {
    this.#clock = clock;
    this.#later = later;
  }

  begin(): void {
    this.#since = undefined;
    this.#slice = SMALLEST;
  }

  /** How many bytes to read now. */
  slice(): number {
    const size = this.#slice;
    const now = this.#now();
    this.#slice = now - this.#last < 1 ? size * 2 : SMALLEST;
    this.#last = now;
    return size;
  }

  /** Whether to stop here, asked before each reading. */
  get isLong(): boolean {
    const now = this.#now();
    this.#since ??= this.#last = now;
    return this.#spent + now - this.#since >= LONGEST;
  }

  end(): void {
    if (this.#since === undefined) return;
    const before = this.#spent;
    this.#spent += this.#now() - this.#since;
    // Once: the end of the turn is on its way when something was spent already.
    if (before === 0 && this.#spent !== 0) this.rest(() => {});
  }

  /** Goes on in another turn, which has all its time. */
  rest(goOn: () => void): void {
    this.#later(() => {
      this.#spent = 0;
      goOn();
    });
  }

  #now(): number {
    return timeOf(this.#clock);
  }
}
