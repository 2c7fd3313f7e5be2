import type { Link } from '../../../src/adapters/streams.js';
import type { SendablePacket } from '../../../src/index.js';
import { check, checkPattern, endedBy, equal, pattern } from './check.js';
import { Client, PATIENCE, reportOf } from './client.js';
import type { Case, Kit } from './kit.js';

const MEBIBYTE = 1_048_576;
const PAYLOAD = 16 * MEBIBYTE;
/** What the flood sends: more than the socket buffers of both ends can hold. */
const FLOOD = { messages: 512, size: 65_536 };

async function sendAll(
  link: Link,
  count: number,
  packetOf: (index: number) => SendablePacket,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    while (link.blocked) await link.whenWritable();
    link.send(packetOf(i));
  }
}

/** The most memory in use while the promise was open, above what was in use before. */
async function peakOf<T>(kit: Kit, work: () => Promise<T>): Promise<{ value: T; growth: number }> {
  const before = kit.memory?.() ?? 0;
  let peak = before;
  let isOver = false;
  const watch = async (): Promise<void> => {
    while (!isOver) {
      peak = Math.max(peak, kit.memory?.() ?? 0);
      await kit.delay(15);
    }
  };
  const watching = watch();
  try {
    return { value: await work(), growth: peak - before };
  } finally {
    isOver = true;
    await watching;
  }
}

/** A promise and what settles it. */
function gate(): { readonly promise: Promise<void>; open(): void } {
  let open = (): void => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open: () => open() };
}

export const FLOW: readonly Case[] = [
  {
    name: 'one-byte writes',
    promise: 'a peer that writes byte by byte is understood as any other',
    async run(kit) {
      const client = await Client.connected(kit, 'drip');
      for (const qos of [0, 1, 2] as const) {
        client.link.send({ type: 'publish', topic: 'drip', payload: pattern(400), qos });
      }
      await client.received(3);
      for (const { payload } of client.messages) checkPattern(payload, 400);
      client.link.disconnect();
      endedBy(kit, await client.closed(), 'ended', 'disconnected');
      return undefined;
    },
  },
  {
    name: '16 MiB to a slow reader',
    promise: 'a payload of 16 MiB arrives whole at a peer that reads slowly, in memory of at most 64 MiB',
    async run(kit) {
      const client = await Client.connected(kit, 'slow');
      const { growth } = await peakOf(kit, () =>
        client.settled({ type: 'publish', topic: 'big', payload: pattern(PAYLOAD), qos: 1 }, 'big'),
      );
      check(growth <= 64 * MEBIBYTE, `memory grew by ${growth} bytes`);
      client.link.disconnect();
      endedBy(kit, await client.closed(), 'ended', 'disconnected');
      return { growth };
    },
  },
  {
    name: '16 MiB from a peer',
    promise: 'a payload of 16 MiB comes whole, in memory of at most 64 MiB',
    async run(kit) {
      const client = await Client.connected(kit, 'blob');
      const { growth } = await peakOf(kit, () => client.received(1));
      const [message] = client.messages;
      checkPattern(message?.payload ?? new Uint8Array(0), PAYLOAD);
      check(growth <= 64 * MEBIBYTE, `memory grew by ${growth} bytes`);
      client.link.destroy();
      await client.closed();
      return { growth };
    },
  },
  {
    name: '10,000 messages each way',
    promise: '10,000 small messages go out and come back, at QoS 0 and at QoS 1, in order',
    async run(kit) {
      const count = 10_000;
      const measured: Record<string, number> = {};
      for (const qos of [0, 1] as const) {
        const client = await Client.connected(kit, 'echo');
        const started = kit.now();
        await sendAll(client.link, count, (i) => ({ type: 'publish', topic: 't', payload: `${i}`, qos }));
        await client.received(count);
        measured[`milliseconds, QoS ${qos}`] = Math.round(kit.now() - started);
        const decoder = new TextDecoder();
        const wrong = client.messages.findIndex(({ payload }, i) => decoder.decode(payload) !== `${i}`);
        equal(wrong, -1, 'first message out of order');
        client.link.disconnect();
        endedBy(kit, await client.closed(), 'ended', 'disconnected');
      }
      return measured;
    },
  },
  {
    name: 'one write per tick',
    promise: 'what is sent in one turn of the event loop leaves in one write',
    async run(kit) {
      const client = await Client.connected(kit, 'sink');
      for (let i = 0; i < 100; i++)
        client.link.send({ type: 'publish', topic: 't', payload: `${i}`, qos: 0 });
      const { chunks } = await reportOf(
        kit,
        client.clientId,
        '101 packets',
        ({ packets }) => packets.length === 101,
      );
      equal(chunks, 2, 'pieces, that of CONNECT included');
      client.link.disconnect();
      await client.closed();
      return undefined;
    },
  },
  {
    name: 'blocked and writable',
    promise: 'a full socket says so: QoS 0 is refused until `whenWritable` settles, and nothing is lost',
    async run(kit) {
      const client = await Client.connected(kit, 'slow');
      const payload = new Uint8Array(65_536);
      let sent = 0;
      while (!client.link.blocked && sent < 2_000) {
        client.link.send({ type: 'publish', topic: 't', payload, qos: 0 });
        sent += 1;
      }
      check(client.link.blocked, 'never blocked');
      client.link.send({ type: 'publish', topic: 't', payload, qos: 0 }, { token: 'too many' });
      await client.until('a refusal', () =>
        client.events.some((event) => event.type === 'refused' && event.token === 'too many'),
      );
      while (client.link.blocked) await client.link.whenWritable();
      await client.settled({ type: 'publish', topic: 't', payload: 'last', qos: 1 }, 'last');
      client.link.disconnect();
      endedBy(kit, await client.closed(), 'ended', 'disconnected');
      const { packets } = await reportOf(kit, client.clientId, 'closed', ({ closed }) => closed);
      equal(packets.filter((type) => type === 'publish').length, sent + 1, 'messages');
      return { 'bytes before blocked': sent * payload.length };
    },
  },
  {
    name: 'handler holds reading',
    promise: 'while the handler is busy a flood stays with the peer; then all of it comes',
    async run(kit) {
      const busy = gate();
      let isHeld = false;
      const client = new Client(kit, 'flood', {
        onEvents: (events) => {
          if (isHeld || !events.some(({ type }) => type === 'deliver')) return undefined;
          isHeld = true;
          return busy.promise;
        },
      });
      await client.received(1);
      const before = kit.memory?.() ?? 0;
      await kit.delay(300);
      const held = (): number => (kit.memory?.() ?? 0) - before;
      const growth = held();
      const count = client.messages.length;
      const { pushed } = await reportOf(kit, client.clientId, 'anything', () => true);
      await kit.delay(100);
      equal(client.messages.length, count, 'messages while the handler is busy');
      check(pushed < (FLOOD.messages * FLOOD.size) / 2, `the peer could write ${pushed} bytes`);
      check(Math.min(growth, held()) < 4 * MEBIBYTE, `memory grew by ${growth} bytes`);
      busy.open();
      await client.received(FLOOD.messages);
      client.link.disconnect();
      endedBy(kit, await client.closed(), 'ended', 'disconnected');
      return { 'bytes the peer could write': pushed, growth };
    },
  },
  {
    name: 'overflow',
    promise: 'where reading cannot pause, what waits for the handler is bounded: the cause is `overflow`',
    async run(kit) {
      const busy = gate();
      const client = new Client(kit, 'flood', {
        maximumInbox: MEBIBYTE,
        onEvents: (events) => (events.some(({ type }) => type === 'deliver') ? busy.promise : undefined),
      });
      await client.received(1);
      await reportOf(kit, client.clientId, 'closed', ({ closed }) => closed);
      equal(client.end, undefined, 'the end before the handler knows');
      busy.open();
      endedBy(kit, await client.closed(), 'overflow');
      return undefined;
    },
  },
  {
    name: 'handler holds writing',
    promise: 'nothing is written before the handler is done with the events that led to it',
    async run(kit) {
      const busy = gate();
      const client = new Client(kit, 'sink', {
        onEvents: (events, link) => {
          if (!events.some(({ type }) => type === 'connected')) return undefined;
          link.send({ type: 'publish', topic: 't', payload: 'held', qos: 0 });
          return busy.promise;
        },
      });
      await client.event('connected');
      client.link.send({ type: 'publish', topic: 't', payload: 'held too', qos: 0 });
      await kit.delay(150);
      const { packets } = await reportOf(
        kit,
        client.clientId,
        'CONNECT',
        (report) => report.packets.length > 0,
      );
      equal(packets, ['connect'], 'packets while the handler is busy');
      busy.open();
      const all = ['connect', 'publish', 'publish'];
      await reportOf(kit, client.clientId, all.join(), (report) => report.packets.join() === all.join());
      client.link.disconnect();
      await client.closed();
      return undefined;
    },
  },
  {
    name: 'answers in order',
    promise: 'nothing is read behind a packet that the host has to answer, until it has; then all of it is',
    async run(kit) {
      const client = new Client(kit, 'asking', { authenticationMethod: 'suite' });
      await client.event('authReceived');
      await kit.delay(150);
      const types = (): string[] => client.events.map(({ type }) => type);
      equal(types(), ['authReceived'], 'events before the answer');
      equal(client.messages.length, 0, 'messages before the answer');
      // The answer is no part of the handler: it comes when it comes.
      client.link.authenticate();
      await client.received(1);
      equal(types(), ['authReceived', 'connected'], 'events after the answer');
      client.link.disconnect();
      endedBy(kit, await client.closed(), 'ended', 'disconnected');
      const { packets } = await reportOf(kit, client.clientId, 'closed', ({ closed }) => closed);
      equal(packets, ['connect', 'auth', 'disconnect'], 'packets');
      return undefined;
    },
  },
  {
    name: 'handler throws',
    promise: 'what the handler throws, or rejects with, closes the connection with the cause `handler`',
    async run(kit) {
      for (const how of ['throws', 'rejects']) {
        const error = new Error(how);
        const client = new Client(kit, 'sink', {
          onEvents: (events) => {
            if (!events.some(({ type }) => type === 'connected')) return undefined;
            if (how === 'throws') throw error;
            return Promise.reject(error);
          },
        });
        const end = await client.closed(PATIENCE);
        endedBy(kit, end, 'handler');
        check(end.error === error, 'another error');
        equal(client.events.at(-1)?.type, 'ended', 'last event');
        await reportOf(kit, client.clientId, 'closed', ({ closed }) => closed);
      }
      return undefined;
    },
  },
];
