import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from '../../../docs/examples/broker/broker.js';
import { type Listening, listenTcp } from '../../../docs/examples/broker/listeners.js';
import {
  type BrokerUnderTest,
  brokerCommands,
  type PeerViolation,
  runBrokerCommands,
} from '../../../src/arbitraries/index.js';
import { step } from '../../../src/arbitraries/peers/broker-draws.js';
import { BACK, CLEAN } from '../../../src/arbitraries/peers/broker-packets.js';
import type { BrokerRun } from '../../../src/arbitraries/peers/broker-run.js';
import type { Packet } from '../../../src/packets/index.js';
import { OurBroker } from '../../peers/our-broker.js';
import { opener, sleep } from './sockets.js';
import { FAULTS, tampered } from './tampering.js';
import { comingBack, MISHEARD, publishingLateWills, TO_X } from './told-otherwise.js';

const broker = new Broker();
let listening: Listening | undefined;
let open = opener(0);

beforeAll(async () => {
  listening = await listenTcp(broker, { host: '127.0.0.1', port: 0 });
  open = opener(listening.port);
});

afterAll(async () => {
  const closed = listening?.close();
  await broker.close();
  await closed;
});

const promise = (
  under: BrokerUnderTest,
  options: object = {},
): fc.IAsyncProperty<[Parameters<typeof runBrokerCommands>[0]]> =>
  fc.asyncProperty(brokerCommands({ ...under, ...options }), (commands) =>
    runBrokerCommands(commands, under),
  );

describe('A broker that is right', () => {
  it.each([4, 5] as const)(
    'passes in version %i, and nothing is left behind',
    { timeout: 60_000 },
    async (version) => {
      const under = { version, open: () => open(), sleep, prefix: `right-${version}` };
      await fc.assert(promise(under), { numRuns: 50 });
      const { retained } = broker;
      expect([...retained.matching(`right-${version}/#`, 5, 0)]).toEqual([]);
    },
  );
});

describe('What these commands have found', () => {
  it('stays mended: a delayed will expires no later since its session has ended', async () => {
    const will = { topic: 'x', qos: 1, retain: false, expiry: 3_600, hasDelay: true } as const;
    const steps = async (run: BrokerRun): Promise<void> => {
      await run.connect('b', BACK);
      await run.subscribe('b', [TO_X]);
      await run.connect('a', { ...BACK, will });
      await run.cut('a');
      await run.connect('a', CLEAN);
    };
    const under = { version: 5, open: () => open(), sleep, prefix: 'mended' } as const;
    await runBrokerCommands([step('steps', () => true, steps)], under);
  });

  it('stays mended: a message for its own publisher, who says goodbye at once', async () => {
    const own = await OurBroker.start();
    const steps = async (run: BrokerRun): Promise<void> => {
      await run.connect('a', BACK);
      await run.subscribe('a', [TO_X]);
      await run.publish('a', [{ topic: 'x', qos: 1, retain: false, size: 1 }], false);
      await run.disconnect('a');
    };
    try {
      for (const version of [4, 5] as const) {
        const under = { version, open: opener(own.port), sleep };
        await runBrokerCommands([step('steps', () => true, steps)], under);
      }
    } finally {
      await own.stop();
    }
  });
});

/** What the commands leave out where the fault has nothing to do with it, so that it shows soon. */
const PLAIN = {
  offences: false,
  takeover: false,
  wills: false,
  shared: false,
  topicAliases: false,
  messageExpiry: false,
  sessionExpiry: false,
} as const;

/** How soon a broker in the same process has surely answered what it answers at all. */
const PATIENCE = 200;

async function violation(under: BrokerUnderTest, options: object): Promise<PeerViolation> {
  const property = promise(under, options);
  const { failed, errorInstance } = await fc.check(property, { numRuns: 1_000, seed: 1, endOnFailure: true });
  expect(failed).toBe(true);
  return errorInstance as PeerViolation;
}

/** What comes of some steps. */
const played = (under: BrokerUnderTest, steps: (run: BrokerRun) => Promise<void>): Promise<PeerViolation> =>
  runBrokerCommands([step('steps', () => true, steps)], under).then(
    () => expect.unreachable('nothing was found'),
    (error: unknown) => error as PeerViolation,
  );

describe('A broker is found out that', () => {
  it.each(Object.entries(FAULTS))('%s', { timeout: 60_000 }, async (name, [tampering, ...rules]) => {
    const version = name === 'marks nothing as a duplicate' ? 4 : 5;
    const prefix = name.replace(/\W/g, '-');
    const under: BrokerUnderTest = {
      version,
      open: async () => tampered(await open(), version, tampering),
      sleep,
      prefix,
      patience: PATIENCE,
    };
    const narrow = version === 4 ? { clients: 1, qos: [1], retain: false } : {};
    const { rule, message } = await violation(under, { ...PLAIN, ...narrow });
    expect(rules, message).toContain(rule);
  });

  it.each(Object.entries(MISHEARD))('%s', { timeout: 60_000 }, async (name, misheard) => {
    const {
      version = 5,
      tampering = (packet) => [packet as Packet],
      told,
      options = {},
      steps,
      rules,
    } = misheard;
    const under: BrokerUnderTest = {
      version,
      open: async () => tampered(await open(), version, tampering, told),
      sleep,
      prefix: name.replace(/\W/g, '-'),
      patience: PATIENCE,
    };
    const { rule, message } = await (steps === undefined ? violation(under, options) : played(under, steps));
    expect(rules, message).toContain(rule);
  });

  it('publishes a will whose client has come back in time', { timeout: 60_000 }, async () => {
    const late = new Broker();
    publishingLateWills(late);
    const there = await listenTcp(late, { host: '127.0.0.1', port: 0 });
    const under: BrokerUnderTest = { version: 5, open: opener(there.port), sleep, patience: PATIENCE };
    try {
      const found = await played(under, comingBack);
      expect(found).toMatchObject({ rule: 'will-after-return', statement: 'MQTT-3.1.3-9' });
    } finally {
      const closed = there.close();
      await late.close();
      await closed;
    }
  });
});
