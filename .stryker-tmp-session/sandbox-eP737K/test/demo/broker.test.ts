// @ts-nocheck
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Broker } from '../../docs/examples/demo/broker.js';
import { nameOf, Transcript } from '../../docs/examples/demo/transcript.js';
import { Wire } from '../../docs/examples/demo/wire.js';
import { encode, type Packet, type ProtocolVersion, type SubscribePacket } from '../../src/index.js';

const HOST = '127.0.0.1';

/** A client of the demo's broker that says what it is told. */
async function talk(
  version: ProtocolVersion,
  packets: readonly Packet[],
  last: string,
): Promise<readonly string[]> {
  const transcript = new Transcript(() => {}, AbortSignal.timeout(5000));
  const broker = new Broker(() => {});
  const socket = connect(await broker.start(), HOST);
  try {
    const events = { packet: () => {}, broken: transcript.fail, closed: () => transcript.fail('closed') };
    const wire = new Wire(socket, 'client', events, transcript.add, version);
    for (const packet of packets) wire.send(packet);
    await transcript.seen(last);
    return transcript.exchanges
      .filter(({ from }) => from === 'server')
      .map(({ packet }) => `${packet.type} ${JSON.stringify({ ...packet, type: undefined })}`);
  } finally {
    socket.destroy();
    await broker.stop();
  }
}

const connect4 = {
  type: 'connect',
  protocolVersion: 4,
  clientId: 'a',
  cleanStart: true,
  keepAlive: 0,
} as const;
const connect5 = { ...connect4, protocolVersion: 5 } as const;
const publish2 = { type: 'publish', topic: 't', payload: 'x', qos: 2, packetId: 9 } as const;
const subscribeTo = (topicFilter: string, qos: 0 | 1 | 2): SubscribePacket<5> => ({
  type: 'subscribe',
  packetId: 1,
  subscriptions: [{ topicFilter, qos }],
});

describe("the demo's broker", () => {
  it('delivers a QoS 2 message once, however often it comes before its release', async () => {
    const packets: Packet[] = [
      connect4,
      subscribeTo('t', 0),
      publish2,
      { ...publish2, dup: true },
      { type: 'pubrel', packetId: 9 },
      { type: 'pubrel', packetId: 9 },
      { type: 'pingreq' },
    ];
    const answers = await talk(4, packets, 'server pingresp');
    expect(answers.map((answer) => answer.split(' ')[0])).toEqual(
      'connack suback publish pubrec pubrec pubcomp pubcomp pingresp'.split(' '),
    );
  });

  it.each([
    ['an unknown release', { type: 'pubrel', packetId: 9 }, 'pubcomp', 0x92],
    ['an unknown receipt', { type: 'pubrec', packetId: 9 }, 'pubrel', 0x92],
    ['a second CONNECT', connect5, 'disconnect', 0x82],
    ['a Topic Alias', { ...publish2, properties: { topicAlias: 1 } }, 'disconnect', 0x94],
    ['a retained message', { ...publish2, retain: true }, 'disconnect', 0x9a],
    [
      'an AUTH',
      { type: 'auth', reasonCode: 0x19, properties: { authenticationMethod: 'X' } },
      'disconnect',
      0x82,
    ],
    [
      'a late Session Expiry Interval',
      { type: 'disconnect', properties: { sessionExpiryInterval: 1 } },
      'disconnect',
      0x82,
    ],
  ] as const)('answers %s as MQTT 5.0 asks', async (_, packet, type, reasonCode) => {
    const answers = await talk(5, [connect5, packet as Packet], `server ${type}`);
    expect(answers.at(-1)).toContain(`"reasonCode":${reasonCode}`);
  });

  it('refuses what it does not offer', async () => {
    const shared = await talk(5, [connect5, subscribeTo('$share/g/t', 1)], 'server suback');
    expect(shared.at(-1)).toContain(`"reasonCodes":[${0x9e}]`);
    const ordinary = await talk(4, [connect4, subscribeTo('$share/g/t', 1)], 'server suback');
    expect(ordinary.at(-1)).toContain('"reasonCodes":[1]');
    const properties = { authenticationMethod: 'X' };
    const method = await talk(5, [{ ...connect5, properties }], 'server connack');
    expect(method.at(-1)).toContain(`"reasonCode":${0x8c}`);
  });

  it("keeps to the client's Receive Maximum and Maximum Packet Size", async () => {
    const publish = (payload: string): Packet => ({ type: 'publish', topic: 't', payload });
    const limited: Packet = { ...connect5, properties: { receiveMaximum: 1, maximumPacketSize: 50 } };
    const packets: Packet[] = [
      limited,
      subscribeTo('t', 2),
      publish('y'.repeat(50)),
      { ...publish2, qos: 1, packetId: 1 },
      { ...publish2, qos: 1, packetId: 2 },
      { type: 'pingreq' },
    ];
    const answers = await talk(5, packets, 'server pingresp');
    expect(answers.filter((answer) => answer.startsWith('publish'))).toHaveLength(1);
    const acknowledged = [
      ...packets.slice(0, -1),
      { type: 'puback', packetId: 1 } as Packet,
      packets.at(-1)!,
    ];
    const more = await talk(5, acknowledged, 'server pingresp');
    expect(more.filter((answer) => answer.startsWith('publish'))).toHaveLength(2);
  });

  it('publishes the will of a client that breaks off, and not that of one that says goodbye', async () => {
    const transcript = new Transcript(() => {}, AbortSignal.timeout(5000));
    const broker = new Broker(transcript.add);
    const port = await broker.start();
    const sockets = [connect(port, HOST), connect(port, HOST), connect(port, HOST)] as const;
    const willOf = (payload: string) => ({ topic: 'gone', payload, properties: { willDelayInterval: 9 } });
    try {
      const [watcher, rude, polite] = sockets;
      watcher.write(encode({ ...connect5, clientId: 'watcher' }, 5));
      watcher.write(encode(subscribeTo('gone', 0), 5));
      await transcript.seen('server suback');
      polite.write(encode({ ...connect5, clientId: 'polite', will: willOf('polite') }, 5));
      polite.end(encode({ type: 'disconnect' }, 5));
      await once(polite.resume(), 'close');
      rude.write(encode({ ...connect5, clientId: 'rude', will: willOf('rude') }, 5));
      await once(rude, 'data');
      rude.destroy();
      await transcript.seen('server publish 0');
      const wills = transcript.exchanges.filter((exchange) => nameOf(exchange) === 'server publish 0');
      const texts = wills.map(
        ({ packet }) => packet.type === 'publish' && new TextDecoder().decode(packet.payload),
      );
      expect(texts).toEqual(['rude']);
    } finally {
      for (const socket of sockets) socket.destroy();
      await broker.stop();
    }
  });

  it('tells a client of another version so, and closes', async () => {
    const broker = new Broker(() => {});
    const socket = connect(await broker.start(), HOST);
    const received: Buffer[] = [];
    socket.on('data', (chunk) => received.push(chunk));
    const mqtt31 = Uint8Array.of(0x10, 14, 0, 6, 77, 81, 73, 115, 100, 112, 3, 2, 0, 0, 0, 0);
    socket.write(mqtt31);
    await once(socket, 'close');
    expect([...Buffer.concat(received)]).toEqual([0x20, 2, 0, 1]);
    await broker.stop();
  });
});

describe('the wire of the demo', () => {
  it('shows packets as they are, however the bytes come', async () => {
    const frames = [
      encode({ ...connect5, clientId: 'split' }, 5),
      encode(publish2, 5),
      encode({ type: 'pingreq' }, 5),
    ];
    const bytes = Buffer.concat(frames);
    const seen: Uint8Array[] = [];
    const server = createServer((socket) => {
      const events = { packet: () => {}, broken: () => expect.unreachable(), closed: () => {} };
      new Wire(socket, 'server', events, ({ frame }) => seen.push(frame));
    });
    server.listen(0, HOST);
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, HOST).setNoDelay(true);
    for (const byte of bytes.subarray(0, -3)) {
      socket.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.end(bytes.subarray(-3));
    await once(socket.resume(), 'close');
    server.close();
    expect(seen.map((frame) => [...frame])).toEqual(frames.map((frame) => [...frame]));
  });
});
