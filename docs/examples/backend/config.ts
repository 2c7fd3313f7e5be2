/** What the backend can be told: by an object, a file and the environment, checked field by field. */
import { isValidTopicName } from '../../../src/index.js';
import { FieldError, Fields, isJson } from '../fields/fields.js';

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
  port: [0, 65_535],
};

/**
 * The whole configuration. `given` is one as above, or the `server.protocols.mqtt` of a larger one; the environment
 * goes before it. Throws FieldError.
 */
export function configOf(
  given: unknown = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Config {
  const inner = (branch: unknown, name: string): unknown => (isJson(branch) ? branch[name] : undefined);
  const own = ['server', 'protocols', 'mqtt'].reduce(inner, given) ?? given;
  let config = merge(DEFAULTS, new Fields(own, 'configuration'));
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || text === undefined) continue;
    const path = name.slice(PREFIX.length).split('__');
    const nested = path.reduceRight<unknown>((value, part) => ({ [part]: value }), text);
    config = merge(config, new Fields(nested));
  }
  for (const name of ['requestTopic', 'responseTopic'] as const) {
    if (!isValidTopicName(config[name]))
      throw new FieldError(name, `${JSON.stringify(config[name])} is no topic`);
  }
  if (config.requestTopic === config.responseTopic) {
    throw new FieldError('responseTopic', 'it has to be another than requestTopic');
  }
  return config;
}

/** The defaults, and above them what is given; every field has to be known, and of the type of its default. */
function merge<T extends object>(defaults: T, fields: Fields): T {
  const given = Object.entries(defaults).map(([name, usual]) => {
    if (isJson(usual)) return [name, merge(usual, fields.inner(name))];
    if (typeof usual === 'boolean') return [name, fields.flag(name) ?? usual];
    if (typeof usual === 'string') return [name, fields.text(name) ?? usual];
    return [name, fields.integer(name, ...(RANGES[name] ?? [1, 1_000_000_000])) ?? usual];
  });
  fields.allRead();
  return Object.fromEntries(given) as T;
}
