/** Sessions and retained messages on disk: what many connections have changed goes there in one atomic batch. */
import { ClassicLevel } from 'classic-level';
import {
  emptySession,
  importSession,
  type SessionChanges,
  type SessionState,
  sessionChanges,
  storedFromJson,
  storedToJson,
} from '../../../src/index.js';
import type { Broker } from '../broker/broker.js';
import type { Message } from '../broker/message.js';
import type { Journal } from '../broker/options.js';
import type { KeptSession, Session } from '../broker/session.js';

type Row = { readonly type: 'put'; key: string; value: string } | { readonly type: 'del'; key: string };

/** The tables of a session, and what their rows are called by. */
const TABLES = { outgoing: 'packetId', incoming: 'packetId', queued: 'place' } as const;
type Table = keyof typeof TABLES;

/** With more changes than this to write, publishers wait. */
const MANY = 5_000;

export class Store implements Journal {
  readonly #db: ClassicLevel<string, string>;
  readonly #onFailure: (error: unknown) => void;
  /** The sessions that are on disk, and the state they have there. */
  readonly #kept = new Map<Session, SessionState>();
  readonly #changed = new Set<Session>();
  readonly #described = new Set<Session>();
  readonly #retained = new Map<string, Message | undefined>();
  #changes = 0;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  private constructor(db: ClassicLevel<string, string>, onFailure: (error: unknown) => void) {
    this.#db = db;
    this.#onFailure = onFailure;
  }

  /** `onFailure`: it could not write. What was not stored has not been acknowledged, and never will be. */
  static async open(folder: string, onFailure: (error: unknown) => void): Promise<Store> {
    const db = new ClassicLevel<string, string>(folder);
    try {
      await db.open();
    } catch (error) {
      const { cause } = error as { readonly cause?: unknown };
      throw new Error(`data: ${folder} cannot be opened: ${cause instanceof Error ? cause.message : error}`);
    }
    return new Store(db, onFailure);
  }

  // What the broker tells.

  changed(session: Session): void {
    this.#changes++;
    if (this.#kept.has(session)) this.#changed.add(session);
  }

  described(session: Session): void {
    if (session.expiry > 0 || this.#kept.has(session)) this.#described.add(session);
  }

  retained(topic: string, message: Message | undefined): void {
    this.#changes++;
    this.#retained.set(topic, message);
  }

  stored(session?: Session): Promise<void> | undefined {
    if (session !== undefined && (this.#kept.get(session) ?? session.state) !== session.state) {
      this.#changed.add(session);
    }
    const isClean = this.#changed.size + this.#described.size + this.#retained.size === 0;
    return isClean ? this.#writing : this.#write();
  }

  /** Settles when the disk has caught up; undefined: it keeps up. */
  whenCaughtUp(): Promise<void> | undefined {
    return this.#changes > MANY ? this.#write() : undefined;
  }

  /** Writes what is left. Nothing may change any more. */
  async close(): Promise<void> {
    await this.stored();
    await this.#db.close();
  }

  /** All that has changed until the batch before is written goes into the next. */
  #write(): Promise<void> {
    this.#next ??= (this.#writing ?? new Promise<void>((done) => setImmediate(done))).then(() => {
      this.#next = undefined;
      this.#changes = 0;
      this.#writing = this.#db.batch(this.#collect(), { sync: true }).then(
        () => {
          this.#writing = undefined;
        },
        (error: unknown) => {
          this.#onFailure(error);
          throw error;
        },
      );
      return this.#writing;
    });
    return this.#next;
  }

  #collect(): Row[] {
    const rows: Row[] = [];
    // Of two sessions of one client, the one that is over was told first.
    for (const session of new Set([...this.#described, ...this.#changed])) {
      const { clientId, state, expiry, endsAt } = session;
      const before = this.#kept.get(session);
      if (session.isOver || expiry === 0) {
        if (before !== undefined) erase(rows, clientId, before);
        this.#kept.delete(session);
        continue;
      }
      const changes = sessionChanges(before ?? emptySession(), state);
      if (changes !== undefined) addChanges(rows, clientId, changes);
      this.#kept.set(session, state);
      if (!this.#described.has(session)) continue;
      const subscriptions = [...session.subscriptions.values()].map(({ session: _, ...wish }) => wish);
      put(rows, key('session', clientId), { expiry, endsAt, subscriptions });
    }
    for (const [topic, message] of this.#retained) {
      if (message === undefined) rows.push({ type: 'del', key: key('retained', topic) });
      else put(rows, key('retained', topic), message);
    }
    this.#changed.clear();
    this.#described.clear();
    this.#retained.clear();
    return rows;
  }

  // What an earlier process has left.

  async restore(broker: Broker): Promise<void> {
    const sessions = new Map<string, Record<string, unknown> & Record<Table, unknown[]>>();
    for await (const [name, value] of this.#db.iterator()) {
      const [kind = '', id = ''] = name.split('\0');
      try {
        // Tokens name what a process remembers: the member of a shared subscription keeps what it has got.
        const row = { ...Object(storedFromJson(value)), token: undefined };
        if (kind === 'retained') broker.retained.store(row);
        else {
          const found = sessions.get(id) ?? { outgoing: [], incoming: [], queued: [] };
          if (kind in TABLES) found[kind as Table].push(row);
          else found[kind] = row;
          sessions.set(id, found);
        }
      } catch (error) {
        throw new Error(`data: the row ${JSON.stringify(name)} cannot be read: ${error}`);
      }
    }
    // They have just been read.
    this.#retained.clear();
    for (const [clientId, { session, counters, ...tables }] of sessions) {
      const rest = Object(counters) as object;
      const state = importSession({ format: 1, ...rest, ...tables });
      const description = session as Omit<KeptSession, 'clientId' | 'state'>;
      const restored = broker.sessions.restore({ ...description, clientId, state });
      this.#kept.set(restored, state);
      this.described(restored);
    }
  }
}

const key = (...names: readonly (string | number)[]): string => names.join('\0');

function put(rows: Row[], name: string, value: object): void {
  rows.push({ type: 'put', key: name, value: storedToJson(value) });
}

function addChanges(rows: Row[], clientId: string, changes: SessionChanges): void {
  put(rows, key('counters', clientId), changes.counters);
  for (const [table, name] of Object.entries(TABLES) as [Table, 'packetId' | 'place'][]) {
    const { set, removed } = changes[table];
    for (const id of removed) rows.push({ type: 'del', key: key(table, clientId, id) });
    for (const row of set) put(rows, key(table, clientId, Reflect.get(row, name) as number), row);
  }
}

function erase(rows: Row[], clientId: string, state: SessionState): void {
  const changes = sessionChanges(state, emptySession());
  if (changes !== undefined) addChanges(rows, clientId, changes);
  for (const name of ['session', 'counters']) rows.push({ type: 'del', key: key(name, clientId) });
}
