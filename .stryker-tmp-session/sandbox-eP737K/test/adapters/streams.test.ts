// @ts-nocheck
import { once } from 'node:events';
import { connect as connectHttp2, createServer } from 'node:http2';
import { type AddressInfo, createConnection, createServer as createTcpServer } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attachStreams, type ByteStreams, type Link, type LinkHandler } from '../../src/adapters/streams.js';
import { clientConnection, Endpoint, type EndpointEvent, encode, serverConnection } from '../../src/index.js';

const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);
beforeEach(() => {
  rejections.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  await delay(5);
  process.off('unhandledRejection', note);
  expect(rejections).toEqual([]);
});

const client = (): Endpoint =>
  new Endpoint(
    clientConnection({
      connect: { type: 'connect', protocolVersion: 5, clientId: 'a', cleanStart: true, keepAlive: 0 },
    }),
  );
const CONNACK = encode({ type: 'connack', sessionPresent: false, reasonCode: 0 }, 5);
const publish = (size: number) =>
  ({ type: 'publish', topic: 't', payload: new Uint8Array(size), qos: 0 }) as const;

/** A handler that notes the types of what it hears. */
function ear(then?: (event: EndpointEvent, link: Link) => void): { types: string[]; handler: LinkHandler } {
  const types: string[] = [];
  const handler: LinkHandler = (events, link) => {
    for (const event of events) {
      types.push(event.type);
      then?.(event, link);
    }
  };
  return { types, handler };
}

/** A source that is filled by hand, and a sink that settles each write by hand. */
function byHand() {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const log: string[] = [];
  const writes: { bytes: Uint8Array; done: () => void; fail: (error: unknown) => void }[] = [];
  let pulls = 0;
  const readable = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given;
      },
      pull: () => void pulls++,
      cancel: () => void log.push('cancel'),
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<Uint8Array>({
    write: (bytes) => new Promise<void>((done, fail) => void writes.push({ bytes, done, fail })),
    close: () => void log.push('close'),
    abort: () => void log.push('abort'),
  });
  const streams: ByteStreams = { readable, writable, destroy: () => void log.push('destroy') };
  return { streams, readable, writable, log, writes, pulls: () => pulls, source: () => controller };
}

async function connected(pair: ReturnType<typeof byHand>, handler: LinkHandler, options = {}) {
  const link = attachStreams(client(), pair.streams, handler, options);
  pair.source().enqueue(CONNACK.slice());
  await delay(1);
  pair.writes.shift()?.done(); // CONNECT
  await delay(1);
  return link;
}

/** A client and a server on two streams, each of which may cut what it carries. */
async function conversation(toServer: ByteStreams, toClient: ByteStreams): Promise<string[]> {
  const heard: string[] = [];
  const server = attachStreams(
    new Endpoint(serverConnection()),
    toClient,
    ear((event, link) => {
      if (event.type === 'connectRequested') link.accept();
      if (event.type === 'deliver') link.send({ ...publish(0), payload: event.packet.payload, qos: 1 });
    }).handler,
  );
  const link = attachStreams(
    client(),
    toServer,
    ear((event, link) => {
      if (event.type === 'connected') link.send({ ...publish(0), payload: 'hello', qos: 1 });
      if (event.type === 'deliver') {
        heard.push(new TextDecoder().decode(event.packet.payload));
        link.disconnect();
      }
    }).handler,
  );
  const ends = await Promise.all([link.closed, server.closed]);
  return [...heard, ...ends.map(({ cause, reason }) => `${cause} ${reason}`)];
}

const SAID = ['hello', 'ended disconnected', 'ended peer-disconnected'];

const byteByByte = (): TransformStream<Uint8Array, Uint8Array> =>
  new TransformStream({
    transform: (chunk, controller) => {
      for (const byte of chunk) controller.enqueue(Uint8Array.of(byte));
    },
  });

describe('attachStreams', () => {
  it('carries a conversation over streams in memory, whole and byte by byte', async () => {
    for (const make of [() => new TransformStream<Uint8Array, Uint8Array>(), byteByByte]) {
      const [up, down] = [make(), make()];
      const toServer = { readable: down.readable, writable: up.writable };
      const toClient = { readable: up.readable, writable: down.writable };
      expect(await conversation(toServer, toClient)).toEqual(SAID);
    }
  });

  it('carries one over a stream of HTTP/2, as it would over WebTransport or QUIC', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const request = session.request({ ':method': 'POST' }, { endStream: false });
    const [stream] = await once(server, 'stream');
    stream.respond({ ':status': 200 });
    const web = (duplex: Duplex): ByteStreams => Duplex.toWeb(duplex) as ByteStreams;
    expect(await conversation(web(request), web(stream))).toEqual(SAID);
    session.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('closes its half once all is written, and is over when the other half closes', async () => {
    const pair = byHand();
    const link = await connected(pair, ear().handler);
    link.send(publish(10));
    link.disconnect();
    await delay(1);
    expect(pair.log).toEqual([]);
    expect(pair.writes).toHaveLength(1); // both packets in one write
    pair.writes.shift()?.done();
    await delay(1);
    expect(pair.log).toEqual(['close']);
    pair.source().enqueue(new Uint8Array(1_000)); // read and thrown away
    pair.source().close();
    expect(await link.closed).toEqual({ cause: 'ended', reason: 'disconnected', error: undefined });
    expect(pair.log).toEqual(['close', 'destroy']);
  });

  it('gives up a close that the peer holds up', async () => {
    const pair = byHand();
    const link = await connected(pair, ear().handler, { closeTimeout: 20 });
    link.disconnect();
    expect(await link.closed).toMatchObject({ cause: 'ended', reason: 'disconnected' });
    expect(pair.log).toContain('destroy');
    pair.writes.shift()?.fail(new Error('too late'));
  });

  it('is blocked from 64 KiB under way on, and free again at half of it', async () => {
    const pair = byHand();
    const { types, handler } = ear();
    const link = await connected(pair, handler);
    for (let i = 0; i < 4; i++) {
      link.send(publish(20_000));
      await delay(1);
    }
    expect(link.blocked).toBe(true);
    link.send(publish(1));
    expect(types.at(-1)).toBe('refused');
    const writable = link.whenWritable();
    // A WritableStream hands on one write after the other.
    for (let i = 0; i < 2; i++) {
      pair.writes[i]?.done();
      await delay(1);
      expect(link.blocked).toBe(true);
    }
    pair.writes[2]?.done();
    await writable;
    expect(link.blocked).toBe(false);
    link.destroy();
    pair.writes[3]?.done();
  });

  it('reads no more while the handler is busy, and one chunk at most waits', async () => {
    const pair = byHand();
    let release = (): void => {};
    const busy = new Promise<void>((resolve) => {
      release = resolve;
    });
    const delivered: number[] = [];
    const link = await connected(pair, (events) => {
      for (const event of events) if (event.type === 'deliver') delivered.push(event.packet.payload.length);
      return delivered.length === 1 ? busy : undefined;
    });
    for (let i = 1; i <= 10; i++) pair.source().enqueue(encode(publish(i), 5));
    await delay(5);
    const pulled = pair.pulls();
    await delay(20);
    expect(delivered).toEqual([1]);
    expect(pair.pulls()).toBe(pulled);
    release();
    await delay(5);
    expect(delivered).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    link.destroy();
  });

  it('gives the streams back though the handler never settles', async () => {
    const pair = byHand();
    const link = await connected(pair, (events) =>
      events.some(({ type }) => type === 'deliver') ? new Promise(() => {}) : undefined,
    );
    pair.source().enqueue(encode(publish(1), 5));
    pair.source().enqueue(encode(publish(1), 5));
    await delay(5);
    link.destroy();
    await delay(5);
    expect(pair.log).toEqual(['cancel', 'destroy']);
    expect([pair.readable.locked, pair.writable.locked]).toEqual([true, true]);
  });

  it('ends with the cause of what the streams report, once', async () => {
    const reset = Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    const reading = byHand();
    const ended: string[] = [];
    const first = await connected(reading, (events) => void ended.push(...events.map(({ type }) => type)));
    reading.source().error(reset);
    expect(await first.closed).toEqual({ cause: 'reset', reason: 'closed', error: reset });
    expect(ended.filter((type) => type === 'ended')).toHaveLength(1);
    expect(reading.log).toEqual(['destroy']);

    const writing = byHand();
    const second = await connected(writing, ear().handler);
    second.send(publish(1));
    await delay(1);
    const odd = new Error('nobody knows');
    writing.writes.shift()?.fail(odd);
    expect(await second.closed).toEqual({ cause: 'network', reason: 'closed', error: odd });
    expect(writing.log).toEqual(['cancel', 'destroy']);
  });

  it('ends with the cause `ended`, whatever breaks after the end', async () => {
    const pair = byHand();
    const link = await connected(pair, ear().handler);
    link.disconnect();
    await delay(1);
    pair.writes.shift()?.done();
    await delay(1);
    pair.source().error(new Error('reset'));
    expect(await link.closed).toEqual({ cause: 'ended', reason: 'disconnected', error: undefined });
    link.send(publish(1));
    link.disconnect();
    link.destroy();
    expect(link.blocked).toBe(false);
  });

  it('ends when the streams do not come about, or not stand', async () => {
    const refused = Object.assign(new Error('no'), { name: 'ConnectionRefused' });
    const first = attachStreams(client(), Promise.reject(refused), ear().handler);
    expect(await first.closed).toEqual({ cause: 'refused', reason: 'closed', error: refused });

    const pair = byHand();
    const opened = Promise.reject(Object.assign(new Error('no'), { name: 'InvalidData' }));
    const second = attachStreams(client(), { ...pair.streams, opened }, ear().handler);
    expect((await second.closed).cause).toBe('tls');
    expect(pair.log).toEqual(['cancel', 'destroy']);
    expect(pair.writes).toEqual([]);
  });

  it('cancels one stream and aborts the other where that is all there is to close', async () => {
    const pair = byHand();
    const { readable, writable } = pair.streams;
    const link = attachStreams(client(), { readable, writable }, ear().handler);
    await delay(1);
    link.destroy();
    await delay(1);
    expect(pair.log).toEqual(['cancel']);
    pair.writes.shift()?.done(); // what is being written cannot be taken back
    await delay(1);
    expect(pair.log).toEqual(['cancel', 'abort']);
  });

  it('takes locked streams for broken ones', async () => {
    const pair = byHand();
    pair.readable.getReader();
    const link = attachStreams(client(), pair.streams, ear().handler);
    expect((await link.closed).cause).toBe('network');
    expect(pair.log).toContain('destroy');
  });

  it('gives back streams that come after it was given up', async () => {
    for (const isRefused of [false, true]) {
      const pair = byHand();
      let bring: (streams: ByteStreams) => void = () => {};
      const coming = new Promise<ByteStreams>((resolve) => {
        bring = resolve;
      });
      const link = attachStreams(client(), coming, ear().handler, { connectTimeout: 5 });
      expect((await link.closed).cause).toBe('timeout');
      const opened = isRefused ? Promise.reject(new Error('no')) : undefined;
      bring({ ...pair.streams, opened });
      await delay(1);
      expect(pair.log).toEqual(['cancel', 'destroy']);
    }
  });

  it('gives back streams whose handshake never ends', async () => {
    const pair = byHand();
    const controller = new AbortController();
    const streams = { ...pair.streams, opened: new Promise(() => {}) };
    const link = attachStreams(client(), streams, ear().handler, { signal: controller.signal });
    await delay(1);
    controller.abort('enough');
    expect(await link.closed).toEqual({ cause: 'aborted', reason: 'closed', error: 'enough' });
    await delay(1);
    expect(pair.log).toEqual(['cancel', 'destroy']);
  });

  it('takes it that closing what is closed already throws', async () => {
    const pair = byHand();
    const destroy = (): void => {
      throw new Error('BadResource');
    };
    const link = attachStreams(client(), { ...pair.streams, destroy }, ear().handler);
    await delay(1);
    link.destroy();
    expect((await link.closed).cause).toBe('destroyed');
  });

  it('closes with `end` where the socket has a way of its own', async () => {
    const pair = byHand();
    const streams = { ...pair.streams, end: () => void pair.log.push('end') };
    const link = attachStreams(client(), streams, ear().handler);
    await delay(1);
    pair.source().enqueue(CONNACK.slice());
    pair.writes.shift()?.done();
    await delay(1);
    link.disconnect();
    await delay(1);
    pair.writes.shift()?.done();
    await delay(1);
    expect(pair.log).toEqual(['end']);
    pair.source().close();
    await link.closed;
  });

  it('holds no more than what is under way for a peer that never reads, measured over TCP', async () => {
    const server = createTcpServer((socket) => void socket.pause().write(CONNACK)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = createConnection((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    const link = attachStreams(client(), Duplex.toWeb(socket) as ByteStreams, ear().handler);
    await delay(20);
    let accepted = 0;
    for (let i = 0; i < 2_000; i++) {
      if (link.blocked) await delay(1);
      if (link.blocked) continue;
      link.send(publish(16_384));
      accepted++;
      await delay(0);
    }
    expect(link.blocked).toBe(true);
    // What is neither in the kernel nor refused is under way: here and in Node's own buffer.
    const held = accepted * 16_384 - socket.bytesWritten + socket.writableLength;
    expect(held).toBeLessThan(65_536 + 2 * 16_384 + socket.writableHighWaterMark + 65_536);
    link.destroy();
    await link.closed;
    server.close();
  });
});
