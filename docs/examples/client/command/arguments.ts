/** The command line, read: the options of mosquitto_pub and mosquitto_sub, checked one by one. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseMqttUrl } from '../../../../src/adapters/common.js';
import { isValidTopicFilter, isValidTopicName, type Will } from '../../../../src/index.js';
import type { ClientOptions } from '../options.js';
import { type PropertiesByCommand, takeProperties } from './properties.js';

/** Wrong use of the command line; the message names the option. */
export class UsageError extends Error {}

interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
}

interface Text extends Option {
  readonly type: 'string';
  readonly multiple?: never;
}

interface Flag extends Option {
  readonly type: 'boolean';
  readonly multiple?: never;
}

interface List extends Option {
  readonly type: 'string';
  readonly multiple: true;
}

const text = (short?: string): Text => ({ type: 'string', ...(short !== undefined && { short }) });
const flag = (short?: string): Flag => ({ type: 'boolean', ...(short !== undefined && { short }) });
const list = (short: string): List => ({ type: 'string', short, multiple: true });

const COMMON = {
  host: text('h'),
  port: text('p'),
  url: text('L'),
  bind: text('A'),
  username: text('u'),
  password: text('P'),
  id: text('i'),
  'id-prefix': text('I'),
  keepalive: text('k'),
  qos: text('q'),
  topic: list('t'),
  version: text('V'),
  'session-expiry': text('x'),
  'keep-session': flag('c'),
  debug: flag('d'),
  quiet: flag(),
  help: flag(),
  'will-topic': text(),
  'will-payload': text(),
  'will-qos': text(),
  'will-retain': flag(),
  cafile: text(),
  cert: text(),
  key: text(),
  keypass: text(),
  insecure: flag(),
  ciphers: text(),
  'tls-version': text(),
  'tls-alpn': text(),
  'tls-use-os-certs': flag(),
} satisfies Record<string, Option>;

export const PUB_OPTIONS = {
  ...COMMON,
  message: text('m'),
  file: text('f'),
  'stdin-file': flag('s'),
  'stdin-line': flag('l'),
  'null-message': flag('n'),
  retain: flag('r'),
  'max-inflight': text('M'),
  repeat: text(),
  'repeat-delay': text(),
} satisfies Record<string, Option>;

export const SUB_OPTIONS = {
  ...COMMON,
  count: text('C'),
  timeout: text('W'),
  'exit-subscribed': flag('E'),
  'filter-out': list('T'),
  unsubscribe: list('U'),
  format: text('F'),
  'no-newline': flag('N'),
  'no-retained': flag('R'),
  'retained-only': flag(),
  'remove-retained': flag(),
  verbose: flag('v'),
} satisfies Record<string, Option>;

type Values<T extends Record<string, Option>> = {
  readonly [N in keyof T]?:
    | (T[N] extends List ? readonly string[] : T[N] extends Flag ? boolean : string)
    | undefined;
};

export interface Parsed<T extends Record<string, Option>> {
  readonly values: Values<T>;
  readonly properties: PropertiesByCommand;
}

/** Reads the arguments of one command. Throws UsageError. */
export function read<T extends Record<string, Option>>(args: readonly string[], options: T): Parsed<T> {
  const { rest, properties } = takeProperties(args);
  try {
    const { values } = parseArgs({ args: joined(rest, options), options, strict: true });
    return { values: values as Values<T>, properties };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** What follows an option that takes a value is that value, even if it begins with a hyphen, as in `-x -1`. */
function joined(args: readonly string[], options: Record<string, Option>): string[] {
  const result: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const [name, option] = Object.entries(options).find(([long, { short }]) => {
      return arg === `--${long}` || arg === `-${short}`;
    }) ?? ['', undefined];
    if (option?.type !== 'string') result.push(arg);
    else if (at + 1 === args.length) throw new UsageError(`${arg} takes a value`);
    else result.push(`--${name}=${args[++at]}`);
  }
  return result;
}

/** A whole number within bounds, or undefined where the option is not given. */
export function number(
  value: string | undefined,
  option: string,
  [least, most]: readonly [number, number],
): number | undefined {
  if (value === undefined) return undefined;
  const result = Number(value);
  if (!Number.isInteger(result) || value.trim() === '' || result < least || result > most) {
    throw new UsageError(`${option} takes a number from ${least} to ${most}, not ${JSON.stringify(value)}`);
  }
  return result;
}

export function qosOf(value: string | undefined, option: string): 0 | 1 | 2 {
  const qos = number(value, option, [0, 2]) ?? 0;
  return qos === 0 || qos === 1 ? qos : 2;
}

/** Where to connect, as a URL without credentials, and the topic that -L may name. */
export interface Destination {
  readonly url: string;
  readonly topic: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

export function destination(values: Values<typeof COMMON>): Destination {
  const { host = 'localhost', url } = values;
  if (url === undefined) {
    const port = number(values.port, '-p', [1, 65_535]);
    const isTls = usesTls(values) || port === 8883;
    const name = host.includes(':') ? `[${host}]` : host;
    return { url: `${isTls ? 'mqtts' : 'mqtt'}://${name}:${port ?? (isTls ? 8883 : 1883)}`, ...NOBODY };
  }
  if (values.host !== undefined || values.port !== undefined) {
    throw new UsageError('-L says host and port itself: leave out -h and -p');
  }
  try {
    // What follows the host of mqtt: and mqtts: is a topic.
    const [, base = url, topic] = /^(mqtts?:\/\/[^/]*)(?:\/(.*))?$/i.exec(url) ?? [];
    const { username, password } = parseMqttUrl(base);
    const isTls = usesTls(values) && base.startsWith('mqtt:');
    return {
      url: base.replace(/^[a-z]+:/, (scheme) => (isTls ? 'mqtts:' : scheme)),
      topic: topic === undefined || topic === '' ? undefined : decodeURIComponent(topic),
      username,
      password,
    };
  } catch (error) {
    throw new UsageError(`-L: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const NOBODY = { topic: undefined, username: undefined, password: undefined } as const;

function usesTls(values: Values<typeof COMMON>): boolean {
  return values.cafile !== undefined || values.cert !== undefined || values['tls-use-os-certs'] === true;
}

/** Options of the client, as both commands have them. */
export function clientOptions(
  { values, properties }: Parsed<typeof COMMON>,
  command: string,
): ClientOptions & { readonly version: 4 | 5 } {
  const version = versionOf(values.version);
  if (version === 4 && Object.keys(properties).length > 0) throw new UsageError('-D needs -V mqttv5');
  const keeps = values['keep-session'] === true;
  if (keeps && values.id === undefined) throw new UsageError('-c needs -i: a session belongs to an id');
  if (values.id !== undefined && values['id-prefix'] !== undefined) {
    throw new UsageError('-i and -I exclude each other');
  }
  const { username, password } = { ...destination(values), ...given(values) };
  const expiry = values['session-expiry'] ?? (keeps ? '-1' : '0');
  const clientId = values.id ?? `${values['id-prefix'] ?? `puremqtt_${command}_`}${process.pid}`;
  return {
    version,
    clientId,
    username,
    password,
    keepAlive: number(values.keepalive, '-k', [0, 65_535]),
    cleanStart: !keeps,
    sessionExpiryInterval:
      expiry === '-1' || expiry === '∞' ? 0xffffffff : number(expiry, '-x', [0, 0xffffffff]),
    will: willOf(values, properties),
    properties: properties.connect,
    tls: tlsOf(values),
    net: values.bind === undefined ? undefined : { localAddress: values.bind },
  };
}

function given({ username, password }: Values<typeof COMMON>): { username?: string; password?: string } {
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
}

function versionOf(value = 'mqttv311'): 4 | 5 {
  const version = { mqttv311: 4, '311': 4, mqttv5: 5, '5': 5 }[value];
  if (version === 4 || version === 5) return version;
  throw new UsageError(`-V takes mqttv311 or mqttv5, not ${JSON.stringify(value)}`);
}

function willOf(values: Values<typeof COMMON>, properties: PropertiesByCommand): Will | undefined {
  const topic = values['will-topic'];
  const { 'will-payload': payload, 'will-retain': retain } = values;
  const qos = values['will-qos'] === undefined ? undefined : qosOf(values['will-qos'], '--will-qos');
  if (topic === undefined) {
    if (payload === undefined && qos === undefined && retain === undefined && properties.will === undefined) {
      return undefined;
    }
    throw new UsageError('a will needs --will-topic');
  }
  if (!isValidTopicName(topic))
    throw new UsageError(`--will-topic ${JSON.stringify(topic)} is no Topic Name`);
  return { topic, payload, qos, retain, properties: properties.will };
}

function tlsOf(values: Values<typeof COMMON>): ClientOptions['tls'] {
  const { cafile, cert, key, keypass, ciphers, insecure } = values;
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--cert and --key need each other');
  const version = values['tls-version'];
  const exact = { 'tlsv1.3': 'TLSv1.3', 'tlsv1.2': 'TLSv1.2', 'tlsv1.1': 'TLSv1.1' } as const;
  const known = version === undefined ? undefined : exact[version as keyof typeof exact];
  if (version !== undefined && known === undefined) {
    throw new UsageError(`--tls-version takes tlsv1.3, tlsv1.2 or tlsv1.1, not ${JSON.stringify(version)}`);
  }
  return {
    ...(cafile !== undefined && { ca: contents(cafile, '--cafile') }),
    ...(cert !== undefined && { cert: contents(cert, '--cert') }),
    ...(key !== undefined && { key: contents(key, '--key') }),
    ...(keypass !== undefined && { passphrase: keypass }),
    ...(ciphers !== undefined && { ciphers }),
    ...(known !== undefined && { minVersion: known, maxVersion: known }),
    ...(values['tls-alpn'] !== undefined && { ALPNProtocols: [values['tls-alpn']] }),
    // As with mosquitto_pub, the certificate has to be good, but may be for another name.
    ...(insecure === true && { checkServerIdentity: () => undefined }),
  };
}

export function contents(path: string, option: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${option}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function checkTopic(topic: string, version: 4 | 5, kind: 'name' | 'filter', option: string): void {
  const isValid = kind === 'name' ? isValidTopicName(topic) : isValidTopicFilter(topic, version);
  if (isValid) return;
  throw new UsageError(
    `${option} ${JSON.stringify(topic)} is no Topic ${kind === 'name' ? 'Name' : 'Filter'}`,
  );
}
