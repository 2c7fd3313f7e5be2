// pure: what the members of shared subscriptions may, and must, have got together (MQTT 5.0, section 4.8.2).
import {
  least,
  type Message,
  type Missing,
  mostCopies,
  NEVER,
  type QoS,
  type Session,
  type Subscription,
} from './broker-messages.js';

/** Copies of a message that came in the name of a share, as far as no other subscription can be the reason. */
function sharedCopies(session: Session, message: Message): number {
  const came = session.delivered.get(message.number);
  if (came === undefined || (came.mayGoOn && came.qos === 1)) return 0;
  const others = session.inTime(message).filter(({ isShared }) => !isShared);
  return Math.max(0, came.times - mostCopies(others.length, message));
}

/** How many copies came in the name of shares, and how many may have. */
export function sharedCount(message: Message, sessions: Iterable<Session>): { came: number; most: number } {
  const filters = new Set<string>();
  let came = 0;
  for (const session of sessions) {
    came += sharedCopies(session, message);
    for (const { isShared, filter } of session.inTime(message)) if (isShared) filters.add(filter);
  }
  return { came, most: mostCopies(filters.size, message) };
}

/** A member of a share: a subscription, and whose it is. */
interface Member extends Subscription {
  readonly session: Session;
}

/** The QoS at which some member has to get a message; 0: it may be lost, or with a member who has gone. */
function dueQoS(members: readonly Member[], { sentAt, qos }: Message): QoS {
  const isCertain = members.every(
    ({ session, granted, endAskedAt }) =>
      !session.isOver && granted !== undefined && endAskedAt === undefined,
  );
  const isThere = members.some(({ grantedAt = NEVER }) => grantedAt < sentAt);
  if (!isCertain || !isThere) return 0;
  return members.reduce<QoS>((due, { granted = 0 }) => least(due, granted), qos);
}

/** The messages that some member of a share must get, and none has got. */
export function sharedMissing(messages: readonly Message[], sessions: readonly Session[]): Missing[] {
  const found: Missing[] = [];
  for (const message of messages) {
    if (message.doneAt === undefined || message.isRefused || message.payload === '') continue;
    const members = sessions.flatMap((session) =>
      session.inTime(message).flatMap((each): Member[] => (each.isShared ? [{ ...each, session }] : [])),
    );
    for (const filter of new Set(members.map((each) => each.filter))) {
      const own = members.filter((each) => each.filter === filter);
      const isThere = own.some(({ session }) => session.delivered.has(message.number));
      if (isThere || dueQoS(own, message) === 0) continue;
      const clients = own.map(({ session }) => session.client).join(' or ');
      found.push({ rule: 'shared-delivered', what: `message ${message.number} of ${filter} to ${clients}` });
    }
  }
  return found;
}
