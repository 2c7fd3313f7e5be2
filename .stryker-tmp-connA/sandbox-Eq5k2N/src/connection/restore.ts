// @ts-nocheck
// pure: a connection made of its stored form, of which nothing is believed.
import type { ConnectPacket, DecodedWill } from '../packets/connect.js';
import type { DecodedPacket } from '../packets/index.js';
import { sizeOf } from '../session/messages.js';
import type { QueueLimits } from '../session/queue.js';
import { idOf, importSession, invalid, recordOf, tokenOf } from '../session/restore.js';
import {
  flowOf,
  flowsInOrder,
  incomingOf,
  isDurable,
  type PublishFlow,
  type RequestFlow,
  type SessionState,
  setIncoming,
} from '../session/state.js';
import { emptyTrie, type Trie, trieGet, trieSet } from '../session/trie.js';
import { MAXIMUM_PACKET_SIZE } from '../spec/limits.js';
import type { AckProperties, ConnackProperties } from '../spec/properties.js';
import type { AliasState } from './aliases.js';
import type { Limits } from './limits.js';
import { addOwed, NOTHING_OWED, type Owed, owedInOrder } from './owed.js';
import { ADMISSIONS } from './receive.js';
import {
  aBoolean,
  aNumber,
  aString,
  aTime,
  type Check,
  listOfAll,
  objectOf,
  oneOf,
  optional,
} from './shapes.js';
import type { ConnectionState, Details, HeldPacket, PeerRequest, Settings, Terms } from './state.js';
import type { AliasRow, StoredConnection, StoredOwed, StoredStatus } from './stored.js';

const ANY_ID: Check<number> = idOf;
const SECONDS = /* @__PURE__ */ aNumber(0, 0xffffffff);
const SIXTEEN_BITS = /* @__PURE__ */ aNumber(0, 65_535);
const VERSION = /* @__PURE__ */ oneOf(4, 5);
const AMOUNT: Check<QueueLimits> = /* @__PURE__ */ objectOf({ messages: aNumber(0), bytes: aNumber(0) });

/** Checks a packet, or what is part of one, by encoding it. */
function encodable<T>(packetOf: (value: unknown) => object, version: 4 | 5 | undefined): Check<T> {
  return (value, at) => {
    const packet = packetOf(value);
    const own: unknown = Reflect.get(packet, 'protocolVersion');
    try {
      if (typeof sizeOf(packet, version ?? (own === 4 ? 4 : 5)) === 'number') return value as T;
    } catch {
      // Not even an object.
    }
    throw invalid(at);
  };
}

const ANNOUNCED: Check<ConnackProperties> = /* @__PURE__ */ encodable(
  (properties) => ({ type: 'connack', sessionPresent: false, reasonCode: 0, properties }),
  5,
);
const CONNECT: Check<ConnectPacket> = /* @__PURE__ */ encodable((packet) => {
  const row = recordOf(packet, 'connect');
  if (row['type'] !== 'connect') throw invalid('connect.type');
  return row;
}, undefined);

const SETTINGS: Check<Settings> = /* @__PURE__ */ objectOf({
  role: oneOf('client', 'server'),
  acknowledgements: oneOf('automatic', 'manual'),
  queue: AMOUNT,
  automaticAliases: aNumber(0),
  maximumInFlight: aNumber(1, 65_535),
  handshakeTimeout: aTime,
  pingTimeout: aTime,
  pipelining: aBoolean,
  trustSessionPresent: aBoolean,
  versions: listOfAll(VERSION),
  authenticationMethods: listOfAll(aString),
  announced: ANNOUNCED,
  held: AMOUNT,
});

const LIMITS: Check<Limits> = /* @__PURE__ */ objectOf({
  receiveMaximum: aNumber(1, 65_535),
  maximumPacketSize: aNumber(1, MAXIMUM_PACKET_SIZE),
  topicAliasMaximum: SIXTEEN_BITS,
  maximumQoS: oneOf(0, 1, 2),
  retainAvailable: aBoolean,
  wildcardSubscriptionAvailable: aBoolean,
  subscriptionIdentifierAvailable: aBoolean,
  sharedSubscriptionAvailable: aBoolean,
});

const TERMS: Check<Terms> = /* @__PURE__ */ objectOf({
  version: VERSION,
  clientId: aString,
  cleanStart: aBoolean,
  keepAlive: SIXTEEN_BITS,
  sessionExpiryInterval: SECONDS,
  requestedExpiry: SECONDS,
  problemInformation: aBoolean,
  responseInformation: aBoolean,
  authenticationMethod: optional(aString),
  ours: LIMITS,
  peers: LIMITS,
});

const ASKED: Check<RequestFlow> = /* @__PURE__ */ objectOf({
  phase: oneOf('awaiting-suback', 'awaiting-unsuback'),
  packetId: ANY_ID,
  order: aNumber(1),
  token: tokenOf,
  filters: aNumber(1),
});

const REQUEST: Check<PeerRequest & { readonly packetId: number }> = /* @__PURE__ */ objectOf({
  packetId: ANY_ID,
  type: oneOf('subscribe', 'unsubscribe'),
  filters: aNumber(1),
});

const OWED: Check<StoredOwed> = /* @__PURE__ */ objectOf({
  packetId: ANY_ID,
  qos: oneOf(1, 2),
  verdict: aNumber(-1, 255),
  properties: encodable<AckProperties | undefined>(
    (properties) => ({ type: 'puback', packetId: 1, properties: properties ?? {} }),
    5,
  ),
});

const ALIAS: Check<AliasRow> = /* @__PURE__ */ objectOf({ alias: aNumber(1, 65_535), topic: aString });

const STATUS: Check<StoredStatus> = /* @__PURE__ */ objectOf({
  blocked: aBoolean,
  since: aTime,
  pingSent: optional(aTime),
  authTurn: oneOf('none', 'ours', 'theirs'),
  firstOrder: aNumber(1),
  lastSent: aTime,
  lastReceived: aTime,
});

function heldPacket(version: 4 | 5): Check<HeldPacket> {
  const packet: Check<DecodedPacket> = encodable((value) => recordOf(value, 'held'), version);
  return (value, at) => {
    const held = objectOf<HeldPacket>({ packet, size: aNumber(2) })(value, at);
    if (ADMISSIONS.server.handshake[held.packet.type] !== 'hold') throw invalid(`${at}.packet.type`);
    return held;
  };
}

function willOf(version: 4 | 5): Check<DecodedWill> {
  const connect = {
    type: 'connect',
    protocolVersion: version,
    clientId: 'a',
    cleanStart: true,
    keepAlive: 0,
  };
  return encodable((will) => ({ ...connect, will: recordOf(will, 'will') }), version);
}

/**
 * Makes a connection of its stored form, which it checks and whose memory becomes its own.
 *
 * Throws InvalidPacketError (`invalid-stored-state`), naming the field, for anything but a stored connection.
 *
 * @example
 * importConnection(exportConnection(serverConnection())).phase; // => 'idle'
 * importConnection({ format: 2 }); // throws InvalidPacketError
 */
export function importConnection(stored: unknown): ConnectionState {
  const row = recordOf(stored, 'connection') as { readonly [K in keyof StoredConnection]: unknown };
  if (row.format !== 1) throw invalid('format');
  const phase = oneOf('idle', 'waiting', 'handshake', 'connected', 'closed')(row.phase, 'phase');
  const settings = SETTINGS(row.settings, 'settings');
  const terms = TERMS(row.terms, 'terms');
  const status = STATUS(row.status, 'status');
  const asked = listOfAll(ASKED)(row.asked, 'asked');
  const seen = listOfAll(ANY_ID)(row.seen, 'seen');
  const session = restoreSession(row.session, asked, seen);
  const owed = restoreOwed(listOfAll(OWED)(row.owed, 'owed'), session);
  const held = listOfAll(heldPacket(terms.version))(row.held, 'held');
  const resend = listOfAll(ANY_ID)(row.resend, 'resend').map((id) => publishFlow(session, id));
  const connect = optional(CONNECT)(row.connect, 'connect');
  if (phase === 'idle' && settings.role === 'client' && connect === undefined) throw invalid('connect');
  const { lastSent, lastReceived, blocked, since, pingSent, authTurn, firstOrder } = status;
  const details: Details = {
    blocked,
    since,
    pingSent,
    authTurn,
    firstOrder,
    connect,
    will: optional(willOf(terms.version))(row.will, 'will'),
    held,
    heldBytes: held.reduce((sum, { size }) => sum + size, 0),
    requests: restoreRequests(listOfAll(REQUEST)(row.requests, 'requests')),
    awaited: asked.length,
    resend: resend.length === 0 ? undefined : { flows: resend, at: 0 },
  };
  const sending =
    phase === 'idle' || phase === 'closed' ? 0 : issued(session, phase, firstOrder) - resend.length;
  const receiving = seen.length + owedInOrder(owed, 1).length;
  return {
    settings,
    phase,
    terms,
    session,
    traffic: { lastSent, lastReceived, sending, receiving },
    owed,
    aliases: restoreAliases(row.incomingAliases, row.outgoingAliases),
    details,
  };
}

function restoreSession(
  stored: unknown,
  asked: readonly RequestFlow[],
  seen: readonly number[],
): SessionState {
  let session: SessionState = { ...importSession(stored), connection: 1 };
  for (const flow of asked) {
    const { packetId, order } = flow;
    if (flowOf(session, packetId) !== undefined || order >= session.nextOrder) throw invalid('asked');
    session = { ...session, outgoing: trieSet(session.outgoing, packetId, flow) };
  }
  for (const packetId of seen) {
    const flow = incomingOf(session, packetId);
    if (flow === undefined || flow.connection === 1) throw invalid('seen');
    session = setIncoming(session, packetId, { ...flow, connection: 1 });
  }
  return session;
}

/** How many messages hold a slot: all of the session, or before CONNACK those of this connection. */
function issued(session: SessionState, phase: ConnectionState['phase'], firstOrder: number): number {
  const flows = flowsInOrder(session).filter(isDurable);
  return phase === 'connected' ? flows.length : flows.filter((flow) => flow.order >= firstOrder).length;
}

function publishFlow(session: SessionState, packetId: number): PublishFlow {
  const flow = flowOf(session, packetId);
  if (flow?.phase === 'awaiting-puback' || flow?.phase === 'awaiting-pubrec') return flow;
  throw invalid('resend');
}

function restoreOwed(rows: readonly StoredOwed[], session: SessionState): Owed {
  let owed = NOTHING_OWED;
  for (const { packetId, qos, verdict, properties } of rows) {
    if (trieGet(owed.entries, packetId) !== undefined) throw invalid('owed');
    if (qos === 2 && incomingOf(session, packetId)?.connection !== session.connection) throw invalid('owed');
    owed = addOwed(owed, qos, packetId, verdict, properties);
  }
  return owed;
}

function restoreRequests(rows: readonly (PeerRequest & { readonly packetId: number })[]): Trie<PeerRequest> {
  let requests: Trie<PeerRequest> = emptyTrie();
  for (const { packetId, type, filters } of rows) {
    if (trieGet(requests, packetId) !== undefined) throw invalid('requests');
    requests = trieSet(requests, packetId, { type, filters });
  }
  return requests;
}

function restoreAliases(theirs: unknown, ours: unknown): AliasState {
  let incoming: Trie<string> = emptyTrie();
  for (const { alias, topic } of listOfAll(ALIAS)(theirs, 'incomingAliases')) {
    incoming = trieSet(incoming, alias, topic);
  }
  return { incoming, outgoing: listOfAll(ALIAS)(ours, 'outgoingAliases') };
}
