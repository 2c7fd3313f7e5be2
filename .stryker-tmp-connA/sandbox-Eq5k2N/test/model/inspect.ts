// @ts-nocheck
import { canSend, exportConnection, importConnection } from '../../src/connection/index.js';
import { exportSession } from '../../src/session/index.js';
import { trieEntries } from '../../src/session/trie.js';
import { canonical, difference, normalConnection, same } from './canonical.js';
import type { Party } from './party.js';
import type { Setup } from './setup.js';
import { demand, Violation } from './violation.js';

/** What holds of each side at every moment between two turns. */
export function inspect(setup: Setup, { role, connection, session, store, wire }: Party): void {
  const ids = trieEntries(session.outgoing).map(([id]) => id);
  const judged = [...Object.keys(wire.exchanges).map(Number), ...wire.requests].sort((a, b) => a - b);
  demand(same(ids, judged), `${role}: identifiers ${ids} are in use for exchanges ${judged}`);
  const stored = exportSession(session);
  if (!same(stored, store)) throw new Violation(`${role}: the store differs ${difference(store, stored)}`);
  if (connection === undefined) return;
  const { traffic, terms } = connection;
  // PUBRELs are sent above a limit that has become lower, and hold their slots.
  const most = Math.max(terms.peers.receiveMaximum, ...(setup.receiveMaximum ?? []));
  for (const [name, slots, maximum] of [
    ['sending', traffic.sending, most],
    ['receiving', traffic.receiving, terms.ours.receiveMaximum],
  ] as const) {
    demand(slots >= 0 && slots <= maximum, `${role}: ${name} takes ${slots} slots of ${maximum}`);
  }
  const woken = importConnection(exportConnection(connection));
  const [is, was] = [normalConnection(woken), normalConnection(connection)];
  if (!same(is, was)) {
    throw new Violation(`${role}: an exported connection wakes up ${difference(is, was)}`);
  }
}

/** What holds of a side when nothing is left to do. */
export function inspectEnd({ role, connection, session, wire, unanswered }: Party): void {
  demand(connection?.phase === 'connected', `${role}: is ${connection?.phase ?? 'alone'} in the end`);
  const { outgoing, incoming, queue } = session;
  const left = [outgoing.size, incoming.size, queue.size, unanswered.length];
  demand(
    left.every((count) => count === 0),
    `${role}: outgoing, incoming, queued, unanswered: ${left}`,
  );
  const { sending, receiving } = connection.traffic;
  demand(sending === 0 && receiving === 0, `${role}: slots are taken in the end: ${sending}, ${receiving}`);
  demand(connection.owed.entries.size === 0, `${role}: answers are owed in the end`);
  demand(
    Object.values(wire.owed).every((ids) => ids.length === 0),
    `${role}: the peer waits in the end: ${canonical(wire.owed)}`,
  );
  demand(Object.keys(wire.exchanges).length === 0, `${role}: exchanges go on in the end`);
  const problem = canSend(connection, { type: 'publish', topic: 't', qos: 1 });
  demand(problem === undefined, `${role}: cannot send in the end: ${problem?.code}`);
}
