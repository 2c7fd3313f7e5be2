// owned: the adapter for node:net and node:tls, for Node, Bun and whatever else has them.
import {
  connect as connectTcp,
  createServer,
  type ListenOptions,
  type Server,
  type Socket,
  type TcpNetConnectOpts,
} from 'node:net';
import type { Duplex } from 'node:stream';
import {
  type ConnectionOptions,
  connect as connectTls,
  createServer as createTlsServer,
  type TlsOptions,
} from 'node:tls';
import type { Endpoint } from '../connection/index.js';
import { causeOf } from './closes.js';
import { Driver } from './link.js';
import type { Acceptance, Link, LinkHandler, LinkOptions, Listener } from './surface.js';
import { type Target, targetOf } from './url.js';
import type { Wire } from './wire.js';

export * from './common.js';

/** Options of {@link connect}. */
export interface NodeConnectOptions extends LinkOptions {
  /** Options of `net.connect`: `lookup`, `family`, `localAddress` and so on. Host and port are the target's. */
  readonly net?: Omit<TcpNetConnectOpts, 'host' | 'port'> | undefined;
  /**
   * Options of `tls.connect`: `ca`, `cert`, `key`, `passphrase`, `servername`, `ALPNProtocols`, `rejectUnauthorized`
   * and so on. No ALPN unless asked for. Host and port are the target's.
   */
  readonly tls?: Omit<ConnectionOptions, 'host' | 'port' | 'socket'> | undefined;
}

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
  options: NodeConnectOptions = {},
): Link {
  const { transport, hostname: host, port } = targetOf(target, ['tcp', 'tls'], 'puremqtt/node');
  // Messages that wait for each other's acknowledgements are small; Nagle's algorithm would hold them back.
  const net = { noDelay: true, ...options.net, host, port };
  const socket = transport === 'tls' ? connectTls({ ...net, ...options.tls, host, port }) : connectTcp(net);
  return drive(endpoint, socket, handler, options, transport === 'tls' ? 'secureConnect' : 'connect');
}

/**
 * Joins an Endpoint, of a client or of a server, to a stream that stands: a Socket, a TLSSocket, a tunnel, or any
 * other Duplex.
 */
export function attach(
  endpoint: Endpoint,
  duplex: Duplex,
  handler: LinkHandler,
  options: LinkOptions = {},
): Link {
  return drive(endpoint, duplex, handler, options, undefined);
}

/** Options of {@link listen}. */
export interface NodeListenOptions {
  /** Where to listen: `host`, `port`, `path`, `backlog` and so on; a port of 0 takes a free one. */
  readonly listen: ListenOptions;
  /** Options of `tls.createServer`: with them the server speaks TLS, with `requestCert` mutual TLS. */
  readonly tls?: TlsOptions | undefined;
  /** Closes the server and all its connections at once. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Listens for clients over TCP or TLS. `accept` is called for each one, after the TLS handshake, with its socket, which
 * knows the address and the certificate; undefined turns it away. Rejects with the runtime's error if the address is
 * not to be had.
 */
export function listen(
  options: NodeListenOptions,
  accept: (socket: Socket) => Acceptance | undefined,
): Promise<Listener> {
  const links = new Set<Link>();
  const onSocket = (socket: Socket): void => {
    const taken = accept(socket);
    if (taken === undefined) {
      socket.destroy();
      return;
    }
    const link = attach(taken.endpoint, socket, taken.handler, taken.options);
    links.add(link);
    void link.closed.then(() => links.delete(link));
  };
  const settings = { noDelay: true };
  const server =
    options.tls === undefined
      ? createServer(settings, onSocket)
      : createTlsServer({ ...settings, ...options.tls }, onSocket);
  return listening(server, options, links);
}

function listening(
  server: Server,
  { listen, signal }: NodeListenOptions,
  links: Set<Link>,
): Promise<Listener> {
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
    });
  signal?.addEventListener('abort', () => {
    void close();
    for (const link of links) link.destroy(signal.reason);
  });
  return new Promise((resolve, reject) => {
    // Later errors, as of too many open files, concern a client that was not accepted, and no other.
    server.on('error', reject);
    server.listen(listen, () => {
      const address = server.address();
      resolve({ port: typeof address === 'object' && address !== null ? address.port : 0, links, close });
    });
  });
}

/** Joins an Endpoint to a Duplex; `ready` is the event that says it stands, undefined that it does. */
function drive(
  endpoint: Endpoint,
  duplex: Duplex,
  handler: LinkHandler,
  options: LinkOptions,
  ready: 'connect' | 'secureConnect' | undefined,
): Link {
  let failure: unknown;
  const wire: Wire = {
    write: (chunks) => {
      if (duplex.destroyed || duplex.writableEnded) return true; // 'close' is on its way
      duplex.cork();
      for (const chunk of chunks) duplex.write(chunk);
      duplex.uncork();
      return !duplex.writableNeedDrain;
    },
    pause: () => duplex.pause(),
    resume: () => duplex.resume(),
    end: () => {
      duplex.resume();
      duplex.end();
    },
    destroy: () => duplex.destroy(),
    // All that the sockets of one turn of the event loop bring about is written once.
    defer: setImmediate,
  };
  const driver = new Driver(endpoint, wire, handler, options);
  duplex.on('data', (chunk: Uint8Array) => driver.received(chunk));
  duplex.on('drain', () => driver.drained());
  duplex.on('error', (error) => {
    failure = error;
  });
  duplex.on('close', () => {
    if (failure === undefined) driver.gone('peer');
    else driver.gone(causeOf(failure), failure);
  });
  duplex.on('end', () => duplex.end()); // for a stream that allows half-open ends
  if (ready === undefined) queueMicrotask(() => driver.opened());
  else duplex.once(ready, () => driver.opened());
  return driver;
}
