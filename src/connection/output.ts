// owned: the memory that the packets of a call are written to, cut from one slab for all connections.
import type { Bytes } from '../codec.js';
import type { ProtocolVersion } from '../errors.js';
import { fitFrame } from '../packets/frame.js';
import { type Packet, writePacket } from '../packets/index.js';

// Small answers each with memory of their own cost more to allocate than to encode. Each byte of a slab is used once,
// so what was given out stays as it is; a slab lives until the last piece of it is written to its socket.
const SLAB = 65_536;

let slab = new Uint8Array(0);
let used = 0;

/** Encodes packets one after another into one run of bytes, which may be a part of a larger buffer. */
export function encodeAll(packets: readonly Packet[], version: ProtocolVersion): Bytes {
  let memory = slab;
  let start = used;
  let at = used;
  for (const packet of packets) {
    // To measure first would cost as much again.
    let size = fitFrame<Packet>(writePacket, packet, version, memory, at);
    if (size < 0) {
      const made = memory.subarray(start, at);
      // What outgrows a slab doubles, so that many packets are not moved for each of them.
      memory = new Uint8Array(Math.max(SLAB, made.length === 0 ? -size : 2 * (made.length - size)));
      memory.set(made);
      start = 0;
      at = made.length;
      size = fitFrame<Packet>(writePacket, packet, version, memory, at);
    }
    at += size;
  }
  if (memory.length <= SLAB) {
    slab = memory;
    used = at;
  }
  return new Uint8Array(memory.buffer, start, at - start);
}
