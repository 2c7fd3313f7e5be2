/** Our client against every server there is, in every way that the server can be reached. */
// @ts-nocheck

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Client, connect } from '../../docs/examples/client/client.js';
import { PublishError, ServerRefusalError, SubscribeError } from '../../docs/examples/client/errors.js';
import type { ClientOptions } from '../../docs/examples/client/options.js';
import type { Subscription } from '../../docs/examples/client/subscription.js';
import type { DecodedPublish } from '../../src/index.js';
import { unique } from '../peers/wait.js';
import { type Running, SERVERS, type Way } from './servers.js';

type Version = 4 | 5;

const open: Client[] = [];

afterEach(async () => {
  for (const client of open.splice(0)) await client.end();
});

function dial(version: Version, { url, options }: Way, more: ClientOptions = {}): Client {
  const client = connect(url, {
    ...options,
    version,
    clientId: unique(`ours-${process.pid}`),
    retry: false,
    ...more,
  });
  open.push(client);
  return client;
}

const text = ({ payload }: DecodedPublish): string => new TextDecoder().decode(payload);

async function take(subscription: Subscription, count: number): Promise<DecodedPublish[]> {
  const messages: DecodedPublish[] = [];
  while (messages.length < count) {
    const { done, value } = await subscription.next();
    if (done) throw new Error(`it ended after ${messages.length} of ${count} messages`);
    messages.push(value);
  }
  return messages;
}

/** What every pair of client and server has to be able to do. */
const SCENARIOS: Readonly<Record<string, (version: Version, way: Way) => Promise<void>>> = {
  'every QoS, with binary payloads': async (version, way) => {
    const topic = unique('binary');
    const subscriber = dial(version, way);
    const subscription = subscriber.subscribe(`${topic}/+`, { qos: 2 });
    expect(await subscription.granted).toEqual([2]);
    const publisher = dial(version, way);
    const payload = Uint8Array.from({ length: 256 }, (_, index) => index);
    for (const qos of [0, 1, 2] as const) {
      const { kind } = await publisher.publish(`${topic}/${qos}`, payload, { qos });
      expect(kind).toBe(qos === 0 ? 'sent' : 'acknowledged');
    }
    await publisher.publish(`${topic}/empty`, '', { qos: 2 });
    const messages = await take(subscription, 4);
    const said = messages.map(
      (message) => `${message.topic.slice(topic.length + 1)} ${message.qos} ${message.payload.length}`,
    );
    expect(said.sort()).toEqual(['0 0 256', '1 1 256', '2 2 256', 'empty 2 0']);
    for (const message of messages) if (message.payload.length > 0) expect(message.payload).toEqual(payload);
    await subscription.return();
    await publisher.publish(`${topic}/1`, 'unheard', { qos: 1 });
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
  },

  'a thousand messages in order, and a large one': async (version, way) => {
    const topic = unique('many');
    const client = dial(version, way);
    const subscription = client.subscribe(topic, { qos: 2 });
    await subscription.granted;
    const numbers = Array.from({ length: 1_000 }, (_, index) => `${index}`);
    const published = Promise.all(numbers.map((number) => client.publish(topic, number, { qos: 1 })));
    expect((await take(subscription, 1_000)).map(text)).toEqual(numbers);
    await published;
    const large = new Uint8Array(300_000).map((_, index) => index * 7);
    await client.publish(topic, large, { qos: 2 });
    expect((await take(subscription, 1))[0]?.payload).toEqual(large);
  },

  'a retained message, until it is removed': async (version, way) => {
    const topic = unique('retained');
    const client = dial(version, way);
    await client.publish(topic, 'kept', { qos: 1, retain: true });
    const subscription = client.subscribe(topic, { qos: 1 });
    const [kept] = await take(subscription, 1);
    expect([kept && text(kept), kept?.retain]).toEqual(['kept', true]);
    await subscription.return();
    await client.publish(topic, '', { qos: 1, retain: true });
    const again = client.subscribe(topic, { qos: 1 });
    await again.granted;
    await client.publish(topic, 'live', { qos: 1 });
    const [live] = await take(again, 1);
    expect([live && text(live), live?.retain]).toEqual(['live', false]);
  },

  'a will, of one who vanishes and of nobody else': async (version, way) => {
    const topic = unique('will');
    const heir = dial(version, way);
    const subscription = heir.subscribe(topic, { qos: 1 });
    await subscription.granted;
    const will = (payload: string) => ({ will: { topic, payload, qos: 1 as const } });
    const calm = dial(version, way, will('calm'));
    await calm.ready();
    await calm.end();
    const controller = new AbortController();
    const vanishing = dial(version, way, { ...will('vanished'), signal: controller.signal });
    await vanishing.ready();
    controller.abort();
    expect((await take(subscription, 1)).map(text)).toEqual(['vanished']);
  },

  'a session that waits': async (version, way) => {
    const topic = unique('session');
    let stored: string | undefined;
    const store = {
      load: async () => stored,
      save: async (value: string) => {
        stored = value;
      },
    };
    const clientId = unique(`resident-${process.pid}`);
    const resident = { clientId, store, sessionExpiryInterval: 600 };
    const first = dial(version, way, resident);
    expect(await first.subscribe(topic, { qos: 2 }).granted).toEqual([2]);
    await first.end();
    const publisher = dial(version, way);
    for (const qos of [1, 2] as const) await publisher.publish(topic, `${qos}`, { qos });
    const second = dial(version, way, resident);
    const subscription = second.subscribe(topic, { qos: 2 });
    expect((await second.ready()).sessionPresent).toBe(true);
    expect((await take(subscription, 2)).map(text)).toEqual(['1', '2']);
    await second.end();
    const third = dial(version, way, { clientId, cleanStart: true, sessionExpiryInterval: 0 });
    expect((await third.ready()).sessionPresent).toBe(false);
  },

  'a session whose connections are cut, QoS 2': async (version, way) => {
    const topic = unique('cut');
    const subscriber = dial(version, way);
    const subscription = subscriber.subscribe(topic, { qos: 2 });
    await subscription.granted;
    let current: { destroy(): void } | undefined;
    const { adapterFor } = await import('../../docs/examples/client/adapter.js');
    const { parseMqttUrl } = await import('../../src/adapters/common.js');
    const real = await adapterFor(parseMqttUrl(way.url), way.options);
    const publisher = dial(version, way, {
      retry: { initial: 5, maximum: 20 },
      cleanStart: false,
      adapter: (endpoint, target, handler, link) => {
        const made = real(endpoint, target, handler, link);
        current = made;
        return made;
      },
    });
    const numbers = Array.from({ length: 60 }, (_, index) => `${index}`);
    const published = numbers.map((number) => publisher.publish(topic, number, { qos: 2 }));
    for (const at of [5, 20, 40]) {
      await published[at];
      current?.destroy();
    }
    await Promise.all(published);
    expect((await take(subscription, 60)).map(text)).toEqual(numbers);
  },
};

const ABOUT_BYTES = [
  'every QoS, with binary payloads',
  'a thousand messages in order, and a large one',
  'a session whose connections are cut, QoS 2',
];

const V5: typeof SCENARIOS = {
  'properties, and what a subscription of MQTT 5.0 can ask for': async (version, way) => {
    const topic = unique('properties');
    const client = dial(version, way);
    const silent = client.subscribe(`silent/${topic}`, { noLocal: true });
    const all = client.subscribe([`${topic}/+`, `${topic}/+/+`], { qos: 1, retainAsPublished: true });
    await Promise.all([silent.granted, all.granted]);
    const properties = {
      contentType: 'text/plain',
      responseTopic: 'answers',
      correlationData: Uint8Array.of(0, 255),
      messageExpiryInterval: 100,
      userProperties: [
        ['a', '1'],
        ['a', '2'],
      ] as const,
    };
    await client.publish(`silent/${topic}`, 'x', { qos: 1 });
    await client.publish(`${topic}/a`, 'x', { qos: 1, retain: true, properties });
    const [message] = await take(all, 1);
    expect(message?.retain).toBe(true);
    expect(message?.properties).toMatchObject(properties);
    await client.publish(`${topic}/a`, '', { qos: 1, retain: true });
    await client.publish(`${topic}/a`, 'aliased', { qos: 1, topicAlias: 'automatic' });
    await client.publish(`${topic}/a`, 'aliased', { qos: 1, topicAlias: 'automatic' });
    expect((await take(all, 3)).map((one) => `${one.topic} ${text(one)}`)).toEqual([
      `${topic}/a `,
      `${topic}/a aliased`,
      `${topic}/a aliased`,
    ]);
    const next = silent.next();
    await silent.return();
    expect(await next).toEqual({ done: true, value: undefined });
  },
};

describe.each(SERVERS)('our client and $name [3.1.1: MQTT-7.0.0-2]', (server) => {
  if (server.why !== undefined) console.warn(`our client and ${server.name}: skipped, ${server.why}`);
  let running: Running;
  beforeAll(async () => {
    if (server.why === undefined) running = await server.start();
  });
  afterAll(() => running?.stop());

  const wayOf = (name: Server['ways'][number]): Way => {
    const way = running.ways[name];
    if (way === undefined) throw new Error(`${server.name} has no ${name}`);
    return way;
  };
  type Server = (typeof SERVERS)[number];
  const here = it.skipIf(server.why !== undefined);

  describe.each(server.ways.flatMap((way) => server.versions.map((version) => [way, version] as const)))(
    'over %s, version %i [3.1.1: MQTT-7.1.2-1] [5.0: MQTT-4.2.0-1]',
    (name, version) => {
      const all = Object.entries({ ...SCENARIOS, ...(version === 5 ? V5 : {}) });
      // How bytes are carried matters to some of them alone.
      const scenarios = name === 'TCP' ? all : all.filter(([scenario]) => ABOUT_BYTES.includes(scenario));
      here.each(scenarios)('%s', (_, scenario) => scenario(version, wayOf(name)));
    },
  );

  // Only TCP, and everybody is let in.
  if (server.ways.length === 1) return;

  describe('what is not allowed', () => {
    here.each(server.versions)('a wrong password, version %i', async (version) => {
      const client = dial(version, wayOf('TCP with a password'), { password: 'guessed' });
      const error = await client.closed;
      expect(error).toBeInstanceOf(ServerRefusalError);
      expect(error).toMatchObject({ isWorthRetrying: false });
      const { reasonCode } = error as ServerRefusalError;
      expect(version === 4 ? [4, 5] : [0x86, 0x87]).toContain(reasonCode);
    });

    here.each(server.versions)('a topic of others, version %i', async (version) => {
      const client = dial(version, wayOf('TCP with a password'));
      const own = client.subscribe('#', { qos: 1 });
      await own.granted;
      const secret = client.subscribe('secret/a', { qos: 1 });
      if (server.name === 'mosquitto')
        expect((await secret.granted).length).toBe(1); // it delivers nothing instead
      else await expect(secret.next()).rejects.toBeInstanceOf(SubscribeError);
      const published = client.publish('secret/a', 'x', { qos: 1 });
      if (version === 5) await expect(published).rejects.toBeInstanceOf(PublishError);
      else expect((await published).kind).toBe('acknowledged'); // MQTT 3.1.1 has no way to say no
      await client.publish('open/a', 'y', { qos: 1 });
      expect((await take(own, 1)).map(({ topic }) => topic)).toEqual(['open/a']);
    });
  });

  describe('certificates', () => {
    here.each([
      ['TLS, an authority that we do not know', 'TLS', {}],
      ['mutual TLS, nothing to show', 'mutual TLS', undefined],
    ] as const)('%s', async (_, name, tls) => {
      const { url, options } = wayOf(name);
      const ca = wayOf('TLS').options.tls;
      const client = connect(url, { ...options, tls: tls ?? ca, retry: false });
      const error = await client.closed;
      expect(error).toMatchObject({ name: 'ConnectionError' });
    });
  });
});
