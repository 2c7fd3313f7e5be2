/** Which adapter carries a connection: the one for the URL's scheme and this runtime, or one that was passed in. */

import type { DenoConnectOptions } from '../../../src/adapters/deno.js';
import type { NodeConnectOptions } from '../../../src/adapters/node.js';
import type { Link, LinkHandler, LinkOptions, Target } from '../../../src/adapters/streams.js';
import { type WebSocketConnectOptions, connect as webSocket } from '../../../src/adapters/websocket.js';
import type { Endpoint } from '../../../src/index.js';

/** What the `connect` of every adapter is. */
export type Adapter = (
  endpoint: Endpoint,
  target: Target,
  handler: LinkHandler,
  options: LinkOptions,
) => Link;

/** What only some of them know; see their own pages. */
export interface AdapterOptions {
  /** For `mqtts:` on Node and Bun: certificates and so on, as `tls.connect` takes them. */
  readonly tls?: NodeConnectOptions['tls'];
  /** For `mqtts:` on Deno. */
  readonly denoTls?: DenoConnectOptions['tls'];
  /** For `mqtt:` and `mqtts:` on Node and Bun, as `net.connect` takes it. */
  readonly net?: NodeConnectOptions['net'];
  /** Makes the WebSocket, where the runtime's own will not do: of the package ws, with headers or certificates. */
  readonly createWebSocket?: WebSocketConnectOptions['create'];
}

/** Sockets are loaded where there are some and a URL asks for them, so that a browser never hears of them. */
export async function adapterFor({ transport }: Target, options: AdapterOptions): Promise<Adapter> {
  const { tls, net, denoTls, createWebSocket: create } = options;
  if (transport === 'ws' || transport === 'wss') {
    return (endpoint, target, handler, link) => webSocket(endpoint, target, handler, { ...link, create });
  }
  if ('Deno' in globalThis) {
    const deno = await import('../../../src/adapters/deno.js');
    return (endpoint, target, handler, link) =>
      deno.connect(endpoint, target, handler, { ...link, tls: denoTls });
  }
  const node = await import('../../../src/adapters/node.js');
  return (endpoint, target, handler, link) => node.connect(endpoint, target, handler, { ...link, net, tls });
}
