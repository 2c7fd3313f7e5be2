// owned: which messages a broker may retain, and which of them it owes to subscriptions.
import { topicMatches } from '../../topics/match.js';
import {
  least,
  type Message,
  type Missing,
  NEVER,
  type QoS,
  type RetainedRequest,
  type Session,
  type Subscription,
} from './broker-messages.js';
import type { Trial } from './trial.js';

/** The number of no message. */
const NONE = 0;

export class RetainedModel {
  /** By topic; while something is under way there are several that it may be. */
  readonly #retained = new Map<string, Set<number>>();

  constructor(
    readonly trial: Trial,
    readonly message: (number: number) => Message | undefined,
  ) {}

  /** The topics that something may be retained of. */
  get topics(): readonly string[] {
    return [...this.#retained]
      .filter(([, numbers]) => [...numbers].some((number) => !this.#isNone(number)))
      .map(([topic]) => topic);
  }

  /** Whether a retained message is none: there was none, or an empty one has erased it. */
  #isNone(number: number): boolean {
    return this.message(number)?.payload === '' || number === NONE;
  }

  /** A message with RETAIN is under way. */
  sent(message: Message, sessions: Iterable<Session>): void {
    const { topic, qos, number } = message;
    const numbers = this.#retained.get(topic) ?? new Set([NONE]);
    // A broker may let go of what it retains at QoS 0.
    const kept = qos === 0 ? [NONE, number] : [number];
    this.#retained.set(topic, new Set([...numbers, ...kept]));
    // What was asked for and has not come may still be the old one or the new one.
    for (const session of sessions) {
      for (const { subscription, possible, delivered } of session.retained) {
        if (!topicMatches(subscription.filter, topic) || delivered.has(topic)) continue;
        possible.set(topic, new Set([...(possible.get(topic) ?? [NONE]), ...kept]));
      }
    }
  }

  /** A message with RETAIN has been dealt with. */
  done(message: Message): void {
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
    // One of QoS 2 may be dealt with as late as its PUBREL comes, and a will when its connection is missed.
    const isInLine = message.qos < 2 && message.will === undefined && later.will === undefined;
    return isInLine && message.publisher === later.publisher && message.sentAt < later.sentAt;
  }

  /** A subscription is asked for, and what is retained with it. */
  asked(session: Session, subscription: Subscription, connection: number, packetId: number): void {
    const { filter, retainHandling, isShared, askedAt } = subscription;
    const before = session.subscriptions.filter(
      (each) => each.filter === filter && each !== subscription && each.endedAt === undefined,
    );
    const mayBeNew = before.every(
      ({ grantedAt, endAskedAt = askedAt }) => grantedAt === undefined || endAskedAt < askedAt,
    );
    if (isShared || retainHandling === 2 || (retainHandling === 1 && !mayBeNew)) return;
    const possible = new Map(
      [...this.#retained]
        .filter(([topic]) => topicMatches(filter, topic))
        .map(([topic, numbers]) => [topic, new Set(numbers)] as const),
    );
    const isDue = retainHandling === 0 || before.length === 0;
    const sets = { possible, delivered: new Set<string>(), maybe: new Set<string>() };
    session.retained.push({ subscription, connection, isDue, ...sets, packetId });
  }

  /** A message with RETAIN was taken for one that is published now, and may as well have been a retained one. */
  mayBe(session: Session, { topic, number, sentAt }: Message): void {
    for (const { subscription, possible, maybe } of session.retained) {
      const { grantedAt = NEVER } = subscription;
      if (grantedAt > sentAt && possible.get(topic)?.has(number)) maybe.add(topic);
    }
  }

  /** Whether a message is one of the retained messages that were asked for: of those that are due, first of all. */
  take(session: Session, { topic, number, qos }: Message, came: QoS): boolean {
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
    const told = `${session.client} gets retained message ${number} at QoS ${came}`;
    if (fitting.length === 0) {
      const isShared = session.matching(topic).some((each) => each.isShared);
      const rule = isShared ? 'no-retained-for-shared' : 'delivery-qos';
      this.trial.accuse(rule, `${told}, and ${most(request.subscription)} is due`);
      // It has come for the share, and what is due is still to come.
      if (isShared) return true;
    }
    request.delivered.add(topic);
    return true;
  }

  /** Whether there certainly is a retained message of that topic to send. */
  #isDue({ possible, isDue }: RetainedRequest, topic: string): boolean {
    return isDue && ![...(possible.get(topic) ?? [NONE])].some((number) => this.#isNone(number));
  }

  /** The retained messages that a session still has to get. */
  missing(session: Session, connection: number): Missing[] {
    const found: Missing[] = [];
    for (const request of session.retained) {
      const { subscription, possible, delivered, maybe, connection: asked } = request;
      const { granted, noLocal } = subscription;
      for (const [topic, numbers] of granted === undefined ? [] : possible) {
        if (delivered.has(topic) || maybe.has(topic) || !this.#isDue(request, topic)) continue;
        const together = session.retained.filter((each) => each.packetId === request.packetId);
        if (together.some((each) => each.delivered.has(topic))) continue;
        const messages = [...numbers].map((number) => this.message(number));
        // What a client has published itself need not come back to it.
        if (noLocal && messages.some((each) => each?.publisher === session.client)) continue;
        const isKept = messages.every((each) => least(each?.qos ?? 0, granted ?? 0) > 0);
        const what = `the retained message of ${topic} to ${session.client}`;
        const rule = messages.every((each) => each?.will) ? 'will-retained' : 'retained-on-subscribe';
        if (isKept || asked === connection) found.push({ rule, what });
      }
    }
    return found;
  }
}
