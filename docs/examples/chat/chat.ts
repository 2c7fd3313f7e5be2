/** The whole chat: a broker, the checking worker as a process of its own, and the page. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
    closers.push(await startWorker(broker.url, secret, words));
    const site = await serveSite(host, port, broker.url);
    closers.push(() => site.close());
    const restartBroker = async (meanwhile?: () => Promise<void>): Promise<void> => {
      await broker.stop();
      await meanwhile?.();
      broker = await start({ ...settings, port: Number(new URL(broker.url).port) });
    };
    return { url: site.url, broker: broker.url, restartBroker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Comes back when the worker is ready, with what ends it. */
async function startWorker(url: string, secret: string, words: string | undefined): Promise<() => unknown> {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', worker, url, ...(words ? [words] : [])], {
    cwd: fileURLToPath(new URL('../../../', import.meta.url)),
    // Everybody on a machine can read the arguments of its processes.
    env: { ...process.env, CHAT_BACKEND_PASSWORD: secret },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'close');
  const isReady = await Promise.race([once(child, 'message').then(() => true), ended.then(() => false)]);
  if (!isReady) throw new Error('the worker has ended');
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}
