// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { away, Peer, start, VERSIONS } from './support.js';

describe.each(VERSIONS)('messages, version %i', (version) => {
  it('come at the lower QoS of message and subscription [3.1.1: MQTT-3.8.4-6] [5.0: MQTT-3.8.4-8] [5.0: MQTT-3.8.4-7]', async () => {
    const { port } = await start();
    const subscriber = await Peer.connected(port, version);
    for (const qos of [0, 1, 2] as const) {
      expect(await subscriber.subscribe(`granted/${qos}`, { qos })).toEqual([qos]);
    }
    const publisher = await Peer.connected(port, version);
    for (const granted of [0, 1, 2]) {
      for (const qos of [0, 1, 2] as const) await publisher.publish(`granted/${granted}`, `${qos}`, { qos });
    }
    await publisher.flush();
    const seen = (await subscriber.received(9)).map(({ topic, qos }) => `${topic.at(-1)} ${qos}`);
    expect(seen).toEqual(['0 0', '0 0', '0 0', '1 0', '1 1', '1 1', '2 0', '2 1', '2 2']);
  });

  it('go to every session that has subscribed, those of clients that are away included [3.1.1: MQTT-4.5.0-1] [5.0: MQTT-4.5.0-1] [3.1.1: MQTT-3.1.2-5]', async () => {
    const running = await start();
    const session = { cleanStart: false, properties: { sessionExpiryInterval: 60 } };
    const here = await Peer.connected(running.port, version);
    const there = await Peer.connected(running.port, version, { ...session, clientId: 'there' });
    for (const peer of [here, there]) await peer.subscribe(['news/#', 'only/0']);
    await there.leave();
    await away(running, 'there');
    const publisher = await Peer.connected(running.port, version);
    await publisher.publish('news/1', 'one', { qos: 1 });
    await publisher.publish('news/0', 'zero', { qos: 0 });
    await publisher.publish('news/2', 'two', { qos: 2 });
    expect(await here.payloads()).toEqual(['one', 'zero', 'two']);
    const back = await Peer.connected(running.port, version, { ...session, clientId: 'there', after: there });
    expect(await back.until('connected')).toMatchObject({ sessionPresent: true });
    expect(await back.payloads()).toEqual(['one', 'two']);
  });

  it('of one topic, QoS and publisher come in order, to each subscriber [3.1.1: MQTT-4.6.0-5] [3.1.1: MQTT-4.6.0-6] [5.0: MQTT-4.6.0-5] [5.0: MQTT-4.6.0-6]', async () => {
    const { port } = await start();
    const publisher = await Peer.connected(port, version);
    const subscribers = [await Peer.connected(port, version), await Peer.connected(port, version)];
    for (const [qos, subscriber] of subscribers.entries()) {
      await subscriber.subscribe('+/x', { qos: qos === 0 ? 2 : 1 });
    }
    const numbers = Array.from({ length: 300 }, (_, i) => i);
    for (const qos of [0, 1, 2] as const) {
      await Promise.all(numbers.map((i) => publisher.publish(`qos${qos}/x`, `${i}`, { qos })));
    }
    for (const subscriber of subscribers) {
      await subscriber.received(900);
      for (const qos of [0, 1, 2]) {
        const sent = subscriber.messages.filter(({ topic }) => topic === `qos${qos}/x`);
        expect(sent.map(({ payload }) => Number(new TextDecoder().decode(payload)))).toEqual(numbers);
      }
    }
  });

  it('come once where subscriptions overlap, at the highest QoS [3.1.1: MQTT-3.3.5-1] [5.0: MQTT-3.3.4-2]', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, version);
    await peer.subscribe('TopicA/#', { qos: 1 });
    await peer.subscribe('TopicA/+', { qos: 2 });
    await peer.subscribe('#', { qos: 0 });
    await peer.publish('TopicA/C', 'overlap', { qos: 2 });
    expect(await peer.payloads()).toEqual(['overlap']);
    expect(peer.messages[0]).toMatchObject({ qos: 2, topic: 'TopicA/C' });
  });

  it('stop with UNSUBSCRIBE, of several filters in one, which has one answer [3.1.1: MQTT-3.10.4-2] [5.0: MQTT-3.10.4-2] [3.1.1: MQTT-3.10.4-6] [5.0: MQTT-3.10.4-6]', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, version);
    await peer.subscribe(['a', 'b', 'c/+']);
    const codes = await peer.unsubscribe('a', 'missing', 'c/+');
    expect(codes).toEqual(version === 5 ? [0x00, 0x11, 0x00] : []);
    for (const topic of ['a', 'c/d', 'b']) await peer.publish(topic, topic, { qos: 1 });
    expect(await peer.payloads()).toEqual(['b']);
  });

  it('that were under way when UNSUBSCRIBE came are seen through [3.1.1: MQTT-3.10.4-3] [5.0: MQTT-3.10.4-3]', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, version, { acknowledgements: 'manual' });
    await peer.subscribe('a/#');
    const publisher = await Peer.connected(port, version);
    await publisher.publish('a/1', 'one', { qos: 1 });
    await publisher.publish('a/2', 'two', { qos: 2 });
    await peer.received(2);
    await peer.unsubscribe('a/#');
    await publisher.publish('a/3', 'three', { qos: 2 });
    for (const { packetId } of peer.messages) peer.link.acknowledge(packetId ?? 0);
    await peer.flush();
    // PUBREL has come, and with it the end of the exchange; nothing new has.
    expect(peer.link.state.session.incoming.size).toBe(0);
    expect(peer.texts()).toEqual(['one', 'two']);
  });

  it('follow several filters of one SUBSCRIBE, which has one answer [3.1.1: MQTT-3.8.4-4] [5.0: MQTT-3.8.4-5]', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, version);
    expect(await peer.subscribe(['a', 'b/+', 'c/#'], { qos: 1 })).toEqual([1, 1, 1]);
    for (const topic of ['a', 'b/x', 'c/y/z', 'd']) await peer.publish(topic, topic, { qos: 1 });
    expect(await peer.payloads()).toEqual(['a', 'b/x', 'c/y/z']);
    const answers = peer.events.filter(
      (event) =>
        event.type === 'settled' &&
        event.outcome.kind === 'acknowledged' &&
        event.outcome.packet.type === 'suback',
    );
    expect(answers).toHaveLength(1);
  });

  it('follow the last of identical subscriptions, and none gets lost in between [3.1.1: MQTT-3.8.4-3] [5.0: MQTT-3.8.4-3] [5.0: MQTT-3.8.4-4]', async () => {
    const { port } = await start();
    const publisher = await Peer.connected(port, version);
    await publisher.publish('kept/1', 'retained', { qos: 1, retain: true });
    const peer = await Peer.connected(port, version);
    await peer.subscribe('kept/+', { qos: 2 });
    const sent = Array.from({ length: 200 }, (_, i) => publisher.publish('kept/2', `${i}`, { qos: 2 }));
    await peer.subscribe('kept/+', { qos: 1 });
    await Promise.all(sent);
    await publisher.publish('kept/2', 'last', { qos: 2 });
    await peer.flush();
    const live = peer.messages.filter(({ topic }) => topic === 'kept/2');
    expect(live).toHaveLength(201);
    expect(live.at(-1)).toMatchObject({ qos: 1 });
    expect(peer.messages.filter(({ retain }) => retain)).toHaveLength(2);
  });

  it('to topics that begin with $ are for filters that begin so', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, version);
    await peer.subscribe(['#', '+/+', '+/TopicA/B']);
    await peer.publish('$TopicA/B', 'hidden', { qos: 1 });
    expect(await peer.payloads()).toEqual([]);
    await peer.subscribe('$TopicA/#');
    await peer.publish('$TopicA/B', 'seen', { qos: 1 });
    expect(await peer.payloads()).toEqual(['seen']);
  });
});

describe.each(VERSIONS)('retained messages, version %i', (version) => {
  it('go to new subscriptions, marked, and with the QoS they came with [3.1.1: MQTT-3.3.1-5] [3.1.1: MQTT-3.3.1-6] [3.1.1: MQTT-3.3.1-8] [5.0: MQTT-3.3.1-5] [5.0: MQTT-3.3.1-9]', async () => {
    const { port } = await start();
    const publisher = await Peer.connected(port, version);
    for (const qos of [0, 1, 2] as const) {
      await publisher.publish(`TopicA/${qos}`, 'first', { qos, retain: true });
      await publisher.publish(`TopicA/${qos}`, 'latest', { qos, retain: true });
    }
    await publisher.flush();
    const peer = await Peer.connected(port, version);
    for (const filter of ['+/+', 'TopicA/#', 'TopicA/1']) await peer.subscribe(filter);
    await peer.flush();
    expect(peer.texts()).toEqual(Array.from({ length: 7 }, () => 'latest'));
    expect(peer.messages.every(({ retain }) => retain)).toBe(true);
    expect(peer.messages.slice(0, 3).map(({ qos }) => qos)).toEqual([0, 1, 2]);
    // The same subscription once more is as good as new.
    await peer.subscribe('TopicA/1');
    expect(await peer.payloads()).toHaveLength(8);
  });

  it('reach subscriptions that stand without the mark [3.1.1: MQTT-3.3.1-9] [5.0: MQTT-3.3.1-12]', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, version);
    await peer.subscribe('a');
    await peer.publish('a', 'live', { qos: 1, retain: true });
    await peer.flush();
    expect(peer.messages).toMatchObject([{ retain: false, topic: 'a' }]);
  });

  it('are taken away by an empty one, which is forwarded and not kept [3.1.1: MQTT-3.3.1-10] [3.1.1: MQTT-3.3.1-11] [5.0: MQTT-3.3.1-6] [5.0: MQTT-3.3.1-7]', async () => {
    const { broker, port } = await start();
    const peer = await Peer.connected(port, version);
    await peer.publish('a', 'kept', { qos: 1, retain: true });
    await peer.subscribe('a');
    await peer.publish('a', '', { qos: 1, retain: true });
    expect(await peer.payloads()).toEqual(['kept', '']);
    expect(peer.messages[1]).toMatchObject({ retain: false });
    await peer.subscribe('a');
    expect(await peer.payloads()).toHaveLength(2);
    expect(broker.retained.size).toBe(0);
  });

  it('stay as they are when a message without RETAIN comes [3.1.1: MQTT-3.3.1-12] [5.0: MQTT-3.3.1-8]', async () => {
    const { broker, port } = await start();
    const peer = await Peer.connected(port, version);
    await peer.publish('a', 'kept', { qos: 1, retain: true });
    await peer.publish('a', 'passing', { qos: 1 });
    await peer.publish('a', '', { qos: 1 });
    await peer.publish('b', 'passing', { qos: 1 });
    await peer.subscribe('#');
    expect(await peer.payloads()).toEqual(['kept']);
    expect(broker.retained.size).toBe(1);
  });

  it('of QoS 0 replace the one before [3.1.1: MQTT-3.3.1-7]', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, version);
    await peer.publish('a', 'before', { qos: 2, retain: true });
    await peer.publish('a', 'after', { qos: 0, retain: true });
    await peer.subscribe('a');
    expect(await peer.payloads()).toEqual(['after']);
  });

  it('outlive the session that published them [3.1.1: MQTT-3.1.2-7]', async () => {
    const running = await start();
    const publisher = await Peer.connected(running.port, version, { clientId: 'gone' });
    await publisher.publish('a', 'kept', { qos: 1, retain: true });
    await publisher.leave();
    await away(running, 'gone');
    expect(running.broker.sessions.size).toBe(0);
    const peer = await Peer.connected(running.port, version);
    await peer.subscribe('a');
    expect(await peer.payloads()).toEqual(['kept']);
  });
});
