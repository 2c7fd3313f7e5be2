// pure: how the codec lays out its memory, and where one way of doing things overtakes another, in bytes.

/** Room left before the body of a packet for the fixed header: a type byte and a Remaining Length of four. */
export const HEADER_ROOM: number = 5;

/** Up to this many bytes a loop is cheaper than a call into the engine. */
export const COPY_BY_HAND: number = 64;

/** Frames up to this size are copied by hand. */
export const TINY_FRAME: number = 16;

/** Payloads up to this size go through the scratch memory. */
export const SMALL_PAYLOAD: number = 256;

/** What a huge packet made the scratch memory grow to is given back. */
export const LARGEST_SPARE: number = 65_536;

/**
 * Split packets are gathered in slabs of up to this size. Each byte of a slab is used once, so views into it stay
 * valid; a packet that needs more gets memory of its own, which grows with what arrives.
 */
export const LARGEST_SLAB: number = 32_768;
