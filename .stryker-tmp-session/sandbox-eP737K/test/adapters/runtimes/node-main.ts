/** The suite in Node and Bun: the column, the names of the cases and the peers come as one JSON argument. */
// @ts-nocheck

import { runSuite } from '../suite/index.js';
import type { Peers } from '../suite/kit.js';
import { nodeKit } from './node-kit.js';

const { column, cases, peers } = JSON.parse(process.argv[2] ?? '') as {
  column: string;
  cases: string[];
  peers: Peers;
};
const awake = setInterval(() => {}, 1_000);
await runSuite(nodeKit(column, peers), cases, (result) => console.log(JSON.stringify(result)));
clearInterval(awake);
// Nothing may be left that keeps the process alive: whoever started it waits for its end.
