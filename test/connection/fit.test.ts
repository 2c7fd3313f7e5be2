import { afterAll, describe, expect, it } from 'vitest';
import { encodedLength } from '../../src/codec.js';
import type { Action } from '../../src/connection/index.js';
import type { Packet, PacketOf } from '../../src/packets/index.js';
import {
  asked,
  checkBytes,
  client,
  connect5,
  failure,
  incoming,
  kinds,
  publish,
  refused,
  type Side,
  sent,
  server,
} from './support.js';

afterAll(checkBytes);

const explained = {
  reasonString: 'because',
  userProperties: [
    ['a', 'one'],
    ['a', 'two'],
  ] as [string, string][],
};
const manual = { acknowledgements: 'manual' } as const;
const method = { authenticationMethod: 'm' };
const authenticationMethods = ['m'];

/** A connection of MQTT 5.0 to a peer with these limits. */
function open(role: 'client' | 'server', limits: object): Side {
  if (role === 'client') {
    const connect = { ...connect5, properties: { ...connect5.properties, ...method } };
    return client(5, { ...manual, connect }, { properties: { ...method, ...limits } });
  }
  const { maximumPacketSize, ...rest } = limits as { maximumPacketSize?: number };
  const properties = { ...connect5.properties, ...method, ...rest };
  const side = server(5, { ...manual, authenticationMethods }, { properties });
  // CONNACK alone would not fit limits as small as these.
  const { state } = side;
  const peers = { ...state.terms.peers, ...(maximumPacketSize && { maximumPacketSize }) };
  side.state = { ...state, terms: { ...state.terms, peers } };
  return side;
}

type Cause = (side: Side) => readonly Action[];

/** How each packet is made that can explain itself, and the statements about that. */
const packets: readonly {
  type: Packet['type'];
  roles: readonly ('client' | 'server')[];
  rows: string;
  cause: Cause;
}[] = [
  {
    type: 'puback',
    roles: ['client', 'server'],
    rows: '[5.0: MQTT-3.4.2-2] [5.0: MQTT-3.4.2-3]',
    cause: (side) => {
      side.receive(incoming(1, 1));
      return side.do({ type: 'acknowledge', packetId: 1, reasonCode: 0x80, properties: explained });
    },
  },
  {
    type: 'pubrec',
    roles: ['client', 'server'],
    rows: '[5.0: MQTT-3.5.2-2] [5.0: MQTT-3.5.2-3]',
    cause: (side) => {
      side.receive(incoming(2, 1));
      return side.do({ type: 'acknowledge', packetId: 1, properties: explained });
    },
  },
  {
    type: 'suback',
    roles: ['server'],
    rows: '[5.0: MQTT-3.9.2-1] [5.0: MQTT-3.9.2-2]',
    cause: (side) => {
      side.receive({ type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 0 }] });
      return side.do({ type: 'answer', packetId: 1, reasonCodes: [0x87], properties: explained });
    },
  },
  {
    type: 'unsuback',
    roles: ['server'],
    rows: '[5.0: MQTT-3.11.2-1] [5.0: MQTT-3.11.2-2]',
    cause: (side) => {
      side.receive({ type: 'unsubscribe', packetId: 1, topicFilters: ['a'] });
      return side.do({ type: 'answer', packetId: 1, reasonCodes: [0x87], properties: explained });
    },
  },
  {
    type: 'auth',
    roles: ['client', 'server'],
    rows: '[5.0: MQTT-3.15.2-2] [5.0: MQTT-3.15.2-3]',
    cause: (side) => {
      if (side.state.settings.role === 'server') {
        side.receive({ type: 'auth', reasonCode: 0x19, properties: method });
      }
      return side.do({ type: 'authenticate', properties: explained });
    },
  },
  {
    type: 'disconnect',
    roles: ['client', 'server'],
    rows: '[5.0: MQTT-3.14.2-3] [5.0: MQTT-3.14.2-4]',
    cause: (side) => side.do({ type: 'disconnect', reasonCode: 0x80, properties: explained }),
  },
  {
    type: 'connack',
    roles: ['server'],
    rows: '[5.0: MQTT-3.2.2-19] [5.0: MQTT-3.2.2-20]',
    cause: () => [],
  },
];

/** What that packet looks like to a peer with these limits. */
function made(type: Packet['type'], role: 'client' | 'server', cause: Cause, limits: object): PacketOf<5> {
  const actions =
    type === 'connack'
      ? asked(5, {}, { properties: { ...connect5.properties, ...limits } }).do({
          type: 'accept',
          properties: explained,
        })
      : cause(open(role, limits));
  const packet = sent(actions).find((one) => one.type === type);
  if (packet === undefined) throw new Error(`no ${type}: ${kinds(actions).join()}`);
  return packet as PacketOf<5>;
}

const rows = packets.flatMap(({ roles, ...rest }) => roles.map((role) => ({ ...rest, role })));

describe('Reason String and User Properties', () => {
  it.each(rows)('$type of a $role: are left out where they do not fit $rows', ({ type, role, cause }) => {
    const whole = made(type, role, cause, {});
    expect(whole).toMatchObject({ properties: explained });
    const size = encodedLength(whole, 5);
    expect(made(type, role, cause, { maximumPacketSize: size })).toEqual(whole);
    const half = made(type, role, cause, { maximumPacketSize: size - 1 });
    expect(half).toMatchObject({ properties: { reasonString: 'because' } });
    expect(half).not.toHaveProperty('properties.userProperties');
    const halfSize = encodedLength(half, 5);
    expect(made(type, role, cause, { maximumPacketSize: halfSize })).toEqual(half);
    const bare = made(type, role, cause, { maximumPacketSize: halfSize - 1 });
    expect(bare).not.toHaveProperty('properties.reasonString');
    expect(bare).not.toHaveProperty('properties.userProperties');
    expect(encodedLength(bare, 5)).toBeLessThan(halfSize);
    expect(made(type, role, cause, { maximumPacketSize: encodedLength(bare, 5) })).toEqual(bare);
  });

  it('of PUBREL and PUBCOMP are never sent [5.0: MQTT-3.6.2-2] [5.0: MQTT-3.6.2-3] [5.0: MQTT-3.7.2-2] [5.0: MQTT-3.7.2-3]', () => {
    const side = open('client', {});
    side.do({ type: 'send', packet: publish(2) });
    for (const packet of [
      { type: 'pubrec', packetId: 1 },
      { type: 'pubrec', packetId: 7 },
    ] as const) {
      const [pubrel] = sent(side.receive({ ...packet, reasonCode: 0, properties: explained }));
      expect(Reflect.get(pubrel!, 'properties')).toBeUndefined();
    }
    const [pubcomp] = sent(
      side.receive({ type: 'pubrel', packetId: 3, reasonCode: 0, properties: explained }),
    );
    expect(Reflect.get(pubcomp!, 'properties')).toBeUndefined();
  });

  it('of PUBLISH are the message, and stay', () => {
    const side = open('client', { maximumPacketSize: 30 });
    const packet = {
      ...publish(1),
      properties: { userProperties: [['k', 'v'.repeat(30)]] as [string, string][] },
    };
    expect(refused(side.do({ type: 'send', packet })).code).toBe('packet-too-large');
  });

  it('go to a client that asked for no Problem Information in CONNACK, PUBLISH and DISCONNECT alone [5.0: MQTT-3.1.2-29]', () => {
    const limits = { requestProblemInformation: 0 };
    for (const { type, role, cause } of rows) {
      if (role === 'client') continue;
      const packet = made(type, role, cause, limits);
      if (type === 'connack' || type === 'disconnect')
        expect(packet).toMatchObject({ properties: explained });
      else {
        expect(packet).not.toHaveProperty('properties.reasonString');
        expect(packet).not.toHaveProperty('properties.userProperties');
      }
    }
    const side = open('server', limits);
    const properties = { userProperties: explained.userProperties };
    const actions = side.do({ type: 'send', packet: { ...publish(0), properties } });
    expect(sent(actions)).toMatchObject([{ properties }]);
  });

  it('bind no client, whatever it asked the server for', () => {
    const connect = { ...connect5, properties: { requestProblemInformation: 0 } } as const;
    const side = client(5, { connect, ...manual });
    side.receive(incoming(1, 1));
    const actions = side.do({ type: 'acknowledge', packetId: 1, properties: explained });
    expect(sent(actions)).toMatchObject([{ type: 'puback', properties: explained }]);
  });
});

describe('a client that asked for no Problem Information', () => {
  const connect = {
    ...connect5,
    properties: { ...connect5.properties, ...method, requestProblemInformation: 0 },
  } as const;
  const reasons = [{ reasonString: 'x' }, { userProperties: [['a', 'b']] as [string, string][] }];

  it.each(reasons)(
    'ends the connection with 0x82 where it comes all the same [5.0: MQTT-3.1.2-29]',
    (properties) => {
      const packetId = 1;
      const packets: Packet[] = [
        { type: 'puback', packetId, properties },
        { type: 'pubrec', packetId, properties },
        { type: 'pubrel', packetId, properties },
        { type: 'pubcomp', packetId, properties },
        { type: 'suback', packetId, reasonCodes: [0], properties },
        { type: 'unsuback', packetId, reasonCodes: [0], properties },
        { type: 'auth', reasonCode: 0x18, properties: { ...method, ...properties } },
      ];
      for (const packet of packets) {
        const side = client(5, { connect }, { properties: method });
        const actions = side.receive(packet);
        expect(failure(actions)).toEqual({
          code: 'problem-information-not-requested',
          reasonCode: 0x82,
          statement: 'MQTT-3.1.2-29',
        });
      }
    },
  );

  it('takes it in CONNACK, PUBLISH and DISCONNECT', () => {
    const properties = { userProperties: [['a', 'b']] as [string, string][] };
    const side = client(5, { connect }, { properties: { ...method, ...properties, reasonString: 'x' } });
    expect(kinds(side.receive(incoming(0, 0, { properties })))).toEqual(['deliver']);
    const bare = { type: 'puback', packetId: 1, reasonCode: 0 } as const;
    expect(client(5, { connect }, { properties: method }).receive(bare)).toEqual([]);
    const last: Packet = { type: 'disconnect', properties: { ...properties, reasonString: 'x' } };
    expect(kinds(side.receive(last))).toContain('disconnectReceived');
  });
});

describe('a Maximum Packet Size that no packet fits', () => {
  it('leaves a CONNACK to the host to make smaller', () => {
    const properties = { ...connect5.properties, maximumPacketSize: 20 };
    const side = asked(5, {}, { properties });
    const responseInformation = 'x'.repeat(30);
    const input = { type: 'accept', properties: { serverReference: responseInformation } } as const;
    expect(refused(side.do(input)).code).toBe('packet-too-large');
    expect(kinds(side.do({ type: 'accept' }))).toEqual(['connack', 'connected']);
  });

  it('ends the connection where an acknowledgement cannot be sent', () => {
    const side = client(5, manual, { properties: { maximumPacketSize: 4 } });
    side.receive(incoming(1, 1));
    const actions = side.do({ type: 'acknowledge', packetId: 1, reasonCode: 0x80 });
    expect(failure(actions)).toMatchObject({ code: 'packet-too-large', reasonCode: 0x95 });
    expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x95 }]);
  });

  it('is no reason to send something that does not fit', () => {
    const tiny = client(5, manual, { properties: { maximumPacketSize: 2 } });
    const actions = tiny.do({ type: 'disconnect', reasonCode: 0x80 });
    expect(kinds(actions)).toEqual(['close', 'ended']);
    const refusedToo = asked(5, {}, { properties: { maximumPacketSize: 4 } });
    expect(kinds(refusedToo.do({ type: 'refuse', reasonCode: 0x87 }))).toEqual(['close', 'ended']);
    const answers = server(5, {}, { properties: { ...connect5.properties, maximumPacketSize: 13 } });
    answers.receive({
      type: 'subscribe',
      packetId: 1,
      subscriptions: Array.from({ length: 20 }, () => ({ topicFilter: 'a', qos: 0 as const })),
    });
    const reasonCodes = Array.from({ length: 20 }, () => 0 as const);
    expect(refused(answers.do({ type: 'answer', packetId: 1, reasonCodes })).code).toBe('packet-too-large');
  });
});
