/** The suite in a page: the job stands in `job`, the results are lines of the console. */
// @ts-nocheck

import { runSuite } from '../suite/index.js';
import type { Job } from './describe.js';
import { webSocketKit } from './websocket-kit.js';

const { column, cases, peers } = (globalThis as unknown as { readonly job: Job }).job;
const kit = webSocketKit(column, peers, {
  delay: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
});
await runSuite(kit, cases, (result) => console.log(JSON.stringify(result)));
console.log('done');
