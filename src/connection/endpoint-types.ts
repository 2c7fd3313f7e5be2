// pure: what an Endpoint takes and gives.
import type { Bytes, LenientRule } from '../codec.js';
import type { Action, CloseAction, EndReason, ReplyAction, TransmitAction } from './actions.js';
import type { StoredConnection } from './stored.js';

/** What an Endpoint tells its host: every action but the ones that `bytes` and `close` stand for. */
export type EndpointEvent = Exclude<Action, TransmitAction | ReplyAction | CloseAction>;

/** What one call of an Endpoint came to. */
export interface EndpointResult {
  /** To be written, whole and in order. */
  readonly bytes: Bytes | undefined;
  /** To be handled in order; under the contract of the atomic commit, stored before `bytes` are written. */
  readonly events: readonly EndpointEvent[];
  /** When `tick` is due, in the caller's milliseconds; undefined: never. It replaces the one before. */
  readonly deadline: number | undefined;
  /** Close the network connection once `bytes` are written; nothing more is to be read. */
  readonly close: EndReason | undefined;
}

/** Options of {@link Endpoint}. */
export interface EndpointOptions {
  /** Rules of the codec to relax for a sloppy peer; none by default. */
  readonly lenient?: readonly LenientRule[] | undefined;
  /** Whether binary fields of packets are copies, and not views into the chunks. Default: false. */
  readonly copy?: boolean | undefined;
  /** The largest CONNECT that a server takes, in bytes. Default: 131,072 (128 KiB). */
  readonly maximumConnectSize?: number | undefined;
  /**
   * How many bytes of answers a peer may leave unread: what is written between `blocked` and `writable`. A peer that
   * asks and never listens is cut off. Default: 1,048,576 (1 MiB).
   */
  readonly maximumUnread?: number | undefined;
  /**
   * Whether `receive` stops reading behind a packet that the host has to answer (`connectRequested`,
   * `requestReceived`, `authReceived`), so that what came after it is seen, and answered, after its answer. The host
   * calls `proceed` then. Default: all that came is read at once; a Link of the adapters waits unless this is false.
   */
  readonly waitForAnswers?: boolean | undefined;
  /**
   * How many bytes may come while reading waits for an answer; each chunk counts for 256 more. A peer that sends more
   * is cut off. Default: 1,048,576 (1 MiB).
   */
  readonly maximumWaiting?: number | undefined;
}

/** An Endpoint as it is stored, with its network connection still open. */
export interface StoredEndpoint {
  /** The version of this format. */
  readonly format: 1;
  readonly connection: StoredConnection;
  /** The bytes that no packet has come out of: of one that has not come whole, or all that waits to be read. */
  readonly unread: Uint8Array;
}
