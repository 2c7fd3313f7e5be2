/** The broker in docs/examples/host with MQTT.js and with our client, the connection cut at every stage and resumed. */
// @ts-nocheck

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Device, text } from './device.js';
import { Foreign } from './foreign.js';
import { OurBroker } from './our-broker.js';
import { CuttingProxy } from './proxy.js';
import { CASES, cutAt, cutAtRandom, firsts, idsOf } from './stages.js';
import { dice, SEED, unique, until } from './wait.js';

type Version = 4 | 5;

const COUNT = 50;
const CUTS = 30;
const numbers = Array.from({ length: COUNT }, (_, index) => String(index));

let broker: OurBroker;
let proxy: CuttingProxy;
const devices: Device[] = [];
const foreigners: Foreign[] = [];

beforeEach(async () => {
  broker = await OurBroker.start();
});

afterEach(async () => {
  for (const foreign of foreigners.splice(0)) await foreign.end();
  for (const device of devices.splice(0)) await device.disconnect();
  await proxy.stop();
  await broker.stop();
});

async function ours(version: Version, port: number): Promise<Device> {
  const device = new Device(version, unique('ours'), port);
  devices.push(device);
  await device.connect();
  return device;
}

async function theirs(version: Version, port: number): Promise<Foreign> {
  const foreign = new Foreign(version, unique('theirs'), port);
  foreigners.push(foreign);
  return foreign.connected();
}

/** Publishes, and tells how MQTT.js says that it ended. */
function publish(foreign: Foreign, topic: string, qos: 1 | 2, payload: string): Promise<string> {
  return foreign.client.publishAsync(topic, payload, { qos }).then(
    () => 'acknowledged',
    // It takes the answer to a PUBREL that comes again, 0x92, for a failure of the message.
    (error: Error & { code?: number }) => (error.code === 0x92 ? 'acknowledged' : `failed: ${error.message}`),
  );
}

const DUE = ['one', 'two', 'three', 'end'];

describe('our broker, the connection with MQTT.js cut once', () => {
  describe('while MQTT.js sends [5.0: MQTT-4.3.3-10] [5.0: MQTT-4.3.3-11] [3.1.1: MQTT-4.3.3-2]', () => {
    it.each(CASES)('%s', async (_, one) => {
      const { version, qos } = one;
      const topic = unique('up');
      proxy = await CuttingProxy.start(version, broker.port);
      const watcher = await ours(version, broker.port);
      await watcher.subscribe(topic, 2);
      const sender = await theirs(version, proxy.port);
      cutAt(proxy, 'client', one);
      const outcomes = ['one', 'two', 'three'].map((payload) => publish(sender, topic, qos, payload));
      await sender.connected(2);
      outcomes.push(publish(sender, topic, qos, 'end'));
      expect(await Promise.all(outcomes)).toEqual(DUE.map(() => 'acknowledged'));
      await until('the last', () => watcher.texts().at(-1) === 'end');
      expect(qos === 2 ? watcher.texts() : firsts(watcher.texts())).toEqual(DUE);
      expect(sender.connacks[1]?.sessionPresent).toBe(true);
      expect(proxy.connections).toBe(2);
    });
  });

  describe(
    'while MQTT.js receives [5.0: MQTT-4.4.0-1] [5.0: MQTT-3.3.1-1] [5.0: MQTT-4.3.3-6] ' +
      '[3.1.1: MQTT-2.3.1-4] [3.1.1: MQTT-4.4.0-1] [3.1.1: MQTT-3.3.1-1] [3.1.1: MQTT-3.2.2-2]',
    () => {
      it.each(CASES)('%s', async (_, one) => {
        const { version, qos } = one;
        const topic = unique('down');
        proxy = await CuttingProxy.start(version, broker.port);
        const receiver = await theirs(version, proxy.port);
        await receiver.client.subscribeAsync(topic, { qos: 2 });
        const sender = await ours(version, broker.port);
        const { packetId } = cutAt(proxy, 'server', one);
        const outcomes = ['one', 'two', 'three'].map((payload) => sender.publish(topic, qos, payload));
        await receiver.connected(2);
        outcomes.push(sender.publish(topic, qos, 'end'));
        for (const outcome of await Promise.all(outcomes)) expect(outcome.kind).toBe('acknowledged');
        await until('the last', () => receiver.texts().at(-1) === 'end');
        expect(qos === 2 ? receiver.texts() : firsts(receiver.texts())).toEqual(DUE);
        expect(receiver.errors).toEqual([]);
        const again = proxy.of(2, 'server');
        const resent = again.flatMap((packet) =>
          packet.type === 'publish' && packet.dup ? [text(packet)] : [],
        );
        expect(resent).toEqual(DUE.filter((payload) => resent.includes(payload)));
        // Once PUBREL went out, PUBLISH does not.
        if (qos === 2 && (one.stage === 'pubcomp' || one.stage === 'pubrel')) {
          expect(idsOf(again, 'publish')).not.toContain(packetId());
        }
      });
    },
  );
});

describe('our broker, the connection with our client cut once', () => {
  it.each(CASES)('while it sends: %s', async (_, one) => {
    const { version, qos } = one;
    const topic = unique('up');
    proxy = await CuttingProxy.start(version, broker.port);
    const watcher = await theirs(version, broker.port);
    await watcher.client.subscribeAsync(topic, { qos: 2 });
    const sender = await ours(version, proxy.port);
    cutAt(proxy, 'client', one);
    const outcomes = ['one', 'two', 'three'].map((payload) => sender.publish(topic, qos, payload));
    await sender.gone();
    await sender.connect();
    outcomes.push(sender.publish(topic, qos, 'end'));
    for (const outcome of await Promise.all(outcomes)) expect(outcome.kind).toBe('acknowledged');
    await until('the last', () => watcher.texts().at(-1) === 'end');
    expect(qos === 2 ? watcher.texts() : firsts(watcher.texts())).toEqual(DUE);
    expect(sender.underWay()).toBe(0);
  });

  it.each(CASES)('while it receives: %s', async (_, one) => {
    const { version, qos } = one;
    const topic = unique('down');
    proxy = await CuttingProxy.start(version, broker.port);
    const receiver = await ours(version, proxy.port);
    await receiver.subscribe(topic, 2);
    const sender = await theirs(version, broker.port);
    cutAt(proxy, 'server', one);
    const outcomes = ['one', 'two', 'three'].map((payload) => publish(sender, topic, qos, payload));
    await receiver.gone();
    await receiver.connect();
    outcomes.push(publish(sender, topic, qos, 'end'));
    expect(await Promise.all(outcomes)).toEqual(DUE.map(() => 'acknowledged'));
    await until('the last', () => receiver.texts().at(-1) === 'end');
    expect(qos === 2 ? receiver.texts() : firsts(receiver.texts())).toEqual(DUE);
    await until('all to be over', () => receiver.underWay() === 0);
  });
});

describe.each([4, 5] as const)('our broker, connections cut at random, version %i', (version) => {
  it(`MQTT.js: ${COUNT} messages of QoS 2 each way, none lost, none twice, in order`, async () => {
    console.log(`PEERS_SEED=${SEED}`);
    proxy = await CuttingProxy.start(version, broker.port);
    const peer = await ours(version, broker.port);
    await peer.subscribe('up', 2);
    const foreign = await theirs(version, proxy.port);
    await foreign.client.subscribeAsync('down', { qos: 2 });
    cutAtRandom(proxy, dice(SEED + version), CUTS);
    const sent = numbers.flatMap((number) => [
      publish(foreign, 'up', 2, number),
      peer.publish('down', 2, number).then(({ kind }) => kind),
    ]);
    expect(await Promise.all(sent)).toEqual(sent.map(() => 'acknowledged'));
    await until('all to come down', () => foreign.messages.length >= COUNT);
    await until('all to come up', () => peer.messages.length >= COUNT);
    await foreign.client.publishAsync('up', 'end', { qos: 2 });
    await peer.publish('down', 2, 'end');
    await until('the ends', () => foreign.texts().at(-1) === 'end' && peer.texts().at(-1) === 'end');
    expect(foreign.texts()).toEqual([...numbers, 'end']);
    expect(peer.texts()).toEqual([...numbers, 'end']);
    console.log(`version ${version}: ${proxy.connections} connections, ${proxy.passed.length} packets`);
  });

  it(`our client: ${COUNT} messages of QoS 2 each way, none lost, none twice, in order`, async () => {
    console.log(`PEERS_SEED=${SEED}`);
    proxy = await CuttingProxy.start(version, broker.port);
    const peer = await theirs(version, broker.port);
    await peer.client.subscribeAsync('up', { qos: 2 });
    const device = await ours(version, proxy.port);
    await device.subscribe('down', 2);
    cutAtRandom(proxy, dice(SEED + version), CUTS);
    await device.stay();
    const sent: Promise<string>[] = [];
    for (const number of numbers) {
      sent.push(publish(peer, 'down', 2, number));
      sent.push((await device.publishSurely('up', 2, number)).outcome.then(({ kind }) => kind));
    }
    expect(await Promise.all(sent)).toEqual(sent.map(() => 'acknowledged'));
    await until('all to come down', () => device.messages.length >= COUNT);
    await until('all to be over', () => device.underWay() === 0);
    await (await device.publishSurely('up', 2, 'end')).outcome;
    await publish(peer, 'down', 2, 'end');
    await until('the ends', () => device.texts().at(-1) === 'end' && peer.texts().at(-1) === 'end');
    expect(device.texts()).toEqual([...numbers, 'end']);
    expect(peer.texts()).toEqual([...numbers, 'end']);
    console.log(`version ${version}: ${proxy.connections} connections, ${proxy.passed.length} packets`);
  });
});
