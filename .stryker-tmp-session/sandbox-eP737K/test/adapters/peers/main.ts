/** The peers in a process of their own: it prints where they listen, and ends when its standard input does. */
// @ts-nocheck

import { startServers } from './servers.js';

const { peers } = await startServers();
process.stdout.write(`${JSON.stringify(peers)}\n`);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
