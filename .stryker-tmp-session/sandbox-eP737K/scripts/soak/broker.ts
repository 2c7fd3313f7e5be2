/** The example broker in a process of its own, which tells its port, and its memory after a collection when asked. */
// @ts-nocheck

import { Broker } from '../../docs/examples/broker/broker.js';
import { listenTcp } from '../../docs/examples/broker/listeners.js';

/** What is in use, in bytes. */
export interface Memory {
  readonly heap: number;
  /** Outside the heap: what messages hold. */
  readonly buffers: number;
  readonly resident: number;
  /** What should not grow either. */
  readonly sessions: number;
  readonly connections: number;
  readonly subscriptions: number;
  readonly retained: number;
}

const broker = new Broker();
const { port } = await listenTcp(broker, { host: '127.0.0.1', port: 0 });
process.send?.({ port });
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const memory: Memory = {
    heap: heapUsed,
    buffers: arrayBuffers,
    resident: rss,
    sessions: broker.sessions.size,
    connections: broker.connections.size,
    subscriptions: broker.subscriptions.size,
    retained: broker.retained.size,
  };
  process.send?.(memory);
});
process.on('disconnect', () => process.exit());
