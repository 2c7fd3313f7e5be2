/** Who has subscribed to what, and who is to get a message (sections 3.3.4, 4.7 and 4.8). */
import { isSharedFilter, parseSharedFilter, TopicFilterIndex } from '../../../src/index.js';
import type { Grant, Message } from './message.js';
import type { Session } from './session.js';

/** A subscription of one session. One with the same filter replaces what it says, and it stays the same object. */
export interface Subscription extends Grant {
  readonly session: Session;
  readonly filter: string;
  readonly isShared: boolean;
  qos: 0 | 1 | 2;
  noLocal: boolean;
  retainAsPublished: boolean;
  identifiers: readonly number[];
}

/** The members of a shared subscription take turns. */
interface Turns {
  next: number;
  members: number;
}

/** Who gets a message: `share` is the filter of the shared subscription in whose name, if it is one. */
export type Receiver = (session: Session, grant: Grant, share: string | undefined) => void;
/** The same, with the message in the form in which this receiver is to have it. */
export type FormReceiver = (message: Message, ...to: Parameters<Receiver>) => void;

export class Subscriptions {
  readonly #index = new TopicFilterIndex<Subscription>(5);
  /** Filters of MQTT 3.1.1 that only look like shared ones. */
  readonly #literal = new TopicFilterIndex<Subscription>(4);
  readonly #turns = new Map<string, Turns>();
  readonly #ignoresRoot: boolean;
  readonly #mayReceive: (session: Session, message: Message) => boolean;

  constructor(ignoresRoot = false, mayReceive: (session: Session, message: Message) => boolean = () => true) {
    this.#ignoresRoot = ignoresRoot;
    this.#mayReceive = mayReceive;
  }

  get size(): number {
    return this.#index.size + this.#literal.size;
  }

  add(subscription: Subscription): void {
    const { filter, isShared } = subscription;
    this.#indexOf(subscription).add(filter, subscription);
    if (!isShared) return;
    const turns = this.#turns.get(filter) ?? { next: 0, members: 0 };
    turns.members++;
    this.#turns.set(filter, turns);
  }

  delete(subscription: Subscription): void {
    const { filter } = subscription;
    this.#indexOf(subscription).delete(filter, subscription);
    const turns = this.#turns.get(filter);
    if (subscription.isShared && turns !== undefined && --turns.members === 0) this.#turns.delete(filter);
  }

  /**
   * Each client once, however many of its subscriptions match, and one member of each shared subscription. Where a
   * slash at the root makes no difference, those who have asked with one are others than those who have not.
   */
  route(message: Message, receive: FormReceiver): void {
    this.#routeAs(message, receive);
    if (this.#ignoresRoot) this.#routeAs({ ...message, topic: `/${message.topic}` }, receive);
  }

  #routeAs(message: Message, receive: FormReceiver): void {
    const { found, shared, filters } = this.#find(message);
    // A client has one subscription for each filter.
    if (filters > 1) {
      const grants = new Map<Session, Grant>();
      for (const subscription of found) {
        const other = grants.get(subscription.session);
        grants.set(subscription.session, other === undefined ? subscription : together(other, subscription));
      }
      for (const [session, grant] of grants) receive(message, session, grant, undefined);
    } else for (const subscription of found) receive(message, subscription.session, subscription, undefined);
    for (const chosen of shared) receive(message, chosen.session, chosen, chosen.filter);
  }

  /** The subscriptions that match, how many filters they have, and of the shared ones those whose turn it is. */
  #find(message: Message): { found: Subscription[]; filters: number; shared: Subscription[] } {
    const found: Subscription[] = [];
    const shared: Subscription[] = [];
    let filters = 0;
    const visit = (filter: string, subscriptions: readonly Subscription[]): void => {
      if (this.#ignoresRoot && !isMeant(message.topic, parseSharedFilter(filter)?.topicFilter ?? filter))
        return;
      if (subscriptions[0]!.isShared) {
        const chosen = this.#choose(filter, subscriptions, message);
        if (chosen !== undefined) shared.push(chosen);
        return;
      }
      filters++;
      for (const subscription of subscriptions) {
        const isOwn = subscription.noLocal && subscription.session.clientId === message.publisher;
        if (!isOwn && this.#mayReceive(subscription.session, message)) found.push(subscription);
      }
    };
    this.#index.forEachMatchingFilter(message.topic, visit);
    if (this.#literal.size > 0) this.#literal.forEachMatchingFilter(message.topic, visit);
    return { found, shared, filters };
  }

  /** Whether there is a subscription for a topic, whoever may have its messages in the end. */
  has(topic: string): boolean {
    let has = false;
    const names = this.#ignoresRoot ? [topic, `/${topic}`] : [topic];
    for (const name of names) {
      const visit = (filter: string): void => {
        has ||= !this.#ignoresRoot || isMeant(name, parseSharedFilter(filter)?.topicFilter ?? filter);
      };
      this.#index.forEachMatchingFilter(name, visit);
      if (this.#literal.size > 0) this.#literal.forEachMatchingFilter(name, visit);
    }
    return has;
  }

  /** Another member for a message that the chosen one will never get, since its session is over. */
  routeAgain(message: Message, share: string, receive: Receiver): void {
    this.#index.forEachMatchingFilter(message.topic, (filter, subscriptions) => {
      const chosen = filter === share ? this.#choose(filter, subscriptions, message) : undefined;
      if (chosen !== undefined) receive(chosen.session, chosen, share);
    });
  }

  #indexOf({ filter, isShared }: Subscription): TopicFilterIndex<Subscription> {
    return !isShared && isSharedFilter(filter) ? this.#literal : this.#index;
  }

  /** The next in turn of those that are best able: there and keeping up, else there, else away. */
  #choose(filter: string, members: readonly Subscription[], message: Message): Subscription | undefined {
    const turns = this.#turns.get(filter);
    if (turns === undefined) return undefined;
    let best: Subscription | undefined;
    let rank = -1;
    let turn = turns.next;
    for (let i = 0; i < members.length && rank < 2; i++) {
      const at = (turns.next + i) % members.length;
      const member = members[at]!;
      const { isOnline, isCrowded } = member.session;
      if (!this.#mayReceive(member.session, message)) continue;
      const ability = isOnline ? (isCrowded ? 1 : 2) : 0;
      if (ability <= rank) continue;
      [best, rank, turn] = [member, ability, at];
    }
    turns.next = turn + 1;
    return best;
  }
}

/** Of the two forms of a topic, the one with the slash is for filters that have it; no wildcard finds `/$SYS`. */
function isMeant(topic: string, filter: string): boolean {
  if (topic.startsWith('/') !== filter.startsWith('/')) return false;
  return !topic.startsWith('/$') || !/^\/[+#]/.test(filter);
}

/** Overlapping subscriptions give one message: with the highest QoS, and all Subscription Identifiers. */
function together(a: Grant, b: Grant): Grant {
  return {
    qos: a.qos > b.qos ? a.qos : b.qos,
    retainAsPublished: a.retainAsPublished || b.retainAsPublished,
    identifiers: [...a.identifiers, ...b.identifiers],
  };
}
