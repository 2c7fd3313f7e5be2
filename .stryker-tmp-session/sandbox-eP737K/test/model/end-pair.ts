// @ts-nocheck
import { canSend, deadline, type EndpointOptions } from '../../src/connection/index.js';
import { sessionSize } from '../../src/session/index.js';
import { concat } from './bytes.js';
import { same } from './canonical.js';
import { End } from './end.js';
import { balance, type Ledger } from './ledger.js';
import { type Message, peerOf, publishOf, type QoS, ROLES, type Role, type Setup } from './setup.js';
import { demand } from './violation.js';

/** Failures that a peer on a slow link may bring about without doing anything wrong. */
const PATIENCE: readonly string[] = [
  'ping-timeout',
  'keep-alive-timeout',
  'connack-timeout',
  'connect-timeout',
];

/** One thing that happens to two Endpoints; what cannot happen at the moment does not. */
export type Move =
  | {
      readonly do: 'send';
      readonly role: Role;
      readonly qos: QoS;
      readonly size: number;
      readonly topic: string;
    }
  | { readonly do: 'bytes'; readonly role: Role; readonly count: number }
  | { readonly do: 'acknowledge'; readonly role: Role; readonly which: number; readonly reasonCode: 0 | 0x83 }
  | { readonly do: 'subscribe' | 'unsubscribe'; readonly filters: number }
  | { readonly do: 'answer' | 'accept' | 'connect' | 'cut' }
  | { readonly do: 'notice' | 'die' | 'sleep' | 'disconnect' | 'blocked' | 'writable'; readonly role: Role }
  | { readonly do: 'tick'; readonly milliseconds: number };

/** Two Endpoints with a link between them that carries bytes. */
export class EndPair {
  readonly #setup: Setup;
  readonly #ends: Record<Role, End>;
  /** The bytes on their way to a side. */
  readonly #toward: Record<Role, Uint8Array> = { client: NOTHING, server: NOTHING };
  #link: 'none' | 'up' | 'cut' = 'none';
  #next = 0;
  #token = 0;
  #now = 1_000;

  /** In the end, when nothing goes wrong any more, bytes arrive so many at a time. */
  readonly #pace: number;

  constructor(setup: Setup, options: EndpointOptions, pace: number) {
    this.#setup = setup;
    this.#pace = pace;
    this.#ends = { client: new End(setup, 'client', options), server: new End(setup, 'server', options) };
  }

  ledger(role: Role): Ledger {
    return this.#ends[role].books.ledger;
  }

  move(move: Move): void {
    const now = this.#now;
    switch (move.do) {
      case 'send':
        this.#send(move.role, move);
        break;
      case 'bytes':
        this.#arrive(move.role, move.count);
        break;
      case 'acknowledge': {
        const { unanswered } = this.#ends[move.role];
        if (unanswered.length > 0)
          this.#acknowledge(move.role, move.which % unanswered.length, move.reasonCode);
        break;
      }
      case 'subscribe':
      case 'unsubscribe':
        this.#request(move.do, move.filters);
        break;
      case 'answer':
        this.#answer();
        break;
      case 'accept':
        this.#accept();
        break;
      case 'connect':
        this.#connect();
        break;
      case 'cut':
        if (this.#link === 'up') this.#link = 'cut';
        break;
      case 'notice':
        this.#notice(move.role);
        break;
      case 'die':
        this.#ends[move.role].die();
        this.#hangUp(move.role);
        break;
      case 'sleep':
        this.#ends[move.role].sleep();
        break;
      case 'disconnect':
        if (this.#stands(move.role))
          this.#write(
            move.role,
            this.#ends[move.role].call((end) => end.disconnect(now)),
          );
        break;
      case 'blocked':
      case 'writable': {
        const { role, do: what } = move;
        if (this.#stands(role))
          this.#write(
            role,
            this.#ends[role].call((end) => end[what](now)),
          );
        break;
      }
      case 'tick':
        this.#tick(move.milliseconds);
    }
  }

  /** Nothing goes wrong any more: all comes to its end, and to a good one. */
  end(): void {
    for (let rounds = 0; this.#calm(); rounds++) demand(rounds < 20_000, 'never comes to rest');
    for (const role of ROLES) {
      const { state, session, books, unanswered } = this.#ends[role];
      demand(state.phase === 'connected', `${role}: is ${state.phase} in the end`);
      const left = { ...sessionSize(session), unanswered: unanswered.length };
      demand(
        same(left, { outgoing: 0, incoming: 0, queued: 0, unanswered: 0 }),
        `${role}: ${JSON.stringify(left)}`,
      );
      demand(
        state.traffic.sending === 0 && state.traffic.receiving === 0,
        `${role}: slots are taken in the end`,
      );
      const owes = Object.values(books.wire.owed).some((ids) => ids.length > 0);
      demand(!owes && Object.keys(books.wire.exchanges).length === 0, `${role}: exchanges go on in the end`);
      balance(books.ledger, this.#ends[peerOf(role)].books.ledger, 'atomic');
    }
  }

  #stands(role: Role): boolean {
    return this.#ends[role].state.phase === 'connected';
  }

  /** What an end has written is on its way, if there is one. */
  #write(role: Role, bytes: Uint8Array): void {
    const end = this.#ends[role];
    const { failure, refusal } = end;
    end.failure = undefined;
    end.refusal = undefined;
    demand(refusal === undefined || refusal.code === 'queue-full', `${role} refuses: ${refusal?.message}`);
    demand(failure === undefined || PATIENCE.includes(failure.code), `${role} fails: ${failure?.message}`);
    const peer = peerOf(role);
    if (this.#link === 'up') this.#toward[peer] = concat([this.#toward[peer], bytes]);
    if (!end.isOpen) this.#hangUp(role);
  }

  /** The end of a side is gone: the other end can still read what had left it. */
  #hangUp(role: Role): void {
    this.#toward[role] = NOTHING;
    if (this.#link === 'up') this.#link = 'cut';
    if (ROLES.every((each) => !this.#ends[each].isOpen)) this.#link = 'none';
  }

  #connect(): void {
    if (this.#link !== 'none') return;
    this.#link = 'up';
    for (const role of ROLES) this.#write(role, this.#ends[role].open(this.#now));
  }

  #notice(role: Role): void {
    if (this.#link !== 'cut' || !this.#ends[role].isOpen) return;
    this.#toward[role] = NOTHING;
    this.#write(
      role,
      this.#ends[role].call((end) => end.closed(this.#now)),
    );
  }

  #arrive(role: Role, count: number): boolean {
    const bytes = this.#toward[role];
    if (bytes.length === 0 || !this.#ends[role].isOpen) return false;
    this.#toward[role] = bytes.slice(count);
    this.#write(role, this.#ends[role].receive(bytes.subarray(0, count), this.#now));
    if (role === 'server' && this.#setup.pipelining !== true) this.#accept();
    return true;
  }

  #accept(): void {
    const end = this.#ends.server;
    if (!end.asked) return;
    end.asked = false;
    const { session } = end;
    this.#write(
      'server',
      end.call((server) => server.accept(this.#now, { session })),
    );
  }

  #send(role: Role, { qos, size, topic }: Pick<Message, 'qos'> & { size: number; topic: string }): void {
    const end = this.#ends[role];
    const message: Message = { number: this.#next++, qos, size, topic };
    const packet = publishOf(message, this.#setup.version);
    const problem = canSend(end.state, packet);
    // A server's host would queue it, which is not an Endpoint's business.
    if (problem !== undefined && (qos === 0 || (role === 'server' && problem.code === 'not-connected')))
      return;
    const options = { token: message.number, topicAlias: 'automatic' } as const;
    const bytes = end.call((each) => each.send(packet, this.#now, options), { sent: message });
    this.#write(role, bytes);
  }

  #request(type: 'subscribe' | 'unsubscribe', count: number): void {
    if (!this.#stands('client')) return;
    const filters = Array.from({ length: count }, (_, index) => `f/${index}/+`);
    const token = `r${this.#token++}`;
    const packet =
      type === 'subscribe'
        ? { type, subscriptions: filters.map((topicFilter) => ({ topicFilter, qos: 1 as const })) }
        : { type, topicFilters: filters };
    this.#write(
      'client',
      this.#ends.client.call((end) => end.send(packet, this.#now, { token })),
    );
  }

  #answer(): void {
    const end = this.#ends.server;
    const [first, ...rest] = end.requests;
    if (first === undefined || !this.#stands('server')) return;
    end.requests = rest;
    const codes = new Array<0>(first.filters).fill(0);
    this.#write(
      'server',
      end.call((server) => server.answer(first.packetId, codes, this.#now)),
    );
  }

  #acknowledge(role: Role, index: number, wish: 0 | 0x83): void {
    const end = this.#ends[role];
    const of = end.unanswered[index]!;
    if (role === 'server' && !this.#stands(role)) return;
    const reasonCode = this.#setup.version === 4 ? 0 : wish;
    end.unanswered = end.unanswered.filter((each) => each !== of);
    const rejected = reasonCode === 0 ? {} : { rejected: of.message };
    this.#write(
      role,
      end.call((each) => each.acknowledge(of.packetId, this.#now, { reasonCode }), rejected),
    );
  }

  #tick(milliseconds: number): void {
    this.#now += milliseconds;
    for (const role of ROLES) {
      const due = deadline(this.#ends[role].state);
      if (due !== undefined && due <= this.#now) {
        this.#write(
          role,
          this.#ends[role].call((end) => end.tick(this.#now)),
        );
      }
    }
  }

  /** Takes one step towards rest; tells whether there was one to take. */
  #calm(): boolean {
    for (const role of ROLES) {
      const { state, asked, unanswered, requests } = this.#ends[role];
      if (state.details.blocked) this.move({ do: 'writable', role });
      else if (asked) this.#accept();
      else if (this.#arrive(role, this.#pace)) return true;
      else if (this.#link === 'cut' && this.#ends[role].isOpen) this.#notice(role);
      else if (unanswered.length > 0 && this.#stands(role)) this.#acknowledge(role, 0, 0);
      else if (requests.length > 0) this.#answer();
      else continue;
      return true;
    }
    if (this.#link !== 'none') return false;
    this.#connect();
    return true;
  }
}

const NOTHING = new Uint8Array(0);
