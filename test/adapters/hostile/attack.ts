import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocket } from 'ws';
import { type DecodedPacket, encode, type PacketOf, PacketParser } from '../../../src/index.js';
import { least, pause, until } from '../../peers/wait.js';
import { lines } from '../peers/lines.js';
import type { Measure } from './limits.js';

/** The server under attack, in a process of its own: a module that calls `answerMeasures`, and its arguments. */
export class Victim {
  readonly #child: ChildProcess;
  readonly #lines: AsyncGenerator<string>;
  readonly port: number;

  private constructor(child: ChildProcess, answers: AsyncGenerator<string>, port: number) {
    this.#child = child;
    this.#lines = answers;
    this.port = port;
  }

  static async start(main: string, ...given: string[]): Promise<Victim> {
    const args = ['--expose-gc', '--import', 'tsx', main, ...given];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const answers = lines(child.stdout);
    const { value } = await answers.next();
    return new Victim(child, answers, Number(value));
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null;
  }

  async measure(): Promise<Measure> {
    this.#child.stdin?.write('\n');
    const { value } = await this.#lines.next();
    return JSON.parse(String(value)) as Measure;
  }

  /** The bytes in use: the least of several readings, taken until they are below what is allowed. */
  memory(allowed: number, readings?: number): Promise<number> {
    return least(async () => (await this.measure()).memory, allowed, readings);
  }

  /** Measures until the condition holds. */
  async until(what: string, condition: (measure: Measure) => boolean): Promise<Measure> {
    const end = performance.now() + 25_000;
    for (;;) {
      const measure = await this.measure();
      if (condition(measure)) return measure;
      await pause(50);
      if (performance.now() > end) throw new Error(`not ${what}: ${JSON.stringify(measure)}`);
    }
  }

  async stop(): Promise<void> {
    const gone = new Promise((done) => this.#child.once('exit', done));
    this.#child.stdin?.end();
    await gone;
  }
}

/** Where attackers come in, and who they say they are. */
export interface Door {
  readonly port: number;
  readonly transport?: 'tcp' | 'ws';
  /** The one with that number; without it everybody has a name of their own, and no password. */
  identity?(number: number): {
    readonly clientId: string;
    readonly username: string;
    readonly password: string;
  };
  /** What they may publish to, and subscribe to; `%u` stands for the Client Identifier. */
  readonly topic: string;
  readonly filter: string;
}

let names = 0;

/** A peer that means no good. */
export class Attacker {
  readonly packets: DecodedPacket[] = [];
  closed = false;
  topic = '';
  filter = '';
  readonly #parser = new PacketParser({ version: 5 });

  constructor(
    readonly socket: Duplex,
    /** Ends the connection at once, by TCP's RST where there is one. */
    readonly reset: () => void,
  ) {
    socket.on('data', (chunk) => {
      this.#parser.push(chunk);
      for (let packet = this.#parser.next(); packet !== undefined; packet = this.#parser.next()) {
        if (packet.type !== 'pingresp') this.packets.push(packet);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
    });
  }

  /** One that has said nothing yet. */
  static async open({ port, transport = 'tcp' }: Door): Promise<Attacker> {
    if (transport === 'tcp') {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      const attacker = new Attacker(socket, () => socket.resetAndDestroy());
      await until('a connection', () => socket.readyState === 'open' || attacker.closed);
      return attacker;
    }
    const webSocket = new WebSocket(`ws://127.0.0.1:${port}/`, 'mqtt', { perMessageDeflate: false });
    const attacker = new Attacker(createWebSocketStream(webSocket), () => webSocket.terminate());
    await until('a WebSocket', () => webSocket.readyState > WebSocket.CONNECTING);
    return attacker;
  }

  /** One that has its CONNACK. */
  static async connected(door: Door, properties = {}): Promise<Attacker> {
    const attacker = await Attacker.open(door);
    const packet = connectPacket(door, { properties });
    attacker.topic = door.topic.replace('%u', packet.clientId);
    attacker.filter = door.filter.replace('%u', packet.clientId);
    attacker.write(packet);
    await until('CONNACK', () => attacker.packets.some(({ type }) => type === 'connack'));
    return attacker;
  }

  static many(count: number, door: Door): Promise<Attacker[]> {
    return Promise.all(Array.from({ length: count }, () => Attacker.connected(door)));
  }

  /** The largest packet that the server takes, in bytes. */
  get packetSize(): number {
    const [connack] = this.packets;
    const { maximumPacketSize = 1_048_576 } = (connack?.type === 'connack' && connack.properties) || {};
    return maximumPacketSize;
  }

  write(...packets: PacketOf<5>[]): void {
    for (const packet of packets) this.socket.write(encode(packet, 5));
  }

  /** Writes, at the pace of the other side, until it is all out or the connection is gone. */
  async push(bytes: Uint8Array | string, times = 1): Promise<void> {
    for (let i = 0; i < times && !this.socket.destroyed; i++) {
      if (this.socket.write(bytes)) continue;
      await new Promise<void>((done) => {
        const goOn = (): void => {
          this.socket.off('drain', goOn).off('close', goOn);
          done();
        };
        this.socket.on('drain', goOn).on('close', goOn);
      });
    }
  }

  /** The Reason Code that it was told at the end. */
  async reasonCode(): Promise<number | undefined> {
    await until('the end', () => this.closed);
    const [last] = this.packets.slice(-1);
    return last?.type === 'disconnect' || last?.type === 'connack' ? last.reasonCode : undefined;
  }
}

/** The CONNECT of the next one in turn. */
export function connectPacket(door: Door, more: object = {}): PacketOf<5> & { readonly type: 'connect' } {
  const number = ++names;
  const identity = door.identity?.(number) ?? { clientId: `attacker-${number}` };
  return { type: 'connect', protocolVersion: 5, cleanStart: true, keepAlive: 0, ...identity, ...more };
}
