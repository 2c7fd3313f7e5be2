/** Sessions with mosquitto that outlive the process: taken over from stored JSON, and killed at any moment. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exportSession, importSession, storedFromJson, storedToJson } from '../../src/index.js';
import { Device } from './device.js';
import { Mosquitto, noMosquitto, sayWhy, type Watcher } from './mosquitto.js';
import { CuttingProxy } from './proxy.js';
import type { Store, Task } from './resident.js';
import { dice, SEED, unique, until } from './wait.js';

sayWhy('test/peers/processes.test.ts');

const COUNT = 15;
const DEATHS = 15;
const POINTS = ['before', 'between', 'after'] as const;
const numbers = Array.from({ length: COUNT }, (_, index) => String(index));

describe.skipIf(noMosquitto !== undefined)('mosquitto and more than one process', () => {
  let folder: string;
  let program: string;
  let broker: Mosquitto;
  let proxy: CuttingProxy | undefined;
  let watcher: Watcher | undefined;
  const devices: Device[] = [];

  /** Runs a process to its end; tells whether it died before it was done. */
  async function live(task: Task): Promise<'done' | 'dead'> {
    const child = spawn(process.execPath, [program, JSON.stringify(task)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    try {
      await until('a process to end', () => child.exitCode !== null || child.signalCode !== null);
    } finally {
      kill();
      process.off('exit', kill);
    }
    if (child.exitCode !== null && child.exitCode !== 0) throw new Error(errors);
    return child.exitCode === 0 ? 'done' : 'dead';
  }

  const read = (file: string): Store => JSON.parse(readFileSync(file, 'utf8'));

  function device(version: 4 | 5, name: string, port: number): Device {
    const one = new Device(version, unique(name), port);
    devices.push(one);
    return one;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'puremqtt-processes-'));
    program = join(folder, 'resident.mjs');
    const entry = new URL('./resident.ts', import.meta.url).pathname;
    buildSync({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', format: 'esm' });
    broker = await Mosquitto.start();
  });

  afterEach(async () => {
    for (const one of devices.splice(0)) await one.disconnect();
    await watcher?.stop();
    await proxy?.stop();
    watcher = undefined;
    proxy = undefined;
  });

  afterAll(async () => {
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([4, 5] as const)(
    'version %i: a second process finishes what the first began, from its stored JSON ' +
      '[3.1.1: MQTT-4.1.0-1] [5.0: MQTT-3.1.2-23] [U5-4.1-a]',
    async (version) => {
      const topic = unique('handed');
      proxy = await CuttingProxy.start(version, broker.port);
      watcher = await broker.watch(version, `${topic}/up`);
      const first = device(version, 'first', proxy.port);
      const publisher = device(version, 'publisher', broker.port);
      for (const one of [first, publisher]) await one.connect();
      await first.subscribe(`${topic}/down`, 2);
      // A message has come, and the server does not know; of three sent, one is received and two are not answered.
      proxy.judge = ({ from, packet }) => {
        if (packet.type !== 'pubrec') return 'pass';
        return from === 'client' ? 'stall' : 'after';
      };
      await publisher.publish(`${topic}/down`, 2, 'zero');
      await until('a message', () => first.messages.length === 1);
      for (const payload of ['one', 'two', 'three']) void first.publish(`${topic}/up`, 2, payload);
      await first.gone();
      const stored = exportSession(first.session);
      expect(stored.outgoing.map(({ phase }) => phase).sort()).toEqual([
        'awaiting-pubcomp',
        'awaiting-pubrec',
        'awaiting-pubrec',
      ]);
      expect(stored.incoming).toMatchObject([{ phase: 'answered' }]);

      const file = join(folder, `${topic}.json`);
      const handed: Store = { session: storedToJson(stored), delivered: [], settled: [], published: 0 };
      writeFileSync(file, JSON.stringify(handed));
      await publisher.publish(`${topic}/down`, 2, 'last');
      const { clientId } = first;
      const task = {
        port: broker.port,
        version,
        clientId,
        file,
        topic: `${topic}/up`,
        publish: 0,
        last: 'last',
      };
      expect(await live(task)).toBe('done');
      const store = read(file);
      expect(store.delivered).toEqual(['last']);
      const tokens = stored.outgoing.map(({ token }) => [token, 'acknowledged']).sort();
      expect(store.settled.sort()).toEqual(tokens);

      // And back again.
      first.session = importSession(storedFromJson(store.session ?? ''));
      proxy.judge = () => 'pass';
      expect(await first.connect()).toMatchObject({ sessionPresent: true });
      expect(first.underWay()).toBe(0);
      await first.publish(`${topic}/up`, 2, 'four');
      await until('the last', () => watcher?.lines().includes('2 four'));
      expect(watcher.lines()).toEqual(['one', 'two', 'three', 'four'].map((payload) => `2 ${payload}`));
      expect(first.texts()).toEqual(['zero']);
    },
  );

  it.each([4, 5] as const)(
    `version %i: ${COUNT} messages of QoS 2 each way, the process killed again and again: exactly once, in order`,
    async (version) => {
      console.log(`PEERS_SEED=${SEED}`);
      const roll = dice(SEED + version);
      const topic = unique('killed');
      watcher = await broker.watch(version, `${topic}/up`);
      const publisher = device(version, 'publisher', broker.port);
      const first = device(version, 'mortal', broker.port);
      for (const one of [first, publisher]) await one.connect();
      await first.subscribe(`${topic}/down`, 2);
      await first.disconnect();
      const file = join(folder, `${topic}.json`);
      const session = storedToJson(exportSession(first.session));
      const fresh: Store = { session, delivered: [], settled: [], published: 0 };
      writeFileSync(file, JSON.stringify(fresh));
      const { clientId } = first;
      const last = numbers.at(-1) ?? '';
      const task = { port: broker.port, version, clientId, file, topic: `${topic}/up`, publish: COUNT, last };
      const left = [...numbers];
      let deaths = 0;
      for (;;) {
        for (const number of left.splice(0, 3)) await publisher.publish(`${topic}/down`, 2, number);
        const death = deaths < DEATHS ? { call: 1 + roll(8), point: POINTS[roll(3)]! } : undefined;
        if ((await live({ ...task, death })) === 'done') break;
        deaths++;
      }
      const store = read(file);
      expect(store.delivered).toEqual(numbers);
      expect(store.settled.map(([token]) => token)).toEqual(numbers);
      expect(store.settled.every(([, kind]) => kind === 'acknowledged')).toBe(true);
      await until('all', () => (watcher?.lines().length ?? 0) >= COUNT);
      await publisher.publish(`${topic}/up`, 2, 'end');
      await until('the end', () => watcher?.lines().at(-1) === '2 end');
      expect(watcher.lines()).toEqual([...numbers, 'end'].map((number) => `2 ${number}`));
      expect(deaths).toBeGreaterThan(1);
      console.log(`version ${version}: killed ${deaths} times`);
    },
  );
});
