/** What lives on between the connections of one client (section 4.1). */
import {
  dropExpired,
  emptySession,
  exportSession,
  importSession,
  queueMessage,
  type SessionState,
} from '../../../src/index.js';
import type { Connection } from './connection.js';
import { type Grant, type Message, packetOf } from './message.js';
import type { Journal, Limits } from './options.js';
import type { Subscription } from './subscriptions.js';

/** A message that this client got as a member of a shared subscription, until it is settled. */
export interface Shared {
  readonly message: Message;
  /** At which it was sent. */
  readonly qos: 0 | 1 | 2;
  readonly share: string;
}

/** What a store keeps of a session. */
export interface KeptSession {
  readonly clientId: string;
  readonly state: SessionState;
  /** Seconds that it outlives a connection. */
  readonly expiry: number;
  /** When it ends, in milliseconds, unless the client comes back; undefined while it is there, or for ever. */
  readonly endsAt: number | undefined;
  readonly subscriptions: Iterable<Omit<Subscription, 'session'>>;
}

export class Session {
  /** By Topic Filter. */
  readonly subscriptions = new Map<string, Subscription>();
  /** The connection that serves it, or served it last. */
  connection: Connection | undefined;
  /** The will of the last connection, while its delay runs. */
  will: { readonly message: (now: number) => Message; readonly cancel: () => void } | undefined;
  /** Stops the clock of the Session Expiry Interval. */
  stopExpiry: (() => void) | undefined;
  isOver = false;
  /** As long as a connection stands, this is what it would leave. */
  expiry: number;
  endsAt: number | undefined;
  readonly #limits: Limits;
  readonly #journal: Journal | undefined;
  /** The state, unless a connection has it. */
  #state: SessionState;
  #holder: Connection | undefined;
  /** By token. */
  readonly #shared = new Map<number, Shared>();
  readonly #orphans: Shared[] = [];
  #nextToken = 1;

  constructor(
    readonly clientId: string,
    limits: Limits,
    journal?: Journal,
    { state = emptySession(), expiry = 0, endsAt }: Partial<KeptSession> = {},
  ) {
    this.#limits = limits;
    this.#journal = journal;
    this.#state = state;
    this.expiry = expiry;
    this.endsAt = endsAt;
  }

  get state(): SessionState {
    this.#fetch();
    return this.#holder?.sessionState ?? this.#state;
  }

  get isOnline(): boolean {
    return this.connection?.isStanding === true;
  }

  /** The client does not keep up with what comes. */
  get isCrowded(): boolean {
    return this.connection?.isCrowded === true;
  }

  /** Sends a message or keeps it for later; what finds no room is lost, and QoS 0 is for those who are there. */
  receive(message: Message, grant: Grant, share?: string): void {
    const { connection } = this;
    let token: number | undefined;
    if (share !== undefined && message.qos > 0 && grant.qos > 0) {
      token = this.#nextToken++;
      this.#shared.set(token, { message, share, qos: message.qos < grant.qos ? message.qos : grant.qos });
    }
    const retain = message.retain && grant.retainAsPublished;
    if (connection?.isStanding) connection.forward(message, grant, retain, token);
    else if (!this.#keep(message, grant, retain, token) && token !== undefined) this.settled(token);
    this.#journal?.changed(this);
  }

  #keep(message: Message, grant: Grant, retain: boolean, token: number | undefined): boolean {
    this.#fetch();
    const now = Date.now();
    // In the words of MQTT 5.0, which has more of them than the next connection may have.
    const packet = packetOf(message, grant, 5, retain);
    if (packet.qos === 0 || this.isOver) return false;
    const { queuedMessages: messages, queuedBytes: bytes } = this.#limits;
    const options = { now, version: 5, token, automaticAlias: true, limits: { messages, bytes } } as const;
    const { session, error } = queueMessage(this.#state, packet, options);
    this.#state = session;
    return error === undefined;
  }

  /** The state for a new connection of that version, which `join` hands it over to. */
  stateFor(version: 4 | 5): SessionState {
    this.#fetch();
    const { session, tokens } = dropExpired(this.#state, Date.now());
    for (const token of tokens) if (typeof token === 'number') this.settled(token);
    return version === 5 ? session : withoutProperties(session);
  }

  /** The connection serves the session from now on. */
  join(connection: Connection, expiry: number): void {
    this.connection = connection;
    this.#holder = connection;
    this.expiry = expiry;
    this.#journal?.described(this);
  }

  /** A message is settled; `lostWhen`: how far it had come when the session ended. */
  settled(token: number, lostWhen?: 'queued' | 'sent' | 'received'): void {
    const shared = this.#shared.get(token);
    this.#shared.delete(token);
    if (shared === undefined) return;
    // Section 4.8.2: QoS 2 stays with the member that may have it.
    if (lostWhen === 'queued' || (lostWhen === 'sent' && shared.qos === 1)) this.#orphans.push(shared);
  }

  /** The session is over: gives the messages of shared subscriptions that another member should get. */
  end(): readonly Shared[] {
    this.#fetch();
    this.isOver = true;
    this.stopExpiry?.();
    if (this.#shared.size > 0) {
      const { outgoing, queued } = exportSession(this.#state);
      for (const { token } of outgoing) if (typeof token === 'number') this.settled(token, 'sent');
      for (const { token } of queued) if (typeof token === 'number') this.settled(token, 'queued');
    }
    this.#state = emptySession();
    return this.#orphans;
  }

  /** Takes the state back from a connection that is over, even where it has not told so yet. */
  #fetch(): void {
    if (this.#holder === undefined || this.#holder.isStanding) return;
    this.#state = this.#holder.sessionState;
    this.#holder = undefined;
  }
}

/** MQTT 3.1.1 has no properties: a session that changes over to it loses those of the messages that wait. */
function withoutProperties(state: SessionState): SessionState {
  if (state.queue.size === 0 && state.outgoing.size === 0) return state;
  const { queued, outgoing, ...counters } = exportSession(state);
  const bare = <T extends object>(row: T): T => ({ ...row, properties: undefined, expiresAt: undefined });
  return importSession({ ...counters, queued: queued.map(bare), outgoing: outgoing.map(bare) });
}
