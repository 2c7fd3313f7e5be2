// @ts-nocheck
// owned: whether more is wanted: by the socket, and by the handler that holds everything up.

/** No more than this many bytes are made while the handler holds them up. */
const HELD_AT = 262_144;

/** Tells when a connection becomes blocked and when it is writable again, for whichever reason. */
export class Pressure {
  readonly #tell: (isBlocked: boolean) => void;
  #isFull = false;
  #isCrowded = false;
  #held = 0;
  #isOver = false;
  #promise: Promise<void> | undefined;
  #resolve: () => void = () => {};

  constructor(tell: (isBlocked: boolean) => void) {
    this.#tell = tell;
  }

  get isBlocked(): boolean {
    return this.#isFull || this.#isCrowded;
  }

  /** The socket takes no more. */
  fill(): void {
    const wasBlocked = this.isBlocked;
    this.#isFull = true;
    if (!wasBlocked) this.#tell(true);
  }

  /** The socket takes more again. */
  drain(): void {
    this.#change(() => {
      this.#isFull = false;
    });
  }

  /** Bytes were made that have to wait for the handler. */
  hold(size: number): void {
    const wasBlocked = this.isBlocked;
    this.#held += size;
    this.#isCrowded = this.#held >= HELD_AT;
    if (this.isBlocked && !wasBlocked) this.#tell(true);
  }

  /** The handler holds nothing up any more. */
  release(): void {
    this.#change(() => {
      this.#held = 0;
      this.#isCrowded = false;
    });
  }

  /** Nobody need wait any more. */
  end(): void {
    this.#isOver = true;
    this.#resolve();
  }

  whenWritable(): Promise<void> {
    if (!this.isBlocked || this.#isOver) return Promise.resolve();
    this.#promise ??= new Promise((resolve) => {
      this.#resolve = resolve;
    });
    return this.#promise;
  }

  #change(relieve: () => void): void {
    const wasBlocked = this.isBlocked;
    relieve();
    if (!wasBlocked || this.isBlocked) return;
    this.#resolve();
    this.#promise = undefined;
    this.#tell(false);
  }
}
