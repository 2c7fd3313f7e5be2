/**
 * A small MQTT broker on puremqtt's codec alone, for both versions in one.
 *
 * It answers everything as the standards want it, within what it offers: it keeps nothing when a connection ends (no
 * sessions, CONNACK says so), it stores no retained messages and takes no shared subscriptions (MQTT 5.0 clients are
 * told; MQTT 3.1.1 has no words for it), and it lets everybody in. It listens on the loopback interface only.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { TopicFilterIndex } from '../../../src/index.js';
import { Connection, type Published } from './connection.js';
import type { Exchange } from './transcript.js';

export class Broker {
  readonly #server: Server;
  readonly #connections = new Map<Socket, Connection>();
  /** By client identifier. */
  readonly clients = new Map<string, Connection>();
  /** Version 4: `$share/` has no meaning here. */
  readonly subscriptions = new TopicFilterIndex<Connection>(4);

  constructor(listen: (exchange: Exchange) => void) {
    this.#server = createServer((socket) => {
      this.#connections.set(socket, new Connection(this, socket, listen));
      socket.on('close', () => this.#connections.delete(socket));
    });
  }

  /** Listens on a free port of the loopback interface, and tells which. */
  async start(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Closes everything. */
  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const [socket, connection] of this.#connections) {
      connection.close();
      socket.destroy();
    }
    await closed;
  }

  /** Passes a message on, once for each subscription that matches. */
  route(message: Published, publisher: Connection): void {
    this.subscriptions.forEachMatch(message.topic, (subscriber, filter) => {
      subscriber.deliver(message, filter, publisher);
    });
  }
}
