// @ts-nocheck
// owned: the adapter for Workers: the sockets of cloudflare:sockets, and WebSockets that clients open to a Worker.
import type { Endpoint } from '../connection/index.js';
import { attachStreams, type ByteReadable, type ByteStreams, type ByteWritable } from './streams.js';
import type { Link, LinkHandler, LinkOptions } from './surface.js';
import { type Target, targetOf } from './url.js';
import { attach as attachFrames, SUBPROTOCOL, selectProtocol, type WebSocketLike } from './websocket.js';

export * from './hibernation.js';
export * from './streams.js';
export { type FrameSocket, SUBPROTOCOL, selectProtocol, type WebSocketLike } from './websocket.js';

/** What the adapter needs of a `Socket` of `cloudflare:sockets`. */
export interface WorkersSocket {
  readonly readable: ByteReadable;
  readonly writable: ByteWritable;
  readonly opened: Promise<unknown>;
  readonly closed: Promise<unknown>;
  close(): Promise<unknown>;
  startTls(options?: { expectedServerHostname?: string }): WorkersSocket;
}

/** Options of {@link connect}. */
export interface WorkersConnectOptions extends LinkOptions {
  /** `connect` of `cloudflare:sockets`, so that no other runtime or bundler meets that import. */
  readonly connect: (
    address: { hostname: string; port: number },
    options: { secureTransport: 'on' | 'off' | 'starttls'; allowHalfOpen: boolean },
  ) => WorkersSocket;
  /** The name in the server's certificate, where it is not the host's. */
  readonly expectedServerHostname?: string | undefined;
  /**
   * What to say on the plain connection before TLS starts, for instance to a proxy. It has to release the locks of
   * its reader and its writer.
   */
  readonly beforeTls?: ((socket: WorkersSocket) => PromiseLike<void>) | undefined;
}

/**
 * Connects to a server over TCP or TLS: `mqtt:`, `mqtts:`, or a {@link Target}.
 *
 * The Endpoint is a fresh one, its connection made by `clientConnection`. Throws TypeError for another transport, or
 * for credentials in the URL, which belong in CONNECT, and what `connect` of `cloudflare:sockets` throws.
 */
export function connect(
  endpoint: Endpoint,
  target: Target | string,
  handler: LinkHandler,
  options: WorkersConnectOptions,
): Link {
  const { transport, hostname, port } = targetOf(target, ['tcp', 'tls'], 'puremqtt/workers');
  const { expectedServerHostname: name, beforeTls } = options;
  const isPlainFirst = transport === 'tls' && (name !== undefined || beforeTls !== undefined);
  const secureTransport = transport === 'tcp' ? 'off' : isPlainFirst ? 'starttls' : 'on';
  const address = { hostname: hostname.includes(':') ? `[${hostname}]` : hostname, port };
  const socket = options.connect(address, { secureTransport, allowHalfOpen: true });
  const streams = isPlainFirst ? secured(socket, name, beforeTls) : streamsOf(socket);
  return attachStreams(endpoint, streams, handler, options);
}

/** Joins an Endpoint to a `Socket` of `cloudflare:sockets` that nobody else reads or writes. */
export function attach(
  endpoint: Endpoint,
  socket: WorkersSocket,
  handler: LinkHandler,
  options: LinkOptions = {},
): Link {
  return attachStreams(endpoint, streamsOf(socket), handler, options);
}

function streamsOf(socket: WorkersSocket): ByteStreams {
  // It says what `opened`, the reader or the writer says too.
  socket.closed.catch(() => {});
  const { readable, writable, opened } = socket;
  return { readable, writable, opened, destroy: () => socket.close() };
}

/** The streams of a socket that is to speak TLS as soon as it stands. */
function secured(
  plain: WorkersSocket,
  name: string | undefined,
  beforeTls: WorkersConnectOptions['beforeTls'],
): ByteStreams {
  let current = streamsOf(plain);
  const secure = async (): Promise<void> => {
    await current.opened;
    await beforeTls?.(plain);
    current = streamsOf(plain.startTls(name === undefined ? {} : { expectedServerHostname: name }));
    try {
      await current.opened;
    } catch (cause) {
      // A runtime's own words for it are `internal error`.
      throw Object.assign(new Error('puremqtt/workers: TLS did not come about'), {
        code: 'ERR_TLS_START',
        cause,
      });
    }
  };
  return {
    get readable() {
      return current.readable;
    },
    get writable() {
      return current.writable;
    },
    opened: secure(),
    destroy: () => current.destroy?.(),
  };
}

/** A class of the runtime, where the program's types know it. */
export type Global<Name extends string> = typeof globalThis extends { [K in Name]: { prototype: infer T } }
  ? T
  : unknown;

/** The end of a WebSocketPair that stays with the Worker. */
export type ServerSocket = WebSocketLike & Global<'WebSocket'> & { accept(): void };

/** What becomes of a request for a WebSocket. */
export interface Upgrade {
  /** The answer to give: 101, or a refusal. */
  readonly response: Global<'Response'>;
  /** For {@link attachWebSocket} or `HibernatingLinks`; undefined for a refusal. */
  readonly socket: ServerSocket | undefined;
}

declare const WebSocketPair: new () => { readonly 0: unknown; readonly 1: ServerSocket };
declare const Response: new (body: string | null, init: object) => Global<'Response'>;

/**
 * Answers a request for a WebSocket that carries MQTT: with 101 and the subprotocol `mqtt` (sections 6 of both
 * standards, MQTT-6.0.0-3, MQTT-6.0.0-4), with 426 if it asks for no WebSocket, and with 400 if it does not offer that
 * subprotocol.
 */
export function upgrade(request: {
  readonly method: string;
  readonly headers: { get(name: string): string | null };
}): Upgrade {
  const { method, headers } = request;
  if (method !== 'GET' || headers.get('Upgrade')?.toLowerCase() !== 'websocket') {
    return refusal(426, 'This is for WebSockets that carry MQTT.', {
      Upgrade: 'websocket',
      Connection: 'Upgrade',
    });
  }
  if (selectProtocol(headers.get('Sec-WebSocket-Protocol')) === false) {
    return refusal(400, 'Sec-WebSocket-Protocol has to offer mqtt.', {});
  }
  const { 0: webSocket, 1: socket } = new WebSocketPair();
  const answer = { status: 101, webSocket, headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } };
  return { response: new Response(null, answer), socket };
}

const refusal = (status: number, text: string, headers: object): Upgrade => ({
  response: new Response(text, { status, headers }),
  socket: undefined,
});

/** Accepts the WebSocket of an {@link upgrade} and joins an Endpoint, made by `serverConnection`, to it. */
export function attachWebSocket(
  endpoint: Endpoint,
  socket: ServerSocket,
  handler: LinkHandler,
  options: LinkOptions = {},
): Link {
  // Its end of the pair does not know what the answer to the request has said.
  const link = attachFrames(endpoint, socket, handler, { ...options, checkProtocol: false });
  socket.accept();
  return link;
}
