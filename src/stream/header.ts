// pure: the fixed header of a packet that may not be there yet.
import { describePlace } from '../bytes/place.js';
import type { Reader } from '../bytes/reader.js';
import { PacketTooLargeError } from '../errors.js';
import { readFirstByte, readRemainingLength } from '../packets/frame.js';

/**
 * Reads as much of a fixed header as is there, from `r.at` to `r.end`, and judges it at once; returns the
 * size of the whole packet, or 0 while that is not known.
 */
export function readHeader(r: Reader, limit: number, connectLimit: number): number {
  const { bytes, start, end } = r;
  const type = readFirstByte(r);
  // A fifth byte of the Remaining Length does not exist: the fourth is judged as it stands.
  for (let last = start + 1; last <= start + 4; last++) {
    if (last === end) return 0;
    if (bytes[last]! < 0x80) break;
  }
  const size = readRemainingLength(r) + r.at - start;
  checkSize(r, size, type === 1 ? Math.min(connectLimit, limit) : limit);
  return size;
}

/** Refuses a packet, or the head of one, that is larger than it may be. */
export function checkSize(r: Reader, size: number, limit: number): void {
  if (size > limit) {
    throw new PacketTooLargeError({
      ...describePlace(r, ''),
      code: 'packet-too-large',
      reasonCode: 0x95,
      size,
      limit,
    });
  }
}

/** Checks a limit in bytes; throws RangeError. */
export function checkLimit(value: number, name: string): number {
  if (!(value >= 1)) throw new RangeError(`${name} must be at least 1 byte`);
  return value;
}
