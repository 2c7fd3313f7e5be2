// pure: how the clients of a broker under test connect, leave, publish and subscribe, drawn at random.
import type { Arbitrary, AsyncCommand } from 'fast-check';
import * as fc from 'fast-check';
import type { ProtocolVersion } from '../../errors.js';
import {
  type Joining,
  type Leaving,
  LONG,
  type Publishing,
  type Subscribing,
  type Willing,
} from './broker-packets.js';
import type { BrokerRun } from './broker-run.js';
import { command } from './command.js';
import { FILTERS, in5, TOPICS } from './draws.js';

/** A step of a test of a broker; `runBrokerCommands` takes it. */
export type BrokerCommand = AsyncCommand<BrokerRun, BrokerRun>;

/** Which commands are drawn. */
export interface BrokerCommandOptions {
  readonly version: ProtocolVersion;
  /** How many clients there are, at most 5. Absent: 3. */
  readonly clients?: number | undefined;
  /** How many commands there are at most. Absent: 30. */
  readonly maximumCommands?: number | undefined;
  /** The qualities of service of messages, wills and subscriptions. Absent: all. */
  readonly qos?: readonly (0 | 1 | 2)[] | undefined;
  /** Whether messages and wills are retained. Absent: true. */
  readonly retain?: boolean | undefined;
  /** Whether clients do what the broker has to close for. Absent: true. */
  readonly offences?: boolean | undefined;
  /** Whether a subscription is replaced by one with another No Local or Retain As Published. Absent: true. */
  readonly replaces?: boolean | undefined;
  /** Whether a client connects while it is connected. Absent: true. */
  readonly takeover?: boolean | undefined;
  /** Whether clients leave wills, and ask for them in DISCONNECT (MQTT 5.0). Absent: true. */
  readonly wills?: boolean | undefined;
  /** Whether wills wait while their session lives (MQTT 5.0). Absent: true. */
  readonly willDelay?: boolean | undefined;
  /** Whether there are shared subscriptions (MQTT 5.0). Absent: true. */
  readonly shared?: boolean | undefined;
  /** Whether Topic Aliases are used and taken (MQTT 5.0). Absent: true. */
  readonly topicAliases?: boolean | undefined;
  /** Whether messages and wills have a Message Expiry Interval (MQTT 5.0). Absent: true. */
  readonly messageExpiry?: boolean | undefined;
  /** Whether clients end their session in DISCONNECT (MQTT 5.0). Absent: true. */
  readonly sessionExpiry?: boolean | undefined;
}

const BROKER_FILTERS = [...FILTERS, '+/y', '#'];
const SHARES = ['g', 'h'];

type Check = (run: Pick<BrokerRun, 'client'>) => boolean;

export const step = (
  words: string,
  check: Check,
  act: (run: BrokerRun) => void | Promise<void>,
): BrokerCommand => command(words, check, act);

export const isOpen =
  (name: string): Check =>
  (run) =>
    run.client(name).isOpen;

const seldom = (may: boolean, most: number): Arbitrary<boolean> =>
  may ? fc.nat(most).map((chance) => chance === most) : fc.constant(false);

// The longest one is one that must not be taken for a time in milliseconds.
const expiring = (options: BrokerCommandOptions): Arbitrary<number | undefined> =>
  in5(options, options.messageExpiry, undefined, LONG, 0xffff_ffff);

function willing(options: BrokerCommandOptions): Arbitrary<Willing | undefined> {
  const { version, qos = [0, 1, 2], retain = true, wills = true, willDelay = true } = options;
  if (!wills) return fc.constant(undefined);
  const will = fc.record({
    topic: fc.constantFrom(...TOPICS),
    qos: fc.constantFrom(...qos),
    retain: seldom(retain, 2),
    expiry: expiring(options),
    hasDelay: seldom(version === 5 && willDelay, 2),
  });
  return fc.option(will, { nil: undefined, freq: 2 });
}

function willWords(will: Willing | undefined): string {
  if (will === undefined) return '';
  const { topic, qos, retain, hasDelay } = will;
  return `, with a will to ${topic} at QoS ${qos}${retain ? ', retained' : ''}${hasDelay ? ', delayed' : ''}`;
}

export function connecting(name: Arbitrary<string>, options: BrokerCommandOptions): Arbitrary<BrokerCommand> {
  const { version, takeover = true } = options;
  const drawn = fc.record({
    cleanStart: fc.boolean(),
    keeps: fc.boolean(),
    receiveMaximum: in5(options, true, 1, 2, 10),
    topicAliasMaximum: in5(options, options.topicAliases, 1, 10),
    will: willing(options),
  });
  return fc.tuple(name, drawn).map(([who, all]) => {
    const { cleanStart, receiveMaximum, topicAliasMaximum } = all;
    const keeps = version === 4 ? !cleanStart : all.keeps;
    // Without a session there is nothing to wait for.
    const will = all.will && { ...all.will, hasDelay: all.will.hasDelay && keeps };
    const joining: Joining = { ...all, keeps, will };
    const most = receiveMaximum === undefined ? '' : `, receive maximum ${receiveMaximum}`;
    const aliases = topicAliasMaximum === undefined ? '' : `, ${topicAliasMaximum} topic aliases`;
    const start = `${cleanStart ? 'clean' : 'resuming'}${keeps ? ', to stay' : ''}`;
    return step(
      `${who} connects, ${start}${most}${aliases}${willWords(will)}`,
      (run) => takeover || !run.client(who).isOpen,
      (run) => run.connect(who, joining),
    );
  });
}

export function leaving(name: Arbitrary<string>, options: BrokerCommandOptions): Arbitrary<BrokerCommand> {
  const { version, wills = true, sessionExpiry = true } = options;
  const drawn: Arbitrary<Leaving> = fc.record({
    withWill: seldom(version === 5 && wills, 1),
    endsSession: seldom(version === 5 && sessionExpiry, 2),
  });
  return fc.tuple(name, drawn).map(([who, how]) => {
    const words = `${how.withWill ? ', asking for its will' : ''}${how.endsSession ? ', ending its session' : ''}`;
    return step(`${who} disconnects${words}`, isOpen(who), (run) => run.disconnect(who, how));
  });
}

export function publishing(name: Arbitrary<string>, options: BrokerCommandOptions): Arbitrary<BrokerCommand> {
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
      isEmpty: seldom(true, 9),
      expiry: expiring(options),
      alias: in5(options, options.topicAliases, undefined, 1, 1, 2),
    })
    .map(({ isEmpty, ...rest }) => ({ ...rest, size: isEmpty && rest.retain ? undefined : rest.size }));
  const told = ({ topic, qos, retain, size, alias }: Publishing): string => {
    const what = `${size === undefined ? 'nothing' : 'a message'} to ${topic} at QoS ${qos}`;
    return `${what}${retain ? ', retained' : ''}${alias === undefined ? '' : `, alias ${alias}`}`;
  };
  const messages = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(message) },
    { weight: 1, arbitrary: fc.array(message, { minLength: 2, maxLength: 4 }) },
  );
  return fc.tuple(name, messages, fc.constantFrom(true, true, true, false)).map(([who, all, waits]) => {
    const words = `${who} publishes ${all.map(told).join(' and ')}${waits ? '' : ', without waiting'}`;
    return step(words, isOpen(who), (run) => run.publish(who, all, waits));
  });
}

const filterWords = ({ filter, share }: Pick<Subscribing, 'filter' | 'share'>): string =>
  share === undefined ? filter : `${filter} shared as ${share}`;

export function subscribing(
  name: Arbitrary<string>,
  options: BrokerCommandOptions,
): Arbitrary<BrokerCommand> {
  const { version, qos = [0, 1, 2], replaces = true, shared } = options;
  const is5 = version === 5;
  const wish = fc.record({
    filter: fc.constantFrom(...BROKER_FILTERS),
    qos: fc.constantFrom(...qos),
    noLocal: seldom(is5, 4),
    retainAsPublished: seldom(is5, 3),
    retainHandling: is5 ? fc.constantFrom(0, 0, 1, 2) : fc.constant(0 as const),
    share: in5(options, shared, undefined, ...SHARES),
  });
  const wishes = fc.uniqueArray(wish, { minLength: 1, maxLength: 2, selector: filterWords });
  return fc.tuple(name, wishes, in5(options, true, undefined, 1, 200)).map(([who, each, identifier]) => {
    const all = each.map((one): Subscribing => {
      // Nobody can tell the retained messages of one subscription from those that another one shares.
      const plain = { noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
      return { ...one, ...(one.share !== undefined && plain), identifier };
    });
    const told = all.map(({ filter, share, qos, noLocal, retainAsPublished, retainHandling }) => {
      const flags = `${noLocal ? ', no local' : ''}${retainAsPublished ? ', retain as published' : ''}`;
      const handling = retainHandling === 0 ? '' : `, retain handling ${retainHandling}`;
      return `${filterWords({ filter, share })} at QoS ${qos}${flags}${handling}`;
    });
    const known = identifier === undefined ? '' : `, identifier ${identifier}`;
    const check: Check = (run) => run.client(who).isOpen && (replaces || !run.client(who).wouldReplace(all));
    return step(`${who} subscribes to ${told.join(' and ')}${known}`, check, (run) =>
      run.subscribe(who, all),
    );
  });
}

export function unsubscribing(
  name: Arbitrary<string>,
  options: BrokerCommandOptions,
): Arbitrary<BrokerCommand> {
  const share = in5(options, options.shared, undefined, ...SHARES);
  return fc.tuple(name, fc.constantFrom(...BROKER_FILTERS), share).map(([who, filter, as]) => {
    const words = `${who} unsubscribes from ${filterWords({ filter, share: as })}`;
    return step(words, isOpen(who), (run) => run.unsubscribe(who, filter, as));
  });
}
