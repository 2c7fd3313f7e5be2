import { describe, expect, it } from 'vitest';
import { inTime, until } from '../../peers/wait.js';
import { away, Bytes, Peer, type PeerOptions, start, VERSIONS } from './support.js';

const LASTING = { cleanStart: false, properties: { sessionExpiryInterval: 60 } } as const;

describe.each(VERSIONS)('sessions, version %i', (version) => {
  it('go over to a newer connection, and the older one ends [3.1.1: MQTT-3.1.4-2] [5.0: MQTT-3.1.4-3]', async () => {
    const { port } = await start();
    const older = await Peer.connected(port, version, { ...LASTING, clientId: 'twin' });
    await older.subscribe('a');
    const newer = await Peer.connected(port, version, { ...LASTING, clientId: 'twin', after: older });
    expect(await newer.until('connected')).toMatchObject({ sessionPresent: true });
    await older.link.closed;
    const last = older.events.find((event) => event.type === 'disconnectReceived');
    expect(last).toEqual(
      version === 5
        ? expect.objectContaining({ packet: expect.objectContaining({ reasonCode: 0x8e }) })
        : undefined,
    );
    await newer.publish('a', 'still subscribed', { qos: 1 });
    expect(await newer.payloads()).toEqual(['still subscribed']);
  });

  it('end where the client wants to start clean', async () => {
    const running = await start();
    const first = await Peer.connected(running.port, version, { ...LASTING, clientId: 'fresh' });
    await first.subscribe('a');
    const second = await Peer.connected(running.port, version, { clientId: 'fresh', cleanStart: true });
    expect(await second.until('connected')).toMatchObject({ sessionPresent: false });
    await second.publish('a', 'for nobody', { qos: 1 });
    expect(await second.payloads()).toEqual([]);
    await second.leave();
    await away(running, 'fresh');
    expect(running.broker.sessions.size).toBe(0);
    expect(running.broker.subscriptions.size).toBe(0);
  });

  it('send again what was not acknowledged, in its order', async () => {
    const running = await start();
    const first = await Peer.connected(running.port, version, {
      ...LASTING,
      clientId: 'deaf',
      acknowledgements: 'manual',
    });
    await first.subscribe('TopicA/#');
    await first.publish('TopicA/B', 'one', { qos: 1 });
    await first.publish('TopicA/C', 'two', { qos: 2 });
    await first.received(2);
    await first.vanish();
    await away(running, 'deaf');
    const again = await Peer.connected(running.port, version, { ...LASTING, clientId: 'deaf', after: first });
    expect(await again.payloads()).toEqual(['one']);
    // The QoS 2 message was delivered before: its second coming has been answered, and not delivered.
    expect(again.messages[0]).toMatchObject({ dup: true, qos: 1 });
    await again.flush();
    expect(again.link.state.session.incoming.size).toBe(0);
  });

  it.each(['a', 'abcXYZ0123456789', 'ABCDEFGHIJKLMNOPQRSTUVW', 'x'.repeat(100), 'ü/#+ 1'])(
    'take the Client Identifier %s [3.1.1: MQTT-3.1.3-5] [5.0: MQTT-3.1.3-5]',
    async (clientId) => {
      const { broker, port } = await start();
      const peer = await Peer.connected(port, version, { clientId });
      expect(await peer.until('connected')).toMatchObject({ clientId });
      expect(broker.sessions.has(clientId)).toBe(true);
    },
  );

  it('of clients without a name get one that nobody has [3.1.1: MQTT-3.1.3-6] [5.0: MQTT-3.1.3-6] [5.0: MQTT-3.2.2-16]', async () => {
    const { broker, port } = await start();
    const peers = await Promise.all([1, 2, 3].map(() => Peer.connected(port, version)));
    expect(broker.sessions.size).toBe(3);
    const names = [...broker.connections].map(({ who }) => who.clientId);
    expect(new Set(names).size).toBe(3);
    expect(names.every((name) => name.length > 0)).toBe(true);
    if (version === 4) return;
    const assigned = peers.map(({ link }) => link.state.terms.clientId);
    expect(new Set(assigned)).toEqual(new Set(names));
  });

  it('keep no more than they may for a client that is away', async () => {
    const running = await start({ limits: { queuedMessages: 3 } });
    const first = await Peer.connected(running.port, version, { ...LASTING, clientId: 'full' });
    await first.subscribe('a');
    await first.leave();
    await away(running, 'full');
    const publisher = await Peer.connected(running.port, version);
    for (const text of ['1', '2', '3', '4']) await publisher.publish('a', text, { qos: 1 });
    const again = await Peer.connected(running.port, version, { ...LASTING, clientId: 'full', after: first });
    expect(await again.payloads()).toEqual(['1', '2', '3']);
  });
});

describe('sessions', () => {
  it('of 3.1.1 without a name have to be clean', async () => {
    const { port } = await start();
    const peer = new Bytes(port);
    peer.write('10 0c 00 04 4d 51 54 54 04 00 00 3c 00 00');
    await peer.ends('20 02 00 02');
  });

  it('of 5.0 without a name may last', async () => {
    const running = await start();
    const first = await Peer.connected(running.port, 5, { ...LASTING, clientId: '' });
    const { clientId } = first.link.state.terms;
    await first.leave();
    const again = await Peer.connected(running.port, 5, { ...LASTING, clientId, after: first });
    expect(await again.until('connected')).toMatchObject({ sessionPresent: true });
  });

  it('end when their Session Expiry Interval is over, and not before', async () => {
    const running = await start();
    const come = (options: PeerOptions) =>
      Peer.connected(running.port, 5, { clientId: 'mayfly', cleanStart: false, ...options });
    const second = await inTime(900, async () => {
      const first = await come({ cleanStart: true, properties: { sessionExpiryInterval: 1 } });
      await first.leave();
      return come({ after: first, properties: { sessionExpiryInterval: 1 } });
    });
    expect(await second.until('connected')).toMatchObject({ sessionPresent: true });
    const left = Date.now();
    await second.leave();
    await until('the session to end', () => running.broker.sessions.size === 0);
    expect(Date.now() - left).toBeGreaterThanOrEqual(950);
    const third = await come({ properties: { sessionExpiryInterval: 60 } });
    expect(await third.until('connected')).toMatchObject({ sessionPresent: false });
    // DISCONNECT has the last word.
    await third.leave({ properties: { sessionExpiryInterval: 0 } });
    await away(running, 'mayfly');
    expect(running.broker.sessions.size).toBe(0);
  });

  it('live no longer than the broker allows, and CONNACK says so', async () => {
    const { port } = await start({ limits: { sessionExpiry: 30 } });
    const asking = (sessionExpiryInterval: number) =>
      Peer.connected(port, 5, { properties: { sessionExpiryInterval } });
    for (const [asked, granted] of [
      [60, 30],
      [10, 10],
    ] as const) {
      const peer = await asking(asked);
      expect(await peer.until('connected')).toMatchObject({ sessionExpiryInterval: granted });
    }
  });

  it('that change over to 3.1.1 bring their messages along, without properties', async () => {
    const running = await start();
    const first = await Peer.connected(running.port, 5, {
      ...LASTING,
      clientId: 'both',
      acknowledgements: 'manual',
    });
    await first.subscribe('a', { identifier: 7 });
    const properties = { contentType: 'text', messageExpiryInterval: 60 };
    await first.publish('a', 'sent', { qos: 1, properties });
    await first.received(1);
    await first.vanish();
    await away(running, 'both');
    const publisher = await Peer.connected(running.port, 5);
    await publisher.publish('a', 'queued', { qos: 1, properties });
    const second = await Peer.connected(running.port, 4, {
      clientId: 'both',
      cleanStart: false,
      trustSessionPresent: true,
    });
    expect(await second.payloads()).toEqual(['sent', 'queued']);
    await second.publish('a', 'plain', { qos: 0 });
    expect(await second.payloads()).toHaveLength(3);
  });

  it('and everything else end with the broker, which says why', async () => {
    const { broker, port } = await start();
    const peer = await Peer.connected(port, 5, { will: { topic: 'a', payload: 'not now' } });
    await broker.close();
    await peer.link.closed;
    expect(await peer.until('disconnectReceived')).toMatchObject({ packet: { reasonCode: 0x8b } });
  });
});
