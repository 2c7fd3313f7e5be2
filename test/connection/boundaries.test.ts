// Where two rules meet, or one ends: each of these once looked the same with and without a part of the code.
import { afterAll, describe, expect, it } from 'vitest';
import {
  awaitsAnswer,
  canSend,
  clientConnection,
  deadline,
  Endpoint,
  encode,
  exportConnection,
  exportSession,
  importConnection,
  importSession,
  serverConnection,
} from '../../src/index.js';
import {
  asked,
  bothVersions,
  checkBytes,
  client,
  connect5,
  connecting,
  failure,
  incoming,
  kinds,
  only,
  publish,
  refused,
  Side,
  sent,
  server,
  wire,
} from './support.js';

afterAll(checkBytes);

describe('a client that has to answer an AUTH', () => {
  const authenticationMethod = 'M';
  const connect = { ...connect5, properties: { ...connect5.properties, authenticationMethod } };
  const challenge = { type: 'auth', reasonCode: 0x18, properties: { authenticationMethod } } as const;

  it('cannot accept like a server, in the handshake or later', () => {
    const side = connecting(5, { connect });
    expect(kinds(side.receive(challenge))).toEqual(['authReceived']);
    expect(refused(side.do({ type: 'accept' })).code).toBe('not-now');
    side.do({ type: 'authenticate' });
    side.receive({
      type: 'connack',
      sessionPresent: false,
      reasonCode: 0,
      properties: { authenticationMethod },
    });
    expect(kinds(side.do({ type: 'authenticate' }))).toEqual(['auth']);
    side.receive(challenge);
    expect(refused(side.do({ type: 'accept' })).code).toBe('not-now');
  });
});

describe('questions about a connection', () => {
  it('a client owes no answer while it waits for CONNACK', () => {
    expect(awaitsAnswer(connecting(5).state)).toBe(false);
  });

  it.each([1, 2] as const)('tell that QoS %i has to wait for its turn', (qos) => {
    const side = client(5, {}, { properties: { receiveMaximum: 1 } });
    expect(canSend(side.state, publish(qos))).toBeUndefined();
    side.do({ type: 'send', packet: publish(1) });
    expect(canSend(side.state, publish(qos))?.code).toBe('quota-exhausted');
    expect(canSend(side.state, publish(0))).toBeUndefined();
  });

  it('name the limits of a peer of MQTT 3.1.1, which has none', () => {
    const { limits } = only(
      connecting(4).receive({ type: 'connack', sessionPresent: false, reasonCode: 0 }),
      'connected',
    );
    expect(limits).toMatchObject({
      retainAvailable: true,
      wildcardSubscriptionAvailable: true,
      subscriptionIdentifierAvailable: true,
      sharedSubscriptionAvailable: true,
    });
  });
});

describe('before CONNACK', () => {
  it('messages of QoS 1 and 2 wait behind those that waited already', () => {
    const first = client(5);
    first.do({ type: 'blocked' });
    first.do({ type: 'send', packet: publish(1, 'old') });
    first.do({ type: 'closed' });
    const { session } = first.state;
    expect([session.queue.size, session.outgoing.size]).toEqual([1, 0]);
    const side = connecting(5, { session, pipelining: true });
    expect(canSend(side.state, publish(1))?.code).toBe('quota-exhausted');
    side.do({ type: 'send', packet: publish(1, 'new') });
    const connack = { type: 'connack', sessionPresent: true, reasonCode: 0 } as const;
    expect(sent(side.receive(connack))).toMatchObject([{ topic: 'old' }, { topic: 'new' }]);
  });

  it('nobody has said that Subscription Identifiers are not available', () => {
    const subscriptions = [{ topicFilter: 'a', qos: 0 }] as const;
    const properties = { subscriptionIdentifier: 1 };
    const packet = { type: 'subscribe', subscriptions, properties } as const;
    expect(canSend(connecting(5, { pipelining: true }).state, packet)).toBeUndefined();
  });
});

describe('an Endpoint that waits for an answer', () => {
  const CONNECT = encode({ ...connect5 }, 5);
  const message = (payload: string): Uint8Array =>
    encode({ type: 'publish', topic: 'a', payload, qos: 0 }, 5);

  it('keeps what comes meanwhile, though the caller uses its chunk again', () => {
    const endpoint = new Endpoint(serverConnection(), { waitForAnswers: true, copy: true });
    endpoint.open(0);
    endpoint.receive(CONNECT, 0);
    const chunk = message('kept');
    endpoint.receive(chunk, 0);
    chunk.fill(0xff);
    endpoint.accept(0);
    const [event] = endpoint.proceed(0).events;
    if (event?.type !== 'deliver') throw new Error(`${event?.type}`);
    expect(new TextDecoder().decode(event.packet.payload)).toBe('kept');
  });

  it('says when that is too much', () => {
    const endpoint = new Endpoint(serverConnection(), { waitForAnswers: true, maximumWaiting: 300 });
    endpoint.open(0);
    endpoint.receive(CONNECT, 0);
    expect(endpoint.receive(message('one'), 0).events).toEqual([]);
    const { events } = endpoint.receive(message('two'), 0);
    const error = events.find((event) => event.type === 'fail')?.error;
    expect(error).toMatchObject({ code: 'too-many-held-packets', reasonCode: 0x97, protocolVersion: 5 });
  });
});

describe('a timer that comes late', () => {
  it('sends the ping that is due, and tells of messages that have expired meanwhile', () => {
    const connect = { ...connect5, keepAlive: 10 };
    const side = client(5, { connect }, { properties: { receiveMaximum: 1 } });
    side.do({ type: 'send', packet: publish(1) });
    const properties = { messageExpiryInterval: 5 };
    side.do({ type: 'send', packet: { ...publish(1), properties }, token: 'late' });
    expect(deadline(side.state)).toBeLessThanOrEqual(side.now + 6_000);
    side.now += 9_000;
    const actions = side.do({ type: 'timerFired' });
    expect(sent(actions)).toEqual([{ type: 'pingreq' }]);
    expect(only(actions, 'settled')).toMatchObject({ token: 'late', outcome: { kind: 'expired' } });
  });
});

describe('packets that come before the answer to CONNECT', () => {
  it('are held up to just so many bytes', () => {
    const side = asked(5, { held: { bytes: 40 } });
    for (const size of [20, 20]) {
      expect(side.do({ type: 'packetReceived', packet: { type: 'pingreq' }, size })).toEqual([]);
    }
    const actions = side.do({ type: 'packetReceived', packet: { type: 'pingreq' }, size: 2 });
    expect(failure(actions).code).toBe('too-many-held-packets');
  });

  it('are handed on as they came', () => {
    const side = asked(5);
    const subscribe = {
      type: 'subscribe',
      packetId: 1,
      subscriptions: [{ topicFilter: 'a', qos: 0 }],
    } as const;
    side.receive(subscribe);
    const { packet } = only(side.do({ type: 'accept' }), 'requestReceived');
    expect(Object.keys(packet).sort()).toEqual(['packetId', 'properties', 'subscriptions', 'type']);
    expect(packet).toEqual(wire(subscribe, 5));
  });
});

describe('a second CONNACK', () => {
  it.each([
    [4, undefined],
    [5, 'MQTT-3.2.0-2'],
  ] as const)('breaks the rule that its version has (%i)', (version, statement) => {
    const again = { type: 'connack', sessionPresent: false, reasonCode: 0 } as const;
    expect(failure(client(version).receive(again))).toEqual({
      code: 'unexpected-packet',
      reasonCode: 0x82,
      statement,
    });
  });
});

describe('a client that asked for no Problem Information', () => {
  const properties = { ...connect5.properties, requestProblemInformation: 0 } as const;

  it.each([{ reasonString: 'because' }, { userProperties: [['a', 'b']] }] as const)(
    'is not told %j [5.0: MQTT-3.1.2-29]',
    (explanation) => {
      const side = server(5, { acknowledgements: 'manual' }, { properties });
      side.receive(incoming(1, 7));
      const actions = side.do({ type: 'acknowledge', packetId: 7, properties: explanation });
      expect(sent(actions)).toMatchObject([{ type: 'puback', packetId: 7, properties: {} }]);
      for (const name of Object.keys(explanation)) {
        expect(sent(actions)[0]).not.toHaveProperty(['properties', name]);
      }
    },
  );
});

describe('the Maximum Packet Size of a server', () => {
  it.each(bothVersions)('holds without a word in CONNACK, and by default (version %i)', (version) => {
    const large = { ...incoming(0), payload: 'x'.repeat(200) } as const;
    const announced = { maximumPacketSize: 100 };
    expect(failure(server(version, { announced }).receive(large)).code).toBe('packet-too-large');
    expect(server(version).state.terms.ours.maximumPacketSize).toBe(1_048_576);
  });
});

describe('a CONNECT of MQTT 5.0 without properties', () => {
  it('is one whose session ends with the connection', () => {
    const { properties: _, ...connect } = connect5;
    const state = clientConnection({ connect });
    expect(state.terms).toMatchObject({ version: 5, sessionExpiryInterval: 0 });
  });
});

describe('acknowledgements that are owed', () => {
  it.each(bothVersions)('of one QoS do not come between those of the other (version %i)', (version) => {
    const side = client(version, { acknowledgements: 'manual' });
    side.receive(incoming(1, 5));
    side.do({ type: 'acknowledge', packetId: 5 });
    // Identifier 5 was the last of its kind: now it is of the other, and the next of the first kind follows nothing.
    side.receive(incoming(2, 5));
    side.receive(incoming(2, 7));
    side.receive(incoming(1, 6));
    expect(sent(side.do({ type: 'acknowledge', packetId: 5 }))).toMatchObject([
      { type: 'pubrec', packetId: 5 },
    ]);
    expect(sent(side.do({ type: 'acknowledge', packetId: 7 }))).toMatchObject([
      { type: 'pubrec', packetId: 7 },
    ]);
    expect(sent(side.do({ type: 'acknowledge', packetId: 6 }))).toMatchObject([
      { type: 'puback', packetId: 6 },
    ]);
  });
});

describe('what was stored', () => {
  it('of a resumption that waits for its quota are the messages that are not sent again yet', () => {
    const first = client(5);
    for (const topic of ['a', 'b', 'c']) first.do({ type: 'send', packet: publish(1, topic) });
    first.do({ type: 'closed' });
    const side = connecting(5, { session: first.state.session });
    const properties = { receiveMaximum: 1 };
    const resumed = side.receive({ type: 'connack', sessionPresent: true, reasonCode: 0, properties });
    expect(sent(resumed)).toMatchObject([{ topic: 'a', packetId: 1 }]);
    const acknowledge = (one: Side, packetId: number): unknown =>
      sent(one.receive({ type: 'puback', packetId, reasonCode: 0 }));
    expect(acknowledge(side, 1)).toMatchObject([{ type: 'publish', topic: 'b', dup: true }]);
    const stored = exportConnection(side.state);
    expect(stored.resend).toEqual([3]);
    const later = new Side(importConnection(stored));
    expect(acknowledge(later, 2)).toMatchObject([{ type: 'publish', topic: 'c', dup: true }]);
    expect(acknowledge(later, 3)).toEqual([]);
  });

  it('keeps an interval whose end nobody has noted', () => {
    const first = client(5);
    const properties = { messageExpiryInterval: 60 };
    first.do({ type: 'send', packet: { ...publish(1), properties } });
    first.do({ type: 'closed' });
    const stored = exportSession(first.state.session);
    const outgoing = stored.outgoing.map((flow) => {
      const { expiresAt: _, ...rest } = flow as typeof flow & { expiresAt?: number };
      return rest;
    });
    const session = importSession({ ...stored, outgoing });
    const side = connecting(5, { session });
    const resumed = side.receive({ type: 'connack', sessionPresent: true, reasonCode: 0 });
    expect(sent(resumed)).toMatchObject([{ type: 'publish', dup: true, properties }]);
  });
});
