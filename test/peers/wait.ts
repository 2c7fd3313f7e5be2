import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** Waits until the condition gives something, and says what it waited for when it does not in time. */
export async function until<T>(
  what: string | (() => string),
  condition: () => T | false | undefined,
  milliseconds = 25_000,
): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const found = condition();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) {
      const told = typeof what === 'string' ? what : what();
      throw new Error(`waited ${milliseconds} ms in vain for ${told}`);
    }
    await pause(2);
  }
}

/**
 * Does what has to be done before so much time is over, in milliseconds: again from the start, with names of its own,
 * where the machine was too slow for it.
 */
export async function inTime<T>(milliseconds: number, attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    const start = performance.now();
    const result = await attempt();
    const took = performance.now() - start;
    if (took < milliseconds) return result;
    if (attempts === 10) throw new Error(`${took} ms for what has to be done in ${milliseconds} ms`);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/**
 * The least of several readings, taken until one is below what is allowed: what is really there is in all of them, and
 * what somebody was just about to finish or to collect is not.
 */
export async function least(
  read: () => number | Promise<number>,
  allowed: number,
  readings = 50,
): Promise<number> {
  let found = await read();
  for (let taken = 1; taken < readings && found >= allowed; taken++) {
    await pause(100);
    found = Math.min(found, await read());
  }
  return found;
}

/** A port on which nothing listens just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

let names = 0;

/** A name that no other test of this file has. */
export function unique(name: string): string {
  return `${name}-${++names}`;
}

/** Numbers from 0 to below `limit` that look like chance and are the same for the same seed. */
export function dice(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** The seed of this run: that of `PEERS_SEED`, or a new one. */
export const SEED: number = Number(process.env['PEERS_SEED'] ?? Math.floor(Math.random() * 0x1_0000_0000));
