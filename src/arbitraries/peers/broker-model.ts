// owned: what a broker has been told, and what it may, must and must not deliver in consequence.

import type { DecodedPublish } from '../../packets/publish.js';
import {
  least,
  type Message,
  type Missing,
  mostCopies,
  NEVER,
  type QoS,
  Session,
  type Subscription,
  type WillState,
  type Wish,
} from './broker-messages.js';
import { RetainedModel } from './broker-retained.js';
import { sharedCount, sharedMissing } from './broker-shares.js';
import { NOT_YET } from './broker-wills.js';
import type { PeerRule } from './rules.js';
import type { Trial } from './trial.js';

/** Numbers, shown in front of each payload, tell messages apart. */
const numberOf = (payload: Uint8Array): number => Number(String.fromCharCode(...payload).split(' ')[0]);

/** What a message says by itself. */
type Said = Pick<Message, 'publisher' | 'topic' | 'payload' | 'qos' | 'retain' | 'expiry' | 'will'>;

/** All messages of a test, and what they mean for its sessions. */
export class BrokerModel {
  readonly messages: Message[] = [];
  readonly #retained: RetainedModel;
  /** Those that are over as well. */
  readonly #sessions: Session[] = [];

  constructor(readonly trial: Trial) {
    this.#retained = new RetainedModel(trial, (number) => this.message(number));
  }

  newSession(client: string): Session {
    const session = new Session(client);
    this.#sessions.push(session);
    return session;
  }

  endSession(session: Session): void {
    session.isOver = true;
  }

  /** The topics that something may be retained of, a will that is still to come included. */
  get retainedTopics(): readonly string[] {
    const wills = this.messages.filter(({ will, retain }) => retain && will !== undefined);
    return [...new Set([...this.#retained.topics, ...wills.map(({ topic }) => topic)])];
  }

  message(number: number): Message | undefined {
    return this.messages[number - 1];
  }

  /** The number of the next message. */
  get next(): number {
    return this.messages.length + 1;
  }

  #add(said: Said, sentAt: number): Message {
    const message = { ...said, number: this.next, sentAt, transmissions: 1, isAliased: false };
    this.messages.push(message);
    return message;
  }

  /** A message is about to be sent for the first time. */
  published(said: Said): Message {
    const message = this.#add(said, this.trial.time());
    if (message.retain) this.#mayBeRetained(message);
    return message;
  }

  /** A will is about to be told. */
  willed(said: Omit<Said, 'will'>, hasDelay: boolean): Message {
    return this.#add({ ...said, will: { hasDelay, state: 'standing', rule: 'will-published' } }, NEVER);
  }

  willBecomes(message: Message, state: WillState): void {
    if (message.will !== undefined) message.will.state = state;
    if (state !== 'due' && state !== 'possible') return;
    message.sentAt = this.trial.time();
    if (message.retain) this.#mayBeRetained(message);
  }

  #mayBeRetained(message: Message): void {
    this.#retained.sent(
      message,
      this.#sessions.filter(({ isOver }) => !isOver),
    );
  }

  /** Its PUBLISH goes out once more. */
  repeated(number: number): void {
    const message = this.message(number);
    if (message === undefined) return;
    message.transmissions++;
    message.isAliased = false;
    if (message.retain) this.#mayBeRetained(message);
  }

  /** The broker has acknowledged it to the end, or refused it. */
  done(number: number, how: 'taken' | 'refused'): void {
    const message = this.message(number);
    if (message === undefined) return;
    message.doneAt = this.trial.time();
    message.isRefused = how === 'refused';
    if (message.retain && !message.isRefused) this.#retained.done(message);
  }

  /** A SUBSCRIBE goes out. */
  asked(session: Session, wish: Wish, connection: number, packetId: number): Subscription {
    const tick = this.trial.time();
    const isShared = wish.filter.startsWith('$share/');
    const subscription: Subscription = { ...wish, isShared, askedAt: tick };
    for (const old of session.subscriptions) {
      if (old.filter === wish.filter && old.endedAt === undefined) old.endAskedAt ??= tick;
    }
    session.subscriptions.push(subscription);
    this.#retained.asked(session, subscription, connection, packetId);
    return subscription;
  }

  /** A SUBACK tells what became of it; no QoS: it was refused. */
  granted(session: Session, subscription: Subscription, granted: QoS | undefined): void {
    const tick = this.trial.time();
    if (granted === undefined) {
      subscription.endedAt = subscription.endAskedAt = tick;
      const index = session.retained.findIndex((request) => request.subscription === subscription);
      if (index >= 0) session.retained.splice(index, 1);
      return;
    }
    subscription.granted = granted;
    subscription.grantedAt = tick;
    for (const old of session.subscriptions) {
      if (old !== subscription && old.filter === subscription.filter) old.endedAt ??= tick;
    }
  }

  /** An UNSUBSCRIBE goes out, or its UNSUBACK has come. */
  unsubscribes(session: Session, filter: string, isDone: boolean): void {
    const tick = this.trial.time();
    for (const each of session.subscriptions) {
      if (each.filter !== filter || each.endedAt !== undefined) continue;
      each.endAskedAt ??= tick;
      if (isDone) each.endedAt = tick;
    }
  }

  /** Nobody knows any more which subscriptions the broker has. */
  unsettle(session: Session): void {
    const time = this.trial.time();
    for (const each of session.subscriptions) each.endAskedAt ??= time;
    session.retained.length = 0;
  }

  /** The connection of a session is over. */
  left(session: Session): void {
    for (const each of session.delivered.values()) each.mayGoOn = true;
  }

  /** A message has come that was not there, on a connection that stands since then. */
  delivered(session: Session, packet: DecodedPublish, since: number): void {
    const { trial } = this;
    const { topic, payload, qos, retain, dup } = packet;
    const { client } = session;
    if (payload.length === 0) {
      const isSent = this.messages.some((each) => each.topic === topic && each.payload === '');
      const mayBeMarked = session.subscriptions.some(({ retainAsPublished }) => retainAsPublished);
      const words = `${client} gets an empty message of ${topic}${retain ? ' as retained' : ''}`;
      trial.demand(isSent && (!retain || mayBeMarked), 'retained-replaced', words);
      return;
    }
    const message = this.#recognised(client, packet);
    if (message === undefined) return;
    const told = `${client} gets message ${message.number}`;
    if (!this.#mayCome(message, retain, told)) return;
    this.#checkExpiry(message, packet, told);
    trial.demand(!dup || message.sentAt < since, 'no-dup-on-a-first-send', `${told} with DUP the first time`);
    const live = this.#liveSubscriptions(session, message, told);
    if (live === undefined) return;
    const wished = new Set(live.map((each) => each.retainAsPublished && message.retain));
    const times = session.delivered.get(message.number)?.times ?? 0;
    // A copy behind the first one may be the retained message as well.
    const isLive = wished.has(retain) && times === 0;
    if (!isLive && retain && this.#retained.take(session, message, qos)) return;
    const hasShare = session.matching(topic).some(({ isShared }) => isShared);
    const isTooMuch = retain && hasShare && times >= mostCopies(live.length, message);
    if (retain) this.#retained.mayBe(session, message);
    if (wished.has(retain) && !isTooMuch) this.#checkLive(session, message, packet, live, told);
    else if (!retain) trial.accuse('retain-as-published', `${told} with RETAIN 0`);
    else if (hasShare)
      trial.accuse('no-retained-for-shared', `${told} as retained, once more than it may be`);
    else if (live.length > 0) trial.accuse('retain-flag-of-a-live-message', `${told} with RETAIN 1`);
    else trial.accuse('retained-replaced', `${told} as retained, which it is not, or not any more`);
  }

  /** The message that it is; undefined, after a complaint, where nobody has published it so. */
  #recognised(client: string, { topic, payload }: DecodedPublish): Message | undefined {
    const message = this.message(numberOf(payload));
    const isSame = message?.payload === String.fromCharCode(...payload);
    if (message !== undefined && isSame && message.topic === topic) return message;
    const words = `${client} gets a message on ${topic} that nobody has published so`;
    this.trial.accuse(isSame && message?.isAliased ? 'accepts-topic-aliases' : 'message-unchanged', words);
    return undefined;
  }

  /** Whether it is no will, or one that may have been published; one that comes is known to have been. */
  #mayCome(message: Message, retain: boolean, told: string): boolean {
    const { will, number } = message;
    if (will === undefined) return true;
    const [rule, words] = NOT_YET[will.state] ?? [];
    if (rule !== undefined) {
      this.trial.accuse(rule, `${told}, ${words}`);
      return false;
    }
    if (retain && !message.retain) {
      this.trial.accuse('will-not-retained', `${told} as retained, a will without Will Retain`);
      return false;
    }
    if (message.doneAt === undefined && message.qos > 0) this.done(number, 'taken');
    return true;
  }

  #checkExpiry({ expiry }: Message, { properties }: DecodedPublish, told: string): void {
    if (expiry === undefined || this.trial.version === 4) return;
    const came = properties?.messageExpiryInterval;
    const words = `${told} with Message Expiry Interval ${came ?? 'absent'}, and ${expiry} was sent`;
    this.trial.demand(came !== undefined && came <= expiry, 'message-expiry', words);
  }

  /** The subscriptions for which a message may be sent; undefined, after a complaint, where there are none. */
  #liveSubscriptions(session: Session, message: Message, told: string): Subscription[] | undefined {
    const { topic, number, publisher, will } = message;
    const inTime = session.inTime(message);
    // Whether a client has published its own will is not for the standard to say.
    const isOwn = publisher === session.client && will === undefined;
    const live = inTime.filter(({ noLocal }) => !noLocal || !isOwn);
    if (live.length > 0) return live;
    if (session.retained.some(({ possible }) => possible.get(topic)?.has(number))) return [];
    const matching = session.matching(topic);
    const ended = matching.some(({ endedAt }) => endedAt !== undefined);
    const late: PeerRule = ended ? 'not-after-unsubscribe' : 'only-subscribed';
    if (inTime.length > 0) this.trial.accuse('no-local', `${told}, its own, in spite of No Local`);
    else if (matching.length > 0 && message.retain) {
      const isShared = matching.some((each) => each.isShared);
      const rule = isShared ? 'no-retained-for-shared' : 'no-retained-on-subscribe';
      this.trial.accuse(rule, `${told}, which no subscription asked for`);
    } else this.trial.accuse(late, `${told} on ${topic}, to which it has no subscription`);
    return undefined;
  }

  #checkLive(
    session: Session,
    message: Message,
    { qos, properties }: DecodedPublish,
    live: readonly Subscription[],
    told: string,
  ): void {
    const { trial } = this;
    const { number, will } = message;
    const allowed = live.map(({ granted, qos }) => least(message.qos, granted ?? qos));
    const fits = allowed.includes(qos) || live.some(({ granted }) => granted === undefined);
    const isShared = live.some((each) => each.isShared);
    const qosRule = live.every((each) => each.isShared) ? 'shared-qos' : 'delivery-qos';
    trial.demand(fits, qosRule, `${told} at QoS ${qos}, and ${[...new Set(allowed)]} is due`);
    const before = session.delivered.get(number);
    const times = (before?.times ?? 0) + 1;
    const most = mostCopies(live.length, message);
    const onceRule = will === undefined ? 'exactly-once' : 'will-once';
    trial.demand(times <= most, onceRule, `${told} ${times} times, and ${most} may be`);
    const highest = before !== undefined && before.qos > qos ? before.qos : qos;
    session.delivered.set(number, { times, qos: highest, mayGoOn: false });
    if (isShared) {
      const shared = sharedCount(message, this.#sessions);
      const words = `message ${number} has come ${shared.came} times to the members of shared subscriptions`;
      trial.demand(shared.came <= shared.most, 'shared-to-one', `${words}, and ${shared.most} may be`);
    }
    const identifiers = live.map(({ identifier }) => identifier);
    const came = properties?.subscriptionIdentifiers ?? [];
    trial.demand(
      came.every((each) => identifiers.includes(each)) &&
        (came.length > 0 || identifiers.includes(undefined)),
      'subscription-identifiers',
      `${told} with subscription identifiers ${came.join(', ') || 'none'}, and its are ${identifiers.join(', ')}`,
    );
    const isOrdered = live.length === 1 && !isShared && before === undefined && will === undefined;
    if (isOrdered) this.#checkOrder(session, message, qos, told);
  }

  #checkOrder(session: Session, { number, publisher, topic, qos }: Message, came: QoS, told: string): void {
    const line = `${publisher} ${topic} ${qos} ${came}`;
    const last = session.latest.get(line) ?? 0;
    this.trial.demand(number > last, 'message-order', `${told} of ${topic} behind message ${last}`);
    session.latest.set(line, Math.max(last, number));
  }

  /** What a session still has to get. */
  missing(session: Session, connection: number): Missing[] {
    const found: Missing[] = [];
    for (const message of this.messages) {
      const due = this.dueQoS(session, message);
      const came = session.delivered.get(message.number);
      if (due === 0 || message.payload === '') continue;
      const what = `message ${message.number} at QoS ${due} to ${session.client}`;
      const rule = message.isAliased ? 'accepts-topic-aliases' : 'message-delivered';
      if (came === undefined) found.push({ rule: message.will?.rule ?? rule, what });
      else if (came.qos < due) found.push({ rule: 'copies-delivered', what });
    }
    return [...found, ...this.#retained.missing(session, connection)];
  }

  /** What the members of shared subscriptions together still have to get. */
  get sharedMissing(): Missing[] {
    return sharedMissing(this.messages, this.#sessions);
  }

  /** The QoS at which a message has to come; 0: it may be lost, or has no business there. */
  dueQoS(session: Session, message: Message): QoS {
    const { topic, sentAt, doneAt, isRefused, qos, publisher, will } = message;
    const isDone = will === undefined ? doneAt !== undefined && !isRefused : will.state === 'due';
    if (!isDone) return 0;
    let due: QoS = 0;
    for (const { granted = 0, grantedAt = NEVER, endAskedAt, noLocal, isShared } of session.matching(topic)) {
      // When a will was published is not known, so that it is due only to who has not asked for less since.
      const until = will === undefined ? (endAskedAt ?? NEVER) : endAskedAt === undefined ? NEVER : 0;
      const isCertain = grantedAt < sentAt && (doneAt ?? 0) < until;
      if (isShared || !isCertain || (noLocal && publisher === session.client)) continue;
      const own = least(qos, granted);
      if (own > due) due = own;
    }
    return due;
  }
}
