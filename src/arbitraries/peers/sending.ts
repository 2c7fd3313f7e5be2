// owned: messages that the test sends to the peer under test, and whether the answers are those that are due.
import type { Sender } from '../../bytes/settings.js';
import type { ProtocolVersion } from '../../errors.js';
import type { DecodedPacket, Packet } from '../../packets/index.js';
import type { PublishPacket } from '../../packets/publish.js';
import type { Trial } from './trial.js';

type Answer = Extract<DecodedPacket, { type: 'puback' | 'pubrec' | 'pubcomp' }>;

/** A message of QoS 1 or 2 on its way to the peer. */
interface Exchange {
  readonly packet: PublishPacket<5> & { packetId: number; qos: 1 | 2 };
  /** The number of the message. */
  readonly message: number;
  isReleased: boolean;
}

/** How a message has come to its end: `refused` is an answer of 0x80 or more. */
export type SendEnd = (message: number, how: 'taken' | 'refused') => void;

/** The sender's side of QoS 1 and 2, as the standard asks it of the test; the peer is judged by what it answers. */
export class Sending {
  #exchanges = new Map<number, Exchange>();
  /** Identifiers that an answer is due for on this connection, in the order of what it answers. */
  #due: Record<Answer['type'], number[]> = { puback: [], pubrec: [], pubcomp: [] };
  #nextId = 1;
  readonly #requests = new Set<number>();

  constructor(
    readonly trial: Trial,
    readonly who: string,
    readonly peer: Sender,
    readonly ended: SendEnd,
  ) {}

  get isIdle(): boolean {
    return this.#exchanges.size === 0;
  }

  /** How many messages the peer has not acknowledged. */
  get inFlight(): number {
    return this.#exchanges.size;
  }

  /** An identifier that nothing has; for a request it is taken until {@link answered}. */
  takeId(forRequest = false): number {
    while (this.#exchanges.has(this.#nextId) || this.#requests.has(this.#nextId)) {
      this.#nextId = (this.#nextId % 65_535) + 1;
    }
    const id = this.#nextId;
    if (forRequest) this.#requests.add(id);
    this.#nextId = (id % 65_535) + 1;
    return id;
  }

  /** A SUBACK or UNSUBACK has come: whether it answers anything. */
  answered(id: number): boolean {
    return this.#requests.delete(id);
  }

  /** A new message: the packet to send. */
  begin(
    message: number,
    packet: Omit<PublishPacket<5>, 'packetId' | 'dup' | 'qos'>,
    qos: 0 | 1 | 2,
  ): PublishPacket<5> {
    if (qos === 0) return { ...packet, qos };
    const packetId = this.takeId();
    const sent = { ...packet, qos, packetId, dup: false };
    this.#exchanges.set(packetId, { packet: sent, message, isReleased: false });
    this.#due[qos === 1 ? 'puback' : 'pubrec'].push(packetId);
    return sent;
  }

  /** The messages that a resumed connection starts with, whose numbers are told. */
  resend(again: (message: number) => void): Packet[] {
    return [...this.#exchanges.values()].map(({ packet, message, isReleased }): Packet => {
      const { packetId, qos } = packet;
      if (isReleased) {
        this.#due.pubcomp.push(packetId);
        return { type: 'pubrel', packetId };
      }
      again(message);
      this.#due[qos === 1 ? 'puback' : 'pubrec'].push(packetId);
      return { ...packet, dup: true };
    });
  }

  /** An answer has come; gives the PUBREL that is due for it, if one is. */
  heed(answer: Answer): Packet | undefined {
    const { type, packetId } = answer;
    const isRefusal = (answer.reasonCode ?? 0) >= 0x80;
    const exchange = this.#exchanges.get(packetId);
    if (!this.#settle(type, packetId) || exchange === undefined) return undefined;
    if (type === 'pubrec' && !isRefusal) {
      // What is released keeps its place among the rest: the order of PUBRELs is that of PUBRECs.
      this.#exchanges.delete(packetId);
      this.#exchanges.set(packetId, { ...exchange, isReleased: true });
      this.#due.pubcomp.push(packetId);
      return { type: 'pubrel', packetId };
    }
    this.#exchanges.delete(packetId);
    this.ended(exchange.message, isRefusal && type !== 'pubcomp' ? 'refused' : 'taken');
    return undefined;
  }

  /** Crosses an answer off; complains where none was due, or another one first. */
  #settle(type: Answer['type'], id: number): boolean {
    const due = this.#due[type];
    const place = due.indexOf(id);
    if (place < 0) {
      const reason = `${this.who} gets ${type.toUpperCase()} ${id}, which answers nothing`;
      this.trial.accuse('unsolicited-acknowledgement', reason);
      return false;
    }
    if (place > 0 && this.peer === 'client' && type !== 'pubcomp') {
      const reason = `${this.who} gets ${type.toUpperCase()} ${id} where ${due[0]} is due first`;
      this.trial.accuse(`${type}-order`, reason);
    }
    due.splice(place, 1);
    return true;
  }

  /** The connection is over. */
  over(): void {
    this.#due = { puback: [], pubrec: [], pubcomp: [] };
    this.#requests.clear();
  }

  /** The session is over. */
  forget(): void {
    this.over();
    this.#exchanges.clear();
  }

  /** What the peer still owes on this connection, in words. */
  owed(): string {
    return Object.entries(this.#due)
      .filter(([, ids]) => ids.length > 0)
      .map(([type, ids]) => `${type.toUpperCase()} ${ids.join(', ')}`)
      .join('; ');
  }

  /** The rule that says that what is owed has to come. */
  owedRule(): 'acknowledges-qos-1' | 'acknowledges-qos-2' | 'answers-pubrel' {
    if (this.#due.puback.length > 0) return 'acknowledges-qos-1';
    return this.#due.pubrec.length > 0 ? 'acknowledges-qos-2' : 'answers-pubrel';
  }
}

/** The version of a packet that a version may send. */
export function fitted(packet: PublishPacket<5>, version: ProtocolVersion): Packet {
  const { properties, ...rest } = packet;
  return version === 4 ? (rest as PublishPacket<4>) : { ...rest, ...(properties && { properties }) };
}
