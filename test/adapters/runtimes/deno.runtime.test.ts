import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CERTIFICATES } from '../peers/servers.js';
import { Consumer } from './consumer.js';
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

const program = runtime('Deno', '@deno/linux-x64-glibc/deno');

describe.skipIf(program === undefined)('a server on puremqtt/deno as packed, in Deno', () => {
  it('listens over TCP and TLS, turns clients away, and closes', async () => {
    const consumer = new Consumer();
    try {
      const script = await consumer.bundle('test/adapters/runtimes/deno-server-main.ts');
      const { ca, server } = CERTIFICATES;
      const { stdout } = await promisify(execFile)(
        program ?? '',
        [
          'run',
          '--no-prompt',
          '--allow-net=127.0.0.1',
          '--node-modules-dir=manual',
          script,
          JSON.stringify({ ca, server }),
        ],
        { cwd: consumer.folder, timeout: 30_000 },
      );
      const good = {
        peer: '127.0.0.1',
        size: 200_000,
        causes: ['ended', 'ended'],
        links: 0,
        late: 'refused',
      };
      expect(JSON.parse(stdout)).toEqual({
        tcp: good,
        tls: good,
        away: expect.stringMatching(/^(peer|reset)$/),
        taken: 'AddrInUse',
      });
    } finally {
      consumer.remove();
    }
  }, 60_000);
});
