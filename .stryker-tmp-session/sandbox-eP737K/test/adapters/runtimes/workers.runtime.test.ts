// @ts-nocheck
import { describeRuntime, runtime } from './describe.js';
import { workerdConfig } from './workerd.js';

const program = runtime('workerd', '@cloudflare/workerd-linux-64/bin/workerd');

for (const column of ['workerd', 'workerd-websocket']) {
  describeRuntime(column, program, async (command, job, consumer) => {
    const script = await consumer.bundle('test/adapters/runtimes/workers-main.ts', true);
    const json = JSON.stringify(JSON.stringify(job));
    const worker = `bindings = [(name = "JOB", json = ${json})]`;
    return { command, args: ['test', workerdConfig(consumer.folder, script, { ca: job.peers.ca, worker })] };
  });
}
