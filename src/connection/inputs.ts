// pure: what can happen to a connection.
import type { MqttError } from '../errors.js';
import type { DecodedPacket } from '../packets/index.js';
import type { Subscription } from '../packets/subscribe.js';
import type { SendablePublish } from '../session/messages.js';
import type { SessionState, Token } from '../session/state.js';
import type {
  AckProperties,
  AuthProperties,
  ConnackProperties,
  DisconnectProperties,
  SubscribeProperties,
  UnsubscribeProperties,
} from '../spec/properties.js';
import type { PubackReasonCode, SubackReasonCode, UnsubackReasonCode } from '../spec/reason-codes.js';

/** A SUBSCRIBE to send, without its Packet Identifier. */
export interface SendableSubscribe {
  readonly type: 'subscribe';
  readonly subscriptions: readonly Subscription[];
  readonly properties?: SubscribeProperties | undefined;
}

/** An UNSUBSCRIBE to send, without its Packet Identifier. */
export interface SendableUnsubscribe {
  readonly type: 'unsubscribe';
  readonly topicFilters: readonly string[];
  readonly properties?: UnsubscribeProperties | undefined;
}

/** What a caller can send once a connection stands. The rest is the connection's own business. */
export type SendablePacket = SendablePublish | SendableSubscribe | SendableUnsubscribe;

/** How a packet is to be sent. */
export interface SendOptions {
  /** Comes back when the packet is settled; it is stored with the session. */
  readonly token?: Token | undefined;
  /**
   * What becomes of a QoS 1 or 2 message that cannot be sent at once, because the peer takes no more or (client) the
   * connection does not stand yet: it waits in the session's queue, or it is refused. Default: `queue`. A server that
   * has not accepted the CONNECT has no session yet, and refuses.
   */
  readonly ifBusy?: 'queue' | 'refuse' | undefined;
  /**
   * When a QoS 1 or 2 message that waits is no longer worth sending, in the caller's milliseconds: it is settled as
   * `expired` then. In both versions; the peer is not told, as it is by a Message Expiry Interval, and the earlier of
   * the two counts.
   */
  readonly expiresAt?: number | undefined;
  /** `automatic`: the least recently used Topic Alias stands for the topic from now on, as far as the peer takes any. */
  readonly topicAlias?: 'automatic' | undefined;
}

/** The time of the caller's clock, in milliseconds; all inputs of a connection use the same clock. */
interface Timed {
  readonly now: number;
}

/** The network connection stands. */
export interface OpenedInput extends Timed {
  readonly type: 'opened';
}

/** A packet came. */
export interface PacketReceivedInput extends Timed {
  readonly type: 'packetReceived';
  readonly packet: DecodedPacket;
  /** Its size in bytes, fixed header included. */
  readonly size: number;
}

/** Bytes came that are no packet. */
export interface ParseFailedInput extends Timed {
  readonly type: 'parseFailed';
  readonly error: MqttError;
}

/** The application wants to send. */
export interface SendInput extends Timed, SendOptions {
  readonly type: 'send';
  readonly packet: SendablePacket;
}

/** The application takes back what it wanted to send, if that has not been sent yet. */
export interface WithdrawInput extends Timed {
  readonly type: 'withdraw';
  /** Of the `send`. */
  readonly token: Token;
}

/**
 * The application's verdict on a QoS 1 or 2 message, where acknowledging is left to it. MQTT 3.1.1 can tell its
 * peer neither Reason Codes nor properties: the message is acknowledged all the same.
 */
export interface AcknowledgeInput extends Timed {
  readonly type: 'acknowledge';
  readonly packetId: number;
  /** Absent: 0x00. From 0x80 the message is refused. */
  readonly reasonCode?: PubackReasonCode | undefined;
  readonly properties?: AckProperties | undefined;
}

/** A server's answer to a SUBSCRIBE or UNSUBSCRIBE. */
export interface AnswerInput extends Timed {
  readonly type: 'answer';
  readonly packetId: number;
  /** One for each Topic Filter, in their order. In MQTT 3.1.1 refusals become 0x80, and UNSUBACK has none. */
  readonly reasonCodes: readonly (SubackReasonCode | UnsubackReasonCode)[];
  readonly properties?: AckProperties | undefined;
}

/** A server accepts a CONNECT, or a re-authentication. */
export interface AcceptInput extends Timed {
  readonly type: 'accept';
  /**
   * What is stored of this client's session. It becomes the session of the connection, which had none before; where
   * Clean Start is 1 it is discarded.
   */
  readonly session?: SessionState | undefined;
  /** The Client Identifier, for a client that sent none. */
  readonly clientId?: string | undefined;
  /**
   * More properties of the CONNACK: `serverKeepAlive`, `responseInformation`, `authenticationData` and so on.
   * In MQTT 3.1.1 they have no place and are left out.
   */
  readonly properties?: ConnackProperties | undefined;
}

/** A server refuses a CONNECT, or a re-authentication. */
export interface RefuseInput extends Timed {
  readonly type: 'refuse';
  /** The MQTT 5.0 Reason Code, from 0x80; MQTT 3.1.1 hears the nearest it has, or nothing. */
  readonly reasonCode: number;
  readonly properties?: Pick<ConnackProperties, 'reasonString' | 'userProperties' | 'serverReference'>;
}

/**
 * The next step of enhanced authentication (section 4.12): of the initial one, or of a re-authentication, which a
 * client starts with it.
 */
export interface AuthenticateInput extends Timed {
  readonly type: 'authenticate';
  /** The Authentication Method is filled in. */
  readonly properties?: Omit<AuthProperties, 'authenticationMethod'> | undefined;
}

/** The host ends the connection. */
export interface DisconnectInput extends Timed {
  readonly type: 'disconnect';
  /**
   * Absent: 0x00. A client of MQTT 3.1.1 sends its DISCONNECT, which voids its will, for 0x00 alone, and just
   * closes otherwise.
   */
  readonly reasonCode?: number | undefined;
  readonly properties?: DisconnectProperties | undefined;
}

/** A client wants to know whether the server is there; `pingAnswered` says so (section 3.1.2.10). */
export interface PingInput extends Timed {
  readonly type: 'ping';
}

/** The time that `deadline` gave has come. */
export interface TimerFiredInput extends Timed {
  readonly type: 'timerFired';
}

/** The socket takes no more for now: new messages wait, answers still go out. */
export interface BlockedInput extends Timed {
  readonly type: 'blocked';
}

/** The socket takes more again. */
export interface WritableInput extends Timed {
  readonly type: 'writable';
}

/** The network connection is gone. */
export interface ClosedInput extends Timed {
  readonly type: 'closed';
}

/** What can happen to a connection. */
export type Input =
  | OpenedInput
  | PacketReceivedInput
  | ParseFailedInput
  | SendInput
  | WithdrawInput
  | AcknowledgeInput
  | AnswerInput
  | AcceptInput
  | RefuseInput
  | AuthenticateInput
  | DisconnectInput
  | PingInput
  | TimerFiredInput
  | BlockedInput
  | WritableInput
  | ClosedInput;
