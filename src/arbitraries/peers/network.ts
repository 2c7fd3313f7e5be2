// owned: network connections as the tests of peers see them, and a pair of them in memory.

/** One end of a network connection to the peer under test: what its author supplies, usually around a socket. */
export interface NetworkConnection {
  /** Writes bytes; rejects or not when the connection is gone: both count as gone. */
  send(bytes: Uint8Array): Promise<void>;
  /** The next bytes that the peer has sent; undefined once the connection is closed, by whichever side. */
  receive(): Promise<Uint8Array | undefined>;
  /** Closes at once, as a network that fails: nothing that is still on its way has to arrive. */
  close(): Promise<void>;
}

/** One direction of a pair. */
class Pipe {
  #chunks: Uint8Array[] = [];
  #closed = false;
  #wake: (() => void) | undefined;

  push(bytes: Uint8Array): void {
    if (!this.#closed) this.#chunks.push(bytes.slice());
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async next(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0 && !this.#closed) {
      await new Promise<void>((done) => {
        this.#wake = done;
      });
    }
    return this.#chunks.shift();
  }
}

/**
 * Two ends of a network connection in memory, for peers under test that need no socket: what one sends the other
 * receives, in order; what was sent before a close still arrives.
 *
 * @example
 * ```ts
 * const [client, server] = connectionPair();
 * await client.send(Uint8Array.of(0xc0, 0));
 * await client.close();
 * await server.receive(); // => Uint8Array [192, 0]
 * await server.receive(); // => undefined
 * ```
 */
export function connectionPair(): [NetworkConnection, NetworkConnection] {
  const [there, back] = [new Pipe(), new Pipe()];
  const end = (out: Pipe, into: Pipe): NetworkConnection => ({
    send: async (bytes) => out.push(bytes),
    receive: () => into.next(),
    close: async () => {
      out.close();
      into.close();
    },
  });
  return [end(there, back), end(back, there)];
}
