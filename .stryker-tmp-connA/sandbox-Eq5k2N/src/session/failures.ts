// @ts-nocheck
// pure: the errors that the session and the connection make: of the peer's doing, and of the caller's.
import {
  type InvalidPacketCode,
  InvalidPacketError,
  PacketTooLargeError,
  type PacketType,
  ProtocolError,
  type ProtocolErrorCode,
  type ProtocolVersion,
} from '../errors.js';

/** Where an error of the session or the connection belongs. */
export interface FailureContext {
  readonly version?: ProtocolVersion | undefined;
  readonly packetType?: PacketType | undefined;
  readonly field?: string | undefined;
  /** The statement's number; where the versions differ, that of 3.1.1 stands before the bar, of 5.0 after it. */
  readonly statement?: string | undefined;
}

/** The statement as the standard of that version numbers it. */
function statementOf(text: string | undefined, version: ProtocolVersion | undefined): string | undefined {
  const sides = text?.split('|') ?? [];
  const number = sides[version === 4 ? 0 : sides.length - 1];
  return number ? `MQTT-${number}` : undefined;
}

/** What a peer did wrong, and the Reason Code that it should be told. */
export function violation(
  code: ProtocolErrorCode,
  reasonCode: number,
  { version, packetType, field, statement }: FailureContext = {},
): ProtocolError {
  return new ProtocolError({
    code,
    reasonCode,
    field,
    packetType,
    protocolVersion: version,
    statement: statementOf(statement, version),
  });
}

/** What a caller asked for that cannot be done. */
export function refusal(
  code: InvalidPacketCode,
  field: string,
  { version, packetType, statement }: FailureContext = {},
): InvalidPacketError {
  return new InvalidPacketError({
    code,
    field,
    packetType,
    protocolVersion: version,
    statement: statementOf(statement, version),
  });
}

/** A packet over the Maximum Packet Size. */
export function tooLarge(
  size: number,
  limit: number,
  { version, packetType, statement }: FailureContext = {},
): PacketTooLargeError {
  return new PacketTooLargeError({
    code: 'packet-too-large',
    reasonCode: 0x95,
    size,
    limit,
    packetType,
    protocolVersion: version,
    statement: statementOf(statement, version),
  });
}
