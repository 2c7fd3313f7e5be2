// Every codec behind one face: how it is loaded, how a packet is said in its words, what it cannot do.
import type { ProtocolVersion } from '../../src/index.js';
import type { Item } from './workloads.js';

/** A codec, ready to run. Packets are `unknown`: each has its own. */
export interface Codec {
  /** Says a packet in the codec's own words, once and outside all measuring. */
  prepare(item: Item): unknown;
  encode(packet: unknown, version: ProtocolVersion): Uint8Array;
  decode(frame: Buffer, version: ProtocolVersion): unknown;
  /** A parser of a stream of version 4: takes a chunk, and calls back with the size of each payload. */
  stream(onPayload: (length: number) => void): (chunk: Buffer) => void;
  /** What it decoded, in our words, to compare. */
  toOurs(decoded: unknown, version: ProtocolVersion): unknown;
}

export interface Contestant {
  readonly name: string;
  /** Loads it, given the address of puremqtt's built entry. */
  load(puremqtt: string): Promise<Codec>;
  /** Whether it cannot do a workload, with the reason: `direction` and the title of the workload. */
  cannot(direction: string, title: string): string | undefined;
}

/** Data of a foreign library, whose shape only the library knows. */
// biome-ignore lint/suspicious/noExplicitAny: the check compares every field, and that at run time
export type Loose = Record<string, any>;
