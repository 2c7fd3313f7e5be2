// pure: fast-check commands for a client under test.
import type { Arbitrary, AsyncCommand } from 'fast-check';
import * as fc from 'fast-check';
import { encode } from '../../codec.js';
import type { ProtocolVersion } from '../../errors.js';
import { UNKNOWN_ALIAS } from './aliases.js';
import { connackPacket, type Welcome } from './client-packets.js';
import { ClientRun, type Telling } from './client-run.js';
import type { ClientUnderTest } from './client-under-test.js';
import { command, play } from './command.js';
import { FILTERS, in5, TOPICS } from './draws.js';
import { type Malformed, malformedBytes, malformedWords } from './malformed.js';

/** A step of a test of a client; {@link runClientCommands} takes it. */
export type ClientCommand = AsyncCommand<ClientRun, ClientRun>;

/** Which commands are drawn. */
export interface ClientCommandOptions {
  readonly version: ProtocolVersion;
  /** How many commands there are at most. Absent: 30. */
  readonly maximumCommands?: number | undefined;
  /** The qualities of service of messages and subscriptions. Absent: all. */
  readonly qos?: readonly (0 | 1 | 2)[] | undefined;
  /** Whether the server sends what the client has to close for. Absent: true. */
  readonly offences?: boolean | undefined;
  /** Whether the server refuses messages and connections. Absent: true. */
  readonly refusals?: boolean | undefined;
  /** Whether the server loses sessions, which MQTT 5.0 alone says what to do about. Absent: true. */
  readonly losses?: boolean | undefined;
  /** Whether the client is asked to leave wills. Absent: true. */
  readonly wills?: boolean | undefined;
  /** Whether Topic Aliases are used, asked for and taken (MQTT 5.0). Absent: true. */
  readonly topicAliases?: boolean | undefined;
  /** Whether the client is asked for Message Expiry Intervals (MQTT 5.0). Absent: true. */
  readonly messageExpiry?: boolean | undefined;
}

type Check = (run: Pick<ClientRun, 'isOpen' | 'player' | 'hasKeepAlive' | 'isSubscribed'>) => boolean;

const step = (words: string, check: Check, act: (run: ClientRun) => void | Promise<void>): ClientCommand =>
  command(words, check, act);

const isOpen: Check = (run) => run.isOpen;

function willing(options: ClientCommandOptions): Arbitrary<Welcome['will']> {
  const { qos = [0, 1, 2], wills = true } = options;
  const will = fc.record({
    topic: fc.constantFrom(...TOPICS),
    qos: fc.constantFrom(...qos),
    retain: fc.boolean(),
    delay: in5(options, true, 10),
  });
  return wills ? fc.option(will, { nil: undefined, freq: 2 }) : fc.constant(undefined);
}

function connecting(options: ClientCommandOptions): Arbitrary<ClientCommand> {
  const { version, refusals = true, losses = true } = options;
  const seldom = (may: boolean): Arbitrary<boolean> =>
    may ? fc.nat(9).map((chance) => chance === 9) : fc.constant(false);
  const welcome: Arbitrary<Welcome> = fc.record({
    cleanStart: fc.nat(3).map((chance) => chance === 3),
    keeps: fc.nat(3).map((chance) => chance !== 3),
    loses: seldom(losses && version === 5),
    refuses: seldom(refusals),
    receiveMaximum: in5(options, true, undefined, 1, 2, 10),
    topicAliasMaximum: in5(options, options.topicAliases, 1, 5),
    will: willing(options),
  });
  return welcome.map((drawn) => {
    const keeps = version === 4 ? !drawn.cleanStart : drawn.keeps;
    // What a refused client thinks of a session that it has given up is not for the standard to say.
    const all = { ...drawn, keeps, refuses: drawn.refuses && keeps && !drawn.cleanStart };
    const { cleanStart, loses, refuses, receiveMaximum, topicAliasMaximum, will } = all;
    const aliases = topicAliasMaximum === undefined ? '' : `, ${topicAliasMaximum} topic aliases`;
    const left = will === undefined ? '' : `, with a will to ${will.topic} at QoS ${will.qos}`;
    const most = receiveMaximum === undefined ? '' : `, receive maximum ${receiveMaximum}`;
    const answer = refuses ? ', and is refused' : loses ? ', and the server has lost the session' : '';
    const start = `${cleanStart ? 'clean' : 'resuming'}${keeps ? ', to stay' : ''}`;
    return step(
      `the client connects, ${start}${left}${answer}${most}${aliases}`,
      (run) => !run.player.isOpen,
      (run) => run.connect(all),
    );
  });
}

function publishing(options: ClientCommandOptions): Arbitrary<ClientCommand> {
  const { qos: levels = [0, 1, 2], topicAliases, messageExpiry } = options;
  const message: Arbitrary<Telling> = fc.record({
    topic: fc.constantFrom(...TOPICS),
    qos: fc.constantFrom(...levels),
    retain: fc.boolean(),
    size: fc.constantFrom(0, 1, 200, 5_000),
    messageExpiryInterval: in5(options, messageExpiry, undefined, 3_600, 0xffff_ffff),
    topicAlias: in5(options, topicAliases, undefined, 1, 1, 2, 7),
  });
  return message.map((told) => {
    const { topic, qos, retain, topicAlias } = told;
    const known = topicAlias === undefined ? '' : `, alias ${topicAlias}`;
    const words = `the client publishes to ${topic} at QoS ${qos}${retain ? ', retained' : ''}${known}`;
    return step(words, isOpen, (run) => run.publish(told));
  });
}

/** What the server does that the client must not put up with. */
function offending({ version, topicAliases = true }: ClientCommandOptions): Arbitrary<ClientCommand> {
  const connack = encode<ProtocolVersion>(connackPacket(version, false, false, {}), version);
  const second = step('the server sends a second CONNACK', isOpen, (run) =>
    run.offend(connack, 'a second CONNACK', version === 5 ? 'MQTT-3.2.0-2' : undefined),
  );
  const request = step('the server sends PINGREQ', isOpen, (run) =>
    run.offend(Uint8Array.of(0xc0, 0), 'PINGREQ', undefined),
  );
  const wrong = malformedBytes({ version, from: 'server' })
    .filter(({ isFirst }) => !isFirst)
    .map((malformed: Malformed) => {
      const words = malformedWords(malformed);
      return step(`the server sends ${words}`, isOpen, (run) =>
        run.offend(malformed.bytes, words, malformed.due.statement),
      );
    });
  const alias = step('the server sends an unknown Topic Alias', isOpen, (run) =>
    run.offend(UNKNOWN_ALIAS, 'an unknown Topic Alias', 'MQTT-3.3.2-11'),
  );
  const more = version === 5 && topicAliases ? [fc.constant(alias)] : [];
  return fc.oneof(fc.constant(second), fc.constant(request), wrong, wrong, ...more);
}

function serving(options: ClientCommandOptions): Arbitrary<ClientCommand> {
  const { qos = [0, 1, 2] } = options;
  const pieces = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }) },
  );
  return fc
    .tuple(
      fc.constantFrom(...TOPICS),
      fc.constantFrom(...qos),
      fc.constantFrom(1, 1, 2, 3),
      pieces,
      in5(options, options.topicAliases, undefined, 1, 1, 2),
    )
    .map(([topic, at, count, cuts, alias]) => {
      const known = alias === undefined ? '' : `, alias ${alias}`;
      const split = cuts.length === 0 ? '' : `, in pieces of ${cuts.join(', ')}`;
      return step(
        `the server sends ${count} messages of ${topic} at QoS ${at}${known}${split}`,
        (run) => run.isOpen && run.isSubscribed(topic),
        (run) => run.serve(topic, at, count, cuts, alias),
      );
    });
}

/** What the server does with what it owes. */
function paying({ version, refusals = true }: ClientCommandOptions): Arbitrary<ClientCommand>[] {
  const hold = step(
    'the server withholds answers',
    (run) => run.isOpen && !run.player.holds,
    (run) => {
      run.player.holds = true;
    },
  );
  const pay = fc.constantFrom(1, 1, 2, undefined).map((count) =>
    step(
      `the server answers ${count ?? 'everything'}`,
      (run) => run.player.holds,
      (run) => {
        if (count === undefined) run.player.holds = false;
        run.player.pay(count);
      },
    ),
  );
  const refuse = step('the server will refuse a message', isOpen, (run) => {
    run.player.refusals++;
  });
  return [fc.constant(hold), pay, pay, ...(refusals && version === 5 ? [fc.constant(refuse)] : [])];
}

/**
 * Sequences of what happens to a client under test: it is told to connect, publish, subscribe, unsubscribe and
 * disconnect, with wills, Topic Aliases and Message Expiry Intervals, and the server that the test plays withholds,
 * splits and refuses, loses sessions, cuts connections, resends, lowers Receive Maximum, uses Topic Aliases, and sends
 * what a client has to close for. {@link runClientCommands} plays them.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * const [commands] = fc.sample(clientCommands({ version: 5, maximumCommands: 10 }), 1);
 * ```
 */
export function clientCommands(options: ClientCommandOptions): Arbitrary<Iterable<ClientCommand>> {
  const { maximumCommands = 30, offences = true, qos = [0, 1, 2] } = options;
  const filter = fc.constantFrom(...FILTERS);
  const at = fc.constantFrom(...qos);
  const publish = publishing(options);
  const subscribe = fc
    .tuple(filter, at)
    .map(([name, level]) =>
      step(`the client subscribes to ${name} at QoS ${level}`, isOpen, (run) => run.subscribe(name, level)),
    );
  const unsubscribe = filter.map((name) =>
    step(`the client unsubscribes from ${name}`, isOpen, (run) => run.unsubscribe(name)),
  );
  const cut = fc.constant(step('the connection is cut', isOpen, (run) => run.cut()));
  const leave = fc.constant(step('the client disconnects', isOpen, (run) => run.disconnect()));
  const idle = fc.constant(
    step(
      'the client is left alone',
      (run) => run.isOpen && run.hasKeepAlive,
      (run) => run.idle(),
    ),
  );
  const pass = fc
    .constantFrom(1, 10)
    .map((time) => step(`${time} ms pass`, isOpen, (run) => run.trial.sleep(time)));
  const connect = connecting(options);
  const serve = serving(options);
  const all = [connect, connect, connect, connect, publish, publish, publish, publish, publish, subscribe];
  const more = offences ? [offending(options)] : [];
  return fc.commands(
    [
      ...all,
      subscribe,
      unsubscribe,
      serve,
      serve,
      serve,
      serve,
      cut,
      cut,
      leave,
      idle,
      pass,
      ...paying(options),
      ...more,
    ],
    { maxCommands: maximumCommands, size: 'max' },
  );
}

/**
 * Plays commands to a client, as a server that does exactly what the standard asks of it, and holds whatever the
 * client says against the standard: CONNECT, QoS flows, the order of acknowledgements, Packet Identifiers, Topic
 * Aliases, Receive Maximum, DUP and the order of resends, lost sessions, DISCONNECT, Keep Alive where `keepAlive` is set, what the
 * application gets, and whether it closes when it must. At the end, a client with a session connects again, and what
 * is under way has to come to its end.
 *
 * @throws {PeerViolation} The first rule that is broken, with what was said before.
 *
 * @example
 * ```ts no-run
 * import fc from 'fast-check';
 * declare const client: ClientUnderTest;
 * await fc.assert(fc.asyncProperty(clientCommands(client), (commands) => runClientCommands(commands, client)));
 * ```
 */
export function runClientCommands(commands: Iterable<ClientCommand>, client: ClientUnderTest): Promise<void> {
  return play(new ClientRun(client), commands);
}
