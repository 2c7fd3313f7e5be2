// owned: what a broker has been told, and what it may, must and must not deliver in consequence.

import type { DecodedPublish } from '../../packets/publish.js';
import { topicMatches } from '../../topics/match.js';
import type { PeerRule } from './rules.js';
import type { Trial } from './trial.js';

export type QoS = 0 | 1 | 2;

/** A message that a client of the test has published; times are those of the trial. */
export interface Message {
  readonly number: number;
  readonly publisher: string;
  readonly topic: string;
  readonly payload: string;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly sentAt: number;
  /** When the broker had acknowledged it to the end. */
  doneAt?: number;
  isRefused?: boolean;
  /** How often its PUBLISH went out. */
  transmissions: number;
}

/** What a SUBSCRIBE asks for. */
export interface Wish {
  readonly filter: string;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: 0 | 1 | 2;
  readonly identifier: number | undefined;
}

export interface Subscription extends Wish {
  readonly askedAt: number;
  granted?: QoS;
  grantedAt?: number;
  endAskedAt?: number;
  endedAt?: number;
}

/** The retained messages that a SUBSCRIBE asks for, by topic. */
interface RetainedRequest {
  readonly subscription: Subscription;
  readonly connection: number;
  /** Whether it is certain that they have to be sent. */
  readonly isDue: boolean;
  readonly possible: Map<string, Set<number>>;
  readonly delivered: Set<string>;
  /** What was asked for in one SUBSCRIBE may come in one copy for filters that overlap. */
  readonly packetId: number;
}

/** A session of a client at the broker, as far as the client can know. */
export class Session {
  readonly subscriptions: Subscription[] = [];
  readonly retained: RetainedRequest[] = [];
  /** How often a message has come, and the highest QoS of it. */
  readonly delivered: Map<number, { times: number; qos: QoS }> = new Map();
  /** The last message that came for the first time, by publisher, topic and QoS. */
  readonly latest: Map<string, number> = new Map();

  constructor(readonly client: string) {}
}

/** The number of no message. */
const NONE = 0;
const NEVER = Number.POSITIVE_INFINITY;

/** Numbers, shown in front of each payload, tell messages apart. */
const numberOf = (payload: Uint8Array): number => Number(String.fromCharCode(...payload).split(' ')[0]);

const least = (a: QoS, b: QoS): QoS => (a < b ? a : b);

/** How often a message may come: once for each subscription and each time that it was sent, of QoS 2 in spite of that. */
const mostCopies = ({ length }: readonly Subscription[], { qos, transmissions }: Message): number =>
  length * (qos === 2 ? 1 : transmissions);

/** All messages of a test, and what they mean for its sessions. */
export class BrokerModel {
  readonly messages: Message[] = [];
  readonly #retained = new Map<string, Set<number>>();
  readonly #sessions = new Set<Session>();

  constructor(readonly trial: Trial) {}

  newSession(client: string): Session {
    const session = new Session(client);
    this.#sessions.add(session);
    return session;
  }

  endSession(session: Session): void {
    this.#sessions.delete(session);
  }

  get retainedTopics(): readonly string[] {
    return [...this.#retained]
      .filter(([, numbers]) => [...numbers].some((number) => !this.#isNone(number)))
      .map(([topic]) => topic);
  }

  message(number: number): Message | undefined {
    return this.messages[number - 1];
  }

  /** A message is about to be sent for the first time. */
  published(message: Omit<Message, 'number' | 'sentAt' | 'transmissions'>): Message {
    const { trial } = this;
    const made = { ...message, number: this.messages.length + 1, sentAt: trial.time(), transmissions: 1 };
    this.messages.push(made);
    if (made.retain) this.#mayBeRetained(made);
    return made;
  }

  #mayBeRetained(message: Message): void {
    const { topic } = message;
    const numbers = this.#retained.get(topic) ?? new Set([NONE]);
    // A broker may let go of what it retains at QoS 0.
    const kept = message.qos === 0 ? [NONE, message.number] : [message.number];
    this.#retained.set(topic, new Set([...numbers, ...kept]));
    // What was asked for and has not come may still be the old one or the new one.
    for (const session of this.#sessions) {
      for (const request of session.retained) {
        if (!topicMatches(request.subscription.filter, topic) || request.delivered.has(topic)) continue;
        request.possible.set(topic, new Set([...(request.possible.get(topic) ?? [NONE]), ...kept]));
      }
    }
  }

  /** Its PUBLISH goes out once more. */
  repeated(number: number): void {
    const message = this.message(number);
    if (message === undefined) return;
    message.transmissions++;
    if (message.retain) this.#mayBeRetained(message);
  }

  /** The broker has acknowledged it to the end, or refused it. */
  done(number: number, how: 'taken' | 'refused'): void {
    const message = this.message(number);
    if (message === undefined) return;
    message.doneAt = this.trial.time();
    message.isRefused = how === 'refused';
    if (!message.retain || message.isRefused) return;
    const numbers = this.#retained.get(message.topic) ?? new Set();
    const left = [...numbers].filter((each) => each !== NONE && !this.#isBefore(each, message));
    const mayBeNone = left.some((each) => this.message(each)?.qos === 0);
    this.#retained.set(message.topic, new Set([message.number, ...left, ...(mayBeNone ? [NONE] : [])]));
  }

  /** Whether the broker has surely dealt with one message before it dealt with another. */
  #isBefore(number: number, later: Message): boolean {
    const message = this.message(number);
    if (message === undefined || message === later) return true;
    if (message.doneAt !== undefined && message.doneAt < later.sentAt) return true;
    // One of QoS 2 may be dealt with as late as its PUBREL comes.
    return message.publisher === later.publisher && message.sentAt < later.sentAt && message.qos < 2;
  }

  /** Whether a retained message is none: there was none, or an empty one has erased it. */
  #isNone(number: number): boolean {
    return this.message(number)?.payload === '' || number === NONE;
  }

  /** A SUBSCRIBE goes out. */
  asked(session: Session, wish: Wish, connection: number, packetId: number): Subscription {
    const tick = this.trial.time();
    const subscription: Subscription = { ...wish, askedAt: tick };
    const before = session.subscriptions.filter(
      ({ filter, endedAt }) => filter === wish.filter && endedAt === undefined,
    );
    for (const old of before) old.endAskedAt ??= tick;
    session.subscriptions.push(subscription);
    const mayBeNew = before.every(({ grantedAt, endAskedAt }) => {
      return grantedAt === undefined || (endAskedAt ?? NEVER) < tick;
    });
    if (wish.retainHandling === 2 || (wish.retainHandling === 1 && !mayBeNew)) return subscription;
    const possible = new Map(
      [...this.#retained]
        .filter(([topic]) => topicMatches(wish.filter, topic))
        .map(([topic, numbers]) => [topic, new Set(numbers)] as const),
    );
    const isDue = wish.retainHandling === 0 || before.length === 0;
    session.retained.push({ subscription, connection, isDue, possible, delivered: new Set(), packetId });
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
    const number = numberOf(payload);
    const message = this.message(number);
    const isSame =
      message !== undefined && message.topic === topic && message.payload === String.fromCharCode(...payload);
    if (message === undefined || !isSame) {
      trial.accuse('message-unchanged', `${client} gets a message on ${topic} that nobody has published so`);
      return;
    }
    const told = `${client} gets message ${number}`;
    trial.demand(!dup || message.sentAt < since, 'no-dup-on-a-first-send', `${told} with DUP the first time`);
    const live = this.#liveSubscriptions(session, message, told);
    if (live === undefined) return;
    const wished = new Set(live.map((each) => each.retainAsPublished && message.retain));
    const times = session.delivered.get(number)?.times ?? 0;
    // A copy behind the first one may be the retained message as well.
    const isLive = wished.has(retain) && times === 0;
    if (!isLive && retain && this.#takeRetained(session, message, qos)) return;
    if (wished.has(retain)) this.#checkLive(session, message, packet, live, told);
    else if (!retain) trial.accuse('retain-as-published', `${told} with RETAIN 0`);
    else if (live.length > 0) trial.accuse('retain-flag-of-a-live-message', `${told} with RETAIN 1`);
    else trial.accuse('retained-replaced', `${told} as retained, which it is not, or not any more`);
  }

  /** The subscriptions for which a message may be sent; undefined, after a complaint, where there are none. */
  #liveSubscriptions(session: Session, message: Message, told: string): Subscription[] | undefined {
    const matching = session.subscriptions.filter(({ filter }) => topicMatches(filter, message.topic));
    const inTime = matching.filter(
      ({ askedAt, endedAt = NEVER }) => askedAt < (message.doneAt ?? NEVER) && message.sentAt < endedAt,
    );
    const live = inTime.filter(({ noLocal }) => !noLocal || message.publisher !== session.client);
    if (live.length > 0) return live;
    if (session.retained.some(({ possible }) => possible.get(message.topic)?.has(message.number))) return [];
    const ended = matching.some(({ endedAt }) => endedAt !== undefined);
    const late: PeerRule = ended ? 'not-after-unsubscribe' : 'only-subscribed';
    if (inTime.length > 0) this.trial.accuse('no-local', `${told}, its own, in spite of No Local`);
    else if (matching.length > 0 && message.retain)
      this.trial.accuse('no-retained-on-subscribe', `${told}, which no subscription asked for`);
    else this.trial.accuse(late, `${told} on ${message.topic}, to which it has no subscription`);
    return undefined;
  }

  /** Whether it is one of the retained messages that were asked for: of those that are due, first of all. */
  #takeRetained(session: Session, { topic, number, qos }: Message, came: QoS): boolean {
    const requests = session.retained.filter(
      ({ possible, delivered }) => possible.get(topic)?.has(number) && !delivered.has(topic),
    );
    const most = ({ granted, qos: asked }: Subscription): QoS => least(qos, granted ?? asked);
    const fitting = requests.filter(({ subscription }) => {
      const due = most(subscription);
      return subscription.granted === undefined ? came <= due : came === due;
    });
    const isDue = (each: RetainedRequest): boolean => this.#isDue(each, topic);
    const request = fitting.find(isDue) ?? fitting[0] ?? requests.find(isDue) ?? requests[0];
    if (request === undefined) return false;
    request.delivered.add(topic);
    const told = `${session.client} gets retained message ${number} at QoS ${came}`;
    const due = most(request.subscription);
    this.trial.demand(fitting.length > 0, 'delivery-qos', `${told}, and ${due} is due`);
    return true;
  }

  /** Whether there certainly is a retained message of that topic to send. */
  #isDue({ possible, isDue }: RetainedRequest, topic: string): boolean {
    const mayBeNone = [...(possible.get(topic) ?? [NONE])].some((number) => this.#isNone(number));
    return isDue && !mayBeNone;
  }

  #checkLive(
    session: Session,
    message: Message,
    { qos, properties }: DecodedPublish,
    live: readonly Subscription[],
    told: string,
  ): void {
    const { trial } = this;
    const { number, publisher, topic } = message;
    const allowed = live.map(({ granted, qos }) => least(message.qos, granted ?? qos));
    const fits = allowed.includes(qos) || live.some(({ granted }) => granted === undefined);
    trial.demand(fits, 'delivery-qos', `${told} at QoS ${qos}, and ${[...new Set(allowed)]} is due`);
    const before = session.delivered.get(number);
    const times = (before?.times ?? 0) + 1;
    const most = mostCopies(live, message);
    trial.demand(times <= most, 'exactly-once', `${told} ${times} times, and ${most} may be`);
    session.delivered.set(number, { times, qos: qos > (before?.qos ?? 0) ? qos : (before?.qos ?? qos) });
    const identifiers = live.map(({ identifier }) => identifier);
    const came = properties?.subscriptionIdentifiers ?? [];
    trial.demand(
      came.every((each) => identifiers.includes(each)) &&
        (came.length > 0 || identifiers.includes(undefined)),
      'subscription-identifiers',
      `${told} with subscription identifiers ${came.join(', ') || 'none'}, and its are ${identifiers.join(', ')}`,
    );
    if (live.length > 1 || before !== undefined) return;
    const line = `${publisher} ${topic} ${message.qos} ${qos}`;
    const last = session.latest.get(line) ?? 0;
    trial.demand(number > last, 'message-order', `${told} of ${topic} behind message ${last}`);
    session.latest.set(line, Math.max(last, number));
  }

  /** What a session still has to get, each with the rule that says so. */
  missing(session: Session, connection: number): { readonly rule: PeerRule; readonly what: string }[] {
    const found: { rule: PeerRule; what: string }[] = [];
    for (const message of this.messages) {
      const due = this.#dueQoS(session, message);
      const came = session.delivered.get(message.number);
      if (due === 0 || message.payload === '') continue;
      const what = `message ${message.number} at QoS ${due} to ${session.client}`;
      if (came === undefined) found.push({ rule: 'message-delivered', what });
      else if (came.qos < due) found.push({ rule: 'copies-delivered', what });
    }
    for (const request of session.retained) {
      const { subscription, possible, delivered, connection: asked } = request;
      const { granted, noLocal } = subscription;
      for (const [topic, numbers] of granted === undefined ? [] : possible) {
        if (delivered.has(topic) || !this.#isDue(request, topic)) continue;
        const together = session.retained.filter((each) => each.packetId === request.packetId);
        if (together.some((each) => each.delivered.has(topic))) continue;
        const messages = [...numbers].map((number) => this.message(number));
        // What a client has published itself need not come back to it.
        if (noLocal && messages.some((each) => each?.publisher === session.client)) continue;
        const isKept = messages.every((each) => least(each?.qos ?? 0, granted ?? 0) > 0);
        const what = `the retained message of ${topic} to ${session.client}`;
        if (isKept || asked === connection) found.push({ rule: 'retained-on-subscribe', what });
      }
    }
    return found;
  }

  /** The QoS at which a message has to come; 0: it may be lost, or has no business there. */
  #dueQoS(session: Session, { topic, sentAt, doneAt, isRefused, qos, publisher }: Message): QoS {
    if (doneAt === undefined || isRefused) return 0;
    let due: QoS = 0;
    for (const each of session.subscriptions) {
      const { filter, granted = 0, grantedAt = NEVER, endAskedAt = NEVER, noLocal } = each;
      const isCertain = grantedAt < sentAt && doneAt < endAskedAt;
      if (!isCertain || !topicMatches(filter, topic) || (noLocal && publisher === session.client)) continue;
      const own = least(qos, granted);
      if (own > due) due = own;
    }
    return due;
  }
}
