// pure: the fixed header of a packet that may not be there yet.
import type { Reader } from '../bytes/reader.js';
import { PacketTooLargeError } from '../errors.js';
import { readFirstByte, readRemainingLength } from '../packets/frame.js';

/** The length of the fixed header at that place: 2 to 5 bytes, or 0 while its end is not there. */
export function headerLength(bytes: Uint8Array, at: number, held: number): number {
  for (let length = 2; length <= held; length++) {
    // A fifth byte of the Remaining Length does not exist: the fourth is judged as it stands.
    if (bytes[at + length - 1]! < 0x80 || length === 5) return length;
  }
  return 0;
}

/**
 * Reads as much of a fixed header as is there, from `r.at` to `r.end`, and judges it at once; returns the
 * size of the whole packet, or 0 while that is not known.
 */
export function readHeader(r: Reader, limit: number, connectLimit: number): number {
  const type = readFirstByte(r);
  const header = headerLength(r.bytes, r.start, r.end - r.start);
  if (header === 0) return 0;
  const size = header + readRemainingLength(r);
  checkSize(r, size, type === 1 ? connectLimit : limit);
  return size;
}

/** Refuses a packet, or the head of one, that is larger than it may be. */
export function checkSize(r: Reader, size: number, limit: number): void {
  if (size > limit) {
    const { version, packetType } = r;
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

/** Checks a limit in bytes; throws RangeError. */
export function limitOf(value: number | undefined, otherwise: number, name: string): number {
  if (value === undefined) return otherwise;
  if (!(value >= 1)) throw new RangeError(`${name} must be at least 1 byte`);
  return value;
}
