// @ts-nocheck
// The promises of the parsers, whatever the stream and however it is split.
import { isDeepStrictEqual } from 'node:util';
import fc, { type Arbitrary } from 'fast-check';
import { chunking } from '../../src/arbitraries/index.js';
import {
  type DecodedPacket,
  decode,
  isMqttError,
  MAXIMUM_PACKET_SIZE,
  type ProtocolVersion,
} from '../../src/codec.js';
import {
  type FrameEvent,
  FrameParser,
  PacketParser,
  type PacketParserOptions,
} from '../../src/stream/index.js';
import { arbitrariesOf, modeOf } from './codec-target.js';
import { demand, pick } from './demand.js';
import { diceOf } from './mutate.js';
import { valueFrom } from './parametric.js';

const SIZES = [1, 2, 3, 5, 16, 64, 1_000];

/** Chunks whose sizes follow from a number. */
function split(stream: Uint8Array, seed: number): Uint8Array[] {
  const dice = diceOf(seed);
  const chunks: Uint8Array[] = [];
  const size = pick(SIZES, seed);
  for (let at = 0; at < stream.length; ) {
    // Now and then an empty one, and one that holds a lot.
    const length = dice(16) === 0 ? dice(2) * 200 : 1 + dice(size);
    chunks.push(stream.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

interface Case {
  readonly stream: Uint8Array;
  readonly chunks: readonly Uint8Array[];
  readonly options: PacketParserOptions;
  readonly version: ProtocolVersion;
}

const streams = new Map<string, Arbitrary<{ stream: Uint8Array; chunks: Uint8Array[] }>>();

/** Frames right and wrong, one after the other, and a way to split them. */
function anyStream(version: ProtocolVersion): Arbitrary<{ stream: Uint8Array; chunks: Uint8Array[] }> {
  const found = streams.get(String(version));
  if (found !== undefined) return found;
  const { right, mutated, invalid } = arbitrariesOf(version, undefined);
  const frame = fc.oneof(
    { weight: 8, arbitrary: right },
    { weight: 2, arbitrary: mutated },
    { weight: 1, arbitrary: invalid.map(({ bytes }) => bytes) },
  );
  const stream = fc.array(frame, { maxLength: 5 }).map((frames) => new Uint8Array(Buffer.concat(frames)));
  const made = stream.chain((bytes) => chunking(bytes).map((chunks) => ({ stream: bytes, chunks })));
  streams.set(String(version), made);
  return made;
}

function caseOf(input: Uint8Array): Case {
  const { version, options, isStructured, rest } = modeOf(input);
  const control = rest[0] ?? 0;
  const limit = pick([MAXIMUM_PACKET_SIZE, MAXIMUM_PACKET_SIZE, 1_048_576, 40], control >> 6);
  const all = {
    ...options,
    // In one of eight the parser has to find the version out.
    version: (control & 7) === 7 ? undefined : version,
    maximumPacketSize: limit,
    maximumConnectSize: limit,
  };
  const body = rest.subarray(2);
  const { stream, chunks } = isStructured
    ? valueFrom(anyStream(version), body)
    : { stream: body, chunks: split(body, rest[1] ?? 0) };
  return { stream, chunks, options: all, version };
}

interface Told<T> {
  readonly items: readonly T[];
  readonly error: object | undefined;
}

const told = (error: unknown): object => {
  if (!isMqttError(error)) throw error;
  return { ...error, message: error.message };
};

export function packetParserTarget(input: Uint8Array): void {
  const { stream, chunks, options } = caseOf(input);
  const whole = readPackets([stream], options);
  const parts = withAllocations(input.length % 8 === 0, (arrived) => readPackets(chunks, options, arrived));
  demand(isDeepStrictEqual(parts, whole), 'the packets depend on the split');
  if (options.maximumPacketSize === MAXIMUM_PACKET_SIZE && options.version !== undefined) {
    checkAgainstDecode(stream, whole, options);
  }
}

function readPackets(
  chunks: readonly Uint8Array[],
  options: PacketParserOptions,
  arrived: (bytes: number) => void = () => {},
): Told<DecodedPacket> {
  const parser = new PacketParser(options);
  const items: DecodedPacket[] = [];
  let pushed = 0;
  let isOver = false;
  try {
    for (const chunk of chunks) {
      arrived(chunk.length);
      parser.push(chunk);
      pushed += chunk.length;
      for (let packet = parser.next(); packet !== undefined; packet = parser.next()) items.push(packet);
      demand(parser.buffered >= 0 && parser.buffered <= pushed, `${parser.buffered} of ${pushed} buffered`);
      demand(parser.buffered <= (options.maximumPacketSize ?? 0), 'more is buffered than the limit allows');
    }
    isOver = true;
    parser.end();
    demand(parser.buffered === 0, 'it ends with bytes that nobody has seen');
  } catch (error) {
    const first = told(error);
    demand(parser.buffered === 0, 'a broken parser holds bytes');
    if (!isOver) parser.push(Uint8Array.of(0xc0, 0));
    for (const again of [() => parser.next(), () => parser.end()]) {
      try {
        again();
      } catch (later) {
        demand(later === error, 'a broken parser has another error');
        continue;
      }
      demand(false, 'a broken parser goes on');
    }
    return { items, error: first };
  }
  return { items, error: undefined };
}

/** The parser and `decode` say the same of every frame. */
function checkAgainstDecode(
  stream: Uint8Array,
  { items, error }: Told<DecodedPacket>,
  { version = 5, from, lenient }: PacketParserOptions,
): void {
  let at = 0;
  for (const item of items) {
    const size = sizeAt(stream, at);
    const packet = decode<ProtocolVersion>(stream.subarray(at, at + size), version, { from, lenient });
    demand(isDeepStrictEqual(packet, item), 'the parser and decode differ');
    at += size;
  }
  if (error === undefined) {
    demand(at === stream.length, 'bytes are left and nobody says so');
    return;
  }
  try {
    decode<ProtocolVersion>(stream.subarray(at, at + sizeAt(stream, at)), version, { from, lenient });
  } catch (thrown) {
    demand(isDeepStrictEqual(told(thrown), error), 'the parser has another error than decode');
    return;
  }
  demand(false, 'the parser refuses what decode accepts');
}

/** The size that the fixed header announces, or what is left where it says no such thing. */
function sizeAt(stream: Uint8Array, start: number): number {
  let length = 0;
  for (let at = 1; at < 5; at++) {
    const byte = stream[start + at];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 0x80) return at + 1 + length;
  }
  return stream.length - start;
}

/**
 * Watches that no more memory is asked for at a time than twice what has arrived and 64 KiB. It costs, so it is done
 * for some inputs only.
 */
function withAllocations<T>(watch: boolean, run: (arrived: (bytes: number) => void) => T): T {
  if (!watch) return run(() => {});
  const Plain = globalThis.Uint8Array;
  let arrived = 0;
  let worst = 0;
  globalThis.Uint8Array = new Proxy(Plain, {
    construct: (target, args: [unknown]) => {
      if (typeof args[0] === 'number') worst = Math.max(worst, args[0] - 2 * arrived);
      return Reflect.construct(target, args);
    },
  });
  try {
    return run((bytes) => {
      arrived += bytes;
    });
  } finally {
    globalThis.Uint8Array = Plain;
    demand(worst <= 65_536, `${worst} bytes more than twice what has arrived`);
  }
}

export function frameParserTarget(input: Uint8Array): void {
  const { stream, chunks, options } = caseOf(input);
  for (const publishHeads of [false, true]) {
    const whole = readFrames([stream], options, publishHeads);
    const parts = withAllocations(input.length % 8 === 0, (arrived) =>
      readFrames(chunks, options, publishHeads, arrived),
    );
    demand(isDeepStrictEqual(parts, whole), `the frames depend on the split (publishHeads: ${publishHeads})`);
    const bytes = whole.items.flatMap((item) => ('bytes' in item ? [item.bytes] : []));
    const joined = Buffer.concat(bytes);
    demand(joined.equals(stream.subarray(0, joined.length)), 'the bytes of the events are not the stream');
    if (whole.error === undefined && whole.items.at(-1)?.type !== 'aborted') {
      demand(joined.length === stream.length, 'bytes are left and nobody says so');
    }
  }
}

/** Reads frames; the pieces of a body, which depend on the chunks, are put together. */
function readFrames(
  chunks: readonly Uint8Array[],
  options: PacketParserOptions,
  publishHeads: boolean,
  arrived: (bytes: number) => void = () => {},
): Told<FrameEvent> {
  const parser = new FrameParser({ ...options, publishHeads });
  const items: FrameEvent[] = [];
  let body: Uint8Array[] = [];
  let left = 0;
  const flush = (): void => {
    const bytes = new Uint8Array(Buffer.concat(body));
    if (body.length > 0) items.push({ type: 'body', bytes, remaining: left });
    body = [];
  };
  const take = (): void => {
    for (let event = parser.next(); event !== undefined; event = parser.next()) {
      if (event.type === 'body') {
        left -= event.bytes.length;
        demand(
          event.bytes.length > 0 && event.remaining === left,
          'a piece of a body is empty or miscounted',
        );
        body.push(event.bytes);
        continue;
      }
      flush();
      if (event.type === 'head') left = event.remainingLength;
      else if (event.type === 'publish') left = event.payloadLength;
      else if (event.type === 'end') demand(left === 0, 'a frame ends too early');
      // Whether a head lies in a chunk or was gathered is of no interest.
      items.push('bytes' in event ? { ...event, bytes: new Uint8Array(event.bytes) } : comparable(event));
    }
  };
  try {
    for (const chunk of chunks) {
      arrived(chunk.length);
      parser.push(chunk);
      take();
    }
    parser.end();
    take();
  } catch (error) {
    demand(parser.buffered === 0, 'a broken parser holds bytes');
    flush();
    return { items, error: told(error) };
  }
  flush();
  return { items, error: undefined };
}

const comparable = (event: FrameEvent): FrameEvent =>
  event.type === 'aborted' ? { ...event, error: told(event.error) as typeof event.error } : event;
