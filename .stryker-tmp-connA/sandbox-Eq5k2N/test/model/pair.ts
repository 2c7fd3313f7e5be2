// @ts-nocheck
import { type ConnectionState, canSend, deadline } from '../../src/connection/index.js';
import { decode, encode, type MqttError, type Packet, type PacketOf } from '../../src/index.js';
import { Guard } from './guard.js';
import { inspect, inspectEnd } from './inspect.js';
import { balance } from './ledger.js';
import { crash, forget, isOpen, newParty, type Party } from './party.js';
import { crashPoints, dieAfter, type Event, finish, type Turn, turnOf } from './react.js';
import {
  type Message,
  numberOf,
  peerOf,
  publishOf,
  ROLES,
  type Role,
  type Sending,
  type Setup,
} from './setup.js';
import { demand } from './violation.js';

/** Failures that a peer on a slow link may bring about without doing anything wrong. */
const PATIENCE: readonly string[] = [
  'ping-timeout',
  'keep-alive-timeout',
  'connack-timeout',
  'connect-timeout',
];

/** A client and a server with a link and a clock that the test turns: one long life, watched by the judges. */
export class Pair {
  readonly setup: Setup;
  readonly #guard: Guard;
  readonly #parties: Record<Role, Party>;
  /** Packets on their way to a side. */
  readonly #toward: Record<Role, Packet[]> = { client: [], server: [] };
  /** Messages by number, and when they were sent. */
  readonly #messages = new Map<number, Message & { readonly sentAt: number }>();
  #link: 'none' | 'up' | 'cut' = 'none';
  #next = 0;
  now = 1_000;

  constructor(setup: Omit<Setup, 'step'>, step?: Setup['step']) {
    this.#guard = new Guard(step);
    this.setup = { ...setup, step: this.#guard.step };
    this.#parties = { client: newParty(this.setup, 'client'), server: newParty(this.setup, 'server') };
  }

  party(role: Role): Party {
    return this.#parties[role];
  }

  isOpen(role: Role): boolean {
    return isOpen(this.#parties[role]);
  }

  /** Whether the connection of a side stands. */
  stands(role: Role): boolean {
    return this.#parties[role].connection?.phase === 'connected';
  }

  get isUp(): boolean {
    return this.#link === 'up';
  }

  /** Gives an event to a side, which may die over it; tells why it was refused, if it was. */
  happen(role: Role, event: Event, dies?: number): MqttError | undefined {
    const before = this.#parties[role];
    const turn = turnOf(this.setup, before, event, this.now);
    const { failure, refusal } = turn;
    demand(failure === undefined || PATIENCE.includes(failure.code), `${role} fails: ${failure?.message}`);
    if (refusal !== undefined) return refusal;
    this.#watch(before.connection, event, turn);
    const points = crashPoints(turn);
    const isDead = dies !== undefined && points > 0;
    const { party, packets } = isDead ? dieAfter(turn, dies % (points + 1)) : finish(turn);
    this.#become(role, party);
    if (this.#link === 'up') this.#toward[peerOf(role)].push(...packets);
    if (isDead || turn.over) this.#hangUp(role);
    return undefined;
  }

  /** The application sends a new message. */
  send(
    role: Role,
    wish: Omit<Sending, 'message'> & { readonly message: Omit<Message, 'number'> },
    dies?: number,
  ): void {
    const message = { ...wish.message, number: this.#next++ };
    const { connection } = this.#parties[role];
    const isOwn = connection !== undefined && (role === 'client' || connection.phase === 'connected');
    if (message.qos === 0 && !isOwn) return;
    const problem = isOwn ? canSend(connection, publishOf(message, this.setup.version)) : undefined;
    this.#messages.set(message.number, { ...message, sentAt: this.now });
    const refusal = this.happen(role, { type: 'send', sending: { ...wish, message } }, dies);
    if (!isOwn) demand(refusal === undefined || refusal.code === 'queue-full', `queue: ${refusal?.message}`);
    else if (problem === undefined)
      demand(refusal === undefined, `refused for no reason: ${refusal?.message}`);
    else if (wish.ifBusy === 'refuse' || message.qos === 0) {
      demand(refusal?.code === problem.code, `${problem.code} is the reason, not ${refusal?.code}`);
    } else {
      const isFull = refusal?.code === 'queue-full' && this.setup.queue !== undefined;
      demand(refusal === undefined || isFull, `not queued: ${refusal?.message}`);
    }
  }

  connect(dies?: number): void {
    this.#link = 'up';
    this.happen('server', { type: 'open' });
    this.happen('client', { type: 'open' }, dies);
  }

  cut(): void {
    if (this.#link === 'up') this.#link = 'cut';
  }

  /** The next packet on its way to a side arrives; tells whether there was one. */
  deliver(role: Role, dies?: number): boolean {
    const packet = isOpen(this.#parties[role]) ? this.#toward[role].shift() : undefined;
    if (packet === undefined) return false;
    const { version } = this.setup;
    const bytes = encode<4 | 5>(packet as PacketOf<4 | 5>, version);
    const arrived = decode(bytes, version, { from: peerOf(role) });
    this.happen(role, { type: 'packet', packet: arrived, size: bytes.length }, dies);
    return true;
  }

  /** A side notices that the link is cut. */
  notice(role: Role): void {
    if (this.#link !== 'cut' || !isOpen(this.#parties[role])) return;
    this.#toward[role].length = 0;
    this.happen(role, { type: 'closed' });
  }

  die(role: Role): void {
    this.#become(role, crash(this.setup, this.#parties[role]));
    this.#hangUp(role);
  }

  /** The store of a side that has no connection is lost. */
  forget(role: Role): void {
    this.#become(role, forget(this.setup, this.#parties[role]));
  }

  /**
   * Both sides connect, and nothing goes wrong. After one has forgotten, this is how the other hears of it: if it did
   * not, the next CONNACK would speak of a session, and there is nothing in MQTT to tell that it is another one.
   */
  meet(): void {
    this.connect();
    while (!this.stands('client')) {
      if (this.#parties.server.asked) this.happen('server', { type: 'accept' });
      demand(this.deliver('server') || this.deliver('client'), 'no handshake comes about');
    }
  }

  /** Time passes, and whatever is due is done: not before its time, and not again and again. */
  tick(milliseconds: number): void {
    this.now += milliseconds;
    for (const role of ROLES) {
      const { connection } = this.#parties[role];
      if (connection === undefined) continue;
      const due = deadline(connection);
      this.happen(role, { type: 'timer' });
      const after = this.#parties[role].connection;
      if (due === undefined || due > this.now)
        demand(after === connection, `${role}: does something too early`);
      const next = after === undefined ? undefined : deadline(after);
      demand(next === undefined || next > this.now, `${role}: is due at ${next} once more, at ${this.now}`);
    }
  }

  /** How long it is until something is due; undefined: for ever. */
  get wait(): number | undefined {
    const times = ROLES.map((role) => this.#parties[role].connection).flatMap((connection) =>
      connection === undefined ? [] : (deadline(connection) ?? []),
    );
    return times.length === 0 ? undefined : Math.max(0, Math.min(...times) - this.now);
  }

  /** Nothing goes wrong any more: everything has to come to its end, and to a good one. */
  end(): void {
    for (let rounds = 0; this.#calm(); rounds++) demand(rounds < 20_000, 'never comes to rest');
    for (const role of ROLES) {
      const party = this.#parties[role];
      inspectEnd(party);
      demand(party.asking.length === 0, `${role}: waits for ${party.asking}`);
      balance(party.ledger, this.#parties[peerOf(role)].ledger, this.setup.host);
    }
    this.#guard.check();
  }

  /** Takes one step towards rest; tells whether there was one to take. */
  #calm(): boolean {
    for (const role of ROLES) {
      const { connection, unanswered, requests, asked } = this.#parties[role];
      if (connection?.details.blocked === true) return this.happen(role, { type: 'writable' }) === undefined;
      if (asked) return this.happen(role, { type: 'accept' }) === undefined;
      if (this.deliver(role)) return true;
      if (this.#link === 'cut' && this.isOpen(role)) {
        this.notice(role);
        return true;
      }
      const [first] = unanswered;
      if (first !== undefined && this.stands(role))
        return this.happen(role, { type: 'acknowledge', of: first }) === undefined;
      const [request] = requests;
      if (request !== undefined) return this.happen(role, { type: 'answer', ...request }) === undefined;
    }
    if (this.isOpen('client') || this.isOpen('server')) return false;
    this.connect();
    return true;
  }

  #become(role: Role, party: Party): void {
    inspect(this.setup, party);
    this.#parties[role] = party;
  }

  /** The end of a side is gone: the other end can still read what had left it. */
  #hangUp(role: Role): void {
    this.#toward[role].length = 0;
    if (this.#link === 'up') this.#link = 'cut';
    if (!this.isOpen('client') && !this.isOpen('server')) this.#link = 'none';
  }

  /** What is true of every turn, by what was sent when. */
  #watch(before: ConnectionState | undefined, event: Event, turn: Turn): void {
    for (const micro of turn.micros) {
      const delivered =
        micro.do === 'commit' ? micro.deliveries : micro.do === 'deliver' ? [micro.delivery] : [];
      for (const { packet } of delivered) {
        const { topic } = this.#messageOf(packet.payload);
        demand(packet.topic === topic, `${packet.topic} is delivered for ${topic}`);
        demand(packet.properties?.topicAlias === undefined, 'an alias is delivered');
      }
      if (micro.do !== 'transmit' || micro.packet.type !== 'publish') continue;
      const { packet } = micro;
      const { expires, sentAt } = this.#messageOf(packet.payload);
      const left = expires === undefined ? undefined : sentAt + expires * 1000 - this.now;
      const interval = left === undefined ? undefined : Math.max(0, Math.ceil(left / 1000));
      demand(packet.properties?.messageExpiryInterval === interval, `says ${left} ms wrong`);
      demand(
        left === undefined || left > 0 || packet.dup === true || sentAt === this.now,
        'a message is sent that has expired',
      );
      const isBlocked = before?.details.blocked === true && event.type !== 'writable';
      demand(!isBlocked, 'a message is sent though the socket is full');
    }
  }

  #messageOf(payload: Uint8Array | string | undefined): Message & { readonly sentAt: number } {
    const message = this.#messages.get(numberOf(payload));
    demand(message !== undefined, 'a message is made up');
    return message;
  }
}
