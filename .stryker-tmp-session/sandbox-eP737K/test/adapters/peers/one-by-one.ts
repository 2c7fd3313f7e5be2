// @ts-nocheck
import { Duplex } from 'node:stream';

/** Another Duplex whose writes go out byte by byte, one in each turn of the event loop. */
export class OneByOne extends Duplex {
  readonly #inner: Duplex;

  constructor(inner: Duplex) {
    super({ allowHalfOpen: true });
    this.#inner = inner;
    inner.on('data', (chunk) => {
      if (!this.push(chunk)) inner.pause();
    });
    inner.on('end', () => this.push(null));
    inner.on('error', (error) => this.destroy(error));
    inner.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    const next = (at: number): void => {
      if (at === chunk.length || this.#inner.destroyed) done();
      else {
        this.#inner.write(chunk.subarray(at, at + 1));
        setImmediate(next, at + 1);
      }
    };
    next(0);
  }

  override _final(done: () => void): void {
    this.#inner.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#inner.destroy();
    done(error);
  }
}
