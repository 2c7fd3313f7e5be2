// @ts-nocheck
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import {
  attach,
  connect,
  type LinkClosed,
  selectProtocol,
  type WebSocketLike,
} from '../../src/adapters/websocket.js';
import { clientConnection, Endpoint, encode, serverConnection } from '../../src/index.js';

const ends: Promise<LinkClosed>[] = [];
const http = createServer();
const server = new WebSocketServer({
  server: http,
  handleProtocols: selectProtocol,
  // The package asks handleProtocols only if something is offered.
  verifyClient: ({ req }, answer) =>
    answer(selectProtocol(req.headers['sec-websocket-protocol']) !== false, 400, 'mqtt has to be offered'),
});
server.on('connection', (socket) => {
  const link = attach(new Endpoint(serverConnection()), socket, (events, link) => {
    for (const event of events) {
      if (event.type === 'connectRequested') link.accept();
      if (event.type === 'deliver') {
        const { topic, payload, qos } = event.packet;
        link.send({ type: 'publish', topic, payload, qos });
      }
    }
  });
  ends.push(link.closed);
});
let url = '';
beforeAll(async () => {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.close();
  http.close();
});

const CONNECT = {
  type: 'connect',
  protocolVersion: 5,
  clientId: 'a',
  cleanStart: true,
  keepAlive: 0,
} as const;

describe('a server on the package ws', () => {
  it('serves a client of this adapter', async () => {
    const heard: string[] = [];
    const link = connect(
      new Endpoint(clientConnection({ connect: CONNECT })),
      url,
      (events, link) => {
        for (const event of events) {
          if (event.type === 'connected')
            link.send({ type: 'publish', topic: 't', payload: 'hello', qos: 2 });
          if (event.type !== 'deliver') continue;
          heard.push(new TextDecoder().decode(event.packet.payload));
          link.disconnect();
        }
      },
      { create: (address, protocol) => new WebSocket(address, protocol) },
    );
    expect(await link.closed).toMatchObject({ cause: 'ended', reason: 'disconnected' });
    expect(heard).toEqual(['hello']);
    expect(await ends.at(-1)).toMatchObject({ cause: 'ended', reason: 'peer-disconnected' });
  });

  it.each([[[]], [['chat']], [['mqttv3.1', 'MQTT']]])(
    'turns away a client that offers %j [3.1.1: MQTT-6.0.0-3] [5.0: MQTT-6.0.0-3]',
    async (protocols) => {
      const socket = new WebSocket(url, protocols);
      const [error] = (await once(socket, 'error')) as [Error];
      expect(error.message).toContain('400');
    },
  );

  it('chooses mqtt whatever else is offered [3.1.1: MQTT-6.0.0-4] [5.0: MQTT-6.0.0-4]', async () => {
    const socket = new WebSocket(url, ['chat', 'mqtt', 'mqttv3.1']);
    await once(socket, 'open');
    expect(socket.protocol).toBe('mqtt');
    socket.close();
    expect((await ends.at(-1))?.cause).toBe('peer');
  });

  it('reads packets across frames and frames across packets [3.1.1: MQTT-6.0.0-2] [5.0: MQTT-6.0.0-2]', async () => {
    const socket = new WebSocket(url, 'mqtt');
    await once(socket, 'open');
    const [connected, message] = [
      encode(CONNECT, 5),
      encode({ type: 'publish', topic: 't', payload: 'x', qos: 0 }, 5),
    ];
    const whole = Buffer.concat([connected, message, message]);
    socket.send(whole.subarray(0, 5));
    socket.send(Buffer.alloc(0));
    socket.send(whole.subarray(5, connected.length + 3));
    socket.send(whole.subarray(connected.length + 3));
    let size = 0;
    const [connack, echoed] = [5, message.length];
    while (size < connack + 2 * echoed) size += ((await once(socket, 'message')) as [Buffer])[0].length;
    socket.terminate();
    expect((await ends.at(-1))?.cause).toBe('reset');
  });

  it('closes for a text frame, in the middle of a packet too [3.1.1: MQTT-6.0.0-1] [5.0: MQTT-6.0.0-1]', async () => {
    const socket = new WebSocket(url, 'mqtt');
    await once(socket, 'open');
    socket.send(encode(CONNECT, 5).subarray(0, 5));
    socket.send('text');
    const [code] = await once(socket, 'close');
    expect(code).toBe(4003);
    expect((await ends.at(-1))?.cause).toBe('websocket');
  });
});

describe('attach', () => {
  it('ends on a WebSocket that is closed already', async () => {
    const socket = new WebSocket(url, 'mqtt');
    await once(socket, 'open');
    socket.close();
    await once(socket, 'close');
    const link = attach(new Endpoint(clientConnection({ connect: CONNECT })), socket, () => {});
    expect((await link.closed).cause).toBe('peer');
  });

  it('sets binaryType before anything can come, so that nothing comes as a Blob', () => {
    const listened: string[] = [];
    const socket: WebSocketLike = {
      binaryType: 'blob',
      protocol: '',
      readyState: 0,
      send: () => {},
      close: () => {},
      addEventListener: (type: string) => void listened.push(`${type} ${socket.binaryType}`),
    };
    const link = attach(new Endpoint(clientConnection({ connect: CONNECT })), socket, () => {});
    expect(listened).toEqual(['open', 'message', 'error', 'close'].map((type) => `${type} arraybuffer`));
    link.destroy();
  });
});
