/** One connection after the other, as long as it is worth while; what is sent in between waits for the next one. */
import { type Link, type MqttUrl, parseMqttUrl } from '../../../src/adapters/streams.js';
import {
  type ConnectedAction,
  clientConnection,
  Endpoint,
  type EndpointEvent,
  type EndpointResult,
  emptySession,
  type SendablePacket,
  type SendOptions,
  type SessionState,
  type Token,
} from '../../../src/index.js';
import { adapterFor } from './adapter.js';
import { backoff, sleep } from './backoff.js';
import { ConnectionError, connectionError, ServerRefusalError } from './errors.js';
import { type ClientEvent, type ClientOptions, type Credentials, connectPacket } from './options.js';

/** Told everything that the connections have to say; a promise holds writing and reading (see LinkHandler). */
type Told = (events: readonly EndpointEvent[]) => void | Promise<void>;

export class Line {
  /** The terms of the connection that stands; undefined: none does. */
  connected: ConnectedAction | undefined;
  link: Link | undefined;
  clientId: string;
  readonly #options: ClientOptions;
  readonly #signal: AbortSignal;
  readonly #told: Told;
  readonly #emit: (event: ClientEvent) => void;
  readonly #credentials: Credentials;
  #url: MqttUrl;
  /** Of the connection that stands, or of the one to come, which takes messages already. */
  #endpoint: Endpoint;
  #connections = 0;
  #standingSince: number | undefined;
  #refusal: ServerRefusalError | undefined;

  /** Throws for a URL or options that cannot be right. */
  constructor(
    url: string,
    clientId: string,
    options: ClientOptions,
    signal: AbortSignal,
    told: Told,
    emit: (event: ClientEvent) => void,
  ) {
    this.#url = parseMqttUrl(url);
    const { username, password } = { ...this.#url, ...definedOnly(options) };
    this.#credentials = { username, password };
    this.clientId = clientId;
    this.#options = options;
    this.#signal = signal;
    this.#told = told;
    this.#emit = emit;
    this.#endpoint = this.#endpointFor(emptySession());
  }

  get session(): SessionState {
    return this.#endpoint.state.session;
  }

  /** What is stored, before the first connection. */
  restore(clientId: string, session: SessionState): void {
    this.clientId = clientId;
    this.#endpoint = this.#endpointFor(session);
  }

  send(packet: SendablePacket, options: SendOptions): void {
    if (this.link !== undefined) this.link.send(packet, options);
    else this.#tell(this.#endpoint.send(packet, this.now(), options));
  }

  /** Takes back what waits to be sent. */
  withdraw(token: Token): void {
    if (this.link !== undefined) this.link.withdraw(token);
    else this.#tell(this.#endpoint.withdraw(token, this.now()));
  }

  /** Whoever keeps the session hears of its failure by itself. */
  #tell({ events }: EndpointResult): void {
    void Promise.resolve(this.#told(events)).catch(() => {});
  }

  acknowledge(packetId: number): void {
    if (this.link !== undefined) this.link.acknowledge(packetId);
    else this.#endpoint.acknowledge(packetId, this.now());
  }

  now(): number {
    return (this.#options.now ?? Date.now)();
  }

  /** Connects as often as it takes; gives back why it no longer does, and undefined where the signal says so. */
  async run(): Promise<Error | undefined> {
    const { retry = {}, random = Math.random } = this.#options;
    const { stable = 5_000, ...times } = retry === false ? {} : retry;
    for (let failures = 0; ; ) {
      const error = await this.#connectOnce().catch(asConnectionError);
      if (this.#signal.aborted) return undefined;
      const since = this.#standingSince;
      failures = since !== undefined && this.now() - since >= stable ? 1 : failures + 1;
      const retryIn = this.#goesOn(error, failures) ? backoff(failures, times, random) : undefined;
      this.#emit({ type: 'lost', error, retryIn });
      if (retryIn === undefined) return error;
      await (this.#options.sleep ?? sleep)(retryIn, this.#signal);
      if (this.#signal.aborted) return undefined;
    }
  }

  #goesOn(error: ConnectionError, failures: number): boolean {
    const { retry = {}, redirect } = this.#options;
    let isWorthRetrying = error.isWorthRetrying;
    if (error instanceof ServerRefusalError && (error.reasonCode === 0x9c || error.reasonCode === 0x9d)) {
      const { serverReference, reasonCode } = error;
      this.#emit({ type: 'redirected', isPermanent: reasonCode === 0x9d, serverReference });
      const url = redirect?.(error);
      if (url !== undefined) this.#url = parseMqttUrl(url);
      isWorthRetrying = url !== undefined;
    }
    if (!isWorthRetrying || retry === false) return false;
    const { attempts = Number.POSITIVE_INFINITY, first = true } = retry;
    return failures <= attempts && (first || this.#connections > 0);
  }

  async #connectOnce(): Promise<ConnectionError> {
    const { adapter, credentials, authentication, now, link: linkOptions } = this.#options;
    this.#standingSince = undefined;
    const connectTo = adapter ?? (await adapterFor(this.#url, this.#options));
    const current = await credentials?.();
    const authenticationData = await authentication?.start();
    if (this.#signal.aborted) return new ConnectionError('too late', false);
    this.#endpoint = this.#endpointFor(this.session, current, authenticationData);
    const options = { ...linkOptions, signal: this.#signal, now };
    const link = connectTo(this.#endpoint, this.#url, (events, on) => this.#handle(events, on), options);
    this.link = link;
    const closed = await link.closed;
    this.#lost(link);
    const refusal = this.#refusal;
    this.#refusal = undefined;
    return refusal ?? connectionError(closed);
  }

  #endpointFor(session: SessionState, current?: Credentials, authenticationData?: Uint8Array): Endpoint {
    const { queue, maximumPacketSize, cleanStart, lenient, connackTimeout, version = 5 } = this.#options;
    const { maximumInFlight = version === 4 ? 20 : undefined } = this.#options;
    const { clientId } = this;
    const isReconnect = this.#connections > 0;
    const credentials = { ...this.#credentials, ...definedOnly(current ?? {}) };
    const connect = connectPacket(this.#options, {
      clientId,
      isReconnect,
      authenticationData,
      ...credentials,
    });
    // Who asks for a session that he knows nothing of means to have it.
    const trustSessionPresent = cleanStart === false;
    const acknowledgements = 'manual';
    const options = {
      connect,
      session,
      maximumInFlight,
      queue,
      maximumPacketSize,
      connackTimeout,
      trustSessionPresent,
      acknowledgements,
    } as const;
    // Copies, since messages wait.
    return new Endpoint(clientConnection(options), { copy: true, lenient });
  }

  #handle(events: readonly EndpointEvent[], link: Link): void | Promise<void> {
    for (const event of events) {
      if (event.type === 'connected') {
        this.#connections++;
        this.#standingSince = this.now();
        this.clientId = event.clientId;
        this.connected = event;
      } else if (event.type === 'connectRefused' || event.type === 'disconnectReceived') {
        this.#refusal = new ServerRefusalError(event.packet, this.#options.version ?? 5);
      } else if (event.type === 'ended') this.#lost(link);
    }
    return this.#told(events);
  }

  /** The network connection is gone: what is said from now on is for the next one. */
  #lost(link: Link): void {
    if (this.link !== link) return;
    this.link = undefined;
    this.connected = undefined;
    this.#endpoint = this.#endpointFor(this.session);
  }
}

function definedOnly({ username, password }: Credentials): Credentials {
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
}

/** No connection came about at all: the adapter, the credentials or the authentication threw. */
function asConnectionError(error: unknown): ConnectionError {
  return new ConnectionError(error instanceof Error ? error.message : String(error), false, { cause: error });
}
