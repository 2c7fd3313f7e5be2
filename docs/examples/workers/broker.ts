/** Which broker a user means, whether the Worker may go there, and the way to it. */
import { connect as connectSocket } from 'cloudflare:sockets';
import { connect, parseMqttUrl } from '../../../src/adapters/workers.js';
import { ConnectReturnCode, isMqttError } from '../../../src/index.js';
import { type Client, connect as connectClient } from '../client/client.js';
import { ConnectionError, nameOf, ServerRefusalError } from '../client/errors.js';
import { optionsOf } from '../client/fields.js';
import type { ClientOptions } from '../client/options.js';
import { FieldError, type Fields } from '../fields/fields.js';
import { checkHost, GuardError } from '../guard/host.js';
import { isCloudflare } from './cloudflare.js';
import type { Limits } from './limits.js';
import { checked, propertiesOf, type Version } from './packets.js';

const CONNACK_TEXTS: Readonly<Record<number, string>> = {
  [ConnectReturnCode.UnacceptableProtocolVersion]: 'Unacceptable protocol version',
  [ConnectReturnCode.IdentifierRejected]: 'Identifier rejected',
  [ConnectReturnCode.ServerUnavailable]: 'Server unavailable',
  [ConnectReturnCode.BadUserNameOrPassword]: 'Bad username or password',
  [ConnectReturnCode.NotAuthorized]: 'Not authorized',
};

/** In characters (RFC 1035, section 2.3.4). */
const LONGEST_HOST = 255;
const VERSIONS: Readonly<Record<string, Version>> = { '4': 4, '5': 5, '3.1.1': 4, '5.0': 5 };

/** Reads the fields that all three endpoints have. Throws FieldError. */
export function brokerOf(fields: Fields, limits: Limits) {
  const tls = fields.flag('tls') ?? false;
  const host = fields.required('host', LONGEST_HOST);
  const port = fields.integer('port', 1, 65_535) ?? (tls ? 8883 : 1883);
  const version = fields.choice('protocolVersion', VERSIONS) ?? 4;
  const timeout = fields.integer('timeout', 1, limits.maximumTimeout) ?? limits.timeout;
  const cleanSession = fields.flag('cleanSession') ?? true;
  const {
    clientId = `portofcall-${randomName()}`,
    sessionExpiryInterval = 3_600,
    ...said
  } = optionsOf(fields);
  const properties = propertiesOf(fields, 'willProperties', version);
  const options: ClientOptions = {
    ...said,
    version,
    clientId,
    password: fields.bytes('password', 65_535),
    will: said.will && { ...said.will, properties },
    cleanStart: cleanSession,
    // A clean session outlives its connection for as long as it takes to connect again.
    sessionExpiryInterval: cleanSession ? 60 : sessionExpiryInterval,
    connackTimeout: timeout,
    maximumPacketSize: limits.packetBytes,
    queue: { messages: limits.queuedMessages, bytes: limits.queuedBytes },
    link: { connectTimeout: timeout, closeTimeout: 1_000 },
    adapter: (endpoint, target, handler, link) =>
      connect(endpoint, target, handler, { ...link, connect: connectSocket }),
  };
  return { url: urlOf(host, port, tls), host, port, version, timeout, cleanSession, options };
}

export type Broker = Readonly<ReturnType<typeof brokerOf>>;

/** The broker's URL, if the guard lets it pass. A Worker cannot see what a name resolves to. */
function urlOf(host: string, port: number, tls: boolean): string {
  const isSix = host.includes(':') && !host.startsWith('[');
  const url = `${tls ? 'mqtts' : 'mqtt'}://${isSix ? `[${host}]` : host}:${port}`;
  try {
    const { hostname, username, password } = parseMqttUrl(url);
    if (username !== undefined || password !== undefined) throw new TypeError('no credentials belong here');
    checkHost(hostname);
    if (!isCloudflare(hostname)) return url;
  } catch (error) {
    const status = error instanceof GuardError ? 403 : 400;
    throw new FieldError('host', (error as Error).message, status);
  }
  const problem = 'it is protected by Cloudflare, where no Worker connects to over TCP';
  throw new FieldError('host', problem, 403, { isCloudflare: true });
}

/** Throws FieldError for what no CONNECT can say. */
export function connectTo({ url, options }: Broker, more: ClientOptions): Client {
  return checked(() => connectClient(url, { ...options, ...more }));
}

/** Why there is no connection, in words for a user. */
export function reasonOf(error: unknown, { host, port, version }: Broker): string {
  if (error instanceof ServerRefusalError) {
    const { packet, reasonCode } = error;
    if (packet.type === 'disconnect') return error.message;
    const text = version === 4 ? CONNACK_TEXTS[reasonCode] : nameOf(reasonCode, version);
    const said = packet.properties?.reasonString;
    return `CONNACK refused: ${text ?? reasonCode}${said === undefined ? '' : ` (${said})`}`;
  }
  const cause = error instanceof Error ? error.cause : undefined;
  if (isMqttError(cause) && cause.code === 'connack-timeout') return 'CONNACK timeout';
  if (error instanceof ConnectionError) return `${host}:${port}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

function randomName(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(crypto.getRandomValues(new Uint8Array(7)), (byte) => letters[byte % 36]).join('');
}
