// @ts-nocheck
// A thread that ends the process when one input takes too long, and leaves behind which one.
import { Worker } from 'node:worker_threads';
import type { Watch } from './scheduler.js';

const LONGEST = 65_536;
/** How long a single input may take before the process is ended, in seconds of processor time. */
const PATIENCE = 20;

// Runs in the thread, which must not share a loop with what hangs.
const GUARD = `
const { workerData: { count, bytes, path, name, patience } } = require('node:worker_threads');
const { writeFileSync, writeSync } = require('node:fs');
let last = -1;
let since = process.cpuUsage();
setInterval(() => {
  const now = Atomics.load(count, 0);
  if (now !== last) since = process.cpuUsage();
  last = now;
  const { user, system } = process.cpuUsage(since);
  if (now === 0 || (user + system) / 1e6 < patience) return;
  const hex = Buffer.from(bytes.slice(0, Atomics.load(count, 1))).toString('hex');
  writeFileSync(path, JSON.stringify([{ name: 'it hangs', hex }], undefined, 2) + '\\n');
  writeSync(2, name + ' hangs: the input is in ' + path + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, 1000);
`;

/** Watches runs: call the first function before each, the second at the end. */
export function watchdog(name: string, path: string): { readonly watch: Watch; readonly stop: () => void } {
  const count = new Int32Array(new SharedArrayBuffer(8));
  const bytes = new Uint8Array(new SharedArrayBuffer(LONGEST));
  const worker = new Worker(GUARD, {
    eval: true,
    workerData: { count, bytes, path, name, patience: PATIENCE },
  });
  worker.unref();
  const watch: Watch = (input) => {
    bytes.set(input.subarray(0, LONGEST));
    Atomics.store(count, 1, Math.min(input.length, LONGEST));
    Atomics.add(count, 0, 1);
  };
  return { watch, stop: () => void worker.terminate() };
}
