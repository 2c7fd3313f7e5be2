// owned: one stream's frames, one level below packets: chunks in, heads and pieces of bodies out.
import { cutShort, Reader } from '../bytes/reader.js';
import { checkVersion } from '../bytes/settings.js';
import { copyBytes, requireBytes } from '../bytes/writer.js';
import type { MalformedPacketError, ProtocolVersion } from '../errors.js';
import { readVersion } from '../packets/connect.js';
import { readPublish } from '../packets/publish.js';
import { DEFAULT_MAXIMUM_CONNECT_SIZE, DEFAULT_MAXIMUM_PACKET_SIZE } from '../spec/limits.js';
import type { FrameEvent } from './frame-events.js';
import { checkLimit, readHeader } from './header.js';
import type { PacketParserOptions } from './packet-parser.js';
import { endOfLevel, endOfPublishHead } from './variable-header.js';

/** The largest head of a PUBLISH that FrameParser gathers when nothing else is said, in bytes: 128 KiB. */
export const DEFAULT_MAXIMUM_PUBLISH_HEAD_SIZE: number = 131_072;

/** Options of {@link FrameParser}: those of PacketParser, and what concerns the heads of PUBLISH packets. */
export interface FrameParserOptions extends PacketParserOptions {
  /** Whether a PUBLISH is announced by a `publish` event with its decoded head instead of a `head`. Default: false. */
  readonly publishHeads?: boolean | undefined;
  /**
   * With `publishHeads`, the largest head of a PUBLISH (fixed and variable header) to gather, in bytes.
   * A larger one gives a PacketTooLargeError whose `size` and `limit` are those of the head. Default: 131,072.
   */
  readonly maximumPublishHeadSize?: number | undefined;
}

const NOTHING = new Uint8Array(0);

/**
 * Turns a byte stream, split anywhere, into frames whose bodies are handed out as they arrive.
 *
 * It is for proxies, and for payloads too large to gather: memory is constant, whatever the packet's size.
 * Fixed headers (section 2.1) are judged as PacketParser judges them, and so is the level of a CONNECT;
 * bodies are passed on unread. With `publishHeads` the head of each PUBLISH is gathered and decoded, with
 * the errors `decode` has, and only its payload comes in pieces. `bytes` are views into the chunks (or into
 * memory that held a split head) unless `copy` is set.
 *
 * The constructor throws TypeError or RangeError for wrong options.
 *
 * @example
 * ```ts
 * const parser = new FrameParser({ version: 4, publishHeads: true });
 * parser.push(Uint8Array.of(0x30, 8, 0, 1, 0x61, 1, 2));
 * const event = parser.next();
 * event?.type === 'publish' && event.packet.topic; // => 'a'
 * parser.next(); // => { type: 'body', bytes: Uint8Array.of(1, 2), remaining: 3 }
 * parser.next(); // => undefined
 * parser.push(Uint8Array.of(3, 4, 5));
 * parser.next(); // => { type: 'body', bytes: Uint8Array.of(3, 4, 5), remaining: 0 }
 * parser.next(); // => { type: 'end' }
 * ```
 */
export class FrameParser {
  readonly #reader: Reader;
  readonly #limit: number;
  readonly #connectLimit: number;
  readonly #publishLimit: number;
  readonly #publishHeads: boolean;
  /** The chunk being read; those after it lie on `#ready`, the next one last, and then in `#waiting`. */
  #chunk: Uint8Array = NOTHING;
  #at = 0;
  #ready: Uint8Array[] = [];
  #waiting: Uint8Array[] = [];
  #buffered = 0;
  /** A head that came in pieces, how much of it is there, and how much must be there to judge further. */
  #carry: Uint8Array = NOTHING;
  #held = 0;
  #needed = 0;
  /** The frame: its size, whether its head was announced, and if so, what is still to come. */
  #size = 0;
  #within = false;
  #remaining = 0;
  #ended = false;
  #error: unknown;

  constructor(options: FrameParserOptions = {}) {
    const {
      version,
      maximumPacketSize = DEFAULT_MAXIMUM_PACKET_SIZE,
      maximumConnectSize = DEFAULT_MAXIMUM_CONNECT_SIZE,
      maximumPublishHeadSize = DEFAULT_MAXIMUM_PUBLISH_HEAD_SIZE,
      publishHeads,
    } = options;
    this.#reader = new Reader(NOTHING, version === undefined ? 0 : checkVersion(version), options);
    this.#limit = checkLimit(maximumPacketSize, 'maximumPacketSize');
    this.#connectLimit = checkLimit(maximumConnectSize, 'maximumConnectSize');
    this.#publishLimit = checkLimit(maximumPublishHeadSize, 'maximumPublishHeadSize');
    this.#publishHeads = publishHeads === true;
  }

  /** The protocol version: the one given, or that of the CONNECT once its head was read. */
  get version(): ProtocolVersion | undefined {
    return this.#reader.version || undefined;
  }

  /** How many bytes were pushed that no event has handed out yet. */
  get buffered(): number {
    return this.#buffered;
  }

  /**
   * Takes the next bytes of the stream. They are borrowed: leave them alone until {@link next} has
   * returned undefined (and longer where events that hold views into them are in use).
   *
   * A broken parser ignores them. Throws TypeError for anything but a Uint8Array, and after {@link end}.
   */
  push(chunk: Uint8Array): void {
    requireBytes(chunk, 'chunk');
    if (this.#ended) throw new TypeError('chunk comes after end()');
    if (this.#error !== undefined || chunk.length === 0) return;
    if (this.#buffered === this.#held) {
      this.#chunk = chunk;
      this.#at = 0;
    } else this.#waiting.push(chunk);
    this.#buffered += chunk.length;
  }

  /**
   * Returns the next event, or undefined when it needs more bytes.
   *
   * Throws an MqttError for a head that is none, and the same error again ever after.
   */
  next(): FrameEvent | undefined {
    if (this.#error !== undefined) throw this.#error;
    try {
      return this.#read();
    } catch (error) {
      this.#error = error;
      this.#chunk = this.#carry = this.#reader.bytes = NOTHING;
      this.#ready = [];
      this.#waiting = [];
      this.#at = this.#held = this.#buffered = 0;
      throw error;
    }
  }

  /**
   * Says that the stream is over: {@link next} gives what is left, and if the stream ended within a frame,
   * an `aborted` event last. Throws the parser's error if it is broken.
   */
  end(): void {
    if (this.#error !== undefined) throw this.#error;
    this.#ended = true;
  }

  #read(): FrameEvent | undefined {
    for (;;) {
      if (this.#within && this.#remaining === 0) {
        this.#within = false;
        return { type: 'end' };
      }
      if (this.#at === this.#chunk.length && !this.#advance()) {
        this.#reader.bytes = NOTHING;
        return this.#ended && (this.#within || this.#held > 0) ? this.#abort() : undefined;
      }
      if (this.#within) {
        const bytes = this.#take(Math.min(this.#remaining, this.#chunk.length - this.#at));
        this.#remaining -= bytes.length;
        return { type: 'body', bytes, remaining: this.#remaining };
      }
      if (this.#held === 0) {
        const event = this.#head();
        if (event !== undefined) return event;
      } else this.#gather();
    }
  }

  /** Goes on to the next chunk; tells whether there is one. */
  #advance(): boolean {
    if (this.#ready.length === 0) {
      const none = this.#ready;
      this.#ready = this.#waiting.reverse();
      this.#waiting = none;
    }
    this.#chunk = this.#ready.pop() ?? NOTHING;
    this.#at = 0;
    return this.#chunk.length > 0;
  }

  /** Hands out bytes of the chunk. */
  #take(length: number): Uint8Array {
    const { buffer, byteOffset } = this.#chunk;
    const view = new Uint8Array(buffer, byteOffset + this.#at, length);
    this.#at += length;
    this.#buffered -= length;
    return this.#reader.copy ? new Uint8Array(view) : view;
  }

  /** Announces the frame that begins here, or puts aside what there is of its head. */
  #head(): FrameEvent | undefined {
    const { length } = this.#chunk;
    this.#needed = this.#judge(this.#chunk, this.#at, length);
    if (this.#at + this.#needed <= length) return this.#announce();
    this.#keep(length);
    return undefined;
  }

  #announce(): FrameEvent {
    const r = this.#reader;
    const { start, at, packetType } = r;
    const flags = r.bytes[start]! & 15;
    const size = this.#size;
    if (packetType === 'publish' && this.#publishHeads) {
      const { payload, ...packet } = readPublish(r, flags);
      const bytes = this.#open(r.end - start);
      return { type: 'publish', packet, payloadLength: this.#remaining, size, bytes };
    }
    if (packetType === 'connect') readVersion(r);
    const bytes = this.#open(at - start);
    return { type: 'head', packetType: packetType!, flags, remainingLength: this.#remaining, size, bytes };
  }

  /** Enters the frame and hands out its head. */
  #open(length: number): Uint8Array {
    this.#within = true;
    this.#remaining = this.#size - length;
    return this.#take(length);
  }

  /** Adds what the chunk has to the head that is split. */
  #gather(): void {
    this.#keep(Math.min(this.#chunk.length, this.#at + this.#needed - this.#held));
    this.#needed = this.#judge(this.#carry, 0, this.#held);
    if (this.#held < this.#needed) return;
    // Whole now: it stands before the rest as if it had come as a chunk.
    if (this.#at < this.#chunk.length) this.#ready.push(this.#chunk.subarray(this.#at));
    this.#chunk = this.#carry.subarray(0, this.#held);
    this.#at = this.#held = 0;
    this.#carry = NOTHING;
  }

  /** Moves the chunk's bytes up to `end` to the head that is split; its memory grows with what arrives. */
  #keep(end: number): void {
    const held = this.#held;
    this.#held += end - this.#at;
    if (this.#held > this.#carry.length) {
      const larger = new Uint8Array(Math.min(this.#needed + 4, 2 * this.#held));
      copyBytes(this.#carry, 0, held, larger, 0);
      this.#carry = larger;
    }
    copyBytes(this.#chunk, this.#at, end, this.#carry, held);
    this.#at = end;
  }

  /**
   * Judges the head at that place as far as it is there; returns how many bytes of it must be there before
   * more can be said, and at last how many it has.
   */
  #judge(bytes: Uint8Array, start: number, there: number): number {
    const r = this.#reader;
    r.bytes = bytes;
    r.start = r.at = start;
    r.end = there;
    this.#size = readHeader(r, this.#limit, this.#connectLimit);
    if (this.#size === 0) return there + 1 - start;
    r.end = start + this.#size;
    let needed = r.at;
    if (r.packetType === 'connect') needed = endOfLevel(r, there);
    else if (r.packetType === 'publish' && this.#publishHeads) {
      needed = endOfPublishHead(r, there, this.#publishLimit);
    }
    return needed - start;
  }

  #abort(): FrameEvent {
    const r = this.#reader;
    const count = this.#within ? this.#size - this.#remaining : this.#held;
    r.start = 0;
    this.#within = false;
    this.#held = this.#buffered = 0;
    this.#carry = NOTHING;
    const error = cutShort(r, 'remainingLength', count) as MalformedPacketError;
    return { type: 'aborted', error };
  }
}
