/**
 * A server on the adapter for Node in a process of its own, with small limits. It answers each line on its standard
 * input with what it measured since the last one, and ends with it.
 */
// @ts-nocheck

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { listen } from '../../../src/adapters/node.js';
import { Endpoint, type EndpointEvent, serverConnection } from '../../../src/index.js';
import { memory } from '../runtimes/node-kit.js';
import { LIMITS, type Measure } from './limits.js';

const announced = {
  maximumPacketSize: LIMITS.packet,
  receiveMaximum: LIMITS.receive,
  topicAliasMaximum: LIMITS.aliases,
};
let delivered = 0;
let refused = 0;

const server = await listen({ listen: { host: '127.0.0.1', port: 0 } }, () => ({
  endpoint: new Endpoint(serverConnection({ announced }), { maximumConnectSize: LIMITS.connect }),
  handler: (events: readonly EndpointEvent[], link) => {
    for (const event of events) {
      if (event.type === 'connectRequested') link.accept();
      else if (event.type === 'deliver') delivered += 1;
      else if (event.type === 'fail') refused += 1;
    }
  },
}));

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
// The same in processor time: what a busy machine takes for others is not the server's fault.
let longest = 0;
let before = process.cpuUsage();
setInterval(() => {
  const { user, system } = process.cpuUsage(before);
  longest = Math.max(longest, (user + system) / 1_000);
  before = process.cpuUsage();
}, 1);
console.log(server.port);

createInterface({ input: process.stdin })
  .on('line', () => {
    const { size: connections } = server.links;
    const seen = { longest, longestByTheClock: delays.max / 1e6, connections, delivered, refused };
    const measure: Measure = { ...seen, memory: memory() };
    console.log(JSON.stringify(measure));
    // What the collection of garbage took is not the server's.
    setTimeout(() => {
      delays.reset();
      longest = 0;
    }, 5);
  })
  .on('close', () => process.exit(0));
