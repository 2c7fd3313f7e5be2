import { describe, expect, it } from 'vitest';
import {
  type BrokerUnderTest,
  connectionPair,
  type NetworkConnection,
  type PeerRule,
  type PeerViolation,
  runBrokerCommands,
} from '../../../src/arbitraries/index.js';
import { step } from '../../../src/arbitraries/peers/broker-draws.js';
import { BACK, CLEAN } from '../../../src/arbitraries/peers/broker-packets.js';
import type { BrokerRun } from '../../../src/arbitraries/peers/broker-run.js';
import { encode } from '../../../src/codec.js';
import type { DecodedPacket, Packet } from '../../../src/packets/index.js';
import { PacketParser } from '../../../src/stream/index.js';
import { sleep } from './sockets.js';

type Answers = (packet: DecodedPacket) => readonly Packet[];

/** Answers as little as a broker can, and closes nothing. */
const least: Answers = (packet) => {
  switch (packet.type) {
    case 'connect':
      return [{ type: 'connack', sessionPresent: false, reasonCode: 0 }];
    case 'subscribe':
      return [
        { type: 'suback', packetId: packet.packetId, reasonCodes: packet.subscriptions.map(() => 0x80) },
      ];
    case 'unsubscribe':
      return [{ type: 'unsuback', packetId: packet.packetId, reasonCodes: [0x80] }];
    case 'pingreq':
      return [{ type: 'pingresp' }];
    default:
      return [];
  }
};

async function serve(network: NetworkConnection, answers: Answers): Promise<void> {
  const parser = new PacketParser({ version: 5, from: 'client', copy: true });
  for (let chunk = await network.receive(); chunk !== undefined; chunk = await network.receive()) {
    parser.push(chunk);
    for (let packet = parser.next(); packet !== undefined; packet = parser.next()) {
      for (const answer of answers(packet)) await network.send(encode<4 | 5>(answer, 5));
    }
  }
}

const odd = (answers: Answers, change: (network: NetworkConnection) => NetworkConnection) => {
  const open = async (): Promise<NetworkConnection> => {
    const [client, server] = connectionPair();
    serve(server, answers).catch(() => {});
    return change(client);
  };
  // All is in memory: what does not come at once never comes.
  return { version: 5, open, sleep: (ms: number) => sleep(ms / 20) } as const satisfies BrokerUnderTest;
};

/** The first rule that a broker breaks in those steps. */
const rule = (
  steps: (run: BrokerRun) => Promise<void>,
  answers: Answers = least,
  { except = [], change = (network) => network }: Partial<Oddity> = {},
): Promise<PeerRule | undefined> =>
  runBrokerCommands([step('steps', () => true, steps)], { ...odd(answers, change), except }).then(
    () => undefined,
    (error: PeerViolation) => error.rule ?? error.message,
  );

interface Oddity {
  readonly except: readonly PeerRule[];
  readonly change: (network: NetworkConnection) => NetworkConnection;
}

const QOS_3 = Uint8Array.of(0x36, 6, 0, 1, 0x78, 0, 1, 0);
const WISH = { qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0, identifier: 1 } as const;
const WILL = { topic: 'x', qos: 1, retain: true, expiry: 10, hasDelay: true } as const;

describe('A broker that does hardly anything', () => {
  it('may refuse subscriptions, and leave closing to clients', async () => {
    const found = await rule(async (run) => {
      await run.connect('a', { ...CLEAN, will: { ...WILL, hasDelay: false } });
      await run.subscribe('a', [{ ...WISH, filter: '#' }]);
      await run.unsubscribe('a', '#');
      // Nobody can tell what the broker has read: the will may come, and the session may be there.
      await run.disconnect('a');
      await run.connect('a', CLEAN);
      await run.ping('a');
    });
    expect(found).toBe(undefined);
  });

  it('is not asked for what it does not offer', async () => {
    const properties = {
      wildcardSubscriptionAvailable: 0,
      sharedSubscriptionAvailable: 0,
      subscriptionIdentifierAvailable: 0,
      retainAvailable: 0,
      maximumQoS: 0,
      sessionExpiryInterval: 0,
    } as const;
    const told: DecodedPacket[] = [];
    const found = await rule(
      async (run) => {
        await run.connect('a', BACK);
        await run.subscribe('a', [{ ...WISH, filter: '#' }]);
        await run.subscribe('a', [{ ...WISH, filter: 'x', share: 'g' }]);
        await run.subscribe('a', [{ ...WISH, filter: 'x' }]);
        await run.publish('a', [{ topic: 'x', qos: 2, retain: true, size: 1 }], true);
        // A session that ends with its connection is not missed.
        await run.disconnect('a');
        await run.connect('a', BACK);
      },
      (packet) => {
        told.push(packet);
        return packet.type === 'connect'
          ? [{ type: 'connack', sessionPresent: false, reasonCode: 0, properties }]
          : least(packet);
      },
    );
    expect(found).toBe(undefined);
    expect(told.filter(({ type }) => type === 'subscribe')).toMatchObject([
      { subscriptions: [{ topicFilter: expect.stringMatching(/\/x$/) }], properties: {} },
    ]);
    expect(told.find(({ type }) => type === 'publish')).toMatchObject({ qos: 0, retain: false });
  });

  it.each<[string, PeerRule, (run: BrokerRun) => Promise<void>, Answers?]>([
    [
      'refuses a client',
      'accepts-connect',
      (run) => run.connect('a', CLEAN),
      () => [{ type: 'connack', sessionPresent: false, reasonCode: 0x87 }],
    ],
    ['does not answer CONNECT', 'accepts-connect', (run) => run.connect('a', CLEAN), () => []],
    [
      'publishes ahead of CONNACK',
      'connack-first',
      (run) => run.connect('a', CLEAN),
      () => [{ type: 'publish', topic: 'x' }],
    ],
    [
      'leaves the first connection open',
      'takeover',
      async (run) => {
        await run.connect('a', CLEAN);
        await run.connect('a', CLEAN);
      },
    ],
    [
      'does not close for an offence',
      'closes-on-violation',
      async (run) => {
        await run.connect('a', CLEAN);
        await run.offend('a', QOS_3, 'PUBLISH of QoS 3');
      },
    ],
    [
      'speaks behind DISCONNECT',
      'silence-after-the-end',
      async (run) => {
        await run.connect('a', CLEAN);
        await run.disconnect('a');
      },
      (packet) =>
        packet.type === 'disconnect' ? [{ type: 'disconnect' }, { type: 'pingresp' }] : least(packet),
    ],
  ])('%s', async (_, expected, steps, answers) => {
    expect(await rule(steps, answers)).toBe(expected);
  });

  it('goes on where that is excused, with offences and delayed wills', async () => {
    const steps = async (run: BrokerRun): Promise<void> => {
      await run.connect('a', { ...BACK, will: WILL });
      await run.offend('a', QOS_3, 'PUBLISH of QoS 3');
      await run.connect('a', { ...BACK, will: WILL });
      await run.cut('a');
      await run.connect('a', { ...CLEAN, will: WILL });
      await run.connectTwice('a');
    };
    const except = ['closes-on-violation', 'session-present', 'one-connack'] as const;
    expect(await rule(steps, least, { except })).toBe(undefined);
  });

  it('may fail to be reached: what the network throws ends a connection', async () => {
    const failing = (network: NetworkConnection): NetworkConnection => ({
      send: () => Promise.reject(new Error('no route')),
      receive: () => Promise.reject(new Error('no route')),
      close: () => network.close().then(() => Promise.reject(new Error('no route'))),
    });
    const found = await rule((run) => run.connect('a', CLEAN), least, { change: failing });
    expect(found).toBe('stays-connected');
  });
});
