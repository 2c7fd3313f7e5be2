// @ts-nocheck
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chunking,
  connect,
  invalidBytes,
  mutatedBytes,
  packetBytes,
  rawFrame,
} from '../../src/arbitraries/index.js';
import {
  type DecodedPacket,
  decode,
  encode,
  PacketParser,
  type PacketParserOptions,
  PacketTooLargeError,
} from '../../src/index.js';
import {
  announced,
  clone,
  concat,
  outcomeOf,
  refusal,
  runs,
  same,
  told,
  VERSIONS,
  type Version,
} from './law.js';

const NO_LIMIT = { maximumPacketSize: 268_435_460, maximumConnectSize: 268_435_460 };

interface Told {
  readonly packets: readonly DecodedPacket[];
  /** What the stream broke with, or ended in. */
  readonly error: object | undefined;
}

/** Reads a stream chunk by chunk, all of it or until it breaks, and checks the books after every packet. */
function read(chunks: readonly Uint8Array[], options: PacketParserOptions): Told {
  const parser = new PacketParser({ ...NO_LIMIT, ...options });
  const packets: DecodedPacket[] = [];
  const outcome = outcomeOf(() => {
    for (const chunk of chunks) {
      parser.push(chunk);
      for (let packet = parser.next(); packet !== undefined; packet = parser.next()) packets.push(packet);
    }
    parser.end();
  });
  return { packets, error: 'error' in outcome ? told(outcome.error) : undefined };
}

/** Valid frames, one after the other, and where each ends. */
const frames = (version: Version): Arbitrary<Uint8Array[]> =>
  fc.array(packetBytes({ version }), { minLength: 1, maxLength: 6 });

/** A stream and a way to cut it into chunks. */
const split = (stream: Arbitrary<Uint8Array>): Arbitrary<readonly [Uint8Array, Uint8Array[]]> =>
  stream.chain((bytes) => chunking(bytes).map((chunks) => [bytes, chunks] as const));

const splitFrames = (version: Version): Arbitrary<readonly [Uint8Array[], Uint8Array[]]> =>
  frames(version).chain((all) => chunking(concat(all)).map((chunks) => [all, chunks] as const));

describe.each(VERSIONS)('a stream of version %d', (version) => {
  it('gives the same packets however it is split [3.1.1: MQTT-6.0.0-2] [5.0: MQTT-6.0.0-2]', () => {
    const law = fc.property(splitFrames(version), fc.boolean(), ([sent, chunks], copy) => {
      const expected = sent.map((frame) => decode(frame, version));
      same(read(chunks, { version, copy }), { packets: expected, error: undefined });
    });
    fc.assert(law, runs(1_000));
  });

  it('gives them too when all chunks are pushed before the first packet is taken', () => {
    const law = fc.property(splitFrames(version), ([sent, chunks]) => {
      const parser = new PacketParser({ version, ...NO_LIMIT });
      for (const chunk of chunks) parser.push(chunk);
      parser.end();
      same(
        sent.map(() => parser.next()),
        sent.map((frame) => decode(frame, version)),
      );
      same([parser.next(), parser.buffered], [undefined, 0]);
    });
    fc.assert(law, runs(700));
  });

  it('gives them in order however pushing and taking take turns', () => {
    const turns = fc.array(fc.nat(2), { minLength: 1, maxLength: 20 });
    const law = fc.property(splitFrames(version), turns, ([sent, chunks], takes) => {
      const parser = new PacketParser({ version, ...NO_LIMIT });
      const taken = chunks.flatMap((chunk, index) => {
        parser.push(chunk);
        return Array.from({ length: takes[index % takes.length]! }, () => parser.next());
      });
      parser.end();
      const rest = sent.map(() => parser.next());
      same(
        [...taken, ...rest].filter((packet) => packet !== undefined),
        sent.map((frame) => decode(frame, version)),
      );
    });
    fc.assert(law, runs(700));
  });

  it('is buffered to the byte: what was pushed less the packets that came out', () => {
    const law = fc.property(splitFrames(version), fc.nat(3), ([sent, chunks], lag) => {
      const parser = new PacketParser({ version, ...NO_LIMIT });
      const lengths = sent.map((frame) => frame.length);
      let held = 0;
      chunks.forEach((chunk, index) => {
        parser.push(chunk);
        held += chunk.length;
        expect(parser.buffered).toBe(held);
        if (index % (lag + 1) !== lag) return;
        while (parser.next() !== undefined) {
          held -= lengths.shift()!;
          expect(parser.buffered).toBe(held);
        }
        expect(parser.buffered).toBeLessThan(lengths[0] ?? 1);
      });
    });
    fc.assert(law, runs(700));
  });

  it('breaks at the same packet with the same error however it is split', () => {
    const parts = fc.tuple(frames(version), mutatedBytes(packetBytes({ version })), packetBytes({ version }));
    const law = fc.property(
      split(parts.map(([before, wrong, after]) => concat([...before, wrong, after]))),
      ([stream, chunks]) => {
        same(read(chunks, { version }), read([stream], { version }));
      },
    );
    fc.assert(law, runs(1_000));
  });

  it('gives the packets before a bad one, then the error of decode, and then nothing but that', () => {
    // Whole packets, and fixed headers that are wrong by themselves.
    const bad = invalidBytes({ version }).filter(({ bytes }) => {
      const size = announced(bytes);
      return size === bytes.length || Number.isNaN(size);
    });
    const parts = fc.tuple(frames(version), bad, packetBytes({ version }));
    const law = fc.property(
      parts.chain((all) =>
        chunking(concat([...all[0], all[1].bytes, all[2]])).map((chunks) => [all, chunks] as const),
      ),
      ([[before, { bytes }, after], chunks]) => {
        const { packets, error } = read(chunks, { version });
        same(
          packets,
          before.map((frame) => decode(frame, version)),
        );
        same(
          error,
          refusal(() => decode(bytes, version)),
        );
        const parser = new PacketParser({ version, ...NO_LIMIT });
        parser.push(concat([bytes, after]));
        const first = outcomeOf(() => parser.next());
        parser.push(after);
        const second = outcomeOf(() => parser.next());
        const third = outcomeOf(() => parser.end());
        if (!('error' in first && 'error' in second && 'error' in third)) expect.unreachable('went on');
        expect([second.error === first.error, third.error === first.error]).toEqual([true, true]);
        expect(parser.buffered).toBe(0);
      },
    );
    fc.assert(law, runs(1_200));
  });

  it('that ends within a packet is reported, with the packets before it given', () => {
    const cut = fc.tuple(frames(version), fc.nat()).chain(([all, at]) => {
      const last = all.at(-1)!;
      const rest = 1 + (at % (last.length - 1));
      return chunking(concat([...all.slice(0, -1), last.subarray(0, rest)])).map(
        (chunks) => [all, chunks, rest] as const,
      );
    });
    const law = fc.property(cut, ([sent, chunks, rest]) => {
      const { packets, error } = read(chunks, { version });
      same(
        packets,
        sent.slice(0, -1).map((frame) => decode(frame, version)),
      );
      expect(error).toMatchObject({
        code: 'cut-short',
        reasonCode: 0x81,
        offset: rest,
        field: 'remainingLength',
      });
    });
    fc.assert(law, runs(700));
  });

  it('gives packets that stay as they were, whatever comes later', () => {
    const law = fc.property(splitFrames(version), ([sent, chunks]) => {
      const { packets } = read(chunks, { version });
      same(
        packets,
        sent.map((frame) => decode(frame, version)),
      );
    });
    fc.assert(law, runs(300));
  });

  it('gives packets of their own with copy: chunks may be overwritten once they are read', () => {
    const law = fc.property(splitFrames(version), ([sent, chunks]) => {
      const parser = new PacketParser({ version, copy: true, ...NO_LIMIT });
      const memory = new Uint8Array(Math.max(0, ...chunks.map((chunk) => chunk.length)));
      const packets = chunks.flatMap((chunk) => {
        memory.fill(0xee).set(chunk);
        parser.push(memory.subarray(0, chunk.length));
        const found: DecodedPacket[] = [];
        for (let packet = parser.next(); packet !== undefined; packet = parser.next()) found.push(packet);
        return found;
      });
      memory.fill(0xee);
      same(
        packets,
        sent.map((frame) => decode(frame, version)),
      );
    });
    fc.assert(law, runs(1_000));
  });

  it('leaves its chunks as they were', () => {
    const law = fc.property(splitFrames(version), ([, chunks]) => {
      const before = clone(chunks);
      read(chunks, { version });
      same(
        chunks.map((chunk) => chunk.slice()),
        before.map((chunk) => chunk.slice()),
      );
    });
    fc.assert(law, runs(300));
  });

  it('takes its version from the CONNECT that it begins with', () => {
    const stream = fc.tuple(connect({ version }), frames(version)).map(([first, rest]) => {
      return [encode(first as Parameters<typeof encode>[0], version), ...rest];
    });
    const law = fc.property(
      stream.chain((all) => chunking(concat(all)).map((chunks) => [all, chunks] as const)),
      ([sent, chunks]) => {
        const parser = new PacketParser(NO_LIMIT);
        const packets = chunks.flatMap((chunk) => {
          parser.push(chunk);
          const found: DecodedPacket[] = [];
          for (let packet = parser.next(); packet !== undefined; packet = parser.next()) found.push(packet);
          expect(parser.version).toBe(found.length > 0 || parser.version ? version : undefined);
          return found;
        });
        same(
          packets,
          sent.map((frame) => decode(frame, version)),
        );
      },
    );
    fc.assert(law, runs(500));
  });
});

describe('a packet over the limit', () => {
  const sizes = fc.tuple(fc.integer({ min: 2, max: 300 }), fc.integer({ min: -2, max: 2 }));

  it('is refused from its fixed header on, before anything of it is kept, and one at the limit is not', () => {
    const law = fc.property(sizes, fc.nat(6), ([limit, more], chunkSize) => {
      const payload = Math.max(0, limit + more - (limit + more > 129 ? 6 : 5));
      const frame = rawFrame(0x30, [0, 1, 0x61, ...new Uint8Array(payload)]);
      const parser = new PacketParser({ version: 4, maximumPacketSize: limit });
      const header = frame.length > 129 ? 3 : 2;
      const outcome = outcomeOf(() => {
        for (let at = 0; at < header; at += 1 + chunkSize) {
          parser.push(frame.subarray(at, Math.min(header, at + 1 + chunkSize)));
          parser.next();
        }
      });
      if (frame.length <= limit) same(outcome, { value: undefined });
      else {
        if (!('error' in outcome)) expect.unreachable('was accepted');
        expect(outcome.error).toBeInstanceOf(PacketTooLargeError);
        expect(outcome.error).toMatchObject({ reasonCode: 0x95, size: frame.length, limit });
        expect(parser.buffered).toBe(0);
      }
    });
    fc.assert(law, runs(2_000));
  });
});
