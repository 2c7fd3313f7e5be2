// @ts-nocheck
import { type ChildProcess, spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type DecodedPacket, encode, type PacketOf, PacketParser } from '../../../src/index.js';
import { pause, until } from '../../peers/wait.js';
import { lines } from '../peers/lines.js';
import type { Measure } from './limits.js';

/** The server under attack. */
export class Victim {
  readonly #child: ChildProcess;
  readonly #lines: AsyncGenerator<string>;
  readonly port: number;

  private constructor(child: ChildProcess, answers: AsyncGenerator<string>, port: number) {
    this.#child = child;
    this.#lines = answers;
    this.port = port;
  }

  static async start(): Promise<Victim> {
    const main = fileURLToPath(new URL('./broker.ts', import.meta.url));
    const args = ['--expose-gc', '--import', 'tsx', main];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const answers = lines(child.stdout);
    const { value } = await answers.next();
    return new Victim(child, answers, Number(value));
  }

  async measure(): Promise<Measure> {
    this.#child.stdin?.write('\n');
    const { value } = await this.#lines.next();
    return JSON.parse(String(value)) as Measure;
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

let names = 0;

/** A peer that means no good. */
export class Attacker {
  readonly packets: DecodedPacket[] = [];
  closed = false;
  readonly #parser = new PacketParser({ version: 5 });

  constructor(readonly socket: Socket) {
    socket.setNoDelay(true);
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

  /** One that has its CONNACK. */
  static async connected(port: number, properties = {}): Promise<Attacker> {
    const attacker = new Attacker(connect(port, '127.0.0.1'));
    const clientId = `attacker-${++names}`;
    const packet = { type: 'connect', protocolVersion: 5, clientId, cleanStart: true, keepAlive: 0 } as const;
    attacker.write({ ...packet, properties });
    await until('CONNACK', () => attacker.packets.some(({ type }) => type === 'connack'));
    return attacker;
  }

  static many(count: number, port: number): Promise<Attacker[]> {
    return Promise.all(Array.from({ length: count }, () => Attacker.connected(port)));
  }

  write(...packets: PacketOf<5>[]): void {
    for (const packet of packets) this.socket.write(encode(packet, 5));
  }

  /** Writes, at the pace of the other side, until it is all out or the connection is gone. */
  async push(bytes: Uint8Array, times = 1): Promise<void> {
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
