// @ts-nocheck
import { connect as dial, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { Broker } from '../../../docs/examples/broker/broker.js';
import { type Listening, listenTcp } from '../../../docs/examples/broker/listeners.js';
import type { BrokerOptions } from '../../../docs/examples/broker/options.js';
import { connect, type Link } from '../../../src/adapters/node.js';
import {
  type ClientOptions,
  type ConnectPacket,
  type ConnectProperties,
  clientConnection,
  type DecodedPublish,
  Endpoint,
  type EndpointEvent,
  encode,
  type Outcome,
  type PacketOf,
  type SendablePublish,
  type SessionState,
  type Subscription,
  type Will,
} from '../../../src/index.js';
import { until } from '../../peers/wait.js';

export type Version = 4 | 5;
export const VERSIONS: readonly Version[] = [4, 5];

const closers: (() => Promise<void> | void)[] = [];

/** What has to be closed after the test. */
export function closing(close: () => Promise<void> | void): void {
  closers.push(close);
}

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

export interface Running {
  readonly broker: Broker;
  readonly port: number;
}

/** The example broker on a free port of the loopback interface. */
export async function start(options: BrokerOptions = {}): Promise<Running> {
  const broker = new Broker(options);
  const listening: Listening = await listenTcp(broker, { host: '127.0.0.1', port: 0 });
  closing(async () => {
    const closed = listening.close();
    await broker.close();
    await closed;
  });
  return { broker, port: listening.port };
}

export interface PeerOptions extends Omit<ClientOptions, 'connect' | 'session'> {
  readonly clientId?: string;
  readonly cleanStart?: boolean;
  readonly keepAlive?: number;
  readonly will?: Will<5>;
  readonly username?: string;
  readonly password?: string;
  readonly properties?: ConnectProperties;
  /** What the client before it was left with. */
  readonly after?: Peer;
}

let tokens = 0;

function connectPacket(version: Version, options: PeerOptions): ConnectPacket {
  const { clientId = '', cleanStart = true, keepAlive = 60, will, username, password } = options;
  const common = { type: 'connect', clientId, cleanStart, keepAlive, username, password } as const;
  if (version === 5) return { ...common, protocolVersion: 5, will, properties: options.properties };
  return { ...common, protocolVersion: 4, will: will && { ...will, properties: undefined } };
}

/** A client over `puremqtt/node` that notes all it is told. */
export class Peer {
  readonly events: EndpointEvent[] = [];
  readonly messages: DecodedPublish[] = [];
  readonly link: Link;

  constructor(
    port: number,
    readonly version: Version,
    options: PeerOptions = {},
  ) {
    const { clientId: _, cleanStart: __, keepAlive: ___, will, username, password, after, ...rest } = options;
    const session: SessionState | undefined = after?.link.state.session;
    const state = clientConnection({ ...rest, connect: connectPacket(version, options), session });
    const target = { transport: 'tcp', hostname: '127.0.0.1', port } as const;
    this.link = connect(new Endpoint(state, { copy: true }), target, (events) => {
      this.events.push(...events);
      for (const event of events) if (event.type === 'deliver') this.messages.push(event.packet);
    });
    closing(() => this.link.destroy());
  }

  static async connected(port: number, version: Version, options: PeerOptions = {}): Promise<Peer> {
    const peer = new Peer(port, version, options);
    await peer.until('connected');
    return peer;
  }

  until<T extends EndpointEvent['type']>(type: T): Promise<Extract<EndpointEvent, { type: T }>> {
    const isThat = (event: EndpointEvent): event is Extract<EndpointEvent, { type: T }> =>
      event.type === type;
    return until(`a ${type} among ${this.events.map((event) => event.type)}`, () => this.events.find(isThat));
  }

  async #settled(token: number): Promise<Outcome> {
    const event = await until(`the outcome of ${token}`, () =>
      this.events.find(
        (other) => (other.type === 'settled' || other.type === 'refused') && other.token === token,
      ),
    );
    if (event.type !== 'settled') throw event.type === 'refused' ? event.error : new Error(event.type);
    return event.outcome;
  }

  /** Gives the outcome of a message. */
  publish(
    topic: string,
    payload: string,
    options: Omit<SendablePublish, 'type' | 'topic' | 'payload'> = {},
  ): Promise<Outcome> {
    const token = ++tokens;
    this.link.send({ type: 'publish', topic, payload, ...options }, { token });
    return this.#settled(token);
  }

  /** Subscribes with the QoS, or the options, and gives the Reason Codes. */
  async subscribe(
    filters: string | readonly string[],
    options: Omit<Subscription<5>, 'topicFilter' | 'qos'> & { qos?: 0 | 1 | 2; identifier?: number } = {},
  ): Promise<readonly number[]> {
    const { identifier, qos = 2, ...more } = options;
    const subscriptions = [filters].flat().map((topicFilter) => ({ topicFilter, qos, ...more }));
    const token = ++tokens;
    const properties = identifier === undefined ? undefined : { subscriptionIdentifier: identifier };
    this.link.send({ type: 'subscribe', subscriptions, properties }, { token });
    return codesOf(await this.#settled(token));
  }

  async unsubscribe(...topicFilters: string[]): Promise<readonly number[]> {
    const token = ++tokens;
    this.link.send({ type: 'unsubscribe', topicFilters }, { token });
    return codesOf(await this.#settled(token));
  }

  /** Waits until all that the broker has for this client by now has come: it answers in order. */
  async flush(): Promise<void> {
    await this.unsubscribe('nobody/has/this/filter');
  }

  /** The payloads that have come by now. */
  async payloads(): Promise<string[]> {
    await this.flush();
    return this.texts();
  }

  texts(): string[] {
    return this.messages.map(({ payload }) => new TextDecoder().decode(payload));
  }

  async received(count: number): Promise<DecodedPublish[]> {
    await until(`${count} messages instead of ${this.messages.length}`, () => this.messages.length >= count);
    return this.messages;
  }

  /** Says DISCONNECT, and waits until the connection is gone. */
  async leave(options?: Parameters<Link['disconnect']>[0]): Promise<void> {
    this.link.disconnect(options);
    await this.link.closed;
  }

  /** Is gone without a word. */
  async vanish(): Promise<void> {
    this.link.destroy();
    await this.link.closed;
  }
}

function codesOf(outcome: Outcome): readonly number[] {
  if (outcome.kind !== 'acknowledged') throw new Error(`not acknowledged but ${outcome.kind}`);
  const { packet } = outcome;
  return 'reasonCodes' in packet ? (packet.reasonCodes ?? []) : [];
}

/** Waits until the broker knows that nobody is connected under that name. */
export async function away({ broker }: Running, clientId: string): Promise<void> {
  const isThere = () => [...broker.connections].some(({ who }) => who.clientId === clientId);
  await until(`${clientId} to be gone`, () => !isThere());
}

/** A client that is nothing but bytes. */
export class Bytes {
  received = '';
  isClosed = false;
  readonly socket: Socket;

  constructor(port: number) {
    this.socket = dial({ port, host: '127.0.0.1' });
    this.socket.on('data', (chunk) => {
      this.received += chunk.toString('hex');
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.isClosed = true;
    });
    closing(() => {
      this.socket.destroy();
    });
  }

  /** Writes bytes in hexadecimal, with spaces as one likes. */
  write(hex: string): void {
    this.socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  }

  send<V extends Version>(packet: PacketOf<V>, version: V): void {
    this.socket.write(encode<V>(packet, version));
  }

  /** Waits for exactly these bytes, all that have come since the last call. */
  async expect(hex: string): Promise<void> {
    const wanted = hex.replaceAll(' ', '');
    await until(`${wanted} instead of ${this.received}`, () => this.received.length >= wanted.length);
    if (this.received !== wanted) throw new Error(`${wanted} expected, ${this.received} came`);
    this.received = '';
  }

  /** Waits until the broker has closed the connection, having said exactly this and nothing else. */
  async ends(hex: string): Promise<void> {
    await until(`a close; ${this.received} came`, () => this.isClosed);
    const wanted = hex.replaceAll(' ', '');
    if (this.received !== wanted) throw new Error(`${wanted || 'nothing'} expected, ${this.received} came`);
  }
}
