// @ts-nocheck
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode, encode, isMqttError, PACKET_TYPES, type ProtocolVersion } from '../../src/index.js';
import { invalidFixtures, toHex, validFixtures, versions } from './fixtures.js';

/** Decodes bytes that may be anything; says what is wrong with what came of it. */
function problemOf(frame: Uint8Array, version: ProtocolVersion): string | undefined {
  let packet: ReturnType<typeof decode>;
  try {
    packet = decode(frame, version);
  } catch (error) {
    if (!isMqttError(error)) return `threw ${String(error)}`;
    if (error.name === 'UnsupportedVersionError') return undefined;
    if (error.name !== 'MalformedPacketError' && error.name !== 'ProtocolError') return error.name;
    const offset: unknown = Reflect.get(error, 'offset');
    return typeof offset === 'number' && offset >= 0 && offset <= frame.length ? undefined : `at ${offset}`;
  }
  // The one packet that a server must read, to refuse it, and that a client must not send (MQTT-3.1.3-7).
  if (version === 4 && packet.type === 'connect' && packet.clientId === '' && !packet.cleanStart) return;
  try {
    const again = encode(packet, version);
    if (again.length > frame.length) return 'was not encoded in its shortest form';
    return isDeepStrictEqual(decode(again, version), packet) ? undefined : 'changed when it was encoded';
  } catch (error) {
    return `was decoded, and then: ${String(error)}`;
  }
}

describe('bytes that are almost a packet', () => {
  // Millions of errors: their stacks would take most of the time.
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  const check = (frame: Uint8Array, version: ProtocolVersion): void => {
    const problem = problemOf(frame, version);
    if (problem !== undefined) expect.fail(`${toHex(frame)}: ${problem}`);
  };

  /** Checks a frame with each of its bytes changed by each of those masks. */
  const checkChanges = (frame: Uint8Array, version: ProtocolVersion, masks: readonly number[]): void => {
    const changed = frame.slice();
    for (let at = 0; at < frame.length; at++) {
      // Within a long run of one byte, as padding has it, a few changes tell as much as all.
      const inRun = at > 8 && frame.subarray(at - 8, at).every((byte) => byte === frame[at]);
      for (const mask of inRun ? oneBit : masks) {
        changed[at] = frame[at]! ^ mask;
        check(changed, version);
      }
      changed[at] = frame[at]!;
    }
  };

  const allMasks = Array.from({ length: 255 }, (_, i) => i + 1);
  const oneBit = Array.from({ length: 8 }, (_, i) => 1 << i);

  for (const version of versions) {
    const ownFrames = (fixtures: typeof validFixtures | typeof invalidFixtures, file: string) => {
      const own = fixtures.filter((fixture) => fixture.version === version && fixture.file === file);
      return new Map(own.map(({ frame }) => [toHex(frame), frame])).values();
    };

    for (const file of [undefined, ...PACKET_TYPES.slice(1)].map((type) => type ?? 'fixed-header')) {
      if ([...ownFrames(validFixtures, file), ...ownFrames(invalidFixtures, file)].length === 0) continue;

      it(`every truncation of every ${file} fixture of version ${version}`, () => {
        for (const frame of [...ownFrames(validFixtures, file), ...ownFrames(invalidFixtures, file)]) {
          for (let length = 0; length < frame.length; length++) check(frame.subarray(0, length), version);
        }
      });

      it(`every change of a byte in every valid ${file}, of a bit in every invalid one, of version ${version}`, () => {
        for (const frame of ownFrames(validFixtures, file)) checkChanges(frame, version, allMasks);
        for (const frame of ownFrames(invalidFixtures, file)) checkChanges(frame, version, oneBit);
      });
    }
  }
});
