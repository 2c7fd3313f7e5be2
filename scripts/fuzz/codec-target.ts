// The promises of `decode`, whatever the bytes.
import { isDeepStrictEqual } from 'node:util';
import type { Arbitrary } from 'fast-check';
import {
  type InvalidBytes,
  type InvalidPacket,
  invalidBytes,
  invalidPacket,
  mutatedBytes,
  packetBytes,
} from '../../src/arbitraries/index.js';
import { RULES as LENIENT } from '../../src/bytes/settings.js';
import {
  type DecodedPacket,
  type DecodeOptions,
  decode,
  encode,
  InvalidPacketError,
  isMqttError,
  MalformedPacketError,
  type PacketOf,
  ProtocolError,
  type ProtocolVersion,
  type Sender,
  UnsupportedVersionError,
} from '../../src/codec.js';
import { demand, pick, SENDERS } from './demand.js';
import { valueFrom } from './parametric.js';

/** The first byte of an input says how to read the rest. */
export function modeOf(input: Uint8Array): {
  readonly version: ProtocolVersion;
  readonly options: DecodeOptions;
  readonly isStructured: boolean;
  readonly rest: Uint8Array;
} {
  const mode = input[0] ?? 0;
  const lenient = (mode & 0x30) === 0x30 ? LENIENT : undefined;
  return {
    version: (mode & 1) === 0 ? 5 : 4,
    options: { from: pick(SENDERS, mode >> 1), lenient },
    isStructured: (mode & 8) !== 0,
    rest: input.subarray(1),
  };
}

interface Arbitraries {
  readonly right: Arbitrary<Uint8Array>;
  readonly mutated: Arbitrary<Uint8Array>;
  readonly invalid: Arbitrary<InvalidBytes>;
}

// To put an arbitrary together takes longer than to draw from it.
const known = new Map<string, Arbitraries>();

/** What packets of that version and sender are made of. */
export function arbitrariesOf(version: ProtocolVersion, from: Sender | undefined): Arbitraries {
  const key = `${version} ${from}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const right = packetBytes({ version, from });
  const made = { right, mutated: mutatedBytes(right), invalid: invalidBytes({ version, from }) };
  known.set(key, made);
  return made;
}

/** The first byte of inputs that are bytes of a packet. */
export const rawMode = (version: ProtocolVersion): number => (version === 5 ? 0 : 1);

export function decodeTarget(input: Uint8Array): void {
  const { version, options, isStructured, rest } = modeOf(input);
  if (!isStructured) {
    checkDecode(rest, version, options);
    return;
  }
  const { from } = options;
  const kind = (rest[0] ?? 0) % 4;
  const choices = rest.subarray(1);
  if (kind === 0) {
    const { bytes, code, reasonCode } = valueFrom(arbitrariesOf(version, from).invalid, choices);
    const error = checkDecode(bytes, version, { from });
    demand(isMqttError(error), `a ${code} was accepted`);
    demand(
      error.code === code && Reflect.get(error, 'reasonCode') === reasonCode,
      `${error.code}, not ${code}`,
    );
    checkDecode(bytes, version, options);
    return;
  }
  const { right, mutated } = arbitrariesOf(version, from);
  const bytes = valueFrom(kind === 1 ? right : mutated, choices);
  const error = checkDecode(bytes, version, options);
  demand(kind !== 1 || error === undefined, 'a valid packet was refused');
}

const refusals = new Map<string, Arbitrary<InvalidPacket>>();

/** Packets that are wrong in one known way are refused for that, and any that is written can be read. */
export function encodeTarget(input: Uint8Array): void {
  const { version, options, rest } = modeOf(input);
  const { from } = options;
  const key = `${version} ${from}`;
  const wrong = refusals.get(key) ?? invalidPacket({ version, from });
  refusals.set(key, wrong);
  const { packet, code, field } = valueFrom(wrong, rest);
  try {
    encode<ProtocolVersion>(packet as PacketOf<5>, version, { from });
  } catch (error) {
    demand(error instanceof InvalidPacketError, `${error}`);
    demand(
      error.code === code && error.field === field,
      `${error.code} in ${error.field}: ${code} in ${field}`,
    );
    return;
  }
  demand(false, `a packet was written with ${code} in ${field}`);
}

/** Decodes bytes and checks all that can be said of what comes; returns the error, if any. */
export function checkDecode(
  bytes: Uint8Array,
  version: ProtocolVersion,
  options: DecodeOptions,
): Error | undefined {
  const before = bytes.slice();
  let packet: DecodedPacket | undefined;
  let error: Error | undefined;
  try {
    packet = decode<ProtocolVersion>(bytes, version, options);
  } catch (thrown) {
    error = checkError(thrown, bytes);
  }
  demand(Buffer.compare(before, bytes) === 0, 'the input was changed');
  if (packet !== undefined) checkPacket(packet, bytes, version, options);
  return error;
}

/** Checks that an error is one that bytes may earn, with its place within them. */
function checkError(error: unknown, bytes: Uint8Array): Error {
  if (!isMqttError(error)) throw error;
  const { name, reasonCode, offset, field, message } = {
    offset: 0,
    field: '',
    reasonCode: -1,
    ...error,
    message: error.message,
    name: error.name,
  };
  const isDue =
    error instanceof MalformedPacketError ||
    error instanceof ProtocolError ||
    error instanceof UnsupportedVersionError;
  demand(isDue, `${name} is no error of bytes`);
  demand(
    reasonCode === 0x81 || error instanceof MalformedPacketError === false,
    `${name} with ${reasonCode}`,
  );
  demand([0x81, 0x82, 0x84, 0x94].includes(reasonCode), `reason code ${reasonCode}`);
  demand(Number.isInteger(offset) && offset >= 0 && offset <= bytes.length, `offset ${offset}`);
  demand(!/undefined|NaN|#/.test(message), `field ${field}: ${message}`);
  demand(typeof field === 'string' || error instanceof UnsupportedVersionError, 'no field is named');
  return error;
}

/** Checks a decoded packet: it is the same as a copy, and writing it gives it again, in its shortest form. */
function checkPacket(
  packet: DecodedPacket,
  bytes: Uint8Array,
  version: ProtocolVersion,
  options: DecodeOptions,
): void {
  const copied = decode<ProtocolVersion>(bytes, version, { ...options, copy: true });
  demand(isDeepStrictEqual(copied, packet), 'a copy differs');
  const { from } = options;
  let written: Uint8Array;
  try {
    written = encode<ProtocolVersion>(packet as PacketOf<5>, version, { from });
  } catch (error) {
    if (!(error instanceof InvalidPacketError) || !mayBeUnsendable(packet, error, options)) throw error;
    return;
  }
  demand(written.length <= bytes.length, 'what is written is longer than what was read');
  const again = decode<ProtocolVersion>(written, version, { from });
  demand(isDeepStrictEqual(again, packet), 'what is written reads otherwise');
  const twice = encode<ProtocolVersion>(again as PacketOf<5>, version, { from });
  demand(Buffer.compare(twice, written) === 0, 'what is written is not canonical');
}

/** Whether a packet is one that must be read and answered, but not sent. */
function mayBeUnsendable(
  packet: DecodedPacket,
  { code, field }: InvalidPacketError,
  { lenient = [] }: DecodeOptions,
): boolean {
  if (packet.type === 'connect' && field === 'clientId' && packet.protocolVersion === 4) return true;
  return (lenient as readonly string[]).includes(code);
}
