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
  /** Closes the writing side in good order, all writes being done. Default: closes the WritableStream. */
  readonly end?: (() => unknown) | undefined;
  /** Closes the socket at once. Default: cancels one stream and aborts the other. */
  readonly destroy?: (() => unknown) | undefined;
}

type Reader = ReturnType<ByteReadable['getReader']>;

/** Above this many bytes under way the socket is full. */
const HIGH_WATER = 65_536;

/**
 * Joins an Endpoint to a pair of streams that stand, of any origin.
 *
 * `streams` may be a promise, for a socket that is still connecting; if it rejects, so ends the connection.
 */
export function attachStreams(
  endpoint: Endpoint,
  streams: ByteStreams | PromiseLike<ByteStreams>,
  handler: LinkHandler,
  options: LinkOptions = {},
): Link {
  return new Pump(endpoint, handler, options).start(Promise.resolve(streams));
}

class Pump {
  readonly #driver: Driver;
  #streams: ByteStreams | undefined;
  #reader: Reader | undefined;
  #writer: ReturnType<ByteWritable['getWriter']> | undefined;
  #lastWrite: Promise<void> | undefined;
  #underWay = 0;
  #isFull = false;
  #isDestroyed = false;
  /** Resolves when reading may go on. */
  #gate: { readonly promise: Promise<void>; readonly open: () => void } | undefined;

  constructor(endpoint: Endpoint, handler: LinkHandler, options: LinkOptions) {
    const wire: Wire = {
      write: (chunks) => this.#write(joined(chunks)),
      pause: () => {
        let open = (): void => {};
        const promise = new Promise<void>((resolve) => {
          open = resolve;
        });
        this.#gate ??= { promise, open };
      },
      resume: () => {
        this.#gate?.open();
        this.#gate = undefined;
      },
      end: () => void this.#end(),
      destroy: () => this.#destroy(),
    };
    this.#driver = new Driver(endpoint, wire, handler, options);
  }

  start(streams: Promise<ByteStreams>): Link {
    streams.then(
      (standing) => this.#open(standing),
      (error: unknown) => this.#driver.gone(causeOf(error), error),
    );
    return this.#driver;
  }

  #open(streams: ByteStreams): void {
    this.#streams = streams;
    this.#reader = streams.readable.getReader();
    this.#writer = streams.writable.getWriter();
    if (this.#isDestroyed) {
      this.#destroy();
      return;
    }
    this.#driver.opened();
    void this.#read(this.#reader);
  }

  async #read(reader: Reader): Promise<void> {
    try {
      for (;;) {
        if (this.#gate !== undefined) await this.#gate.promise;
        const { done, value } = await reader.read();
        if (value !== undefined && value.length > 0) this.#driver.received(value);
        if (done) break;
      }
      this.#driver.gone('peer');
    } catch (error) {
      this.#driver.gone(causeOf(error), error);
    }
    // Nobody else gives back a socket that the peer has closed.
    this.#destroy();
  }

  #write(bytes: Bytes): boolean {
    const { length } = bytes;
    this.#underWay += length;
    this.#lastWrite = this.#writer?.write(bytes).then(
      () => this.#written(length),
      (error: unknown) => this.#driver.gone(causeOf(error), error),
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
    try {
      await (this.#streams?.end === undefined ? this.#writer?.close() : this.#streams.end());
    } catch {
      // What there is to say of it, the reader or the last write has said.
    }
  }

  #destroy(): void {
    this.#isDestroyed = true;
    if (this.#streams === undefined) return;
    if (this.#streams.destroy !== undefined) this.#streams.destroy();
    this.#reader?.cancel().catch(() => {});
    this.#writer?.abort().catch(() => {});
  }
}
