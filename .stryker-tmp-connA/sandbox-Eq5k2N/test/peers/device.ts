// @ts-nocheck
import { type Client, connect } from '../../docs/examples/host/client.js';
import type {
  ClientOptions,
  ConnectedAction,
  ConnectPacket,
  DecodedPublish,
  DisconnectInput,
  EndpointEvent,
  Outcome,
  SendablePacket,
  SendOptions,
  SessionState,
} from '../../src/index.js';
import { emptySession, sessionSize } from '../../src/index.js';
import type { Version } from './mosquitto.js';
import { until } from './wait.js';

type EventOf<T extends EndpointEvent['type']> = Extract<EndpointEvent, { type: T }>;

/** What a device says of itself in its CONNECT; version 4 leaves the properties out. */
export type Identity = Partial<Omit<ConnectPacket<5>, 'type' | 'protocolVersion'>>;

export const text = (packet: Pick<DecodedPublish, 'payload'>): string =>
  new TextDecoder().decode(packet.payload);

/** A client that connects as often as it takes, with the session of the connection before. */
export class Device {
  /** What was delivered, over all connections. */
  readonly messages: DecodedPublish[] = [];
  /** What happened, over all connections. */
  readonly events: EndpointEvent[] = [];
  session: SessionState = emptySession();
  #client: Client | undefined;
  #staying = false;

  constructor(
    readonly version: Version,
    readonly clientId: string,
    readonly port: number,
    readonly identity: Identity = {},
    readonly options: Omit<ClientOptions, 'connect' | 'session'> = {},
  ) {}

  #packet(cleanStart: boolean): ConnectPacket {
    const { properties, ...identity } = this.identity;
    const base = {
      type: 'connect',
      clientId: this.clientId,
      cleanStart,
      keepAlive: 60,
      ...identity,
    } as const;
    if (this.version === 4) return { ...base, protocolVersion: 4 } as ConnectPacket;
    return { ...base, protocolVersion: 5, properties: { sessionExpiryInterval: 3_600, ...properties } };
  }

  #dial(cleanStart: boolean): void {
    const { session, options } = this;
    const client = connect(
      this.port,
      { ...options, connect: this.#packet(cleanStart), session },
      (message) => this.messages.push({ ...message, payload: message.payload.slice() }),
      (event) => {
        this.events.push(event);
        if (event.type !== 'ended') return;
        this.session = client.session();
        this.#client = undefined;
        if (this.#staying) setTimeout(() => this.#dial(false), 5);
      },
    );
    this.#client = client;
  }

  /** Connects once and waits until it stands. */
  async connect(cleanStart = false): Promise<ConnectedAction> {
    const before = this.count('connected');
    this.#dial(cleanStart);
    await until(`${this.clientId} to be connected`, () => this.count('connected') > before);
    return this.last('connected');
  }

  /** Connects again whenever the connection ends, from now on. */
  async stay(): Promise<void> {
    this.#staying = true;
    if (this.#client === undefined) this.#dial(false);
    await until(`${this.clientId} to be connected`, () => this.count('connected') > 0);
  }

  /** Connects no more when the connection ends. */
  leave(): void {
    this.#staying = false;
  }

  send(packet: SendablePacket, options?: SendOptions): Promise<Outcome> {
    if (this.#client === undefined) throw new Error(`${this.clientId} has no connection`);
    return this.#client.send(packet, options);
  }

  publish(
    topic: string,
    qos: 0 | 1 | 2,
    payload: string | Uint8Array,
    options?: SendOptions,
  ): Promise<Outcome> {
    return this.send({ type: 'publish', topic, qos, payload }, options);
  }

  /** Publishes as soon as a connection takes the message into its session; tells what becomes of it. */
  async publishSurely(topic: string, qos: 1 | 2, payload: string): Promise<{ outcome: Promise<Outcome> }> {
    for (;;) {
      await until(`${this.clientId} to have a connection`, () => this.#client !== undefined);
      const refused = this.count('refused');
      const outcome = this.publish(topic, qos, payload);
      if (this.count('refused') === refused) return { outcome };
      await outcome.catch(() => {});
    }
  }

  subscribe(topicFilter: string, qos: 0 | 1 | 2): Promise<Outcome> {
    return this.send({ type: 'subscribe', subscriptions: [{ topicFilter, qos }] });
  }

  async disconnect(options?: Pick<DisconnectInput, 'reasonCode' | 'properties'>): Promise<void> {
    this.#staying = false;
    this.#client?.disconnect(options);
    await this.gone();
  }

  /** Waits until there is no connection. */
  async gone(): Promise<void> {
    await until(`${this.clientId} to have no connection`, () => this.#client === undefined);
  }

  /** How often something has happened. */
  count(type: EndpointEvent['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }

  /** The last event of a kind. */
  last<T extends EndpointEvent['type']>(type: T): EventOf<T> {
    const found = this.events.findLast((event): event is EventOf<T> => event.type === type);
    if (found === undefined) throw new Error(`${this.clientId} has seen no ${type}`);
    return found;
  }

  /** The payloads that were delivered, as text. */
  texts(): string[] {
    return this.messages.map(text);
  }

  /** Waits for that many messages. */
  async received(count: number): Promise<string[]> {
    await until(`${count} messages for ${this.clientId}`, () => this.messages.length >= count);
    return this.texts();
  }

  /** How much is under way. */
  underWay(): number {
    const { outgoing, incoming, queued } = sessionSize(this.#client?.session() ?? this.session);
    return outgoing + incoming + queued;
  }
}
