/**
 * The example broker at full rate, with clients that come and go: `npm run soak -- --minutes 10`.
 *
 * Pairs of publisher and subscriber count every message of QoS 1 and 2 in both versions while their connections are
 * cut; guests connect, subscribe to everything and leave. Exits with 1 when a message is lost, at QoS 2 when one comes
 * twice, or when the broker's memory grows after the first minute.
 */
// @ts-nocheck

import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Memory } from './soak/broker.js';
import { guest, LARGE, Publisher, Subscriber, UNDELIVERED } from './soak/clients.js';

const SAMPLE = 5_000;
/** What counts as growth between the halves of the time after the first minute, besides a share, in bytes. */
const GROWTH = { share: 0.05, heap: 4_000_000 };

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error('--minutes has to be a positive number');

const script = fileURLToPath(new URL('./soak/broker.ts', import.meta.url));
const broker = fork(script, [], { execArgv: [...process.execArgv, '--expose-gc'] });
const { port } = await word<{ port: number }>(broker);
const end = Date.now() + minutes * 60_000;
const pairs = ([4, 5] as const).flatMap((version) =>
  ([1, 2] as const).map((qos) => {
    const topic = `soak/${version}-${qos}`;
    const publisher = new Publisher(port, version, topic, qos, qos === 1 ? 16 : LARGE, () => subscriber);
    const subscriber: Subscriber = new Subscriber(port, version, topic, qos, () => publisher.pump());
    return { publisher, subscriber };
  }),
);
await patience('the subscriptions', () => pairs.every(({ subscriber }) => subscriber.isReady));
for (const { publisher } of pairs) {
  publisher.isPaused = false;
  publisher.pump();
}
const [samples, guests, cuts] = await Promise.all([sampling(), visiting(), cutting()]);
for (const { publisher } of pairs) publisher.isPaused = true;
let complaints = await finish();
for (const { subscriber } of pairs) complaints = complaints.concat(subscriber.faults);
complaints.push(...growth(samples));
broker.disconnect();
const total = pairs.reduce((sum, { subscriber }) => sum + subscriber.received, 0);
const again = pairs.reduce((sum, { subscriber }) => sum + subscriber.again, 0);
console.log(
  `${total} messages in ${minutes} minutes, ${again} of QoS 1 again; ${cuts} connections cut, ${guests} guests`,
);
for (const complaint of complaints) console.error(complaint);
process.exit(complaints.length > 0 ? 1 : 0);

function word<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`the broker ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });
}

async function patience(what: string, condition: () => boolean): Promise<void> {
  const limit = Date.now() + 120_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`waited in vain for ${what}`);
    await pause(20);
  }
}

async function sampling(): Promise<Memory[]> {
  const found: Memory[] = [];
  for (let next = Date.now() + SAMPLE; next <= end; next += SAMPLE) {
    await pause(Math.max(next - Date.now(), 0));
    broker.send('memory');
    const memory = await word<Memory>(broker);
    found.push(memory);
    const mega = (bytes: number): string => (bytes / 1_048_576).toFixed(1);
    const received = pairs.reduce((sum, { subscriber }) => sum + subscriber.received, 0);
    console.log(
      `heap ${mega(memory.heap)} MiB, buffers ${mega(memory.buffers)}, resident ${mega(memory.resident)}; ` +
        `sessions ${memory.sessions}, connections ${memory.connections}, subscriptions ${memory.subscriptions}, ` +
        `retained ${memory.retained}; received ${received}`,
    );
  }
  return found;
}

async function visiting(): Promise<number> {
  let count = 0;
  const visit = async (): Promise<void> => {
    while (Date.now() < end) await guest(port, count++);
  };
  await Promise.all([visit(), visit(), visit()]);
  return count;
}

async function cutting(): Promise<number> {
  const clients = pairs.flatMap(({ publisher, subscriber }) => [publisher, subscriber]);
  for (let count = 0; Date.now() < end; count++) {
    await pause(250);
    // On a busy machine it takes a while until a client is back, and another until it has done something.
    if (clients.every(({ isConnected }) => isConnected))
      clients[count % clients.length]?.drop(count % 3 === 0);
  }
  return clients.reduce((sum, { connections }) => sum + connections, 0);
}

/** Everything that was sent has to come. */
async function finish(): Promise<string[]> {
  const isDone = (): boolean =>
    pairs.every(({ publisher, subscriber }) => subscriber.received === publisher.sent);
  await patience('the last messages', isDone).catch(() => undefined);
  await pause(200);
  const lost = pairs.flatMap(({ publisher, subscriber }) =>
    subscriber.received === publisher.sent
      ? []
      : [`${subscriber.topic}: ${publisher.sent} were sent, and came up to ${subscriber.received}`],
  );
  for (const { publisher, subscriber } of pairs) await Promise.all([publisher.stop(), subscriber.stop()]);
  return lost;
}

function growth(memory: readonly Memory[]): string[] {
  const later = memory.slice(Math.ceil(60_000 / SAMPLE));
  if (later.length < 4) return [];
  const half = later.length >> 1;
  const middle = (list: readonly Memory[], of: (one: Memory) => number): number =>
    list.map(of).sort((a, b) => a - b)[list.length >> 1]!;
  const grown = (name: string, allowed: number, of: (one: Memory) => number): string[] => {
    const [before, after] = [middle(later.slice(0, half), of), middle(later.slice(half), of)];
    const isMore = after > before * (1 + GROWTH.share) + allowed;
    return isMore ? [`${name} grew from ${before} to ${after} bytes`] : [];
  };
  // What is on its way comes and goes.
  const onTheWay = pairs.length * UNDELIVERED * LARGE;
  return [
    ...grown('the heap', GROWTH.heap, ({ heap }) => heap),
    ...grown('what buffers hold', onTheWay, ({ buffers }) => buffers),
  ];
}
