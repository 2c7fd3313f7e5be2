/** How Node and Bun connect. */
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../../../src/adapters/node.js';
import type { Kit, Peers, SuiteOptions } from '../suite/kit.js';
import { columnOf, saysOf } from '../suite/matrix.js';

const collect = (globalThis as { gc?: () => void }).gc;

/** Bytes in use; with `--expose-gc`, without garbage. */
export function memory(): number {
  collect?.();
  collect?.(); // what the first one finalized
  const { heapUsed, external } = process.memoryUsage();
  // Bun's heap has what is external in it already.
  return 'Bun' in globalThis ? heapUsed : heapUsed + external;
}

export function nodeKit(column: string, peers: Peers): Kit {
  return {
    plain: 'tcp',
    secure: 'tls',
    peers,
    says: saysOf(columnOf(column)),
    connect: (endpoint, target, handler, { ca, identity, ...options }: SuiteOptions) =>
      connect(endpoint, target, handler, {
        ...options,
        tls: { ...(ca !== undefined && { ca }), ...identity },
      }),
    // The suite's own patience must not keep the process alive: connections must not either, once they are closed.
    delay: (milliseconds) => delay(milliseconds, undefined, { ref: false }),
    now: () => performance.now(),
    memory,
  };
}
