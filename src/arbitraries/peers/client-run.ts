// owned: the server that a test plays to a client under test.
import type { ProtocolVersion } from '../../errors.js';
import type { ConnackPacket } from '../../packets/connack.js';
import type { DecodedConnect } from '../../packets/connect.js';
import type { DecodedPacket, Packet } from '../../packets/index.js';
import type { DecodedPublish } from '../../packets/publish.js';
import { topicMatches } from '../../topics/match.js';
import type { NetworkConnection } from './network.js';
import { Player } from './player.js';
import type { News } from './receiving.js';
import { fitted } from './sending.js';
import { Trial, type TrialOptions } from './trial.js';

type QoS = 0 | 1 | 2;

/** How a client under test is asked to connect. */
export interface ClientSettings {
  readonly version: ProtocolVersion;
  readonly clientId: string;
  readonly cleanStart: boolean;
  /** In seconds; 0: none. */
  readonly keepAlive: number;
  /** In seconds: MQTT 5.0 only, where it is 0 or so long that it does not matter. */
  readonly sessionExpiryInterval: number;
}

/** A message that a client under test is asked to publish. */
export interface ClientMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

/**
 * A client under test, as its author makes it usable: what it is told to do, and what it hands to the application.
 * Except for `connect` nobody waits for the promises, and none has to be kept: an operation may last for ever.
 */
export interface TestedClient {
  /**
   * Connects, and gives the server's end of the network connection. Where there was one before, it is closed already;
   * the session of the client goes on, unless `cleanStart` or an expired session says otherwise.
   */
  connect(settings: ClientSettings): Promise<NetworkConnection>;
  publish(message: ClientMessage): Promise<unknown>;
  subscribe(topicFilter: string, qos: 0 | 1 | 2): Promise<unknown>;
  unsubscribe(topicFilter: string): Promise<unknown>;
  /** Says goodbye and closes. */
  disconnect(): Promise<unknown>;
  /** Every message that the application got, over all connections. */
  readonly received: readonly { readonly topic: string; readonly payload: Uint8Array }[];
  /** The test is over. */
  end?(): Promise<unknown>;
}

/** A client to be tested, and how. */
export interface ClientUnderTest extends TrialOptions {
  /** The version that is spoken. */
  readonly version: ProtocolVersion;
  /** Makes a client without any session: one for each run. */
  readonly create: () => TestedClient | Promise<TestedClient>;
  /** The Keep Alive in seconds, whose pings are then waited for in `sleep`. Absent: 0, none. */
  readonly keepAlive?: number | undefined;
}

/** What the server does with a CONNECT. */
export interface Welcome {
  readonly cleanStart: boolean;
  readonly keeps: boolean;
  /** Whether the server has lost the session. */
  readonly loses: boolean;
  /** Whether the server is unavailable. */
  readonly refuses: boolean;
  readonly receiveMaximum: number | undefined;
}

/** A message of the server. */
interface Served {
  readonly topic: string;
  readonly payload: string;
  readonly qos: QoS;
  transmissions: number;
  isTaken: boolean;
}

const textOf = (payload: Uint8Array): string => String.fromCharCode(...payload);

/** The server, and what it knows of the client. */
export class ClientRun {
  readonly trial: Trial;
  readonly player: Player;
  readonly #under: ClientUnderTest;
  readonly #published: ClientMessage[] = [];
  readonly #served: Served[] = [];
  /** The numbers of messages that have come in this session. */
  #seen = new Set<number>();
  /** What the client is subscribed to, as the server has granted it. */
  readonly #granted = new Map<string, QoS>();
  #tested: TestedClient | undefined;
  #welcome: Welcome | undefined;
  #connect: DecodedConnect | undefined;
  #hasSession = false;
  /** Whether the client has surely read the CONNACK that its session began with. */
  #isSure = false;
  #isLeaving = false;
  #packets = 0;

  constructor(under: ClientUnderTest) {
    this.#under = under;
    this.trial = new Trial(under.version, under);
    this.player = new Player(this.trial, 'server', 'client', {
      published: (packet, news) => this.#arrived(packet, news),
      told: (packet) => this.#told(packet),
      over: () => this.#over(),
      sent: (number, how) => {
        const served = this.#served[number];
        if (served !== undefined) served.isTaken = how === 'taken';
      },
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
    const sessionExpiryInterval = keeps && version === 5 ? 3_600 : 0;
    const network = await client.connect({
      version,
      clientId: 'tested',
      cleanStart,
      keepAlive,
      sessionExpiryInterval,
    });
    this.player.attach(network);
    const isAnswered = (): boolean => this.#connect !== undefined || !this.player.isOpen;
    await this.trial.until(isAnswered, 'connect-first', () => 'the client sends no CONNECT');
    if (!refuses) return;
    await this.player.wire?.flushed();
    await this.cut();
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
          this.trial.accuse('stays-connected', `the client disconnects with ${code}, and nothing was wrong`);
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
    if (refuses) {
      this.player.send(connackPacket(this.trial.version, true, false, undefined));
      return;
    }
    const sessionPresent = this.#hasSession && !connect.cleanStart && !loses;
    this.player.receiving.begin(sessionPresent, welcome.receiveMaximum);
    if (!sessionPresent) {
      this.#isSure = false;
      this.player.sending.forget();
      this.#granted.clear();
      this.#seen = new Set();
    }
    this.#hasSession = true;
    this.player.send(connackPacket(this.trial.version, false, sessionPresent, welcome.receiveMaximum));
    const again = this.player.sending.resend((number) => {
      const served = this.#served[number];
      if (served !== undefined) served.transmissions++;
    });
    if (again.length > 0) this.player.send(...again);
  }

  #request(packet: Extract<DecodedPacket, { type: 'subscribe' | 'unsubscribe' }>): void {
    const { type, packetId } = packet;
    const { requests, receiving } = this.player;
    const words = `the client sends ${type.toUpperCase()} with identifier ${packetId}, which is in use`;
    this.trial.demand(!requests.has(packetId) && !receiving.isTaken(packetId), 'packet-id-in-use', words);
    requests.add(packetId);
    const is4 = this.trial.version === 4;
    if (type === 'unsubscribe') {
      for (const filter of packet.topicFilters) this.#granted.delete(filter);
      const reasonCodes = packet.topicFilters.map(() => 0 as const);
      this.player.owe(is4 ? { type: 'unsuback', packetId } : { type: 'unsuback', packetId, reasonCodes });
      return;
    }
    const reasonCodes = packet.subscriptions.map(({ qos = 0 }) => qos);
    for (const { topicFilter, qos = 0 } of packet.subscriptions) this.#granted.set(topicFilter, qos);
    this.player.owe({ type: 'suback', packetId, reasonCodes });
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
      textOf(message.payload) === text;
    const told = `the client sends a message to ${packet.topic} at QoS ${packet.qos}`;
    this.trial.demand(isSame, 'sends-what-was-published', `${told} that it was not told to publish so`);
    if (news === 'again') return;
    const isSecond = this.#seen.has(number) && packet.qos !== 1;
    this.trial.demand(!isSecond, 'exactly-once', `${told} a second time, as a new one`);
    this.#seen.add(number);
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

  async publish(topic: string, qos: QoS, retain: boolean, size: number): Promise<void> {
    const text = `${this.#published.length} ${'.'.repeat(size)}`;
    const payload = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const message = { topic, payload, qos, retain };
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
    return [...this.#granted.keys()].some((filter) => topicMatches(filter, topic));
  }

  /** Sends messages to the client, cut into pieces. */
  serve(topic: string, qos: QoS, count: number, pieces: readonly number[]): void {
    const most = this.#connect?.properties?.receiveMaximum ?? 65_535;
    const allowed = [...this.#granted]
      .filter(([filter]) => topicMatches(filter, topic))
      .map(([, each]) => each);
    const granted = Math.max(...allowed) as QoS;
    const packets: Packet[] = [];
    for (let left = count; left > 0 && this.player.sending.inFlight < most; left--) {
      const number = this.#served.length;
      const at = qos < granted ? qos : granted;
      const payload = `s${number} .`;
      this.#served.push({ topic, payload, qos: at, transmissions: 1, isTaken: at === 0 });
      const packet = this.player.sending.begin(number, { type: 'publish', topic, payload }, at);
      packets.push(fitted(packet, this.trial.version));
    }
    this.player.wire?.send(packets, pieces);
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
    if (!this.isOpen) return this.#checkReceived();
    const isDone = (): boolean =>
      !this.isOpen ||
      (player.sending.isIdle && player.receiving.unfinished().length === 0 && this.#isReceived());
    if (!(await trial.waited(isDone))) {
      const [first] = player.receiving.unfinished();
      const owed = player.sending.owed();
      if (owed !== '') trial.accuse(player.sending.owedRule(), `the client does not send ${owed}`);
      else if (first !== undefined)
        trial.accuse(first.rule, `the client does not go on with what it sent as ${first.id}`);
    }
    this.#checkReceived();
    if (this.isOpen) await this.disconnect();
  }

  #timesReceived({ topic, payload }: Served): number {
    const received = this.#tested?.received ?? [];
    return received.filter((each) => each.topic === topic && textOf(each.payload) === payload).length;
  }

  #isReceived(): boolean {
    return this.#served.every((each) => each.qos === 0 || !each.isTaken || this.#timesReceived(each) > 0);
  }

  #checkReceived(): void {
    for (const each of this.#served) {
      const times = this.#timesReceived(each);
      const words = `the application of the client has got ${each.payload.split(' ')[0]} of QoS ${each.qos}`;
      if (each.isTaken && each.qos > 0) this.trial.demand(times > 0, 'hands-over', `${words} never`);
      const most = each.qos === 1 ? each.transmissions : 1;
      this.trial.demand(times <= most, 'exactly-once', `${words} ${times} times, and ${most} may be`);
    }
    this.trial.check();
  }

  /** Leaves nothing behind. */
  async tidy(): Promise<void> {
    this.player.wire?.close();
    await Promise.resolve(this.#tested?.end?.()).catch(() => {});
  }
}

/** How long a client has to begin what it is told to, before the test goes on. */
const SOON = 200;
const AGAIN: Welcome = {
  cleanStart: false,
  keeps: true,
  loses: false,
  refuses: false,
  receiveMaximum: undefined,
};

/** The answer to a CONNECT. */
export function connackPacket(
  version: ProtocolVersion,
  refuses: boolean,
  sessionPresent: boolean,
  receiveMaximum: number | undefined,
): ConnackPacket<4> | ConnackPacket<5> {
  const type = 'connack';
  if (version === 4) return { type, sessionPresent, reasonCode: refuses ? 3 : 0 };
  const properties = receiveMaximum === undefined ? {} : { receiveMaximum };
  return { type, sessionPresent, reasonCode: refuses ? 0x88 : 0, properties };
}
