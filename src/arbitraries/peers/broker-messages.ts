// owned: what a broker is told in a test: messages, subscriptions and sessions.
import { topicMatches } from '../../topics/match.js';
import type { PeerRule } from './rules.js';

export type QoS = 0 | 1 | 2;

/**
 * What has become of a will. `standing`: its connection is there; `waiting`: its delay runs; `due`: it has to be
 * published; `possible`: it may be; `deleted`: by DISCONNECT; `cancelled`: its client was back before its delay was over.
 */
export type WillState = 'standing' | 'waiting' | 'due' | 'possible' | 'deleted' | 'cancelled';

/** Why a will has to be published: after a failure or DISCONNECT 0x04, a takeover, or an offence. */
export type WillRule = 'will-published' | 'will-on-takeover' | 'will-after-violation';

export interface Will {
  readonly hasDelay: boolean;
  state: WillState;
  /** What it breaks if it does not come. */
  rule: WillRule;
}

/** A message that a client of the test has published, or will have; times are those of the trial. */
export interface Message {
  readonly number: number;
  readonly publisher: string;
  readonly topic: string;
  readonly payload: string;
  readonly qos: QoS;
  readonly retain: boolean;
  /** The Message Expiry Interval, in seconds. */
  readonly expiry: number | undefined;
  /** Of a will, when it could be published first. */
  sentAt: number;
  /** When the broker had acknowledged it to the end; of a will, when it was seen first. */
  doneAt?: number;
  isRefused?: boolean;
  /** Whether a Topic Alias alone stood for its topic, so far. */
  isAliased: boolean;
  /** How often its PUBLISH went out. */
  transmissions: number;
  readonly will?: Will | undefined;
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
  readonly isShared: boolean;
  readonly askedAt: number;
  granted?: QoS;
  grantedAt?: number;
  endAskedAt?: number;
  endedAt?: number;
}

/** The retained messages that a SUBSCRIBE asks for, by topic. */
export interface RetainedRequest {
  readonly subscription: Subscription;
  readonly connection: number;
  /** Whether it is certain that they have to be sent. */
  readonly isDue: boolean;
  readonly possible: Map<string, Set<number>>;
  readonly delivered: Set<string>;
  /** Those that may have been delivered, by copies that may have been something else. */
  readonly maybe: Set<string>;
  /** What was asked for in one SUBSCRIBE may come in one copy for filters that overlap. */
  readonly packetId: number;
}

/** How often a message has come, and the highest QoS of it. */
interface Delivered {
  readonly times: number;
  readonly qos: QoS;
  /** Whether the connection that it came on is over, so that one of QoS 1 may go to another member of a share. */
  mayGoOn: boolean;
}

/** A session of a client at the broker, as far as the client can know. */
export class Session {
  readonly subscriptions: Subscription[] = [];
  readonly retained: RetainedRequest[] = [];
  readonly delivered: Map<number, Delivered> = new Map();
  /** The last message that came for the first time, by publisher, topic and QoS. */
  readonly latest: Map<string, number> = new Map();
  isOver = false;

  constructor(readonly client: string) {}

  /** The subscriptions whose filter matches a topic. */
  matching(topic: string): Subscription[] {
    return this.subscriptions.filter(({ filter, isShared }) => topicMatches(filter, topic, isShared ? 5 : 4));
  }

  /** Those for which a message may be sent, at some time between its PUBLISH and its last acknowledgement. */
  inTime({ topic, sentAt, doneAt = NEVER }: Message): Subscription[] {
    return this.matching(topic).filter(
      ({ askedAt, endedAt = NEVER }) => askedAt < doneAt && sentAt < endedAt,
    );
  }
}

export const NEVER: number = Number.POSITIVE_INFINITY;

/** A rule that says that something still has to come. */
export interface Missing {
  readonly rule: PeerRule;
  readonly what: string;
}

export const least = (a: QoS, b: QoS): QoS => (a < b ? a : b);

/** How often a message may come for so many subscriptions: once for each time that it was sent, of QoS 2 in spite of that. */
export const mostCopies = (subscriptions: number, { qos, transmissions }: Message): number =>
  subscriptions * (qos === 2 ? 1 : transmissions);
