/** What the backend can be told: by an object, a file and the environment, checked field by field. */
import { isValidTopicName } from '../../../src/index.js';

export interface Config {
  readonly enabled: boolean;
  /** Whether clients may talk to each other, and not to the backend alone. */
  readonly allowPubSub: boolean;
  /** Makes the response topic a public one; with NODE_ENV=development alone. */
  readonly developmentMode: boolean;
  /** For how long after the end of a connection its channels stay, in milliseconds. */
  readonly disconnectDelay: number;
  readonly requestTopic: string;
  readonly responseTopic: string;
  readonly server: { readonly host: string; readonly port: number };
  readonly limits: {
    /** Bytes of a request. */
    readonly requestBytes: number;
    /** Requests of one client that are being answered. */
    readonly requests: number;
    /** Channels of one client, and of all together. */
    readonly channelsOfClient: number;
    readonly channels: number;
    readonly connections: number;
  };
}

/** What holds where nothing is said. */
export const DEFAULTS: Config = {
  enabled: true,
  allowPubSub: false,
  developmentMode: false,
  disconnectDelay: 250,
  requestTopic: 'Kuzzle/request',
  responseTopic: 'Kuzzle/response',
  server: { host: '127.0.0.1', port: 1883 },
  limits: {
    requestBytes: 65_536,
    requests: 100,
    channelsOfClient: 100,
    channels: 10_000,
    connections: 1_000,
  },
};

/** Variables of the environment that begin so go into the configuration; two underscores lead one level down. */
const PREFIX = 'kuzzle_server__protocols__mqtt__';

/** Numbers that are not counts from 1. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  disconnectDelay: [0, 3_600_000],
  'server.port': [0, 65_535],
};

type Environment = Readonly<Record<string, string | undefined>>;
type Branch = Record<string, unknown>;

/**
 * The whole configuration. `given` is one as above, or the `server.protocols.mqtt` of a larger one; the environment
 * goes before it. Throws Error, which names the field.
 */
export function configOf(given: unknown = {}, environment: Environment = {}): Config {
  const larger = ['server', 'protocols', 'mqtt'].reduce<unknown>(
    (branch, name) => (isBranch(branch) ? branch[name] : undefined),
    given,
  );
  let merged = merge(DEFAULTS, larger ?? given, '');
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || text === undefined) continue;
    const path = name.slice(PREFIX.length).split('__');
    const value = /^(true|false|\d+)$/.test(text) ? JSON.parse(text) : text;
    const nested = path.reduceRight<unknown>((inner, part) => ({ [part]: inner }), value);
    merged = merge(merged, nested, '');
  }
  const config = merged as Branch & Config;
  for (const name of ['requestTopic', 'responseTopic'] as const) {
    if (!isValidTopicName(config[name]))
      throw new Error(`${name}: ${JSON.stringify(config[name])} is no topic`);
  }
  if (config.requestTopic === config.responseTopic) {
    throw new Error('responseTopic: it has to be another than requestTopic');
  }
  return config;
}

/** The defaults, and above them what is given; every field has to be known, and of the type of its default. */
function merge(defaults: object, given: unknown, path: string): Branch {
  if (!isBranch(given)) throw new Error(`${path || 'configuration'}: it has to be an object`);
  const merged: Branch = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    const field = path === '' ? name : `${path}.${name}`;
    if (!Object.hasOwn(defaults, name)) throw new Error(`${field}: there is no such field`);
    const usual = merged[name];
    if (isBranch(usual)) merged[name] = merge(usual, value, field);
    else if (typeof value !== typeof usual) throw new Error(`${field}: it has to be a ${typeof usual}`);
    else merged[name] = typeof value === 'number' ? inRange(value, field) : value;
  }
  return merged;
}

function inRange(value: number, field: string): number {
  const [least, most] = RANGES[field] ?? [1, 1_000_000_000];
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${field}: it has to be a whole number from ${least} to ${most}`);
}

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
