import { describe, expect, it } from 'vitest';
import { inTime, pause } from '../../peers/wait.js';
import { away, Bytes, Peer, start, VERSIONS } from './support.js';

describe.each(VERSIONS)('wills, version %i', (version) => {
  const will = { topic: 'will', payload: 'gone', qos: 1 } as const;

  it('are published once the connection breaks [3.1.1: MQTT-3.1.2-8] [5.0: MQTT-3.1.2-7] [5.0: MQTT-3.1.2-8]', async () => {
    const { port } = await start();
    const watcher = await Peer.connected(port, version);
    await watcher.subscribe('will');
    const peer = await Peer.connected(port, version, { will });
    await watcher.flush();
    expect(watcher.messages).toEqual([]);
    await peer.vanish();
    expect(await watcher.received(1)).toMatchObject([{ topic: 'will', qos: 1, retain: false }]);
    expect(watcher.texts()).toEqual(['gone']);
  });

  it('are published when the client is silent for too long', async () => {
    const { port } = await start();
    const watcher = await Peer.connected(port, version);
    await watcher.subscribe('will');
    const silent = new Bytes(port);
    const connect = { clientId: 'silent', cleanStart: true, keepAlive: 1 } as const;
    const left = Date.now();
    if (version === 5) silent.send({ type: 'connect', protocolVersion: 5, ...connect, will }, 5);
    else silent.send({ type: 'connect', protocolVersion: 4, ...connect, will }, 4);
    await watcher.received(1);
    expect(Date.now() - left).toBeGreaterThanOrEqual(1_400);
    expect(watcher.texts()).toEqual(['gone']);
  });

  it('are void after DISCONNECT, and after they were published [3.1.1: MQTT-3.1.2-10] [5.0: MQTT-3.1.2-10]', async () => {
    const running = await start();
    const { port } = running;
    const watcher = await Peer.connected(port, version);
    await watcher.subscribe('will');
    const session = { clientId: 'polite', cleanStart: false, properties: { sessionExpiryInterval: 60 } };
    const polite = await Peer.connected(port, version, { ...session, will });
    await polite.leave();
    await away(running, 'polite');
    expect(await watcher.payloads()).toEqual([]);
    const rude = await Peer.connected(port, version, { ...session, will, after: polite });
    await rude.vanish();
    await watcher.received(1);
    // It is gone with its publication: a connection without a will leaves none.
    const plain = await Peer.connected(port, version, { ...session, after: rude });
    await plain.vanish();
    await away(running, 'polite');
    expect(await watcher.payloads()).toEqual(['gone']);
  });

  it('are retained if they say so [3.1.1: MQTT-3.1.2-17] [5.0: MQTT-3.1.2-15]', async () => {
    const running = await start();
    const peer = await Peer.connected(running.port, version, {
      will: { ...will, retain: true },
      clientId: 'w',
    });
    await peer.vanish();
    await away(running, 'w');
    const late = await Peer.connected(running.port, version);
    await late.subscribe('will');
    expect(await late.payloads()).toEqual(['gone']);
    expect(late.messages[0]).toMatchObject({ retain: true, qos: 1 });
  });

  it('are not retained otherwise [3.1.1: MQTT-3.1.2-16] [5.0: MQTT-3.1.2-14]', async () => {
    const running = await start();
    const peer = await Peer.connected(running.port, version, { will, clientId: 'w' });
    await peer.vanish();
    await away(running, 'w');
    expect(running.broker.published).toBe(1);
    expect(running.broker.retained.size).toBe(0);
  });

  it('are published when another connection takes over', async () => {
    const { port } = await start();
    const watcher = await Peer.connected(port, version);
    await watcher.subscribe('will');
    const session = { clientId: 'twin', cleanStart: false, properties: { sessionExpiryInterval: 60 } };
    const older = await Peer.connected(port, version, { ...session, will });
    await Peer.connected(port, version, { ...session, after: older });
    expect(await watcher.payloads()).toEqual(['gone']);
  });

  it('to topics that are not allowed keep the client out', async () => {
    const { port } = await start({ authorizePublish: (_, topic) => (topic === 'will' ? 0x87 : 0x00) });
    const peer = new Peer(port, version, { will });
    const reasonCode = version === 5 ? 0x87 : 5;
    expect(await peer.until('connectRefused')).toMatchObject({ packet: { reasonCode } });
  });
});

describe('wills of 5.0', () => {
  const lasting = { cleanStart: false, properties: { sessionExpiryInterval: 60 } };
  const willAfter = (willDelayInterval: number) =>
    ({
      topic: 'will',
      payload: 'gone',
      qos: 1,
      properties: {
        willDelayInterval,
        contentType: 'text/plain',
        payloadFormatIndicator: 1,
        userProperties: [
          ['a', '2'],
          ['c', '3'],
        ],
      },
    }) as const;

  it('come with their properties when their delay is over', async () => {
    const { port } = await start();
    const watcher = await Peer.connected(port, 5);
    await watcher.subscribe('will');
    const peer = await Peer.connected(port, 5, { ...lasting, clientId: 'late', will: willAfter(1) });
    const left = Date.now();
    await peer.vanish();
    await watcher.received(1);
    expect(Date.now() - left).toBeGreaterThanOrEqual(950);
    const { willDelayInterval: _, ...properties } = willAfter(1).properties;
    expect(watcher.messages[0]?.properties).toEqual(properties);
  });

  it('are void if the client is back before [5.0: MQTT-3.1.3-9]', async () => {
    const watcher = await inTime(900, async () => {
      const { port } = await start();
      const watcher = await Peer.connected(port, 5);
      await watcher.subscribe('will');
      const first = await Peer.connected(port, 5, { ...lasting, clientId: 'back', will: willAfter(1) });
      await first.vanish();
      await Peer.connected(port, 5, { ...lasting, clientId: 'back', after: first });
      // And if the connection was taken over, which is the same.
      const second = await Peer.connected(port, 5, { ...lasting, clientId: 'other', will: willAfter(1) });
      await Peer.connected(port, 5, { ...lasting, clientId: 'other', after: second });
      return watcher;
    });
    await pause(1_300);
    expect(await watcher.payloads()).toEqual([]);
  });

  it('do not wait for longer than the session lasts', async () => {
    const { port } = await start();
    const watcher = await Peer.connected(port, 5);
    await watcher.subscribe('will');
    const short = { cleanStart: false, properties: { sessionExpiryInterval: 1 } };
    const first = await Peer.connected(port, 5, { ...short, clientId: 'short', will: willAfter(600) });
    const left = Date.now();
    await first.vanish();
    await watcher.received(1);
    expect(Date.now() - left).toBeGreaterThanOrEqual(950);
    const none = await Peer.connected(port, 5, { clientId: 'none', will: willAfter(600) });
    await none.vanish();
    await watcher.received(2);
    // Clean Start ends the session, and the delay with it, whether the older connection stands or not.
    const long = await Peer.connected(port, 5, { ...lasting, clientId: 'long', will: willAfter(600) });
    await long.vanish();
    await Peer.connected(port, 5, { clientId: 'long' });
    await watcher.received(3);
    await Peer.connected(port, 5, { ...lasting, clientId: 'long', will: willAfter(600) });
    await Peer.connected(port, 5, { clientId: 'long' });
    await watcher.received(4);
    expect(await watcher.payloads()).toHaveLength(4);
  });

  it('are published after DISCONNECT with 0x04', async () => {
    const { port } = await start();
    const watcher = await Peer.connected(port, 5);
    await watcher.subscribe('will');
    const peer = await Peer.connected(port, 5, { will: willAfter(0) });
    await peer.leave({ reasonCode: 0x04 });
    await watcher.received(1);
  });
});
