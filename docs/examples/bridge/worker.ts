/**
 * A Worker that carries MQTT between a browser's WebSocket and a broker that only speaks TCP or TLS; the binding
 * `BROKER` is its URL.
 *
 * A project of your own imports from 'puremqtt' and 'puremqtt/workers' what these files import from the sources.
 */
import { connect as connectSocket } from 'cloudflare:sockets';
import { attachWebSocket, connect, upgrade } from '../../../src/adapters/workers.js';
import { Bridge } from './bridge.js';

export default {
  fetch(request: Parameters<typeof upgrade>[0], { BROKER }: { readonly BROKER: string }): unknown {
    const { response, socket } = upgrade(request);
    if (socket !== undefined) {
      const bridge = new Bridge((endpoint, handler) =>
        connect(endpoint, BROKER, handler, { connect: connectSocket }),
      );
      attachWebSocket(bridge.endpoint, socket, bridge.onClient);
    }
    return response;
  },
};
