import { workerdConfig } from '../../../docs/examples/workerd/workerd.js';
import { describeRuntime, runtime } from './describe.js';

const program = runtime('workerd', '@cloudflare/workerd-linux-64/bin/workerd');

for (const column of ['workerd', 'workerd-websocket']) {
  describeRuntime(column, program, async (command, job, consumer) => {
    const script = await consumer.bundle('test/adapters/runtimes/workers-main.ts', true);
    const bindings = { JOB: job };
    return { command, args: ['test', workerdConfig(script, { ca: job.peers.ca, bindings })] };
  });
}
