// owned: one stream's parser: chunks in, packets out.
import { failure, Reader } from '../bytes/reader.js';
import { checkSender, checkVersion, type DecodeOptions, lenientBits } from '../bytes/settings.js';
import { isBytes } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { isMqttError, type MqttError, PacketTooLargeError } from '../errors.js';
import { readFirstByte, readRemainingLength } from '../packets/frame.js';
import { type DecodedPacket, readPacket } from '../packets/index.js';
import { DEFAULT_MAXIMUM_CONNECT_SIZE, DEFAULT_MAXIMUM_PACKET_SIZE } from '../spec/limits.js';
import { Carry } from './carry.js';
import { headerLength, limitOf } from './header.js';

/** Options of {@link PacketParser}. */
export interface PacketParserOptions extends DecodeOptions {
  /** The protocol version; without it the first packet must be a CONNECT, which tells it. */
  readonly version?: ProtocolVersion | undefined;
  /** The largest packet to take, in bytes, fixed header included. Default: 1,048,576 (1 MiB). */
  readonly maximumPacketSize?: number | undefined;
  /**
   * The largest CONNECT to take, in bytes: a peer that nobody knows yet is given less room. Default:
   * 131,072 (128 KiB), and never more than `maximumPacketSize`.
   */
  readonly maximumConnectSize?: number | undefined;
}

const NOTHING = new Uint8Array(0);

/**
 * Turns a byte stream, split anywhere, into packets.
 *
 * A packet that lies whole in a chunk is decoded in place; one that is split is gathered first. The size
 * of a packet is checked as soon as its fixed header is there, before anything of it is kept. What is
 * buffered is never more than twice what has arrived plus 64 KiB. Binary fields are views into the chunk
 * (or into memory that held a split packet) unless `copy` is set.
 *
 * The constructor throws TypeError or RangeError for wrong options.
 *
 * @example
 * const parser = new PacketParser({ version: 4 });
 * parser.push(Uint8Array.of(0xd0));
 * parser.next(); // => undefined
 * parser.push(Uint8Array.of(0x00, 0xd0, 0x00));
 * parser.next(); // => { type: 'pingresp' }
 * parser.next(); // => { type: 'pingresp' }
 * parser.next(); // => undefined
 */
export class PacketParser {
  private readonly reader: Reader;
  private readonly maximumPacketSize: number;
  private readonly maximumConnectSize: number;
  private readonly carry = new Carry();
  /** The chunk being read, and those pushed before it was done with. */
  private chunk: Uint8Array = NOTHING;
  private at = 0;
  private waiting: Uint8Array[] = [];
  private ended = false;
  private error: MqttError | undefined;

  constructor(options: PacketParserOptions = {}) {
    const { version, from, lenient, copy = false } = options;
    const known = version === undefined ? 0 : checkVersion(version);
    this.reader = new Reader(NOTHING, known, checkSender(from), lenientBits(lenient), copy);
    this.maximumPacketSize = limitOf(
      options.maximumPacketSize,
      DEFAULT_MAXIMUM_PACKET_SIZE,
      'maximumPacketSize',
    );
    this.maximumConnectSize = Math.min(
      limitOf(options.maximumConnectSize, DEFAULT_MAXIMUM_CONNECT_SIZE, 'maximumConnectSize'),
      this.maximumPacketSize,
    );
  }

  /** The protocol version: the one given, or that of the CONNECT once it was read. */
  get version(): ProtocolVersion | undefined {
    return this.reader.version || undefined;
  }

  /** How many bytes were pushed that no packet has come out of yet. */
  get buffered(): number {
    let count = this.carry.held + this.chunk.length - this.at;
    for (const chunk of this.waiting) count += chunk.length;
    return count;
  }

  /**
   * Takes the next bytes of the stream. They are borrowed: leave them alone until {@link next} has
   * returned undefined (and longer where packets hold views into them).
   *
   * A broken parser ignores them. Throws TypeError for anything but a Uint8Array, and after {@link end}.
   */
  push(chunk: Uint8Array): void {
    if (!isBytes(chunk)) throw new TypeError('chunk must be a Uint8Array');
    if (this.ended) throw new TypeError('the parser was told that the stream is over');
    if (this.error !== undefined || chunk.length === 0) return;
    if (this.at === this.chunk.length) {
      this.chunk = chunk;
      this.at = 0;
    } else this.waiting.push(chunk);
  }

  /**
   * Returns the next packet, or undefined when it needs more bytes.
   *
   * Throws an MqttError for bytes that are no packet, and the same error again ever after.
   */
  next(): DecodedPacket | undefined {
    if (this.error !== undefined) throw this.error;
    try {
      return this.read();
    } catch (error) {
      if (isMqttError(error)) this.break(error);
      throw error;
    }
  }

  /**
   * Says that the stream is over. Throws MalformedPacketError (`cut-short`) if it ends within a packet:
   * at once, or from {@link next} where packets have not been taken yet.
   */
  end(): void {
    if (this.error !== undefined) throw this.error;
    this.ended = true;
    if (this.at === this.chunk.length && this.carry.held > 0) this.next();
  }

  private break(error: MqttError): void {
    this.error = error;
    this.waiting = [];
    this.chunk = NOTHING;
    this.at = 0;
    this.carry.drop();
    this.reader.bytes = NOTHING;
  }

  private read(): DecodedPacket | undefined {
    const r = this.reader;
    for (;;) {
      const { chunk, at } = this;
      if (at === chunk.length) {
        const next = this.waiting.shift();
        this.chunk = next ?? NOTHING;
        this.at = 0;
        if (next !== undefined) continue;
        r.bytes = NOTHING;
        if (this.ended && this.carry.held > 0) throw this.cutShort();
        return undefined;
      }
      if (this.carry.held > 0) {
        if (!this.gather()) continue;
        const { carry } = this;
        r.bytes = carry.bytes;
        r.start = carry.start;
        r.end = carry.start + carry.size;
        r.at = carry.start + carry.header;
        carry.release();
        return this.body();
      }
      r.bytes = chunk;
      r.start = r.at = at;
      r.end = chunk.length;
      const type = readFirstByte(r);
      const header = headerLength(chunk, at);
      if (header > 0) {
        const size = header + readRemainingLength(r);
        this.checkSize(size, type);
        if (at + size <= chunk.length) {
          r.end = this.at = at + size;
          return this.body();
        }
        this.carry.open(size, header);
      }
      this.at = chunk.length;
      this.carry.append(chunk, at, chunk.length);
    }
  }

  private body(): DecodedPacket {
    const r = this.reader;
    const first = r.bytes[r.start]!;
    r.scope = '';
    return readPacket(r, first >> 4, first & 15);
  }

  /** Adds what the chunk has to the packet that is split; tells whether it is whole. */
  private gather(): boolean {
    const { carry, chunk } = this;
    // The fixed header first, byte by byte: only then is the size known.
    while (carry.size === 0) {
      if (this.at === chunk.length) return false;
      carry.append(chunk, this.at, ++this.at);
      const header = headerLength(carry.bytes, carry.start, carry.held);
      if (header > 0) this.openCarry(header);
    }
    const end = Math.min(chunk.length, this.at + carry.size - carry.held);
    carry.append(chunk, this.at, end);
    this.at = end;
    return carry.held === carry.size;
  }

  private openCarry(header: number): void {
    const r = this.reader;
    const { carry } = this;
    r.bytes = carry.bytes;
    r.start = carry.start;
    r.at = carry.start + 1;
    r.end = carry.start + carry.held;
    const size = header + readRemainingLength(r);
    this.checkSize(size, r.bytes[r.start]! >> 4);
    carry.open(size, header);
  }

  private checkSize(size: number, type: number): void {
    const limit = type === 1 ? this.maximumConnectSize : this.maximumPacketSize;
    if (size > limit) {
      const { version, packetType } = this.reader;
      throw new PacketTooLargeError({
        code: 'packet-too-large',
        reasonCode: 0x95,
        size,
        limit,
        packetType,
        protocolVersion: version || undefined,
      });
    }
  }

  private cutShort(): MqttError {
    const r = this.reader;
    r.start = 0;
    return failure(r, 'cut-short', 'remainingLength', this.carry.held);
  }
}
