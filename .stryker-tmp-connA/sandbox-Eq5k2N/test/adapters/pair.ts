// @ts-nocheck
import { Duplex } from 'node:stream';

/** One end of a connection in memory. Like a socket it has a bounded buffer, may be half-open, and can be reset. */
export class End extends Duplex {
  other!: End;
  #goOn: (() => void) | undefined;

  /** Two ends of one connection. */
  static pair(highWaterMark = 65_536): readonly [End, End] {
    const options = { allowHalfOpen: true, highWaterMark };
    const ends = [new End(options), new End(options)] as const;
    ends[0].other = ends[1];
    ends[1].other = ends[0];
    return ends;
  }

  /** Breaks the connection, as an RST does: both ends find out, each in its own way. */
  resetAndDestroy(): void {
    this.other.break();
    this.destroy();
  }

  break(): void {
    this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
  }

  override _read(): void {
    const goOn = this.other.#goOn;
    this.other.#goOn = undefined;
    goOn?.();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    if (this.other.destroyed) this.break();
    // A copy, as over a network: nobody may keep what he has written and change it.
    else if (this.other.push(Uint8Array.from(chunk))) done();
    else this.#goOn = done;
  }

  override _final(done: () => void): void {
    if (!this.other.destroyed) this.other.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    done(error);
    const { other } = this;
    // Closed with nothing unread, it is an end like any other; else it is a reset.
    if (other.destroyed || other.readableEnded) return;
    if (this.readableLength > 0) other.break();
    else if (!this.writableFinished) other.push(null);
  }
}
