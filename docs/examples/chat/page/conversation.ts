/** One user's chat, without its looks: what is sent, what comes, who is there. */
import type { ConnectedAction, DecodedPublish } from '../../../../src/index.js';
import { type Client, connect } from '../../client/client.js';
import { ClientEndedError, PublishError } from '../../client/errors.js';
import type { ClientEvent } from '../../client/options.js';
import { type Entry, History } from './history.js';
import {
  addressOf,
  messageFrom,
  nameAfter,
  rejectionFrom,
  SEEN,
  STATUS,
  type Status,
  statusFrom,
  timeFrom,
  toPayload,
  topicOf,
} from './messages.js';

const WEEK = 7 * 24 * 3600;
/** How long to wait for a verdict before asking again, in milliseconds. */
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;

export interface SignIn {
  readonly url: string;
  readonly name: string;
  readonly password: string;
  readonly version: 4 | 5;
}

export interface Presence {
  readonly isOnline: boolean;
  readonly seen: number | undefined;
}

export type Connection =
  | { readonly state: 'connecting' | 'connected' }
  | { readonly state: 'lost'; readonly retryIn: number };

export class Conversation {
  readonly name: string;
  readonly history: History;
  readonly presence = new Map<string, Presence>();
  connection: Connection = { state: 'connecting' };
  /** Something that should not happen did; for the user to see. */
  trouble: string | undefined;
  readonly #client: Client;
  readonly #changed: () => void;
  /** Messages that are asked for again until there is a verdict. */
  readonly #asking = new Set<string>();
  #isOver = false;
  readonly #page = newId();
  #connections = 0;
  /** Another page of the same user has taken over. */
  #rival: Error | undefined;
  /** Called with the first word about ourselves that comes on a connection. */
  #heardOfUs: (status?: Status) => void = () => {};
  #watch = new AbortController();

  /** `changed` is called whenever there is something new to show. */
  constructor({ url, name, password, version }: SignIn, storage: Storage, changed: () => void) {
    this.name = name;
    this.#changed = changed;
    this.history = new History(storage, name);
    const sessionKey = `chat:${name}:session`;
    this.#client = connect(url, {
      version,
      clientId: name,
      username: name,
      password,
      keepAlive: 30,
      // The broker keeps messages of QoS 1 while we are away, and this browser what is under way.
      cleanStart: false,
      sessionExpiryInterval: WEEK,
      store: {
        load: async () => storage.getItem(sessionKey) ?? undefined,
        save: async (text) => storage.setItem(sessionKey, text),
      },
      will: {
        topic: STATUS + name,
        payload: toPayload({ status: 'offline', page: this.#page }),
        qos: 0,
        retain: true,
      },
      retry: { initial: 500, maximum: 5_000 },
      onEvent: (event) => this.#on(event),
    });
    const verdicts = (['accepted', 'rejected'] as const).map((kind) =>
      topicOf({ to: '+', from: name, kind }),
    );
    const messages = this.#client.subscribe(
      [topicOf({ to: name, from: '+', kind: 'accepted' }), ...verdicts],
      {
        qos: 1,
      },
    );
    void messages.granted.then((codes) => {
      if (codes.some((code) => code >= 0x80)) this.#complain('the broker refuses a subscription');
    });
    void this.#read(messages);
    void this.#client.closed.then(() => {
      this.#isOver = true;
    });
  }

  /** Settles when nothing more will happen, with the reason if there is one. */
  get closed(): Promise<Error | undefined> {
    return this.#client.closed.then((reason) => reason ?? this.#rival);
  }

  /** Settles with the first connection. */
  async ready(): Promise<void> {
    await this.#client.ready();
  }

  /** Everybody we know of. */
  get others(): readonly string[] {
    const names = new Set([...this.presence.keys(), ...this.history.entries.map(({ other }) => other)]);
    names.delete(this.name);
    return [...names].sort((a, b) => a.localeCompare(b));
  }

  send(other: string, text: string): void {
    const id = newId();
    const entry: Entry = { id, other, isOwn: true, text, at: Date.now(), state: 'sending' };
    this.history.put(entry);
    void this.#publish(entry);
    this.#changed();
  }

  markRead(other: string): void {
    const unread = this.history.with(other).filter(({ isUnread }) => isUnread);
    this.history.put(...unread.map((entry) => ({ ...entry, isUnread: false })));
  }

  /** Says goodbye; the session stays, and what comes meanwhile waits in it. */
  async leave(): Promise<void> {
    // A page that has signed out is nobody's rival, and does not say which it was.
    if (this.#client.connected !== undefined) await this.#say({ status: 'offline' }).catch(() => {});
    await this.#client.end();
  }

  #on(event: ClientEvent): void {
    if (event.type === 'connected') this.#connected(event);
    else if (event.type === 'lost' && event.retryIn !== undefined) {
      this.connection = { state: 'lost', retryIn: event.retryIn };
    } else if (event.type === 'settled') {
      // Sent by this page before it was closed or loaded again.
      const entry = this.history.own(String(event.token));
      if (event.outcome.kind === 'session-lost' && entry !== undefined) void this.#publish(entry);
      else if (event.outcome.kind === 'acknowledged')
        this.#update(String(event.token), 'sending', { state: 'sent' });
    }
    this.#changed();
  }

  #connected({ sessionPresent }: ConnectedAction): void {
    this.connection = { state: 'connected' };
    this.presence.clear();
    // A status is worth nothing later, so it does not wait in the session: each connection asks anew.
    this.#watch.abort();
    this.#watch = new AbortController();
    const statuses = this.#client.subscribe([`${STATUS}+`, `${SEEN}+`], { signal: this.#watch.signal });
    void this.#read(statuses);
    void this.#announce();
    for (const { id, isOwn, state } of this.history.entries) {
      // A broker that has forgotten us has forgotten what it had for the worker, too.
      if (isOwn && state === 'sent') this.#askAgain(id, sessionPresent ? FIRST_WAIT : 0);
    }
  }

  /**
   * There is one session for each user: who signs in again takes it away from the page before, which would connect
   * again and take it back. So who comes back looks first at what was last said of its user, and by which page; not all
   * brokers tell a client that it was taken over.
   */
  async #announce(): Promise<void> {
    if (++this.#connections > 1) {
      const last = await new Promise<Status | undefined>((resolve) => {
        this.#heardOfUs = resolve;
        setTimeout(resolve, FIRST_WAIT);
      });
      if (last?.page !== undefined && last.page !== this.#page) {
        this.#rival = new Error('you have signed in somewhere else');
        await this.#client.end();
        return;
      }
    }
    await this.#say({ status: 'online', page: this.#page }).catch(() => {});
  }

  #say(status: Status): Promise<unknown> {
    return this.#client.publish(STATUS + this.name, toPayload(status), { retain: true });
  }

  async #publish({ id, other, text }: Entry): Promise<void> {
    try {
      await this.#client.publish(this.#requestTopic(other), toPayload({ id, text }), { qos: 1, token: id });
      this.#update(id, 'sending', { state: 'sent' });
      this.#askAgain(id, FIRST_WAIT);
    } catch (error) {
      const entry = this.history.own(id);
      if (error instanceof PublishError && error.outcome.kind === 'session-lost' && entry !== undefined) {
        await this.#publish(entry);
      } else if (!(error instanceof ClientEndedError) && error instanceof Error) {
        this.#update(id, 'sending', { state: 'failed', reason: error.message });
      }
    }
    this.#changed();
  }

  #requestTopic(other: string): string {
    return topicOf({ to: other, from: this.name, kind: 'request' });
  }

  /**
   * Asks once more as long as there is no verdict: a broker that was started anew may have acknowledged a request
   * before the worker was back to hear it. Whoever gets a message twice knows it by its id.
   */
  #askAgain(id: string, wait: number): void {
    if (this.#asking.has(id)) return;
    const ask = (next: number): void => {
      const entry = this.history.own(id);
      if (entry?.state !== 'sent' || this.#isOver) this.#asking.delete(id);
      else {
        const payload = toPayload({ id, text: entry.text });
        const isConnected = this.#client.connected !== undefined;
        if (isConnected)
          this.#client.publish(this.#requestTopic(entry.other), payload, { qos: 1 }).catch(() => {});
        setTimeout(ask, next, Math.min(2 * next, LONGEST_WAIT));
      }
    };
    this.#asking.add(id);
    setTimeout(ask, wait, FIRST_WAIT);
  }

  #update(id: string, from: Entry['state'] | undefined, change: Partial<Entry>): void {
    const entry = this.history.own(id);
    if (entry !== undefined && (from === undefined || entry.state === from)) {
      this.history.put({ ...entry, ...change });
    }
  }

  async #read(packets: AsyncIterable<DecodedPublish>): Promise<void> {
    try {
      for await (const { topic, payload } of packets) {
        if (topic.startsWith('chat/messages/')) this.#takeMessage(topic, payload);
        else this.#takePresence(topic, payload);
        this.#changed();
      }
    } catch {
      // The client has ended, and `closed` says why; or another connection asks anew.
    }
  }

  #takeMessage(topic: string, payload: Uint8Array): void {
    const address = addressOf(topic);
    const message = messageFrom(payload);
    if (address?.kind === 'rejected') {
      const rejection = rejectionFrom(payload);
      if (rejection !== undefined) {
        this.#update(rejection.id, undefined, { state: 'rejected', reason: rejection.reason });
      }
    } else if (address === undefined || message === undefined) {
      this.#complain(`a message on ${topic} is not well formed`);
    } else if (address.from === this.name) {
      const { id, text, at = Date.now() } = message;
      // Or it was written in another browser.
      const entry = this.history.own(id) ?? { id, other: address.to, isOwn: true, text, at };
      this.history.put({ ...entry, state: 'accepted', reason: undefined });
    } else {
      const entry = { id: message.id, other: address.from, isOwn: false } as const;
      // QoS 1 may bring a message twice.
      if (this.history.has(entry)) return;
      const { text, at = Date.now() } = message;
      this.history.put({ ...entry, text, at, state: 'accepted', isUnread: true });
    }
  }

  #takePresence(topic: string, payload: Uint8Array): void {
    const [status, seen] = [nameAfter(STATUS, topic), nameAfter(SEEN, topic)];
    const name = status ?? seen;
    if (name === undefined) return;
    const before = this.presence.get(name) ?? { isOnline: false, seen: undefined };
    if (status !== undefined) {
      const said = statusFrom(payload);
      this.presence.set(name, { ...before, isOnline: said?.status === 'online' });
      if (name === this.name) this.#heardOfUs(said);
    } else this.presence.set(name, { ...before, seen: timeFrom(payload) });
  }

  #complain(trouble: string): void {
    this.trouble = trouble;
    this.#changed();
  }
}

function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
