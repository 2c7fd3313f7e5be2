import { describe, expect, it, vi } from 'vitest';
import { decode, encode } from '../../src/codec.js';
import {
  type Action,
  clientConnection,
  Endpoint,
  type EndpointEvent,
  type EndpointResult,
  type ServerOptions,
  serverConnection,
} from '../../src/connection/index.js';
import type { ProtocolVersion } from '../../src/errors.js';
import type { PacketOf } from '../../src/packets/index.js';
import { storedFromJson, storedToJson } from '../../src/session/index.js';
import { PacketParser } from '../../src/stream/index.js';
import { bothVersions, connect4, connect5, connectOf, publish } from './support.js';

const now = 1_000;
const types = (events: readonly EndpointEvent[]): string[] => events.map((event) => event.type);

function only<T extends EndpointEvent['type']>(
  result: EndpointResult,
  type: T,
): Extract<Action, { type: T }> {
  const event = result.events.find((one): one is Extract<Action, { type: T }> => one.type === type);
  if (event === undefined) throw new Error(`no ${type} among ${types(result.events).join()}`);
  return event;
}

/** The packets in bytes that a side wrote. */
function packetsIn(bytes: Uint8Array | undefined, version: ProtocolVersion): { type: string }[] {
  const parser = new PacketParser({ version });
  parser.push(bytes ?? new Uint8Array(0));
  const packets: { type: string }[] = [];
  for (let packet = parser.next(); packet !== undefined; packet = parser.next()) packets.push(packet);
  expect(parser.buffered).toBe(0);
  return packets;
}

const typesIn = (bytes: Uint8Array | undefined, version: ProtocolVersion): string[] =>
  packetsIn(bytes, version).map((packet) => packet.type);

/** A client and a server, connected. */
function pair(version: ProtocolVersion, options: ServerOptions = {}): { client: Endpoint; server: Endpoint } {
  const client = new Endpoint(clientConnection({ connect: connectOf(version) }));
  const server = new Endpoint(serverConnection(options));
  server.open(now);
  server.receive(client.open(now).bytes!, now);
  const connected = client.receive(server.accept(now).bytes!, now);
  expect(types(connected.events)).toEqual(['connected']);
  return { client, server };
}

describe.each(bothVersions)('two Endpoints of version %i', (version) => {
  it('connect, and carry messages of every QoS from bytes to bytes', () => {
    const { client, server } = pair(version);
    for (const qos of [0, 1, 2] as const) {
      let there = client.send(publish(qos, 'tö/pic'), now, { token: qos });
      const delivered: unknown[] = [];
      const settled: unknown[] = [];
      for (let round = 0; round < 4; round++) {
        for (const event of there.events) if (event.type === 'settled') settled.push(event.token);
        if (there.bytes === undefined) break;
        const back = server.receive(there.bytes, now);
        for (const event of back.events) if (event.type === 'deliver') delivered.push(event.packet);
        there = client.receive(back.bytes ?? new Uint8Array(0), now);
      }
      expect(delivered).toMatchObject([{ topic: 'tö/pic', qos, payload: new TextEncoder().encode('m') }]);
      expect(settled).toEqual([qos]);
    }
  });

  it('write the output of one call as one run of bytes, in order', () => {
    const { client, server } = pair(version);
    const chunks = [1, 2, 0, 1].map((qos) => client.send(publish(qos as 0 | 1 | 2), now).bytes!);
    const result = server.receive(Uint8Array.from(chunks.flatMap((chunk) => [...chunk])), now);
    expect(types(result.events)).toEqual(['deliver', 'deliver', 'deliver', 'deliver']);
    expect(typesIn(result.bytes, version)).toEqual(['puback', 'pubrec', 'puback']);
    const many = Array.from({ length: 5 }, (_, i) => ({
      ...publish(1, `t${i}`),
      payload: i % 2 === 0 ? new Uint8Array(300 * i) : 'ü'.repeat(i),
      ...(version === 5 && { properties: { contentType: 'x'.repeat(i) } }),
    }));
    server.blocked(now);
    for (const packet of many) expect(server.send(packet, now).bytes).toBeUndefined();
    const { bytes } = server.writable(now);
    expect(packetsIn(bytes, version)).toMatchObject(many.map(({ topic }) => ({ topic })));
  });

  it('make room enough for it, whatever the messages are like', () => {
    const { server } = pair(version);
    server.blocked(now);
    const topics = ['a', 'ü', '€/€', '😀', 'x'.repeat(130)];
    const lengths = [0, 1, 120, 130, 16_380, 16_390];
    const packets = topics.flatMap((topic) =>
      lengths.map((length) => ({ ...publish(1, topic), payload: new Uint8Array(length) })),
    );
    for (const packet of packets) server.send(packet, now);
    expect(packetsIn(server.writable(now).bytes, version)).toMatchObject(packets);
  });

  it('give the same whatever the bytes are split into', () => {
    const whole = clientBytes(version);
    const results = [whole.length, 1, 3].map((size) => {
      const server = new Endpoint(serverConnection());
      server.open(now);
      const seen: string[] = [];
      const written: number[] = [];
      for (let at = 0; at < whole.length; at += size) {
        const result = server.receive(whole.subarray(at, at + size), now);
        if (result.events.some((event) => event.type === 'connectRequested')) {
          const accepted = server.accept(now);
          seen.push('connectRequested', ...types(accepted.events));
          written.push(...(accepted.bytes ?? []));
          continue;
        }
        seen.push(...types(result.events));
        written.push(...(result.bytes ?? []));
      }
      return { seen, written };
    });
    expect(results[1]).toEqual(results[2]);
    expect(results[0]!.written).toEqual(results[1]!.written);
    expect(results[1]!.seen).toContain('deliver');
  });
});

/** What a client writes that does not wait for CONNACK. */
function clientBytes(version: ProtocolVersion): Uint8Array {
  const packets: PacketOf<ProtocolVersion>[] = [
    connectOf(version),
    { type: 'publish', topic: 'a', payload: 'x'.repeat(200), qos: 1, packetId: 1 },
    { type: 'publish', topic: 'b', payload: 'y', qos: 2, packetId: 2 },
    { type: 'subscribe', packetId: 3, subscriptions: [{ topicFilter: 'c', qos: 0 }] },
    { type: 'pubrel', packetId: 2 },
    { type: 'pingreq' },
  ];
  return Uint8Array.from(packets.flatMap((packet) => [...encode<ProtocolVersion>(packet, version)]));
}

describe('bytes that are no packet', () => {
  it('of a client that stands end in DISCONNECT, of MQTT 3.1.1 in nothing [5.0: MQTT-4.13.1-1] [3.1.1: MQTT-4.8.0-1]', () => {
    for (const version of bothVersions) {
      const { server } = pair(version);
      const message = encode<ProtocolVersion>({ type: 'publish', topic: 'a', payload: '' }, version);
      const bad = Uint8Array.of(...message, 0x36, 0, ...message);
      const result = server.receive(bad, now);
      expect(types(result.events)).toEqual(['deliver', 'fail', 'ended']);
      expect(only(result, 'fail').error).toMatchObject({ code: 'invalid-qos' });
      expect(result.close).toBe('failed');
      expect(result.bytes).toEqual(version === 5 ? Uint8Array.of(0xe0, 1, 0x81) : undefined);
      expect(server.receive(message, now)).toEqual({
        bytes: undefined,
        events: [],
        deadline: undefined,
        close: undefined,
      });
    }
  });

  it('of a CONNECT end in CONNACK of MQTT 5.0, and of MQTT 3.1.1 in nothing [3.1.1: MQTT-3.1.4-1] [5.0: MQTT-3.1.4-1]', () => {
    for (const [version, reply] of [
      [5, Uint8Array.of(0x20, 3, 0, 0x81, 0)],
      [4, undefined],
    ] as const) {
      const server = new Endpoint(serverConnection());
      server.open(now);
      const bytes = encode<ProtocolVersion>(connectOf(version), version);
      bytes[9]! |= 1;
      const result = server.receive(bytes, now);
      expect(types(result.events)).toEqual(['fail', 'ended']);
      expect([result.bytes, result.close]).toEqual([reply, 'failed']);
    }
  });

  it('that are no CONNECT end in silence [3.1.1: MQTT-3.1.0-1] [5.0: MQTT-3.1.0-1]', () => {
    const server = new Endpoint(serverConnection());
    server.open(now);
    const result = server.receive(Uint8Array.of(0xc0, 0), now);
    expect([result.bytes, result.close]).toEqual([undefined, 'failed']);
    expect(only(result, 'fail').error).toMatchObject({ code: 'expected-connect', statement: 'MQTT-3.1.0-1' });
  });

  it('of another version get the reply that goes with it [3.1.1: MQTT-3.1.2-2] [5.0: MQTT-3.1.2-2]', () => {
    const mqtt31 = Uint8Array.of(0x10, 14, 0, 6, 77, 81, 73, 115, 100, 112, 3, 2, 0, 0, 0, 0);
    const server = new Endpoint(serverConnection());
    server.open(now);
    const result = server.receive(mqtt31, now);
    expect([result.bytes, result.close]).toEqual([Uint8Array.of(0x20, 2, 0, 1), 'failed']);
    const old = new Endpoint(serverConnection({ versions: [4] }));
    old.open(now);
    expect(old.receive(encode(connect5, 5), now).bytes).toEqual(Uint8Array.of(0x20, 2, 0, 1));
  });

  it('are how a server of MQTT 3.1.1 refuses MQTT 5.0', () => {
    const client = new Endpoint(clientConnection({ connect: connect5 }));
    client.open(now);
    const result = client.receive(Uint8Array.of(0x20, 2, 0, 1), now);
    expect(only(result, 'fail').error.code).toBe('unsupported-version');
    expect([result.bytes, result.close]).toEqual([undefined, 'failed']);
  });

  it('announce a packet that is too large, and are not waited for', () => {
    const { server } = pair(5, { announced: { maximumPacketSize: 100 } });
    const result = server.receive(Uint8Array.of(0x30, 0xff, 0x7f), now);
    expect(only(result, 'fail').error).toMatchObject({ code: 'packet-too-large', limit: 100 });
    expect(result.bytes).toEqual(Uint8Array.of(0xe0, 1, 0x95));
  });

  it('are taken where the caller said so', () => {
    const state = pair(5).server.state;
    const strict = new Endpoint(state);
    const lax = new Endpoint(state, { lenient: ['dup-with-qos-0'] });
    const dup = Uint8Array.of(0x38, 4, 0, 1, 0x61, 0);
    expect(types(strict.receive(dup, now).events)).toEqual(['fail', 'ended']);
    expect(types(lax.receive(dup, now).events)).toEqual(['deliver']);
  });
});

describe('an Endpoint', () => {
  it('tells every deadline, and ticks', () => {
    const client = new Endpoint(clientConnection({ connect: { ...connect4, keepAlive: 10 } }));
    expect(client.open(0).deadline).toBe(30_000);
    expect(client.receive(Uint8Array.of(0x20, 2, 0, 0), 100).deadline).toBe(9_000);
    const ping = client.tick(9_000);
    expect(ping.bytes).toEqual(Uint8Array.of(0xc0, 0));
    expect(ping.deadline).toBe(29_000);
    expect(client.receive(Uint8Array.of(0xd0, 0), 9_010).deadline).toBe(18_000);
    expect(client.closed(9_020)).toMatchObject({
      deadline: undefined,
      events: [{ type: 'ended', reason: 'closed' }],
    });
  });

  it('does all that a host asks of it', () => {
    const { client, server } = pair(5, { acknowledgements: 'manual', authenticationMethods: ['m'] });
    const subscriptions = [{ topicFilter: 'a', qos: 1 }] as const;
    server.receive(client.send({ type: 'subscribe', subscriptions }, now, { token: 's' }).bytes!, now);
    const answered = client.receive(server.answer(1, [1], now, { reasonString: 'ok' }).bytes!, now);
    expect(only(answered, 'settled')).toMatchObject({ token: 's' });
    server.receive(client.send(publish(1), now, { token: 'p' }).bytes!, now);
    const refused = server.acknowledge(2, now, { reasonCode: 0x87, properties: { reasonString: 'no' } });
    expect(only(client.receive(refused.bytes!, now), 'settled').outcome).toMatchObject({ reasonCode: 0x87 });
    expect(types(client.authenticate(now).events)).toEqual(['refused']);
    expect(types(server.accept(now).events)).toEqual(['refused']);
    expect(types(server.refuse(0x87, now).events)).toEqual(['refused']);
    const last = client.disconnect(now, { reasonCode: 0x04 });
    expect([last.bytes, last.close]).toEqual([Uint8Array.of(0xe0, 1, 4), 'disconnected']);
    expect(types(server.receive(last.bytes!, now).events)).toEqual(['disconnectReceived', 'ended']);
  });

  it('passes on what a server adds to its answers', () => {
    const server = new Endpoint(serverConnection());
    server.open(now);
    server.receive(encode(connect5, 5), now);
    const { bytes, close } = server.refuse(0x9c, now, { serverReference: 'b' });
    expect(close).toBe('refused');
    expect(decode(bytes!, 5)).toMatchObject({ reasonCode: 0x9c, properties: { serverReference: 'b' } });
  });

  it('hands out views into the chunk, or copies', () => {
    const state = pair(5).server.state;
    for (const copy of [false, true]) {
      const server = new Endpoint(state, { copy });
      const chunk = encode({ type: 'publish', topic: 'a', payload: 'xyz' }, 5);
      const { payload } = only(server.receive(chunk, now), 'deliver').packet;
      expect(payload.buffer === chunk.buffer).toBe(!copy);
    }
  });

  it('takes no bytes before the network stands', () => {
    const server = new Endpoint(serverConnection());
    expect(server.receive(encode(connect5, 5), now).events).toEqual([]);
  });

  it('lets through what is no error of the protocol', () => {
    const { server } = pair(5);
    const next = vi.spyOn(PacketParser.prototype, 'next').mockImplementation(() => {
      throw new RangeError('out of memory');
    });
    try {
      expect(() => server.receive(Uint8Array.of(0xc0, 0), now)).toThrow('out of memory');
    } finally {
      next.mockRestore();
    }
  });

  it('writes answers of the host that went out together', () => {
    const { server } = pair(5, { acknowledgements: 'manual' });
    for (const packetId of [1, 2]) server.receive(encode({ ...publish(1), qos: 1, packetId }, 5), now);
    const properties = { reasonString: 'late' };
    expect(server.acknowledge(2, now, { reasonCode: 0x87, properties }).bytes).toBeUndefined();
    expect(packetsIn(server.acknowledge(1, now, { properties }).bytes, 5)).toEqual([
      { type: 'puback', packetId: 1, reasonCode: 0, properties },
      { type: 'puback', packetId: 2, reasonCode: 0x87, properties },
    ]);
  });

  it('limits the CONNECT of somebody unknown', () => {
    const server = new Endpoint(serverConnection(), { maximumConnectSize: 20 });
    server.open(now);
    const result = server.receive(encode({ ...connect5, clientId: 'x'.repeat(30) }, 5), now);
    expect(only(result, 'fail').error).toMatchObject({ code: 'packet-too-large', limit: 20 });
  });
});

describe('a peer that never listens', () => {
  it('is cut off when too many answers to it are unread', () => {
    const state = pair(5).server.state;
    const server = new Endpoint(state, { maximumUnread: 20 });
    server.blocked(now);
    const message = encode({ type: 'publish', topic: 'a', payload: '', qos: 1, packetId: 1 }, 5);
    for (let i = 0; i < 5; i++) expect(server.receive(message, now).close).toBeUndefined();
    server.writable(now);
    server.blocked(now);
    for (let i = 0; i < 5; i++) expect(server.receive(message, now).close).toBeUndefined();
    const result = server.receive(message, now);
    expect(result.close).toBe('failed');
    expect(result.bytes).toBeUndefined();
    expect(only(result, 'fail').error).toMatchObject({ code: 'answers-not-read', protocolVersion: 5 });
    expect(server.tick(now).bytes).toBeUndefined();
  });
});

describe('an Endpoint at its edges', () => {
  it('reads nothing before the network stands, and keeps nothing of it after the end', () => {
    const client = new Endpoint(clientConnection({ connect: connect5 }));
    client.receive(Uint8Array.of(0xff, 0xff, 0xff), now);
    client.open(now);
    expect(types(client.receive(Uint8Array.of(0x20, 3, 0, 0, 0, 0x30), now).events)).toEqual(['connected']);
    expect(client.export().unread).toEqual(Uint8Array.of(0x30));
    client.closed(now);
    expect(client.export().unread).toEqual(new Uint8Array(0));
  });

  it('measures each packet of a chunk by itself', () => {
    const client = new Endpoint(clientConnection({ connect: connect5, maximumPacketSize: 30 }));
    client.open(now);
    const message = encode({ type: 'publish', topic: 'a', payload: 'x'.repeat(20) }, 5);
    const result = client.receive(Uint8Array.of(0x20, 3, 0, 0, 0, ...message, ...message), now);
    expect(types(result.events)).toEqual(['connected', 'deliver', 'deliver']);
  });

  it('pings for its host', () => {
    const { client } = pair(5);
    expect(typesIn(client.ping(now).bytes, 5)).toEqual(['pingreq']);
  });
});

describe('an Endpoint that was exported', () => {
  const options = {
    acknowledgements: 'manual',
    announced: { topicAliasMaximum: 5, receiveMaximum: 9 },
  } as const;

  it.each(bothVersions)('goes on where it stood, in the middle of a packet (%i)', (version) => {
    const { client, server } = pair(version, options);
    server.receive(client.send(publish(2), now).bytes!, now);
    server.send(publish(1), now, { token: 'mine' });
    const { bytes } = client.send(publish(1, 'cut'), now);
    server.receive(bytes!.subarray(0, 5), now);
    const stored = storedFromJson(storedToJson(server.export()));
    const again = Endpoint.resume(stored, {});
    expect(again.state.phase).toBe('connected');
    const delivered = again.receive(bytes!.subarray(5), now + 1);
    expect(only(delivered, 'deliver').packet).toMatchObject({ topic: 'cut', packetId: 2 });
    expect(typesIn(again.acknowledge(1, now).bytes, version)).toEqual(['pubrec']);
    expect(typesIn(again.acknowledge(2, now).bytes, version)).toEqual(['puback']);
    const ack = encode<ProtocolVersion>({ type: 'puback', packetId: 1 }, version);
    expect(only(again.receive(ack, now), 'settled').token).toBe('mine');
  });

  it('waits for CONNECT as it did before, half of it read', () => {
    const server = new Endpoint(serverConnection());
    server.open(now);
    const bytes = encode(connect4, 4);
    server.receive(bytes.subarray(0, 9), now);
    const again = Endpoint.resume(structuredClone(server.export()));
    expect(types(again.receive(bytes.subarray(9), now).events)).toEqual(['connectRequested']);
    expect(again.state.terms.version).toBe(4);
  });

  it('shares no memory with the one it came from', () => {
    const { client, server } = pair(5);
    const payload = new Uint8Array(300).fill(1);
    server.send({ type: 'publish', topic: 'a', payload, qos: 1 }, now);
    const { bytes } = client.send(publish(1), now);
    server.receive(bytes!.subarray(0, 5), now);
    const stored = server.export();
    payload.fill(9);
    bytes!.fill(9);
    expect(stored.unread).toEqual(
      encode({ type: 'publish', topic: 'a', payload: 'm', qos: 1, packetId: 1 }, 5).slice(0, 5),
    );
    expect(stored.connection.session.outgoing).toMatchObject([{ payload: new Uint8Array(300).fill(1) }]);
  });

  it('is checked', () => {
    const good = pair(5).server.export();
    const bad = [
      undefined,
      null,
      7,
      {},
      { ...good, format: 2 },
      { ...good, unread: [1] },
      { ...good, connection: {} },
    ];
    for (const stored of bad) {
      expect(() => Endpoint.resume(stored)).toThrow(
        expect.objectContaining({ code: 'invalid-stored-state' }),
      );
    }
  });
});

describe('An Endpoint that speaks MQTT 3.1.1 alone', () => {
  it('closes without a word on a CONNECT of 5.0 that is malformed, which it has no CONNACK for', () => {
    const server = new Endpoint(serverConnection({ versions: [4] }));
    server.open(now);
    const reserved = Uint8Array.of(0x10, 14, 0, 4, 0x4d, 0x51, 0x54, 0x54, 5, 0x03, 0, 60, 0, 0, 1, 0x63);
    const result = server.receive(reserved, now);
    expect(result.bytes).toBeUndefined();
    expect(types(result.events)).toEqual(['fail', 'ended']);
    expect(only(result, 'fail').error).toMatchObject({ code: 'reserved-bits', protocolVersion: 5 });
    expect(result.close).toBe('failed');
  });
});
