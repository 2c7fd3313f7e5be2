// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { hexLines, inWords, wantsColour } from '../../docs/examples/demo/print.js';
import { decode, encode, type Packet, type ProtocolVersion } from '../../src/index.js';

/** The code that begins a colour, and the one that ends it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are made of.
const COLOUR = /\u001b\[(?:(3\d)|0)m/g;

function wordsFor(packet: Packet, version: ProtocolVersion): string {
  return inWords(decode(encode(packet, version), version), version);
}

describe('packets in words', () => {
  it('names what is there, and reason codes by their name in this packet', () => {
    expect(wordsFor({ type: 'pingreq' }, 4)).toBe('PINGREQ');
    expect(wordsFor({ type: 'connack', sessionPresent: false, reasonCode: 5 }, 4)).toBe(
      'CONNACK  reasonCode 0x05 NotAuthorized',
    );
    expect(wordsFor({ type: 'connack', sessionPresent: true, reasonCode: 0 }, 5)).toBe(
      'CONNACK  sessionPresent true, reasonCode 0x00 Success',
    );
    expect(wordsFor({ type: 'suback', packetId: 1, reasonCodes: [0, 0x87] }, 5)).toBe(
      'SUBACK  packetId 1, reasonCodes [0x00 GrantedQoS0, 0x87 NotAuthorized]',
    );
    expect(wordsFor({ type: 'disconnect' }, 5)).toBe('DISCONNECT  reasonCode 0x00 NormalDisconnection');
  });

  it('shows text as text and other bytes as a number of bytes', () => {
    const publish = { type: 'publish', topic: 't', qos: 0 } as const;
    expect(wordsFor({ ...publish, payload: 'hé' }, 4)).toBe(
      'PUBLISH  topic "t", payload "hé" (3 bytes), qos 0',
    );
    expect(wordsFor({ ...publish, payload: Uint8Array.of(0xff) }, 4)).toContain('payload (1 byte), qos 0');
    expect(wordsFor({ ...publish, payload: 'x'.repeat(61) }, 4)).toContain('payload (61 bytes), qos 0');
    expect(wordsFor(publish, 4)).toBe('PUBLISH  topic "t", qos 0');
  });

  it('lets no control character reach the terminal', () => {
    const payload = '\u001b[2J\u009b31m\u202e\u2028';
    const words = wordsFor({ type: 'publish', topic: 'a\u007f\n', payload, qos: 0 }, 4);
    expect(words).toBe(
      'PUBLISH  topic "a\\u{7f}\\n", payload "\\u001b[2J\\u{9b}31m\\u{202e}\\u{2028}" (15 bytes), qos 0',
    );
  });

  it('keeps passwords to itself', () => {
    const connect = {
      type: 'connect',
      protocolVersion: 5,
      clientId: '',
      cleanStart: true,
      keepAlive: 0,
      password: 'secret',
      properties: { authenticationMethod: 'X', authenticationData: Uint8Array.of(0x73, 0x33) },
    } as const;
    const text = [wordsFor(connect, 5), ...hexLines(encode(connect, 5), 5, false)].join('\n');
    expect(text).toContain('password (6 bytes)');
    expect(text).toContain('authenticationData (2 bytes)');
    expect(text).not.toMatch(/secret|73 65 63 72 65 74|73 33/);
  });
});

describe('packets in hexadecimal', () => {
  const frame = encode({ type: 'publish', topic: 'a/b', payload: 'x'.repeat(40), qos: 1, packetId: 2 }, 4);

  it('stand above the names of their fields', () => {
    expect(hexLines(frame, 4, false)).toEqual([
      '    32          2f               00 03 61 2f 62  00 02',
      '    type+flags  remainingLength  topic           packetId',
      `    ${Array(32).fill('78').join(' ')} (and 8 more)`,
      '    payload',
    ]);
  });

  it('have the colour of their name, and a colour other than their neighbours', () => {
    const lines = hexLines(frame, 4, true);
    const colours = lines.map((line) => [...line.matchAll(COLOUR)].flatMap(([, number]) => number ?? []));
    expect(colours[0]).toEqual(colours[1]);
    expect(colours[2]).toEqual(colours[3]);
    expect(new Set([...colours[0]!, ...colours[2]!]).size).toBe(5);
    expect(lines.map((line) => line.replaceAll(COLOUR, ''))).toEqual(hexLines(frame, 4, false));
  });
});

describe('colours', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [undefined, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
  ])('isTTY %s, environment %o: %s', (isTTY, env, expected) => {
    expect(wantsColour({ isTTY }, env)).toBe(expected);
  });
});
