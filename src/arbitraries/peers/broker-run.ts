// owned: clients that a test plays to a broker under test, one connection each.
import type { ProtocolVersion } from '../../errors.js';
import type { DecodedConnack } from '../../packets/connack.js';
import type { ConnectPacket } from '../../packets/connect.js';
import type { DecodedPacket } from '../../packets/index.js';
import type { DecodedPublish } from '../../packets/publish.js';
import type { SubscribePacket } from '../../packets/subscribe.js';
import { BrokerModel, type QoS, type Session, type Subscription, type Wish } from './broker-model.js';
import type { NetworkConnection } from './network.js';
import { Player } from './player.js';
import type { News } from './receiving.js';
import type { PeerRule } from './rules.js';
import { fitted } from './sending.js';
import { Trial, type TrialOptions } from './trial.js';
import type { Wire } from './wire.js';

/** A broker to be tested, and how. */
export interface BrokerUnderTest extends TrialOptions {
  /** The version that is spoken. */
  readonly version: ProtocolVersion;
  /** Opens a network connection to the broker. */
  readonly open: () => Promise<NetworkConnection>;
  /**
   * What all topics and client identifiers of the tests begin with. Absent: `test`. Two processes that test one
   * broker need different ones.
   */
  readonly prefix?: string | undefined;
}

/** How a client connects. */
export interface Joining {
  readonly cleanStart: boolean;
  /** Whether the session outlives the connection; with MQTT 3.1.1 the opposite of `cleanStart`. */
  readonly keeps: boolean;
  readonly receiveMaximum: number | undefined;
}

/** A message to publish; the topic is without the prefix. */
export interface Publishing {
  readonly topic: string;
  readonly qos: QoS;
  readonly retain: boolean;
  /** How long the payload is, beside its number; undefined: it is empty, and nothing tells it apart. */
  readonly size: number | undefined;
}

/** A wish, with its filter without the prefix. */
export type Subscribing = Wish;

function connectPacket(
  clientId: string,
  version: ProtocolVersion,
  { cleanStart, keeps, receiveMaximum }: Joining,
): ConnectPacket<4> | ConnectPacket<5> {
  const common = { type: 'connect', clientId, cleanStart, keepAlive: 0 } as const;
  if (version === 4) return { ...common, protocolVersion: 4 };
  const properties = {
    ...(keeps && { sessionExpiryInterval: 3_600 }),
    ...(receiveMaximum !== undefined && { receiveMaximum }),
  };
  return { ...common, protocolVersion: 5, properties };
}

function subscribePacket(
  packetId: number,
  version: ProtocolVersion,
  wishes: readonly Wish[],
): SubscribePacket<4> | SubscribePacket<5> {
  if (version === 4) {
    const subscriptions = wishes.map(({ filter: topicFilter, qos }) => ({ topicFilter, qos }));
    return { type: 'subscribe', packetId, subscriptions };
  }
  const subscriptions = wishes.map(
    ({ filter: topicFilter, qos, noLocal, retainAsPublished, retainHandling }) => {
      return { topicFilter, qos, noLocal, retainAsPublished, retainHandling };
    },
  );
  const subscriptionIdentifier = wishes[0]?.identifier;
  const properties = subscriptionIdentifier === undefined ? {} : { subscriptionIdentifier };
  return { type: 'subscribe', packetId, subscriptions, properties };
}

type Answer = Extract<DecodedPacket, { type: 'suback' | 'unsuback' }>;

let runs = 0;

/** One client of the test, over all its connections. */
export class BrokerClient {
  readonly player: Player;
  session: Session | undefined;
  /** Whether there is a session at the broker: one may end unseen. */
  certainty: 'certain' | 'unknown' = 'certain';
  keeps = false;
  connection = 0;
  since = 0;
  #joining: Joining | undefined;
  connack: DecodedConnack | undefined;
  /** How many pings were answered. */
  pongs = 0;
  isLeaving = false;
  /** What to do with the answers to requests. */
  readonly answers: Map<number, (answer: Answer) => void> = new Map();

  constructor(
    readonly model: BrokerModel,
    readonly name: string,
  ) {
    this.player = new Player(model.trial, name, 'server', {
      published: (packet, news) => this.#published(packet, news),
      told: (packet) => this.#told(packet),
      over: () => this.#over(),
      sent: (number, how) => model.done(number, how),
    });
  }

  get isOpen(): boolean {
    return this.player.isOpen && this.connack !== undefined;
  }

  /** Whether one of the wishes, whose filters have no prefix, changes the options of a subscription. */
  wouldReplace(wishes: readonly Subscribing[]): boolean {
    const present = this.session?.subscriptions.filter(({ endedAt }) => endedAt === undefined) ?? [];
    return wishes.some(({ filter, noLocal, retainAsPublished }) => {
      const same = present.filter((each) => each.filter.endsWith(`/${filter}`));
      return same.some((each) => each.noLocal !== noLocal || each.retainAsPublished !== retainAsPublished);
    });
  }

  /** Takes a connection and asks for admission. */
  join(network: NetworkConnection, clientId: string, version: ProtocolVersion, joining: Joining): void {
    this.player.attach(network);
    this.connack = undefined;
    this.answers.clear();
    this.#joining = joining;
    this.player.send(connectPacket(clientId, version, joining));
  }

  #published(packet: DecodedPublish, news: News): void {
    if (this.connack === undefined) this.#tooEarly(packet);
    if (news === 'new' && this.session !== undefined) this.model.delivered(this.session, packet, this.since);
  }

  #tooEarly({ type }: DecodedPacket): void {
    this.model.trial.accuse('connack-first', `${this.name} gets ${type.toUpperCase()} ahead of CONNACK`);
  }

  #told(packet: DecodedPacket): void {
    if (packet.type === 'connack') {
      this.#admitted(packet);
      return;
    }
    if (this.connack === undefined && packet.type !== 'disconnect') this.#tooEarly(packet);
    if (packet.type === 'pingresp') this.pongs++;
    else if (packet.type === 'suback' || packet.type === 'unsuback') {
      const heed = this.answers.get(packet.packetId);
      this.answers.delete(packet.packetId);
      if (this.player.sending.answered(packet.packetId) && heed !== undefined) heed(packet);
      else {
        const words = `${this.name} gets ${packet.type.toUpperCase()} ${packet.packetId}, which answers nothing`;
        this.model.trial.accuse('unsolicited-acknowledgement', words);
      }
    }
  }

  #admitted(connack: DecodedConnack): void {
    const { trial } = this.model;
    const joining = this.#joining;
    if (this.connack !== undefined || joining === undefined) {
      trial.accuse('one-connack', `${this.name} gets a second CONNACK`);
      return;
    }
    if (connack.reasonCode !== 0) {
      trial.accuse('accepts-connect', `${this.name} is refused with ${connack.reasonCode}`);
      return;
    }
    this.connack = connack;
    this.connection++;
    const { sessionPresent } = connack;
    this.#checkPresence(sessionPresent, joining.cleanStart);
    this.player.receiving.begin(sessionPresent, joining.receiveMaximum);
    this.since = trial.time();
    this.keeps = joining.keeps;
    if (!sessionPresent || this.session === undefined) {
      if (this.session !== undefined) this.model.endSession(this.session);
      this.player.sending.forget();
      this.session = this.model.newSession(this.name);
    } else if (this.certainty === 'unknown') this.model.unsettle(this.session);
    this.certainty = 'certain';
    const again = this.player.sending.resend((number) => this.model.repeated(number));
    if (again.length > 0) this.player.send(...again);
  }

  #checkPresence(sessionPresent: boolean, cleanStart: boolean): void {
    const { trial } = this.model;
    const told = `${this.name} is told Session Present ${sessionPresent ? 1 : 0}`;
    if (cleanStart) {
      trial.demand(!sessionPresent, 'no-session-after-clean-start', `${told} after Clean Start`);
    } else if (this.certainty === 'certain') {
      const has = this.session !== undefined;
      if (has) trial.demand(sessionPresent, 'session-present', `${told}, and its session was kept`);
      else trial.demand(!sessionPresent, 'no-session-present', `${told}, and it has none`);
    }
  }

  /** The broker has closed the connection. */
  #over(): void {
    const words = `the broker closes the connection of ${this.name}, and nothing was wrong with it`;
    if (!this.isLeaving) this.model.trial.accuse('stays-connected', words);
    this.ended(true);
  }

  /** The connection is over, and the broker knows that, or does not know it yet. */
  ended(isKnown: boolean): void {
    this.player.forsake();
    this.connack = undefined;
    if (this.keeps || this.session === undefined) return;
    if (this.model.trial.version === 4 || isKnown) {
      this.model.endSession(this.session);
      this.session = undefined;
    } else this.certainty = 'unknown';
  }

  missing(): { readonly rule: PeerRule; readonly what: string }[] {
    const begun = this.player.receiving
      .unfinished()
      .map(({ id, rule }) => ({ rule, what: `what the broker began with identifier ${id} of ${this.name}` }));
    const owed = this.player.sending.owed();
    const answers =
      owed === '' ? [] : [{ rule: this.player.sending.owedRule(), what: `${owed} to ${this.name}` }];
    const messages = this.session === undefined ? [] : this.model.missing(this.session, this.connection);
    return [...answers, ...begun, ...messages];
  }
}

/** A broker under test with all clients: what commands act upon, and what judges them. */
export class BrokerRun {
  readonly trial: Trial;
  readonly model: BrokerModel;
  readonly #clients = new Map<string, BrokerClient>();
  readonly #prefix: string;
  readonly #under: BrokerUnderTest;

  constructor(under: BrokerUnderTest) {
    this.#under = under;
    this.trial = new Trial(under.version, under);
    this.model = new BrokerModel(this.trial);
    this.#prefix = `${under.prefix ?? 'test'}-${++runs}`;
  }

  client(name: string): BrokerClient {
    const found = this.#clients.get(name) ?? new BrokerClient(this.model, name);
    this.#clients.set(name, found);
    return found;
  }

  async connect(name: string, joining: Joining): Promise<void> {
    const client = this.client(name);
    const { player } = client;
    const old = player.isOpen ? player.wire : undefined;
    const network = await this.#under.open();
    if (old !== undefined) client.ended(false);
    client.isLeaving = false;
    const { version } = this.#under;
    client.join(network, `${this.#prefix}-${name}`, version, joining);
    const isAnswered = (): boolean => client.isOpen || !player.isOpen;
    await this.trial.until(isAnswered, 'accepts-connect', () => `${name} gets no CONNACK`);
    if (old !== undefined) await this.#replaced(name, old);
  }

  async #replaced(name: string, old: Wire): Promise<void> {
    const words = (): string => `the first connection of ${name} stays open, and there is a second one`;
    await this.trial.until(() => !old.isOpen, 'takeover', words);
  }

  /** Says goodbye, and lets the broker close. */
  async disconnect(name: string): Promise<void> {
    const client = this.client(name);
    client.isLeaving = true;
    const { wire } = client.player;
    client.player.send({ type: 'disconnect' });
    await wire?.flushed();
    const isClosed = await this.trial.waited(() => !client.player.isOpen, 100);
    if (isClosed) return;
    wire?.close();
    client.ended(false);
  }

  async cut(name: string): Promise<void> {
    const client = this.client(name);
    const { wire } = client.player;
    wire?.close();
    client.ended(false);
    await wire?.flushed();
  }

  async subscribe(name: string, wishes: readonly Subscribing[]): Promise<void> {
    const client = this.client(name);
    const { session, player } = client;
    const offered = client.connack?.properties ?? {};
    const hasWildcards = offered.wildcardSubscriptionAvailable !== 0;
    const possible = wishes.filter(({ filter }) => hasWildcards || !/[+#]/.test(filter));
    if (session === undefined || possible.length === 0) return;
    const packetId = player.sending.takeId(true);
    const { version } = this.#under;
    const asked = possible.map((wish): Subscription => {
      const filter = `${this.#prefix}/${wish.filter}`;
      const identifier = offered.subscriptionIdentifierAvailable === 0 ? undefined : wish.identifier;
      return this.model.asked(session, { ...wish, filter, identifier }, client.connection, packetId);
    });
    player.send(subscribePacket(packetId, version, asked));
    await this.#answer(client, packetId, 'answers-subscribe', ({ type, reasonCodes = [] }) => {
      const fits = type === 'suback' && reasonCodes.length === asked.length;
      const told = `${name} gets ${reasonCodes.length} codes for ${asked.length} filters`;
      this.trial.demand(fits, 'suback-codes', told);
      asked.forEach((each, index) => {
        this.#granted(session, each, reasonCodes[index] ?? 0x80);
      });
    });
  }

  #granted(session: Session, subscription: Subscription, code: number): void {
    if (code > 2) {
      this.model.granted(session, subscription, undefined);
      return;
    }
    const told = `${session.client} is granted QoS ${code} of ${subscription.qos} asked for`;
    this.trial.demand(code <= subscription.qos, 'grants-at-most', told);
    this.model.granted(session, subscription, code as QoS);
  }

  async unsubscribe(name: string, filter: string): Promise<void> {
    const client = this.client(name);
    const { session, player } = client;
    if (session === undefined) return;
    const packetId = player.sending.takeId(true);
    const whole = `${this.#prefix}/${filter}`;
    this.model.unsubscribes(session, whole, false);
    player.send({ type: 'unsubscribe', packetId, topicFilters: [whole] });
    await this.#answer(client, packetId, 'answers-unsubscribe', ({ type, reasonCodes }) => {
      const fits = type === 'unsuback' && (this.#under.version === 4 || reasonCodes?.length === 1);
      this.trial.demand(fits, 'unsuback-codes', `${name} does not get one code for one filter`);
      if ((reasonCodes?.[0] ?? 0) < 0x80) this.model.unsubscribes(session, whole, true);
    });
  }

  /** Waits for the answer to a request, which is heeded the moment it comes. */
  async #answer(
    client: BrokerClient,
    id: number,
    rule: PeerRule,
    heed: (answer: Answer) => void,
  ): Promise<void> {
    client.answers.set(id, heed);
    const isThere = (): boolean => !client.answers.has(id) || !client.isOpen;
    await this.trial.until(isThere, rule, () => `${client.name} gets no answer to request ${id}`);
  }

  /** Publishes one after the other without waiting; `waits` for the acknowledgements of all. */
  async publish(name: string, messages: readonly Publishing[], waits: boolean): Promise<void> {
    const client = this.client(name);
    const { player } = client;
    const most = client.connack?.properties?.receiveMaximum ?? 65_535;
    for (const { topic, qos, retain, size } of messages) {
      if (player.sending.inFlight >= most) break;
      const { maximumQoS = 2, retainAvailable = 1 } = client.connack?.properties ?? {};
      const fields = {
        publisher: name,
        topic: `${this.#prefix}/${topic}`,
        qos: (qos > maximumQoS ? maximumQoS : qos) as QoS,
        retain: retain && retainAvailable === 1,
      };
      const number = this.model.messages.length + 1;
      const payload = size === undefined ? '' : `${number} ${'.'.repeat(size)}`;
      const message = this.model.published({ ...fields, payload });
      const { topic: whole, retain: kept } = message;
      const packet = player.sending.begin(
        number,
        { type: 'publish', topic: whole, payload, retain: kept },
        message.qos,
      );
      player.send(fitted(packet, this.#under.version));
    }
    if (!waits || player.holds) return;
    const { sending } = player;
    const isDone = (): boolean => sending.isIdle || !client.isOpen;
    if (await this.trial.waited(isDone)) return;
    this.trial.accuse(sending.owedRule(), `${name} does not get ${sending.owed()}`);
  }

  async ping(name: string): Promise<void> {
    const client = this.client(name);
    const { receiving } = client.player;
    const [before, closed] = [client.pongs, receiving.closed()];
    client.player.send({ type: 'pingreq' });
    const isDone = (): boolean => client.pongs > before || !client.isOpen;
    await this.trial.until(isDone, 'answers-ping', () => `${name} gets no PINGRESP`);
    if (client.isOpen) receiving.confirm(closed);
  }

  /** Sends what the broker has to answer by closing. */
  async offend(name: string, bytes: Uint8Array, words: string): Promise<void> {
    const client = this.client(name);
    client.isLeaving = true;
    client.player.wire?.sendRaw(bytes, words);
    const isOver = (): boolean => !client.player.isOpen;
    await this.trial.until(isOver, 'closes-on-violation', () => `the broker does not close after ${words}`);
    if (client.player.isOpen) await this.cut(name);
  }

  /** A second CONNECT is a violation in itself. */
  async connectTwice(name: string): Promise<void> {
    const client = this.client(name);
    client.isLeaving = true;
    client.player.send(connectPacket(`${this.#prefix}-${name}`, this.#under.version, CLEAN));
    const isOver = (): boolean => !client.player.isOpen;
    await this.trial.until(
      isOver,
      'closes-on-violation',
      () => `${name} sends CONNECT twice and is not closed`,
    );
    // The broker may have begun a session with it all the same.
    client.certainty = client.session === undefined ? 'certain' : 'unknown';
    if (client.player.isOpen) await this.cut(name);
  }

  /** Comes to an end in peace: whoever has a session comes back, pays, and gets what is due. */
  async settle(): Promise<void> {
    const clients = [...this.#clients.values()].filter(({ session }) => session !== undefined);
    for (const client of clients) {
      const { player, name } = client;
      player.holds = false;
      player.pay();
      if (!client.isOpen)
        await this.connect(name, { cleanStart: false, keeps: true, receiveMaximum: undefined });
    }
    const isDone = (): boolean => clients.every((client) => client.missing().length === 0);
    if (!(await this.trial.waited(isDone))) {
      const [first] = clients.flatMap((client) => client.missing());
      if (first !== undefined) this.trial.accuse(first.rule, `${first.what} does not come`);
    }
    // What is too much may come yet.
    for (const { name, isOpen } of clients) if (isOpen) await this.ping(name);
    this.trial.check();
  }

  /** Leaves nothing behind at the broker, as far as it goes. */
  async tidy(): Promise<void> {
    for (const { player } of this.#clients.values()) player.wire?.close();
    const quiet = new BrokerRun({ ...this.#under, except: undefined, patience: 500 });
    const cleaner = async (name: string): Promise<void> => {
      const network = await this.#under.open();
      const client = quiet.client(name);
      client.isLeaving = true;
      client.join(network, `${this.#prefix}-${name}`, this.#under.version, CLEAN);
      await quiet.trial.waited(() => client.isOpen || !client.player.isOpen);
      for (const topic of name === 'tidy' ? this.model.retainedTopics : []) {
        client.player.send({ type: 'publish', topic, payload: '', retain: true });
      }
      await quiet.disconnect(name);
    };
    const names = [...this.#clients.keys(), ...(this.model.retainedTopics.length > 0 ? ['tidy'] : [])];
    for (const name of names) await cleaner(name).catch(() => {});
  }
}

const CLEAN: Joining = { cleanStart: true, keeps: false, receiveMaximum: undefined };
