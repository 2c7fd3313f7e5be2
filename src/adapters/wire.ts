// pure: what a Driver asks of a socket, and what it shares with all of them.
import type { Bytes } from '../codec.js';

/** The few things a runtime's socket has to do. None of them may call the Driver back before it returns. */
export interface Wire {
  /** Writes all of it, in order; false: the socket is full, and `drained` will be reported. Never empty. */
  write(chunks: readonly Bytes[]): boolean;
  /** Reads no more, where reading can pause. */
  pause?(): void;
  resume?(): void;
  /** Closes in good order once everything is written; what still comes is read and thrown away. */
  end(): void;
  /** Closes at once, and gives everything back. */
  destroy(): void;
  /** Told when nothing is left to be told or carried out: for hosts that note how far they have come. */
  readonly idle?: (() => void) | undefined;
  /** Calls back at the end of this tick, when what was made in it is written; without it, as a microtask. */
  readonly defer?: (flush: () => void) => void;
  /** Calls back in another turn of the event loop; without it, `setTimeout` does. */
  readonly later?: (goOn: () => void) => void;
}

/** The chunks as one: for sockets where a write costs more than a copy. */
export function joined(chunks: readonly Bytes[]): Bytes {
  const first = chunks[0]!;
  if (chunks.length === 1) return first;
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  // What one Endpoint has made lies side by side, if no other came between.
  let end = first.byteOffset;
  const isOne = chunks.every(({ buffer, byteOffset, length }) => {
    const follows = buffer === first.buffer && byteOffset === end;
    end += length;
    return follows;
  });
  if (isOne) return new Uint8Array(first.buffer, first.byteOffset, length);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
