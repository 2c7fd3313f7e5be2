// @ts-nocheck
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { until } from '../peers/wait.js';

// Debian puts daemons where the PATH of a user does not lead.
const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

/** The path of a program, if it is installed. */
export function find(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** A program that a test has started, and what it prints. */
export class Program {
  static readonly #running = new Set<Program>();
  readonly #child: ChildProcess;
  #text = '';
  #code: number | undefined;

  /** One that serves outlives the test, and is stopped by itself. */
  constructor(path: string, args: readonly string[], serves = false) {
    this.#child = spawn(path, args, { stdio: 'pipe' });
    if (!serves) Program.#running.add(this);
    const kill = (): void => void this.#child.kill('SIGKILL');
    process.once('exit', kill);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.#text += chunk;
      });
    }
    this.#child.stdin?.on('error', () => {});
    this.#child.on('error', (error) => {
      this.#text += error.message;
      this.#code = -1;
    });
    this.#child.on('close', (code) => {
      process.off('exit', kill);
      Program.#running.delete(this);
      this.#code = code ?? -1;
    });
  }

  get output(): string {
    return this.#text;
  }

  lines(): string[] {
    return this.#text.split('\n').slice(0, -1);
  }

  write(text: string): void {
    this.#child.stdin?.end(text);
  }

  /** Waits until it has printed something. */
  async says(text: string | RegExp): Promise<string> {
    const found = (): string | undefined =>
      typeof text === 'string' ? (this.#text.includes(text) ? text : undefined) : text.exec(this.#text)?.[1];
    return until(`${text} from a program`, found).catch((error: Error) => {
      throw new Error(`${error.message}; it said: ${this.#text}`);
    });
  }

  /** Waits for its end, and throws if it failed. */
  async done(): Promise<void> {
    const code = await until('a program to end', () => this.#code);
    if (code !== 0) throw new Error(`a program failed (${code}): ${this.#text}`);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#code === undefined) this.#child.kill(signal);
    await until('a program to end', () => this.#code !== undefined);
  }

  /** Stops whatever a test has left. */
  static async stopAll(): Promise<void> {
    await Promise.all([...Program.#running].map((program) => program.stop('SIGKILL')));
  }
}
