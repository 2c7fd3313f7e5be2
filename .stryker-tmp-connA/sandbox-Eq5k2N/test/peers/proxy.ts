// @ts-nocheck
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { decode } from '../../src/codec.js';
import type { DecodedPacket } from '../../src/packets/index.js';
import { FrameParser } from '../../src/stream/index.js';
import type { Version } from './mosquitto.js';

export type Side = 'client' | 'server';

/** A packet that came by. */
export interface Passing {
  /** Counts the connections from 1. */
  readonly connection: number;
  readonly from: Side;
  readonly packet: DecodedPacket;
  readonly size: number;
}

/**
 * What becomes of a packet: it passes; or the connection is cut before it, in the middle of it (its first half
 * arrives), or right after it. A `reset` cuts without saying goodbye, so that what was on its way may be lost as well.
 * What is to `stall` does not arrive while the connection stands; that makes sense for what nothing later depends on.
 */
export type Verdict = 'pass' | 'before' | 'within' | 'after' | 'reset' | 'stall';

const LARGEST = 268_435_460;

/** One connection through the proxy: two sockets, and a parser for each direction. */
class Line {
  readonly #sockets: Record<Side, Socket>;
  #cut = false;

  constructor(
    client: Socket,
    server: Socket,
    readonly number: number,
    readonly proxy: CuttingProxy,
  ) {
    this.#sockets = { client, server };
    this.#watch('client', 'server');
    this.#watch('server', 'client');
  }

  #watch(from: Side, to: Side): void {
    const source = this.#sockets[from];
    const target = this.#sockets[to];
    const parser = new FrameParser({
      version: this.proxy.version,
      maximumPacketSize: LARGEST,
      maximumConnectSize: LARGEST,
    });
    let pieces: Uint8Array[] = [];
    source.on('data', (chunk) => {
      if (this.#cut) return;
      parser.push(chunk);
      for (let event = parser.next(); event !== undefined; event = parser.next()) {
        if (event.type !== 'end' && event.type !== 'aborted') pieces.push(event.bytes);
        if (event.type !== 'end') continue;
        const frame = Buffer.concat(pieces);
        pieces = [];
        this.#pass(from, frame, target);
        if (this.#cut) return;
      }
      if (target.writableNeedDrain) {
        source.pause();
        target.once('drain', () => source.resume());
      }
    });
    source.on('error', () => {});
    // One side goes: what it sent arrives, and the other side goes as well.
    source.on('close', () => target.end());
  }

  #pass(from: Side, frame: Uint8Array, target: Socket): void {
    // A copy: what is remembered must not change with the socket's memory.
    const packet = decode(frame.slice(), this.proxy.version, { from });
    const passing = { connection: this.number, from, packet, size: frame.length };
    const verdict = this.proxy.judge(passing);
    if (verdict === 'pass' || verdict === 'after') {
      this.proxy.passed.push(passing);
      target.write(frame);
    } else if (verdict === 'within') target.write(frame.subarray(0, frame.length >> 1));
    if (verdict === 'pass' || verdict === 'stall') return;
    if (verdict === 'reset') this.cut('reset');
    else this.cut('end');
  }

  /** Cuts the connection: nothing passes any more. What has passed arrives, unless it is a reset. */
  cut(how: 'end' | 'reset'): void {
    this.#cut = true;
    for (const socket of Object.values(this.#sockets)) {
      if (how === 'reset') socket.resetAndDestroy();
      else socket.end();
      // Whatever still comes is read and thrown away, so that closing does not turn into a reset.
      socket.resume();
    }
  }

  /** Reads from neither side, or from both again. */
  freeze(frozen: boolean): void {
    for (const socket of Object.values(this.#sockets)) {
      if (frozen) socket.pause();
      else socket.resume();
    }
  }
}

/** A TCP proxy that reads MQTT and cuts connections where it is told to. */
export class CuttingProxy {
  /** Every packet that came through, in the order in which the proxy saw them. */
  readonly passed: Passing[] = [];
  judge: (passing: Passing) => Verdict = () => 'pass';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #lines: Line[] = [];
  #count = 0;

  private constructor(
    readonly version: Version,
    target: number,
  ) {
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      const server = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
      for (const socket of [client, server]) {
        this.#sockets.add(socket);
        socket.setNoDelay(true);
        socket.on('end', () => socket.end());
        socket.on('close', () => this.#sockets.delete(socket));
      }
      this.#lines.push(new Line(client, server, ++this.#count, this));
    });
  }

  /** Starts a proxy to that port, for connections of that version. */
  static async start(version: Version, target: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(version, target);
    await new Promise<void>((done) => proxy.#server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections there were. */
  get connections(): number {
    return this.#count;
  }

  /** The packets of one connection, from one side. */
  of(connection: number, from: Side): readonly DecodedPacket[] {
    return this.passed
      .filter((passing) => passing.connection === connection && passing.from === from)
      .map(({ packet }) => packet);
  }

  /** Cuts all connections now. */
  cut(how: 'end' | 'reset' = 'end'): void {
    for (const line of this.#lines) line.cut(how);
    this.#lines = [];
  }

  /** Stops reading from everybody: the network stands, and nothing comes through. */
  freeze(frozen: boolean): void {
    for (const line of this.#lines) line.freeze(frozen);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }
}
