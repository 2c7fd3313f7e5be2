import { afterAll, describe, expect, it } from 'vitest';
import { canSend } from '../../src/connection/index.js';
import type { Packet } from '../../src/packets/index.js';
import {
  bothVersions,
  checkBytes,
  client,
  connect5,
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

const subscribe = (
  ...filters: string[]
): { type: 'subscribe'; subscriptions: { topicFilter: string; qos: 1 }[] } => ({
  type: 'subscribe',
  subscriptions: filters.map((topicFilter) => ({ topicFilter, qos: 1 })),
});
const unsubscribe = (...topicFilters: string[]): { type: 'unsubscribe'; topicFilters: string[] } => ({
  type: 'unsubscribe',
  topicFilters,
});

describe.each(bothVersions)('a client of version %i that subscribes', (version) => {
  it('gets identifiers from the pool that its messages use, and free again with the answer [3.1.1: MQTT-2.3.1-2] [5.0: MQTT-2.2.1-3] [3.1.1: MQTT-2.3.1-3] [U5-2.2.1-a]', () => {
    const side = client(version);
    const ids = [publish(1), subscribe('a'), publish(2), unsubscribe('a')].map((packet) =>
      Reflect.get(sent(side.do({ type: 'send', packet, token: packet.type }))[0]!, 'packetId'),
    );
    expect(ids).toEqual([1, 2, 3, 4]);
    const actions = side.receive({ type: 'suback', packetId: 2, reasonCodes: [0x80] });
    expect(only(actions, 'settled')).toMatchObject({
      token: 'subscribe',
      outcome: { kind: 'acknowledged', packet: { type: 'suback', reasonCodes: [0x80] } },
    });
    const unsuback: Packet =
      version === 4
        ? { type: 'unsuback', packetId: 4 }
        : { type: 'unsuback', packetId: 4, reasonCodes: [0x11] };
    expect(only(side.receive(unsuback), 'settled').token).toBe('unsubscribe');
    expect(side.state.session.outgoing.size).toBe(2);
    expect(side.state.details.awaited).toBe(0);
    expect(side.state.phase).toBe('connected');
  });

  it('ends the connection when the answer has another number of codes, or answers nothing [U5-3.9.3-a]', () => {
    const side = client(version);
    side.do({ type: 'send', packet: subscribe('a', 'b') });
    expect(failure(side.receive({ type: 'suback', packetId: 1, reasonCodes: [1] }))).toMatchObject({
      code: 'reason-code-count',
      reasonCode: 0x82,
    });
    for (const packet of [
      { type: 'suback', packetId: 1, reasonCodes: [1] },
      version === 4 ? { type: 'unsuback', packetId: 1 } : { type: 'unsuback', packetId: 1, reasonCodes: [0] },
    ] as Packet[]) {
      expect(failure(client(version).receive(packet))).toMatchObject({
        code: 'unknown-packet-id',
        reasonCode: 0x82,
      });
      const busy = client(version);
      busy.do({ type: 'send', packet: publish(1) });
      expect(failure(busy.receive(packet)).code).toBe('wrong-acknowledgement');
    }
    const crossed = client(version);
    crossed.do({ type: 'send', packet: unsubscribe('a') });
    const wrong = crossed.receive({ type: 'suback', packetId: 1, reasonCodes: [1] });
    expect(failure(wrong).code).toBe('wrong-acknowledgement');
    const acked = client(version);
    acked.do({ type: 'send', packet: subscribe('a') });
    expect(failure(acked.receive({ type: 'puback', packetId: 1 })).code).toBe('wrong-acknowledgement');
  });

  it('is refused what cannot be sent', () => {
    const side = client(version);
    expect(refused(side.do({ type: 'send', packet: subscribe('a/#/b') })).code).toBe('invalid-topic-filter');
    expect(refused(side.do({ type: 'send', packet: subscribe() })).code).toBe('empty-list');
    expect(refused(side.do({ type: 'send', packet: unsubscribe('#a') })).code).toBe('invalid-topic-filter');
    expect(side.state.session.outgoing.size).toBe(0);
  });
});

it('an UNSUBACK of MQTT 5.0 has a code for each filter [U5-3.9.3-a]', () => {
  const side = client(5);
  side.do({ type: 'send', packet: unsubscribe('a', 'b') });
  const actions = side.receive({ type: 'unsuback', packetId: 1, reasonCodes: [0] });
  expect(failure(actions)).toMatchObject({ code: 'reason-code-count', reasonCode: 0x82 });
});

describe('what a server does not offer', () => {
  const cases = [
    ['wildcardSubscriptionAvailable', subscribe('a', 'b/#'), 'wildcard-subscriptions-not-supported', 0xa2],
    ['wildcardSubscriptionAvailable', subscribe('$share/g/+'), 'wildcard-subscriptions-not-supported', 0xa2],
    ['sharedSubscriptionAvailable', subscribe('a', '$share/g/b'), 'shared-subscriptions-not-supported', 0x9e],
    [
      'subscriptionIdentifierAvailable',
      { ...subscribe('a'), properties: { subscriptionIdentifier: 3 } },
      'subscription-identifiers-not-supported',
      0xa1,
    ],
  ] as const;

  it.each(cases)(
    '%s: a client asks not for it, and a server refuses it [U5-3.2.2.3.11-a] [U5-3.2.2.3.12-a] [U5-3.2.2.3.13-a]',
    (name, packet, code, reasonCode) => {
      const side = client(5, {}, { properties: { [name]: 0 } });
      expect(refused(side.do({ type: 'send', packet })).code).toBe(code);
      expect(canSend(side.state, packet)?.code).toBe(code);
      expect(kinds(side.do({ type: 'send', packet: subscribe('plain') }))).toEqual(['subscribe']);
      expect(kinds(client(5).do({ type: 'send', packet }))).toEqual(['subscribe']);
      const actions = server(5, { announced: { [name]: 0 } }).receive({ ...packet, packetId: 1 } as Packet);
      expect(failure(actions)).toMatchObject({ code, reasonCode });
      expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode }]);
      expect(kinds(server(5).receive({ ...packet, packetId: 1 } as Packet))).toEqual(['requestReceived']);
    },
  );

  it('is nothing in MQTT 3.1.1', () => {
    const announced = { wildcardSubscriptionAvailable: 0, sharedSubscriptionAvailable: 0 } as const;
    const side = server(4, { announced });
    expect(kinds(side.receive({ ...subscribe('$share/x', '#'), packetId: 1 }))).toEqual(['requestReceived']);
  });
});

describe.each(bothVersions)('a server of version %i that is asked', (version) => {
  const open = (): Side => server(version);

  it('answers every SUBSCRIBE and UNSUBSCRIBE under its identifier, with a code for each filter in their order [3.1.1: MQTT-2.3.1-7] [5.0: MQTT-2.2.1-6] [3.1.1: MQTT-3.8.4-1] [5.0: MQTT-3.8.4-1] [3.1.1: MQTT-3.8.4-2] [5.0: MQTT-3.8.4-2] [3.1.1: MQTT-3.9.3-1] [5.0: MQTT-3.9.3-1] [3.1.1: MQTT-3.10.4-4] [5.0: MQTT-3.10.4-4] [3.1.1: MQTT-3.10.4-5] [5.0: MQTT-3.10.4-5] [5.0: MQTT-3.11.3-1]', () => {
    const side = open();
    const actions = side.receive({ ...subscribe('a', 'b'), packetId: 7 });
    expect(only(actions, 'requestReceived').packet).toMatchObject({ type: 'subscribe', packetId: 7 });
    side.receive({ ...unsubscribe('x', 'y'), packetId: 9 });
    const unsuback = sent(side.do({ type: 'answer', packetId: 9, reasonCodes: [0x11, 0] }));
    expect(unsuback).toEqual([
      version === 4
        ? { type: 'unsuback', packetId: 9 }
        : { type: 'unsuback', packetId: 9, reasonCodes: [0x11, 0] },
    ]);
    const suback = sent(side.do({ type: 'answer', packetId: 7, reasonCodes: [2, 0x87] }));
    expect(suback).toEqual([
      { type: 'suback', packetId: 7, reasonCodes: version === 4 ? [2, 0x80] : [2, 0x87] },
    ]);
    expect(kinds(side.receive({ ...subscribe('a'), packetId: 7 }))).toEqual(['requestReceived']);
  });

  it('answers no more often than it was asked, and with as many codes as there are filters', () => {
    const side = open();
    expect(refused(side.do({ type: 'answer', packetId: 1, reasonCodes: [1] })).code).toBe(
      'unknown-packet-id',
    );
    expect(refused(side.do({ type: 'answer', packetId: 0, reasonCodes: [1] })).code).toBe(
      'unknown-packet-id',
    );
    side.receive({ ...subscribe('a', 'b'), packetId: 1 });
    expect(refused(side.do({ type: 'answer', packetId: 1, reasonCodes: [1] })).code).toBe(
      'reason-code-count',
    );
    const wrong = { type: 'answer', packetId: 1, reasonCodes: [1, 0x11] } as const;
    expect(refused(side.do(wrong)).code).toBe('unknown-reason-code');
    side.do({ type: 'answer', packetId: 1, reasonCodes: [1, 1] });
    expect(refused(side.do({ type: 'answer', packetId: 1, reasonCodes: [1, 1] })).code).toBe(
      'unknown-packet-id',
    );
    side.do({ type: 'closed' });
    expect(refused(side.do({ type: 'answer', packetId: 1, reasonCodes: [] })).code).toBe('not-connected');
  });

  it('ends the connection for an identifier that awaits its answer', () => {
    const side = open();
    side.receive({ ...subscribe('a'), packetId: 1 });
    const actions = side.receive({ ...unsubscribe('a'), packetId: 1 });
    expect(failure(actions)).toMatchObject({ code: 'packet-id-in-use', reasonCode: 0x82 });
    const manual = server(version, { acknowledgements: 'manual' });
    manual.receive(incoming(1, 4));
    expect(failure(manual.receive({ ...subscribe('a'), packetId: 4 })).code).toBe('packet-id-in-use');
  });

  it('asks for no subscription itself', () => {
    expect(refused(open().do({ type: 'send', packet: subscribe('a') })).code).toBe('wrong-sender');
  });
});

it('an UNSUBACK of MQTT 5.0 is not sent with another number of codes', () => {
  const side = server(5, {}, { properties: connect5.properties });
  side.receive({ ...unsubscribe('a', 'b'), packetId: 1 });
  expect(refused(side.do({ type: 'answer', packetId: 1, reasonCodes: [0] })).code).toBe('reason-code-count');
});

it('UNSUBACK of MQTT 3.1.1 has no codes to count', () => {
  for (const reasonCodes of [[], [0]] as const) {
    const side = server(4);
    side.receive({ type: 'unsubscribe', packetId: 3, topicFilters: ['a', 'b'] });
    expect(sent(side.do({ type: 'answer', packetId: 3, reasonCodes }))).toEqual([
      { type: 'unsuback', packetId: 3 },
    ]);
  }
});
