/** The whole chat: a broker, the checking worker as a process of its own, and the page. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { deferred } from '../client/subscription.js';
import { type Settings, startExampleBroker, startMosquitto } from './brokers.js';
import { nameProblem } from './page/messages.js';
import { serveSite } from './site.js';

export interface ChatOptions extends Pick<Settings, 'host' | 'users'> {
  /** Of the page; 0 takes a free one. */
  readonly port: number;
  readonly broker: 'example' | 'mosquitto';
  readonly brokerPort: number;
  /** The file with the forbidden words. */
  readonly words?: string | undefined;
}

export interface Chat {
  /** Of the page, and of the broker. */
  readonly url: string;
  readonly broker: string;
  /** The process that checks messages. */
  readonly worker: Pick<Worker, 'pid' | 'refused'>;
  /** Ends the broker, and starts it again at the same place. */
  restartBroker(meanwhile?: () => Promise<void>): Promise<void>;
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

export async function startChat({ host, port, words, ...options }: ChatOptions): Promise<Chat> {
  const folder = mkdtempSync(join(tmpdir(), 'puremqtt-chat-'));
  const secret = randomBytes(24).toString('hex');
  const users = [...options.users, `backend:${secret}`];
  const rules = readFileSync(new URL('chat.acl', import.meta.url), 'utf8');
  const start = options.broker === 'mosquitto' ? startMosquitto : startExampleBroker;
  const settings = { host, port: options.brokerPort, users, rules, folder };
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    let broker = await start(settings);
    closers.push(() => broker.stop());
    const worker = await startWorker(broker.url, secret, words);
    closers.push(() => worker.stop());
    const site = await serveSite(host, port, broker.url);
    closers.push(() => site.close());
    const restartBroker = async (meanwhile?: () => Promise<void>): Promise<void> => {
      await broker.stop();
      await meanwhile?.();
      broker = await start({ ...settings, port: Number(new URL(broker.url).port) });
    };
    return { url: site.url, broker: broker.url, worker, restartBroker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** How long to wait before a worker that has died is started again, in milliseconds. */
const RESTART = 1_000;

interface Worker {
  /** Of the process that is at work now. */
  readonly pid: number | undefined;
  /** Settles when the broker turns the worker away for good: then it is not started again. */
  readonly refused: Promise<Error>;
  stop(): Promise<void>;
}

/** Comes back when the worker is ready. One that dies after that is started again: nobody else passes messages on. */
export async function startWorker(url: string, secret: string, words?: string): Promise<Worker> {
  const path = fileURLToPath(new URL('worker.ts', import.meta.url));
  const over = new AbortController();
  const { promise: refused, resolve: refuse } = deferred<Error>();
  const { promise: ready, resolve: getReady } = deferred<void>();
  const start = (): ChildProcess =>
    spawn(process.execPath, ['--import', 'tsx', path, url, ...(words ? [words] : [])], {
      cwd: fileURLToPath(new URL('../../../', import.meta.url)),
      // Everybody on a machine can read the arguments of its processes.
      env: { ...process.env, CHAT_BACKEND_PASSWORD: secret },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }).on('message', (said) => {
      if (said === 'ready') return getReady();
      over.abort();
      refuse(new Error(`${said}`));
    });
  let child = start();
  const died = once(child, 'close').then(() => new Error('the worker has ended'));
  const problem = await Promise.race([ready, refused, died]);
  if (problem !== undefined) throw problem;
  const work = (async () => {
    for (;;) {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      if (!(await pause(RESTART, true, over).catch(() => false))) return;
      child = start();
    }
  })();
  return {
    get pid() {
      return child.pid;
    },
    refused,
    async stop() {
      over.abort();
      child.kill('SIGTERM');
      await work;
    },
  };
}
