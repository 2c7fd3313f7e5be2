import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutatedBytes, packetBytes, rawFrame } from '../../src/arbitraries/index.js';
import { RULES as LENIENT } from '../../src/bytes/settings.js';
import {
  decode,
  isMqttError,
  type LenientRule,
  MalformedPacketError,
  type MqttError,
  ProtocolError,
  UnsupportedVersionError,
} from '../../src/index.js';
import { from, outcomeOf, runs, same, told, VERSIONS, type Version } from './law.js';

/** Bytes that get past the fixed header more often than random ones do. */
const framed: Arbitrary<Uint8Array> = fc
  .tuple(fc.nat(255), fc.uint8Array({ maxLength: 40 }))
  .map(([first, body]) => rawFrame(first, body));

/** Few distinct values: lengths and identifiers that make sense. */
const small: Arbitrary<Uint8Array> = fc
  .tuple(fc.nat(15), fc.constantFrom(0, 2), fc.array(fc.nat(5), { maxLength: 20 }))
  .map(([type, flags, body]) => rawFrame((type << 4) | flags, body));

const anyBytes = (version: Version): Arbitrary<Uint8Array> =>
  fc.oneof(fc.uint8Array({ maxLength: 60 }), framed, small, mutatedBytes(packetBytes({ version })));

const rules: Arbitrary<LenientRule[]> = fc.subarray([...LENIENT]);

/** The error of decode, which must be one that tells what it should. */
function checkError(error: unknown, bytes: Uint8Array, version: Version): MqttError {
  if (!isMqttError(error)) throw error;
  const { message, protocolVersion } = error;
  same({ plain: /^[\x20-\x7e]+$/.test(message), protocolVersion }, { plain: true, protocolVersion: version });
  if (error instanceof UnsupportedVersionError) {
    same([error.reasonCode, [0, 4, 5].includes(error.reply.length)], [0x84, true]);
    return error;
  }
  const malformed = error instanceof MalformedPacketError;
  if (!malformed && !(error instanceof ProtocolError)) expect.unreachable(error.name);
  const { reasonCode, offset = -1, field = '' } = error;
  const codes: readonly number[] = malformed ? [0x81] : [0x82, 0x94];
  const tells = [
    codes.includes(reasonCode),
    offset >= 0 && offset <= bytes.length,
    /^[\w.[\]]+$/.test(field),
  ];
  same(tells, [true, true, true]);
  return error;
}

describe.each(VERSIONS)('any bytes with version %d', (version) => {
  it('are a packet or one of our errors, and are left as they were', () => {
    const law = fc.property(anyBytes(version), from, rules, fc.boolean(), (bytes, sender, lenient, copy) => {
      const before = bytes.slice();
      const outcome = outcomeOf(() => decode(bytes, version, { from: sender, lenient, copy }));
      if ('error' in outcome) checkError(outcome.error, bytes, version);
      same(bytes, before);
    });
    fc.assert(law, runs(6_000));
  });

  it('that are accepted are so, with the same packet, by every lenient rule; what a rule lets through is its own', () => {
    const law = fc.property(anyBytes(version), from, rules, (bytes, sender, lenient) => {
      const strict = outcomeOf(() => decode(bytes, version, { from: sender }));
      const relaxed = outcomeOf(() => decode(bytes, version, { from: sender, lenient }));
      if ('value' in strict) same(relaxed, strict);
      else if ('value' in relaxed) {
        expect(lenient).toContain(checkError(strict.error, bytes, version).code);
      }
    });
    fc.assert(law, runs(3_000));
  });

  it('that are accepted of a sender are so of either; only the sender can be wrong about the others', () => {
    const law = fc.property(anyBytes(version), from, (bytes, sender) => {
      const either = outcomeOf(() => decode(bytes, version));
      const one = outcomeOf(() => decode(bytes, version, { from: sender }));
      if ('value' in one) same(either, one);
      else if ('value' in either) expect(checkError(one.error, bytes, version).code).toBe('wrong-sender');
    });
    fc.assert(law, runs(3_000));
  });

  it('mean the same wherever they lie in memory', () => {
    const law = fc.property(anyBytes(version), fc.nat(40), (bytes, offset) => {
      const toldOf = (frame: Uint8Array): unknown => {
        const outcome = outcomeOf(() => decode(frame, version));
        return 'error' in outcome ? told(outcome.error) : outcome.value;
      };
      const memory = new Uint8Array(offset + bytes.length + 9).fill(0x26);
      memory.set(bytes, offset);
      const expected = toldOf(bytes);
      same(toldOf(memory.subarray(offset, offset + bytes.length)), expected);
      same(toldOf(Buffer.from(memory.buffer, offset, bytes.length)), expected);
    });
    fc.assert(law, runs(3_000));
  });

  it('a packet that lacks its end, or has something after it, is refused', () => {
    const law = fc.property(
      packetBytes({ version }),
      fc.nat(),
      fc.uint8Array({ minLength: 1 }),
      (bytes, cut, rest) => {
        const refused = (frame: Uint8Array): string => {
          const outcome = outcomeOf(() => decode(frame, version));
          return 'error' in outcome ? checkError(outcome.error, frame, version).code : 'none';
        };
        same(refused(bytes.subarray(0, cut % bytes.length)), 'cut-short');
        expect(
          refused(Uint8Array.from([...bytes.subarray(0, 100), ...rest, ...bytes.subarray(100)])),
        ).not.toBe('none');
      },
    );
    fc.assert(law, runs(2_000));
  });
});
