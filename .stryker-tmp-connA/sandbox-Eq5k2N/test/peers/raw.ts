// @ts-nocheck
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { encode } from '../../src/codec.js';
import type { DecodedPacket, Packet } from '../../src/packets/index.js';
import { PacketParser } from '../../src/stream/index.js';
import type { Version } from './mosquitto.js';
import { until } from './wait.js';

/** A peer that does what the test wants, and nothing by itself: it reads packets, and may stop doing so. */
export class Raw {
  readonly packets: DecodedPacket[] = [];
  /** Whether the other side has closed its half, and whether the connection is gone altogether. */
  ended = false;
  closed = false;
  /** Whether the connection went by a reset. */
  reset = false;
  readonly #parser: PacketParser;

  constructor(
    readonly socket: Socket,
    readonly version: Version,
  ) {
    this.#parser = new PacketParser({ version });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#parser.push(chunk);
      for (let packet = this.#parser.next(); packet !== undefined; packet = this.#parser.next()) {
        this.packets.push(packet);
      }
    });
    socket.on('end', () => {
      this.ended = true;
    });
    socket.on('error', (error: Error & { code?: string }) => {
      this.reset ||= error.code === 'ECONNRESET' || error.code === 'EPIPE';
    });
    socket.on('close', () => {
      this.closed = true;
    });
  }

  bytesOf(packet: Packet): Uint8Array {
    return encode<Version>(packet, this.version);
  }

  /** Writes packets, in one piece. */
  write(...packets: readonly Packet[]): void {
    this.socket.write(Buffer.concat(packets.map((packet) => this.bytesOf(packet))));
  }

  /** Waits for a packet of that type. */
  async read<T extends DecodedPacket['type']>(type: T): Promise<Extract<DecodedPacket, { type: T }>> {
    const isThat = (packet: DecodedPacket): packet is Extract<DecodedPacket, { type: T }> =>
      packet.type === type;
    return until(`a ${type}`, () => this.packets.find(isThat));
  }

  types(): string[] {
    return this.packets.map(({ type }) => type);
  }
}

/** Connects to a server as a client that the test plays. */
export async function rawClient(version: Version, port: number): Promise<Raw> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const raw = new Raw(socket, version);
  await until('a connection', () => socket.readyState === 'open');
  return raw;
}

/** A server that the test plays: each connection is handed to `play`. */
export class RawServer {
  readonly peers: Raw[] = [];
  readonly #server: Server;

  private constructor(version: Version, play: (peer: Raw, number: number) => void) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      const peer = new Raw(socket, version);
      play(peer, this.peers.push(peer));
    });
  }

  static async start(version: Version, play: (peer: Raw, number: number) => void): Promise<RawServer> {
    const server = new RawServer(version, play);
    await new Promise<void>((done) => server.#server.listen(0, '127.0.0.1', done));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const { socket } of this.peers) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }
}
