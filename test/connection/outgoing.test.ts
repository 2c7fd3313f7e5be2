import { afterAll, describe, expect, it } from 'vitest';
import { canSend, sendQuota, step } from '../../src/connection/index.js';
import type { PacketOf } from '../../src/packets/index.js';
import {
  bothRoles,
  bothVersions,
  checkBytes,
  client,
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
} from './support.js';

afterAll(checkBytes);

const each = bothRoles.flatMap((role) => bothVersions.map((version) => ({ role, version })));
const on5 = bothRoles.map((role) => ({ role, version: 5 as const }));

/** Sends a message and gives its PUBLISH. */
function send(side: Side, qos: 1 | 2, token: string | number = 't'): number {
  const [packet] = sent(side.do({ type: 'send', packet: publish(qos), token }));
  if (packet?.type !== 'publish' || packet.packetId === undefined) throw new Error('not sent');
  return packet.packetId;
}

describe.each(each)('the sender, a $role of version $version', ({ role, version }) => {
  const open = (): Side => connectedAs(role, version);

  it('sends QoS 0 with DUP 0 and keeps nothing [3.1.1: MQTT-4.3.1-1] [5.0: MQTT-4.3.1-1] [U5-4.3.1-a]', () => {
    const side = open();
    const before = side.state.session;
    const actions = side.do({ type: 'send', packet: publish(0), token: 't' });
    expect(sent(actions)).toMatchObject([{ type: 'publish', qos: 0, dup: false }]);
    expect(Reflect.get(sent(actions)[0]!, 'packetId')).toBeUndefined();
    expect(only(actions, 'settled')).toEqual({ type: 'settled', token: 't', outcome: { kind: 'sent' } });
    expect(side.state.session).toBe(before);
    expect(sendQuota(side.state)).toBe(65_535);
  });

  it('sends QoS 0 with DUP 0 also where the message came in with DUP 1 [3.1.1: MQTT-4.3.1-1] [5.0: MQTT-4.3.1-1]', () => {
    const side = open();
    const { packet } = only(side.receive(incoming(1, 9, { dup: true })), 'deliver');
    const forwarded = { ...packet, qos: 0, packetId: undefined } as const;
    expect(sent(side.do({ type: 'send', packet: forwarded }))).toMatchObject([
      { type: 'publish', dup: false },
    ]);
  });

  it('sends QoS 1 under an unused identifier with DUP 0 and keeps it until PUBACK [3.1.1: MQTT-4.3.2-1] [5.0: MQTT-4.3.2-1] [5.0: MQTT-4.3.2-2] [5.0: MQTT-4.3.2-3]', () => {
    const side = open();
    const actions = side.do({ type: 'send', packet: publish(1), token: 't' });
    expect(sent(actions)).toMatchObject([{ type: 'publish', qos: 1, dup: false, packetId: 1 }]);
    expect(kinds(actions)).toEqual(['publish']);
    side.do({ type: 'timerFired' });
    side.now += 1_000_000_000;
    expect(side.do({ type: 'timerFired' })).toEqual([]);
    expect(side.state.session.outgoing.size).toBe(1);
    const settled = side.receive({ type: 'puback', packetId: 1 });
    expect(kinds(settled)).toEqual(['settled']);
    expect(only(settled, 'settled')).toMatchObject({
      token: 't',
      outcome: { kind: 'acknowledged', reasonCode: 0, packet: { type: 'puback', packetId: 1 } },
    });
    expect(side.state.session.outgoing.size).toBe(0);
    expect(side.state.session.outgoing.size).toBe(0);
  });

  it('carries QoS 2 through PUBREC and PUBREL to PUBCOMP [3.1.1: MQTT-4.3.3-1] [5.0: MQTT-4.3.3-1] [5.0: MQTT-4.3.3-2] [5.0: MQTT-4.3.3-3] [5.0: MQTT-4.3.3-4] [5.0: MQTT-4.3.3-5]', () => {
    const side = open();
    const actions = side.do({ type: 'send', packet: publish(2), token: 't' });
    expect(sent(actions)).toMatchObject([{ type: 'publish', qos: 2, dup: false, packetId: 1 }]);
    expect(side.state.session.outgoing.size).toBe(1);
    const released = side.receive({ type: 'pubrec', packetId: 1 });
    expect(released).toEqual([{ type: 'transmit', packet: { type: 'pubrel', packetId: 1 } }]);
    expect(side.state.session.outgoing.size).toBe(1);
    const settled = side.receive({ type: 'pubcomp', packetId: 1 });
    expect(kinds(settled)).toEqual(['settled']);
    expect(side.state.session.outgoing.size).toBe(0);
    expect(side.state.session.outgoing.size).toBe(0);
  });

  it('sends no PUBLISH again on a connection that stands, and PUBREL for a PUBREC that comes again [3.1.1: MQTT-4.3.3-1] [5.0: MQTT-4.3.3-6] [5.0: MQTT-4.4.0-1]', () => {
    const side = open();
    send(side, 2);
    side.receive({ type: 'pubrec', packetId: 1 });
    side.now += 1_000_000_000;
    expect(side.do({ type: 'timerFired' })).toEqual([]);
    const again = side.receive({ type: 'pubrec', packetId: 1 });
    expect(again).toEqual([{ type: 'transmit', packet: { type: 'pubrel', packetId: 1 } }]);
    expect(side.state.traffic.sending).toBe(1);
    expect(kinds(side.receive({ type: 'pubcomp', packetId: 1 }))).toEqual(['settled']);
  });

  it('never takes DUP from a message that came in [3.1.1: MQTT-3.3.1-3] [5.0: MQTT-3.3.1-3]', () => {
    const side = open();
    const [delivered] = side.receive({
      type: 'publish',
      topic: 'a',
      qos: 1,
      dup: true,
      packetId: 9,
    } as PacketOf<5>);
    if (delivered?.type !== 'deliver') throw new Error('not delivered');
    const { topic, payload, qos } = delivered.packet;
    expect(delivered.packet.dup).toBe(true);
    const forwarded = { ...delivered.packet, topic, payload, qos };
    const actions = side.do({ type: 'send', packet: forwarded });
    expect(sent(actions)).toMatchObject([{ type: 'publish', dup: false, packetId: 1 }]);
  });

  it('has identifiers of its own, whatever the peer uses [U3-2.3.1-a] [3.1.1: MQTT-2.3.1-4] [5.0: MQTT-2.2.1-4] [U5-2.2.1-a]', () => {
    const side = open();
    side.receive({ type: 'publish', topic: 'a', qos: 2, packetId: 1 } as PacketOf<5>);
    expect(send(side, 2)).toBe(1);
    expect(sent(side.receive({ type: 'pubrel', packetId: 1 }))).toMatchObject([
      { type: 'pubcomp', packetId: 1 },
    ]);
    expect(sent(side.receive({ type: 'pubrec', packetId: 1 }))).toEqual([{ type: 'pubrel', packetId: 1 }]);
    expect(kinds(side.receive({ type: 'pubcomp', packetId: 1 }))).toEqual(['settled']);
  });

  it('gives every new message an identifier that nothing holds, and frees it with the last acknowledgement [3.1.1: MQTT-2.3.1-2] [3.1.1: MQTT-2.3.1-3] [3.1.1: MQTT-2.3.1-4] [5.0: MQTT-2.2.1-3] [5.0: MQTT-2.2.1-4] [U5-2.2.1-a]', () => {
    const side = open();
    const first = send(side, 2);
    const second = send(side, 1);
    const third = send(side, 2);
    expect(new Set([first, second, third]).size).toBe(3);
    side.receive({ type: 'puback', packetId: second });
    side.receive({ type: 'pubrec', packetId: third });
    expect(side.state.session.outgoing.size).toBe(2);
    side.receive({ type: 'pubcomp', packetId: third });
    expect(side.state.session.outgoing.size).toBe(1);
    expect(side.state.session.outgoing.size).toBe(1);
  });

  it('sends PUBRELs in the order of the PUBRECs [3.1.1: MQTT-4.6.0-4] [5.0: MQTT-4.6.0-4]', () => {
    const side = open();
    const ids = [send(side, 2), send(side, 2), send(side, 2)];
    const order = [ids[2]!, ids[0]!, ids[1]!];
    const released = order.flatMap((packetId) => sent(side.receive({ type: 'pubrec', packetId })));
    expect(released.map((packet) => Reflect.get(packet, 'packetId'))).toEqual(order);
  });

  it('ends the connection for an acknowledgement of the wrong kind', () => {
    const wrong = [
      [1, { type: 'pubrec', packetId: 1 }],
      [1, { type: 'pubcomp', packetId: 1 }],
      [2, { type: 'puback', packetId: 1 }],
      [2, { type: 'pubcomp', packetId: 1 }],
    ] as const;
    for (const [qos, packet] of wrong) {
      const side = open();
      send(side, qos);
      const actions = side.receive(packet);
      expect(failure(actions)).toMatchObject({ code: 'wrong-acknowledgement', reasonCode: 0x82 });
      expect(side.state.phase).toBe('closed');
    }
  });

  it('minds no PUBACK for an identifier that nobody holds', () => {
    const side = open();
    send(side, 1);
    expect(side.receive({ type: 'puback', packetId: 1 })).toMatchObject([{ type: 'settled' }]);
    const { session } = side.state;
    for (const packetId of [1, 7]) expect(side.receive({ type: 'puback', packetId })).toEqual([]);
    expect(side.state).toMatchObject({ phase: 'connected', session });
  });

  it('answers a PUBREC for an unknown identifier, and minds no PUBCOMP for one [U5-3.6.2-a]', () => {
    const side = open();
    const pubrel =
      version === 4 ? { type: 'pubrel', packetId: 7 } : { type: 'pubrel', packetId: 7, reasonCode: 0x92 };
    expect(side.receive({ type: 'pubrec', packetId: 7 })).toEqual([{ type: 'transmit', packet: pubrel }]);
    expect(side.receive({ type: 'pubcomp', packetId: 7 })).toEqual([]);
    expect(side.state.phase).toBe('connected');
  });

  it('refuses what cannot be sent, and leaks no identifier', () => {
    const side = open();
    const wrong = [
      { ...publish(1), topic: 'a/#' },
      { ...publish(2), topic: '' },
      { ...publish(1), topic: '\ud800' },
      { ...publish(1), properties: version === 4 ? { contentType: 'x' } : { topicAlias: 1 } },
      { ...publish(0), topic: 'x'.repeat(65_536) },
      { ...publish(0), payload: '\udc00' },
    ];
    for (const packet of wrong) {
      expect(kinds(side.do({ type: 'send', packet, token: 't' }))).toEqual(['refused']);
    }
    expect(side.state.session.outgoing.size).toBe(0);
    expect(side.state.traffic.sending).toBe(0);
  });
});

it('queues or refuses a message when all identifiers are in use, and goes on when one is free again', () => {
  const side = client(4);
  const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
  side.do({ type: 'send', packet: { type: 'subscribe', subscriptions } });
  // Nobody looks at the states in between, so that they need not be frozen.
  for (let i = 0; i < 65_534; i++) {
    [side.state] = step(side.state, { type: 'send', packet: publish(1), token: i, now: side.now });
  }
  expect(side.state.session.outgoing.size).toBe(65_535);
  expect(side.state.traffic.sending).toBe(65_534);
  const full = { type: 'send', packet: publish(1, 'late') } as const;
  expect(refused(side.do({ ...full, ifBusy: 'refuse' })).code).toBe('no-free-packet-id');
  expect(canSend(side.state, publish(2))?.code).toBe('no-free-packet-id');
  const request = { type: 'send', packet: { type: 'unsubscribe', topicFilters: ['a'] } } as const;
  expect(refused(side.do(request))).toMatchObject({ code: 'no-free-packet-id', field: 'packetId' });
  expect(canSend(side.state, request.packet)?.code).toBe('no-free-packet-id');
  expect(side.do(full)).toEqual([]);
  side.do({ type: 'blocked' });
  expect(side.do({ type: 'writable' })).toEqual([]);
  const actions = side.receive({ type: 'suback', packetId: 1, reasonCodes: [1] });
  expect(kinds(actions)).toEqual(['settled', 'publish']);
  expect(sent(actions)).toMatchObject([{ topic: 'late', packetId: 1, dup: false }]);
});

describe.each(on5)('the sender, a $role of version 5.0', ({ role }) => {
  const open = (): Side => connectedAs(role, 5);

  it('takes a PUBACK that refuses as the end, and never sends that message again [5.0: MQTT-4.4.0-2] [U5-4.13.2-a]', () => {
    const side = open();
    send(side, 1);
    const actions = side.receive({ type: 'puback', packetId: 1, reasonCode: 0x87 });
    expect(only(actions, 'settled')).toMatchObject({
      token: 't',
      outcome: { kind: 'refused', reasonCode: 0x87, packet: { type: 'puback' } },
    });
    expect(side.state.phase).toBe('connected');
    expect(side.state.session.outgoing.size).toBe(0);
    expect(side.state.traffic.sending).toBe(0);
  });

  it('sends no PUBREL after a PUBREC that refuses, and frees the identifier [5.0: MQTT-4.3.3-4] [5.0: MQTT-4.4.0-2] [U5-2.2.1-a] [U5-4.13.2-a]', () => {
    const side = open();
    send(side, 2);
    const actions = side.receive({ type: 'pubrec', packetId: 1, reasonCode: 0x97 });
    expect(kinds(actions)).toEqual(['settled']);
    expect(only(actions, 'settled').outcome).toMatchObject({ kind: 'refused', reasonCode: 0x97 });
    expect(side.state.session.outgoing.size).toBe(0);
    expect(side.state.traffic.sending).toBe(0);
    expect(side.state.phase).toBe('connected');
  });

  it('goes on after PUBREC 0x10, and tells that code in the end', () => {
    if (role === 'server') return;
    const side = open();
    send(side, 2);
    const released = side.receive({ type: 'pubrec', packetId: 1, reasonCode: 0x10 });
    expect(sent(released)).toEqual([{ type: 'pubrel', packetId: 1 }]);
    const outcome = only(side.receive({ type: 'pubcomp', packetId: 1 }), 'settled').outcome;
    expect(outcome).toMatchObject({ kind: 'acknowledged', reasonCode: 0x10 });
  });

  it('takes a PUBCOMP 0x92 as the end of the exchange [U5-3.6.2-a]', () => {
    const side = open();
    send(side, 2);
    side.receive({ type: 'pubrec', packetId: 1 });
    const actions = side.receive({ type: 'pubcomp', packetId: 1, reasonCode: 0x92 });
    expect(kinds(actions)).toEqual(['settled']);
    expect(side.state.phase).toBe('connected');
  });

  it('ends the connection for a PUBREC that refuses what it has accepted', () => {
    const side = open();
    send(side, 2);
    side.receive({ type: 'pubrec', packetId: 1 });
    const actions = side.receive({ type: 'pubrec', packetId: 1, reasonCode: 0x80 });
    expect(failure(actions).code).toBe('wrong-acknowledgement');
  });

  it('minds no PUBREC that refuses an unknown identifier', () => {
    const side = open();
    expect(side.receive({ type: 'pubrec', packetId: 9, reasonCode: 0x80 })).toEqual([]);
  });
});

it('takes 0x10 from a server alone', () => {
  const side = connectedAs('server', 5);
  send(side, 1);
  const actions = side.do({
    type: 'packetReceived',
    packet: { type: 'puback', packetId: 1, reasonCode: 0x10, properties: {} },
    size: 5,
  });
  expect(failure(actions)).toMatchObject({ code: 'wrong-sender', reasonCode: 0x82 });
});

describe('a caller that asks for the impossible', () => {
  it.each(bothVersions)('version %i: may send nothing before CONNACK, but a message may wait', (version) => {
    const side = connecting(version);
    expect(refused(side.do({ type: 'send', packet: publish(0), token: 't' })).code).toBe('not-connected');
    expect(refused(side.do({ type: 'send', packet: publish(1), ifBusy: 'refuse' })).code).toBe(
      'not-connected',
    );
    const subscribe = { type: 'subscribe', subscriptions: [{ topicFilter: 'a', qos: 1 }] } as const;
    expect(refused(side.do({ type: 'send', packet: subscribe })).code).toBe('not-connected');
    expect(side.do({ type: 'send', packet: publish(1), token: 't' })).toEqual([]);
    const actions = side.receive({ type: 'connack', sessionPresent: false, reasonCode: 0 });
    expect(kinds(actions)).toEqual(['connected', 'publish']);
    expect(sent(actions)).toMatchObject([{ dup: false, packetId: 1 }]);
  });

  it('hears that the packet is wrong before it hears that this peer does not take it', () => {
    const side = client(5, {}, { properties: { maximumQoS: 0, retainAvailable: 0 } });
    const packet = { ...publish(1, 'a/#'), retain: true };
    expect(refused(side.do({ type: 'send', packet })).code).toBe('wildcard-in-topic-name');
  });

  it('may send nothing after the end', () => {
    const side = client(5);
    side.do({ type: 'closed' });
    for (const qos of [0, 1, 2] as const) {
      expect(refused(side.do({ type: 'send', packet: publish(qos), token: 't' })).code).toBe('not-connected');
    }
    expect(refused(side.do({ type: 'acknowledge', packetId: 1 })).code).toBe('not-connected');
    expect(refused(side.do({ type: 'disconnect' })).code).toBe('not-connected');
  });

  it('gets its token back with the refusal', () => {
    const side = connecting(5);
    expect(only(side.do({ type: 'send', packet: publish(0), token: 'mine' }), 'refused').token).toBe('mine');
  });
});
