/** The whole chat: a broker, the checking worker as a process of its own, and the page. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningBroker, type Settings, startExampleBroker, startMosquitto } from './brokers.js';
import { nameProblem } from './messages.js';
import { bundlePage, serveSite, type Weight, weigh } from './site.js';

export interface ChatOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly broker: 'example' | 'mosquitto';
  readonly brokerPort: number;
  /** `name:password` */
  readonly users: readonly string[];
  /** The file with the forbidden words. */
  readonly words?: string | undefined;
  readonly log: (line: string) => void;
}

export interface Chat {
  readonly url: string;
  readonly broker: RunningBroker;
  readonly weight: Weight;
  /** Ends the broker, and starts it again at the same place. */
  restartBroker(pause?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Lines of `name:password`; throws for one that is none. */
export function usersOf(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  for (const [at, line] of lines.entries()) {
    const [, name = '', password = ''] = /^([^:]*):(.*)$/s.exec(line) ?? [];
    const problem = name === 'backend' ? 'it belongs to the checking worker' : nameProblem(name);
    if (problem !== undefined) throw new Error(`users: name ${at + 1}: ${problem}`);
    if (password === '') throw new Error(`users: the password of ${name} is missing`);
  }
  if (lines.length === 0) throw new Error('users: there are none');
  return lines;
}

export async function startChat(options: ChatOptions): Promise<Chat> {
  const { host, log } = options;
  const folder = mkdtempSync(join(tmpdir(), 'puremqtt-chat-'));
  const secret = randomBytes(24).toString('hex');
  const users = [...options.users, `backend:${secret}`];
  const rules = readFileSync(new URL('chat.acl', import.meta.url), 'utf8');
  const start = options.broker === 'mosquitto' ? startMosquitto : startExampleBroker;
  const settings: Settings = { host, port: options.brokerPort, users, rules, folder, log };
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const scripts = await bundlePage();
    const weight = await weigh(scripts);
    let broker = await start(settings);
    closers.push(() => broker.stop());
    const port = Number(new URL(broker.url).port);
    closers.push(await startWorker({ url: broker.url, secret, words: options.words, log }));
    const site = await serveSite({ host, port: options.port, broker: broker.url }, scripts);
    closers.push(() => site.close());
    const restartBroker = async (pause?: () => Promise<void>): Promise<void> => {
      await broker.stop();
      await pause?.();
      broker = await start({ ...settings, port });
    };
    return { url: site.url, broker, weight, restartBroker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface WorkerOptions extends Pick<ChatOptions, 'words' | 'log'> {
  readonly url: string;
  readonly secret: string;
}

/** Comes back when the worker is ready, with what ends it; should it die, another one takes its place. */
async function startWorker({ url, secret, words, log }: WorkerOptions): Promise<() => Promise<void>> {
  const main = fileURLToPath(new URL('worker.ts', import.meta.url));
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const args = ['--import', 'tsx', main, url, ...(words === undefined ? [] : [words])];
  let isOver = false;
  let current: ReturnType<typeof run>;
  const run = () => {
    // The password goes by the environment: everybody on a machine can read the arguments of its processes.
    const env = { ...process.env, CHAT_BACKEND_PASSWORD: secret };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const closed = new Promise<void>((resolve) => {
      child.once('close', (code) => {
        resolve();
        if (isOver) return;
        log(`worker: ended with ${code}; another one is on its way`);
        setTimeout(() => {
          if (!isOver) current = run();
        }, 1_000);
      });
    });
    const ready = new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          if (text.includes('worker: ready')) resolve();
          log(text.trimEnd());
        });
      }
      void closed.then(resolve);
    });
    return { child, closed, ready };
  };
  current = run();
  await current.ready;
  return async () => {
    isOver = true;
    const { child, closed } = current;
    child.kill('SIGTERM');
    const lastWord = setTimeout(() => child.kill('SIGKILL'), 3_000);
    await closed;
    clearTimeout(lastWord);
  };
}
