// owned: the adapter for any standard WebSocket: of browsers, Node, Deno, Bun and Workers, and of the package ws.
import type { Bytes } from '../codec.js';
import type { Endpoint } from '../connection/index.js';
import { Driver } from './link.js';
import type { Link, LinkHandler, LinkOptions } from './surface.js';
import { type Target, targetOf, webSocketUrl } from './url.js';
import { joined, type Wire } from './wire.js';

export * from './common.js';

/** The name of the subprotocol (MQTT-6.0.0-3, MQTT-6.0.0-4). */
export const SUBPROTOCOL = 'mqtt';

/** What the adapter needs of a WebSocket. */
export interface WebSocketLike {
  binaryType: string;
  /** The subprotocol that the server chose. */
  readonly protocol: string;
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Bytes that are not on the wire yet; Workers have none. */
  readonly bufferedAmount?: number;
  send(data: Bytes): void;
  close(code?: number, reason?: string): void;
  /** Only the package ws has it. */
  terminate?(): void;
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
const HIGH_WATER = 1_048_576;
/** How often a full socket is looked at, in milliseconds: a WebSocket does not say when it takes more. */
const LOOK_AGAIN = 20;

/**
 * Connects to a server over WebSocket: a `ws:` or `wss:` URL, or a {@link Target}.
 *
 * Throws TypeError for another transport, or for credentials in the URL, which belong in CONNECT.
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
 * its messages.
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
  const open = (): void => {
    if (options.checkProtocol !== false && socket.protocol !== SUBPROTOCOL) {
      refuse(1002, 'the subprotocol has to be mqtt');
    } else driver.opened();
  };
  const refuse = (code: number, why: string): void => {
    driver.gone('websocket', new Error(`puremqtt/websocket: ${why}`));
    socket.close(code, why);
  };
  let failure: unknown;
  socket.addEventListener('open', open);
  socket.addEventListener('message', ({ data }) => {
    if (data instanceof ArrayBuffer) driver.received(new Uint8Array(data));
    else refuse(1003, 'frames have to be binary');
  });
  socket.addEventListener('error', (event) => {
    failure = 'error' in event ? event.error : undefined;
  });
  socket.addEventListener('close', (event) => {
    wire.stop();
    const isClean = 'code' in event && event.code !== 1006;
    if (isClean) driver.gone('peer', undefined);
    else driver.gone(driver.isOpen ? 'reset' : 'unreachable', failure);
  });
  if (socket.readyState === 1) queueMicrotask(open);
  return driver;
}

class SocketWire implements Wire {
  readonly #socket: WebSocketLike;
  readonly #drained: () => void;
  #watch: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: WebSocketLike, drained: () => void) {
    this.#socket = socket;
    this.#drained = drained;
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
    this.#watch = setTimeout(() => {
      if (this.#buffered() > HIGH_WATER / 2) this.#look();
      else this.#drained();
    }, LOOK_AGAIN);
  }

  #buffered(): number {
    return this.#socket.bufferedAmount ?? 0;
  }
}
