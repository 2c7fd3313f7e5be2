// What FrameParser can say it says at once, wherever the stream is split.
import { describe, expect, it } from 'vitest';
import { encode, FrameParser, type FrameParserOptions } from '../../src/index.js';
import { mqttErrorBy } from '../thrown.js';
import { concat, connect, drain, feed, frame, framesOf, plain, split } from './streams.js';

const PINGREQ = Uint8Array.of(0xc0, 0);

/** How many bytes a parser takes, one by one, before it throws, and its error. */
function errorAfter(bytes: Uint8Array, options: FrameParserOptions): { count: number; error: object } {
  const parser = new FrameParser(options);
  for (let count = 1; count <= bytes.length; count++) {
    parser.push(bytes.subarray(count - 1, count));
    try {
      drain(parser);
    } catch (error) {
      return { count, error: plain(error as never)! };
    }
  }
  throw new Error('nothing was thrown');
}

/** The error for the same bytes in one chunk, behind a packet. */
const errorBehind = (bytes: Uint8Array, options: FrameParserOptions): object =>
  plain(feed(new FrameParser(options), [concat([PINGREQ, bytes])]).error)!;

describe('a head', () => {
  it('comes when it is there, wherever the chunk before it began', () => {
    const parser = new FrameParser({ version: 4 });
    for (const chunk of [[0xc0, 0, 0xc0], [0, 0x30], [3, 0, 1], [97]]) {
      parser.push(Uint8Array.from(chunk));
      const events = drain(parser);
      expect(events.at(-1)).toMatchObject(chunk[0] === 3 ? { type: 'body', remaining: 1 } : { type: 'end' });
    }
  });

  it.each([false, true])(
    'other than of a PUBLISH waits for nothing behind it (publishHeads: %s)',
    (heads) => {
      const subscribe = frame(0x82, [0, 1, 0, 200, ...new Uint8Array(200).fill(97), 0]);
      for (const version of [4, 5] as const) {
        const parser = new FrameParser({ version, publishHeads: heads });
        parser.push(subscribe.subarray(0, 2));
        expect(drain(parser)).toEqual([]);
        parser.push(subscribe.subarray(2, 3));
        expect(drain(parser)).toMatchObject([
          { type: 'head', packetType: 'subscribe', size: subscribe.length },
        ]);
      }
    },
  );
});

describe('a PUBLISH without what it needs', () => {
  it.each([
    ['a topic', [], 4],
    ['all of its topic length', [0], 4],
    ['properties, in 5.0', [0, 1, 97], 5],
    ['all of its property length', [0, 1, 97, 0x80], 5],
  ] as const)('is refused at its end: %s', (_, body, version) => {
    const options = { version, publishHeads: true };
    const bytes = frame(0x30, body);
    const { count, error } = errorAfter(concat([bytes, PINGREQ]), options);
    expect(count).toBe(bytes.length);
    expect(error).toMatchObject({ code: 'cut-short', offset: bytes.length });
    expect(errorBehind(concat([bytes, PINGREQ]), options)).toEqual(error);
  });

  it('has room for no Packet Identifier', () => {
    const { error } = errorAfter(frame(0x32, [0, 1, 97, 7]), { version: 4, publishHeads: true });
    expect(error).toMatchObject({ code: 'cut-short', field: 'packetId', offset: 6 });
  });
});

describe('the limit of the head of a PUBLISH', () => {
  it.each([
    ['the topic', 4, {}],
    ['the properties', 5, { contentType: 'b'.repeat(40) }],
  ] as const)('is counted from the beginning of the packet: %s', (_, version, properties) => {
    const packet = { type: 'publish', topic: 'a'.repeat(50), payload: 'xyz', qos: 0 } as const;
    const bytes = version === 4 ? encode(packet, 4) : encode({ ...packet, properties }, 5);
    const size = bytes.length - 3;
    const fits = { version, publishHeads: true, maximumPublishHeadSize: size };
    const stream = concat([PINGREQ, PINGREQ, bytes]);
    expect(framesOf(feed(new FrameParser(fits), [stream]).out)).toHaveLength(3);
    const tight = { ...fits, maximumPublishHeadSize: size - 1 };
    expect(errorBehind(bytes, tight)).toMatchObject({ code: 'packet-too-large', size, limit: size - 1 });
  });
});

describe('a CONNECT', () => {
  it('of a protocol with a long name is refused once the name and the level are there', () => {
    const name = new Uint8Array(300).fill(120);
    const bytes = frame(0x10, [1, 44, ...name, 9, 2, 0, 60, 0, 0]);
    const { count, error } = errorAfter(bytes, {});
    expect(count).toBe(3 + 2 + 300 + 1);
    expect(error).toMatchObject({ protocolName: 'x'.repeat(300), protocolLevel: 9 });
  });

  it('that ends behind its name is refused there, and not before', () => {
    const bytes = connect(4).slice(0, 8);
    bytes[1] = 6;
    const { count, error } = errorAfter(concat([bytes, PINGREQ]), {});
    expect(count).toBe(8);
    expect(error).toMatchObject({ code: 'cut-short', field: 'protocolVersion', offset: 8 });
  });

  it.each([[[]], [[0]]])('that ends before its name is refused there (%j)', (body) => {
    const bytes = frame(0x10, body);
    const { count, error } = errorAfter(concat([bytes, PINGREQ]), {});
    expect(count).toBe(bytes.length);
    expect(error).toMatchObject({ code: 'cut-short', field: 'protocolName', offset: bytes.length });
    expect(plain(mqttErrorBy(() => drain(fed(concat([bytes, PINGREQ])))))).toEqual(error);
  });
});

function fed(bytes: Uint8Array): FrameParser {
  const parser = new FrameParser();
  for (const chunk of split(bytes, [bytes.length])) parser.push(chunk);
  return parser;
}
