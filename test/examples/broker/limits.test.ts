import { describe, expect, it } from 'vitest';
import { publishSys } from '../../../docs/examples/broker/sys.js';
import { pause, until } from '../../peers/wait.js';
import { away, Bytes, closing, Peer, start, VERSIONS } from './support.js';

describe.each(VERSIONS)('what a broker allows, version %i', (version) => {
  const code = (five: number, four: number) => (version === 5 ? five : four);

  it('clients that do not know the password are kept out [5.0: MQTT-3.1.4-2]', async () => {
    const { broker, port } = await start({
      authenticate: async ({ username, password }) => {
        await pause(5);
        return username === 'anna' && new TextDecoder().decode(password) === 'secret' ? 0x00 : 0x86;
      },
    });
    for (const password of ['wrong', '']) {
      const peer = new Peer(port, version, { username: 'anna', password });
      expect(await peer.until('connectRefused')).toMatchObject({ packet: { reasonCode: code(0x86, 4) } });
      await peer.link.closed;
    }
    const peer = await Peer.connected(port, version, { username: 'anna', password: 'secret' });
    await until('the others to be gone', () => broker.connections.size === 1);
    expect([...broker.connections][0]?.who).toMatchObject({ username: 'anna', address: '127.0.0.1' });
    await peer.flush();
  });

  it('a hook that fails closes the connection, and no other', async () => {
    const { port } = await start({
      authenticate: ({ clientId }) => (clientId === 'bad' ? Promise.reject(new Error('no')) : 0x00),
    });
    const peer = new Peer(port, version, { clientId: 'bad' });
    await peer.link.closed;
    expect(peer.events.map(({ type }) => type)).toEqual(['ended']);
    await Peer.connected(port, version, { clientId: 'good' });
  });

  it('a client that does not wait for the verdict leaves nothing behind', async () => {
    let decide: (reasonCode: 0x00) => void = () => {};
    let asked = 0;
    const verdict = new Promise<0x00>((resolve) => {
      decide = resolve;
    });
    const authenticate = (): Promise<0x00> => {
      asked++;
      return verdict;
    };
    const { broker, port } = await start({ authenticate });
    const peer = new Peer(port, version, { clientId: 'hasty' });
    await until('the question', () => asked === 1);
    peer.link.destroy();
    await peer.link.closed;
    // Whether the broker has heard of it by now or hears of it later.
    await pause(20);
    decide(0x00);
    await until('its end', () => broker.connections.size === 0);
    expect(broker.sessions.size).toBe(0);
  });

  it('messages that nobody may publish are not passed on [3.1.1: MQTT-3.3.5-2]', async () => {
    const { port } = await start({ authorizePublish: (_, topic) => (topic === 'secret' ? 0x87 : 0x00) });
    const peer = await Peer.connected(port, version);
    await peer.subscribe('#');
    await peer.publish('secret', 'x', { qos: 0 });
    for (const qos of [1, 2] as const) {
      const outcome = await peer.publish('secret', 'x', { qos });
      // MQTT 3.1.1 has no word for it: the message is acknowledged as if all were well.
      expect(outcome).toMatchObject(
        version === 5 ? { kind: 'refused', reasonCode: 0x87 } : { kind: 'acknowledged' },
      );
    }
    expect(await peer.payloads()).toEqual([]);
  });

  it('filters that nobody may subscribe to are refused, each by itself', async () => {
    const { port } = await start({ authorizeSubscribe: (_, filter) => (filter === 'no' ? 0x87 : 0x00) });
    const peer = await Peer.connected(port, version);
    expect(await peer.subscribe(['yes', 'no', 'too'])).toEqual([2, code(0x87, 0x80), 2]);
    await peer.publish('no', 'x', { qos: 1 });
    expect(await peer.payloads()).toEqual([]);
  });

  it('messages that a subscriber may not read pass him by, whatever his filter and wherever he is', async () => {
    const running = await start({
      authorizeReceive: ({ username }, topic) => topic !== 'secret' || username === 'anna',
    });
    const { port } = running;
    const properties = version === 5 ? { sessionExpiryInterval: 100 } : {};
    const ben = { clientId: 'ben', username: 'ben', cleanStart: false, properties };
    const first = await Peer.connected(port, version, ben);
    await first.subscribe('#');
    await first.leave();
    await away(running, 'ben');
    const anna = await Peer.connected(port, version, { username: 'anna' });
    await anna.subscribe('#');
    await anna.publish('secret', 'kept', { qos: 1, retain: true });
    await anna.publish('open', 'for ben', { qos: 1 });
    const second = await Peer.connected(port, version, { ...ben, after: first });
    await anna.publish('secret', 'live', { qos: 1 });
    await second.subscribe(['secret', '+']);
    expect(await second.payloads()).toEqual(['for ben']);
    expect(await anna.payloads()).toEqual(['kept', 'for ben', 'live']);
  });

  it('more subscriptions than a client may have are refused', async () => {
    const { port } = await start({ limits: { subscriptions: 2 } });
    const peer = await Peer.connected(port, version);
    expect(await peer.subscribe(['a', 'b', 'c', 'a'])).toEqual([2, 2, code(0x97, 0x80), 2]);
    await peer.unsubscribe('a');
    expect(await peer.subscribe('c')).toEqual([2]);
  });

  it('more sessions than there may be are refused', async () => {
    const running = await start({ limits: { sessions: 1 } });
    await Peer.connected(running.port, version, { clientId: 'first' });
    const second = new Peer(running.port, version, { clientId: 'second' });
    expect(await second.until('connectRefused')).toMatchObject({ packet: { reasonCode: code(0x97, 3) } });
    // One that is known is no more than before.
    await Peer.connected(running.port, version, { clientId: 'first' });
  });

  it('more network connections than there may be are closed', async () => {
    const { port } = await start({ limits: { connections: 1 } });
    await Peer.connected(port, version);
    const second = new Peer(port, version);
    await second.link.closed;
    expect(second.events.map(({ type }) => type)).toEqual(['ended']);
  });

  it('more retained messages than there may be are refused', async () => {
    const { broker, port } = await start({
      limits: { retainedMessages: 2, retainedBytes: 20 },
      authorizePublish: () => 0x00,
    });
    const peer = await Peer.connected(port, version);
    const keep = async (topic: string, payload: string) => {
      const outcome = await peer.publish(topic, payload, { qos: 1, retain: true });
      return outcome.kind === 'refused' ? outcome.reasonCode : 0;
    };
    expect(await keep('a', 'x')).toBe(0);
    expect(await keep('b', 'x'.repeat(100))).toBe(code(0x97, 0));
    expect(await keep('b', 'x')).toBe(0);
    expect(await keep('c', 'x')).toBe(code(0x97, 0));
    expect(await keep('a', 'y')).toBe(0);
    expect(broker.retained.size).toBe(2);
    await keep('a', '');
    expect(await keep('c', 'x')).toBe(0);
  });

  it('the broker alone publishes below $SYS', async () => {
    const { broker, port } = await start();
    closing(publishSys(broker, 3_600));
    const peer = await Peer.connected(port, version);
    await peer.subscribe(['#', '+/broker/uptime']);
    await peer.publish('$SYS/broker/uptime', 'forged', { qos: 1, retain: true });
    expect(await peer.payloads()).toEqual([]);
    await peer.subscribe('$SYS/#');
    await peer.flush();
    expect(peer.messages.map(({ topic }) => topic)).toContain('$SYS/broker/clients/connected');
    expect(peer.texts()).not.toContain('forged');
  });
});

describe('what a broker allows', () => {
  it('can exclude wildcards, which 3.1.1 hears for each filter [3.1.1: MQTT-3.8.3-2]', async () => {
    const { port } = await start({ wildcards: false });
    const old = await Peer.connected(port, 4);
    expect(await old.subscribe(['a', 'a/+', '#', 'b/c'])).toEqual([2, 0x80, 0x80, 2]);
    const peer = await Peer.connected(port, 5);
    expect(await peer.until('connected')).toMatchObject({ limits: { wildcardSubscriptionAvailable: false } });
  });

  it('QoS 0 waits for a client that reads nothing for a while, as long as there is room', async () => {
    const { broker, port } = await start({ limits: { queuedMessages: 100 } });
    const slow = await Peer.connected(port, 5, { clientId: 'slow' });
    await slow.subscribe('a');
    const publisher = await Peer.connected(port, 5);
    const socket = new Bytes(port);
    socket.send(
      { type: 'connect', protocolVersion: 5, clientId: 'stuck', cleanStart: true, keepAlive: 0 },
      5,
    );
    socket.send({ type: 'subscribe', packetId: 1, subscriptions: [{ topicFilter: 'a', qos: 0 }] }, 5);
    await until('its SUBACK', () => socket.received.includes('9004000100'));
    socket.socket.pause();
    const payload = 'x'.repeat(100_000);
    // Far more than the sockets hold: the one that does not read holds nobody up for ever, and loses what is too much.
    // To wait for it once more with each message would take minutes, longer than the test may take.
    for (let i = 0; i < 300; i++) await publisher.publish('a', payload, { qos: 1 });
    await slow.received(300);
    const stuck = [...broker.connections].find(({ who }) => who.clientId === 'stuck');
    expect(stuck?.isCrowded).toBe(true);
    socket.socket.resume();
    await until('it to have caught up', () => stuck?.isCrowded === false);
    await away({ broker, port }, 'nobody');
  });
});
