// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { away, Peer, type PeerOptions, start } from './support.js';

const LASTING = { cleanStart: false, properties: { sessionExpiryInterval: 60 } } as const;
const FILTER = '$share/workers/jobs/+';

async function member(port: number, options: PeerOptions = {}, qos: 0 | 1 | 2 = 2): Promise<Peer> {
  const peer = await Peer.connected(port, 5, options);
  await peer.subscribe(FILTER, { qos });
  return peer;
}

describe('shared subscriptions', () => {
  it('give each message to one member, in turn, within the QoS that it was granted [5.0: MQTT-4.8.2-3]', async () => {
    const { port } = await start();
    const [a, b] = [await member(port, {}, 0), await member(port, {}, 1)];
    const other = await Peer.connected(port, 5);
    await other.subscribe('$share/watchers/jobs/#');
    const publisher = await Peer.connected(port, 5);
    for (let i = 0; i < 20; i++) await publisher.publish('jobs/1', `${i}`, { qos: 2 });
    for (const peer of [a, b, other]) await peer.flush();
    expect([a.messages.length, b.messages.length, other.messages.length]).toEqual([10, 10, 20]);
    expect(new Set([...a.texts(), ...b.texts()]).size).toBe(20);
    expect(a.messages.every(({ qos }) => qos === 0)).toBe(true);
    expect(b.messages.every(({ qos }) => qos === 1)).toBe(true);
    expect(other.messages.every(({ qos }) => qos === 2)).toBe(true);
  });

  it('turn to members that are there, and else to one that is away', async () => {
    const running = await start();
    const a = await member(running.port, { ...LASTING, clientId: 'a' });
    const b = await member(running.port, { ...LASTING, clientId: 'b' });
    await a.leave();
    await away(running, 'a');
    const publisher = await Peer.connected(running.port, 5);
    for (let i = 0; i < 4; i++) await publisher.publish('jobs/1', `${i}`, { qos: 1 });
    expect(await b.payloads()).toHaveLength(4);
    await b.leave();
    await away(running, 'b');
    for (let i = 4; i < 8; i++) await publisher.publish('jobs/1', `${i}`, { qos: 1 });
    const again = [
      await Peer.connected(running.port, 5, { ...LASTING, clientId: 'a', after: a }),
      await Peer.connected(running.port, 5, { ...LASTING, clientId: 'b', after: b }),
    ];
    const counts = [(await again[0]!.payloads()).length, (await again[1]!.payloads()).length];
    expect(counts).toEqual([2, 2]);
  });

  it('get no retained messages [U5-3.8.4-b]', async () => {
    const { port } = await start();
    const publisher = await Peer.connected(port, 5);
    await publisher.publish('jobs/1', 'kept', { qos: 1, retain: true });
    for (const retainHandling of [0, 1, 2] as const) {
      const peer = await Peer.connected(port, 5);
      await peer.subscribe(FILTER, { retainHandling });
      expect(await peer.payloads()).toEqual([]);
    }
  });

  it('send a copy of their own beside an ordinary one, each with its Subscription Identifier [5.0: MQTT-3.3.4-5]', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, 5);
    await peer.subscribe(FILTER, { identifier: 1 });
    await peer.subscribe('jobs/#', { identifier: 2 });
    await peer.publish('jobs/1', 'x', { qos: 1 });
    await peer.flush();
    const identifiers = peer.messages.map(({ properties }) => properties?.subscriptionIdentifiers);
    expect(identifiers.sort()).toEqual([[1], [2]]);
  });

  it('see a QoS 2 message through with the member that was chosen [5.0: MQTT-4.8.2-4]', async () => {
    const running = await start();
    const a = await member(running.port, { ...LASTING, clientId: 'a', acknowledgements: 'manual' });
    const publisher = await Peer.connected(running.port, 5);
    await publisher.publish('jobs/1', 'mine', { qos: 2 });
    await a.received(1);
    const b = await member(running.port);
    await a.vanish();
    await away(running, 'a');
    // The client that comes back has forgotten, so that the message is delivered to it once more.
    const again = await Peer.connected(running.port, 5, {
      ...LASTING,
      clientId: 'a',
      trustSessionPresent: true,
    });
    expect(await again.payloads()).toEqual(['mine']);
    expect(again.messages[0]).toMatchObject({ qos: 2, dup: true });
    expect(await b.payloads()).toEqual([]);
  });

  it('give up a QoS 2 message when the session of the chosen member ends, and pass on one of QoS 1 [5.0: MQTT-4.8.2-5]', async () => {
    const running = await start();
    const a = await member(running.port, {
      clientId: 'a',
      acknowledgements: 'manual',
      properties: { receiveMaximum: 2 },
    });
    const publisher = await Peer.connected(running.port, 5);
    await publisher.publish('jobs/1', 'two', { qos: 2 });
    await publisher.publish('jobs/1', 'one', { qos: 1 });
    await publisher.publish('jobs/1', 'never sent', { qos: 2 });
    await a.received(2);
    const b = await member(running.port);
    // Its session ends with its connection.
    await a.vanish();
    await away(running, 'a');
    expect((await b.payloads()).sort()).toEqual(['never sent', 'one']);
    await publisher.publish('jobs/1', 'next', { qos: 1 });
    expect(await b.payloads()).toContain('next');
  });

  it('do the same when a session ends that was away', async () => {
    const running = await start();
    const a = await member(running.port, {
      ...LASTING,
      clientId: 'a',
      acknowledgements: 'manual',
      properties: { sessionExpiryInterval: 60, receiveMaximum: 2 },
    });
    const publisher = await Peer.connected(running.port, 5);
    for (const [text, qos] of [
      ['two', 2],
      ['one', 1],
      ['never sent', 2],
    ] as const) {
      await publisher.publish('jobs/1', text, { qos });
    }
    await a.received(2);
    await a.vanish();
    await away(running, 'a');
    const b = await member(running.port);
    await Peer.connected(running.port, 5, { clientId: 'a', cleanStart: true });
    expect((await b.payloads()).sort()).toEqual(['never sent', 'one']);
  });

  it.each([1, 2] as const)(
    'drop a message of QoS %i that the chosen member refuses [5.0: MQTT-4.8.2-6]',
    async (qos) => {
      const { port } = await start();
      const a = await member(port, { acknowledgements: 'manual' });
      const publisher = await Peer.connected(port, 5);
      await publisher.publish('jobs/1', 'unwanted', { qos });
      const [message] = await a.received(1);
      const b = await member(port);
      a.link.acknowledge(message?.packetId ?? 0, { reasonCode: 0x99 });
      await a.flush();
      await a.vanish();
      expect(await b.payloads()).toEqual([]);
    },
  );

  it('are ordinary filters in 3.1.1', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, 4);
    await peer.subscribe(FILTER);
    await peer.publish('jobs/1', 'not for it', { qos: 1 });
    await peer.publish('$share/workers/jobs/1', 'for it', { qos: 1 });
    expect(await peer.payloads()).toEqual(['for it']);
    await peer.unsubscribe(FILTER);
    await peer.publish('$share/workers/jobs/1', 'too late', { qos: 1 });
    expect(await peer.payloads()).toEqual(['for it']);
  });
});
