// pure: what a step asks the host to do, and what it lets the host know.
import type { MqttError, ProtocolVersion } from '../errors.js';
import type { DecodedPuback, DecodedPubcomp, DecodedPubrec } from '../packets/acks.js';
import type { DecodedAuth } from '../packets/auth.js';
import type { DecodedConnack } from '../packets/connack.js';
import type { DecodedConnect, DecodedWill } from '../packets/connect.js';
import type { DecodedDisconnect } from '../packets/disconnect.js';
import type { Packet } from '../packets/index.js';
import type { DecodedPublish } from '../packets/publish.js';
import type { DecodedSuback, DecodedUnsuback } from '../packets/suback.js';
import type { DecodedSubscribe } from '../packets/subscribe.js';
import type { DecodedUnsubscribe } from '../packets/unsubscribe.js';
import type { StoredMessage, Token } from '../session/state.js';
import type { Limits } from './limits.js';

/** How something sent has ended. */
export type Outcome =
  /** A QoS 0 message: handed to the connection, and nobody will say more about it. */
  | { readonly kind: 'sent' }
  /** The peer has it. The Reason Code of QoS 2 is that of its PUBREC; of MQTT 3.1.1 it is 0. */
  | {
      readonly kind: 'acknowledged';
      readonly packet: DecodedPuback | DecodedPubcomp | DecodedSuback | DecodedUnsuback;
      readonly reasonCode: number;
    }
  /** The peer refused the message with a Reason Code of 0x80 or above; it is not sent again. */
  | {
      readonly kind: 'refused';
      readonly packet: DecodedPuback | DecodedPubrec;
      readonly reasonCode: number;
    }
  /** The message expired before it was sent for the first time. */
  | { readonly kind: 'expired' }
  /** The host took the message back before it was sent for the first time. */
  | { readonly kind: 'withdrawn' }
  /** The message cannot be sent within the limits of the peer; it was dropped. */
  | { readonly kind: 'unsendable'; readonly error: MqttError }
  /** The connection ended before the SUBACK or UNSUBACK came. */
  | { readonly kind: 'connection-lost' }
  /**
   * The session is over, or the server has lost it: `queued` was never sent, `sent` may have arrived, `received`
   * (QoS 2) has arrived. The message, which nobody needs any more where it was received, is there to be sent again.
   */
  | {
      readonly kind: 'session-lost';
      readonly progress: 'queued' | 'sent';
      readonly message: StoredMessage;
    }
  | { readonly kind: 'session-lost'; readonly progress: 'received'; readonly message?: undefined };

/** Why a connection ended. */
export type EndReason =
  /** We sent a DISCONNECT, or closed on the host's request. */
  | 'disconnected'
  /** The peer sent a DISCONNECT. */
  | 'peer-disconnected'
  /** The server, we or the peer, refused the CONNECT. */
  | 'refused'
  /** The peer broke a rule, or was silent for too long: a `fail` says which. */
  | 'failed'
  /** The network connection closed without a word. */
  | 'closed';

/** To do: put a packet on the wire, in the order of these actions. */
export interface TransmitAction {
  readonly type: 'transmit';
  readonly packet: Packet;
}

/** To do: write these bytes, the refusal of a protocol version. */
export interface ReplyAction {
  readonly type: 'reply';
  readonly bytes: Uint8Array;
}

/** To do: hand a message to the application. Its topic is the full one. */
export interface DeliverAction {
  readonly type: 'deliver';
  readonly packet: DecodedPublish;
}

/** To do: close the network connection once everything is written. Nothing more is to be read. */
export interface CloseAction {
  readonly type: 'close';
  readonly reason: EndReason;
}

/** To know: something sent has come to its end. Everything sent and not refused is settled once. */
export interface SettledAction {
  readonly type: 'settled';
  readonly token: Token | undefined;
  readonly outcome: Outcome;
}

/** To know: the input could not be carried out, and the state is the same object as before. */
export interface RefusedAction {
  readonly type: 'refused';
  /** The token of a `send`. */
  readonly token: Token | undefined;
  readonly error: MqttError;
}

/** To know: the peer broke a rule or was silent for too long; `close` follows. */
export interface FailAction {
  readonly type: 'fail';
  readonly error: MqttError;
}

/** To know (server): a client asks to connect; `accept`, `refuse` or `authenticate` is due. */
export interface ConnectRequestedAction {
  readonly type: 'connectRequested';
  readonly packet: DecodedConnect;
}

/** To know: the connection stands, with these terms. */
export interface ConnectedAction {
  readonly type: 'connected';
  readonly version: ProtocolVersion;
  /** The Client Identifier in force, an assigned one included. */
  readonly clientId: string;
  readonly sessionPresent: boolean;
  /** The Keep Alive in force, in seconds; 0: none. */
  readonly keepAlive: number;
  /** The Session Expiry Interval in force, in seconds; 4,294,967,295: for ever. */
  readonly sessionExpiryInterval: number;
  /** What the peer takes. */
  readonly limits: Limits;
  /** The CONNACK (client). */
  readonly packet: DecodedConnack | undefined;
}

/** To know (client): the server refused the CONNECT; Server Reference and reason are in the packet. */
export interface ConnectRefusedAction {
  readonly type: 'connectRefused';
  readonly packet: DecodedConnack;
}

/**
 * To know: an AUTH came. A server answers with `authenticate`, `accept` or `refuse`; a client with `authenticate`
 * to Reason Code 0x18, and with nothing to 0x00, which ends a re-authentication well.
 */
export interface AuthReceivedAction {
  readonly type: 'authReceived';
  readonly packet: DecodedAuth;
}

/** To know (server): a SUBSCRIBE or UNSUBSCRIBE came; `answer` is due. */
export interface RequestReceivedAction {
  readonly type: 'requestReceived';
  readonly packet: DecodedSubscribe | DecodedUnsubscribe;
}

/** To know (client): PINGRESP came, and `ping` had been called for. */
export interface PingAnsweredAction {
  readonly type: 'pingAnswered';
}

/** To know: the peer sent a DISCONNECT; Reason Code and Server Reference are in the packet. */
export interface DisconnectReceivedAction {
  readonly type: 'disconnectReceived';
  readonly packet: DecodedDisconnect;
}

/** To know: the state of the session before this connection is gone; erase what is stored of it. */
export interface SessionDiscardedAction {
  readonly type: 'sessionDiscarded';
}

/**
 * To know (server): the will is to be published at that time (milliseconds), unless the client comes back before
 * with Clean Start 0 (section 3.1.3.2.2). Its Will Delay Interval is used up: what is left is a message to publish.
 */
export interface WillDueAction {
  readonly type: 'willDue';
  readonly will: DecodedWill;
  readonly at: number;
}

/** To know (server): the client disconnected in good order, and its will is void. */
export interface WillDiscardedAction {
  readonly type: 'willDiscarded';
}

/**
 * To know: the connection is over, however it ended; the last action of every connection.
 *
 * The session lives on for `sessionExpiryInterval` seconds from now (0: it is over, 4,294,967,295: for ever;
 * undefined: the CONNECT was never accepted, and nothing has changed).
 */
export interface EndedAction {
  readonly type: 'ended';
  readonly reason: EndReason;
  readonly sessionExpiryInterval: number | undefined;
}

/**
 * What a step asks the host to do (`transmit`, `reply`, `deliver`, `close`), and what it lets it know.
 *
 * Their order is a contract: `deliver` stands before the `transmit` of its acknowledgement, `fail` before `close`;
 * `transmit` in the order of the wire, PUBACKs in the order of their PUBLISHes, PUBRECs likewise, PUBRELs in the
 * order of the PUBRECs, what is sent again in the order in which it was sent; none waits for another kind.
 */
export type Action =
  | TransmitAction
  | ReplyAction
  | DeliverAction
  | CloseAction
  | SettledAction
  | RefusedAction
  | FailAction
  | ConnectRequestedAction
  | ConnectedAction
  | ConnectRefusedAction
  | AuthReceivedAction
  | RequestReceivedAction
  | PingAnsweredAction
  | DisconnectReceivedAction
  | SessionDiscardedAction
  | WillDueAction
  | WillDiscardedAction
  | EndedAction;
