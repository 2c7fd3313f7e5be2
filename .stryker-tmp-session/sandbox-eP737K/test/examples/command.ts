// @ts-nocheck
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { until } from '../peers/wait.js';

export interface Run {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** The exit code. */
  over(): Promise<number>;
  /** Waits until something is printed. */
  says(text: string): Promise<void>;
}

/** The command of the example client, as a program of its own. */
export class Command {
  readonly #children = new Set<ChildProcess>();
  private constructor(
    readonly folder: string,
    readonly path: string,
  ) {}

  static async build(): Promise<Command> {
    const folder = mkdtempSync(join(tmpdir(), 'puremqtt-command-'));
    const path = join(folder, 'mqtt.mjs');
    const entryPoints = ['docs/examples/client/main.ts'];
    await build({
      entryPoints,
      outfile: path,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    return new Command(folder, path);
  }

  run(args: readonly string[], input?: string | Uint8Array): Run {
    const child = spawn(process.execPath, [this.path, ...args], { stdio: 'pipe' });
    this.#children.add(child);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('latin1').on('data', (chunk: string) => {
        output[name] += chunk;
      });
    }
    child.stdin.on('error', () => {});
    if (input !== undefined) child.stdin.end(input);
    let code: number | undefined;
    child.on('close', (exitCode) => {
      this.#children.delete(child);
      code = exitCode ?? -1;
    });
    const shown = (): string => `${args.join(' ')}: ${output.stdout}${output.stderr}`;
    return {
      child,
      stdout: () => output.stdout,
      stderr: () => output.stderr,
      over: () =>
        until('the command to end', () => code).catch((error: Error) => {
          throw new Error(`${error.message}; ${shown()}`);
        }),
      says: async (text) => {
        await until(`${text} from ${args[0]}`, () => (output.stdout + output.stderr).includes(text));
      },
    };
  }

  async stop(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await until('all to end', () => this.#children.size === 0);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
