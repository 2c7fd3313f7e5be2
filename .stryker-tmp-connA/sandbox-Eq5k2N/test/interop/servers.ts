// @ts-nocheck
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { build } from 'esbuild';
import { WebSocket } from 'ws';
import type { ClientOptions } from '../../docs/examples/client/options.js';
import certificates from '../adapters/peers/certificates.json' with { type: 'json' };
import { Mosquitto, noMosquitto } from '../peers/mosquitto.js';
import { OurBroker } from '../peers/our-broker.js';
import { freePort } from '../peers/wait.js';
import { Program } from './program.js';

const { ca, server, client } = certificates;

/** How to reach a server in one way. */
export interface Way {
  readonly url: string;
  readonly options: ClientOptions;
}

export type WayName =
  | 'TCP'
  | 'TLS'
  | 'mutual TLS'
  | 'WebSocket'
  | 'WebSocket over TLS'
  | 'TCP with a password';

export interface Running {
  readonly ways: Readonly<Partial<Record<WayName, Way>>>;
  stop(): Promise<void>;
}

export interface Server {
  readonly name: string;
  readonly versions: readonly (4 | 5)[];
  readonly ways: readonly WayName[];
  /** Why it cannot run here; undefined: it can. */
  readonly why: string | undefined;
  start(): Promise<Running>;
}

const TRUSTING = { tls: { ca } };
const KNOWN = { tls: { ca, cert: client.cert, key: client.key } };
const SOCKET: ClientOptions = {
  createWebSocket: (url, protocol) => new WebSocket(url, protocol, { ca }),
};

const wayTo = (scheme: string, port: number, options: ClientOptions, path = ''): Way => ({
  url: `${scheme}://127.0.0.1:${port}${path}`,
  options,
});

/** A folder of files that another user may read: mosquitto does not stay root. */
export function readable(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'puremqtt-interop-'));
  chmodSync(folder, 0o755);
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), content, { mode: 0o644 });
  return folder;
}

/** mosquitto listens in every way it can, and a second one asks for a password and has rules. */
async function startMosquitto(): Promise<Running> {
  const folder = readable({
    'ca.pem': ca,
    'server.pem': server.cert,
    'server.key': server.key,
    passwords: '',
  });
  const passwords = join(folder, 'passwords');
  spawnSync('mosquitto_passwd', ['-b', passwords, 'anna', 'secret']);
  chmodSync(passwords, 0o644);
  const identity = [`certfile ${folder}/server.pem`, `keyfile ${folder}/server.key`];
  const [tls, mutual, socket, secureSocket] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  // No more under way than by default: with more, mosquitto 2.0.11 goes beyond the Receive Maximum of its clients.
  const room = ['max_queued_messages 10000'];
  const open = await Mosquitto.start([
    ...room,
    ...[`listener ${tls} 127.0.0.1`, ...identity],
    ...[`listener ${mutual} 127.0.0.1`, ...identity, `cafile ${folder}/ca.pem`, 'require_certificate true'],
    ...[`listener ${socket} 127.0.0.1`, 'protocol websockets', 'socket_domain ipv4'],
    ...[`listener ${secureSocket} 127.0.0.1`, 'protocol websockets', 'socket_domain ipv4', ...identity],
  ]);
  const rules = ['user anna', 'topic readwrite #', 'topic deny secret/#'];
  const closed = await Mosquitto.start(
    [...room, 'allow_anonymous false', `password_file ${passwords}`],
    rules,
  );
  return {
    ways: {
      TCP: wayTo('mqtt', open.port, {}),
      TLS: wayTo('mqtts', tls, TRUSTING),
      'mutual TLS': wayTo('mqtts', mutual, KNOWN),
      WebSocket: wayTo('ws', socket, SOCKET, '/mqtt'),
      'WebSocket over TLS': wayTo('wss', secureSocket, SOCKET, '/mqtt'),
      'TCP with a password': wayTo('mqtt', closed.port, { username: 'anna', password: 'secret' }),
    },
    stop: async () => {
      await Promise.all([open.stop(), closed.stop()]);
      rmSync(folder, { recursive: true });
    },
  };
}

async function startAedes(): Promise<Running> {
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    aedes.handle(socket);
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  return {
    ways: { TCP: wayTo('mqtt', (listener.address() as AddressInfo).port, {}) },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => listener.close(done));
      await new Promise<void>((done) => aedes.close(() => done()));
    },
  };
}

/** The example broker as a program of its own. */
async function startExample(): Promise<Running> {
  const folder = readable({ 'ca.pem': ca, 'server.pem': server.cert, 'server.key': server.key });
  const outfile = join(folder, 'broker.mjs');
  // The package ws is CommonJS, and asks for parts of Node by `require`.
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" };
  const options = { bundle: true, platform: 'node', format: 'esm', banner } as const;
  await build({ ...options, entryPoints: [EXAMPLE], outfile });
  const tls = ['--cert', `${folder}/server.pem`, '--key', `${folder}/server.key`];
  const ports = ['--port', '0', '--tls-port', '0', '--ws-port', '0', '--wss-port', '0'];
  const demanding = ['--tls-port', '0', ...tls, '--ca', `${folder}/ca.pem`];
  const rules = ['--user', 'anna:secret', '--refuse-filter', 'secret/a', '--refuse-topic', 'secret/#'];
  const start = (args: readonly string[]): Program => new Program(process.execPath, [outfile, ...args], true);
  const open = start([...ports, ...tls]);
  const mutual = start(demanding);
  const closed = start(['--port', '0', ...rules]);
  const port = async (program: Program, kind: string): Promise<number> =>
    Number(await program.says(new RegExp(`listening: ${kind} \\S+ (\\d+)`)));
  return {
    ways: {
      TCP: wayTo('mqtt', await port(open, 'tcp'), {}),
      TLS: wayTo('mqtts', await port(open, 'tls'), TRUSTING),
      'mutual TLS': wayTo('mqtts', await port(mutual, 'tls'), KNOWN),
      WebSocket: wayTo('ws', await port(open, 'ws'), SOCKET, '/mqtt'),
      'WebSocket over TLS': wayTo('wss', await port(open, 'wss'), SOCKET, '/mqtt'),
      'TCP with a password': wayTo('mqtt', await port(closed, 'tcp'), {
        username: 'anna',
        password: 'secret',
      }),
    },
    stop: async () => {
      for (const program of [open, mutual, closed]) {
        await program.stop();
        await program.done(); // 0 on SIGTERM
      }
      rmSync(folder, { recursive: true });
    },
  };
}

async function startHostExample(): Promise<Running> {
  const broker = await OurBroker.start();
  return { ways: { TCP: wayTo('mqtt', broker.port, {}) }, stop: () => broker.stop() };
}

const EXAMPLE = 'docs/examples/broker/main.ts';
const EVERY: readonly WayName[] = [
  'TCP',
  'TLS',
  'mutual TLS',
  'WebSocket',
  'WebSocket over TLS',
  'TCP with a password',
];

export const example: Server = {
  name: 'the example broker',
  versions: [4, 5],
  ways: EVERY,
  why: existsSync(EXAMPLE) ? undefined : `${EXAMPLE} does not exist`,
  start: startExample,
};

export const hostExample: Server = {
  name: 'the broker of the host contract',
  versions: [4, 5],
  ways: ['TCP'],
  why: undefined,
  start: startHostExample,
};

export const SERVERS: readonly Server[] = [
  { name: 'mosquitto', versions: [4, 5], ways: EVERY, why: noMosquitto, start: startMosquitto },
  { name: 'aedes', versions: [4], ways: ['TCP'], why: undefined, start: startAedes },
  example,
];
