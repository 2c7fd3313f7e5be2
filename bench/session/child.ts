// One measurement, in a process of its own: a row by its number, `changes` or `memory`.
import { existsSync, readFileSync } from 'node:fs';
import { generate } from 'mqtt-packet';
import { exportSession, sessionChanges } from '../../src/session/index.js';
import { endToEnd, exchange, Pair, payload, topics } from './exchange.js';
import { ROWS, type Work } from './rows.js';

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

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const WARM_UP = 300;
const MEASURE = 900;
/** Long enough for each batch to have its share of garbage collection, in milliseconds. */
const BATCH = 45;

/** The median of nanoseconds per call, over batches. */
function time(run: () => void): number {
  let count = 1_000;
  const batch = (): number => {
    const start = clock();
    for (let i = 0; i < count; i++) run();
    return clock() - start;
  };
  for (const end = clock() + WARM_UP; clock() < end; ) if (batch() < BATCH) count *= 2;
  const samples: number[] = [];
  for (const end = clock() + MEASURE; samples.length < 5 || clock() < end; )
    samples.push((batch() * 1e6) / count);
  return median(samples);
}

function encodeWithMqttPacket(): () => void {
  let n = 0;
  let sum = 0;
  const body = Buffer.from(payload);
  const rest = { cmd: 'publish', payload: body, qos: 0, dup: false, retain: false } as const;
  const packets = topics.map((topic) => ({ ...rest, topic }));
  return () => {
    sum += generate(packets[n++ & 15]!).length;
    if (sum < 0) throw new Error('impossible');
  };
}

/** Nanoseconds per exchange, or per message. */
function measure(work: Work): number {
  if (work.kind === 'yardstick') return time(encodeWithMqttPacket());
  if (work.kind === 'end-to-end') return time(endToEnd(work.version, 10)) / 10;
  return time(exchange(work.qos, work.inFlight, work.version, work.acknowledgements));
}

/** The sessions before and after one step, with so many messages in flight. */
function oneStep(inFlight: number): [Pair['client']['session'], Pair['client']['session']] {
  const pair = new Pair(5, 'automatic');
  const packet = { type: 'publish', topic: topics[0]!, payload, qos: 1 } as const;
  for (let i = 0; i < inFlight - 1; i++) pair.toClient({ type: 'send', packet, token: i, now: pair.now });
  const before = pair.client.session;
  pair.toClient({ type: 'send', packet, token: 0, now: pair.now });
  return [before, pair.client.session];
}

/** `sessionChanges` after one step, in nanoseconds. */
function measureChanges(inFlight: number): number {
  const [before, after] = oneStep(inFlight);
  let kept = 0;
  const nanoseconds = time(() => {
    kept += sessionChanges(before, after)?.outgoing.set.length ?? 0;
  });
  if (kept === 0) throw new Error('no change was found');
  return nanoseconds;
}

/** Bytes of heap per message in flight, beyond the message itself. */
function measureMemory(): number {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('run with --expose-gc');
  const pair = new Pair(5, 'automatic');
  const count = 65_535;
  const messages = Array.from({ length: count }, (_, i) => ({
    type: 'publish' as const,
    topic: topics[i & 15]!,
    payload,
    qos: 1 as const,
  }));
  collect();
  const before = process.memoryUsage().heapUsed;
  for (const [i, packet] of messages.entries())
    pair.toClient({ type: 'send', packet, token: i, now: pair.now });
  collect();
  const used = process.memoryUsage().heapUsed - before;
  // Both are alive until here.
  if (exportSession(pair.client).outgoing.length !== messages.length) throw new Error('not all in flight');
  return used / count;
}

const [what = '', inFlight] = process.argv.slice(2);
if (what === 'memory') console.log(measureMemory());
else if (what === 'changes') console.log(measureChanges(Number(inFlight)));
else console.log(measure(ROWS[Number(what)]!.work));
