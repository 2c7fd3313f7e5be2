// pure: where the state of a connection begins: what can be chosen, and what holds otherwise.
import { encodedLength } from '../codec.js';
import type { ProtocolVersion } from '../errors.js';
import type { ConnectPacket } from '../packets/connect.js';
import { DEFAULT_QUEUE_LIMITS } from '../session/messages.js';
import type { QueueLimits } from '../session/queue.js';
import { emptySession, type SessionState } from '../session/state.js';
import { DEFAULT_MAXIMUM_PACKET_SIZE } from '../spec/limits.js';
import type { ConnackProperties } from '../spec/properties.js';
import { NO_ALIASES } from './aliases.js';
import { limitsOf, NO_LIMITS } from './limits.js';
import { NOTHING_OWED } from './owed.js';
import {
  type ConnectionState,
  type Details,
  FRESH_DETAILS,
  type Settings,
  type Terms,
  type Traffic,
} from './state.js';

/** Options that both roles have. */
export interface ConnectionOptions {
  /**
   * Who acknowledges QoS 1 and 2 messages: the connection as soon as it has delivered them, or the application by
   * `acknowledge`. Default: `automatic`.
   */
  readonly acknowledgements?: 'automatic' | 'manual' | undefined;
  /** How much may wait to be sent. Default: 1,000 messages and 16 MiB. */
  readonly queue?: Partial<QueueLimits> | undefined;
  /** How many Topic Aliases to use at most where they are assigned automatically. Default: 16. */
  readonly automaticAliases?: number | undefined;
  /**
   * How many of our QoS 1 and 2 messages are under way at most, 1 to 65,535, where the peer takes more. Default:
   * 65,535. MQTT 3.1.1 has no Receive Maximum, and a peer can have a limit that it does not tell: mosquitto 2.0 drops
   * QoS 2 messages beyond its `max_inflight_messages`, 20 by default.
   */
  readonly maximumInFlight?: number | undefined;
}

/** Options of {@link clientConnection}. */
export interface ClientOptions extends ConnectionOptions {
  /** The CONNECT to send; what it says of our limits is kept to. */
  readonly connect: ConnectPacket;
  /** The session to resume, as the connection before left it. */
  readonly session?: SessionState | undefined;
  /** The largest packet to take, in bytes; in MQTT 5.0 CONNECT says so. Default: 1,048,576 (1 MiB). */
  readonly maximumPacketSize?: number | undefined;
  /** The highest QoS that the application can take. Default: 2. */
  readonly maximumQoS?: 0 | 1 | 2 | undefined;
  /** How long to wait for CONNACK, in milliseconds. Default: 30,000. */
  readonly connackTimeout?: number | undefined;
  /** How long to wait for PINGRESP, in milliseconds. Default: 20,000. */
  readonly pingTimeout?: number | undefined;
  /**
   * Whether to send before CONNACK has come, at the risk of breaking limits that it would have told (section 3.1.4).
   * Default: false.
   */
  readonly pipelining?: boolean | undefined;
  /**
   * Whether to go on where the server has a session and we know of none, as after a restart without a store. This
   * gives up MQTT-3.2.2-4 of MQTT 5.0. Default: false.
   */
  readonly trustSessionPresent?: boolean | undefined;
}

/** Options of {@link serverConnection}. */
export interface ServerOptions extends ConnectionOptions {
  /** The protocol versions to accept. Default: both. */
  readonly versions?: readonly ProtocolVersion[] | undefined;
  /** The authentication methods that the host can do; others are refused. Default: none. */
  readonly authenticationMethods?: readonly string[] | undefined;
  /**
   * What to say about ourselves in every MQTT 5.0 CONNACK, and to keep to: Receive Maximum, Maximum QoS and so on.
   * A Maximum Packet Size that is not given is 1 MiB.
   */
  readonly announced?: ConnackProperties | undefined;
  /** How long to wait for CONNECT, and for each AUTH before CONNACK, in milliseconds. Default: 10,000. */
  readonly connectTimeout?: number | undefined;
  /**
   * How much may come before the host has accepted the CONNECT. Default: 100 packets and 128 KiB.
   */
  readonly held?: Partial<QueueLimits> | undefined;
}

const DEFAULT_ALIASES = 16;
const MAXIMUM_IN_FLIGHT = 65_535;
const CONNACK_TIMEOUT = 30_000;
const CONNECT_TIMEOUT = 10_000;
const PING_TIMEOUT = 20_000;
const HELD: QueueLimits = { messages: 100, bytes: 131_072 };

const FRESH_TRAFFIC: Traffic = { lastSent: 0, lastReceived: 0, sending: 0, receiving: 0 };

/**
 * The state of a client before its network connection stands.
 *
 * Throws InvalidPacketError for a CONNECT that cannot be encoded, TypeError for one that is no packet, RangeError for
 * a `maximumInFlight` out of range.
 *
 * @example
 * const connect = { type: 'connect', protocolVersion: 5, clientId: 'a', cleanStart: true, keepAlive: 60 } as const;
 * const [state, actions] = step(clientConnection({ connect }), { type: 'opened', now: 0 });
 * state.phase; // => 'handshake'
 * actions[0]?.type; // => 'transmit'
 */
export function clientConnection(options: ClientOptions): ConnectionState {
  const { connect, session = emptySession(), maximumQoS = 2 } = options;
  const size = options.maximumPacketSize ?? DEFAULT_MAXIMUM_PACKET_SIZE;
  const packet = announcing(connect, size);
  const { properties } = packet;
  encodedLength<ProtocolVersion>(packet, packet.protocolVersion);
  const v4 = packet.protocolVersion === 4;
  const limits = { ...(v4 ? NO_LIMITS : limitsOf(properties)), maximumQoS };
  const terms: Terms = {
    version: packet.protocolVersion,
    clientId: packet.clientId,
    cleanStart: packet.cleanStart,
    keepAlive: packet.keepAlive,
    ...expiryOf(packet),
    problemInformation: properties?.requestProblemInformation !== 0,
    responseInformation: properties?.requestResponseInformation === 1,
    authenticationMethod: properties?.authenticationMethod,
    ours: v4 ? { ...limits, maximumPacketSize: size } : limits,
    peers: NO_LIMITS,
  };
  const settings: Settings = {
    ...commonSettings(options),
    role: 'client',
    handshakeTimeout: finite(options.connackTimeout ?? CONNACK_TIMEOUT),
    pingTimeout: finite(options.pingTimeout ?? PING_TIMEOUT),
    pipelining: options.pipelining ?? false,
    trustSessionPresent: options.trustSessionPresent ?? false,
    versions: [packet.protocolVersion],
    authenticationMethods: [],
    announced: {},
    held: HELD,
  };
  return initialState(settings, terms, session, { ...FRESH_DETAILS, connect: packet });
}

/** The CONNECT with our Maximum Packet Size, which a parser has even if nobody said so. */
function announcing(connect: ConnectPacket, maximumPacketSize: number): ConnectPacket {
  if (connect.protocolVersion !== 5) return connect;
  return { ...connect, properties: { maximumPacketSize, ...connect.properties } };
}

/** The Session Expiry Interval that a CONNECT asks for; Clean Session of MQTT 3.1.1 says all or nothing. */
export function expiryOf(
  connect: Pick<ConnectPacket, 'protocolVersion' | 'cleanStart' | 'properties'>,
): Pick<Terms, 'sessionExpiryInterval' | 'requestedExpiry'> {
  const seconds =
    connect.protocolVersion === 5
      ? (connect.properties?.sessionExpiryInterval ?? 0)
      : connect.cleanStart
        ? 0
        : 0xffffffff;
  return { sessionExpiryInterval: seconds, requestedExpiry: seconds };
}

/**
 * The state of a server for one client before its network connection stands.
 *
 * Throws RangeError for a `maximumInFlight` out of range.
 *
 * @example
 * const state = serverConnection({ announced: { maximumQoS: 1 } });
 * step(state, { type: 'opened', now: 0 })[0].phase; // => 'waiting'
 */
export function serverConnection(options: ServerOptions = {}): ConnectionState {
  const { maximumPacketSize = DEFAULT_MAXIMUM_PACKET_SIZE } = options.announced ?? {};
  const settings: Settings = {
    ...commonSettings(options),
    role: 'server',
    handshakeTimeout: finite(options.connectTimeout ?? CONNECT_TIMEOUT),
    pingTimeout: PING_TIMEOUT,
    pipelining: false,
    trustSessionPresent: false,
    versions: options.versions ?? [4, 5],
    authenticationMethods: options.authenticationMethods ?? [],
    announced: { ...options.announced, maximumPacketSize },
    held: limitsWith(HELD, options.held),
  };
  const terms: Terms = {
    version: settings.versions.includes(5) ? 5 : 4,
    clientId: '',
    cleanStart: true,
    keepAlive: 0,
    sessionExpiryInterval: 0,
    requestedExpiry: 0,
    problemInformation: true,
    responseInformation: false,
    authenticationMethod: undefined,
    ours: limitsOf(settings.announced),
    peers: NO_LIMITS,
  };
  return initialState(settings, terms, emptySession(), FRESH_DETAILS);
}

function commonSettings(
  options: ConnectionOptions,
): Pick<Settings, 'acknowledgements' | 'queue' | 'automaticAliases' | 'maximumInFlight'> {
  const { maximumInFlight = MAXIMUM_IN_FLIGHT } = options;
  if (!Number.isInteger(maximumInFlight) || maximumInFlight < 1 || maximumInFlight > MAXIMUM_IN_FLIGHT) {
    throw new RangeError(
      `maximumInFlight must be an integer from 1 to 65535, not ${String(maximumInFlight)}`,
    );
  }
  return {
    acknowledgements: options.acknowledgements ?? 'automatic',
    queue: limitsWith(DEFAULT_QUEUE_LIMITS, options.queue),
    automaticAliases: finite(options.automaticAliases ?? DEFAULT_ALIASES),
    maximumInFlight,
  };
}

function limitsWith(defaults: QueueLimits, chosen: Partial<QueueLimits> = {}): QueueLimits {
  return {
    messages: finite(chosen.messages ?? defaults.messages),
    bytes: finite(chosen.bytes ?? defaults.bytes),
  };
}

/** "As much as you like" as a number that every store can hold. */
function finite(value: number): number {
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}

function initialState(
  settings: Settings,
  terms: Terms,
  session: SessionState,
  details: Details,
): ConnectionState {
  return {
    settings,
    phase: 'idle',
    terms,
    session,
    traffic: FRESH_TRAFFIC,
    owed: NOTHING_OWED,
    aliases: NO_ALIASES,
    details,
  };
}
