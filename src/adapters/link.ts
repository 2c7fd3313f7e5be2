// owned: one Endpoint joined to one socket: events told, bytes written and the timer armed, in order.
import type {
  AcceptInput,
  ConnectionState,
  Endpoint,
  EndpointEvent,
  EndpointResult,
  EndReason,
  SendablePacket,
  SendOptions,
  StoredEndpoint,
} from '../connection/index.js';
import type { CloseCause, Link, LinkClosed, LinkHandler, LinkOptions } from './surface.js';
import { Timer } from './timer.js';
import type { Wire } from './wire.js';

const CONNECT_TIMEOUT = 30_000;
const CLOSE_TIMEOUT = 5_000;
const MAXIMUM_INBOX = 1_048_576;
/** What waits for the end of a tick is written at once when it comes to this many bytes. */
const FLUSH_AT = 65_536;

/** What came from the wire while the handler was busy: bytes, or the end of the network connection. */
type Arrival = Uint8Array | 'gone';

/**
 * What an adapter drives: the adapter reports `opened`, `received`, `drained` and `gone`, and does what its
 * {@link Wire} is told.
 *
 * One result of the Endpoint is carried out after the other: its events are told, then its bytes are written. Calls
 * that the handler makes wait for their turn, so that bytes leave in the order in which they were made.
 */
export class Driver implements Link {
  readonly closed: Promise<LinkClosed>;
  readonly #endpoint: Endpoint;
  readonly #handler: LinkHandler;
  readonly #options: LinkOptions;
  readonly #wire: Wire;
  readonly #timer: Timer;
  readonly #results: EndpointResult[] = [];
  readonly #inbox: Arrival[] = [];
  #inboxSize = 0;
  #outbox: NonNullable<EndpointResult['bytes']>[] = [];
  #outboxSize = 0;
  #flushDue = false;
  /** Results are being carried out, or the handler's promise is awaited. */
  #busy = false;
  #paused = false;
  /** The socket takes no more. */
  #full = false;
  /** Bytes made while the handler holds everything up, and whether they are so many that no more are wanted. */
  #heldSize = 0;
  #crowded = false;
  #writable: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #phase: 'opening' | 'open' | 'ending' | 'gone' | 'closed' = 'opening';
  #verdict: Omit<LinkClosed, 'reason'> | undefined;
  #reason: EndReason = 'closed';
  #closeDue = false;
  #resolveClosed!: (closed: LinkClosed) => void;

  constructor(endpoint: Endpoint, wire: Wire, handler: LinkHandler, options: LinkOptions = {}) {
    this.#endpoint = endpoint;
    this.#wire = wire;
    this.#handler = handler;
    this.#options = options;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#timer = new Timer(() => this.tick(), options);
    this.#timer.set(this.#now() + (options.connectTimeout ?? CONNECT_TIMEOUT));
    const { signal } = options;
    signal?.addEventListener('abort', this.#onAbort);
    // The adapter has to have the Driver in hand before it hears that all is over.
    if (signal?.aborted) queueMicrotask(this.#onAbort);
  }

  // What the application calls.

  get state(): ConnectionState {
    return this.#endpoint.state;
  }

  get isOpen(): boolean {
    return this.#phase === 'open' || this.#phase === 'ending';
  }

  get blocked(): boolean {
    return this.#full || this.#crowded;
  }

  send(packet: SendablePacket, options?: SendOptions): void {
    this.#run(this.#endpoint.send(packet, this.#now(), options));
  }

  acknowledge(packetId: number, verdict?: Parameters<Endpoint['acknowledge']>[2]): void {
    this.#run(this.#endpoint.acknowledge(packetId, this.#now(), verdict));
  }

  answer(
    packetId: number,
    reasonCodes: Parameters<Endpoint['answer']>[1],
    properties?: Parameters<Endpoint['answer']>[3],
  ): void {
    this.#run(this.#endpoint.answer(packetId, reasonCodes, this.#now(), properties));
  }

  accept(options?: Omit<AcceptInput, 'type' | 'now'>): void {
    this.#run(this.#endpoint.accept(this.#now(), options));
  }

  refuse(reasonCode: number, properties?: Parameters<Endpoint['refuse']>[2]): void {
    this.#run(this.#endpoint.refuse(reasonCode, this.#now(), properties));
  }

  authenticate(properties?: Parameters<Endpoint['authenticate']>[1]): void {
    this.#run(this.#endpoint.authenticate(this.#now(), properties));
  }

  disconnect(options?: Parameters<Endpoint['disconnect']>[1]): void {
    // Without a connection there is nobody to say it to.
    if (this.#phase === 'opening') this.#abandon('destroyed', undefined);
    else this.#run(this.#endpoint.disconnect(this.#now(), options));
  }

  destroy(error?: unknown): void {
    this.#abandon('destroyed', error);
  }

  whenWritable(): Promise<void> {
    if (!this.blocked || this.#phase === 'gone' || this.#phase === 'closed') return Promise.resolve();
    this.#writable ??= deferred();
    return this.#writable.promise;
  }

  export(): StoredEndpoint {
    if (this.#busy || this.#inbox.length > 0) throw new Error('export: the handler is still at work');
    this.#flush();
    return this.#endpoint.export();
  }

  tick(): void {
    if (this.#phase === 'opening' || this.#closeDue) this.#abandon('timeout', undefined);
    else if (this.#phase === 'open') this.#run(this.#endpoint.tick(this.#now()));
  }

  // What the adapter reports.

  /** The network connection stands. */
  opened(): void {
    if (this.#phase !== 'opening') return;
    this.#phase = 'open';
    this.#timer.set(undefined);
    this.#run(this.#endpoint.open(this.#now()));
  }

  /** The network connection stands, and so does what an exported Endpoint knew of it. */
  resumed(): void {
    this.#phase = 'open';
    this.#run(this.#endpoint.tick(this.#now()));
  }

  /** Bytes came; they are the Driver's from now on. */
  received(chunk: Uint8Array): void {
    if (this.#phase !== 'open') return;
    if (!this.#busy) {
      this.#run(this.#endpoint.receive(chunk, this.#now()));
      return;
    }
    this.#inbox.push(chunk);
    this.#inboxSize += chunk.length;
    if (this.#inboxSize > (this.#options.maximumInbox ?? MAXIMUM_INBOX)) this.#abandon('overflow', undefined);
  }

  /** The socket takes bytes again. */
  drained(): void {
    this.#full = false;
    if (!this.#crowded) this.#unblock();
  }

  /** The network connection is gone, or never came about. The first report counts. */
  gone(cause: CloseCause, error?: unknown): void {
    if (this.#phase === 'gone' || this.#phase === 'closed') return;
    this.#verdict ??= { cause, error };
    this.#phase = 'gone';
    this.#timer.set(undefined);
    this.#outbox = [];
    // What came before the end is read before it.
    this.#inbox.push('gone');
    if (!this.#busy) this.#work();
  }

  // One result after the other.

  #run(result: EndpointResult): void {
    this.#note(result);
    this.#results.push(result);
    if (!this.#busy) this.#work();
    else if (this.#paused) this.#crowd(result);
  }

  /** What is not to wait for the handler: the timer, and how all this ends. */
  #note({ deadline, close, events }: EndpointResult): void {
    if (close !== undefined && this.#verdict === undefined) {
      const failure = events.find((event) => event.type === 'fail');
      this.#verdict = { cause: 'ended', error: failure?.error };
      this.#reason = close;
      this.#closeDue = true;
      this.#timer.set(this.#now() + (this.#options.closeTimeout ?? CLOSE_TIMEOUT));
    } else if (this.#phase === 'open' && !this.#closeDue) this.#timer.set(deadline);
  }

  #crowd({ bytes }: EndpointResult): void {
    this.#heldSize += bytes?.length ?? 0;
    if (this.#heldSize < FLUSH_AT || this.#crowded) return;
    this.#crowded = true;
    if (!this.#full) this.#run(this.#endpoint.blocked(this.#now()));
  }

  #unblock(): void {
    this.#writable?.resolve();
    this.#writable = undefined;
    if (this.#phase === 'open') this.#run(this.#endpoint.writable(this.#now()));
  }

  #work(): void {
    this.#busy = true;
    for (;;) {
      const result = this.#results.shift() ?? this.#arrival();
      if (result === undefined) break;
      const wait = this.#tell(result.events);
      if (wait !== undefined) {
        this.#hold(wait, result);
        return;
      }
      this.#put(result);
    }
    this.#busy = false;
    if (this.#paused) this.#release();
  }

  #release(): void {
    this.#paused = false;
    this.#heldSize = 0;
    if (this.#phase === 'gone' || this.#phase === 'closed') return;
    this.#wire.resume?.();
    if (!this.#crowded) return;
    this.#crowded = false;
    if (!this.#full) this.#unblock();
  }

  #arrival(): EndpointResult | undefined {
    const next = this.#inbox.shift();
    if (next === undefined) return undefined;
    if (next === 'gone') {
      this.#settle(this.#endpoint.closed(this.#now()));
      return undefined;
    }
    this.#inboxSize -= next.length;
    const result = this.#endpoint.receive(next, this.#now());
    this.#note(result);
    return result;
  }

  /** Tells the handler; gives back the promise to wait for, if it made one. */
  #tell(events: readonly EndpointEvent[]): PromiseLike<void> | undefined {
    if (events.length === 0) return undefined;
    try {
      return this.#handler(events, this) ?? undefined;
    } catch (error) {
      this.#abandon('handler', error);
      return undefined;
    }
  }

  #hold(wait: PromiseLike<void>, result: EndpointResult): void {
    if (!this.#paused) {
      this.#paused = true;
      this.#wire.pause?.();
    }
    const goOn = (): void => {
      this.#put(result);
      this.#work();
    };
    wait.then(goOn, (error: unknown) => {
      this.#abandon('handler', error);
      goOn();
    });
  }

  #put({ bytes, close }: EndpointResult): void {
    if (bytes !== undefined && this.#phase === 'open') {
      this.#outbox.push(bytes);
      this.#outboxSize += bytes.length;
      if (this.#outboxSize >= FLUSH_AT) this.#flush();
      else if (!this.#flushDue) {
        this.#flushDue = true;
        (this.#wire.defer ?? queueMicrotask)(this.#onFlush);
      }
    }
    if (close === undefined || this.#phase !== 'open') return;
    this.#flush();
    this.#phase = 'ending';
    // What still comes is read and thrown away: a socket closed with bytes unread is reset, and the last packet lost.
    this.#wire.end();
  }

  readonly #onFlush = (): void => {
    this.#flushDue = false;
    this.#flush();
  };

  #flush(): void {
    const chunks = this.#outbox;
    if (chunks.length === 0) return;
    this.#outbox = [];
    this.#outboxSize = 0;
    const isFree = this.#wire.write(chunks);
    if (isFree || this.#full) return;
    this.#full = true;
    if (!this.#crowded) this.#run(this.#endpoint.blocked(this.#now()));
  }

  // The end.

  readonly #onAbort = (): void => this.#abandon('aborted', this.#options.signal?.reason);

  /** Closes the network connection at once. */
  #abandon(cause: CloseCause, error: unknown): void {
    if (this.#phase === 'gone' || this.#phase === 'closed') return;
    this.#inbox.length = 0;
    this.#inboxSize = 0;
    this.gone(cause, error);
    this.#wire.destroy();
  }

  /** The last events, and the end of all waiting. */
  #settle({ events }: EndpointResult): void {
    this.#phase = 'closed';
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#writable?.resolve();
    const { cause, error } = this.#verdict ?? { cause: 'peer', error: undefined };
    const done = (): void => this.#resolveClosed({ cause, error, reason: this.#reason });
    const wait = this.#tell(events);
    if (wait === undefined) done();
    else wait.then(done, done);
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
