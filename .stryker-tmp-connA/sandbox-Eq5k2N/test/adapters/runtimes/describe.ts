// @ts-nocheck
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../../scripts/lib/root.js';
import { lines } from '../peers/lines.js';
import { startPeers } from '../peers/start.js';
import { CASES, type Peers, type Result } from '../suite/index.js';
import { columnOf, servedBy } from '../suite/matrix.js';
import { Consumer } from './consumer.js';

/** The path of a runtime's program in `runtimes/`, or undefined, with the reason printed, where it is absent. */
export function runtime(name: string, path: string): string | undefined {
  const file = join(root, 'runtimes/node_modules', path);
  if (existsSync(file)) return file;
  console.log(
    `${name} is skipped: it is not in runtimes/ ("npm ci" there installs it on Linux, x86-64, glibc)`,
  );
  return undefined;
}

/** What a runtime's program is told. */
export interface Job {
  readonly column: string;
  readonly cases: readonly string[];
  readonly peers: Peers;
}

/** A command and its arguments, in a folder. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
}

/** A process that prints a Result in each line. */
class Run {
  readonly #child: ChildProcess;
  readonly #results = new Map<string, Result>();
  readonly #waiting = new Set<() => void>();
  #errors = '';
  #isOver = false;

  constructor({ command, args, cwd }: Command) {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4_000);
    });
    const read = async (): Promise<void> => {
      for await (const line of lines(child.stdout)) {
        if (line.startsWith('{')) this.#note(JSON.parse(line) as Result);
        else this.#errors += `${line}\n`;
      }
    };
    const over = (): void => {
      this.#isOver = true;
      for (const look of this.#waiting) look();
    };
    child.on('error', (error) => {
      this.#errors += String(error);
    });
    read().then(over, over);
  }

  #note(result: Result): void {
    this.#results.set(result.case, result);
    for (const look of this.#waiting) look();
  }

  /** The result of a case, as soon as it is there. */
  result(name: string): Promise<Result> {
    return new Promise((done, failed) => {
      const look = (): void => {
        const result = this.#results.get(name);
        if (result !== undefined) done(result);
        else if (this.#isOver) failed(new Error(`it ended without a word on "${name}": ${this.#errors}`));
        else return;
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Waits for the end: a program that is done with the suite has to end by itself. */
  async end(patience = 10_000): Promise<number | null> {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null) {
      const late = setTimeout(() => child.kill('SIGKILL'), patience);
      await new Promise((done) => child.once('exit', done));
      clearTimeout(late);
    }
    return child.exitCode;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Runs all cases that a column serves, each as a test of its own; `start` makes the command out of the job. */
export function describeRuntime(
  column: string,
  program: string | undefined,
  start: (program: string, job: Job, consumer: Consumer) => Promise<Command>,
): void {
  const { title, adapter, lingers } = columnOf(column);
  const name = `puremqtt/${adapter} as packed, in ${title}`;
  if (program === undefined) {
    it.skip(name);
    return;
  }
  describe(name, () => {
    const cases = servedBy(columnOf(column), CASES);
    let consumer: Consumer;
    let run: Run;
    let stop = async (): Promise<void> => {};

    beforeAll(async () => {
      const started = await startPeers();
      stop = started.stop;
      consumer = new Consumer();
      run = new Run(await start(program, { column, cases, peers: started.peers }, consumer));
    }, 60_000);
    afterAll(async () => {
      run?.kill();
      await stop();
      consumer?.remove();
    });

    it.each(CASES.filter((one) => cases.includes(one.name)))(
      '$name: $promise',
      async (one) => {
        const result = await run.result(one.name);
        expect({ ok: result.ok, error: result.error }).toEqual({ ok: true, error: undefined });
        if (result.measured !== undefined) console.log(title, one.name, JSON.stringify(result.measured));
      },
      60_000,
    );

    it.skipIf(lingers)('ends by itself when all connections are closed', async () => {
      expect(await run.end()).toBe(0);
    });
  });
}
