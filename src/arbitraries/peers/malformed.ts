// pure: bytes that a peer must refuse, each with what is due for it, ready for a socket.
import type { Arbitrary } from 'fast-check';
import type { Sender } from '../../bytes/settings.js';
import { decode } from '../../codec.js';
import {
  isMqttError,
  MalformedPacketError,
  type MqttError,
  ProtocolError,
  type ProtocolVersion,
  UnsupportedVersionError,
} from '../../errors.js';
import { invalidBytes } from '../invalid-bytes.js';

/** What is due for malformed bytes. */
export interface MalformedDue {
  /** The name of the class of the error, such as `MalformedPacketError`. */
  readonly class: string;
  /** What a peer of MQTT 5.0 should be told, in a DISCONNECT, or in a CONNACK for a CONNECT; 3.1.1 has no words for it. */
  readonly reasonCode: number;
  /** The number of the statement that is broken, such as `MQTT-3.3.1-4`, where there is one. */
  readonly statement: string | undefined;
  /** The field that is to blame, where one is. */
  readonly field: string | undefined;
}

/** Bytes that the other side must refuse. */
export interface Malformed {
  /** Exactly what its fixed header announces, so that nobody waits for more. */
  readonly bytes: Uint8Array;
  readonly version: ProtocolVersion;
  /** Who would have sent it. */
  readonly from: Sender;
  /** Whether it takes the place of CONNECT or CONNACK; anything else comes behind them. */
  readonly isFirst: boolean;
  readonly due: MalformedDue;
}

/** Which malformed bytes to make. */
export interface MalformedOptions {
  readonly version: ProtocolVersion;
  /** Who sends them: `client` to test a broker, `server` to test a client. */
  readonly from: Sender;
}

/** A wrong vector of `fixtures/`, as it stands there. */
export interface InvalidVector {
  readonly hex: string;
  /** The side that sends, where the vector is wrong for that one only. */
  readonly from?: Sender | undefined;
}

/** Whether the bytes are as many as the fixed header announces, or more of a length than there can be. */
export function isWholeFrame(bytes: Uint8Array): boolean {
  let length = 0;
  for (let at = 1; at < 5; at++) {
    const byte = bytes[at];
    if (byte === undefined) return false;
    length += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 0x80) return bytes.length === at + 1 + length;
  }
  return true;
}

// CONNECT and CONNACK.
const FIRST_TYPES: Readonly<Record<Sender, number>> = { client: 1, server: 2 };

function dueOf(error: MqttError): MalformedDue {
  const { name, statement } = error;
  if (error instanceof MalformedPacketError || error instanceof ProtocolError) {
    return { class: name, reasonCode: error.reasonCode, statement, field: error.field };
  }
  const reasonCode = error instanceof UnsupportedVersionError ? error.reasonCode : 0x81;
  return { class: name, reasonCode, statement, field: undefined };
}

/** What is due for bytes of that side, as a strict reader says; undefined where they are right, or not whole. */
function labelled(bytes: Uint8Array, { version, from }: MalformedOptions): Malformed | undefined {
  if (!isWholeFrame(bytes)) return undefined;
  try {
    decode<ProtocolVersion>(bytes, version, { from });
  } catch (error) {
    if (!isMqttError(error)) throw error;
    const isFirst = (bytes[0] ?? 0) >> 4 === FIRST_TYPES[from];
    return { bytes, version, from, isFirst, due: dueOf(error) };
  }
  return undefined;
}

/** What the other version of the protocol would read is not wrong for a peer that speaks both. */
function isForeign({ bytes, version, due, from }: Malformed): boolean {
  if (due.class !== 'UnsupportedVersionError') return false;
  try {
    decode<ProtocolVersion>(bytes, version === 4 ? 5 : 4, { from });
    return true;
  } catch {
    return false;
  }
}

/**
 * Malformed packets of one side, labelled, ready to be thrown at a socket: behind a handshake, or in its place where
 * `isFirst` says so. Whoever gets one must close the connection (MQTT-4.8.0-1 of 3.1.1, section 4.13 of 5.0), and
 * should tell a 5.0 peer `due.reasonCode` before.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * fc.assert(fc.property(malformedBytes({ version: 5, from: 'client' }), ({ due }) => due.reasonCode >= 0x80));
 * ```
 */
export function malformedBytes(options: MalformedOptions): Arbitrary<Malformed> {
  const { version, from } = options;
  return invalidBytes({ version, from })
    .map(({ bytes }) => labelled(bytes, options))
    .filter((each): each is Malformed => each !== undefined && !isForeign(each));
}

/**
 * The wrong vectors of a file of `fixtures/v4/invalid` or `fixtures/v5/invalid` that are for the peer of that side,
 * labelled like {@link malformedBytes}; vectors for the other side, and those that are not whole, are left out.
 *
 * @example
 * ```ts
 * const vectors = [{ name: 'QoS 3', hex: '36080003612f62000100' }];
 * malformedCorpus(vectors, { version: 5, from: 'client' })[0]?.due.statement; // => 'MQTT-3.3.1-4'
 * ```
 */
export function malformedCorpus(vectors: readonly InvalidVector[], options: MalformedOptions): Malformed[] {
  return vectors
    .filter(({ from }) => from === undefined || from === options.from)
    .map(({ hex }) => labelled(bytesOf(hex), options))
    .filter((each): each is Malformed => each !== undefined && !isForeign(each));
}

/** Hexadecimal digits, in which `(61*200)` stands for a part that is repeated. */
function bytesOf(hex: string): Uint8Array {
  const whole = hex.replace(/\(([\da-f]+)\*(\d+)\)/g, (_, part: string, times: string) =>
    part.repeat(Number(times)),
  );
  return Uint8Array.from({ length: whole.length / 2 }, (_, at) =>
    Number.parseInt(whole.slice(2 * at, 2 * at + 2), 16),
  );
}

/** Malformed bytes in words. */
export const malformedWords = ({ bytes, due }: Malformed): string => {
  const hex = [...bytes.subarray(0, 24)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex}${bytes.length > 24 ? '...' : ''}, wrong in ${due.field ?? 'its place'}`;
};
