/** One end of a TCP connection that speaks MQTT: bytes in, packets out, and back; a listener hears both directions. */
import type { Socket } from 'node:net';
import {
  type DecodedPacket,
  decode,
  encode,
  isMqttError,
  type MqttError,
  type PacketOf,
  PacketParser,
  type ProtocolVersion,
  type Sender,
} from '../../../src/index.js';
import type { Exchange } from './transcript.js';

export interface WireEvents {
  packet(packet: DecodedPacket): void;
  /** The peer sent what is no packet. */
  broken(error: MqttError): void;
  closed(): void;
}

export class Wire {
  readonly #parser: PacketParser;
  readonly #peer: Sender;
  /** What has come and is not yet part of a packet: the parser would not need it, but it is to be shown. */
  #unread = new Uint8Array(0);
  #ended = false;

  constructor(
    readonly socket: Socket,
    readonly side: Sender,
    readonly events: WireEvents,
    readonly listen: (exchange: Exchange) => void,
    version?: ProtocolVersion,
  ) {
    this.#peer = side === 'client' ? 'server' : 'client';
    this.#parser = new PacketParser({ version, from: this.#peer });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    // What follows is always a close, which says enough.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#ended = true;
      events.closed();
    });
  }

  get version(): ProtocolVersion | undefined {
    return this.#parser.version;
  }

  send(packet: PacketOf): void {
    const { version } = this;
    if (version === undefined) throw new Error('nobody knows yet which version to speak');
    if (this.#ended) return;
    const frame = encode(packet, version, { from: this.side });
    this.listen({ from: this.side, version, frame, packet: decode(frame, version) });
    this.socket.write(frame);
  }

  /** Sends what is still to be sent, and closes. Nothing that arrives from now on counts. */
  end(lastBytes: Uint8Array = new Uint8Array(0)): void {
    if (this.#ended) return;
    this.#ended = true;
    this.socket.write(lastBytes);
    this.socket.destroySoon();
    // A peer that reads no more must not keep it open.
    setTimeout(() => this.socket.destroy(), 1000).unref();
  }

  #receive(chunk: Uint8Array): void {
    if (this.#ended) return;
    const bytes = new Uint8Array(this.#unread.length + chunk.length);
    bytes.set(this.#unread);
    bytes.set(chunk, this.#unread.length);
    this.#unread = bytes;
    this.#parser.push(chunk);
    while (!this.#ended) {
      const packet = this.#next();
      const { version } = this;
      if (packet === undefined || version === undefined) return;
      const size = this.#unread.length - this.#parser.buffered;
      const frame = this.#unread.subarray(0, size);
      this.#unread = this.#unread.subarray(size);
      this.listen({ from: this.#peer, version, frame, packet });
      this.events.packet(packet);
    }
  }

  #next(): DecodedPacket | undefined {
    try {
      return this.#parser.next();
    } catch (error) {
      if (!isMqttError(error)) throw error;
      this.events.broken(error);
      return undefined;
    }
  }
}
