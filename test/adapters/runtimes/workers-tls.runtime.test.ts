import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { workerdConfig } from '../../../docs/examples/workerd/workerd.js';
import { startPeers } from '../peers/start.js';
import { Consumer } from './consumer.js';
import { runtime } from './describe.js';

const program = runtime('workerd', '@cloudflare/workerd-linux-64/bin/workerd');

describe.skipIf(program === undefined)('puremqtt/workers as packed, in workerd', () => {
  it('starts TLS at once or later, for the name of the host or another', async () => {
    const { peers, stop } = await startPeers();
    const consumer = new Consumer();
    try {
      const script = await consumer.bundle('test/adapters/runtimes/workers-tls-main.ts', true);
      const config = workerdConfig(script, { ca: peers.ca, bindings: { PEERS: peers } });
      const { stdout } = await promisify(execFile)(program ?? '', ['test', config], { timeout: 30_000 });
      expect(JSON.parse(stdout.split('\n').find((line) => line.startsWith('{')) ?? '{}')).toEqual({
        'another name': 'ended',
        'a wrong name': 'tls',
        'starts later': 'ended',
        'starts later, untrusted': 'tls',
        'starts later, refused': 'unreachable',
        'starts later, never': 'timeout',
        'fails before': 'network',
        said: 3,
      });
    } finally {
      await stop();
      consumer.remove();
    }
  }, 60_000);
});
