// One measurement, in a process of its own: one codec, one workload, one direction.
import { existsSync, readFileSync } from 'node:fs';
import type { ProtocolVersion } from '../../src/index.js';
import type { Codec } from './contestant.js';
import { CONTESTANTS } from './contestants.js';
import { hugePacket, STREAMS, type Stream, workloads } from './workloads.js';

export interface Job {
  readonly contestant: string;
  readonly direction: 'encode' | 'decode' | 'stream';
  readonly title: string;
  /** The address of puremqtt's entry, and the file with what is to be decoded. */
  readonly puremqtt: string;
  readonly input: string;
  /** How long to warm up and how long to measure, in milliseconds. */
  readonly warmUp: number;
  readonly measure: number;
}

export interface Outcome {
  /** Nanoseconds per packet, or per stream. */
  readonly time: number;
  /** For the stream of one packet: the time for four times the bytes over the time for one. */
  readonly growth?: number;
}

/** A stream that takes longer than this is given up, in milliseconds. */
const PATIENCE = 2_000;

/** Results are kept alive, lest the compiler drops the work. */
const kept: unknown[] = new Array(64).fill(undefined);

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const SCHEDSTAT = '/proc/self/schedstat';
const accounted = existsSync(SCHEDSTAT);

/**
 * Milliseconds that went by, without those in which this process was ready to run and another had the processor.
 * Only Linux tells them; elsewhere the machine should have nothing else to do.
 */
function clock(): number {
  const waited = accounted ? Number(readFileSync(SCHEDSTAT, 'utf8').split(' ')[1]) / 1e6 : 0;
  return performance.now() - waited;
}

/**
 * Runs batches of some 20 ms, so that each has its share of garbage collection, until the time is up; returns the
 * median of nanoseconds per round.
 */
function timeBatches(run: (rounds: number) => void, warmUp: number, measure: number): number {
  let rounds = 16;
  const batch = (): number => {
    const start = clock();
    run(rounds);
    return clock() - start;
  };
  for (const end = clock() + warmUp; clock() < end; ) if (batch() < 10) rounds *= 2;
  const samples: number[] = [];
  for (const end = clock() + measure; samples.length < 3 || clock() < end; ) {
    samples.push((batch() * 1e6) / rounds);
  }
  return median(samples);
}

function timePackets(codec: Codec, job: Job): number {
  const { items } = workloads().find((workload) => workload.title === job.title)!;
  const versions = items.map((item) => item.version);
  const count = items.length;
  let turn = 0;
  if (job.direction === 'encode') {
    const packets = items.map((item) => codec.prepare(item));
    return timeBatches(
      (rounds) => {
        for (let i = 0; i < rounds; i++) {
          kept[i & 63] = codec.encode(packets[turn], versions[turn]!);
          turn = turn + 1 === count ? 0 : turn + 1;
        }
      },
      job.warmUp,
      job.measure,
    );
  }
  const frames = (JSON.parse(readFileSync(job.input, 'utf8')) as Record<string, string[]>)[job.title]!.map(
    (text) => Buffer.from(text, 'base64'),
  );
  return timeBatches(
    (rounds) => {
      for (let i = 0; i < rounds; i++) {
        kept[i & 63] = codec.decode(frames[turn]!, versions[turn] as ProtocolVersion);
        turn = turn + 1 === count ? 0 : turn + 1;
      }
    },
    job.warmUp,
    job.measure,
  );
}

function cut(bytes: Buffer, length: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, i) =>
    bytes.subarray(i * length, (i + 1) * length),
  );
}

/** Reads a whole stream; returns the milliseconds, or infinity when it takes too long. */
function readStream(codec: Codec, chunks: readonly Buffer[], payloads: number): number {
  let seen = 0;
  const start = clock();
  const feed = codec.stream((size) => {
    seen += size;
  });
  for (let i = 0; i < chunks.length; i++) {
    feed(chunks[i]!);
    if ((i & 15) === 15 && performance.now() - start > PATIENCE && clock() - start > PATIENCE) {
      return Number.POSITIVE_INFINITY;
    }
  }
  if (seen !== payloads) throw new Error(`the stream gave ${seen} bytes of payload, not ${payloads}`);
  return clock() - start;
}

/** The median of as many readings as there is time for, at least three; nanoseconds. */
function timeStream(read: () => number, warmUp: number, measure: number): number {
  for (const end = clock() + warmUp; clock() < end; ) {
    if (read() === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  }
  const samples: number[] = [];
  for (const end = clock() + measure; samples.length < 3 || clock() < end; ) samples.push(read());
  return median(samples) * 1e6;
}

function timeStreams(codec: Codec, job: Job): Outcome {
  const stream = STREAMS.find(({ title }) => title === job.title) as Stream;
  if (!stream.one) {
    const { payloads } = JSON.parse(readFileSync(`${job.input}.payloads`, 'utf8')) as {
      payloads: Record<string, number>;
    };
    const chunks = cut(readFileSync(`${job.input}.${stream.size}`), stream.chunk);
    const read = (): number => readStream(codec, chunks, payloads[stream.size]!);
    return { time: timeStream(read, job.warmUp, job.measure) };
  }
  const [quarter, whole] = [stream.size / 4, stream.size].map((size) => {
    const chunks = cut(hugePacket(size), stream.chunk);
    return timeStream(() => readStream(codec, chunks, size), job.warmUp, job.measure);
  });
  return { time: whole!, growth: whole! / quarter! };
}

const job = JSON.parse(process.argv[2] ?? '') as Job;
const codec = await CONTESTANTS.find(({ name }) => name === job.contestant)!.load(job.puremqtt);
const outcome: Outcome =
  job.direction === 'stream' ? timeStreams(codec, job) : { time: timePackets(codec, job) };
process.stdout.write(JSON.stringify(outcome));
