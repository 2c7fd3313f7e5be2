/** How to connect, as the user says it, and what the client is told. */
import type { MqttUrl } from '../../../src/adapters/streams.js';
import type { Will } from '../../../src/index.js';
import { checkTopic, contents } from '../client/command/arguments.js';
import { fileStore } from '../client/file-store.js';
import type { ClientOptions } from '../client/options.js';
import { fileOf } from '../fields/arguments.js';
import { FieldError, type Fields } from '../fields/fields.js';
import { yesNo } from './input.js';

/** Asks for something without showing it. */
export type Ask = (question: string) => Promise<string>;

const VERSIONS = { '5.0': 5, '5': 5, '3.1.1': 4 } as const;
/** The longest message that is taken, in bytes. */
const MAXIMUM_PACKET_SIZE = 16_777_216;

/** Throws FieldError and UsageError. */
export async function clientOptions(fields: Fields, url: MqttUrl, ask: Ask): Promise<ClientOptions> {
  const connectTimeout = (fields.integer('connect-timeout', 1, 600) ?? 30) * 1_000;
  const path = fields.text('session-file');
  const options: ClientOptions = {
    version: fields.choice('version', VERSIONS) ?? 5,
    clientId: fields.text('client-id'),
    username: fields.text('username'),
    will: willOf(fields),
    cleanStart: yesNo(fields, 'clean-start'),
    sessionExpiryInterval: fields.integer('session-expiry', 0, 0xffffffff),
    store: path === undefined ? undefined : fileStore(path, 'session-file'),
    keepAlive: fields.integer('keep-alive', 0, 65_535),
    link: { connectTimeout, closeTimeout: Math.min(connectTimeout, 5_000) },
    connackTimeout: connectTimeout,
    retry: (yesNo(fields, 'reconnect') ?? true) && { first: false, maximum: 10_000 },
    maximumPacketSize: MAXIMUM_PACKET_SIZE,
  };
  const [password, passphrase] = [secretOf(fields, 'password', ask), secretOf(fields, 'passphrase', ask)];
  const tls = tlsOf(fields, url);
  fields.allRead();
  const tell = await password?.();
  return {
    ...options,
    // Asked for before each connection, so that a token in a file may be renewed.
    credentials: tell && (() => ({ password: tell() })),
    tls: tls && { ...tls, ...(passphrase && { passphrase: (await passphrase())() }) },
  };
}

/**
 * A secret is never typed where it can be read: the field says where it comes from. Gives what asks for it once, and
 * then gives what tells it whenever it is needed; undefined: there is none.
 */
function secretOf(fields: Fields, name: string, ask: Ask): (() => Promise<() => string>) | undefined {
  const said = fields.text(name);
  if (said === undefined) return undefined;
  const [, source, where = ''] = /^(ask$|env(?=:.)|file(?=:.)):?(.*)$/s.exec(said) ?? [];
  if (source === undefined) throw fields.error(name, 'it has to be ask, env:NAME or file:PATH');
  const reveal = (): string => {
    if (source === 'file')
      return contents(where, name)
        .toString()
        .replace(/\r?\n$/, '');
    const value = process.env[where];
    if (value === undefined) throw fields.error(name, `the environment has no ${where}`);
    return value;
  };
  return async () => {
    if (source === 'ask') {
      const answer = await ask(`${name}: `);
      return () => answer;
    }
    reveal(); // what is wrong with it is told at once
    return reveal;
  };
}

function tlsOf(fields: Fields, { transport }: MqttUrl): ClientOptions['tls'] {
  const names = ['ca', 'cert', 'key', 'passphrase', 'reject-unauthorized'];
  const given = names.find((name) => fields.value(name) !== undefined);
  if (transport !== 'tls') {
    if (given !== undefined) throw new FieldError(given, 'it is for mqtts: alone');
    return undefined;
  }
  const [lonely, ...both] = ['cert', 'key'].filter((name) => fields.value(name) !== undefined);
  if (lonely !== undefined && both.length === 0) throw fields.error(lonely, 'cert and key need each other');
  const [ca, cert, key] = ['ca', 'cert', 'key'].map((name) => fileOf(fields, name));
  const rejectUnauthorized = yesNo(fields, 'reject-unauthorized') ?? true;
  return { rejectUnauthorized, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function willOf(fields: Fields): Will | undefined {
  const [topic, payload] = [fields.text('will-topic'), fields.text('will-payload')];
  const [qos, retain] = [fields.qos('will-qos'), yesNo(fields, 'will-retain')];
  if (topic !== undefined) {
    checkTopic(topic, 5, 'name', 'will-topic');
    return { topic, payload, qos, retain };
  }
  if (payload === undefined && qos === 0 && retain === undefined) return undefined;
  throw fields.error('will-topic', 'a will needs it');
}
