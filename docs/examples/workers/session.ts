/** A session: JSON messages on a WebSocket, and for each what MQTT makes of it. */
import type { ServerSocket } from '../../../src/adapters/workers.js';
import type { DecodedPublish, DecodedSuback, Subscription } from '../../../src/index.js';
import type { Client } from '../client/client.js';
import { ClientEndedError } from '../client/errors.js';
import type { ClientEvent } from '../client/options.js';
import { FieldError, Fields } from '../fields/fields.js';
import { type Broker, brokerOf, connectTo, reasonOf } from './broker.js';
import type { Limits } from './limits.js';
import { publishOf, shown, subscriptionsOf } from './packets.js';

interface Connection {
  readonly broker: Broker;
  readonly client: Client;
}

const NOT_CONNECTED = 'there is no connection to the broker';

export class Session {
  /** Settles when all is over. */
  readonly over: Promise<void>;
  readonly #socket: ServerSocket;
  readonly #limits: Limits;
  readonly #timers: ReturnType<typeof setTimeout>[];
  #query = new Fields({});
  #connection: Connection | undefined;
  /** What was asked of the broker, and is not answered. */
  #requests = 0;
  #isOver = false;
  #settle = (): void => {};

  /** `readQuery` throws FieldError for what the user has to be told. */
  constructor(socket: ServerSocket, readQuery: () => Fields, limits: Limits) {
    this.#socket = socket;
    this.#limits = limits;
    this.over = new Promise((resolve) => {
      this.#settle = resolve;
    });
    socket.addEventListener('message', ({ data }) => {
      if (!this.#isOver) void this.#take(() => this.#onMessage(data));
    });
    // Only `disconnect` is a goodbye: after any other end the broker publishes the will.
    for (const type of ['close', 'error'] as const) socket.addEventListener(type, () => this.#leave(0x04));
    socket.accept();
    const tooLong = (): void => this.#fail('the session has lasted as long as it may');
    const tooLate = (): void => {
      if (this.#connection === undefined) this.#fail('host: no message of type connect has come');
    };
    this.#timers = [
      setTimeout(tooLong, limits.sessionMilliseconds),
      setTimeout(tooLate, limits.firstMessageMilliseconds),
    ];
    const begin = (): void => {
      this.#query = readQuery();
      if (this.#query.value('host') !== undefined) this.#begin(this.#query);
    };
    void this.#take(begin, { isFatal: true });
  }

  // What the user says.

  /** Does what is asked for, and tells what is wrong with it. */
  async #take(
    work: () => void | Promise<void>,
    { ref, isFatal = false }: { readonly ref?: unknown; readonly isFatal?: boolean } = {},
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      // Why the client has ended is told by itself.
      if (!(error instanceof Error) || error instanceof ClientEndedError) return;
      const { field, more } = error instanceof FieldError ? error : { field: undefined, more: {} };
      this.#tell({ type: 'error', message: error.message, field, fatal: isFatal, ref, ...more });
      if (isFatal) this.#close(1008);
    }
  }

  async #onMessage(data: unknown): Promise<void> {
    if (typeof data !== 'string')
      throw new FieldError('message', 'it has to be text with a JSON object in it');
    const { bodyBytes } = this.#limits;
    if (data.length > bodyBytes) throw new FieldError('message', `it may have ${bodyBytes} characters`);
    const fields = Fields.parse(data, 'message');
    const type = fields.required('type');
    const ref = fields.value('ref');
    if (!['undefined', 'string', 'number'].includes(typeof ref))
      throw fields.error('ref', 'it has to be a string or a number');
    if (type === 'connect' && this.#connection === undefined) this.#begin(this.#query.with(fields));
    else if (type === 'disconnect') this.#leave(0x00);
    else if (this.#connection === undefined) throw fields.error('type', 'it has to be connect at first');
    else if (this.#requests >= this.#limits.requests) throw new Error('too much is under way already');
    else {
      const connection = this.#connection;
      this.#requests++;
      await this.#take(() => this.#carryOut(type, fields, connection, ref), { ref });
      this.#requests--;
    }
  }

  #begin(fields: Fields): void {
    const broker = brokerOf(fields, this.#limits);
    const hasTopics = fields.value('topics') !== undefined;
    const topics = hasTopics ? subscriptionsOf(fields, broker.version, this.#limits) : [];
    const { attempts, retryMilliseconds: initial, maximumRetryMilliseconds: maximum } = this.#limits;
    const client = connectTo(broker, {
      retry: { first: false, attempts, initial, maximum },
      onEvent: (event) => this.#onEvent(event, broker),
      onMessage: (packet) => this.#deliver(packet),
    });
    this.#connection = { broker, client };
    void client.follow(topics);
    void client.closed.then((error) => error && this.#fail(reasonOf(error, broker)));
  }

  async #carryOut(type: string, fields: Fields, connection: Connection, ref: unknown): Promise<void> {
    const { client, broker } = connection;
    const topics = (): Subscription[] => subscriptionsOf(fields, broker.version, this.#limits);
    if (type === 'publish') await this.#publish(fields, connection, ref);
    else if (type === 'subscribe') await this.#subscribe(topics(), client, ref);
    else if (type === 'unsubscribe') {
      const names = topics().map(({ topicFilter }) => topicFilter);
      if (client.connected === undefined) throw new Error(NOT_CONNECTED);
      const messageId = (await client.unsubscribe(names))?.packetId;
      this.#tell({ type: 'unsubscribed', messageId, topics: names, ref });
    } else if (type !== 'ping') {
      throw fields.error('type', 'it has to be publish, subscribe, unsubscribe, ping or disconnect');
    } else if (!client.ping()) throw new Error(NOT_CONNECTED);
  }

  async #publish(fields: Fields, { client, broker: { version } }: Connection, ref: unknown): Promise<void> {
    const { topic, payload, ...options } = publishOf(fields, version, this.#limits);
    const { qos } = options;
    // Only what has an acknowledgement waits for the next connection.
    if (qos === 0 && client.connected === undefined) throw new Error(NOT_CONNECTED);
    const outcome = await client.publish(topic, payload, options);
    const messageId = outcome.kind === 'sent' ? null : outcome.packet.packetId;
    if (qos === 1) this.#tell({ type: 'puback', messageId });
    const reasonCode = outcome.kind === 'acknowledged' && version === 5 ? outcome.reasonCode : undefined;
    this.#tell({ type: 'published', topic, qos, messageId, reasonCode, ref });
  }

  async #subscribe(topics: readonly Subscription[], client: Client, ref: unknown): Promise<void> {
    const names = new Set([...client.following.filters, ...topics.map(({ topicFilter }) => topicFilter)]);
    const { subscriptions } = this.#limits;
    if (names.size > subscriptions)
      throw new FieldError('topics', `a session may have ${subscriptions} of them`);
    this.#subscribed(topics, await client.follow(topics), ref);
  }

  // What the broker says.

  #onEvent(event: ClientEvent, broker: Broker): void {
    if (event.type === 'connected') {
      const { clientId, sessionPresent } = event;
      this.#tell({ type: 'connected', host: broker.host, port: broker.port, clientId, sessionPresent });
    } else if (event.type === 'lost' && event.retryIn !== undefined) {
      const retryIn = Math.round(event.retryIn);
      this.#tell({ type: 'reconnecting', message: reasonOf(event.error, broker), retryIn });
    } else if (event.type === 'pingAnswered') this.#tell({ type: 'pong' });
    else if (event.type === 'followed') {
      const { subscriptions, answer } = event;
      if (answer instanceof Error) this.#tell({ type: 'error', message: answer.message, fatal: false });
      else this.#subscribed(subscriptions, answer);
    }
  }

  #subscribed(topics: readonly Subscription[], answer: DecodedSuback | undefined, ref?: unknown): void {
    // Without an answer they are asked for again on the next connection.
    if (answer === undefined) return;
    const { packetId: messageId, reasonCodes: grantedQoS } = answer;
    const names = topics.map(({ topicFilter }) => topicFilter);
    this.#tell({ type: 'subscribed', messageId, grantedQoS, topics: names, ref });
  }

  /** What nobody was told, the broker keeps for the next connection. */
  #deliver(packet: DecodedPublish): void | Promise<void> {
    if (!this.#tell(shown(packet)) && !this.#isOver) throw new Error('the WebSocket is closed');
    return this.#socket.bufferedAmount > this.#limits.unreadBytes ? this.#drained() : undefined;
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

  #fail(message: string): void {
    this.#tell({ type: 'error', message, fatal: true });
    this.#leave(0x04, 1011);
  }

  /** Says DISCONNECT, with the will (0x04) or without, and closes the WebSocket. */
  #leave(reasonCode: 0x00 | 0x04, code = 1000): void {
    if (this.#isOver) return;
    const { client, broker } = this.#connection ?? {};
    const isClean = broker?.version === 5 && broker.cleanSession;
    const properties = isClean ? { sessionExpiryInterval: 0 } : undefined;
    this.#close(code, client?.end({ reasonCode, properties }));
  }

  #close(code: number, ended = Promise.resolve()): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    void ended.then(this.#settle);
    try {
      this.#socket.close(code);
    } catch {
      // It is closed.
    }
  }

  /** False: the WebSocket is closed, and an event will say so. */
  #tell(message: object): boolean {
    if (this.#isOver) return false;
    try {
      this.#socket.send(JSON.stringify(message));
      return true;
    } catch {
      return false;
    }
  }
}
