// owned: the bytes of one packet that came in pieces.

// Packets up to this size share slabs; each slab is used once, so views into it stay valid.
const LARGEST_SHARED = 8_192;
const LARGEST_SLAB = 32_768;
// A large packet's memory grows with what has arrived, from here.
const FIRST_CAPACITY = 32_768;
// Below this many bytes a loop is cheaper than a call into the engine.
const COPY_BY_HAND = 32;

/** Gathers a packet: its memory is at most twice what has arrived, plus a slab of 32 KiB. */
export class Carry {
  /** The gathered bytes begin at `start` in here. */
  bytes: Uint8Array = new Uint8Array(5);
  start = 0;
  /** How many bytes are gathered. */
  held = 0;
  /** The size of the whole packet; 0 until its fixed header is there. */
  size = 0;
  /** The length of its fixed header. */
  header = 0;
  private readonly head: Uint8Array = this.bytes;
  private slab: Uint8Array = this.head;
  private slabUsed = 5;

  /** Says how large the packet is, once that is known, and finds room for it. */
  open(size: number, header: number): void {
    const { bytes, start, held } = this;
    this.size = size;
    this.header = header;
    if (size <= LARGEST_SHARED) {
      if (this.slab.length - this.slabUsed < size) {
        // A busy stream earns larger slabs; an idle one never holds more than it needs.
        const length = Math.min(Math.max(2 * this.slab.length, size, 512), LARGEST_SLAB);
        this.slab = new Uint8Array(length);
        this.slabUsed = 0;
      }
      this.bytes = this.slab;
      this.start = this.slabUsed;
      this.slabUsed += size;
    } else {
      this.bytes = new Uint8Array(Math.min(size, FIRST_CAPACITY));
      this.start = 0;
    }
    for (let i = 0; i < held; i++) this.bytes[this.start + i] = bytes[start + i]!;
  }

  /** Adds bytes; never more than the packet has. */
  append(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const at = this.start + this.held;
    this.held += length;
    if (this.size > LARGEST_SHARED && this.held > this.bytes.length) this.grow(at);
    if (length > COPY_BY_HAND) this.bytes.set(from.subarray(start, end), at);
    else for (let i = 0; i < length; i++) this.bytes[at + i] = from[start + i]!;
  }

  private grow(used: number): void {
    const larger = new Uint8Array(Math.min(this.size, 2 * this.held));
    larger.set(this.bytes.subarray(0, used));
    this.bytes = larger;
  }

  /** Forgets the packet but not its bytes, which views may lie in. */
  release(): void {
    this.bytes = this.head;
    this.start = 0;
    this.held = 0;
    this.size = 0;
  }

  /** Forgets everything. */
  drop(): void {
    this.release();
    this.slab = this.head;
    this.slabUsed = 5;
  }
}
