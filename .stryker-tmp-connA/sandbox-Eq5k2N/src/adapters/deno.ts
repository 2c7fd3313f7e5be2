// @ts-nocheck
// owned: the adapter for Deno's own sockets; no node compatibility layer.
import type { Endpoint } from '../connection/index.js';
import { attachStreams, type ByteStreams, type ByteWritable } from './streams.js';
import type { Acceptance, Link, LinkHandler, LinkOptions, Listener } from './surface.js';
import { type Target, targetOf } from './url.js';

export * from './streams.js';

/** What the adapter needs of a `Deno.Conn`: of TCP, TLS or a Unix socket. */
export interface DenoConn {
  readonly writable: ByteWritable;
  read(into: Uint8Array): Promise<number | null>;
  readonly remoteAddr: {
    readonly transport: string;
    readonly hostname?: string | undefined;
    readonly port?: number | undefined;
  };
  close(): void;
  closeWrite(): Promise<void>;
  /** TCP alone has it. */
  setNoDelay?(noDelay?: boolean): void;
  /** TLS alone has it. */
  handshake?(): Promise<unknown>;
}

/** What `Deno.connectTls` takes, without host and port. */
export interface DenoTlsOptions {
  /** Certificates to trust besides those of the system, in PEM. */
  readonly caCerts?: readonly string[] | undefined;
  /** The client's certificate and its key, in PEM: for mutual TLS. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** None unless asked for. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** Takes a certificate made out to another name. */
  readonly unsafelyDisableHostnameVerification?: boolean | undefined;
}

/** Options of {@link connect}. */
export interface DenoConnectOptions extends LinkOptions {
  readonly tls?: DenoTlsOptions | undefined;
}

/** Options of {@link listen}. */
export interface DenoListenOptions {
  /** Where to listen; a port of 0 takes a free one. */
  readonly listen: {
    readonly port: number;
    readonly hostname?: string | undefined;
    readonly tcpBacklog?: number | undefined;
    readonly reusePort?: boolean | undefined;
  };
  /** With a certificate and its key, in PEM, the server speaks TLS. Deno cannot ask clients for theirs. */
  readonly tls?:
    | { readonly cert: string; readonly key: string; readonly alpnProtocols?: readonly string[] | undefined }
    | undefined;
  /** Closes the server and all its connections at once. */
  readonly signal?: LinkOptions['signal'];
}

interface DenoListener {
  readonly addr: { readonly port: number };
  accept(): Promise<DenoConn>;
  close(): void;
}

declare const Deno: {
  connect(options: object): Promise<DenoConn>;
  connectTls(options: object): Promise<DenoConn>;
  listen(options: object): DenoListener;
  listenTls(options: object): DenoListener;
};

/**
 * Connects to a server over TCP or TLS: `mqtt:`, `mqtts:`, or a {@link Target}.
 *
 * The Endpoint is a fresh one, its connection made by `clientConnection`. Throws TypeError for another transport, or
 * for credentials in the URL, which belong in CONNECT.
 */
export function connect(
  endpoint: Endpoint,
  target: Target | string,
  handler: LinkHandler,
  options: DenoConnectOptions = {},
): Link {
  const { transport, hostname, port } = targetOf(target, ['tcp', 'tls'], 'puremqtt/deno');
  // Deno gives up an attempt over TCP when told; one over TLS is closed as soon as it stands.
  const attempt = new AbortController();
  const coming =
    transport === 'tls'
      ? Deno.connectTls({ hostname, port, ...options.tls })
      : Deno.connect({ hostname, port, signal: attempt.signal });
  const link = attachStreams(endpoint, coming.then(streamsOf), handler, options);
  void link.closed.then(() => attempt.abort());
  return link;
}

/** Joins an Endpoint, of a client or of a server, to a `Deno.Conn` that nobody else reads or writes. */
export function attach(
  endpoint: Endpoint,
  conn: DenoConn,
  handler: LinkHandler,
  options: LinkOptions = {},
): Link {
  return attachStreams(endpoint, streamsOf(conn), handler, options);
}

function streamsOf(conn: DenoConn): ByteStreams {
  // Messages that wait for each other's acknowledgements are small; Nagle's algorithm would hold them back.
  conn.setNoDelay?.(true);
  return {
    readable: { getReader: () => new Reader(conn) },
    writable: conn.writable,
    opened: conn.handshake?.(),
    end: () => conn.closeWrite(),
    destroy: () => conn.close(),
  };
}

/** How much is read at once, and up to where a copy is better than holding all of it for a few small messages. */
const CHUNK = 65_536;
const SMALL = 8_192;

/** Reads on its own: the ReadableStream of a connection closes all of it when the peer closes its half. */
class Reader {
  readonly #conn: DenoConn;
  #buffer = new Uint8Array(CHUNK);

  constructor(conn: DenoConn) {
    this.#conn = conn;
  }

  async read(): Promise<{ done: boolean; value?: Uint8Array }> {
    const count = await this.#conn.read(this.#buffer);
    if (count === null) return { done: true };
    if (count <= SMALL) return { done: false, value: this.#buffer.slice(0, count) };
    const value = this.#buffer.subarray(0, count);
    this.#buffer = new Uint8Array(CHUNK);
    return { done: false, value };
  }

  /** Closing the connection ends a read under way. */
  async cancel(): Promise<void> {}
}

/** How long to wait after a client could not be accepted, in milliseconds: too many open files stay so for a while. */
const ACCEPT_AGAIN = 100;

/**
 * Listens for clients over TCP or TLS. `accept` is called for each one, before the TLS handshake, with its `Deno.Conn`,
 * which knows the address; undefined turns it away. Rejects with Deno's error if the address is not to be had.
 */
export async function listen(
  { listen, tls, signal }: DenoListenOptions,
  accept: (conn: DenoConn) => Acceptance | undefined,
): Promise<Listener> {
  const server = tls === undefined ? Deno.listen(listen) : Deno.listenTls({ ...listen, ...tls });
  const links = new Set<Link>();
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (!isClosed) server.close();
    isClosed = true;
    await Promise.all([...links].map(({ closed }) => closed));
  };
  const next = async (): Promise<DenoConn | undefined> => {
    try {
      return await server.accept();
    } catch {
      if (!isClosed) await new Promise((resolve) => setTimeout(resolve, ACCEPT_AGAIN));
      return undefined;
    }
  };
  const serve = async (): Promise<void> => {
    while (!isClosed) {
      const conn = await next();
      if (conn === undefined) continue;
      const taken = isClosed ? undefined : accept(conn);
      if (taken === undefined) {
        conn.close();
        continue;
      }
      const link = attach(taken.endpoint, conn, taken.handler, taken.options);
      links.add(link);
      void link.closed.then(() => links.delete(link));
    }
  };
  const abort = (): void => {
    void close();
    for (const link of links) link.destroy(signal?.reason);
  };
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  void serve();
  return { port: server.addr.port, links, close };
}
