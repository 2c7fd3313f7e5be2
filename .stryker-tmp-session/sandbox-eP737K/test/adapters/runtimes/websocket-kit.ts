/** How a runtime connects with a WebSocket of its own, or with the one of the package ws. */
// @ts-nocheck

import { connect, type WebSocketConnectOptions } from '../../../src/adapters/websocket.js';
import type { Kit, Peers, SuiteOptions } from '../suite/kit.js';
import { columnOf, saysOf } from '../suite/matrix.js';

type Create = (options: SuiteOptions) => WebSocketConnectOptions['create'];

export function webSocketKit(
  column: string,
  peers: Peers,
  host: Pick<Kit, 'delay' | 'memory'>,
  create?: Create,
): Kit {
  return {
    plain: 'ws',
    secure: 'wss',
    peers,
    says: saysOf(columnOf(column)),
    connect: (endpoint, target, handler, options) =>
      connect(endpoint, target, handler, { ...options, create: create?.(options) }),
    now: () => performance.now(),
    ...host,
  };
}
