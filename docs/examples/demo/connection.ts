/** The broker's side of one connection. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  type ConnackProperties,
  ConnectReturnCode,
  type DecodedConnect,
  type DecodedDisconnect,
  type DecodedPacket,
  type DecodedPublish,
  type DecodedSubscribe,
  type DecodedSubscription,
  type DecodedUnsubscribe,
  type DisconnectReasonCode,
  isSharedFilter,
  MalformedPacketError,
  type MqttError,
  PacketTooLargeError,
  ReasonCode,
  type SubackReasonCode,
  UnsupportedVersionError,
} from '../../../src/index.js';
import type { Broker } from './broker.js';
import { Outbox } from './outbox.js';
import type { Exchange } from './transcript.js';
import { Wire } from './wire.js';

const CONNECT_TIMEOUT = 10_000;

/** A message on its way: what was published, or a will. */
export type Published = Pick<DecodedPublish, 'topic' | 'payload' | 'qos' | 'retain' | 'properties'>;

interface Subscription {
  readonly options: DecodedSubscription;
  readonly identifier: number | undefined;
}

/** What a connection is from its CONNECT on. */
interface Client {
  readonly id: string;
  readonly connect: DecodedConnect;
  readonly outbox: Outbox;
}

export class Connection {
  readonly #broker: Broker;
  readonly #wire: Wire;
  #client: Client | undefined;
  /** Ends the connection of a peer that does not say CONNECT, or does not keep alive. */
  #timer: NodeJS.Timeout | undefined;
  /** The Will Message, while it is due. */
  #will: DecodedConnect['will'];
  readonly #subscriptions = new Map<string, Subscription>();
  /** Packet identifiers of the QoS 2 messages that came and are not released yet. */
  readonly #unreleased = new Set<number>();

  constructor(broker: Broker, socket: Socket, listen: (exchange: Exchange) => void) {
    this.#broker = broker;
    const events = {
      packet: (packet: DecodedPacket) => this.#handle(packet),
      broken: (error: MqttError) => this.#refuse(error),
      closed: () => this.#clean(),
    };
    this.#wire = new Wire(socket, 'server', events, listen);
    this.#timer = setTimeout(() => this.close(), CONNECT_TIMEOUT);
  }

  /** Sends a message that one of this client's subscriptions matches. */
  deliver(message: Published, filter: string, publisher: Connection): void {
    const subscription = this.#subscriptions.get(filter);
    if (subscription === undefined || this.#client === undefined) return;
    const { options, identifier } = subscription;
    if (options.noLocal === true && publisher === this) return;
    const { topic, payload, properties } = message;
    const kept = this.#client.outbox.publish({
      topic,
      payload,
      qos: message.qos < options.qos ? message.qos : options.qos,
      // Only a subscription of MQTT 5.0 can ask for what the publisher said.
      retain: options.retainAsPublished === true && message.retain,
      properties:
        identifier === undefined
          ? { ...properties }
          : { ...properties, subscriptionIdentifiers: [identifier] },
    });
    if (!kept) this.close(ReasonCode.QuotaExceeded);
  }

  /** Ends the connection; a client of MQTT 5.0 is told why. */
  close(reasonCode: DisconnectReasonCode = ReasonCode.ServerShuttingDown): void {
    if (this.#client?.connect.protocolVersion === 5) this.#wire.send({ type: 'disconnect', reasonCode });
    this.#wire.end();
  }

  #handle(packet: DecodedPacket): void {
    if (this.#client !== undefined) this.#timer?.refresh();
    // The parser lets nothing but a CONNECT be the first packet, and no server's packet through.
    switch (packet.type) {
      case 'connect':
        if (this.#client === undefined) this.#open(packet);
        else this.close(ReasonCode.ProtocolError);
        break;
      case 'publish':
        this.#receive(packet);
        break;
      case 'pubrel':
        this.#release(packet.packetId);
        break;
      case 'puback':
      case 'pubrec':
      case 'pubcomp':
        this.#client?.outbox.acknowledged(packet);
        break;
      case 'subscribe':
        this.#subscribe(packet);
        break;
      case 'unsubscribe':
        this.#unsubscribe(packet);
        break;
      case 'pingreq':
        this.#wire.send({ type: 'pingresp' });
        break;
      case 'disconnect':
        this.#leave(packet);
        break;
      default:
        // An AUTH that nobody asked for.
        this.close(ReasonCode.ProtocolError);
    }
  }

  #open(connect: DecodedConnect): void {
    const refusal = refusalOf(connect);
    if (refusal !== undefined) {
      this.#wire.send({ type: 'connack', sessionPresent: false, reasonCode: refusal });
      this.#wire.end();
      return;
    }
    const id = connect.clientId || randomUUID();
    this.#broker.clients.get(id)?.close(ReasonCode.SessionTakenOver);
    this.#broker.clients.set(id, this);
    this.#will = connect.will;
    this.#client = {
      id,
      connect,
      outbox: new Outbox(this.#wire, connect.properties ?? {}),
    };
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const late = (): void => this.close(ReasonCode.KeepAliveTimeout);
    if (connect.keepAlive > 0) this.#timer = setTimeout(late, connect.keepAlive * 1500);
    const properties: ConnackProperties = {
      sessionExpiryInterval: 0,
      retainAvailable: 0,
      sharedSubscriptionAvailable: 0,
      ...(connect.clientId === '' ? { assignedClientIdentifier: id } : {}),
    };
    this.#wire.send({
      type: 'connack',
      sessionPresent: false,
      reasonCode: ReasonCode.Success,
      ...(connect.protocolVersion === 5 ? { properties } : {}),
    });
  }

  #receive(packet: DecodedPublish): void {
    // What CONNACK did not offer.
    if (packet.properties?.topicAlias !== undefined) this.close(ReasonCode.TopicAliasInvalid);
    else if (packet.retain && this.#wire.version === 5) this.close(ReasonCode.RetainNotSupported);
    else if (packet.qos < 2) {
      this.#broker.route(packet, this);
      if (packet.qos === 1) this.#wire.send({ type: 'puback', packetId: packet.packetId });
    } else {
      const { packetId = 0 } = packet;
      if (!this.#unreleased.has(packetId)) this.#broker.route(packet, this);
      this.#unreleased.add(packetId);
      this.#wire.send({ type: 'pubrec', packetId });
    }
  }

  #release(packetId: number): void {
    const isUnknown = !this.#unreleased.delete(packetId) && this.#wire.version === 5;
    const reasonCode = isUnknown ? ReasonCode.PacketIdentifierNotFound : undefined;
    this.#wire.send({ type: 'pubcomp', packetId, reasonCode });
  }

  #subscribe({ packetId, subscriptions, properties }: DecodedSubscribe): void {
    const isVersion5 = this.#wire.version === 5;
    const reasonCodes = subscriptions.map((options): SubackReasonCode => {
      const { topicFilter, qos } = options;
      if (isVersion5 && isSharedFilter(topicFilter)) return ReasonCode.SharedSubscriptionsNotSupported;
      this.#broker.subscriptions.add(topicFilter, this);
      this.#subscriptions.set(topicFilter, { options, identifier: properties?.subscriptionIdentifier });
      return qos;
    });
    this.#wire.send({ type: 'suback', packetId, reasonCodes });
  }

  #unsubscribe({ packetId, topicFilters }: DecodedUnsubscribe): void {
    const reasonCodes = topicFilters.map((filter) => {
      this.#subscriptions.delete(filter);
      const existed = this.#broker.subscriptions.delete(filter, this);
      return existed ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted;
    });
    this.#wire.send(
      this.#wire.version === 5 ? { type: 'unsuback', packetId, reasonCodes } : { type: 'unsuback', packetId },
    );
  }

  #leave({ reasonCode = 0, properties = {} }: DecodedDisconnect): void {
    const asked = this.#client?.connect.properties?.sessionExpiryInterval ?? 0;
    if ((properties.sessionExpiryInterval ?? 0) > 0 && asked === 0) {
      this.close(ReasonCode.ProtocolError);
      return;
    }
    if (reasonCode === ReasonCode.NormalDisconnection) this.#will = undefined;
    this.#wire.end();
  }

  /** What came is no packet. */
  #refuse(error: MqttError): void {
    if (error instanceof UnsupportedVersionError) this.#wire.end(error.reply);
    else if (error instanceof PacketTooLargeError) this.close(ReasonCode.PacketTooLarge);
    else if (error instanceof MalformedPacketError) this.close(ReasonCode.MalformedPacket);
    else this.close(ReasonCode.ProtocolError);
  }

  #clean(): void {
    clearTimeout(this.#timer);
    for (const filter of this.#subscriptions.keys()) this.#broker.subscriptions.delete(filter, this);
    const id = this.#client?.id ?? '';
    if (this.#broker.clients.get(id) === this) this.#broker.clients.delete(id);
    if (this.#will === undefined) return;
    // The delay ends with the session, which is now.
    const { willDelayInterval, ...properties } = this.#will.properties ?? {};
    this.#broker.route({ ...this.#will, properties }, this);
  }
}

/** Why a CONNECT is not accepted: in MQTT 5.0 a reason code, in MQTT 3.1.1 a return code. */
function refusalOf(connect: DecodedConnect): (typeof REFUSALS)[keyof typeof REFUSALS] | undefined {
  const { protocolVersion, clientId, cleanStart, will, properties } = connect;
  if (protocolVersion === 4) return clientId === '' && !cleanStart ? REFUSALS.nameless : undefined;
  if (properties?.authenticationMethod !== undefined) return REFUSALS.authentication;
  return will?.retain === true ? REFUSALS.retain : undefined;
}

const REFUSALS = {
  nameless: ConnectReturnCode.IdentifierRejected,
  authentication: ReasonCode.BadAuthenticationMethod,
  retain: ReasonCode.RetainNotSupported,
} as const;
