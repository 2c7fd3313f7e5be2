// owned: one stream's parser: chunks in, packets out.
import { failure, Reader } from '../bytes/reader.js';
import { checkVersion, type DecodeOptions } from '../bytes/settings.js';
import { copyBytes, isBytes } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { isMqttError, type MqttError } from '../errors.js';
import type { Bytes } from '../packets/frame.js';
import { type DecodedPacket, readPacket } from '../packets/index.js';
import { DEFAULT_MAXIMUM_CONNECT_SIZE, DEFAULT_MAXIMUM_PACKET_SIZE } from '../spec/limits.js';
import { limitOf, readHeader } from './header.js';

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

// Split packets are gathered in slabs of up to this size. Each byte of a slab is used once, so views
// into it stay valid; a packet that needs more moves to memory of its own, which grows with what arrives.
const LARGEST_SLAB = 32_768;

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
  /** The chunk being read; those after it lie on `#ready`, the next one last, and behind them in `#waiting`. */
  #chunk: Uint8Array = NOTHING;
  #at = 0;
  #ready: Uint8Array[] = [];
  #waiting: Uint8Array[] = [];
  #queued = 0;
  #slab: Uint8Array = NOTHING;
  #used = 0;
  /** The packet that came in pieces: its size, 0 until its fixed header is there, and what is there of it. */
  #carry: Uint8Array = NOTHING;
  #start = 0;
  #held = 0;
  #size = 0;
  #ended = false;
  #error: MqttError | undefined;

  constructor(options: PacketParserOptions = {}) {
    const { version, maximumPacketSize, maximumConnectSize } = options;
    this.#reader = new Reader(NOTHING, version === undefined ? 0 : checkVersion(version), options);
    this.#limit = limitOf(maximumPacketSize, DEFAULT_MAXIMUM_PACKET_SIZE, 'maximumPacketSize');
    this.#connectLimit = Math.min(
      limitOf(maximumConnectSize, DEFAULT_MAXIMUM_CONNECT_SIZE, 'maximumConnectSize'),
      this.#limit,
    );
  }

  /** The protocol version: the one given, or that of the CONNECT once it was read. */
  get version(): ProtocolVersion | undefined {
    return this.#reader.version || undefined;
  }

  /** How many bytes were pushed that no packet has come out of yet. */
  get buffered(): number {
    return this.#held + this.#chunk.length - this.#at + this.#queued;
  }

  /**
   * Takes the next bytes of the stream. They are borrowed: leave them alone until {@link next} has
   * returned undefined (and longer where packets hold views into them).
   *
   * A broken parser ignores them. Throws TypeError for anything but a Uint8Array, and after {@link end}.
   */
  push(chunk: Uint8Array): void {
    if (!isBytes(chunk)) throw new TypeError('chunk must be a Uint8Array');
    if (this.#ended) throw new TypeError('chunk comes after end()');
    if (this.#error !== undefined || chunk.length === 0) return;
    if (this.#at === this.#chunk.length && this.#queued === 0) {
      this.#chunk = chunk;
      this.#at = 0;
    } else {
      this.#waiting.push(chunk);
      this.#queued += chunk.length;
    }
  }

  /**
   * Returns the next packet, or undefined when it needs more bytes.
   *
   * Throws an MqttError for bytes that are no packet, and the same error again ever after.
   */
  next(): DecodedPacket | undefined {
    if (this.#error !== undefined) throw this.#error;
    try {
      return this.#read();
    } catch (error) {
      if (isMqttError(error)) this.#error = error;
      // Nothing that came with or after the bad packet is of use to anybody.
      this.#chunk = this.#carry = this.#slab = this.#reader.bytes = NOTHING;
      this.#at = this.#held = this.#queued = 0;
      this.#ready = [];
      this.#waiting = [];
      throw error;
    }
  }

  /**
   * Says that the stream is over. Throws MalformedPacketError (`cut-short`) if it ends within a packet:
   * at once, or from {@link next} where packets have not been taken yet.
   */
  end(): void {
    this.#ended = true;
    if (this.buffered === this.#held) this.next();
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
    const bytes = new Uint8Array(this.buffered);
    copyBytes(this.#carry, this.#start, this.#start + this.#held, bytes, 0);
    let at = this.#held;
    for (const chunk of [this.#chunk.subarray(this.#at), ...[...this.#ready].reverse(), ...this.#waiting]) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  #read(): DecodedPacket | undefined {
    for (;;) {
      const chunk = this.#chunk;
      const at = this.#at;
      if (at === chunk.length) {
        // Two stacks make a queue, at the same cost however much waits.
        if (this.#ready.length === 0) {
          this.#ready = this.#waiting.reverse();
          this.#waiting = [];
        }
        const next = this.#ready.pop() ?? NOTHING;
        this.#chunk = next;
        this.#at = 0;
        this.#queued -= next.length;
        if (next !== NOTHING) continue;
        this.#reader.bytes = NOTHING;
        if (this.#ended && this.#held > 0) this.#cutShort();
        return undefined;
      }
      if (this.#held > 0) {
        if (!this.#gather()) continue;
        const carry = this.#carry;
        this.#carry = NOTHING;
        this.#held = 0;
        // Once more, now that the whole packet is in one place.
        return this.#body(this.#header(carry, this.#start, this.#start + this.#size));
      }
      const size = this.#header(chunk, at, chunk.length);
      if (size > 0 && at + size <= chunk.length) {
        this.#at = at + size;
        return this.#body(size);
      }
      // 5: a whole fixed header, whatever it will say.
      this.#open(size || 5);
      this.#size = size;
      this.#add(chunk.length);
    }
  }

  /** Reads the fixed header at that place, as far as it is there, and returns the packet's size or 0. */
  #header(bytes: Uint8Array, start: number, end: number): number {
    const r = this.#reader;
    r.bytes = bytes;
    r.start = r.at = start;
    r.end = end;
    // What the packet before left behind.
    r.scope = '';
    return readHeader(r, this.#limit, this.#connectLimit);
  }

  #body(size: number): DecodedPacket {
    const r = this.#reader;
    const first = r.bytes[r.start]!;
    r.end = r.start + size;
    return readPacket(r, first >> 4, first & 15);
  }

  /** Adds what the chunk has to the packet that is split; tells whether it is whole. */
  #gather(): boolean {
    const { length } = this.#chunk;
    // The fixed header first, byte by byte: only then is the size known.
    while (this.#size === 0) {
      if (this.#at === length) return false;
      this.#add(this.#at + 1);
      this.#size = this.#header(this.#carry, this.#start, this.#start + this.#held);
      if (this.#size > 0) this.#open(this.#size);
    }
    this.#add(Math.min(length, this.#at + this.#size - this.#held));
    return this.#held === this.#size;
  }

  /** Finds room for so many bytes, or as many of them as a slab has, and moves there what is held. */
  #open(size: number): void {
    const room = Math.min(size, LARGEST_SLAB);
    if (this.#slab.length - this.#used < room) {
      // A busy stream earns larger slabs; an idle one never holds more than it needs.
      this.#slab = new Uint8Array(Math.max(room, Math.min(2 * this.#slab.length + 256, LARGEST_SLAB)));
      this.#used = 0;
    }
    copyBytes(this.#carry, this.#start, this.#start + this.#held, this.#slab, this.#used);
    this.#carry = this.#slab;
    this.#start = this.#used;
    this.#used += room;
  }

  /** Moves the chunk's bytes up to `end` to the packet that is split. */
  #add(end: number): void {
    const held = this.#held;
    this.#held += end - this.#at;
    if (this.#held > LARGEST_SLAB && this.#start + this.#held > this.#carry.length) {
      const larger = new Uint8Array(Math.min(this.#size, 2 * this.#held));
      copyBytes(this.#carry, this.#start, this.#start + held, larger, 0);
      this.#carry = larger;
      this.#start = 0;
    }
    copyBytes(this.#chunk, this.#at, end, this.#carry, this.#start + held);
    this.#at = end;
  }

  #cutShort(): never {
    const r = this.#reader;
    r.start = 0;
    throw failure(r, 'cut-short', 'remainingLength', this.#held);
  }
}
