// What a broker makes of vectors, as bytes on a socket.
import { connect, type Socket } from 'node:net';
import { decode, encode, isMqttError, type ProtocolVersion } from '../../src/codec.js';
import type { Vector } from '../lib/vectors.js';
import { isWhole } from './compare.js';

/** `accepts`: it goes on; `refuses`: it closes, or answers a CONNECT with another code than 0; `waits`: neither. */
export type Verdict = 'accepts' | 'refuses' | 'waits';

// What clients send. A DISCONNECT ends the connection whether it is right or wrong, and so says nothing.
const TYPES: ReadonlySet<number> = new Set([0, 1, 3, 4, 5, 6, 7, 8, 10, 12, 15]);

/** The vectors that a broker must refuse whatever went before. */
export const isForBroker = ({ frame, from, error, version }: Vector): boolean =>
  error !== undefined &&
  from !== 'server' &&
  TYPES.has(frame[0]! >> 4) &&
  isWhole(frame) &&
  !(error.code === 'unsupported-version' && isValid(frame, version === 4 ? 5 : 4));

/** What is wrong because another version was asked for is right for a broker that speaks both. */
function isValid(frame: Uint8Array, version: ProtocolVersion): boolean {
  try {
    decode<ProtocolVersion>(frame, version);
    return true;
  } catch {
    return false;
  }
}

const PATIENCE = 5_000;

let names = 0;

function hello(version: ProtocolVersion): Uint8Array {
  names++;
  const common = { type: 'connect', clientId: `vector-${names}`, cleanStart: true, keepAlive: 60 } as const;
  return version === 5
    ? encode({ ...common, protocolVersion: 5 }, 5)
    : encode({ ...common, protocolVersion: 4 }, 4);
}

/** Reads until there are so many bytes; undefined when the connection ends before. */
async function read(
  socket: Socket,
  enough: (bytes: Uint8Array) => boolean,
): Promise<Uint8Array | 'ended' | 'late'> {
  let bytes = new Uint8Array(0);
  return new Promise((done) => {
    const timer = setTimeout(() => finish('late'), PATIENCE);
    const take = (chunk: Buffer): void => {
      bytes = new Uint8Array([...bytes, ...chunk]);
      if (enough(bytes)) finish(bytes);
    };
    const ended = (): void => finish('ended');
    const finish = (result: Uint8Array | 'ended' | 'late'): void => {
      clearTimeout(timer);
      socket.off('data', take).off('close', ended).off('end', ended);
      done(result);
    };
    socket.on('data', take).on('close', ended).on('end', ended);
  });
}

/** The end of the first packet, where it is all there. */
function firstEnd(bytes: Uint8Array): number | undefined {
  const end = 2 + (bytes[1] ?? 0x80);
  return (bytes[1] ?? 0x80) < 0x80 && bytes.length >= end ? end : undefined;
}

/** Whether a PINGRESP has come, among whatever a subscription may have brought about. */
function hasPingresp(bytes: Uint8Array): boolean {
  for (let at = 0; at + 1 < bytes.length; ) {
    if (bytes[at] === 0xd0) return true;
    let length = 0;
    let end = at + 1;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[end++];
      if (byte === undefined) return false;
      length += (byte & 0x7f) * shift;
      if (byte < 0x80) break;
    }
    at = end + length;
  }
  return false;
}

/** Sends one vector to a broker, behind a handshake where it is no CONNECT. */
export async function judge({ frame, version }: Vector, port: number): Promise<Verdict> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  // A reset is an end like any other.
  socket.on('error', () => {});
  try {
    if (frame[0]! >> 4 === 1) {
      socket.write(frame);
      const answer = await read(socket, (bytes) => firstEnd(bytes) !== undefined);
      if (typeof answer === 'string') return answer === 'ended' ? 'refuses' : 'waits';
      return answer[3] === 0 ? 'accepts' : 'refuses';
    }
    socket.write(hello(version));
    const greeting = await read(socket, (bytes) => firstEnd(bytes) !== undefined);
    if (typeof greeting === 'string') throw new Error('the broker takes no connection');
    socket.write(Buffer.concat([frame, Uint8Array.of(0xc0, 0)]));
    // It goes on if it answers the ping behind the vector; a DISCONNECT is on the way to closing.
    const answer = await read(socket, hasPingresp);
    if (typeof answer !== 'string') return 'accepts';
    return answer === 'ended' ? 'refuses' : 'waits';
  } finally {
    socket.destroy();
  }
}

/** A vector on which a broker and puremqtt do not agree. */
export interface Disagreement {
  readonly kind: string;
  readonly version: ProtocolVersion;
  readonly vector: Vector;
}

const AT_A_TIME = 50;

/** Sends all vectors that are for brokers, and tells of those that it does not refuse. */
export async function disagreements(vectors: readonly Vector[], port: number): Promise<Disagreement[]> {
  const left = vectors.filter(isForBroker).reverse();
  const found: Disagreement[] = [];
  const work = async (): Promise<void> => {
    for (let vector = left.pop(); vector !== undefined; vector = left.pop()) {
      const verdict = await judge(vector, port);
      if (verdict === 'refuses') continue;
      found.push({ kind: `${verdict} ${codeOf(vector)}`, version: vector.version, vector });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return found;
}

/** The reason for which puremqtt refuses it, and in what packet. */
function codeOf({ frame, version, from }: Vector): string {
  try {
    decode<ProtocolVersion>(frame, version, { from });
  } catch (error) {
    if (isMqttError(error)) return error.code;
  }
  throw new Error('not invalid');
}
