/** The example broker, and every client there is: each hears each, and each is heard. */
// @ts-nocheck

import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Client, connect } from '../../docs/examples/client/client.js';
import { Foreign } from '../peers/foreign.js';
import { unique, until } from '../peers/wait.js';
import { find, Program } from './program.js';
import { example, hostExample, type Running } from './servers.js';

type Version = 4 | 5;
type QoS = 0 | 1 | 2;

/** A subscriber of some kind. */
interface Listening {
  /** What came, in order. */
  payloads(): string[];
  /** Ends in good order. */
  leave(): Promise<void>;
  /** Breaks off without a word. */
  vanish(): Promise<void>;
}

interface Wishes {
  readonly version: Version;
  readonly port: number;
  readonly topic: string;
  readonly id?: string;
  /** Whether the session is to outlive the connection. */
  readonly keep?: boolean;
  readonly will?: string;
}

/** A kind of client. */
interface Kind {
  readonly name: string;
  /** Why it is not here; undefined: it is. */
  readonly why: string | undefined;
  /** What it cannot do by itself. */
  readonly cannot: readonly ('keep' | 'say when it has subscribed')[];
  /** Comes back when it has subscribed with QoS 2, as far as it says so. */
  listen(wishes: Wishes): Promise<Listening>;
  publish(wishes: Wishes & { readonly qos: QoS; readonly retain?: boolean }, payload: string): Promise<void>;
}

const missing = (program: string, debian: string): string | undefined =>
  find(program) === undefined ? `${program} is not installed (Debian: apt-get install ${debian})` : undefined;

/** What a program prints, from lines that begin with a mark. */
function printed(program: Program, mark: string): Listening {
  return {
    payloads: () =>
      program
        .lines()
        .filter((line) => line.startsWith(mark))
        .map((line) => line.slice(mark.length)),
    leave: () => program.stop('SIGTERM'),
    vanish: () => program.stop('SIGKILL'),
  };
}

const name = (version: Version): string => (version === 5 ? 'mqttv5' : 'mqttv311');

const mosquitto: Kind = {
  name: 'mosquitto_pub and mosquitto_sub',
  why: missing('mosquitto_sub', 'mosquitto-clients'),
  cannot: [],
  listen: async ({ version, port, topic, id = unique('mosquitto'), keep, will }) => {
    const args = ['-p', `${port}`, '-V', name(version), '-t', topic, '-q', '2', '-i', id, '-d', '-F', '= %p'];
    if (keep) args.push('-c', ...(version === 5 ? ['-x', '600'] : []));
    if (will !== undefined) args.push('--will-topic', will, '--will-payload', 'gone', '--will-qos', '1');
    // It says what it does at once only to a terminal.
    const program = new Program(find('stdbuf') ?? '', ['-oL', find('mosquitto_sub') ?? '', ...args]);
    await program.says('Subscribed (mid');
    return printed(program, '= ');
  },
  publish: async ({ version, port, topic, qos, retain }, payload) => {
    const args = ['-p', `${port}`, '-V', name(version), '-t', topic, '-q', `${qos}`, '-m', payload];
    await new Program(find('mosquitto_pub') ?? '', retain ? [...args, '-r'] : args).done();
  },
};

const pahoC: Kind = {
  name: 'paho C',
  why: missing('paho_c_sub', 'paho.mqtt.c-examples'),
  cannot: ['keep', 'say when it has subscribed'],
  listen: async ({ version, port, topic, id = unique('paho-c'), will }) => {
    const args = ['-t', topic, '-p', `${port}`, '-V', `${version === 5 ? 5 : 311}`, '-q', '2', '-i', id];
    if (will !== undefined) args.push('--will-topic', will, '--will-payload', 'gone', '--will-qos', '1');
    const program = new Program(find('stdbuf') ?? '', ['-oL', find('paho_c_sub') ?? '', ...args]);
    const { payloads, ...rest } = printed(program, '');
    // For a filter with wildcards it says more: first what it does, then length and topic before each payload.
    const said = (lines: string[]): string[] =>
      lines.some((line) => line.startsWith('Subscribing'))
        ? lines.slice(2).map((line) => line.split('\t')[1] ?? '')
        : lines;
    return { ...rest, payloads: () => said(payloads()) };
  },
  publish: async ({ version, port, topic, qos, retain }, payload) => {
    const where = ['-t', topic, '-p', `${port}`, '-V', `${version === 5 ? 5 : 311}`, '-i', unique('paho-c')];
    const args = [...where, '-q', `${qos}`, '-m', payload];
    await new Program(find('paho_c_pub') ?? '', retain ? [...args, '-r'] : args).done();
  },
};

const PYTHON = '/usr/bin/python3';
const hasPaho = spawnSync(PYTHON, ['-c', 'import paho.mqtt.client']).status === 0;

const pahoPython: Kind = {
  name: 'paho Python',
  why: hasPaho ? undefined : 'paho is not installed (Debian: apt-get install python3-paho-mqtt)',
  cannot: [],
  listen: async ({ version, port, topic, id = unique('paho-py'), keep, will }) => {
    const args = ['test/interop/python-client.py', 'sub', `${port}`, `${version}`, id, topic, '2'];
    if (keep) args.push('keep');
    if (will !== undefined) args.push('will', will);
    const program = new Program(PYTHON, args);
    await program.says('subscribed');
    const { payloads, ...rest } = printed(program, '= ');
    return { ...rest, payloads: () => payloads().map((line) => line.slice(2)) };
  },
  publish: async ({ version, port, topic, qos, retain }, payload) => {
    const args = [
      'test/interop/python-client.py',
      'pub',
      `${port}`,
      `${version}`,
      unique('paho-py'),
      topic,
      `${qos}`,
    ];
    const program = new Program(PYTHON, retain ? [...args, 'retain'] : args);
    program.write(`${payload}\n`);
    await program.done();
  },
};

const mqttJs: Kind = {
  name: 'MQTT.js',
  why: undefined,
  cannot: [],
  listen: async ({ version, port, topic, id = unique('mqttjs'), keep = false, will }) => {
    const foreign = await new Foreign(version, id, port, {
      clean: !keep,
      reconnectPeriod: 0,
      ...(version === 5 && { properties: { sessionExpiryInterval: keep ? 600 : 0 } }),
      ...(will !== undefined && {
        will: { topic: will, payload: Buffer.from('gone'), qos: 1 as const, retain: false },
      }),
    }).connected();
    await foreign.client.subscribeAsync(topic, { qos: 2 });
    return {
      payloads: () => foreign.texts(),
      leave: () => foreign.client.endAsync(),
      vanish: () => foreign.end(),
    };
  },
  publish: async ({ version, port, topic, qos, retain = false }, payload) => {
    const foreign = await new Foreign(version, unique('mqttjs'), port, { clean: true }).connected();
    await foreign.client.publishAsync(topic, payload, { qos, retain });
    await foreign.client.endAsync();
  },
};

const clients: Client[] = [];

const ours: Kind = {
  name: 'the example client',
  why: undefined,
  cannot: [],
  listen: async ({ version, port, topic, id = unique('ours'), keep = false, will }) => {
    const controller = new AbortController();
    const client = connect(`mqtt://127.0.0.1:${port}`, {
      version,
      clientId: id,
      cleanStart: !keep,
      sessionExpiryInterval: keep ? 600 : 0,
      signal: controller.signal,
      will: will === undefined ? undefined : { topic: will, payload: 'gone', qos: 1 },
    });
    clients.push(client);
    const payloads: string[] = [];
    const subscription = client.subscribe(topic, { qos: 2 });
    void (async () => {
      for await (const { payload } of subscription) payloads.push(new TextDecoder().decode(payload));
    })().catch(() => {});
    await subscription.granted;
    return {
      payloads: () => payloads,
      leave: () => client.end(),
      vanish: async () => {
        controller.abort();
        await client.closed;
      },
    };
  },
  publish: async ({ version, port, topic, qos, retain }, payload) => {
    const client = connect(`mqtt://127.0.0.1:${port}`, { version, clientId: unique('ours') });
    await client.publish(topic, payload, { qos, retain });
    await client.end();
  },
};

const ALL: readonly Kind[] = [mosquitto, pahoC, pahoPython, mqttJs, ours];
const present = ALL.filter(({ why }) => why === undefined);
for (const { name, why } of ALL) if (why !== undefined) console.warn(`${name} is skipped: ${why}`);
if (example.why !== undefined) console.warn(`${example.name} is skipped: ${example.why}`);

const brokers = [...(example.why === undefined ? [example] : []), hostExample];

describe.each(brokers)('$name and the clients of others [3.1.1: MQTT-7.0.0-2]', (server) => {
  let running: Running;
  let port = 0;
  beforeAll(async () => {
    running = await server.start();
    port = Number(new URL(running.ways.TCP?.url ?? '').port);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
    await Program.stopAll();
  });
  afterAll(() => running.stop());

  it.each([4, 5] as const)(
    'each hears each, at every QoS, version %i [3.1.1: MQTT-7.1.1-1] [5.0: MQTT-4.2.0-1]',
    async (version) => {
      const folder = unique('all');
      const topic = `${folder}/x`;
      const listening = await Promise.all(
        present.map((kind) => kind.listen({ version, port, topic: `${folder}/+` })),
      );
      // One that does not say when it has subscribed has, when it hears this.
      const ready = (): boolean => listening.every(({ payloads }) => payloads().length > 0);
      for (let attempt = 0; attempt < 50 && !ready(); attempt++) {
        await ours.publish({ version, port, topic, qos: 1 }, 'ready?');
        await new Promise((done) => setTimeout(done, 50));
      }
      const expected: string[] = [];
      for (const kind of present) {
        for (const qos of [0, 1, 2] as const) {
          await kind.publish({ version, port, topic, qos }, `${kind.name} ${qos}`);
          expected.push(`${kind.name} ${qos}`);
        }
      }
      for (const [index, { payloads }] of listening.entries()) {
        const heard = (): string[] => payloads().filter((payload) => payload !== 'ready?');
        await until(`all for ${present[index]?.name}`, () => heard().length >= expected.length).catch(
          () => {},
        );
        // Some hand out a message of QoS 2 when it is released, and then others may have come between.
        expect([present[index]?.name, heard().sort()]).toEqual([present[index]?.name, [...expected].sort()]);
      }
      await Promise.all(listening.map(({ leave }) => leave()));
    },
  );

  if (server !== example) return;
  const rows = present.flatMap((kind) =>
    ([4, 5] as const).map((version) => [kind.name, version, kind] as const),
  );

  it.each(rows)('%s, version %i: a retained message, kept and removed', async (_, version, kind) => {
    const topic = unique('retained');
    await kind.publish({ version, port, topic, qos: 1, retain: true }, 'kept');
    const listening = await kind.listen({ version, port, topic });
    await until('what was kept', () => listening.payloads().length > 0);
    expect(listening.payloads()).toEqual(['kept']);
    await ours.publish({ version, port, topic, qos: 1, retain: true }, '');
    await ours.publish({ version, port, topic, qos: 1 }, 'live');
    await until('the rest', () => listening.payloads().includes('live'));
    const late = await ours.listen({ version, port, topic });
    await ours.publish({ version, port, topic, qos: 1 }, 'live');
    await until('what is live', () => late.payloads().length > 0);
    expect(late.payloads()).toEqual(['live']);
    await listening.leave();
  });

  it.each(rows)('%s, version %i: a will, of one who vanishes', async (_, version, kind) => {
    const will = unique('will');
    const heir = await ours.listen({ version, port, topic: will });
    const topic = unique('unused');
    // What is retained shows that it is connected.
    await ours.publish({ version, port, topic, qos: 1, retain: true }, 'ready');
    const doomed = await kind.listen({ version, port, topic, will });
    await until('it to be there', () => doomed.payloads().length > 0);
    await doomed.vanish();
    await until('the will', () => heir.payloads().length > 0);
    expect(heir.payloads()).toEqual(['gone']);
  });

  const keeping = rows.filter(([, , { cannot }]) => !cannot.includes('keep'));
  it.each(keeping)('%s, version %i: what came while it was away', async (_, version, kind) => {
    const wishes = { version, port, topic: unique('away'), id: unique('sleeper'), keep: true };
    const before = await kind.listen(wishes);
    await before.vanish();
    for (const qos of [1, 2] as const) await ours.publish({ ...wishes, qos }, `${qos}`);
    const after = await kind.listen(wishes);
    await until('both', () => after.payloads().length >= 2);
    expect(after.payloads()).toEqual(['1', '2']);
    await after.leave();
  });
});
