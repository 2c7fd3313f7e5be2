// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { decode, PacketParser, type Sender } from '../../src/index.js';
import { encodeAny, expectRefusal, invalidFixtures, toHex, validFixtures } from './fixtures.js';

const other: Readonly<Record<Sender, Sender>> = { client: 'server', server: 'client' };

describe('a rule about the sender [5.0: MQTT-3.3.4-6] [5.0: MQTT-3.14.2-2]', () => {
  for (const { title, frame, version, from, error } of invalidFixtures) {
    if (error.code !== 'wrong-sender' || from === undefined) continue;

    it(`binds that sender alone, on the way in: ${title}`, () => {
      const packet = decode(frame, version);
      expect(decode(frame, version, { from: other[from] })).toStrictEqual(packet);
      for (const sender of [undefined, other[from]]) {
        const parser = new PacketParser({ version, from: sender });
        parser.push(frame);
        expect(parser.next()).toStrictEqual(packet);
      }
    });

    it(`binds that sender alone, on the way out: ${title}`, () => {
      const packet = decode(frame, version);
      const refused = expectRefusal(packet, version, 'wrong-sender', error.field ?? '', { from });
      expect(refused.statement).toBe(error.statement);
      for (const sender of [undefined, other[from]]) {
        expect(toHex(encodeAny(packet, version, { from: sender }))).toBe(toHex(frame));
      }
    });
  }

  it('binds nothing else', () => {
    for (const { frame, version, from } of validFixtures) {
      expect(decode(frame, version)).toStrictEqual(decode(frame, version, { from }));
    }
  });
});

describe('the option from', () => {
  it("is 'client', 'server' or absent", () => {
    for (const wrong of ['broker', '', null, 1, true, {}]) {
      const options = { from: wrong as Sender };
      expect(() => decode(Uint8Array.of(0xc0, 0), 4, options)).toThrow(TypeError);
      expect(() => encodeAny({ type: 'pingreq' }, 4, options)).toThrow(TypeError);
      expect(() => new PacketParser(options)).toThrow(TypeError);
    }
    expect(encodeAny({ type: 'pingreq' }, 4, {})).toEqual(Uint8Array.of(0xc0, 0));
  });
});
