import { afterAll, describe, expect, it } from 'vitest';
import { type Action, clientConnection, step } from '../../src/connection/index.js';
import { UnsupportedVersionError } from '../../src/errors.js';
import type { Packet } from '../../src/packets/index.js';
import { refusal, violation } from '../../src/session/failures.js';
import {
  asked,
  bothRoles,
  bothVersions,
  checkBytes,
  client,
  connect4,
  connect5,
  connectedAs,
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

const will = { topic: 'w', payload: 'gone', qos: 1 } as const;
const delayed = { ...will, properties: { willDelayInterval: 30 } };

describe('a rule that the peer breaks', () => {
  const error = violation('value-out-of-range', 0x81, { version: 5 });

  it.each(bothRoles)(
    '%s: is told by DISCONNECT in MQTT 5.0, and the connection ends [5.0: MQTT-4.13.1-1] [U5-4.13.1-a] [5.0: MQTT-3.14.4-2] [3.1.1: MQTT-4.8.0-1] [3.1.1: MQTT-4.8.0-2]',
    (role) => {
      const actions = connectedAs(role, 5).do({ type: 'parseFailed', error });
      expect(kinds(actions)).toEqual(['fail', 'disconnect', 'close', 'ended']);
      expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x81 }]);
      expect(only(actions, 'close').reason).toBe('failed');
      expect(kinds(connectedAs(role, 4).do({ type: 'parseFailed', error }))).toEqual([
        'fail',
        'close',
        'ended',
      ]);
    },
  );

  it('before CONNACK is told by a client in DISCONNECT, by a server in CONNACK [5.0: MQTT-3.14.0-1] [5.0: MQTT-4.13.1-1]', () => {
    expect(kinds(connecting(5).do({ type: 'parseFailed', error }))).toEqual([
      'fail',
      'disconnect',
      'close',
      'ended',
    ]);
    const actions = asked(5).do({ type: 'parseFailed', error });
    expect(sent(actions)).toEqual([{ type: 'connack', sessionPresent: false, reasonCode: 0x81 }]);
    expect(kinds(asked(4).do({ type: 'parseFailed', error }))).toEqual(['fail', 'close', 'ended']);
    expect(kinds(connecting(4).do({ type: 'parseFailed', error }))).toEqual(['fail', 'close', 'ended']);
  });

  it('is told under a code that the packet has', () => {
    const odd = violation('receive-maximum-exceeded', 0x93);
    expect(sent(asked(5).do({ type: 'parseFailed', error: odd }))).toMatchObject([{ reasonCode: 0x80 }]);
    const none = violation('value-out-of-range', 0x00);
    expect(sent(asked(5).do({ type: 'parseFailed', error: none }))).toMatchObject([{ reasonCode: 0x80 }]);
    const theirs = violation('keep-alive-timeout', 0x8d);
    expect(sent(client(5).do({ type: 'parseFailed', error: theirs }))).toMatchObject([{ reasonCode: 0x80 }]);
  });

  it('is told to nobody before CONNECT, however large what came instead', () => {
    const { packet } = only(client(5).receive(incoming(0)), 'deliver');
    const actions = waiting().do({ type: 'packetReceived', packet, size: 2_000_000 });
    expect(kinds(actions)).toEqual(['fail', 'close', 'ended']);
  });

  it('is told as unspecified where its error has no code for the peer', () => {
    const error = refusal('not-now', 'type');
    expect(sent(client(5).do({ type: 'parseFailed', error }))).toMatchObject([{ reasonCode: 0x80 }]);
  });

  it('of the version gets the reply that goes with it', () => {
    const reply = Uint8Array.of(0x20, 2, 0, 1);
    const fields = {
      code: 'unsupported-version',
      reasonCode: 0x84,
      protocolName: 'MQIsdp',
      protocolLevel: 3,
    } as const;
    const unsupported = new UnsupportedVersionError({ ...fields, reply });
    const actions = waiting().do({ type: 'parseFailed', error: unsupported });
    expect(kinds(actions)).toEqual(['fail', 'reply', 'close', 'ended']);
    expect(only(actions, 'reply').bytes).toBe(reply);
    const silent = new UnsupportedVersionError({ ...fields, reply: new Uint8Array(0) });
    expect(kinds(connecting(5).do({ type: 'parseFailed', error: silent }))).toEqual([
      'fail',
      'close',
      'ended',
    ]);
    // Once connected it is one CONNACK too many.
    const late = client(5).do({ type: 'parseFailed', error: unsupported });
    expect(kinds(late)).toEqual(['fail', 'disconnect', 'close', 'ended']);
    expect(failure(late).code).toBe('unexpected-packet');
    expect(only(late, 'fail').error.packetType).toBe('connack');
  });

  it.each(bothRoles)('%s: is the last thing that is heard', (role) => {
    for (const version of bothVersions) {
      const side = connectedAs(role, version);
      side.do({ type: 'parseFailed', error });
      const { state } = side;
      const inputs = [
        { type: 'packetReceived', packet: incomingDecoded, size: 10 },
        { type: 'parseFailed', error },
        { type: 'timerFired' },
        { type: 'blocked' },
        { type: 'writable' },
        { type: 'opened' },
        { type: 'closed' },
      ] as const;
      for (const input of inputs) expect(side.do(input)).toEqual([]);
      expect(side.state).toBe(state);
    }
  });
});

const incomingDecoded = {
  type: 'publish',
  topic: 'a',
  payload: new Uint8Array(0),
  qos: 0,
  retain: false,
  dup: false,
  properties: {},
} as const;

describe('DISCONNECT that we send', () => {
  it.each(bothVersions)(
    'is the last packet, and the connection is ours to close (%i) [3.1.1: MQTT-3.14.4-1] [3.1.1: MQTT-3.14.4-2] [5.0: MQTT-3.14.4-1] [5.0: MQTT-3.14.4-2]',
    (version) => {
      const side = client(version);
      const actions = side.do({ type: 'disconnect' });
      expect(kinds(actions)).toEqual(['disconnect', 'close', 'ended']);
      expect(only(actions, 'ended').reason).toBe('disconnected');
      expect(kinds(side.do({ type: 'send', packet: publish(0) }))).toEqual(['refused']);
      expect(side.do({ type: 'packetReceived', packet: incomingDecoded, size: 9 })).toEqual([]);
      expect(refused(side.do({ type: 'disconnect' })).code).toBe('not-connected');
    },
  );

  it('may say why, in MQTT 5.0 [U5-4.11-a]', () => {
    const properties = { serverReference: 'b.example', reasonString: 'moved' };
    const actions = server(5).do({ type: 'disconnect', reasonCode: 0x9d, properties });
    expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x9d, properties }]);
    expect(kinds(server(4).do({ type: 'disconnect', reasonCode: 0x9d, properties }))).toEqual([
      'close',
      'ended',
    ]);
  });

  it('is left out by a client of MQTT 3.1.1 that wants its will published', () => {
    for (const reasonCode of [0x04, 0x80]) {
      expect(kinds(client(4).do({ type: 'disconnect', reasonCode }))).toEqual(['close', 'ended']);
    }
  });

  it('of a server has no place before a good CONNACK [5.0: MQTT-3.14.0-1]', () => {
    expect(kinds(waiting().do({ type: 'disconnect' }))).toEqual(['close', 'ended']);
    expect(kinds(asked(5).do({ type: 'disconnect' }))).toEqual(['close', 'ended']);
    expect(kinds(asked(4).do({ type: 'disconnect', reasonCode: 0x89 }))).toEqual(['close', 'ended']);
    const busy = asked(5).do({ type: 'disconnect', reasonCode: 0x89 });
    expect(sent(busy)).toEqual([{ type: 'connack', sessionPresent: false, reasonCode: 0x89 }]);
  });

  it('may come from a client before CONNACK', () => {
    expect(kinds(connecting(5).do({ type: 'disconnect' }))).toEqual(['disconnect', 'close', 'ended']);
    expect(kinds(connecting(4).do({ type: 'disconnect' }))).toEqual(['disconnect', 'close', 'ended']);
  });

  it('changes the Session Expiry Interval, but not from 0 [U5-3.14.2.2.2-a] [U5-3.14.2.2.2-b]', () => {
    const side = client(5);
    const actions = side.do({ type: 'disconnect', properties: { sessionExpiryInterval: 7 } });
    expect(sent(actions)).toEqual([
      { type: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 7 } },
    ]);
    expect(only(actions, 'ended').sessionExpiryInterval).toBe(7);
    const zero = client(5);
    zero.do({ type: 'send', packet: publish(1) });
    const over = zero.do({ type: 'disconnect', properties: { sessionExpiryInterval: 0 } });
    expect(kinds(over)).toEqual(['disconnect', 'close', 'settled', 'sessionDiscarded', 'ended']);
    expect(only(client(5).do({ type: 'disconnect' }), 'ended').sessionExpiryInterval).toBe(600);
    const none = client(5, { connect: { ...connect5, properties: {} } });
    const input = { type: 'disconnect', properties: { sessionExpiryInterval: 7 } } as const;
    expect(refused(none.do(input)).code).toBe('session-expiry-not-allowed');
    expect(refused(server(5).do(input))).toMatchObject({ code: 'wrong-sender', statement: 'MQTT-3.14.2-2' });
  });

  it('is refused with a code that is not ours to send', () => {
    expect(refused(client(5).do({ type: 'disconnect', reasonCode: 0x8e })).code).toBe('wrong-sender');
    expect(refused(server(5).do({ type: 'disconnect', reasonCode: 0x04 })).code).toBe('wrong-sender');
    expect(refused(client(5).do({ type: 'disconnect', reasonCode: 0x10 })).code).toBe('unknown-reason-code');
  });
});

describe('DISCONNECT that comes', () => {
  it('ends the connection, with what the peer had to say [U5-3.14.4-a] [U5-4.11-a] [5.0: MQTT-4.13.2-1]', () => {
    const properties = { serverReference: 'b.example' };
    const actions = client(5).receive({ type: 'disconnect', reasonCode: 0x9c, properties });
    expect(kinds(actions)).toEqual(['disconnectReceived', 'close', 'ended']);
    expect(only(actions, 'disconnectReceived').packet).toMatchObject({ reasonCode: 0x9c, properties });
    expect(only(actions, 'ended').reason).toBe('peer-disconnected');
    for (const version of bothVersions) {
      expect(kinds(server(version).receive({ type: 'disconnect' }))).toEqual([
        'disconnectReceived',
        'close',
        'ended',
      ]);
    }
  });

  it('with an expiry after CONNECT had none is not valid: 0x82, and the will stays due [U5-3.14.2.2.2-a]', () => {
    const packet: Packet = { type: 'disconnect', properties: { sessionExpiryInterval: 5 } };
    const side = server(5, {}, { properties: {}, will } as object);
    const actions = side.receive(packet);
    expect(failure(actions)).toMatchObject({ code: 'session-expiry-not-allowed', reasonCode: 0x82 });
    expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x82 }]);
    expect(kinds(actions)).toContain('willDue');
    expect(kinds(actions)).not.toContain('disconnectReceived');
    const zero = server(5, {}, { properties: {} });
    expect(kinds(zero.receive({ type: 'disconnect', properties: { sessionExpiryInterval: 0 } }))).toContain(
      'ended',
    );
  });

  it('replaces the Session Expiry Interval, or leaves it [U5-3.14.2.2.2-b] [5.0: MQTT-4.1.0-2]', () => {
    const expiry = (packet: Packet): unknown =>
      only(server(5).receive(packet), 'ended').sessionExpiryInterval;
    expect(expiry({ type: 'disconnect' })).toBe(600);
    expect(expiry({ type: 'disconnect', properties: { sessionExpiryInterval: 9 } })).toBe(9);
    const side = server(5);
    side.do({ type: 'send', packet: publish(1) });
    const actions = side.receive({ type: 'disconnect', properties: { sessionExpiryInterval: 0 } });
    expect(kinds(actions)).toEqual(['disconnectReceived', 'close', 'settled', 'sessionDiscarded', 'ended']);
    expect(side.state.session.begun).toBe(false);
  });

  it('with what only the other side may say is against the rules', () => {
    const packet = { type: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 1 } } as const;
    const actions = client(5).do({ type: 'packetReceived', packet, size: 9 });
    expect(failure(actions)).toMatchObject({ code: 'wrong-sender', statement: 'MQTT-3.14.2-2' });
    const size = 3;
    const four = { type: 'disconnect', reasonCode: 0x04, properties: {} } as const;
    expect(failure(client(5).do({ type: 'packetReceived', packet: four, size })).code).toBe('wrong-sender');
    const taken = { type: 'disconnect', reasonCode: 0x8e, properties: {} } as const;
    expect(failure(server(5).do({ type: 'packetReceived', packet: taken, size })).code).toBe('wrong-sender');
  });
});

describe('the will', () => {
  const endings: [string, (side: Side) => readonly Action[]][] = [
    ['the network fails', (side) => side.do({ type: 'closed' })],
    ['the client breaks a rule', (side) => side.receive(connectOf(side.state.terms.version))],
    ['the server ends the connection', (side) => side.do({ type: 'disconnect', reasonCode: 0x80 })],
  ];

  it.each(endings)('is due when %s', (_, ending) => {
    for (const version of bothVersions) {
      const actions = ending(server(version, {}, { will } as object));
      expect(only(actions, 'willDue')).toMatchObject({ will: { topic: 'w', qos: 1 }, at: 1_000_000 });
      expect(only(actions, 'willDue').will.payload).toEqual(new TextEncoder().encode('gone'));
    }
  });

  it('is void after DISCONNECT, in MQTT 5.0 with code 0x00 alone [3.1.1: MQTT-3.14.4-3] [5.0: MQTT-3.14.4-3]', () => {
    for (const version of bothVersions) {
      const actions = server(version, {}, { will } as object).receive({ type: 'disconnect' });
      expect(kinds(actions)).toEqual(['disconnectReceived', 'close', 'willDiscarded', 'ended']);
    }
    for (const reasonCode of [0x04, 0x80, 0x93] as const) {
      const actions = server(5, {}, { will } as object).receive({ type: 'disconnect', reasonCode });
      expect(kinds(actions)).toEqual(['disconnectReceived', 'close', 'willDue', 'ended']);
    }
  });

  it('is nothing where CONNECT had none [3.1.1: MQTT-3.1.2-12]', () => {
    for (const version of bothVersions) {
      for (const [, ending] of endings) {
        const types = kinds(ending(server(version)));
        expect(types).not.toContain('willDue');
        expect(types).not.toContain('willDiscarded');
      }
    }
  });

  it('is nothing where the CONNECT was not accepted', () => {
    const actions = asked(5, {}, { will } as object).do({ type: 'refuse', reasonCode: 0x87 });
    expect(kinds(actions)).toEqual(['connack', 'close', 'ended']);
    expect(kinds(asked(4, {}, { will } as object).do({ type: 'closed' }))).toEqual(['ended']);
  });

  it('is due after its delay, or when the session ends before', () => {
    const at = (sessionExpiryInterval: number): number => {
      const side = server(5, {}, { will: delayed, properties: { sessionExpiryInterval } } as object);
      return only(side.do({ type: 'closed' }), 'willDue').at - side.now;
    };
    expect([at(600), at(10), at(0), at(0xffffffff)]).toEqual([30_000, 10_000, 0, 30_000]);
    const side = server(5, {}, { will: delayed } as object);
    const packet: Packet = { type: 'disconnect', reasonCode: 0x04, properties: { sessionExpiryInterval: 3 } };
    expect(only(side.receive(packet), 'willDue').at).toBe(side.now + 3_000);
  });

  it('is kept with memory of its own', () => {
    const payload = Uint8Array.of(1, 2);
    const properties = { correlationData: Uint8Array.of(3) };
    const packet = {
      type: 'connect',
      protocolVersion: 5,
      clientId: 'c',
      cleanStart: true,
      keepAlive: 0,
      will: { topic: 'w', payload, qos: 0, retain: false, properties },
      properties: {},
    } as const;
    const side = waiting();
    [side.state] = step(side.state, { type: 'packetReceived', packet, size: 40, now: side.now });
    payload.fill(9);
    properties.correlationData.fill(9);
    side.do({ type: 'accept' });
    const due = only(side.do({ type: 'closed' }), 'willDue').will;
    expect(due.payload).toEqual(Uint8Array.of(1, 2));
    expect(due.properties).toEqual({ correlationData: Uint8Array.of(3) });
  });
});

describe('the Session Expiry Interval', () => {
  it('is 0 where CONNECT says none, for ever at its highest, and all or nothing in MQTT 3.1.1 [U5-3.1.2.11.2-a] [5.0: MQTT-3.1.2-23]', () => {
    const expiry = (connect: object): unknown => {
      const side = waiting();
      side.receive(connect as typeof connect5);
      side.do({ type: 'accept' });
      return only(side.do({ type: 'closed' }), 'ended').sessionExpiryInterval;
    };
    expect(expiry({ ...connect5, properties: {} })).toBe(0);
    expect(expiry({ ...connect5, cleanStart: true, properties: { sessionExpiryInterval: 5 } })).toBe(5);
    expect(expiry({ ...connect5, properties: { sessionExpiryInterval: 0xffffffff } })).toBe(0xffffffff);
    expect(expiry({ ...connect4, cleanStart: true })).toBe(0);
    expect(expiry(connect4)).toBe(0xffffffff);
  });

  it('of CONNACK overrides that of CONNECT, on both sides [U5-3.2.2.3.2-a] [5.0: MQTT-3.1.2-23]', () => {
    const properties = { sessionExpiryInterval: 5 };
    for (const side of [server(5, {}, {}, { properties }), client(5, {}, { properties })]) {
      expect(only(side.do({ type: 'closed' }), 'ended').sessionExpiryInterval).toBe(5);
    }
  });
});

describe('a network connection that goes', () => {
  it('before it stood, leaves nothing to say but that', () => {
    const never = new Side(clientConnection({ connect: connect5 }));
    expect(never.do({ type: 'closed' })).toEqual([
      { type: 'ended', reason: 'closed', sessionExpiryInterval: undefined },
    ]);
    expect(never.do({ type: 'closed' })).toEqual([]);
    const side = connecting(5);
    expect(kinds(side.do({ type: 'closed' }))).toEqual(['ended']);
    expect(side.do({ type: 'closed' })).toEqual([]);
    expect(incoming(0).type).toBe('publish');
  });
});
