// @ts-nocheck
// Compiled by `npm run typecheck` and never run: a line below `@ts-expect-error` must not compile.
import {
  decode,
  encode,
  encodeConnect,
  encodedLength,
  encodeInto,
  encodeParts,
  normalize,
  type Packet,
  type PacketOf,
  type ProtocolVersion,
} from '../../src/index.js';

// The version is the argument's, and never taken from the packet: a CONNECT names one too.
export function versionOfConnect(): void {
  const start = { type: 'connect', clientId: '', cleanStart: true, keepAlive: 0 } as const;
  encode({ ...start, protocolVersion: 4 }, 4);
  encode({ ...start, protocolVersion: 5, properties: {} }, 5);
  // : a CONNECT of 5.0
  encode({ ...start, protocolVersion: 5, properties: {} }, 4);
  // : a CONNECT of 3.1.1
  encode({ ...start, protocolVersion: 4 }, 5);
  // : a CONNECT of 5.0
  encodeConnect({ ...start, protocolVersion: 5, properties: {} }, 4);
  // : a CONNECT of 5.0
  encodedLength({ ...start, protocolVersion: 5 }, 4);
  // : a CONNECT of 5.0
  encodeParts({ ...start, protocolVersion: 5 }, 4);
  // : a CONNECT of 5.0
  encodeInto({ ...start, protocolVersion: 5 }, 4, new Uint8Array(32));
}

export function ofFrames(frame: Uint8Array, version: ProtocolVersion, either: Packet): void {
  const five = decode(frame, 5);
  encode(five, 5);
  normalize(five, 5);
  // : a packet of 5.0 is none of 3.1.1
  encode(five, 4);
  // : nor is it for any other function
  normalize(five, 4);
  // What is known only at run time goes together: any packet and any version, any version and what it gave.
  encode(either, version);
  encode(decode(frame, version), version);
  normalize(either, version);
  encode(either as PacketOf<5>, 5);
}
