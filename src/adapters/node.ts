// owned: the adapter for node:net and node:tls, for Node, Bun and whatever else has them.
import {
  connect as connectTcp,
  createServer,
  isIP,
  type ListenOptions,
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
import { pieced } from './pieces.js';
import type { AbortSignalLike, Acceptance, Link, LinkHandler, LinkOptions, Listener } from './surface.js';
import { type Target, targetOf } from './url.js';
import type { Wire } from './wire.js';

export * from './common.js';

/** Options of {@link connect}. */
export interface NodeConnectOptions extends LinkOptions {
  /** Options of `net.connect`: `lookup`, `family`, `localAddress` and so on. Host and port are the target's. */
  readonly net?: Omit<TcpNetConnectOpts, 'host' | 'port'> | undefined;
  /**
   * Options of `tls.connect`: `ca`, `cert`, `key`, `passphrase`, `servername`, `ALPNProtocols`, `rejectUnauthorized`
   * and so on. No ALPN unless asked for; SNI is the host's name, unless it is an address. Host and port are the
   * target's.
   */
  readonly tls?: Omit<ConnectionOptions, 'host' | 'port' | 'socket'> | undefined;
}

/**
 * Connects to a server over TCP or TLS: `mqtt:`, `mqtts:`, or a {@link Target}.
 *
 * The Endpoint is a fresh one, its connection made by `clientConnection`. Throws TypeError for another transport, or
 * for credentials in the URL, which belong in CONNECT, and whatever Node throws for options that it cannot use, such
 * as a port out of range or a key that is no PEM.
 *
 * @example
 * ```ts no-run
 * import { connect } from 'puremqtt/node';
 * import { clientConnection, Endpoint } from 'puremqtt';
 *
 * const packet = { type: 'connect', protocolVersion: 5, clientId: 'a', cleanStart: true, keepAlive: 60 } as const;
 * const link = connect(new Endpoint(clientConnection({ connect: packet })), 'mqtt://localhost', (events) => {
 *   for (const event of events) if (event.type === 'connected') link.disconnect();
 * });
 * const { cause } = await link.closed; // 'ended'
 * ```
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
  // Node does not do this by itself, and a server with many names needs it.
  const sni = isIP(host) === 0 ? { servername: host } : {};
  const socket =
    transport === 'tls' ? connectTls({ ...net, ...sni, ...options.tls, host, port }) : connectTcp(net);
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
  /**
   * Options of `tls.createServer`: with them the server speaks TLS, with `requestCert` mutual TLS; `handshakeTimeout`
   * bounds the handshake, in milliseconds (Node's default: 120,000).
   */
  readonly tls?: TlsOptions | undefined;
  /** Closes the server and all its connections at once, those in the TLS handshake too. */
  readonly signal?: AbortSignalLike | undefined;
  /**
   * Told why a client was not accepted: a failed TLS handshake, an `accept` that threw, no file descriptor left. The
   * server goes on. Default: nobody is told.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Listens for clients over TCP or TLS. `accept` is called for each one, after the TLS handshake, with its socket, which
 * knows the address and the certificate; undefined turns it away. Rejects with the runtime's error if the address is
 * not to be had, and with the signal's reason if that came first.
 *
 * @example
 * ```ts no-run
 * import { type LinkHandler, listen } from 'puremqtt/node';
 * import { Endpoint, serverConnection } from 'puremqtt';
 *
 * const handler: LinkHandler = (events, link) => {
 *   for (const event of events) if (event.type === 'connectRequested') link.accept();
 * };
 * const accept = () => ({ endpoint: new Endpoint(serverConnection()), handler });
 * const server = await listen({ listen: { host: '127.0.0.1', port: 0 } }, accept);
 * await server.close();
 * ```
 */
export function listen(
  { listen, tls, signal, onError = () => {} }: NodeListenOptions,
  accept: (socket: Socket) => Acceptance | undefined,
): Promise<Listener> {
  const links = new Set<Link>();
  const onSocket = (socket: Socket): void => {
    try {
      const taken = accept(socket);
      if (taken === undefined) {
        socket.destroy();
        return;
      }
      const link = attach(taken.endpoint, socket, taken.handler, taken.options);
      links.add(link);
      void link.closed.then(() => links.delete(link));
    } catch (error) {
      socket.destroy();
      onError(error);
    }
  };
  const settings = { noDelay: true };
  const server =
    tls === undefined ? createServer(settings, onSocket) : createTlsServer({ ...settings, ...tls }, onSocket);
  server.on('tlsClientError', onError);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const abort = (): void => {
    server.close();
    for (const link of links) link.destroy(signal?.reason);
    for (const socket of sockets) socket.destroy();
  };
  const closed = new Promise<void>((resolve) => {
    server.on('close', () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
  });
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    signal?.addEventListener('abort', () => reject(signal.reason));
    signal?.addEventListener('abort', abort);
    server.once('error', reject);
    server.listen(listen, () => {
      server.off('error', reject);
      server.on('error', onError);
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const close = async (): Promise<void> => {
        server.close();
        await closed;
        await Promise.all([...links].map((link) => link.closed));
      };
      resolve({ port, links, close });
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
  // The Driver answers the end of one half with the end of the other, and what is due is written before.
  duplex.allowHalfOpen = true;
  const wire: Wire = {
    write: (chunks) => {
      if (duplex.destroyed || duplex.writableEnded) return true; // 'close' is on its way
      duplex.cork();
      for (const piece of pieced(chunks)) duplex.write(piece);
      duplex.uncork();
      // What the system has taken at once counts no more, though a 'drain' for it may still come.
      return duplex.writableLength < duplex.writableHighWaterMark;
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
    later: setImmediate,
  };
  const driver = new Driver(endpoint, wire, handler, options);
  // TLS tells of some errors without destroying the socket with them; what comes after the error says less.
  let failure: unknown;
  const gone = (): void => {
    const error = failure ?? duplex.errored ?? undefined;
    if (error !== undefined) driver.gone(causeOf(error), error);
    else driver.gone(duplex.readableEnded ? 'peer' : 'destroyed');
  };
  const open = (): void => {
    driver.opened();
    // Not before: what came early would find nobody.
    duplex.on('data', (chunk: Uint8Array) => driver.received(chunk));
    if (duplex.readableEnded) driver.ended();
    if (duplex.destroyed) gone();
  };
  duplex.on('drain', () => driver.drained());
  duplex.on('error', (error) => {
    failure ??= error;
  });
  duplex.on('end', () => (failure === undefined ? driver.ended() : gone()));
  duplex.on('close', gone);
  if (ready === undefined) queueMicrotask(open);
  else duplex.once(ready, open);
  return driver;
}
