// owned: one network connection to the peer under test: what goes out is noted, what comes in is read strictly.

import type { Sender } from '../../bytes/settings.js';
import { encode } from '../../codec.js';
import { isMqttError, type ProtocolVersion } from '../../errors.js';
import type { DecodedPacket, Packet } from '../../packets/index.js';
import { MAXIMUM_PACKET_SIZE } from '../../spec/limits.js';
import { PacketParser } from '../../stream/index.js';
import { rawBytes } from '../raw.js';
import type { NetworkConnection } from './network.js';
import type { Trial } from './trial.js';
import { packetWords } from './words.js';

export interface Wire {
  /** Writes packets, cut into pieces of those sizes; whether they arrive is another matter. */
  send(packets: readonly Packet[], pieces?: readonly number[]): void;
  /** Writes bytes that are no packet of ours. */
  sendRaw(bytes: Uint8Array, words: string): void;
  /** Cuts the connection: nothing that arrives later counts. */
  close(): void;
  /** Resolves when all that was written has been handed to the network. */
  flushed(): Promise<void>;
  /** Whether it stands, as far as we know. */
  readonly isOpen: boolean;
}

/** The bytes in pieces: the sizes are gone through again and again. */
function split(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = Math.max(1, sizes[index % sizes.length] ?? bytes.length);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

/** Puts a test's end to a network connection. */
export function openWire(
  trial: Trial,
  network: NetworkConnection,
  who: string,
  from: Sender,
  heed: (packet: DecodedPacket) => void,
  over: () => void,
): Wire {
  const limits = { maximumPacketSize: MAXIMUM_PACKET_SIZE, maximumConnectSize: MAXIMUM_PACKET_SIZE };
  const parser = new PacketParser({ version: trial.version, from, copy: true, ...limits });
  let isOpen = true;
  let last: Promise<void> = Promise.resolve();
  const write = (bytes: Uint8Array): void => {
    // A connection that is gone shows when nothing is received any more.
    last = last.then(() => network.send(bytes)).catch(() => {});
  };
  const shut = (): void => {
    isOpen = false;
    last = last.then(() => network.close()).catch(() => {});
  };
  const take = (chunk: Uint8Array): void => {
    parser.push(chunk);
    for (let packet = parser.next(); packet !== undefined && isOpen; packet = parser.next()) {
      trial.note(`${who} gets ${packetWords(packet)}`);
      heed(packet);
    }
  };
  const pump = async (): Promise<void> => {
    for (;;) {
      const chunk = await network.receive().catch(() => undefined);
      if (!isOpen) return;
      if (chunk === undefined) break;
      take(chunk);
    }
    parser.end();
  };
  const ended = (error?: unknown): void => {
    if (!isOpen) return;
    if (isMqttError(error)) {
      trial.accuse('well-formed', `${who} gets bytes that are wrong: ${error.message}`, error.statement);
    } else if (error !== undefined) {
      trial.fail(error instanceof Error ? error : new Error('not an Error'));
    }
    shut();
    trial.note(`${who} has no connection any more`);
    over();
  };
  pump().then(ended, ended);
  return {
    send(packets, pieces = []) {
      if (!isOpen) return;
      for (const packet of packets) trial.note(`${who} sends ${packetWords(packet)}`);
      const bytes = rawBytes(...packets.map((packet) => encode<ProtocolVersion>(packet, trial.version)));
      for (const piece of pieces.length === 0 ? [bytes] : split(bytes, pieces)) write(piece);
    },
    sendRaw(bytes, words) {
      trial.note(`${who} sends ${words}`);
      write(bytes);
    },
    close() {
      if (!isOpen) return;
      trial.note(`${who} cuts the connection`);
      shut();
    },
    flushed: () => last,
    get isOpen() {
      return isOpen;
    },
  };
}
