// @ts-nocheck
// owned: the adapter for any standard WebSocket: of browsers, Node, Deno, Bun and Workers, and of the package ws.
import type { Endpoint } from '../connection/index.js';
import { type FrameSocket, Frames, SUBPROTOCOL } from './frames.js';
import type { Link, LinkHandler, LinkOptions } from './surface.js';
import { type Target, targetOf, webSocketUrl } from './url.js';

export * from './common.js';
export { type FrameSocket, SUBPROTOCOL } from './frames.js';

/**
 * The subprotocol for a server to choose out of those that a client offers: `mqtt`, or false if that is not among them
 * and the request has to be turned away (sections 6 of both standards, MQTT-6.0.0-3).
 *
 * It takes the header `Sec-WebSocket-Protocol` or the names in it, so that it serves as `handleProtocols` of the
 * package ws. That one asks nobody when a client offers nothing: look at the header in `verifyClient` too.
 *
 * @example
 * selectProtocol('mqttv3.1, mqtt'); // => 'mqtt'
 * selectProtocol(new Set(['chat'])); // => false
 * selectProtocol(undefined); // => false
 */
export function selectProtocol(offered: Iterable<string> | null | undefined): typeof SUBPROTOCOL | false {
  const names = typeof offered === 'string' ? offered.split(',').map((name) => name.trim()) : (offered ?? []);
  for (const name of names) if (name === SUBPROTOCOL) return SUBPROTOCOL;
  return false;
}

/** What the adapter needs of a WebSocket. */
export interface WebSocketLike extends FrameSocket {
  addEventListener(type: 'open' | 'close' | 'error', listener: (event: object) => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** Options of {@link connect}. */
export interface WebSocketConnectOptions extends LinkOptions {
  /** Makes the WebSocket, where the runtime's own will not do. Default: `new WebSocket(url, protocol)`. */
  readonly create?: ((url: string, protocol: string) => WebSocketLike) | undefined;
}

/** Options of {@link attach}. */
export interface WebSocketAttachOptions extends LinkOptions {
  /** Whether the subprotocol has to be `mqtt`. Default: true; false where only another layer knows it. */
  readonly checkProtocol?: boolean | undefined;
}

/**
 * Connects to a server over WebSocket: a `ws:` or `wss:` URL, or a {@link Target}.
 *
 * The Endpoint is a fresh one, its connection made by `clientConnection`. Throws TypeError for another transport, or
 * for credentials in the URL, which belong in CONNECT, and what `new WebSocket` throws.
 */
export function connect(
  endpoint: Endpoint,
  target: Target | string,
  handler: LinkHandler,
  options: WebSocketConnectOptions = {},
): Link {
  const url = webSocketUrl(targetOf(target, ['ws', 'wss'], 'puremqtt/websocket'));
  const socket = options.create?.(url, SUBPROTOCOL) ?? new WebSocket(url, SUBPROTOCOL);
  return attach(endpoint, socket, handler, options);
}

/**
 * Joins an Endpoint, of a client or of a server, to a WebSocket that is connecting or open. Nobody else may listen to
 * its messages, and a server attaches it in the turn in which it gets it, or loses what comes first.
 */
export function attach(
  endpoint: Endpoint,
  socket: WebSocketLike,
  handler: LinkHandler,
  options: WebSocketAttachOptions = {},
): Link {
  const frames = new Frames(endpoint, socket, handler, options);
  const open = (): void => frames.opened(options.checkProtocol !== false);
  socket.addEventListener('open', open);
  socket.addEventListener('message', ({ data }) => frames.message(data));
  socket.addEventListener('error', (event) => frames.failed('error' in event ? event.error : event));
  socket.addEventListener('close', (event) => frames.closed('code' in event ? event.code : undefined, event));
  if (socket.readyState === 1) queueMicrotask(open);
  if (socket.readyState === 3) queueMicrotask(() => frames.driver.gone('peer'));
  return frames.driver;
}
