/** The suite on the runtime's own WebSocket, in Node, Deno and Bun: the job comes as one JSON argument. */
// @ts-nocheck

import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { runSuite } from '../suite/index.js';
import type { Job } from './describe.js';
import { memory } from './node-kit.js';
import { webSocketKit } from './websocket-kit.js';

const { column, cases, peers } = JSON.parse(process.argv[2] ?? '') as Job;
const kit = webSocketKit(column, peers, {
  delay: (milliseconds) => delay(milliseconds, undefined, { ref: false }),
  memory,
});
const awake = setInterval(() => {}, 1_000);
await runSuite(kit, cases, (result) => console.log(JSON.stringify(result)));
clearInterval(awake);
