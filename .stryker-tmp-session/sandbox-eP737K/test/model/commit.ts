// @ts-nocheck
import type { SettledAction } from '../../src/connection/index.js';
import type { DecodedPacket, Packet } from '../../src/index.js';
import { applySessionChanges, type SessionChanges, type StoredSession } from '../../src/session/index.js';
import { type Ledger, recordRejected, recordSent, recordSettled } from './ledger.js';
import { issued, recorded, settledExchange, type Wire } from './referee.js';
import type { Message } from './setup.js';

/** What a host stores in one commit; what was not stored has not happened when the process dies. */
export interface Commit {
  /** What changed in the session, or all of it where another one took its place. */
  readonly session?: SessionChanges | StoredSession;
  /** The message that the application handed over, which it will not do again. */
  readonly sent?: Message;
  readonly settled?: readonly SettledAction[];
  /** What the step asked to transmit. */
  readonly issued?: readonly Packet[];
  /** The packet that the step was about. */
  readonly received?: DecodedPacket;
  /** The message that the application did not want after all. */
  readonly rejected?: number;
}

/** The parts of a side that a commit changes. */
export interface Books {
  readonly store: StoredSession;
  readonly wire: Wire;
  readonly ledger: Ledger;
}

/** Stores a commit, and writes down what it means for the judges. */
export function storeCommit(books: Books, commit: Commit): Books {
  const { session, sent, settled = [], received, rejected } = commit;
  let { store, wire, ledger } = books;
  if (session !== undefined) store = 'counters' in session ? applySessionChanges(store, session) : session;
  if (sent !== undefined) ledger = recordSent(ledger, sent);
  for (const packet of commit.issued ?? []) wire = issued(wire, packet);
  if (received !== undefined) wire = recorded(wire, received);
  for (const { token, outcome } of settled) {
    ledger = recordSettled(ledger, token, outcome);
    wire = settledExchange(wire, token);
  }
  if (rejected !== undefined) ledger = recordRejected(ledger, rejected);
  return { store, wire, ledger };
}
