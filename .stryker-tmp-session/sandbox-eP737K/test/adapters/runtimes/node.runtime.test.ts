// @ts-nocheck
import { describeRuntime, runtime } from './describe.js';

const MAIN = 'test/adapters/runtimes/node-main.ts';

for (const version of [20, 22, 24, 26]) {
  const program = runtime(`Node ${version}`, `node${version}-bin/bin/node`);
  describeRuntime(`node${version}`, program, async (command, job, consumer) => ({
    command,
    args: ['--expose-gc', await consumer.bundle(MAIN), JSON.stringify(job)],
  }));
}

describeRuntime('bun', runtime('Bun', '@oven/bun-linux-x64/bin/bun'), async (command, job, consumer) => ({
  command,
  args: ['--expose-gc', await consumer.bundle(MAIN), JSON.stringify(job)],
}));
