/** A complete broker in memory, for MQTT 3.1.1 and 5.0: what all its connections share. */
import type { Acceptance } from '../../../src/adapters/node.js';
import type { ConnackProperties } from '../../../src/index.js';
import { Connection } from './connection.js';
import type { Message } from './message.js';
import { type BrokerOptions, DEFAULT_LIMITS, type Limits, type Who } from './options.js';
import { Retained } from './retained.js';
import type { Session } from './session.js';
import { Sessions } from './sessions.js';
import { Subscriptions } from './subscriptions.js';

type PublishVerdict = ReturnType<NonNullable<BrokerOptions['authorizePublish']>>;

export class Broker {
  readonly limits: Limits;
  readonly subscriptions: Subscriptions;
  readonly retained: Retained;
  readonly sessions: Sessions;
  readonly connections = new Set<Connection>();
  /** What every CONNACK of MQTT 5.0 says. */
  readonly announced: ConnackProperties;
  /** Messages that clients have published. */
  published = 0;
  #isClosing = false;

  constructor(readonly options: BrokerOptions = {}) {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.limits = limits;
    this.retained = new Retained(limits, options.journal);
    this.subscriptions = new Subscriptions(options.ignoresRoot, (session, message) =>
      this.mayReceive(session, message),
    );
    this.sessions = new Sessions(limits, this.subscriptions, (will) => this.publish(will), options.journal);
    const announced: ConnackProperties = {
      topicAliasMaximum: limits.topicAliases,
      maximumPacketSize: limits.packetSize,
      receiveMaximum: limits.receiveMaximum,
    };
    // Both are told only where they say less than their absence does.
    if (limits.qos < 2) announced.maximumQoS = limits.qos as 0 | 1;
    if (options.retained === false) announced.retainAvailable = 0;
    if (options.wildcards === false) announced.wildcardSubscriptionAvailable = 0;
    this.announced = announced;
  }

  /** What serves a client that has just connected from that address; undefined turns it away. */
  accept(address: string): Acceptance | undefined {
    if (this.#isClosing || this.connections.size >= this.limits.connections) return undefined;
    const connection = new Connection(this, address);
    this.connections.add(connection);
    const { endpoint, handle, linkOptions } = connection;
    return { endpoint, handler: handle, options: linkOptions };
  }

  /** Whether a client may publish to a topic: 0x00, or the Reason Code that refuses it. */
  authorizePublish(who: Who, topic: string, payload: Uint8Array): PublishVerdict {
    if (this.#bare(topic).startsWith('$SYS/')) return 0x87;
    return this.options.authorizePublish?.(who, topic, payload) ?? 0x00;
  }

  /** Whether a message is taken. */
  verdict(who: Who, message: Message): PublishVerdict {
    const verdict = this.authorizePublish(who, message.topic, message.payload);
    if (verdict !== 0x00) return verdict;
    if (!message.retain || !this.#retains) return 0x00;
    const bare = { ...message, topic: this.#bare(message.topic) };
    return this.retained.hasRoom(bare, Date.now()) ? 0x00 : 0x97;
  }

  /** Whether the acknowledgement of a message is to tell that nobody has subscribed to its topic. */
  tellsNoSubscribers({ topic, qos }: { topic: string; qos: 0 | 1 | 2 }): boolean {
    const { tellsNoSubscribers } = this.options;
    if (tellsNoSubscribers === undefined || (qos === 2 && tellsNoSubscribers === 'puback')) return false;
    return !this.subscriptions.has(this.#bare(topic));
  }

  get #retains(): boolean {
    return this.options.retained !== false;
  }

  #bare(topic: string): string {
    return this.options.ignoresRoot === true && topic.startsWith('/') ? topic.slice(1) : topic;
  }

  /** Whether the client of a session may read a message; one that is away is who it was when it was there. */
  mayReceive({ connection }: Session, { topic }: Message): boolean {
    const { authorizeReceive } = this.options;
    if (authorizeReceive === undefined) return true;
    return connection !== undefined && authorizeReceive(connection.who, topic);
  }

  /** Publishes something of the broker's own. */
  say(
    topic: string,
    text: string,
    { qos = 1, retain = false }: Partial<Pick<Message, 'qos' | 'retain'>> = {},
  ): void {
    const payload = new TextEncoder().encode(text);
    const common = { properties: undefined, expiresAt: undefined, publisher: undefined };
    this.publish({ topic, payload, qos, retain, ...common });
  }

  /** Passes a message on to everybody who has subscribed to it, and gives one that does not keep up, if any. */
  publish(given: Message): Connection | undefined {
    if (this.#isClosing) return undefined;
    this.published++;
    const topic = this.#bare(given.topic);
    const message = topic === given.topic ? given : { ...given, topic };
    if (message.retain && this.#retains && this.retained.hasRoom(message, Date.now()))
      this.retained.store(message);
    let crowded: Connection | undefined;
    this.subscriptions.route(message, (form, session, grant, share) => {
      session.receive(form, grant, share);
      if (session.isCrowded) crowded = session.connection;
    });
    return crowded;
  }

  /** Says goodbye to everybody; wills are for clients who go, and not for a server that does. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.connections].map((connection) => connection.shutDown()));
  }
}
