/**
 * Which case runs where, and why not: read by the tests, which run every case that is not excused here, and by
 * `scripts/adapters-page.ts`, which writes the table in `docs/adapters.md` from it.
 */
// @ts-nocheck

import type { CloseCause } from '../../../src/adapters/streams.js';

/** A runtime together with the adapter that is tested in it. */
export interface Column {
  readonly id: string;
  readonly title: string;
  readonly adapter: 'node' | 'deno' | 'workers' | 'websocket';
  /** Cases that it cannot serve, each with the reason. */
  readonly cannot: Readonly<Record<string, string>>;
  /** Why a socket may outlive its Link, where it does: the program is not asked to end by itself. */
  readonly lingers?: string;
  /** Causes that it cannot tell from others, what it says instead, and why. */
  readonly says: Readonly<Partial<Record<CloseCause, { causes: readonly CloseCause[]; reason: string }>>>;
}

const PAUSES = 'reading can pause, so nothing piles up';
const TCP = 'only WebSockets have subprotocols and frames';

const FOR_WEBSOCKET = { 'no subprotocol': TCP, 'text frame': TCP };

const SOCKET = { ...FOR_WEBSOCKET, overflow: PAUSES };

const WEBSOCKET = {
  'TLS, trusted': 'the certificates of a standard WebSocket are the business of its runtime',
  'TLS, untrusted': 'the certificates of a standard WebSocket are the business of its runtime',
  'TLS, mutual': 'a standard WebSocket takes no client certificate',
  'half-open': 'the end of one half of a WebSocket is the end of both',
  'handler holds reading': 'a WebSocket cannot pause reading: see overflow',
};

const { 'handler holds reading': _, ...PAUSABLE } = WEBSOCKET;

const NO_TLS = 'a pair of streams in memory has no TLS; the same code is tested on sockets';
const STANDS = 'a pair of streams in memory stands from the beginning';

const TLS_13: Column['says'] = {
  tls: {
    causes: ['tls', 'reset'],
    reason:
      'a server that speaks TLS 1.3 refuses a client certificate only after the handshake; what the client sends ' +
      'meanwhile can turn the refusal into a reset',
  },
};

const node = (version: number): Column => ({
  id: `node${version}`,
  title: `Node ${version}`,
  adapter: 'node',
  cannot: SOCKET,
  says: TLS_13,
});

const GIVEN_UP = 'the runtime says only that there is no connection, not why';

const UNSAID: Column['says'] = { refused: { causes: ['unreachable'], reason: GIVEN_UP } };

const UNSAID_TOO: Column['says'] = {
  ...UNSAID,
  websocket: {
    causes: ['websocket', 'unreachable'],
    reason: `${GIVEN_UP}: a wrong subprotocol looks like no server`,
  },
};

const LINGERS = 'a standard WebSocket cannot drop what a peer does not read: the Link ends, its socket later';

const nodeWebSocket = (version: number): Column => ({
  id: `node${version}-websocket`,
  title: `Node ${version}`,
  adapter: 'websocket',
  cannot: WEBSOCKET,
  lingers: LINGERS,
  says: version === 22 ? UNSAID : UNSAID_TOO,
});

export const COLUMNS: readonly Column[] = [
  {
    id: 'memory',
    title: 'in memory',
    adapter: 'node',
    cannot: {
      ...SOCKET,
      refused: STANDS,
      'TLS, trusted': NO_TLS,
      'TLS, untrusted': NO_TLS,
      'TLS, mutual': NO_TLS,
      'abort while connecting': STANDS,
      'connect timeout': STANDS,
    },
    says: {},
  },
  ...[20, 22, 24, 26].map(node),
  { id: 'bun', title: 'Bun', adapter: 'node', cannot: SOCKET, says: TLS_13 },
  { id: 'deno', title: 'Deno', adapter: 'deno', cannot: SOCKET, says: TLS_13 },
  {
    id: 'workerd',
    title: 'workerd',
    adapter: 'workers',
    cannot: { ...SOCKET, 'TLS, mutual': '`cloudflare:sockets` takes no client certificate' },
    says: {
      refused: { causes: ['unreachable'], reason: GIVEN_UP },
      tls: { causes: ['unreachable'], reason: GIVEN_UP },
    },
    lingers:
      'a Worker cannot drop what a peer does not read: the Link ends, its socket with the request at the latest',
  },
  {
    id: 'ws',
    title: 'package ws',
    adapter: 'websocket',
    cannot: { 'half-open': WEBSOCKET['half-open'], overflow: PAUSES },
    says: TLS_13,
  },
  ...[22, 24, 26].map(nodeWebSocket),
  {
    id: 'deno-websocket',
    title: 'Deno',
    adapter: 'websocket',
    cannot: WEBSOCKET,
    lingers: LINGERS,
    says: UNSAID,
  },
  {
    id: 'bun-websocket',
    title: 'Bun',
    adapter: 'websocket',
    cannot: { ...PAUSABLE, overflow: PAUSES },
    says: {},
  },
  {
    id: 'workerd-websocket',
    title: 'workerd',
    adapter: 'websocket',
    cannot: WEBSOCKET,
    lingers: LINGERS,
    says: { refused: { causes: ['reset'], reason: `${GIVEN_UP}, and calls it a lost connection` } },
  },
  { id: 'chromium', title: 'Chromium', adapter: 'websocket', cannot: WEBSOCKET, says: UNSAID_TOO },
];

/** The column of that name. */
export function columnOf(id: string): Column {
  const column = COLUMNS.find((one) => one.id === id);
  if (column === undefined) throw new Error(`the table has no column ${id}`);
  return column;
}

/** What a kit needs to know of the causes. */
export const saysOf = ({ says }: Column): Readonly<Partial<Record<CloseCause, readonly CloseCause[]>>> =>
  Object.fromEntries(Object.entries(says).map(([cause, { causes }]) => [cause, causes]));

/** The names of the cases that a runtime has to pass. */
export const servedBy = ({ cannot }: Column, cases: readonly { readonly name: string }[]): string[] =>
  cases.map(({ name }) => name).filter((name) => cannot[name] === undefined);
