/** Clients of the soak: pairs that count every message, and guests who come and go. */
// @ts-nocheck

import { connect, type Link } from '../../src/adapters/node.js';
import {
  type ConnectPacket,
  clientConnection,
  Endpoint,
  type EndpointEvent,
  type SessionState,
} from '../../src/index.js';

export type Version = 4 | 5;

/** How many messages of a pair may be on their way, so that no queue overflows. */
export const UNDELIVERED = 2_000;
/** The bytes of a large payload. */
export const LARGE = 1_024;

function connectPacket(version: Version, clientId: string, lasting: boolean): ConnectPacket {
  const common = { type: 'connect', clientId, cleanStart: !lasting, keepAlive: 30 } as const;
  if (version === 4) return { ...common, protocolVersion: 4 };
  const will = { topic: `gone/${clientId}`, payload: 'gone', qos: 1 } as const;
  const properties = { sessionExpiryInterval: lasting ? 600 : 0, topicAliasMaximum: 10 };
  return { ...common, protocolVersion: 5, will, properties };
}

/** A client whose session outlives its connections. */
export class Lasting {
  connections = 0;
  protected link: Link | undefined;
  #session: SessionState | undefined;
  #isStopped = false;

  constructor(
    readonly port: number,
    readonly version: Version,
    readonly clientId: string,
  ) {
    this.#connect();
  }

  get isConnected(): boolean {
    return this.link?.state.phase === 'connected';
  }

  /** Loses the connection: with a goodbye, or without. */
  drop(politely: boolean): void {
    if (politely) this.link?.disconnect();
    else this.link?.destroy();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.link?.disconnect();
    await this.link?.closed;
  }

  protected handle(_event: EndpointEvent): void {}

  #connect(): void {
    const packet = connectPacket(this.version, this.clientId, true);
    const state = clientConnection({
      connect: packet,
      session: this.#session,
      queue: { messages: UNDELIVERED },
    });
    const target = { transport: 'tcp', hostname: '127.0.0.1', port: this.port } as const;
    const link = connect(new Endpoint(state, { copy: true }), target, (events) => {
      for (const event of events) this.handle(event);
    });
    this.link = link;
    void link.closed.then(() => {
      this.#session = link.state.session;
      this.connections++;
      if (!this.#isStopped) setTimeout(() => this.#connect(), 20);
    });
  }
}

/** Subscribes to one topic, and finds what is missing, twice, or out of order. */
export class Subscriber extends Lasting {
  isReady = false;
  /** The number of the last message that came in order. */
  received = 0;
  again = 0;
  readonly faults: string[] = [];

  constructor(
    port: number,
    version: Version,
    readonly topic: string,
    readonly qos: 1 | 2,
    readonly onProgress: () => void,
  ) {
    super(port, version, `subscriber-${topic}`);
  }

  protected override handle(event: EndpointEvent): void {
    if (event.type === 'connected') {
      if (!event.sessionPresent && this.isReady) this.faults.push(`${this.topic}: the session was lost`);
      const subscriptions = [{ topicFilter: this.topic, qos: this.qos }] as const;
      if (!event.sessionPresent) this.link?.send({ type: 'subscribe', subscriptions });
    } else if (event.type === 'settled') this.isReady ||= event.outcome.kind === 'acknowledged';
    else if (event.type === 'deliver')
      this.#count(new DataView(event.packet.payload.buffer, event.packet.payload.byteOffset).getUint32(0));
  }

  #count(number: number): void {
    if (number === this.received + 1) {
      this.received = number;
      this.onProgress();
    } else if (number <= this.received && this.qos === 1) this.again++;
    else if (this.faults.length < 10)
      this.faults.push(`${this.topic}: ${number} came after ${this.received}`);
  }
}

/** Publishes numbers to one topic, as fast as its subscriber takes them. */
export class Publisher extends Lasting {
  sent = 0;
  isPaused = true;
  readonly #payload: number;

  constructor(
    port: number,
    version: Version,
    readonly topic: string,
    readonly qos: 1 | 2,
    size: number,
    readonly subscriber: () => Subscriber,
  ) {
    super(port, version, `publisher-${topic}`);
    this.#payload = size;
  }

  pump(): void {
    while (
      !this.isPaused &&
      this.sent - this.subscriber().received < UNDELIVERED &&
      this.isConnected &&
      this.link !== undefined
    ) {
      this.sent++;
      const payload = new Uint8Array(this.#payload);
      new DataView(payload.buffer).setUint32(0, this.sent);
      this.link.send(
        { type: 'publish', topic: this.topic, payload, qos: this.qos },
        { topicAlias: 'automatic' },
      );
    }
  }

  protected override handle(event: EndpointEvent): void {
    if (event.type === 'refused') throw event.error;
    if (event.type === 'connected') setImmediate(() => this.pump());
  }
}

/** Comes, subscribes to much, retains something, and leaves or vanishes; tells when it is gone. */
export async function guest(port: number, number: number): Promise<void> {
  const version: Version = number % 2 === 0 ? 4 : 5;
  const packet = connectPacket(version, `guest-${number}`, false);
  const filters = [
    'soak/+',
    `guests/${number % 10}/#`,
    'gone/#',
    ...(version === 5 ? ['$share/guests/soak/#'] : []),
  ];
  const link = connect(
    new Endpoint(clientConnection({ connect: packet })),
    { transport: 'tcp', hostname: '127.0.0.1', port },
    (events) => {
      if (!events.some(({ type }) => type === 'connected')) return;
      link.send({
        type: 'subscribe',
        subscriptions: filters.map((topicFilter) => ({ topicFilter, qos: (number % 3) as 0 | 1 | 2 })),
      });
      const topic = `guests/${number % 10}/${number % 7}`;
      link.send({ type: 'publish', topic, payload: `${number}`, qos: 1, retain: true });
      setTimeout(() => (number % 3 === 0 ? link.destroy() : link.disconnect()), 30 + (number % 50));
    },
  );
  await link.closed;
}
