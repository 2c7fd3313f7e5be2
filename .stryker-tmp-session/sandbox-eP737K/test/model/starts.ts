// @ts-nocheck
import fc, { type Arbitrary } from 'fast-check';
import { connack, connect } from '../../src/arbitraries/index.js';
import {
  type ClientOptions,
  type ConnectionState,
  clientConnection,
  type Input,
  type ServerOptions,
  serverConnection,
} from '../../src/connection/index.js';
import type { ConnectPacket, DecodedPacket, Packet } from '../../src/index.js';
import { importSession, type SessionState } from '../../src/session/index.js';
import { arrived, maybe, packetId, type Version } from './values.js';

/** A connection before everything, and what it takes to make it stand. */
export interface Start {
  readonly state: ConnectionState;
  readonly handshake: readonly Input[];
}

/** A value that a counterexample shows in short: of a state, what it was made of. */
export function told<T extends object>(value: T, short: object): T {
  return Object.defineProperty(value, fc.toStringMethod, { value: () => fc.stringify(short) });
}

/** A session that a host might find in its store. */
export const stored: Arbitrary<SessionState> = fc
  .uniqueArray(fc.record({ packetId, phase: fc.nat(2), order: fc.nat(50) }), {
    selector: (row) => row.packetId,
    maxLength: 3,
  })
  .map((rows) => {
    const phases = ['awaiting-puback', 'awaiting-pubrec', 'awaiting-pubcomp'] as const;
    const outgoing = rows.map(({ packetId, phase }, index) =>
      phase === 2
        ? { packetId, phase: phases[2], order: index + 1, reasonCode: 0 }
        : { packetId, phase: phases[phase], order: index + 1, topic: 'a', qos: phase + 1, retain: false },
    );
    const counters = { begun: true, nextPacketId: 9, nextOrder: rows.length + 1, nextPlace: 1 };
    return importSession({ format: 1, ...counters, outgoing, incoming: [], queued: [] });
  });

const common = {
  acknowledgements: fc.constantFrom('automatic', 'manual'),
  queue: fc.constantFrom({ messages: 3, bytes: 300 }, undefined),
  automaticAliases: fc.constantFrom(0, 2, 16),
  maximumInFlight: fc.constantFrom(1, 2, undefined),
} as const;

/** A CONNECT, which seldom asks for enhanced authentication. */
function asking(version: Version): Arbitrary<ConnectPacket> {
  const any = connect({ version }) as Arbitrary<ConnectPacket>;
  return fc.tuple(any, fc.nat(4)).map(([packet, chance]) => {
    if (packet.protocolVersion === 4 || chance === 0) return packet;
    const { authenticationMethod: _, authenticationData: _data, ...properties } = packet.properties ?? {};
    return { ...packet, properties };
  });
}

/** A client, with its CONNACK. */
export function anyClient(version: Version): Arbitrary<Start> {
  const options = fc.record({
    ...common,
    connect: asking(version),
    session: maybe(stored),
    maximumPacketSize: fc.constantFrom(60, 1_000, undefined),
    maximumQoS: fc.constantFrom(0, 1, 2, undefined),
    pipelining: fc.boolean(),
    trustSessionPresent: fc.boolean(),
  });
  const answer = arrived(version, connack({ version, from: 'server' }) as Arbitrary<Packet>);
  return fc.tuple(options, answer).map(([chosen, { packet, size }]): Start => {
    const state = clientConnection(chosen as ClientOptions);
    const { authenticationMethod, cleanStart } = state.terms;
    const good = { ...packet, reasonCode: 0, sessionPresent: state.session.begun && !cleanStart };
    const said: object =
      'properties' in packet ? { ...packet.properties, authenticationData: undefined } : {};
    const connack = { ...good, ...(version === 5 && { properties: { ...said, authenticationMethod } }) };
    const handshake: Input[] = [
      { type: 'opened', now: 0 },
      { type: 'packetReceived', packet: connack as DecodedPacket, size: Math.min(size, 20), now: 0 },
    ];
    return told({ state, handshake }, { ...chosen, handshake });
  });
}

/** A server, with a CONNECT and its acceptance. */
export function anyServer(version: Version): Arbitrary<Start> {
  const announced = fc.record(
    {
      receiveMaximum: fc.constantFrom(1, 2, 5),
      maximumQoS: fc.constantFrom(0, 1),
      retainAvailable: fc.constantFrom(0, 1),
      maximumPacketSize: fc.constantFrom(100, 2_000),
      topicAliasMaximum: fc.constantFrom(0, 1, 3),
      wildcardSubscriptionAvailable: fc.constantFrom(0, 1),
      subscriptionIdentifierAvailable: fc.constantFrom(0, 1),
      sharedSubscriptionAvailable: fc.constantFrom(0, 1),
      serverKeepAlive: fc.nat(10),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const options = fc.record({
    ...common,
    announced: maybe(announced),
    versions: fc.constantFrom([4], [5], [4, 5], undefined),
    authenticationMethods: fc.constantFrom(undefined, ['a', '']),
    held: fc.constantFrom({ messages: 2, bytes: 200 }, undefined),
  });
  const asked = arrived(version, asking(version));
  return fc.tuple(options, asked, maybe(stored)).map(([chosen, { packet }, session]): Start => {
    const handshake: Input[] = [
      { type: 'opened', now: 0 },
      { type: 'packetReceived', packet, size: 20, now: 0 },
      { type: 'accept', session, clientId: 'given', now: 0 },
    ];
    return told({ state: serverConnection(chosen as ServerOptions), handshake }, { ...chosen, handshake });
  });
}
