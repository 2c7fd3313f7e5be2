import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClientUnderTest,
  clientCommands,
  type PeerRule,
  type PeerViolation,
  runClientCommands,
} from '../../../src/arbitraries/index.js';
import { type ClientFault, SmallClient } from './small-client.js';
import { sleep } from './sockets.js';

/** What each fault may show as. */
const FAULTS: Readonly<Record<ClientFault, readonly PeerRule[]>> = {
  'forgets DUP': ['dup-on-a-resend'],
  'publishes after PUBREC': ['no-publish-after-pubrel', 'exactly-once'],
  'reuses identifiers': ['packet-id-in-use'],
  'acknowledges in reverse': ['puback-order', 'pubrec-order', 'pubrel-order'],
  'hands over QoS 2 twice': ['exactly-once'],
  'forgets what was under way': ['resends-on-resume', 'packet-id-in-use'],
  'forgets PUBREL': ['sends-pubrel', 'resends-on-resume'],
  'never acknowledges': ['acknowledges-qos-1', 'acknowledges-qos-2'],
  'ignores Receive Maximum': ['receive-maximum'],
  'keeps a lost session': ['discards-a-lost-session', 'pubrel-without-pubrec'],
  'resends in reverse': ['resend-order'],
  'ignores what is wrong': ['closes-on-violation'],
  'stays after DISCONNECT': ['closes-after-disconnect'],
  'loses messages': ['hands-over'],
  'changes payloads': ['sends-what-was-published'],
  'never pings': ['keep-alive'],
};

const promise = (
  client: ClientUnderTest,
): fc.IAsyncPropertyWithHooks<[Parameters<typeof runClientCommands>[0]]> =>
  fc.asyncProperty(clientCommands(client), (commands) => runClientCommands(commands, client));

const under = (version: 4 | 5, fault?: ClientFault): ClientUnderTest => ({
  version,
  create: () => new SmallClient(fault),
  sleep,
  patience: fault === undefined ? 2_000 : 100,
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
  it.each(faults)('%s', { timeout: 60_000 }, async (fault, rules) => {
    const property = promise(under(5, fault as ClientFault));
    const { failed, errorInstance } = await fc.check(property, { numRuns: 3_000, endOnFailure: true });
    expect(failed).toBe(true);
    expect(rules).toContain((errorInstance as PeerViolation).rule);
  });

  it('forgets DUP, with the shortest way to see it', { timeout: 60_000 }, async () => {
    const result = await fc.check(promise(under(4, 'forgets DUP')), { numRuns: 3_000, seed: 1 });
    const { message } = result.errorInstance as PeerViolation;
    expect(message).toMatch(/again, without DUP \[dup-on-a-resend, MQTT-3\.3\.1-1\]/);
    expect(message).toMatch(/server gets PUBLISH "0" to \S+, QoS [12], id 1(, RETAIN)?\n(.*\n)*.*cuts/);
    expect(String(result.counterexample?.[0])).toMatch(/publishes to .* at QoS [12].*/);
  });
});

describe('A rule that is excused', () => {
  it('is not demanded', { timeout: 60_000 }, async () => {
    const client = { ...under(5, 'forgets DUP'), except: ['dup-on-a-resend'] as const };
    await fc.assert(promise(client), { numRuns: 200 });
  });
});
