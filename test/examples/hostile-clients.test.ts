/** The examples that serve MQTT, against clients that mean no good: the attacks of the adapters' tests, all of them. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connect } from '../../docs/examples/client/client.js';
import type { ClientOptions } from '../../docs/examples/client/options.js';
import { Attacker, type Door, Victim } from '../adapters/hostile/attack.js';
import { ATTACKS } from '../adapters/hostile/attacks.js';
import { least, pause } from '../peers/wait.js';

const MAIN = fileURLToPath(new URL('./hostile/victim.ts', import.meta.url));
const MEBIBYTE = 1_048_576;
/**
 * What the queues of two clients that never read may take, 10,000 messages of 500 bytes each with what goes with them,
 * and what is left when all are gone.
 */
const DURING = 24 * MEBIBYTE;
const AFTERWARDS = 8 * MEBIBYTE;
/** In milliseconds: of being served, and of processor time of one turn of the event loop. */
const SOON = 20_000;
const STALL = 250;

interface Example {
  readonly door: Omit<Door, 'port'>;
  /** What a good client asks for, and of whom. */
  readonly topic: string;
  readonly asks: string;
  readonly gets: string;
  readonly options: ClientOptions;
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  hosted: {
    door: {
      topic: 'attack/x',
      filter: 'attack/#',
      identity: (number) => ({ clientId: `attacker-${number}`, username: 'public', password: 'public' }),
    },
    topic: 'good/topic',
    asks: 'hello',
    gets: 'hello',
    options: { username: 'public', password: 'public' },
  },
  backend: {
    door: { topic: 'Kuzzle/request', filter: 'Kuzzle/response' },
    topic: 'Kuzzle/response',
    asks: '{"controller":"server","action":"now"}',
    gets: '"status":200',
    options: {},
  },
  chat: {
    door: {
      transport: 'ws',
      topic: 'chat/status/%u',
      filter: 'chat/status/%u',
      identity: (number) => {
        const username = `mallory-${number % 3_000}`;
        return { clientId: username, username, password: 'secret' };
      },
    },
    topic: 'chat/status/good',
    asks: 'hello',
    gets: 'hello',
    options: {
      clientId: 'good',
      username: 'good',
      password: 'good',
      createWebSocket: (url, protocol) => new WebSocket(url, protocol),
    },
  },
};

describe.each(Object.entries(EXAMPLES))('the example %s under attack', (name, example) => {
  let victim: Victim;
  let door: Door;
  let before = 0;

  /** A good client comes, asks, and gets its answer. */
  async function serve(): Promise<void> {
    const scheme = example.door.transport ?? 'mqtt';
    const url = `${scheme}://127.0.0.1:${victim.port}/`.replace(/(mqtt:.*)\/$/, '$1');
    const signal = AbortSignal.timeout(SOON);
    const client = connect(url, { ...example.options, signal, retry: { initial: 50, maximum: 200 } });
    const subscription = client.subscribe(example.topic, { qos: 1, signal });
    expect(await subscription.granted).toEqual([1]);
    const to = example.topic === 'Kuzzle/response' ? 'Kuzzle/request' : example.topic;
    await client.publish(to, example.asks, { qos: 1, signal });
    const { value } = await subscription.next();
    expect(new TextDecoder().decode(value.payload)).toContain(example.gets);
    await client.end();
  }

  beforeAll(async () => {
    victim = await Victim.start(MAIN, name);
    door = { ...example.door, port: victim.port };
    // The first connections compile code and fill caches.
    for (let i = 0; i < 3; i++) for (const { reset } of await Attacker.many(20, door)) reset();
    for (let i = 0; i < 3; i++) await serve();
    // Of all these readings: those who came first are gone by then.
    before = await victim.memory(0, 5);
  });
  afterAll(async () => {
    const after = await victim.memory(before + AFTERWARDS);
    // The chat's broker does not say how many there are.
    await victim.until('nobody to be connected', ({ connections }) => !connections);
    await victim.stop();
    console.log(`${name}: ${((after - before) / MEBIBYTE).toFixed(1)} MiB more after all attacks`);
    expect(after - before).toBeLessThan(AFTERWARDS);
  });

  it.each(Object.entries(ATTACKS))('%s', async (_, attack) => {
    const attackers: Attacker[] = [];
    // Several times if need be: what compiles code, or collects garbage, holds up no more than one of them.
    const longest = await least(
      async () => {
        for (const { reset } of attackers.splice(0)) reset();
        await victim.measure();
        await pause(20);
        attackers.push(...(await attack(door)));
        await serve();
        return (await victim.measure()).longest;
      },
      STALL,
      3,
    );
    const memory = await victim.memory(before + DURING);
    for (const { reset } of attackers) reset();
    await serve();
    console.log(`${((memory - before) / MEBIBYTE).toFixed(1)} MiB, longest turn ${longest.toFixed(0)} ms`);
    expect(memory - before).toBeLessThan(DURING);
    expect(longest).toBeLessThan(STALL);
    expect(victim.isAlive).toBe(true);
  });
});
