/** Peers that close, stall or fall silent at the worst moment, over real sockets. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectPacket, Packet } from '../../src/index.js';
import { Device, type Identity } from './device.js';
import { OurBroker } from './our-broker.js';
import { CuttingProxy } from './proxy.js';
import { type Raw, RawServer, rawClient } from './raw.js';
import { pause, unique, until } from './wait.js';

type Version = 4 | 5;
const versions = [4, 5] as const;

const cleanup: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

function device(
  version: Version,
  port: number,
  identity: Identity = {},
  options: ConstructorParameters<typeof Device>[4] = {},
): Device {
  const one = new Device(version, unique('device'), port, identity, options);
  cleanup.push(() => one.disconnect());
  return one;
}

async function server(version: Version, play: (peer: Raw, number: number) => void): Promise<RawServer> {
  const one = await RawServer.start(version, play);
  cleanup.push(() => one.stop());
  return one;
}

async function broker(options: Parameters<typeof OurBroker.start>[0] = {}): Promise<OurBroker> {
  const one = await OurBroker.start(options);
  cleanup.push(() => one.stop());
  return one;
}

async function client(version: Version, port: number): Promise<Raw> {
  const raw = await rawClient(version, port);
  cleanup.push(async () => raw.socket.destroy());
  return raw;
}

const connack = (sessionPresent: boolean): Packet => ({ type: 'connack', sessionPresent, reasonCode: 0 });

function publish(packetId: number, payload: string | Uint8Array, dup = false): Packet {
  return { type: 'publish', topic: 'a', qos: 2, dup, packetId, payload };
}

function connecting(version: Version, clientId: string, keepAlive = 60): ConnectPacket {
  const base = { type: 'connect', clientId, keepAlive, cleanStart: false } as const;
  if (version === 4) return { ...base, protocolVersion: 4 };
  return { ...base, protocolVersion: 5, properties: { sessionExpiryInterval: 600 } };
}

describe.each(versions)('our client and a hostile server, version %i', (version) => {
  it.each(['end', 'reset'] as const)(
    'it closes in the middle of a message (%s): the next time it comes whole',
    async (how) => {
      const { port } = await server(version, async (peer, number) => {
        await peer.read('connect');
        if (number > 1) {
          peer.write(connack(true), publish(2, 'two', true));
          return;
        }
        const half = peer.bytesOf(publish(2, 'two')).subarray(0, 5);
        peer.socket.write(
          Buffer.concat([peer.bytesOf(connack(false)), peer.bytesOf(publish(1, 'one')), half]),
        );
        await peer.read('pubrec');
        if (how === 'end') peer.socket.end();
        else peer.socket.resetAndDestroy();
      });
      const one = device(version, port);
      await one.connect();
      await one.gone();
      expect(one.texts()).toEqual(['one']);
      expect(one.last('ended')).toMatchObject({ reason: 'closed' });
      expect(one.count('fail')).toBe(0);
      await one.connect();
      await one.received(2);
      expect(one.texts()).toEqual(['one', 'two']);
    },
  );

  it('it closes in the middle of CONNACK', async () => {
    const { port } = await server(version, async (peer) => {
      await peer.read('connect');
      peer.socket.end(peer.bytesOf(connack(false)).subarray(0, 2));
    });
    const one = device(version, port);
    one.connect().catch(() => {});
    await until('the end', () => one.count('ended') > 0);
    expect(one.last('ended')).toMatchObject({ reason: 'closed', sessionExpiryInterval: undefined });
    expect(one.count('connected')).toBe(0);
  });

  it('it sends one byte at a time', async () => {
    const { port } = await server(version, async (peer) => {
      await peer.read('connect');
      for (const packet of [connack(false), publish(1, 'slow')]) {
        for (const byte of peer.bytesOf(packet)) {
          peer.socket.write(Uint8Array.of(byte));
          await pause(2);
        }
      }
    });
    const one = device(version, port);
    await one.connect();
    expect(await one.received(1)).toEqual(['slow']);
  });

  it('it says everything at once and hangs up: all of it counts', async () => {
    const { port } = await server(version, async (peer) => {
      await peer.read('connect');
      const all: Packet[] = [
        connack(false),
        publish(1, 'one'),
        { type: 'pubrel', packetId: 1 },
        publish(2, 'two'),
      ];
      if (version === 5) all.push({ type: 'disconnect', reasonCode: 0x8b });
      peer.write(...all);
      peer.socket.end();
    });
    const one = device(version, port);
    one.connect().catch(() => {});
    await until('the end', () => one.count('ended') > 0);
    expect(one.count('connected')).toBe(1);
    expect(one.texts()).toEqual(['one', 'two']);
    expect(one.last('ended').reason).toBe(version === 5 ? 'peer-disconnected' : 'closed');
    if (version === 5) expect(one.last('disconnectReceived').packet.reasonCode).toBe(0x8b);
    // The second one is held until its PUBREL comes.
    expect(one.underWay()).toBe(1);
  });

  it('it never answers CONNECT [U5-3.2.0-a]', async () => {
    const play = await server(version, () => {});
    const one = device(version, play.port, {}, { connackTimeout: 150 });
    one.connect().catch(() => {});
    await until('the end', () => one.count('ended') > 0);
    expect(one.last('fail').error.code).toBe('connack-timeout');
    await until('the network connection to close', () => play.peers[0]?.ended);
  });

  it('it falls silent: the client gives up and goes on with its session elsewhere [U5-3.1.2.10-a]', async () => {
    const good = await broker();
    const proxy = await CuttingProxy.start(version, good.port);
    cleanup.push(() => proxy.stop());
    const one = device(version, proxy.port, { keepAlive: 1 }, { pingTimeout: 150 });
    const peer = device(version, good.port);
    for (const each of [one, peer]) await each.connect();
    await peer.subscribe('up', 2);
    await one.subscribe('down', 2);
    proxy.freeze(true);
    const up = one.publish('up', 2, 'up');
    await peer.publish('down', 2, 'down');
    await one.gone();
    expect(one.last('fail').error.code).toBe('ping-timeout');
    // The server still believes in the old connection.
    expect(good.sessions.online.has(one.clientId)).toBe(true);
    await one.connect();
    expect(one.last('connected').sessionPresent).toBe(true);
    expect((await up).kind).toBe('acknowledged');
    await one.received(1);
    await peer.received(1);
    await until('all to be over', () => one.underWay() === 0);
    expect(one.texts()).toEqual(['down']);
    expect(peer.texts()).toEqual(['up']);
  });

  it('it stops reading: messages wait in a bounded queue, and come in order when it reads again', async () => {
    const play = await server(version, async (peer) => {
      await peer.read('connect');
      peer.write(connack(false));
      await peer.read('subscribe');
      peer.socket.pause();
      await until('the test to go on', () => reading);
      peer.socket.resume();
    });
    let reading = false;
    const one = device(version, play.port, {}, { queue: { messages: 10 } });
    await one.connect();
    one.subscribe('a', 0).catch(() => {});
    await until('the server to read no more', () => play.peers[0]?.socket.isPaused());
    const big = 'x'.repeat(65_536);
    // Until the socket takes no more: then QoS 0 is refused, and QoS 1 waits, but not without limit.
    let sent = 0;
    let refusal: unknown;
    while (refusal === undefined && sent < 1_000) {
      const outcome = await one.publish('a', 0, big).catch((error: unknown) => error);
      if (outcome instanceof Error) refusal = outcome;
      else sent++;
    }
    expect(refusal).toMatchObject({ code: 'blocked' });
    for (let index = 0; index < 12; index++) one.publish('a', 1, `${index}`).catch(() => {});
    expect(one.underWay()).toBe(11);
    expect(one.count('refused')).toBe(3);
    expect(one.last('refused').error.code).toBe('queue-full');
    reading = true;
    const peer = play.peers[0]!;
    await until(
      'all to arrive',
      () => peer.packets.filter(({ type }) => type === 'publish').length === sent + 10,
    );
    const payloads = peer.packets.flatMap((packet) =>
      packet.type === 'publish' && packet.qos === 1 ? [new TextDecoder().decode(packet.payload)] : [],
    );
    expect(payloads).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(one.count('ended')).toBe(0);
  });
});

describe.each(versions)('our broker and a hostile client, version %i', (version) => {
  it('it says nothing, or not all of its CONNECT [U5-3.1.4-b]', async () => {
    const { port } = await broker({ connectTimeout: 150 });
    const silent = await client(version, port);
    const slow = await client(version, port);
    slow.socket.write(slow.bytesOf(connecting(version, 'slow')).subarray(0, 9));
    await until('both to be closed', () => silent.ended && slow.ended);
    expect([...silent.packets, ...slow.packets]).toEqual([]);
  });

  it('it says all it has to say, and hangs up without waiting', async () => {
    const one = await broker();
    const watcher = device(version, one.port);
    await watcher.connect();
    await watcher.subscribe('a', 2);
    const hasty = await client(version, one.port);
    const last: Packet = { type: 'publish', topic: 'a', qos: 1, packetId: 2, payload: 'two' };
    hasty.write(connecting(version, 'hasty'), publish(1, 'one'), last);
    hasty.socket.end();
    await watcher.received(2);
    expect(watcher.texts()).toEqual(['one', 'two']);
    await until('the end', () => hasty.ended);
    expect(hasty.types()).toEqual(['connack', 'pubrec', 'puback']);
    expect(one.sessions.states.get('hasty')?.incoming.size).toBe(1);
  });

  it('it closes in the middle of a message: nobody hears of it', async () => {
    const one = await broker();
    const watcher = device(version, one.port);
    await watcher.connect();
    await watcher.subscribe('a', 2);
    const cut = await client(version, one.port);
    cut.write(connecting(version, 'cut'));
    await cut.read('connack');
    cut.socket.write(cut.bytesOf(publish(1, 'x'.repeat(1_000))).subarray(0, 900));
    await pause(20);
    cut.socket.resetAndDestroy();
    await until('the end', () => !one.sessions.online.has('cut'));
    const again = await client(version, one.port);
    again.write(connecting(version, 'cut'), publish(1, 'y', true));
    await again.read('pubrec');
    await watcher.received(1);
    expect(watcher.texts()).toEqual(['y']);
    expect(again.packets[0]).toMatchObject({ type: 'connack', sessionPresent: true });
  });
});

describe('our broker and a client that reads nothing', () => {
  const deafness = async (version: Version): Promise<void> => {
    const one = await broker({ maximumUnread: 10_000, queue: { messages: 5 } });
    const publisher = device(version, one.port);
    await publisher.connect();
    const deaf = await client(version, one.port);
    deaf.write(connecting(version, 'deaf'), {
      type: 'subscribe',
      packetId: 1,
      subscriptions: [{ topicFilter: 'flood', qos: 2 }],
    });
    await deaf.read('suback');
    deaf.socket.pause();
    // The example tells nobody when a connection is blocked: its queue fills up once it is.
    const big = new Uint8Array(262_144);
    const queued = () => one.sessions.states.get('deaf')?.queue.size ?? 0;
    for (let sent = 0; queued() < 5; sent++) {
      expect(sent).toBeLessThan(200);
      await publisher.publish('flood', 1, big);
    }
    expect(one.sessions.online.has('deaf')).toBe(true);
    // Within what it may leave unread it is answered, and beyond that no more.
    deaf.socket.write(Buffer.concat(Array.from({ length: 4_900 }, () => deaf.bytesOf({ type: 'pingreq' }))));
    await pause(100);
    expect(one.sessions.online.has('deaf')).toBe(true);
    deaf.socket.write(Buffer.concat(Array.from({ length: 200 }, () => deaf.bytesOf({ type: 'pingreq' }))));
    await until('it to be cut off', () => !one.sessions.online.has('deaf'));
    expect(queued()).toBe(5);
    // Not even a socket is left of it.
    await until('the network connection to go', () => one.connections === 1);
    const back = await client(version, one.port);
    back.write(connecting(version, 'deaf'));
    expect(await back.read('connack')).toMatchObject({ sessionPresent: true });
    await until('what was queued', () => back.types().filter((type) => type === 'publish').length > 5);
    expect(publisher.count('ended')).toBe(0);
  };

  it('and goes on asking: it is cut off, and its session waits for it', async () => {
    await Promise.all(versions.map(deafness));
  });
});
