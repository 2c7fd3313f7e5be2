/** The messages that the broker sends to one client: packet identifiers, acknowledgements, and the client's limits. */
import {
  type DecodedPuback,
  type DecodedPubcomp,
  type DecodedPubrec,
  encodedLength,
  type PublishPacket,
  type PublishProperties,
  ReasonCode,
} from '../../../src/index.js';
import type { Wire } from './wire.js';

/** A message to one client; `properties` do not go to a client of MQTT 3.1.1. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly properties: PublishProperties;
}

/** What the client said in CONNECT. */
export interface Limits {
  readonly receiveMaximum?: number | undefined;
  readonly maximumPacketSize?: number | undefined;
}

const LONGEST_QUEUE = 1_000;
const LARGEST_BACKLOG = 1_048_576;

export class Outbox {
  /** By packet identifier, which acknowledgement is due. */
  readonly #inFlight = new Map<number, 'puback' | 'pubrec' | 'pubcomp'>();
  readonly #waiting: { readonly message: Message; readonly since: number }[] = [];
  readonly #receiveMaximum: number;
  readonly #maximumPacketSize: number;
  #lastId = 0;

  constructor(
    readonly wire: Wire,
    { receiveMaximum = 65_535, maximumPacketSize = Number.POSITIVE_INFINITY }: Limits,
  ) {
    this.#receiveMaximum = receiveMaximum;
    this.#maximumPacketSize = maximumPacketSize;
  }

  /** Sends a message now, or when the client's Receive Maximum allows; false when too much is waiting already. */
  publish(message: Message): boolean {
    if (message.qos === 0) this.#send(message);
    else {
      this.#waiting.push({ message, since: Date.now() });
      this.#sendWaiting();
    }
    return this.#waiting.length <= LONGEST_QUEUE && this.wire.socket.writableLength <= LARGEST_BACKLOG;
  }

  /** Goes on with the message that was acknowledged. */
  acknowledged({ type, packetId, reasonCode = 0 }: DecodedPuback | DecodedPubrec | DecodedPubcomp): void {
    const due = this.#inFlight.get(packetId);
    if (type === 'pubrec' && reasonCode < 0x80) {
      const known = due === 'pubrec' || due === 'pubcomp';
      if (known) this.#inFlight.set(packetId, 'pubcomp');
      const answer = known ? undefined : ReasonCode.PacketIdentifierNotFound;
      this.wire.send({ type: 'pubrel', packetId, reasonCode: this.wire.version === 5 ? answer : undefined });
    } else if (due === type) {
      this.#inFlight.delete(packetId);
      this.#sendWaiting();
    }
  }

  #sendWaiting(): void {
    while (this.#inFlight.size < this.#receiveMaximum) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const message = afterWaiting(next.message, Date.now() - next.since);
      if (message !== undefined) this.#send(message);
    }
  }

  #send({ qos, properties, ...rest }: Message): void {
    const { version } = this.wire;
    if (version === undefined) return;
    const packet: PublishPacket = {
      type: 'publish',
      ...rest,
      ...(qos === 0 ? { qos } : { qos, packetId: this.#freeId() }),
      ...(version === 5 ? { properties } : {}),
    };
    // As if it had been sent: the client said that it cannot take it (MQTT 5.0 section 3.1.2.11.4).
    if (encodedLength(packet, version) > this.#maximumPacketSize) return;
    if (packet.packetId !== undefined) {
      this.#lastId = packet.packetId;
      this.#inFlight.set(packet.packetId, qos === 1 ? 'puback' : 'pubrec');
    }
    this.wire.send(packet);
  }

  /** There is one: fewer messages are in flight than the client's Receive Maximum, which is 65,535 or less. */
  #freeId(): number {
    let id = this.#lastId;
    do id = (id % 65_535) + 1;
    while (this.#inFlight.has(id));
    return id;
  }
}

/** The message with what is left of its lifetime (MQTT 5.0 section 3.3.2.3.3), if anything is. */
function afterWaiting(message: Message, milliseconds: number): Message | undefined {
  const lifetime = message.properties.messageExpiryInterval;
  if (lifetime === undefined) return message;
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds > 0 && seconds >= lifetime) return undefined;
  return { ...message, properties: { ...message.properties, messageExpiryInterval: lifetime - seconds } };
}
