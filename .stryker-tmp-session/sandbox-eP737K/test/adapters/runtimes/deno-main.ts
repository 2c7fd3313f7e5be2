/** The suite in Deno, on Deno's own sockets: the job comes as one JSON argument. */
// @ts-nocheck

import { connect } from '../../../src/adapters/deno.js';
import { runSuite } from '../suite/index.js';
import type { Kit, SuiteOptions } from '../suite/kit.js';
import { columnOf, saysOf } from '../suite/matrix.js';
import type { Job } from './describe.js';

declare const Deno: {
  readonly args: readonly string[];
  unrefTimer(id: unknown): void;
  memoryUsage(): { readonly heapUsed: number; readonly external: number };
};

const { column, cases, peers } = JSON.parse(Deno.args[0] ?? '') as Job;
const collect = (globalThis as { gc?: () => void }).gc;
const kit: Kit = {
  plain: 'tcp',
  secure: 'tls',
  peers,
  says: saysOf(columnOf(column)),
  connect: (endpoint, target, handler, { ca, identity, ...options }: SuiteOptions) =>
    connect(endpoint, target, handler, { ...options, tls: { caCerts: ca ? [ca] : [], ...identity } }),
  // The suite's own patience must not keep the process alive: connections must not either, once they are closed.
  delay: (milliseconds) => new Promise((done) => Deno.unrefTimer(setTimeout(done, milliseconds))),
  now: () => performance.now(),
  memory: () => {
    collect?.();
    const { heapUsed, external } = Deno.memoryUsage();
    return heapUsed + external;
  },
};
const awake = setInterval(() => {}, 1_000);
await runSuite(kit, cases, (result) => console.log(JSON.stringify(result)));
clearInterval(awake);
