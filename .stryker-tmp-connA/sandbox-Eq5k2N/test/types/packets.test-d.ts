// @ts-nocheck
// Compiled by `npm run typecheck` and never run: a line below `@ts-expect-error` must not compile.
import {
  type ClientPacket,
  type DecodedPacket,
  decode,
  encode,
  encodeAuth,
  encodeInto,
  encodeParts,
  encodePublish,
  normalize,
  type Packet,
  type PacketOf,
  PacketParser,
  type ProtocolVersion,
  type ServerPacket,
} from '../../src/index.js';

const bytes = new Uint8Array(1);

// What is right compiles, in both versions: strings for bytes, undefined for absent, everything optional left out.

export const right4: readonly PacketOf<4>[] = [
  { type: 'connect', protocolVersion: 4, clientId: 'a', cleanStart: true, keepAlive: 60 },
  {
    ...{ type: 'connect', protocolVersion: 4, clientId: 'a', cleanStart: true, keepAlive: 60 },
    will: { topic: 'a', payload: 'text', qos: 1, retain: true, properties: undefined },
    ...{ username: 'u', password: 'text', properties: undefined },
  },
  { type: 'connack', sessionPresent: false, reasonCode: 5 },
  { type: 'publish', topic: 'a' },
  { type: 'publish', topic: 'a', payload: bytes, qos: 0, dup: false, packetId: undefined, retain: undefined },
  { type: 'publish', topic: 'a', payload: 'text', qos: 2, packetId: 1, dup: true, properties: undefined },
  { type: 'puback', packetId: 1, reasonCode: undefined },
  { type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 2 }] },
  { type: 'suback', packetId: 1, reasonCodes: [0, 1, 2, 0x80] },
  { type: 'unsubscribe', packetId: 1, topicFilters: ['a'] },
  { type: 'unsuback', packetId: 1 },
  { type: 'pingreq' },
  { type: 'pingresp' },
  { type: 'disconnect' },
];

export const right5: readonly PacketOf<5>[] = [
  {
    ...{ type: 'connect', protocolVersion: 5, clientId: '', cleanStart: false, keepAlive: 0 },
    will: { topic: 'a', payload: bytes, properties: { willDelayInterval: 5, correlationData: bytes } },
    ...{ username: undefined, password: bytes },
    properties: { receiveMaximum: 10, userProperties: [['name', 'value']] },
  },
  {
    type: 'connack',
    sessionPresent: false,
    reasonCode: 0x9f,
    properties: { maximumQoS: 1, reasonString: undefined },
  },
  {
    type: 'publish',
    topic: '',
    payload: undefined,
    properties: { topicAlias: 1, subscriptionIdentifiers: [1, 2] },
  },
  { type: 'pubrec', packetId: 1, reasonCode: 0x10, properties: {} },
  { type: 'pubcomp', packetId: 1, reasonCode: 0x92 },
  {
    ...{ type: 'subscribe', packetId: 1, properties: { subscriptionIdentifier: 1 } },
    subscriptions: [
      { topicFilter: 'a', qos: 0, noLocal: true, retainAsPublished: undefined, retainHandling: 2 },
    ],
  },
  { type: 'unsuback', packetId: 1, reasonCodes: [0x11] },
  { type: 'disconnect' },
  { type: 'disconnect', reasonCode: 0x04, properties: { sessionExpiryInterval: 0 } },
  { type: 'auth', properties: { authenticationMethod: 'm' } },
];

// Constants and parts of the caller's are taken as they are: read-only, or widened by inference where that is safe.

const frozen = { type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 1 }] } as const;
export const fromConstants: readonly Uint8Array[] = [encode(frozen, 4), encode(frozen, 5)];

export function anyQoS(qos: 0 | 1 | 2, packetId: number): PacketOf<4> {
  return qos === 0 ? { type: 'publish', topic: 'a' } : { type: 'publish', topic: 'a', qos, packetId };
}

// What MQTT 3.1.1 does not have.

export const wrong4: readonly PacketOf<4>[] = [
  // : properties
  { type: 'publish', topic: 'a', payload: '', properties: {} },
  // : properties
  { type: 'connect', protocolVersion: 4, clientId: '', cleanStart: true, keepAlive: 0, properties: {} },
  {
    ...{ type: 'connect', protocolVersion: 4, clientId: '', cleanStart: true, keepAlive: 0 },
    // : properties of a will
    will: { topic: 'a', properties: {} },
  },
  // : properties
  { type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 0 }], properties: {} },
  // : properties
  { type: 'disconnect', properties: {} },
  // : reason codes of acknowledgements
  { type: 'puback', packetId: 1, reasonCode: 0 },
  // : a reason code in DISCONNECT
  { type: 'disconnect', reasonCode: 0 },
  // : reason codes in UNSUBACK
  { type: 'unsuback', packetId: 1, reasonCodes: [0] },
  // : No Local
  { type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 0, noLocal: false }] },
  // : Retain As Published
  { type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 0, retainAsPublished: true }] },
  // : Retain Handling
  { type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 0, retainHandling: 0 }] },
  // : AUTH
  { type: 'auth', properties: { authenticationMethod: 'm' } },
  // : the return codes end at 5
  { type: 'connack', sessionPresent: false, reasonCode: 0x87 },
  // : 0x87 came with MQTT 5.0
  { type: 'suback', packetId: 1, reasonCodes: [0x87] },
  // : the other protocol version
  { type: 'connect', protocolVersion: 5, clientId: '', cleanStart: true, keepAlive: 0 },
];

// What no version has.

export const wrong5: readonly PacketOf<5>[] = [
  // : a Packet Identifier with QoS 0
  { type: 'publish', topic: 'a', payload: '', qos: 0, packetId: 1 },
  // : a Packet Identifier without a QoS
  { type: 'publish', topic: 'a', payload: '', packetId: 1 },
  // : no Packet Identifier with QoS 1
  { type: 'publish', topic: 'a', payload: '', qos: 1 },
  // : an undefined Packet Identifier with QoS 2
  { type: 'publish', topic: 'a', payload: '', qos: 2, packetId: undefined },
  // : DUP with QoS 0
  { type: 'publish', topic: 'a', payload: '', qos: 0, dup: true },
  // : QoS 3
  { type: 'publish', topic: 'a', payload: '', qos: 3, packetId: 1 },
  // : no topic
  { type: 'publish', payload: '' },
  // : a payload that is neither bytes nor text
  { type: 'publish', topic: 'a', payload: 7 },
  // : a property of CONNECT
  { type: 'publish', topic: 'a', payload: '', properties: { sessionExpiryInterval: 1 } },
  // : a PUBLISH has a list of them
  { type: 'publish', topic: 'a', payload: '', properties: { subscriptionIdentifier: 1 } },
  // : a SUBSCRIBE has one
  { type: 'subscribe', packetId: 1, subscriptions: [], properties: { subscriptionIdentifiers: [1] } },
  // : Correlation Data is bytes
  { type: 'publish', topic: 'a', payload: '', properties: { correlationData: 'text' } },
  // : User Properties are a list of pairs
  { type: 'publish', topic: 'a', payload: '', properties: { userProperties: { a: 'b' } } },
  // : Payload Format Indicator is 0 or 1
  { type: 'publish', topic: 'a', payload: '', properties: { payloadFormatIndicator: 2 } },
  {
    ...{ type: 'connect', protocolVersion: 5, clientId: '', cleanStart: true, keepAlive: 0 },
    // : Will Delay Interval is a property of the will
    properties: { willDelayInterval: 1 },
  },
  {
    ...{ type: 'connect', protocolVersion: 5, clientId: '', cleanStart: true, keepAlive: 0 },
    // : Topic Alias is no property of a will
    will: { topic: 'a', properties: { topicAlias: 1 } },
  },
  // : Maximum QoS is 0 or 1; 2 is said by leaving it out
  { type: 'connack', sessionPresent: false, reasonCode: 0, properties: { maximumQoS: 2 } },
  // : a reason code of DISCONNECT
  { type: 'puback', packetId: 1, reasonCode: 0x04 },
  // : a reason code of PUBACK
  { type: 'pubrel', packetId: 1, reasonCode: 0x10 },
  // : a reason code that does not exist
  { type: 'disconnect', reasonCode: 0x7f },
  // : no reason codes
  { type: 'suback', packetId: 1 },
  // : AUTH needs a method
  { type: 'auth', properties: {} },
  // : AUTH needs properties
  { type: 'auth', reasonCode: 0x18 },
  // : Retain Handling 3
  { type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 0, retainHandling: 3 }] },
  // : no QoS
  { type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a' }] },
  // : no such packet
  { type: 'reserved' },
  // : no such field
  { type: 'pingreq', packetId: 1 },
  // : null is not absent
  { type: 'puback', packetId: 1, reasonCode: null },
];

// Who sends what.

export const fromClient: readonly ClientPacket<5>[] = [
  { type: 'pingreq' },
  { type: 'disconnect' },
  // : of servers
  { type: 'connack', sessionPresent: false, reasonCode: 0 },
  // : of servers
  { type: 'suback', packetId: 1, reasonCodes: [0] },
  // : of servers
  { type: 'unsuback', packetId: 1, reasonCodes: [0] },
  // : of servers
  { type: 'pingresp' },
];

export const fromServer: readonly (ServerPacket<4> | ServerPacket<5>)[] = [
  // : of clients
  { type: 'connect', protocolVersion: 5, clientId: '', cleanStart: true, keepAlive: 0 },
  // : of clients
  { type: 'subscribe', packetId: 1, subscriptions: [] },
  // : of clients
  { type: 'unsubscribe', packetId: 1, topicFilters: [] },
  // : of clients
  { type: 'pingreq' },
];

export const disconnectFromServer: readonly [ServerPacket<5>, ServerPacket<4>] = [
  { type: 'disconnect', reasonCode: 0x8b },
  // : a server of MQTT 3.1.1 just closes
  { type: 'disconnect' },
];

// The functions hold a packet to the version they are given.

export function functions(target: Uint8Array): void {
  encode({ type: 'publish', topic: 'a', payload: '', properties: { topicAlias: 1 } }, 5);
  // : properties in version 4
  encode({ type: 'publish', topic: 'a', payload: '', properties: { topicAlias: 1 } }, 4);
  // : properties in version 4
  encodePublish({ type: 'publish', topic: 'a', payload: '', properties: {} }, 4);
  // : properties in version 4
  encodeInto({ type: 'puback', packetId: 1, properties: {} }, 4, target);
  // : properties in version 4
  encodeParts({ type: 'puback', packetId: 1, properties: {} }, 4);
  // : AUTH in version 4
  encodeAuth({ type: 'auth', properties: { authenticationMethod: 'm' } }, 4);
  // : a version that is not spoken
  encode({ type: 'pingreq' }, 3);
  // : a packet without a version
  encode({ type: 'pingreq' });
  // : text for bytes
  decode('frame', 5);
  // : no such rule
  decode(target, 5, { lenient: ['everything'] });
  // : no such side
  decode(target, 5, { from: 'broker' });
}

// What comes out: every field there is, no field in doubt, and good to go in again.

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Takes a pair of types that are the same. */
const same = <A, B>(_: Equal<A, B>): void => {};

export function narrows(packet: DecodedPacket<5>): string {
  switch (packet.type) {
    case 'publish': {
      same<typeof packet.payload, Uint8Array>(true);
      same<typeof packet.topic, string>(true);
      same<typeof packet.retain, boolean>(true);
      if (packet.qos === 0) {
        same<typeof packet.packetId, undefined>(true);
        same<typeof packet.dup, false>(true);
      } else same<typeof packet.packetId, number>(true);
      return packet.properties.contentType ?? packet.topic;
    }
    case 'connect':
      same<typeof packet.protocolVersion, 5>(true);
      same<typeof packet.password, Uint8Array | undefined>(true);
      same<NonNullable<typeof packet.will>['payload'], Uint8Array>(true);
      return packet.will?.properties.contentType ?? packet.clientId;
    case 'subscribe':
      same<(typeof packet.subscriptions)[number]['noLocal'], boolean>(true);
      // : what an UNSUBSCRIBE has
      packet.topicFilters;
      return packet.subscriptions.map(({ topicFilter }) => topicFilter).join();
    case 'unsubscribe':
      return packet.topicFilters.join();
    case 'suback':
    case 'unsuback':
      return packet.reasonCodes.join();
    case 'connack':
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
    case 'disconnect':
      return packet.properties.reasonString ?? String(packet.reasonCode);
    case 'auth':
      same<typeof packet.properties.authenticationMethod, string>(true);
      return packet.properties.authenticationMethod;
    case 'pingreq':
    case 'pingresp':
      return packet.type;
  }
}

export function narrows4(packet: DecodedPacket<4>): number {
  switch (packet.type) {
    case 'publish':
      same<typeof packet.properties, undefined>(true);
      return packet.payload.length;
    case 'connect':
      same<typeof packet.protocolVersion, 4>(true);
      return packet.keepAlive;
    case 'unsuback':
      same<typeof packet.reasonCodes, undefined>(true);
      return packet.packetId;
    // : there is no AUTH
    case 'auth':
      return 0;
    default:
      return 1;
  }
}

export function inAgain(frame: Uint8Array, version: ProtocolVersion, mine: PacketOf<5>): void {
  const five = decode(frame, 5);
  const asPacket: PacketOf<5> = five;
  encode(asPacket, 5);
  encode(five, 5);
  encode(decode(frame, 4), 4);
  same<typeof five, DecodedPacket<5>>(true);
  const normal: DecodedPacket<5> = normalize(mine, 5);
  encode(normal, 5);
  // What was decoded for a version known only at run time is a packet of one or the other.
  const either: Packet = decode(frame, version);
  either.type;
  // : nor is it for any other function
  normalize(five, 4);
}

export function parser(chunk: Uint8Array): DecodedPacket | undefined {
  const one = new PacketParser({ version: 5, from: 'client' });
  one.push(chunk);
  same<typeof one.version, ProtocolVersion | undefined>(true);
  // : the version is told, not set
  one.version = 4;
  // : no such version
  new PacketParser({ version: 3 });
  return one.next();
}
