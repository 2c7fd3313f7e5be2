/** The published commands and models of `puremqtt/arbitraries`, against brokers and clients of ours and of others. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BrokerCommandOptions,
  type BrokerUnderTest,
  brokerCommands,
  clientCommands,
  type Malformed,
  malformedBytes,
  type PeerRule,
  runBrokerCommands,
  runClientCommands,
} from '../../src/arbitraries/index.js';
import { encode } from '../../src/codec.js';
import { ExampleClient, HostClient } from '../arbitraries/peers/our-clients.js';
import { Door, opener, sleep } from '../arbitraries/peers/sockets.js';
import { hostExample, type Running, SERVERS, type Server } from './servers.js';

/** What a broker is known to do otherwise, or cannot do. */
interface Known {
  readonly except?: readonly PeerRule[];
  readonly options?: Omit<BrokerCommandOptions, 'version'>;
}

const KNOWN: Readonly<Record<string, Known>> = {
  // It has no retained messages, and with MQTT 3.1.1 it cannot say so; with 5.0 no client may leave a will to retain.
  'the broker of the host contract 4': { options: { retain: false } },
  'the broker of the host contract 5': { options: { retain: false } },
  // Of overlapping subscriptions, it serves the one it finds first. A will is not published where a session is taken
  // over and goes on, and not where its client sends a second CONNECT.
  'mosquitto 4': { except: ['copies-delivered', 'will-on-takeover', 'will-after-violation'] },
  // The same for wills. The members of a share get retained messages. A subscription that replaces another one keeps
  // the No Local and Retain As Published of the first.
  'mosquitto 5': {
    except: ['will-on-takeover', 'will-after-violation', 'no-retained-for-shared'],
    options: { replaces: false },
  },
  // A session without subscriptions is forgotten; messages come at the QoS that they were published with; of several
  // PUBRECs at a time one is answered twice and another not at all; a retained message of QoS 2 ends the connection;
  // what is published while a session is away may be lost.
  'aedes 4': {
    except: ['session-present', 'delivery-qos', 'copies-delivered'],
    options: { qos: [0], retain: false, takeover: false },
  },
};

const RUNS = 60;

describe.each([...SERVERS, hostExample])('$name', (server: Server) => {
  describe.skipIf(server.why !== undefined)('as a broker under test', () => {
    let running: Running | undefined;
    const port = (): number => Number(new URL(running?.ways.TCP?.url ?? '').port);

    beforeAll(async () => {
      running = await server.start();
    }, 30_000);
    afterAll(() => running?.stop());

    it.each(server.versions)('keeps the rules in version %i', { timeout: 120_000 }, async (version) => {
      const { except = [], options = {} } = KNOWN[`${server.name} ${version}`] ?? {};
      const broker: BrokerUnderTest = { version, open: () => opener(port())(), sleep, except };
      const commands = brokerCommands({ version, ...options });
      await fc.assert(
        fc.asyncProperty(commands, (each) => runBrokerCommands(each, broker)),
        { numRuns: RUNS, interruptAfterTimeLimit: 60_000 },
      );
    });
  });
});

describe.each([
  ['the client of the host contract', HostClient],
  ['the example client', ExampleClient],
] as const)('%s', (_, Client) => {
  it.each([4, 5] as const)('keeps the rules in version %i', { timeout: 120_000 }, async (version) => {
    const door = await Door.open();
    try {
      const client = { version, create: () => new Client(door), sleep };
      await fc.assert(
        fc.asyncProperty(clientCommands(client), (commands) => runClientCommands(commands, client)),
        { numRuns: RUNS, interruptAfterTimeLimit: 60_000 },
      );
    } finally {
      await door.close();
    }
  });
});

describe('malformed bytes', () => {
  it.each([4, 5] as const)(
    'are refused by our broker in version %i',
    { timeout: 60_000 },
    async (version) => {
      const running = await hostExample.start();
      const dial = opener(Number(new URL(running.ways.TCP?.url ?? '').port));
      const common = { type: 'connect', clientId: 'a', cleanStart: true, keepAlive: 0 } as const;
      const greeting =
        version === 4
          ? encode({ ...common, protocolVersion: 4 }, 4)
          : encode({ ...common, protocolVersion: 5 }, 5);
      const isRefused = async ({ bytes, isFirst }: Malformed): Promise<number[]> => {
        const network = await dial();
        const said: number[] = [];
        if (!isFirst) {
          await network.send(greeting);
          said.push(...((await network.receive()) ?? []));
        }
        await network.send(bytes);
        for (let chunk = await network.receive(); chunk !== undefined; chunk = await network.receive())
          said.push(...chunk);
        return said;
      };
      try {
        await fc.assert(
          fc.asyncProperty(malformedBytes({ version, from: 'client' }), async (malformed) => {
            const said = await isRefused(malformed);
            if (version === 4 || malformed.isFirst) return;
            // DISCONNECT with the reason, behind CONNACK.
            const at = said.lastIndexOf(0xe0);
            expect(at).toBeGreaterThan(0);
            expect(said[at + 2]).toBe(malformed.due.reasonCode);
          }),
          { numRuns: 200 },
        );
      } finally {
        await running.stop();
      }
    },
  );
});
