// owned: what a connection has received and not read yet.
import type { DecodedPacket } from '../packets/index.js';
import { PacketParser, type PacketParserOptions } from '../stream/index.js';

/** What a chunk costs besides its bytes, about: single bytes must not be cheap. */
const CHUNK_COST = 256;

/** The parser of a connection, whose reading can stop between two packets. */
export class Intake {
  #parser: PacketParser;
  readonly #options: PacketParserOptions;
  readonly #maximum: number;
  #isStopped = false;
  /** What came and was not read at once, as it counts against the maximum. */
  #kept = 0;
  /** Whether the parser holds a chunk that the caller gets back after this call. */
  #isLent = false;

  constructor(options: PacketParserOptions, maximum: number) {
    this.#parser = new PacketParser(options);
    this.#options = options;
    this.#maximum = maximum;
  }

  /** Whether reading stopped before all was read that came. */
  get hasMore(): boolean {
    return this.#isStopped && this.#parser.buffered > 0;
  }

  /** How many bytes no packet has come out of yet. */
  get buffered(): number {
    return this.#parser.buffered;
  }

  /** Takes a chunk, to be read now or, where reading waits, later; false where more waits than may. */
  add(chunk: Uint8Array, waits: boolean): boolean {
    const isFirst = !this.hasMore;
    const copy = this.#options.copy === true;
    this.#isLent = copy && isFirst && !waits;
    this.#parser.push(copy && !this.#isLent ? chunk.slice() : chunk);
    if (waits) this.#isStopped = true;
    this.#kept = (isFirst ? 0 : this.#kept) + chunk.length + CHUNK_COST;
    return isFirst || this.#kept <= this.#maximum;
  }

  /** Takes over what another Intake had not read. */
  restore(unread: Uint8Array): void {
    this.#isStopped = true;
    this.#parser.push(unread);
  }

  /** The next packet, or undefined where that has not come whole; throws what the parser throws. */
  next(): DecodedPacket | undefined {
    const packet = this.#parser.next();
    if (packet === undefined) this.#isStopped = false;
    return packet;
  }

  /** Reading stops here for now. */
  stop(): void {
    this.#isStopped = true;
    if (!this.#isLent) return;
    this.#isLent = false;
    const { version } = this.#parser;
    const rest = this.#parser.unread();
    this.#parser = new PacketParser({ ...this.#options, version });
    this.#parser.push(rest);
  }

  /** A copy of what was not read. */
  unread(): Uint8Array {
    return this.#parser.unread();
  }
}
