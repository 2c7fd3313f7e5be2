// owned: one stream's parser: chunks in, packets out.
import { cutShort, Reader } from '../bytes/reader.js';
import { checkVersion, type DecodeOptions } from '../bytes/settings.js';
import { LARGEST_SLAB } from '../bytes/sizes.js';
import { copyBytes, NOTHING, requireBytes } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import type { Bytes } from '../packets/frame.js';
import { type DecodedPacket, readPacket } from '../packets/index.js';
import { DEFAULT_MAXIMUM_CONNECT_SIZE, DEFAULT_MAXIMUM_PACKET_SIZE } from '../spec/limits.js';
import { checkLimit, readHeader } from './header.js';

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

/** A chunk that waits, and the one after it. */
interface Chunk {
  readonly bytes: Uint8Array;
  next: Chunk | undefined;
}

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
  readonly #reader: Reader;
  readonly #limit: number;
  readonly #connectLimit: number;
  /** The chunk being read, how far it was, and the first and the last of those that wait behind it. */
  #chunk: Uint8Array = NOTHING;
  #at = 0;
  #next: Chunk | undefined;
  #last: Chunk | undefined;
  #buffered = 0;
  /** Where the packet that came in pieces is gathered, and what is free behind it for the next one. */
  #slab: Uint8Array = NOTHING;
  #start = 0;
  /** How many bytes of that packet are there, and its size, 0 until its fixed header is. */
  #held = 0;
  #size = 0;
  #ended = false;
  #error: unknown;

  constructor(options: PacketParserOptions = {}) {
    const {
      version,
      maximumPacketSize = DEFAULT_MAXIMUM_PACKET_SIZE,
      maximumConnectSize = DEFAULT_MAXIMUM_CONNECT_SIZE,
    } = options;
    this.#reader = new Reader(NOTHING, version === undefined ? 0 : checkVersion(version), options);
    this.#limit = checkLimit(maximumPacketSize, 'maximumPacketSize');
    this.#connectLimit = checkLimit(maximumConnectSize, 'maximumConnectSize');
  }

  /** The protocol version: the one given, or that of the CONNECT once it was read. */
  get version(): ProtocolVersion | undefined {
    return this.#reader.version || undefined;
  }

  /** How many bytes were pushed that no packet has come out of yet. */
  get buffered(): number {
    return this.#buffered;
  }

  /**
   * Takes the next bytes of the stream. They are borrowed: leave them alone until {@link next} has
   * returned undefined (and longer where packets hold views into them).
   *
   * A broken parser ignores them. Throws TypeError for anything but a Uint8Array, and after {@link end}.
   */
  push(chunk: Uint8Array): void {
    requireBytes(chunk, 'chunk');
    if (this.#ended) throw new TypeError('chunk comes after end()');
    if (this.#error) return;
    if (this.#buffered === this.#held) {
      // All chunks before were taken.
      this.#chunk = chunk;
      this.#at = 0;
    } else {
      const last = { bytes: chunk, next: undefined };
      if (this.#next) this.#last!.next = last;
      else this.#next = last;
      this.#last = last;
    }
    this.#buffered += chunk.length;
  }

  /**
   * Returns the next packet, or undefined when it needs more bytes.
   *
   * Throws an MqttError for bytes that are no packet, and the same error again ever after.
   */
  next(): DecodedPacket | undefined {
    if (this.#error) throw this.#error;
    try {
      return this.#read();
    } catch (error) {
      this.#error = error;
      // Nothing that came with or after the bad packet is of use to anybody.
      this.#chunk = this.#slab = this.#reader.bytes = NOTHING;
      this.#at = this.#held = this.#buffered = 0;
      this.#next = this.#last = undefined;
      throw error;
    }
  }

  /**
   * Says that the stream is over. Throws MalformedPacketError (`cut-short`) if it ends within a packet:
   * at once, or from {@link next} where packets have not been taken yet.
   */
  end(): void {
    this.#ended = true;
    if (this.#buffered === this.#held) this.next();
  }

  /**
   * Returns a copy of the bytes that no packet has come out of yet: pushed to another parser with the same
   * options and version, they let it go on where this one stands.
   *
   * @example
   * const parser = new PacketParser({ version: 4 });
   * parser.push(Uint8Array.of(0xd0, 0x00, 0xc0));
   * parser.next(); // => { type: 'pingresp' }
   * parser.unread(); // => Uint8Array.of(0xc0)
   */
  unread(): Bytes {
    const bytes = new Uint8Array(this.#buffered);
    let at = this.#held;
    bytes.set(this.#slab.subarray(this.#start, this.#start + at));
    let rest: Chunk | undefined = { bytes: this.#chunk.subarray(this.#at), next: this.#next };
    for (; rest; rest = rest.next) {
      bytes.set(rest.bytes, at);
      at += rest.bytes.length;
    }
    return bytes;
  }

  #read(): DecodedPacket | undefined {
    const r = this.#reader;
    for (;;) {
      const chunk = this.#chunk;
      const at = this.#at;
      const { length } = chunk;
      if (at === length) {
        if (!this.#advance()) return undefined;
        continue;
      }
      const split = this.#held > 0;
      if (split) {
        // The fixed header byte by byte: only then is the size known.
        this.#keep(this.#size ? Math.min(length, at + this.#size - this.#held) : at + 1);
        if (this.#held < this.#size) continue;
      }
      r.bytes = split ? this.#slab : chunk;
      r.start = r.at = split ? this.#start : at;
      r.end = split ? r.start + this.#held : length;
      // What the packet before left behind.
      r.scope = '';
      const size = readHeader(r, this.#limit, this.#connectLimit);
      this.#size = size;
      const end = r.start + size;
      if (!size || end > r.end) {
        if (!split) this.#keep(length);
        continue;
      }
      if (split) {
        this.#start = end;
        this.#held = 0;
        if (size > LARGEST_SLAB) this.#slab = NOTHING;
      } else this.#at = end;
      this.#buffered -= size;
      r.end = end;
      return readPacket(r, r.bytes[r.start]!);
    }
  }

  /** Goes on to the next chunk, if there is one. */
  #advance(): boolean {
    const next = this.#next;
    this.#at = 0;
    if (next) {
      this.#chunk = next.bytes;
      this.#next = next.next;
      return true;
    }
    this.#last = undefined;
    this.#chunk = this.#reader.bytes = NOTHING;
    if (this.#ended && this.#held > 0) {
      this.#reader.start = 0;
      throw cutShort(this.#reader, 'remainingLength', this.#held);
    }
    return false;
  }

  /** Moves the chunk's bytes up to `end` to the packet that is split. */
  #keep(end: number): void {
    const slab = this.#slab;
    const start = this.#start;
    const held = this.#held;
    const more = held + end - this.#at;
    if (start + more > slab.length) {
      // A small packet is given room for the whole of it, a large one as it comes.
      const room = Math.min(this.#size, Math.max(2 * more, LARGEST_SLAB));
      // A busy stream earns larger slabs, an idle one never holds more than it needs; a fixed header fits into any.
      this.#slab = new Uint8Array(Math.max(room, Math.min(2 * slab.length + 256, LARGEST_SLAB)));
      this.#start = 0;
      copyBytes(slab, start, start + held, this.#slab, 0);
    }
    copyBytes(this.#chunk, this.#at, end, this.#slab, this.#start + held);
    this.#held = more;
    this.#at = end;
  }
}
