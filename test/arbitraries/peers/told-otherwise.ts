import type { Broker } from '../../../docs/examples/broker/broker.js';
import type { BrokerCommandOptions, PeerRule } from '../../../src/arbitraries/index.js';
import {
  BACK,
  type Publishing,
  type Subscribing,
  type Willing,
} from '../../../src/arbitraries/peers/broker-packets.js';
import type { BrokerRun } from '../../../src/arbitraries/peers/broker-run.js';
import type { DecodedPacket, Packet } from '../../../src/packets/index.js';
import { count, type Tampering } from './tampering.js';

/** A broker that is wrong since it hears something else than what clients say, or says something else; and where. */
export interface Misheard {
  readonly told?: Tampering;
  readonly tampering?: Tampering;
  /** What is left out of what is drawn. */
  readonly options?: Omit<BrokerCommandOptions, 'version'>;
  /** What is done instead of anything that is drawn, where that would take long to show it. */
  readonly steps?: (run: BrokerRun) => Promise<void>;
  readonly version?: 4 | 5;
  readonly rules: readonly PeerRule[];
}

type Of<T extends DecodedPacket['type']> = Extract<DecodedPacket, { type: T }>;

/** Changes one kind of packet. */
const inType =
  <T extends DecodedPacket['type']>(
    type: T,
    change: (packet: Of<T>, memory: Map<string, number>) => readonly Packet[],
  ): Tampering =>
  (packet, memory) =>
    packet.type === type ? change(packet as Of<T>, memory) : [packet];

type Will = NonNullable<Of<'connect'>['will']>;

const inWill = (change: (will: Will) => object | undefined): Tampering =>
  inType('connect', (packet) =>
    packet.will === undefined ? [packet] : [{ ...packet, will: change(packet.will) } as Packet],
  );

/** Nothing but what the fault has to do with, so that it shows soon. */
const NOTHING = {
  offences: false,
  replaces: false,
  takeover: false,
  retain: false,
  wills: false,
  shared: false,
  topicAliases: false,
  messageExpiry: false,
  sessionExpiry: false,
} as const;

const WILLS = { ...NOTHING, wills: true, willDelay: false, qos: [1], clients: 2 } as const;
const ALIASES = { ...NOTHING, topicAliases: true, qos: [1] } as const;

/** A subscription to `x`, and nothing special about it. */
export const TO_X = {
  filter: 'x',
  qos: 1,
  noLocal: false,
  retainAsPublished: false,
  retainHandling: 0,
  identifier: undefined,
} as const;
const ONE = { topic: 'x', qos: 1, retain: false, size: 1 } as const;
const ALIASED = { ...ONE, alias: 1 };

/** What becomes of a will of `a`, while `b` listens. */
const willOf =
  (will: Partial<Willing>, end: (run: BrokerRun) => Promise<void>) =>
  async (run: BrokerRun): Promise<void> => {
    await run.connect('b', BACK);
    await run.subscribe('b', [TO_X]);
    const said = { topic: 'x', qos: 1, retain: false, expiry: undefined, hasDelay: false, ...will } as const;
    await run.connect('a', { ...BACK, will: said });
    await end(run);
    await run.connect('c', BACK);
    await run.subscribe('c', [TO_X]);
  };

/** What two who have subscribed in the same way get. */
const both =
  (first: Partial<Subscribing>, messages: readonly Publishing[] = [ONE, ONE], retain = false) =>
  async (run: BrokerRun): Promise<void> => {
    for (const name of ['a', 'b']) {
      await run.connect(name, BACK);
      if (retain) await run.publish(name, [{ ...ONE, retain }], true);
      await run.subscribe(name, [{ ...TO_X, share: 'g', ...first }]);
    }
    await run.publish('a', messages, true);
    await run.ping('b');
  };

const leave = (withWill: boolean) => (run: BrokerRun) =>
  run.disconnect('a', { withWill, endsSession: false });

const QOS_3 = Uint8Array.of(0x36, 6, 0, 1, 0x78, 0, 1, 0);

const SHARE = /^\$share\/[^/]+\//;

/** A SUBSCRIBE with something else in front of what is shared. */
function unshared(packet: Of<'subscribe'>, instead: string): Packet {
  const subscriptions = packet.subscriptions.map((each) => {
    return { ...each, topicFilter: each.topicFilter.replace(SHARE, instead.replace('$', '$$$$')) };
  });
  return { ...packet, subscriptions } as Packet;
}

export const MISHEARD: Readonly<Record<string, Misheard>> = {
  'publishes no will': { told: inWill(() => undefined), options: WILLS, rules: ['will-published'] },
  'publishes no will of MQTT 3.1.1': {
    told: inWill(() => undefined),
    steps: willOf({}, (run) => run.cut('a')),
    version: 4,
    rules: ['will-published'],
  },
  'publishes no will at a takeover': {
    told: inWill(() => undefined),
    steps: willOf({}, (run) => run.connect('a', BACK)),
    rules: ['will-on-takeover'],
  },
  'publishes no will after an offence': {
    told: inWill(() => undefined),
    steps: willOf({}, (run) => run.offend('a', QOS_3, 'PUBLISH of QoS 3')),
    rules: ['will-after-violation'],
  },
  'publishes the will at once': {
    told: inType('connect', (packet) =>
      packet.will === undefined
        ? [packet]
        : [packet, { type: 'publish', topic: packet.will.topic, payload: packet.will.payload }],
    ),
    options: WILLS,
    rules: ['will-while-connected'],
  },
  'publishes wills twice': {
    tampering: inType('publish', (packet) => {
      const isWill = Buffer.from(packet.payload).toString().endsWith(' will');
      return isWill && packet.qos === 0 ? [packet, packet] : [packet];
    }),
    options: { ...WILLS, qos: [0] },
    rules: ['will-once'],
  },
  'publishes the will after DISCONNECT': {
    told: inType('disconnect', () => [{ type: 'disconnect', reasonCode: 0x04 }]),
    steps: willOf({}, leave(false)),
    rules: ['will-after-disconnect'],
  },
  'publishes no will after DISCONNECT 0x04': {
    told: inType('disconnect', () => [{ type: 'disconnect' }]),
    steps: willOf({}, leave(true)),
    rules: ['will-published'],
  },
  'does not wait for the delay of a will': {
    told: inWill((will) => ({ ...will, properties: {} })),
    steps: willOf({ hasDelay: true }, (run) => run.cut('a')),
    rules: ['will-delay'],
  },
  'retains every will': {
    told: inWill((will) => ({ ...will, retain: true })),
    steps: willOf({}, (run) => run.cut('a')),
    rules: ['will-not-retained'],
  },
  'retains no will': {
    told: inWill((will) => ({ ...will, retain: false })),
    steps: willOf({ retain: true }, (run) => run.cut('a')),
    rules: ['will-retained'],
  },
  'publishes wills at QoS 0': {
    told: inWill((will) => ({ ...will, qos: 0 })),
    options: WILLS,
    rules: ['delivery-qos'],
  },
  'keeps sessions that have ended': {
    told: inType('connect', (packet) => [
      { ...packet, properties: { ...packet.properties, sessionExpiryInterval: 3_600 } } as Packet,
    ]),
    options: { ...NOTHING, clients: 1 },
    rules: ['session-expiry', 'no-session-present'],
  },
  'does not end sessions in DISCONNECT': {
    told: inType('disconnect', () => [{ type: 'disconnect' }]),
    options: { ...NOTHING, sessionExpiry: true, clients: 1 },
    rules: ['session-expiry'],
  },
  'gives every member of a share every message': {
    told: inType('subscribe', (packet) => [unshared(packet, '')]),
    steps: both({}),
    rules: ['shared-to-one'],
  },
  'sends retained messages to the members of a share': {
    told: inType('subscribe', (packet) => [unshared(packet, '')]),
    steps: both({}, [ONE], true),
    rules: ['no-retained-for-shared'],
  },
  'gives the messages of a share to nobody': {
    told: inType('subscribe', (packet) => [unshared(packet, '$share/g/nowhere/')]),
    steps: both({}),
    rules: ['shared-delivered'],
  },
  'sends the messages of a share at QoS 2': {
    told: inType('subscribe', (packet, memory) => {
      for (const [at, { qos }] of packet.subscriptions.entries()) memory.set(`${packet.packetId} ${at}`, qos);
      const subscriptions = packet.subscriptions.map((each) =>
        SHARE.test(each.topicFilter) ? { ...each, qos: 2 } : each,
      );
      return [{ ...packet, subscriptions } as Packet];
    }),
    tampering: inType('suback', (packet, memory) => {
      const reasonCodes = packet.reasonCodes.map((_, at) => memory.get(`${packet.packetId} ${at}`) ?? 0);
      return [{ ...packet, reasonCodes } as Packet];
    }),
    steps: both({ qos: 0 }),
    rules: ['shared-qos'],
  },
  'ignores the Topic Alias Maximum of clients': {
    tampering: inType('publish', (packet) => [
      { ...packet, properties: { ...packet.properties, topicAlias: 99 } } as Packet,
    ]),
    options: ALIASES,
    rules: ['topic-alias-maximum', 'no-topic-alias'],
  },
  'sends Topic Aliases to clients that take none': {
    tampering: inType('publish', (packet) => [
      { ...packet, properties: { ...packet.properties, topicAlias: 1 } } as Packet,
    ]),
    options: { ...NOTHING, qos: [1] },
    rules: ['no-topic-alias'],
  },
  'sends Topic Aliases that stand for nothing': {
    tampering: inType('publish', (packet) =>
      packet.properties?.topicAlias === undefined ? [packet] : [{ ...packet, topic: '' }],
    ),
    options: ALIASES,
    rules: ['topic-alias-unknown'],
  },
  'does not know what Topic Aliases stand for': {
    told: inType('publish', (packet) =>
      packet.topic === '' ? [{ ...packet, topic: 'nowhere', properties: {} } as Packet] : [packet],
    ),
    steps: both({ share: undefined }, [ALIASED, ALIASED]),
    rules: ['accepts-topic-aliases'],
  },
  'takes fewer Topic Aliases than it says': {
    told: inType('publish', (packet) =>
      packet.properties?.topicAlias === 2
        ? [{ ...packet, properties: { ...packet.properties, topicAlias: 17 } } as Packet]
        : [packet],
    ),
    options: ALIASES,
    rules: ['accepts-topic-aliases'],
  },
  'puts up with unknown Topic Aliases': {
    told: (packet, memory) => {
      const isUnknown = packet.type === 'publish' && packet.properties?.topicAlias === 65_535;
      return isUnknown && count(memory, 'unknown') > 0 ? [] : [packet];
    },
    options: { ...ALIASES, offences: true },
    rules: ['closes-on-violation'],
  },
  'adds to Message Expiry Intervals': {
    tampering: inType('publish', (packet) => {
      const { messageExpiryInterval: left } = packet.properties ?? {};
      const properties = {
        ...packet.properties,
        messageExpiryInterval: Math.min(0xffff_ffff, (left ?? 0) + 9),
      };
      return [left === undefined ? packet : ({ ...packet, properties } as Packet)];
    }),
    options: { ...NOTHING, messageExpiry: true },
    rules: ['message-expiry'],
  },
  'forgets Message Expiry Intervals': {
    tampering: inType('publish', (packet) => [
      { ...packet, properties: { ...packet.properties, messageExpiryInterval: undefined } } as Packet,
    ]),
    options: { ...NOTHING, messageExpiry: true },
    rules: ['message-expiry'],
  },
};

/** A will that is delayed, whose client comes back and publishes something. */
export const comingBack = willOf({ hasDelay: true }, async (run) => {
  await run.cut('a');
  await run.connect('a', BACK);
  await run.publish('a', [ONE], true);
});

/** Makes a broker publish a will whose client has come back, with the first message that the client publishes. */
export function publishingLateWills(broker: Broker): void {
  const { sessions } = broker;
  const waiting = new Map<string, Parameters<Broker['publish']>[0]>();
  const willDue = sessions.willDue.bind(sessions);
  const publish = broker.publish.bind(broker);
  sessions.willDue = (session, connection, message, at) => {
    if (at > Date.now()) waiting.set(session.clientId, message(Date.now()));
    willDue(session, connection, message, at);
  };
  broker.publish = (message) => {
    const will = waiting.get(message.publisher ?? '');
    waiting.delete(message.publisher ?? '');
    if (will !== undefined) publish(will);
    return publish(message);
  };
}
