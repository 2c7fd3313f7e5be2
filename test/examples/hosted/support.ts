import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { connect, type Link } from '../../../src/adapters/node.js';
import {
  type ConnectPacket,
  clientConnection,
  type DecodedPublish,
  Endpoint,
  type EndpointEvent,
  type SessionState,
} from '../../../src/index.js';
import { pause, until } from '../../peers/wait.js';
import { closing, type Version } from '../broker/support.js';

export const CREDENTIALS = { username: 'public', password: 'public' } as const;

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'puremqtt-hosted-'));
  closing(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The command of the hosted broker, in one file that starts fast. */
export async function buildCommand(folder: string): Promise<string> {
  const outfile = join(folder, 'hosted.mjs');
  // Its prebuilt binaries are found from where it is installed.
  const path = pathToFileURL(createRequire(import.meta.url).resolve('classic-level')).href;
  await build({
    entryPoints: ['docs/examples/hosted/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('file:///');" },
    logLevel: 'error',
    plugins: [
      {
        name: 'store',
        setup: ({ onResolve }) => onResolve({ filter: /^classic-level$/ }, () => ({ path, external: true })),
      },
    ],
  });
  return outfile;
}

/** The command while it runs. */
export class Process {
  output = '';
  code: number | undefined;
  readonly child: ChildProcess;

  constructor(command: string, args: readonly string[]) {
    this.child = spawn(process.execPath, [command, ...args], { stdio: 'pipe' });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.child.on('close', (code, signal) => {
      this.code = code ?? (signal === 'SIGKILL' ? 137 : -1);
    });
    closing(() => this.stop('SIGKILL').then(() => {}));
  }

  /** The port of `tcp`, `tls`, `ws` or `wss`, as soon as it listens. */
  async port(kind: string): Promise<number> {
    const line = new RegExp(`listening: ${kind} \\S+ (\\d+)\\n`);
    return until(`${kind} in ${this.output}`, () => {
      if (this.code !== undefined) throw new Error(`it has ended: ${this.output}`);
      const found = line.exec(this.output);
      return found === null ? undefined : Number(found[1]);
    });
  }

  async stop(signal: NodeJS.Signals): Promise<number> {
    if (this.code === undefined) this.child.kill(signal);
    return this.over();
  }

  over(): Promise<number> {
    return until(`the end after ${this.output}`, () => this.code);
  }
}

const CONNECT = { type: 'connect', cleanStart: false, keepAlive: 60, ...CREDENTIALS } as const;

/** A client that comes back, with its session, whatever happens to the broker. */
export class Robot {
  readonly events: EndpointEvent[] = [];
  readonly messages: DecodedPublish[] = [];
  /** Numbers of the messages that the broker has acknowledged. */
  readonly acknowledged = new Set<number>();
  /** How often it was told that the broker knew nothing of its session. */
  lost = 0;
  connections = 0;
  isConnected = false;
  sent = 0;
  link: Link | undefined;
  onSettled: () => void = () => {};
  #session: SessionState | undefined;
  #isOver = false;
  #port = 0;

  constructor(
    readonly clientId: string,
    readonly version: Version,
  ) {
    closing(() => this.stop());
  }

  set port(port: number) {
    this.#port = port;
  }

  start(): void {
    this.#isOver = false;
    void this.#run();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    this.link?.disconnect();
    await this.link?.closed;
    this.#session = this.link?.state.session;
  }

  send(topic: string, qos: 1 | 2, retain: boolean): void {
    const token = this.sent++;
    const payload = `${this.clientId}:${token}`;
    this.link?.send({ type: 'publish', topic, payload, qos, retain }, { token });
  }

  async subscribe(topicFilter: string): Promise<void> {
    this.link?.send({ type: 'subscribe', subscriptions: [{ topicFilter, qos: 2 }] });
    await until('SUBACK', () =>
      this.events.some((event) => event.type === 'settled' && event.outcome.kind === 'acknowledged'),
    );
  }

  async #run(): Promise<void> {
    const { clientId, version } = this;
    const packet: ConnectPacket =
      version === 5
        ? { ...CONNECT, clientId, protocolVersion: 5, properties: { sessionExpiryInterval: 3_600 } }
        : { ...CONNECT, clientId, protocolVersion: 4 };
    while (!this.#isOver) {
      const target = { transport: 'tcp', hostname: '127.0.0.1', port: this.#port } as const;
      const endpoint = new Endpoint(clientConnection({ connect: packet, session: this.#session }), {
        copy: true,
      });
      this.link = connect(endpoint, target, (events) => this.#handle(events));
      await this.link.closed;
      this.#session = this.link.state.session;
      await pause(10);
    }
  }

  #handle(events: readonly EndpointEvent[]): void {
    for (const event of events) {
      if (event.type === 'deliver') this.messages.push(event.packet);
      else this.events.push(event);
      if (event.type === 'connected') {
        this.isConnected = true;
        if (this.connections++ > 0 && !event.sessionPresent) this.lost++;
      } else if (event.type === 'ended') this.isConnected = false;
      else if (event.type === 'settled' && typeof event.token === 'number') {
        if (event.outcome.kind === 'acknowledged') this.acknowledged.add(event.token);
        this.onSettled();
      }
    }
  }
}
