// @ts-nocheck
import { type ConnectionState, step } from '../../src/connection/index.js';
import {
  emptySession,
  exportSession,
  importSession,
  type SessionState,
  type StoredSession,
  type Token,
} from '../../src/session/index.js';
import { type Books, storeCommit } from './commit.js';
import type { Micro } from './hosts.js';
import { crashed, EMPTY_LEDGER, forgotten, type Ledger, recordDelivered } from './ledger.js';
import { QUIET, sentPacket, type Wire, wireOver } from './referee.js';
import { newClient, type Role, receiveMaximumOf, type Setup } from './setup.js';

/** A message that the application has got and not yet said a word about. */
export interface Unanswered {
  readonly packetId: number;
  readonly qos: 1 | 2;
  readonly message: number;
}

/** One side: its process, its store, and what the judges know of it. */
export interface Party extends Books {
  readonly role: Role;
  /** A server's host has none while nobody is connected. */
  readonly connection: ConnectionState | undefined;
  /** The session as the process has it in memory. */
  readonly session: SessionState;
  readonly unanswered: readonly Unanswered[];
  /** SUBSCRIBEs and UNSUBSCRIBEs of the peer that await an answer, and how many filters they have. */
  readonly requests: readonly { readonly packetId: number; readonly filters: number }[];
  /** Our own SUBSCRIBEs and UNSUBSCRIBEs that are not settled. */
  readonly asking: readonly Token[];
  /** How many connections there have been, as far as it makes a difference. */
  readonly opened: number;
  /** Whether a CONNECT awaits `accept`. */
  readonly asked: boolean;
  readonly store: StoredSession;
  readonly wire: Wire;
  readonly ledger: Ledger;
}

/** A side before everything. */
export function newParty(setup: Setup, role: Role): Party {
  const session: SessionState = { ...emptySession(), begun: setup.fresh !== true };
  const books = { store: exportSession(session), wire: QUIET, ledger: EMPTY_LEDGER };
  return { ...books, role, opened: 0, ...awake(setup, role, session, 0), unanswered: [] };
}

/** The process of a side with a session in its memory and no connection. */
export function awake(
  setup: Setup,
  role: Role,
  session: SessionState,
  opened: number,
): Pick<Party, 'connection' | 'session' | 'requests' | 'asking' | 'asked'> {
  const connection = role === 'client' ? newClient(setup, session, opened) : undefined;
  return { connection, session, requests: [], asking: [], asked: false };
}

/** The process dies, and another begins with what the last commit left. */
export function crash(setup: Setup, party: Party): Party {
  // A session that ends with its connection ends with the process, too.
  if (setup.sessionExpiryInterval === 0) {
    const after = forget(setup, party);
    return { ...after, ledger: crashed(after.ledger) };
  }
  const { role, store, ledger } = party;
  const session = importSession(structuredClone(store));
  // The host asks the stored session which messages the application owes a verdict on.
  const unanswered = store.incoming
    .filter((row) => row.phase === 'delivered' && row.verdict === 0)
    .map(({ packetId }): Unanswered => ({ packetId, qos: 2, message: messageUnder(ledger, packetId) }));
  return {
    ...party,
    ...awake(setup, role, session, party.opened),
    unanswered,
    wire: wireOver(party.wire),
    ledger: crashed(ledger),
  };
}

/** The session is lost with its store, while nobody is connected: what was sent with it will not be settled any more. */
export function forget(setup: Setup, party: Party): Party {
  const { role, ledger } = party;
  return {
    ...party,
    ...awake(setup, role, emptySession(), party.opened),
    unanswered: [],
    store: exportSession(emptySession()),
    wire: QUIET,
    ledger: forgotten(ledger),
  };
}

/** The message that came last under an identifier; -1: it was stored and never handed over. */
function messageUnder({ delivered }: Ledger, packetId: number): number {
  const numbers = Object.keys(delivered).map(Number);
  return Math.max(
    -1,
    ...numbers.filter((n) => delivered[n]?.qos === 2 && delivered[n]?.packetId === packetId),
  );
}

/** Whether a side has an open network connection, as far as it knows. */
export function isOpen({ connection }: Party): boolean {
  return connection !== undefined && connection.phase !== 'idle' && connection.phase !== 'closed';
}

/** Carries out one thing that a host does; `packet` is what goes out. */
export function perform(setup: Setup, party: Party, micro: Micro): Party {
  const host = setup.judgedAs ?? setup.host;
  switch (micro.do) {
    case 'commit': {
      const books = storeCommit(party, micro.commit);
      const ledger = micro.deliveries.reduce(
        (sofar, delivery) => recordDelivered(sofar, delivery, host),
        books.ledger,
      );
      return { ...party, ...books, ledger };
    }
    case 'deliver':
      return { ...party, ledger: recordDelivered(party.ledger, micro.delivery, host) };
    case 'transmit': {
      const { pipelining = false, maximumInFlight = 65_535 } = setup;
      const theirs = receiveMaximumOf(setup, party.opened - 1) ?? 65_535;
      const receiveMaximum = Math.min(theirs, maximumInFlight);
      return { ...party, wire: sentPacket(party.wire, micro.packet, { receiveMaximum, pipelining }) };
    }
  }
}

/** The `step` of a run. */
export const stepOf = (setup: Setup): typeof step => setup.step ?? step;
