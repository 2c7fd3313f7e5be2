/** Many messages at once to and from mosquitto, with the connection cut at random packets, again and again. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Device, text } from './device.js';
import { Mosquitto, noMosquitto, sayWhy, type Version, type Watcher } from './mosquitto.js';
import { CuttingProxy } from './proxy.js';
import { cutAtRandom, firsts } from './stages.js';
import { dice, SEED, unique, until } from './wait.js';

sayWhy('test/peers/random-cuts.test.ts');

const COUNT = 50;
const CUTS = 40;
const IN_FLIGHT = 7;
const numbers = Array.from({ length: COUNT }, (_, index) => String(index));

const got = (device: Device | undefined, qos: 1 | 2): string[] =>
  (device?.messages ?? []).filter(({ topic }) => topic.endsWith(`/${qos}`)).map(text);

describe.skipIf(noMosquitto !== undefined)('mosquitto, the connection cut at random', () => {
  let proxy: CuttingProxy | undefined;
  let device: Device | undefined;
  const watchers: Watcher[] = [];

  const brokers = new Map<Version, Mosquitto>();

  beforeAll(async () => {
    for (const version of [4, 5] as const) {
      brokers.set(version, await Mosquitto.start([`max_inflight_messages ${IN_FLIGHT}`]));
    }
    console.log(`PEERS_SEED=${SEED}`);
  });

  afterEach(async () => {
    await device?.disconnect();
    for (const watcher of watchers.splice(0)) await watcher.stop();
    await proxy?.stop();
    device = undefined;
    proxy = undefined;
  });

  afterAll(async () => {
    for (const broker of brokers.values()) await broker.stop();
  });

  it.each([4, 5] as const)(
    `version %i: ${COUNT} messages of QoS 1 and as many of QoS 2 each way, none lost, none twice at QoS 2, in order ` +
      '[3.1.1: MQTT-4.1.0-1] [3.1.1: MQTT-3.1.2-4] [5.0: MQTT-4.1.0-1] [5.0: MQTT-3.1.2-5] [5.0: MQTT-3.1.2-23]',
    async (version) => {
      const broker = brokers.get(version)!;
      const topic = unique('random');
      proxy = await CuttingProxy.start(version, broker.port);
      const up = await Promise.all([1, 2].map((qos) => broker.watch(version, `${topic}/up/${qos}`)));
      watchers.push(...up);
      // MQTT 3.1.1 cannot tell the limit, and mosquitto 2.0.11 acknowledges QoS 2 messages beyond it and loses them.
      const options = version === 4 ? { maximumInFlight: IN_FLIGHT } : {};
      device = new Device(version, unique('device'), proxy.port, {}, options);
      await device.connect();
      await device.subscribe(`${topic}/down/+`, 2);
      cutAtRandom(proxy, dice(SEED + version), CUTS);
      await device.stay();
      const down = ([1, 2] as const).map((qos) =>
        // Its own mosquitto_pub knows the limit in MQTT 5.0 alone.
        broker.publish(5, `${topic}/down/${qos}`, qos, numbers),
      );
      const outcomes = [];
      for (const number of numbers) {
        for (const qos of [1, 2] as const) {
          outcomes.push((await device.publishSurely(`${topic}/up/${qos}`, qos, number)).outcome);
        }
      }
      await Promise.all(down);
      const kinds = (await Promise.all(outcomes)).map((outcome) => outcome.kind);
      expect(kinds).toEqual(kinds.map(() => 'acknowledged'));
      const story = (): string => {
        const last = proxy?.passed.slice(-12).map(({ connection, from, packet }) => {
          return `${connection} ${from} ${packet.type} ${'packetId' in packet ? packet.packetId : ''}`;
        });
        const counts = [1, 2].map((qos) => got(device, qos as 1 | 2).length);
        return `down ${counts}, under way ${device?.underWay()}, PEERS_SEED=${SEED}: ${last?.join('; ')}`;
      };
      await until(
        () => `all to come down: ${story()}`,
        () => firsts(got(device, 1)).length === COUNT && got(device, 2).length >= COUNT,
      );
      await until(
        () => `all to be over: ${story()}`,
        () => device?.underWay() === 0,
      );
      await device.publishSurely(`${topic}/up/1`, 1, 'end');
      await device.publishSurely(`${topic}/up/2`, 2, 'end');
      const [one = [], two = []] = await until(
        () => `all to come up: ${story()}`,
        () => {
          const lists = up.map((watcher) => watcher.lines().map((line) => line.slice(2)));
          return lists.every((list) => list.at(-1) === 'end') && lists;
        },
      );
      expect(two).toEqual([...numbers, 'end']);
      expect(firsts(one)).toEqual([...numbers, 'end']);
      expect(got(device, 2)).toEqual(numbers);
      expect(firsts(got(device, 1))).toEqual(numbers);
      // It was cut, and often.
      expect(proxy.connections).toBeGreaterThan(10);
      console.log(`version ${version}: ${proxy.connections} connections, ${proxy.passed.length} packets`);
    },
  );
});
