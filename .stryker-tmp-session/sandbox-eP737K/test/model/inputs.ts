// @ts-nocheck
import fc, { type Arbitrary } from 'fast-check';
import { packet, publish, subscribe, unsubscribe } from '../../src/arbitraries/index.js';
import type { Input, SendablePacket } from '../../src/connection/index.js';
import { MalformedPacketError, type Packet } from '../../src/index.js';
import type { Role } from './setup.js';
import { stored } from './starts.js';
import { anyNumber, anyText, arrived, maybe, packetId, type Version } from './values.js';

const received = (version: Version, sent: Arbitrary<Packet>): Arbitrary<Input> =>
  arrived(version, sent).map(({ packet, size }) => ({ type: 'packetReceived', packet, size, now: 0 }));

/** Properties as an application may get them wrong. */
const oddProperties = fc.record(
  {
    reasonString: anyText,
    userProperties: fc.array(fc.tuple(anyText, anyText), { maxLength: 2 }),
    messageExpiryInterval: anyNumber,
    topicAlias: anyNumber,
    sessionExpiryInterval: anyNumber,
    receiveMaximum: anyNumber,
    assignedClientIdentifier: anyText,
    authenticationData: fc.uint8Array({ maxLength: 3 }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** What an application may want to send; some of it is nonsense. */
function sendable(version: Version): Arbitrary<SendablePacket> {
  const bare = (sent: Packet): SendablePacket => {
    const { packetId: _, dup: _dup, ...wish } = sent as Packet & { packetId?: number; dup?: boolean };
    const properties: { subscriptionIdentifiers?: readonly number[] } | undefined = Reflect.get(
      wish,
      'properties',
    );
    // An empty list of them is none.
    if (properties?.subscriptionIdentifiers?.length !== 0) return wish as SendablePacket;
    return { ...wish, properties: { ...properties, subscriptionIdentifiers: undefined } } as SendablePacket;
  };
  const right = fc.oneof(
    { weight: 4, arbitrary: publish({ version }) },
    { weight: 1, arbitrary: subscribe({ version }) },
    { weight: 1, arbitrary: unsubscribe({ version }) },
  ) as Arbitrary<Packet>;
  const plain = fc.record({
    type: fc.constant('publish' as const),
    topic: fc.constantFrom('a', 'b', 'c', 'd'),
    qos: fc.constantFrom(0, 1, 2),
    payload: fc.uint8Array({ maxLength: 40 }),
  });
  const odd = fc.record({
    type: fc.constant('publish' as const),
    topic: anyText,
    qos: fc.constantFrom(0, 1, 2),
    properties: maybe(oddProperties),
  });
  return fc.oneof(right.map(bare), plain, odd);
}

/** Anything that can happen to a connection. */
export function anyInput(version: Version, role: Role): Arbitrary<Input> {
  const from = role === 'client' ? 'server' : 'client';
  const now = 0;
  const reasonCode = fc.oneof(fc.constantFrom(0, 0x10, 0x80, 0x83, 0x97), fc.nat(255));
  const local: Arbitrary<Input> = fc.oneof(
    fc.record({
      type: fc.constant('send' as const),
      packet: sendable(version),
      token: maybe(fc.nat(9)),
      ifBusy: fc.constantFrom('queue', 'refuse', undefined),
      topicAlias: fc.constantFrom('automatic', undefined),
      now: fc.constant(now),
    }),
    fc.record({
      type: fc.constant('acknowledge' as const),
      packetId: fc.oneof(packetId, anyNumber),
      reasonCode: maybe(reasonCode),
      properties: maybe(oddProperties),
      now: fc.constant(now),
    }),
    fc.record({
      type: fc.constant('answer' as const),
      packetId: fc.oneof(packetId, anyNumber),
      reasonCodes: fc.array(reasonCode, { maxLength: 3 }),
      properties: maybe(oddProperties),
      now: fc.constant(now),
    }),
    fc.record({
      type: fc.constant('accept' as const),
      session: maybe(stored),
      clientId: maybe(anyText),
      properties: maybe(oddProperties),
      now: fc.constant(now),
    }),
    fc.record({
      type: fc.constant('refuse' as const),
      reasonCode,
      properties: oddProperties,
      now: fc.constant(now),
    }),
    fc.record({
      type: fc.constant('authenticate' as const),
      properties: maybe(oddProperties),
      now: fc.constant(now),
    }),
    fc.record({
      type: fc.constant('disconnect' as const),
      reasonCode: maybe(reasonCode),
      properties: maybe(oddProperties),
      now: fc.constant(now),
    }),
  ) as Arbitrary<Input>;
  const plain = fc.constantFrom(
    'opened' as const,
    'timerFired' as const,
    'timerFired' as const,
    'blocked' as const,
    'writable' as const,
    'writable' as const,
    'closed' as const,
  );
  const error = new MalformedPacketError({ code: 'cut-short', reasonCode: 0x81, offset: 1, field: 'topic' });
  return fc.oneof(
    { weight: 10, arbitrary: received(version, packet({ version, from })) },
    { weight: 8, arbitrary: received(version, publish({ version, from })) },
    { weight: 1, arbitrary: received(version, packet({ version }) as Arbitrary<Packet>) },
    { weight: 12, arbitrary: local },
    { weight: 2, arbitrary: plain.map((type): Input => ({ type, now })) },
    { weight: 1, arbitrary: fc.constant<Input>({ type: 'parseFailed', error, now }) },
  );
}

/** A packet of the other version, as no parser of this connection would give. */
export function alien(version: Version): Arbitrary<Input> {
  const other = version === 4 ? 5 : 4;
  return received(other, packet({ version: other }) as Arbitrary<Packet>);
}
