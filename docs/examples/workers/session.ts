/** A session: JSON messages on a WebSocket, and for each what MQTT makes of it. */
import type {
  ConnectedAction,
  EndpointEvent,
  Outcome,
  SendablePacket,
  Subscription,
} from '../../../src/index.js';
import { PublishError } from '../client/errors.js';
import type { Line } from '../client/line.js';
import type { ClientEvent } from '../client/options.js';
import { FieldError, Fields } from '../fields/fields.js';
import { type Broker, brokerOf, lineTo, reasonOf } from './broker.js';
import type { Limits } from './limits.js';
import { publishOf, shown, subscriptionsOf, type Version } from './packets.js';

/** What a session needs of a WebSocket. */
export interface Socket {
  readonly bufferedAmount: number;
  accept(): void;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close' | 'error', listener: () => void): void;
}

/** Something asked of the broker, until it is answered. */
interface Request {
  readonly packet: SendablePacket;
  /** The user's own name for it. */
  readonly ref: unknown;
}

const REFUSALS: Readonly<Record<string, string>> = {
  'not-connected': 'there is no connection to the broker',
  blocked: 'the broker does not keep up, and messages of QoS 0 do not wait',
  'queue-full': 'too many messages wait for the broker',
};

export class Session {
  /** Settles when all is over. */
  readonly over: Promise<void>;
  readonly #socket: Socket;
  #query = new Fields({});
  readonly #limits: Limits;
  readonly #abort = new AbortController();
  readonly #requests = new Map<number, Request>();
  /** What the user has subscribed to, and whether the broker knows. */
  readonly #subscriptions = new Map<string, { readonly subscription: Subscription; isGranted: boolean }>();
  readonly #timers: ReturnType<typeof setTimeout>[] = [];
  #broker: Broker | undefined;
  #line: Line | undefined;
  #tokens = 0;
  #isOver = false;
  #settle = (): void => {};

  /** `readQuery` throws FieldError for what the user has to be told. */
  constructor(socket: Socket, readQuery: () => Fields, limits: Limits) {
    this.#socket = socket;
    this.#limits = limits;
    this.over = new Promise((resolve) => {
      this.#settle = resolve;
    });
    socket.addEventListener('message', ({ data }) => {
      if (!this.#isOver) this.#take(() => this.#onMessage(data));
    });
    // Only `disconnect` is a goodbye: after any other end the broker publishes the will.
    for (const type of ['close', 'error'] as const) socket.addEventListener(type, () => this.#leave(0x04));
    socket.accept();
    this.#after(limits.sessionMilliseconds, 'the session has lasted as long as it may');
    this.#after(limits.firstMessageMilliseconds, 'host: no message of type connect has come', true);
    this.#take(() => {
      this.#query = readQuery();
      if (this.#query.value('host') !== undefined) this.#begin(this.#query);
    }, true);
  }

  // What the user says.

  #take(work: () => void, isFatal = false): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      const { field, message, more } = error;
      this.#tell({ type: 'error', message, field, fatal: isFatal, ...more });
      if (isFatal) this.#close(1008);
    }
  }

  #onMessage(data: unknown): void {
    if (typeof data !== 'string')
      throw new FieldError('message', 'it has to be text with a JSON object in it');
    const { bodyBytes } = this.#limits;
    if (data.length > bodyBytes) throw new FieldError('message', `it may have ${bodyBytes} characters`);
    const fields = Fields.parse(data, 'message');
    const type = fields.required('type');
    const ref = fields.value('ref');
    if (!['undefined', 'string', 'number'].includes(typeof ref))
      throw fields.error('ref', 'it has to be a string or a number');
    if (type === 'connect' && this.#line === undefined) this.#begin(this.#query.with(fields));
    else if (type === 'disconnect') this.#leave(0x00);
    else if (this.#broker === undefined) throw fields.error('type', 'it has to be connect at first');
    else this.#carryOut(type, fields, this.#broker.version, ref);
  }

  #carryOut(type: string, fields: Fields, version: Version, ref: unknown): void {
    if (type === 'publish') this.#ask(publishOf(fields, version, this.#limits), ref);
    else if (type === 'subscribe') this.#subscribe(subscriptionsOf(fields, version, this.#limits), ref);
    else if (type === 'unsubscribe') {
      const topicFilters = subscriptionsOf(fields, version, this.#limits).map(
        ({ topicFilter }) => topicFilter,
      );
      this.#ask({ type: 'unsubscribe', topicFilters }, ref);
    } else if (type !== 'ping') {
      throw fields.error('type', 'it has to be publish, subscribe, unsubscribe, ping or disconnect');
    } else if (this.#line?.connected === undefined) this.#refused(REFUSALS['not-connected'], ref);
    else this.#line.link?.ping();
  }

  #begin(fields: Fields): void {
    const broker = brokerOf(fields, this.#limits);
    const topics =
      fields.value('topics') === undefined ? [] : subscriptionsOf(fields, broker.version, this.#limits);
    const { attempts, retryMilliseconds: initial, maximumRetryMilliseconds: maximum } = this.#limits;
    const retry = { first: false, attempts, initial, maximum };
    const told = (events: readonly EndpointEvent[]) => this.#told(events);
    const line = lineTo(broker, this.#abort.signal, told, { retry }, (event) => this.#onLine(event));
    this.#broker = broker;
    this.#line = line;
    this.#subscribe(topics, undefined);
    void line.run().then((error) => {
      if (error !== undefined) this.#fail(reasonOf(error, broker));
    });
  }

  #subscribe(wanted: readonly Subscription[], ref: unknown): void {
    const names = new Set([...this.#subscriptions.keys(), ...wanted.map(({ topicFilter }) => topicFilter)]);
    const { subscriptions } = this.#limits;
    if (names.size > subscriptions)
      throw new FieldError('topics', `a session may have ${subscriptions} of them`);
    for (const subscription of wanted) {
      this.#subscriptions.set(subscription.topicFilter, { subscription, isGranted: false });
    }
    // Without a connection they wait for the next one.
    if (this.#line?.connected !== undefined && wanted.length > 0) {
      this.#ask({ type: 'subscribe', subscriptions: wanted }, ref);
    }
  }

  #ask(packet: SendablePacket, ref: unknown): void {
    if (this.#requests.size >= this.#limits.requests) {
      this.#refused('too much is under way already', ref);
      return;
    }
    const token = ++this.#tokens;
    this.#requests.set(token, { packet, ref });
    this.#line?.send(packet, { token });
  }

  // What the broker says.

  #told(events: readonly EndpointEvent[]): void | Promise<void> {
    for (const event of events) this.#on(event);
    return this.#socket.bufferedAmount > this.#limits.unreadBytes ? this.#drained() : undefined;
  }

  #on(event: EndpointEvent): void {
    if (event.type === 'deliver') {
      const { packetId } = event.packet;
      // What nobody was told, the broker keeps for the next connection.
      const isTold = !this.#isOver && this.#tell(shown(event.packet));
      if (isTold && packetId !== undefined) this.#line?.acknowledge(packetId);
    } else if (event.type === 'connected') this.#onConnected(event);
    else if (event.type === 'pingAnswered') this.#tell({ type: 'pong' });
    else if (event.type === 'settled' || event.type === 'refused') {
      const request = this.#requests.get(Number(event.token));
      this.#requests.delete(Number(event.token));
      if (request === undefined) return;
      if (event.type === 'settled') this.#settled(event.outcome, request);
      else this.#refused(REFUSALS[event.error.code] ?? event.error.message, request.ref);
    }
  }

  #settled(outcome: Outcome, { packet, ref }: Request): void {
    if (packet.type === 'publish') {
      if (outcome.kind !== 'sent' && outcome.kind !== 'acknowledged') {
        this.#refused(new PublishError(outcome).message, ref);
        return;
      }
      const messageId = outcome.kind === 'sent' ? null : outcome.packet.packetId;
      const { topic, qos } = packet;
      if (qos === 1) this.#tell({ type: 'puback', messageId });
      const code = outcome.kind === 'acknowledged' && this.#broker?.version === 5 && outcome.reasonCode;
      const reasonCode = code === false ? undefined : code;
      this.#tell({ type: 'published', topic, qos, messageId, reasonCode, ref });
    } else if (outcome.kind !== 'acknowledged') {
      // Subscriptions are asked for again on the next connection.
      if (packet.type === 'unsubscribe') this.#refused('the connection was lost before UNSUBACK came', ref);
    } else this.#answered(packet, outcome.packet, ref);
  }

  #answered(
    packet: Exclude<SendablePacket, { type: 'publish' }>,
    answer: Extract<Outcome, { kind: 'acknowledged' }>['packet'],
    ref: unknown,
  ): void {
    const { packetId: messageId } = answer;
    const codes = 'reasonCodes' in answer ? (answer.reasonCodes ?? []) : [];
    if (packet.type === 'unsubscribe') {
      for (const topic of packet.topicFilters) this.#subscriptions.delete(topic);
      this.#tell({ type: 'unsubscribed', messageId, topics: packet.topicFilters, ref });
      return;
    }
    const topics = packet.subscriptions.map(({ topicFilter }) => topicFilter);
    for (const [index, topic] of topics.entries()) {
      const known = this.#subscriptions.get(topic);
      if ((codes[index] ?? 0x80) >= 0x80) this.#subscriptions.delete(topic);
      else if (known !== undefined) known.isGranted = true;
    }
    this.#tell({ type: 'subscribed', messageId, grantedQoS: codes, topics, ref });
  }

  #onConnected({ clientId, sessionPresent }: ConnectedAction): void {
    const { host, port } = this.#broker ?? {};
    this.#tell({ type: 'connected', host, port, clientId, sessionPresent });
    const due = [...this.#subscriptions.values()].filter((one) => !sessionPresent || !one.isGranted);
    for (const one of due) one.isGranted = false;
    const subscriptions = due.map(({ subscription }) => subscription);
    if (subscriptions.length > 0) this.#ask({ type: 'subscribe', subscriptions }, undefined);
  }

  #onLine(event: ClientEvent): void {
    const broker = this.#broker;
    if (broker === undefined) return;
    if (event.type === 'lost' && event.retryIn !== undefined && !this.#isOver) {
      const { error, retryIn } = event;
      this.#tell({ type: 'reconnecting', message: reasonOf(error, broker), retryIn: Math.round(retryIn) });
    }
  }

  /** Settles when the browser has read enough; one that does not is left. */
  async #drained(): Promise<void> {
    const { unreadBytes, unreadMilliseconds } = this.#limits;
    for (let waited = 0; this.#socket.bufferedAmount > unreadBytes / 2 && !this.#isOver; waited += 20) {
      if (waited >= unreadMilliseconds) this.#fail('messages come faster than they are read');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  // The end.

  #after(milliseconds: number, message: string, isForFirst = false): void {
    const act = (): void => {
      if (!isForFirst || this.#line === undefined) this.#fail(message);
    };
    this.#timers.push(setTimeout(act, milliseconds));
  }

  #fail(message: string): void {
    if (this.#isOver) return;
    this.#tell({ type: 'error', message, fatal: true });
    this.#leave(0x04, 1011);
  }

  /** Says DISCONNECT, with the will (0x04) or without, and closes the WebSocket. */
  #leave(reasonCode: 0x00 | 0x04, code = 1000): void {
    if (this.#isOver) return;
    const { link } = this.#line ?? {};
    const isClean = this.#broker?.version === 5 && this.#broker.cleanSession;
    link?.disconnect({ reasonCode, ...(isClean && { properties: { sessionExpiryInterval: 0 } }) });
    this.#close(code);
  }

  #close(code: number): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    const { link } = this.#line ?? {};
    void (link?.closed ?? Promise.resolve()).then(() => {
      this.#abort.abort();
      this.#settle();
    });
    try {
      this.#socket.close(code);
    } catch {
      // It is closed.
    }
  }

  #refused(message: string | undefined, ref: unknown): void {
    this.#tell({ type: 'error', message, fatal: false, ref });
  }

  /** False: the WebSocket is closed, and an event will say so. */
  #tell(message: object): boolean {
    try {
      this.#socket.send(JSON.stringify(message));
      return true;
    } catch {
      return false;
    }
  }
}
