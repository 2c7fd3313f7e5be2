// owned: a client that a test plays to a broker under test, over all its connections.
import type { ProtocolVersion } from '../../errors.js';
import type { DecodedConnack } from '../../packets/connack.js';
import type { DecodedPacket } from '../../packets/index.js';
import type { DecodedPublish } from '../../packets/publish.js';
import type { Message, Missing, Session } from './broker-messages.js';
import type { BrokerModel } from './broker-model.js';
import { connectPacket, type Joining, type Subscribing, wholeFilter } from './broker-packets.js';
import { ClientWills } from './broker-wills.js';
import type { NetworkConnection } from './network.js';
import { Player } from './player.js';
import type { News } from './receiving.js';

/** Who has ended a connection: the broker, the network before the broker knows, or another connection of the client. */
export type Ending = 'closed' | 'cut' | 'taken over';

export type Answer = Extract<DecodedPacket, { type: 'suback' | 'unsuback' }>;

/** One client of the test, over all its connections. */
export class BrokerClient {
  readonly player: Player;
  readonly wills: ClientWills;
  session: Session | undefined;
  /** Whether there is a session at the broker: one may end unseen. */
  certainty: 'certain' | 'unknown' = 'certain';
  keeps = false;
  connection = 0;
  since = 0;
  #joining: Joining | undefined;
  /** Whether the last session has ended with its connection. */
  #hasExpired = false;
  connack: DecodedConnack | undefined;
  /** How many pings were answered. */
  pongs = 0;
  isLeaving = false;
  /** What to do with the answers to requests. */
  readonly answers: Map<number, (answer: Answer) => void> = new Map();

  constructor(
    readonly model: BrokerModel,
    readonly name: string,
    readonly prefix: string,
  ) {
    this.wills = new ClientWills((will, state) => model.willBecomes(will, state));
    this.player = new Player(model.trial, name, 'server', {
      published: (packet, news) => this.#published(packet, news),
      told: (packet) => this.#told(packet),
      over: () => this.#over(),
      sent: (number, how) => model.done(number, how),
    });
  }

  get isOpen(): boolean {
    return this.player.isOpen && this.connack !== undefined;
  }

  /** Its Client Identifier. */
  get id(): string {
    return `${this.prefix}-${this.name}`;
  }

  /** Whether one of the wishes changes the options of a subscription. */
  wouldReplace(wishes: readonly Subscribing[]): boolean {
    const present = this.session?.subscriptions.filter(({ endedAt }) => endedAt === undefined) ?? [];
    return wishes.some(({ filter, share, noLocal, retainAsPublished }) => {
      const same = present.filter((each) => each.filter === wholeFilter(this.prefix, filter, share));
      return same.some((each) => each.noLocal !== noLocal || each.retainAsPublished !== retainAsPublished);
    });
  }

  /** Takes a connection and asks for admission. */
  join(network: NetworkConnection, version: ProtocolVersion, joining: Joining): void {
    const { player } = this;
    player.attach(network);
    player.aliases.accepted = joining.topicAliasMaximum ?? 0;
    this.connack = undefined;
    this.answers.clear();
    this.#joining = joining;
    const will = joining.will && this.#willed(joining.will);
    this.wills.returns(joining.cleanStart, will);
    player.send(connectPacket(this.id, version, joining, will));
  }

  #willed({ topic, hasDelay, ...rest }: NonNullable<Joining['will']>): Message {
    const { model, prefix, name } = this;
    const payload = `${model.next} will`;
    return model.willed({ ...rest, publisher: name, topic: `${prefix}/${topic}`, payload }, hasDelay);
  }

  #published(packet: DecodedPublish, news: News): void {
    if (this.connack === undefined) this.#tooEarly(packet);
    if (news === 'new' && this.session !== undefined) this.model.delivered(this.session, packet, this.since);
  }

  #tooEarly({ type }: DecodedPacket): void {
    this.model.trial.accuse('connack-first', `${this.name} gets ${type.toUpperCase()} ahead of CONNACK`);
  }

  #told(packet: DecodedPacket): void {
    const { trial } = this.model;
    if (packet.type === 'connack') {
      this.#admitted(packet);
      return;
    }
    if (packet.type === 'disconnect') {
      const isAlias = packet.reasonCode === 0x94 && !this.isLeaving;
      const words = `${this.name} is told that a Topic Alias is invalid, and all are within what the broker takes`;
      trial.demand(!isAlias, 'accepts-topic-aliases', words);
      return;
    }
    if (this.connack === undefined) this.#tooEarly(packet);
    if (packet.type === 'pingresp') this.pongs++;
    else if (packet.type === 'suback' || packet.type === 'unsuback') {
      const heed = this.answers.get(packet.packetId);
      this.answers.delete(packet.packetId);
      if (this.player.sending.answered(packet.packetId) && heed !== undefined) heed(packet);
      else {
        const words = `${this.name} gets ${packet.type.toUpperCase()} ${packet.packetId}, which answers nothing`;
        trial.accuse('unsolicited-acknowledgement', words);
      }
    }
  }

  #admitted(connack: DecodedConnack): void {
    const { trial } = this.model;
    const joining = this.#joining;
    if (this.connack !== undefined || joining === undefined) {
      trial.accuse('one-connack', `${this.name} gets a second CONNACK`);
      return;
    }
    if (connack.reasonCode !== 0) {
      trial.accuse('accepts-connect', `${this.name} is refused with ${connack.reasonCode}`);
      return;
    }
    this.connack = connack;
    this.connection++;
    const { sessionPresent, properties } = connack;
    this.#checkPresence(sessionPresent, joining.cleanStart);
    this.wills.admitted(sessionPresent);
    this.player.receiving.begin(sessionPresent, joining.receiveMaximum);
    this.player.aliases.offered = properties?.topicAliasMaximum ?? 0;
    this.since = trial.time();
    // The broker may keep sessions for less than it is asked to.
    this.keeps = joining.keeps && properties?.sessionExpiryInterval !== 0;
    if (!sessionPresent || this.session === undefined) {
      if (this.session !== undefined) this.model.endSession(this.session);
      this.player.sending.forget();
      this.session = this.model.newSession(this.name);
    } else if (this.certainty === 'unknown') this.model.unsettle(this.session);
    this.certainty = 'certain';
    const again = this.player.sending.resend((number) => this.model.repeated(number));
    if (again.length > 0) this.player.send(...again);
  }

  #checkPresence(sessionPresent: boolean, cleanStart: boolean): void {
    const { trial } = this.model;
    const told = `${this.name} is told Session Present ${sessionPresent ? 1 : 0}`;
    if (cleanStart) {
      trial.demand(!sessionPresent, 'no-session-after-clean-start', `${told} after Clean Start`);
    } else if (this.certainty === 'certain') {
      const has = this.session !== undefined;
      const rule = this.#hasExpired ? 'session-expiry' : 'no-session-present';
      const none = this.#hasExpired ? 'its session has ended with its connection' : 'it has none';
      if (has) trial.demand(sessionPresent, 'session-present', `${told}, and its session was kept`);
      else trial.demand(!sessionPresent, rule, `${told}, and ${none}`);
    }
  }

  /** The broker has closed the connection. */
  #over(): void {
    const words = `the broker closes the connection of ${this.name}, and nothing was wrong with it`;
    if (!this.isLeaving) this.model.trial.accuse('stays-connected', words);
    this.ended('closed');
  }

  /** The connection is over. */
  ended(how: Ending): void {
    this.player.forsake();
    this.connack = undefined;
    this.wills.left(this.keeps, how === 'taken over' ? 'will-on-takeover' : 'will-published');
    if (this.session !== undefined) this.model.left(this.session);
    this.#hasExpired = !this.keeps;
    if (this.keeps || this.session === undefined) return;
    if (this.model.trial.version === 4 || how === 'closed') {
      this.model.endSession(this.session);
      this.session = undefined;
    } else this.certainty = 'unknown';
  }

  missing(): Missing[] {
    const begun = this.player.receiving
      .unfinished()
      .map(({ id, rule }) => ({ rule, what: `what the broker began with identifier ${id} of ${this.name}` }));
    const owed = this.player.sending.owed();
    const answers =
      owed === '' ? [] : [{ rule: this.player.sending.owedRule(), what: `${owed} to ${this.name}` }];
    const messages = this.session === undefined ? [] : this.model.missing(this.session, this.connection);
    return [...answers, ...begun, ...messages];
  }
}
