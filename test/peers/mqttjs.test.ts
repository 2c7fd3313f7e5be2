/** MQTT.js as the client of the broker in docs/examples/host, beside our own client. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, connect as dial } from '../../docs/examples/host/client.js';
import { Device } from './device.js';
import { Foreign } from './foreign.js';
import { OurBroker } from './our-broker.js';
import { CuttingProxy, type Side } from './proxy.js';
import { mostUnderWay } from './stages.js';
import { unique, until } from './wait.js';

type Version = 4 | 5;
const versions = [4, 5] as const;

let broker: OurBroker;
let proxy: CuttingProxy | undefined;
const devices: Device[] = [];
const foreigners: Foreign[] = [];

beforeEach(async () => {
  broker = await OurBroker.start();
});

/** Starts the broker again with other options. */
async function withOptions(options: Parameters<typeof OurBroker.start>[0]): Promise<void> {
  await broker.stop();
  broker = await OurBroker.start(options);
}

afterEach(async () => {
  for (const foreign of foreigners.splice(0)) await foreign.end();
  for (const device of devices.splice(0)) await device.disconnect();
  await proxy?.stop();
  proxy = undefined;
  await broker.stop();
});

async function through(version: Version): Promise<CuttingProxy> {
  proxy = await CuttingProxy.start(version, broker.port);
  return proxy;
}

async function ours(version: Version, name: string, port = broker.port): Promise<Device> {
  const device = new Device(version, unique(name), port);
  devices.push(device);
  await device.connect();
  return device;
}

async function theirs(
  version: Version,
  name: string,
  port = broker.port,
  options: ConstructorParameters<typeof Foreign>[3] = {},
): Promise<Foreign> {
  const foreign = new Foreign(version, unique(name), port, options);
  foreigners.push(foreign);
  return foreign.connected();
}

describe.each(versions)('MQTT.js and our broker, version %i', (version) => {
  it('messages of every QoS, between MQTT.js and our client, both ways', async () => {
    const mine = await ours(version, 'ours');
    const theirs_ = await theirs(version, 'theirs');
    const granted = await theirs_.client.subscribeAsync({ 'ours/#': { qos: 2 }, 'more/+': { qos: 1 } });
    expect(granted.map(({ topic, qos }) => [topic, qos])).toEqual([
      ['ours/#', 2],
      ['more/+', 1],
    ]);
    await mine.subscribe('theirs/#', 2);
    for (const qos of [0, 1, 2] as const) {
      await mine.publish('ours/a', qos, `ours ${qos}`);
      await theirs_.client.publishAsync('theirs/a', `theirs ${qos}`, { qos });
    }
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await theirs_.client.publishAsync('theirs/bytes', Buffer.from(bytes), { qos: 2 });
    await mine.publish('ours/empty', 2, '');
    await until('all for MQTT.js', () => theirs_.messages.length === 4);
    await until('all for us', () => mine.messages.length === 4);
    expect(theirs_.messages.map(({ text, packet }) => [text, packet.qos])).toEqual([
      ['ours 0', 0],
      ['ours 1', 1],
      ['ours 2', 2],
      ['', 2],
    ]);
    expect(mine.messages.map(({ qos }) => qos)).toEqual([0, 1, 2, 2]);
    expect(mine.messages[3]?.payload).toEqual(bytes);
    await theirs_.client.unsubscribeAsync('ours/#');
    await mine.publish('ours/a', 1, 'unheard');
    await mine.publish('more/a', 1, 'heard');
    await until('one more', () => theirs_.messages.length > 4);
    expect(theirs_.texts().slice(4)).toEqual(['heard']);
    expect(theirs_.errors).toEqual([]);
  });

  it('a large message, in both directions', async () => {
    const foreign = await theirs(version, 'large');
    await foreign.client.subscribeAsync('large', { qos: 2 });
    const payload = 'x'.repeat(900_000);
    await foreign.client.publishAsync('large', payload, { qos: 2 });
    await until('it', () => foreign.messages.length === 1);
    expect(foreign.texts()[0]).toBe(payload);
  });

  it('what came while MQTT.js was away is waiting for it', async () => {
    const clientId = unique('away');
    const first = await new Foreign(version, clientId, broker.port).connected();
    await first.client.subscribeAsync('news', { qos: 1 });
    await first.client.endAsync();
    const device = await ours(version, 'ours');
    for (const payload of ['one', 'two', 'three']) await device.publish('news', 1, payload);
    const second = new Foreign(version, clientId, broker.port);
    foreigners.push(second);
    await second.connected();
    expect(second.connacks[0]?.sessionPresent).toBe(true);
    await until('three messages', () => second.messages.length === 3);
    expect(second.texts()).toEqual(['one', 'two', 'three']);
  });

  it('a newer connection takes over', async () => {
    const clientId = unique('twin');
    const older = new Foreign(version, clientId, broker.port, { reconnectPeriod: 0 });
    const newer = new Foreign(version, clientId, broker.port, { reconnectPeriod: 0, manualConnect: true });
    foreigners.push(older, newer);
    await older.connected();
    newer.client.connect();
    await newer.connected();
    await until('the older one to be closed', () => older.closed > 0);
    expect(older.disconnects).toEqual(version === 5 ? [0x8e] : []);
    expect(newer.client.connected).toBe(true);
  });
});

describe('MQTT.js and our broker, what they have agreed upon', () => {
  it('Topic Aliases both ways [5.0: MQTT-3.3.2-12] [5.0: MQTT-3.1.2-26] [5.0: MQTT-3.3.2-7]', async () => {
    await withOptions({ announced: { topicAliasMaximum: 3 } });
    const { port } = await through(5);
    const mine = await ours(5, 'ours');
    await mine.subscribe('up/+', 2);
    const foreign = await theirs(5, 'aliases', port, {
      autoAssignTopicAlias: true,
      properties: { topicAliasMaximum: 2 },
    });
    await foreign.client.subscribeAsync('down/+', { qos: 2 });
    const names = ['a', 'b', 'a', 'c', 'a', 'b'];
    const exchange = async (total: number) => {
      for (const name of names) {
        await foreign.client.publishAsync(`up/${name}`, name, { qos: 1 });
        await mine.publish(`down/${name}`, 1, name);
      }
      await until('all', () => foreign.messages.length === total && mine.messages.length === total);
    };
    await exchange(6);
    // What is not acknowledged when the connection goes would come once more.
    const acknowledged = () => proxy?.of(1, 'client').filter(({ type }) => type === 'puback').length;
    await until('PUBACK for all', () => acknowledged() === 6);
    proxy?.cut();
    await foreign.connected(2);
    await exchange(12);
    const due = [...names, ...names];
    expect(foreign.messages.map(({ topic }) => topic)).toEqual(due.map((name) => `down/${name}`));
    expect(mine.messages.map(({ topic }) => topic)).toEqual(due.map((name) => `up/${name}`));
    for (const connection of [1, 2]) {
      const aliases = (side: Side) =>
        (proxy?.of(connection, side) ?? []).flatMap((packet) =>
          packet.type === 'publish' ? [[packet.topic, packet.properties?.topicAlias]] : [],
        );
      expect(aliases('server')).toEqual([
        ['down/a', 1],
        ['down/b', 2],
        ['', 1],
        ['down/c', 2],
        ['', 1],
        ['down/b', 2],
      ]);
      expect(aliases('client').map(([topic]) => topic)).toEqual(['up/a', 'up/b', '', 'up/c', '', '']);
    }
  });

  it('Receive Maximum 1 of MQTT.js: one message at a time [5.0: MQTT-4.9.0-2]', async () => {
    const { port } = await through(5);
    const foreign = await theirs(5, 'narrow', port, { properties: { receiveMaximum: 1 } });
    await foreign.client.subscribeAsync('down', { qos: 2 });
    const mine = await ours(5, 'ours');
    const numbers = Array.from({ length: 20 }, (_, index) => String(index));
    await Promise.all(numbers.map((number) => mine.publish('down', Number(number) % 3 ? 2 : 1, number)));
    await until('all', () => foreign.messages.length === 20);
    expect(foreign.texts()).toEqual(numbers);
    expect(proxy && mostUnderWay(proxy, 'server')).toBe(1);
  });

  it('Receive Maximum 1 of ours: MQTT.js does not keep to it, and hears 0x93 [U5-3.3.4-a]', async () => {
    await withOptions({ announced: { receiveMaximum: 1 } });
    const foreign = await theirs(5, 'eager', broker.port, { reconnectPeriod: 0 });
    for (const payload of ['one', 'two']) foreign.client.publish('up', payload, { qos: 2 });
    await until('the end', () => foreign.closed > 0);
    expect(foreign.disconnects).toEqual([0x93]);
  });

  it('our Maximum Packet Size: MQTT.js does not keep to it, and hears 0x95', async () => {
    await withOptions({ announced: { maximumPacketSize: 1_000 } });
    const foreign = await theirs(5, 'large', broker.port, { reconnectPeriod: 0 });
    foreign.client.publish('up', 'x'.repeat(2_000));
    await until('the end', () => foreign.closed > 0);
    expect(foreign.disconnects).toEqual([0x95]);
  });

  it('Maximum Packet Size of MQTT.js: larger messages count as delivered [5.0: MQTT-3.1.2-24] [5.0: MQTT-3.1.2-25]', async () => {
    const { port } = await through(5);
    const properties = { maximumPacketSize: 200, receiveMaximum: 1 };
    const foreign = await theirs(5, 'small', port, { properties });
    await foreign.client.subscribeAsync('down', { qos: 2 });
    const mine = await ours(5, 'ours');
    for (const qos of [0, 1, 2] as const) {
      for (const size of [10, 300, 20]) await mine.publish('down', qos, 'x'.repeat(size));
    }
    await until('six messages', () => foreign.messages.length === 6);
    expect(foreign.texts().map(({ length }) => length)).toEqual([10, 20, 10, 20, 10, 20]);
    expect(foreign.closed).toBe(0);
    expect(proxy?.passed.filter(({ from, size }) => from === 'server' && size > 200)).toEqual([]);
  });

  it('pings keep an idle connection alive, and a silent one is closed', async () => {
    const idle = async (version: Version): Promise<void> => {
      const between = await CuttingProxy.start(version, broker.port);
      const foreign = await theirs(version, 'idle', between.port, { keepalive: 1, reconnectPeriod: 0 });
      const { clientId = '' } = foreign.client.options;
      // Longer than the one and a half times of its Keep Alive after which it would be given up.
      const count = (type: string) => between.passed.filter(({ packet }) => packet.type === type).length;
      await until('two pings to be answered', () => count('pingresp') >= 2);
      expect(foreign.closed).toBe(0);
      expect(broker.sessions.online.has(clientId)).toBe(true);
      between.freeze(true);
      await until('the server to give up', () => !broker.sessions.online.has(clientId));
      await between.stop();
    };
    await Promise.all(versions.map(idle));
  });

  it('Server Keep Alive: MQTT.js pings at the rate that we name', async () => {
    await withOptions({ announced: { serverKeepAlive: 1 } });
    const { port } = await through(5);
    const foreign = await theirs(5, 'brisk', port, { keepalive: 60 });
    await until('a ping', () => proxy?.passed.some(({ packet }) => packet.type === 'pingresp'));
    expect(foreign.closed).toBe(0);
  });

  it('the Client Identifier that we assign [5.0: MQTT-3.1.3-7]', async () => {
    const foreign = new Foreign(5, '', broker.port, { clean: true });
    foreigners.push(foreign);
    await foreign.connected();
    const assigned = foreign.connacks[0]?.properties?.assignedClientIdentifier;
    expect([...broker.sessions.online.keys()]).toEqual([assigned]);
  });

  it.each(versions)(
    'version %i: the will of MQTT.js, cut off, and not that of one that leaves',
    async (version) => {
      const heir = await ours(version, 'heir');
      await heir.subscribe('will/+', 1);
      const will = (name: string) => ({
        topic: `will/${name}`,
        payload: Buffer.from(name),
        qos: 1 as const,
        retain: false,
      });
      const leaving = new Foreign(version, unique('leaving'), broker.port, { will: will('leaving') });
      await leaving.connected();
      await leaving.client.endAsync();
      const { port } = await through(version);
      await theirs(version, 'cut', port, { will: will('cut'), reconnectPeriod: 0 });
      proxy?.cut('reset');
      await until('the will', () => heir.messages.length > 0);
      expect(heir.texts()).toEqual(['cut']);
    },
  );

  it('a session that is over is not resumed', async () => {
    const clientId = unique('brief');
    const options = { properties: { sessionExpiryInterval: 0 } };
    for (const _ of [1, 2]) {
      const foreign = new Foreign(5, clientId, broker.port, options);
      await foreign.connected();
      await foreign.end();
      expect(foreign.connacks.map(({ sessionPresent }) => sessionPresent)).toEqual([false]);
      await until('it to be gone', () => broker.sessions.online.size === 0);
    }
  });
});

describe('our client and our broker', () => {
  it('what is sent from within a handler goes out in its turn', async () => {
    await withOptions({ announced: { topicAliasMaximum: 1, receiveMaximum: 1 } });
    const watcher = await ours(5, 'watcher');
    await watcher.subscribe('#', 1);
    const send = (payload: string, qos: 0 | 1) =>
      client.send({ type: 'publish', topic: 'a', payload, qos }, { topicAlias: 'automatic' });
    let ended = false;
    let settled = 0;
    const connect = {
      type: 'connect',
      protocolVersion: 5,
      clientId: 'chatty',
      cleanStart: true,
      keepAlive: 60,
    } as const;
    const client: Client = dial(
      broker.port,
      { connect },
      () => {},
      (event) => {
        ended ||= event.type === 'ended';
        if (event.type === 'connected') {
          void client.send({ type: 'publish', topic: 'b', payload: 'one', qos: 1 });
          void send('two', 1);
        }
        // With this came the message that waited, which tells the server what the alias stands for.
        if (event.type === 'settled' && ++settled === 1) void send('three', 0);
      },
    );
    await watcher.received(3);
    expect(watcher.texts()).toEqual(['one', 'two', 'three']);
    expect(ended).toBe(false);
    client.disconnect();
    await until('the end', () => ended);
  });
});
