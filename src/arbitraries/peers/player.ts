// owned: one side that the test plays: its connection, its messages, and what it withholds.
import type { Sender } from '../../bytes/settings.js';
import type { DecodedPacket, Packet } from '../../packets/index.js';
import type { DecodedPublish } from '../../packets/publish.js';
import { Aliases } from './aliases.js';
import type { NetworkConnection } from './network.js';
import { type News, Receiving } from './receiving.js';
import { type SendEnd, Sending } from './sending.js';
import type { Trial } from './trial.js';
import { openWire, type Wire } from './wire.js';

/** What a player does with what it is told. */
export interface Hooks {
  /** A message has come, for the first time or again. */
  published(packet: DecodedPublish, news: News): void;
  /** A packet that is no PUBLISH and acknowledges none. */
  told(packet: DecodedPacket): void;
  /** The connection is over, and not by us. */
  over(): void;
  /** A message of ours has come to its end. */
  sent: SendEnd;
}

/** A client or a server as the standard wants it, but for what it holds back when told to. */
export class Player {
  readonly sending: Sending;
  readonly receiving: Receiving;
  readonly aliases: Aliases;
  /** Identifiers of SUBSCRIBEs and UNSUBSCRIBEs of the peer that were not answered. */
  readonly requests: Set<number> = new Set();
  wire: Wire | undefined;
  /** Whether what it owes waits until {@link pay}. */
  holds = false;
  /** How many messages of the peer are refused, which MQTT 5.0 alone can do. */
  refusals = 0;
  #owed: Packet[] = [];
  #isOver = false;

  constructor(
    readonly trial: Trial,
    readonly who: string,
    readonly peer: Sender,
    readonly hooks: Hooks,
  ) {
    this.sending = new Sending(trial, who, peer, hooks.sent);
    this.receiving = new Receiving(trial, who, peer);
    this.aliases = new Aliases(trial, who, peer);
  }

  get isOpen(): boolean {
    return this.wire?.isOpen === true;
  }

  /** Takes a network connection; the one before is no longer heeded. */
  attach(network: NetworkConnection): void {
    this.forsake();
    this.aliases.begin();
    this.#isOver = false;
    const wire: Wire = openWire(
      this.trial,
      network,
      this.who,
      this.peer,
      (packet) => {
        // On a connection that another one has taken the place of, nothing is heeded: it counts as cut.
        if (this.wire === wire) this.#heed(packet);
      },
      () => {
        if (this.wire !== wire) return;
        this.forsake();
        this.hooks.over();
      },
    );
    this.wire = wire;
  }

  /** What was under way on the connection is so no longer. */
  forsake(): void {
    this.wire = undefined;
    this.#owed = [];
    this.requests.clear();
    this.sending.over();
  }

  send(...packets: readonly Packet[]): void {
    this.wire?.send(packets);
  }

  /** Pays the first of what it owes, at most so many. */
  pay(count: number = Number.POSITIVE_INFINITY): void {
    for (const reply of this.#owed.splice(0, count)) this.#reply(reply);
  }

  #heed(packet: DecodedPacket): void {
    if (this.#isOver) {
      this.trial.accuse(
        'silence-after-the-end',
        `${this.who} gets ${packet.type.toUpperCase()} behind DISCONNECT`,
      );
    }
    switch (packet.type) {
      case 'publish': {
        const whole = this.aliases.resolve(packet);
        const news = this.receiving.publish(whole, this.requests);
        this.hooks.published(whole, news);
        if (packet.qos === 0) return;
        this.owe({ type: packet.qos === 1 ? 'puback' : 'pubrec', packetId: packet.packetId });
        return;
      }
      case 'pubrel':
        this.receiving.pubrel(packet.packetId);
        this.owe({ type: 'pubcomp', packetId: packet.packetId });
        return;
      case 'puback':
      case 'pubrec':
      case 'pubcomp': {
        const reply = this.sending.heed(packet);
        if (reply !== undefined) this.owe(reply);
        return;
      }
      case 'disconnect':
        this.#isOver = true;
        this.hooks.told(packet);
        return;
      default:
        this.hooks.told(packet);
    }
  }

  /** An answer that goes out now, or when it is paid. */
  owe(reply: Packet): void {
    if (this.holds) this.#owed.push(reply);
    else this.#reply(reply);
  }

  #reply(reply: Packet): void {
    if (reply.type === 'suback' || reply.type === 'unsuback') this.requests.delete(reply.packetId);
    if (reply.type === 'puback' || reply.type === 'pubrec' || reply.type === 'pubcomp') {
      const refuses = this.refusals > 0 && reply.type !== 'pubcomp' && this.trial.version === 5;
      this.receiving.acknowledge(reply.type, reply.packetId, refuses);
      if (refuses) {
        this.refusals--;
        this.send({ ...reply, reasonCode: 0x83 });
        return;
      }
    }
    this.send(reply);
  }
}
