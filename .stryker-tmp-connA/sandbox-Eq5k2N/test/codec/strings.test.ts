// @ts-nocheck
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { concat, field, framed, toHex, utf8 } from './fixtures.js';

type Codec = typeof import('../../src/index.js');

/** What Unicode says (table 3-7): the index of the first byte of the first ill-formed character. */
function firstIllFormed(bytes: readonly number[]): number | undefined {
  for (let at = 0; at < bytes.length; ) {
    const [first = 0, second = 0] = bytes.slice(at);
    const more =
      first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
    const rest = bytes.slice(at + 1, at + 1 + more);
    const low = { 224: 0xa0, 240: 0x90 }[first] ?? 0x80;
    const high = { 237: 0x9f, 244: 0x8f }[first] ?? 0xbf;
    if (more < 0 || rest.length < more || rest.some((byte) => byte >> 6 !== 2)) return at;
    if (more > 0 && (second < low || second > high)) return at;
    at += 1 + more;
  }
  return undefined;
}

// Around every boundary of table 3-7, and one harmless letter.
const edges = [
  0x61, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef,
  0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
];

for (const portable of [false, true]) {
  describe(`strings ${portable ? 'in an engine without TextDecoder and TextEncoder' : 'in Node'}`, () => {
    let codec: Codec;
    const { stackTraceLimit } = Error;
    beforeAll(async () => {
      if (portable) {
        vi.stubGlobal('TextDecoder', undefined);
        vi.stubGlobal('TextEncoder', undefined);
      }
      vi.resetModules();
      codec = await import('../../src/index.js');
      vi.unstubAllGlobals();
      Error.stackTraceLimit = 0;
    });
    afterAll(() => {
      Error.stackTraceLimit = stackTraceLimit;
    });

    /** Reads bytes as the client id of an MQTT 3.1.1 CONNECT: the text, or the code and place of what is wrong. */
    const head = [...field('MQTT'), 4, 2, 0, 60];
    function read(bytes: Uint8Array | readonly number[]): string | readonly [code: string, at: number] {
      const frame = framed(0x10, head, field(Uint8Array.from(bytes)));
      try {
        const packet = codec.decode(frame, 4);
        return packet.type === 'connect' ? packet.clientId : '';
      } catch (error) {
        if (!(error instanceof codec.MalformedPacketError)) throw error;
        expect(error.field).toBe('clientId');
        return [error.code, error.offset - (frame.length - bytes.length)];
      }
    }

    /** Writes text as a client id, and gives its bytes, or why not. */
    function write(clientId: string): string {
      try {
        const packet = {
          type: 'connect',
          protocolVersion: 4,
          clientId,
          cleanStart: true,
          keepAlive: 60,
        } as const;
        const frame = codec.encode(packet, 4);
        return toHex(frame.subarray(frame.length - utf8(clientId).length - 2));
      } catch (error) {
        if (!(error instanceof codec.InvalidPacketError)) throw error;
        return error.code;
      }
    }

    it('every code point is written and read [3.1.1: MQTT-1.5.3-3] [5.0: MQTT-1.5.4-3]', () => {
      const step = 0x3000;
      for (let first = 1; first < 0x110000; first += step) {
        let text = '';
        for (let code = first; code < Math.min(first + step, 0x110000); code++) {
          if (code >> 11 !== 27) text += String.fromCodePoint(code);
        }
        const bytes = utf8(text);
        if (read(bytes) !== text) expect.fail(`read from ${first.toString(16)} on`);
        if (write(text) !== toHex(field(bytes))) expect.fail(`written from ${first.toString(16)} on`);
      }
      for (const text of ['\ufeff', '\ufeff\ufeff', `\ufeff${'a'.repeat(100)}`, `${'a'.repeat(100)}\ufeff`]) {
        expect(read(utf8(text))).toBe(text);
        expect(write(text)).toBe(toHex(field(text)));
      }
    });

    it('each code point by itself is read in a short string', () => {
      for (let code = 1; code < 0x110000; code += code < 0x3000 ? 1 : 61) {
        if (code >> 11 === 27) continue;
        const text = String.fromCodePoint(code);
        if (read(utf8(text)) !== text) expect.fail(code.toString(16));
        if (write(text) !== toHex(field(text))) expect.fail(code.toString(16));
      }
    });

    it('every pair of bytes, and every four at the edges [3.1.1: MQTT-1.5.3-1] [5.0: MQTT-1.5.4-1]', () => {
      const check = (bytes: readonly number[]): void => {
        const result = read(bytes);
        const at = firstIllFormed(bytes);
        const right =
          at === undefined
            ? result === new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))
            : result[0] === 'invalid-utf8' && result[1] === at;
        if (!right) expect.fail(`${toHex(Uint8Array.from(bytes))}: ${String(result)}, not at ${String(at)}`);
      };
      for (let first = 1; first < 256; first++)
        for (let second = 1; second < 256; second += 5) check([first, second]);
      const lead = edges.filter((byte) => byte > 0xbf || byte === 0x61);
      const follow = [0x61, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2];
      for (const a of lead)
        for (const b of edges) for (const c of follow) for (const d of follow) check([a, b, c, d]);
    });

    it('what is wrong is found at any place of a string of any length', () => {
      const faults = [
        [[0], 'null-character'],
        [[0xc0, 0x80], 'invalid-utf8'],
        [[0xed, 0xa0, 0x80], 'invalid-utf8'],
        [[0xff], 'invalid-utf8'],
      ] as const;
      for (const length of [0, 1, 2, 3, 4, 15, 16, 17, 40, 63, 64, 65, 100, 1_000]) {
        for (const [bytes, code] of faults) {
          for (let at = 0; at <= length; at += length > 100 ? 111 : 1) {
            for (const letter of ['a', 'é']) {
              const before = utf8(letter.repeat(at));
              const text = concat(before, bytes, utf8('b'.repeat(length - at)));
              expect(read(text)).toEqual([code, before.length]);
            }
          }
        }
      }
    });

    it('what may not be written is refused wherever it stands', () => {
      for (const length of [0, 1, 40, 47, 48, 49, 100]) {
        for (let at = 0; at <= length; at++) {
          const [before, after] = ['é'.repeat(at), 'b'.repeat(length - at)];
          expect(write(`${before}\0${after}`)).toBe('null-character');
          for (const lone of ['\ud800', '\udbff', '\udc00', '\udfff', '\udc00\ud800', '\ud800\ud800\udc00']) {
            expect(write(`${before}${lone}${after}`)).toBe('lone-surrogate');
          }
          const pair = `${before}\ud800\udc00${after}`;
          expect(write(pair)).toBe(toHex(field(pair)));
        }
      }
    });

    it('U+0000 and wildcards in topics are told apart', () => {
      for (const prefix of ['', 'a', 'topic/'.repeat(20)]) {
        for (const [wrong, code] of [
          ['\0', 'null-character'],
          ['+', 'wildcard-in-topic-name'],
          ['#', 'wildcard-in-topic-name'],
        ] as const) {
          const topic = `${prefix}${wrong}`;
          expect(() => codec.encode({ type: 'publish', topic }, 4)).toThrow(code.replaceAll('-', ' '));
          const frame = framed(0x30, field(topic));
          const place = `${code.replaceAll('-', ' ')} in topic at byte ${frame.length - 1}`;
          expect(() => codec.decode(frame, 4)).toThrow(place);
        }
      }
    });

    it('payloads are any bytes, and any text but lone surrogates', () => {
      for (const text of ['', '\0', '+#', 'x'.repeat(100), `\0${'é😀'.repeat(100)}`]) {
        const frame = codec.encode({ type: 'publish', topic: 't', payload: text }, 4);
        const packet = codec.decode(frame, 4);
        expect(packet.type === 'publish' && toHex(packet.payload)).toBe(toHex(utf8(text)));
      }
      for (const payload of ['\ud800', `${'x'.repeat(100)}\udfff`]) {
        expect(() => codec.encode({ type: 'publish', topic: 't', payload }, 4)).toThrow(
          'lone surrogate in payload',
        );
      }
    });
  });
}
