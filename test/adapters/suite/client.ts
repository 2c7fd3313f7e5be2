import type { Link, LinkClosed, Target } from '../../../src/adapters/streams.js';
import {
  clientConnection,
  type DecodedPublish,
  Endpoint,
  type EndpointEvent,
  type SendablePacket,
} from '../../../src/index.js';
import type { Kit, PeerName, SuiteOptions } from './kit.js';

/** How long a case waits for anything. */
export const PATIENCE = 25_000;

const MAXIMUM_PACKET = 32 * 1_048_576;

/** What a case may choose of its client. */
export interface ClientSettings extends SuiteOptions {
  readonly transport?: Target['transport'];
  readonly clientId?: string;
  readonly keepAlive?: number;
  readonly pingTimeout?: number;
  readonly authenticationMethod?: string;
  /** Called before the client notes the events; what it gives is given to the Link. */
  readonly onEvents?: (events: readonly EndpointEvent[], link: Link) => void | PromiseLike<void>;
}

let names = 0;

/** A Client Identifier of its own, by which the peers keep their reports. */
export const uniqueName = (): string =>
  `${Date.now().toString(36)}-${Math.floor(Math.random() * 2 ** 32).toString(36)}-${++names}`;

/** A client under test: it notes all that it is told. */
export class Client {
  readonly events: EndpointEvent[] = [];
  readonly messages: DecodedPublish[] = [];
  readonly link: Link;
  readonly clientId: string;
  /** How the network connection ended, once it has. */
  end: LinkClosed | undefined;
  readonly #kit: Kit;
  readonly #waiting = new Set<() => void>();

  constructor(kit: Kit, peer: PeerName, settings: ClientSettings = {}) {
    this.#kit = kit;
    this.clientId = settings.clientId ?? uniqueName();
    const transport = settings.transport ?? kit.plain;
    const port = kit.peers.ports[`${transport}/${peer}`];
    if (port === undefined) throw new Error(`no peer ${transport}/${peer}`);
    const { keepAlive = 60, pingTimeout, clientId } = { ...settings, clientId: this.clientId };
    const { authenticationMethod } = settings;
    const properties = { authenticationMethod };
    const connect = {
      type: 'connect',
      protocolVersion: 5,
      clientId,
      cleanStart: true,
      keepAlive,
      properties,
    } as const;
    const state = clientConnection({ connect, pingTimeout, maximumPacketSize: MAXIMUM_PACKET });
    const target: Target = { transport, hostname: '127.0.0.1', port, path: '/mqtt' };
    const handler = (events: readonly EndpointEvent[], link: Link): void | PromiseLike<void> => {
      const wait = settings.onEvents?.(events, link);
      this.#note(events);
      return wait;
    };
    this.link = kit.connect(new Endpoint(state), target, handler, settings);
    void this.link.closed.then((end) => {
      this.end = end;
      this.#changed();
    });
  }

  /** A client that has its CONNACK. */
  static async connected(kit: Kit, peer: PeerName, settings?: ClientSettings): Promise<Client> {
    const client = new Client(kit, peer, settings);
    await client.event('connected');
    return client;
  }

  #note(events: readonly EndpointEvent[]): void {
    for (const event of events) {
      if (event.type === 'deliver') this.messages.push(event.packet);
      else this.events.push(event);
    }
    this.#changed();
  }

  #changed(): void {
    for (const look of this.#waiting) look();
  }

  /** Waits until the condition gives something; it is looked at whenever anything has happened. */
  async until<T>(what: string, condition: () => T | undefined | false, patience = PATIENCE): Promise<T> {
    let done: (found: T) => void = () => {};
    const found = new Promise<T>((resolve) => {
      done = resolve;
    });
    const look = (): void => {
      const value = condition();
      if (value !== undefined && value !== false) done(value);
    };
    this.#waiting.add(look);
    look();
    try {
      return await within(this.#kit, what, found, patience, () => this.#story());
    } finally {
      this.#waiting.delete(look);
    }
  }

  /** Waits for an event; fails when the connection ends without it. */
  event<T extends EndpointEvent['type']>(type: T): Promise<Extract<EndpointEvent, { type: T }>> {
    const isThat = (event: EndpointEvent): event is Extract<EndpointEvent, { type: T }> =>
      event.type === type;
    return this.until(`the event ${type}`, () => this.events.find(isThat));
  }

  received(count: number): Promise<unknown> {
    return this.until(`${count} messages`, () => this.messages.length >= count);
  }

  /** How the network connection ended, as soon as it has. */
  closed(patience?: number): Promise<LinkClosed> {
    return this.until('the end', () => this.end, patience);
  }

  /** Sends, and waits for what comes of it. */
  async settled(packet: SendablePacket, token: string): Promise<void> {
    this.link.send(packet, { token });
    await this.until(`${token} to be settled`, () =>
      this.events.some((event) => event.type === 'settled' && event.token === token),
    );
  }

  #story(): string {
    const { cause, error } = this.end ?? { cause: 'open', error: undefined };
    const events = this.events.slice(-5).map(({ type }) => type);
    return `${this.messages.length} messages, events …${events.join()}, ${cause} ${String(error ?? '')}`;
  }
}

/** The promise's value, or an error that says what was waited for. */
export async function within<T>(
  kit: Kit,
  what: string,
  promise: Promise<T>,
  patience = PATIENCE,
  story = () => '',
): Promise<T> {
  let isLate = true;
  const late = kit.delay(patience).then((): never => {
    // The loser of the race must not become an unhandled rejection.
    throw new Error(isLate ? `waited ${patience} ms in vain for ${what}: ${story()}` : 'in time');
  });
  late.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    isLate = false;
  }
}

/** What a peer says of one connection, by its Client Identifier. */
export interface Report {
  /** The types of the packets that came, in order. */
  readonly packets: readonly string[];
  /** How many pieces they came in: frames of WebSocket, reads of TCP. */
  readonly chunks: number;
  readonly bytes: number;
  /** Bytes that the peer has handed to its socket. */
  readonly pushed: number;
  /** Whether our side closed, and whether by a reset. */
  readonly ended: boolean;
  readonly reset: boolean;
  readonly closed: boolean;
}

/** Asks the peers until the report is as expected. */
export async function reportOf(
  kit: Kit,
  clientId: string,
  what: string,
  condition: (report: Report) => boolean,
): Promise<Report> {
  const end = kit.now() + PATIENCE;
  for (;;) {
    const client = new Client(kit, 'report', { clientId: `report:${clientId}` });
    await client.received(1);
    const [message] = client.messages;
    const report = JSON.parse(new TextDecoder().decode(message?.payload)) as Report;
    client.link.disconnect();
    await client.closed();
    if (condition(report)) return report;
    if (kit.now() > end) throw new Error(`the peer does not say "${what}" but ${JSON.stringify(report)}`);
    await kit.delay(20);
  }
}
