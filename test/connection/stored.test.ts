import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConnectionState,
  clientConnection,
  exportConnection,
  importConnection,
  type StoredConnection,
  serverConnection,
} from '../../src/connection/index.js';
import { type SessionState, storedFromJson, storedToJson } from '../../src/session/index.js';
import {
  asked,
  client,
  connect4,
  connect5,
  connecting,
  incoming,
  publish,
  type Side,
  server,
  waiting,
} from './support.js';

const will = { topic: 'w', payload: 'gone', properties: { correlationData: Uint8Array.of(7) } };

/** A connection of a server with something in every list. */
function rich(): ConnectionState {
  const side = server(5, { acknowledgements: 'manual', announced: { topicAliasMaximum: 5 } }, {
    will,
    properties: { ...connect5.properties, topicAliasMaximum: 3, receiveMaximum: 2 },
  } as object);
  for (const id of [1, 2]) side.receive(incoming(2, id));
  side.receive(incoming(1, 3, { topic: 'known', properties: { topicAlias: 4 } }));
  side.do({ type: 'acknowledge', packetId: 2, reasonCode: 0x87, properties: { reasonString: 'no' } });
  side.receive({ type: 'subscribe', packetId: 9, subscriptions: [{ topicFilter: 'a', qos: 1 }] });
  for (const topic of ['x', 'y', 'z']) {
    side.do({ type: 'send', packet: publish(1, topic), token: topic, topicAlias: 'automatic' });
  }
  side.do({ type: 'blocked' });
  return side.state;
}

/** A connection of a client with what a server's cannot have. */
function asking(): ConnectionState {
  const first = client(5);
  for (const topic of ['x', 'y']) first.do({ type: 'send', packet: publish(2, topic) });
  first.do({ type: 'send', packet: publish(1, 'z') });
  first.do({ type: 'closed' });
  const connect = { ...connect5, keepAlive: 1 };
  const limits = { properties: { receiveMaximum: 1 }, sessionPresent: true };
  const side = client(5, { session: first.state.session, connect }, limits);
  side.do({ type: 'send', packet: { type: 'unsubscribe', topicFilters: ['a', 'b'] }, token: 7 });
  side.now += 1_000;
  side.do({ type: 'timerFired' });
  return side.state;
}

/** A connection of a server whose host has not made up its mind. */
function holding(): ConnectionState {
  const side = asked(5, {}, { will } as object);
  side.receive(incoming(1, 1, { properties: { correlationData: Uint8Array.of(1) } }));
  return side.state;
}

/** A client that sends before CONNACK, or has something of an earlier connection to send. */
function early(version: 4 | 5, session?: SessionState): Side {
  const side = connecting(version, { pipelining: true, session });
  for (const topic of ['x', 'y']) side.do({ type: 'send', packet: publish(1, topic) });
  return side;
}

function ended(): ConnectionState {
  const side = early(4);
  side.do({ type: 'closed' });
  return side.state;
}

const states: [string, ConnectionState][] = [
  ['a client of MQTT 3.1.1 before it opens', clientConnection({ connect: connect4 })],
  [
    'a client that has something to send again',
    clientConnection({ connect: connect5, session: ended().session }),
  ],
  ['a client that sends before CONNACK', early(5).state],
  ['a client that waits for CONNACK with older messages', early(5, ended().session).state],
  ['a client that has ended', ended()],
  ['a server that waits for CONNECT', waiting().state],
  ['a client before it opens', clientConnection({ connect: { ...connect5, username: 'u', password: 'p' } })],
  ['a server before it opens', serverConnection({ queue: { messages: Infinity, bytes: Infinity } })],
  ['a client that connects', connecting(5).state],
  ['a client that resumes, asks and pings', asking()],
  ['a server that holds packets', holding()],
  ['a server with all it can have', rich()],
  ['a server of MQTT 3.1.1', server(4, {}, { will: { topic: 'w', payload: '' } } as object).state],
];

describe('a stored connection', () => {
  it.each(states)('comes back the same: %s', (_, state) => {
    const stored = exportConnection(state);
    for (const copy of [structuredClone(stored), storedFromJson(storedToJson(stored))]) {
      expect(copy).toEqual(stored);
      const back = importConnection(copy);
      expect(exportConnection(back)).toEqual(stored);
      expect(back.traffic).toEqual(state.traffic);
      expect(back.details.heldBytes).toBe(state.details.heldBytes);
      expect(back.details.awaited).toBe(state.details.awaited);
    }
  });

  it('has one row for everything', () => {
    expect(exportConnection(rich())).toMatchObject({
      format: 1,
      phase: 'connected',
      requests: [{ packetId: 9, type: 'subscribe', filters: 1 }],
      seen: [1, 2],
      owed: [
        { packetId: 3, qos: 1, verdict: -1 },
        { packetId: 1, qos: 2, verdict: -1 },
        { packetId: 2, qos: 2, verdict: 0x87, properties: { reasonString: 'no' } },
      ],
      incomingAliases: [{ alias: 4, topic: 'known' }],
      outgoingAliases: [
        { alias: 2, topic: 'y' },
        { alias: 1, topic: 'x' },
      ],
      will: { topic: 'w' },
      status: { blocked: true },
    });
    expect(exportConnection(asking())).toMatchObject({
      asked: [{ packetId: 4, phase: 'awaiting-unsuback', token: 7, filters: 2 }],
      resend: [2, 3],
      status: { pingSent: 1_001_000 },
    });
    expect(exportConnection(holding()).held).toMatchObject([{ packet: { type: 'publish' }, size: 13 }]);
  });

  it('holds no secret once CONNECT was sent', () => {
    const side = connecting(5, { connect: { ...connect5, username: 'user-x', password: 'secret-x' } });
    expect(storedToJson(exportConnection(side.state))).not.toMatch(/user-x|secret-x/);
    const late = asked(5, {}, { username: 'user-x', password: 'secret-x' });
    expect(storedToJson(exportConnection(late.state))).not.toMatch(/user-x|c2VjcmV0/);
  });
});

describe('what is no stored connection', () => {
  const stored = exportConnection(rich());
  const client5 = exportConnection(asking());
  const held = exportConnection(holding());
  const change = (of: StoredConnection, path: string, value: unknown): unknown => {
    const copy = structuredClone(of) as object;
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<object>((at, key) => Reflect.get(at, key), copy);
    Reflect.set(parent, last, value);
    return copy;
  };
  const cases: [string, unknown][] = [
    ['connection', undefined],
    ['connection', 'text'],
    ['format', {}],
    ['format', change(stored, 'format', 2)],
    ['phase', change(stored, 'phase', 'open')],
    ['settings', change(stored, 'settings', 1)],
    ['settings.role', change(stored, 'settings.role', 'broker')],
    ['settings.versions[0]', change(stored, 'settings.versions', [3])],
    ['settings.queue.messages', change(stored, 'settings.queue.messages', -1)],
    ['settings.pingTimeout', change(stored, 'settings.pingTimeout', '1')],
    ['settings.announced', change(stored, 'settings.announced', { receiveMaximum: 0 })],
    ['settings.authenticationMethods[0]', change(stored, 'settings.authenticationMethods', [1])],
    ['terms.version', change(stored, 'terms.version', 3)],
    ['terms.keepAlive', change(stored, 'terms.keepAlive', 65_536)],
    ['terms.peers.receiveMaximum', change(stored, 'terms.peers.receiveMaximum', 0)],
    ['terms.ours.maximumQoS', change(stored, 'terms.ours.maximumQoS', 3)],
    ['terms.authenticationMethod', change(stored, 'terms.authenticationMethod', 1)],
    ['format', change(stored, 'session', {})],
    ['asked[0].packetId', change(client5, 'asked.0.packetId', 0)],
    ['asked[0].filters', change(client5, 'asked.0.filters', 0)],
    ['asked', change(client5, 'asked.0.packetId', 2)],
    ['asked', change(client5, 'asked.0.order', 99)],
    ['asked', change(client5, 'asked.0.order', client5.session.nextOrder)],
    ['requests[0].type', change(stored, 'requests.0.type', 'publish')],
    ['requests', change(stored, 'requests', [stored.requests[0], stored.requests[0]])],
    ['seen', change(stored, 'seen', [1, 1])],
    ['seen', change(stored, 'seen', [5])],
    ['seen[0]', change(stored, 'seen', [0])],
    ['resend[0]', change(client5, 'resend', [0])],
    ['resend', change(client5, 'resend', [9])],
    ['resend', change(client5, 'resend', [4])],
    ['owed[0].qos', change(stored, 'owed.0.qos', 0)],
    ['owed[0].verdict', change(stored, 'owed.0.verdict', 256)],
    ['owed[2].properties', change(stored, 'owed.2.properties', { reasonString: 1 })],
    ['owed', change(stored, 'owed', [stored.owed[0], stored.owed[0]])],
    ['owed', change(stored, 'seen', [1])],
    ['owed', change(stored, 'owed.1.packetId', 77)],
    ['incomingAliases[0].alias', change(stored, 'incomingAliases.0.alias', 0)],
    ['outgoingAliases[0].topic', change(stored, 'outgoingAliases.0.topic', 1)],
    ['held[0].size', change(held, 'held.0.size', 1)],
    ['held[0].packet', change(held, 'held.0.packet.topic', 'a/#')],
    ['held[0].packet.type', change(held, 'held.0.packet', { type: 'pingresp' })],
    ['held', change(held, 'held.0.packet', 7)],
    ['will', change(held, 'will.topic', '')],
    ['will', change(held, 'will', 7)],
    ['connect', change(client5, 'connect', { type: 'connect' })],
    ['connect', change(client5, 'connect', 7)],
    ['connect', change(exportConnection(clientConnection({ connect: connect5 })), 'connect', undefined)],
    ['connect.type', change(client5, 'connect', { type: 'pingreq' })],
    ['status.authTurn', change(stored, 'status.authTurn', 'mine')],
    ['status.lastSent', change(stored, 'status.lastSent', null)],
  ];

  it.each(cases)('%s is named', (field, value) => {
    const code = 'invalid-stored-state';
    expect(() => importConnection(value)).toThrow(expect.objectContaining({ code, field }));
  });

  it('throws that error and no other, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.keys(stored)), (value, key) => {
        for (const garbage of [value, { ...stored, [key]: value }]) {
          try {
            importConnection(garbage);
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid-stored-state' });
          }
        }
      }),
    );
  });
});
