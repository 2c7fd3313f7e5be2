// @ts-nocheck
// pure: the stored form of a connection whose network connection stays open.
import type { ConnectPacket, DecodedWill } from '../packets/connect.js';
import { flowsInOrder, isDurable, type RequestFlow } from '../session/state.js';
import { copyOf, exportSession, type StoredSession } from '../session/stored.js';
import { trieEntries, trieGet } from '../session/trie.js';
import type { AckProperties } from '../spec/properties.js';
import { owedInOrder } from './owed.js';
import type { ConnectionState, Details, HeldPacket, PeerRequest, Settings, Terms } from './state.js';

/** An acknowledgement that is owed. */
export interface StoredOwed {
  readonly packetId: number;
  readonly qos: 1 | 2;
  /** The Reason Code, or -1 while the application has not said. */
  readonly verdict: number;
  readonly properties: AckProperties | undefined;
}

/** A connection as it is stored, its session included. */
export interface StoredConnection {
  /** The version of this format. */
  readonly format: 1;
  readonly phase: ConnectionState['phase'];
  readonly settings: Settings;
  readonly terms: Terms;
  readonly session: StoredSession;
  /** SUBSCRIBEs and UNSUBSCRIBEs that await their answers. */
  readonly asked: readonly RequestFlow[];
  /** SUBSCRIBEs and UNSUBSCRIBEs of the peer that the host has not answered. */
  readonly requests: readonly (PeerRequest & { readonly packetId: number })[];
  /** QoS 2 messages that this connection has seen. */
  readonly seen: readonly number[];
  /** Messages of an earlier connection that wait for the peer to take more. */
  readonly resend: readonly number[];
  /** In the order in which they have to go out, PUBACKs and PUBRECs each for themselves. */
  readonly owed: readonly StoredOwed[];
  readonly incomingAliases: readonly AliasRow[];
  readonly outgoingAliases: readonly AliasRow[];
  readonly held: readonly HeldPacket[];
  readonly connect: ConnectPacket | undefined;
  readonly will: DecodedWill | undefined;
  readonly status: StoredStatus;
}

/** A Topic Alias. */
export interface AliasRow {
  readonly alias: number;
  readonly topic: string;
}

/** Times and turns of a connection. */
export interface StoredStatus
  extends Pick<Details, 'blocked' | 'since' | 'pingSent' | 'authTurn' | 'firstOrder'> {
  readonly lastSent: number;
  readonly lastReceived: number;
}

/**
 * Gives the stored form of a connection, for a host that sleeps while the network connection stays open. It shares no
 * memory with the state. Before CONNECT was sent it holds the password, if there is one.
 *
 * @example
 * exportConnection(serverConnection()).phase; // => 'idle'
 */
export function exportConnection(state: ConnectionState): StoredConnection {
  const { settings, phase, terms, session, traffic, owed, aliases, details } = state;
  const { blocked, since, pingSent, authTurn, firstOrder, resend } = details;
  const { lastSent, lastReceived } = traffic;
  return copyDeep({
    format: 1,
    phase,
    settings,
    terms,
    session: exportSession(session),
    asked: flowsInOrder(session).filter((flow): flow is RequestFlow => !isDurable(flow)),
    requests: trieEntries(details.requests).map(([packetId, request]) => ({ packetId, ...request })),
    // Before it stands, a connection has seen nothing, whatever number the session still has.
    seen: trieEntries(session.incoming)
      .filter(([, flow]) => phase === 'connected' && flow.connection === session.connection)
      .map(([packetId]) => packetId),
    resend: (resend === undefined ? [] : resend.flows.slice(resend.at))
      .filter((flow) => trieGet(session.outgoing, flow.packetId) === flow)
      .map((flow) => flow.packetId),
    owed: [...owedInOrder(owed, 1), ...owedInOrder(owed, 2)].map(
      ([packetId, { qos, verdict, properties }]) => ({
        packetId,
        qos,
        verdict,
        properties,
      }),
    ),
    incomingAliases: trieEntries(aliases.incoming).map(([alias, topic]) => ({ alias, topic })),
    outgoingAliases: aliases.outgoing,
    held: details.held,
    connect: details.connect,
    will: details.will,
    status: { blocked, since, pingSent, authTurn, firstOrder, lastSent, lastReceived },
  });
}

/** A copy of plain data that shares nothing with it; absent fields stay absent. */
function copyDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return copyOf(value) as T & Uint8Array;
  if (Array.isArray(value)) return value.map(copyDeep) as T & unknown[];
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.map(([key, field]) => [key, copyDeep(field)])) as T;
}
