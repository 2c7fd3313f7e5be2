import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { NetworkConnection } from '../../../src/arbitraries/index.js';

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));

/** A socket as the tests of peers want it: without half-open ends, and closed by a reset. */
export function overSocket(socket: Socket): NetworkConnection {
  const chunks = socket.iterator({ destroyOnReturn: false });
  socket.setNoDelay(true).on('error', () => {});
  return {
    send: (bytes) => new Promise((done) => socket.write(bytes, () => done())),
    receive: async () => {
      const { value } = await chunks.next();
      return value;
    },
    close: async () => void socket.destroy(),
  };
}

/** Opens connections to a broker. */
export const opener = (port: number) => (): Promise<NetworkConnection> =>
  new Promise((done, failed) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(overSocket(socket))).once('error', failed);
  });

/** Waits for the connections of clients, one after the other. */
export class Door {
  readonly #waiting: ((network: NetworkConnection) => void)[] = [];
  readonly #come: NetworkConnection[] = [];
  readonly #server = createServer((socket) => {
    const network = overSocket(socket);
    const next = this.#waiting.shift();
    if (next === undefined) this.#come.push(network);
    else next(network);
  });

  static async open(): Promise<Door> {
    const door = new Door();
    await new Promise<void>((done) => door.#server.listen(0, '127.0.0.1', done));
    return door;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  next(): Promise<NetworkConnection> {
    const come = this.#come.shift();
    return come ? Promise.resolve(come) : new Promise((done) => this.#waiting.push(done));
  }

  close(): Promise<void> {
    return new Promise((done) => this.#server.close(() => done()));
  }
}
