/** The hosted broker: the example broker with limits, rules for topics, one instance, and a store. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import type { Acceptance, Link } from '../../../src/adapters/node.js';
import type { DecodedConnect, EndpointEvent } from '../../../src/index.js';
import { Broker } from '../broker/broker.js';
import { later } from '../broker/later.js';
import { type Listening, listenTcp, listenWebSocket } from '../broker/listeners.js';
import { FieldError } from '../fields/fields.js';
import { enforcing, type HostedLimits, limitsOf } from './limits.js';
import { Store } from './store.js';

export interface HostedOptions {
  /** The folder of the store. */
  readonly data: string;
  /** The user name of its clients. Default: `public`. */
  readonly instance?: string | undefined;
  /** The passwords of its clients. Default: `public`. */
  readonly tokens?: readonly string[] | undefined;
  readonly limits?: Partial<HostedLimits> | undefined;
  /** The store has failed: the process should end. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** How many milliseconds of silence are allowed for each second of the Keep Alive. */
const PATIENCE = 1_500;

export class Hosted extends Broker {
  readonly #store: Store;
  readonly #limits: HostedLimits;
  readonly #listening: Listening[] = [];
  #closed: Promise<void> | undefined;

  private constructor(store: Store, limits: HostedLimits, isKnown: (connect: DecodedConnect) => boolean) {
    super({ ...enforcing(limits, isKnown), journal: store });
    this.#store = store;
    this.#limits = limits;
  }

  /** Throws FieldError for a limit that is none, and for a store that cannot be read. */
  static async open(options: HostedOptions): Promise<Hosted> {
    const { data, instance = 'public', tokens = ['public'], onFailure = () => {} } = options;
    const limits = limitsOf(options.limits);
    if (instance === '') throw new FieldError('instance', 'it has to have a name');
    if (tokens.length === 0 || tokens.includes(''))
      throw new FieldError('tokens', 'they have to have characters');
    const secrets = tokens.map(digest);
    const store = await Store.open(data, onFailure);
    const hosted = new Hosted(store, limits, ({ username, password = new Uint8Array() }) => {
      const given = digest(password);
      return username === instance && secrets.some((secret) => timingSafeEqual(secret, given));
    });
    await store.restore(hosted);
    return hosted;
  }

  /** The names of those who are connected: their Client Identifiers. */
  get names(): string[] {
    return [...this.connections].filter(({ isStanding }) => isStanding).map(({ who }) => who.clientId);
  }

  /** Listens for clients, and gives the port; with `tls`, over TLS. */
  async listen(kind: 'tcp' | 'ws', host: string, port: number, tls?: TlsOptions): Promise<number> {
    const listening = await (kind === 'tcp' ? listenTcp : listenWebSocket)(this, { host, port, tls });
    this.#listening.push(listening);
    return listening.port;
  }

  override accept(address: string): Acceptance | undefined {
    const taken = super.accept(address);
    if (taken === undefined) return undefined;
    let stopClock = (): void => {};
    const handler = (events: readonly EndpointEvent[], link: Link): Promise<void> | undefined => {
      const wait = taken.handler(events.map(withPlus), link);
      for (const event of events) {
        if (event.type === 'ended') stopClock();
        else if (event.type === 'connected' && event.version === 4) {
          const { longestKeepAlive } = this.#limits;
          const isLonger = event.keepAlive === 0 || event.keepAlive > longestKeepAlive;
          if (isLonger) stopClock = watch(link, longestKeepAlive);
        }
      }
      const all = [wait, this.#store.whenCaughtUp()].filter((promise) => promise !== undefined);
      return all.length === 0 ? undefined : Promise.all(all).then(() => {});
    };
    return { ...taken, handler };
  }

  override close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const closed = this.#listening.map((listening) => listening.close());
    await super.close();
    await Promise.all(closed);
    await this.#store.close();
  }
}

/** Disconnects a client that is silent for too long, whatever it has said it would be. */
function watch(link: Link, seconds: number): () => void {
  let cancel = (): void => {};
  const look = (): void => {
    const left = link.state.traffic.lastReceived + seconds * PATIENCE - Date.now();
    if (left <= 0) link.disconnect({ reasonCode: 0x8d });
    else cancel = later(left, look);
  };
  look();
  return () => cancel();
}

/** The event with `+` for `*` in Topic Filters. */
function withPlus(event: EndpointEvent): EndpointEvent {
  if (event.type !== 'requestReceived') return event;
  const { packet } = event;
  const plus = (filter: string): string => filter.replaceAll('*', '+');
  if (packet.type === 'unsubscribe') {
    return { ...event, packet: { ...packet, topicFilters: packet.topicFilters.map(plus) } };
  }
  const subscriptions = packet.subscriptions.map((wish) => ({
    ...wish,
    topicFilter: plus(wish.topicFilter),
  }));
  return { ...event, packet: { ...packet, subscriptions } as typeof packet };
}

function digest(secret: string | Uint8Array): Uint8Array {
  return createHash('sha256').update(secret).digest();
}
