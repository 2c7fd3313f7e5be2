// @ts-nocheck
// owned: what waits on its way in, for the handler, and on its way out, for the end of the tick.
import type { Bytes } from '../codec.js';
import type { Wire } from './wire.js';

const MAXIMUM_INBOX = 1_048_576;
/** What a chunk costs besides its bytes, about: a flood of single bytes must not be cheap. */
const CHUNK_COST = 256;
/** What waits for the end of a tick is written at once when it comes to this many bytes. */
const FLUSH_AT = 65_536;

/** What came from the wire: bytes, the end of the peer's half, or the end of the network connection. */
export type Arrival = Uint8Array | 'ended' | 'gone';

/** What came while the handler was busy. */
export class Inbox {
  readonly #arrivals: Arrival[] = [];
  readonly #maximum: number;
  #rest: Uint8Array | undefined;
  #size = 0;

  constructor(maximum: number = MAXIMUM_INBOX) {
    this.#maximum = maximum;
  }

  get isEmpty(): boolean {
    return this.#rest === undefined && this.#arrivals.length === 0;
  }

  /** Tells whether what waits is within the limit. */
  push(arrival: Arrival): boolean {
    this.#arrivals.push(arrival);
    this.#size += costOf(arrival);
    return this.#size <= this.#maximum;
  }

  /** The next arrival; of a chunk, not more than so many bytes. A chunk that was begun does not count as waiting. */
  shift(size: number): Arrival | undefined {
    const next = this.#rest ?? this.#arrivals.shift();
    if (next === undefined || typeof next === 'string') return next;
    if (this.#rest === undefined) this.#size -= costOf(next);
    this.#rest = next.length > size ? next.subarray(size) : undefined;
    return this.#rest === undefined ? next : next.subarray(0, size);
  }

  clear(): void {
    this.#arrivals.length = 0;
    this.#rest = undefined;
    this.#size = 0;
  }
}

const costOf = (arrival: Arrival): number => (typeof arrival === 'string' ? 0 : arrival.length + CHUNK_COST);

/** What is to be written, gathered so that one tick makes one write. */
export class Outbox {
  readonly #wire: Wire;
  readonly #onFull: () => void;
  #chunks: Bytes[] = [];
  #size = 0;
  #isDue = false;

  constructor(wire: Wire, onFull: () => void) {
    this.#wire = wire;
    this.#onFull = onFull;
  }

  push(bytes: Bytes): void {
    // So that nothing large is copied only because something small goes before it.
    if (bytes.length >= FLUSH_AT) this.flush();
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= FLUSH_AT) this.flush();
    else if (!this.#isDue) {
      this.#isDue = true;
      (this.#wire.defer ?? queueMicrotask)(this.#onDue);
    }
  }

  flush(): void {
    const chunks = this.#chunks;
    if (chunks.length === 0) return;
    this.clear();
    if (!this.#wire.write(chunks)) this.#onFull();
  }

  clear(): void {
    this.#chunks = [];
    this.#size = 0;
  }

  readonly #onDue = (): void => {
    this.#isDue = false;
    this.flush();
  };
}
