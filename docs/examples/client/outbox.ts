/** What was sent and is not settled, and what waits for a connection: both within bounds. */
import type { Link } from '../../../src/adapters/streams.js';
import type { Outcome, QueueLimits, SendablePacket, SendOptions, Token } from '../../../src/index.js';
import { TooMuchWaitingError } from './errors.js';
import type { Line } from './line.js';
import { deferred } from './subscription.js';

type Pending = ReturnType<typeof deferred<Outcome>>;

interface Waiting {
  readonly packet: SendablePacket;
  readonly options: SendOptions;
  readonly size: number;
}

export class Outbox {
  readonly #pending = new Map<Token, Pending>();
  /** QoS 0 messages, for which a session has no place, and whatever comes before the session is loaded. */
  #waiting: Waiting[] = [];
  #bytes = 0;
  #isFlushDue = false;
  readonly #limits: QueueLimits;
  readonly #line: Line;
  readonly #isLoaded: () => boolean;

  constructor(limits: Partial<QueueLimits> = {}, line: Line, isLoaded: () => boolean) {
    this.#limits = { messages: 1_000, bytes: 16_777_216, ...limits };
    this.#line = line;
    this.#isLoaded = isLoaded;
  }

  get hasRequests(): boolean {
    return this.#pending.size > 0;
  }

  /**
   * Settles when it is known what has become of it. Messages of QoS 1 and 2 wait in the session, which is bounded
   * too; QoS 0 waits here until a connection takes it.
   */
  send(packet: SendablePacket, options: SendOptions & { readonly token: Token }): Promise<Outcome> {
    const { token } = options;
    if (this.#pending.has(token)) throw new Error(`something with the token ${String(token)} is under way`);
    const hasToWait = (isPlain(packet) && this.#waiting.length > 0) || !this.#isTaken(packet);
    if (hasToWait) this.#enqueue({ packet, options, size: sizeOf(packet) });
    const pending = deferred<Outcome>();
    this.#pending.set(token, pending);
    if (!hasToWait) this.#line.send(packet, options);
    return pending.promise.finally(() => this.#pending.delete(token));
  }

  #enqueue(waiting: Waiting): void {
    const { messages, bytes } = this.#limits;
    if (this.#waiting.length >= messages || this.#bytes + waiting.size > bytes) {
      throw new TooMuchWaitingError(`${this.#waiting.length} messages wait already`);
    }
    this.#waiting.push(waiting);
    this.#bytes += waiting.size;
  }

  /** Sends what waits, as far as it is taken. */
  flush(): void {
    for (const next of this.#waiting.splice(0)) {
      if (this.#isTaken(next.packet)) {
        this.#bytes -= next.size;
        this.#line.send(next.packet, next.options);
      } else this.#waiting.push(next);
    }
  }

  /** A session takes what has to arrive as soon as it is loaded; QoS 0 takes a socket with room. */
  #isTaken(packet: SendablePacket): boolean {
    const { link, connected } = this.#line;
    if (!isPlain(packet)) return this.#isLoaded();
    if (link === undefined || connected === undefined) return false;
    if (link.blocked) this.#flushLater(link);
    return !link.blocked;
  }

  #flushLater(link: Link): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    void link.whenWritable().then(() => {
      this.#isFlushDue = false;
      this.flush();
    });
  }

  /** Takes back what still waits, here or in the session; what was sent once is the server's as well. */
  withdraw(token: Token): void {
    const pending = this.#pending.get(token);
    if (pending === undefined) return; // It is settled.
    const index = this.#waiting.findIndex(({ options }) => options.token === token);
    const [withdrawn] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (withdrawn === undefined) this.#line.withdraw(token);
    else {
      this.#bytes -= withdrawn.size;
      pending.resolve({ kind: 'withdrawn' });
    }
  }

  /** False: nobody here waits for it, as after a restart. */
  settle(token: Token | undefined, outcome: Outcome): boolean {
    const pending = token === undefined ? undefined : this.#pending.get(token);
    pending?.resolve(outcome);
    return pending !== undefined;
  }

  /** False: nobody here waits for it. */
  fail(token: Token | undefined, error: Error): boolean {
    const pending = token === undefined ? undefined : this.#pending.get(token);
    pending?.reject(error);
    return pending !== undefined;
  }

  /** Nothing will be sent any more. */
  end(error: Error): void {
    this.#waiting = [];
    this.#bytes = 0;
    for (const pending of this.#pending.values()) pending.reject(error);
  }
}

function isPlain(packet: SendablePacket): boolean {
  return packet.type === 'publish' && (packet.qos ?? 0) === 0;
}

function sizeOf(packet: SendablePacket): number {
  if (packet.type !== 'publish') return 0;
  return 3 * packet.topic.length + (packet.payload?.length ?? 0);
}
