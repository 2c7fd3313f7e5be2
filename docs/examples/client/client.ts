/**
 * An MQTT client on puremqtt, for every runtime: it connects, and connects again, as long as it is worth while.
 *
 * `connect('mqtt://localhost')` returns at once; `ready` waits. Subscriptions are made on the first connection and
 * again where the server has forgotten them; messages of QoS 1 and 2 go from one connection to the next.
 *
 * A project of your own imports from 'puremqtt' what these files import from the sources.
 */
import type {
  ConnectedAction,
  DecodedSuback,
  DecodedUnsuback,
  DisconnectInput,
  EndpointEvent,
  Outcome,
  SendablePublish,
  SendableSubscribe,
  SendableUnsubscribe,
  SendOptions,
  Subscription as SubscriptionRequest,
  Token,
} from '../../../src/index.js';
import { Arrivals } from './arrivals.js';
import { Authenticator } from './authenticator.js';
import { orAborted } from './backoff.js';
import { ClientEndedError, ConnectionError, PublishError } from './errors.js';
import { Following } from './following.js';
import { Inbox } from './inbox.js';
import { Line } from './line.js';
import type { ClientEvent, ClientOptions } from './options.js';
import { Outbox } from './outbox.js';
import { fromText, Keeper, type Stored } from './store.js';
import { type Arrival, deferred, type SubscribeOptions, Subscription } from './subscription.js';

export interface PublishOptions extends Pick<SendablePublish, 'qos' | 'retain' | 'properties'> {
  readonly topicAlias?: SendOptions['topicAlias'];
  /** The name of the message, by which the event `settled` tells of it after a restart. Default: a fresh one. */
  readonly token?: Token | undefined;
  /** Waits no longer. A message of QoS 1 or 2 that the session has will be sent all the same. */
  readonly signal?: AbortSignal | undefined;
}

/** Connects to `mqtt:`, `mqtts:`, `ws:` or `wss:`. Throws for a URL or options that cannot be right. */
export function connect(url: string, options: ClientOptions = {}): Client {
  return new Client(url, options);
}

export class Client {
  /** Settles when the client has ended: with undefined after `end`, or with the reason. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  /** The Topic Filters that {@link follow} is about. */
  readonly following: Following = new Following(
    (packet) => this.#ask(packet),
    (event) => this.#emit(event),
  );
  readonly #options: ClientOptions;
  readonly #over = new AbortController();
  readonly #line: Line;
  readonly #inbox = new Inbox((packet) => this.#emit({ type: 'unclaimed', packet }));
  readonly #arrivals: Arrivals;
  readonly #outbox: Outbox;
  readonly #authenticator: Authenticator;
  readonly #keeper: Keeper | undefined;
  #isLoaded: boolean;
  #isEnding = false;
  #standing = quiet();
  /** They count tokens and subscriptions. */
  #tokens = 0;
  #identifiers = 0;
  readonly #prefix: string;
  /** Topic Filters that a server which still has our session is to forget. */
  readonly #unwanted = new Set<string>();

  constructor(url: string, options: ClientOptions) {
    this.#options = options;
    const { queue, store, signal, authentication, random = Math.random } = options;
    this.#prefix = Math.floor(random() * 2 ** 48).toString(36);
    const clientId = options.clientId ?? `puremqtt-${this.#prefix}`;
    const { signal: over } = this.#over;
    const emit = (event: ClientEvent): void => this.#emit(event);
    this.#line = new Line(url, clientId, options, over, (events) => this.#told(events), emit);
    this.#arrivals = new Arrivals(this.#line, this.#inbox, options.onMessage, this.#over, () => this.#save());
    this.#outbox = new Outbox(queue, this.#line, () => this.#isLoaded);
    this.#authenticator = new Authenticator(authentication, (error) => this.#over.abort(error));
    this.#isLoaded = store === undefined;
    this.#keeper = store && new Keeper(store, () => this.#stored());
    const onAbort = (): void => this.#over.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) onAbort();
    this.closed = this.#run().finally(() => signal?.removeEventListener('abort', onAbort));
  }

  /** The terms of the connection that stands; undefined: none does. */
  get connected(): ConnectedAction | undefined {
    return this.#line.connected;
  }

  /** Settles when a connection stands. Rejects when the client has ended. */
  ready(signal?: AbortSignal): Promise<ConnectedAction> {
    return orAborted(this.#standing.promise, signal);
  }

  /**
   * Settles when the message has arrived: at once for QoS 0, else when the server has acknowledged it, on whichever
   * connection. Rejects with PublishError, or MqttError where the message cannot be sent at all.
   */
  async publish(
    topic: string,
    payload: string | Uint8Array = '',
    options: PublishOptions = {},
  ): Promise<Outcome & { readonly kind: 'sent' | 'acknowledged' }> {
    const { signal, token = this.#token(), topicAlias, qos, retain, properties } = options;
    this.#throwIfOver(signal);
    const packet = { type: 'publish', topic, payload, qos, retain, properties } as const;
    const settled = this.#outbox.send(packet, { token, topicAlias });
    this.#sent();
    const outcome = await orAborted(settled, signal).finally(() => this.#outbox.withdraw(token));
    if (outcome.kind !== 'sent' && outcome.kind !== 'acknowledged') throw new PublishError(outcome);
    return outcome;
  }

  /**
   * The messages of one or more Topic Filters, from now on, whatever becomes of the connection. To be iterated over;
   * whoever leaves the iteration unsubscribes. Throws where a filter is none, or is subscribed to already.
   */
  subscribe(filters: string | readonly string[], options: SubscribeOptions = {}): Subscription {
    this.#throwIfOver(options.signal);
    const list = typeof filters === 'string' ? [filters] : filters;
    const subscription = new Subscription(list, options, ++this.#identifiers, {
      done: (arrival) => this.#arrivals.done(arrival),
      taken: () => this.#inbox.taken(),
      leave: (left) => this.#leave(left),
    });
    this.#inbox.add(subscription);
    for (const filter of list) this.#unwanted.delete(filter);
    if (this.connected !== undefined) void this.#request(subscription, this.connected);
    return subscription;
  }

  /**
   * Subscribes for `onMessage`, on this connection and on later ones; a filter that is known is asked for anew. Undefined:
   * no connection stands, or it was lost; the event `followed` tells of the next one's answer.
   */
  async follow(
    subscriptions: readonly SubscriptionRequest[],
    signal?: AbortSignal,
  ): Promise<DecodedSuback | undefined> {
    this.#throwIfOver(signal);
    this.following.add(subscriptions);
    for (const { topicFilter } of subscriptions) this.#unwanted.delete(topicFilter);
    return this.connected && orAborted(this.following.request(subscriptions), signal);
  }

  /**
   * Unsubscribes from what is followed, or what an earlier process has subscribed to. Undefined: no connection stands;
   * the next one asks for what is followed no more.
   */
  async unsubscribe(
    topicFilters: readonly string[],
    signal?: AbortSignal,
  ): Promise<DecodedUnsuback | undefined> {
    this.#throwIfOver(signal);
    if (this.connected === undefined) {
      for (const filter of topicFilters) if (this.following.isGranted(filter)) this.#unwanted.add(filter);
      this.following.delete(topicFilters);
      return undefined;
    }
    const outcome = await orAborted(this.#ask({ type: 'unsubscribe', topicFilters }), signal);
    if (outcome instanceof Error) throw outcome;
    if (outcome.kind !== 'acknowledged' || outcome.packet.type !== 'unsuback')
      throw new ConnectionError('the connection was lost', true);
    this.following.delete(topicFilters);
    return outcome.packet;
  }

  /** Asks the server whether it is still there: the event `pingAnswered` tells. False: there is no connection. */
  ping(): boolean {
    if (this.connected !== undefined) this.#line.link?.ping();
    return this.connected !== undefined;
  }

  /** Authenticates again on a connection that stands (MQTT 5.0 section 4.12.1). */
  reauthenticate(signal?: AbortSignal): Promise<void> {
    return orAborted(this.#authenticator.again(this.#line.link), signal);
  }

  /** Says goodbye and ends the client. What is not acknowledged by then is rejected; a store keeps it. */
  async end(options: Pick<DisconnectInput, 'reasonCode' | 'properties'> = {}): Promise<void> {
    this.#isEnding = true;
    this.#inbox.resume();
    const { link } = this.#line;
    link?.disconnect(options);
    await link?.closed;
    this.#over.abort();
    await this.closed;
  }

  async #run(): Promise<Error | undefined> {
    let reason: Error | undefined;
    try {
      await this.#load();
      reason = await this.#line.run();
    } catch (error) {
      reason = new ClientEndedError(error);
    }
    const { signal } = this.#over;
    if (signal.aborted && !this.#isEnding) reason = new ClientEndedError(signal.reason);
    const ended = new ClientEndedError(reason);
    this.#isEnding = true;
    this.#over.abort(ended);
    this.#inbox.resume();
    this.#standing.reject(ended);
    this.#outbox.end(ended);
    for (const subscription of this.#inbox.subscriptions) subscription.finish(reason);
    await this.#keeper?.save().catch((error: unknown) => {
      reason ??= new ClientEndedError(error);
    });
    return reason;
  }

  // What the connections tell.

  #told(events: readonly EndpointEvent[]): void | Promise<void> {
    const arrivals: Arrival[] = [];
    for (const event of events) {
      if (event.type === 'deliver') arrivals.push(this.#arrivals.add(event.packet));
      else this.#on(event);
    }
    // What came is stored before anybody sees it, and the server hears that we have it after both.
    const saved = this.#keeper?.save();
    return saved === undefined ? this.#deliver(arrivals) : saved.then(() => this.#deliver(arrivals));
  }

  #on(event: EndpointEvent): void {
    if (event.type === 'connected') this.#onConnected(event);
    else if (event.type === 'settled') {
      if (!this.#outbox.settle(event.token, event.outcome)) this.#emit(event);
    } else if (event.type === 'refused') {
      // Nobody waits for the answer to a DISCONNECT that cannot be sent. What was sent cannot be taken back.
      const isKnown = this.#outbox.fail(event.token, event.error) || event.error.code === 'already-sent';
      if (!isKnown && this.#isEnding) this.#over.abort(event.error);
    } else if (event.type === 'sessionDiscarded') this.#arrivals.sessionDiscarded();
    else if (event.type === 'pingAnswered') this.#emit(event);
    else if (event.type === 'authReceived') this.#authenticator.received(event.packet, this.#line.link);
    else if (event.type === 'ended') {
      // Accepted, it stood, and `ready` waits for the next one.
      if (event.sessionExpiryInterval !== undefined) this.#standing = quiet();
      this.#authenticator.lost();
    }
  }

  #onConnected(event: ConnectedAction): void {
    this.#authenticator.connected(event);
    this.#inbox.isOurs ||= !event.sessionPresent;
    for (const subscription of this.#inbox.subscriptions) {
      if (event.sessionPresent) subscription.forgetResent();
      if (!event.sessionPresent || !subscription.isGranted) void this.#request(subscription, event);
    }
    this.following.resume(event.sessionPresent);
    if (event.sessionPresent && this.#unwanted.size > 0) {
      void this.#ask({ type: 'unsubscribe', topicFilters: [...this.#unwanted] });
    }
    this.#unwanted.clear();
    this.#outbox.flush();
    this.#standing.resolve(event);
    this.#emit(event);
  }

  #emit(event: ClientEvent): void {
    try {
      this.#options.onEvent?.(event);
    } catch (error) {
      this.#over.abort(error);
    }
  }

  // Requests.

  /** Asks the server for a subscription; on the next connection again, if this one is lost. */
  async #request(subscription: Subscription, { version, limits }: ConnectedAction): Promise<void> {
    const { filters, identifier, options } = subscription;
    const { qos = 0, noLocal, retainAsPublished, retainHandling, properties } = options;
    const subscriptionIdentifier = limits.subscriptionIdentifierAvailable ? identifier : undefined;
    const choices = version === 5 ? { qos, noLocal, retainAsPublished, retainHandling } : { qos };
    const outcome = await this.#ask({
      type: 'subscribe',
      subscriptions: filters.map((topicFilter) => ({ topicFilter, ...choices })),
      properties: version === 5 ? { ...properties, subscriptionIdentifier } : undefined,
    });
    if (outcome instanceof Error) {
      this.#inbox.delete(subscription);
      subscription.finish(outcome);
    } else if (outcome.kind === 'acknowledged' && outcome.packet.type === 'suback' && !subscription.isEnded) {
      subscription.answered(outcome.packet.reasonCodes);
    }
  }

  async #leave(subscription: Subscription): Promise<void> {
    if (!this.#inbox.delete(subscription) || this.#isEnding) return;
    const topicFilters = subscription.filters;
    if (this.connected !== undefined) await this.#ask({ type: 'unsubscribe', topicFilters });
    else if (subscription.isGranted) for (const filter of topicFilters) this.#unwanted.add(filter);
  }

  #ask(packet: SendableSubscribe | SendableUnsubscribe): Promise<Outcome | Error> {
    const answer = this.#outbox.send(packet, { token: this.#token() });
    this.#sent();
    return answer.catch((error: Error) => error);
  }

  /** Something was sent: its answer has to be read, and the session has changed. */
  #sent(): void {
    if (this.#outbox.hasRequests) this.#inbox.resume();
    this.#save();
  }

  #token(): string {
    return `${this.#prefix}-${++this.#tokens}`;
  }

  #throwIfOver(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (this.#isEnding || this.#over.signal.aborted) throw new ClientEndedError(this.#over.signal.reason);
  }

  #deliver(arrivals: readonly Arrival[]): void | Promise<void> {
    if (arrivals.length === 0) return;
    const handing = this.#arrivals.handOut(arrivals);
    if (handing !== undefined) return handing;
    const { keepAlive = 0 } = this.connected ?? {};
    const longest = keepAlive === 0 ? Number.POSITIVE_INFINITY : keepAlive * 500;
    return this.#isEnding ? undefined : this.#inbox.room(this.#outbox.hasRequests, longest);
  }

  // The store.

  #save(): void {
    void this.#keeper?.save().catch((error: unknown) => this.#over.abort(error));
  }

  async #load(): Promise<void> {
    const text = await this.#options.store?.load();
    const stored = text === undefined ? undefined : fromText(text);
    const { clientId = stored?.clientId } = this.#options;
    if (stored !== undefined && stored.clientId === clientId) {
      this.#line.restore(stored.clientId, stored.session);
      this.#deliver(stored.inbox.map((packet) => this.#arrivals.add(packet)));
    }
    this.#isLoaded = true;
    this.#outbox.flush();
  }

  #stored(): Stored {
    return { clientId: this.#line.clientId, session: this.#line.session, inbox: this.#arrivals.undone };
  }
}

/** Whoever asks for `ready` hears of a rejection, and nobody else. */
function quiet(): ReturnType<typeof deferred<ConnectedAction>> {
  const standing = deferred<ConnectedAction>();
  standing.promise.catch(() => {});
  return standing;
}
