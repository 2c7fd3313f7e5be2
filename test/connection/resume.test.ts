import { afterAll, describe, expect, it } from 'vitest';
import { type Action, clientConnection } from '../../src/connection/index.js';
import type { ProtocolVersion } from '../../src/errors.js';
import { emptySession, queueMessage, type SessionState } from '../../src/session/index.js';
import {
  asked,
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
  type Side,
  sent,
  server,
} from './support.js';

afterAll(checkBytes);

const brief = (actions: readonly Action[]): unknown[] =>
  sent(actions)
    .filter(({ type }) => type !== 'connack')
    .map((packet) => {
      const { type } = packet;
      const dup: unknown = Reflect.get(packet, 'dup');
      const name = type === 'publish' ? packet.topic : type;
      return `${name} ${String(Reflect.get(packet, 'packetId'))}${dup === true ? ' again' : ''}`;
    });

/** Ways to come back: as a client whose server has its session, as a server with the client's session. */
const ways = bothVersions.flatMap((version) => [
  {
    name: `client, ${version}`,
    version,
    open: (): Side => client(version),
    back: (session: SessionState, receiveMaximum?: number): readonly Action[] =>
      connecting(version, { session }).receive(
        version === 4
          ? { type: 'connack', sessionPresent: true, reasonCode: 0 }
          : { type: 'connack', sessionPresent: true, reasonCode: 0, properties: { receiveMaximum } },
      ),
  },
  {
    name: `server, ${version}`,
    version,
    open: (): Side => server(version),
    back: (session: SessionState, receiveMaximum?: number): readonly Action[] => {
      const properties = { ...connect5.properties, receiveMaximum };
      return asked(version, {}, version === 5 ? { properties } : {}).do({ type: 'accept', session });
    },
  },
]);

const send = (side: Side, qos: 1 | 2, topic: string): readonly Action[] =>
  side.do({ type: 'send', packet: publish(qos, topic), token: topic });

describe.each(ways)('resuming a session ($name)', ({ open, back }) => {
  it('sends again what is unacknowledged: original identifiers, DUP, original order, PUBREL for what was released [3.1.1: MQTT-4.4.0-1] [5.0: MQTT-4.4.0-1] [3.1.1: MQTT-4.6.0-1] [5.0: MQTT-4.6.0-1] [3.1.1: MQTT-3.3.1-1] [5.0: MQTT-3.3.1-1] [3.1.1: MQTT-2.3.1-3] [3.1.1: MQTT-4.3.3-1] [5.0: MQTT-4.3.3-6] [5.0: MQTT-4.3.3-5] [5.0: MQTT-4.3.2-3] [5.0: MQTT-4.3.3-3]', () => {
    const side = open();
    for (const topic of ['a1', 'b2', 'c1', 'd2', 'e2']) send(side, topic.endsWith('1') ? 1 : 2, topic);
    side.receive({ type: 'pubrec', packetId: 4 });
    side.receive({ type: 'pubrec', packetId: 2 });
    side.receive({ type: 'puback', packetId: 3 });
    side.do({ type: 'closed' });
    const actions = back(side.state.session);
    expect(brief(actions)).toEqual(['a1 1 again', 'e2 5 again', 'pubrel 4', 'pubrel 2']);
  });

  it('sends PUBRELs again in the order of the PUBRECs [3.1.1: MQTT-4.6.0-4] [5.0: MQTT-4.6.0-4]', () => {
    const side = open();
    for (const topic of ['a', 'b', 'c']) send(side, 2, topic);
    for (const packetId of [3, 1, 2]) side.receive({ type: 'pubrec', packetId });
    side.do({ type: 'closed' });
    expect(brief(back(side.state.session))).toEqual(['pubrel 3', 'pubrel 1', 'pubrel 2']);
  });

  it('minds no PUBREC that comes again: PUBRELs keep their order', () => {
    const side = open();
    for (const topic of ['a', 'b']) send(side, 2, topic);
    for (const packetId of [1, 2, 1]) side.receive({ type: 'pubrec', packetId });
    side.do({ type: 'closed' });
    expect(brief(back(side.state.session))).toEqual(['pubrel 1', 'pubrel 2']);
  });

  it('sends a message that waited in the queue for the first time, with DUP 0 and after the others', () => {
    const side = open();
    send(side, 1, 'first');
    side.do({ type: 'blocked' });
    send(side, 1, 'second');
    side.do({ type: 'closed' });
    expect(brief(back(side.state.session))).toEqual(['first 1 again', 'second 2']);
  });

  it('sends nothing again that was refused or acknowledged [5.0: MQTT-4.4.0-2]', () => {
    const side = open();
    send(side, 1, 'a');
    send(side, 2, 'b');
    side.receive({ type: 'puback', packetId: 1 });
    side.receive({ type: 'pubrec', packetId: 2 });
    side.receive({ type: 'pubcomp', packetId: 2 });
    side.do({ type: 'closed' });
    expect(brief(back(side.state.session))).toEqual([]);
  });

  it('keeps the identifiers of incoming QoS 2 messages, so that nothing is delivered twice [3.1.1: MQTT-4.1.0-1] [5.0: MQTT-4.1.0-1] [3.1.1: MQTT-4.1.0-2] [U5-4.1-a]', () => {
    const side = open();
    side.receive(incoming(2, 9));
    side.do({ type: 'closed' });
    expect(side.state.session.incoming.size).toBe(1);
  });

  it('keeps no SUBSCRIBE, and its identifier is free again [U5-4.1-a]', () => {
    const side = open();
    if (side.state.settings.role === 'server') return;
    const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
    side.do({ type: 'send', packet: { type: 'subscribe', subscriptions }, token: 's' });
    side.do({ type: 'send', packet: { type: 'unsubscribe', topicFilters: ['b'] }, token: 'u' });
    const actions = side.do({ type: 'closed' });
    expect(actions.filter((action) => action.type === 'settled')).toEqual([
      { type: 'settled', token: 's', outcome: { kind: 'connection-lost' } },
      { type: 'settled', token: 'u', outcome: { kind: 'connection-lost' } },
    ]);
    expect(side.state.session.outgoing.size).toBe(0);
    expect(brief(back(side.state.session))).toEqual([]);
  });
});

describe('Receive Maximum on resuming', () => {
  const resumed = (role: 'client' | 'server', receiveMaximum: number, session: SessionState): Side => {
    if (role === 'server') {
      const properties = { ...connect5.properties, receiveMaximum };
      return server(5, {}, { properties }, { session });
    }
    return client(5, { session }, { sessionPresent: true, properties: { receiveMaximum } });
  };

  it.each(['client', 'server'] as const)(
    '%s: PUBLISHes above it wait, and each acknowledgement admits the next [5.0: MQTT-4.9.0-1] [5.0: MQTT-4.9.0-2] [U5-4.9-b]',
    (role) => {
      const side = role === 'client' ? client(5) : server(5);
      for (const topic of ['a', 'b', 'c', 'd']) send(side, 1, topic);
      side.do({ type: 'closed' });
      const back = resumed(role, 2, side.state.session);
      expect(back.state.traffic.sending).toBe(2);
      expect(back.state.details.resend?.flows.length).toBe(2);
      // New messages wait behind old ones.
      expect(send(back, 1, 'new')).toEqual([]);
      expect(brief(back.receive({ type: 'puback', packetId: 2 }))).toEqual(['c 3 again']);
      expect(brief(back.receive({ type: 'puback', packetId: 1 }))).toEqual(['d 4 again']);
      expect(brief(back.receive({ type: 'puback', packetId: 3 }))).toEqual(['new 5']);
      expect(back.state.traffic.sending).toBe(2);
    },
  );

  it.each(['client', 'server'] as const)(
    '%s: a PUBREL holds a slot, and goes out without one [U5-4.9-b]',
    (role) => {
      const side = role === 'client' ? client(5) : server(5);
      for (const topic of ['a', 'b', 'c']) send(side, 2, topic);
      for (const packetId of [2, 3]) side.receive({ type: 'pubrec', packetId });
      side.do({ type: 'closed' });
      const back = resumed(role, 1, side.state.session);
      // Both PUBRELs are out, the PUBLISH is not.
      expect(back.state.traffic.sending).toBe(2);
      expect(brief(back.receive({ type: 'pubcomp', packetId: 2 }))).toEqual([]);
      expect(back.state.traffic.sending).toBe(1);
      expect(brief(back.receive({ type: 'pubcomp', packetId: 3 }))).toEqual(['a 1 again']);
      expect(back.state.traffic.sending).toBe(1);
    },
  );

  it('an acknowledgement of what was not sent again yet ends the exchange without giving back a slot', () => {
    const side = client(5);
    for (const topic of ['a', 'b', 'c']) send(side, topic === 'b' ? 2 : 1, topic);
    side.do({ type: 'closed' });
    const back = resumed('client', 1, side.state.session);
    expect(kinds(back.receive({ type: 'puback', packetId: 3 }))).toEqual(['settled']);
    expect(back.state.traffic.sending).toBe(1);
    expect(brief(back.receive({ type: 'pubrec', packetId: 2 }))).toEqual(['pubrel 2']);
    expect(back.state.traffic.sending).toBe(2);
    expect(brief(back.receive({ type: 'puback', packetId: 1 }))).toEqual([]);
    expect(brief(back.receive({ type: 'pubcomp', packetId: 2 }))).toEqual([]);
    expect(back.state.traffic.sending).toBe(0);
    expect(back.state.session.outgoing.size).toBe(0);
    expect(brief(send(back, 1, 'new'))).toEqual(['new 4']);
  });

  it('does not count what it has of the peer from an earlier connection until the peer sends it again', () => {
    const side = client(5, {
      connect: { ...connect5, properties: { sessionExpiryInterval: 600, receiveMaximum: 2 } },
    });
    for (const id of [1, 2]) side.receive(incoming(2, id));
    side.do({ type: 'closed' });
    const connect = { ...connect5, properties: { sessionExpiryInterval: 600, receiveMaximum: 1 } };
    const back = client(5, { connect, session: side.state.session }, { sessionPresent: true });
    expect(back.state.traffic.receiving).toBe(0);
    expect(kinds(back.receive(incoming(2, 1, { dup: true })))).toEqual(['pubrec']);
    expect(back.state.traffic.receiving).toBe(1);
    expect(failure(back.receive(incoming(2, 2, { dup: true }))).reasonCode).toBe(0x93);
  });

  it('a PUBREL for a message of an earlier connection frees no slot of this one', () => {
    const side = client(5);
    side.receive(incoming(2, 1));
    side.do({ type: 'closed' });
    const back = client(5, { session: side.state.session }, { sessionPresent: true });
    back.receive(incoming(2, 2));
    back.receive({ type: 'pubrel', packetId: 1 });
    expect(back.state.traffic.receiving).toBe(1);
  });
});

describe('Session Present, as a client hears it', () => {
  const withState = (version: ProtocolVersion): SessionState => {
    const side = client(version);
    send(side, 1, 'a');
    send(side, 2, 'b');
    side.receive({ type: 'pubrec', packetId: 2 });
    side.receive(incoming(2, 9));
    side.do({ type: 'closed' });
    return side.state.session;
  };

  it('0 to a client of MQTT 5.0 with state: all of it is discarded [5.0: MQTT-3.2.2-5]', () => {
    const session = withState(5);
    const side = connecting(5, { session });
    const actions = side.receive({ type: 'connack', sessionPresent: false, reasonCode: 0 });
    expect(kinds(actions)).toEqual(['connected', 'settled', 'settled', 'sessionDiscarded']);
    const message = {
      topic: 'a',
      payload: 'm',
      qos: 1,
      retain: false,
      properties: undefined,
      expiresAt: undefined,
    };
    expect(actions.filter((action) => action.type === 'settled')).toEqual([
      { type: 'settled', token: 'a', outcome: { kind: 'session-lost', progress: 'sent', message } },
      { type: 'settled', token: 'b', outcome: { kind: 'session-lost', progress: 'received' } },
    ]);
    const { outgoing, incoming: held } = side.state.session;
    expect([outgoing.size, held.size]).toEqual([0, 0]);
    expect(kinds(side.receive(incoming(2, 9)))).toEqual(['deliver', 'pubrec']);
  });

  it('0 to a client of MQTT 3.1.1 with state: it sends again, and forgets the identifiers it received [3.1.1: MQTT-4.4.0-1] [U3-3.2.2.2-a]', () => {
    const side = connecting(4, { session: withState(4) });
    const actions = side.receive({ type: 'connack', sessionPresent: false, reasonCode: 0 });
    expect(brief(actions)).toEqual(['a 1 again', 'pubrel 2']);
    expect(kinds(side.receive(incoming(2, 9)))).toEqual(['deliver', 'pubrec']);
  });

  it('0 leaves alone what was never sent: it is no part of a session yet', () => {
    const first = client(5);
    first.do({ type: 'blocked' });
    send(first, 1, 'waits');
    first.do({ type: 'closed' });
    const side = connecting(5, { session: first.state.session });
    const actions = side.receive({ type: 'connack', sessionPresent: false, reasonCode: 0 });
    expect(brief(actions)).toEqual(['waits 1']);
  });

  it('1 to a client of MQTT 5.0 without state: it closes [5.0: MQTT-3.2.2-4]', () => {
    const side = connecting(5);
    const actions = side.receive({ type: 'connack', sessionPresent: true, reasonCode: 0 });
    expect(failure(actions)).toEqual({
      code: 'unexpected-session-present',
      reasonCode: 0x82,
      statement: 'MQTT-3.2.2-4',
    });
    expect(kinds(actions)).toEqual(['fail', 'disconnect', 'close', 'ended']);
  });

  it('1 to a client without state is taken where the caller says so, and in MQTT 3.1.1 always [U3-3.2.2.2-a]', () => {
    const trusting = connecting(5, { trustSessionPresent: true });
    const connack = { type: 'connack', sessionPresent: true, reasonCode: 0 } as const;
    expect(kinds(trusting.receive(connack))).toEqual(['connected']);
    expect(kinds(connecting(4).receive(connack))).toEqual(['connected']);
  });

  it.each(bothVersions)(
    'version %i: 1 after Clean Start 1 is against the rules [3.1.1: MQTT-3.2.2-1] [5.0: MQTT-3.2.2-2]',
    (version) => {
      const connect = { ...connectOf(version), cleanStart: true };
      const side = connecting(version, { connect, trustSessionPresent: true });
      const actions = side.receive({ type: 'connack', sessionPresent: true, reasonCode: 0 });
      expect(failure(actions).code).toBe('unexpected-session-present');
    },
  );
});

describe('Clean Start', () => {
  it.each([
    { version: 4 as const, connect: connect4 },
    { version: 5 as const, connect: connect5 },
  ])(
    '1 discards what a client holds, before CONNECT goes out ($version) [3.1.1: MQTT-3.1.2-6] [5.0: MQTT-3.1.2-4]',
    ({ version, connect }) => {
      const first = client(version);
      send(first, 1, 'a');
      first.receive(incoming(2, 9));
      first.do({ type: 'closed' });
      const state = clientConnection({
        connect: { ...connect, cleanStart: true },
        session: first.state.session,
      });
      first.state = state;
      const actions = first.do({ type: 'opened' });
      expect(kinds(actions)).toEqual(['settled', 'sessionDiscarded', 'connect']);
      expect(only(actions, 'settled').outcome).toMatchObject({ kind: 'session-lost', progress: 'sent' });
      expect(first.state.session.incoming.size).toBe(0);
    },
  );

  it.each(bothVersions)(
    '1 discards what a server holds, and Session Present is 0 (%i) [3.1.1: MQTT-3.1.2-6] [5.0: MQTT-3.1.2-4] [3.1.1: MQTT-3.1.4-3] [5.0: MQTT-3.1.4-4] [3.1.1: MQTT-3.2.2-1] [5.0: MQTT-3.2.2-2]',
    (version) => {
      const first = server(version);
      send(first, 1, 'a');
      first.do({ type: 'blocked' });
      send(first, 1, 'b');
      first.receive(incoming(2, 9));
      first.do({ type: 'closed' });
      const side = asked(version, {}, { cleanStart: true });
      const actions = side.do({ type: 'accept', session: first.state.session });
      expect(kinds(actions)).toEqual(['settled', 'settled', 'sessionDiscarded', 'connack', 'connected']);
      expect(sent(actions)).toMatchObject([{ type: 'connack', sessionPresent: false, reasonCode: 0 }]);
      expect(actions.slice(0, 2)).toMatchObject([
        { outcome: { kind: 'session-lost', progress: 'sent', message: { payload: 'm' } } },
        { outcome: { kind: 'session-lost', progress: 'queued', message: { payload: 'm' } } },
      ]);
      const { outgoing, incoming: held, queue } = side.state.session;
      expect([outgoing.size, held.size, queue.size]).toEqual([0, 0, 0]);
    },
  );

  it.each(bothVersions)(
    '0 resumes what a server has, or begins anew; Session Present says which (%i) [3.1.1: MQTT-3.1.2-4] [5.0: MQTT-3.1.2-5] [5.0: MQTT-3.1.2-6] [3.1.1: MQTT-3.2.2-2] [3.1.1: MQTT-3.2.2-3] [5.0: MQTT-3.2.2-3] [3.1.1: MQTT-3.1.4-4] [5.0: MQTT-3.1.4-5]',
    (version) => {
      const fresh = asked(version).do({ type: 'accept' });
      expect(sent(fresh)).toMatchObject([{ type: 'connack', sessionPresent: false, reasonCode: 0 }]);
      const first = server(version);
      first.do({ type: 'closed' });
      const back = asked(version).do({ type: 'accept', session: first.state.session });
      expect(sent(back)).toMatchObject([{ type: 'connack', sessionPresent: true, reasonCode: 0 }]);
    },
  );

  it.each(bothVersions)(
    '0 keeps the session when the connection ends (%i) [3.1.1: MQTT-3.1.2-4] [5.0: MQTT-3.1.2-23]',
    (version) => {
      for (const side of [client(version), server(version)]) {
        send(side, 1, 'a');
        const actions = side.do({ type: 'closed' });
        expect(kinds(actions)).toEqual(['ended']);
        expect(only(actions, 'ended').sessionExpiryInterval).toBe(version === 4 ? 0xffffffff : 600);
        expect(side.state.session.outgoing.size).toBe(1);
      }
    },
  );

  it.each(bothVersions)(
    '1 without an expiry ends the session with the connection (%i) [3.1.1: MQTT-3.1.2-6] [U5-3.1.2.11.2-a] [5.0: MQTT-4.1.0-2]',
    (version) => {
      const connect = version === 4 ? { ...connect4, cleanStart: true } : { ...connect5, properties: {} };
      for (const side of [client(version, { connect }), server(version, {}, connect)]) {
        send(side, 1, 'a');
        const actions = side.do({ type: 'closed' });
        expect(kinds(actions)).toEqual(['settled', 'sessionDiscarded', 'ended']);
        expect(only(actions, 'ended').sessionExpiryInterval).toBe(0);
        expect(side.state.session.outgoing.size).toBe(0);
        expect(side.state.session.begun).toBe(false);
      }
    },
  );
});

describe('messages that a new connection does not take', () => {
  const held = (): SessionState => {
    const side = client(5);
    send(side, 1, 'one');
    send(side, 2, 'two');
    side.do({ type: 'blocked' });
    send(side, 1, 'waits');
    side.do({ type: 'closed' });
    return side.state.session;
  };

  it('are reported and not sent, and a QoS 2 identifier is freed at the peer [5.0: MQTT-3.2.2-15] [5.0: MQTT-3.2.2-11]', () => {
    const side = connecting(5, { session: held() });
    const connack = { type: 'connack', sessionPresent: true, reasonCode: 0 } as const;
    const actions = side.receive({ ...connack, properties: { maximumQoS: 0 } });
    const settled = actions.filter((action) => action.type === 'settled');
    expect(settled.map(({ token, outcome }) => [token, outcome.kind])).toEqual([
      ['one', 'unsendable'],
      ['two', 'unsendable'],
      ['waits', 'unsendable'],
    ]);
    expect(sent(actions)).toEqual([{ type: 'pubrel', packetId: 2, reasonCode: 0x92 }]);
    expect(side.state.traffic.sending).toBe(1);
    // Its end is nobody's business any more.
    expect(side.receive({ type: 'pubcomp', packetId: 2, reasonCode: 0x92 })).toEqual([]);
    expect(side.state.session.outgoing.size).toBe(0);
    expect(side.state.traffic.sending).toBe(0);
  });

  it('are freed without a word of why where the peer has no room for one', () => {
    const side = connecting(5, { session: held() });
    const connack = { type: 'connack', sessionPresent: true, reasonCode: 0 } as const;
    const actions = side.receive({ ...connack, properties: { maximumPacketSize: 4 } });
    expect(sent(actions)).toEqual([{ type: 'pubrel', packetId: 2 }]);
  });

  it('are reported once, also when the session ends before the identifier is free', () => {
    const connack = { type: 'connack', sessionPresent: true, reasonCode: 0 } as const;
    const side = connecting(5, { session: held() });
    side.receive({ ...connack, properties: { maximumQoS: 0, sessionExpiryInterval: 0 } });
    expect(side.state.session.outgoing.size).toBe(1);
    expect(kinds(side.do({ type: 'closed' }))).toEqual(['sessionDiscarded', 'ended']);
  });

  it('stored for MQTT 5.0 go to a peer of 3.1.1 without their properties, until they expire', () => {
    const properties = { contentType: 'text', messageExpiryInterval: 10 };
    const options = { now: 1_000_000, version: 5 } as const;
    const { session } = queueMessage(emptySession(), { ...publish(1, 'five'), properties }, options);
    const connack = { type: 'connack', sessionPresent: false, reasonCode: 0 } as const;
    const side = connecting(4, { session });
    const [packet] = sent(side.receive(connack));
    expect(packet).toMatchObject({ type: 'publish', topic: 'five', dup: false, properties: undefined });
    side.do({ type: 'closed' });
    const again = connecting(4, { session: side.state.session });
    expect(sent(again.receive({ ...connack, sessionPresent: true }))).toEqual([{ ...packet, dup: true }]);
    const late = connecting(4, { session });
    late.now += 10_000;
    expect(only(late.receive(connack), 'settled').outcome).toEqual({ kind: 'expired' });
  });

  it('are reported where the caller has spoilt them meanwhile, and nothing is thrown', () => {
    const properties = { contentType: 'text' };
    const options = { now: 0, version: 5, token: 't' } as const;
    const { session } = queueMessage(emptySession(), { ...publish(1), properties }, options);
    properties.contentType = '\ud800';
    const actions = connecting(5, { session }).receive({
      type: 'connack',
      sessionPresent: false,
      reasonCode: 0,
    });
    const outcome = { kind: 'unsendable', error: { code: 'lone-surrogate' } };
    expect(only(actions, 'settled')).toMatchObject({ token: 't', outcome });
    expect(sent(actions)).toEqual([]);
  });

  it('are reported by a server too, which then goes on [5.0: MQTT-3.1.2-24] [5.0: MQTT-3.1.2-25]', () => {
    const first = server(5);
    first.do({ type: 'send', packet: { ...publish(1), payload: 'x'.repeat(100) }, token: 'big' });
    first.do({ type: 'send', packet: publish(1), token: 'small' });
    first.do({ type: 'closed' });
    const properties = { ...connect5.properties, maximumPacketSize: 60 };
    const actions = asked(5, {}, { properties }).do({ type: 'accept', session: first.state.session });
    expect(kinds(actions)).toEqual(['connack', 'connected', 'settled', 'publish']);
    expect(only(actions, 'settled')).toMatchObject({
      token: 'big',
      outcome: { kind: 'unsendable', error: { code: 'packet-too-large' } },
    });
  });
});
