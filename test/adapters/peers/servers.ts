import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TlsOptions } from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Identity, Peers } from '../suite/kit.js';
import { BEHAVIOURS, type Behaviour, echo } from './behaviours.js';
import { Peer, type Records } from './peer.js';

/** What `certificates.sh` made. */
export const CERTIFICATES = JSON.parse(
  readFileSync(new URL('./certificates.json', import.meta.url), 'utf8'),
) as {
  readonly ca: string;
  readonly server: Identity;
  readonly impostor: Identity;
  readonly client: Identity & { readonly encryptedKey: string; readonly passphrase: string };
};

const { ca, server, impostor, client } = CERTIFICATES;
const MUTUAL: TlsOptions = { ...server, ca, requestCert: true, rejectUnauthorized: true };

const played =
  (behaviour: Behaviour, records: Records) =>
  (socket: Socket): void =>
    behaviour(new Peer(socket, () => socket.resetAndDestroy(), records));

/** A WebSocket server on an HTTP server; `text` breaks the rule that all frames are binary. */
export function webSocket(
  http: Server,
  behaviour: Behaviour,
  records: Records,
  settings: { readonly protocol?: false; readonly text?: true } = {},
): Server {
  const handleProtocols = (): string | false => (settings.protocol === false ? false : 'mqtt');
  const sockets = new WebSocketServer({ noServer: true, handleProtocols, perMessageDeflate: false });
  http.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      if (settings.text) {
        accepted.on('message', () => accepted.send('text'));
        return;
      }
      const reset = (): void => void (request.socket as Socket).resetAndDestroy();
      // A half-open WebSocket does not exist: the end of one half is the end of both.
      const duplex = createWebSocketStream(accepted, { allowHalfOpen: false });
      behaviour(new Peer(duplex, reset, records));
    });
  });
  return http;
}

/** The servers, by `transport/name`. */
function servers(records: Records): Map<string, Server> {
  const found = new Map<string, Server>();
  for (const [name, behaviour] of Object.entries(BEHAVIOURS)) {
    found.set(
      `tcp/${name}`,
      createServer({ allowHalfOpen: true, noDelay: true }, played(behaviour, records)),
    );
    found.set(`ws/${name}`, webSocket(createHttp(), behaviour, records));
  }
  const onEcho = played(echo, records);
  found.set('tls/echo', createTls({ ...server, noDelay: true }, onEcho));
  found.set('tls/untrusted', createTls(impostor, onEcho));
  found.set('tls/mutual', createTls(MUTUAL, onEcho));
  found.set('wss/echo', webSocket(createHttps(server), echo, records));
  found.set('wss/untrusted', webSocket(createHttps(impostor), echo, records));
  found.set('wss/mutual', webSocket(createHttps(MUTUAL), echo, records));
  found.set('ws/no-protocol', webSocket(createHttp(), echo, records, { protocol: false }));
  found.set('ws/text', webSocket(createHttp(), echo, records, { text: true }));
  const silent = createServer((socket) => socket.on('error', () => {}));
  for (const transport of ['tls', 'ws']) found.set(`${transport}/stall`, silent);
  return found;
}

/** Servers that stand. */
export interface Standing {
  readonly peers: Peers;
  stop(): Promise<void>;
}

async function listen(server: Server): Promise<number> {
  if (!server.listening) {
    await new Promise<void>((done, failed) => {
      server.once('error', failed);
      server.listen(0, '127.0.0.1', done);
    });
  }
  return (server.address() as AddressInfo).port;
}

/** Starts all of them, on free ports of loopback. */
export async function startServers(): Promise<Standing> {
  const sockets = new Set<Socket>();
  const all = servers(new Map());
  const ports: { [name: string]: number } = {};
  for (const [name, one] of all) {
    one.on('connection', (socket: Socket) => {
      sockets.add(socket);
      // What TLS and HTTP make of it is heard elsewhere; here, nobody may crash.
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    });
    ports[name] = await listen(one);
  }
  const closed = createServer();
  const free = await listen(closed);
  await new Promise((done) => closed.close(done));
  for (const transport of ['tcp', 'tls', 'ws', 'wss']) ports[`${transport}/refused`] = free;
  return {
    peers: { ports, ca, client: { cert: client.cert, key: client.key } },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([...new Set(all.values())].map((one) => new Promise((done) => one.close(done))));
    },
  };
}
