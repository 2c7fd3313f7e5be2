import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClientCommandOptions,
  type ClientUnderTest,
  clientCommands,
  type PeerRule,
  type PeerViolation,
  runClientCommands,
} from '../../../src/arbitraries/index.js';
import { type ClientFault, SmallClient } from './small-client.js';
import { sleep } from './sockets.js';

type Narrow = Omit<ClientCommandOptions, 'version'>;

/** What the commands leave out where the fault has nothing to do with it, so that it shows soon. */
const PLAIN: Narrow = { wills: false, topicAliases: false, messageExpiry: false };
const QUIET: Narrow = { ...PLAIN, offences: false, refusals: false };

/** What each fault may show as. */
const FAULTS: Readonly<Record<ClientFault, readonly [Narrow, ...PeerRule[]]>> = {
  'forgets DUP': [{ ...QUIET, qos: [1, 2] }, 'dup-on-a-resend'],
  'publishes after PUBREC': [{ ...QUIET, qos: [2] }, 'no-publish-after-pubrel', 'exactly-once'],
  'reuses identifiers': [QUIET, 'packet-id-in-use'],
  'acknowledges in reverse': [{ ...QUIET, qos: [1, 2] }, 'puback-order', 'pubrec-order', 'pubrel-order'],
  'hands over QoS 2 twice': [{ ...QUIET, qos: [2] }, 'exactly-once'],
  'forgets what was under way': [{ ...QUIET, qos: [1, 2] }, 'resends-on-resume', 'packet-id-in-use'],
  'forgets PUBREL': [{ ...QUIET, qos: [2] }, 'sends-pubrel', 'resends-on-resume'],
  'never acknowledges': [QUIET, 'acknowledges-qos-1', 'acknowledges-qos-2'],
  'ignores Receive Maximum': [{ ...QUIET, qos: [1, 2] }, 'receive-maximum'],
  'keeps a lost session': [{ ...QUIET, qos: [2] }, 'discards-a-lost-session', 'pubrel-without-pubrec'],
  'resends in reverse': [{ ...QUIET, qos: [1] }, 'resend-order'],
  'ignores what is wrong': [PLAIN, 'closes-on-violation'],
  'stays after DISCONNECT': [QUIET, 'closes-after-disconnect'],
  'loses messages': [{ ...QUIET, qos: [1, 2] }, 'hands-over'],
  'changes payloads': [QUIET, 'sends-what-was-published'],
  'never pings': [QUIET, 'keep-alive'],
  'leaves no will': [{ ...QUIET, wills: true }, 'will-as-asked'],
  'leaves a will at QoS 0': [{ ...QUIET, wills: true }, 'will-as-asked'],
  'asks for no session': [QUIET, 'session-expiry-as-asked'],
  'forgets Message Expiry Intervals': [{ ...QUIET, messageExpiry: true }, 'sends-what-was-published'],
  'ignores Topic Alias Maximum': [{ ...QUIET, topicAliases: true }, 'server-topic-alias-maximum'],
  'keeps its Topic Aliases': [{ ...QUIET, topicAliases: true }, 'topic-alias-unknown'],
  'does not resolve Topic Aliases': [{ ...QUIET, topicAliases: true }, 'resolves-topic-aliases'],
  'takes no Topic Alias': [{ ...QUIET, topicAliases: true }, 'resolves-topic-aliases'],
  'puts up with unknown Topic Aliases': [{ ...PLAIN, topicAliases: true }, 'closes-on-violation'],
};

const promise = (
  client: ClientUnderTest,
  options: Narrow = {},
): fc.IAsyncPropertyWithHooks<[Parameters<typeof runClientCommands>[0]]> =>
  fc.asyncProperty(clientCommands({ version: client.version, ...options }), (commands) =>
    runClientCommands(commands, client),
  );

/** The client has no timer: what it does not do at once, it never does. */
const under = (version: 4 | 5, fault?: ClientFault): ClientUnderTest => ({
  version,
  create: () => new SmallClient(fault),
  sleep: (milliseconds) => sleep(milliseconds / 20),
});

describe.each([4, 5] as const)('A client of version %i', (version) => {
  it('that is right passes', { timeout: 60_000 }, async () => {
    await fc.assert(promise(under(version)), { numRuns: 150 });
  });

  it('that pings in time passes, and is found out when it does not', { timeout: 60_000 }, async () => {
    // A second of Keep Alive, in a tenth of the time.
    const fast = { sleep: (ms: number) => sleep(ms / 10), keepAlive: 1, patience: 2_000 };
    const commands = clientCommands({ version, maximumCommands: 8 });
    const run = (
      fault?: ClientFault,
    ): fc.IAsyncPropertyWithHooks<[Parameters<typeof runClientCommands>[0]]> =>
      fc.asyncProperty(commands, (each) => {
        const make = (): SmallClient => new SmallClient(fault, 90);
        return runClientCommands(each, { ...under(version), ...fast, create: make });
      });
    await fc.assert(run(), { numRuns: 20 });
    const { errorInstance } = await fc.check(run('never pings'), { numRuns: 500, endOnFailure: true });
    expect(errorInstance).toMatchObject({ name: 'PeerViolation', rule: 'keep-alive' });
  });
});

describe('A client is found out that', () => {
  const faults = Object.entries(FAULTS).filter(([fault]) => fault !== 'never pings');
  it.each(faults)('%s', { timeout: 60_000 }, async (fault, [options, ...rules]) => {
    const property = promise(under(5, fault as ClientFault), options);
    const result = await fc.check(property, { numRuns: 1_000, seed: 1, endOnFailure: true });
    expect(result.failed).toBe(true);
    const { rule, message } = result.errorInstance as PeerViolation;
    expect(rules, message).toContain(rule);
  });

  it('forgets DUP, with the shortest way to see it', { timeout: 60_000 }, async () => {
    const result = await fc.check(promise(under(4, 'forgets DUP'), QUIET), { numRuns: 1_000, seed: 1 });
    const { message } = result.errorInstance as PeerViolation;
    expect(message).toMatch(/again, without DUP \[dup-on-a-resend, MQTT-3\.3\.1-1\]/);
    expect(message).toMatch(/server gets PUBLISH "0" to \S+, QoS [12], id 1(, RETAIN)?\n(.*\n)*.*cuts/);
    expect(String(result.counterexample?.[0])).toMatch(/publishes to .* at QoS [12].*/);
  });

  it('ignores Topic Alias Maximum, with the shortest way to see it', { timeout: 60_000 }, async () => {
    const property = promise(under(5, 'ignores Topic Alias Maximum'));
    const { errorInstance, counterexample } = await fc.check(property, { numRuns: 1_000, seed: 1 });
    expect((errorInstance as PeerViolation).message).toMatch(
      /with Topic Alias \d, and takes \d at most \[server-topic-alias-maximum, MQTT-3\.3\.2-9\]/,
    );
    expect(String(counterexample?.[0]).split(',the client')).toHaveLength(2);
  });
});

describe('A rule that is excused', () => {
  it('is not demanded', { timeout: 60_000 }, async () => {
    const client = { ...under(5, 'forgets DUP'), except: ['dup-on-a-resend'] as const };
    await fc.assert(promise(client), { numRuns: 200 });
  });
});
