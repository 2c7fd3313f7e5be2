import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { sub } from '../../docs/examples/client/command/sub.js';
import type { Surface } from '../../docs/examples/client/command/surface.js';
import { Hosted, type HostedOptions } from '../../docs/examples/hosted/hosted.js';
import { limitsOf } from '../../docs/examples/hosted/limits.js';
import { connect as connectNode, type Link } from '../../src/adapters/node.js';
import { connect as connectWebSocket } from '../../src/adapters/websocket.js';
import { clientConnection, Endpoint, type EndpointEvent, encode } from '../../src/index.js';
import { dice, pause, SEED, until } from '../peers/wait.js';
import { Bytes, closing, Peer, type PeerOptions, VERSIONS, type Version } from './broker/support.js';
import { buildCommand, CREDENTIALS, Process, Robot, temporaryFolder } from './hosted/support.js';

interface Running {
  readonly hosted: Hosted;
  readonly port: number;
}

async function start(options: Partial<HostedOptions> = {}): Promise<Running> {
  const hosted = await Hosted.open({ data: temporaryFolder(), ...options });
  closing(() => hosted.close());
  return { hosted, port: await hosted.listen('tcp', '127.0.0.1', 0) };
}

const peer = (port: number, version: Version, options: PeerOptions = {}): Peer =>
  new Peer(port, version, { ...CREDENTIALS, ...options });

const connected = (port: number, version: Version, options: PeerOptions = {}): Promise<Peer> =>
  Peer.connected(port, version, { ...CREDENTIALS, ...options });

/** A session that outlives its connections. */
const lasting = (version: Version, clientId: string): PeerOptions => ({
  clientId,
  cleanStart: false,
  ...(version === 5 && { properties: { sessionExpiryInterval: 3_600 } }),
});

/** The Reason Code that the client hears of a message, or of its end. */
async function verdict(
  from: Peer,
  topic: string,
  qos: 0 | 1 | 2,
  payload = 'x',
): Promise<number | 'taken' | 'closed'> {
  const outcome = from.publish(topic, payload, { qos }).catch(() => undefined);
  if (qos === 0) await Promise.race([from.flush().catch(() => {}), from.link.closed]);
  const end = from.link.closed.then(() => 'closed' as const);
  const first = await Promise.race([end, ...(qos === 0 ? [] : [outcome])]).catch(() => undefined);
  if (first !== 'closed' && first !== undefined) return first.kind === 'refused' ? first.reasonCode : 'taken';
  const said = from.events.find(({ type }) => type === 'disconnectReceived');
  return said?.type === 'disconnectReceived' ? (said.packet.reasonCode ?? 0) : 'closed';
}

describe.each(VERSIONS)('the limits of the hosted broker, version %i', (version) => {
  const code = (five: number, four: number) => (version === 5 ? five : four);

  it('lets in who has a token of the instance, under the name of the Client Identifier', async () => {
    const { hosted, port } = await start({ instance: 'shop', tokens: ['one', 'two'] });
    for (const [username, password] of [
      ['shop', 'three'],
      ['other', 'one'],
      ['shop', ''],
    ] as const) {
      const stranger = peer(port, version, { username, password });
      expect(await stranger.until('connectRefused')).toMatchObject({ packet: { reasonCode: code(0x86, 4) } });
    }
    await connected(port, version, { clientId: 'till-1', username: 'shop', password: 'one' });
    await connected(port, version, { clientId: 'till-2', username: 'shop', password: 'two' });
    expect(hosted.names).toEqual(['till-1', 'till-2']);
  });

  it('Client Identifiers of 64 characters, and no more', async () => {
    const { port } = await start();
    await connected(port, version, { clientId: 'ü'.repeat(64) });
    const long = peer(port, version, { clientId: 'ü'.repeat(65) });
    expect(await long.until('connectRefused')).toMatchObject({ packet: { reasonCode: code(0x85, 2) } });
  });

  it.each([0, 1, 2] as const)('topics and payloads of messages, QoS %i', async (qos) => {
    const { port } = await start();
    const listener = await connected(port, version);
    await listener.subscribe('#');
    let from = await connected(port, version);
    const good = ['t'.repeat(128), `/${'t'.repeat(128)}`, 'Az09.,:;-_$/x', 'a//b', 'a/'];
    for (const topic of good) from.link.send({ type: 'publish', topic, payload: 'x', qos });
    from.link.send({ type: 'publish', topic: 'full', payload: 'x'.repeat(65_536), qos });
    await from.flush();
    const came = await listener.received(good.length + 1);
    expect(came.map(({ topic }) => topic)).toEqual([
      ...good.map((topic) => topic.replace(/^\//, '')),
      'full',
    ]);
    const bad = [
      ['t'.repeat(129), 'x', 0x90],
      ['a b', 'x', 0x90],
      ['a*', 'x', 0x90],
      ['ä', 'x', 0x90],
      ['/', 'x', 0x90],
      ['//a', 'x', 0x90],
      ['full', 'x'.repeat(65_537), 0x97],
    ] as const;
    for (const [topic, payload, reasonCode] of bad) {
      expect([topic, await verdict(from, topic, qos, payload)]).toEqual([
        topic,
        version === 5 ? reasonCode : 'closed',
      ]);
      // Where it was told in an acknowledgement, the connection stands.
      if (version === 4 || qos === 0) from = await connected(port, version);
      else await from.flush();
    }
    expect(await listener.payloads()).toHaveLength(good.length + 1);
  });

  it('Topic Filters, and their number', async () => {
    const { port } = await start();
    const client = await connected(port, version);
    const wrong = [`${'t'.repeat(129)}`, 'a b', 'ä', '//a', 'a*', '/'];
    expect(await client.subscribe(wrong)).toEqual(wrong.map(() => code(0x8f, 0x80)));
    const filters = Array.from({ length: 101 }, (_, i) => `many/${i}`);
    const codes = await client.subscribe(filters);
    expect(codes).toEqual([...Array<number>(100).fill(2), code(0x97, 0x80)]);
    await client.unsubscribe('many/0');
    expect(await client.subscribe('t'.repeat(128))).toEqual([2]);
  });

  it('wills', async () => {
    const { port } = await start();
    for (const [topic, payload, reasonCode] of [
      ['a b', 'x', 0x90],
      ['t'.repeat(129), 'x', 0x90],
    ] as const) {
      const client = peer(port, version, { will: { topic, payload, qos: 1, retain: false } });
      if (version === 5)
        expect(await client.until('connectRefused')).toMatchObject({ packet: { reasonCode } });
      await client.link.closed;
      expect(client.events.some(({ type }) => type === 'connected')).toBe(false);
    }
    const listener = await connected(port, version);
    await listener.subscribe('/gone');
    const mortal = await connected(port, version, {
      will: { topic: 'gone', payload: 'x', qos: 1, retain: false },
    });
    await mortal.vanish();
    expect((await listener.received(1))[0]).toMatchObject({ topic: '/gone' });
  });

  it('each can be set', async () => {
    const limits = { clientId: 3, topic: 4, specialCharacters: '/ ', payload: 5, subscriptions: 1 };
    const { port } = await start({ limits });
    const client = await connected(port, version, { clientId: 'abc' });
    expect(await client.subscribe(['a b/', 'b', 'a.b'])).toEqual([2, code(0x97, 0x80), code(0x8f, 0x80)]);
    await client.publish('a b/', '12345', { qos: 1 });
    expect(await client.payloads()).toEqual(['12345']);
    expect(await verdict(client, 'a b/', 1, '123456')).toBe(version === 5 ? 0x97 : 'closed');
    const long = peer(port, version, { clientId: 'abcd' });
    await long.until('connectRefused');
  });
});

describe('the Keep Alive', () => {
  it('of MQTT 5.0 is the one that is told [5.0: MQTT-3.1.2-21]', async () => {
    const { port } = await start({ limits: { shortestKeepAlive: 10 } });
    for (const [asked, told] of [
      [0, 300],
      [301, 300],
      [300, 300],
      [60, 60],
      [5, 10],
    ] as const) {
      const client = await connected(port, 5, { keepAlive: asked });
      expect(await client.until('connected')).toMatchObject({ keepAlive: told });
      await client.leave();
    }
  });

  it('of MQTT 3.1.1 cannot be told: the silent are disconnected', async () => {
    const { port } = await start({ limits: { longestKeepAlive: 1 } });
    const listener = await connected(port, 4, { keepAlive: 1 });
    await listener.subscribe('will');
    const since = performance.now();
    const will = { topic: 'will', payload: 'x', qos: 0, retain: false } as const;
    const silent = await connected(port, 4, { keepAlive: 0, will });
    const other = await connected(port, 4, { keepAlive: 600 });
    await Promise.all([silent.link.closed, other.link.closed]);
    expect(performance.now() - since).toBeGreaterThan(1_400);
    expect(await listener.payloads()).toEqual(['x']);
  });

  it('of MQTT 3.1.1 is the shortest there is', async () => {
    const { port } = await start();
    const client = new Bytes(port);
    const common = { type: 'connect', clientId: 'quick', cleanStart: true, keepAlive: 1 } as const;
    const since = performance.now();
    client.send({ ...common, ...CREDENTIALS, protocolVersion: 4 }, 4);
    await client.expect('20 02 00 00');
    await until('the end', () => client.isClosed);
    expect(performance.now() - since).toBeGreaterThan(1_300);
  });
});

it('a packet that is larger than was announced ends the connection with 0x95', async () => {
  const { port } = await start();
  const client = new Bytes(port);
  const common = { type: 'connect', clientId: 'big', cleanStart: true, keepAlive: 60 } as const;
  client.send({ ...common, ...CREDENTIALS, protocolVersion: 5 }, 5);
  await until('CONNACK', () => client.received.startsWith('20'));
  client.received = '';
  client.socket.write(encode({ type: 'publish', topic: 'a', payload: new Uint8Array(140_000), qos: 0 }, 5));
  await until('DISCONNECT', () => client.received.startsWith('e0'));
  expect(client.received).toBe('e00195');
});

describe.each(VERSIONS)('the rules for topics, version %i', (version) => {
  it('* stands for +', async () => {
    const { port } = await start();
    const client = await connected(port, version);
    expect(await client.subscribe(['a/*', '*/*/c'])).toEqual([2, 2]);
    for (const topic of ['a/b', 'x/y/c', 'a', 'x/y/d']) await client.publish(topic, topic, { qos: 1 });
    expect(await client.payloads()).toEqual(['a/b', 'x/y/c']);
    await client.unsubscribe('*/*/c');
    await client.publish('x/y/c', 'again', { qos: 1 });
    expect(await client.payloads()).toEqual(['a/b', 'x/y/c']);
  });

  it('the command line of the example client shows what the broker finds by them', async () => {
    const { port } = await start();
    const client = await connected(port, version);
    for (const topic of ['room/1', '/room/2']) await client.publish(topic, topic, { qos: 1, retain: true });
    const printed: string[] = [];
    const surface: Surface = {
      stdin: process.stdin,
      print: async (bytes) => void printed.push(new TextDecoder().decode(bytes)),
      complain: (line) => printed.push(line),
      onInterrupt: () => {},
    };
    const line = `-p ${port} -u public -P public -V ${version === 5 ? 'mqttv5' : 'mqttv311'} -t room/* -v -C 2`;
    expect(await sub(line.split(' '), surface)).toBe(0);
    expect(printed.sort()).toEqual(['room/1 room/1\n', 'room/2 /room/2\n']);
  });

  it('a root slash makes no difference, and is seen by who has asked with one', async () => {
    const { hosted, port } = await start();
    const filters = ['hello', '/hello', '#', '/#', '+', '/+', '*', '/*'];
    const clients = await Promise.all(filters.map(() => connected(port, version)));
    const both = await connected(port, version);
    await Promise.all(clients.map((client, i) => client.subscribe(filters[i]!)));
    await both.subscribe(['hello', '/hello', '#']);
    const publisher = await connected(port, version);
    for (const topic of ['hello', '/hello']) await publisher.publish(topic, topic, { qos: 2, retain: true });
    for (const [i, client] of clients.entries()) {
      const root = filters[i]!.startsWith('/') ? '/' : '';
      await client.flush();
      expect([filters[i], ...client.messages.map(({ topic }) => topic)]).toEqual([
        filters[i],
        `${root}hello`,
        `${root}hello`,
      ]);
    }
    await both.flush();
    expect(both.messages.map(({ topic }) => topic)).toEqual(['hello', '/hello', 'hello', '/hello']);
    // One retained message, in either form.
    expect(hosted.retained.size).toBe(1);
    for (const [filter, topic] of [
      ['hello', 'hello'],
      ['/hello', '/hello'],
      ['/#', '/hello'],
      ['*', 'hello'],
    ] as const) {
      const late = await connected(port, version);
      await late.subscribe(filter);
      await late.flush();
      expect(late.messages).toMatchObject([{ topic, retain: true }]);
    }
    await publisher.publish('/hello', '', { qos: 1, retain: true });
    expect(hosted.retained.size).toBe(0);
  });

  it('no wildcard finds topics that begin with $, with a root slash or without', async () => {
    const { port } = await start();
    const client = await connected(port, version);
    await client.subscribe(['#', '/#', '+/x', '/+/x']);
    await client.publish('$mine/x', 'x', { qos: 1 });
    await client.publish('/$mine/x', 'x', { qos: 1 });
    expect(await client.payloads()).toEqual([]);
    await client.subscribe('/$mine/#');
    await client.publish('$mine/x', 'y', { qos: 1 });
    expect(await client.payloads()).toEqual(['y']);
    expect(await verdict(client, '/$SYS/x', 1)).toBe(version === 5 ? 0x87 : 'closed');
  });
});

it('shared subscriptions, with a root slash or without', async () => {
  const { port } = await start();
  const members = await Promise.all([0, 1].map(() => connected(port, 5)));
  for (const member of members) await member.subscribe(['$share/g/hello', '$share/g//hello']);
  const publisher = await connected(port, 5);
  for (let i = 0; i < 4; i++) await publisher.publish('hello', `${i}`, { qos: 1 });
  for (const member of members) {
    await member.flush();
    expect(member.messages.map(({ topic }) => topic)).toEqual(['hello', '/hello', 'hello', '/hello']);
  }
});

it('what many publish, everybody sees in one order', async () => {
  const { port } = await start();
  const publishers = 16;
  const each = 40;
  const filters = ['o/#', '/o/#', 'o/*', 'o/+'];
  const subscribers = await Promise.all(
    filters.flatMap((filter, i) =>
      VERSIONS.map(async (version) => {
        const client = await connected(port, version, lasting(version, `s-${i}-${version}`));
        await client.subscribe(filter, { qos: (i % 3) as 0 | 1 | 2 });
        return client;
      }),
    ),
  );
  const sources = await Promise.all(
    Array.from({ length: publishers }, (_, i) => connected(port, VERSIONS[i % 2]!, { clientId: `p-${i}` })),
  );
  await Promise.all(
    sources.map(async (source, i) => {
      const roll = dice(SEED + i);
      for (let n = 0; n < each; n++) {
        const topic = `${roll(2) === 0 ? '/' : ''}o/${roll(5)}`;
        source.link.send({ type: 'publish', topic, payload: `${i}:${n}`, qos: roll(3) as 0 | 1 | 2 });
        if (roll(4) === 0) await pause(1);
      }
    }),
  );
  const [first, ...others] = await Promise.all(
    subscribers.map(async (subscriber) => {
      await subscriber.received(publishers * each);
      return subscriber.messages.map(({ topic, payload }) => {
        return `${topic.replace(/^\//, '')} ${Buffer.from(payload)}`;
      });
    }),
  );
  for (const other of others) expect(other).toEqual(first);
  const numbers = first!.map((line) => line.split(' ')[1]!.split(':').map(Number));
  for (let i = 0; i < publishers; i++) {
    const own = numbers.filter(([source]) => source === i).map(([, n]) => n);
    expect(own).toEqual(Array.from({ length: each }, (_, n) => n));
  }
  // They did not simply come one publisher after the other.
  const turns = numbers.filter(([source], i) => i > 0 && source !== numbers[i - 1]![0]).length;
  expect(turns).toBeGreaterThan(2 * publishers);
});

describe.each(VERSIONS)('a restart, version %i', (version) => {
  it('loses neither sessions, nor what waits for them, nor retained messages', async () => {
    const data = temporaryFolder();
    const first = await start({ data });
    const sleeper = await connected(first.port, version, lasting(version, 'sleeper'));
    await sleeper.subscribe(['a/#', '/b']);
    await sleeper.subscribe('c');
    await sleeper.unsubscribe('c');
    await sleeper.leave();
    const passing = await connected(first.port, version, { clientId: 'passing' });
    await passing.subscribe('a/#');
    for (const [topic, qos] of [
      ['a/0', 0],
      ['a/1', 1],
      ['/a/2', 2],
      ['b', 1],
      ['c', 1],
    ] as const) {
      await passing.publish(topic, topic, { qos, retain: true });
    }
    await passing.publish('a/1', '', { qos: 1, retain: true });
    await first.hosted.close();
    const { hosted, port } = await start({ data });
    expect(hosted.sessions.has('passing')).toBe(false);
    const back = await connected(port, version, { ...lasting(version, 'sleeper'), after: sleeper });
    expect(await back.until('connected')).toMatchObject({ sessionPresent: true });
    await back.flush();
    expect(back.messages.map(({ topic, qos }) => [topic, qos])).toEqual([
      ['a/1', 1],
      ['a/2', 2],
      ['/b', 1],
      ['a/1', 1],
    ]);
    const curious = await connected(port, version);
    await curious.subscribe('#');
    const kept = (await curious.payloads()).sort();
    expect(kept).toEqual(['/a/2', 'a/0', 'b', 'c']);
    // A clean start, and nothing is left of it.
    const clean = await connected(port, version, { ...lasting(version, 'sleeper'), cleanStart: true });
    await clean.leave();
    await hosted.close();
    const third = await start({ data });
    const again = await connected(third.port, version, { ...lasting(version, 'sleeper'), after: clean });
    expect(await again.payloads()).toEqual([]);
  });
});

describe('a restart', () => {
  it('does not stop the clock of sessions and messages', async () => {
    const data = temporaryFolder();
    const first = await start({ data });
    let after: Peer | undefined;
    for (const [clientId, sessionExpiryInterval] of [
      ['short', 1],
      ['long', 100],
      ['none', 0],
    ] as const) {
      const client = await connected(first.port, 5, { clientId, properties: { sessionExpiryInterval } });
      await client.subscribe('a/#');
      await client.leave();
      if (clientId === 'long') after = client;
    }
    const publisher = await connected(first.port, 5);
    const properties = {
      messageExpiryInterval: 1,
      correlationData: Uint8Array.of(1, 2),
      contentType: 'text',
    };
    await publisher.publish('a/soon', 'x', { qos: 1, retain: true, properties });
    await publisher.publish('a/late', 'x', {
      qos: 1,
      retain: true,
      properties: { ...properties, messageExpiryInterval: 100 },
    });
    await first.hosted.close();
    await pause(1_050);
    const { hosted, port } = await start({ data });
    await until('the end of one session', () => hosted.sessions.size === 1);
    expect(hosted.sessions.has('long')).toBe(true);
    const curious = await connected(port, 5);
    await curious.subscribe('#');
    await curious.flush();
    expect(curious.messages.map(({ topic }) => topic)).toEqual(['a/late']);
    const client = await connected(port, 5, { clientId: 'long', cleanStart: false, ...(after && { after }) });
    const [message] = await client.received(1);
    expect(message).toMatchObject({ topic: 'a/late', properties: { contentType: 'text' } });
    expect(message?.properties?.correlationData).toEqual(Uint8Array.of(1, 2));
    // It asked for no session this time, and has none any more.
    await client.leave();
    await hosted.close();
    const third = await start({ data });
    expect(third.hosted.sessions.size).toBe(0);
    expect(third.hosted.retained.size).toBe(1);
  });

  it('a store that cannot be opened is told', async () => {
    const { hosted } = await start();
    const data = temporaryFolder();
    await Hosted.open({ data }).then((other) => closing(() => other.close()));
    await expect(Hosted.open({ data })).rejects.toThrow(`data: ${data} cannot be opened: `);
    expect(hosted.names).toEqual([]);
  });
});

describe('what the hosted broker is told', () => {
  it.each([
    [{ clientId: 0 }, 'limits.clientId: it has to be a whole number from 1 to 65535'],
    [{ topic: 1.5 }, 'limits.topic: it has to be a whole number from 1 to 65535'],
    [{ payload: -1 }, 'limits.payload: it has to be a whole number from 1 to 134217728'],
    [{ subscriptions: Number.NaN }, 'limits.subscriptions: it has to be a whole number from 1 to 65535'],
    [{ shortestKeepAlive: 0 }, 'limits.shortestKeepAlive: it has to be a whole number from 1 to 65535'],
    [{ longestKeepAlive: 65_536 }, 'limits.longestKeepAlive: it has to be a whole number from 1 to 65535'],
    [{ shortestKeepAlive: 301 }, 'limits.shortestKeepAlive: it has to be at most longestKeepAlive'],
    [{ specialCharacters: '/*' }, 'limits.specialCharacters: it has to have neither letters, digits nor *'],
  ])('is checked: %j', (limits, message) => {
    expect(() => limitsOf(limits)).toThrow(message);
  });

  it('is checked: the instance and its tokens', async () => {
    const data = temporaryFolder();
    await expect(Hosted.open({ data, instance: '' })).rejects.toThrow('instance: it has to have a name');
    for (const tokens of [[], ['']]) {
      await expect(Hosted.open({ data, tokens })).rejects.toThrow('tokens: they have to have characters');
    }
  });
});

describe('the command', () => {
  const { ca, server } = JSON.parse(
    readFileSync(join(import.meta.dirname, 'broker/certificates.json'), 'utf8'),
  ) as { readonly ca: string; readonly server: { readonly cert: string; readonly key: string } };
  const folder = mkdtempSync(join(tmpdir(), 'puremqtt-hosted-command-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  let command = '';

  beforeAll(async () => {
    command = await buildCommand(folder);
    writeFileSync(cert, server.cert);
    writeFileSync(key, server.key);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: readonly string[]): Process =>
    new Process(command, ['--data', temporaryFolder(), '--port', '0', '--ws-port', '0', ...args]);

  it('TCP, TLS, and WebSocket over either, in both versions', async () => {
    const broker = run('--tls-port', '0', '--wss-port', '0', '--cert', cert, '--key', key);
    const create = (url: string, protocol: string): WebSocket => new WebSocket(url, protocol, { ca });
    for (const version of VERSIONS) {
      const common = {
        type: 'connect',
        clientId: '',
        cleanStart: true,
        keepAlive: 60,
        ...CREDENTIALS,
      } as const;
      const endpoint = (): Endpoint =>
        new Endpoint(
          clientConnection({
            connect: version === 5 ? { ...common, protocolVersion: 5 } : { ...common, protocolVersion: 4 },
          }),
        );
      for (const [kind, scheme] of [
        ['tcp', 'mqtt'],
        ['tls', 'mqtts'],
        ['ws', 'ws'],
        ['wss', 'wss'],
      ] as const) {
        const url = `${scheme}://127.0.0.1:${await broker.port(kind)}`;
        const events: EndpointEvent[] = [];
        const note = (more: readonly EndpointEvent[]): void => {
          events.push(...more);
        };
        const link: Link = scheme.startsWith('ws')
          ? connectWebSocket(endpoint(), url, note, { create })
          : connectNode(endpoint(), url, note, { tls: { ca } });
        closing(() => link.destroy());
        await until(`${url} to accept`, () => events.some(({ type }) => type === 'connected'));
        link.send({ type: 'subscribe', subscriptions: [{ topicFilter: '/a', qos: 2 }] });
        link.send({ type: 'publish', topic: 'a', payload: 'x', qos: 2 });
        const message = await until('the message', () => events.find(({ type }) => type === 'deliver'));
        expect(message).toMatchObject({ packet: { topic: '/a', qos: 2 } });
        link.disconnect();
        await link.closed;
      }
    }
    expect(await broker.stop('SIGTERM')).toBe(0);
  });

  it('takes free ports where the usual ones are taken', async () => {
    const data = (): string[] => ['--data', temporaryFolder()];
    const brokers = [new Process(command, data()), new Process(command, data())];
    const ports = await Promise.all(brokers.flatMap((broker) => [broker.port('tcp'), broker.port('ws')]));
    expect(new Set(ports).size).toBe(4);
  });

  it('says what is wrong with what it is told, and opens nothing', async () => {
    const wrong = [
      ['--wss-port', '65536', '--wss-port: it has to be a whole number from 0 to 65535'],
      ['--limit', 'topic=long', 'limits.topic: it has to be a whole number from 1 to 65535'],
      ['--limit', 'colour=7', 'limits.colour: there is no such field'],
      ['--instance', '', 'instance: it has to have a name'],
      ['--tls-port', '0', '--cert: TLS needs it'],
      ['--cert', '/nowhere', '--cert: ENOENT'],
      ['--colour', 'red', "Unknown option '--colour'"],
    ] as const;
    for (const [name, value, message] of wrong) {
      const broker = run(name, value, ...(name === '--cert' ? ['--tls-port', '0'] : []));
      expect(await broker.over()).toBe(1);
      expect(broker.output).toContain(message);
      expect(broker.output).not.toContain('listening');
    }
  });

  it('killed under load and started again, it loses nothing that it has acknowledged', async () => {
    const roll = dice(SEED);
    const data = ['--data', temporaryFolder()];
    let broker = new Process(command, [...data, '--port', '0', '--ws-port', '0']);
    const port = await broker.port('tcp');
    const robots = (role: string): Robot[] =>
      VERSIONS.map((version) => new Robot(`${role}-${version}`, version));
    const [publishers, listeners, sleepers] = [robots('publisher'), robots('listener'), robots('sleeper')];
    const all = [...publishers, ...listeners, ...sleepers];
    for (const robot of all) {
      robot.port = port;
      robot.start();
    }
    await until('all to connect', () => all.every(({ isConnected }) => isConnected));
    await Promise.all([...listeners, ...sleepers].map((robot) => robot.subscribe('load/#')));
    await Promise.all(sleepers.map((sleeper) => sleeper.stop()));
    const last = new Map<string, string>();
    const feed = (robot: Robot): void => {
      while (
        isLoaded &&
        robot.isConnected &&
        robot.sent - robot.acknowledged.size < 50 &&
        robot.sent < 4_000
      ) {
        // What of QoS 1 comes again would take the place of newer ones of QoS 2, which do not.
        const topic = `load/${robot.clientId}/${qosOf(robot.sent)}/${roll(3)}`;
        last.set(topic, `${robot.clientId}:${robot.sent}`);
        robot.send(topic, qosOf(robot.sent), true);
      }
    };
    const qosOf = (number: number): 1 | 2 => (number % 3 === 0 ? 1 : 2);
    let isLoaded = true;
    const feeding = setInterval(() => publishers.forEach(feed), 5);
    closing(() => clearInterval(feeding));
    for (const publisher of publishers) publisher.onSettled = () => feed(publisher);
    const progress: number[] = [];
    const kill = async (): Promise<void> => {
      progress.push(done());
      await broker.stop('SIGKILL');
      broker = new Process(command, [...data, '--port', `${port}`, '--ws-port', '0']);
      await broker.port('tcp');
    };
    const done = (): number => publishers.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
    for (let kills = 0; kills < 3; kills++) {
      const before = done();
      await until('acknowledgements', () => done() > before);
      await pause(roll(200));
      await kill();
      // And once more before all are back.
      if (kills === 1) await pause(roll(40)).then(kill);
    }
    isLoaded = false;
    await until('all acknowledgements', () =>
      publishers.every(({ sent, acknowledged }) => sent === acknowledged.size),
    );
    await kill();
    for (const sleeper of sleepers) sleeper.start();
    const about = `seed ${SEED}, acknowledged at the kills: ${progress}`;
    const sent = publishers.reduce((sum, publisher) => sum + publisher.sent, 0);
    for (const robot of [...listeners, ...sleepers]) {
      const counts = (): Map<string, number> => {
        const found = new Map<string, number>();
        for (const { payload } of robot.messages) {
          const text = Buffer.from(payload).toString();
          found.set(text, (found.get(text) ?? 0) + 1);
        }
        return found;
      };
      await until(`${sent} messages for ${robot.clientId} (${about})`, () => counts().size >= sent);
      await pause(50);
      // QoS 1 may come again, QoS 2 may not.
      const twice = [...counts()].filter(([text, count]) => count > 1 && qosOf(numberOf(text)) === 2);
      expect(twice, about).toEqual([]);
      for (const { clientId } of publishers) {
        const own = [...counts().keys()].filter((text) => text.startsWith(`${clientId}:`)).map(numberOf);
        expect(own, about).toEqual(own.map((_, n) => n));
      }
    }
    for (const robot of all) expect([robot.clientId, robot.lost, about]).toEqual([robot.clientId, 0, about]);
    const curious = await connected(port, 5);
    await curious.subscribe('load/#');
    await curious.flush();
    const kept = curious.messages.map(({ topic, payload }) => [topic, Buffer.from(payload).toString()]);
    expect(new Map(kept as [string, string][]), about).toEqual(last);
  });
});

const numberOf = (text: string): number => Number(text.split(':')[1]);
