/** Where clients come in: TCP, TLS, and WebSocket over either. */
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { WebSocketServer } from 'ws';
import { listen } from '../../../src/adapters/node.js';
import { attach, selectProtocol } from '../../../src/adapters/websocket.js';
import { Broker } from './broker.js';

export interface Place {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Certificate and key, and with `requestCert` the authority that clients have theirs from. */
  readonly tls?: TlsOptions | undefined;
}

export interface Listening {
  readonly port: number;
  /** Takes no more connections, and settles when those that stand have closed. */
  close(): Promise<void>;
}

/** Listens over TCP, or TLS. */
export function listenTcp(broker: Broker, { host, port, tls }: Place): Promise<Listening> {
  return listen({ listen: { host, port }, tls }, (socket) => broker.accept(socket.remoteAddress ?? ''));
}

/** Listens for WebSockets, on any path. */
export async function listenWebSocket(broker: Broker, { host, port, tls }: Place): Promise<Listening> {
  const server = tls === undefined ? createHttpServer() : createHttpsServer(tls);
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: false,
    // A frame may hold several packets, or a part of one.
    maxPayload: 4 * broker.limits.packetSize,
    verifyClient: ({ req }: { req: IncomingMessage }) =>
      selectProtocol(req.headers['sec-websocket-protocol']) !== false,
    handleProtocols: selectProtocol,
  });
  sockets.on('connection', (socket, request) => {
    const taken = broker.accept(request.socket.remoteAddress ?? '');
    if (taken === undefined) socket.close(1013, 'too many connections');
    else attach(taken.endpoint, socket, taken.handler, taken.options);
  });
  await new Promise<void>((resolve, reject) => {
    // It tells the errors of its server as well; later ones concern a client that was not accepted, and no other.
    sockets.on('error', reject);
    server.listen({ host, port }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        sockets.close();
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

/** A broker on loopback for a program that is to have one to talk to. */
export async function serveLoopback(port = 0): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const broker = new Broker();
  const listening = await listenTcp(broker, { host: '127.0.0.1', port });
  const stop = async (): Promise<void> => {
    await Promise.all([listening.close(), broker.close()]);
  };
  return { url: `mqtt://127.0.0.1:${listening.port}`, stop };
}
