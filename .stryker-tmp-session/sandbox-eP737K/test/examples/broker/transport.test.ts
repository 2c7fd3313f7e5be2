// @ts-nocheck
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Broker } from '../../../docs/examples/broker/broker.js';
import { type Listening, listenTcp, listenWebSocket } from '../../../docs/examples/broker/listeners.js';
import { connect as connectNode, type Link } from '../../../src/adapters/node.js';
import { connect as connectWebSocket } from '../../../src/adapters/websocket.js';
import { clientConnection, Endpoint, type EndpointEvent, encode } from '../../../src/index.js';
import { until } from '../../peers/wait.js';
import { closing, VERSIONS, type Version } from './support.js';

interface Identity {
  readonly cert: string;
  readonly key: string;
}

const { ca, server, client } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'certificates.json'), 'utf8'),
) as { readonly ca: string; readonly server: Identity; readonly client: Identity };

async function listening(open: (broker: Broker) => Promise<Listening>): Promise<number> {
  const broker = new Broker();
  const listener = await open(broker);
  closing(async () => {
    const closed = listener.close();
    await broker.close();
    await closed;
  });
  return listener.port;
}

const endpointOf = (version: Version): Endpoint => {
  const common = { type: 'connect', clientId: '', cleanStart: true, keepAlive: 60 } as const;
  const connect =
    version === 5
      ? ({ ...common, protocolVersion: 5 } as const)
      : ({ ...common, protocolVersion: 4 } as const);
  return new Endpoint(clientConnection({ connect }), { copy: true });
};

/** Sends itself a message of each QoS and a large one, and gives what came. */
async function converse(
  open: (handler: (events: readonly EndpointEvent[]) => void) => Link,
): Promise<string[]> {
  const events: EndpointEvent[] = [];
  const link = open((more) => {
    events.push(...more);
  });
  closing(() => link.destroy());
  await until('a connection', () => events.find(({ type }) => type === 'connected'));
  const subscriptions = [{ topicFilter: 'a', qos: 2 }] as const;
  link.send({ type: 'subscribe', subscriptions });
  for (const qos of [0, 1, 2] as const) link.send({ type: 'publish', topic: 'a', payload: `${qos}`, qos });
  link.send({ type: 'publish', topic: 'a', payload: 'x'.repeat(300_000), qos: 1 });
  const messages = () => events.flatMap((event) => (event.type === 'deliver' ? [event.packet] : []));
  await until('four messages', () => messages().length === 4);
  link.disconnect();
  await link.closed;
  return messages().map(
    ({ payload }) => `${payload.length > 1 ? payload.length : String.fromCharCode(payload[0]!)}`,
  );
}

const ALL = ['0', '1', '2', '300000'];
const place = { host: '127.0.0.1', port: 0 };

describe.each(VERSIONS)('transports, version %i', (version) => {
  it('TCP [3.1.1: MQTT-7.1.1-1] [3.1.1: MQTT-7.1.2-1] [5.0: MQTT-4.2.0-1]', async () => {
    const port = await listening((broker) => listenTcp(broker, place));
    const url = `mqtt://127.0.0.1:${port}`;
    expect(await converse((handler) => connectNode(endpointOf(version), url, handler))).toEqual(ALL);
  });

  it('TLS, with certificates on both sides', async () => {
    const tls = { ...server, ca, requestCert: true, rejectUnauthorized: true };
    const port = await listening((broker) => listenTcp(broker, { ...place, tls }));
    const url = `mqtts://127.0.0.1:${port}`;
    const options = { tls: { ca, ...client } };
    expect(await converse((handler) => connectNode(endpointOf(version), url, handler, options))).toEqual(ALL);
    const stranger = connectNode(endpointOf(version), url, () => {}, { tls: { ca } });
    expect((await stranger.closed).cause).not.toBe('ended');
  });

  it('WebSocket, binary, with the subprotocol mqtt [3.1.1: MQTT-6.0.0-1] [3.1.1: MQTT-6.0.0-3] [3.1.1: MQTT-6.0.0-4] [5.0: MQTT-6.0.0-1] [5.0: MQTT-6.0.0-3] [5.0: MQTT-6.0.0-4]', async () => {
    const port = await listening((broker) => listenWebSocket(broker, place));
    let socket: WebSocket | undefined;
    let offered: string | undefined;
    const create = (url: string, protocol: string): WebSocket => {
      offered = protocol;
      socket = new WebSocket(url, protocol);
      return socket;
    };
    const url = `ws://127.0.0.1:${port}/mqtt`;
    expect(
      await converse((handler) => connectWebSocket(endpointOf(version), url, handler, { create })),
    ).toEqual(ALL);
    expect([offered, socket?.protocol]).toEqual(['mqtt', 'mqtt']);
  });

  it('WebSocket over TLS', async () => {
    const port = await listening((broker) => listenWebSocket(broker, { ...place, tls: server }));
    const create = (url: string, protocol: string): WebSocket => new WebSocket(url, protocol, { ca });
    const url = `wss://127.0.0.1:${port}`;
    expect(
      await converse((handler) => connectWebSocket(endpointOf(version), url, handler, { create })),
    ).toEqual(ALL);
  });

  it('WebSocket: a text frame ends it, whoever gets it [3.1.1: MQTT-6.0.0-1] [5.0: MQTT-6.0.0-1]', async () => {
    const port = await listening((broker) => listenWebSocket(broker, place));
    const common = { type: 'connect', clientId: '', cleanStart: true, keepAlive: 60 } as const;
    const bytes =
      version === 5
        ? encode({ ...common, protocolVersion: 5 }, 5)
        : encode({ ...common, protocolVersion: 4 }, 4);
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'mqtt');
    closing(() => socket.terminate());
    const frames: Uint8Array[] = [];
    let code = 0;
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) throw new Error('a text frame');
      frames.push(data);
    });
    socket.on('close', (given) => {
      code = given;
    });
    socket.on('open', () => {
      // Frames need not be packets.
      for (const byte of bytes) socket.send(Uint8Array.of(byte));
    });
    await until('CONNACK', () => frames[0]?.[0] === 0x20);
    socket.send('text');
    await until('the end', () => code > 0);
    expect(code).toBe(4003);
    // And the other way round: our client leaves a server that sends text.
    const texts = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'mqtt' });
    closing(() => texts.close());
    await until('the server', () => texts.address() !== null);
    texts.on('connection', (peer) => peer.send('text'));
    const { port: other } = texts.address() as { port: number };
    const create = (url: string, protocol: string): WebSocket => new WebSocket(url, protocol);
    const link = connectWebSocket(endpointOf(version), `ws://127.0.0.1:${other}`, () => {}, { create });
    expect((await link.closed).cause).toBe('websocket');
  });
});

describe('transports', () => {
  it.each([[], ['other'], ['mqttv3.1']])(
    'a WebSocket that offers %s is no MQTT',
    async (...protocols: string[]) => {
      const port = await listening((broker) => listenWebSocket(broker, place));
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, protocols);
      socket.on('error', () => {});
      closing(() => socket.terminate());
      await until('the end', () => socket.readyState === WebSocket.CLOSED);
      expect(socket.protocol).toBe('');
    },
  );

  it('a place that is taken is an error', async () => {
    const holder = createServer();
    await new Promise<void>((done) => holder.listen(0, '127.0.0.1', done));
    closing(() => void holder.close());
    const { port } = holder.address() as { port: number };
    for (const open of [listenTcp, listenWebSocket]) {
      await expect(open(new Broker(), { host: '127.0.0.1', port })).rejects.toThrow('EADDRINUSE');
    }
  });
});
