/** The suite in workerd, over its sockets or its WebSocket: the job comes as a binding. */
// @ts-nocheck

import { connect as connectSocket } from 'cloudflare:sockets';
import { connect } from '../../../src/adapters/workers.js';
import { runSuite } from '../suite/index.js';
import type { Kit, SuiteOptions } from '../suite/kit.js';
import { columnOf, saysOf } from '../suite/matrix.js';
import type { Job } from './describe.js';
import { webSocketKit } from './websocket-kit.js';

const host = {
  delay: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
};

const socketKit = ({ column, peers }: Job): Kit => ({
  plain: 'tcp',
  secure: 'tls',
  peers,
  says: saysOf(columnOf(column)),
  // Whom to trust stands in the configuration of workerd.
  connect: (endpoint, target, handler, { ca: _, ...options }: SuiteOptions) =>
    connect(endpoint, target, handler, { ...options, connect: connectSocket }),
  now: () => performance.now(),
  ...host,
});

export default {
  async test(_controller: unknown, { JOB: job }: { readonly JOB: Job }): Promise<void> {
    const isWebSocket = columnOf(job.column).adapter === 'websocket';
    const kit = isWebSocket ? webSocketKit(job.column, job.peers, host) : socketKit(job);
    await runSuite(kit, job.cases, (result) => console.log(JSON.stringify(result)));
  },
};
