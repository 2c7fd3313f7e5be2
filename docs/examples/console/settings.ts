/** How to connect, as the user says it, and what the client is told. */
import type { MqttUrl } from '../../../src/adapters/streams.js';
import { contents } from '../client/command/arguments.js';
import { optionsOf } from '../client/fields.js';
import { fileStore } from '../client/file-store.js';
import type { ClientOptions } from '../client/options.js';
import { fileOf } from '../fields/arguments.js';
import type { Fields } from '../fields/fields.js';

/** Asks for something without showing it. */
export type Ask = (question: string) => Promise<string>;

const VERSIONS = { '5.0': 5, '5': 5, '3.1.1': 4 } as const;
/** The longest message that is taken, in bytes. */
const MAXIMUM_PACKET_SIZE = 16_777_216;

/** Throws FieldError and UsageError. */
export async function clientOptions(fields: Fields, url: MqttUrl, ask: Ask): Promise<ClientOptions> {
  const connectTimeout = (fields.integer('connectTimeout', 1, 600) ?? 30) * 1_000;
  const path = fields.text('sessionFile');
  const options: ClientOptions = {
    ...optionsOf(fields),
    version: fields.choice('version', VERSIONS) ?? 5,
    cleanStart: fields.flag('cleanStart'),
    store: path === undefined ? undefined : fileStore(path, 'session-file'),
    link: { connectTimeout, closeTimeout: Math.min(connectTimeout, 5_000) },
    connackTimeout: connectTimeout,
    retry: (fields.flag('reconnect') ?? true) && { first: false, maximum: 10_000 },
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
  const names = ['ca', 'cert', 'key', 'passphrase', 'rejectUnauthorized'];
  const given = names.filter((name) => fields.value(name) !== undefined);
  const [first] = given;
  if (transport !== 'tls') {
    if (first !== undefined) throw fields.error(first, 'it is for mqtts: alone');
    return undefined;
  }
  const [lonely, ...both] = given.filter((name) => name === 'cert' || name === 'key');
  if (lonely !== undefined && both.length === 0) throw fields.error(lonely, 'cert and key need each other');
  const [ca, cert, key] = ['ca', 'cert', 'key'].map((name) => fileOf(fields, name));
  const rejectUnauthorized = fields.flag('rejectUnauthorized') ?? true;
  return { rejectUnauthorized, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
