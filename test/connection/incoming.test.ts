import { afterAll, describe, expect, it } from 'vitest';
import type { Action } from '../../src/connection/index.js';
import { exportSession, unacknowledged } from '../../src/session/index.js';
import {
  bothRoles,
  bothVersions,
  checkBytes,
  client,
  connectedAs,
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

const each = bothRoles.flatMap((role) => bothVersions.map((version) => ({ role, version })));
const ids = (actions: readonly Action[]): unknown[] =>
  sent(actions).map((packet) => [packet.type, Reflect.get(packet, 'packetId')]);

describe.each(each)('the receiver, a $role of version $version', ({ role, version }) => {
  const open = (acknowledgements: 'automatic' | 'manual' = 'automatic'): Side =>
    connectedAs(role, version, { acknowledgements });

  it('answers by QoS: nothing, PUBACK, PUBREC; after the delivery, with the same identifier [3.1.1: MQTT-3.3.4-1] [5.0: MQTT-3.3.4-1] [3.1.1: MQTT-2.3.1-6] [5.0: MQTT-2.2.1-5] [3.1.1: MQTT-4.3.2-2] [3.1.1: MQTT-4.3.3-2] [5.0: MQTT-4.3.2-4] [5.0: MQTT-4.3.3-8] [3.1.1: MQTT-4.5.0-2] [5.0: MQTT-4.5.0-2]', () => {
    const side = open();
    expect(kinds(side.receive(incoming(0)))).toEqual(['deliver']);
    const one = side.receive(incoming(1, 7));
    expect(kinds(one)).toEqual(['deliver', 'puback']);
    expect(ids(one)).toEqual([['puback', 7]]);
    const two = side.receive(incoming(2, 9));
    expect(kinds(two)).toEqual(['deliver', 'pubrec']);
    expect(ids(two)).toEqual([['pubrec', 9]]);
    expect(ids(side.receive({ type: 'pubrel', packetId: 9 }))).toEqual([['pubcomp', 9]]);
    expect(side.state.session.incoming.size).toBe(0);
  });

  it('takes QoS 1 under an acknowledged identifier as a new message, whatever DUP says [3.1.1: MQTT-4.3.2-2] [5.0: MQTT-4.3.2-5] [U3-4.4-a]', () => {
    const side = open();
    for (const dup of [false, true, false]) {
      expect(kinds(side.receive(incoming(1, 5, { dup })))).toEqual(['deliver', 'puback']);
    }
  });

  it('delivers QoS 2 once until PUBREL, answers every PUBLISH, and takes the identifier as new after PUBCOMP [3.1.1: MQTT-4.3.3-2] [5.0: MQTT-4.3.3-10] [5.0: MQTT-4.3.3-11] [5.0: MQTT-4.3.3-12] [U3-4.4-a]', () => {
    const side = open();
    expect(kinds(side.receive(incoming(2, 5)))).toEqual(['deliver', 'pubrec']);
    for (const dup of [true, false]) expect(kinds(side.receive(incoming(2, 5, { dup })))).toEqual(['pubrec']);
    expect(ids(side.receive({ type: 'pubrel', packetId: 5 }))).toEqual([['pubcomp', 5]]);
    expect(kinds(side.receive(incoming(2, 5, { dup: true })))).toEqual(['deliver', 'pubrec']);
  });

  it('answers every PUBREL, also one for an identifier that it does not know [5.0: MQTT-4.3.3-11] [U5-3.6.2-a]', () => {
    const side = open();
    const expected = version === 4 ? {} : { reasonCode: 0x92 };
    const actions = side.receive({ type: 'pubrel', packetId: 3 });
    expect(actions).toEqual([{ type: 'transmit', packet: { type: 'pubcomp', packetId: 3, ...expected } }]);
    expect(side.state.phase).toBe('connected');
  });

  it('minds no reason in a PUBREL: the identifier is free again', () => {
    if (version === 4) return;
    const side = open();
    side.receive(incoming(2, 5));
    expect(sent(side.receive({ type: 'pubrel', packetId: 5, reasonCode: 0x92 }))).toEqual([
      { type: 'pubcomp', packetId: 5 },
    ]);
  });

  it('completes the exchange of a message that has expired meanwhile [5.0: MQTT-4.3.3-13]', () => {
    if (version === 4) return;
    const side = open('manual');
    side.receive(incoming(2, 5, { properties: { messageExpiryInterval: 1 } }));
    side.now += 60_000;
    expect(ids(side.do({ type: 'acknowledge', packetId: 5 }))).toEqual([['pubrec', 5]]);
    expect(ids(side.receive({ type: 'pubrel', packetId: 5 }))).toEqual([['pubcomp', 5]]);
  });

  it('lets a QoS 1 message use an identifier whose QoS 2 message was answered', () => {
    const side = open();
    side.receive(incoming(2, 5));
    expect(kinds(side.receive(incoming(1, 5)))).toEqual(['deliver', 'puback']);
    expect(kinds(side.receive(incoming(2, 5, { dup: true })))).toEqual(['pubrec']);
  });
});

describe.each(each)('acknowledging by hand, a $role of version $version', ({ role, version }) => {
  const open = (): Side => connectedAs(role, version, { acknowledgements: 'manual' });

  it('delivers at once and acknowledges when told', () => {
    const side = open();
    expect(kinds(side.receive(incoming(1, 5)))).toEqual(['deliver']);
    expect(kinds(side.receive(incoming(2, 6)))).toEqual(['deliver']);
    expect(ids(side.do({ type: 'acknowledge', packetId: 6 }))).toEqual([['pubrec', 6]]);
    expect(ids(side.do({ type: 'acknowledge', packetId: 5 }))).toEqual([['puback', 5]]);
  });

  it('sends PUBACKs in the order of their PUBLISHes, whatever the order of the verdicts [3.1.1: MQTT-4.6.0-2] [5.0: MQTT-4.6.0-2]', () => {
    const side = open();
    for (const id of [5, 3, 9, 4]) side.receive(incoming(1, id));
    expect(side.do({ type: 'acknowledge', packetId: 3 })).toEqual([]);
    expect(side.do({ type: 'acknowledge', packetId: 4 })).toEqual([]);
    expect(ids(side.do({ type: 'acknowledge', packetId: 5 }))).toEqual([
      ['puback', 5],
      ['puback', 3],
    ]);
    expect(ids(side.do({ type: 'acknowledge', packetId: 9 }))).toEqual([
      ['puback', 9],
      ['puback', 4],
    ]);
    expect(side.state.traffic.receiving).toBe(0);
  });

  it('sends PUBRECs in the order of their PUBLISHes, waiting for no PUBACK [3.1.1: MQTT-4.6.0-3] [5.0: MQTT-4.6.0-3]', () => {
    const side = open();
    side.receive(incoming(1, 1));
    for (const id of [5, 3, 9]) side.receive(incoming(2, id));
    expect(side.do({ type: 'acknowledge', packetId: 9 })).toEqual([]);
    expect(side.do({ type: 'acknowledge', packetId: 3 })).toEqual([]);
    expect(ids(side.do({ type: 'acknowledge', packetId: 5 }))).toEqual([
      ['pubrec', 5],
      ['pubrec', 3],
      ['pubrec', 9],
    ]);
    expect(ids(side.do({ type: 'acknowledge', packetId: 1 }))).toEqual([['puback', 1]]);
  });

  it('answers a repeated QoS 2 PUBLISH after those that came before it [3.1.1: MQTT-4.6.0-3] [5.0: MQTT-4.6.0-3]', () => {
    const side = open();
    side.receive(incoming(2, 5));
    side.do({ type: 'acknowledge', packetId: 5 });
    side.receive(incoming(2, 6));
    expect(side.receive(incoming(2, 5, { dup: true }))).toEqual([]);
    expect(ids(side.do({ type: 'acknowledge', packetId: 6 }))).toEqual([
      ['pubrec', 6],
      ['pubrec', 5],
    ]);
  });

  it('answers a QoS 2 PUBLISH once that is repeated before its verdict, in its first place', () => {
    const side = open();
    side.receive(incoming(2, 5));
    side.receive(incoming(2, 6));
    expect(side.receive(incoming(2, 5, { dup: true }))).toEqual([]);
    expect(ids(side.do({ type: 'acknowledge', packetId: 6 }))).toEqual([]);
    expect(ids(side.do({ type: 'acknowledge', packetId: 5 }))).toEqual([
      ['pubrec', 5],
      ['pubrec', 6],
    ]);
  });

  it('gives up an answer that PUBREL has made idle, and what waited behind it goes out', () => {
    const side = open();
    for (const id of [5, 6]) side.receive(incoming(2, id));
    side.do({ type: 'acknowledge', packetId: 6 });
    expect(ids(side.receive({ type: 'pubrel', packetId: 5 }))).toEqual([
      ['pubcomp', 5],
      ['pubrec', 6],
    ]);
    expect(refused(side.do({ type: 'acknowledge', packetId: 5 })).code).toBe('unknown-packet-id');
    expect(side.state.traffic.receiving).toBe(1);
    expect(kinds(side.receive(incoming(2, 5)))).toEqual(['deliver']);
  });

  it('leaves the PUBACK alone that is owed under the identifier of a PUBREL', () => {
    const side = open();
    side.receive(incoming(2, 5));
    side.do({ type: 'acknowledge', packetId: 5 });
    side.receive(incoming(1, 5));
    side.receive(incoming(2, 6));
    expect(ids(side.receive({ type: 'pubrel', packetId: 5 }))).toEqual([['pubcomp', 5]]);
    expect(ids(side.do({ type: 'acknowledge', packetId: 5 }))).toEqual([['puback', 5]]);
    expect(ids(side.do({ type: 'acknowledge', packetId: 6 }))).toEqual([['pubrec', 6]]);
    expect(side.state.traffic.receiving).toBe(1);
  });

  it('takes no verdict after the end: the next connection asks for it', () => {
    const side = open();
    side.receive(incoming(2, 5));
    side.do({ type: 'closed' });
    expect(refused(side.do({ type: 'acknowledge', packetId: 5 })).code).toBe('not-connected');
  });

  it('knows a QoS 2 message after the verdict on one of QoS 1 under its identifier', () => {
    const side = open();
    side.receive(incoming(2, 5));
    side.do({ type: 'acknowledge', packetId: 5 });
    side.receive(incoming(1, 5));
    expect(ids(side.do({ type: 'acknowledge', packetId: 5 }))).toEqual([['puback', 5]]);
    expect(kinds(side.receive(incoming(2, 5, { dup: true })))).toEqual(['pubrec']);
  });

  it('takes an identifier out of the middle of those that wait', () => {
    const side = open();
    for (const id of [5, 6, 7, 8]) side.receive(incoming(2, id));
    for (const id of [6, 7, 8]) side.do({ type: 'acknowledge', packetId: id });
    expect(ids(side.receive({ type: 'pubrel', packetId: 7 }))).toEqual([['pubcomp', 7]]);
    side.receive(incoming(2, 9));
    expect(ids(side.receive({ type: 'pubrel', packetId: 9 }))).toEqual([['pubcomp', 9]]);
    side.receive(incoming(2, 10));
    side.do({ type: 'acknowledge', packetId: 10 });
    expect(ids(side.do({ type: 'acknowledge', packetId: 5 }))).toEqual([
      ['pubrec', 5],
      ['pubrec', 6],
      ['pubrec', 8],
      ['pubrec', 10],
    ]);
  });

  it('takes neighbours out of the middle, one after the other', () => {
    const side = open();
    for (const id of [5, 6, 7, 8]) side.receive(incoming(2, id));
    for (const id of [6, 7, 8]) side.do({ type: 'acknowledge', packetId: id });
    for (const id of [6, 7]) side.receive({ type: 'pubrel', packetId: id });
    expect(ids(side.do({ type: 'acknowledge', packetId: 5 }))).toEqual([
      ['pubrec', 5],
      ['pubrec', 8],
    ]);
    expect(side.state.owed.entries.size).toBe(0);
  });

  it('delivers a message under an identifier that waits once, and answers it once [U3-4.4-a]', () => {
    for (const qos of [1, 2] as const) {
      const answer = qos === 1 ? 'puback' : 'pubrec';
      const side = open();
      for (const id of [1, 2]) {
        expect(kinds(side.receive(incoming(qos, id)))).toEqual(['deliver']);
        expect(side.receive(incoming(qos, id, { dup: true }))).toEqual([]);
      }
      expect(side.state.traffic.receiving).toBe(2);
      side.receive(incoming(qos, 3));
      for (const id of [1, 2, 3]) {
        expect(ids(side.do({ type: 'acknowledge', packetId: id }))).toEqual([[answer, id]]);
      }
      expect(side.state.owed.entries.size).toBe(0);
    }
  });

  it('ends the connection when an identifier that waits comes back with another QoS', () => {
    for (const [first, second] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const side = open();
      side.receive(incoming(first, 5));
      expect(failure(side.receive(incoming(second, 5)))).toMatchObject({
        code: 'packet-id-in-use',
        reasonCode: 0x82,
      });
    }
  });

  it('refuses verdicts on what it was not asked about, and a second verdict', () => {
    const side = open();
    for (const packetId of [1, 0, -1, 65_536, 1.5, Number.NaN]) {
      expect(refused(side.do({ type: 'acknowledge', packetId })).code).toBe('unknown-packet-id');
    }
    side.receive(incoming(1, 4));
    side.receive(incoming(1, 5));
    side.do({ type: 'acknowledge', packetId: 5 });
    expect(refused(side.do({ type: 'acknowledge', packetId: 5 })).code).toBe('unknown-packet-id');
    side.do({ type: 'acknowledge', packetId: 4 });
    expect(refused(side.do({ type: 'acknowledge', packetId: 4 })).code).toBe('unknown-packet-id');
  });

  it('tells a verdict, or in MQTT 3.1.1 acknowledges all the same', () => {
    const side = open();
    side.receive(incoming(1, 5));
    const verdict = { reasonCode: 0x87, properties: { reasonString: 'no' } } as const;
    const actions = side.do({ type: 'acknowledge', packetId: 5, ...verdict });
    const expected = { type: 'puback', packetId: 5, ...(version === 5 ? verdict : {}) };
    expect(sent(actions)).toEqual([expected]);
  });

  it('keeps a QoS 2 identifier after a good verdict only [5.0: MQTT-4.3.3-9] [3.1.1: MQTT-4.3.3-2]', () => {
    const side = open();
    side.receive(incoming(2, 5));
    const actions = side.do({ type: 'acknowledge', packetId: 5, reasonCode: 0x87 });
    expect(sent(actions)).toEqual([
      version === 5 ? { type: 'pubrec', packetId: 5, reasonCode: 0x87 } : { type: 'pubrec', packetId: 5 },
    ]);
    const again = kinds(side.receive(incoming(2, 5, { dup: true })));
    // What was refused is forgotten, and the next PUBLISH is new.
    expect(again).toEqual(version === 5 ? ['deliver'] : ['pubrec']);
    expect(side.state.traffic.receiving).toBe(1);
  });

  it('refuses a verdict that cannot be told', () => {
    const side = open();
    side.receive(incoming(1, 5));
    const input = { type: 'acknowledge', packetId: 5 } as const;
    expect(refused(side.do({ ...input, reasonCode: 0x92 as 0 })).code).toBe('unknown-reason-code');
    expect(refused(side.do({ ...input, properties: { reasonString: '\ud800' } })).code).toBe(
      'lone-surrogate',
    );
    if (role === 'client') expect(refused(side.do({ ...input, reasonCode: 0x10 })).code).toBe('wrong-sender');
    else expect(kinds(side.do({ ...input, reasonCode: 0x10 }))).toEqual(['puback']);
  });
});

it('a verdict for which the peer has no room ends the connection, and what waited behind it stays unsaid', () => {
  const options = { acknowledgements: 'manual' } as const;
  const side = client(5, options, { properties: { maximumPacketSize: 4 } });
  for (const id of [1, 2, 3]) side.receive(incoming(1, id));
  side.do({ type: 'acknowledge', packetId: 2, reasonCode: 0x87 });
  side.do({ type: 'acknowledge', packetId: 3 });
  const actions = side.do({ type: 'acknowledge', packetId: 1 });
  expect(kinds(actions)).toEqual(['puback', 'fail', 'disconnect', 'close', 'ended']);
  expect(failure(actions).code).toBe('packet-too-large');
});

it('a verdict on a QoS 1 message says nothing of a QoS 2 message under the same identifier', () => {
  const side = client(5, { acknowledgements: 'manual' });
  side.receive(incoming(2, 5));
  side.do({ type: 'acknowledge', packetId: 5 });
  side.receive(incoming(1, 4));
  side.receive(incoming(1, 5));
  expect(side.do({ type: 'acknowledge', packetId: 5, reasonCode: 0x87 })).toEqual([]);
  expect(ids(side.receive(incoming(2, 9)))).toEqual([]);
  expect(exportSession(side.state).incoming).toEqual([
    { packetId: 5, phase: 'answered', verdict: 0 },
    { packetId: 9, phase: 'delivered', verdict: 0 },
  ]);
  expect(unacknowledged(side.state.session)).toEqual([9]);
  expect(sent(side.do({ type: 'acknowledge', packetId: 4 }))).toEqual([
    { type: 'puback', packetId: 4 },
    { type: 'puback', packetId: 5, reasonCode: 0x87 },
  ]);
  expect(ids(side.receive({ type: 'pubrel', packetId: 5 }))).toEqual([['pubcomp', 5]]);
});

describe('what the standard leaves to the sender', () => {
  it('takes Subscription Identifiers from a server alone', () => {
    const packet = incoming(0, 0, { properties: { subscriptionIdentifiers: [1, 2] } });
    const delivered = only(client(5).receive(packet), 'deliver').packet;
    expect(delivered.properties?.subscriptionIdentifiers).toEqual([1, 2]);
    expect(failure(server(5).receive(packet))).toEqual({
      code: 'wrong-sender',
      reasonCode: 0x82,
      statement: 'MQTT-3.3.4-6',
    });
  });

  it('sends Subscription Identifiers from a server alone', () => {
    const packet = { ...publish(0), properties: { subscriptionIdentifiers: [1] } };
    expect(refused(client(5).do({ type: 'send', packet }))).toMatchObject({
      code: 'wrong-sender',
      statement: 'MQTT-3.3.4-6',
    });
    expect(sent(server(5).do({ type: 'send', packet }))).toMatchObject([packet]);
    // An empty list is none.
    const without = { ...packet, properties: { subscriptionIdentifiers: [] } };
    expect(kinds(client(5).do({ type: 'send', packet: without }))).toEqual(['publish', 'settled']);
  });

  it('delivers messages for a subscription before its SUBACK [U5-3.8.4-a]', () => {
    const side = client(5);
    const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
    side.do({ type: 'send', packet: { type: 'subscribe', subscriptions } });
    expect(kinds(side.receive(incoming(1, 1)))).toEqual(['deliver', 'puback']);
    expect(kinds(side.receive({ type: 'suback', packetId: 1, reasonCodes: [1] }))).toEqual(['settled']);
  });
});

describe('a verdict on a message of an earlier connection', () => {
  const again = (side: Side): Side => {
    side.do({ type: 'closed' });
    return client(5, { acknowledgements: 'manual', session: side.state.session }, { sessionPresent: true });
  };

  it('given in time is told when the PUBLISH comes again', () => {
    for (const reasonCode of [0, 0x80, 0x87] as const) {
      let side = client(5, { acknowledgements: 'manual' });
      side.receive(incoming(2, 5));
      side = again(side);
      expect(unacknowledged(side.state.session)).toEqual([5]);
      expect(side.do({ type: 'acknowledge', packetId: 5, reasonCode })).toEqual([]);
      expect(unacknowledged(side.state.session)).toEqual([]);
      expect(refused(side.do({ type: 'acknowledge', packetId: 5 })).code).toBe('unknown-packet-id');
      const code = reasonCode === 0 ? {} : { reasonCode };
      expect(sent(side.receive(incoming(2, 5, { dup: true })))).toEqual([
        { type: 'pubrec', packetId: 5, ...code },
      ]);
      expect(side.state.session.incoming.size).toBe(reasonCode === 0 ? 1 : 0);
    }
  });

  it('is still awaited when the PUBLISH comes again, which is not delivered twice', () => {
    let side = client(5, { acknowledgements: 'manual' });
    side.receive(incoming(2, 5));
    side = again(side);
    expect(side.receive(incoming(2, 5, { dup: true }))).toEqual([]);
    expect(ids(side.do({ type: 'acknowledge', packetId: 5 }))).toEqual([['pubrec', 5]]);
  });

  it('is taken as given by a connection that acknowledges by itself', () => {
    const side = client(5, { acknowledgements: 'manual' });
    side.receive(incoming(2, 5));
    side.do({ type: 'closed' });
    const next = client(5, { session: side.state.session }, { sessionPresent: true });
    expect(ids(next.receive(incoming(2, 5, { dup: true })))).toEqual([['pubrec', 5]]);
  });
});
