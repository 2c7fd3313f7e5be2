// @ts-nocheck
// owned: the pump for all that have a ReadableStream and a WritableStream: Deno, Workers, WebTransport, QUIC.
import type { Bytes } from '../codec.js';
import type { Endpoint } from '../connection/index.js';
import { causeOf } from './closes.js';
import { Driver } from './link.js';
import type { Link, LinkHandler, LinkOptions } from './surface.js';
import { joined, type Wire } from './wire.js';

export * from './common.js';

/** What the pump needs of a ReadableStream of bytes. */
export interface ByteReadable {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/** What the pump needs of a WritableStream of bytes. */
export interface ByteWritable {
  getWriter(): {
    write(chunk: Bytes): Promise<void>;
    close(): Promise<void>;
    abort(reason?: unknown): Promise<void>;
  };
}

/** Two streams, and what is known of the socket that they belong to. */
export interface ByteStreams {
  readonly readable: ByteReadable;
  readonly writable: ByteWritable;
  /** Settles when they stand: a handshake may still be under way. Default: they do. */
  readonly opened?: PromiseLike<unknown> | undefined;
  /** Closes the writing side in good order, all writes being done. Default: closes the WritableStream. */
  readonly end?: (() => unknown) | undefined;
  /** Closes the socket at once, what waits to be written included. Default: aborts the WritableStream. */
  readonly destroy?: (() => unknown) | undefined;
}

type Reader = ReturnType<ByteReadable['getReader']>;

/** Above this many bytes under way the socket is full; it takes more again from half of it. */
const HIGH_WATER = 65_536;

/**
 * Joins an Endpoint to a pair of streams of any origin, with nobody else reading or writing them.
 *
 * `streams` may be a promise, for a socket that is still connecting; if it rejects, so ends the connection.
 */
export function attachStreams(
  endpoint: Endpoint,
  streams: ByteStreams | PromiseLike<ByteStreams>,
  handler: LinkHandler,
  options: LinkOptions = {},
): Link {
  return new Pump(endpoint, handler, options).start(streams);
}

class Pump {
  readonly #driver: Driver;
  #streams: ByteStreams | undefined;
  #reader: Reader | undefined;
  #writer: ReturnType<ByteWritable['getWriter']> | undefined;
  #lastWrite: Promise<void> | undefined;
  #underWay = 0;
  #isFull = false;
  /** The peer has closed its half; ours is closed. */
  #isRead = false;
  #isEnded = false;
  #isDestroyed = false;
  /** Resolves when reading may go on. */
  #gate: { readonly promise: Promise<void>; readonly open: () => void } | undefined;

  constructor(endpoint: Endpoint, handler: LinkHandler, options: LinkOptions) {
    const wire: Wire = {
      write: (chunks) => this.#write(joined(chunks)),
      pause: () => {
        this.#gate ??= gate();
      },
      resume: () => this.#resume(),
      end: () => void this.#end(),
      destroy: () => this.#destroy(),
    };
    this.#driver = new Driver(endpoint, wire, handler, options);
  }

  start(streams: ByteStreams | PromiseLike<ByteStreams>): Link {
    this.#run(streams).catch((error: unknown) => this.#fail(error));
    return this.#driver;
  }

  async #run(coming: ByteStreams | PromiseLike<ByteStreams>): Promise<void> {
    const streams = 'then' in coming ? await coming : coming;
    this.#streams = streams;
    if (this.#isDestroyed) {
      // Given up while nobody had it in hand.
      void quietly(() => streams.opened);
      this.#close(streams);
      return;
    }
    await streams.opened;
    if (this.#isDestroyed) return;
    this.#reader = streams.readable.getReader();
    this.#writer = streams.writable.getWriter();
    this.#driver.opened();
    await this.#read(this.#reader);
    this.#isRead = true;
    if (this.#isEnded) this.#finish();
    else this.#driver.ended();
  }

  async #read(reader: Reader): Promise<void> {
    for (;;) {
      if (this.#gate !== undefined) await this.#gate.promise;
      if (this.#isDestroyed) return;
      const { done, value } = await reader.read();
      if (value !== undefined && value.length > 0) this.#driver.received(value);
      if (done) return;
    }
  }

  #resume(): void {
    this.#gate?.open();
    this.#gate = undefined;
  }

  #write(bytes: Bytes): boolean {
    const { length } = bytes;
    this.#underWay += length;
    this.#lastWrite = this.#writer?.write(bytes).then(
      () => this.#written(length),
      (error: unknown) => this.#fail(error),
    );
    this.#isFull ||= this.#underWay >= HIGH_WATER;
    return !this.#isFull;
  }

  #written(length: number): void {
    this.#underWay -= length;
    if (!this.#isFull || this.#underWay > HIGH_WATER / 2) return;
    this.#isFull = false;
    this.#driver.drained();
  }

  async #end(): Promise<void> {
    await this.#lastWrite;
    if (this.#isDestroyed) return;
    const { end = () => this.#writer?.close() } = this.#streams ?? {};
    // What there is to say of a failure, the reader says.
    await quietly(end);
    this.#isEnded = true;
    if (this.#isRead) this.#finish();
  }

  /** Both halves are closed: nobody else gives back the socket. */
  #finish(): void {
    this.#driver.gone('peer');
    this.#destroy();
  }

  #fail(error: unknown): void {
    if (this.#isDestroyed) return;
    // Some sockets take nothing more once the peer has closed its half: that is no failure of their own.
    this.#driver.gone(this.#isRead ? 'peer' : causeOf(error), error);
    this.#destroy();
  }

  #destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#resume();
    if (this.#streams !== undefined) this.#close(this.#streams);
  }

  #close({ readable, writable, destroy }: ByteStreams): void {
    void quietly(() => (this.#reader ?? readable.getReader()).cancel());
    // Not both: an aborted writer keeps the socket of a Worker open.
    void quietly(destroy ?? (() => (this.#writer ?? writable.getWriter()).abort()));
  }
}

function gate(): { promise: Promise<void>; open: () => void } {
  let open = (): void => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** Closing what may be closed already: that it fails says nothing new. */
async function quietly(close: () => unknown): Promise<void> {
  try {
    await close();
  } catch {
    // Closed it is.
  }
}
