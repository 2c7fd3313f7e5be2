// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { normalize, type Packet, type PacketOf } from '../../src/index.js';
import { utf8 } from '../../src/packets/normalize.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** What a packet of that version becomes, written down by hand; the laws compare with encode and decode. */
const CASES: readonly (readonly [version: 4 | 5, packet: Packet, normal: object])[] = [
  [4, { type: 'pingreq' }, { type: 'pingreq' }],
  [5, { type: 'pingresp' }, { type: 'pingresp' }],
  [
    4,
    {
      type: 'connect',
      protocolVersion: 4,
      clientId: 'a',
      cleanStart: true,
      keepAlive: 1,
      will: { topic: 'w' },
    },
    {
      ...{ type: 'connect', protocolVersion: 4, clientId: 'a', cleanStart: true, keepAlive: 1 },
      will: { topic: 'w', payload: bytes(), qos: 0, retain: false },
    },
  ],
  [
    5,
    {
      ...{ type: 'connect', protocolVersion: 5, clientId: '', cleanStart: false, keepAlive: -0 },
      ...{ username: '', password: 'p\0' },
      will: { topic: 'w', payload: 'ä', qos: 2, retain: true, properties: { willDelayInterval: 5 } },
      properties: { receiveMaximum: 1, userProperties: [] },
    },
    {
      ...{ type: 'connect', protocolVersion: 5, clientId: '', cleanStart: false, keepAlive: 0 },
      ...{ username: '', password: bytes(0x70, 0) },
      will: {
        topic: 'w',
        payload: bytes(0xc3, 0xa4),
        qos: 2,
        retain: true,
        properties: { willDelayInterval: 5 },
      },
      properties: { receiveMaximum: 1 },
    },
  ],
  [
    5,
    {
      type: 'connect',
      protocolVersion: 5,
      clientId: 'a',
      cleanStart: true,
      keepAlive: 0,
      will: { topic: 'w' },
    },
    {
      ...{ type: 'connect', protocolVersion: 5, clientId: 'a', cleanStart: true, keepAlive: 0 },
      will: { topic: 'w', payload: bytes(), qos: 0, retain: false, properties: {} },
      properties: {},
    },
  ],
  [
    4,
    { type: 'connack', sessionPresent: false, reasonCode: 5 },
    { type: 'connack', sessionPresent: false, reasonCode: 5 },
  ],
  [
    5,
    {
      type: 'connack',
      sessionPresent: true,
      reasonCode: 0,
      properties: { maximumQoS: 0, reasonString: undefined },
    },
    { type: 'connack', sessionPresent: true, reasonCode: 0, properties: { maximumQoS: 0 } },
  ],
  [
    4,
    { type: 'publish', topic: 't' },
    { type: 'publish', topic: 't', payload: bytes(), qos: 0, retain: false, dup: false },
  ],
  [
    5,
    {
      ...{ type: 'publish', topic: '', payload: 'a', qos: 1, packetId: 9, retain: true, dup: true },
      properties: { topicAlias: 1, correlationData: Buffer.from([1]), subscriptionIdentifiers: [2, 2] },
    },
    {
      ...{ type: 'publish', topic: '', payload: bytes(0x61), qos: 1, packetId: 9, retain: true, dup: true },
      properties: { topicAlias: 1, correlationData: bytes(1), subscriptionIdentifiers: [2, 2] },
    },
  ],
  [4, { type: 'puback', packetId: 1 }, { type: 'puback', packetId: 1 }],
  [5, { type: 'pubrec', packetId: 1 }, { type: 'pubrec', packetId: 1, reasonCode: 0, properties: {} }],
  [
    5,
    { type: 'pubrel', packetId: 1, reasonCode: 0x92, properties: { userProperties: [['a', 'b']] } },
    { type: 'pubrel', packetId: 1, reasonCode: 0x92, properties: { userProperties: [['a', 'b']] } },
  ],
  [
    4,
    { type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 1 }] },
    { type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 1 }] },
  ],
  [
    5,
    {
      ...{ type: 'subscribe', packetId: 1, properties: { subscriptionIdentifier: 7 } },
      subscriptions: [
        { topicFilter: 'a', qos: 1 },
        { topicFilter: 'b', qos: 0, noLocal: true, retainAsPublished: true, retainHandling: 2 },
      ],
    },
    {
      ...{ type: 'subscribe', packetId: 1, properties: { subscriptionIdentifier: 7 } },
      subscriptions: [
        { topicFilter: 'a', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 },
        { topicFilter: 'b', qos: 0, noLocal: true, retainAsPublished: true, retainHandling: 2 },
      ],
    },
  ],
  [
    4,
    { type: 'suback', packetId: 1, reasonCodes: [0, 0x80] },
    { type: 'suback', packetId: 1, reasonCodes: [0, 0x80] },
  ],
  [
    4,
    { type: 'unsubscribe', packetId: 1, topicFilters: ['a', 'b'] },
    { type: 'unsubscribe', packetId: 1, topicFilters: ['a', 'b'] },
  ],
  [4, { type: 'unsuback', packetId: 1 }, { type: 'unsuback', packetId: 1 }],
  [
    5,
    { type: 'unsuback', packetId: 1, reasonCodes: [0x11] },
    { type: 'unsuback', packetId: 1, reasonCodes: [0x11], properties: {} },
  ],
  [4, { type: 'disconnect' }, { type: 'disconnect' }],
  [5, { type: 'disconnect' }, { type: 'disconnect', reasonCode: 0, properties: {} }],
  [
    5,
    {
      type: 'auth',
      reasonCode: 0x18,
      properties: { authenticationMethod: 'm', authenticationData: bytes() },
    },
    {
      type: 'auth',
      reasonCode: 0x18,
      properties: { authenticationMethod: 'm', authenticationData: bytes() },
    },
  ],
];

describe('normalize', () => {
  it.each(CASES)('in version %d of %j', (version, packet, normal) => {
    expect(normalize(packet as PacketOf<5>, version as 5)).toStrictEqual(normal);
  });

  it('gives views into the bytes of the packet, and lists of its own', () => {
    const payload = Uint8Array.of(1, 2, 3).subarray(1);
    const userProperties: [string, string][] = [['a', 'b']];
    const normal = normalize({ type: 'publish', topic: 'a', payload, properties: { userProperties } }, 5);
    if (normal.type !== 'publish') expect.unreachable();
    expect(normal.payload).toEqual(Uint8Array.of(2, 3));
    expect(normal.payload.buffer).toBe(payload.buffer);
    expect(normal.properties.userProperties).toStrictEqual(userProperties);
    expect(normal.properties.userProperties).not.toBe(userProperties);
    expect(normal.properties.userProperties?.[0]).not.toBe(userProperties[0]);
  });

  it('says which argument is wrong', () => {
    for (const packet of [null, undefined, 'publish', 7]) {
      expect(() => normalize(packet as unknown as PacketOf<5>, 5)).toThrow(
        new TypeError('packet must be an object'),
      );
    }
    for (const version of [3, '5', undefined]) {
      expect(() => normalize({ type: 'pingreq' }, version as 5)).toThrow(RangeError);
    }
  });
});

describe('utf8', () => {
  it('is what TextEncoder gives, at the borders of each length', () => {
    const codes = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x10ffff];
    for (const code of codes) {
      const text = `a${String.fromCodePoint(code)}b`;
      expect(utf8(text)).toEqual(new TextEncoder().encode(text));
    }
    expect(utf8('')).toEqual(new Uint8Array(0));
  });

  it('gives a lone surrogate the three bytes of its number', () => {
    expect(utf8('\ud800')).toEqual(bytes(0xed, 0xa0, 0x80));
    expect(utf8('a\udfff')).toEqual(bytes(0x61, 0xed, 0xbf, 0xbf));
  });
});

describe('what the types ask for, and plain JavaScript may leave out', () => {
  it('is a session that goes on, and none that is there', () => {
    const connect = { type: 'connect', protocolVersion: 4, clientId: 'a', keepAlive: 1 };
    expect(normalize(connect as PacketOf<4>, 4)).toMatchObject({ cleanStart: false });
    const connack = { type: 'connack', reasonCode: 0 };
    expect(normalize(connack as PacketOf<4>, 4)).toMatchObject({ sessionPresent: false });
  });
});
