/** What the backend can be told: by an object, a file and the environment, checked field by field. */
import { isValidTopicName } from '../../../src/index.js';
import { FieldError, Fields, isJson } from '../fields/fields.js';
import { settingsOf } from '../fields/settings.js';

/** What holds where nothing is said. */
export const DEFAULTS = {
  enabled: true,
  /** Whether clients may talk to each other, and not to the backend alone. */
  allowPubSub: false,
  /** Makes the response topic a public one; with NODE_ENV=development alone. */
  developmentMode: false,
  /** For how long after the end of a connection its channels stay, in milliseconds. */
  disconnectDelay: 250,
  requestTopic: 'Kuzzle/request',
  responseTopic: 'Kuzzle/response',
  server: { host: '127.0.0.1', port: 1883 },
  limits: {
    /** Bytes of a request. */
    requestBytes: 65_536,
    /** Requests of one client that are being answered. */
    requests: 100,
    /** Channels of one client, and of all together. */
    channelsOfClient: 100,
    channels: 10_000,
    connections: 1_000,
  },
};

export type Config = Readonly<typeof DEFAULTS>;

/** Variables of the environment that begin so go into the configuration; two underscores lead one level down. */
const PREFIX = 'kuzzle_server__protocols__mqtt__';

/** Numbers that are not counts from 1. */
const RANGES = { disconnectDelay: [0, 3_600_000], port: [0, 65_535] } as const;

/**
 * The whole configuration. `given` is one as above, or the `server.protocols.mqtt` of a larger one; the environment
 * goes before it. Throws FieldError.
 */
export function configOf(given: unknown = {}, environment: NodeJS.ProcessEnv = {}): Config {
  const inner = (branch: unknown, name: string): unknown => (isJson(branch) ? branch[name] : undefined);
  const own = ['server', 'protocols', 'mqtt'].reduce(inner, given) ?? given;
  let config: Config = settingsOf(DEFAULTS, new Fields(own, 'configuration'), RANGES);
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || text === undefined) continue;
    const path = name.slice(PREFIX.length).split('__');
    const nested = path.reduceRight<unknown>((value, part) => ({ [part]: value }), text);
    config = settingsOf(config, new Fields(nested), RANGES);
  }
  const { requestTopic, responseTopic } = config;
  for (const [name, topic] of Object.entries({ requestTopic, responseTopic })) {
    if (!isValidTopicName(topic)) throw new FieldError(name, `${JSON.stringify(topic)} is no topic`);
  }
  if (requestTopic !== responseTopic) return config;
  throw new FieldError('responseTopic', 'it has to be another than requestTopic');
}
