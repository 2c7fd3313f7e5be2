/** What mosquitto and we agree upon when we connect, and keep to. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PacketTooLargeError } from '../../src/index.js';
import { Device, type Identity } from './device.js';
import { Mosquitto, noMosquitto, sayWhy, type Version } from './mosquitto.js';
import { CuttingProxy, type Side, type Verdict } from './proxy.js';
import { mostUnderWay } from './stages.js';
import { dice, SEED, unique, until } from './wait.js';

sayWhy('test/peers/terms.test.ts');

const numbers = Array.from({ length: 20 }, (_, index) => String(index));

describe.skipIf(noMosquitto !== undefined)('mosquitto and the terms of a connection', () => {
  let strict: Mosquitto;
  let easy: Mosquitto;
  let proxy: CuttingProxy | undefined;
  const devices: Device[] = [];

  function join(version: Version, name: string, port: number, identity: Identity = {}): Device {
    const device = new Device(version, name === '' ? '' : unique(name), port, identity);
    devices.push(device);
    return device;
  }

  async function through(version: Version, broker: Mosquitto = strict): Promise<CuttingProxy> {
    proxy = await CuttingProxy.start(version, broker.port);
    return proxy;
  }

  beforeAll(async () => {
    easy = await Mosquitto.start();
    strict = await Mosquitto.start([
      'max_inflight_messages 1',
      'max_packet_size 2000',
      'max_keepalive 10',
      'max_topic_alias 2',
    ]);
  });

  afterEach(async () => {
    for (const device of devices.splice(0)) await device.disconnect();
    await proxy?.stop();
    proxy = undefined;
  });

  afterAll(async () => {
    await strict?.stop();
    await easy?.stop();
  });

  it.each(['uncut', 'cut at random'])(
    'Receive Maximum 1 both ways, %s [5.0: MQTT-3.3.4-7] [5.0: MQTT-4.9.0-1] [5.0: MQTT-4.9.0-2] [U5-4.9-b]',
    async (how) => {
      const { port } = await through(5);
      const roll = dice(SEED);
      const ways: readonly Verdict[] = ['before', 'within', 'after'];
      const device = join(5, 'narrow', port, { properties: { receiveMaximum: 1 } });
      const topic = unique('narrow');
      const other = join(5, 'other', strict.port);
      for (const one of [device, other]) await one.connect();
      await device.subscribe(`${topic}/down`, 2);
      await other.subscribe(`${topic}/up`, 2);
      expect(device.last('connected').limits.receiveMaximum).toBe(1);
      if (how !== 'uncut' && proxy !== undefined) {
        proxy.judge = ({ connection }) => (connection < 20 && roll(12) === 0 ? ways[roll(3)]! : 'pass');
      }
      await device.stay();
      const outcomes = [];
      for (const number of numbers) {
        const qos = Number(number) % 3 === 0 ? 1 : 2;
        outcomes.push((await other.publishSurely(`${topic}/down`, qos, number)).outcome);
        outcomes.push((await device.publishSurely(`${topic}/up`, qos, number)).outcome);
      }
      for (const outcome of await Promise.all(outcomes)) expect(outcome.kind).toBe('acknowledged');
      await until('all to come down', () => new Set(device.texts()).size === numbers.length);
      await until('all to come up', () => new Set(other.texts()).size === numbers.length);
      await until('all to be over', () => device.underWay() === 0);
      for (const one of [device, other]) {
        // With one at a time even QoS 1 stays in order, but may come twice.
        expect(one.texts().filter((payload, index, all) => payload !== all[index - 1])).toEqual(numbers);
        const twos = one.messages.filter(({ qos }) => qos === 2);
        expect(new Set(twos.map(({ payload }) => String(payload))).size).toBe(twos.length);
      }
      expect(proxy && mostUnderWay(proxy, 'client')).toBe(1);
      expect(proxy && mostUnderWay(proxy, 'server')).toBe(1);
      if (how === 'uncut') expect(proxy?.connections).toBe(1);
      else expect(proxy?.connections).toBeGreaterThan(3);
    },
  );

  it('Topic Aliases within the limit, and anew on each connection [5.0: MQTT-3.2.2-17] [5.0: MQTT-3.3.2-7]', async () => {
    const { port } = await through(5);
    const device = join(5, 'aliases', port);
    const other = join(5, 'other', strict.port);
    for (const one of [device, other]) await one.connect();
    const topic = unique('aliases');
    await other.subscribe(`${topic}/+`, 1);
    const topics = [1, 2, 1, 2, 3, 1].map((last) => `${topic}/${last}`);
    const send = () =>
      Promise.all(topics.map((name) => device.publish(name, 1, name, { topicAlias: 'automatic' })));
    for (const outcome of await send()) expect(outcome.kind).toBe('acknowledged');
    proxy?.cut();
    await device.gone();
    await device.connect();
    for (const outcome of await send()) expect(outcome.kind).toBe('acknowledged');
    await until('all', () => other.messages.length === 12);
    expect(other.messages.map((message) => message.topic)).toEqual([...topics, ...topics]);
    expect(other.texts()).toEqual([...topics, ...topics]);
    for (const connection of [1, 2]) {
      const sent = (proxy?.of(connection, 'client') ?? []).flatMap((packet) =>
        packet.type === 'publish' ? [[packet.topic, packet.properties?.topicAlias]] : [],
      );
      expect(sent).toEqual([
        [topics[0], 1],
        [topics[1], 2],
        ['', 1],
        ['', 2],
        [topics[4], 1],
        [topics[5], 2],
      ]);
    }
  });

  it('a message under an alias is sent again under its topic [5.0: MQTT-3.3.2-7]', async () => {
    const { port } = await through(5);
    const device = join(5, 'alias', port);
    const other = join(5, 'other', strict.port);
    for (const one of [device, other]) await one.connect();
    const topic = unique('alias');
    await other.subscribe(topic, 2);
    await device.publish(topic, 2, 'known', { topicAlias: 'automatic' });
    if (proxy !== undefined) proxy.judge = ({ packet }) => (packet.type === 'publish' ? 'before' : 'pass');
    const outcome = device.publish(topic, 2, 'lost', { topicAlias: 'automatic' });
    await device.gone();
    if (proxy !== undefined) proxy.judge = () => 'pass';
    await device.connect();
    expect((await outcome).kind).toBe('acknowledged');
    await until('both', () => other.messages.length === 2);
    expect(other.texts()).toEqual(['known', 'lost']);
    expect(proxy?.of(2, 'client')).toContainEqual(
      expect.objectContaining({ type: 'publish', topic, dup: true, properties: {} }),
    );
  });

  it('Maximum Packet Size of the server: what is larger is refused to the caller [5.0: MQTT-3.2.2-15]', async () => {
    const device = join(5, 'large', strict.port);
    await device.connect();
    expect(device.last('connected').limits.maximumPacketSize).toBe(2_000);
    const topic = unique('large');
    await device.subscribe(topic, 2);
    const overhead = 1 + 2 + 2 + topic.length + 2 + 1;
    const payload = new Uint8Array(2_000 - overhead);
    await expect(device.publish(topic, 2, new Uint8Array(2_001 - overhead))).rejects.toThrow(
      PacketTooLargeError,
    );
    expect((await device.publish(topic, 2, payload)).kind).toBe('acknowledged');
    await until('it to come back', () => device.messages.length === 1);
    expect(device.messages[0]?.payload).toEqual(payload);
    expect(device.count('ended')).toBe(0);
  });

  it('our Maximum Packet Size: the server keeps what is larger to itself', async () => {
    // With max_inflight_messages 1 the messages that mosquitto 2.0.11 keeps to itself would block those that follow.
    const { port } = await through(5, easy);
    const device = join(5, 'small', port, { properties: { maximumPacketSize: 200 } });
    const other = join(5, 'other', easy.port);
    for (const one of [device, other]) await one.connect();
    const topic = unique('small');
    await device.subscribe(topic, 2);
    for (const qos of [1, 2] as const) {
      for (const size of [10, 300, 20, 300, 30]) await other.publish(topic, qos, 'x'.repeat(size));
    }
    await until('six messages', () => device.messages.length === 6);
    expect(device.texts().map((payload) => payload.length)).toEqual([10, 20, 30, 10, 20, 30]);
    expect(device.count('ended')).toBe(0);
    expect(proxy?.passed.filter(({ from, size }) => from === 'server' && size > 200)).toEqual([]);
  });

  it('the Keep Alive of the server takes the place of ours [5.0: MQTT-3.2.2-21]', async () => {
    const device = join(5, 'lively', strict.port, { keepAlive: 60 });
    expect(await device.connect()).toMatchObject({ keepAlive: 10 });
  });

  it('pings keep an idle connection alive [3.1.1: MQTT-3.1.2-23] [5.0: MQTT-3.1.2-20]', async () => {
    const idle = async (version: Version): Promise<void> => {
      const between = await CuttingProxy.start(version, strict.port);
      const device = join(version, 'idle', between.port, { keepAlive: 1 });
      await device.connect();
      const types = (from: Side) => between.of(1, from).map(({ type }) => type);
      await until('two pings to be answered', () => types('server').length >= 3);
      expect(device.count('ended')).toBe(0);
      expect(types('client').slice(0, 3)).toEqual(['connect', 'pingreq', 'pingreq']);
      expect(types('server').slice(0, 3)).toEqual(['connack', 'pingresp', 'pingresp']);
      await device.disconnect();
      await between.stop();
    };
    await Promise.all([idle(4), idle(5)]);
  });

  it('the Client Identifier that the server assigns is that of the session', async () => {
    const device = join(5, '', strict.port);
    const { clientId, sessionPresent } = await device.connect();
    expect(clientId).not.toBe('');
    expect(sessionPresent).toBe(false);
    const topic = unique('assigned');
    await device.subscribe(topic, 1);
    await device.disconnect();
    const other = join(5, 'other', strict.port);
    await other.connect();
    await other.publish(topic, 1, 'while you were away');
    const again = new Device(5, clientId, strict.port);
    devices.push(again);
    again.session = device.session;
    expect(await again.connect()).toMatchObject({ clientId, sessionPresent: true });
    await until('the message', () => again.messages.length === 1);
    expect(again.texts()).toEqual(['while you were away']);
  });

  it('a client of 3.1.1 may stay without a Client Identifier', async () => {
    const device = join(4, '', strict.port);
    expect(await device.connect(true)).toMatchObject({ clientId: '', sessionPresent: false });
  });

  it('Request Problem Information 0: reason codes come, and no explanations', async () => {
    const { port } = await through(5);
    const device = join(5, 'curt', port, { properties: { requestProblemInformation: 0 } });
    await device.connect();
    const nobody = unique('nobody');
    expect(await device.publish(nobody, 1, 'x')).toMatchObject({ kind: 'acknowledged', reasonCode: 0x10 });
    // Of QoS 2 it does not tell.
    expect(await device.publish(nobody, 2, 'x')).toMatchObject({ kind: 'acknowledged', reasonCode: 0 });
    const removed = await device.send({ type: 'unsubscribe', topicFilters: [nobody] });
    expect(removed).toMatchObject({ packet: { type: 'unsuback', reasonCodes: [0x11] } });
    expect(proxy?.of(1, 'client')[0]).toMatchObject({ properties: { requestProblemInformation: 0 } });
    for (const packet of proxy?.of(1, 'server') ?? []) {
      if ('properties' in packet && packet.type !== 'connack') expect(packet.properties).toEqual({});
    }
    expect(device.count('ended')).toBe(0);
  });
});
