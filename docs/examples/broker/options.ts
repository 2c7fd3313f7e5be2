/** What a broker can be told, and what holds where it is told nothing. */
import type { DecodedConnect } from '../../../src/index.js';
import type { Message } from './message.js';
import type { Session } from './session.js';

/** Nothing grows beyond these. */
export interface Limits {
  /** Network connections, those that have not said CONNECT yet included. */
  readonly connections: number;
  /** Sessions, of clients that are there or away. */
  readonly sessions: number;
  /** Topic Filters that one client may have. */
  readonly subscriptions: number;
  /** Messages that may wait for one client: how many (up to 65,535), and their bytes. */
  readonly queuedMessages: number;
  readonly queuedBytes: number;
  readonly retainedMessages: number;
  readonly retainedBytes: number;
  /** Bytes of one packet. */
  readonly packetSize: number;
  /** QoS 1 and 2 messages that a client of MQTT 5.0 may have under way to us. */
  readonly receiveMaximum: number;
  /** QoS 1 and 2 messages that are under way to one client, where it takes more. */
  readonly inFlight: number;
  /** Topic Aliases of one connection, for each direction. */
  readonly topicAliases: number;
  /** The highest QoS. */
  readonly qos: 0 | 1 | 2;
  /** Seconds that a session may outlive its connection; 4,294,967,295: for ever. */
  readonly sessionExpiry: number;
}

export const DEFAULT_LIMITS: Limits = {
  connections: 10_000,
  sessions: 10_000,
  subscriptions: 1_000,
  queuedMessages: 10_000,
  queuedBytes: 16_777_216,
  retainedMessages: 10_000,
  retainedBytes: 67_108_864,
  packetSize: 1_048_576,
  receiveMaximum: 1_000,
  inFlight: 65_535,
  topicAliases: 16,
  qos: 2,
  sessionExpiry: 0xffffffff,
};

/** Who is asking. */
export interface Who {
  readonly clientId: string;
  readonly username: string | undefined;
  /** Where the network connection comes from. */
  readonly address: string;
}

/** A store, if there is one: it is told what changes, and reads what it has to keep from the session. */
export interface Journal {
  /** Messages have come for the session, or have been settled. */
  changed(session: Session): void;
  /** It has other subscriptions, or another Session Expiry Interval, or it is over. */
  described(session: Session): void;
  /** The retained message of a topic is another one, or none. */
  retained(topic: string, message: Message | undefined): void;
  /**
   * Bytes are to be written to the client of the session, if it has one by now. They are written when the promise
   * settles: when all that led to them is stored.
   */
  stored(session: Session | undefined): Promise<void> | undefined;
}

export interface BrokerOptions {
  readonly limits?: Partial<Limits> | undefined;
  /** The longest Keep Alive in seconds; a client that asks for more, or for none, is told this one (MQTT 5.0). */
  readonly serverKeepAlive?: number | undefined;
  /** The shortest Keep Alive in seconds; a client that asks for less is told this one (MQTT 5.0). */
  readonly shortestKeepAlive?: number | undefined;
  /** False: Topic Filters with wildcards are refused. */
  readonly wildcards?: boolean | undefined;
  /** False: no messages are retained, and those that ask for it are refused (MQTT 5.0) or not kept. */
  readonly retained?: boolean | undefined;
  /** What the Client Identifiers begin with that the broker gives to clients that have none. */
  readonly clientIdPrefix?: string | undefined;
  /**
   * Control characters (U+0001 to U+001F, U+007F to U+009F) in topics, filters, Client Identifiers and user names:
   * the standard lets a server refuse them (section 1.5.4). Default: they are `allowed`.
   */
  readonly controlCharacters?: 'allowed' | 'refused' | undefined;
  /**
   * Which acknowledgements of MQTT 5.0 tell that nobody has subscribed to a topic (0x10): PUBACK alone, or PUBREC as
   * well. It costs a second look at the subscriptions. Default: none.
   */
  readonly tellsNoSubscribers?: 'puback' | 'both' | undefined;
  /** What the Response Information begins with; the Client Identifier follows (MQTT 5.0, section 3.2.2.3.15). */
  readonly responsePrefix?: string | undefined;
  /**
   * Topics have no slash at their beginning, whatever clients say: one whose Topic Filter has it sees it, and nobody
   * else. Default: `/a` and `a` are two topics.
   */
  readonly ignoresRoot?: boolean | undefined;
  /**
   * What becomes of a message that is refused where no acknowledgement can say so (QoS 0, and MQTT 3.1.1): it is
   * dropped, or the connection ends. Default: `drop`.
   */
  readonly refusals?: 'drop' | 'disconnect' | undefined;
  readonly journal?: Journal | undefined;
  // The hooks answer with a Reason Code of MQTT 5.0: 0x00 allows it; 0x86 (bad user name or password), 0x87 (not
  // authorized) and others from 0x80 do not. Clients of MQTT 3.1.1 are told as much of it as they can be.
  authenticate?(connect: DecodedConnect, address: string): number | Promise<number>;
  /** Without it a message that cannot be taken, for want of room, is acknowledged and dropped. */
  authorizePublish?(who: Who, topic: string, payload: Uint8Array): 0x00 | 0x80 | 0x83 | 0x87 | 0x90 | 0x97;
  authorizeSubscribe?(who: Who, topicFilter: string): 0x00 | 0x80 | 0x83 | 0x87 | 0x8f | 0x97;
  /** Whether a message may reach a subscriber, whose filter may match more than he may read. Default: it may. */
  authorizeReceive?(who: Who, topic: string): boolean;
}
