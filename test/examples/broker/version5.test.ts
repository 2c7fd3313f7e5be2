import { describe, expect, it } from 'vitest';
import type { DecodedPublish } from '../../../src/index.js';
import { pause } from '../../peers/wait.js';
import { away, Peer, start } from './support.js';

/** Of the 60 seconds that it had at that time so many are left as there can be, in whole seconds, rounded up. */
function expectLeft({ properties }: DecodedPublish, since: number): void {
  const left = properties?.messageExpiryInterval ?? 0;
  expect(left).toBeLessThan(60);
  expect(left).toBeGreaterThanOrEqual(60 - (Date.now() - since) / 1_000);
}

const LASTING = { cleanStart: false, properties: { sessionExpiryInterval: 60 } } as const;

describe('properties of a message', () => {
  it.each([0, 1, 2] as const)(
    'are passed on unchanged at QoS %i [5.0: MQTT-3.3.2-4] [5.0: MQTT-3.3.2-15] [5.0: MQTT-3.3.2-16] [5.0: MQTT-3.3.2-17] [5.0: MQTT-3.3.2-20]',
    async (qos) => {
      const { port } = await start();
      const peer = await Peer.connected(port, 5);
      await peer.subscribe('a');
      const properties = {
        payloadFormatIndicator: 1,
        contentType: 'text/plain',
        responseTopic: 'answers/here',
        correlationData: Uint8Array.of(0, 1, 0xff),
        userProperties: [
          ['a', '2'],
          ['c', '3'],
          ['a', '1'],
        ],
      } as const;
      await peer.publish('a', 'x', { qos, properties });
      await peer.received(1);
      expect(peer.messages[0]?.properties).toEqual(properties);
      // And so when they were retained.
      await peer.publish('b', 'x', { qos, properties, retain: true });
      await peer.subscribe('b', { qos: 0 });
      await peer.received(2);
      expect(peer.messages[1]?.properties).toEqual(properties);
    },
  );

  it('are not for clients of 3.1.1', async () => {
    const { port } = await start();
    const old = await Peer.connected(port, 4);
    await old.subscribe('a');
    const peer = await Peer.connected(port, 5);
    await peer.publish('a', 'x', { qos: 2, properties: { contentType: 'text', messageExpiryInterval: 9 } });
    expect(await old.payloads()).toEqual(['x']);
  });
});

describe('Message Expiry Interval', () => {
  it('deletes queued messages, and the rest says what is left [5.0: MQTT-3.3.2-5] [5.0: MQTT-3.3.2-6]', async () => {
    const running = await start();
    const first = await Peer.connected(running.port, 5, { ...LASTING, clientId: 'away' });
    const old = await Peer.connected(running.port, 4, { cleanStart: false, clientId: 'old' });
    for (const peer of [first, old]) {
      await peer.subscribe('a');
      await peer.leave();
    }
    await away(running, 'away');
    await away(running, 'old');
    const publisher = await Peer.connected(running.port, 5);
    const since = Date.now();
    for (const [text, messageExpiryInterval] of [
      ['short', 1],
      ['long', 60],
    ] as const) {
      for (const qos of [1, 2] as const) {
        await publisher.publish('a', text, { qos, properties: { messageExpiryInterval } });
      }
    }
    await pause(1_200);
    const again = await Peer.connected(running.port, 5, { ...LASTING, clientId: 'away', after: first });
    expect(await again.payloads()).toEqual(['long', 'long']);
    for (const message of again.messages) expectLeft(message, since);
    const oldAgain = await Peer.connected(running.port, 4, {
      cleanStart: false,
      clientId: 'old',
      after: old,
    });
    expect(await oldAgain.payloads()).toEqual(['long', 'long']);
  });

  it('deletes retained messages, and the rest says what is left', async () => {
    const { broker, port } = await start();
    const peer = await Peer.connected(port, 5);
    const since = Date.now();
    await peer.publish('short', 'x', { qos: 1, retain: true, properties: { messageExpiryInterval: 1 } });
    await peer.publish('long', 'x', { qos: 1, retain: true, properties: { messageExpiryInterval: 60 } });
    await pause(1_200);
    await peer.subscribe(['short', '#']);
    await peer.flush();
    expect(peer.messages.map(({ topic }) => topic)).toEqual(['long']);
    for (const message of peer.messages) expectLeft(message, since);
    expect(broker.retained.size).toBe(1);
  });
});

describe('subscription options', () => {
  it("No Local keeps one's own messages away, retained ones too [5.0: MQTT-3.8.3-3]", async () => {
    const { port } = await start();
    const [a, b] = [await Peer.connected(port, 5), await Peer.connected(port, 5)];
    for (const peer of [a, b]) await peer.subscribe('TopicA', { noLocal: true });
    await a.publish('TopicA', 'from a', { qos: 1, retain: true });
    expect(await a.payloads()).toEqual([]);
    expect(await b.payloads()).toEqual(['from a']);
    await a.subscribe('TopicA', { noLocal: true });
    expect(await a.payloads()).toEqual([]);
    await b.subscribe('TopicA', { noLocal: true });
    expect(await b.payloads()).toHaveLength(2);
  });

  it('Retain As Published keeps RETAIN as it came [5.0: MQTT-3.3.1-13]', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, 5);
    await peer.subscribe('TopicA', { retainAsPublished: true });
    await peer.publish('TopicA', 'no', { qos: 1 });
    await peer.publish('TopicA', 'yes', { qos: 1, retain: true });
    await peer.flush();
    expect(peer.messages.map(({ retain }) => retain)).toEqual([false, true]);
  });

  it('Retain Handling says which subscriptions get retained messages [5.0: MQTT-3.3.1-10] [5.0: MQTT-3.3.1-11]', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, 5);
    await peer.publish('TopicA/B', 'kept', { qos: 1, retain: true });
    const count = async (retainHandling: 0 | 1 | 2): Promise<number> => {
      const before = peer.messages.length;
      await peer.subscribe('+/+', { retainHandling });
      await peer.flush();
      return peer.messages.length - before;
    };
    expect([await count(2), await count(2), await count(1), await count(0)]).toEqual([0, 0, 0, 1]);
    await peer.unsubscribe('+/+');
    expect([await count(1), await count(1), await count(0), await count(0)]).toEqual([1, 0, 1, 1]);
  });

  it('Subscription Identifiers of all that match come with the message [5.0: MQTT-3.3.4-3] [5.0: MQTT-3.3.4-4]', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, 5);
    await peer.subscribe('TopicA', { identifier: 2 });
    await peer.subscribe('TopicA/#', { identifier: 268_435_455 });
    await peer.subscribe('+');
    const other = await Peer.connected(port, 5);
    await other.subscribe('TopicA', { identifier: 456_789 });
    await peer.publish('TopicA', 'x', { qos: 1 });
    for (const each of [peer, other]) await each.flush();
    const identifiersOf = ({ messages }: Peer) =>
      messages.map(({ properties }) => [...(properties?.subscriptionIdentifiers ?? [])].sort());
    expect(identifiersOf(peer)).toEqual([[2, 268_435_455]]);
    expect(identifiersOf(other)).toEqual([[456_789]]);
    // The last identifier of a filter holds, and so does that there is none.
    await other.subscribe('TopicA', { identifier: 1 });
    await peer.publish('TopicA', 'x', { qos: 0 });
    await peer.flush();
    await other.subscribe('TopicA');
    await peer.publish('TopicA', 'x', { qos: 0 });
    await peer.flush();
    await other.flush();
    expect(identifiersOf(other).slice(1)).toEqual([[1], []]);
  });
});

describe('CONNACK', () => {
  it('grants no more than the Maximum QoS, whatever SUBSCRIBE asks for [5.0: MQTT-3.2.2-10]', async () => {
    const { port } = await start({ limits: { qos: 1 } });
    const peer = await Peer.connected(port, 5);
    expect(await peer.until('connected')).toMatchObject({ limits: { maximumQoS: 1 } });
    const granted = [];
    for (const qos of [0, 1, 2] as const) granted.push(...(await peer.subscribe(`${qos}`, { qos })));
    expect(granted).toEqual([0, 1, 1]);
    // A client of 3.1.1 cannot be told, and gets less in silence.
    const old = await Peer.connected(port, 4);
    expect(await old.subscribe('a', { qos: 2 })).toEqual([1]);
  });

  it('tells a shorter Keep Alive, and none that is longer', async () => {
    const { port } = await start({ serverKeepAlive: 60 });
    for (const [asked, granted] of [
      [120, 60],
      [0, 60],
      [30, 30],
    ] as const) {
      const peer = await Peer.connected(port, 5, { keepAlive: asked });
      expect(await peer.until('connected')).toMatchObject({ keepAlive: granted });
      const { packet } = await peer.until('connected');
      expect(packet?.properties?.serverKeepAlive).toBe(asked === 30 ? undefined : 60);
    }
  });

  it('has Response Information for those who ask', async () => {
    const { port } = await start({ responsePrefix: 'response/' });
    for (const requestResponseInformation of [0, 1] as const) {
      const properties = { requestResponseInformation };
      const peer = await Peer.connected(port, 5, { clientId: 'a+b', properties });
      const { packet } = await peer.until('connected');
      const expected = requestResponseInformation === 1 ? 'response/a%2Bb' : undefined;
      expect(packet?.properties?.responseInformation).toBe(expected);
    }
  });
});

describe('limits that both sides tell', () => {
  it('the Receive Maximum of the client is kept to', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, 5, {
      acknowledgements: 'manual',
      properties: { receiveMaximum: 2 },
    });
    await peer.subscribe('a');
    for (const text of ['1', '2', '3', '4']) await peer.publish('a', text, { qos: 1 });
    expect(await peer.payloads()).toEqual(['1', '2']);
    peer.link.acknowledge(peer.messages[0]?.packetId ?? 0);
    expect(await peer.payloads()).toEqual(['1', '2', '3']);
  });

  it('Topic Aliases are used both ways, and forgotten with the connection', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, 5, { properties: { topicAliasMaximum: 1 } });
    await peer.subscribe('TopicA');
    for (const topicAlias of [3, 3]) await peer.publish('TopicA', 'set', { properties: { topicAlias } });
    await peer.publish('', 'used', { qos: 1, properties: { topicAlias: 3 } });
    await peer.received(3);
    expect(peer.messages.every(({ topic }) => topic === 'TopicA')).toBe(true);
    // One topic has the one alias that the client takes.
    const { incoming } = peer.link.state.aliases;
    expect(incoming.size).toBe(1);
    const plain = await Peer.connected(port, 5);
    await plain.subscribe('TopicA');
    await plain.publish('TopicA', 'x', { qos: 1 });
    await plain.received(1);
    expect(plain.link.state.aliases.incoming.size).toBe(0);
  });

  it('packets above the Maximum Packet Size of the client are left out, and nothing gets stuck', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, 5, { maximumPacketSize: 64, properties: { receiveMaximum: 1 } });
    await peer.subscribe('TopicA');
    for (const [length, qos] of [
      [32, 0],
      [64, 1],
      [64, 2],
      [64, 0],
      [33, 1],
    ] as const) {
      await peer.publish('TopicA', '.'.repeat(length), { qos });
    }
    expect((await peer.payloads()).map(({ length }) => length)).toEqual([32, 33]);
  });
});
