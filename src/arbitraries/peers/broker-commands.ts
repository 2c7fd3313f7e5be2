// pure: fast-check commands for a broker under test.
import type { Arbitrary, AsyncCommand } from 'fast-check';
import * as fc from 'fast-check';
import type { ProtocolVersion } from '../../errors.js';
import { rawFrame } from '../raw.js';
import { BrokerRun, type BrokerUnderTest, type Publishing, type Subscribing } from './broker-run.js';

/** A step of a test of a broker; {@link runBrokerCommands} takes it. */
export type BrokerCommand = AsyncCommand<BrokerRun, BrokerRun>;

/** Which commands are drawn. */
export interface BrokerCommandOptions {
  readonly version: ProtocolVersion;
  /** How many clients there are, at most 5. Absent: 3. */
  readonly clients?: number | undefined;
  /** How many commands there are at most. Absent: 30. */
  readonly maximumCommands?: number | undefined;
  /** The qualities of service of messages and subscriptions. Absent: all. */
  readonly qos?: readonly (0 | 1 | 2)[] | undefined;
  /** Whether messages are retained. Absent: true. */
  readonly retain?: boolean | undefined;
  /** Whether clients do what the broker has to close for. Absent: true. */
  readonly offences?: boolean | undefined;
  /** Whether a subscription is replaced by one with another No Local or Retain As Published. Absent: true. */
  readonly replaces?: boolean | undefined;
  /** Whether a client connects while it is connected. Absent: true. */
  readonly takeover?: boolean | undefined;
}

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const TOPICS = ['x', 'x/y', 'z'];
const FILTERS = ['x', 'x/y', 'z', 'x/#', '+', '+/y', '#'];

type Check = (run: Pick<BrokerRun, 'client'>) => boolean;

function command(words: string, check: Check, act: (run: BrokerRun) => Promise<void>): BrokerCommand {
  return {
    check: (run) => check(run),
    run: async (_, run) => {
      run.trial.note(`-- ${words}`);
      await act(run);
      run.trial.check();
    },
    toString: () => words,
  };
}

const isOpen =
  (name: string): Check =>
  (run) =>
    run.client(name).isOpen;

function connecting(
  name: Arbitrary<string>,
  { version, takeover = true }: BrokerCommandOptions,
): Arbitrary<BrokerCommand> {
  const receiveMaximum = version === 4 ? fc.constant(undefined) : fc.constantFrom(undefined, 1, 2, 10);
  const flags = fc.record({ cleanStart: fc.boolean(), keeps: fc.boolean(), receiveMaximum });
  return fc.tuple(name, flags).map(([who, all]) => {
    const joining = version === 4 ? { ...all, keeps: !all.cleanStart } : all;
    const { cleanStart, keeps } = joining;
    const most = joining.receiveMaximum === undefined ? '' : `, receive maximum ${joining.receiveMaximum}`;
    const words = `${who} connects, ${cleanStart ? 'clean' : 'resuming'}${keeps ? ', to stay' : ''}${most}`;
    return command(
      words,
      (run) => takeover || !run.client(who).isOpen,
      (run) => run.connect(who, joining),
    );
  });
}

function publishing(name: Arbitrary<string>, options: BrokerCommandOptions): Arbitrary<BrokerCommand> {
  const { qos = [0, 1, 2], retain = true } = options;
  const message: Arbitrary<Publishing> = fc
    .record({
      topic: fc.constantFrom(...TOPICS),
      qos: fc.constantFrom(...qos),
      retain: retain ? fc.boolean() : fc.constant(false),
      size: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(0, 1, 200) },
        { weight: 1, arbitrary: fc.constant(5_000) },
      ),
      isEmpty: fc.nat(9).map((chance) => chance === 9),
    })
    .map(({ isEmpty, ...rest }) => ({ ...rest, size: isEmpty && rest.retain ? undefined : rest.size }));
  const told = ({ topic, qos, retain, size }: Publishing): string =>
    `${size === undefined ? 'nothing' : 'a message'} to ${topic} at QoS ${qos}${retain ? ', retained' : ''}`;
  const messages = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(message) },
    { weight: 1, arbitrary: fc.array(message, { minLength: 2, maxLength: 4 }) },
  );
  return fc.tuple(name, messages, fc.constantFrom(true, true, true, false)).map(([who, all, waits]) => {
    const words = `${who} publishes ${all.map(told).join(' and ')}${waits ? '' : ', without waiting'}`;
    return command(words, isOpen(who), (run) => run.publish(who, all, waits));
  });
}

function subscribing(name: Arbitrary<string>, options: BrokerCommandOptions): Arbitrary<BrokerCommand> {
  const { version, qos = [0, 1, 2], replaces = true } = options;
  const off = fc.constant(false);
  const wish: Arbitrary<Subscribing> = fc.record({
    filter: fc.constantFrom(...FILTERS),
    qos: fc.constantFrom(...qos),
    noLocal: version === 4 ? off : fc.nat(4).map((n) => n === 4),
    retainAsPublished: version === 4 ? off : fc.nat(3).map((n) => n === 3),
    retainHandling: version === 4 ? fc.constant(0) : fc.constantFrom(0, 0, 1, 2),
    identifier: fc.constant(undefined),
  });
  const wishes = fc.uniqueArray(wish, { minLength: 1, maxLength: 2, selector: ({ filter }) => filter });
  const identifier = version === 4 ? fc.constant(undefined) : fc.constantFrom(undefined, undefined, 1, 200);
  return fc.tuple(name, wishes, identifier).map(([who, each, id]) => {
    const all = each.map((one) => ({ ...one, identifier: id }));
    const told = all.map(({ filter, qos, noLocal, retainAsPublished, retainHandling }) => {
      const flags = `${noLocal ? ', no local' : ''}${retainAsPublished ? ', retain as published' : ''}`;
      return `${filter} at QoS ${qos}${flags}${retainHandling === 0 ? '' : `, retain handling ${retainHandling}`}`;
    });
    const words = `${who} subscribes to ${told.join(' and ')}${id === undefined ? '' : `, identifier ${id}`}`;
    const check: Check = (run) => run.client(who).isOpen && (replaces || !run.client(who).wouldReplace(all));
    return command(words, check, (run) => run.subscribe(who, all));
  });
}

/** Bytes that are wrong whatever the connection is about. */
const OFFENCES: Readonly<Record<string, Uint8Array>> = {
  'PUBLISH of QoS 3': rawFrame(0x36, [0, 1, 0x78, 0, 1, 0]),
  'SUBSCRIBE with reserved flags': rawFrame(0x80, [0, 1, 0, 0, 1, 0x78, 0]),
};

function offending(name: Arbitrary<string>): Arbitrary<BrokerCommand> {
  const raw = fc.tuple(name, fc.constantFrom(...Object.entries(OFFENCES)));
  const twice = name.map((who) =>
    command(`${who} sends CONNECT again`, isOpen(who), (run) => run.connectTwice(who)),
  );
  return fc.oneof(
    twice,
    raw.map(([who, [words, bytes]]) =>
      command(`${who} sends ${words}`, isOpen(who), (run) => run.offend(who, bytes, words)),
    ),
  );
}

/** What concerns one client, and nothing that is drawn. */
function plain(name: Arbitrary<string>): Arbitrary<BrokerCommand>[] {
  const of = (make: (who: string) => BrokerCommand): Arbitrary<BrokerCommand> => name.map(make);
  const cut = of((who) => command(`${who} is cut off`, isOpen(who), (run) => run.cut(who)));
  const ping = of((who) => command(`${who} pings`, isOpen(who), (run) => run.ping(who)));
  const leave = of((who) => command(`${who} disconnects`, isOpen(who), (run) => run.disconnect(who)));
  const hold = of((who) =>
    command(
      `${who} withholds acknowledgements`,
      (run) => run.client(who).isOpen && !run.client(who).player.holds,
      async (run) => {
        run.client(who).player.holds = true;
      },
    ),
  );
  const pay = fc.tuple(name, fc.constantFrom(1, 2, undefined)).map(([who, count]) =>
    command(
      `${who} acknowledges ${count ?? 'everything'}`,
      (run) => run.client(who).player.holds,
      async (run) => {
        const { player } = run.client(who);
        if (count === undefined) player.holds = false;
        player.pay(count);
      },
    ),
  );
  return [cut, cut, ping, leave, hold, pay, pay];
}

/**
 * Sequences of what clients do to a broker under test: they connect with and without a session, take over, subscribe
 * and unsubscribe with overlapping filters, publish at every QoS one by one and in bursts, with RETAIN and without,
 * withhold acknowledgements, are cut off, come back, ping, let time pass, and send what a broker has to close for.
 * {@link runBrokerCommands} plays them.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * const [commands] = fc.sample(brokerCommands({ version: 5, clients: 2 }), 1);
 * ```
 */
export function brokerCommands(options: BrokerCommandOptions): Arbitrary<Iterable<BrokerCommand>> {
  const { clients = 3, maximumCommands = 30, offences = true } = options;
  const name = fc.constantFrom(...NAMES.slice(0, Math.max(1, clients)));
  const connect = connecting(name, options);
  const publish = publishing(name, options);
  const subscribe = subscribing(name, options);
  const unsubscribe = fc
    .tuple(name, fc.constantFrom(...FILTERS))
    .map(([who, filter]) =>
      command(`${who} unsubscribes from ${filter}`, isOpen(who), (run) => run.unsubscribe(who, filter)),
    );
  const pass = fc.constantFrom(1, 5, 20).map((time) =>
    command(
      `${time} ms pass`,
      () => true,
      (run) => run.trial.sleep(time),
    ),
  );
  const more = offences ? [offending(name)] : [];
  const all = [connect, connect, connect, connect, publish, publish, publish, publish, publish, publish];
  return fc.commands([...all, subscribe, subscribe, subscribe, unsubscribe, pass, ...plain(name), ...more], {
    maxCommands: maximumCommands,
    size: 'max',
  });
}

/**
 * Plays commands to a broker, with clients that do exactly what the standard asks of them, and holds whatever it
 * says against the standard: CONNACK and Session Present, answers and their codes, which messages come, at which
 * QoS, in which order and how often, RETAIN and DUP, Packet Identifiers, Receive Maximum, resends, and whether it
 * closes when it must. Every order that the standard allows is allowed, however slow the broker is within
 * `patience`. At the end, whoever has a session comes back for what is still due to it.
 *
 * @throws {PeerViolation} The first rule that is broken, with what was said before.
 *
 * @example
 * ```ts no-run
 * import fc from 'fast-check';
 * declare const broker: BrokerUnderTest;
 * await fc.assert(fc.asyncProperty(brokerCommands(broker), (commands) => runBrokerCommands(commands, broker)));
 * ```
 */
export async function runBrokerCommands(
  commands: Iterable<BrokerCommand>,
  broker: BrokerUnderTest,
): Promise<void> {
  const run = new BrokerRun(broker);
  try {
    await fc.asyncModelRun(() => ({ model: run, real: run }), commands);
    await run.settle();
  } finally {
    await run.tidy();
  }
}
