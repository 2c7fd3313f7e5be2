// @ts-nocheck
import { describeRuntime, runtime } from './describe.js';

const MAIN = 'test/adapters/runtimes/websocket-main.ts';

// Node 20 has no WebSocket of its own; the package ws is tested from source.
for (const version of [22, 24, 26]) {
  const program = runtime(`Node ${version}`, `node${version}-bin/bin/node`);
  describeRuntime(`node${version}-websocket`, program, async (command, job, consumer) => ({
    command,
    args: ['--expose-gc', await consumer.bundle(MAIN), JSON.stringify(job)],
  }));
}

describeRuntime(
  'bun-websocket',
  runtime('Bun', '@oven/bun-linux-x64/bin/bun'),
  async (command, job, consumer) => ({
    command,
    args: ['--expose-gc', await consumer.bundle(MAIN), JSON.stringify(job)],
  }),
);

describeRuntime(
  'deno-websocket',
  runtime('Deno', '@deno/linux-x64-glibc/deno'),
  async (command, job, consumer) => ({
    command,
    args: [
      'run',
      '--no-prompt',
      '--allow-net=127.0.0.1',
      '--node-modules-dir=manual',
      '--v8-flags=--expose-gc',
      await consumer.bundle(MAIN),
      JSON.stringify(job),
    ],
    cwd: consumer.folder,
  }),
);
