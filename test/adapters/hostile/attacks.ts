/** What hostile clients do to a server, for any server; it has to serve everybody else meanwhile, and afterwards. */
import { setTimeout as delay } from 'node:timers/promises';
import { encode, type PacketOf } from '../../../src/index.js';
import { dice, pause, SEED } from '../../peers/wait.js';
import { Attacker, connectPacket, type Door } from './attack.js';

/** Gives the attackers who are still there: they stay while others are served. */
export type Attack = (door: Door) => Promise<readonly Attacker[]>;

type Message = Omit<Extract<PacketOf<5>, { type: 'publish' }>, 'type' | 'topic'>;

const KIBIBYTE = 1_024;
const bytesOf = (packet: PacketOf<5>): Uint8Array => encode(packet, 5);
const message = ({ topic }: { readonly topic: string }, fields: Partial<Message> = {}): PacketOf<5> =>
  ({ type: 'publish', topic, payload: '', qos: 0, ...fields }) as PacketOf<5>;

export function repeated(bytes: Uint8Array, size: number): Uint8Array {
  return Buffer.concat(Array.from({ length: Math.ceil(size / bytes.length) }, () => bytes));
}

/** So many User Properties without a name and a value, five bytes each. */
export const propertyBomb = (bytes: number): readonly (readonly [string, string])[] =>
  Array.from({ length: Math.floor(bytes / 5) }, () => ['', ''] as const);

const subscribe = (packetId: number, filters: readonly string[], qos: 0 | 1 | 2 = 0): PacketOf<5> => ({
  type: 'subscribe',
  packetId,
  subscriptions: filters.map((topicFilter) => ({ topicFilter, qos })),
});

/** Does the same for several, one after the other. */
async function each(count: number, attack: (at: number) => Promise<Attacker>): Promise<readonly Attacker[]> {
  const all: Attacker[] = [];
  for (let at = 0; at < count; at++) all.push(await attack(at));
  return all;
}

/** Writes without a CONNECT before it. */
const instead =
  (...all: readonly (Uint8Array | string)[]): Attack =>
  (door) =>
    each(all.length, async (at) => {
      const one = await Attacker.open(door);
      await one.push(all[at] ?? '');
      return one;
    });

/** Does something after CONNACK. */
const after =
  (count: number, attack: (one: Attacker, door: Door) => Promise<unknown>): Attack =>
  (door) =>
    each(count, async () => {
      const one = await Attacker.connected(door);
      await attack(one, door);
      return one;
    });

function garbage(count: number): Uint8Array[] {
  const roll = dice(SEED);
  return Array.from({ length: count }, () => Uint8Array.from({ length: 1 + roll(2_000) }, () => roll(256)));
}

/** As much as it can get rid of in that time, to somebody who may read nothing of it. */
async function flood(one: Attacker, bytes: Uint8Array, milliseconds = 400): Promise<void> {
  const end = performance.now() + milliseconds;
  while (performance.now() < end && !one.closed) await Promise.race([one.push(bytes), pause(milliseconds)]);
}

/** So much, however long it takes, unless nothing is taken for a while. */
async function pour(one: Attacker, bytes: Uint8Array, total: number, milliseconds = 400): Promise<void> {
  for (let poured = 0; poured < total && !one.closed; poured += bytes.length) {
    const stuck = new AbortController();
    const given = await Promise.race([
      one.push(bytes).then(() => true),
      delay(milliseconds, false, { signal: stuck.signal }).catch(() => false),
    ]);
    stuck.abort();
    if (!given) return;
  }
}

export const ATTACKS: Readonly<Record<string, Attack>> = {
  'garbage instead of CONNECT': instead(...garbage(20)),
  'HTTP instead of CONNECT': instead('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', '\u0016\u0003\u0001\u0002'),
  'a length of 256 MiB announced instead of CONNECT': instead(
    Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0x7f),
    Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1),
    Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0xff, 0x01),
  ),
  'another packet instead of CONNECT': instead(
    Uint8Array.of(0xc0, 0),
    bytesOf(message({ topic: 'a' })),
    bytesOf(subscribe(1, ['#'])),
    Uint8Array.of(0x20, 2, 0, 0),
  ),
  'fifty that never say CONNECT': (door) => each(50, () => Attacker.open(door)),
  'CONNECT one byte at a time, cut off at every byte': async (door) => {
    const bytes = bytesOf(connectPacket(door));
    return each(bytes.length, async (length) => {
      const one = await Attacker.open(door);
      for (let at = 0; at < length; at++) await one.push(bytes.subarray(at, at + 1));
      if (length % 2 === 0) one.reset();
      else one.socket.end();
      return one;
    });
  },
  'a CONNECT with a property bomb, in it and in its will': (door) =>
    each(5, async () => {
      const userProperties = propertyBomb(7_000);
      const packet = connectPacket(door, { properties: { userProperties } });
      const topic = door.topic.replace('%u', packet.clientId);
      const will = { topic, payload: '', qos: 0, retain: false, properties: { userProperties } };
      const one = await Attacker.open(door);
      one.write({ ...packet, will } as PacketOf<5>);
      return one;
    }),
  'two CONNECTs': after(3, async (one, door) => one.write(connectPacket(door))),
  'one client thirty times': async (door) => {
    const packet = connectPacket(door);
    return each(30, async () => {
      const one = await Attacker.open(door);
      one.write(packet);
      return one;
    });
  },
  'a storm of reconnects': async (door) => {
    for (let wave = 0; wave < 5; wave++) {
      for (const [at, { socket, reset }] of (await Attacker.many(20, door)).entries()) {
        if (at % 2 === 0) reset();
        else socket.end(bytesOf({ type: 'disconnect', reasonCode: 0x04 }));
      }
    }
    return [];
  },
  'garbage after CONNACK': async (door) => {
    const all = garbage(10);
    return each(all.length, async (at) => {
      const one = await Attacker.connected(door);
      await one.push(all[at] ?? '');
      return one;
    });
  },
  'packets that a client may not send': async (door) => {
    const wrong = ['20 02 00 00', '36 02 00 00', '62 02 00 00', '82 03 00 01 00', '90 03 00 01 00', 'd0 00'];
    return each(wrong.length, async (at) => {
      const one = await Attacker.connected(door);
      await one.push(Buffer.from((wrong[at] ?? '').replaceAll(' ', ''), 'hex'));
      return one;
    });
  },
  'a message cut off in the middle': after(5, async (one) => {
    const bytes = bytesOf(message(one, { payload: new Uint8Array(1_000) }));
    await one.push(bytes.subarray(0, 500));
    one.reset();
  }),
  'a length of 256 MiB announced after CONNACK': after(3, (one) =>
    one.push(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1)),
  ),
  'the largest message there is, drop by drop, and never whole': after(10, async (one) => {
    const payload = new Uint8Array(Math.min(one.packetSize, 65_536) - 200);
    const bytes = bytesOf(message(one, { payload })).subarray(0, -1);
    for (let at = 0; at < bytes.length; at += 600) await one.push(bytes.subarray(at, at + 600));
  }),
  'its own half closed after a request, and the rest never read': after(5, async (one) => {
    one.socket.pause();
    one.write(subscribe(1, [one.filter]), message(one, { payload: 'x' }));
    one.socket.end();
  }),
  'a flood of PINGREQ whose answers nobody reads': after(2, async (one) => {
    one.socket.pause();
    await flood(one, repeated(bytesOf({ type: 'pingreq' }), 64 * KIBIBYTE));
  }),
  'a flood of its own messages that it never reads': after(2, async (one) => {
    one.write(subscribe(1, [one.filter]));
    one.socket.pause();
    // More than the 10,000 messages that a broker of ours keeps for one client, and than sockets hold.
    const bytes = repeated(bytesOf(message(one, { payload: new Uint8Array(500) })), 64 * KIBIBYTE);
    await pour(one, bytes, 24 * 1_024 * KIBIBYTE);
  }),
  'a flood of QoS 1 whose acknowledgements nobody reads': after(2, async (one) => {
    one.socket.pause();
    const some = Array.from({ length: 20 }, (_, at) => bytesOf(message(one, { qos: 1, packetId: at + 1 })));
    await flood(one, Buffer.concat(some));
  }),
  'QoS 2 that is never released': after(5, async (one) => {
    for (let packetId = 1; packetId <= 500; packetId++)
      await one.push(bytesOf(message(one, { qos: 2, packetId, payload: new Uint8Array(1_000) })));
  }),
  'messages of QoS 2 that it never acknowledges': after(2, async (one) => {
    one.write(subscribe(1, [one.filter], 2));
    const some = Array.from({ length: 15 }, (_, at) => message(one, { qos: 1, packetId: at + 1 }));
    for (const packet of some) await one.push(bytesOf(packet));
  }),
  'acknowledgements that nobody waits for': after(3, async (one) => {
    for (const type of ['puback', 'pubrec', 'pubrel', 'pubcomp'] as const) {
      for (let packetId = 1; packetId < 50; packetId++) one.write({ type, packetId, reasonCode: 0 });
    }
  }),
  'property bombs': after(3, async (one) => {
    const bomb = message(one, { properties: { userProperties: propertyBomb(50_000) } });
    await one.push(bytesOf(bomb), 5);
  }),
  'Topic Aliases that are not there, and too many of them': after(3, async (one) => {
    await one.push(bytesOf(message(one, { properties: { topicAlias: 1 } })));
    await one.push(bytesOf(message(one, { properties: { topicAlias: 65_535 } })));
  }),
  'an alias without a topic': after(2, (one) =>
    one.push(bytesOf(message({ topic: '' }, { properties: { topicAlias: 9 } }))),
  ),
  'thousands of Topic Filters, and deep ones': after(2, async (one) => {
    for (let packetId = 1; packetId <= 5; packetId++) {
      await one.push(
        bytesOf(
          subscribe(
            packetId,
            Array.from({ length: 400 }, (_, at) => `${packetId}/${at}`),
          ),
        ),
      );
    }
    await one.push(bytesOf(subscribe(6, ['a/'.repeat(10_000), `${'+/'.repeat(10_000)}#`])));
  }),
  'a topic of 64 KiB, and one of nothing but slashes': after(2, async (one) => {
    for (const topic of ['x'.repeat(60_000), '/'.repeat(60_000)])
      await one.push(bytesOf(message({ topic }, { retain: true, payload: 'x' })));
  }),
};
