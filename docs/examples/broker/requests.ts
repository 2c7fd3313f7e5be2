/** SUBSCRIBE and UNSUBSCRIBE (sections 3.8.4 and 3.10.4). */
import { type DecodedSubscribe, type DecodedUnsubscribe, isSharedFilter } from '../../../src/index.js';
import type { Broker } from './broker.js';
import type { Connection } from './connection.js';
import type { Message } from './message.js';
import type { Who } from './options.js';
import type { Session } from './session.js';
import type { Subscription } from './subscriptions.js';

/** A client of MQTT 3.1.1 hears 0x80 for all of them. */
type Refusal = 0x80 | 0x83 | 0x87 | 0x8f | 0x97 | 0xa2;

/** What to answer, and what to send afterwards: the retained messages that the new subscriptions get. */
export interface Subscribed {
  readonly reasonCodes: (0 | 1 | 2 | Refusal)[];
  readonly retained: { readonly message: Message; readonly grant: Subscription }[];
}

export function subscribe(
  broker: Broker,
  session: Session,
  { who, version }: Connection,
  packet: DecodedSubscribe,
): Subscribed {
  const subscribed: Subscribed = { reasonCodes: [], retained: [] };
  const identifier = packet.properties?.subscriptionIdentifier;
  for (const wish of packet.subscriptions) {
    const { topicFilter: filter, noLocal = false, retainAsPublished = false, retainHandling = 0 } = wish;
    const refusal = problem(broker, session, who, filter);
    if (refusal !== undefined) {
      subscribed.reasonCodes.push(refusal);
      continue;
    }
    const qos = wish.qos < broker.limits.qos ? wish.qos : broker.limits.qos;
    const identifiers = identifier === undefined ? [] : [identifier];
    const known = session.subscriptions.get(filter);
    let subscription = known;
    if (subscription === undefined) {
      const isShared = version === 5 && isSharedFilter(filter);
      subscription = { session, filter, isShared, qos, noLocal, retainAsPublished, identifiers };
      session.subscriptions.set(filter, subscription);
      broker.subscriptions.add(subscription);
    } else Object.assign(subscription, { qos, noLocal, retainAsPublished, identifiers });
    subscribed.reasonCodes.push(qos);
    if (retainHandling === 2 || (retainHandling === 1 && known !== undefined)) continue;
    for (const message of retainedFor(broker, subscription, version)) {
      subscribed.retained.push({ message, grant: subscription });
    }
  }
  return subscribed;
}

export function unsubscribe(
  broker: Broker,
  session: Session,
  { topicFilters }: DecodedUnsubscribe,
): (0 | 0x11)[] {
  return topicFilters.map((filter) => {
    const subscription = session.subscriptions.get(filter);
    if (subscription === undefined) return 0x11;
    session.subscriptions.delete(filter);
    broker.subscriptions.delete(subscription);
    return 0;
  });
}

function problem(broker: Broker, session: Session, who: Who, filter: string): Refusal | undefined {
  const { options, limits } = broker;
  if (options.wildcards === false && /[+#]/.test(filter)) return 0xa2;
  const verdict = options.authorizeSubscribe?.(who, filter) ?? 0;
  if (verdict !== 0) return verdict;
  const isNew = !session.subscriptions.has(filter);
  return isNew && session.subscriptions.size >= limits.subscriptions ? 0x97 : undefined;
}

/** A shared subscription gets no retained messages (section 4.8.2), and No Local holds for them as well. */
function retainedFor(broker: Broker, subscription: Subscription, version: 4 | 5): Message[] {
  const { filter, isShared, noLocal, session } = subscription;
  if (isShared) return [];
  const isRooted = broker.options.ignoresRoot === true && filter.startsWith('/');
  const kept = broker.retained.matching(isRooted ? filter.slice(1) : filter, version, Date.now());
  const found = kept
    .map((message) => (isRooted ? { ...message, topic: `/${message.topic}` } : message))
    .filter((message) => broker.mayReceive(session, message));
  return noLocal ? found.filter(({ publisher }) => publisher !== session.clientId) : found;
}
