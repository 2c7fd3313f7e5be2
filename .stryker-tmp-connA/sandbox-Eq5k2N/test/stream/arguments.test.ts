// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { FrameParser, PacketParser } from '../../src/index.js';

const ping = Uint8Array.of(0xc0, 0);

describe('wrong use of a parser', () => {
  for (const Parser of [PacketParser, FrameParser]) {
    it(`of ${Parser.name}: a chunk after the end says so`, () => {
      const parser = new Parser({ version: 4 });
      parser.end();
      expect(() => parser.push(ping)).toThrow(new TypeError('chunk comes after end()'));
    });

    it(`of ${Parser.name}: a sender that is none says which there are`, () => {
      for (const from of ['both', 1, null] as unknown[]) {
        expect(() => new Parser({ version: 4, from: from as 'client' })).toThrow(
          new TypeError("from must be 'client' or 'server'"),
        );
      }
    });

    it(`of ${Parser.name}: a limit below one byte says so, and one byte is a limit`, () => {
      expect(() => new Parser({ version: 4, maximumPacketSize: 0 })).toThrow(
        'maximumPacketSize must be at least 1 byte',
      );
      const parser = new Parser({ version: 4, maximumPacketSize: 1 });
      parser.push(ping);
      expect(() => parser.next()).toThrow('2 bytes of at most 1');
    });
  }
});
