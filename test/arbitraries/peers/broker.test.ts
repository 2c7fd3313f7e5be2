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
import { opener, sleep } from './sockets.js';
import { FAULTS, tampered } from './tampering.js';

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
      await fc.assert(promise(under), { numRuns: 80 });
      const { retained } = broker;
      expect([...retained.matching(`right-${version}/#`, 5, 0)]).toEqual([]);
    },
  );
});

describe('A broker is found out that', () => {
  it.each(Object.entries(FAULTS))('%s', { timeout: 60_000 }, async (name, [tampering, ...rules]) => {
    const version = name === 'marks nothing as a duplicate' ? 4 : 5;
    const prefix = name.replace(/\W/g, '-');
    const under: BrokerUnderTest = {
      version,
      open: async () => tampered(await open(), version, tampering),
      sleep,
      prefix,
      patience: 200,
    };
    const narrow = version === 4 ? { clients: 1, qos: [1], retain: false } : {};
    const property = promise(under, { offences: false, takeover: false, ...narrow });
    const { failed, errorInstance } = await fc.check(property, { numRuns: 1_000, endOnFailure: true });
    expect(failed).toBe(true);
    const { rule, message } = errorInstance as PeerViolation;
    expect(rules, message).toContain(rule);
  });
});
