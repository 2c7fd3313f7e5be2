/** Messages to and from mosquitto with the connection cut at every stage of their exchange, and resumed. */
// @ts-nocheck

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Device } from './device.js';
import { Mosquitto, noMosquitto, sayWhy, type Version, type Watcher } from './mosquitto.js';
import { CuttingProxy } from './proxy.js';
import { CASES, cutAt, firsts, idsOf, progress } from './stages.js';
import { unique, until } from './wait.js';

sayWhy('test/peers/cuts.test.ts');

describe.skipIf(noMosquitto !== undefined)('mosquitto, the connection cut once', () => {
  let broker: Mosquitto;
  let proxy: CuttingProxy | undefined;
  let watcher: Watcher | undefined;
  const devices: Device[] = [];

  function join(version: Version, name: string, port: number): Device {
    const device = new Device(version, unique(name), port);
    devices.push(device);
    return device;
  }

  beforeAll(async () => {
    broker = await Mosquitto.start();
  });

  afterAll(async () => {
    await broker?.stop();
  });

  afterEach(async () => {
    for (const device of devices.splice(0)) await device.disconnect();
    await watcher?.stop();
    await proxy?.stop();
    watcher = undefined;
    proxy = undefined;
  });

  describe(
    'while we send: what is not acknowledged is sent again, as it was, in order, PUBREL and never PUBLISH after it ' +
      '[3.1.1: MQTT-4.4.0-1] [3.1.1: MQTT-3.3.1-1] [3.1.1: MQTT-4.3.3-1] [3.1.1: MQTT-4.6.0-1] ' +
      '[3.1.1: MQTT-2.3.1-3] [5.0: MQTT-4.4.0-1] [5.0: MQTT-3.3.1-1] [5.0: MQTT-4.3.3-3] ' +
      '[5.0: MQTT-4.3.3-5] [5.0: MQTT-4.3.3-6] [5.0: MQTT-4.6.0-1] [5.0: MQTT-4.4.0-2]',
    () => {
      it.each(CASES)('%s', async (_, one) => {
        const { version, qos } = one;
        const topic = unique('up');
        watcher = await broker.watch(version, topic);
        proxy = await CuttingProxy.start(version, broker.port);
        const { packetId } = cutAt(proxy, 'client', one);
        const device = join(version, 'sender', proxy.port);
        await device.connect();
        const outcomes = ['one', 'two', 'three'].map((payload) => device.publish(topic, qos, payload));
        await device.gone();
        await device.connect();
        expect(device.last('connected').sessionPresent).toBe(true);
        for (const outcome of await Promise.all(outcomes)) {
          expect(outcome).toMatchObject({ kind: 'acknowledged', reasonCode: 0 });
        }
        const again = proxy.of(2, 'client');
        await device.publish(topic, qos, 'end');
        expect(device.underWay()).toBe(0);
        const lines = await until(
          'the last',
          () => watcher?.lines().at(-1)?.endsWith('end') && watcher.lines(),
        );
        const due = ['one', 'two', 'three', 'end'].map((payload) => `${qos} ${payload}`);
        expect(qos === 2 ? lines : firsts(lines)).toEqual(due);
        if (qos === 1) expect(lines.length).toBeLessThanOrEqual(7);

        const ofTwo = again.filter((packet) => 'packetId' in packet && packet.packetId === packetId());
        const seen = ofTwo.map((packet) =>
          packet.type === 'publish' ? `publish ${packet.dup}` : packet.type,
        );
        const pubrel = qos === 2 ? ['pubrel'] : [];
        const expected = { sent: ['publish true', ...pubrel], received: ['pubrel'], over: [] };
        expect(seen).toEqual(expected[progress(one)]);
        // Identifiers are given in rising order, and these have not come round.
        const resent = idsOf(again, 'publish');
        expect(resent).toEqual(resent.toSorted((a, b) => a - b));
      });
    },
  );

  describe(
    'while we receive: QoS 2 is delivered once, and every PUBREL answered ' +
      '[3.1.1: MQTT-4.3.3-2] [5.0: MQTT-4.3.3-10] [5.0: MQTT-4.3.3-11]',
    () => {
      it.each(CASES)('%s', async (_, one) => {
        const { version, qos } = one;
        const topic = unique('down');
        proxy = await CuttingProxy.start(version, broker.port);
        const device = join(version, 'receiver', proxy.port);
        await device.connect();
        await device.subscribe(topic, 2);
        const publisher = join(version, 'publisher', broker.port);
        await publisher.connect();
        cutAt(proxy, 'server', one);
        for (const payload of ['one', 'two', 'three']) void publisher.publish(topic, qos, payload);
        await device.gone();
        await device.connect();
        expect(device.last('connected').sessionPresent).toBe(true);
        await publisher.publish(topic, qos, 'end');
        await until('the last', () => device.texts().at(-1) === 'end');
        await until('all to be over', () => device.underWay() === 0);
        const texts = device.texts();
        expect(qos === 2 ? texts : firsts(texts)).toEqual(['one', 'two', 'three', 'end']);
        if (qos === 1) expect(texts.length).toBeLessThanOrEqual(7);
        // The last may still be on its way to the proxy.
        const pubrels = () => idsOf(proxy?.of(2, 'server') ?? [], 'pubrel');
        const pubcomps = () => idsOf(proxy?.of(2, 'client') ?? [], 'pubcomp');
        await until('every PUBREL to be answered', () => pubcomps().length === pubrels().length);
        expect(pubcomps()).toEqual(pubrels());
      });
    },
  );
});
