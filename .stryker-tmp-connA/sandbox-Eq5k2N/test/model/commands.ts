// @ts-nocheck
import fc, { type Arbitrary, type Command } from 'fast-check';
import type { SendableSubscribe, SendableUnsubscribe } from '../../src/connection/index.js';
import type { Subscription } from '../../src/packets/subscribe.js';
import type { Pair } from './pair.js';
import type { QoS, Role, Setup } from './setup.js';

/** The pair is model and real system at once: its judges hold what it does against what was asked of it. */
export type PairCommand = Command<Pair, Pair>;

function command(name: string, check: (pair: Pair) => boolean, run: (pair: Pair) => void): PairCommand {
  return { check, run: (_model, pair) => run(pair), toString: () => name };
}

/** One of so many has a value. */
function seldom<T>(value: Arbitrary<T>, times: number): Arbitrary<T | undefined> {
  return fc.oneof({ arbitrary: fc.constant(undefined), weight: times - 1 }, { arbitrary: value, weight: 1 });
}

const role: Arbitrary<Role> = fc.constantFrom('client', 'server');
/** Now and then the process dies over what it does, after so much of it. */
const dies: Arbitrary<number | undefined> = seldom(fc.nat(5), 40);
const withDeath = (number: number | undefined): string => (number === undefined ? '' : `, dies ${number}`);

const send = fc
  .record({
    role,
    qos: fc.constantFrom<QoS>(0, 1, 1, 2, 2),
    topic: fc.constantFrom('a', 'b', 'c/d'),
    expires: seldom(fc.nat(5), 4),
    ifBusy: fc.constantFrom('queue', 'refuse'),
    topicAlias: fc.constantFrom('automatic', undefined),
    dies,
  })
  .map(({ role, dies, ifBusy, topicAlias, expires, ...message }) =>
    command(
      `${role} sends ${JSON.stringify({ ...message, expires, ifBusy, topicAlias })}${withDeath(dies)}`,
      () => true,
      (pair) => {
        const expiry = expires === undefined || pair.setup.version === 4 ? {} : { expires };
        pair.send(role, { message: { ...message, ...expiry }, ifBusy, topicAlias }, dies);
      },
    ),
  );

const deliver = fc.tuple(role, fc.integer({ min: 1, max: 4 }), dies).map(([role, count, dies]) =>
  command(
    `${count} packets to ${role}${withDeath(dies)}`,
    (pair) => pair.isOpen(role),
    (pair) => {
      for (let i = 1; i < count; i++) pair.deliver(role);
      pair.deliver(role, dies);
    },
  ),
);

const connect = dies.map((dies) =>
  command(
    `connect${withDeath(dies)}`,
    (pair) => !pair.isOpen('client') && !pair.isOpen('server'),
    (pair) => pair.connect(dies),
  ),
);

const cut = fc.constant(
  command(
    'cut',
    (pair) => pair.isUp,
    (pair) => pair.cut(),
  ),
);

const notice = role.map((role) =>
  command(
    `${role} notices`,
    (pair) => pair.isOpen(role),
    (pair) => pair.notice(role),
  ),
);

const die = role.map((role) =>
  command(
    `${role} dies`,
    () => true,
    (pair) => pair.die(role),
  ),
);

/** Only a 5.0 client can say that it has forgotten. */
const forget = role.map((role) =>
  command(
    `${role} forgets`,
    (pair) =>
      !pair.isOpen('client') && !pair.isOpen('server') && (role === 'server' || pair.setup.version === 5),
    (pair) => {
      pair.forget(role);
      pair.meet();
    },
  ),
);

const acknowledge = fc
  .record({ role, which: fc.nat(3), reasonCode: fc.constantFrom(0x00, 0x00, 0x83), dies })
  .map(({ role, which, reasonCode, dies }) =>
    command(
      `${role} acknowledges ${which} with ${reasonCode}${withDeath(dies)}`,
      (pair) => pair.party(role).unanswered.length > 0 && (role === 'client' || pair.stands(role)),
      (pair) => {
        const { unanswered } = pair.party(role);
        const of = unanswered[which % unanswered.length]!;
        // Nobody refuses what a crash has kept from him.
        const verdict = of.message < 0 || reasonCode === 0x00 ? 0x00 : 0x83;
        pair.happen(role, { type: 'acknowledge', of, reasonCode: verdict }, dies);
      },
    ),
  );

let tokens = 0;
const request = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3 }), dies).map(([adds, count, dies]) =>
  command(
    `client ${adds ? 'subscribes' : 'unsubscribes'} ${count}${withDeath(dies)}`,
    (pair) => pair.stands('client'),
    (pair) => {
      const filters = Array.from({ length: count }, (_, index) => `f/${index}`);
      const subscriptions = filters.map((topicFilter): Subscription => ({ topicFilter, qos: 1 }));
      const packet: SendableSubscribe | SendableUnsubscribe = adds
        ? { type: 'subscribe', subscriptions }
        : { type: 'unsubscribe', topicFilters: filters };
      pair.happen('client', { type: 'request', packet, token: `r${tokens++}` }, dies);
    },
  ),
);

const answer = fc.nat(3).map((which) =>
  command(
    `server answers ${which}`,
    (pair) => pair.party('server').requests.length > 0,
    (pair) => {
      const { requests } = pair.party('server');
      pair.happen('server', { type: 'answer', ...requests[which % requests.length]! });
    },
  ),
);

const decide = fc.tuple(fc.nat(4), dies).map(([number, dies]) =>
  command(
    `server ${number === 0 ? 'refuses' : 'accepts'}${withDeath(dies)}`,
    (pair) => pair.party('server').asked,
    (pair) => {
      pair.happen('server', number === 0 ? { type: 'refuse', reasonCode: 0x88 } : { type: 'accept' }, dies);
    },
  ),
);

const disconnect = fc
  .record({ role, reasonCode: fc.constantFrom(0x00, 0x80), expiry: fc.constantFrom(undefined, 0, 9) })
  .map(({ role, reasonCode, expiry }) =>
    command(
      `${role} disconnects with ${reasonCode}, expiry ${expiry}`,
      (pair) => pair.stands(role),
      (pair) => {
        const says = role === 'client' && expiry !== undefined && pair.setup.version === 5;
        const properties = says ? { properties: { sessionExpiryInterval: expiry } } : {};
        pair.happen(role, { type: 'disconnect', how: { reasonCode, ...properties } });
      },
    ),
  );

const tick = fc.oneof(fc.constant(undefined), fc.nat(3_000)).map((milliseconds) =>
  command(
    `${milliseconds ?? 'time'} passes`,
    () => true,
    (pair) => pair.tick(milliseconds ?? pair.wait ?? 0),
  ),
);

const stall = fc.tuple(role, fc.boolean()).map(([role, blocked]) =>
  command(
    `${role} is ${blocked ? 'blocked' : 'writable'}`,
    (pair) => pair.isOpen(role),
    (pair) => {
      pair.happen(role, { type: blocked ? 'blocked' : 'writable' });
    },
  ),
);

const times = (arbitrary: Arbitrary<PairCommand>, count: number): Arbitrary<PairCommand>[] =>
  new Array<Arbitrary<PairCommand>>(count).fill(arbitrary);

/** Long lives, in which more goes right than wrong. */
export const lives = fc.commands<Pair, Pair>(
  [
    ...times(send, 8),
    ...times(deliver, 16),
    ...times(connect, 4),
    ...times(acknowledge, 6),
    ...times(answer, 2),
    ...times(decide, 2),
    ...times(tick, 2),
    ...times(notice, 4),
    request,
    stall,
    fc.oneof(cut, cut, cut, die, forget, disconnect),
  ],
  { maxCommands: 300, size: 'max' },
);

/** Of everything that does not change in a life. */
export const setups: Arbitrary<Omit<Setup, 'step'>> = fc
  .record({
    version: fc.constantFrom(4, 5),
    acknowledgements: fc.constantFrom('automatic', 'manual'),
    host: fc.constantFrom('atomic', 'atomic', 'deliver-first', 'store-first'),
    receiveMaximum: fc.constantFrom(undefined, [1], [2], [3], [3, 1, 2], [4, 2, 1, 3, 1, 5]),
    topicAliasMaximum: fc.constantFrom(undefined, 1, 2, 10),
    keepAlive: fc.constantFrom(0, 1, 30),
    pipelining: fc.boolean(),
    fresh: fc.boolean(),
    sessionExpiryInterval: fc.constantFrom(undefined, undefined, 0, 60),
    queue: fc.constantFrom(undefined, 2, 1_000),
  } as const)
  // A client that sends before CONNACK does not know what the server takes.
  .map(({ pipelining, receiveMaximum, sessionExpiryInterval, queue, topicAliasMaximum, ...rest }) => ({
    ...rest,
    pipelining: pipelining && receiveMaximum === undefined,
    ...(rest.version === 5 && receiveMaximum !== undefined && { receiveMaximum }),
    ...(rest.version === 5 && topicAliasMaximum !== undefined && { topicAliasMaximum }),
    ...(sessionExpiryInterval !== undefined && { sessionExpiryInterval }),
    ...(queue !== undefined && { queue }),
  }));
