// @ts-nocheck
// pure: the state of one network connection, as plain data.
import type { ProtocolVersion } from '../errors.js';
import type { ConnectPacket, DecodedWill } from '../packets/connect.js';
import type { DecodedPacket } from '../packets/index.js';
import type { QueueLimits } from '../session/queue.js';
import type { PublishFlow, SessionState } from '../session/state.js';
import { emptyTrie, type Trie } from '../session/trie.js';
import type { ConnackProperties } from '../spec/properties.js';
import type { AliasState } from './aliases.js';
import type { Limits } from './limits.js';
import type { Owed } from './owed.js';

/** Which side of a connection we are. */
export type Role = 'client' | 'server';

/**
 * How far a connection has come: `idle` before the network stands, `waiting` for a CONNECT (server), `handshake`
 * until a CONNACK accepts it, `connected`, and `closed` for good.
 */
export type Phase = 'idle' | 'waiting' | 'handshake' | 'connected' | 'closed';

/** Whose turn it is in enhanced authentication; `none`: no exchange is going on. */
export type AuthTurn = 'none' | 'ours' | 'theirs';

/** What was chosen for the connection and never changes. Times are in milliseconds. */
export interface Settings {
  readonly role: Role;
  readonly acknowledgements: 'automatic' | 'manual';
  readonly queue: QueueLimits;
  readonly automaticAliases: number;
  readonly maximumInFlight: number;
  readonly handshakeTimeout: number;
  readonly pingTimeout: number;
  readonly pipelining: boolean;
  readonly trustSessionPresent: boolean;
  readonly versions: readonly ProtocolVersion[];
  readonly authenticationMethods: readonly string[];
  readonly announced: ConnackProperties;
  readonly held: QueueLimits;
}

/** What both sides have said about themselves. */
export interface Terms {
  readonly version: ProtocolVersion;
  readonly clientId: string;
  readonly cleanStart: boolean;
  /** The Keep Alive in force, in seconds; 0: none. */
  readonly keepAlive: number;
  /** The Session Expiry Interval in force, in seconds. */
  readonly sessionExpiryInterval: number;
  /** The Session Expiry Interval of CONNECT, which limits what DISCONNECT may say. */
  readonly requestedExpiry: number;
  /** Request Problem Information: whether the client wants reasons and user properties everywhere. */
  readonly problemInformation: boolean;
  /** Request Response Information. */
  readonly responseInformation: boolean;
  readonly authenticationMethod: string | undefined;
  /** What we take. */
  readonly ours: Limits;
  /** What the peer takes. */
  readonly peers: Limits;
}

/** What changes with every packet. */
export interface Traffic {
  /** When we last sent and received a packet. */
  readonly lastSent: number;
  readonly lastReceived: number;
  /** How many of our QoS 1 and 2 messages hold a slot of the peer's Receive Maximum. */
  readonly sending: number;
  /** How many of the peer's QoS 1 and 2 messages hold a slot of ours. */
  readonly receiving: number;
}

/** A packet that came before the connection stood, with memory of its own. */
export interface HeldPacket {
  readonly packet: DecodedPacket;
  readonly size: number;
}

/** A SUBSCRIBE or UNSUBSCRIBE of the peer that awaits the host's answer. */
export interface PeerRequest {
  readonly type: 'subscribe' | 'unsubscribe';
  readonly filters: number;
}

/** Messages of an earlier connection that wait until the peer takes more: those from `at` on. */
export interface Resend {
  readonly flows: readonly PublishFlow[];
  readonly at: number;
}

/** What changes seldom. */
export interface Details {
  readonly blocked: boolean;
  /** When the peer's turn in the handshake began. */
  readonly since: number;
  /** When the PINGREQ was sent that has not been answered. */
  readonly pingSent: number | undefined;
  readonly authTurn: AuthTurn;
  /** Exchanges with a lower order were begun on an earlier connection. */
  readonly firstOrder: number;
  /** The CONNECT that a client has yet to send. */
  readonly connect: ConnectPacket | undefined;
  readonly will: DecodedWill | undefined;
  readonly held: readonly HeldPacket[];
  readonly heldBytes: number;
  readonly requests: Trie<PeerRequest>;
  /** How many SUBACKs and UNSUBACKs we await. */
  readonly awaited: number;
  readonly resend: Resend | undefined;
}

/** The state of one network connection: plain data that is never changed. */
export interface ConnectionState {
  readonly settings: Settings;
  readonly phase: Phase;
  readonly terms: Terms;
  /** The session, which outlives the connection. */
  readonly session: SessionState;
  readonly traffic: Traffic;
  readonly owed: Owed;
  readonly aliases: AliasState;
  readonly details: Details;
}

/** What a connection knows of itself before the network stands. */
export const FRESH_DETAILS: Details = /* @__PURE__ */ (() => ({
  blocked: false,
  since: 0,
  pingSent: undefined,
  authTurn: 'none',
  firstOrder: 1,
  connect: undefined,
  will: undefined,
  held: [],
  heldBytes: 0,
  requests: emptyTrie<PeerRequest>(),
  awaited: 0,
  resend: undefined,
}))();
