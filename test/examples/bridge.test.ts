import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../docs/examples/client/client.js';
import {
  bundleWorker,
  noWorkerd,
  type Running,
  serveWorkerd,
  workerdConfig,
} from '../../docs/examples/workerd/workerd.js';
import { Mosquitto, noMosquitto } from '../peers/mosquitto.js';
import { freePort, unique } from '../peers/wait.js';

const CHROMIUM = '/usr/bin/chromium';

const why =
  noMosquitto ??
  (existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is not installed (Debian: apt-get install chromium)`) ??
  noWorkerd;
if (why !== undefined) console.warn(`test/examples/bridge.test.ts is skipped: ${why}`);

/** What the page runs: the example client, unchanged. */
const PAGE = `
import { connect } from './docs/examples/client/client.js';
globalThis.talk = async (url, options, topics, payloads) => {
  const client = connect(url, { ...options, retry: false });
  const subscription = client.subscribe(topics.down, { qos: 2 });
  const granted = await subscription.granted;
  for (const payload of payloads) await client.publish(topics.up, Uint8Array.from(payload), { qos: 2 });
  const got = [];
  for await (const { payload, qos } of subscription) {
    got.push([qos, ...payload]);
    if (got.length === payloads.length) break;
  }
  await client.end();
  return { granted, got };
};
globalThis.fails = async (url, options) => {
  const error = await connect(url, { ...options, retry: false }).closed;
  return { name: error.name, reasonCode: error.reasonCode };
};
globalThis.vanishes = async (url, options) => {
  await connect(url, { ...options, retry: false }).ready();
  setTimeout(() => location.reload(), 0);
};`;

describe.skipIf(why !== undefined)('a browser page, a Worker in workerd, and mosquitto over TCP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'puremqtt-bridge-'));
  const stops: (() => Promise<unknown>)[] = [];
  let broker: Mosquitto;
  let browser: Browser;
  let page: Page;
  let url: string;
  let script: string;

  /** workerd with the Worker of the bridge. */
  const serve = (target: string): Promise<Running> =>
    serveWorkerd(workerdConfig(script, { port: 0, bindings: { BROKER: target } }));

  async function freshPage(): Promise<Page> {
    const { outputFiles } = await build({
      stdin: { contents: PAGE, resolveDir: process.cwd() },
      bundle: true,
      write: false,
      format: 'esm',
      // Node's sockets are only asked for where a URL names them.
      external: ['*/adapters/node.js'],
    });
    const fresh = await browser.newPage();
    await fresh.addScriptTag({ content: outputFiles[0]?.text ?? '', type: 'module' });
    return fresh;
  }

  beforeAll(async () => {
    broker = await Mosquitto.start([], ['topic readwrite #']);
    script = await bundleWorker('docs/examples/bridge/worker.ts', join(folder, 'worker.js'));
    const worker = await serve(`mqtt://127.0.0.1:${broker.port}`);
    url = `ws://127.0.0.1:${worker.port}/mqtt`;
    stops.push(worker.stop);
    const args = ['--no-sandbox', '--disable-gpu'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args, timeout: 30_000 });
    page = await freshPage();
  });

  afterAll(async () => {
    await browser?.close();
    for (const stop of stops) await stop();
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([4, 5] as const)(
    'QoS 2 both ways, binary payloads intact, version %i [3.1.1: MQTT-6.0.0-1] [5.0: MQTT-6.0.0-1]',
    async (version) => {
      const topics = { up: unique('up'), down: unique('down') };
      const every = Array.from({ length: 256 }, (_, index) => index);
      const payloads = [
        every,
        [],
        [0xff, 0xfe, 0],
        Array.from({ length: 20_000 }, (_, index) => (index * 31) & 255),
      ];
      const inside = connect(`mqtt://127.0.0.1:${broker.port}`, { version, clientId: unique('inside') });
      const up = inside.subscribe(topics.up, { qos: 2 });
      await up.granted;
      const talked = page.evaluate(
        ([to, options, names, bytes]) => Reflect.get(globalThis, 'talk')(to, options, names, bytes),
        [url, { version, clientId: unique('page') }, topics, payloads] as const,
      );
      const heard: number[][] = [];
      for await (const { payload, qos } of up) {
        heard.push([qos, ...payload]);
        await inside.publish(topics.down, payload, { qos: 2 });
        if (heard.length === payloads.length) break;
      }
      const expected = payloads.map((payload) => [2, ...payload]);
      expect(heard).toEqual(expected);
      expect(await talked).toEqual({ granted: [2], got: expected });
      await inside.end();
    },
  );

  it('the will of a page that goes away', async () => {
    const topic = unique('will');
    const inside = connect(`mqtt://127.0.0.1:${broker.port}`, { clientId: unique('inside') });
    const wills = inside.subscribe(topic, { qos: 1 });
    await wills.granted;
    const doomed = await freshPage();
    const options = { clientId: unique('page'), will: { topic, payload: 'gone', qos: 1 } };
    await doomed.evaluate(([to, how]) => Reflect.get(globalThis, 'vanishes')(to, how), [
      url,
      options,
    ] as const);
    const { value } = await wills.next();
    expect(new TextDecoder().decode(value?.payload)).toBe('gone');
    await inside.end();
  });

  it('a broker that refuses, and one that is not there', async () => {
    const closed = await Mosquitto.start(['allow_anonymous false']);
    for (const [target, reasonCode] of [
      [`mqtt://127.0.0.1:${closed.port}`, 0x87],
      [`mqtt://127.0.0.1:${await freePort()}`, 0x88],
    ] as const) {
      const other = await serve(target);
      const fails = await page.evaluate(([to]) => Reflect.get(globalThis, 'fails')(to, {}), [
        `ws://127.0.0.1:${other.port}/mqtt`,
      ] as const);
      expect(fails).toEqual({ name: 'ServerRefusalError', reasonCode });
      await other.stop();
    }
    await closed.stop();
  });
});
