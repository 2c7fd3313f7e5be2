/** The messages of one subscription, to be iterated over; what waits is bounded. */
import type { Link } from '../../../src/adapters/streams.js';
import type { DecodedPublish, Subscription as Request, SubscribeProperties } from '../../../src/index.js';
import { orAborted } from './backoff.js';
import { SubscribeError } from './errors.js';

export interface SubscribeOptions extends Omit<Request, 'topicFilter' | 'qos'> {
  /** Default: 0. */
  readonly qos?: 0 | 1 | 2 | undefined;
  /** When this many messages wait, the client reads no more. Default: 100. */
  readonly waiting?: number | undefined;
  readonly properties?: Pick<SubscribeProperties, 'userProperties'> | undefined;
  /** Takes what no filter of the client matches, too: servers may understand filters in ways of their own. */
  readonly takesUnmatched?: boolean | undefined;
  /** Ends the subscription; the iteration throws its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A message that has come, and for how many subscriptions; when none has it any more, it is acknowledged. */
export interface Arrival {
  readonly packet: DecodedPublish;
  /** Which connection and which session brought it: what an acknowledgement has to fit. */
  readonly link: Link | undefined;
  readonly session: number;
  claims: number;
}

/** What a subscription asks of its client. */
export interface Owner {
  /** The application is done with it. */
  done(arrival: Arrival): void;
  /** A message was taken: there may be room again. */
  taken(): void;
  /** Settles when the server sends no more, or cannot be told. */
  leave(subscription: Subscription): Promise<void>;
}

/**
 * A message counts as done, and one of QoS 1 or 2 is acknowledged, when the next one is asked for or the iteration
 * is left: a consumer that dies before that gets it again with the session's next connection.
 */
export class Subscription implements AsyncIterableIterator<DecodedPublish> {
  /**
   * One Reason Code for each Topic Filter, from the first SUBACK; from 0x80 on the filter was refused, and where all
   * were, the iteration throws. Empty: it ended before. Never rejects.
   */
  readonly granted: Promise<readonly number[]>;
  /** QoS 0 messages that came while too much waited, and are lost. */
  dropped = 0;
  /** Whether the server knows of it, by this client. */
  isGranted = false;
  /** Whether no more QoS 0 messages are taken for now. */
  isOverfull = false;
  readonly #owner: Owner;
  #queue: Arrival[] = [];
  #inHand: Arrival[] = [];
  #waiters: PromiseWithResolvers<IteratorResult<DecodedPublish>>[] = [];
  #end: { readonly error: unknown } | undefined;
  readonly #settle = deferred<readonly number[]>();
  readonly #onAbort = (): void => {
    this.finish(this.options.signal?.reason);
    void this.#owner.leave(this);
  };

  constructor(
    readonly filters: readonly string[],
    readonly options: SubscribeOptions,
    /** In MQTT 5.0 the Subscription Identifier. */
    readonly identifier: number,
    owner: Owner,
  ) {
    this.#owner = owner;
    this.granted = this.#settle.promise;
    options.signal?.addEventListener('abort', this.#onAbort);
  }

  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  get isFull(): boolean {
    return this.#queue.length >= (this.options.waiting ?? 100);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<DecodedPublish>> {
    this.#finishInHand();
    const arrival = this.#queue.shift();
    if (arrival !== undefined) {
      this.#inHand.push(arrival);
      this.#owner.taken();
      return Promise.resolve({ done: false, value: arrival.packet });
    }
    if (this.#end === undefined) {
      const waiter = deferred<IteratorResult<DecodedPublish>>();
      this.#waiters.push(waiter);
      return waiter.promise;
    }
    const { error } = this.#end;
    this.#end = { error: undefined };
    return error === undefined ? Promise.resolve(DONE) : Promise.reject(error);
  }

  /** Unsubscribes; `break` in a `for await` calls it. */
  async return(): Promise<IteratorResult<DecodedPublish>> {
    this.#finishInHand();
    this.finish(undefined);
    for (const arrival of this.#queue.splice(0)) this.#owner.done(arrival);
    this.#owner.taken();
    await orAborted(this.#owner.leave(this), this.options.signal).catch(() => {});
    return DONE;
  }

  /** A message for it. */
  take(arrival: Arrival): void {
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      this.#inHand.push(arrival);
      waiter.resolve({ done: false, value: arrival.packet });
    } else if (this.isOverfull && arrival.packet.qos === 0) {
      this.dropped++;
      this.#owner.done(arrival);
    } else this.#queue.push(arrival);
  }

  /** The server's answer. */
  answered(reasonCodes: readonly number[]): void {
    this.isGranted = true;
    this.#settle.resolve(reasonCodes);
    if (reasonCodes.some((code) => code < 0x80)) return;
    this.finish(new SubscribeError(reasonCodes));
    void this.#owner.leave(this);
  }

  /** No more messages will come; those that wait may still be taken. */
  finish(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { error: this.#waiters.length > 0 ? undefined : error };
    this.options.signal?.removeEventListener('abort', this.#onAbort);
    this.#settle.resolve([]);
    for (const [index, waiter] of this.#waiters.splice(0).entries()) {
      if (error === undefined || index > 0) waiter.resolve(DONE);
      else waiter.reject(error);
    }
  }

  /** QoS 1 messages that the server is about to send again: it has a session, and no acknowledgement. */
  forgetResent(): void {
    this.#queue = this.#queue.filter(({ packet }) => packet.qos !== 1);
  }

  #finishInHand(): void {
    for (const arrival of this.#inHand.splice(0)) this.#owner.done(arrival);
  }
}

const DONE: IteratorResult<DecodedPublish> = { done: true, value: undefined };

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export function deferred<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
