// @ts-nocheck
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { serve } from '../../docs/examples/host/broker.js';
import { Sessions } from '../../docs/examples/host/sessions.js';
import type { EndpointOptions, ServerOptions } from '../../src/index.js';

/** The broker of docs/examples/host, on loopback. */
export class OurBroker {
  readonly sessions = new Sessions();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(options: ServerOptions & EndpointOptions) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      serve(socket, this.sessions, options);
    });
  }

  static async start(options: ServerOptions & EndpointOptions = {}): Promise<OurBroker> {
    const broker = new OurBroker(options);
    await new Promise<void>((done) => broker.#server.listen(0, '127.0.0.1', done));
    return broker;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many network connections stand. */
  get connections(): number {
    return this.#sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }
}
