// @ts-nocheck
import { describeRuntime, runtime } from './describe.js';

const MAIN = 'test/adapters/runtimes/deno-main.ts';

describeRuntime('deno', runtime('Deno', '@deno/linux-x64-glibc/deno'), async (command, job, consumer) => ({
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
}));
