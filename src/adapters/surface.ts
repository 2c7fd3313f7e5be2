// pure: the surface that all adapters share.
import type {
  AcceptInput,
  ConnectionState,
  Endpoint,
  EndpointEvent,
  EndReason,
  SendablePacket,
  SendOptions,
  StoredEndpoint,
} from '../connection/index.js';
import type { Clock } from './timer.js';

/**
 * Told what came of bytes, calls and time, in order. It is called before the bytes that answer are written, so a host
 * that stores `link.state.session` and the deliveries here keeps the contract of the atomic commit.
 *
 * If it gives a promise, nothing is written and nothing more is read until that settles: reading is paused where the
 * runtime can, and else what comes waits in a bounded inbox. So the promise must not wait for an answer of the peer,
 * nor for the `closed` of its own Link, and not for longer than the keep alive. It may wait for `whenWritable` before
 * it sends anything, not after: what it sent is not written before it settles.
 *
 * Behind `connectRequested`, `requestReceived` and an `authReceived` that wants an answer, nothing more is read until
 * the answer is given, here or later. Writing goes on meanwhile.
 *
 * If it throws or rejects, the network connection is closed at once, with the cause `handler`.
 */
export type LinkHandler = (events: readonly EndpointEvent[], link: Link) => void | PromiseLike<void>;

/** Why a network connection ended. What a runtime cannot tell apart stands in `docs/adapters.md`. */
export type CloseCause =
  /** MQTT ended it: a DISCONNECT either way, a refused CONNECT, a broken rule, silence. `reason` says which. */
  | 'ended'
  /** The peer closed it without a word. */
  | 'peer'
  /** It broke: reset, or written to after the peer had gone. */
  | 'reset'
  /** Nobody listens there. */
  | 'refused'
  /** The host's name is unknown, or there is no way to it. */
  | 'unreachable'
  /** It did not come about within `connectTimeout`. */
  | 'timeout'
  /** A certificate or the TLS handshake was not good. */
  | 'tls'
  /** The WebSocket is not one for MQTT: no `mqtt` subprotocol, or a text frame (sections 6 of both standards). */
  | 'websocket'
  /** The AbortSignal said so; `error` is its reason. */
  | 'aborted'
  /** This side closed it: the host called `destroy`, or `disconnect` before it stood, or destroyed the socket. */
  | 'destroyed'
  /** More came than `maximumInbox` while the handler was busy or owed an answer, and reading could not pause. */
  | 'overflow'
  /** The handler threw or rejected; `error` is what it threw. */
  | 'handler'
  /** Anything else; `error` is what the runtime gave. */
  | 'network';

/** How a network connection ended. */
export interface LinkClosed {
  readonly cause: CloseCause;
  /** How MQTT saw the end; `closed` unless the cause is `ended`. */
  readonly reason: EndReason;
  /** The MqttError of a `fail`, or what the runtime, the handler or the AbortSignal gave. */
  readonly error: unknown;
}

/** What an adapter needs of an AbortSignal. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Options that all adapters take. */
export interface LinkOptions extends Clock {
  /** Closes the network connection at once, also one that does not stand yet. */
  readonly signal?: AbortSignalLike | undefined;
  /** How long the network connection may take to come about, TLS included, in milliseconds. Default: 30,000. */
  readonly connectTimeout?: number | undefined;
  /** How long a close in good order may take before the socket is destroyed, in milliseconds. Default: 5,000. */
  readonly closeTimeout?: number | undefined;
  /**
   * How many bytes may wait for a busy handler, or for an answer, where reading cannot pause; each chunk counts for 256
   * more. Default: 1,048,576 (1 MiB).
   */
  readonly maximumInbox?: number | undefined;
  /**
   * Called before each write, which has the bytes of all results up to then, those of calls from outside the handler
   * included. If it gives a promise, they are written when that settles; what comes of later results is the next
   * write. So a store can put what many connections have done into one commit, while they go on.
   *
   * If it throws or rejects, the network connection is closed at once, with the cause `handler`.
   */
  readonly beforeWrite?: ((link: Link) => void | PromiseLike<void>) | undefined;
}

/**
 * An Endpoint joined to a socket: the same on every runtime. Its calls are those of the Endpoint without the time;
 * what comes of them is told to the handler. They may be made at any time, in the handler too, and never throw.
 */
export interface Link {
  /** The connection and its session as they are now; for `canSend`, `sendQuota`, `exportSession`. */
  readonly state: ConnectionState;
  /** The socket takes no more for now: QoS 0 messages are refused, QoS 1 and 2 wait in the session's queue. */
  readonly blocked: boolean;
  /** Settles, and never rejects, when the network connection is gone and the handler knows. */
  readonly closed: Promise<LinkClosed>;
  send(packet: SendablePacket, options?: SendOptions): void;
  /** Takes back a message that waits to be sent: it is settled as `withdrawn`, or the handler is told `refused`. */
  withdraw(token: Parameters<Endpoint['withdraw']>[0]): void;
  acknowledge(packetId: number, verdict?: Parameters<Endpoint['acknowledge']>[2]): void;
  answer(
    packetId: number,
    reasonCodes: Parameters<Endpoint['answer']>[1],
    properties?: Parameters<Endpoint['answer']>[3],
  ): void;
  accept(options?: Omit<AcceptInput, 'type' | 'now'>): void;
  refuse(reasonCode: number, properties?: Parameters<Endpoint['refuse']>[2]): void;
  authenticate(properties?: Parameters<Endpoint['authenticate']>[1]): void;
  /** Sends PINGREQ now, whatever the Keep Alive; the handler is told `pingAnswered`, or of the end. */
  ping(): void;
  /** Says DISCONNECT, flushes and closes; while still connecting, closes at once. */
  disconnect(options?: Parameters<Endpoint['disconnect']>[1]): void;
  /** Closes at once, without a word. */
  destroy(error?: unknown): void;
  /** Settles when the socket takes bytes again, or is gone. */
  whenWritable(): Promise<void>;
  /** The time that `arm` was told has come. */
  tick(): void;
  /**
   * The Endpoint as plain data, for a host that sleeps while its socket stays open. Throws Error while the handler is
   * at work or owes an answer.
   */
  export(): StoredEndpoint;
}

/** A client that has just connected, and what serves it. */
export interface Acceptance {
  readonly endpoint: Endpoint;
  readonly handler: LinkHandler;
  readonly options?: LinkOptions | undefined;
}

/** A server that listens. */
export interface Listener {
  /** The port it listens on; 0 for a path. */
  readonly port: number;
  /** The connections that stand. */
  readonly links: ReadonlySet<Link>;
  /** Takes no more connections, and settles when those that stand have closed and their handlers know. */
  close(): Promise<void>;
}
