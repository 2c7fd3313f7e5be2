import { afterAll, describe, expect, it } from 'vitest';
import {
  ADMISSIONS,
  type Admission,
  canSend,
  clientConnection,
  deadline,
  serverConnection,
  step,
} from '../../src/connection/index.js';
import type { PacketType } from '../../src/errors.js';
import type { DecodedPacket, Packet } from '../../src/packets/index.js';
import { violation } from '../../src/session/failures.js';
import { emptySession } from '../../src/session/index.js';
import {
  asked,
  bothRoles,
  bothVersions,
  checkBytes,
  client,
  connect4,
  connect5,
  connecting,
  connectOf,
  failure,
  incoming,
  kinds,
  only,
  publish,
  refused,
  Side,
  sent,
  server,
  waiting,
} from './support.js';

afterAll(checkBytes);

const connack = { type: 'connack', sessionPresent: false, reasonCode: 0 } as const;

describe.each(bothVersions)('a client of version %i', (version) => {
  it('sends CONNECT first, and nothing before the network stands [3.1.1: MQTT-3.1.0-1] [5.0: MQTT-3.1.0-1]', () => {
    const side = new Side(clientConnection({ connect: connectOf(version) }));
    expect(refused(side.do({ type: 'send', packet: publish(0) })).code).toBe('not-connected');
    expect(kinds(side.do({ type: 'opened' }))).toEqual(['connect']);
    expect(side.do({ type: 'opened' })).toEqual([]);
  });

  it('takes CONNACK first and nothing else [3.1.1: MQTT-3.2.0-1] [5.0: MQTT-3.2.0-1]', () => {
    const others: Packet[] = [
      incoming(0),
      { type: 'puback', packetId: 1 },
      { type: 'pubrel', packetId: 1 },
      { type: 'suback', packetId: 1, reasonCodes: [0] },
      { type: 'pingresp' },
    ];
    for (const packet of others) {
      const actions = connecting(version).receive(packet);
      const code = 'expected-connack';
      expect(failure(actions)).toEqual({ code, reasonCode: 0x82, statement: 'MQTT-3.2.0-1' });
      expect(kinds(actions)).not.toContain('deliver');
      expect(kinds(actions)).toContain('close');
    }
  });

  it('takes one CONNACK [5.0: MQTT-3.2.0-2]', () => {
    const actions = client(version).receive(connack);
    expect(failure(actions)).toMatchObject({ code: 'unexpected-packet', reasonCode: 0x82 });
  });

  it('tells of a refusal with all that came with it, and closes [U5-4.11-a]', () => {
    const properties = { serverReference: 'b.example', reasonString: 'moved' };
    const refusal =
      version === 4
        ? ({ ...connack, reasonCode: 5 } as const)
        : ({ ...connack, reasonCode: 0x9d, properties } as const);
    const side = connecting(version);
    const actions = side.receive(refusal);
    expect(kinds(actions)).toEqual(['connectRefused', 'close', 'ended']);
    expect(only(actions, 'connectRefused').packet).toMatchObject(refusal);
    expect(only(actions, 'ended')).toEqual({
      type: 'ended',
      reason: 'refused',
      sessionExpiryInterval: undefined,
    });
  });

  it('keeps its session when the CONNECT is refused, or never answered', () => {
    const first = client(version);
    first.do({ type: 'send', packet: publish(1) });
    first.do({ type: 'closed' });
    const connect = { ...connectOf(version), ...(version === 5 ? { properties: {} } : {}) };
    for (const end of ['refused', 'closed'] as const) {
      const side = connecting(version, { connect: connect as typeof connect5, session: first.state.session });
      if (end === 'closed') side.do({ type: 'closed' });
      else side.receive({ ...connack, reasonCode: version === 4 ? 3 : 0x88 } as Packet);
      expect(side.state.session.outgoing.size).toBe(1);
    }
  });

  it('waits for CONNACK a reasonable time [U5-3.2.0-a]', () => {
    const side = connecting(version, { connackTimeout: 5_000 });
    expect(deadline(side.state)).toBe(side.now + 5_000);
    side.now += 4_999;
    expect(side.do({ type: 'timerFired' })).toEqual([]);
    side.now += 1;
    const actions = side.do({ type: 'timerFired' });
    expect(failure(actions).code).toBe('connack-timeout');
    expect(kinds(actions)).toContain('close');
  });

  it('may send before CONNACK where the caller takes the risk [U3-3.1.4-a] [U5-3.1.4-a]', () => {
    const side = connecting(version, { pipelining: true });
    expect(kinds(side.do({ type: 'send', packet: publish(0) }))).toEqual(['publish', 'settled']);
    expect(kinds(side.do({ type: 'send', packet: publish(1), token: 1 }))).toEqual(['publish']);
    const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
    expect(kinds(side.do({ type: 'send', packet: { type: 'subscribe', subscriptions } }))).toEqual([
      'subscribe',
    ]);
    // The new session is theirs already.
    expect(kinds(side.receive(connack))).toEqual(['connected']);
    expect(side.state.traffic.sending).toBe(1);
    expect(kinds(side.receive({ type: 'puback', packetId: 1 }))).toEqual(['settled']);
  });

  it('lets no SUBSCRIBE of its own hold back a message before CONNACK', () => {
    const side = connecting(version, { pipelining: true });
    const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
    side.do({ type: 'send', packet: { type: 'subscribe', subscriptions } });
    expect(kinds(side.do({ type: 'send', packet: publish(1) }))).toEqual(['publish']);
  });

  it('hears the answer to what it sent before CONNACK while the socket takes no more', () => {
    const side = connecting(version, { pipelining: true });
    side.do({ type: 'send', packet: publish(1) });
    side.do({ type: 'blocked' });
    side.receive(connack);
    expect(kinds(side.receive({ type: 'puback', packetId: 1 }))).toEqual(['settled']);
  });

  it('sends nothing before CONNECT, also where it may send before CONNACK', () => {
    const side = new Side(clientConnection({ connect: connectOf(version), pipelining: true }));
    expect(refused(side.do({ type: 'send', packet: publish(0) })).code).toBe('not-connected');
    expect(side.do({ type: 'send', packet: publish(1) })).toEqual([]);
    expect(canSend(side.state, publish(0))?.code).toBe('not-connected');
    // Nor when the socket takes more again.
    side.do({ type: 'blocked' });
    expect(side.do({ type: 'writable' })).toEqual([]);
    expect(kinds(side.do({ type: 'opened' }))).toEqual(['connect']);
  });

  it('sends no new QoS 1 or 2 message before CONNACK while old ones may have to go first', () => {
    const first = client(version);
    first.do({ type: 'send', packet: publish(1, 'old') });
    first.do({ type: 'closed' });
    const side = connecting(version, { pipelining: true, session: first.state.session });
    expect(side.do({ type: 'send', packet: publish(1, 'new') })).toEqual([]);
    expect(kinds(side.do({ type: 'send', packet: publish(0) }))).toEqual(['publish', 'settled']);
    const actions = side.receive({ ...connack, sessionPresent: true });
    expect(sent(actions)).toMatchObject([
      { topic: 'old', dup: true },
      { topic: 'new', dup: false },
    ]);
  });

  it('keeps what it sent before CONNACK, and sends it again on the next connection', () => {
    const side = connecting(version, { pipelining: true });
    side.do({ type: 'send', packet: publish(2, 'early') });
    side.do({ type: 'closed' });
    const next = connecting(version, { session: side.state.session });
    const actions = next.receive(version === 4 ? connack : connack);
    const expected = version === 4 ? ['connected', 'publish'] : ['connected', 'settled', 'sessionDiscarded'];
    expect(kinds(actions)).toEqual(expected);
  });
});

describe('what CONNACK of MQTT 5.0 settles', () => {
  it('the Client Identifier, the expiry, the Keep Alive and the limits [U5-3.2.2.3.2-a] [5.0: MQTT-3.1.2-21] [5.0: MQTT-3.2.2-21]', () => {
    const side = connecting(5, { connect: { ...connect5, clientId: '', keepAlive: 100 } });
    const properties = {
      assignedClientIdentifier: 'given',
      serverKeepAlive: 7,
      sessionExpiryInterval: 42,
      receiveMaximum: 3,
      maximumQoS: 1,
      retainAvailable: 0,
    } as const;
    const action = only(side.receive({ ...connack, properties }), 'connected');
    expect(action).toMatchObject({
      version: 5,
      clientId: 'given',
      keepAlive: 7,
      sessionExpiryInterval: 42,
      sessionPresent: false,
      limits: { receiveMaximum: 3, maximumQoS: 1, retainAvailable: false, sharedSubscriptionAvailable: true },
    });
    const ended = only(side.do({ type: 'closed' }), 'ended');
    expect(ended.sessionExpiryInterval).toBe(42);
  });

  it('nothing where it says nothing [U5-3.2.2.3.2-a]', () => {
    const action = only(
      connecting(5, { connect: { ...connect5, keepAlive: 9 } }).receive(connack),
      'connected',
    );
    expect(action).toMatchObject({ clientId: 'c', keepAlive: 9, sessionExpiryInterval: 600 });
    expect(action.limits).toMatchObject({ receiveMaximum: 65_535, topicAliasMaximum: 0, maximumQoS: 2 });
  });
});

describe('a CONNECT that cannot be sent', () => {
  it('is refused when the connection is made', () => {
    expect(() => clientConnection({ connect: { ...connect5, clientId: '\ud800' } })).toThrow(
      'lone surrogate',
    );
    expect(() => clientConnection({ connect: { ...connect4, clientId: '' } })).toThrow('clientId');
  });
});

describe('a server', () => {
  it('takes CONNECT first and nothing else [3.1.1: MQTT-3.1.0-1] [5.0: MQTT-3.1.0-1]', () => {
    for (const packet of [incoming(1), { type: 'pingreq' }, { type: 'disconnect' }] as Packet[]) {
      const actions = waiting().receive(packet);
      expect(failure(actions)).toEqual({
        code: 'expected-connect',
        reasonCode: 0x82,
        statement: 'MQTT-3.1.0-1',
      });
      // Nobody knows which version would be understood.
      expect(only(actions, 'fail').error.protocolVersion).toBeUndefined();
      expect(kinds(actions)).toEqual(['fail', 'close', 'ended']);
    }
  });

  it('says why to a CONNECT of MQTT 5.0 that is too large or malformed, and to no other [3.1.1: MQTT-3.1.4-1]', () => {
    for (const version of bothVersions) {
      const large = waiting({ announced: { maximumPacketSize: 10 } }).receive(connectOf(version));
      expect(failure(large).reasonCode).toBe(0x95);
      expect(sent(large)).toEqual(version === 4 ? [] : [{ ...connack, reasonCode: 0x95 }]);
      const error = violation('duplicate-property', 0x82, { version, packetType: 'connect' });
      const broken = waiting().do({ type: 'parseFailed', error });
      expect(sent(broken)).toEqual(version === 4 ? [] : [{ ...connack, reasonCode: 0x82 }]);
      expect(kinds(broken)).toContain('close');
    }
  });

  it.each(bothVersions)(
    'of version %i takes one CONNECT [3.1.1: MQTT-3.1.0-2] [5.0: MQTT-3.1.0-2]',
    (version) => {
      const early = asked(version).receive(connectOf(version));
      expect(failure(early)).toEqual({
        code: 'unexpected-packet',
        reasonCode: 0x82,
        statement: 'MQTT-3.1.0-2',
      });
      const late = server(version).receive(connectOf(version));
      expect(failure(late).statement).toBe('MQTT-3.1.0-2');
      if (version === 4) {
        expect([sent(early), sent(late)]).toEqual([[], []]);
        return;
      }
      // DISCONNECT has no place before a good CONNACK.
      expect(sent(early)).toEqual([{ type: 'connack', sessionPresent: false, reasonCode: 0x82 }]);
      expect(sent(late)).toEqual([{ type: 'disconnect', reasonCode: 0x82 }]);
    },
  );

  it('waits for CONNECT a reasonable time [U5-3.1.4-b]', () => {
    const side = waiting({ connectTimeout: 3_000 });
    expect(deadline(side.state)).toBe(side.now + 3_000);
    side.now += 2_999;
    expect(side.do({ type: 'timerFired' })).toEqual([]);
    side.now += 1;
    const actions = side.do({ type: 'timerFired' });
    expect(kinds(actions)).toEqual(['fail', 'close', 'ended']);
    expect(failure(actions).code).toBe('connect-timeout');
  });

  it('answers a version that it does not take so that the client understands [3.1.1: MQTT-3.1.2-2] [5.0: MQTT-3.1.2-2]', () => {
    const no5 = waiting({ versions: [4] }).receive(connect5);
    expect(only(no5, 'reply').bytes).toEqual(Uint8Array.of(0x20, 2, 0, 1));
    expect(kinds(no5)).toEqual(['fail', 'reply', 'close', 'ended']);
    const no4 = waiting({ versions: [5] }).receive(connect4);
    expect(only(no4, 'reply').bytes).toEqual(Uint8Array.of(0x20, 2, 0, 1));
    expect(only(no4, 'fail').error).toMatchObject({ code: 'unsupported-version', protocolLevel: 4 });
    const none = waiting({ versions: [] }).receive(connect5);
    expect(only(none, 'reply').bytes).toEqual(Uint8Array.of(0x20, 2, 0, 1));
  });

  it.each(bothVersions)(
    'accepts a CONNECT of version %i with CONNACK 0x00, before anything else [3.1.1: MQTT-3.1.4-4] [5.0: MQTT-3.1.4-5] [3.1.1: MQTT-3.2.0-1] [5.0: MQTT-3.2.0-1]',
    (version) => {
      const side = asked(version);
      expect(refused(side.do({ type: 'send', packet: publish(0) })).code).toBe('not-connected');
      // It has no session yet that a message could wait in.
      expect(refused(side.do({ type: 'send', packet: publish(1) })).code).toBe('not-connected');
      const actions = side.do({ type: 'accept' });
      expect(kinds(actions)).toEqual(['connack', 'connected']);
      expect(sent(actions)).toMatchObject([{ sessionPresent: false, reasonCode: 0 }]);
      expect(refused(side.do({ type: 'accept' })).code).toBe('not-now');
    },
  );

  it('says what it takes, and keeps to what the host adds', () => {
    const side = asked(5, { announced: { maximumQoS: 1, receiveMaximum: 10 } });
    const actions = side.do({ type: 'accept', properties: { receiveMaximum: 2, serverKeepAlive: 9 } });
    expect(sent(actions)).toEqual([
      {
        ...connack,
        properties: { maximumPacketSize: 1_048_576, maximumQoS: 1, receiveMaximum: 2, serverKeepAlive: 9 },
      },
    ]);
    expect(side.state.terms).toMatchObject({ keepAlive: 9, ours: { receiveMaximum: 2, maximumQoS: 1 } });
  });

  it('tells a highest QoS of 0 or 1, and says nothing of 2 [5.0: MQTT-3.2.2-9]', () => {
    for (const maximumQoS of [0, 1] as const) {
      const [packet] = sent(asked(5, { announced: { maximumQoS } }).do({ type: 'accept' }));
      expect(packet).toMatchObject({ properties: { maximumQoS } });
    }
    const side = asked(5, { announced: { maximumQoS: 2 as 1 } });
    expect(refused(side.do({ type: 'accept' })).code).toBe('value-out-of-range');
    const [packet] = sent(asked(5).do({ type: 'accept' }));
    expect(Reflect.get(packet!, 'properties')).not.toHaveProperty('maximumQoS');
  });

  it('tells nothing of it to a client of MQTT 3.1.1', () => {
    const side = asked(4, { announced: { maximumQoS: 1 } });
    const input = { type: 'accept', properties: { serverKeepAlive: 9, reasonString: 'x' } } as const;
    expect(sent(side.do(input))).toEqual([connack]);
    expect(side.state.terms.keepAlive).toBe(0);
  });

  it('gives Response Information to who asked for it [5.0: MQTT-3.1.2-28]', () => {
    const input = { type: 'accept', properties: { responseInformation: 'r' } } as const;
    const [without] = sent(asked(5).do(input));
    expect(Reflect.get(without!, 'properties')).not.toHaveProperty('responseInformation');
    const properties = { requestResponseInformation: 1 } as const;
    const [asksFor] = sent(asked(5, {}, { properties }).do(input));
    expect(asksFor).toMatchObject({ properties: { responseInformation: 'r' } });
  });

  it('refuses what cannot be sent, and the CONNECT is still open', () => {
    const side = asked(5);
    const properties = { reasonString: '\ud800' };
    expect(refused(side.do({ type: 'accept', properties })).code).toBe('lone-surrogate');
    expect(refused(side.do({ type: 'refuse', reasonCode: 0x87, properties })).code).toBe('lone-surrogate');
    expect(refused(side.do({ type: 'refuse', reasonCode: 0x00 })).code).toBe('unknown-reason-code');
    expect(refused(side.do({ type: 'refuse', reasonCode: 0x94 })).code).toBe('unknown-reason-code');
    expect(kinds(side.do({ type: 'accept' }))).toEqual(['connack', 'connected']);
  });
});

describe('the Client Identifier', () => {
  it('of zero length with Clean Session 0 is refused in MQTT 3.1.1 [3.1.1: MQTT-3.1.3-8]', () => {
    // The encoder would not send it.
    const packet = {
      type: 'connect',
      protocolVersion: 4,
      clientId: '',
      cleanStart: false,
      keepAlive: 0,
    } as const;
    const actions = waiting().do({ type: 'packetReceived', packet, size: 14 });
    expect(kinds(actions)).toEqual(['fail', 'connack', 'close', 'ended']);
    expect(sent(actions)).toEqual([{ ...connack, reasonCode: 2 }]);
  });

  it('that a server does not like is refused [3.1.1: MQTT-3.1.3-9] [5.0: MQTT-3.1.3-8]', () => {
    const input = { type: 'refuse', reasonCode: 0x85 } as const;
    expect(sent(asked(4).do(input))).toEqual([{ ...connack, reasonCode: 2 }]);
    expect(sent(asked(5).do(input))).toEqual([{ ...connack, reasonCode: 0x85 }]);
  });

  it('of zero length is chosen by the server, told in MQTT 5.0, and in force from then on [5.0: MQTT-3.1.3-7] [3.1.1: MQTT-3.1.3-2] [5.0: MQTT-3.1.3-2]', () => {
    for (const connect of [
      { ...connect5, clientId: '' },
      { ...connect4, clientId: '', cleanStart: true },
    ]) {
      const side = waiting();
      side.receive(connect);
      expect(refused(side.do({ type: 'accept' }))).toMatchObject({ code: 'missing-client-identifier' });
      const actions = side.do({ type: 'accept', clientId: 'mine' });
      const [packet] = sent(actions);
      const told: unknown = Reflect.get(packet!, 'properties')?.assignedClientIdentifier;
      expect(told).toBe(connect.protocolVersion === 5 ? 'mine' : undefined);
      expect(only(actions, 'connected').clientId).toBe('mine');
      expect(side.state.terms.clientId).toBe('mine');
    }
  });

  it('of a client is what its session is kept under, and comes with every connection [3.1.1: MQTT-3.1.3-2] [5.0: MQTT-3.1.3-2]', () => {
    for (const version of bothVersions) {
      expect(only(asked(version).do({ type: 'accept' }), 'connected').clientId).toBe('c');
      expect(only(connecting(version).receive(connack), 'connected').clientId).toBe('c');
    }
  });
});

describe('a refusal', () => {
  it.each(bothVersions)(
    'of version %i ends the connection after CONNACK [3.1.1: MQTT-3.2.2-5] [5.0: MQTT-3.2.2-7] [5.0: MQTT-4.13.2-1] [U3-3.1.4-b]',
    (version) => {
      const side = asked(version);
      const actions = side.do({ type: 'refuse', reasonCode: 0x87 });
      expect(kinds(actions)).toEqual(['connack', 'close', 'ended']);
      expect(sent(actions)).toEqual([{ ...connack, reasonCode: version === 4 ? 5 : 0x87 }]);
      expect(side.state.phase).toBe('closed');
    },
  );

  it('uses the nearest of the return codes in MQTT 3.1.1, or none [3.1.1: MQTT-3.2.2-6]', () => {
    const codes = {
      132: 1,
      133: 2,
      136: 3,
      137: 3,
      151: 3,
      159: 3,
      134: 4,
      135: 5,
      138: 5,
      140: 5,
      1: 1,
      2: 2,
      3: 3,
      4: 4,
      5: 5,
    };
    for (const [reasonCode, code] of Object.entries(codes)) {
      const actions = asked(4).do({ type: 'refuse', reasonCode: Number(reasonCode) });
      expect(sent(actions)).toEqual([{ ...connack, reasonCode: code }]);
    }
    for (const reasonCode of [0x80, 0x95, 0x9c, 6, 255]) {
      expect(kinds(asked(4).do({ type: 'refuse', reasonCode }))).toEqual(['close', 'ended']);
    }
  });

  it('may name another server [U5-4.11-a]', () => {
    const properties = { serverReference: 'b.example' };
    for (const reasonCode of [0x9c, 0x9d]) {
      const actions = asked(5).do({ type: 'refuse', reasonCode, properties });
      expect(sent(actions)).toEqual([{ ...connack, reasonCode, properties }]);
    }
  });

  it.each(bothVersions)(
    'leaves unread what followed the CONNECT (%i) [3.1.1: MQTT-3.1.4-5] [5.0: MQTT-3.1.4-6]',
    (version) => {
      const side = asked(version);
      side.receive(incoming(1));
      const actions = side.do({ type: 'refuse', reasonCode: 0x87 });
      expect(kinds(actions)).not.toContain('deliver');
      expect(side.receive(incoming(1, 2))).toEqual([]);
      expect(side.state.details.held).toEqual([]);
    },
  );

  it('is due for a will that the server cannot do [5.0: MQTT-3.2.2-12] [5.0: MQTT-3.2.2-13]', () => {
    const announced = { maximumQoS: 0, retainAvailable: 0 } as const;
    const will = { topic: 'w', payload: '' };
    const high = waiting({ announced }).receive({ ...connect5, will: { ...will, qos: 1 } });
    expect(failure(high)).toMatchObject({ code: 'qos-not-supported', statement: 'MQTT-3.2.2-12' });
    expect(sent(high)).toEqual([{ ...connack, reasonCode: 0x9b }]);
    const kept = waiting({ announced }).receive({ ...connect5, will: { ...will, retain: true } });
    expect(failure(kept)).toMatchObject({ code: 'retain-not-supported', statement: 'MQTT-3.2.2-13' });
    expect(sent(kept)).toEqual([{ ...connack, reasonCode: 0x9a }]);
    expect(kinds(waiting({ announced }).receive({ ...connect5, will }))).toEqual(['connectRequested']);
  });
});

describe('packets that come before the CONNECT is accepted', () => {
  it.each(bothVersions)(
    'are taken after CONNACK, in their order (%i) [U3-3.1.4-a] [U5-3.1.4-a]',
    (version) => {
      const side = asked(version);
      const packets: Packet[] = [
        incoming(1, 1),
        { type: 'subscribe', packetId: 2, subscriptions: [{ topicFilter: 'a', qos: 1 }] },
        incoming(2, 3),
        { type: 'pingreq' },
        { type: 'disconnect' },
        incoming(0),
      ];
      for (const packet of packets) expect(side.receive(packet)).toEqual([]);
      expect(kinds(side.do({ type: 'accept' }))).toEqual([
        'connack',
        'connected',
        'deliver',
        'puback',
        'requestReceived',
        'deliver',
        'pubrec',
        'pingresp',
        'disconnectReceived',
        'close',
        'ended',
      ]);
    },
  );

  it('are kept with memory of their own', () => {
    const side = asked(5);
    const payload = Uint8Array.of(1, 2, 3);
    const correlationData = Uint8Array.of(4);
    const packet = { type: 'publish', topic: 'a', payload, qos: 0, retain: false, dup: false } as const;
    const [state] = stepOnce(side, { ...packet, properties: { correlationData } });
    side.state = state;
    payload.fill(9);
    correlationData.fill(9);
    const delivered = only(side.do({ type: 'accept' }), 'deliver').packet;
    expect(delivered.payload).toEqual(Uint8Array.of(1, 2, 3));
    expect(delivered.properties?.correlationData).toEqual(Uint8Array.of(4));
  });

  it('are bounded in number and in bytes', () => {
    for (const held of [{ messages: 3 }, { bytes: 40 }]) {
      const side = asked(5, { held });
      const size = held.bytes === undefined ? 2 : 13;
      for (let i = 0; i < 3; i++) {
        expect(side.do({ type: 'packetReceived', packet: { type: 'pingreq' }, size })).toEqual([]);
      }
      const actions = side.do({ type: 'packetReceived', packet: { type: 'pingreq' }, size });
      expect(failure(actions)).toMatchObject({ code: 'too-many-held-packets', reasonCode: 0x97 });
      expect(sent(actions)).toEqual([{ ...connack, reasonCode: 0x97 }]);
    }
  });

  it('are still held when the host accepted in a way that cannot be', () => {
    const side = asked(5, { held: { messages: 2 } });
    for (const id of [1, 2]) side.receive(incoming(1, id));
    const properties = { reasonString: '\ud800' };
    expect(refused(side.do({ type: 'accept', properties })).code).toBe('lone-surrogate');
    expect(kinds(side.do({ type: 'accept' }))).toEqual([
      'connack',
      'connected',
      'deliver',
      'puback',
      'deliver',
      'puback',
    ]);
  });

  it('are dropped when the client is gone before', () => {
    const side = asked(5);
    side.receive(incoming(1));
    expect(kinds(side.do({ type: 'closed' }))).toEqual(['ended']);
    expect(refused(side.do({ type: 'accept' })).code).toBe('not-now');
  });
});

const stepOnce = (side: Side, packet: DecodedPacket): ReturnType<typeof step> =>
  step(side.state, { type: 'packetReceived', packet, size: 20, now: side.now });

describe('the table of admissions', () => {
  const packets: Record<PacketType, Packet> = {
    connect: connect5,
    connack,
    publish: incoming(0),
    puback: { type: 'puback', packetId: 1 },
    pubrec: { type: 'pubrec', packetId: 1 },
    pubrel: { type: 'pubrel', packetId: 1 },
    pubcomp: { type: 'pubcomp', packetId: 1 },
    subscribe: { type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 0 }] },
    suback: { type: 'suback', packetId: 1, reasonCodes: [0] },
    unsubscribe: { type: 'unsubscribe', packetId: 1, topicFilters: ['a'] },
    unsuback: { type: 'unsuback', packetId: 1, reasonCodes: [0] },
    pingreq: { type: 'pingreq' },
    pingresp: { type: 'pingresp' },
    disconnect: { type: 'disconnect', reasonCode: 0 },
    auth: { type: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'x' } },
  };
  const make = {
    server: { waiting: () => waiting(), handshake: () => asked(5), connected: () => server(5) },
    client: { waiting: () => waiting(), handshake: () => connecting(5), connected: () => client(5) },
  };
  const rows = bothRoles.flatMap((role) =>
    (['waiting', 'handshake', 'connected'] as const).flatMap((phase) =>
      role === 'client' && phase === 'waiting' ? [] : [{ role, phase }],
    ),
  );

  it.each(rows)('$role, $phase: every packet does what it says', ({ role, phase }) => {
    for (const type of Object.keys(packets) as PacketType[]) {
      const side = make[role][phase]();
      const actions = side.receive(packets[type]);
      const admission: Admission | undefined = ADMISSIONS[role][phase][type];
      if (admission === 'hold') expect(actions).toEqual([]);
      else if (admission === undefined) expect(failure(actions).code).toBe('wrong-sender');
      else if (admission !== 'take') expect(failure(actions).code).toBe(admission);
      else {
        const codes = actions.flatMap((action) => (action.type === 'fail' ? [action.error.code] : []));
        expect(['unexpected-packet', 'expected-connect', 'expected-connack', 'wrong-sender']).not.toContain(
          codes[0],
        );
      }
    }
  });

  it('knows no AUTH and no DISCONNECT of a server in MQTT 3.1.1 [U3-3.14-a]', () => {
    const size = 2;
    const auth = { type: 'auth', reasonCode: 0, properties: { authenticationMethod: 'x' } } as const;
    for (const side of [client(4), server(4), connecting(4)]) {
      const actions = side.do({ type: 'packetReceived', packet: auth, size });
      expect(failure(actions).code).toBe('wrong-sender');
    }
    const actions = client(4).do({ type: 'packetReceived', packet: { type: 'disconnect' }, size });
    expect(failure(actions).code).toBe('wrong-sender');
    expect(kinds(actions)).toEqual(['fail', 'close', 'ended']);
  });
});

it('a session begins with the first CONNACK', () => {
  expect(emptySession().begun).toBe(false);
  expect(client(5).state.session.begun).toBe(true);
  expect(server(5).state.session.begun).toBe(true);
});

it('a client that has no CONNECT to send stays idle', () => {
  const state = clientConnection({ connect: connect5 });
  const mute = { ...state, details: { ...state.details, connect: undefined } };
  const [after, actions] = step(mute, { type: 'opened', now: 7 });
  expect(actions).toEqual([]);
  expect(after.phase).toBe('idle');
});

it('nothing is read before the network stands, nor after the end', () => {
  for (const state of [serverConnection(), clientConnection({ connect: connect5 })]) {
    const side = new Side(state);
    expect(side.receive({ type: 'pingresp' })).toEqual([]);
    expect(side.state).toBe(state);
    side.do({ type: 'opened' });
    side.do({ type: 'closed' });
    expect(side.receive({ type: 'pingresp' })).toEqual([]);
  }
});

it('a connection that was given up before the network stood is over', () => {
  for (const state of [serverConnection(), clientConnection({ connect: connect5 })]) {
    const side = new Side(state);
    expect(kinds(side.do({ type: 'closed' }))).toEqual(['ended']);
    expect(side.do({ type: 'opened' })).toEqual([]);
    expect(side.state.phase).toBe('closed');
  }
});
