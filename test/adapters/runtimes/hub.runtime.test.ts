import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Running, serveWorkerd, workerdConfig } from '../../../docs/examples/workerd/workerd.js';
import { type DecodedPacket, encode, type PacketOf, PacketParser } from '../../../src/index.js';
import { CERTIFICATES } from '../peers/servers.js';
import { Consumer } from './consumer.js';
import { runtime } from './describe.js';

const program = runtime('workerd', '@cloudflare/workerd-linux-64/bin/workerd');
/** workerd puts a Durable Object to sleep some ten seconds after the last event. */
const SLEEP = 12_500;
const WORKER = `compatibilityFlags = [],
  durableObjectNamespaces = [(className = "Hub", uniqueKey = "hub")],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [(name = "HUB", durableObjectNamespace = "Hub")]`;

/** A client that says what it is told, byte for byte. */
class RawClient {
  readonly packets: DecodedPacket[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  readonly #parser = new PacketParser({ version: 5, from: 'server' });

  constructor(url: string) {
    this.socket = new WebSocket(url, 'mqtt');
    this.closed = new Promise((done) => this.socket.on('close', done));
    this.socket.on('message', (data: Buffer) => {
      this.#parser.push(data);
      for (let packet = this.#parser.next(); packet !== undefined; packet = this.#parser.next()) {
        this.packets.push(packet);
      }
    });
  }

  static async connected(url: string, clientId: string, keepAlive = 0): Promise<RawClient> {
    const client = new RawClient(url);
    await once(client.socket, 'open');
    client.say({ type: 'connect', protocolVersion: 5, clientId, cleanStart: true, keepAlive });
    await client.hears('connack');
    return client;
  }

  say(packet: PacketOf<5>): void {
    this.socket.send(encode(packet, 5));
  }

  async hears<T extends DecodedPacket['type']>(
    type: T,
    patience = 25_000,
  ): Promise<Extract<DecodedPacket, { type: T }>> {
    for (let i = 0; i < patience / 10; i++) {
      const at = this.packets.findIndex((packet) => packet.type === type);
      if (at >= 0) return this.packets.splice(at, 1)[0] as Extract<DecodedPacket, { type: T }>;
      await delay(10);
    }
    throw new Error(`no ${type}, but ${this.packets.map((packet) => packet.type).join()}`);
  }

  /** How often the Durable Object has been made. */
  async age(): Promise<string> {
    this.say({ type: 'publish', topic: 'born', payload: '', qos: 0 });
    return new TextDecoder().decode((await this.hears('publish')).payload);
  }
}

describe.skipIf(program === undefined).concurrent('WebSockets of a Worker, in workerd', () => {
  let running: Running;
  let consumer: Consumer;
  let url = '';

  beforeAll(async () => {
    consumer = new Consumer();
    const script = await consumer.bundle('test/adapters/runtimes/hub-main.ts', true);
    // Alarms of a Durable Object that sleeps are lost unless they are on a disk.
    const disk = join(consumer.folder, 'disk');
    mkdirSync(disk);
    const services = `(name = "disk", disk = (path = "${disk}", writable = true))`;
    const settings = { port: 0, ca: CERTIFICATES.ca, worker: WORKER, services };
    running = await serveWorkerd(workerdConfig(script, settings));
    url = `ws://127.0.0.1:${running.port}`;
  });
  afterAll(async () => {
    await running?.stop();
    consumer?.remove();
  });

  const answer = (headers: Record<string, string>, method = 'GET'): Promise<number | undefined> =>
    new Promise((done, failed) => {
      request(`${url.replace('ws', 'http')}/`, { method, headers }, (response) => {
        response.resume();
        done(response.statusCode);
      })
        .on('upgrade', (_response, socket) => {
          socket.destroy();
          done(101);
        })
        .on('error', failed)
        .end();
    });

  it('are upgraded for the subprotocol mqtt alone [3.1.1: MQTT-6.0.0-3] [5.0: MQTT-6.0.0-3] [3.1.1: MQTT-6.0.0-4] [5.0: MQTT-6.0.0-4]', async () => {
    const webSocket = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    expect(await answer({})).toBe(426);
    expect(await answer(webSocket)).toBe(400);
    expect(await answer({ ...webSocket, 'Sec-WebSocket-Protocol': 'chat, mqttv3.1' })).toBe(400);
    expect(await answer({ ...webSocket, 'Sec-WebSocket-Protocol': 'chat, mqtt' })).toBe(101);
    const client = await RawClient.connected(url, 'a');
    expect(client.socket.protocol).toBe('mqtt');
    client.say({ type: 'publish', topic: 't', payload: 'hello', qos: 1, packetId: 1 });
    await client.hears('puback');
    expect(new TextDecoder().decode((await client.hears('publish')).payload)).toBe('hello');
    client.say({ type: 'disconnect', reasonCode: 0 });
    expect(await client.closed).toBe(1000);
  });

  it('are closed for a text frame, asleep or not [3.1.1: MQTT-6.0.0-1] [5.0: MQTT-6.0.0-1]', async () => {
    for (const path of ['/', '/hub?name=text']) {
      const client = await RawClient.connected(`${url}${path}`, 'a');
      client.socket.send('text');
      expect(await client.closed).toBe(4003);
    }
  });

  it('are answered in the order in which they asked', async () => {
    for (const path of ['/', '/hub?name=order']) {
      const client = await RawClient.connected(`${url}${path}`, 'a');
      const subscribe = (packetId: number): PacketOf<5> => ({
        type: 'subscribe',
        packetId,
        subscriptions: [{ topicFilter: 'f', qos: 0 }],
      });
      const packets = [subscribe(1), { type: 'pingreq' }, subscribe(2)] as const;
      client.socket.send(Buffer.concat(packets.map((packet) => encode(packet, 5))));
      client.say({ type: 'pingreq' });
      for (let i = 0; i < 300 && client.packets.length < 4; i++) await delay(10);
      expect(client.packets.map(({ type }) => type)).toEqual(['suback', 'pingresp', 'suback', 'pingresp']);
      client.socket.close(1000);
    }
  });

  it('are answered when they close', async () => {
    for (const path of ['/', '/hub?name=close']) {
      const client = await RawClient.connected(`${url}${path}`, 'a');
      client.socket.close(1000);
      expect(await client.closed).toBeGreaterThanOrEqual(1000);
      expect(client.socket.readyState).toBe(3);
    }
  });

  it('go on after sleep in the middle of a packet, of a QoS 2 message, and with other clients', async () => {
    const at = `${url}/hub?name=sleep`;
    const [one, two] = [await RawClient.connected(at, 'one'), await RawClient.connected(at, 'two')];
    one.say({ type: 'publish', topic: 'once', payload: 'q2', qos: 2, packetId: 7 });
    await one.hears('pubrec');
    await two.hears('publish');
    const half = encode({ type: 'publish', topic: 'whole', payload: 'x'.repeat(2_000), qos: 0 }, 5);
    two.socket.send(half.subarray(0, 1_000));
    await delay(SLEEP);
    two.socket.send(half.subarray(1_000));
    expect((await two.hears('publish')).payload.length).toBe(2_000);
    // It slept meanwhile, and woke only one of its connections by a frame; the other one by a message to it.
    expect(await two.age()).toBe('2');
    const [first, second] = [await one.hears('publish'), await one.hears('publish')];
    expect([first.topic, second.topic].sort()).toEqual(['once', 'whole']);
    // The message that was delivered before sleep is known after it.
    one.say({ type: 'publish', topic: 'once', payload: 'q2', qos: 2, packetId: 7, dup: true });
    await one.hears('pubrec');
    one.say({ type: 'pubrel', packetId: 7, reasonCode: 0 });
    expect((await one.hears('pubcomp')).reasonCode).toBe(0);
    expect(one.packets.filter(({ type }) => type === 'publish')).toEqual([]);
  });

  it('are closed by an alarm when their client is silent for too long', async () => {
    const client = await RawClient.connected(`${url}/hub?name=alarm`, 'a', 9);
    const started = Date.now();
    expect((await client.hears('disconnect', 40_000)).reasonCode).toBe(0x8d);
    const waited = Date.now() - started;
    expect(waited).toBeGreaterThan(12_500);
    await client.closed;
    const later = await RawClient.connected(`${url}/hub?name=alarm`, 'a');
    expect(await later.age()).toBe('2');
  });

  it('keep their object awake while more is under way than can be attached', async () => {
    const client = await RawClient.connected(`${url}/hub?name=large`, 'a');
    const half = encode({ type: 'publish', topic: 'whole', payload: 'x'.repeat(60_000), qos: 0 }, 5);
    client.socket.send(half.subarray(0, 50_000));
    await delay(SLEEP);
    client.socket.send(half.subarray(50_000));
    expect((await client.hears('publish')).payload.length).toBe(60_000);
    expect(await client.age()).toBe('1');
  });
});
