import {
  type ClientMessage,
  type ClientSettings,
  connectionPair,
  type NetworkConnection,
  type TestedClient,
  type TestedWill,
} from '../../../src/arbitraries/index.js';
import { encode } from '../../../src/codec.js';
import type { DecodedPacket, Packet } from '../../../src/packets/index.js';
import type { PublishPacket } from '../../../src/packets/publish.js';
import { PacketParser } from '../../../src/stream/index.js';

/** What can be wrong with it. */
export type ClientFault =
  | 'forgets DUP'
  | 'publishes after PUBREC'
  | 'reuses identifiers'
  | 'acknowledges in reverse'
  | 'hands over QoS 2 twice'
  | 'forgets what was under way'
  | 'forgets PUBREL'
  | 'never acknowledges'
  | 'ignores Receive Maximum'
  | 'keeps a lost session'
  | 'resends in reverse'
  | 'ignores what is wrong'
  | 'stays after DISCONNECT'
  | 'loses messages'
  | 'changes payloads'
  | 'never pings'
  | 'leaves no will'
  | 'leaves a will at QoS 0'
  | 'asks for no session'
  | 'forgets Message Expiry Intervals'
  | 'ignores Topic Alias Maximum'
  | 'keeps its Topic Aliases'
  | 'does not resolve Topic Aliases'
  | 'takes no Topic Alias'
  | 'puts up with unknown Topic Aliases';

type Version = 4 | 5;
type Message = PublishPacket<5> & { readonly qos: 1 | 2; readonly packetId: number };

/** A client as small as one can be, with a connection in memory; right but for its fault. */
export class SmallClient implements TestedClient {
  readonly received: { topic: string; payload: Uint8Array }[] = [];
  #network: NetworkConnection | undefined;
  #version: Version = 5;
  #keeps = false;
  #receiveMaximum = 65_535;
  #isReady = false;
  #nextId = 0;
  /** Messages that are not acknowledged, and identifiers whose PUBREL is not. */
  #sent = new Map<number, Message>();
  #released = new Set<number>();
  #requests = new Set<number>();
  #incoming = new Set<number>();
  #waiting: ClientMessage[] = [];
  /** What a resumed connection has to send again, as far as Receive Maximum lets it. */
  #again: Message[] = [];
  #inFlight = new Set<number>();
  #aliasMaximum = 0;
  /** The topics that aliases stand for: of the server, and of its own. */
  #theirs = new Map<number, string>();
  #ours = new Map<number, string>();
  #timer: NodeJS.Timeout | undefined;

  /** It pings after so many milliseconds for each second of Keep Alive. */
  constructor(
    readonly fault?: ClientFault,
    readonly second = 900,
  ) {}

  async connect(settings: ClientSettings) {
    const { version, cleanStart, keepAlive, sessionExpiryInterval } = settings;
    this.#hangUp();
    if (cleanStart || !this.#keeps) this.#forget();
    const [own, theirs] = connectionPair();
    this.#network = own;
    this.#version = version;
    this.#keeps = version === 4 ? !cleanStart : sessionExpiryInterval > 0;
    this.#isReady = false;
    this.#theirs.clear();
    if (this.fault !== 'keeps its Topic Aliases') this.#ours.clear();
    this.#send(this.#connectPacket(settings));
    void this.#read(own, version);
    if (keepAlive > 0 && this.fault !== 'never pings') {
      this.#timer = setInterval(() => this.#send({ type: 'pingreq' }), keepAlive * this.second);
    }
    return theirs;
  }

  #connectPacket(settings: ClientSettings): Packet {
    const { version, clientId, cleanStart, keepAlive, sessionExpiryInterval, will: asked } = settings;
    const common = { type: 'connect', clientId, cleanStart, keepAlive } as const;
    const will = this.fault === 'leaves no will' ? undefined : asked && this.#will(asked);
    if (version === 4) return { ...common, protocolVersion: 4, will };
    const said = this.fault === 'asks for no session' ? {} : { sessionExpiryInterval };
    const properties = { ...said, receiveMaximum: 5, topicAliasMaximum: 3 };
    const delayed = asked?.delay === undefined ? {} : { willDelayInterval: asked.delay };
    return { ...common, protocolVersion: 5, will: will && { ...will, properties: delayed }, properties };
  }

  #will({
    topic,
    payload,
    qos,
    retain,
  }: TestedWill): Pick<TestedWill, 'topic' | 'payload' | 'qos' | 'retain'> {
    return { topic, payload, qos: this.fault === 'leaves a will at QoS 0' ? 0 : qos, retain };
  }

  async publish(message: ClientMessage): Promise<void> {
    this.#waiting.push(message);
    this.#flush();
  }

  async subscribe(topicFilter: string, qos: 0 | 1 | 2): Promise<void> {
    const packetId = this.#takeId();
    this.#requests.add(packetId);
    this.#send({ type: 'subscribe', packetId, subscriptions: [{ topicFilter, qos }] });
  }

  async unsubscribe(topicFilter: string): Promise<void> {
    const packetId = this.#takeId();
    this.#requests.add(packetId);
    this.#send({ type: 'unsubscribe', packetId, topicFilters: [topicFilter] });
  }

  async disconnect(): Promise<void> {
    this.#send({ type: 'disconnect' });
    if (this.fault !== 'stays after DISCONNECT') this.#hangUp();
  }

  async end(): Promise<void> {
    this.#hangUp();
  }

  #hangUp(): void {
    clearInterval(this.#timer);
    this.#isReady = false;
    this.#requests.clear();
    void this.#network?.close();
    this.#network = undefined;
  }

  #forget(): void {
    this.#sent.clear();
    this.#released.clear();
    this.#incoming.clear();
  }

  #send(packet: Packet): void {
    void this.#network?.send(encode<Version>(packet, this.#version));
  }

  #takeId(): number {
    if (this.fault === 'reuses identifiers') return 1;
    do this.#nextId = (this.#nextId % 65_535) + 1;
    while (
      this.#sent.has(this.#nextId) ||
      this.#released.has(this.#nextId) ||
      this.#requests.has(this.#nextId)
    );
    return this.#nextId;
  }

  #flush(): void {
    const most = this.fault === 'ignores Receive Maximum' ? 65_535 : this.#receiveMaximum;
    while (this.#isReady && this.#again.length > 0 && this.#inFlight.size < most) {
      const message = this.#again.shift()!;
      this.#inFlight.add(message.packetId);
      this.#publish({ ...message, dup: this.fault !== 'forgets DUP' }, undefined);
    }
    while (
      this.#isReady &&
      this.#again.length === 0 &&
      this.#waiting.length > 0 &&
      this.#inFlight.size < most
    ) {
      const { topic, payload, qos, retain, messageExpiryInterval, topicAlias } = this.#waiting.shift()!;
      const sent = this.fault === 'changes payloads' ? payload.slice(0, -1) : payload;
      const expires =
        messageExpiryInterval !== undefined && this.fault !== 'forgets Message Expiry Intervals';
      const properties = expires ? { messageExpiryInterval } : {};
      const fields = { type: 'publish', topic, payload: sent, retain, properties } as const;
      if (qos === 0) {
        this.#publish(fields, topicAlias);
        continue;
      }
      const message = { ...fields, qos, packetId: this.#takeId(), dup: false };
      this.#sent.set(message.packetId, message);
      this.#inFlight.add(message.packetId);
      this.#publish(message, topicAlias);
    }
  }

  #publish(message: PublishPacket<5>, topicAlias: number | undefined): void {
    const { topic, properties, ...rest } = message;
    if (this.#version === 4) {
      this.#send({ ...rest, topic } as Packet);
      return;
    }
    const most = this.fault === 'ignores Topic Alias Maximum' ? 65_535 : this.#aliasMaximum;
    if (topicAlias === undefined || topicAlias > most) {
      this.#send(message);
      return;
    }
    const isKnown = this.#ours.get(topicAlias) === topic;
    this.#ours.set(topicAlias, topic);
    this.#send({ ...message, topic: isKnown ? '' : topic, properties: { ...properties, topicAlias } });
  }

  async #read(network: NetworkConnection, version: Version): Promise<void> {
    const parser = new PacketParser({ version, from: 'server', copy: true });
    try {
      for (let chunk = await network.receive(); chunk !== undefined; chunk = await network.receive()) {
        parser.push(chunk);
        const packets: DecodedPacket[] = [];
        for (let packet = parser.next(); packet !== undefined; packet = parser.next()) packets.push(packet);
        this.#heed(network, packets);
      }
    } catch {
      if (this.fault !== 'ignores what is wrong') await network.close();
      else for (; (await network.receive()) !== undefined; );
    }
    if (this.#network === network) this.#hangUp();
  }

  #heed(network: NetworkConnection, packets: readonly DecodedPacket[]): void {
    const replies: Packet[] = [];
    for (const packet of packets) {
      const reply = network === this.#network ? this.#reply(packet) : undefined;
      if (reply !== undefined) replies.push(reply);
    }
    if (this.fault === 'acknowledges in reverse') replies.reverse();
    for (const reply of replies) this.#send(reply);
    this.#flush();
  }

  #reply(packet: DecodedPacket): Packet | undefined {
    switch (packet.type) {
      case 'connack':
        if (this.#isReady) throw new Error('a second CONNACK');
        this.#aliasMaximum = packet.properties?.topicAliasMaximum ?? 0;
        if (packet.reasonCode === 0) this.#begin(packet.sessionPresent, packet.properties?.receiveMaximum);
        return undefined;
      case 'publish':
        return this.#receive(packet);
      case 'puback':
        this.#done(packet.packetId);
        return undefined;
      case 'pubrec':
        if ((packet.reasonCode ?? 0) >= 0x80) {
          this.#done(packet.packetId);
          return undefined;
        }
        if (this.fault === 'forgets PUBREL') return undefined;
        if (this.fault !== 'publishes after PUBREC') this.#sent.delete(packet.packetId);
        this.#released.add(packet.packetId);
        return { type: 'pubrel', packetId: packet.packetId };
      case 'pubrel':
        this.#incoming.delete(packet.packetId);
        return { type: 'pubcomp', packetId: packet.packetId };
      case 'pubcomp':
        this.#released.delete(packet.packetId);
        this.#done(packet.packetId);
        return undefined;
      case 'suback':
      case 'unsuback':
        this.#requests.delete(packet.packetId);
        return undefined;
      default:
        return undefined;
    }
  }

  #done(packetId: number): void {
    this.#sent.delete(packetId);
    this.#inFlight.delete(packetId);
  }

  #receive(packet: Extract<DecodedPacket, { type: 'publish' }>): Packet | undefined {
    const { payload, qos, packetId } = packet;
    const topic = this.#topicOf(packet);
    const isAgain = qos === 2 && this.#incoming.has(packetId) && this.fault !== 'hands over QoS 2 twice';
    if (!isAgain && this.fault !== 'loses messages') this.received.push({ topic, payload });
    if (qos === 0 || this.fault === 'never acknowledges') return undefined;
    if (qos === 2) this.#incoming.add(packetId);
    return { type: qos === 1 ? 'puback' : 'pubrec', packetId };
  }

  #topicOf({ topic, properties }: Extract<DecodedPacket, { type: 'publish' }>): string {
    const alias = properties?.topicAlias;
    if (alias === undefined) return topic;
    if (this.fault === 'takes no Topic Alias') this.#send({ type: 'disconnect', reasonCode: 0x94 });
    if (this.fault === 'does not resolve Topic Aliases') return topic;
    if (topic !== '') this.#theirs.set(alias, topic);
    const known = this.#theirs.get(alias);
    if (known === undefined && this.fault !== 'puts up with unknown Topic Aliases')
      throw new Error('an unknown alias');
    return known ?? '';
  }

  #begin(sessionPresent: boolean, receiveMaximum = 65_535): void {
    this.#receiveMaximum = receiveMaximum;
    if (!sessionPresent && this.fault !== 'keeps a lost session') this.#forget();
    if (this.fault === 'forgets what was under way') this.#forget();
    this.#inFlight = new Set();
    this.#again = [...this.#sent.values()];
    if (this.fault === 'resends in reverse') this.#again.reverse();
    for (const packetId of this.#released) this.#send({ type: 'pubrel', packetId });
    this.#isReady = true;
  }
}
