import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/codec.js';
import {
  awaitsAnswer,
  clientConnection,
  Endpoint,
  type EndpointEvent,
  type EndpointOptions,
  type EndpointResult,
  serverConnection,
} from '../../src/connection/index.js';
import type { ProtocolVersion } from '../../src/errors.js';
import type { PacketOf } from '../../src/packets/index.js';
import { PacketParser } from '../../src/stream/index.js';
import { bothVersions, connect5, connectOf } from './support.js';

const now = 1_000;

type AnyPacket = PacketOf<ProtocolVersion>;

const subscribe = (packetId: number): AnyPacket => ({
  type: 'subscribe',
  packetId,
  subscriptions: [{ topicFilter: `f${packetId}`, qos: 1 }],
});
const unsubscribe = (packetId: number): AnyPacket => ({
  type: 'unsubscribe',
  packetId,
  topicFilters: [`f${packetId}`],
});
const message = (qos: 0 | 1 | 2, packetId: number): AnyPacket => {
  const base = { type: 'publish', topic: 't', payload: `m${packetId}` } as const;
  return qos === 0 ? base : { ...base, qos, packetId };
};
const PINGREQ: AnyPacket = { type: 'pingreq' };
/** A PUBLISH of QoS 3. */
const BAD = Uint8Array.of(0x36, 5, 0, 1, 0x61, 0, 1);

const joined = (chunks: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));

const bytesOf = (version: ProtocolVersion, ...packets: (AnyPacket | Uint8Array)[]): Uint8Array =>
  joined(packets.map((one) => (one instanceof Uint8Array ? one : encode<ProtocolVersion>(one, version))));

function typesIn(bytes: Uint8Array, version: ProtocolVersion): string[] {
  const parser = new PacketParser({ version });
  parser.push(bytes);
  const types: string[] = [];
  for (let packet = parser.next(); packet !== undefined; packet = parser.next()) types.push(packet.type);
  return types;
}

/** A server's host that answers when it is told to, and notes what it wrote and was told, in order. */
class Host {
  endpoint: Endpoint;
  readonly log: string[] = [];
  readonly written: Uint8Array[] = [];
  readonly due: EndpointEvent[] = [];
  result: EndpointResult | undefined;

  constructor(readonly options: EndpointOptions = { waitForAnswers: true }) {
    this.endpoint = new Endpoint(serverConnection({ announced: { maximumPacketSize: 1_000 } }), options);
    this.run(this.endpoint.open(now));
  }

  run(result: EndpointResult): void {
    this.result = result;
    if (result.bytes !== undefined) this.written.push(result.bytes.slice());
    for (const event of result.events) {
      const packet = 'packet' in event ? event.packet : undefined;
      const payload = packet?.type === 'publish' ? String.fromCharCode(...packet.payload) : '';
      this.log.push(`${event.type} ${packet && 'packetId' in packet ? packet.packetId : ''} ${payload}`);
      if (event.type === 'connectRequested' || event.type === 'requestReceived') this.due.push(event);
    }
  }

  receive(chunk: Uint8Array): void {
    this.run(this.endpoint.receive(chunk, now));
  }

  /** Gives one answer that is due; tells whether there was one. */
  answer(): boolean {
    const event = this.due.shift();
    if (event?.type === 'connectRequested') this.run(this.endpoint.accept(now));
    else if (event?.type === 'requestReceived') {
      const { packetId } = event.packet;
      this.run(this.endpoint.answer(packetId, [event.packet.type === 'subscribe' ? 1 : 0], now));
    }
    return event !== undefined;
  }

  readOn(): void {
    while (this.endpoint.hasMore && !this.endpoint.isWaiting) this.run(this.endpoint.proceed(now));
  }

  /** Answers and reads until nothing is left to do. */
  settle(): void {
    do this.readOn();
    while (this.answer());
  }

  sleep(): void {
    this.endpoint = Endpoint.resume(structuredClone(this.endpoint.export()), this.options);
  }

  types(version: ProtocolVersion): string[] {
    return typesIn(joined(this.written), version);
  }
}

/** What comes of packets that come one by one, each answered at once. */
function oneByOne(version: ProtocolVersion, packets: readonly (AnyPacket | Uint8Array)[]): Host {
  const host = new Host({});
  for (const packet of packets) {
    host.receive(bytesOf(version, packet));
    host.settle();
  }
  return host;
}

describe.each(bothVersions)('an Endpoint of version %i that waits for answers', (version) => {
  const CONNECT = connectOf(version);
  const CHUNK = bytesOf(
    version,
    CONNECT,
    subscribe(1),
    message(1, 2),
    unsubscribe(3),
    PINGREQ,
    message(0, 0),
    BAD,
  );
  const ANSWERS = ['connack', 'suback', 'puback', 'unsuback', 'pingresp'];

  it('stops behind each packet that is to be answered, and at no other', () => {
    const host = new Host();
    host.receive(CHUNK);
    const { endpoint } = host;
    expect([host.log, endpoint.hasMore, endpoint.isWaiting]).toEqual([['connectRequested  '], true, true]);
    // Nothing is read before the answer, whatever else is called.
    host.run(endpoint.tick(now));
    host.run(endpoint.writable(now));
    expect([host.log.length, endpoint.hasMore]).toEqual([1, true]);
    host.answer();
    expect(endpoint.isWaiting).toBe(false);
    host.readOn();
    expect(host.log.slice(1)).toEqual(['connected  ', 'requestReceived 1 ']);
    host.answer();
    host.readOn();
    expect(host.log.slice(3)).toEqual(['deliver 2 m2', 'requestReceived 3 ']);
    host.settle();
    expect(host.log.slice(5)).toEqual(['deliver  m0', 'fail  ', 'ended  ']);
    expect(host.types(version)).toEqual(version === 5 ? [...ANSWERS, 'disconnect'] : ANSWERS);
    expect([endpoint.hasMore, endpoint.isWaiting]).toEqual([false, false]);
    expect(host.endpoint.proceed(now)).toEqual({
      bytes: undefined,
      events: [],
      deadline: undefined,
      close: undefined,
    });
  });

  it('reads all at once where nobody asked it to wait', () => {
    const host = new Host({});
    host.receive(CHUNK.subarray(0, -BAD.length));
    expect([host.endpoint.hasMore, host.endpoint.isWaiting]).toEqual([false, false]);
    host.answer();
    expect(host.types(version)).toEqual(['connack', 'puback', 'pingresp']);
  });

  it('says and writes what packets that come one by one would have, whatever the split, the pace and the sleep', () => {
    const packet = fc.nat(6).map((kind) => (id: number): AnyPacket | Uint8Array => {
      if (kind < 3) return message(kind as 0 | 1 | 2, id);
      return [subscribe(id), unsubscribe(id), PINGREQ, message(1, id)][kind - 3]!;
    });
    const pace = fc.constantFrom('answer', 'read on', 'answer and read on', 'settle', 'sleep', 'nothing');
    fc.assert(
      fc.property(
        fc.array(packet, { maxLength: 30 }),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), pace), { minLength: 1, maxLength: 60 }),
        (makers, endsBadly, copy, steps) => {
          const packets = [CONNECT, ...makers.map((make, i) => make(i + 1)), ...(endsBadly ? [BAD] : [])];
          const stream = bytesOf(version, ...packets);
          const host = new Host({ waitForAnswers: true, copy });
          for (let at = 0, i = 0; at < stream.length; i++) {
            const [size, what] = steps[i % steps.length]!;
            const chunk = stream.slice(at, at + size);
            at += size;
            host.receive(chunk);
            if (copy) chunk.fill(0xff);
            if (what.startsWith('answer')) host.answer();
            if (what.endsWith('read on')) host.readOn();
            if (what === 'settle') host.settle();
            if (what === 'sleep') host.sleep();
          }
          host.settle();
          const expected = oneByOne(version, packets);
          expect(host.log).toEqual(expected.log);
          expect(joined(host.written)).toEqual(joined(expected.written));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('reads messages as without it, call by call', () => {
    const stream = bytesOf(version, ...[1, 2, 3, 4].map((id) => message((id % 3) as 0 | 1 | 2, id)), PINGREQ);
    const hosts = [new Host(), new Host({})];
    for (const host of hosts) {
      host.receive(bytesOf(version, CONNECT));
      host.settle();
      host.receive(stream);
    }
    const [waiting, other] = hosts as [Host, Host];
    expect(waiting.result).toEqual(other.result);
    expect(waiting.endpoint.hasMore).toBe(false);
  });

  it('reads what came before the end, whether it was answered or not', () => {
    const host = new Host();
    const rest = [subscribe(1), message(0, 1), subscribe(2), message(0, 2), { type: 'disconnect' } as const];
    host.receive(bytesOf(version, CONNECT));
    host.settle();
    host.receive(bytesOf(version, ...rest));
    host.run(host.endpoint.closed(now));
    const types = host.log.map((line) => line.split(' ')[0]);
    expect(types.slice(2)).toEqual([
      'requestReceived',
      'deliver',
      'requestReceived',
      'deliver',
      'disconnectReceived',
      'ended',
    ]);
    expect(host.endpoint.hasMore).toBe(false);
  });

  it('reads on without the answer where the host wants that', () => {
    const host = new Host();
    host.receive(bytesOf(version, CONNECT));
    host.settle();
    host.receive(bytesOf(version, subscribe(1), message(1, 2), subscribe(3), PINGREQ));
    host.run(host.endpoint.proceed(now));
    expect(host.types(version)).toEqual(['connack', 'puback']);
    host.run(host.endpoint.proceed(now));
    expect(host.types(version)).toEqual(['connack', 'puback', 'pingresp']);
    expect([host.endpoint.hasMore, host.endpoint.isWaiting]).toEqual([false, true]);
    host.settle();
    expect(host.types(version).slice(3)).toEqual(['suback', 'suback']);
  });

  it('goes on with the next chunk where the host has answered and did no more', () => {
    const host = new Host();
    host.receive(bytesOf(version, CONNECT, PINGREQ));
    host.answer();
    host.receive(bytesOf(version, message(1, 1)));
    expect(host.types(version)).toEqual(['connack', 'pingresp', 'puback']);
  });

  it('looks at silence only while it listens [3.1.1: MQTT-3.1.2-24] [5.0: MQTT-3.1.2-22]', () => {
    const host = new Host();
    host.receive(bytesOf(version, { ...CONNECT, keepAlive: 10 } as AnyPacket));
    host.settle();
    const { endpoint } = host;
    host.receive(bytesOf(version, subscribe(1), PINGREQ));
    // The host takes its time, and the timer rings in vain.
    for (let at = now + 15_000; at < now + 60_000; at += 15_000) {
      const { close, deadline } = endpoint.tick(at);
      expect([close, deadline]).toEqual([undefined, at + 15_000]);
    }
    const answered = endpoint.answer(1, [0], now + 60_000);
    expect(answered.deadline).toBe(now + 75_000);
    expect(endpoint.tick(now + 60_001).close).toBeUndefined();
    endpoint.proceed(now + 61_000);
    expect(endpoint.tick(now + 75_999).close).toBeUndefined();
    expect(endpoint.tick(now + 76_000).close).toBe('failed');
  });

  it('takes a chunk of any size, but no more than so many bytes behind it', () => {
    const first = bytesOf(version, CONNECT, ...Array(100).fill(PINGREQ));
    for (const size of [10_000, 1]) {
      const host = new Host({ waitForAnswers: true, maximumWaiting: 1_000_000 });
      host.receive(first);
      let chunks = 0;
      while (host.result?.close === undefined && chunks < 10_000) {
        host.receive(new Uint8Array(size));
        chunks++;
      }
      // Each chunk counts for 256 bytes more.
      const room = 1_000_000 - first.length - 256;
      expect(chunks).toBe(Math.floor(room / (size + 256)) + 1);
      expect(host.log.slice(1)).toEqual(['fail  ', 'ended  ']);
      expect(host.types(version)).toEqual(version === 5 ? ['connack'] : []);
    }
    const host = new Host({ waitForAnswers: true, maximumWaiting: 0 });
    host.receive(bytesOf(version, CONNECT));
    host.receive(bytesOf(version, message(1, 1)));
    host.settle();
    expect(host.types(version)).toEqual(['connack', 'puback']);
    // What is read again does not count any more.
    host.receive(bytesOf(version, message(1, 2), subscribe(3)));
    host.receive(bytesOf(version, message(1, 4)));
    host.settle();
    expect(host.types(version).slice(2)).toEqual(['puback', 'suback', 'puback']);
  });

  it('reads many requests in one chunk at the same cost each', () => {
    for (const copy of [false, true]) {
      const host = new Host({ waitForAnswers: true, copy });
      host.receive(bytesOf(version, CONNECT));
      host.settle();
      host.receive(bytesOf(version, ...Array.from({ length: 20_000 }, (_, i) => subscribe(i + 1))));
      host.settle();
      expect(host.types(version).length).toBe(20_001);
    }
  });
});

describe('a client that waits for answers', () => {
  it('reads nothing behind an AUTH that wants one, and does not miss PINGRESP meanwhile', () => {
    const properties = { authenticationMethod: 'm' };
    const connect = { ...connect5, keepAlive: 10, properties };
    const client = new Endpoint(clientConnection({ connect, pingTimeout: 5_000 }), { waitForAnswers: true });
    client.open(now);
    const auth = { type: 'auth', reasonCode: 0x18, properties } as const;
    const connack = { type: 'connack', sessionPresent: false, reasonCode: 0, properties } as const;
    const first = client.receive(bytesOf(5, auth, connack), now);
    expect([first.events.map(({ type }) => type), client.hasMore, client.isWaiting]).toEqual([
      ['authReceived'],
      true,
      true,
    ]);
    client.authenticate(now);
    expect(client.proceed(now).events.map(({ type }) => type)).toEqual(['connected']);
    expect(client.isWaiting).toBe(false);
    // Once more, on the connection that stands.
    client.authenticate(now);
    const pinged = client.tick(now + 9_000);
    expect(typesIn(pinged.bytes!, 5)).toEqual(['pingreq']);
    client.receive(bytesOf(5, auth, { type: 'pingresp' }), now + 9_000);
    expect(client.tick(now + 20_000).close).toBeUndefined();
    client.authenticate(now + 21_000);
    client.proceed(now + 21_000);
    // The last AUTH wants no answer.
    const done = { type: 'auth', reasonCode: 0, properties } as const;
    const last = client.receive(bytesOf(5, done, message(0, 1)), now + 21_000);
    expect(last.events.map(({ type }) => type)).toEqual(['authReceived', 'deliver']);
    expect(client.tick(now + 26_000).close).toBeUndefined();
  });
});

describe('a server that authenticates', () => {
  it('waits for its host at each step, and not for the client', () => {
    const properties = { authenticationMethod: 'm' };
    const state = serverConnection({ authenticationMethods: ['m'] });
    const server = new Endpoint(state, { waitForAnswers: true });
    server.open(now);
    const auth = { type: 'auth', reasonCode: 0x18, properties } as const;
    server.receive(bytesOf(5, { ...connect5, properties }), now);
    expect(server.isWaiting).toBe(true);
    server.authenticate(now);
    expect(server.isWaiting).toBe(false);
    server.receive(bytesOf(5, auth), now);
    expect([server.isWaiting, awaitsAnswer(server.state)]).toEqual([true, true]);
    server.accept(now);
    expect(server.isWaiting).toBe(false);
    const again = { ...auth, reasonCode: 0x19 } as const;
    const asked = server.receive(bytesOf(5, again, PINGREQ), now);
    expect([asked.bytes, server.isWaiting, server.hasMore]).toEqual([undefined, true, true]);
    expect(typesIn(server.accept(now).bytes!, 5)).toEqual(['auth']);
    expect(typesIn(server.proceed(now).bytes!, 5)).toEqual(['pingresp']);
  });
});
