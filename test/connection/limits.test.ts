import { afterAll, describe, expect, it } from 'vitest';
import { encodedLength } from '../../src/codec.js';
import {
  type Action,
  canSend,
  clientConnection,
  type SendablePacket,
  sendQuota,
  serverConnection,
} from '../../src/connection/index.js';
import type { PacketOf } from '../../src/packets/index.js';
import {
  asked,
  bothRoles,
  bothVersions,
  checkBytes,
  client,
  connect5,
  connectedAs,
  connecting,
  failure,
  incoming,
  kinds,
  only,
  publish,
  refused,
  type Side,
  sent,
  server,
} from './support.js';

afterAll(checkBytes);

/** A connection of MQTT 5.0 whose peer has said these limits. */
function against(role: 'client' | 'server', properties: object): Side {
  return role === 'client'
    ? client(5, {}, { properties })
    : server(5, {}, { properties: { ...connect5.properties, ...properties } });
}

/** A connection of MQTT 5.0 on which we have said these limits. */
function announcing(role: 'client' | 'server', properties: object, options: object = {}): Side {
  return role === 'client'
    ? client(5, {
        connect: { ...connect5, properties: { ...connect5.properties, ...properties } },
        ...options,
      })
    : server(5, { announced: properties, ...options });
}

const send = (side: Side, qos: 0 | 1 | 2, topic = 'a'): string[] =>
  kinds(side.do({ type: 'send', packet: publish(qos, topic), token: topic }));

describe.each(bothRoles)('our own limit to what is in flight, kept by a %s', (role) => {
  it.each(bothVersions)(
    'bounds QoS 1 and 2 together in version %i, and the rest waits for its turn',
    (version) => {
      const side = connectedAs(role, version, { maximumInFlight: 2 });
      expect(sendQuota(side.state)).toBe(2);
      expect([send(side, 1), send(side, 2), send(side, 1, 'x'), send(side, 0)]).toEqual([
        ['publish'],
        ['publish'],
        [],
        ['publish', 'settled'],
      ]);
      expect(sendQuota(side.state)).toBe(0);
      expect(canSend(side.state, publish(1))?.code).toBe('quota-exhausted');
      expect(kinds(side.receive({ type: 'pubrec', packetId: 2 }))).toEqual(['pubrel']);
      expect(kinds(side.receive({ type: 'puback', packetId: 1 }))).toEqual(['settled', 'publish']);
      expect(kinds(side.receive({ type: 'pubcomp', packetId: 2 }))).toEqual(['settled']);
      expect(sendQuota(side.state)).toBe(1);
    },
  );

  it.each(bothVersions)('bounds what is sent again in version %i', (version) => {
    const before = connectedAs(role, version);
    for (const topic of ['x', 'y', 'z']) send(before, 1, topic);
    before.do({ type: 'closed' });
    const { session } = before.state;
    const side =
      role === 'client'
        ? connecting(version, { session, maximumInFlight: 2 })
        : asked(version, { maximumInFlight: 2 });
    const actions =
      role === 'client'
        ? side.receive({ type: 'connack', sessionPresent: true, reasonCode: 0 })
        : side.do({ type: 'accept', session });
    const topics = (all: readonly Action[]) => sent(all).map((packet) => Reflect.get(packet, 'topic'));
    expect(topics(actions).filter((topic) => topic !== undefined)).toEqual(['x', 'y']);
    expect(topics(side.receive({ type: 'puback', packetId: 1 }))).toEqual(['z']);
  });

  it('gives way to a lower Receive Maximum of the peer', () => {
    const properties = { receiveMaximum: 1 };
    const options = { maximumInFlight: 2 };
    const side =
      role === 'client'
        ? client(5, options, { properties })
        : server(5, options, { properties: { ...connect5.properties, ...properties } });
    expect(sendQuota(side.state)).toBe(1);
  });

  it.each([0, 65_536, 1.5, Number.NaN])('cannot be %d', (maximumInFlight) => {
    const make = () =>
      role === 'client'
        ? clientConnection({ connect: connect5, maximumInFlight })
        : serverConnection({ maximumInFlight });
    expect(make).toThrow(RangeError);
  });
});

describe.each(bothRoles)("the peer's Receive Maximum, kept by a %s", (role) => {
  const statements =
    role === 'client'
      ? '[5.0: MQTT-3.3.4-7] [5.0: MQTT-3.3.4-8]'
      : '[5.0: MQTT-3.3.4-9] [5.0: MQTT-3.3.4-10]';

  it(`bounds QoS 1 and 2 together, and nothing else waits for it ${statements} [5.0: MQTT-4.9.0-1] [5.0: MQTT-4.9.0-2] [5.0: MQTT-4.9.0-3]`, () => {
    const side = against(role, { receiveMaximum: 2 });
    expect(sendQuota(side.state)).toBe(2);
    expect([send(side, 1), send(side, 2), send(side, 1), send(side, 2)]).toEqual([
      ['publish'],
      ['publish'],
      [],
      [],
    ]);
    expect(sendQuota(side.state)).toBe(0);
    expect(side.state.session.queue.size).toBe(2);
    expect(send(side, 0)).toEqual(['publish', 'settled']);
    expect(kinds(side.receive(incoming(1, 1)))).toEqual(['deliver', 'puback']);
    expect(kinds(side.receive(incoming(2, 2)))).toEqual(['deliver', 'pubrec']);
    expect(kinds(side.receive({ type: 'pubrel', packetId: 2 }))).toEqual(['pubcomp']);
    expect(kinds(side.receive({ type: 'pubrec', packetId: 2 }))).toEqual(['pubrel']);
    if (role === 'client') {
      const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
      expect(kinds(side.do({ type: 'send', packet: { type: 'subscribe', subscriptions } }))).toEqual([
        'subscribe',
      ]);
      const unsubscribe = { type: 'unsubscribe', topicFilters: ['a'] } as const;
      expect(kinds(side.do({ type: 'send', packet: unsubscribe }))).toEqual(['unsubscribe']);
    } else {
      expect(kinds(side.receive({ type: 'pingreq' }))).toEqual(['pingresp']);
      side.receive({ type: 'subscribe', packetId: 9, subscriptions: [{ topicFilter: 'a', qos: 1 }] });
      expect(kinds(side.do({ type: 'answer', packetId: 9, reasonCodes: [1] }))).toEqual(['suback']);
    }
    expect(kinds(side.do({ type: 'disconnect', reasonCode: 0x80 }))).toContain('disconnect');
  });

  it('gives a slot back for PUBACK, PUBCOMP and a PUBREC that refuses, not for a good PUBREC [U5-4.9-a]', () => {
    const side = against(role, { receiveMaximum: 3 });
    for (const qos of [1, 2, 2] as const) send(side, qos);
    for (const topic of ['x', 'y', 'z']) send(side, 1, topic);
    expect(kinds(side.receive({ type: 'pubrec', packetId: 2 }))).toEqual(['pubrel']);
    expect(sendQuota(side.state)).toBe(0);
    expect(kinds(side.receive({ type: 'pubrec', packetId: 3, reasonCode: 0x80 }))).toEqual([
      'settled',
      'publish',
    ]);
    expect(kinds(side.receive({ type: 'puback', packetId: 1, reasonCode: 0x87 }))).toEqual([
      'settled',
      'publish',
    ]);
    expect(kinds(side.receive({ type: 'pubcomp', packetId: 2, reasonCode: 0x92 }))).toEqual([
      'settled',
      'publish',
    ]);
    expect(sendQuota(side.state)).toBe(0);
    expect(side.state.session.queue.size).toBe(0);
  });

  it('is never given back above its start [U5-4.9-a]', () => {
    const side = against(role, { receiveMaximum: 2 });
    send(side, 1);
    side.receive({ type: 'puback', packetId: 1 });
    side.receive({ type: 'pubcomp', packetId: 1 });
    expect(sendQuota(side.state)).toBe(2);
  });

  it('of 1 makes the order strict: one message at a time [U5-4.6-a]', () => {
    const side = against(role, { receiveMaximum: 1 });
    send(side, 1, 'x');
    send(side, 2, 'y');
    send(side, 1, 'z');
    const topics = [1, 2].flatMap((packetId) => {
      if (packetId === 1) return sent(side.receive({ type: 'puback', packetId }));
      side.receive({ type: 'pubrec', packetId });
      return sent(side.receive({ type: 'pubcomp', packetId }));
    });
    expect(topics.map((packet) => Reflect.get(packet, 'topic'))).toEqual(['y', 'z']);
  });

  it('starts anew on each connection [U5-4.9-b]', () => {
    const side = against(role, { receiveMaximum: 1 });
    send(side, 1);
    side.receive({ type: 'puback', packetId: 1 });
    side.do({ type: 'closed' });
    const { session } = side.state;
    const back =
      role === 'client' ? client(5, { session }, { sessionPresent: true }) : server(5, {}, {}, { session });
    expect(sendQuota(back.state)).toBe(65_535);
  });

  it('refuses instead of queueing where the caller says so', () => {
    const side = against(role, { receiveMaximum: 1 });
    send(side, 1);
    const actions = side.do({ type: 'send', packet: publish(1), ifBusy: 'refuse', token: 't' });
    expect(refused(actions).code).toBe('quota-exhausted');
    expect(canSend(side.state, publish(1))?.code).toBe('quota-exhausted');
    expect(canSend(side.state, publish(0))).toBeUndefined();
    const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
    const problem = (state: Side['state']) => canSend(state, { type: 'subscribe', subscriptions })?.code;
    expect(problem(side.state)).toBe(role === 'client' ? undefined : 'wrong-sender');
    if (role === 'client') expect(problem(connecting(5).state)).toBe('not-connected');
  });

  it('bounds the queue by messages and by bytes', () => {
    const options = { queue: { messages: 2, bytes: 5_000 } };
    const properties = { receiveMaximum: 1 };
    const side =
      role === 'client'
        ? client(5, options, { properties })
        : server(5, options, { properties: { ...connect5.properties, ...properties } });
    send(side, 1);
    const large = { ...publish(1), payload: new Uint8Array(4_990) };
    expect(refused(side.do({ type: 'send', packet: large })).code).toBe('queue-full');
    expect([send(side, 1), send(side, 1), send(side, 1)]).toEqual([[], [], ['refused']]);
    expect(refused(side.do({ type: 'send', packet: publish(1) })).code).toBe('queue-full');
  });
});

describe.each(bothRoles)('our Receive Maximum, kept by the peer of a %s', (role) => {
  const statement = role === 'client' ? 'MQTT-3.3.4-9' : 'MQTT-3.3.4-7';
  const row = role === 'client' ? '[5.0: MQTT-3.3.4-9]' : '[5.0: MQTT-3.3.4-7]';
  it.each([1, 2] as const)(
    `a QoS %i message over it ends the connection with 0x93 [U5-3.3.4-a] ${row}`,
    (qos) => {
      const side = announcing(role, { receiveMaximum: 2 });
      side.receive(incoming(2, 1));
      side.receive(incoming(2, 2));
      expect(kinds(side.receive(incoming(0)))).toEqual(['deliver']);
      expect(kinds(side.receive(incoming(2, 2, { dup: true })))).toEqual(['pubrec']);
      const actions = side.receive(incoming(qos, 3));
      expect(failure(actions)).toEqual({ code: 'receive-maximum-exceeded', reasonCode: 0x93, statement });
      expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x93 }]);
      expect(kinds(actions).slice(0, 3)).toEqual(['fail', 'disconnect', 'close']);
    },
  );

  it('counts until PUBACK, PUBCOMP or a PUBREC that refuses', () => {
    const side = announcing(role, { receiveMaximum: 1 }, { acknowledgements: 'manual' });
    side.receive(incoming(1, 1));
    side.do({ type: 'acknowledge', packetId: 1 });
    side.receive(incoming(2, 1));
    side.do({ type: 'acknowledge', packetId: 1, reasonCode: 0x80 });
    side.receive(incoming(2, 2));
    side.do({ type: 'acknowledge', packetId: 2 });
    side.receive({ type: 'pubrel', packetId: 2 });
    expect(kinds(side.receive(incoming(1, 3)))).toEqual(['deliver']);
    expect(failure(side.receive(incoming(1, 4))).reasonCode).toBe(0x93);
  });
});

describe.each(bothRoles)("the peer's Maximum Packet Size, kept by a %s", (role) => {
  it('leaves room for the Reason Code of a PUBREL, or not', () => {
    for (const [maximumPacketSize, reasonCode] of [
      [4, undefined],
      [5, 0x92],
    ] as const) {
      const side = against(role, {});
      const { state } = side;
      const peers = { ...state.terms.peers, maximumPacketSize };
      side.state = { ...state, terms: { ...state.terms, peers } };
      const [pubrel] = sent(side.receive({ type: 'pubrec', packetId: 7 }));
      expect(pubrel).toEqual({ type: 'pubrel', packetId: 7, ...(reasonCode && { reasonCode }) });
    }
  });

  it(`holds for every packet to the byte ${role === 'client' ? '[5.0: MQTT-3.2.2-15]' : '[5.0: MQTT-3.1.2-24] [5.0: MQTT-3.1.2-25]'}`, () => {
    const properties = { userProperties: [['k', 'ü'.repeat(20)]] as [string, string][] };
    const packets: SendablePacket[] = [
      { ...publish(0, 'tö'), payload: new Uint8Array(30) },
      { ...publish(1, 'tö'), payload: 'ü'.repeat(20) },
      { ...publish(2), properties },
    ];
    if (role === 'client') {
      packets.push(
        { type: 'subscribe', subscriptions: [{ topicFilter: 'ö'.repeat(20), qos: 1 }] },
        { type: 'unsubscribe', topicFilters: ['a', 'ö'.repeat(20)] },
      );
    }
    for (const packet of packets) {
      const size = encodedLength({ ...packet, ...(idless(packet) ? {} : { packetId: 1 }) } as PacketOf<5>, 5);
      expect(kinds(against(role, { maximumPacketSize: size }).do({ type: 'send', packet }))).toContain(
        packet.type,
      );
      const side = against(role, { maximumPacketSize: size - 1 });
      expect(canSend(side.state, packet)?.code).toBe('packet-too-large');
      const actions = side.do({ type: 'send', packet, token: 't' });
      if (role === 'client') {
        expect(refused(actions)).toMatchObject({ code: 'packet-too-large', size, limit: size - 1 });
      } else {
        // A server acts as if it had sent it.
        expect(only(actions, 'settled')).toMatchObject({ token: 't', outcome: { kind: 'unsendable' } });
        expect(side.state.session.outgoing.size).toBe(0);
        expect(side.state.traffic.sending).toBe(0);
      }
    }
  });
});

const idless = (packet: SendablePacket): boolean => packet.type === 'publish' && packet.qos === 0;

describe.each(bothRoles)('our Maximum Packet Size, kept by the peer of a %s', (role) => {
  it('ends the connection with 0x95 for a packet above it', () => {
    const side = announcing(role, { maximumPacketSize: 50 });
    expect(kinds(side.receive(incoming(0, 0, { payload: 'x'.repeat(44) })))).toEqual(['deliver']);
    const actions = side.receive(incoming(0, 0, { payload: 'x'.repeat(45) }));
    const statement = role === 'client' ? 'MQTT-3.1.2-24' : 'MQTT-3.2.2-15';
    expect(failure(actions)).toEqual({ code: 'packet-too-large', reasonCode: 0x95, statement });
    expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x95 }]);
    expect(only(actions, 'fail').error.protocolVersion).toBe(5);
  });

  it('is 1 MiB unless something else is said, and told in MQTT 5.0', () => {
    const side = announcing(role, {});
    expect(side.state.terms.ours.maximumPacketSize).toBe(1_048_576);
  });
});

describe('a peer that says nothing of its limits', () => {
  const everything = {
    receiveMaximum: 65_535,
    maximumPacketSize: 268_435_460,
    topicAliasMaximum: 0,
    maximumQoS: 2,
    retainAvailable: true,
    wildcardSubscriptionAvailable: true,
    subscriptionIdentifierAvailable: true,
    sharedSubscriptionAvailable: true,
  };

  it('takes everything as a client [U5-3.1.2.11.3-a] [U5-3.1.2.11.4-a]', () => {
    const side = asked(5, {}, { properties: {} });
    expect(only(side.do({ type: 'accept' }), 'connected').limits).toEqual(everything);
  });

  it('takes everything as a server [U5-3.2.2.3.3-a] [U5-3.2.2.3.4-a] [U5-3.2.2.3.5-a] [U5-3.2.2.3.6-a]', () => {
    const side = connecting(5);
    const actions = side.receive({ type: 'connack', sessionPresent: false, reasonCode: 0 });
    expect(only(actions, 'connected').limits).toEqual(everything);
  });
});

describe('what a server does not take', () => {
  it('a client sends no higher QoS than it takes [5.0: MQTT-3.2.2-11]', () => {
    const side = client(5, {}, { properties: { maximumQoS: 1 } });
    expect(send(side, 1)).toEqual(['publish']);
    expect(refused(side.do({ type: 'send', packet: publish(2) }))).toMatchObject({
      code: 'qos-not-supported',
      statement: 'MQTT-3.2.2-11',
    });
    const none = client(5, {}, { properties: { maximumQoS: 0 } });
    expect(send(none, 0)).toEqual(['publish', 'settled']);
    expect(send(none, 1)).toEqual(['refused']);
  });

  it('a client retains nothing where nothing is retained [5.0: MQTT-3.2.2-14]', () => {
    const side = client(5, {}, { properties: { retainAvailable: 0 } });
    for (const qos of [0, 1, 2] as const) {
      const packet = { ...publish(qos), retain: true };
      expect(refused(side.do({ type: 'send', packet }))).toMatchObject({
        code: 'retain-not-supported',
        statement: 'MQTT-3.2.2-14',
      });
    }
    expect(send(side, 1)).toEqual(['publish']);
  });

  it('is refused with the code for it when it comes all the same [5.0: MQTT-3.2.2-11] [5.0: MQTT-3.2.2-14]', () => {
    const side = (): Side => server(5, { announced: { maximumQoS: 1, retainAvailable: 0 } });
    expect(sent(side().receive(incoming(2)))).toEqual([{ type: 'disconnect', reasonCode: 0x9b }]);
    expect(sent(side().receive(incoming(0, 0, { retain: true })))).toEqual([
      { type: 'disconnect', reasonCode: 0x9a },
    ]);
    expect(kinds(side().receive(incoming(1)))).toEqual(['deliver', 'puback']);
  });

  it('may be unsubscribed from', () => {
    const announced = { sharedSubscriptionAvailable: 0, wildcardSubscriptionAvailable: 0 } as const;
    for (const version of bothVersions) {
      const side = server(version, { announced });
      const packet = { type: 'unsubscribe', packetId: 1, topicFilters: ['a/#'] } as const;
      expect(kinds(side.receive(packet))).toEqual(['requestReceived']);
    }
    const asking = client(5, {}, { properties: announced });
    const request = { type: 'unsubscribe', topicFilters: ['a/#', '$share/a/b'] } as const;
    expect(kinds(asking.do({ type: 'send', packet: request }))).toEqual(['unsubscribe']);
    const subscriptions = [{ topicFilter: 'a/#', qos: 0 }] as const;
    const old = server(4, { announced });
    expect(kinds(old.receive({ type: 'subscribe', packetId: 1, subscriptions }))).toEqual([
      'requestReceived',
    ]);
  });

  it('binds no client of MQTT 3.1.1, who was not told', () => {
    const side = server(4, { announced: { maximumQoS: 0, retainAvailable: 0, receiveMaximum: 1 } });
    for (const id of [1, 2]) {
      expect(kinds(side.receive(incoming(2, id, { retain: true })))).toEqual(['deliver', 'pubrec']);
    }
  });

  it('a client whose application takes no QoS 2 says 0x9B [U5-3.3.4-b]', () => {
    const actions = client(5, { maximumQoS: 1 }).receive(incoming(2));
    expect(failure(actions)).toMatchObject({ code: 'qos-not-supported', reasonCode: 0x9b });
    expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x9b }]);
    const old = client(4, { maximumQoS: 0 }).receive(incoming(1));
    expect(kinds(old)).toEqual(['fail', 'close', 'ended']);
  });
});

describe('a blocked socket', () => {
  it.each(bothRoles)('%s: holds back new messages and nothing else', (role) => {
    const side = against(role, {});
    expect(side.do({ type: 'blocked' })).toEqual([]);
    expect(refused(side.do({ type: 'send', packet: publish(0) })).code).toBe('blocked');
    expect(refused(side.do({ type: 'send', packet: publish(1), ifBusy: 'refuse' })).code).toBe('blocked');
    expect([canSend(side.state, publish(0))?.code, canSend(side.state, publish(1))?.code]).toEqual([
      'blocked',
      'blocked',
    ]);
    expect(send(side, 1, 'x')).toEqual([]);
    expect(send(side, 2, 'y')).toEqual([]);
    expect(kinds(side.receive(incoming(2, 1)))).toEqual(['deliver', 'pubrec']);
    const actions = side.do({ type: 'writable' });
    expect(sent(actions)).toMatchObject([{ topic: 'x' }, { topic: 'y' }]);
    expect(side.do({ type: 'writable' })).toEqual([]);
  });

  it('holds back what an acknowledgement would make room for', () => {
    const side = client(5, { maximumInFlight: 1 });
    send(side, 1, 'a');
    send(side, 1, 'b');
    side.do({ type: 'blocked' });
    expect(kinds(side.receive({ type: 'puback', packetId: 1 }))).toEqual(['settled']);
    expect(kinds(side.do({ type: 'writable' }))).toEqual(['publish']);
  });

  it('is named as what a packet would wait for, unless it is a request', () => {
    const side = client(5);
    side.do({ type: 'blocked' });
    expect(canSend(side.state, publish(0))).toMatchObject({
      code: 'blocked',
      field: 'type',
      packetType: 'publish',
    });
    const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
    expect(canSend(side.state, { type: 'subscribe', subscriptions })).toBeUndefined();
  });

  it('holds back what a resumed session sends again, but no PUBREL', () => {
    const first = client(5);
    send(first, 1, 'x');
    send(first, 2, 'y');
    first.receive({ type: 'pubrec', packetId: 2 });
    first.do({ type: 'closed' });
    const side = connecting(5, { session: first.state.session });
    side.do({ type: 'blocked' });
    const connack = { type: 'connack', sessionPresent: true, reasonCode: 0 } as const;
    expect(kinds(side.receive(connack))).toEqual(['connected', 'pubrel']);
    expect(sent(side.do({ type: 'writable' }))).toMatchObject([{ topic: 'x', dup: true }]);
  });
});

describe('messages that expire while they wait', () => {
  const late = (side: Side, seconds: number, topic: string): void => {
    const packet = { ...publish(1, topic), properties: { messageExpiryInterval: seconds } };
    expect(side.do({ type: 'send', packet, token: topic })).toEqual([]);
  };

  it('are dropped and reported in time, and the rest says how much is left', () => {
    const side = against('client', { receiveMaximum: 1 });
    send(side, 1, 'first');
    late(side, 10, 'x');
    late(side, 2, 'y');
    send(side, 1, 'z');
    side.now += 1_999;
    expect(side.do({ type: 'timerFired' })).toEqual([]);
    side.now += 1;
    const expired = side.do({ type: 'timerFired' });
    expect(expired).toEqual([{ type: 'settled', token: 'y', outcome: { kind: 'expired' } }]);
    side.now += 2_500;
    const [x] = sent(side.receive({ type: 'puback', packetId: 1 }));
    expect(x).toMatchObject({ topic: 'x', dup: false, properties: { messageExpiryInterval: 6 } });
    const [z] = sent(side.receive({ type: 'puback', packetId: 2 }));
    expect(z).toMatchObject({ topic: 'z' });
  });

  it('are dropped when their turn comes too late', () => {
    const side = against('server', { receiveMaximum: 1 });
    send(side, 1, 'first');
    late(side, 1, 'x');
    send(side, 1, 'y');
    side.now += 1_000;
    const actions = side.receive({ type: 'puback', packetId: 1 });
    expect(kinds(actions)).toEqual(['settled', 'settled', 'publish']);
    expect(actions[1]).toEqual({ type: 'settled', token: 'x', outcome: { kind: 'expired' } });
  });

  it.each([1, 2] as const)(
    'are sent again to the end once they were sent (QoS %i) [5.0: MQTT-4.3.3-7]',
    (qos) => {
      const first = client(5);
      const packet = { ...publish(qos), properties: { messageExpiryInterval: 1 } };
      expect(sent(first.do({ type: 'send', packet }))).toMatchObject([
        { properties: { messageExpiryInterval: 1 } },
      ]);
      first.do({ type: 'closed' });
      const side = connecting(5, { session: first.state.session });
      side.now += 60_000;
      const actions = side.receive({ type: 'connack', sessionPresent: true, reasonCode: 0 });
      expect(kinds(actions)).toEqual(['connected', 'publish']);
      expect(sent(actions)).toMatchObject([{ dup: true, properties: { messageExpiryInterval: 0 } }]);
    },
  );
});
