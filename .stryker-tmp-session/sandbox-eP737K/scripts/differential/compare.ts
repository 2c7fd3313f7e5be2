// @ts-nocheck
// Where puremqtt and another implementation differ, by kinds.
import { isDeepStrictEqual } from 'node:util';
import {
  decode,
  encode,
  InvalidPacketError,
  isMqttError,
  normalize,
  type Packet,
  type PacketOf,
  type ProtocolVersion,
} from '../../src/codec.js';
import { type Loose, type Outcome, readTheirs, type Version, writeTheirs } from './mqtt-packet.js';

/** A difference that was seen. */
export interface Difference {
  readonly kind: string;
  readonly version: Version;
  /** The bytes that were read, or the packet that was written. */
  readonly example: Uint8Array | Loose;
  /** What was seen, for people. */
  readonly told: string;
}

// Messages name values and packets; the kind does not.
const brief = (message: string): string =>
  message
    .replace(/, must be.*$/, '')
    .replace(/:.*$/s, '')
    .replace(/It must be.*Received.*$/s, '')
    .trim();

/** Reads a frame in both ways. */
export function compareReading(frame: Uint8Array, version: Version): Difference[] {
  const theirs = readTheirs(frame, version);
  const found = (kind: string, told: string): Difference[] => [{ kind, version, example: frame, told }];
  let packet: Loose;
  try {
    packet = decode<ProtocolVersion>(frame, version) as unknown as Loose;
  } catch (error) {
    if (!isMqttError(error)) throw error;
    if ('value' in theirs) return found(`accepts ${error.code}`, `reads it as ${show(theirs.value)}`);
    if ('thrown' in theirs) return found('throws while reading', `throws ${theirs.thrown}`);
    // Of a frame that is not whole, a parser of streams may well await the rest.
    if ('silence' in theirs && isWhole(frame)) {
      return found(`waits at ${error.code}`, 'gives no packet and no error');
    }
    return [];
  }
  if ('refusal' in theirs) return found(`refuses: ${brief(theirs.refusal)}`, theirs.refusal);
  if ('thrown' in theirs) return found('throws while reading', `throws ${theirs.thrown}`);
  if ('silence' in theirs) return found('waits at a valid packet', 'gives no packet and no error');
  return differingPaths(packet, theirs.value).flatMap((path) =>
    found(`reads ${path} otherwise`, `reads it as ${show(theirs.value)}`),
  );
}

/** Whether there are as many bytes as the fixed header announces. */
export function isWhole(frame: Uint8Array): boolean {
  const end = frame.findIndex((byte, index) => index > 0 && byte < 0x80);
  if (end < 0) return frame.length >= 5;
  const length = frame.subarray(1, end + 1).reduceRight((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  return frame.length >= end + 1 + length;
}

/** Writes a packet in both ways. */
export function compareWriting(packet: Loose, version: Version): Difference[] {
  const found = (kind: string, told: string): Difference[] => [{ kind, version, example: packet, told }];
  let theirs: Outcome<Uint8Array>;
  let ours: Uint8Array;
  try {
    ours = encode<ProtocolVersion>(packet as unknown as PacketOf<5>, version);
  } catch (error) {
    if (!(error instanceof InvalidPacketError)) throw error;
    theirs = writeTheirs(packet, version);
    if ('value' in theirs)
      return found(`writes ${error.code}`, `writes ${Buffer.from(theirs.value).toString('hex')}`);
    return 'thrown' in theirs ? found('throws while writing', `throws ${theirs.thrown}`) : [];
  }
  theirs = writeTheirs(packet, version);
  if ('refusal' in theirs) return found(`does not write: ${brief(theirs.refusal)}`, theirs.refusal);
  if ('thrown' in theirs) return found('throws while writing', `throws ${theirs.thrown}`);
  if ('silence' in theirs) return found('writes nothing', 'writes nothing');
  return compareBytes(packet, ours, theirs.value, version).flatMap((kind) =>
    found(kind, `writes ${Buffer.from('value' in theirs ? theirs.value : []).toString('hex')}`),
  );
}

/** What is different in the bytes of a packet that is right. */
function compareBytes(packet: Loose, ours: Uint8Array, theirs: Uint8Array, version: Version): string[] {
  if (Buffer.compare(ours, theirs) === 0) return [];
  let read: Loose;
  try {
    read = decode<ProtocolVersion>(theirs, version) as unknown as Loose;
  } catch (error) {
    if (!isMqttError(error)) throw error;
    return [`writes a valid packet with ${error.code}`];
  }
  const meant = normalize<ProtocolVersion>(
    packet as unknown as Packet as PacketOf<5>,
    version,
  ) as unknown as Loose;
  const paths = differingPaths(meant, read);
  if (paths.length > 0) return paths.map((path) => `writes ${path} otherwise`);
  return [theirs.length > ours.length ? 'writes more bytes than needed' : 'writes in another order'];
}

/** The fields in which two packets differ; numbers in lists are left out, and so is what lies within a property. */
function differingPaths(ours: unknown, theirs: unknown, path = ''): string[] {
  if (isDeepStrictEqual(ours, theirs)) return [];
  const isObject = (value: unknown): value is Loose =>
    typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
  const isProperty = /properties\.\w+$/.test(path);
  if (!isObject(ours) || !isObject(theirs) || isProperty) return [path === '' ? 'the packet' : path];
  if (Array.isArray(ours) !== Array.isArray(theirs)) return [path];
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  const all = [...names].flatMap((name) => {
    const next = Array.isArray(ours) ? `${path}[]` : path === '' ? name : `${path}.${name}`;
    return differingPaths(ours[name], theirs[name], next);
  });
  // Objects that differ in the order of their keys only are equal.
  return [...new Set(all)];
}

function show(packet: Loose): string {
  const text = JSON.stringify(packet, (_, value: unknown) =>
    value instanceof Uint8Array ? `0x${Buffer.from(value).toString('hex')}` : value,
  );
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}
