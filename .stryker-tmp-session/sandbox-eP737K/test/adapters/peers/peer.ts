// @ts-nocheck
import type { Duplex } from 'node:stream';
import { type DecodedPacket, encode, type PacketOf, PacketParser } from '../../../src/index.js';

/** What is kept of one connection, for the suite's `Report`. */
export interface Record {
  packets: string[];
  chunks: number;
  bytes: number;
  pushed: number;
  ended: boolean;
  reset: boolean;
  closed: boolean;
}

/** By Client Identifier. */
export type Records = Map<string, Record>;

/** One connection at a scripted server. It reads when it is told to, and keeps a record of what comes. */
export class Peer {
  readonly record: Record = {
    packets: [],
    chunks: 0,
    bytes: 0,
    pushed: 0,
    ended: false,
    reset: false,
    closed: false,
  };
  clientId = '';
  onPacket: (packet: DecodedPacket) => void = () => {};
  readonly #parser = new PacketParser({ from: 'client', maximumPacketSize: 32 * 1_048_576 });
  readonly #records: Records;

  constructor(
    readonly duplex: Duplex,
    readonly reset: () => void,
    records: Records,
  ) {
    this.#records = records;
    duplex.on('end', () => {
      this.record.ended = true;
    });
    duplex.on('error', () => {
      this.record.reset = true;
    });
    duplex.on('close', () => {
      this.record.closed = true;
    });
  }

  get records(): Records {
    return this.#records;
  }

  /** Takes in what has come. */
  take(chunk: Uint8Array): void {
    this.record.chunks += 1;
    this.record.bytes += chunk.length;
    this.#parser.push(chunk);
    for (let packet = this.#parser.next(); packet !== undefined; packet = this.#parser.next()) {
      this.record.packets.push(packet.type);
      if (packet.type === 'connect') {
        this.clientId = packet.clientId;
        this.#records.set(packet.clientId, this.record);
      }
      this.onPacket(packet);
    }
  }

  /** Reads from now on, as fast as it comes, and closes when the other side does. */
  read(): void {
    this.duplex.on('data', (chunk: Uint8Array) => this.take(chunk));
    this.duplex.on('end', () => this.duplex.end());
  }

  write(packet: PacketOf<5>): boolean {
    return this.push(encode(packet, 5));
  }

  push(bytes: Uint8Array): boolean {
    if (this.duplex.destroyed || this.duplex.writableEnded) return false;
    this.record.pushed += bytes.length;
    return this.duplex.write(bytes);
  }

  connack(): void {
    this.write({ type: 'connack', sessionPresent: false, reasonCode: 0 });
  }
}
