// What the parsers may cost: memory that is bounded by what arrived, and time in proportion to it.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { encode, FrameParser, MAXIMUM_PACKET_SIZE, PacketParser } from '../../src/index.js';
import { concat, frame } from './streams.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** The bytes that live array buffers hold. */
function arrayBuffers(): number {
  // Twice: the first collection may leave the freeing of memory to another thread.
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}

const publishHeader = (payloadLength: number): Uint8Array => {
  const length = payloadLength + 3;
  const bytes = [0x30];
  for (let rest = length; ; rest >>= 7) {
    bytes.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) return Uint8Array.of(...bytes, 0, 1, 97);
  }
};

describe('memory', () => {
  it('of a packet of 64 MiB that drips in is at most twice what arrived, and 64 KiB', () => {
    const chunk = new Uint8Array(64 * KIB);
    const header = publishHeader(64 * MIB);
    const parser = new PacketParser({ version: 4, maximumPacketSize: MAXIMUM_PACKET_SIZE });
    const before = arrayBuffers();
    let arrived = header.length;
    parser.push(header);
    for (let i = 1; i <= 1_024; i++) {
      expect(parser.next()).toBeUndefined();
      // Dense where memory has just grown, and sparse later: collecting takes time.
      if (i < 20 || i % 100 === 0)
        expect(arrayBuffers() - before).toBeLessThanOrEqual(2 * arrived + 64 * KIB);
      expect(parser.buffered).toBe(arrived);
      parser.push(chunk);
      arrived += chunk.length;
    }
    const packet = parser.next();
    expect(packet).toMatchObject({ type: 'publish', topic: 'a' });
    expect((packet as { payload: Uint8Array }).payload.length).toBe(64 * MIB);
    expect(parser.buffered).toBe(0);
  });

  it('of a large packet that came in pieces goes with the packet', () => {
    const parser = new PacketParser({ version: 4, maximumPacketSize: 16 * MIB });
    const before = arrayBuffers();
    parser.push(publishHeader(8 * MIB));
    for (let i = 0; i < 8; i++) {
      expect(parser.next()).toBeUndefined();
      parser.push(new Uint8Array(MIB));
    }
    expect(parser.next()?.type).toBe('publish');
    expect(parser.next()).toBeUndefined();
    expect(arrayBuffers() - before).toBeLessThanOrEqual(64 * KIB);
  });

  it('of announced packets is not there before their bytes are', () => {
    const before = arrayBuffers();
    const parsers = Array.from({ length: 100 }, () => {
      const parser = new PacketParser({ version: 4, maximumPacketSize: MAXIMUM_PACKET_SIZE });
      parser.push(publishHeader(64 * MIB));
      parser.next();
      return parser;
    });
    expect(arrayBuffers() - before).toBeLessThanOrEqual(100 * 64 * KIB);
    expect(parsers).toHaveLength(100);
  });

  it('of a refused packet is given back at once', () => {
    const parser = new PacketParser({ version: 4, maximumPacketSize: 8 * MIB });
    const before = arrayBuffers();
    parser.push(frame(0x30, [0, 0, ...new Uint8Array(20_000)]).subarray(0, 10_000));
    parser.next();
    parser.push(new Uint8Array(2 * MIB));
    expect(() => {
      for (;;) parser.next();
    }).toThrow();
    expect(parser.buffered).toBe(0);
    expect(arrayBuffers() - before).toBeLessThan(64 * KIB);
  });

  it.each([
    ['PacketParser', () => new PacketParser({ version: 5 })],
    ['FrameParser', () => new FrameParser({ version: 5, publishHeads: true })],
  ])('of 10,000 idle connections is small, each with a part of a fixed header (%s)', (_, make) => {
    const count = 10_000;
    const header = Uint8Array.of(0x30, 0xff);
    const buffersBefore = arrayBuffers();
    const heapBefore = process.memoryUsage().heapUsed;
    const parsers = Array.from({ length: count }, () => {
      const parser = make();
      parser.push(header);
      parser.next();
      return parser;
    });
    const buffers = arrayBuffers() - buffersBefore;
    const heap = process.memoryUsage().heapUsed - heapBefore;
    expect(parsers.reduce((sum, parser) => sum + parser.buffered, 0)).toBe(2 * count);
    expect(buffers / count).toBeLessThan(KIB);
    expect(heap / count).toBeLessThan(4 * KIB);
  });

  it.each([false, true])(
    'of FrameParser is constant, whatever the size (publishHeads: %s)',
    (publishHeads) => {
      const chunk = new Uint8Array(64 * KIB);
      const parser = new FrameParser({ version: 4, publishHeads, maximumPacketSize: MAXIMUM_PACKET_SIZE });
      const before = arrayBuffers();
      parser.push(publishHeader(64 * MIB));
      let received = 0;
      for (let i = 0; i < 1_024; i++) {
        parser.push(chunk);
        for (let event = parser.next(); event !== undefined; event = parser.next()) {
          if (event.type === 'body') received += event.bytes.length;
        }
        expect(parser.buffered).toBe(0);
        if (i % 100 === 0) expect(arrayBuffers() - before).toBeLessThan(4 * KIB);
      }
      expect(received).toBe(64 * MIB + (publishHeads ? 0 : 3));
    },
  );

  it('of FrameParser for the head of a PUBLISH is what arrived, twice at most', () => {
    const parser = new FrameParser({ version: 5, publishHeads: true });
    const before = arrayBuffers();
    // A topic of 60,000 bytes, and properties of another 60,000 to come.
    parser.push(Uint8Array.of(0x30, 0xff, 0xff, 0x0f, 0xea, 0x60));
    for (let arrived = 6; arrived < 60_000; arrived += 100) {
      parser.push(new Uint8Array(100).fill(97));
      expect(parser.next()).toBeUndefined();
      if (arrived % 5_000 < 100) expect(arrayBuffers() - before).toBeLessThanOrEqual(2 * arrived + 4 * KIB);
    }
  });
});

/** The shortest of five runs, in microseconds of processor time: other processes count for nothing. */
function shortest(run: () => void): number {
  return Math.min(
    ...Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    }),
  );
}

function feedAll(
  make: () => PacketParser | FrameParser,
  bytes: Uint8Array,
  length: number,
  late: boolean,
): void {
  const parser = make();
  const take = (): void => {
    while (parser.next() !== undefined);
  };
  for (let at = 0; at < bytes.length; at += length) {
    parser.push(bytes.subarray(at, at + length));
    if (!late) take();
  }
  take();
}

describe('time', () => {
  const small = encode(
    { type: 'publish', topic: 'some/topic', payload: new Uint8Array(180), qos: 1, packetId: 1 },
    4,
  );
  const many = (size: number): Uint8Array =>
    concat(new Array<Uint8Array>(Math.floor(size / small.length)).fill(small));
  const one = (size: number): Uint8Array => concat([publishHeader(size), new Uint8Array(size)]);
  const topic = (size: number): Uint8Array =>
    frame(0x30, [size >> 8, size & 255, ...new Uint8Array(size).fill(97)]);
  const packets = (): PacketParser => new PacketParser({ version: 4, maximumPacketSize: 8 * MIB });
  const heads = (): FrameParser =>
    new FrameParser({ version: 4, publishHeads: true, maximumPacketSize: 8 * MIB });

  // Sixteen times the bytes: 16 times the time if it is linear, 256 if it is quadratic.
  it.each([
    ['PacketParser, many packets, 1 byte', packets, many, 64 * KIB, 1, false],
    ['PacketParser, one packet, 1 byte', packets, one, 64 * KIB, 1, false],
    ['PacketParser, many packets, 1,460 bytes', packets, many, 4 * MIB, 1_460, false],
    ['PacketParser, one packet, 1,460 bytes', packets, one, 4 * MIB, 1_460, false],
    ['PacketParser, many packets, 1 byte, taken late', packets, many, 64 * KIB, 1, true],
    ['FrameParser, many packets, 1 byte', heads, many, 64 * KIB, 1, false],
    ['FrameParser, one topic, 1 byte', heads, topic, 60_000, 1, false],
    ['FrameParser, many packets, 1,460 bytes', heads, many, 4 * MIB, 1_460, false],
    ['FrameParser, many packets, 1 byte, taken late', heads, many, 64 * KIB, 1, true],
  ] as const)('is in proportion to the bytes: %s', (_, make, stream, size, length, late) => {
    const [less, more] = [stream(size / 16), stream(size)];
    // So that both are measured as compiled code.
    for (let i = 0; i < 20; i++) feedAll(make, less, length, late);
    const base = shortest(() => feedAll(make, less, length, late));
    expect(shortest(() => feedAll(make, more, length, late)) / base).toBeLessThan(80);
  });
});
