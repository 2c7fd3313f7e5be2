/** The example client, the same program, in every runtime that has sockets or WebSockets; test/examples has a browser. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Mosquitto, noMosquitto, sayWhy } from '../peers/mosquitto.js';
import { freePort } from '../peers/wait.js';
import { Program } from './program.js';

const RUNTIMES: readonly (readonly [string, string, readonly string[]])[] = [
  ['Node 20', 'node20-bin/bin/node', []],
  ['Node 22', 'node22-bin/bin/node', []],
  ['Node 24', 'node24-bin/bin/node', []],
  ['Node 26', 'node26-bin/bin/node', []],
  ['Bun', '@oven/bun-linux-x64/bin/bun', ['run']],
  ['Deno', '@deno/linux-x64-glibc/deno', ['run', '--no-prompt', '--allow-net=127.0.0.1']],
];

const pathOf = (binary: string): string => resolve('runtimes/node_modules', binary);
for (const [name, binary] of RUNTIMES) {
  if (!existsSync(pathOf(binary)))
    console.warn(`${name} is skipped: it is not installed (npm ci in runtimes/)`);
}
sayWhy('test/interop/runtimes.test.ts');

describe.skipIf(noMosquitto)('the example client and mosquitto, in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'puremqtt-runtimes-'));
  const script = join(folder, 'client.mjs');
  let broker: Mosquitto;
  let webSocketPort: number;

  beforeAll(async () => {
    const options = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error' } as const;
    await build({ ...options, entryPoints: ['test/interop/runtime-client.ts'], outfile: script });
    webSocketPort = await freePort();
    const socket = [`listener ${webSocketPort} 127.0.0.1`, 'protocol websockets', 'socket_domain ipv4'];
    broker = await Mosquitto.start(socket);
  });
  afterAll(async () => {
    await Program.stopAll();
    await broker.stop();
    rmSync(folder, { recursive: true });
  });

  const there = RUNTIMES.filter(([, binary]) => existsSync(pathOf(binary)));
  // Node 20 has no WebSocket of its own.
  const rows = there.flatMap((row) =>
    (row[0] === 'Node 20' ? ['mqtt'] : ['mqtt', 'ws']).map((scheme) => [scheme, row] as const),
  );

  if (rows.length === 0) it.skip('no runtime at all: they are not installed (npm ci in runtimes/)');

  it.each(rows.map(([scheme, [name, binary, args]]) => [name, scheme, binary, args] as const))(
    '%s, over %s',
    async (_, scheme, binary, args) => {
      const url = `${scheme}://127.0.0.1:${scheme === 'ws' ? webSocketPort : broker.port}`;
      const program = new Program(pathOf(binary), [...args, script, url]);
      await program.done();
      expect(program.output).toBe('ok\n');
    },
  );
});
