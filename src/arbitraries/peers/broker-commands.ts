// pure: fast-check commands for a broker under test.
import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import { rawFrame } from '../raw.js';
import { UNKNOWN_ALIAS } from './aliases.js';
import {
  type BrokerCommand,
  type BrokerCommandOptions,
  connecting,
  isOpen,
  leaving,
  publishing,
  step,
  subscribing,
  unsubscribing,
} from './broker-draws.js';
import { BrokerRun, type BrokerUnderTest } from './broker-run.js';
import { play } from './command.js';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

/** Bytes that are wrong whatever the connection is about. */
const OFFENCES: Readonly<Record<string, Uint8Array>> = {
  'PUBLISH of QoS 3': rawFrame(0x36, [0, 1, 0x78, 0, 1, 0]),
  'SUBSCRIBE with reserved flags': rawFrame(0x80, [0, 1, 0, 0, 1, 0x78, 0]),
};

function offending(
  name: Arbitrary<string>,
  { version, topicAliases = true }: BrokerCommandOptions,
): Arbitrary<BrokerCommand> {
  const aliases = version === 5 && topicAliases ? { 'an unknown Topic Alias': UNKNOWN_ALIAS } : {};
  const raw = fc.tuple(name, fc.constantFrom(...Object.entries({ ...OFFENCES, ...aliases })));
  const twice = name.map((who) =>
    step(`${who} sends CONNECT again`, isOpen(who), (run) => run.connectTwice(who)),
  );
  return fc.oneof(
    twice,
    raw.map(([who, [words, bytes]]) =>
      step(`${who} sends ${words}`, isOpen(who), (run) => run.offend(who, bytes, words)),
    ),
  );
}

/** What concerns one client, and nothing that is drawn. */
function plain(name: Arbitrary<string>): Arbitrary<BrokerCommand>[] {
  const of = (make: (who: string) => BrokerCommand): Arbitrary<BrokerCommand> => name.map(make);
  const cut = of((who) => step(`${who} is cut off`, isOpen(who), (run) => run.cut(who)));
  const ping = of((who) => step(`${who} pings`, isOpen(who), (run) => run.ping(who)));
  const hold = of((who) =>
    step(
      `${who} withholds acknowledgements`,
      (run) => run.client(who).isOpen && !run.client(who).player.holds,
      (run) => {
        run.client(who).player.holds = true;
      },
    ),
  );
  const pay = fc.tuple(name, fc.constantFrom(1, 2, undefined)).map(([who, count]) =>
    step(
      `${who} acknowledges ${count ?? 'everything'}`,
      (run) => run.client(who).player.holds,
      (run) => {
        const { player } = run.client(who);
        if (count === undefined) player.holds = false;
        player.pay(count);
      },
    ),
  );
  return [cut, cut, ping, hold, pay, pay];
}

/**
 * Sequences of what clients do to a broker under test: they connect with and without a session, with wills and without,
 * take over, subscribe and unsubscribe with overlapping and shared filters, publish at every QoS one by one and in
 * bursts, with RETAIN and without, with Topic Aliases and Message Expiry Intervals, withhold acknowledgements, are cut
 * off, come back, ping, say goodbye in every way, let time pass, and send what a broker has to close for.
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
  const pass = fc.constantFrom(1, 5, 20).map((time) =>
    step(
      `${time} ms pass`,
      () => true,
      (run) => run.trial.sleep(time),
    ),
  );
  const often = [connect, connect, connect, connect, publish, publish, publish, publish, publish, publish];
  const some = [subscribe, subscribe, subscribe, unsubscribing(name, options), leaving(name, options), pass];
  const more = offences ? [offending(name, options)] : [];
  return fc.commands([...often, ...some, ...plain(name), ...more], {
    maxCommands: maximumCommands,
    size: 'max',
  });
}

/**
 * Plays commands to a broker, with clients that do exactly what the standard asks of them, and holds whatever it
 * says against the standard: CONNACK and Session Present, answers and their codes, which messages and wills come, at
 * which QoS, in which order and how often, who of a shared subscription gets them, RETAIN and DUP, Packet Identifiers,
 * Topic Aliases, Message Expiry Intervals, Receive Maximum, resends, and whether it closes when it must. Every order
 * that the standard allows is allowed, however slow the broker is within `patience`. At the end, whoever has a session
 * comes back for what is still due to it.
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
export function runBrokerCommands(commands: Iterable<BrokerCommand>, broker: BrokerUnderTest): Promise<void> {
  return play(new BrokerRun(broker), commands);
}
