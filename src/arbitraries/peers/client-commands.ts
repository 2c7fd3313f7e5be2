// pure: fast-check commands for a client under test.
import type { Arbitrary, AsyncCommand } from 'fast-check';
import * as fc from 'fast-check';
import { encode } from '../../codec.js';
import type { ProtocolVersion } from '../../errors.js';
import { ClientRun, type ClientUnderTest, connackPacket, type Welcome } from './client-run.js';
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
}

type Check = (run: Pick<ClientRun, 'isOpen' | 'player' | 'hasKeepAlive' | 'isSubscribed'>) => boolean;

const TOPICS = ['x', 'x/y', 'z'];
const FILTERS = ['x', 'x/y', 'z', 'x/#', '+'];

function command(words: string, check: Check, act: (run: ClientRun) => void | Promise<void>): ClientCommand {
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

const isOpen: Check = (run) => run.isOpen;

function connecting(options: ClientCommandOptions): Arbitrary<ClientCommand> {
  const { version, refusals = true, losses = true } = options;
  const seldom = (may: boolean): Arbitrary<boolean> =>
    may ? fc.nat(9).map((chance) => chance === 9) : fc.constant(false);
  const welcome: Arbitrary<Welcome> = fc.record({
    cleanStart: fc.nat(3).map((chance) => chance === 3),
    keeps: fc.nat(3).map((chance) => chance !== 3),
    loses: seldom(losses && version === 5),
    refuses: seldom(refusals),
    receiveMaximum: version === 4 ? fc.constant(undefined) : fc.constantFrom(undefined, undefined, 1, 2, 10),
  });
  return welcome.map((drawn) => {
    const keeps = version === 4 ? !drawn.cleanStart : drawn.keeps;
    // What a refused client thinks of a session that it has given up is not for the standard to say.
    const all = { ...drawn, keeps, refuses: drawn.refuses && keeps && !drawn.cleanStart };
    const { cleanStart, loses, refuses, receiveMaximum } = all;
    const most = receiveMaximum === undefined ? '' : `, receive maximum ${receiveMaximum}`;
    const answer = refuses ? ', and is refused' : loses ? ', and the server has lost the session' : '';
    const words = `the client connects, ${cleanStart ? 'clean' : 'resuming'}${keeps ? ', to stay' : ''}${answer}${most}`;
    return command(
      words,
      (run) => !run.player.isOpen,
      (run) => run.connect(all),
    );
  });
}

/** What the server does that the client must not put up with. */
function offending({ version }: ClientCommandOptions): Arbitrary<ClientCommand> {
  const connack = encode<ProtocolVersion>(connackPacket(version, false, false, undefined), version);
  const second = command('the server sends a second CONNACK', isOpen, (run) =>
    run.offend(connack, 'a second CONNACK', version === 5 ? 'MQTT-3.2.0-2' : undefined),
  );
  const request = command('the server sends PINGREQ', isOpen, (run) =>
    run.offend(Uint8Array.of(0xc0, 0), 'PINGREQ', undefined),
  );
  const wrong = malformedBytes({ version, from: 'server' })
    .filter(({ isFirst }) => !isFirst)
    .map((malformed: Malformed) => {
      const words = malformedWords(malformed);
      return command(`the server sends ${words}`, isOpen, (run) =>
        run.offend(malformed.bytes, words, malformed.due.statement),
      );
    });
  return fc.oneof(fc.constant(second), fc.constant(request), wrong, wrong);
}

function serving(options: ClientCommandOptions): Arbitrary<ClientCommand> {
  const { qos = [0, 1, 2] } = options;
  const pieces = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }) },
  );
  return fc
    .tuple(fc.constantFrom(...TOPICS), fc.constantFrom(...qos), fc.constantFrom(1, 1, 2, 3), pieces)
    .map(([topic, at, count, cuts]) => {
      const split = cuts.length === 0 ? '' : `, in pieces of ${cuts.join(', ')}`;
      return command(
        `the server sends ${count} messages of ${topic} at QoS ${at}${split}`,
        (run) => run.isOpen && run.isSubscribed(topic),
        (run) => run.serve(topic, at, count, cuts),
      );
    });
}

/** What the server does with what it owes. */
function paying({ version, refusals = true }: ClientCommandOptions): Arbitrary<ClientCommand>[] {
  const hold = command(
    'the server withholds answers',
    (run) => run.isOpen && !run.player.holds,
    (run) => {
      run.player.holds = true;
    },
  );
  const pay = fc.constantFrom(1, 1, 2, undefined).map((count) =>
    command(
      `the server answers ${count ?? 'everything'}`,
      (run) => run.player.holds,
      (run) => {
        if (count === undefined) run.player.holds = false;
        run.player.pay(count);
      },
    ),
  );
  const refuse = command('the server will refuse a message', isOpen, (run) => {
    run.player.refusals++;
  });
  return [fc.constant(hold), pay, pay, ...(refusals && version === 5 ? [fc.constant(refuse)] : [])];
}

/**
 * Sequences of what happens to a client under test: it is told to connect, publish, subscribe, unsubscribe and
 * disconnect, and the server that the test plays withholds, splits and refuses, loses sessions, cuts connections,
 * resends, lowers Receive Maximum, and sends what a client has to close for. {@link runClientCommands} plays them.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * const [commands] = fc.sample(clientCommands({ version: 5, maximumCommands: 10 }), 1);
 * ```
 */
export function clientCommands(options: ClientCommandOptions): Arbitrary<Iterable<ClientCommand>> {
  const { maximumCommands = 30, offences = true, qos = [0, 1, 2] } = options;
  const topic = fc.constantFrom(...TOPICS);
  const filter = fc.constantFrom(...FILTERS);
  const at = fc.constantFrom(...qos);
  const publish = fc
    .tuple(topic, at, fc.boolean(), fc.constantFrom(0, 1, 200, 5_000))
    .map(([name, level, retain, size]) =>
      command(`the client publishes to ${name} at QoS ${level}${retain ? ', retained' : ''}`, isOpen, (run) =>
        run.publish(name, level, retain, size),
      ),
    );
  const subscribe = fc
    .tuple(filter, at)
    .map(([name, level]) =>
      command(`the client subscribes to ${name} at QoS ${level}`, isOpen, (run) =>
        run.subscribe(name, level),
      ),
    );
  const unsubscribe = filter.map((name) =>
    command(`the client unsubscribes from ${name}`, isOpen, (run) => run.unsubscribe(name)),
  );
  const cut = fc.constant(command('the connection is cut', isOpen, (run) => run.cut()));
  const leave = fc.constant(command('the client disconnects', isOpen, (run) => run.disconnect()));
  const idle = fc.constant(
    command(
      'the client is left alone',
      (run) => run.isOpen && run.hasKeepAlive,
      (run) => run.idle(),
    ),
  );
  const pass = fc
    .constantFrom(1, 10)
    .map((time) => command(`${time} ms pass`, isOpen, (run) => run.trial.sleep(time)));
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
 * client says against the standard: CONNECT, QoS flows, the order of acknowledgements, Packet Identifiers, Receive
 * Maximum, DUP and the order of resends, lost sessions, DISCONNECT, Keep Alive where `keepAlive` is set, what the
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
export async function runClientCommands(
  commands: Iterable<ClientCommand>,
  client: ClientUnderTest,
): Promise<void> {
  const run = new ClientRun(client);
  try {
    await fc.asyncModelRun(() => ({ model: run, real: run }), commands);
    await run.settle();
  } finally {
    await run.tidy();
  }
}
