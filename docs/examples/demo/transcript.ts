/** What goes over a connection, and bounded ways to wait for it. */
import type { DecodedPacket, ProtocolVersion, Sender } from '../../../src/index.js';

/** A packet that went over the connection. */
export interface Exchange {
  readonly from: Sender;
  readonly version: ProtocolVersion;
  readonly packet: DecodedPacket;
  /** The bytes it was, or became. */
  readonly frame: Uint8Array;
}

/** Such as `client subscribe` or `server publish 2`, the number being the QoS. */
export const nameOf = ({ from, packet }: Exchange): string =>
  `${from} ${packet.type}${packet.type === 'publish' ? ` ${packet.qos}` : ''}`;

export class Transcript {
  readonly exchanges: Exchange[] = [];
  readonly #listen: (exchange: Exchange) => void;
  readonly #waiting: { readonly name: string; readonly resolve: () => void }[] = [];
  readonly #failure: Promise<never>;
  /** Ends every wait, present and future. */
  readonly fail: (error: unknown) => void;

  /** No wait outlasts the signal. */
  constructor(listen: (exchange: Exchange) => void, signal: AbortSignal) {
    this.#listen = listen;
    let fail: (error: unknown) => void = () => {};
    this.#failure = new Promise((_, reject) => {
      fail = reject;
    });
    this.fail = fail;
    // It may come while nobody waits.
    this.#failure.catch(() => {});
    if (signal.aborted) fail(signal.reason);
    signal.addEventListener('abort', () => fail(signal.reason));
  }

  readonly add = (exchange: Exchange): void => {
    try {
      this.exchanges.push(exchange);
      this.#listen(exchange);
      for (const { name, resolve } of this.#waiting) if (name === nameOf(exchange)) resolve();
    } catch (error) {
      this.fail(error);
    }
  };

  /** Resolves as soon as a packet of that name has been seen. */
  async seen(name: string): Promise<void> {
    if (this.exchanges.some((exchange) => nameOf(exchange) === name)) return;
    const seen = new Promise<void>((resolve) => {
      this.#waiting.push({ name, resolve });
    });
    await this.within(name, seen);
  }

  /** Waits for something else. */
  async within<T>(what: string, promise: Promise<T>): Promise<T> {
    try {
      return await Promise.race([promise, this.#failure]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${reason} (while waiting for ${what})`, { cause: error });
    }
  }

  /** Throws unless exactly these packets were seen, each as often as it stands here, in whatever order. */
  check(expected: readonly string[]): void {
    const surplus = this.exchanges.map(nameOf);
    const missing = expected.filter((name) => {
      const index = surplus.indexOf(name);
      if (index >= 0) surplus.splice(index, 1);
      return index < 0;
    });
    const complaints = [
      ...missing.map((name) => `${name} is missing`),
      ...surplus.map((name) => `${name} was not expected`),
    ];
    if (complaints.length > 0) throw new Error(complaints.join('; '));
  }
}
