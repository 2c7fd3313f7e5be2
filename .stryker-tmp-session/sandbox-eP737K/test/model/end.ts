// @ts-nocheck
import {
  type ConnectionState,
  Endpoint,
  type EndpointEvent,
  type EndpointOptions,
  type EndpointResult,
} from '../../src/connection/index.js';
import { type DecodedPacket, type MqttError, PacketParser } from '../../src/index.js';
import {
  emptySession,
  exportSession,
  importSession,
  type SessionState,
  sessionChanges,
} from '../../src/session/index.js';
import { difference, normalConnection, same } from './canonical.js';
import { type Books, type Commit, storeCommit } from './commit.js';
import { connectionOver, crashed, EMPTY_LEDGER, recordDelivered } from './ledger.js';
import type { Unanswered } from './party.js';
import { QUIET, receivedPacket, sentPacket, wireOver } from './referee.js';
import { newClient, newServer, numberOf, peerOf, type Role, receiveMaximumOf, type Setup } from './setup.js';
import { demand, Violation } from './violation.js';

/**
 * One side with an Endpoint and a host that stores atomically. Whatever it writes and reads is also read by parsers of
 * the judges.
 */
export class End {
  readonly #setup: Setup;
  readonly #role: Role;
  readonly #options: EndpointOptions;
  /** The Endpoint, and what became of it after one sleep and two: all have to do the same from then on. */
  #endpoints: Endpoint[];
  #session: SessionState;
  #taps: Record<'in' | 'out', PacketParser>;
  #opened = 0;
  /** Whether the connection has the session: a server's has none before it was accepted. */
  #owns: boolean;
  books: Books;
  unanswered: readonly Unanswered[] = [];
  requests: readonly { readonly packetId: number; readonly filters: number }[] = [];
  asked = false;
  failure: MqttError | undefined;
  refusal: MqttError | undefined;

  constructor(setup: Setup, role: Role, options: EndpointOptions) {
    this.#setup = setup;
    this.#role = role;
    this.#options = options;
    this.#session = { ...emptySession(), begun: setup.fresh !== true };
    this.books = { store: exportSession(this.#session), wire: QUIET, ledger: EMPTY_LEDGER };
    this.#owns = role === 'client';
    this.#endpoints = [this.#newEndpoint()];
    this.#taps = this.#newTaps();
  }

  get state(): ConnectionState {
    return this.#endpoints[0]!.state;
  }

  get session(): SessionState {
    return this.#session;
  }

  get isOpen(): boolean {
    return this.state.phase !== 'idle' && this.state.phase !== 'closed';
  }

  /** Calls every Endpoint alike; gives what is to be written. */
  call(
    run: (endpoint: Endpoint) => EndpointResult,
    extra: Pick<Commit, 'sent' | 'rejected'> = {},
  ): Uint8Array {
    const before = this.#session;
    const results = this.#endpoints.map(run);
    const [result, ...others] = results;
    for (const other of others) {
      if (!same(result, other)) throw new Violation(`one that slept does ${difference(other, result)}`);
    }
    const { bytes = new Uint8Array(0), events } = result!;
    const refused = events.find((event) => event.type === 'refused');
    if (refused !== undefined) {
      demand(events.length === 1 && bytes.length === 0, 'a refusal does something');
      this.refusal = refused.error;
      return bytes;
    }
    this.#heed(before, events, bytes, extra);
    return new Uint8Array(bytes);
  }

  /** The network stands. */
  open(now: number): Uint8Array {
    this.#opened++;
    return this.call((endpoint) => endpoint.open(now));
  }

  /** Bytes arrive, in memory that is used for something else afterwards. */
  receive(bytes: Uint8Array, now: number): Uint8Array {
    for (const packet of readAll(this.#taps.in, bytes)) {
      this.books = { ...this.books, wire: receivedPacket(this.books.wire, packet) };
      this.books = storeCommit(this.books, { received: packet });
    }
    const chunks: Uint8Array[] = [];
    const written = this.call((endpoint) => {
      const chunk = new Uint8Array(bytes);
      chunks.push(chunk);
      return endpoint.receive(chunk, now);
    });
    for (const chunk of chunks) chunk.fill(0xff);
    return written;
  }

  /** The Endpoint goes to sleep with its connection open; what wakes up runs beside it from now on. */
  sleep(): void {
    const { state } = this;
    const stored = structuredClone(this.#endpoints.at(-1)!.export());
    const woken = Endpoint.resume(stored, this.#options);
    const [is, was] = [normalConnection(woken.state), normalConnection(state)];
    if (!same(is, was)) throw new Violation(`wakes up ${difference(is, was)}`);
    this.#endpoints = [...this.#endpoints.slice(0, 2), woken];
  }

  /** Another connection may begin, and finds the session as the process has it in memory. */
  #over(isExpired: boolean): void {
    if (isExpired && this.#role === 'server') {
      this.#session = emptySession();
      this.books = { ...this.books, store: exportSession(this.#session) };
    }
    this.unanswered = isExpired ? [] : this.unanswered.filter(({ qos }) => qos === 2);
    this.#begin(wireOver(this.books.wire));
  }

  /** The process dies; the next one has the store. */
  die(): void {
    this.#session = importSession(structuredClone(this.books.store));
    const known = this.unanswered;
    this.unanswered = this.books.store.incoming
      .filter((row) => row.phase === 'delivered' && row.verdict === 0)
      .map(({ packetId }) => known.find((one) => one.packetId === packetId && one.qos === 2))
      .filter((one) => one !== undefined);
    this.#begin(wireOver(this.books.wire));
    this.books = { ...this.books, ledger: crashed(this.books.ledger) };
  }

  #begin(wire: Books['wire']): void {
    this.books = { ...this.books, wire, ledger: connectionOver(this.books.ledger) };
    this.requests = [];
    this.asked = false;
    this.#owns = this.#role === 'client';
    this.#endpoints = [this.#newEndpoint()];
    this.#taps = this.#newTaps();
  }

  #newEndpoint(): Endpoint {
    const state =
      this.#role === 'client'
        ? newClient(this.#setup, this.#session, this.#opened)
        : newServer(this.#setup, this.#opened);
    return new Endpoint(state, this.#options);
  }

  #newTaps(): Record<'in' | 'out', PacketParser> {
    const { version } = this.#setup;
    const options = { version, copy: true };
    return {
      in: new PacketParser({ ...options, from: peerOf(this.#role) }),
      out: new PacketParser({ ...options, from: this.#role }),
    };
  }

  /** Stores what changed, hands over what was delivered, and looks at what is to be written. */
  #heed(before: SessionState, events: readonly EndpointEvent[], bytes: Uint8Array, extra: Commit): void {
    const { state } = this;
    const begins = events.find((event) => event.type === 'connected');
    const ends = events.find((event) => event.type === 'ended');
    if (begins?.sessionPresent === false) this.unanswered = [];
    if (begins !== undefined) this.#owns = true;
    if (this.#owns) this.#session = state.session;
    const isFetched = this.#role === 'server' && begins !== undefined;
    const session = isFetched ? exportSession(this.#session) : sessionChanges(before, this.#session);
    const issued = readAll(this.#taps.out, bytes);
    const settled = events.filter((event) => event.type === 'settled');
    this.books = storeCommit(this.books, { ...extra, issued, settled, ...(session && { session }) });
    for (const event of events) this.#told(event);
    for (const packet of issued) {
      const { pipelining = false } = this.#setup;
      const receiveMaximum = receiveMaximumOf(this.#setup, this.#opened - 1) ?? 65_535;
      const wire = sentPacket(this.books.wire, packet, { receiveMaximum, pipelining });
      this.books = { ...this.books, wire };
    }
    if (ends !== undefined) this.#over(ends.sessionExpiryInterval === 0);
  }

  #told(event: EndpointEvent): void {
    if (event.type === 'connectRequested') this.asked = true;
    else if (event.type === 'fail') this.failure = event.error;
    else if (event.type === 'deliver') {
      const { packet } = event;
      this.books = { ...this.books, ledger: recordDelivered(this.books.ledger, event, 'atomic') };
      if (packet.qos === 0 || this.#setup.acknowledgements === 'automatic') return;
      const { packetId, qos, payload } = packet;
      this.unanswered = [...this.unanswered, { packetId, qos, message: numberOf(payload) }];
    } else if (event.type === 'requestReceived') {
      const { packet } = event;
      const filters = packet.type === 'subscribe' ? packet.subscriptions.length : packet.topicFilters.length;
      this.requests = [...this.requests, { packetId: packet.packetId, filters }];
    }
  }
}

function readAll(parser: PacketParser, bytes: Uint8Array): DecodedPacket[] {
  parser.push(new Uint8Array(bytes));
  const packets: DecodedPacket[] = [];
  for (let packet = parser.next(); packet !== undefined; packet = parser.next()) packets.push(packet);
  return packets;
}
