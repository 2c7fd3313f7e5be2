// owned: the server that a test plays to a client under test.
import type { DecodedConnect } from '../../packets/connect.js';
import type { DecodedPacket, Packet } from '../../packets/index.js';
import type { DecodedPublish } from '../../packets/publish.js';
import type { QoS } from './broker-messages.js';
import { Grants, type Request } from './client-grants.js';
import { AGAIN, bytesOf, connackPacket, hasWill, textOf, type Welcome } from './client-packets.js';
import { ServedMessages } from './client-served.js';
import type { ClientMessage, ClientUnderTest, TestedClient, TestedWill } from './client-under-test.js';
import { Player } from './player.js';
import type { News } from './receiving.js';
import { fitted } from './sending.js';
import { Trial } from './trial.js';

/** How long a client has to begin what it is told to, before the test goes on. */
const SOON = 200;

/** What the client is told to publish, beside its number. */
export interface Telling extends Omit<ClientMessage, 'payload'> {
  readonly size: number;
}

/** The server, and what it knows of the client. */
export class ClientRun {
  readonly trial: Trial;
  readonly player: Player;
  readonly #under: ClientUnderTest;
  readonly #published: ClientMessage[] = [];
  readonly #served: ServedMessages;
  /** The numbers of messages that have come in this session. */
  #seen = new Set<number>();
  readonly #grants = new Grants();
  #tested: TestedClient | undefined;
  #welcome: Welcome | undefined;
  #will: TestedWill | undefined;
  #wills = 0;
  #connect: DecodedConnect | undefined;
  #hasSession = false;
  /** Whether the client has surely read the CONNACK that its session began with. */
  #isSure = false;
  #isLeaving = false;
  #packets = 0;

  constructor(under: ClientUnderTest) {
    this.#under = under;
    this.trial = new Trial(under.version, under);
    this.#served = new ServedMessages(this.trial);
    this.player = new Player(this.trial, 'server', 'client', {
      published: (packet, news) => this.#arrived(packet, news),
      told: (packet) => this.#told(packet),
      over: () => this.#over(),
      sent: (number, how) => this.#served.ended(number, how),
    });
  }

  get isOpen(): boolean {
    return this.player.isOpen && this.#connect !== undefined && !this.#isLeaving;
  }

  get hasKeepAlive(): boolean {
    return (this.#under.keepAlive ?? 0) > 0;
  }

  async #client(): Promise<TestedClient> {
    this.#tested ??= await this.#under.create();
    return this.#tested;
  }

  /** Has the client connect, and welcomes or refuses it. */
  async connect(welcome: Welcome): Promise<void> {
    const client = await this.#client();
    const { version, keepAlive = 0 } = this.#under;
    const { cleanStart, keeps, refuses } = welcome;
    this.#welcome = welcome;
    this.#connect = undefined;
    this.#isLeaving = refuses;
    this.#will = welcome.will && { ...welcome.will, payload: bytesOf(`w${this.#wills++}`) };
    const sessionExpiryInterval = this.#expiryOf(keeps);
    const network = await client.connect({
      version,
      clientId: 'tested',
      cleanStart,
      keepAlive,
      sessionExpiryInterval,
      will: this.#will,
    });
    this.player.attach(network);
    const isAnswered = (): boolean => this.#connect !== undefined || !this.player.isOpen;
    await this.trial.until(isAnswered, 'connect-first', () => 'the client sends no CONNECT');
    if (!refuses) return;
    await this.player.wire?.flushed();
    await this.cut();
  }

  #expiryOf(keeps: boolean): number {
    return keeps && this.trial.version === 5 ? 3_600 : 0;
  }

  #told(packet: DecodedPacket): void {
    this.#packets++;
    if (packet.type === 'connect') {
      this.#admit(packet);
      return;
    }
    this.#demandConnect(packet);
    if (packet.type !== 'disconnect') this.#isSure = true;
    switch (packet.type) {
      case 'subscribe':
      case 'unsubscribe':
        this.#request(packet);
        return;
      case 'pingreq':
        this.player.send({ type: 'pingresp' });
        return;
      case 'disconnect':
        if (!this.#isLeaving) {
          const code = packet.reasonCode ?? 0;
          const rule = code === 0x94 ? 'resolves-topic-aliases' : 'stays-connected';
          this.trial.accuse(rule, `the client disconnects with ${code}, and nothing was wrong`);
        }
    }
  }

  #demandConnect({ type }: DecodedPacket): void {
    const words = `the client sends ${type.toUpperCase()} ahead of CONNECT`;
    this.trial.demand(this.#connect !== undefined, 'connect-first', words);
  }

  #admit(connect: DecodedConnect): void {
    const welcome = this.#welcome;
    if (welcome === undefined || this.#connect !== undefined) {
      this.trial.accuse('one-connect', 'the client sends a second CONNECT');
      return;
    }
    this.#connect = connect;
    const { cleanStart, loses, refuses } = welcome;
    const isAsAsked = connect.cleanStart === cleanStart && connect.clientId === 'tested';
    const words = `the client does not connect as it was told to: clean start ${connect.cleanStart}`;
    this.trial.demand(isAsAsked, 'connect-as-asked', words);
    this.trial.demand(hasWill(connect, this.#will), 'will-as-asked', 'the client leaves another will');
    const expiry = connect.properties?.sessionExpiryInterval ?? 0;
    const isExpiry = expiry === this.#expiryOf(welcome.keeps);
    const told = `the client asks for Session Expiry Interval ${expiry}`;
    this.trial.demand(isExpiry, 'session-expiry-as-asked', told);
    if (refuses) {
      this.player.send(connackPacket(this.trial.version, true, false, {}));
      return;
    }
    this.player.aliases.accepted = welcome.topicAliasMaximum ?? 0;
    this.player.aliases.offered = connect.properties?.topicAliasMaximum ?? 0;
    const sessionPresent = this.#hasSession && !connect.cleanStart && !loses;
    this.player.receiving.begin(sessionPresent, welcome.receiveMaximum);
    if (!sessionPresent) {
      this.#isSure = false;
      this.player.sending.forget();
      this.#grants.clear();
      this.#seen = new Set();
    }
    this.#hasSession = true;
    this.player.send(connackPacket(this.trial.version, false, sessionPresent, welcome));
    const again = this.player.sending.resend((number) => this.#served.repeated(number));
    if (again.length > 0) this.player.send(...again);
  }

  #request(packet: Request): void {
    const { type, packetId } = packet;
    const { requests, receiving } = this.player;
    const words = `the client sends ${type.toUpperCase()} with identifier ${packetId}, which is in use`;
    this.trial.demand(!requests.has(packetId) && !receiving.isTaken(packetId), 'packet-id-in-use', words);
    requests.add(packetId);
    this.player.owe(this.#grants.answer(packet, this.trial.version));
  }

  #arrived(packet: DecodedPublish, news: News): void {
    this.#packets++;
    this.#isSure = true;
    this.#demandConnect(packet);
    const text = textOf(packet.payload);
    const number = Number(text.split(' ')[0]);
    const message = this.#published[number];
    const isSame =
      message !== undefined &&
      message.topic === packet.topic &&
      message.qos === packet.qos &&
      message.retain === packet.retain &&
      this.#expiresInTime(message, packet) &&
      textOf(message.payload) === text;
    const told = `the client sends a message to ${packet.topic} at QoS ${packet.qos}`;
    this.trial.demand(isSame, 'sends-what-was-published', `${told} that it was not told to publish so`);
    if (news === 'again') return;
    const isSecond = this.#seen.has(number) && packet.qos !== 1;
    this.trial.demand(!isSecond, 'exactly-once', `${told} a second time, as a new one`);
    this.#seen.add(number);
  }

  /** Whether a message has the Message Expiry Interval that it was published with, less the time that it has waited. */
  #expiresInTime({ messageExpiryInterval: asked }: ClientMessage, { properties }: DecodedPublish): boolean {
    const said = properties?.messageExpiryInterval;
    if (this.trial.version === 4 || asked === undefined) return said === undefined;
    return said !== undefined && said <= asked;
  }

  /** The client has closed the connection. */
  #over(): void {
    const words = 'the client closes the connection, and nothing was wrong with it';
    if (!this.#isLeaving) this.trial.accuse('stays-connected', words);
    this.#ended();
  }

  #ended(): void {
    this.player.forsake();
    this.#connect = undefined;
    // A client that has not read CONNACK knows of no session, and may not go on with one.
    if (this.#welcome?.keeps !== true || !this.#isSure) this.#hasSession = false;
  }

  async cut(): Promise<void> {
    const { wire } = this.player;
    wire?.close();
    this.#ended();
    await wire?.flushed();
  }

  /** Has the client do something, and gives it time to say so; an error of its own is its own business. */
  async #ask(action: (client: TestedClient) => Promise<unknown>): Promise<void> {
    const client = await this.#client();
    const before = this.#packets;
    const isSettled = Promise.resolve(action(client)).catch(() => {});
    void isSettled;
    await this.trial.waited(() => this.#packets > before || !this.player.isOpen, SOON);
  }

  async publish({ size, ...told }: Telling): Promise<void> {
    const message = { ...told, payload: bytesOf(`${this.#published.length} ${'.'.repeat(size)}`) };
    this.#published.push(message);
    await this.#ask((client) => client.publish(message));
  }

  subscribe(topicFilter: string, qos: QoS): Promise<void> {
    return this.#ask((client) => client.subscribe(topicFilter, qos));
  }

  unsubscribe(topicFilter: string): Promise<void> {
    return this.#ask((client) => client.unsubscribe(topicFilter));
  }

  /** Has the client say goodbye. */
  async disconnect(): Promise<void> {
    this.#isLeaving = true;
    await this.#ask((client) => client.disconnect());
    await this.#gone('closes-after-disconnect', 'the client does not close after it has disconnected');
  }

  async #gone(rule: 'closes-after-disconnect' | 'closes-on-violation', words: string): Promise<void> {
    await this.trial.until(
      () => !this.player.isOpen,
      rule,
      () => words,
    );
    if (this.player.isOpen) await this.cut();
  }

  /** Whether the client is subscribed to a topic, as far as the server knows. */
  isSubscribed(topic: string): boolean {
    return this.#grants.has(topic);
  }

  /** Sends messages to the client, cut into pieces, and with a Topic Alias if it takes one. */
  serve(topic: string, qos: QoS, count: number, pieces: readonly number[], alias: number | undefined): void {
    const { sending, aliases, wire } = this.player;
    const most = this.#connect?.properties?.receiveMaximum ?? 65_535;
    const at = this.#grants.atMost(topic, qos);
    const packets: Packet[] = [];
    for (let left = count; left > 0 && sending.inFlight < most; left--) {
      const { number, payload } = this.#served.add(topic, at);
      const packet = aliases.shorten(sending.begin(number, { type: 'publish', topic, payload }, at), alias);
      if (packet.topic === '') this.#served.aliased(number);
      packets.push(fitted(packet, this.trial.version));
    }
    wire?.send(packets, pieces);
  }

  /** Sends what the client has to close for. */
  async offend(bytes: Uint8Array, words: string, statement: string | undefined): Promise<void> {
    this.#isLeaving = true;
    this.player.wire?.sendRaw(bytes, words);
    const cited = statement === undefined ? '' : ` (${statement})`;
    await this.#gone('closes-on-violation', `the client does not close after ${words}${cited}`);
  }

  /** Lets the client be for as long as its Keep Alive, and expects a word. */
  async idle(): Promise<void> {
    const before = this.#packets;
    const time = (this.#under.keepAlive ?? 0) * 1_000;
    const isHeard = await this.trial.waited(() => this.#packets > before || !this.player.isOpen, time * 1.25);
    this.trial.demand(isHeard, 'keep-alive', `the client says nothing for ${time * 1.25} ms`);
  }

  /** Comes to an end in peace: the client connects again if it has a session, and what is under way comes to its end. */
  async settle(): Promise<void> {
    const { player, trial } = this;
    player.holds = false;
    player.refusals = 0;
    player.pay();
    if (!this.isOpen && this.#hasSession) await this.connect(AGAIN);
    if (!this.isOpen) {
      this.#served.check(this.#received);
      return;
    }
    const isDone = (): boolean =>
      !this.isOpen ||
      (player.sending.isIdle &&
        player.receiving.unfinished().length === 0 &&
        this.#served.isReceived(this.#received));
    if (!(await trial.waited(isDone))) {
      const [first] = player.receiving.unfinished();
      const owed = player.sending.owed();
      if (owed !== '') trial.accuse(player.sending.owedRule(), `the client does not send ${owed}`);
      else if (first !== undefined)
        trial.accuse(first.rule, `the client does not go on with what it sent as ${first.id}`);
    }
    this.#served.check(this.#received);
    if (this.isOpen) await this.disconnect();
  }

  get #received(): TestedClient['received'] {
    return this.#tested?.received ?? [];
  }

  /** Leaves nothing behind. */
  async tidy(): Promise<void> {
    this.player.wire?.close();
    await Promise.resolve(this.#tested?.end?.()).catch(() => {});
  }
}
