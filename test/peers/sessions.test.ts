/** How sessions, wills and connections with mosquitto end, and who is refused. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Device, type Identity } from './device.js';
import { Mosquitto, noMosquitto, sayWhy, type Version } from './mosquitto.js';
import { CuttingProxy, type Verdict } from './proxy.js';
import { inTime, pause, unique, until } from './wait.js';

sayWhy('test/peers/sessions.test.ts');

const versions = [4, 5] as const;

describe.skipIf(noMosquitto !== undefined)('mosquitto and the end of things', () => {
  let broker: Mosquitto;
  let proxy: CuttingProxy | undefined;
  const devices: Device[] = [];

  function join(version: Version, name: string, port: number, identity: Identity = {}): Device {
    const device = new Device(version, unique(name), port, identity);
    devices.push(device);
    return device;
  }

  /** A connected device behind the proxy, which passes everything. */
  async function behind(version: Version, name: string, identity: Identity = {}): Promise<Device> {
    proxy = await CuttingProxy.start(version, broker.port);
    const device = join(version, name, proxy.port, identity);
    await device.connect();
    return device;
  }

  /** From now on the connection is cut where a packet of that type comes. */
  function cutAt(type: string, how: Verdict): void {
    if (proxy !== undefined) proxy.judge = ({ packet }) => (packet.type === type ? how : 'pass');
  }

  function mend(): void {
    if (proxy !== undefined) proxy.judge = () => 'pass';
  }

  beforeAll(async () => {
    broker = await Mosquitto.start();
  });

  afterEach(async () => {
    for (const device of devices.splice(0)) await device.disconnect();
    await proxy?.stop();
    proxy = undefined;
  });

  afterAll(async () => {
    await broker?.stop();
  });

  it('a session expires, and what was under way is reported lost [5.0: MQTT-3.2.2-5] [5.0: MQTT-3.1.2-23]', async () => {
    const properties = { sessionExpiryInterval: 600 };
    const device = await behind(5, 'expiring', { properties });
    cutAt('pubrec', 'after');
    const received = device.publish(unique('expiring'), 2, 'x');
    await device.gone();
    mend();
    properties.sessionExpiryInterval = 1;
    expect(await device.connect()).toMatchObject({ sessionPresent: true, sessionExpiryInterval: 1 });
    expect(await received).toMatchObject({ kind: 'acknowledged' });
    cutAt('pubrec', 'after');
    const lost = device.publish(unique('expiring'), 2, 'x');
    await device.gone();
    mend();
    await pause(2_500);
    expect(await device.connect()).toMatchObject({ sessionPresent: false });
    expect(await lost).toEqual({ kind: 'session-lost', progress: 'received' });
    expect(device.underWay()).toBe(0);
    expect(device.count('sessionDiscarded')).toBe(1);
    expect(await device.publish(unique('expiring'), 2, 'x')).toMatchObject({ kind: 'acknowledged' });
  });

  it('a DISCONNECT may end the session at once [U5-3.14.2.2.2-b]', async () => {
    const device = join(5, 'leaving', broker.port);
    await device.connect();
    await device.disconnect();
    expect(await device.connect()).toMatchObject({ sessionPresent: true });
    await device.disconnect({ properties: { sessionExpiryInterval: 0 } });
    expect(device.last('ended').sessionExpiryInterval).toBe(0);
    expect(await device.connect()).toMatchObject({ sessionPresent: false });
  });

  it.each(versions)(
    'version %i: a new start leaves nothing of the session behind [3.1.1: MQTT-3.1.2-6] [5.0: MQTT-3.1.2-4]',
    async (version) => {
      const device = await behind(version, 'starter');
      cutAt('pubrec', 'before');
      const lost = device.publish(unique('start'), 2, 'x');
      await device.gone();
      mend();
      expect(await device.connect(true)).toMatchObject({ sessionPresent: false });
      expect(await lost).toMatchObject({ kind: 'session-lost', progress: 'sent', message: { qos: 2 } });
      expect(device.underWay()).toBe(0);
      expect(proxy?.of(2, 'client').map(({ type }) => type)).toEqual(['connect']);
    },
  );

  it.each(versions)('version %i: a server that restarts with its store goes on', async (version) => {
    const device = await behind(version, 'patient');
    const topic = unique('restart');
    await device.subscribe(topic, 2);
    cutAt('pubcomp', 'before');
    const outcomes = ['one', 'two'].map((payload) => device.publish(topic, 2, payload));
    await device.gone();
    await broker.restart('SIGTERM');
    mend();
    expect(await device.connect()).toMatchObject({ sessionPresent: true });
    for (const outcome of await Promise.all(outcomes)) expect(outcome.kind).toBe('acknowledged');
    await until('both messages', () => device.texts().length === 2);
    await until('all to be over', () => device.underWay() === 0);
    expect(device.texts()).toEqual(['one', 'two']);
  });

  it.each(versions)(
    'version %i: a server that has forgotten the session [5.0: MQTT-3.2.2-5] [U3-3.2.2.2-a]',
    async (version) => {
      const device = await behind(version, 'forgotten');
      cutAt('pubrec', 'before');
      const outcome = device.publish(unique('forgotten'), 2, 'x');
      await device.gone();
      await broker.restart('SIGKILL');
      mend();
      expect(await device.connect()).toMatchObject({ sessionPresent: false });
      // In 3.1.1 the client may go on with what it has.
      const due = version === 4 ? { kind: 'acknowledged' } : { kind: 'session-lost', progress: 'sent' };
      expect(await outcome).toMatchObject(due);
      expect(device.underWay()).toBe(0);
    },
  );

  it.each(versions)(
    'version %i: the will of a client whose connection is cut, and of nobody else',
    async (version) => {
      const will = { topic: unique('will'), payload: 'farewell', qos: 1, retain: false } as const;
      const heir = join(version, 'heir', broker.port);
      await heir.connect();
      await heir.subscribe(will.topic, 1);
      const device = await behind(version, 'testator', { will });
      await device.disconnect();
      await device.connect();
      proxy?.cut();
      await device.gone();
      await until('the will', () => heir.messages.length > 0);
      if (version === 5) {
        await device.connect();
        await device.disconnect({ reasonCode: 0x04 });
        await until('the second will', () => heir.messages.length > 1);
      }
      expect(heir.texts()).toEqual(version === 5 ? ['farewell', 'farewell'] : ['farewell']);
    },
  );

  it('a will that is delayed is void when the client comes back in time', async () => {
    const heir = await inTime(900, async () => {
      await proxy?.stop();
      const topic = unique('delayed');
      const heir = join(5, 'heir', broker.port);
      await heir.connect();
      await heir.subscribe(`${topic}/+`, 1);
      const identity = (name: string): Identity => ({
        will: {
          topic: `${topic}/${name}`,
          payload: name,
          qos: 1,
          retain: false,
          properties: { willDelayInterval: 1 },
        },
      });
      const device = await behind(5, 'back', identity('back'));
      const other = join(5, 'away', device.port, identity('away'));
      await other.connect();
      proxy?.cut();
      for (const one of [device, other]) await one.gone();
      await device.connect();
      return heir;
    });
    await until('the will', () => heir.messages.length > 0);
    await pause(1_000);
    expect(heir.texts()).toEqual(['away']);
  });

  it.each(versions)(
    'version %i: a newer connection takes over [3.1.1: MQTT-3.1.3-2] [5.0: MQTT-3.1.3-2]',
    async (version) => {
      const older = join(version, 'twin', broker.port);
      await older.connect();
      const newer = new Device(version, older.clientId, broker.port);
      devices.push(newer);
      newer.session = older.session;
      await newer.connect(true);
      await older.gone();
      // mosquitto 2.0.11 closes without the DISCONNECT 0x8E that is due in 5.0.
      expect(['closed', 'peer-disconnected']).toContain(older.last('ended').reason);
      expect(newer.count('ended')).toBe(0);
    },
  );
});

describe.skipIf(noMosquitto !== undefined)('mosquitto that refuses', () => {
  it.each(versions)(
    'version %i: a message without permission fails alone [5.0: MQTT-4.3.3-4] [U5-4.13.2-a]',
    async (version) => {
      const broker = await Mosquitto.start([], ['topic readwrite open/#']);
      const device = new Device(version, 'visitor', broker.port);
      try {
        await device.connect();
        for (const qos of [1, 2] as const) {
          const outcome = await device.publish('closed', qos, 'x');
          // 3.1.1 has no word for it.
          expect(outcome).toMatchObject(
            version === 5 ? { kind: 'refused', reasonCode: 0x87 } : { kind: 'acknowledged', reasonCode: 0 },
          );
          expect((await device.publish('open/x', qos, 'x')).kind).toBe('acknowledged');
        }
        expect(device.underWay()).toBe(0);
        expect(device.count('ended')).toBe(0);
      } finally {
        await device.disconnect();
        await broker.stop();
      }
    },
  );

  it.each(versions)('version %i: a client without a name', async (version) => {
    const broker = await Mosquitto.start(['allow_anonymous false']);
    const device = new Device(version, 'stranger', broker.port);
    try {
      const connected = device.connect();
      connected.catch(() => {});
      await until('the refusal', () => device.count('connectRefused') > 0);
      await device.gone();
      expect(device.last('connectRefused').packet.reasonCode).toBe(version === 5 ? 0x87 : 5);
      expect(device.last('ended')).toMatchObject({ reason: 'refused', sessionExpiryInterval: undefined });
    } finally {
      await broker.stop();
    }
  });
});
