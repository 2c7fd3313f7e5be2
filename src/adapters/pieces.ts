// pure: the chunks of one write, in few pieces, for sockets that write several at once.
import { Buffer } from 'node:buffer';
import type { Bytes } from '../codec.js';

// Node takes about as long for one more piece as for a copy of so many bytes.
const WORTH_A_PIECE = 4_096;

/** The chunks as pieces of that many bytes or more on average, or as one. */
export function pieced(chunks: readonly Bytes[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let first = chunks[0]!;
  let end = first.byteOffset;
  const add = (): void => {
    const { buffer, byteOffset } = first;
    pieces.push(new Uint8Array(buffer, byteOffset, end - byteOffset));
  };
  for (const chunk of chunks) {
    // What one Endpoint has made lies side by side, if no other came between.
    if (chunk.buffer !== first.buffer || chunk.byteOffset !== end) {
      add();
      first = chunk;
      end = chunk.byteOffset;
    }
    end += chunk.length;
    size += chunk.length;
  }
  add();
  return pieces.length === 1 || size >= pieces.length * WORTH_A_PIECE ? pieces : [Buffer.concat(pieces)];
}
