// @ts-nocheck
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invalidBytes, invalidPacket } from '../../src/arbitraries/index.js';
import {
  decode,
  encode,
  encodedLength,
  encodeInto,
  encodeParts,
  InvalidPacketError,
  isMqttError,
  type PacketOf,
  PacketParser,
} from '../../src/index.js';
import { announced, outcomeOf, refusal, runs, SENDERS, same, told, VERSIONS } from './law.js';

describe.each(VERSIONS)('with version %d', (version) => {
  const v = version as 5;

  describe.each(SENDERS)('sent by %s', (from) => {
    it('encode refuses every packet with one fault, and names the field', () => {
      const law = fc.property(invalidPacket({ version, from }), ({ packet, field, code }) => {
        const outcome = outcomeOf(() => encode(packet as PacketOf<5>, v, { from }));
        const error = 'error' in outcome ? outcome.error : expect.unreachable(`accepted: ${field}, ${code}`);
        expect(error).toBeInstanceOf(InvalidPacketError);
        same({ ...told(error), ...{ field, code } }, told(error));
      });
      fc.assert(law, runs(2_500));
    });

    it('decode refuses all bytes with one fault, and says what is due', () => {
      const law = fc.property(invalidBytes({ version, from }), ({ bytes, version: _, ...due }) => {
        const { code, field, reasonCode } = refusal(() => decode(bytes, v, { from })) as typeof due;
        same(field === undefined ? { code, reasonCode } : { code, reasonCode, field }, due);
      });
      fc.assert(law, runs(2_500));
    });

    it('the parser says the same as decode, byte by byte too, of what is not empty and goes no further', () => {
      const law = fc.property(invalidBytes({ version, from }), fc.boolean(), ({ bytes }, slowly) => {
        fc.pre(bytes.length > 0 && !(announced(bytes) < bytes.length));
        const limits = { maximumPacketSize: 268_435_460, maximumConnectSize: 268_435_460 };
        const parser = new PacketParser({ version: v, from, ...limits });
        const error = refusal(() => {
          for (const chunk of slowly ? Array.from(bytes, (byte) => Uint8Array.of(byte)) : [bytes]) {
            parser.push(chunk);
            parser.next();
          }
          parser.end();
        });
        same(
          error,
          refusal(() => decode(bytes, v, { from })),
        );
      });
      fc.assert(law, runs(1_000));
    });
  });

  it('the other encoders refuse what encode refuses, with the same words, and write nothing', () => {
    const target = new Uint8Array(300_000);
    const law = fc.property(invalidPacket({ version }), ({ packet }) => {
      const invalid = packet as PacketOf<5>;
      const expected = refusal(() => encode(invalid, v));
      same(
        refusal(() => encodedLength(invalid, v)),
        expected,
      );
      same(
        refusal(() => encodeParts(invalid, v)),
        expected,
      );
      same(
        refusal(() => encodeInto(invalid, v, target)),
        expected,
      );
    });
    fc.assert(law, runs(800));
    expect(target.every((byte) => byte === 0)).toBe(true);
  });
});

describe('messages', () => {
  it('are fixed words, names and numbers, in printable ASCII, without the contents of packets', () => {
    const secret = 'S3CRET';
    const fields = fc.constantFrom('username', 'password', 'clientId', 'topic', 'type', secret);
    const wrong = fc.constantFrom(`${secret}\ud800`, `${secret}\0`, `+${secret}`, { [secret]: secret }, [
      secret,
    ]);
    const law = fc.property(fields, wrong, fc.constantFrom('connect', 'publish'), (field, value, type) => {
      const base = { type, protocolVersion: 5, clientId: '', cleanStart: true, keepAlive: 0, topic: 'a' };
      const outcome = outcomeOf(() => encode({ ...base, [field]: value } as PacketOf<5>, 5));
      if (!('error' in outcome)) return;
      if (!isMqttError(outcome.error)) throw outcome.error;
      expect(JSON.stringify(told(outcome.error))).not.toContain(secret);
      expect(outcome.error.message).toMatch(/^[\x20-\x7e]+$/);
    });
    fc.assert(law, runs(500));
  });
});
