// Measures QoS exchanges through `step` and through two Endpoints, in shares of mqtt-packet's encode rate.
// `npx tsx bench/session.bench.ts`; three passes with a fresh process per row, the median of medians.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { generate } from 'mqtt-packet';
import type { ConnectionState, Input } from '../src/connection/index.js';
import { type Action, clientConnection, Endpoint, serverConnection, step } from '../src/connection/index.js';
import type { DecodedPacket } from '../src/packets/index.js';
import { sessionChanges } from '../src/session/index.js';

const ROUNDS = 11;
const PASSES = 3;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** Prepares work, and gives back what does one unit of it. */
interface Row {
  readonly name: string;
  readonly units: number;
  /** The rate to reach, in shares of mqtt-packet's. */
  readonly target?: number;
  readonly prepare: () => () => void;
}

const payload = new Uint8Array(16).fill(0x61);
const topics = Array.from({ length: 16 }, (_, i) => `sensors/building-${i}/temperature`);

/** A client and a server that stand, for packets to be handed over without bytes. */
class Pair {
  client: ConnectionState;
  server: ConnectionState;
  now = 1_700_000_000_000;

  constructor(version: 4 | 5, acknowledgements: 'automatic' | 'manual') {
    const common = { clientId: 'bench', cleanStart: true, keepAlive: 60 };
    const connect =
      version === 4
        ? ({ type: 'connect', protocolVersion: 4, ...common } as const)
        : ({ type: 'connect', protocolVersion: 5, ...common } as const);
    this.client = clientConnection({ connect });
    this.server = serverConnection({ acknowledgements });
    this.toServer({ type: 'opened', now: this.now });
    const [opened] = this.toClient({ type: 'opened', now: this.now });
    this.receiveAll(opened);
    const [connack] = this.toServer({ type: 'accept', now: this.now });
    if (connack?.type !== 'transmit') throw new Error('no CONNACK');
    this.toClient({ type: 'packetReceived', packet: decoded(connack.packet), size: 4, now: this.now });
    if (this.client.phase !== 'connected' || this.server.phase !== 'connected')
      throw new Error('no connection');
  }

  toClient(input: Input): readonly Action[] {
    const [state, actions] = step(this.client, input);
    this.client = state;
    return actions;
  }

  toServer(input: Input): readonly Action[] {
    const [state, actions] = step(this.server, input);
    this.server = state;
    return actions;
  }

  receiveAll(action: Action | undefined): void {
    if (action?.type !== 'transmit') throw new Error('nothing was sent');
    this.toServer({ type: 'packetReceived', packet: decoded(action.packet), size: 20, now: this.now });
  }
}

/** What was sent as what comes: the bench leaves the codec out. */
function decoded(packet: unknown): DecodedPacket {
  return packet as DecodedPacket;
}

function transmitted(actions: readonly Action[], at: number): DecodedPacket {
  const action = actions[at];
  if (action?.type !== 'transmit') throw new Error(`no packet at ${at}: ${JSON.stringify(actions)}`);
  return decoded(action.packet);
}

/** A PUBLISH as a decoder gives it. */
function arriving(qos: 1 | 2, packetId: number, n: number): DecodedPacket<5> {
  const topic = topics[n & 15]!;
  return { type: 'publish', topic, payload, qos, retain: false, dup: false, packetId, properties: {} };
}

/** Exchanges with so many messages in flight: the newest is sent, and the oldest is carried through. */
function exchange(
  qos: 1 | 2,
  inFlight: number,
  version: 4 | 5,
  acknowledgements: 'automatic' | 'manual',
): () => void {
  const pair = new Pair(version, acknowledgements);
  let n = 0;
  let oldest = 0;
  const begin = (): void => {
    const packet = { type: 'publish', topic: topics[n & 15]!, payload, qos } as const;
    const [sent] = pair.toClient({ type: 'send', packet, token: n++, now: pair.now });
    if (sent?.type !== 'transmit') throw new Error('not sent');
  };
  for (let i = 0; i < inFlight - 1; i++) begin();
  return () => {
    if ((n & 15) === 0) pair.now++;
    const { now } = pair;
    begin();
    oldest = oldest === 65_535 ? 1 : oldest + 1;
    const packetId = oldest;
    const packet = arriving(qos, packetId, n);
    let back = pair.toServer({ type: 'packetReceived', packet, size: 50, now });
    if (acknowledgements === 'manual') back = pair.toServer({ type: 'acknowledge', packetId, now });
    const answer = transmitted(back, back.length - 1);
    const next = pair.toClient({ type: 'packetReceived', packet: answer, size: 4, now });
    if (qos === 1) {
      if (next[0]?.type !== 'settled') throw new Error('not settled');
      return;
    }
    const pubcomp = pair.toServer({ type: 'packetReceived', packet: transmitted(next, 0), size: 4, now });
    const last = pair.toClient({ type: 'packetReceived', packet: transmitted(pubcomp, 0), size: 4, now });
    if (last[0]?.type !== 'settled') throw new Error('not settled');
  };
}

/** Messages from bytes to bytes: each call sends a batch, and both sides read what the other wrote. */
function endToEnd(version: 4 | 5, batch: number): () => void {
  const common = { clientId: 'bench', cleanStart: true, keepAlive: 60 };
  const connect =
    version === 4
      ? ({ type: 'connect', protocolVersion: 4, ...common } as const)
      : ({ type: 'connect', protocolVersion: 5, ...common } as const);
  const client = new Endpoint(clientConnection({ connect }));
  const server = new Endpoint(serverConnection());
  let now = 1_700_000_000_000;
  server.open(now);
  server.receive(client.open(now).bytes!, now);
  client.receive(server.accept(now).bytes!, now);
  let n = 0;
  const chunks: Uint8Array[] = [];
  return () => {
    now++;
    chunks.length = 0;
    for (let i = 0; i < batch; i++) {
      const packet = { type: 'publish', topic: topics[n & 15]!, payload, qos: 1 } as const;
      chunks.push(client.send(packet, now, { token: n++ }).bytes!);
    }
    // What a socket does: one chunk of what was written meanwhile.
    const joined = Buffer.concat(chunks);
    const back = server.receive(joined, now);
    if (back.events.length !== batch) throw new Error('not delivered');
    if (client.receive(back.bytes!, now).events.length !== batch) throw new Error('not settled');
  };
}

const rows: readonly Row[] = [
  {
    name: 'yardstick: mqtt-packet, encode PUBLISH of QoS 0 with 16 bytes',
    units: 200_000,
    prepare: () => {
      let n = 0;
      let sum = 0;
      const body = Buffer.from(payload);
      const packets = topics.map((topic) => ({
        cmd: 'publish' as const,
        topic,
        payload: body,
        qos: 0 as const,
        dup: false,
        retain: false,
      }));
      return () => {
        sum += generate(packets[n++ & 15]!).length;
        if (sum < 0) throw new Error('impossible');
      };
    },
  },
  ...([1, 2] as const).flatMap((qos) =>
    [10, 65_535].map((inFlight) => ({
      name: `QoS ${qos} exchange, ${qos === 1 ? 'four' : 'six'} steps, ${inFlight} in flight`,
      units: 50_000,
      ...(inFlight === 10 && { target: qos === 1 ? 0.7 : 0.35 }),
      prepare: () => exchange(qos, inFlight, 5, 'manual'),
    })),
  ),
  {
    name: 'QoS 1 exchange, acknowledged automatically (three steps), 10 in flight',
    units: 50_000,
    prepare: () => exchange(1, 10, 5, 'automatic'),
  },
  {
    name: 'QoS 2 exchange, acknowledged automatically (five steps), 10 in flight',
    units: 50_000,
    prepare: () => exchange(2, 10, 5, 'automatic'),
  },
  {
    name: 'QoS 1, bytes to bytes through two Endpoints, 5.0',
    units: 20_000,
    target: 0.2,
    prepare: () => {
      const run = endToEnd(5, 10);
      return () => run();
    },
  },
  {
    name: 'QoS 1, bytes to bytes through two Endpoints, 3.1.1',
    units: 20_000,
    target: 0.2,
    prepare: () => {
      const run = endToEnd(4, 10);
      return () => run();
    },
  },
];

function measure(row: Row, perUnit: number): number {
  const run = row.prepare();
  const count = row.units / perUnit;
  for (let i = 0; i < count; i++) run();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < count; i++) run();
    times.push(((performance.now() - start) * 1e6) / row.units);
  }
  return median(times);
}

/** `sessionChanges` after one step, with so many messages in flight, in nanoseconds. */
function measureChanges(inFlight: number): number {
  const run = exchange(1, inFlight, 5, 'automatic');
  run();
  const pair = new Pair(5, 'automatic');
  const packet = { type: 'publish', topic: topics[0]!, payload, qos: 1 } as const;
  for (let i = 0; i < inFlight - 1; i++) pair.toClient({ type: 'send', packet, token: i, now: pair.now });
  const before = pair.client.session;
  pair.toClient({ type: 'send', packet, token: 0, now: pair.now });
  const after = pair.client.session;
  let kept = 0;
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < 20_000; i++) kept += sessionChanges(before, after)?.outgoing.set.length ?? 0;
    times.push(((performance.now() - start) * 1e6) / 20_000);
  }
  if (kept !== ROUNDS * 20_000) throw new Error('no change was found');
  return median(times);
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
  if (pair.client.session.outgoing.size !== count || messages.length !== count)
    throw new Error('not all in flight');
  return used / count;
}

const chosen = process.argv[2];
if (chosen === 'memory') console.log(measureMemory().toFixed(0));
else if (chosen === 'changes')
  console.log(`${measureChanges(10).toFixed(0)} ${measureChanges(65_535).toFixed(0)}`);
else if (chosen !== undefined) {
  const row = rows[Number(chosen)]!;
  console.log(measure(row, row.name.includes('Endpoints') ? 10 : 1));
} else {
  const child = (argument: string): string =>
    execFileSync(
      process.execPath,
      [...process.execArgv, '--expose-gc', fileURLToPath(import.meta.url), argument],
      {
        encoding: 'utf8',
      },
    ).trim();
  // Passes over all rows, so that a disturbance of the machine does not hit one row alone.
  const passes = Array.from({ length: PASSES }, () => rows.map((_, index) => Number(child(String(index)))));
  const times = rows.map((_, index) => median(passes.map((pass) => pass[index]!)));
  const yardstick = times[0]!;
  for (const [index, { name, target }] of rows.entries()) {
    const share = yardstick / times[index]!;
    const wanted = target === undefined ? '' : ` (wanted: ${target})`;
    console.log(
      `${name.padEnd(76)}${times[index]!.toFixed(0).padStart(6)} ns  ${share.toFixed(2)} R${wanted}`,
    );
  }
  console.log(
    `65,535 in flight cost ${(times[2]! / times[1]!).toFixed(2)} (QoS 1) and ${(times[4]! / times[3]!).toFixed(2)} (QoS 2) times 10 in flight (wanted: 1.5)`,
  );
  const [few, many] = child('changes').split(' ');
  console.log(`sessionChanges after one step: ${few} ns with 10 in flight, ${many} ns with 65,535`);
  console.log(`memory per message in flight, beyond the caller's: ${child('memory')} bytes (wanted: 250)`);
}
