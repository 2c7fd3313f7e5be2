/** What a client can be told, and the CONNECT that comes of it. */
import type { LinkOptions } from '../../../src/adapters/streams.js';
import type {
  ConnectedAction,
  ClientOptions as ConnectionOptions,
  ConnectPacket,
  ConnectProperties,
  DecodedAuth,
  DecodedConnack,
  DecodedPublish,
  DecodedSuback,
  EndpointOptions,
  Outcome,
  Subscription,
  Token,
  Will,
} from '../../../src/index.js';
import type { Adapter, AdapterOptions } from './adapter.js';
import type { RetryOptions, Surroundings } from './backoff.js';
import type { ServerRefusalError } from './errors.js';
import type { SessionStore } from './store.js';

export interface Credentials {
  readonly username?: string | undefined;
  readonly password?: Uint8Array | string | undefined;
}

/** Enhanced authentication (MQTT 5.0 section 4.12): a method, and what to say at each step. */
export interface Authentication {
  readonly method: string;
  /** What CONNECT says, or the AUTH that begins a re-authentication. */
  start(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** The answer to a challenge. If it throws, the client gives up. */
  answer(challenge: DecodedAuth): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** What the server says at the end; if it throws, the server is not who it says it is, and the client gives up. */
  finish?(last: DecodedAuth | DecodedConnack): void | Promise<void>;
}

/** What happens to a client, for whoever wants to know. */
export type ClientEvent =
  | ConnectedAction
  /** Nothing stands; `retryIn` is in milliseconds, undefined where the client has given up. */
  | { readonly type: 'lost'; readonly error: Error; readonly retryIn: number | undefined }
  /** The server sends us elsewhere, for now or for good (section 4.11). */
  | {
      readonly type: 'redirected';
      readonly isPermanent: boolean;
      readonly serverReference: string | undefined;
    }
  /** Something that an earlier process has sent is settled. */
  | { readonly type: 'settled'; readonly token: Token | undefined; readonly outcome: Outcome }
  /** What is followed was subscribed to again, and this is the answer to it. */
  | {
      readonly type: 'followed';
      readonly subscriptions: readonly Subscription[];
      readonly answer: DecodedSuback | Error;
    }
  /** The server has answered a ping. */
  | { readonly type: 'pingAnswered' }
  /** A message that no subscription of this client wants; it is acknowledged. */
  | { readonly type: 'unclaimed'; readonly packet: DecodedPublish };

export interface ClientOptions extends Credentials, Surroundings, AdapterOptions {
  /** Default: 5, MQTT 5.0. */
  readonly version?: 4 | 5 | undefined;
  /** Default: a random one, which stays the same for as long as the client lives. */
  readonly clientId?: string | undefined;
  /** Asked before each connection, for what does not stay good for long, such as a token. */
  readonly credentials?: (() => Credentials | Promise<Credentials>) | undefined;
  /** In seconds; 0: none. Default: 60. */
  readonly keepAlive?: number | undefined;
  readonly will?: Will | undefined;
  /** Whether to begin without the session that the server may have. Default: true, with a store false. */
  readonly cleanStart?: boolean | undefined;
  /** For how long the server keeps the session, in seconds (MQTT 5.0). Default: 300. */
  readonly sessionExpiryInterval?: number | undefined;
  /** What else CONNECT says (MQTT 5.0). Defaults: Receive Maximum 100, Topic Alias Maximum 16. */
  readonly properties?: Omit<ConnectProperties, 'sessionExpiryInterval'> | undefined;
  readonly authentication?: Authentication | undefined;
  /** Carries the connection instead of the adapter for the URL: the `connect` of any adapter. */
  readonly adapter?: Adapter | undefined;
  /** How long to wait for CONNACK, in milliseconds. Default: 30,000. */
  readonly connackTimeout?: number | undefined;
  readonly link?: Pick<LinkOptions, 'connectTimeout' | 'closeTimeout' | 'maximumInbox'> | undefined;
  /** How often and when to connect again; false: never. */
  readonly retry?: RetryOptions | false | undefined;
  /** Where to go when the server sends us elsewhere; without it, or without a URL from it, the client gives up. */
  readonly redirect?: ((error: ServerRefusalError) => string | undefined) | undefined;
  readonly store?: SessionStore | undefined;
  /** How much may wait to be sent, of QoS 0 and of QoS 1 and 2 each. Default: 1,000 messages and 16 MiB. */
  readonly queue?: ConnectionOptions['queue'];
  /**
   * How many messages of QoS 1 and 2 are under way at most. Default: as many as the server takes; with MQTT 3.1.1, where
   * it cannot say so, 20, which is what servers commonly do by default.
   */
  readonly maximumInFlight?: number | undefined;
  readonly maximumPacketSize?: number | undefined;
  readonly lenient?: EndpointOptions['lenient'];
  readonly onEvent?: ((event: ClientEvent) => void) | undefined;
  /**
   * Takes all messages, one after the other, instead of iterations over subscriptions; see `follow`. A message counts as
   * done, and one of QoS 1 or 2 is acknowledged, when the promise settles. No more is read until then, so it must not wait
   * for answers of the server. If it fails, the client is over, and the server keeps the message.
   */
  readonly onMessage?: ((packet: DecodedPublish) => void | Promise<void>) | undefined;
  /** Ends the client at once. */
  readonly signal?: AbortSignal | undefined;
}

/** What of a CONNECT changes from connection to connection. */
export interface Moment extends Credentials {
  readonly clientId: string;
  /** Whether a connection of this client has stood before. */
  readonly isReconnect: boolean;
  readonly authenticationData: Uint8Array | undefined;
}

export function connectPacket(options: ClientOptions, moment: Moment): ConnectPacket {
  const { version = 5, keepAlive = 60, will, store, cleanStart = store === undefined } = options;
  const { clientId, username, password, isReconnect, authenticationData } = moment;
  const common = { type: 'connect', clientId, keepAlive, username, password } as const;
  if (version === 4) {
    // What a Clean Session of 1 begins with ends with the connection: each time anew.
    return { ...common, protocolVersion: 4, cleanStart, will: will && { ...will, properties: undefined } };
  }
  const { sessionExpiryInterval = 300, authentication } = options;
  const mayResume = isReconnect && sessionExpiryInterval > 0;
  return {
    ...common,
    protocolVersion: 5,
    cleanStart: cleanStart && !mayResume,
    will,
    properties: {
      receiveMaximum: 100,
      topicAliasMaximum: 16,
      ...options.properties,
      sessionExpiryInterval,
      authenticationMethod: authentication?.method,
      authenticationData,
    },
  };
}
