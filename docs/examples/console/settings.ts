/** How to connect, as the user says it, and what the client is told. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { MqttUrl } from '../../../src/adapters/common.js';
import type { Will } from '../../../src/index.js';
import { checkTopic, contents, UsageError } from '../client/command/arguments.js';
import type { ClientOptions } from '../client/options.js';
import { fromText, type SessionStore } from '../client/store.js';
import { oneOf, qos, text, type Values, whole, yesNo } from './input.js';

/** A secret is never typed where it can be read: the settings hold where it comes from. */
const secret = (value: string, name: string): string => {
  if (value === 'ask' || /^(env|file):./.test(value)) return value;
  throw new UsageError(`${name} takes ask, env:NAME or file:PATH`);
};

export const SETTINGS = {
  version: oneOf({ '5.0': 5, '5': 5, '3.1.1': 4 } as const),
  'client-id': text,
  username: text,
  password: secret,
  ca: text,
  cert: text,
  key: text,
  passphrase: secret,
  'reject-unauthorized': yesNo,
  'will-topic': text,
  'will-payload': text,
  'will-qos': qos,
  'will-retain': yesNo,
  'clean-start': yesNo,
  'session-expiry': whole(0, 0xffffffff),
  'session-file': text,
  'keep-alive': whole(0, 65_535),
  'connect-timeout': whole(1, 600),
  reconnect: yesNo,
};
export type Settings = Values<typeof SETTINGS>;

/** Asks for something without showing it. */
export type Ask = (question: string) => Promise<string>;

/** The longest message that is taken, in bytes. */
const MAXIMUM_PACKET_SIZE = 16_777_216;

/** Throws UsageError. */
export async function clientOptions(settings: Settings, url: MqttUrl, ask: Ask): Promise<ClientOptions> {
  const { version, username, reconnect = true } = settings;
  const password = await revealed(settings, 'password', ask);
  const connectTimeout = (settings['connect-timeout'] ?? 30) * 1_000;
  const path = settings['session-file'];
  return {
    version,
    clientId: settings['client-id'],
    username,
    // Asked for before each connection, so that a token in a file may be renewed.
    credentials: password && (() => ({ password: password() })),
    tls: await tlsOf(settings, url, ask),
    will: willOf(settings),
    cleanStart: settings['clean-start'],
    sessionExpiryInterval: settings['session-expiry'],
    store: path === undefined ? undefined : fileStore(path),
    keepAlive: settings['keep-alive'],
    link: { connectTimeout, closeTimeout: Math.min(connectTimeout, 5_000) },
    connackTimeout: connectTimeout,
    retry: reconnect && { first: false, maximum: 10_000 },
    maximumPacketSize: MAXIMUM_PACKET_SIZE,
  };
}

/** What gives the secret whenever it is needed; undefined: there is none. */
async function revealed(
  settings: Settings,
  name: 'password' | 'passphrase',
  ask: Ask,
): Promise<(() => string) | undefined> {
  const [source, where = ''] = settings[name]?.split(/:(.*)/s) ?? [];
  if (source === undefined) return undefined;
  if (source === 'ask') {
    const answer = await ask(`${name}: `);
    return () => answer;
  }
  const reveal = (): string => {
    if (source === 'file')
      return contents(where, name)
        .toString()
        .replace(/\r?\n$/, '');
    const value = process.env[where];
    if (value === undefined) throw new UsageError(`${name}: the environment has no ${where}`);
    return value;
  };
  reveal();
  return reveal;
}

async function tlsOf(settings: Settings, { transport }: MqttUrl, ask: Ask): Promise<ClientOptions['tls']> {
  const { ca, cert, key } = settings;
  const given = (['ca', 'cert', 'key', 'passphrase', 'reject-unauthorized'] as const).find(
    (name) => settings[name] !== undefined,
  );
  if (transport !== 'tls') {
    if (given !== undefined) throw new UsageError(`${given} is for mqtts: alone`);
    return undefined;
  }
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('cert and key need each other');
  const passphrase = await revealed(settings, 'passphrase', ask);
  return {
    rejectUnauthorized: settings['reject-unauthorized'] ?? true,
    ...(ca !== undefined && { ca: contents(ca, 'ca') }),
    ...(cert !== undefined && { cert: contents(cert, 'cert') }),
    ...(key !== undefined && { key: contents(key, 'key') }),
    ...(passphrase && { passphrase: passphrase() }),
  };
}

function willOf(settings: Settings): Will | undefined {
  const { 'will-topic': topic, 'will-payload': payload, 'will-qos': qos, 'will-retain': retain } = settings;
  if (topic === undefined) {
    if (payload === undefined && qos === undefined && retain === undefined) return undefined;
    throw new UsageError('a will needs will-topic');
  }
  checkTopic(topic, 5, 'name', 'will-topic');
  return { topic, payload, qos, retain };
}

/** The session in a file that only its owner may read. */
function fileStore(path: string): SessionStore {
  const told = (error: Error): never => {
    throw new UsageError(`session-file: ${error.message}`);
  };
  return {
    async load() {
      const stored = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' ? undefined : told(error),
      );
      try {
        if (stored !== undefined) fromText(stored);
      } catch (error) {
        told(error as Error);
      }
      return stored;
    },
    async save(stored) {
      await writeFile(`${path}.new`, stored, { mode: 0o600 })
        .then(() => rename(`${path}.new`, path))
        .catch(told);
    },
  };
}
