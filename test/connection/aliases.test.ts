import { afterAll, describe, expect, it } from 'vitest';
import { encodedLength } from '../../src/codec.js';
import { hasAliasRoom } from '../../src/connection/checks.js';
import { canSend, type SendOptions } from '../../src/connection/index.js';
import type { Packet } from '../../src/packets/index.js';
import { flowsInOrder } from '../../src/session/index.js';
import {
  asked,
  bothRoles,
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
  type Side,
  sent,
  server,
} from './support.js';

afterAll(checkBytes);

/** A connection of MQTT 5.0 whose peer takes so many aliases, or which takes so many itself. */
function open(role: 'client' | 'server', theirs: number, ours = 0, options: object = {}): Side {
  const connect = { ...connect5, properties: { ...connect5.properties, topicAliasMaximum: ours } };
  if (role === 'client') {
    return client(5, { connect, ...options }, { properties: { topicAliasMaximum: theirs } });
  }
  const properties = { ...connect5.properties, topicAliasMaximum: theirs };
  return server(5, { announced: { topicAliasMaximum: ours }, ...options }, { properties });
}

const aliased = (topic: string, topicAlias: number, qos: 0 | 1 | 2 = 0): Packet =>
  incoming(qos, 1, { topic, properties: { topicAlias, contentType: 'text' } });

const send = (
  side: Side,
  topic: string,
  options: SendOptions & { alias?: number; qos?: 0 | 1 | 2 } = {},
): unknown => {
  const { alias, qos = 0, ...rest } = options;
  const properties = alias === undefined ? undefined : { topicAlias: alias };
  const actions = side.do({ type: 'send', packet: { ...publish(qos, topic), properties }, ...rest });
  if (actions[0]?.type === 'refused') return actions[0].error.code;
  const [packet] = sent(actions);
  return packet?.type === 'publish' ? [packet.topic, packet.properties?.topicAlias] : undefined;
};

describe.each(bothRoles)('aliases of the peer, at a %s', (role) => {
  const beyond = role === 'client' ? 'MQTT-3.3.2-11' : 'MQTT-3.3.2-9';
  const rows =
    role === 'client'
      ? { upTo: '[5.0: MQTT-3.3.2-10]', beyond: '[5.0: MQTT-3.3.2-11]' }
      : { upTo: '[5.0: MQTT-3.3.2-12]', beyond: '[5.0: MQTT-3.3.2-9]' };

  it(`stand for the topic that came with them, up to our maximum ${rows.upTo} [U5-3.3.2.3.4-c]`, () => {
    const side = open(role, 0, 3);
    for (const alias of [1, 2, 3]) {
      const { packet } = only(side.receive(aliased(`t${alias}`, alias)), 'deliver');
      expect(packet.topic).toBe(`t${alias}`);
      expect(packet.properties).toEqual({ contentType: 'text' });
    }
    for (const alias of [3, 1, 2]) {
      expect(only(side.receive(aliased('', alias)), 'deliver').packet.topic).toBe(`t${alias}`);
    }
    expect(only(side.receive(aliased('new', 2)), 'deliver').packet.topic).toBe('new');
    expect(only(side.receive(aliased('', 2, 2)), 'deliver').packet.topic).toBe('new');
    expect(only(side.receive(aliased('', 1)), 'deliver').packet.topic).toBe('t1');
  });

  it(`above our maximum end the connection with 0x94 ${rows.beyond} [U5-3.3.2.3.4-a]`, () => {
    for (const ours of [0, 3]) {
      const actions = open(role, 0, ours).receive(aliased('t', ours + 1));
      const code = 'topic-alias-out-of-range';
      expect(failure(actions)).toEqual({ code, reasonCode: 0x94, statement: beyond });
      expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x94 }]);
      expect(kinds(actions)).not.toContain('deliver');
    }
    const side = open(role, 0, 3);
    const packet = {
      type: 'publish',
      topic: 't',
      payload: new Uint8Array(0),
      qos: 0,
      retain: false,
      dup: false,
    } as const;
    const zero = { ...packet, properties: { topicAlias: 0 } };
    expect(failure(side.do({ type: 'packetReceived', packet: zero, size: 9 })).reasonCode).toBe(0x94);
  });

  it('that were never set end the connection with 0x82 [U5-3.3.2.3.4-b]', () => {
    const side = open(role, 0, 3);
    side.receive(aliased('t', 1));
    const actions = side.receive(aliased('', 2));
    expect(failure(actions)).toMatchObject({ code: 'unknown-topic-alias', reasonCode: 0x82 });
    expect(sent(actions)).toEqual([{ type: 'disconnect', reasonCode: 0x82 }]);
  });

  it('may be told again, which changes nothing', () => {
    const side = open(role, 0, 3);
    side.receive(aliased('a', 2));
    const { aliases } = side.state;
    side.receive(aliased('a', 2));
    expect(side.state.aliases).toBe(aliases);
    side.receive(aliased('b', 2));
    expect(only(side.receive(aliased('', 2)), 'deliver').packet.topic).toBe('b');
  });

  it('are forgotten with the connection [5.0: MQTT-3.3.2-7]', () => {
    const side = open(role, 0, 3);
    side.receive(aliased('t', 1));
    side.do({ type: 'closed' });
    const { session } = side.state;
    const connect = { ...connect5, properties: { ...connect5.properties, topicAliasMaximum: 3 } };
    const back =
      role === 'client'
        ? client(5, { connect, session }, { sessionPresent: true })
        : server(5, { announced: { topicAliasMaximum: 3 } }, {}, { session });
    expect(failure(back.receive(aliased('', 1))).code).toBe('unknown-topic-alias');
  });
});

describe.each(bothRoles)("aliases of a %s's own", (role) => {
  const [beyond, none] =
    role === 'client' ? ['MQTT-3.2.2-17', 'MQTT-3.2.2-18'] : ['MQTT-3.1.2-26', 'MQTT-3.1.2-27'];
  const rows =
    role === 'client'
      ? '[5.0: MQTT-3.2.2-17] [5.0: MQTT-3.2.2-18] [5.0: MQTT-3.3.2-9]'
      : '[5.0: MQTT-3.1.2-26] [5.0: MQTT-3.1.2-27] [5.0: MQTT-3.3.2-11]';

  it(`stay within what the peer takes ${rows}`, () => {
    const side = open(role, 2);
    expect(send(side, 'a', { alias: 2 })).toEqual(['a', 2]);
    const packet = { ...publish(0), properties: { topicAlias: 3 } };
    expect(canSend(side.state, packet)).toMatchObject({
      code: 'topic-alias-out-of-range',
      statement: beyond,
    });
    expect(send(side, 'a', { alias: 3 })).toBe('topic-alias-out-of-range');
    const without = open(role, 0);
    expect(refused(without.do({ type: 'send', packet })).statement).toBe(none);
    expect(send(without, 'a', { topicAlias: 'automatic' })).toEqual(['a', undefined]);
  });

  it('chosen by the caller may stand for the topic once they were set', () => {
    const side = open(role, 5);
    expect(send(side, '', { alias: 2 })).toBe('unknown-topic-alias');
    expect(send(side, 'a', { alias: 2 })).toEqual(['a', 2]);
    expect(send(side, '', { alias: 2 })).toEqual(['', 2]);
    expect(send(side, 'b', { alias: 2 })).toEqual(['b', 2]);
    expect(send(side, '', { alias: 2, qos: 1 })).toEqual(['', 2]);
    const [flow] = flowsInOrder(side.state.session);
    expect(flow).toMatchObject({ topic: 'b', properties: { topicAlias: undefined } });
  });

  it('chosen by the connection are the least recently used', () => {
    const side = open(role, 3, 0);
    const auto = { topicAlias: 'automatic' } as const;
    const topics = ['a', 'b', 'a', 'c', 'a', 'd', 'b', 'a', 'c'];
    expect(topics.map((topic) => send(side, topic, auto))).toEqual([
      ['a', 1],
      ['b', 2],
      ['', 1],
      ['c', 3],
      ['', 1],
      ['d', 2],
      ['b', 3],
      ['', 1],
      ['c', 2],
    ]);
  });

  it('chosen by the connection keep clear of those of the caller, and stay within its limit', () => {
    const side = open(role, 10, 0, { automaticAliases: 2 });
    const auto = { topicAlias: 'automatic' } as const;
    expect(send(side, 'mine', { alias: 1 })).toEqual(['mine', 1]);
    expect(send(side, 'a', auto)).toEqual(['a', 2]);
    expect(send(side, 'mine', auto)).toEqual(['', 1]);
    expect(send(side, 'b', auto)).toEqual(['b', 2]);
    expect(send(side, 'a', { alias: 9 })).toEqual(['a', 9]);
    expect(send(side, 'b', auto)).toEqual(['', 2]);
  });

  it('are told once, and every message is stored and sent again under its full topic [5.0: MQTT-3.3.2-7]', () => {
    const side = open(role, 3);
    const auto = { topicAlias: 'automatic', qos: 1 } as const;
    expect([send(side, 'a', auto), send(side, 'a', auto)]).toEqual([
      ['a', 1],
      ['', 1],
    ]);
    side.do({ type: 'closed' });
    const { session } = side.state;
    const properties = { topicAliasMaximum: 3 };
    const back =
      role === 'client'
        ? connecting(5, { session }).receive({
            type: 'connack',
            sessionPresent: true,
            reasonCode: 0,
            properties,
          })
        : asked(5, {}, { properties: { ...connect5.properties, ...properties } }).do({
            type: 'accept',
            session,
          });
    const again = sent(back).filter(({ type }) => type === 'publish');
    expect(again).toMatchObject([
      { topic: 'a', dup: true },
      { topic: 'a', dup: true },
    ]);
    for (const packet of again) expect(Reflect.get(packet, 'properties')?.topicAlias).toBeUndefined();
  });

  it('are given to messages that waited, where that was asked for', () => {
    const side = open(role, 3);
    side.do({ type: 'blocked' });
    for (const topic of ['a', 'a', 'b']) send(side, topic, { topicAlias: 'automatic', qos: 1 });
    send(side, 'a', { qos: 1 });
    const packets = sent(side.do({ type: 'writable' })) as {
      topic: string;
      properties?: { topicAlias?: number };
    }[];
    expect(packets.map(({ topic, properties }) => [topic, properties?.topicAlias])).toEqual([
      ['a', 1],
      ['', 1],
      ['b', 2],
      ['a', undefined],
    ]);
  });

  it('are resolved before a message waits', () => {
    const side = open(role, 3);
    send(side, 'a', { alias: 2 });
    side.do({ type: 'blocked' });
    send(side, '', { alias: 2, qos: 1 });
    send(side, 'b', { alias: 2, qos: 1 });
    expect(sent(side.do({ type: 'writable' }))).toMatchObject([{ topic: 'a' }, { topic: 'b' }]);
  });

  it('are left out where a packet would grow over the limit', () => {
    const limits = { topicAliasMaximum: 3, maximumPacketSize: 20 };
    const side =
      role === 'client'
        ? client(5, {}, { properties: limits })
        : server(5, {}, { properties: { ...connect5.properties, ...limits } });
    const packet = { ...publish(0), payload: new Uint8Array(14) };
    const [out] = sent(side.do({ type: 'send', packet, topicAlias: 'automatic' }));
    expect(out).toMatchObject({ topic: 'a' });
    expect(Reflect.get(out!, 'properties')).toBeUndefined();
  });
});

it('no alias makes a message too large that waited under one and is sent with its full topic', () => {
  const topic = 'x'.repeat(40);
  const first = client(5, {}, { properties: { topicAliasMaximum: 5 } });
  first.do({ type: 'send', packet: { ...publish(0, topic), properties: { topicAlias: 1 } } });
  first.do({ type: 'blocked' });
  const short = { ...publish(1, ''), properties: { topicAlias: 1 } };
  expect(first.do({ type: 'send', packet: short, topicAlias: 'automatic' })).toEqual([]);
  first.do({ type: 'closed' });
  const whole = { type: 'publish', topic, payload: 'm', qos: 1, packetId: 1 } as const;
  for (const [room, alias] of [
    [0, undefined],
    // What a Topic Alias takes, and whatever else is reckoned with.
    [200, 1],
  ] as const) {
    const properties = { topicAliasMaximum: 5, maximumPacketSize: encodedLength(whole, 5) + room };
    const side = connecting(5, { session: first.state.session });
    const [packet] = sent(side.receive({ type: 'connack', sessionPresent: true, reasonCode: 0, properties }));
    if (packet?.type !== 'publish') throw new Error('not sent');
    expect([packet.topic, packet.properties?.topicAlias]).toEqual([topic, alias]);
  }
});

it('a topic may have two aliases, and each stands for it', () => {
  const side = client(5, {}, { properties: { topicAliasMaximum: 5 } });
  for (const topicAlias of [1, 2]) {
    side.do({ type: 'send', packet: { ...publish(0, 'a'), properties: { topicAlias } } });
  }
  for (const topicAlias of [1, 2]) {
    const actions = side.do({ type: 'send', packet: { ...publish(0, ''), properties: { topicAlias } } });
    expect(kinds(actions)).toEqual(['publish', 'settled']);
  }
});

it('one alias is enough to be chosen, and goes from topic to topic', () => {
  const side = client(5, {}, { properties: { topicAliasMaximum: 1 } });
  const packets = ['a', 'a', 'b', 'a'].flatMap((topic) =>
    sent(side.do({ type: 'send', packet: publish(0, topic), topicAlias: 'automatic' })),
  );
  expect(packets).toMatchObject(
    ['a', '', 'b', 'a'].map((topic) => ({ topic, properties: { topicAlias: 1 } })),
  );
});

it('an alias takes four bytes at most, which may be the last ones', () => {
  expect([hasAliasRoom(96, 100), hasAliasRoom(97, 100)]).toEqual([true, false]);
});
