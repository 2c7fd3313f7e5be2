/**
 * Joins a client's connection to one that is made for it to another server, packet by packet: whatever one side has
 * to acknowledge, it acknowledges when the other side has.
 *
 * The server behind it decides everything: who may connect, what a subscription gets, what is retained. The bridge
 * keeps nothing, so that sessions end with their connection, and their clients are told.
 */
import type { Link, LinkHandler } from '../../../src/adapters/common.js';
import {
  type ConnackProperties,
  type ConnectedAction,
  type ConnectPacket,
  clientConnection,
  type DecodedConnect,
  type DecodedPublish,
  Endpoint,
  type EndpointEvent,
  type Outcome,
  type SendablePublish,
  serverConnection,
} from '../../../src/index.js';

/** Makes the connection to the server behind the bridge. */
export type ConnectOn = (endpoint: Endpoint, handler: LinkHandler) => Link;

export class Bridge {
  /** For the client that has just connected, with {@link onClient}. */
  readonly endpoint: Endpoint = new Endpoint(
    serverConnection({ acknowledgements: 'manual', announced: { topicAliasMaximum: 16 } }),
    { copy: true },
  );
  readonly #connectOn: ConnectOn;
  #client: Link | undefined;
  #server: Link | undefined;
  #isAccepted = false;

  constructor(connectOn: ConnectOn) {
    this.#connectOn = connectOn;
  }

  /** What the client's side tells. What the other side cannot take yet holds up reading. */
  readonly onClient: LinkHandler = (events, link) => {
    this.#client = link;
    for (const event of events) this.#fromClient(event, link);
    return this.#server?.blocked === true ? this.#server.whenWritable() : undefined;
  };

  #fromClient(event: EndpointEvent, link: Link): void {
    const server = this.#server;
    if (event.type === 'connectRequested') this.#begin(event.packet);
    else if (event.type === 'deliver') server?.send(forwarded(event.packet), tokenOf(event.packet));
    else if (event.type === 'requestReceived') {
      const { packetId: token, ...packet } = event.packet;
      server?.send(packet, { token: `request ${token}` });
    } else if (event.type === 'settled') acknowledge(server, event.token, event.outcome);
    else if (event.type === 'refused') link.destroy(event.error);
    else if (event.type === 'willDiscarded') server?.disconnect();
    // Without a goodbye of the client there is none of ours, and the server publishes the will.
    else if (event.type === 'ended') server?.destroy();
  }

  #begin(packet: DecodedConnect): void {
    // Without a Receive Maximum, as many as servers of MQTT 3.1.1 commonly take by default.
    const maximumInFlight = packet.protocolVersion === 4 ? 20 : undefined;
    const connect = onward(packet);
    const options = { connect, maximumInFlight, acknowledgements: 'manual' } as const;
    this.#server = this.#connectOn(new Endpoint(clientConnection(options), { copy: true }), this.#onServer);
    void this.#server.closed.then(({ cause }) => {
      if (!this.#isAccepted) this.#client?.refuse(0x88);
      else if (cause !== 'ended') this.#client?.disconnect({ reasonCode: 0x8b });
    });
  }

  readonly #onServer: LinkHandler = (events, link) => {
    for (const event of events) this.#fromServer(event, link);
    return this.#client?.blocked === true ? this.#client.whenWritable() : undefined;
  };

  #fromServer(event: EndpointEvent, link: Link): void {
    const client = this.#client;
    if (event.type === 'connected') {
      this.#isAccepted = true;
      client?.accept({ clientId: event.clientId, properties: terms(event) });
    } else if (event.type === 'connectRefused') {
      this.#isAccepted = true;
      client?.refuse(event.packet.reasonCode, event.packet.properties);
    } else if (event.type === 'deliver') client?.send(forwarded(event.packet), tokenOf(event.packet));
    else if (event.type === 'settled') this.#onAnswer(event.token, event.outcome);
    else if (event.type === 'refused') link.destroy(event.error);
    else if (event.type === 'disconnectReceived') {
      const { reasonCode, properties } = event.packet;
      client?.disconnect({ reasonCode, properties });
    }
  }

  #onAnswer(token: string | number | undefined, outcome: Outcome): void {
    const client = this.#client;
    if (typeof token !== 'string') acknowledge(client, token, outcome);
    else if (outcome.kind === 'acknowledged') {
      const { packet } = outcome;
      const packetId = Number(token.slice('request '.length));
      if (packet.type === 'suback' || packet.type === 'unsuback') {
        client?.answer(packetId, packet.reasonCodes ?? [], packet.properties);
      }
    }
  }
}

/** The CONNECT for the server: the client's own, with a session that ends with the connection. */
function onward(packet: DecodedConnect): ConnectPacket {
  if (packet.protocolVersion === 4) return { ...packet, cleanStart: true };
  const { properties = {}, ...rest } = packet;
  // How much each side takes, each says for itself; nobody has more under way than the other can take.
  const { receiveMaximum = 100 } = properties;
  const limits = {
    receiveMaximum,
    topicAliasMaximum: 16,
    sessionExpiryInterval: 0,
    maximumPacketSize: undefined,
  };
  return { ...rest, cleanStart: true, properties: { ...properties, ...limits } };
}

/** What the server has said of itself, for the client. */
function terms({ packet, keepAlive }: ConnectedAction): ConnackProperties {
  const {
    topicAliasMaximum: _,
    maximumPacketSize: __,
    assignedClientIdentifier: ___,
    ...said
  } = packet?.properties ?? {};
  return { ...said, serverKeepAlive: keepAlive, sessionExpiryInterval: 0 };
}

function forwarded({ topic, payload, qos, retain, properties }: DecodedPublish): SendablePublish {
  return { type: 'publish', topic, payload, qos, retain, properties };
}

/** The identifier under which a message came, so that it is acknowledged when it has arrived. */
function tokenOf({ packetId }: DecodedPublish): { readonly token?: number } {
  return packetId === undefined ? {} : { token: packetId };
}

function acknowledge(link: Link | undefined, token: string | number | undefined, outcome: Outcome): void {
  if (typeof token !== 'number') return;
  if (outcome.kind === 'acknowledged') link?.acknowledge(token);
  else if (outcome.kind === 'refused') link?.acknowledge(token, { reasonCode: outcome.packet.reasonCode });
  else if (outcome.kind === 'unsendable' || outcome.kind === 'expired')
    link?.acknowledge(token, { reasonCode: 0x83 });
}
