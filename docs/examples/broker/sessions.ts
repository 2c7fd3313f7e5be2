/** All sessions, by Client Identifier: how they begin, are taken over, and end. */
import type { Connection } from './connection.js';
import { later } from './later.js';
import type { Message } from './message.js';
import type { Journal, Limits } from './options.js';
import { type KeptSession, Session } from './session.js';
import type { Subscriptions } from './subscriptions.js';

const FOR_EVER = 0xffffffff;

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #limits: Limits;
  readonly #subscriptions: Subscriptions;
  readonly #publish: (message: Message) => void;
  readonly #journal: Journal | undefined;

  constructor(
    limits: Limits,
    subscriptions: Subscriptions,
    publish: (message: Message) => void,
    journal?: Journal,
  ) {
    this.#journal = journal;
    this.#limits = limits;
    this.#subscriptions = subscriptions;
    this.#publish = publish;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get online(): number {
    let count = 0;
    for (const { isOnline } of this.#sessions.values()) if (isOnline) count++;
    return count;
  }

  has(clientId: string): boolean {
    return this.#sessions.has(clientId);
  }

  /** The session for a client that connects; undefined: there is no room for a new one. */
  open(clientId: string, cleanStart: boolean): Session | undefined {
    // The older connection, if it stands, ends here; its session may end with it, and its will is due or waits.
    this.#sessions.get(clientId)?.connection?.takeOver();
    const known = this.#sessions.get(clientId);
    if (known !== undefined && !cleanStart) {
      known.stopExpiry?.();
      known.endsAt = undefined;
      // The client is back before its will was due.
      known.will?.cancel();
      known.will = undefined;
      return known;
    }
    if (known !== undefined) this.#end(known);
    if (this.#sessions.size >= this.#limits.sessions) return undefined;
    const session = new Session(clientId, this.#limits, this.#journal);
    this.#sessions.set(clientId, session);
    return session;
  }

  /** The connection of a session is over: the session lives on for that many seconds. */
  left(session: Session, connection: Connection, expiry: number): void {
    if (session.connection !== connection || session.isOver) return;
    session.expiry = Math.min(expiry, this.#limits.sessionExpiry);
    if (session.expiry === 0) this.#end(session);
    else this.#wait(session);
    this.#journal?.described(session);
  }

  /** A session that an earlier process had. One whose client was there is left behind by now. */
  restore(kept: KeptSession): Session {
    const session = new Session(kept.clientId, this.#limits, this.#journal, kept);
    this.#sessions.set(session.clientId, session);
    for (const wish of kept.subscriptions) {
      const subscription = { ...wish, session };
      session.subscriptions.set(subscription.filter, subscription);
      this.#subscriptions.add(subscription);
    }
    this.#wait(session);
    return session;
  }

  /** Until it expires; it may have begun to wait in an earlier process. */
  #wait(session: Session): void {
    if (session.expiry === FOR_EVER) return;
    session.endsAt ??= Date.now() + session.expiry * 1_000;
    session.stopExpiry = later(session.endsAt - Date.now(), () => this.#end(session));
  }

  /** The will of a client whose connection is over; `at` is when its delay ends. */
  willDue(session: Session, connection: Connection, message: (now: number) => Message, at: number): void {
    const now = Date.now();
    const wait = at - now;
    if (wait <= 0 || session.isOver) this.#publish(message(now));
    // The client that took over has come back in time.
    else if (session.connection === connection) {
      const cancel = later(wait, () => this.#publishWill(session));
      session.will = { message, cancel };
    }
  }

  #publishWill(session: Session): void {
    const { will } = session;
    session.will = undefined;
    will?.cancel();
    if (will !== undefined) this.#publish(will.message(Date.now()));
  }

  #end(session: Session): void {
    if (this.#sessions.get(session.clientId) === session) this.#sessions.delete(session.clientId);
    for (const subscription of session.subscriptions.values()) this.#subscriptions.delete(subscription);
    session.subscriptions.clear();
    this.#journal?.described(session);
    for (const { message, share } of session.end()) {
      this.#subscriptions.routeAgain(message, share, (other, grant) => other.receive(message, grant, share));
    }
    // The end of the session ends the delay as well.
    this.#publishWill(session);
  }
}
