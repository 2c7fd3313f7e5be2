// @ts-nocheck
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, pause, unique, until } from './wait.js';

// Debian puts daemons where the PATH of a user does not lead.
const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

const find = (name: string): string | undefined =>
  FOLDERS.filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

const BROKER = find('mosquitto');
/** Where mosquitto is, if it is installed. */
export const mosquittoPath: string | undefined = BROKER;
const PUBLISHER = find('mosquitto_pub');
const SUBSCRIBER = find('mosquitto_sub');

/** Why the tests against mosquitto cannot run here; undefined: they can. */
export const noMosquitto: string | undefined =
  BROKER === undefined || PUBLISHER === undefined || SUBSCRIBER === undefined
    ? 'mosquitto, mosquitto_pub or mosquitto_sub is not installed (Debian: apt-get install mosquitto mosquitto-clients)'
    : undefined;

/** Says why a file of tests is skipped, if it is. */
export function sayWhy(file: string): void {
  if (noMosquitto !== undefined) console.warn(`${file} is skipped: ${noMosquitto}`);
}

export type Version = 4 | 5;

const over = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (over(child)) return;
  child.kill(signal);
  await until('a process to end', () => over(child));
}

/** What a mosquitto_sub has printed. */
export interface Watcher {
  /** Its lines, in order: `QoS payload`. */
  lines(): readonly string[];
  stop(): Promise<void>;
}

/** A mosquitto of our own, in a temporary folder, on loopback. */
export class Mosquitto {
  #broker: ChildProcess | undefined;
  readonly #children = new Set<ChildProcess>();
  readonly #kill = () => {
    for (const child of this.#children) child.kill('SIGKILL');
  };
  readonly #folder: string;

  private constructor(readonly port: number) {
    this.#folder = mkdtempSync(join(tmpdir(), 'puremqtt-mosquitto-'));
    process.once('exit', this.#kill);
  }

  #start(command: string | undefined, args: readonly string[]): { child: ChildProcess; output(): string } {
    const child = spawn(command ?? '', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
    }
    return { child, output: () => text };
  }

  /** Starts one; `settings` are lines of its configuration file, `rules` those of its access control list. */
  static async start(settings: readonly string[] = [], rules: readonly string[] = []): Promise<Mosquitto> {
    for (let attempt = 1; ; attempt++) {
      const broker = new Mosquitto(await freePort());
      broker.#configure(settings, rules);
      try {
        await broker.#run();
        return broker;
      } catch (error) {
        await broker.stop();
        // Somebody else may have taken the port meanwhile.
        if (attempt === 3) throw error;
      }
    }
  }

  #configure(settings: readonly string[], rules: readonly string[]): void {
    const list = join(this.#folder, 'rules.acl');
    const lines = [
      'persistence true',
      `persistence_location ${this.#folder}/`,
      'log_dest stdout',
      settings.includes('allow_anonymous false') ? '' : 'allow_anonymous true',
      rules.length === 0 ? '' : `acl_file ${list}`,
      ...settings.filter((line) => !line.startsWith('max_topic_alias')),
      `listener ${this.port} 127.0.0.1`,
      ...settings.filter((line) => line.startsWith('max_topic_alias')),
      '',
    ];
    writeFileSync(join(this.#folder, 'mosquitto.conf'), lines.join('\n'));
    writeFileSync(list, `${rules.join('\n')}\n`);
    // Started by root it becomes the user mosquitto, who has to write here.
    if (process.getuid?.() !== 0) return;
    const [user, group] = ['-u', '-g'].map((flag) =>
      Number(spawnSync('id', [flag, 'mosquitto'], { encoding: 'utf8' }).stdout),
    );
    if (user && group) chownSync(this.#folder, user, group);
  }

  async #run(): Promise<void> {
    const { child, output } = this.#start(BROKER, ['-c', join(this.#folder, 'mosquitto.conf')]);
    this.#broker = child;
    for (let attempt = 0; attempt < 500; attempt++) {
      if (over(child)) throw new Error(`mosquitto did not start: ${output()}`);
      const open = await new Promise<boolean>((done) => {
        const socket = connect(this.port, '127.0.0.1', () => {
          socket.destroy();
          done(true);
        });
        socket.on('error', () => done(false));
      });
      if (open) return;
      await pause(10);
    }
    throw new Error(`mosquitto takes no connection: ${output()}`);
  }

  /** Ends it and starts it again: with SIGTERM it keeps its sessions, with SIGKILL it forgets them. */
  async restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#broker !== undefined) await end(this.#broker, signal);
    await this.#run();
  }

  /** Ends it, and whatever else was started for it. */
  async stop(): Promise<void> {
    for (const child of [...this.#children]) await end(child, 'SIGTERM');
    process.off('exit', this.#kill);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Has mosquitto_pub publish each line as a message. */
  async publish(version: Version, topic: string, qos: 0 | 1 | 2, lines: readonly string[]): Promise<void> {
    const args = ['-p', String(this.port), '-V', protocol(version), '-t', topic, '-q', String(qos), '-l'];
    const { child, output } = this.#start(PUBLISHER, args);
    child.stdin?.end(`${lines.join('\n')}\n`);
    await until('mosquitto_pub to end', () => over(child));
    if (child.exitCode !== 0) throw new Error(`mosquitto_pub failed: ${output()}`);
  }

  /** Has mosquitto_sub subscribe; comes back once it has. */
  async watch(version: Version, filter: string, qos: 0 | 1 | 2 = 2): Promise<Watcher> {
    const args = ['-p', String(this.port), '-V', protocol(version), '-t', filter, '-q', String(qos)];
    // One that subscribes and ends, and one that takes its session: what a single one says comes too late.
    args.push('-c', '-i', unique('watcher'), ...(version === 5 ? ['-x', '600'] : []));
    const first = this.#start(SUBSCRIBER, [...args, '-E']);
    await until('mosquitto_sub to subscribe', () => over(first.child));
    if (first.child.exitCode !== 0) throw new Error(`mosquitto_sub failed: ${first.output()}`);
    const { child, output } = this.#start(SUBSCRIBER, [...args, '-F', '=%q %p']);
    return {
      lines: () =>
        output()
          .split('\n')
          .slice(0, -1)
          .filter((line) => line.startsWith('='))
          .map((line) => line.slice(1)),
      stop: () => end(child, 'SIGTERM'),
    };
  }
}

function protocol(version: Version): string {
  return version === 4 ? 'mqttv311' : 'mqttv5';
}
