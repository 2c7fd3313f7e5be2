// @ts-nocheck
// pure: bytes that are wrong around a packet: type, flags, lengths, and the Packet Identifier.
import * as fc from 'fast-check';
import type { PacketType, ProtocolVersion } from '../errors.js';
import { type Case, wrong } from './cases.js';
import type { PacketOptions } from './fields.js';
import { typesOf } from './packets.js';
import { rawBytes, rawFrame, rawVariableByteInteger } from './raw.js';
import { FIRST_BYTES, hasPacketId, sample, sampleBody } from './samples.js';

const some = fc.uint8Array({ minLength: 1, maxLength: 5 });

/** What can be wrong whatever the type is. */
export function frameCases(type: PacketType, version: ProtocolVersion): Case[] {
  const first = FIRST_BYTES[type];
  const body = sampleBody(type, version);
  const frame = rawFrame(first, body);
  const continued = fc.array(fc.integer({ min: 0x80, max: 0xff }), { minLength: 4, maxLength: 4 });
  const cases = [
    wrong(
      'integer-too-long',
      'remainingLength',
      fc.tuple(continued, some).map(([length, rest]) => rawBytes(first, length, rest)),
    ),
    wrong('cut-short', 'type', fc.constant(rawBytes())),
    wrong(
      'cut-short',
      'remainingLength',
      fc.integer({ min: 1, max: frame.length - 1 }).map((end) => frame.slice(0, end)),
    ),
    wrong(
      'cut-short',
      'remainingLength',
      fc.integer({ min: 1, max: 268_435_455 - body.length }).map((more) => {
        return rawFrame(first, body, { remainingLength: body.length + more });
      }),
    ),
    wrong(
      'trailing-bytes',
      'remainingLength',
      some.map((rest) => rawBytes(frame, rest)),
    ),
  ];
  if (type !== 'publish') {
    const flags = fc.nat(15).filter((each) => each !== (first & 15));
    cases.push(
      wrong(
        'reserved-flags',
        'flags',
        flags.map((each) => rawFrame((first & 0xf0) | each, body)),
      ),
    );
  }
  if (version === 5) {
    const widths = fc.integer({ min: 2, max: 4 });
    cases.push(
      wrong(
        'non-minimal-integer',
        'remainingLength',
        widths.map((width) => {
          return rawFrame(first, body, { remainingLength: rawVariableByteInteger(body.length, width) });
        }),
      ),
    );
  }
  return [...cases, ...endCases(type, version), ...(hasPacketId(type) ? packetIdCases(type, version) : [])];
}

// These end with a list or a payload, which more bytes would go on.
const OPEN_ENDED: ReadonlySet<PacketType> = new Set(['publish', 'subscribe', 'suback', 'unsubscribe']);

/** Bytes within the Remaining Length that nothing announced. */
function endCases(type: PacketType, version: ProtocolVersion): Case[] {
  if (OPEN_ENDED.has(type) || (type === 'unsuback' && version === 5)) return [];
  const body = sampleBody(type, version);
  const longer = some.map((rest) => rawFrame(FIRST_BYTES[type], rawBytes(body, rest)));
  return [wrong('trailing-bytes', 'remainingLength', longer)];
}

function packetIdCases(type: PacketType, version: ProtocolVersion): Case[] {
  const cases = [
    wrong('zero-packet-id', 'packetId', fc.constant(sample(type, version, { packetId: [0, 0] }))),
  ];
  const pieces = { packetId: [], properties: [], string: type === 'publish' ? undefined : [], codes: [] };
  const before = sampleBody(type, version, pieces);
  const cut = fc
    .constantFrom([], [1])
    .map((packetId) => rawFrame(FIRST_BYTES[type], rawBytes(before, packetId)));
  return [...cases, wrong('cut-short', 'packetId', cut)];
}

/** Packets of a type that does not exist, and of a type that this sender does not send. */
export function typeCases(options: PacketOptions): Case[] {
  const { version, from } = options;
  const reserved = fc.tuple(
    version === 4 ? fc.constantFrom(0x00, 0xf0) : fc.constant(0),
    fc.nat(15),
    fc.uint8Array(),
  );
  const cases = [
    wrong(
      'reserved-packet-type',
      'type',
      reserved.map(([type, flags, body]) => rawFrame(type | flags, body)),
    ),
  ];
  if (from !== undefined) {
    const own = typesOf(options);
    const others = typesOf({ version }).filter((type) => !own.includes(type));
    const frames = others.map((type) => sample(type, version));
    cases.push(wrong('wrong-sender', 'type', fc.constantFrom(...frames), 0x82));
  }
  return cases;
}
