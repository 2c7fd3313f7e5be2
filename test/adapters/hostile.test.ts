import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode, type PacketOf } from '../../src/index.js';
import { least, until } from '../peers/wait.js';
import { Attacker, connectPacket, type Door, Victim } from './hostile/attack.js';
import { ATTACKS, repeated } from './hostile/attacks.js';
import { LIMITS } from './hostile/limits.js';

const KIBIBYTE = 1_024;
/** Per connection, over what the limits allow. */
const OVERHEAD = 256 * KIBIBYTE;
const STALL = 50;

const MAIN = fileURLToPath(new URL('./hostile/broker.ts', import.meta.url));
let victim: Victim;
let door: Door;
beforeAll(async () => {
  victim = await Victim.start(MAIN);
  door = { port: victim.port, topic: 't', filter: 't' };
  // The first connections compile code and fill caches.
  for (let i = 0; i < 3; i++) {
    const all = await Attacker.many(20, door);
    for (const one of all) {
      await one.push(encode({ type: 'publish', topic: 't', payload: 'x', qos: 0 }, 5), 200);
      one.socket.destroy();
    }
    await victim.until('empty', ({ connections }) => connections === 0);
  }
}, 60_000);
afterAll(() => victim.stop());

const bytesOf = (packet: PacketOf<5>): Uint8Array => encode(packet, 5);
const message = (fields: object): PacketOf<5> =>
  ({ type: 'publish', topic: 't', payload: '', qos: 0, ...fields }) as PacketOf<5>;

/**
 * The longest that an attack holds up the event loop, in milliseconds of processor time: the least of several attacks,
 * since compiling code and collecting garbage count as well.
 */
function stallOf(attack: () => Promise<void>): Promise<number> {
  return least(
    async () => {
      await victim.measure();
      await delay(20);
      await attack();
      const { longest, longestByTheClock } = await victim.measure();
      console.log(`longest turn ${longest.toFixed(1)} ms, by the clock ${longestByTheClock.toFixed(1)} ms`);
      return longest;
    },
    STALL,
    10,
  );
}

/** Expects that an attack which leaves so many connections standing costs less memory for each of them than allowed. */
async function expectCost(
  count: number,
  allowed: number,
  attack: (one: Attacker) => Promise<void>,
): Promise<void> {
  const before = await victim.until('empty', ({ connections }) => connections === 0);
  const all = await Attacker.many(count, door);
  await Promise.all(all.map(attack));
  const memory = await victim.memory(before.memory + count * allowed);
  expect((await victim.measure()).connections).toBe(count);
  for (const one of all) one.socket.destroy();
  console.log(`${Math.round((memory - before.memory) / count / KIBIBYTE)} KiB for each of ${count}`);
  expect((memory - before.memory) / count).toBeLessThan(allowed);
}

describe('memory per connection', () => {
  it('is bounded for those that do nothing, and for those that never say CONNECT', async () => {
    await expectCost(100, 32 * KIBIBYTE, async () => undefined);
  });

  it('is bounded under a slow drip of a packet as large as allowed', async () => {
    const packet = bytesOf(message({ payload: new Uint8Array(65_000) }));
    await expectCost(25, OVERHEAD + LIMITS.packet, async (one) => {
      for (let at = 0; at < 60_000; at += 600) {
        await one.push(packet.subarray(at, at + 600));
        if (at % 6_000 === 0) await delay(1);
      }
    });
  });

  it('is bounded where QoS 2 messages are never released', async () => {
    // What was delivered is the host's, and not kept.
    await expectCost(25, OVERHEAD, async (one) => {
      for (let packetId = 1; packetId <= LIMITS.receive; packetId++) {
        await one.push(bytesOf(message({ qos: 2, packetId, payload: new Uint8Array(60_000) })));
      }
      await until(
        'PUBRECs',
        () => one.packets.filter(({ type }) => type === 'pubrec').length === LIMITS.receive,
      );
    });
  });

  it('is bounded where all Topic Aliases stand for the longest topics', async () => {
    await expectCost(25, OVERHEAD + LIMITS.aliases * LIMITS.packet, async (one) => {
      for (let topicAlias = 1; topicAlias <= LIMITS.aliases; topicAlias++) {
        const topic = `${topicAlias}/`.padEnd(60_000, 'x');
        await one.push(bytesOf(message({ topic, properties: { topicAlias } })));
      }
    });
  });

  it('is bounded under property bombs', async () => {
    const userProperties = Array.from({ length: 12_000 }, () => ['', ''] as const);
    const bomb = bytesOf(message({ properties: { userProperties } }));
    expect(bomb.length).toBeLessThan(LIMITS.packet);
    await expectCost(10, OVERHEAD + LIMITS.packet, (one) => one.push(bomb, 5));
  });

  it('is bounded where the will of a CONNECT is a property bomb', async () => {
    const userProperties = Array.from({ length: 3_000 }, () => ['', ''] as const);
    const before = await victim.until('empty', ({ connections }) => connections === 0);
    const count = 25;
    const all = await Promise.all(Array.from({ length: count }, () => Attacker.open(door)));
    const will = { topic: 't', payload: '', qos: 0, retain: false, properties: { userProperties } };
    for (const one of all) one.write(connectPacket(door, { will }));
    await until('CONNACKs', () => all.every(({ packets }) => packets.length === 1));
    const allowed = OVERHEAD + LIMITS.connect;
    const memory = await victim.memory(before.memory + count * allowed);
    for (const one of all) one.socket.destroy();
    expect((memory - before.memory) / count).toBeLessThan(allowed);
  });

  it('is given back after a storm of reconnects, with and without CONNECT, politely or not', async () => {
    const before = await victim.until('empty', ({ connections }) => connections === 0);
    for (let wave = 0; wave < 10; wave++) {
      const all = await Attacker.many(30, door);
      const mute = await Promise.all(Array.from({ length: 20 }, () => Attacker.open(door)));
      all.forEach(({ socket, reset }, index) => {
        if (index % 2 === 0) reset();
        else socket.end(bytesOf({ type: 'disconnect', reasonCode: 0 }));
      });
      for (const { reset } of mute) reset();
    }
    await victim.until('empty', ({ connections }) => connections === 0);
    const allowed = before.memory + 1_024 * KIBIBYTE;
    expect(await victim.memory(allowed)).toBeLessThan(allowed);
  });
});

describe('the event loop', () => {
  it.each([
    ['PINGREQ', bytesOf({ type: 'pingreq' })],
    ['empty messages of QoS 0', bytesOf(message({}))],
    ['messages that change a Topic Alias', bytesOf(message({ properties: { topicAlias: 1 } }))],
    [
      'property bombs',
      bytesOf(
        message({ properties: { userProperties: Array.from({ length: 12_000 }, () => ['', ''] as const) } }),
      ),
    ],
  ])('is not held up by a flood of %s', async (_, packet) => {
    const flood = repeated(packet, 65_536);
    const stall = await stallOf(async () => {
      const one = await Attacker.connected(door);
      await one.push(flood, 16);
      one.write({ type: 'disconnect', reasonCode: 0 });
      await until('the end', () => one.closed);
    });
    expect(stall).toBeLessThan(STALL);
  });

  it('is not held up by many connections at once', async () => {
    const stall = await stallOf(async () => {
      const all = await Attacker.many(50, door);
      for (const { socket } of all) socket.destroy();
    });
    expect(stall).toBeLessThan(STALL);
  });
});

describe('the Reason Code', () => {
  const told = async (attack: (one: Attacker) => Promise<void>): Promise<number | undefined> => {
    const one = await Attacker.connected(door);
    await attack(one);
    return one.reasonCode();
  };

  it('is 0x95 for a packet over the limit, from its first bytes on', async () => {
    expect(await told((one) => one.push(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f)))).toBe(0x95);
  });

  it('is 0x94 for a Topic Alias over the limit', async () => {
    const topicAlias = LIMITS.aliases + 1;
    expect(await told(async (one) => one.write(message({ properties: { topicAlias } })))).toBe(0x94);
  });

  it('is 0x93 for more unacknowledged messages than the Receive Maximum', async () => {
    const flood = Array.from({ length: LIMITS.receive + 1 }, (_, i) => message({ qos: 2, packetId: i + 1 }));
    expect(await told(async (one) => one.write(...flood))).toBe(0x93);
  });

  it('is 0x81 for bytes that are no packet', async () => {
    expect(await told((one) => one.push(Uint8Array.of(0x36, 2, 0, 0)))).toBe(0x81);
  });

  it('is not heard by a peer that asks and never reads: it is cut off', async () => {
    const before = await victim.until('empty', ({ connections }) => connections === 0);
    const one = await Attacker.connected(door);
    one.socket.pause();
    const flood = repeated(bytesOf({ type: 'pingreq' }), 262_144);
    await Promise.race([
      one.push(flood, 64),
      victim.until('cut off', ({ refused }) => refused > before.refused),
    ]);
    const after = await victim.until('cut off', ({ connections }) => connections === 0);
    expect(after.refused).toBe(before.refused + 1);
    const allowed = before.memory + 2_048 * KIBIBYTE;
    expect(await victim.memory(allowed)).toBeLessThan(allowed);
    one.socket.destroy();
  }, 60_000);
});

describe('others are served', () => {
  it.each(Object.entries(ATTACKS))('under attack and after it: %s', async (_, attack) => {
    const before = await victim.until('empty', ({ connections }) => connections === 0);
    const attackers = await attack(door);
    const good = await Attacker.connected(door);
    good.write(message({ qos: 1, packetId: 1 }));
    await until('PUBACK', () => good.packets.some(({ type }) => type === 'puback'));
    const allowed = before.memory + 8 * 1_024 * KIBIBYTE;
    expect(await victim.memory(allowed)).toBeLessThan(allowed);
    for (const { reset } of [good, ...attackers]) reset();
    await victim.until('empty', ({ connections }) => connections === 0);
  });
});
