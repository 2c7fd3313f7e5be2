/** One network connection: what its client says, and what becomes of it. */
import { randomUUID } from 'node:crypto';
import type { Link, LinkOptions } from '../../../src/adapters/node.js';
import {
  awaitsAnswer,
  type DecodedConnect,
  type DecodedPacket,
  type DecodedPublish,
  type DecodedSubscribe,
  type DecodedUnsubscribe,
  type DecodedWill,
  Endpoint,
  type EndpointEvent,
  type SendOptions,
  type SessionState,
  serverConnection,
  unacknowledged,
} from '../../../src/index.js';
import type { Broker } from './broker.js';
import { connackFits, connackOf } from './connack.js';
import { hasControls, namesWithControls } from './controls.js';
import { HeldMessages } from './held.js';
import { later } from './later.js';
import { type Grant, isExpired, type Message, messageOf, owned, packetOf } from './message.js';
import type { Who } from './options.js';
import { subscribe, unsubscribe } from './requests.js';
import type { Session } from './session.js';

/** How long publishers wait for a client that does not keep up, in milliseconds, before it begins to lose messages. */
const PATIENCE = 1_000;
const AUTOMATIC: SendOptions = { topicAlias: 'automatic' };

export class Connection {
  readonly endpoint: Endpoint;
  readonly #broker: Broker;
  readonly #address: string;
  readonly #acknowledges: boolean;
  #link: Link | undefined;
  #session: Session | undefined;
  #who: Who;
  /** QoS 0 messages for which the socket has no room: they belong to the connection, and not to the session. */
  readonly #held = new HeldMessages();
  /** Publishers who wait until this client has caught up. */
  #relief: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #isHopeless = false;

  constructor(broker: Broker, address: string) {
    this.#broker = broker;
    this.#address = address;
    this.#who = { clientId: '', username: undefined, address };
    const { limits } = broker;
    const { authorizePublish, tellsNoSubscribers } = broker.options;
    // A Reason Code has to be told in the acknowledgement. Where there is none, the connection acknowledges by itself,
    // at once and in the order of the packets, which costs less.
    this.#acknowledges = authorizePublish !== undefined || tellsNoSubscribers !== undefined;
    const options = {
      announced: broker.announced,
      acknowledgements: this.#acknowledges ? 'manual' : 'automatic',
      maximumInFlight: limits.inFlight,
      automaticAliases: limits.topicAliases,
      queue: { messages: limits.queuedMessages, bytes: limits.queuedBytes },
    } as const;
    this.endpoint = new Endpoint(serverConnection(options));
  }

  // What others ask of it.

  /** Whether the client is connected and can be sent to. */
  get isStanding(): boolean {
    return this.endpoint.state.phase === 'connected';
  }

  get sessionState(): SessionState {
    return this.endpoint.state.session;
  }

  get version(): 4 | 5 {
    return this.endpoint.state.terms.version;
  }

  get who(): Who {
    return this.#who;
  }

  get linkOptions(): LinkOptions {
    const { journal } = this.#broker.options;
    return journal === undefined ? {} : { beforeWrite: () => journal.stored(this.#session) };
  }

  /** More than half of what may wait for this client is waiting. */
  get isCrowded(): boolean {
    const { queuedMessages, queuedBytes } = this.#broker.limits;
    const { size, bytes } = this.endpoint.state.session.queue;
    return 2 * (size + this.#held.size) > queuedMessages || 2 * (bytes + this.#held.bytes) > queuedBytes;
  }

  /** Sends a message; RETAIN has been decided. */
  forward(message: Message, grant: Grant, retain: boolean, token?: number): void {
    const isQoS0 = message.qos === 0 || grant.qos === 0;
    if (isQoS0 && (this.#held.size > 0 || this.#link?.blocked)) this.#hold(message, grant, retain);
    else this.#send(message, grant, retain, token);
  }

  #send(message: Message, grant: Grant, retain: boolean, token?: number): void {
    const packet = packetOf(message, grant, this.version, retain);
    this.#link?.send(packet, token === undefined ? AUTOMATIC : { topicAlias: 'automatic', token });
  }

  /** Settles when the client has caught up, or has been waited for long enough; undefined: it keeps up. */
  whenRelieved(): Promise<void> | undefined {
    if (this.#isHopeless || !this.isStanding || !this.isCrowded) return undefined;
    if (this.#relief !== undefined) return this.#relief.promise;
    let resolve: () => void = () => {};
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    const cancel = later(PATIENCE, () => {
      this.#isHopeless = true;
      this.#relieve();
    });
    void promise.then(cancel);
    this.#relief = { promise, resolve };
    return promise;
  }

  /** Another connection of the same client has come (section 3.1.4). */
  takeOver(): void {
    this.#link?.disconnect({ reasonCode: 0x8e });
  }

  /** The broker goes. */
  async shutDown(): Promise<void> {
    this.#link?.disconnect({ reasonCode: 0x8b });
    await this.#link?.closed;
  }

  // What the client says.

  /** The handler of the link. */
  readonly handle = (events: readonly EndpointEvent[], link: Link): Promise<void> | undefined => {
    this.#link = link;
    // That a message has come goes into the store with what becomes of it, or neither does.
    if (this.#session !== undefined) this.#broker.options.journal?.changed(this.#session);
    let wait: Promise<void> | undefined;
    for (const event of events) {
      switch (event.type) {
        case 'settled':
        case 'refused':
          if (typeof event.token === 'number') this.#settled(event.token, event);
          break;
        case 'deliver':
          wait = this.#publish(event.packet, link) ?? wait;
          break;
        case 'requestReceived':
          this.#answer(event.packet, link);
          // Not even the SUBACK fits what the client takes.
          if (awaitsAnswer(link.state)) link.disconnect({ reasonCode: 0x95 });
          break;
        case 'connectRequested':
          this.#connect(event.packet, link).catch((error: unknown) => link.destroy(error));
          break;
        case 'willDue':
          this.#willDue(event.will, event.at);
          break;
        case 'ended':
          this.#ended(event.sessionExpiryInterval);
      }
    }
    if ((this.#relief !== undefined || this.#isHopeless) && !this.isCrowded) {
      this.#isHopeless = false;
      this.#relieve();
    }
    return wait;
  };

  async #connect(connect: DecodedConnect, link: Link): Promise<void> {
    const { options, sessions } = this.#broker;
    const clientId = connect.clientId || `${options.clientIdPrefix ?? ''}${randomUUID()}`;
    this.#who = { clientId, username: connect.username, address: this.#address };
    if (options.controlCharacters === 'refused' && namesWithControls(connect)) {
      // A client of MQTT 3.1.1 cannot be told.
      if (connect.protocolVersion === 4) link.destroy();
      else link.refuse(hasControls(clientId) ? 0x85 : 0x81);
      return;
    }
    const verdict = options.authenticate?.(connect, this.#address) ?? 0;
    const reasonCode = typeof verdict === 'number' ? verdict : await verdict;
    if (link.state.phase !== 'handshake') return; // The client did not wait.
    const will = connect.will && this.#mayPublish(connect.will);
    const refusal = reasonCode || will || 0;
    if (refusal !== 0) {
      link.refuse(refusal);
      return;
    }
    const properties = connackOf(options, this.#broker.limits, connect, clientId);
    if (!connackFits(link.state, clientId, properties)) {
      link.refuse(0x95);
      return;
    }
    const session = sessions.open(clientId, connect.cleanStart);
    if (session === undefined) {
      link.refuse(0x97);
      return;
    }
    const state = session.stateFor(connect.protocolVersion);
    // Before it is accepted: what the client has said meanwhile is told, and what waits for it written, at once.
    this.#session = session;
    const expiry = Math.min(link.state.terms.sessionExpiryInterval, this.#broker.limits.sessionExpiry);
    session.join(this, expiry);
    link.accept({ clientId, session: state, properties });
    // What was passed on when a connection ended, before the client could be told.
    for (const packetId of unacknowledged(state)) link.acknowledge(packetId);
  }

  #mayPublish({ topic, payload }: DecodedWill): number {
    return this.#broker.authorizePublish(this.#who, topic, payload);
  }

  /** A message came, and is passed on. Gives what to wait for before more is read. */
  #publish(packet: DecodedPublish, link: Link): Promise<void> | undefined {
    if (this.#isOdd(packet, link)) return undefined;
    const message = messageOf(packet, this.#who.clientId, Date.now());
    const reasonCode = this.#broker.verdict(this.#who, message);
    if (reasonCode !== 0 && this.#broker.options.refusals === 'disconnect') {
      if (packet.qos === 0 || this.version === 4) {
        link.disconnect({ reasonCode });
        return undefined;
      }
    }
    // The answer stands before a copy that comes back; where there is a store, it waits until that knows all copies.
    const { journal } = this.#broker.options;
    if (journal === undefined) this.#acknowledge(packet, reasonCode, link);
    const crowded = reasonCode === 0 ? this.#broker.publish(message) : undefined;
    if (journal !== undefined) this.#acknowledge(packet, reasonCode, link);
    return crowded === this ? undefined : crowded?.whenRelieved();
  }

  #acknowledge(packet: DecodedPublish, verdict: ReturnType<Broker['verdict']>, link: Link): void {
    if (packet.packetId === undefined || !this.#acknowledges) return;
    // MQTT 3.1.1 has no Reason Codes: there the message is acknowledged all the same (MQTT-3.3.5-2).
    const unheard = verdict === 0 && this.version === 5 && this.#broker.tellsNoSubscribers(packet);
    const reasonCode = unheard ? 0x10 : verdict;
    link.acknowledge(packet.packetId, reasonCode === 0 ? undefined : { reasonCode });
  }

  /** Whether a packet has names that are refused: then the connection ends. */
  #isOdd(packet: DecodedPacket, link: Link): boolean {
    if (this.#broker.options.controlCharacters !== 'refused' || !namesWithControls(packet)) return false;
    link.disconnect({ reasonCode: 0x81 });
    return true;
  }

  #answer(packet: DecodedSubscribe | DecodedUnsubscribe, link: Link): void {
    const session = this.#session;
    if (session === undefined || this.#isOdd(packet, link)) return;
    if (packet.type === 'unsubscribe') {
      link.answer(packet.packetId, unsubscribe(this.#broker, session, packet));
      this.#broker.options.journal?.described(session);
      return;
    }
    const { reasonCodes, retained } = subscribe(this.#broker, session, this, packet);
    this.#broker.options.journal?.described(session);
    link.answer(packet.packetId, reasonCodes);
    for (const { message, grant } of retained) this.forward(message, grant, true);
  }

  #settled(token: number, event: Extract<EndpointEvent, { type: 'settled' | 'refused' }>): void {
    const outcome = event.type === 'settled' ? event.outcome : undefined;
    this.#session?.settled(token, outcome?.kind === 'session-lost' ? outcome.progress : undefined);
  }

  #willDue(will: DecodedWill, at: number): void {
    const session = this.#session;
    if (session === undefined) return;
    // Its Message Expiry Interval begins when it is published, which the end of the session may bring forward.
    const message = (now: number): Message => owned(messageOf(will, session.clientId, now));
    this.#broker.sessions.willDue(session, this, message, at);
  }

  #ended(sessionExpiryInterval: number | undefined): void {
    this.#broker.connections.delete(this);
    this.#held.clear();
    this.#relieve();
    if (this.#session === undefined || sessionExpiryInterval === undefined) return;
    this.#broker.sessions.left(this.#session, this, sessionExpiryInterval);
  }

  // Backpressure.

  #hold(message: Message, grant: Grant, retain: boolean): void {
    const { queuedMessages, queuedBytes } = this.#broker.limits;
    const { size, bytes } = this.#held;
    if (size >= queuedMessages || bytes + message.payload.length > queuedBytes) return;
    this.#held.push({ message: owned(message), grant, retain });
    if (size === 0) void this.#drain();
  }

  async #drain(): Promise<void> {
    while (this.#held.size > 0 && this.#link !== undefined) {
      await this.#link.whenWritable();
      if (!this.isStanding) return;
      const now = Date.now();
      while (this.#held.size > 0 && !this.#link.blocked) {
        const { message, grant, retain } = this.#held.shift();
        if (!isExpired(message, now)) this.#send(message, grant, retain);
      }
    }
  }

  #relieve(): void {
    this.#relief?.resolve();
    this.#relief = undefined;
  }
}
