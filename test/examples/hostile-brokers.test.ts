/** The examples that are clients, against brokers that mean no good; each goes on, and is served by a good one. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Broker } from '../../docs/examples/broker/broker.js';
import { listenTcp } from '../../docs/examples/broker/listeners.js';
import { startExampleBroker } from '../../docs/examples/chat/brokers.js';
import { type Chat, startChat } from '../../docs/examples/chat/chat.js';
import { type Site, serveSite } from '../../docs/examples/chat/site.js';
import { connect } from '../../docs/examples/client/client.js';
import { Console } from '../../docs/examples/console/console.js';
import { noWorkerd, type Running } from '../../docs/examples/workerd/workerd.js';
import { startWorker } from '../../docs/examples/workers/start.js';
import { root } from '../../scripts/lib/root.js';
import { BROKERS, HostileServer } from '../adapters/hostile/brokers.js';
import type { Behaviour } from '../adapters/peers/behaviours.js';
import { least, pause, until } from '../peers/wait.js';

const CHROMIUM = '/usr/bin/chromium';
const MEBIBYTE = 1_048_576;
const host = '127.0.0.1';
/** For how long an attack goes on, in milliseconds. */
const DURATION = 400;
/** For how long a good broker may take. */
const PATIENCE = 25_000;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Bytes in use by this process, without garbage. */
function memory(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A client that is told so does not come back. */
const SENT_AWAY = ['refuses with a code that there is not', 'sends elsewhere'];
const ATTACKS: readonly (readonly [string, Behaviour])[] = Object.entries(BROKERS);

describe('the console, and a broker that', () => {
  let server: HostileServer;
  let good: string;
  const closers: (() => Promise<unknown>)[] = [];
  const lines: string[] = [];
  const driven = new Console({
    print: (line) => lines.push(line),
    paint: (_colour, text) => text,
    ask: () => Promise.resolve(''),
  });

  /** Carries out a line, for so long at the most; gives what was printed. */
  async function run(line: string, milliseconds = 25_000): Promise<string> {
    const from = lines.length;
    const timer = setTimeout(() => driven.interrupt(), milliseconds);
    await driven.run(line);
    clearTimeout(timer);
    return lines.splice(from).join('\n');
  }

  beforeAll(async () => {
    server = await HostileServer.start('tcp');
    const broker = new Broker();
    const listening = await listenTcp(broker, { host, port: 0 });
    good = `mqtt://${host}:${listening.port}`;
    closers.push(
      () => driven.end(),
      () => server.stop(),
      () => Promise.all([listening.close(), broker.close()]),
    );
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  it.each(ATTACKS)('%s', async (_, behaviour) => {
    const before = memory();
    server.behaviour = behaviour;
    await run(`connect mqtt://${host}:${server.port} connect-timeout=1`);
    await run('sub #', DURATION / 4);
    await run('pub a qos=1 text x', DURATION / 4);
    await run('pub a text x', DURATION / 4);
    await pause(DURATION / 4);
    await run('disconnect');
    lines.length = 0;
    // The log keeps 4 MiB.
    const allowed = before + 12 * MEBIBYTE;
    expect(await least(memory, allowed)).toBeLessThan(allowed);
    expect(await run(`connect ${good}`)).toContain('connected to');
    await run('sub hello');
    expect(await run('pub hello qos=2 text good')).toContain('published');
    await run('wait 1 timeout=20');
    expect(await run('log')).toContain('hello qos=0 good');
    await run('disconnect');
  });
});

describe.skipIf(noWorkerd !== undefined)('the Worker, and a broker that', () => {
  let server: HostileServer;
  let worker: Running;
  let goodPort: number;
  const closers: (() => Promise<unknown>)[] = [];

  async function post(
    port: number,
    timeout = DURATION,
  ): Promise<{ readonly success: boolean; readonly error?: string }> {
    const fields = { host, port, protocolVersion: 5, timeout, topic: 't', payload: 'x', qos: 1 };
    const response = await fetch(`http://${host}:${worker.port}/api/mqtt/publish`, {
      method: 'POST',
      body: JSON.stringify(fields),
    });
    expect([200, 500]).toContain(response.status);
    return (await response.json()) as { success: boolean };
  }

  /** A session that subscribes and publishes; it ends after the attack, or when all has come that was due. */
  async function converse(port: number, due?: readonly string[]): Promise<string[]> {
    const timeout = due === undefined ? DURATION : PATIENCE;
    const query = `host=${host}&port=${port}&protocolVersion=5&timeout=${timeout}`;
    const page = new WebSocket(`ws://${host}:${worker.port}/api/mqtt/session?${query}`);
    const types: string[] = [];
    page.on('message', (data) => {
      const { type } = JSON.parse(String(data)) as { type: string };
      if (type === 'connected') {
        page.send('{"type":"subscribe","topics":["t"]}');
        page.send('{"type":"publish","topic":"t","payload":"x","qos":1}');
      }
      types.push(type);
    });
    page.on('error', () => {});
    await until('an answer', () => types.some((type) => type === 'connected' || type === 'error'));
    if (due === undefined) await pause(DURATION);
    else await until(`${due}`, () => due.every((type) => types.includes(type)));
    page.close();
    await until('the WebSocket to close', () => page.readyState === WebSocket.CLOSED);
    return types;
  }

  beforeAll(async () => {
    server = await HostileServer.start('tcp');
    worker = await startWorker();
    const broker = new Broker();
    const listening = await listenTcp(broker, { host, port: 0 });
    goodPort = listening.port;
    closers.push(
      () => worker.stop(),
      () => server.stop(),
      () => Promise.all([listening.close(), broker.close()]),
    );
    await Promise.all([post(goodPort, PATIENCE), converse(goodPort, [])]);
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  it.each(ATTACKS)('%s', async (_, behaviour) => {
    server.behaviour = behaviour;
    const [answer, types] = await Promise.all([post(server.port), converse(server.port)]);
    if (!answer.success) expect(answer.error).toMatch(/./);
    if (!types.includes('connected')) expect(types).toEqual(['error']);
    expect(await post(goodPort, PATIENCE)).toMatchObject({ success: true });
    await converse(goodPort, ['connected', 'subscribed', 'published', 'message']);
    const allowed = 256 * MEBIBYTE;
    expect(await least(worker.memory, allowed)).toBeLessThan(allowed);
  });
});

describe.skipIf(!existsSync(CHROMIUM))('the page of the chat, and a broker that', () => {
  let server: HostileServer;
  let chat: Chat;
  let site: Site;
  let browser: Browser;
  let page: Page;
  /** Bytes in use by the page, without garbage. */
  let heap: () => Promise<number>;
  const troubles: string[] = [];

  beforeAll(async () => {
    server = await HostileServer.start('ws');
    chat = await startChat({ host, port: 0, broker: 'example', brokerPort: 0, users: ['anna:anna'] });
    site = await serveSite(host, 0, `ws://${host}:${server.port}/mqtt`);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    page = await browser.newPage();
    const tools = await page.context().newCDPSession(page);
    heap = async () => {
      await tools.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize } = await tools.send('Runtime.getHeapUsage');
      return usedSize + backingStorageSize;
    };
    page.setDefaultTimeout(25_000);
    page.on('pageerror', (error) => troubles.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await chat?.stop();
    await server?.stop();
  });

  const STATE = `(() => {
    if (!document.getElementById('chat').hidden) return document.getElementById('connection').textContent;
    return document.querySelector('#sign-in button').disabled ? 'signing in' : 'signed out';
  })()`;

  async function signIn(): Promise<void> {
    await page.getByLabel('User name').fill('anna');
    await page.getByLabel('Password').fill('anna');
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  it.each(ATTACKS)('%s', async (name, behaviour) => {
    server.behaviour = behaviour;
    await page.goto(site.url);
    await page.evaluate(() => Reflect.get(globalThis, 'localStorage').clear());
    await signIn();
    await pause(DURATION);
    server.leadTo(chat.broker);
    server.cut();
    // Whoever was told that it is over signs in again; everybody else waits.
    const text = `still here after: ${name}`;
    const state = async (): Promise<string> => {
      const now = await page.evaluate<string>(STATE);
      if (now === 'signed out') await signIn();
      return now;
    };
    await pause(50);
    await expect.poll(state, { timeout: 25_000 }).toBe('connected');
    await page.getByLabel('Write to somebody else').fill('ben');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByLabel('Message', { exact: true }).fill(text);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('#messages li', { hasText: text }).filter({ hasText: 'accepted' }).waitFor();
    expect(troubles).toEqual([]);
    const allowed = 16 * MEBIBYTE;
    expect(await least(heap, allowed)).toBeLessThan(allowed);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });
});

describe('the checking worker of the chat', () => {
  it('goes on with all brokers that do not send it away', async () => {
    const server = await HostileServer.start('ws');
    const rules = readFileSync(join(root, 'docs/examples/chat/chat.acl'), 'utf8');
    const broker = await startExampleBroker({
      ...{ host, port: 0, rules, folder: '' },
      users: ['anna:anna', 'backend:secret'],
    });
    const worker = join(root, 'docs/examples/chat/worker.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', worker, `ws://${host}:${server.port}/mqtt`], {
      cwd: root,
      env: { ...process.env, CHAT_BACKEND_PASSWORD: 'secret' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    try {
      for (const [name, behaviour] of ATTACKS) {
        if (SENT_AWAY.includes(name)) continue;
        let visits = 0;
        server.behaviour = (peer) => {
          visits++;
          behaviour(peer);
        };
        server.cut();
        await until(`it to come to one that ${name}`, () => visits > 0);
        await pause(DURATION / 2);
        expect([name, child.exitCode]).toEqual([name, null]);
      }
      server.leadTo(broker.url);
      server.cut();
      const client = connect(broker.url, {
        ...{ clientId: 'anna', username: 'anna', password: 'anna' },
        createWebSocket: (url, protocol) => new WebSocket(url, protocol),
      });
      const verdicts = client.subscribe('chat/messages/+/anna/accepted', { qos: 1 });
      await verdicts.granted;
      const request = JSON.stringify({ id: 'abcdefgh', text: 'still here' });
      const topic = 'chat/messages/ben/anna/request';
      const asking = setInterval(() => void client.publish(topic, request, { qos: 1 }).catch(() => {}), 500);
      const { value } = await verdicts.next();
      clearInterval(asking);
      expect(new TextDecoder().decode(value.payload)).toContain('still here');
      await client.end();
    } finally {
      child.kill('SIGKILL');
      await broker.stop();
      await server.stop();
    }
  }, 180_000);
});
