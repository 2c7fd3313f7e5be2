/** What hostile servers do to a client, over TCP or WebSocket, for any client. */
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocket } from 'ws';
import { encode, type PacketOf } from '../../../src/index.js';
import { dice, SEED } from '../../peers/wait.js';
import { BEHAVIOURS, type Behaviour, welcome } from '../peers/behaviours.js';
import { Peer } from '../peers/peer.js';
import { webSocket } from '../peers/servers.js';
import { propertyBomb, repeated } from './attacks.js';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
const bytesOf = (packet: PacketOf<5>): Uint8Array => encode(packet, 5);
const message = (fields: object): PacketOf<5> =>
  ({ type: 'publish', topic: 'flood', payload: 'x', qos: 0, ...fields }) as PacketOf<5>;

/** Answers CONNECT with these bytes, and reads on. */
const answer =
  (bytes: Uint8Array | string, then: (peer: Peer) => void = () => {}): Behaviour =>
  (peer) => {
    peer.onPacket = ({ type }) => {
      if (type !== 'connect') return;
      peer.push(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
      then(peer);
    };
    peer.read();
  };

/** The same bytes after CONNACK, as often as they are taken. */
const flood = (bytes: Uint8Array, times: number): Behaviour =>
  welcome((peer) => {
    let left = times;
    const push = (): void => {
      while (left-- > 0) if (!peer.push(bytes)) break;
    };
    peer.duplex.on('drain', push);
    push();
  });

/** Bytes after CONNACK. */
const then = (...all: readonly Uint8Array[]): Behaviour =>
  welcome((peer) => void peer.push(Buffer.concat(all)));

function garbage(): Uint8Array {
  const roll = dice(SEED);
  return Uint8Array.from({ length: 2_000 }, () => roll(256));
}

const CONNACK = bytesOf({ type: 'connack', sessionPresent: false, reasonCode: 0 });
const { closer, deaf, drip, mute, resetter, blob } = BEHAVIOURS as Readonly<Record<string, Behaviour>> & {
  readonly [name in 'closer' | 'deaf' | 'drip' | 'mute' | 'resetter' | 'blob']: Behaviour;
};

export const BROKERS: Readonly<Record<string, Behaviour>> = {
  'closes at once': (peer) => peer.duplex.end(),
  'resets at once': (peer) => peer.reset(),
  'never answers CONNECT': (peer) => peer.read(),
  'never reads': (peer) => peer.duplex.pause(),
  'answers CONNECT with garbage': answer(garbage()),
  'answers CONNECT with HTTP': answer('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  'answers CONNECT with half a CONNACK': answer(CONNACK.subarray(0, 2)),
  'closes in the middle of CONNACK': answer(CONNACK.subarray(0, 2), ({ duplex }) => duplex.end()),
  'announces a CONNACK of 256 MiB': answer(hex('20 ff ff ff 7f 00')),
  'announces a length of five bytes': answer(hex('20 ff ff ff ff 01')),
  'answers CONNECT with a message': answer(bytesOf(message({}))),
  'refuses with a code that there is not': answer(hex('20 03 00 ee 00')),
  'sends elsewhere': answer(
    bytesOf({
      type: 'connack',
      sessionPresent: false,
      reasonCode: 0x9c,
      properties: { serverReference: '169.254.169.254' },
    }),
  ),
  'has a session that nobody has asked for': answer(
    bytesOf({ type: 'connack', sessionPresent: true, reasonCode: 0 }),
  ),
  'says CONNACK twice': then(CONNACK),
  'answers byte by byte, and well': drip,
  'closes after CONNACK': closer,
  'resets in the middle of a message': resetter,
  'answers nothing after CONNACK': mute,
  'reads nothing after CONNACK': deaf,
  'says garbage after CONNACK': then(garbage()),
  'announces a message of 256 MiB': then(hex('30 ff ff ff 7f 00 01 61')),
  'sends a message of 16 MiB': blob,
  'floods with messages of 64 KiB': flood(bytesOf(message({ payload: new Uint8Array(65_536) })), 512),
  'floods with small messages': flood(repeated(bytesOf(message({})), 65_536), 64),
  'floods with messages that want an acknowledgement': then(
    ...Array.from({ length: 150 }, (_, at) => bytesOf(message({ qos: 1, packetId: at + 1 }))),
  ),
  'never releases QoS 2': then(
    ...Array.from({ length: 90 }, (_, at) => bytesOf(message({ qos: 2, packetId: at + 1 }))),
  ),
  'floods with PINGRESP': flood(repeated(hex('d0 00'), 65_536), 16),
  'sends property bombs': flood(
    bytesOf(message({ properties: { userProperties: propertyBomb(50_000) } })),
    10,
  ),
  'names Topic Aliases that are not there': then(
    bytesOf(message({ topic: '', properties: { topicAlias: 9 } })),
  ),
  'publishes to a topic with wildcards': then(hex('30 05 00 01 23 00 61')),
  'acknowledges what was not sent': then(
    bytesOf({ type: 'puback', packetId: 77, reasonCode: 0 }),
    bytesOf({ type: 'suback', packetId: 78, reasonCodes: [0] }),
  ),
  'grants more than was asked for': welcome((peer) => {
    peer.onPacket = (packet) => {
      if (packet.type !== 'subscribe') return;
      peer.write({ type: 'suback', packetId: packet.packetId, reasonCodes: [0, 0, 0] });
    };
  }),
  'says what only clients say': then(hex('82 06 00 01 00 00 01 61 00'), hex('c0 00')),
};

/** A server whose behaviour can be changed, for the connections to come. */
export class HostileServer {
  behaviour: Behaviour = (peer) => peer.reset();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(readonly transport: 'tcp' | 'ws') {
    const play: Behaviour = (peer) => this.behaviour(peer);
    const onSocket = (socket: Socket): void =>
      play(new Peer(socket, () => socket.resetAndDestroy(), new Map()));
    this.#server =
      transport === 'tcp'
        ? createServer({ allowHalfOpen: true, noDelay: true }, onSocket)
        : webSocket(createHttp(), play, new Map());
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(transport: 'tcp' | 'ws'): Promise<HostileServer> {
    const started = new HostileServer(transport);
    await new Promise<void>((done) => started.#server.listen(0, '127.0.0.1', done));
    return started;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Is from now on a way to a server that is good. */
  leadTo(url: string): void {
    this.behaviour = ({ duplex }) => {
      const { protocol, hostname, port } = new URL(url);
      const other: Duplex = protocol.startsWith('ws')
        ? createWebSocketStream(new WebSocket(url, 'mqtt'))
        : connect(Number(port), hostname);
      for (const [from, to] of [
        [duplex, other],
        [other, duplex],
      ] as const) {
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
        from.pipe(to);
      }
    };
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((done) => this.#server.close(done));
  }
}
