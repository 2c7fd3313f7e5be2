// @ts-nocheck
// owned: one Endpoint joined to one WebSocket, whichever way its runtime tells what happens to it.
import type { Bytes } from '../codec.js';
import type { Endpoint } from '../connection/index.js';
import { causeOf } from './closes.js';
import { Driver } from './link.js';
import type { CloseCause, LinkHandler, LinkOptions } from './surface.js';
import { joined, type Wire } from './wire.js';

/** The name of the subprotocol (MQTT-6.0.0-3, MQTT-6.0.0-4). */
export const SUBPROTOCOL = 'mqtt';

/** What the adapters need of a WebSocket that is told of elsewhere. */
export interface FrameSocket {
  binaryType: string;
  /** The subprotocol that the server chose. */
  readonly protocol: string | null;
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Bytes that are not on the wire yet; not all runtimes tell. */
  readonly bufferedAmount?: number;
  send(data: Bytes): void;
  close(code?: number, reason?: string): void;
  /** These three are of the package ws and of Bun. */
  terminate?(): void;
  pause?(): void;
  resume?(): void;
}

/** Close codes of RFC 6455, section 7.4.1. */
const NORMAL = 1000;
const ABNORMAL = 1006;
/** What a standard WebSocket lets its user say instead of 1002 and 1003. */
const WRONG_PROTOCOL = 4002;
const NOT_BINARY = 4003;

/** Above this many bytes not yet on the wire the socket is full, and takes more again from half of it. */
const HIGH_WATER = 262_144;
/** How often a full socket is looked at, in milliseconds: a WebSocket does not say when it takes more. */
const LOOK_AGAIN = 10;

/** A Driver with a WebSocket under it; who listens to the WebSocket says here what it hears. */
export class Frames {
  readonly driver: Driver;
  readonly #socket: FrameSocket;
  readonly #wire: SocketWire;
  #failure: unknown;

  constructor(
    endpoint: Endpoint,
    socket: FrameSocket,
    handler: LinkHandler,
    options: LinkOptions,
    onIdle?: () => void,
  ) {
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#wire = new SocketWire(socket, () => this.driver.drained(), onIdle);
    this.driver = new Driver(endpoint, this.#wire, handler, options);
  }

  opened(checkProtocol: boolean): void {
    const isRight = !checkProtocol || this.#socket.protocol === SUBPROTOCOL;
    if (isRight) this.driver.opened();
    else this.#refuse(WRONG_PROTOCOL, 'the subprotocol has to be mqtt');
  }

  message(data: unknown): void {
    const bytes = bytesOf(data);
    if (bytes === undefined) this.#refuse(NOT_BINARY, 'frames have to be binary');
    else this.driver.received(bytes);
  }

  failed(error: unknown): void {
    this.#failure = error;
    // Node 22 says no more than this when there is no connection to be had.
    if (!this.driver.isOpen) this.#end(undefined, error);
  }

  /** `event` is what the runtime says of the end; it tells more than nothing where the end is no normal one. */
  closed(code: unknown, event: unknown): void {
    // Workers leave the answer to a close to their user.
    if (this.#socket.readyState === 2) this.#socket.close();
    this.#end(code, this.#failure ?? (code === NORMAL ? undefined : event));
  }

  #end(code: unknown, error: unknown): void {
    this.#wire.stop();
    this.driver.gone(endedBy(code, error, this.driver.isOpen), error);
  }

  #refuse(code: number, why: string): void {
    this.driver.gone('websocket', new Error(`puremqtt/websocket: ${why}`));
    this.#wire.stop();
    this.#socket.close(code, why);
  }
}

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
  readonly pause?: () => void;
  readonly resume?: () => void;
  readonly idle?: () => void;
  readonly #socket: FrameSocket;
  readonly #drained: () => void;
  #watch: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: FrameSocket, drained: () => void, onIdle: (() => void) | undefined) {
    this.#socket = socket;
    this.#drained = drained;
    if (onIdle !== undefined) this.idle = onIdle;
    if (socket.pause === undefined || socket.resume === undefined) return;
    this.pause = () => socket.pause?.();
    this.resume = () => socket.resume?.();
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
    this.#socket.close(NORMAL);
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
