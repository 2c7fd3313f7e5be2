// owned: one Endpoint joined to one socket: events told, bytes written and the timer armed, in order.
import type { Endpoint, EndpointEvent, EndpointResult, StoredEndpoint } from '../connection/index.js';
import { Calls } from './calls.js';
import { Pressure } from './pressure.js';
import { Inbox, Outbox } from './queues.js';
import type { CloseCause, Link, LinkClosed, LinkHandler, LinkOptions } from './surface.js';
import { Timer } from './timer.js';
import { Turn } from './turn.js';
import type { Wire } from './wire.js';

const CONNECT_TIMEOUT = 30_000;
const CLOSE_TIMEOUT = 5_000;

/**
 * What an adapter drives: the adapter reports `opened`, `received`, `drained`, `ended` and `gone`, and does what its
 * {@link Wire} is told.
 *
 * One result of the Endpoint is carried out after the other: its events are told, then its bytes are written. Calls
 * that the handler makes wait for their turn, so that bytes leave in the order in which they were made.
 */
export class Driver extends Calls implements Link {
  readonly closed: Promise<LinkClosed>;
  readonly #handler: LinkHandler;
  readonly #options: LinkOptions;
  readonly #wire: Wire;
  readonly #timer: Timer;
  readonly #results: EndpointResult[] = [];
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  /** Results are being carried out, the handler's promise is awaited, or the rest waits for another turn. */
  #busy = false;
  #paused = false;
  /** It is the turn of others; this Link goes on in another. */
  #isResting = false;
  readonly #pressure: Pressure;
  readonly #turn: Turn;
  #phase: 'opening' | 'open' | 'ending' | 'gone' | 'closed' = 'opening';
  /** When to give up waiting for the connection to stand, or for its end in good order. */
  #limit: number | undefined;
  #verdict: LinkClosed | undefined;
  /** What the Endpoint said at the end of all. */
  #last: EndpointResult | undefined;
  #resolveClosed!: (closed: LinkClosed) => void;

  constructor(endpoint: Endpoint, wire: Wire, handler: LinkHandler, options: LinkOptions = {}) {
    super(endpoint, options);
    endpoint.waitForAnswers ??= true;
    this.#wire = wire;
    this.#handler = handler;
    this.#options = options;
    this.#inbox = new Inbox(options.maximumInbox);
    this.#outbox = new Outbox(wire, {
      beforeWrite: () => this.#beforeWrite(),
      full: () => this.#pressure.fill(),
      drained: () => this.#pressure.drain(),
      failed: (error) => this.#fail(error),
    });
    this.#pressure = new Pressure((isBlocked) => this.#onPressure(isBlocked));
    this.#turn = new Turn(options, wire.later);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#timer = new Timer(() => this.tick(), options);
    this.#giveUpAfter(options.connectTimeout ?? CONNECT_TIMEOUT);
    const { signal } = options;
    signal?.addEventListener('abort', this.#onAbort);
    // The adapter has to have the Driver in hand before it hears that all is over.
    if (signal?.aborted) queueMicrotask(this.#onAbort);
  }

  // What the application calls.

  get isOpen(): boolean {
    return this.#phase === 'open' || this.#phase === 'ending';
  }

  /** The handler is at work, or owes an answer. */
  get isBusy(): boolean {
    return this.#busy || this.#isWaiting;
  }

  get blocked(): boolean {
    return this.#pressure.isBlocked;
  }

  disconnect(options?: Parameters<Endpoint['disconnect']>[1]): void {
    // Without a connection there is nobody to say it to.
    if (this.#phase === 'opening') this.#abandon('destroyed', undefined);
    else this.run(this.endpoint.disconnect(this.now(), options));
  }

  destroy(error?: unknown): void {
    this.#abandon('destroyed', error);
  }

  whenWritable(): Promise<void> {
    return this.#pressure.whenWritable();
  }

  export(): StoredEndpoint {
    if (this.isBusy) throw new Error('export: the handler is still at work, or owes an answer');
    this.#outbox.flush();
    if (this.#outbox.isHeld) throw new Error('export: a write is still held');
    return this.endpoint.export();
  }

  tick(): void {
    const now = this.now();
    // An alarm may have rung for another deadline than the last: from here on it has to be set again.
    this.#timer.forget();
    if (this.#limit === undefined) {
      if (this.#phase === 'open') this.run(this.endpoint.tick(now));
    } else if (now >= this.#limit) this.#abandon('timeout', undefined);
    else this.#timer.set(this.#limit);
  }

  // What the adapter reports.

  /** The network connection stands. */
  opened(): void {
    if (this.#phase !== 'opening') return;
    this.#stand();
    this.run(this.endpoint.open(this.now()));
  }

  /** The network connection stands, and so does what an exported Endpoint knew of it. */
  resumed(): void {
    if (this.#phase !== 'opening') return;
    this.#stand();
    this.run(this.endpoint.tick(this.now()));
  }

  /** Bytes came; they are the Driver's from now on. */
  received(chunk: Uint8Array): void {
    if (this.#phase !== 'open') return;
    this.#inbox.push(chunk);
    // A rest between turns is our own doing: who cannot be paused is not to blame for it.
    const isHeldUp = this.#isResting ? !this.#inbox.isOver : this.isBusy;
    if (!isHeldUp) this.#work();
    else if (this.#inbox.isOver) this.#abandon('overflow', undefined);
    else this.#pause();
  }

  /** The socket takes bytes again. */
  drained(): void {
    this.#pressure.drain();
  }

  /** The peer has closed its half: what is left to write is written, and then our half closed too. */
  ended(): void {
    if (this.#phase === 'open') this.#arrive('ended');
  }

  /** The network connection is gone, or never came about. The first report counts. */
  gone(cause: CloseCause, error?: unknown): void {
    if (this.#isOver) return;
    this.#verdict ??= { cause, error, reason: 'closed' };
    this.#phase = 'gone';
    this.#timer.set(undefined);
    this.#outbox.clear();
    // A handler that waits for room would never have an end otherwise, and with it this Link.
    this.#pressure.end();
    // What came before the end is read before it.
    this.#arrive('gone');
  }

  // One result after the other.

  protected override run(result: EndpointResult): void {
    this.#note(result);
    this.#results.push(result);
    if (!this.#busy) this.#work();
    else if (this.#paused) this.#pressure.hold(result.bytes?.length ?? 0);
  }

  #arrive(end: 'ended' | 'gone'): void {
    this.#inbox.push(end);
    if (!this.#busy) this.#work();
  }

  /** What is not to wait for the handler: the timer, and how all this ends. */
  #note({ deadline, close, events }: EndpointResult): void {
    if (close !== undefined && this.#verdict === undefined) {
      const failure = events.find((event) => event.type === 'fail');
      this.#verdict = { cause: 'ended', error: failure?.error, reason: close };
      this.#giveUpAfter(this.#options.closeTimeout ?? CLOSE_TIMEOUT);
    } else if (this.#phase === 'open' && this.#limit === undefined) this.#timer.set(deadline);
  }

  #work(): void {
    this.#busy = true;
    this.#isResting = false;
    this.#turn.begin();
    while (this.#results.length > 0 || (this.#hasUnread && !this.#isWaiting)) {
      // What was held up has been written by now: a handler that waits for room must not wait for that.
      if (this.#results.length === 0) this.#pressure.release();
      if (this.#results.length === 0 && this.#turn.isLong && !this.#inbox.isOver) {
        this.#pause();
        this.#isResting = true;
        this.#turn.rest(() => this.#isResting && this.#work());
        return;
      }
      const result = this.#results.shift() ?? this.#arrival();
      if (result === undefined) continue;
      const wait = this.#tell(result.events);
      if (wait !== undefined) {
        this.#hold(wait, result);
        return;
      }
      this.#put(result);
    }
    this.#turn.end();
    this.#busy = false;
    const isWaiting = this.#isWaiting;
    if (isWaiting && this.#hasUnread) this.#pause();
    else if (this.#paused) {
      this.#paused = false;
      if (!this.#isOver) this.#wire.resume?.();
    }
    this.#pressure.release();
    if (!isWaiting) this.#wire.idle?.();
  }

  /** The Endpoint waits for an answer, and there is somebody to hear it. */
  get #isWaiting(): boolean {
    return this.#phase !== 'gone' && this.endpoint.isWaiting;
  }

  get #hasUnread(): boolean {
    return this.endpoint.hasMore || !this.#inbox.isEmpty;
  }

  #arrival(): EndpointResult | undefined {
    if (this.endpoint.hasMore) return this.#read(this.endpoint.proceed(this.now()));
    const next = this.#inbox.shift(this.#turn.slice());
    if (next === 'gone') return this.#conclude();
    if (next === 'ended') this.#finish();
    if (next === undefined || next === 'ended') return undefined;
    return this.#read(this.endpoint.receive(next, this.now()));
  }

  #read(result: EndpointResult): EndpointResult {
    // What the peer had said before it was gone explains why: a DISCONNECT that waited for the handler.
    if (result.close !== undefined && this.#phase === 'gone') this.#verdict = undefined;
    this.#note(result);
    return result;
  }

  /** Tells the handler; gives back the promise to wait for, if it made one. */
  #tell(events: readonly EndpointEvent[]): PromiseLike<void> | undefined {
    if (events.length === 0) return undefined;
    try {
      const wait = this.#handler(events, this);
      return typeof wait?.then === 'function' ? wait : undefined;
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #hold(wait: PromiseLike<void>, result: EndpointResult): void {
    this.#pause();
    const goOn = (): void => {
      this.#put(result);
      this.#work();
    };
    Promise.resolve(wait)
      .catch((error: unknown) => this.#fail(error))
      .then(goOn);
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#wire.pause?.();
  }

  #put(result: EndpointResult): void {
    if (result === this.#last && this.#verdict !== undefined) this.#resolveClosed(this.#verdict);
    if (this.#phase !== 'open') return;
    if (result.bytes !== undefined) this.#outbox.push(result.bytes);
    if (result.close !== undefined) this.#endWire();
  }

  /** The host's word on a write; what it throws, the outbox need not know how to tell. */
  #beforeWrite(): void | PromiseLike<void> {
    try {
      return this.#options.beforeWrite?.(this);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #onPressure(isBlocked: boolean): void {
    if (this.#phase !== 'open') return;
    const now = this.now();
    this.run(isBlocked ? this.endpoint.blocked(now) : this.endpoint.writable(now));
  }

  // The beginning and the end.

  #stand(): void {
    this.#phase = 'open';
    this.#limit = undefined;
    this.#timer.set(undefined);
  }

  #giveUpAfter(milliseconds: number): void {
    if (this.#isOver) return;
    this.#limit = this.now() + milliseconds;
    this.#timer.set(this.#limit);
  }

  /** Answers the end of the peer's half with the end of ours. */
  #finish(): void {
    if (this.#phase !== 'open') return;
    this.#verdict ??= { cause: 'peer', error: undefined, reason: 'closed' };
    this.#giveUpAfter(this.#options.closeTimeout ?? CLOSE_TIMEOUT);
    this.#endWire();
  }

  #endWire(): void {
    this.#phase = 'ending';
    // What still comes is read and thrown away: a socket closed with bytes unread is reset, and the last packet lost.
    this.#outbox.end();
  }

  readonly #onAbort = (): void => this.#abandon('aborted', this.#options.signal?.reason);

  /** The handler's own error is what its author has to know, however the connection would have ended. */
  #fail(error: unknown): void {
    if (this.#verdict?.cause !== 'handler') this.#verdict = { cause: 'handler', error, reason: 'closed' };
    this.#abandon('handler', error);
  }

  /** Closes the network connection at once. */
  #abandon(cause: CloseCause, error: unknown): void {
    if (this.#isOver) return;
    this.#inbox.clear();
    this.gone(cause, error);
    this.#wire.destroy();
  }

  /** The last events. */
  #conclude(): EndpointResult {
    this.#phase = 'closed';
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#last = this.endpoint.closed(this.now());
    return this.#last;
  }

  get #isOver(): boolean {
    return this.#phase === 'gone' || this.#phase === 'closed';
  }
}
