// owned: the adapter for any standard WebSocket: of browsers, Node, Deno, Bun and Workers, and of the package ws.
import type { Bytes } from '../codec.js';
import type { Endpoint } from '../connection/index.js';
import { causeOf } from './closes.js';
import { Driver } from './link.js';
import type { CloseCause, Link, LinkHandler, LinkOptions } from './surface.js';
import { type Target, targetOf, webSocketUrl } from './url.js';
import { joined, type Wire } from './wire.js';

export * from './common.js';

/** The name of the subprotocol (MQTT-6.0.0-3, MQTT-6.0.0-4). */
export const SUBPROTOCOL = 'mqtt';

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
export interface WebSocketLike {
  binaryType: string;
  /** The subprotocol that the server chose. */
  readonly protocol: string | null;
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Bytes that are not on the wire yet; not all runtimes tell. */
  readonly bufferedAmount?: number;
  send(data: Bytes): void;
  close(code?: number, reason?: string): void;
  /** These three only the package ws has. */
  terminate?(): void;
  pause?(): void;
  resume?(): void;
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

/** Above this many bytes not yet on the wire the socket is full, and takes more again from half of it. */
const HIGH_WATER = 262_144;
/** How often a full socket is looked at, in milliseconds: a WebSocket does not say when it takes more. */
const LOOK_AGAIN = 10;

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
  socket.binaryType = 'arraybuffer';
  const wire = new SocketWire(socket, () => driver.drained());
  const driver = new Driver(endpoint, wire, handler, options);
  const refuse = (code: number, why: string): void => {
    driver.gone('websocket', new Error(`puremqtt/websocket: ${why}`));
    socket.close(code, why);
  };
  const open = (): void => {
    const isRight = options.checkProtocol === false || socket.protocol === SUBPROTOCOL;
    if (isRight) driver.opened();
    else refuse(NO_PROTOCOL, 'the subprotocol has to be mqtt');
  };
  const end = (code: unknown, error: unknown): void => {
    wire.stop();
    driver.gone(endedBy(code, error, driver.isOpen), error);
  };
  let failure: unknown;
  socket.addEventListener('open', open);
  socket.addEventListener('message', ({ data }) => {
    const bytes = bytesOf(data);
    if (bytes === undefined) refuse(NOT_BINARY, 'frames have to be binary');
    else driver.received(bytes);
  });
  socket.addEventListener('error', (event) => {
    failure = 'error' in event ? event.error : event;
    // Node 22 says no more than this when there is no connection to be had.
    if (!driver.isOpen) end(undefined, failure);
  });
  socket.addEventListener('close', (event) => {
    const code = 'code' in event ? event.code : undefined;
    end(code, failure ?? (code === NORMAL ? undefined : event));
  });
  if (socket.readyState === 1) queueMicrotask(open);
  if (socket.readyState === 3) queueMicrotask(() => driver.gone('peer'));
  return driver;
}

/** Close codes of RFC 6455, section 7.4.1. */
const NORMAL = 1000;
const NO_PROTOCOL = 1002;
const NOT_BINARY = 1003;
const ABNORMAL = 1006;

/** What a close code and an error stand for; many runtimes give neither away. */
function endedBy(code: unknown, error: unknown, isOpen: boolean): CloseCause {
  if (typeof code === 'number' && code >= NORMAL && code !== ABNORMAL) return 'peer';
  const cause = causeOf(error);
  if (cause !== 'network') return cause;
  return isOpen ? 'reset' : 'unreachable';
}

/** The bytes of a binary frame, whichever way the runtime hands them out; undefined for a text frame. */
function bytesOf(data: unknown): Uint8Array | undefined {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (!ArrayBuffer.isView(data)) return undefined;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

class SocketWire implements Wire {
  readonly #socket: WebSocketLike;
  readonly #drained: () => void;
  readonly pause?: () => void;
  readonly resume?: () => void;
  #watch: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: WebSocketLike, drained: () => void) {
    this.#socket = socket;
    this.#drained = drained;
    if (socket.pause !== undefined && socket.resume !== undefined) {
      this.pause = () => socket.pause?.();
      this.resume = () => socket.resume?.();
    }
  }

  write(chunks: readonly Bytes[]): boolean {
    // One that is closing drops what it is given.
    if (this.#socket.readyState === 1) this.#socket.send(joined(chunks));
    if (this.#buffered() < HIGH_WATER) return true;
    this.#look();
    return false;
  }

  end(): void {
    this.stop();
    // The runtime sends what is buffered before it closes.
    this.#socket.close(1000);
  }

  destroy(): void {
    this.stop();
    if (this.#socket.terminate !== undefined) this.#socket.terminate();
    else this.#socket.close();
  }

  stop(): void {
    clearTimeout(this.#watch);
  }

  #look(): void {
    this.#watch ??= setTimeout(() => {
      this.#watch = undefined;
      if (this.#buffered() > HIGH_WATER / 2) this.#look();
      else this.#drained();
    }, LOOK_AGAIN);
  }

  #buffered(): number {
    return this.#socket.bufferedAmount ?? 0;
  }
}
