/** Requests and responses over MQTT: the example broker, with a backend that listens to one topic. */
import { type Acceptance, type Link, type Listener, listen } from '../../../src/adapters/node.js';
import { type DecodedPublish, type EndpointEvent, parseSharedFilter } from '../../../src/index.js';
import { Broker } from '../broker/broker.js';
import { later } from '../broker/later.js';
import { FieldError, type Json, own } from '../fields/fields.js';
import { Channels } from './channels.js';
import type { Config } from './config.js';
import { CONTROLLERS, type Controllers } from './controllers.js';
import { type Echo, echoOf, parse, type Request, requestOf, responseTo } from './request.js';

const NOT_AUTHORIZED = 0x87;

/** A network connection; of a client, once that has been let in. */
interface Connection {
  clientId: string;
  /** Requests that are being answered. */
  requests: number;
  /** Settles when the last response of QoS 0 has been sent: one after the other waits for the socket. */
  turn: Promise<void>;
}

export class Backend {
  readonly broker: Broker;
  readonly channels: Channels;
  readonly #config: Config;
  readonly #controllers: Controllers;
  readonly #isPublic: boolean;
  readonly #connections = new Map<string, Connection>();
  #listener: Listener | undefined;

  /** `isDevelopment`: whether the configuration may ask for the development mode. */
  constructor(config: Config, isDevelopment: boolean, controllers: Controllers = CONTROLLERS) {
    this.#config = config;
    this.#controllers = controllers;
    this.#isPublic = config.developmentMode && isDevelopment;
    this.channels = new Channels(config.limits);
    this.broker = new Broker({
      wildcards: false,
      limits: { connections: config.limits.connections },
      responsePrefix: `${config.responseTopic}/`,
      // Nobody would be there for the response to a will.
      authenticate: ({ will }) => (will?.topic === config.requestTopic ? NOT_AUTHORIZED : 0x00),
      authorizePublish: (_who, topic) => (this.#mayPublish(topic) ? 0x00 : NOT_AUTHORIZED),
      authorizeSubscribe: (_who, filter) =>
        (parseSharedFilter(filter)?.topicFilter ?? filter) === config.requestTopic ? NOT_AUTHORIZED : 0x00,
    });
  }

  /** Listens; gives the port. */
  async start(): Promise<number> {
    const { server } = this.#config;
    this.#listener = await listen({ listen: { ...server } }, ({ remoteAddress = '' }) => {
      const served = this.broker.accept(remoteAddress);
      return served && { ...served, handler: this.#between(served.handler) };
    });
    return this.#listener.port;
  }

  async close(): Promise<void> {
    const closed = this.#listener?.close();
    await this.broker.close();
    await closed;
  }

  #mayPublish(topic: string): boolean {
    const { allowPubSub, requestTopic, responseTopic } = this.#config;
    if (!allowPubSub) return topic === requestTopic;
    return topic !== responseTopic && !topic.startsWith(`${responseTopic}/`);
  }

  /** Stands between a connection and the broker, and takes what is not for the broker. */
  #between(broker: Acceptance['handler']): Acceptance['handler'] {
    const connection: Connection = { clientId: '', requests: 0, turn: Promise.resolve() };
    let isBarred = false;
    const take = (event: EndpointEvent, link: Link): boolean => {
      if (event.type === 'connected') {
        connection.clientId = event.clientId;
        this.#connections.set(event.clientId, connection);
      } else if (event.type === 'ended') this.#left(connection);
      if (event.type !== 'deliver') return false;
      const { topic, packetId } = event.packet;
      if (!isBarred && !this.#mayPublish(topic)) {
        isBarred = true;
        link.disconnect({ reasonCode: NOT_AUTHORIZED });
      }
      if (isBarred || topic !== this.#config.requestTopic) return isBarred;
      if (packetId !== undefined) link.acknowledge(packetId);
      void this.#serve(event.packet, connection, link);
      return true;
    };
    const handle: Acceptance['handler'] = (events, link) => {
      const rest = events.filter((event) => !take(event, link));
      return rest.length > 0 ? broker(rest, link) : undefined;
    };
    return (events, link) => {
      // Whoever does not read his responses has his requests wait.
      const hasToWait = link.blocked && events.some(({ type }) => type === 'deliver');
      return hasToWait ? link.whenWritable().then(() => handle(events, link)) : handle(events, link);
    };
  }

  /** The channels of a client that does not come back in time are over. */
  #left(connection: Connection): void {
    const { clientId } = connection;
    later(this.#config.disconnectDelay, () => {
      if (this.#connections.get(clientId) !== connection) return;
      this.#connections.delete(clientId);
      this.channels.leaveAll(clientId);
    });
  }

  async #serve(packet: DecodedPublish, connection: Connection, link: Link): Promise<void> {
    // The bytes of the packet are borrowed until the first wait.
    const reply = this.#replyTo(packet, connection, link);
    let echo: Echo = echoOf({});
    let response: string;
    connection.requests++;
    try {
      const { requestBytes, requests } = this.#config.limits;
      const fields = parse(packet.payload, requestBytes);
      echo = echoOf(fields.toJson());
      const request = requestOf(fields, echo);
      if (connection.requests > requests) throw new FieldError('request', 'too many are under way', 429);
      const result = this.#carryOut(request, connection.clientId);
      // Most results are there at once, and then no other request comes in between.
      response = responseTo(echo, { result: result instanceof Promise ? await result : result });
    } catch (error) {
      response = responseTo(echo, { error: error instanceof Error ? error : new Error(String(error)) });
    }
    connection.requests--;
    reply(response);
  }

  #carryOut(request: Request, clientId: string): unknown {
    const { controller, action } = request;
    const actions = own(this.#controllers, controller);
    if (actions === undefined) throw new FieldError('controller', `there is no ${controller}`, 404);
    const carryOut = own(actions, action);
    if (carryOut === undefined) throw new FieldError('action', `${controller} has no ${action}`, 404);
    const notify = (topic: string, json: Json): void => this.broker.say(topic, JSON.stringify(json));
    return carryOut(request, { clientId, channels: this.channels, notify });
  }

  /**
   * How to answer: over the connection that has asked, and over no other, with the QoS of the request. In MQTT 5.0 the
   * client may choose the topic, and what tells it the request (section 4.10); its own connection alone gets that too,
   * so that nobody can have something sent to somebody else.
   */
  #replyTo(packet: DecodedPublish, connection: Connection, link: Link): (response: string) => void {
    const { qos } = packet;
    const { responseTopic, correlationData } = packet.properties ?? {};
    const topic = responseTopic ?? this.#config.responseTopic;
    const properties = correlationData && { correlationData: correlationData.slice() };
    return (payload) => {
      if (this.#isPublic && responseTopic === undefined) return this.broker.say(topic, payload);
      const send = (): void => link.send({ type: 'publish', topic, payload, qos, properties });
      if (qos > 0) return send();
      // QoS 0 has no queue of its own. No more is read while the socket is full, so that what waits is bounded.
      connection.turn = connection.turn.then(() => link.whenWritable()).then(send);
    };
  }
}
