/** For a server in a process of its own: it tells what it has measured whenever it is asked to. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { memory } from '../runtimes/node-kit.js';
import type { Measure } from './limits.js';

type Seen = Pick<Measure, 'connections' | 'delivered' | 'refused'>;

/**
 * Prints the port, and answers each line on standard input with what was measured since the last one; ends with it.
 */
export function answerMeasures(port: number, seen: () => Seen): void {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  // The same in processor time: what a busy machine takes for others is not the server's fault.
  let longest = 0;
  let before = process.cpuUsage();
  setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1_000);
    before = process.cpuUsage();
  }, 1);
  console.log(port);
  createInterface({ input: process.stdin })
    .on('line', () => {
      const times = { longest, longestByTheClock: delays.max / 1e6 };
      const measure: Measure = { ...times, ...seen(), memory: memory() };
      console.log(JSON.stringify(measure));
      // What the collection of garbage took is not the server's.
      setTimeout(() => {
        delays.reset();
        longest = 0;
      }, 5);
    })
    .on('close', () => process.exit(0));
}
