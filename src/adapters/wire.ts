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
  const runs = runsOf(chunks);
  return runs.length === 1 ? runs[0]! : copied(runs);
}

// Node takes about as long for one more piece of a write as for a copy of so many bytes.
const WORTH_A_PIECE = 4_096;

/** The chunks in few pieces: for sockets that write several at once. */
export function pieced(chunks: readonly Bytes[]): readonly Bytes[] {
  const runs = runsOf(chunks);
  return runs.length === 1 || sizeOf(runs) >= runs.length * WORTH_A_PIECE ? runs : [copied(runs)];
}

/** The chunks, as one those that lie side by side: what an Endpoint makes does, where no other came between. */
function runsOf(chunks: readonly Bytes[]): readonly Bytes[] {
  if (chunks.length === 1) return chunks;
  const runs: Bytes[] = [];
  let { buffer, byteOffset: start } = chunks[0]!;
  let end = start;
  for (const chunk of chunks) {
    const { byteOffset } = chunk;
    if (byteOffset !== end || chunk.buffer !== buffer) {
      runs.push(new Uint8Array(buffer, start, end - start));
      buffer = chunk.buffer;
      start = byteOffset;
      end = start;
    }
    end += chunk.length;
  }
  runs.push(new Uint8Array(buffer, start, end - start));
  return runs;
}

function copied(chunks: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(sizeOf(chunks));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function sizeOf(chunks: readonly Bytes[]): number {
  let size = 0;
  for (const { length } of chunks) size += length;
  return size;
}
