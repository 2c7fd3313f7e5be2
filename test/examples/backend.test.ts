import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { describe, expect, it } from 'vitest';
import { Backend } from '../../docs/examples/backend/backend.js';
import { type Config, configOf } from '../../docs/examples/backend/config.js';
import { CONTROLLERS, type Controllers } from '../../docs/examples/backend/controllers.js';
import { filterOf } from '../../docs/examples/backend/filter.js';
import { connect } from '../../docs/examples/client/client.js';
import { root } from '../../scripts/lib/root.js';
import { PacketParser } from '../../src/index.js';
import { noMosquitto, sayWhy } from '../peers/mosquitto.js';
import { pause, until } from '../peers/wait.js';
import { Bytes, closing, Peer, VERSIONS } from './broker/support.js';

const REQUEST = 'Kuzzle/request';
const RESPONSE = 'Kuzzle/response';

async function start(
  given: Record<string, unknown> = {},
  isDevelopment = false,
  controllers: Controllers = CONTROLLERS,
): Promise<{ backend: Backend; port: number }> {
  const config: Config = configOf({ ...given, server: { port: 0 } });
  const backend = new Backend(config, isDevelopment, controllers);
  const port = await backend.start();
  closing(() => backend.close());
  return { backend, port };
}

interface Answer {
  readonly requestId: string;
  readonly status: number;
  readonly error: { readonly message: string } | null;
  readonly result: Record<string, unknown> | null;
  readonly volatile: unknown;
}

/** The responses that a peer has got, in order. */
const answers = (peer: Peer, topic = RESPONSE): Answer[] =>
  peer.messages
    .filter((message) => message.topic === topic)
    .map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as Answer);

let asked = 0;
async function ask(peer: Peer, request: object, qos: 0 | 1 | 2 = 1): Promise<Answer> {
  const requestId = `request ${++asked}`;
  void peer.publish(REQUEST, JSON.stringify({ requestId, ...request }), { qos });
  return until('a response', () => answers(peer).find((answer) => answer.requestId === requestId));
}

const room = { index: 'i', collection: 'c', controller: 'realtime' } as const;
const channelOf = (answer: Answer): string => String(answer.result?.['channel']);

describe('Requests and responses', () => {
  it.each(VERSIONS)('MQTT %i: a response for who has asked, and for nobody else', async (version) => {
    const { port } = await start();
    const peer = await Peer.connected(port, version);
    const other = await Peer.connected(port, version);
    expect(await other.subscribe(RESPONSE)).toEqual([2]);
    for (const qos of [0, 1, 2] as const) {
      const answer = await ask(peer, { controller: 'server', action: 'now', volatile: { a: 1 } }, qos);
      expect(answer).toMatchObject({ status: 200, error: null, volatile: { a: 1 } });
      expect(Math.abs(Number(answer.result?.['now']) - Date.now())).toBeLessThan(10_000);
    }
    expect(peer.messages.map(({ qos }) => qos)).toEqual([0, 1, 2]);
    await other.flush();
    expect(other.messages).toEqual([]);
  });

  it('a request that takes its time holds up no other, and a failure gives nothing away', async () => {
    let finish = (_value: unknown): void => {};
    const slow = new Promise((resolve) => {
      finish = resolve;
    });
    const leak = (): never => {
      throw new Error('secret');
    };
    const controllers = { ...CONTROLLERS, test: { slow: () => slow, leak } };
    const { port } = await start({ limits: { requests: 2 } }, false, controllers);
    const peer = await Peer.connected(port, 5);
    const first = ask(peer, { controller: 'test', action: 'slow' });
    expect(await ask(peer, { controller: 'test', action: 'leak' })).toMatchObject({
      status: 500,
      error: { message: 'the request failed' },
    });
    const second = ask(peer, { controller: 'test', action: 'slow' });
    expect(await ask(peer, { controller: 'server', action: 'now' })).toMatchObject({ status: 429 });
    finish({ done: true });
    expect(await first).toMatchObject({ status: 200, result: { done: true } });
    expect(await second).toMatchObject({ status: 200 });
  });

  it('a client that does not read for a while has its requests wait, and gets all responses', async () => {
    const count = 1_000;
    let carriedOut = 0;
    let finish = (): void => {};
    const signal = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const controllers = { test: { fast: () => ++carriedOut, slow: () => signal } };
    const { port } = await start({ limits: { requests: count } }, false, controllers);
    for (const action of ['fast', 'slow']) {
      const bytes = new Bytes(port);
      const common = { clientId: '', cleanStart: true, keepAlive: 0 } as const;
      bytes.send({ type: 'connect', protocolVersion: 4, ...common }, 4);
      await bytes.expect('20 02 00 00');
      bytes.socket.removeAllListeners('data').pause();
      const volatile = { filler: 'x'.repeat(20_000) };
      const payload = JSON.stringify({ controller: 'test', action, volatile });
      for (let sent = 0; sent < count; sent++) {
        bytes.send({ type: 'publish', topic: REQUEST, payload, qos: 0 }, 4);
      }
      await pause(500);
      if (action === 'fast') expect(carriedOut).toBeLessThan(count);
      else finish();
      const parser = new PacketParser({ version: 4, from: 'server' });
      let answered = 0;
      bytes.socket.on('data', (chunk) => {
        parser.push(chunk);
        for (let packet = parser.next(); packet !== undefined; packet = parser.next()) answered++;
      });
      // The slow ones have all been asked for by now, and are all there at once.
      await pause(action === 'slow' ? 100 : 0);
      bytes.socket.resume();
      await until(`all the responses to what is ${action}`, () => answered === count);
    }
  });

  it('development mode makes responses public, and needs both the option and the environment', async () => {
    for (const isDevelopment of [true, false]) {
      const { port } = await start({ developmentMode: true }, isDevelopment);
      const peer = await Peer.connected(port, 5);
      const other = await Peer.connected(port, 4);
      await other.subscribe(RESPONSE);
      await peer.publish(REQUEST, JSON.stringify({ controller: 'server', action: 'now' }), { qos: 1 });
      await (isDevelopment ? other : peer).received(1);
      await Promise.all([peer.flush(), other.flush()]);
      expect([peer.messages.length, other.messages.length]).toEqual(isDevelopment ? [0, 1] : [1, 0]);
    }
  });

  it('MQTT 5.0: Response Topic and Correlation Data', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, 5, { properties: { requestResponseInformation: 1 } });
    const { packet } = await peer.until('connected');
    const responseTopic = String(packet?.properties?.responseInformation);
    expect(responseTopic).toMatch(/^Kuzzle\/response\/./);
    const other = await Peer.connected(port, 5);
    await other.subscribe(responseTopic);
    const correlationData = Uint8Array.of(0, 255, 7);
    const request = JSON.stringify({ controller: 'server', action: 'now' });
    await peer.publish(REQUEST, request, { qos: 1, properties: { responseTopic, correlationData } });
    await peer.publish(REQUEST, request, { properties: { correlationData } });
    const [first, second] = await peer.received(2);
    expect(first).toMatchObject({ topic: responseTopic, qos: 1, properties: { correlationData } });
    expect(second).toMatchObject({ topic: RESPONSE, qos: 0, properties: { correlationData } });
    expect(answers(peer, responseTopic)).toMatchObject([{ status: 200 }]);
    await other.flush();
    expect(other.messages).toEqual([]);
  });

  it.each([
    ['{', 'request: it is no JSON in UTF-8'],
    ['', 'request: it is no JSON in UTF-8'],
    ['[1]', 'request: it has to be an object'],
    [`{"body":${'['.repeat(50)}${']'.repeat(50)}}`, 'nested deeper than 32'],
    ['{"action":"now"}', 'controller: it is missing'],
    ['{"controller":"server"}', 'action: it is missing'],
    ['{"controller":7,"action":"now"}', 'controller: it has to be a string'],
    ['{"controller":"server","action":"now","requestId":{}}', 'requestId: it has to be a string'],
    ['{"controller":"server","action":"now","volatile":1}', 'volatile: it has to be an object'],
    ['{"controller":"server","action":"now","body":[]}', 'body: it has to be an object'],
    ['{"controller":"constructor","action":"now"}', 'controller: there is no constructor'],
    ['{"controller":"server","action":"toString"}', 'action: server has no toString'],
    ['{"controller":"realtime","action":"publish","collection":"c"}', 'index: it is missing'],
    ['{"controller":"realtime","action":"subscribe","index":"i"}', 'collection: it is missing'],
    ['{"controller":"realtime","action":"unsubscribe"}', 'body.roomId: it has to be a string'],
    [`{"a":"${'x'.repeat(70_000)}"}`, 'request: it has more than 65536 bytes'],
  ])('%s is answered with an error, and the connection stands', async (request, message) => {
    const { port } = await start();
    const peer = await Peer.connected(port, 5);
    await peer.publish(REQUEST, request, { qos: 1 });
    await peer.received(1);
    const [answer] = answers(peer);
    expect(answer?.error?.message).toContain(message);
    expect(answer?.result).toBeNull();
    expect(answer?.requestId).toMatch(/^[\da-f-]{36}$/);
    expect(await ask(peer, { controller: 'server', action: 'now' })).toMatchObject({ status: 200 });
  });

  it.each([...['controller', 'action', 'requestId', 'index', 'collection', 'volatile', 'body']])(
    'whatever is wrong with %s, the response names it',
    async (field) => {
      const { port } = await start();
      const peer = await Peer.connected(port, 5);
      const wrong = [7, true, [], [[]], field === 'body' || field === 'volatile' ? 'x' : {}, 'x'.repeat(257)];
      for (const [at, value] of wrong.entries()) {
        const request = { ...room, action: 'publish', body: {}, [field]: value };
        await peer.publish(REQUEST, JSON.stringify(request), { qos: 1 });
        await peer.received(at + 1);
        const message = answers(peer)[at]?.error?.message;
        expect([value, message]).toEqual([value, expect.stringMatching(`^${field}: `)]);
      }
    },
  );

  it('bytes that are no MQTT end their own connection alone', async () => {
    const { port } = await start();
    const peer = await Peer.connected(port, 5);
    const bytes = new Bytes(port);
    bytes.write('ff ff ff ff ff ff');
    await until('its end', () => bytes.isClosed);
    expect(await ask(peer, { controller: 'server', action: 'now' })).toMatchObject({ status: 200 });
  });
});

describe('Channels', () => {
  it.each(VERSIONS)('MQTT %i: from the subscription to the notification and the end', async (version) => {
    const { backend, port } = await start();
    const peer = await Peer.connected(port, version);
    const publisher = await Peer.connected(port, version);
    const body = { term: { 'sender.name': 'anna' } };
    const channel = channelOf(await ask(peer, { ...room, action: 'subscribe', body }));
    expect(channelOf(await ask(publisher, { ...room, action: 'subscribe', body }))).toBe(channel);
    await peer.subscribe(channel);
    for (const name of ['bert', 'anna']) {
      const published = await ask(publisher, { ...room, action: 'publish', body: { sender: { name } } });
      expect(published).toMatchObject({ result: { published: true } });
    }
    await peer.flush();
    const notifications = peer.messages.filter(({ topic }) => topic === channel);
    expect(notifications.map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)))).toMatchObject([
      { index: 'i', collection: 'c', room: channel, result: { _source: { sender: { name: 'anna' } } } },
    ]);
    const count = { ...room, action: 'count', body: { roomId: channel } };
    expect(await ask(peer, count)).toMatchObject({ result: { count: 2 } });
    const leave = { ...room, action: 'unsubscribe', body: { roomId: channel } };
    expect(await ask(peer, leave)).toMatchObject({ result: { roomId: channel } });
    expect(await ask(peer, leave)).toMatchObject({ status: 404 });
    expect(await ask(publisher, leave)).toMatchObject({ status: 200 });
    expect(backend.channels.size).toBe(0);
    await ask(publisher, { ...room, action: 'publish', body: { sender: { name: 'anna' } } });
    await peer.flush();
    expect(peer.messages.filter(({ topic }) => topic === channel)).toHaveLength(1);
  });

  it.each([
    [{}, true],
    [{ term: { a: 1 } }, true],
    [{ equals: { a: 2 } }, false],
    [{ in: { 'b.c': ['x', 'y'] } }, true],
    [{ exists: 'b.c' }, true],
    [{ exists: { field: 'toString' } }, false],
    [{ range: { a: { gt: 0, lte: 1 } } }, true],
    [{ range: { a: { gte: 2 } } }, false],
    [{ and: [{ term: { a: 1 } }, { not: { term: { a: 2 } } }] }, true],
    [{ or: [{ term: { a: 2 } }, { exists: 'd' }] }, false],
  ])('the filter %j', (filter, matches) => {
    expect(filterOf(filter)({ a: 1, b: { c: 'x' } })).toBe(matches);
  });

  it.each([
    [{ like: { a: 1 } }, 'body.like: there is no such term'],
    [{ term: 'a' }, 'body.term: it has to be about one field'],
    [{ term: { a: 1, b: 2 } }, 'body.term: it has to be about one field'],
    [{ term: { a: {} } }, 'body.term.a: it has to be a value'],
    [{ in: { a: 1 } }, 'body.in.a: it has to be a list of values'],
    [{ exists: {} }, 'body.exists: it has to name a field'],
    [{ range: { a: { above: 1 } } }, 'body.range.a: it takes gt, gte, lt, lte'],
    [{ and: {} }, 'body.and: it has to be a list'],
    [{ or: [{ not: 1 }] }, 'body.or[0].not: it has to be an object'],
    [{ exists: 'a', term: { a: 1 } }, 'body: one term is allowed'],
    [{ term: { a: 'x'.repeat(5_000) } }, 'body: a filter has at most 4096 characters'],
  ])('the filter %j is refused', (filter, message) => {
    expect(() => filterOf(filter)).toThrow(message);
  });

  it('stay for as long as the delay says, and limits hold', async () => {
    const limits = { channelsOfClient: 2, channels: 3 };
    const { backend, port } = await start({ disconnectDelay: 1_000, limits });
    const subscribe = (peer: Peer, value: number): Promise<Answer> =>
      ask(peer, { ...room, action: 'subscribe', body: { term: { value } } });
    const peer = await Peer.connected(port, 5, { clientId: 'a' });
    expect(await subscribe(peer, 1)).toMatchObject({ status: 200 });
    expect(await subscribe(peer, 2)).toMatchObject({ status: 200 });
    expect(await subscribe(peer, 3)).toMatchObject({ status: 429 });
    expect(await subscribe(peer, 2)).toMatchObject({ status: 200 });
    const other = await Peer.connected(port, 5);
    expect(await subscribe(other, 4)).toMatchObject({ status: 200 });
    expect(await subscribe(other, 5)).toMatchObject({ status: 429 });
    await peer.vanish();
    const again = await Peer.connected(port, 5, { clientId: 'a' });
    await pause(1_200);
    expect(backend.channels.size).toBe(3);
    const left = Date.now();
    await again.leave();
    await until('the end of the delay', () => backend.channels.size === 1);
    expect(Date.now() - left).toBeGreaterThanOrEqual(950);
  });
});

describe('Authorisation', () => {
  const now = JSON.stringify({ controller: 'server', action: 'now' });

  it.each([
    [false, 'other'],
    [false, RESPONSE],
    [true, RESPONSE],
    [true, `${RESPONSE}/a`],
  ])('allowPubSub %s: a publish to %s ends the connection at once', async (allowPubSub, topic) => {
    const { backend, port } = await start({ allowPubSub });
    for (const version of VERSIONS) {
      for (const qos of [0, 1, 2] as const) {
        const peer = await Peer.connected(port, version);
        for (const [to, payload] of [
          [REQUEST, now],
          [topic, now],
          [REQUEST, JSON.stringify({ ...room, action: 'subscribe' })],
        ] as const) {
          peer.link.send({ type: 'publish', topic: to, payload, qos }, { token: to });
        }
        const { reason } = await peer.link.closed;
        expect(reason).toBe(version === 5 ? 'peer-disconnected' : 'closed');
        if (version === 5) {
          expect(await peer.until('disconnectReceived')).toMatchObject({ packet: { reasonCode: 0x87 } });
        }
        expect(answers(peer).length).toBeLessThanOrEqual(1);
        const settled = peer.events.find((event) => event.type === 'settled' && event.token === topic);
        expect(backend.channels.size).toBe(0);
        if (qos > 0) expect(settled).not.toMatchObject({ outcome: { kind: 'acknowledged' } });
      }
    }
  });

  it('allowPubSub: clients talk to each other', async () => {
    const { port } = await start({ allowPubSub: true });
    const [a, b] = [await Peer.connected(port, 5), await Peer.connected(port, 4)];
    await b.subscribe('chat');
    await a.publish('chat', 'hello', { qos: 1 });
    await b.received(1);
    expect(b.texts()).toEqual(['hello']);
    expect(await ask(a, { controller: 'server', action: 'now' })).toMatchObject({ status: 200 });
  });

  it.each([REQUEST, `$share/g/${REQUEST}`])('nobody subscribes to %s', async (filter) => {
    const { port } = await start();
    const peer = await Peer.connected(port, 5);
    const old = await Peer.connected(port, 4);
    expect(await peer.subscribe([filter, 'other'])).toEqual([0x87, 2]);
    expect(await old.subscribe([filter, 'other'])).toEqual([0x80, 2]);
    await ask(peer, { controller: 'server', action: 'now' });
    await old.flush();
    expect(old.messages).toEqual([]);
  });

  it.each(['#', 'Kuzzle/+', '$share/g/#'])('nobody subscribes to the wildcard %s', async (filter) => {
    const { port } = await start();
    const peer = await Peer.connected(port, 5);
    // The server has said so, and puremqtt does not even ask; others do.
    await expect(peer.subscribe(filter)).rejects.toThrow('wildcard subscriptions not supported');
    const old = await Peer.connected(port, 4);
    expect(await old.subscribe([filter, 'other'])).toEqual([0x80, 2]);
    const bytes = new Bytes(port);
    const common = { clientId: '', cleanStart: true, keepAlive: 0 } as const;
    bytes.send({ type: 'connect', protocolVersion: 5, ...common }, 5);
    await until('a CONNACK', () => bytes.received.startsWith('20'));
    bytes.received = '';
    const subscriptions = [{ topicFilter: filter, qos: 0 }] as const;
    bytes.send({ type: 'subscribe', packetId: 1, subscriptions }, 5);
    await bytes.ends('e0 01 a2');
  });

  it.each([REQUEST, RESPONSE, 'other'])('no will to %s without allowPubSub', async (topic) => {
    const { port } = await start();
    const peer = new Peer(port, 5, { will: { topic, payload: 'gone' } });
    expect(await peer.until('connectRefused')).toMatchObject({ packet: { reasonCode: 0x87 } });
  });
});

describe('Other clients', () => {
  const request = { index: 'i', collection: 'c', controller: 'realtime' };

  it('MQTT.js hears of responses that it has not subscribed to', async () => {
    const { port } = await start();
    for (const protocolVersion of [4, 5] as const) {
      const client = await connectAsync({ host: '127.0.0.1', port, protocolVersion, reconnectPeriod: 0 });
      closing(() => client.endAsync(true));
      const seen: [string, Record<string, unknown>][] = [];
      client.on('message', (topic, payload) => seen.push([topic, JSON.parse(payload.toString())]));
      await client.publishAsync(REQUEST, JSON.stringify({ ...request, action: 'subscribe', requestId: 's' }));
      const response = await until('a channel', () => seen.find(([topic]) => topic === RESPONSE)?.[1]);
      expect(response).toMatchObject({ requestId: 's', status: 200 });
      const { channel } = response['result'] as { channel: string };
      await client.subscribeAsync(channel);
      const body = { some: 'message' };
      await client.publishAsync(REQUEST, JSON.stringify({ ...request, action: 'publish', body }));
      const found = await until('a notification', () => seen.find(([topic]) => topic === channel)?.[1]);
      expect(found['result']).toEqual({ _source: body });
      await client.endAsync();
    }
  });

  it('the example client iterates over its responses', async () => {
    const { port } = await start();
    const client = connect(`mqtt://127.0.0.1:${port}`, { retry: false });
    const responses = client.subscribe(RESPONSE);
    await responses.granted;
    await client.publish(REQUEST, JSON.stringify({ controller: 'server', action: 'now', requestId: 'x' }));
    const { value } = await responses.next();
    expect(JSON.parse(new TextDecoder().decode(value.payload))).toMatchObject({ requestId: 'x' });
    await client.end();
  });
});

describe('The configuration', () => {
  it('has defaults, a file and the environment, in this order', () => {
    expect(configOf()).toMatchObject({ allowPubSub: false, disconnectDelay: 250, server: { port: 1883 } });
    const file = { server: { protocols: { mqtt: { requestTopic: 'a', server: { port: 7 } } } } };
    const environment = {
      kuzzle_server__protocols__mqtt__developmentMode: 'true',
      kuzzle_server__protocols__mqtt__server__port: '8',
      PATH: '/bin',
    };
    expect(configOf(file)).toMatchObject({ requestTopic: 'a', server: { host: '127.0.0.1', port: 7 } });
    expect(configOf(file, environment)).toMatchObject({
      requestTopic: 'a',
      developmentMode: true,
      server: { port: 8 },
    });
    expect(configOf({ server: { port: 9 } })).toMatchObject({ server: { port: 9 } });
  });

  it.each([
    [7, 'configuration: it has to be an object'],
    [{ colour: 'red' }, 'colour: there is no such field'],
    [{ allowPubSub: 'yes' }, 'allowPubSub: it has to be true or false'],
    [{ disconnectDelay: -1 }, 'disconnectDelay: it has to be a whole number from 0'],
    [{ server: { port: 70_000 } }, 'server.port: it has to be a whole number from 0 to 65535'],
    [{ server: 1 }, 'server: it has to be an object'],
    [{ limits: { channels: 1.5 } }, 'limits.channels: it has to be a whole number'],
    [{ requestTopic: 'a/#' }, 'requestTopic: "a/#" is no topic'],
    [{ requestTopic: 'a', responseTopic: 'a' }, 'responseTopic: it has to be another'],
  ])('%j is refused', (given, message) => {
    expect(() => configOf(given)).toThrow(message);
  });
});

/** A program, and what it prints. */
function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...environment } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  let code: number | undefined;
  child.on('close', (exitCode) => {
    code = exitCode ?? -1;
  });
  child.stdin.on('error', () => {});
  closing(() => {
    child.kill('SIGKILL');
  });
  const says = (text: string): Promise<true> =>
    until(`${text} from ${command}: ${output}`, () => output.includes(text) || undefined) as Promise<true>;
  const over = (): Promise<number> => until(`the end of ${command}: ${output}`, () => code);
  return { child, output: () => output, says, over };
}

const MAIN = ['--import', 'tsx', 'docs/examples/backend/main.ts'];

describe('The program', () => {
  it('says what is wrong with its configuration', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'puremqtt-backend-'));
    closing(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'configuration.json');
    writeFileSync(file, '{"server":{"port":"x"}}');
    const [wrong, missing] = [
      run(process.execPath, [...MAIN, file]),
      run(process.execPath, [...MAIN, '/no']),
    ];
    expect([await wrong.over(), await missing.over()]).toEqual([1, 1]);
    expect(wrong.output()).toContain('configuration: server.port: it has to be a whole number');
    expect(missing.output()).toContain('ENOENT');
  });
});

sayWhy('test/examples/backend.test.ts (mosquitto_pub and mosquitto_sub)');

describe.skipIf(noMosquitto)('mosquitto_pub and mosquitto_sub', () => {
  it('drive it in development mode', async () => {
    const environment = {
      NODE_ENV: 'development',
      kuzzle_server__protocols__mqtt__developmentMode: 'true',
      kuzzle_server__protocols__mqtt__server__port: '0',
    };
    const program = run(process.execPath, MAIN, environment);
    await program.says('development mode: all responses are public');
    const port = /127\.0\.0\.1 (\d+),/.exec(program.output())?.[1] ?? '';
    const place = ['-h', '127.0.0.1', '-p', port];
    // One that subscribes and ends, and one that takes its session: what a single one says comes too late.
    const follow = async (topic: string, ...more: string[]): Promise<ReturnType<typeof run>> => {
      const args = [...place, '-c', '-i', `for ${topic}`, '-q', '1', '-t', topic];
      expect(await run('mosquitto_sub', [...args, '-E']).over()).toBe(0);
      return run('mosquitto_sub', [...args, ...more]);
    };
    const listener = await follow(RESPONSE);
    const now = '{"controller": "server", "action": "now"}';
    for (const version of ['311', '5']) {
      const once = run('mosquitto_pub', [...place, '-V', version, '-q', '1', '-t', REQUEST, '-m', now]);
      expect(await once.over()).toBe(0);
    }
    await listener.says('"result":{"now":');
    await until('two responses', () => listener.output().split('"status":200').length === 3);
    const talker = run('mosquitto_pub', [...place, '-l', '-t', REQUEST]);
    const say = (request: object): boolean => talker.child.stdin.write(`${JSON.stringify(request)}\n`);
    say({ ...room, action: 'subscribe', requestId: 'mine', body: { term: { some: 'filter' } } });
    await listener.says('"requestId":"mine"');
    const channel = /"channel":"([\da-f]+)"/.exec(listener.output())?.[1] ?? '';
    const follower = await follow(channel, '-C', '1');
    say({ ...room, action: 'publish', body: { some: 'filter', text: 'to you' } });
    expect(await follower.over()).toBe(0);
    expect(follower.output()).toContain('"_source":{"some":"filter","text":"to you"}');
    const barred = run('mosquitto_pub', [...place, '-V', '5', '-q', '1', '-t', RESPONSE, '-m', now]);
    expect(await barred.over()).not.toBe(0);
    talker.child.stdin.end();
    await talker.over();
    listener.child.kill('SIGTERM');
    program.child.kill('SIGTERM');
    expect(await program.over()).toBe(0);
  });
});
