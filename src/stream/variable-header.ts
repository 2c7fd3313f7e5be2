// pure: how much of a variable header must be there before it can be read.
import type { Reader } from '../bytes/reader.js';
import { checkSize } from './header.js';

/*
 * Both functions find the reader behind a fixed header, with `r.end` at the packet's end, and the packet's
 * bytes at hand up to `there`. They return the index up to which bytes are needed. It is beyond `there`
 * while more must come; it is not once the variable header can be read, and as soon as it is plain that
 * reading it will fail.
 */

/** For a CONNECT: up to its Protocol Version (section 3.1.2.2). */
export function endOfLevel(r: Reader, there: number): number {
  const { bytes, at, end } = r;
  const name = at + 2;
  if (name > there) return Math.min(name, end);
  const level = name + (bytes[at]! << 8) + bytes[at + 1]!;
  return level > end ? name : Math.min(level + 1, end);
}

/**
 * For a PUBLISH: up to its payload (section 3.3.2), which `r.end` is set to when the variable header
 * fits into the packet. Throws PacketTooLargeError as soon as the head is known to be over the limit.
 */
export function endOfPublishHead(r: Reader, there: number, limit: number): number {
  const { bytes, start, at, end } = r;
  const topic = at + 2;
  if (topic > there) return Math.min(topic, end);
  let next = topic + (bytes[at]! << 8) + bytes[at + 1]!;
  if (next > end) return topic;
  // The Packet Identifier is there for QoS 1 and 2.
  if ((bytes[start]! & 6) !== 0) next += 2;
  checkSize(r, Math.min(next, end) - start, limit);
  if (r.version === 5) {
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      if (next >= end) return end;
      if (next >= there) return next + 1;
      const byte = bytes[next++]!;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
      if (shift === 21) return next;
    }
    if (next + length > end) return next;
    next += length;
    checkSize(r, next - start, limit);
  }
  r.end = Math.min(next, end);
  return r.end;
}
