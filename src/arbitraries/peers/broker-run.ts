// owned: a broker under test with all clients: what commands act upon, and what judges them.
import type { ProtocolVersion } from '../../errors.js';
import { type Answer, BrokerClient } from './broker-client.js';
import type { Message, Missing, QoS, Session, Subscription } from './broker-messages.js';
import { BrokerModel } from './broker-model.js';
import {
  BACK,
  CLEAN,
  connectPacket,
  disconnectPacket,
  GOODBYE,
  type Joining,
  type Leaving,
  type Publishing,
  type Subscribing,
  subscribePacket,
  wholeFilter,
} from './broker-packets.js';
import type { NetworkConnection } from './network.js';
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

let runs = 0;

export class BrokerRun {
  readonly trial: Trial;
  readonly model: BrokerModel;
  readonly #clients = new Map<string, BrokerClient>();
  readonly #prefix: string;
  readonly #under: BrokerUnderTest;

  constructor(under: BrokerUnderTest, prefix = `${under.prefix ?? 'test'}-${++runs}`) {
    this.#under = under;
    this.trial = new Trial(under.version, under);
    this.model = new BrokerModel(this.trial);
    this.#prefix = prefix;
  }

  client(name: string): BrokerClient {
    const found = this.#clients.get(name) ?? new BrokerClient(this.model, name, this.#prefix);
    this.#clients.set(name, found);
    return found;
  }

  async connect(name: string, joining: Joining): Promise<void> {
    const client = this.client(name);
    const { player, wills } = client;
    const old = player.isOpen ? player.wire : undefined;
    const network = await this.#under.open();
    if (old !== undefined) client.ended('taken over');
    const { due } = wills;
    client.isLeaving = false;
    client.join(network, this.#under.version, joining);
    const isAnswered = (): boolean => client.isOpen || !player.isOpen;
    await this.trial.until(isAnswered, 'accepts-connect', () => `${name} gets no CONNACK`);
    if (old !== undefined) await this.#replaced(name, old);
    if (old !== undefined) await this.#willSeen(due);
  }

  async #replaced(name: string, old: Wire): Promise<void> {
    const words = (): string => `the first connection of ${name} stays open, and there is a second one`;
    await this.trial.until(() => !old.isOpen, 'takeover', words);
  }

  /** Waits for a will to come to somebody, where it is due to somebody who is there: so that more is certain later. */
  async #willSeen(will: Message | undefined): Promise<void> {
    if (will?.will === undefined || this.trial.isExcused(will.will.rule)) return;
    const isExpected = [...this.#clients.values()].some(
      ({ isOpen, player, session }) =>
        isOpen && !player.holds && session !== undefined && this.model.dueQoS(session, will) > 0,
    );
    if (isExpected) await this.trial.waited(() => will.doneAt !== undefined);
  }

  /** Says goodbye, and lets the broker close. */
  async disconnect(name: string, leaving: Leaving = GOODBYE): Promise<void> {
    const client = this.client(name);
    client.isLeaving = true;
    const { wire } = client.player;
    if (leaving.endsSession) client.keeps = false;
    if (leaving.withWill) client.wills.left(client.keeps, 'will-published');
    else client.wills.deleted();
    client.player.send(disconnectPacket(leaving));
    await wire?.flushed();
    const isClosed = await this.trial.waited(() => !client.player.isOpen, 100);
    if (!isClosed) {
      wire?.close();
      client.wills.unsettle();
      client.ended('cut');
    }
    await this.#willSeen(client.wills.due);
  }

  async cut(name: string): Promise<void> {
    const client = this.client(name);
    const { wire } = client.player;
    wire?.close();
    client.ended('cut');
    await wire?.flushed();
    await this.#willSeen(client.wills.due);
  }

  async subscribe(name: string, wishes: readonly Subscribing[]): Promise<void> {
    const client = this.client(name);
    const { session, player } = client;
    const offered = client.connack?.properties ?? {};
    const possible = wishes.filter(
      ({ filter, share }) =>
        (offered.wildcardSubscriptionAvailable !== 0 || !/[+#]/.test(filter)) &&
        (offered.sharedSubscriptionAvailable !== 0 || share === undefined),
    );
    if (session === undefined || possible.length === 0) return;
    const packetId = player.sending.takeId(true);
    const { version } = this.#under;
    const asked = possible.map((wish): Subscription => {
      const filter = wholeFilter(this.#prefix, wish.filter, wish.share);
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

  async unsubscribe(name: string, filter: string, share?: string): Promise<void> {
    const client = this.client(name);
    const { session, player } = client;
    if (session === undefined) return;
    const packetId = player.sending.takeId(true);
    const whole = wholeFilter(this.#prefix, filter, share);
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
    const { sending, holds } = client.player;
    const most = client.connack?.properties?.receiveMaximum ?? 65_535;
    for (const each of messages) if (sending.inFlight < most) this.#send(client, each);
    if (!waits || holds) return;
    const isDone = (): boolean => sending.isIdle || !client.isOpen;
    if (await this.trial.waited(isDone)) return;
    this.trial.accuse(sending.owedRule(), `${name} does not get ${sending.owed()}`);
  }

  #send(client: BrokerClient, { topic, qos, retain, size, expiry, alias }: Publishing): void {
    const { player, name } = client;
    const { maximumQoS = 2, retainAvailable = 1 } = client.connack?.properties ?? {};
    const said = {
      publisher: name,
      topic: `${this.#prefix}/${topic}`,
      payload: size === undefined ? '' : `${this.model.next} ${'.'.repeat(size)}`,
      qos: (qos > maximumQoS ? maximumQoS : qos) as QoS,
      retain: retain && retainAvailable === 1,
      expiry,
    };
    const message = this.model.published(said);
    const { number, payload } = message;
    const properties = expiry === undefined ? undefined : { messageExpiryInterval: expiry };
    const fields = {
      type: 'publish',
      topic: message.topic,
      payload,
      retain: message.retain,
      properties,
    } as const;
    const packet = player.aliases.shorten(player.sending.begin(number, fields, message.qos), alias);
    message.isAliased = packet.topic === '';
    player.send(fitted(packet, this.#under.version));
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
    await this.#offended(client, words, () => client.player.wire?.sendRaw(bytes, words));
  }

  /** A second CONNECT is a violation in itself. */
  async connectTwice(name: string): Promise<void> {
    const client = this.client(name);
    const packet = connectPacket(client.id, this.#under.version, CLEAN, undefined);
    await this.#offended(client, 'a second CONNECT', () => client.player.send(packet));
    // The broker may have begun a session with it all the same.
    client.wills.unsettle();
    client.certainty = client.session === undefined ? 'certain' : 'unknown';
  }

  async #offended(client: BrokerClient, words: string, offend: () => void): Promise<void> {
    client.isLeaving = true;
    client.wills.left(client.keeps, 'will-after-violation');
    offend();
    const isOver = (): boolean => !client.player.isOpen;
    await this.trial.until(isOver, 'closes-on-violation', () => `the broker does not close after ${words}`);
    if (client.player.isOpen) await this.cut(client.name);
    await this.#willSeen(client.wills.due);
  }

  /** Comes to an end in peace: whoever has a session comes back, pays, and gets what is due. */
  async settle(): Promise<void> {
    const clients = [...this.#clients.values()].filter(({ session }) => session !== undefined);
    for (const client of clients) {
      const { player, name } = client;
      player.holds = false;
      player.pay();
      if (!client.isOpen) await this.connect(name, BACK);
    }
    const missing = (): Missing[] =>
      [...clients.flatMap((client) => client.missing()), ...this.model.sharedMissing].filter(
        ({ rule }) => !this.trial.isExcused(rule),
      );
    if (!(await this.trial.waited(() => missing().length === 0))) {
      const [first] = missing();
      if (first !== undefined) this.trial.accuse(first.rule, `${first.what} does not come`);
    }
    // What is too much may come yet.
    for (const { name, isOpen } of clients) if (isOpen) await this.ping(name);
    this.trial.check();
  }

  /** Leaves nothing behind at the broker, as far as it goes. */
  async tidy(): Promise<void> {
    for (const { player } of this.#clients.values()) player.wire?.close();
    const quiet = new BrokerRun({ ...this.#under, except: undefined, patience: 500 }, this.#prefix);
    const cleaner = async (name: string): Promise<void> => {
      const network = await this.#under.open();
      const client = quiet.client(name);
      client.isLeaving = true;
      client.join(network, this.#under.version, CLEAN);
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
