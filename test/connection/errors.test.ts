import { describe, expect, it } from 'vitest';
import { encodedLength } from '../../src/codec.js';
import { type Action, canSend, clientConnection, step } from '../../src/connection/index.js';
import type { MqttError } from '../../src/errors.js';
import type { DecodedConnect } from '../../src/packets/connect.js';
import type { Packet } from '../../src/packets/index.js';
import {
  emptySession,
  exportSession,
  importSession,
  type OutgoingFlow,
  queueMessage,
} from '../../src/session/index.js';
import { trieSet } from '../../src/session/trie.js';
import {
  asked,
  client,
  connect4,
  connect5,
  connecting,
  incoming,
  kinds,
  only,
  publish,
  refused,
  Side,
  sent,
  server,
  type Untimed,
  waiting,
  wire,
} from './support.js';

/** All that an error tells: why, what to say to the peer, of which packet and field, and against which statement. */
type Told = readonly [code: string, reasonCode: unknown, packet: unknown, field: unknown, statement?: string];

/** `null` stands for the version that nobody knows, or that does not matter. */
const told = (error: MqttError, version: 4 | 5 | null): Told => {
  expect(error.protocolVersion ?? null).toBe(version);
  const { code, packetType, statement } = error;
  const all = [code, Reflect.get(error, 'reasonCode'), packetType, Reflect.get(error, 'field')] as const;
  return statement === undefined ? all : [...all, statement];
};

const failed = (actions: readonly Action[], version: 4 | 5 | null = 5): Told =>
  told(only(actions, 'fail').error, version);

const said = (actions: readonly Action[], version: 4 | 5 | null = 5): Told => told(refused(actions), version);

const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
const method = 'properties.authenticationMethod';
const alias = 'properties.topicAlias';
const expiry = 'properties.sessionExpiryInterval';

/** The AUTH of a method. */
const auth = (reasonCode: 0 | 0x18 | 0x19, authenticationMethod = 'M'): Packet => ({
  type: 'auth',
  reasonCode,
  properties: { authenticationMethod },
});

describe('a failure tells where', () => {
  it.each<[string, () => Side, Packet, Told]>([
    [
      'a server hears of no subscribers',
      () => server(5),
      { type: 'puback', packetId: 1, reasonCode: 0x10 },
      ['wrong-sender', 0x82, 'puback', 'reasonCode'],
    ],
    [
      'nobody awaits an UNSUBACK',
      () => client(5),
      { type: 'unsuback', packetId: 7, reasonCodes: [0] },
      ['unknown-packet-id', 0x82, 'unsuback', 'packetId'],
    ],
    [
      'AUTH comes to a client without a method',
      () => client(5),
      auth(0x18),
      ['unexpected-authentication', 0x82, 'auth', method, 'MQTT-4.12.0-6'],
    ],
    [
      'AUTH comes to a server without a method',
      () => server(5),
      auth(0x19),
      ['unexpected-authentication', 0x82, 'auth', method, 'MQTT-4.12.0-7'],
    ],
    [
      'a server disconnects with a code of clients',
      () => client(5),
      { type: 'disconnect', reasonCode: 0x04 },
      ['wrong-sender', 0x82, 'disconnect', 'reasonCode'],
    ],
    [
      'a client disconnects with a code of servers',
      () => server(5),
      { type: 'disconnect', reasonCode: 0x8b },
      ['wrong-sender', 0x82, 'disconnect', 'reasonCode'],
    ],
    [
      'a server sets an expiry',
      () => client(5),
      { type: 'disconnect', reasonCode: 0x8b, properties: { sessionExpiryInterval: 1 } },
      ['wrong-sender', 0x82, 'disconnect', expiry, 'MQTT-3.14.2-2'],
    ],
    [
      'a client sets an expiry that it had not asked for',
      () => server(5, {}, { properties: { sessionExpiryInterval: 0 } }),
      { type: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 1 } },
      ['session-expiry-not-allowed', 0x82, 'disconnect', expiry],
    ],
    [
      'a message has a QoS that a server does not take',
      () => server(5, { announced: { maximumQoS: 0 } }),
      incoming(1),
      ['qos-not-supported', 0x9b, 'publish', 'qos', 'MQTT-3.2.2-11'],
    ],
    [
      'a message has a QoS that a client does not take',
      () => client(5, { maximumQoS: 1 }),
      incoming(2),
      ['qos-not-supported', 0x9b, 'publish', 'qos'],
    ],
    [
      'a message is to be retained',
      () => server(5, { announced: { retainAvailable: 0 } }),
      incoming(0, 0, { retain: true }),
      ['retain-not-supported', 0x9a, 'publish', 'retain', 'MQTT-3.2.2-14'],
    ],
    [
      'a client tells Subscription Identifiers',
      () => server(5),
      incoming(0, 0, { properties: { subscriptionIdentifiers: [1] } }),
      ['wrong-sender', 0x82, 'publish', 'properties.subscriptionIdentifiers', 'MQTT-3.3.4-6'],
    ],
    [
      'a client takes too many aliases',
      () => server(5, { announced: { topicAliasMaximum: 2 } }),
      incoming(0, 0, { properties: { topicAlias: 3 } }),
      ['topic-alias-out-of-range', 0x94, 'publish', alias, 'MQTT-3.3.2-9'],
    ],
    [
      'a server takes too many aliases',
      () => client(5),
      incoming(0, 0, { properties: { topicAlias: 1 } }),
      ['topic-alias-out-of-range', 0x94, 'publish', alias, 'MQTT-3.3.2-11'],
    ],
    [
      'an alias stands for nothing',
      () => server(5, { announced: { topicAliasMaximum: 2 } }),
      incoming(0, 0, { topic: '', properties: { topicAlias: 2 } }),
      ['unknown-topic-alias', 0x82, 'publish', alias],
    ],
    [
      'CONNECT is not the first packet',
      () => waiting(),
      { type: 'pingreq' },
      ['expected-connect', 0x82, 'pingreq', 'type', 'MQTT-3.1.0-1'],
    ],
  ])('when %s', (_title, side, packet, error) => {
    const one = side();
    const version = one.state.phase === 'waiting' ? null : 5;
    expect(failed(one.receive(packet), version)).toEqual(error);
  });

  it('when the second message is one too many', () => {
    const told = ['receive-maximum-exceeded', 0x93, 'publish', undefined];
    const manual = { acknowledgements: 'manual' } as const;
    const one = server(5, { ...manual, announced: { receiveMaximum: 1 } });
    one.receive(incoming(1, 1));
    expect(failed(one.receive(incoming(2, 2)))).toEqual([...told, 'MQTT-3.3.4-7']);
  });

  it('when an identifier is taken for another QoS, or for a request', () => {
    for (const version of [4, 5] as const) {
      const statement = version === 4 ? 'MQTT-2.3.1-2' : 'MQTT-2.2.1-3';
      const busy = (): Side => {
        const side = server(version, { acknowledgements: 'manual' });
        side.receive(incoming(1, 1));
        return side;
      };
      const subscribe: Packet = { type: 'subscribe', packetId: 1, subscriptions };
      expect(failed(busy().receive(incoming(2, 1)), version)).toEqual([
        'packet-id-in-use',
        0x82,
        'publish',
        'packetId',
        statement,
      ]);
      expect(failed(busy().receive(subscribe), version)).toEqual([
        'packet-id-in-use',
        0x82,
        'subscribe',
        'packetId',
        statement,
      ]);
      const twice = server(version);
      twice.receive(subscribe);
      expect(
        failed(twice.receive({ type: 'unsubscribe', packetId: 1, topicFilters: ['a'] }), version),
      ).toEqual(['packet-id-in-use', 0x82, 'unsubscribe', 'packetId', statement]);
    }
  });

  it('when an acknowledgement is of another kind than the exchange', () => {
    const types = ['pubrec', 'pubcomp'] as const;
    for (const type of types) {
      const side = client(5);
      side.do({ type: 'send', packet: publish(1) });
      expect(failed(side.receive({ type, packetId: 1 }))).toEqual([
        'wrong-acknowledgement',
        0x82,
        type,
        'packetId',
      ]);
    }
  });

  it('when answers are too many or too few', () => {
    for (const [version, packet, statement] of [
      [4, { type: 'suback', packetId: 1, reasonCodes: [0, 0] }, 'MQTT-3.8.4-5'],
      [5, { type: 'suback', packetId: 1, reasonCodes: [0, 0] }, 'MQTT-3.8.4-6'],
    ] as const) {
      const side = client(version);
      side.do({ type: 'send', packet: { type: 'subscribe', subscriptions } });
      expect(failed(side.receive(packet), version)).toEqual([
        'reason-code-count',
        0x82,
        'suback',
        'reasonCodes',
        statement,
      ]);
    }
    const side = client(5);
    side.do({ type: 'send', packet: { type: 'unsubscribe', topicFilters: ['a'] } });
    expect(failed(side.receive({ type: 'unsuback', packetId: 1, reasonCodes: [0, 0] }))).toEqual([
      'reason-code-count',
      0x82,
      'unsuback',
      'reasonCodes',
      'MQTT-3.10.4-6',
    ]);
  });

  it('when an AUTH has another method, or comes out of turn', () => {
    const properties = { authenticationMethod: 'M' };
    const theirs = (): Side => asked(5, { authenticationMethods: ['M'] }, { properties });
    const during = theirs();
    during.do({ type: 'authenticate' });
    expect(failed(during.receive(auth(0x18, 'N')))).toEqual([
      'authentication-method-mismatch',
      0x82,
      'auth',
      method,
      'MQTT-4.12.0-5',
    ]);
    expect(failed(theirs().receive(auth(0x18)))).toEqual([
      'unexpected-authentication',
      0x82,
      'auth',
      'reasonCode',
    ]);
    const standing = server(5, { authenticationMethods: ['M'] }, { properties });
    expect(failed(standing.receive(auth(0x19, 'N')))).toEqual([
      'authentication-method-mismatch',
      0x82,
      'auth',
      method,
      'MQTT-4.12.1-1',
    ]);
  });

  it('when a server does not want the client', () => {
    const problems: [4 | 5, object, object, Told][] = [
      [
        4,
        {},
        { clientId: '', cleanStart: false },
        ['client-identifier-not-valid', 0x85, 'connect', 'clientId', 'MQTT-3.1.3-8'],
      ],
      [
        5,
        {},
        { properties: { authenticationMethod: 'M' } },
        ['authentication-method-not-supported', 0x8c, 'connect', method, 'MQTT-4.12.0-1'],
      ],
      [
        5,
        { announced: { maximumQoS: 0 } },
        { will: { topic: 'w', payload: new Uint8Array(), qos: 1, retain: false } },
        ['qos-not-supported', 0x9b, 'connect', 'will.qos', 'MQTT-3.2.2-12'],
      ],
      [
        5,
        { announced: { retainAvailable: 0 } },
        { will: { topic: 'w', payload: new Uint8Array(), qos: 0, retain: true } },
        ['retain-not-supported', 0x9a, 'connect', 'will.retain', 'MQTT-3.2.2-13'],
      ],
    ];
    for (const [version, options, connect, error] of problems) {
      // As the codec reads it: not each of them can be written.
      const packet = { ...(version === 4 ? wire(connect4, 4) : wire(connect5, 5)), ...connect };
      const actions = waiting(options).do({
        type: 'packetReceived',
        packet: packet as DecodedConnect,
        size: 30,
      });
      expect(failed(actions, version)).toEqual(error);
      expect(only(actions, 'ended').reason).toBe('refused');
      expect(only(actions, 'close').reason).toBe('refused');
    }
    const { error } = only(waiting({ versions: [5] }).receive(connect4), 'fail');
    expect(error).toMatchObject({
      code: 'unsupported-version',
      protocolName: 'MQTT',
      protocolLevel: 4,
      packetType: 'connect',
      statement: 'MQTT-3.1.2-2',
    });
  });

  it('when a peer is silent', () => {
    const client4 = server(4, {}, { keepAlive: 2 });
    client4.now += 3_000;
    expect(failed(client4.do({ type: 'timerFired' }), 4)).toEqual([
      'keep-alive-timeout',
      0x8d,
      undefined,
      undefined,
      'MQTT-3.1.2-24',
    ]);
    const quiet = client(5, { connect: { ...connect5, keepAlive: 2 }, pingTimeout: 500 });
    quiet.now += 2_000;
    expect(sent(quiet.do({ type: 'timerFired' }))).toEqual([{ type: 'pingreq' }]);
    quiet.now += 500;
    expect(failed(quiet.do({ type: 'timerFired' }))).toEqual(['ping-timeout', 0x80, 'pingresp', undefined]);
  });

  it('and nothing else happens after it', () => {
    const side = server(5, { acknowledgements: 'manual' });
    side.receive(incoming(1, 1));
    expect(kinds(side.receive(incoming(2, 1)))).toEqual(['fail', 'disconnect', 'close', 'ended']);
  });

  it('when a CONNACK does not fit its CONNECT', () => {
    const connack = (rest: object): Packet =>
      ({ type: 'connack', sessionPresent: false, reasonCode: 0, ...rest }) as Packet;
    expect(failed(connecting(5).receive(connack({ properties: { authenticationMethod: 'M' } })))).toEqual([
      'unexpected-authentication',
      0x82,
      'connack',
      method,
      'MQTT-4.12.0-6',
    ]);
    expect(failed(connecting(5).receive(connack({ sessionPresent: true })))).toEqual([
      'unexpected-session-present',
      0x82,
      'connack',
      'sessionPresent',
      'MQTT-3.2.2-4',
    ]);
    for (const [connect, version, statement] of [
      [connect4, 4, 'MQTT-3.2.2-1'],
      [connect5, 5, 'MQTT-3.2.2-2'],
    ] as const) {
      const side = connecting(version, { connect: { ...connect, cleanStart: true } });
      expect(failed(side.receive(connack({ sessionPresent: true })), version)).toEqual([
        'unexpected-session-present',
        0x82,
        'connack',
        'sessionPresent',
        statement,
      ]);
    }
  });
});

describe('a limit of the peer', () => {
  const tight = (maximumPacketSize: number): Side => client(5, {}, { properties: { maximumPacketSize } });

  it('is named with the packet that does not keep to it', () => {
    const inputs: [Untimed, string][] = [
      [{ type: 'send', packet: { ...publish(0), topic: 'a'.repeat(30) } }, 'publish'],
      [{ type: 'send', packet: { type: 'unsubscribe', topicFilters: ['a'.repeat(30)] } }, 'unsubscribe'],
    ];
    for (const [input, packetType] of inputs) {
      expect(refused(tight(20).do(input))).toMatchObject({
        code: 'packet-too-large',
        limit: 20,
        packetType,
        protocolVersion: 5,
        statement: 'MQTT-3.2.2-15',
      });
    }
  });

  it('may be met to the byte', () => {
    // The packet of a QoS 0 message with a topic of one byte and a payload of one byte.
    const packet = { ...publish(0), payload: Uint8Array.of(1) };
    const size = encodedLength({ ...packet, qos: 0 }, 5);
    expect(sent(tight(size).do({ type: 'send', packet }))).toHaveLength(1);
    expect(refused(tight(size - 1).do({ type: 'send', packet }))).toMatchObject({ size, limit: size - 1 });
    // One that waited is measured again.
    const waited = { ...publish(1), payload: Uint8Array.of(1) };
    const later = size + 2;
    for (const [limit, kind] of [
      [later, 'publish'],
      [later - 1, 'settled'],
    ] as const) {
      const side = connecting(5);
      side.do({ type: 'send', packet: waited });
      const connack = { type: 'connack', sessionPresent: false, reasonCode: 0 } as const;
      const actions = side.receive({ ...connack, properties: { maximumPacketSize: limit } });
      expect(kinds(actions)).toContain(kind);
      const error = { code: 'packet-too-large', packetType: 'publish', statement: 'MQTT-3.2.2-15' };
      if (kind === 'settled') {
        expect(only(actions, 'settled').outcome).toMatchObject({ kind: 'unsendable', error });
      }
    }
  });

  it('names the filter of a subscription that the server does not take', () => {
    const refusedBy = (properties: object, topicFilter: string, rest: object = {}): unknown => {
      const side = client(5, {}, { properties });
      const list = [{ topicFilter: 'a', qos: 0 } as const, { topicFilter, qos: 0 } as const];
      const [action] = side.do({ type: 'send', packet: { type: 'subscribe', subscriptions: list, ...rest } });
      return action?.type === 'refused' ? told(action.error, 5) : action?.type;
    };
    const at = 'subscriptions[1].topicFilter';
    expect(refusedBy({ wildcardSubscriptionAvailable: 0 }, 'a/+')).toEqual([
      'wildcard-subscriptions-not-supported',
      undefined,
      'subscribe',
      at,
    ]);
    expect(refusedBy({ sharedSubscriptionAvailable: 0 }, '$share/g/a')).toEqual([
      'shared-subscriptions-not-supported',
      undefined,
      'subscribe',
      at,
    ]);
    expect(
      refusedBy({ subscriptionIdentifierAvailable: 0 }, 'a', { properties: { subscriptionIdentifier: 1 } }),
    ).toEqual([
      'subscription-identifiers-not-supported',
      undefined,
      'subscribe',
      'properties.subscriptionIdentifier',
    ]);
    expect(refusedBy({ wildcardSubscriptionAvailable: 0, sharedSubscriptionAvailable: 0 }, 'a/b')).toBe(
      'transmit',
    );
  });

  it('on Topic Aliases is used where the caller asks for it, and nowhere else', () => {
    const side = client(5, {}, { properties: { topicAliasMaximum: 3 } });
    for (const qos of [0, 1] as const) {
      expect(sent(side.do({ type: 'send', packet: publish(qos) }))).toMatchObject([
        { topic: 'a', qos, retain: false, properties: undefined },
      ]);
      expect(sent(side.do({ type: 'send', packet: publish(qos), topicAlias: 'automatic' }))).toMatchObject([
        { qos, properties: { topicAlias: 1 } },
      ]);
    }
  });
});

describe('the end of a connection', () => {
  const will = { topic: 'w', payload: Uint8Array.of(1), qos: 0, retain: false } as const;

  it('makes the will due after its delay, or with the session where that ends before', () => {
    for (const [sessionExpiryInterval, willDelayInterval, after] of [
      [600, 10, 10_000],
      [4, 10, 4_000],
      [0xffff_ffff, 10, 10_000],
      [600, undefined, 0],
    ] as const) {
      const delay = willDelayInterval === undefined ? {} : { willDelayInterval };
      const properties = { contentType: 'x', ...delay };
      const side = server(5, {}, { will: { ...will, properties }, properties: { sessionExpiryInterval } });
      const { at, will: due } = only(side.do({ type: 'closed' }), 'willDue');
      expect(at).toBe(side.now + after);
      expect(due).toEqual({ ...will, properties: { contentType: 'x' } });
    }
    const old = server(4, {}, { will }).do({ type: 'closed' });
    expect(only(old, 'willDue').will).toStrictEqual(will);
  });

  it('may set an expiry of 0 for a session that had none', () => {
    const properties = { sessionExpiryInterval: 0 };
    const ours = client(5, { connect: { ...connect5, properties } });
    expect(kinds(ours.do({ type: 'disconnect', properties }))).toContain('disconnect');
    const theirs = server(5, {}, { properties });
    expect(kinds(theirs.receive({ type: 'disconnect', reasonCode: 0, properties }))).not.toContain('fail');
    expect(
      said(
        client(5, { connect: { ...connect5, properties } }).do({
          type: 'disconnect',
          properties: { sessionExpiryInterval: 1 },
        }),
      ),
    ).toEqual(['session-expiry-not-allowed', undefined, 'disconnect', expiry]);
  });

  it('has no packet where none can be sent', () => {
    expect(kinds(server(4).do({ type: 'disconnect' }))).toEqual(['close', 'ended']);
    expect(kinds(waiting().do({ type: 'disconnect', reasonCode: 0x8b }))).toEqual(['close', 'ended']);
    expect(sent(asked(5).do({ type: 'disconnect', reasonCode: 0x80 }))).toMatchObject([
      { type: 'connack', reasonCode: 0x80 },
    ]);
    expect(sent(asked(5).do({ type: 'disconnect' }))).toEqual([]);
    const idle = new Side(clientConnection({ connect: connect5 }));
    expect(said(idle.do({ type: 'disconnect' }), null)).toEqual([
      'not-connected',
      undefined,
      'disconnect',
      'type',
    ]);
  });

  it('leaves the expiry of MQTT 3.1.1 alone', () => {
    const properties = { sessionExpiryInterval: 7 };
    const side = client(4);
    const before = side.state.terms.sessionExpiryInterval;
    expect(only(side.do({ type: 'disconnect', properties }), 'ended').sessionExpiryInterval).toBe(before);
  });

  it('of a session with messages that wait, or that came, and nothing else, is told', () => {
    const waitingFor = queueMessage(emptySession(), { ...publish(1), payload: 'm' }, { now: 0, version: 5 });
    const stored = {
      ...exportSession(emptySession()),
      incoming: [{ packetId: 3, phase: 'answered', verdict: 0 }],
    };
    for (const session of [waitingFor.session, importSession(stored)]) {
      const side = asked(5, {}, { cleanStart: true });
      expect(kinds(side.do({ type: 'accept', session }))).toContain('sessionDiscarded');
    }
    const side = asked(5, {}, { cleanStart: true });
    expect(kinds(side.do({ type: 'accept', session: emptySession() }))).not.toContain('sessionDiscarded');
  });
});

describe('65,535 exchanges', () => {
  it('leave no Packet Identifier', () => {
    const { state } = client(5);
    let { outgoing } = state.session;
    const flow = { phase: 'awaiting-suback', order: 1, token: undefined, filters: 1 } as const;
    for (let packetId = 1; packetId <= 65_535; packetId++) {
      outgoing = trieSet<OutgoingFlow>(outgoing, packetId, { ...flow, packetId });
    }
    const full = { ...state, session: { ...state.session, outgoing } };
    const packets = [publish(1), publish(2), { type: 'subscribe', subscriptions } as const];
    for (const packet of packets) {
      expect(canSend(full, packet)).toMatchObject({
        code: 'no-free-packet-id',
        field: 'type',
        packetType: packet.type,
      });
      const [after, actions] = step(full, { type: 'send', packet, ifBusy: 'refuse', now: 0 });
      expect(after).toBe(full);
      expect(refused(actions)).toMatchObject({ code: 'no-free-packet-id', packetType: packet.type });
    }
    expect(canSend(full, publish(0))).toBeUndefined();
    // What waits goes out with the next identifier that is free.
    const [queued, nothing] = step(full, { type: 'send', packet: publish(1), now: 0 });
    expect(nothing).toEqual([]);
    const suback = wire({ type: 'suback', packetId: 77, reasonCodes: [0] }, 5);
    const [, actions] = step(queued, { type: 'packetReceived', packet: suback, size: 6, now: 0 });
    expect(sent(actions)).toMatchObject([{ type: 'publish', packetId: 77 }]);
  });
});

describe('a refusal tells where', () => {
  const send = (packet: object): Untimed => ({ type: 'send', packet }) as Untimed;

  it.each<[string, () => Side, Untimed, 4 | 5 | null, Told]>([
    [
      'a server subscribes',
      () => server(5),
      send({ type: 'subscribe', subscriptions }),
      5,
      ['wrong-sender', undefined, 'subscribe', 'type'],
    ],
    [
      'a client is not connected',
      () => connecting(5),
      send({ type: 'subscribe', subscriptions }),
      5,
      ['not-connected', undefined, 'subscribe', 'type'],
    ],
    [
      'a server has not been asked',
      () => waiting(),
      send(publish(0)),
      null,
      ['not-connected', undefined, 'publish', 'type'],
    ],
    [
      'QoS 0 has no connection',
      () => connecting(5),
      send(publish(0)),
      null,
      ['not-connected', undefined, 'publish', 'qos'],
    ],
    [
      'the server takes a lower QoS',
      () => client(5, {}, { properties: { maximumQoS: 1 } }),
      send(publish(2)),
      5,
      ['qos-not-supported', undefined, 'publish', 'qos', 'MQTT-3.2.2-11'],
    ],
    [
      'the server retains nothing',
      () => client(5, {}, { properties: { retainAvailable: 0 } }),
      send({ ...publish(0), retain: true }),
      5,
      ['retain-not-supported', undefined, 'publish', 'retain', 'MQTT-3.2.2-14'],
    ],
    [
      'a client tells Subscription Identifiers',
      () => client(5),
      send({ ...publish(0), properties: { subscriptionIdentifiers: [1] } }),
      5,
      ['wrong-sender', undefined, 'publish', 'properties.subscriptionIdentifiers', 'MQTT-3.3.4-6'],
    ],
    [
      'the server takes no alias',
      () => client(5),
      send({ ...publish(0), properties: { topicAlias: 1 } }),
      5,
      ['topic-alias-out-of-range', undefined, 'publish', alias, 'MQTT-3.2.2-18'],
    ],
    [
      'the server takes fewer aliases',
      () => client(5, {}, { properties: { topicAliasMaximum: 1 } }),
      send({ ...publish(0), properties: { topicAlias: 2 } }),
      5,
      ['topic-alias-out-of-range', undefined, 'publish', alias, 'MQTT-3.2.2-17'],
    ],
    [
      'the client takes no alias',
      () => server(5),
      send({ ...publish(0), properties: { topicAlias: 1 } }),
      5,
      ['topic-alias-out-of-range', undefined, 'publish', alias, 'MQTT-3.1.2-27'],
    ],
    [
      'the client takes fewer aliases',
      () => server(5, {}, { properties: { topicAliasMaximum: 1 } }),
      send({ ...publish(0), properties: { topicAlias: 2 } }),
      5,
      ['topic-alias-out-of-range', undefined, 'publish', alias, 'MQTT-3.1.2-26'],
    ],
    [
      'an alias stands for nothing',
      () => client(5, {}, { properties: { topicAliasMaximum: 1 } }),
      send({ ...publish(0), topic: '', properties: { topicAlias: 1 } }),
      5,
      ['unknown-topic-alias', undefined, 'publish', alias],
    ],
    [
      'nothing is connected',
      () => client(5, {}, {}),
      { type: 'answer', packetId: 1, reasonCodes: [0] },
      5,
      ['unknown-packet-id', undefined, undefined, 'packetId'],
    ],
    [
      'nothing waits for a verdict',
      () => server(5),
      { type: 'acknowledge', packetId: 1 },
      5,
      ['unknown-packet-id', undefined, 'puback', 'packetId'],
    ],
    [
      'a client gives a verdict that is for servers',
      () => {
        const side = client(5, { acknowledgements: 'manual' });
        side.receive(incoming(1, 1));
        return side;
      },
      { type: 'acknowledge', packetId: 1, reasonCode: 0x10 },
      5,
      ['wrong-sender', undefined, 'puback', 'reasonCode'],
    ],
    [
      'a server pings',
      () => server(5),
      { type: 'ping' },
      null,
      ['wrong-sender', undefined, 'pingreq', 'type'],
    ],
    [
      'nobody is there to answer a ping',
      () => connecting(5),
      { type: 'ping' },
      null,
      ['not-connected', undefined, 'pingreq', 'type'],
    ],
    [
      'a server is asked before anybody has',
      () => waiting(),
      { type: 'accept' },
      null,
      ['not-now', undefined, 'connack', 'type'],
    ],
    [
      'a server refuses nobody',
      () => waiting(),
      { type: 'refuse', reasonCode: 0x87 },
      null,
      ['not-now', undefined, 'connack', 'type'],
    ],
    [
      'a client refuses the server',
      () => connecting(5),
      { type: 'refuse', reasonCode: 0x87 },
      null,
      ['not-now', undefined, 'connack', 'type'],
    ],
    [
      'the client has no room for its CONNACK',
      () => asked(5, {}, { properties: { maximumPacketSize: 4 } }),
      { type: 'accept' },
      5,
      ['packet-too-large', 0x95, 'connack', undefined, 'MQTT-3.1.2-24'],
    ],
    [
      'a refusal is none',
      () => asked(5),
      { type: 'refuse', reasonCode: 0 },
      null,
      ['unknown-reason-code', undefined, 'connack', 'reasonCode'],
    ],
    [
      'nobody has a name',
      () => asked(5, {}, { clientId: '' }),
      { type: 'accept' },
      5,
      ['missing-client-identifier', undefined, 'connack', 'clientId', 'MQTT-3.1.3-6'],
    ],
    [
      'there is no method',
      () => client(5),
      { type: 'authenticate' },
      5,
      ['unexpected-authentication', undefined, 'auth', 'type'],
    ],
    [
      'a client disconnects as servers do',
      () => client(5),
      { type: 'disconnect', reasonCode: 0x8b },
      5,
      ['wrong-sender', undefined, 'disconnect', 'reasonCode'],
    ],
    [
      'a server disconnects as clients do',
      () => server(5),
      { type: 'disconnect', reasonCode: 0x04 },
      5,
      ['wrong-sender', undefined, 'disconnect', 'reasonCode'],
    ],
    [
      'a server sets an expiry',
      () => server(5),
      { type: 'disconnect', properties: { sessionExpiryInterval: 1 } },
      5,
      ['wrong-sender', undefined, 'disconnect', expiry, 'MQTT-3.14.2-2'],
    ],
  ])('when %s', (_title, side, input, version, error) => {
    expect(said(side().do(input), version)).toEqual(error);
  });

  it('when the connection is over', () => {
    const over = (): Side => {
      const side = client(5, { acknowledgements: 'manual' });
      side.do({ type: 'closed' });
      return side;
    };
    expect(said(over().do({ type: 'disconnect' }), null)).toEqual([
      'not-connected',
      undefined,
      'disconnect',
      'type',
    ]);
    expect(said(over().do({ type: 'acknowledge', packetId: 1 }))).toEqual([
      'not-connected',
      undefined,
      'puback',
      'packetId',
    ]);
    expect(said(over().do({ type: 'answer', packetId: 1, reasonCodes: [0] }))).toEqual([
      'not-connected',
      undefined,
      undefined,
      'packetId',
    ]);
  });

  it('when a message finds no room', () => {
    const side = client(5, { queue: { messages: 0 } }, { properties: { receiveMaximum: 1 } });
    side.do({ type: 'send', packet: publish(1) });
    expect(said(side.do({ type: 'send', packet: publish(1) }), null)).toEqual([
      'queue-full',
      undefined,
      'publish',
      'qos',
    ]);
    expect(said(side.do({ type: 'send', packet: publish(1), ifBusy: 'refuse' }), null)).toEqual([
      'quota-exhausted',
      undefined,
      'publish',
      'qos',
    ]);
  });

  it('when the answers are too many or too few', () => {
    for (const [version, packet, type, statement] of [
      [4, { type: 'subscribe', packetId: 1, subscriptions }, 'suback', 'MQTT-3.8.4-5'],
      [5, { type: 'subscribe', packetId: 1, subscriptions }, 'suback', 'MQTT-3.8.4-6'],
      [5, { type: 'unsubscribe', packetId: 1, topicFilters: ['a'] }, 'unsuback', 'MQTT-3.10.4-6'],
    ] as const) {
      const side = server(version);
      side.receive(packet);
      expect(said(side.do({ type: 'answer', packetId: 1, reasonCodes: [0, 0] }), version)).toEqual([
        'reason-code-count',
        undefined,
        type,
        'reasonCodes',
        statement,
      ]);
    }
  });
});
