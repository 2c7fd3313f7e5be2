// @ts-nocheck
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Peers } from '../suite/kit.js';
import { lines } from './lines.js';

/** The peers in a process of their own, so that what a test measures is its own. */
export async function startPeers(): Promise<{ readonly peers: Peers; stop(): Promise<void> }> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = new Promise<void>((done) => {
    child.once('exit', () => done());
  });
  for await (const line of lines(child.stdout)) {
    const peers = JSON.parse(line) as Peers;
    child.stdout.resume();
    return {
      peers,
      async stop() {
        child.stdin.end();
        await gone;
      },
    };
  }
  throw new Error('the peers did not start');
}
