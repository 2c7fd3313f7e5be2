import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { hooks } from '../../docs/examples/broker/access.js';
import { Broker } from '../../docs/examples/broker/broker.js';
import { type Listening, listenTcp } from '../../docs/examples/broker/listeners.js';
import { noWorkerd, type Running } from '../../docs/examples/workerd/workerd.js';
import { startWorker } from '../../docs/examples/workers/start.js';
import type { Link } from '../../src/adapters/common.js';
import { encode } from '../../src/index.js';
import certificates from '../adapters/peers/certificates.json' with { type: 'json' };
import { Mosquitto, noMosquitto } from '../peers/mosquitto.js';
import { freePort, pause, unique, until } from '../peers/wait.js';
import { obliging, Scripted } from './scripted.js';

if (noWorkerd !== undefined) console.warn(`test/examples/workers.test.ts is skipped: ${noWorkerd}`);
else if (noMosquitto !== undefined) {
  console.warn(`test/examples/workers.test.ts skips mosquitto: ${noMosquitto}`);
}

type Json = Record<string, unknown>;
const closers: (() => unknown)[] = [];
const every = Uint8Array.from({ length: 256 }, (_, index) => index);
const everyBase64 = Buffer.from(every).toString('base64');

/** A browser's session. */
class Page {
  readonly messages: Json[] = [];
  code: number | undefined;
  readonly #socket: WebSocket;
  #isOpen = false;

  private constructor(url: string, headers: Record<string, string>) {
    this.#socket = new WebSocket(url, { headers, perMessageDeflate: false });
    this.#socket.on('message', (data) => this.messages.push(JSON.parse(String(data)) as Json));
    this.#socket.on('open', () => {
      this.#isOpen = true;
    });
    this.#socket.on('close', (code) => {
      this.code = code;
    });
    this.#socket.on('error', () => {});
    closers.push(() => this.#socket.terminate());
  }

  static async open(worker: Running, query: Json = {}, headers: Record<string, string> = {}): Promise<Page> {
    const search = new URLSearchParams(query as Record<string, string>);
    const page = new Page(`ws://127.0.0.1:${worker.port}/api/mqtt/session?${search}`, headers);
    await until('the WebSocket', () => page.#isOpen);
    return page;
  }

  /** One whose first message says where to connect to. */
  static async connected(worker: Running, first: Json): Promise<Page> {
    const page = await Page.open(worker);
    page.say({ type: 'connect', host: '127.0.0.1', ...first });
    await page.hears('connected');
    return page;
  }

  say(message: Json | string | Uint8Array): void {
    const isRaw = typeof message === 'string' || message instanceof Uint8Array;
    this.#socket.send(isRaw ? message : JSON.stringify(message));
  }

  all(type: string): Json[] {
    return this.messages.filter((message) => message['type'] === type);
  }

  /** The next message of that type, which is then forgotten. */
  async hears(type: string): Promise<Json> {
    const at = await until(`${type} in ${JSON.stringify(this.messages)}`, () => {
      const index = this.messages.findIndex((message) => message['type'] === type);
      return index < 0 ? undefined : { index };
    });
    return this.messages.splice(at.index, 1)[0] ?? {};
  }

  async subscribes(topic: string, qos = 2): Promise<void> {
    this.say({ type: 'subscribe', topics: [{ topic, qos }] });
    expect(await this.hears('subscribed')).toMatchObject({ grantedQoS: [qos] });
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  vanish(): void {
    this.#socket.terminate();
  }

  closed(): Promise<number> {
    return until('the WebSocket to close', () => this.code);
  }
}

/** A broker of bytes: `play` gets what a client writes. */
async function bytes(play: (socket: Socket, data: Buffer) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('data', (data) => play(socket, data));
    socket.on('error', () => {});
    closers.push(() => socket.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => server.close());
  return (server.address() as { port: number }).port;
}

async function scripted(...args: Parameters<typeof Scripted.start>): Promise<[Scripted, number]> {
  const server = await Scripted.start(...args);
  closers.push(() => server.stop());
  return [server, server.listener.port];
}

describe.skipIf(noWorkerd !== undefined)('the Worker in workerd', () => {
  const ports = { broker: 0, tls: 0, impostor: 0, secret: 0, mosquitto: 0 };
  let worker: Running;
  let mosquitto: Mosquitto | undefined;
  let broker: Broker;

  async function listen(served: Broker, identity?: { cert: string; key: string }): Promise<number> {
    const listening: Listening = await listenTcp(served, { host: '127.0.0.1', port: 0, tls: identity });
    closers.push(() => listening.close());
    return listening.port;
  }

  beforeAll(async () => {
    worker = await startWorker({ ca: certificates.ca });
    broker = new Broker();
    const secret = new Broker(
      hooks({ users: ['anna:s3:cret'], refusedFilters: ['secret/#'], refusedTopics: ['secret/#'] }),
    );
    ports.broker = await listen(broker);
    ports.tls = await listen(broker, certificates.server);
    ports.impostor = await listen(broker, certificates.impostor);
    ports.secret = await listen(secret);
    if (noMosquitto === undefined) {
      mosquitto = await Mosquitto.start();
      ports.mosquitto = mosquitto.port;
    }
    closers.unshift(() => Promise.all([broker.close(), secret.close()]));
  });

  afterAll(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
    await worker?.stop();
    await mosquitto?.stop();
  });

  async function call(path: string, init: RequestInit = {}): Promise<{ status: number; body: Json }> {
    const response = await fetch(`http://127.0.0.1:${worker.port}/api/mqtt/${path}`, init);
    return { status: response.status, body: (await response.json()) as Json };
  }

  const post = (path: string, body: Json | string, headers = {}): ReturnType<typeof call> =>
    call(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
  const at = (port: number, more: Json = {}): Json => ({ host: '127.0.0.1', port, ...more });

  describe.each([
    ['the example broker', 'broker'],
    ['mosquitto', 'mosquitto'],
  ] as const)('and %s', (_, name) => {
    const skip = name === 'mosquitto' && noMosquitto !== undefined;

    it.skipIf(skip)('a probe, with GET and with POST', async () => {
      const port = ports[name];
      const got = await call(`connect?host=127.0.0.1&port=${port}&timeout=5000`);
      const expected = { success: true, message: 'MQTT connection successful', host: '127.0.0.1', port };
      expect(got).toMatchObject({ status: 200, body: { ...expected, sessionPresent: false } });
      expect(got.body['clientId']).toMatch(/^portofcall-[a-z0-9]{7}$/);
      for (const protocolVersion of [4, 5]) {
        const body = at(port, {
          protocolVersion,
          clientId: unique('probe'),
          cleanSession: false,
          sessionExpiry: 60,
        });
        const { clientId } = body;
        expect((await post('connect', body)).body).toEqual({ ...expected, clientId, sessionPresent: false });
        expect((await post('connect', body)).body).toEqual({ ...expected, clientId, sessionPresent: true });
      }
    });

    it.skipIf(skip).each([4, 5])(
      'messages of every QoS both ways, text and bytes, version %i',
      async (version) => {
        const topic = unique(`${name}/all`);
        const page = await Page.connected(worker, { port: ports[name], protocolVersion: version });
        await page.subscribes(topic);
        for (const qos of [0, 1, 2]) {
          for (const payload of [
            { payload: '23.5 \u00e9\ufeff' },
            { payload: null, payloadBase64: everyBase64 },
          ]) {
            page.say({ type: 'publish', topic, qos, ...payload, ref: `${qos}` });
            const published = await page.hears('published');
            expect(published).toMatchObject({
              topic,
              qos,
              ref: `${qos}`,
              messageId: qos === 0 ? null : expect.any(Number),
            });
            if (qos === 1)
              expect(await page.hears('puback')).toEqual({
                type: 'puback',
                messageId: published['messageId'],
              });
            expect(await page.hears('message')).toMatchObject({
              topic,
              qos,
              retain: false,
              dup: false,
              ...payload,
            });
            const one = await post(
              'publish',
              at(ports[name], { protocolVersion: version, topic, qos, ...payload }),
            );
            const messageId = qos === 0 ? null : 1;
            const message = `Published to "${topic}"`;
            const success = { success: true, message, topic, qos, retain: false, messageId, ...payload };
            expect(one).toEqual({ status: 200, body: success });
            expect(await page.hears('message')).toMatchObject({ topic, qos, ...payload });
          }
        }
        page.say({ type: 'ping' });
        await page.hears('pong');
        page.say({ type: 'unsubscribe', topics: [topic] });
        expect(await page.hears('unsubscribed')).toMatchObject({
          messageId: expect.any(Number),
          topics: [topic],
        });
        page.say({ type: 'publish', topic, payload: 'to nobody', qos: 1 });
        await page.hears('published');
        expect(page.all('message')).toEqual([]);
        page.say({ type: 'disconnect' });
        expect(await page.closed()).toBe(1000);
        expect(page.all('error')).toEqual([]);
      },
    );

    it.skipIf(skip)('a retained message, and the properties of MQTT 5.0', async () => {
      const topic = unique(`${name}/kept`);
      const properties = {
        contentType: 'text/plain',
        responseTopic: 'answers',
        correlationDataBase64: '/wA=',
        userProperties: [
          ['a', '1'],
          ['a', '2'],
        ],
      };
      const message = { protocolVersion: '5.0', topic, payload: 'on', retain: true, properties };
      expect((await post('publish', at(ports[name], message))).status).toBe(200);
      const page = await Page.connected(worker, { port: ports[name], protocolVersion: 5 });
      page.say({ type: 'subscribe', topics: [topic, `$share/g/${topic}`] });
      expect(await page.hears('message')).toMatchObject({ topic, payload: 'on', retain: true, properties });
      expect(await page.hears('subscribed')).toMatchObject({ grantedQoS: [0, 0] });
    });

    it.skipIf(skip).each([4, 5])(
      'the will of a page that goes without a word, version %i',
      async (version) => {
        const topic = unique(`${name}/will`);
        const watcher = await Page.connected(worker, { port: ports[name] });
        await watcher.subscribes(topic);
        const will = { willTopic: topic, willPayloadBase64: everyBase64, willQos: 2, willRetain: true };
        const doomed = { port: ports[name], protocolVersion: version, ...will };
        const polite = await Page.connected(worker, {
          ...doomed,
          willPayloadBase64: undefined,
          willPayload: 'no',
        });
        polite.say({ type: 'disconnect' });
        await polite.closed();
        (await Page.connected(worker, doomed)).vanish();
        expect(await watcher.hears('message')).toMatchObject({
          payload: null,
          payloadBase64: everyBase64,
          qos: 2,
        });
        await watcher.subscribes(topic);
        expect(await watcher.hears('message')).toMatchObject({ retain: true, payloadBase64: everyBase64 });
      },
    );

    it.skipIf(skip)('a session that outlives its WebSocket', async () => {
      const topic = unique(`${name}/queued`);
      const first = {
        port: ports[name],
        cleanSession: false,
        clientId: unique('lasting'),
        topics: [{ topic, qos: 1 }],
      };
      const page = await Page.open(worker, {
        ...at(ports[name]),
        clientId: first.clientId,
        cleanSession: false,
      });
      expect(await page.hears('connected')).toMatchObject({ sessionPresent: false });
      page.say({ type: 'subscribe', topics: first.topics });
      await page.hears('subscribed');
      page.say({ type: 'disconnect' });
      await page.closed();
      await post('publish', at(ports[name], { topic, payload: 'meanwhile', qos: 1 }));
      const next = await Page.open(worker);
      next.say({ type: 'connect', ...at(ports[name]), ...first });
      expect(await next.hears('connected')).toMatchObject({ clientId: first.clientId, sessionPresent: true });
      expect(await next.hears('message')).toMatchObject({ topic, payload: 'meanwhile', qos: 1 });
    });
  });

  it('TLS, and a certificate of somebody else', async () => {
    const { body } = await post('connect', { host: 'localhost', port: ports.tls, tls: true });
    expect(body).toMatchObject({ success: true });
    const page = await Page.connected(worker, {
      host: 'localhost',
      port: ports.tls,
      tls: true,
      protocolVersion: 5,
    });
    await page.subscribes('tls');
    page.say({ type: 'publish', topic: 'tls', payload: 'x', qos: 2 });
    expect(await page.hears('message')).toMatchObject({ payload: 'x', qos: 2 });
    const wrong = await post('connect', { host: 'localhost', port: ports.impostor, tls: true });
    expect(wrong).toMatchObject({ status: 500, body: { success: false } });
    const plain = await post('connect', { host: 'localhost', port: ports.tls, timeout: 2_000 });
    expect(plain).toMatchObject({ status: 500, body: { success: false } });
  });

  it.each([4, 5] as const)('CONNACK byte by byte, and slowly, version %i', async (version) => {
    const port = await bytes(async (socket, data) => {
      if (data[0] !== 0x10) return;
      const connack = { type: 'connack', sessionPresent: false, reasonCode: 0 } as const;
      for (const byte of encode<4 | 5>(connack, version)) {
        await pause(20);
        socket.write(Uint8Array.of(byte));
      }
    });
    const { body } = await post('connect', at(port, { protocolVersion: version }));
    expect(body).toMatchObject({ success: true });
  });

  it.each([
    [1, 'Unacceptable protocol version'],
    [2, 'Identifier rejected'],
    [3, 'Server unavailable'],
    [4, 'Bad username or password'],
    [5, 'Not authorized'],
  ])('CONNACK refused with %i', async (code, text) => {
    const port = await bytes((socket) => socket.end(Uint8Array.of(0x20, 2, 0, code)));
    for (const path of ['connect', 'publish']) {
      expect(await post(path, at(port, { topic: 't', payload: '' }))).toEqual({
        status: 500,
        body: { success: false, error: `CONNACK refused: ${text}` },
      });
    }
    const page = await Page.open(worker, at(port));
    const message = `CONNACK refused: ${text}`;
    expect(await page.hears('error')).toEqual({ type: 'error', message, fatal: true });
    expect(await page.closed()).toBe(1011);
  });

  it('brokers that are absent, silent, hostile, or take back what they said', async () => {
    const absent = at(await freePort());
    expect(await post('connect', absent)).toMatchObject({ status: 500, body: { success: false } });
    const page = await Page.open(worker, absent);
    expect(await page.hears('error')).toMatchObject({ fatal: true });
    expect(await page.closed()).toBe(1011);
    const silent = at(await bytes(() => {}), { timeout: 200 });
    const timeout = { success: false, error: 'CONNACK timeout' };
    expect(await post('connect', silent)).toEqual({ status: 500, body: timeout });
    const patient = await Page.open(worker, silent);
    expect(await patient.hears('error')).toMatchObject({ message: 'CONNACK timeout', fatal: true });
    const mute = at(
      await bytes((socket, data) => data[0] === 0x10 && socket.write('200200 00'.replace(' ', ''), 'hex')),
    );
    const unanswered = { ...mute, topic: 't', payload: '', qos: 1, timeout: 1_500 };
    const noAnswer = { success: false, error: 'acknowledgement timeout' };
    expect(await post('publish', unanswered)).toEqual({ status: 500, body: noAnswer });
    const hostile = at(await bytes((socket) => socket.write(Buffer.alloc(100_000, 0xff))));
    expect(await post('connect', hostile)).toMatchObject({ status: 500, body: { success: false } });
    expect((await post('connect', at(ports.broker))).status).toBe(200);
  });

  it('credentials in the body, in a header and in the first message, and never in a URL', async () => {
    const anna = { username: 'anna', password: 's3:cret' };
    const secret = at(ports.secret);
    expect((await post('connect', { ...secret, ...anna })).status).toBe(200);
    const basic = { Authorization: `Basic ${Buffer.from('anna:s3:cret').toString('base64')}` };
    expect((await call(`connect?host=127.0.0.1&port=${ports.secret}`, { headers: basic })).status).toBe(200);
    await Page.connected(worker, { port: ports.secret, ...anna });
    await (await Page.open(worker, secret, basic)).hears('connected');
    const refused = await post('connect', { ...secret, ...anna, password: 'wrong' });
    expect(refused.body['error']).toBe('CONNACK refused: Bad username or password');
    const five = await post('connect', { ...secret, protocolVersion: 5 });
    expect(five.body['error']).toMatch(/^CONNACK refused: .*0x8[67]/);
    for (const field of ['username', 'password']) {
      const inUrl = await call(`connect?host=127.0.0.1&${field}=x`);
      expect(inUrl).toMatchObject({ status: 400, body: { success: false, field } });
      const page = await Page.open(worker, { ...secret, [field]: 'x' });
      expect(await page.hears('error')).toMatchObject({ field, fatal: true });
      expect(await page.closed()).toBe(1008);
    }
    const denied = await Page.connected(worker, { port: ports.secret, ...anna, protocolVersion: 5 });
    denied.say({ type: 'publish', topic: 'secret/a', payload: '', qos: 1, ref: 7 });
    expect(await denied.hears('error')).toMatchObject({
      fatal: false,
      ref: 7,
      message: expect.stringMatching(/not authorized/),
    });
    denied.say({ type: 'subscribe', topics: ['secret/#', 'open'] });
    expect(await denied.hears('subscribed')).toMatchObject({ grantedQoS: [0x87, 0] });
  });

  it('`published` comes after the acknowledgement, and `ping` is a PINGREQ', async () => {
    const pubacks: (() => void)[] = [];
    const [, port] = await scripted(
      (event, link: Link, connection) => {
        obliging(event, link, connection);
        if (event.type !== 'deliver') return;
        const { packetId } = event.packet;
        if (packetId !== undefined) pubacks.push(() => link.acknowledge(packetId));
      },
      { acknowledgements: 'manual' },
    );
    const page = await Page.connected(worker, { port });
    for (const qos of [1, 2]) {
      page.say({ type: 'publish', topic: 't', payload: 'x', qos });
      const acknowledge = await until('the message', () => pubacks.shift());
      page.say({ type: 'ping' });
      await page.hears('pong');
      expect(page.messages).toEqual([]);
      acknowledge();
      const messageId = qos;
      if (qos === 1) expect(await page.hears('puback')).toEqual({ type: 'puback', messageId });
      expect(await page.hears('published')).toMatchObject({ qos, messageId });
    }
    const pings: string[] = [];
    const raw = await bytes((socket, data) => {
      pings.push(data.toString('hex'));
      if (data[0] === 0x10) socket.write(Uint8Array.of(0x20, 2, 0, 0));
      if (data[0] === 0xc0) socket.write(Uint8Array.of(0xd0, 0));
    });
    const other = await Page.connected(worker, { port: raw });
    other.say({ type: 'ping' });
    await other.hears('pong');
    expect(pings.at(-1)).toBe('c000');
  });

  it.each([4, 5])('connects again, and has its subscriptions, version %i', async (version) => {
    const [topic, clientId] = [unique('again'), unique('again')];
    const page = await Page.connected(worker, { port: ports.broker, protocolVersion: version, clientId });
    await page.subscribes(topic);
    page.say({ type: 'subscribe', topics: ['left'] });
    await page.hears('subscribed');
    page.say({ type: 'unsubscribe', topics: ['left'] });
    await page.hears('unsubscribed');
    for (const connection of broker.connections)
      if (connection.who.clientId === clientId) void connection.shutDown();
    expect(await page.hears('reconnecting')).toMatchObject({ retryIn: expect.any(Number) });
    // While nothing stands, QoS 1 waits and QoS 0 does not.
    page.say({ type: 'publish', topic, payload: 'at once', qos: 0 });
    expect(await page.hears('error')).toMatchObject({
      fatal: false,
      message: expect.stringMatching(/no connection/),
    });
    const { sessionPresent } = await page.hears('connected');
    expect(sessionPresent).toBe(version === 5);
    if (version === 4)
      expect(await page.hears('subscribed')).toMatchObject({ topics: [topic], grantedQoS: [2] });
    page.say({ type: 'publish', topic, payload: 'after', qos: 2 });
    expect(await page.hears('message')).toMatchObject({ payload: 'after', qos: 2 });
  });

  it('the hosts that the guard refuses, and those of Cloudflare', async () => {
    for (const host of [
      '169.254.169.254',
      '0xa9fea9fe',
      '[::ffff:a9fe:a9fe]',
      '::ffff:169.254.169.254',
      'Metadata.Google.Internal.',
    ]) {
      expect(await post('connect', { host })).toMatchObject({
        status: 403,
        body: { success: false, field: 'host' },
      });
      const page = await Page.open(worker, { host });
      expect(await page.hears('error')).toMatchObject({ field: 'host', fatal: true });
      expect(await page.closed()).toBe(1008);
    }
    for (const host of ['104.16.1.2', '2606:4700::1111']) {
      expect(await post('connect', { host })).toMatchObject({ status: 403, body: { isCloudflare: true } });
    }
  });

  it.each([
    ['GET', 'publish', undefined, 405, undefined],
    ['DELETE', 'connect', undefined, 405, undefined],
    ['POST', 'session', '{}', 405, undefined],
    ['GET', 'session', undefined, 426, undefined],
    ['GET', 'elsewhere', undefined, 404, undefined],
    ['POST', 'connect', '{', 400, 'body'],
    ['POST', 'connect', '[]', 400, 'body'],
    ['POST', 'connect', '', 400, 'body'],
    ['POST', 'connect', '{}', 400, 'host'],
    ['POST', 'connect', '{"host":7}', 400, 'host'],
    ['POST', 'connect', '{"host":"a b"}', 400, 'host'],
    ['POST', 'connect', '{"host":"u:p@h"}', 400, 'host'],
    ['POST', 'connect', '{"host":"u@h"}', 400, 'host'],
    ['POST', 'connect', '{"host":"h/x"}', 400, 'host'],
    ['POST', 'connect', '{"host":"h","port":0}', 400, 'port'],
    ['GET', 'connect?host=h&port=1e3', undefined, 400, 'port'],
    ['POST', 'connect', '{"host":"h","timeout":0.5}', 400, 'timeout'],
    ['POST', 'connect', '{"host":"h","tls":"yes"}', 400, 'tls'],
    ['POST', 'connect', '{"host":"h","protocolVersion":3}', 400, 'protocolVersion'],
    ['POST', 'connect', '{"host":"h","password":"x"}', 400, 'password'],
    ['POST', 'connect', '{"host":"h","clientId":"\\u0000"}', 400, 'clientId'],
    ['POST', 'connect', '{"host":"h","willTopic":"a/#"}', 400, 'willTopic'],
    ['POST', 'connect', '{"host":"h","willPayload":"a"}', 400, 'willTopic'],
    ['POST', 'connect', '{"host":"h","willTopic":"a","willQos":3}', 400, 'willQos'],
    ['POST', 'publish', '{"host":"h","payload":""}', 400, 'topic'],
    ['POST', 'publish', '{"host":"h","topic":"t"}', 400, 'payload'],
    ['POST', 'publish', '{"host":"h","topic":"t/+","payload":""}', 400, 'topic'],
    ['POST', 'publish', '{"host":"h","topic":"t","payload":"","payloadBase64":""}', 400, 'payload'],
    ['POST', 'publish', '{"host":"h","topic":"t","payloadBase64":"*"}', 400, 'payloadBase64'],
    ['POST', 'publish', '{"host":"h","topic":"t","payload":"","qos":3}', 400, 'qos'],
    ['POST', 'publish', '{"host":"h","topic":"t","payload":"","retain":1}', 400, 'retain'],
    ['POST', 'publish', '{"host":"h","topic":"t","payload":"","properties":{}}', 400, 'properties'],
    [
      'POST',
      'publish',
      '{"host":"h","topic":"t","payload":"","protocolVersion":5,"properties":{"contentType":1}}',
      400,
      'properties.contentType',
    ],
    ['POST', 'publish', `{"host":"h","topic":"t","payload":"${'x'.repeat(262_145)}"}`, 400, 'payload'],
    ['POST', 'publish', 'x'.repeat(1_100_000), 413, 'body'],
    [
      'POST',
      'publish',
      '{"host":"h","topic":"t","payload":"","protocolVersion":5,"properties":{"nope":1}}',
      400,
      'properties.nope',
    ],
    [
      'POST',
      'publish',
      '{"host":"h","topic":"t","payload":"","protocolVersion":5,"properties":{"userProperties":5}}',
      400,
      'properties.userProperties',
    ],
    [
      'POST',
      'publish',
      '{"host":"h","topic":"t","payload":"","protocolVersion":5,"properties":{"userProperties":[[1,"a"]]}}',
      400,
      'properties.userProperties',
    ],
    [
      'POST',
      'publish',
      '{"host":"h","topic":"t","payload":"","protocolVersion":5,"properties":{"messageExpiryInterval":-1}}',
      400,
      'properties.messageExpiryInterval',
    ],
    [
      'POST',
      'publish',
      '{"host":"h","topic":"t","payload":"","protocolVersion":5,"properties":{"correlationDataBase64":"*"}}',
      400,
      'properties.correlationDataBase64',
    ],
  ])('a wrong request (%#): %s %s', async (method, path, body, status, field) => {
    const answer = await call(path, { method, ...(body !== undefined && { body }) });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ success: false, error: expect.any(String), ...(field && { field }) });
    if (field !== undefined)
      expect(answer.body['error']).toMatch(new RegExp(`^${field.replace(/[.[\]]/g, '\\$&')}: `));
  });

  const WRONG = [7.5, -1, 'x\u0000', {}, [], [[]], true, 'x'.repeat(70_000)];
  it.each([
    ...['host', 'port', 'tls', 'protocolVersion', 'clientId', 'username', 'password', 'passwordBase64'],
    ...['timeout', 'keepAlive', 'cleanSession', 'sessionExpiry', 'willTopic', 'willPayload', 'willQos'],
    ...['willRetain', 'willPayloadBase64', 'willProperties', 'topic', 'payload', 'payloadBase64', 'qos'],
    ...['retain', 'properties'],
  ])('whatever is wrong with %s, the answer names a field', async (field) => {
    for (const value of WRONG.filter((one) => field !== 'tls' || one !== true)) {
      const fields = { ...at(ports.broker), topic: 't', willTopic: 'w', username: 'u', cleanSession: false };
      const rest = field === 'payloadBase64' ? {} : { payload: '' };
      const answer = await post('publish', { ...fields, ...rest, [field]: value, qos: 1 });
      // Some of them are right for this field.
      if (answer.status === 200) expect(answer.body).toMatchObject({ success: true });
      else {
        const what = String(value).slice(0, 20);
        expect([field, what, answer.status]).toEqual([field, what, 400]);
        expect(String(answer.body['error'])).toMatch(/^\w+[.\w]*: ./);
        expect(answer.body['field']).toMatch(new RegExp(`^${field.replace('Base64', '')}`));
      }
    }
  });

  it('wrong messages of a session are answered, and it goes on', async () => {
    const page = await Page.open(worker);
    const wrong = async (message: Parameters<Page['say']>[0], field: string): Promise<void> => {
      page.say(message);
      expect(await page.hears('error')).toMatchObject({
        field,
        fatal: false,
        message: expect.stringContaining(field),
      });
    };
    await wrong('{', 'message');
    await wrong('7', 'message');
    await wrong(Uint8Array.of(1), 'message');
    await wrong({}, 'type');
    await wrong({ type: 'publish', topic: 't', payload: '' }, 'type');
    await wrong({ type: 'connect' }, 'host');
    await wrong({ type: 'connect', host: '127.0.0.1', topics: ['#/#'] }, 'topics[0]');
    page.say({ type: 'connect', ...at(ports.broker) });
    await page.hears('connected');
    await wrong({ type: 'connect', host: 'h' }, 'type');
    await wrong({ type: 'nonsense' }, 'type');
    await wrong({ type: 'publish', topic: '', payload: '' }, 'topic');
    await wrong({ type: 'publish', topic: 't' }, 'payload');
    await wrong({ type: 'publish', topic: 't', payload: '', ref: {} }, 'ref');
    await wrong({ type: 'subscribe' }, 'topics');
    await wrong({ type: 'subscribe', topics: [] }, 'topics');
    await wrong({ type: 'subscribe', topics: [7] }, 'topics[0]');
    await wrong({ type: 'subscribe', topics: ['a', { topic: 'b', qos: 3 }] }, 'topics[1].qos');
    await wrong({ type: 'subscribe', topics: [{ topic: 'b', noLocal: true }] }, 'topics[0].noLocal');
    await wrong({ type: 'subscribe', topics: Array(51).fill('a') }, 'topics');
    for (const start of [0, 50]) {
      page.say({
        type: 'subscribe',
        topics: Array.from({ length: 50 }, (_, index) => `many/${start + index}`),
      });
      await page.hears('subscribed');
    }
    await wrong({ type: 'subscribe', topics: ['one/more'] }, 'topics');
    await page.subscribes('many/0');
    page.say({ type: 'publish', topic: 'many/0', payload: 'still here', qos: 1 });
    expect(await page.hears('message')).toMatchObject({ payload: 'still here' });
    expect(page.code).toBeUndefined();
  });

  it('limits on counts and time', async () => {
    const narrow = await startWorker({
      limits: {
        connections: 4,
        firstMessageMilliseconds: 300,
        sessionMilliseconds: 2_000,
        unreadMilliseconds: 300,
      },
    });
    closers.push(() => narrow.stop());
    const url = `http://127.0.0.1:${narrow.port}/api/mqtt/connect?host=127.0.0.1&port=${ports.broker}`;
    const idle = await Promise.all([1, 2, 3, 4].map(() => Page.open(narrow)));
    expect((await fetch(url)).status).toBe(503);
    for (const page of idle) {
      expect(await page.hears('error')).toMatchObject({
        fatal: true,
        message: expect.stringMatching(/^host: /),
      });
      await page.closed();
    }
    const long = await Page.connected(narrow, { port: ports.broker });
    expect(await long.hears('error')).toMatchObject({
      fatal: true,
      message: expect.stringMatching(/lasted/),
    });
    await long.closed();
    expect((await fetch(url)).status).toBe(200);
    // A page that does not read what comes is left, and nobody keeps it for him.
    const [server, port] = await scripted();
    const slow = await Page.connected(narrow, { port });
    slow.pause();
    const payload = new Uint8Array(200_000);
    for (let count = 0; count < 100; count++) server.publish({ topic: 't', payload });
    await until('the connection to end', () => server.all('ended').length === 1);
    slow.resume();
    expect(await slow.hears('error')).toMatchObject({
      fatal: true,
      message: expect.stringMatching(/faster/),
    });
    expect(slow.all('error')).toEqual([]);
  });
});
