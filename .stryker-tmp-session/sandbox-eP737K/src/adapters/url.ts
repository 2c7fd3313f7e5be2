// @ts-nocheck
// pure: MQTT URLs, and where they lead.

/** What carries MQTT: TCP, TLS over it, WebSocket, and WebSocket over TLS. */
export type Transport = 'tcp' | 'tls' | 'ws' | 'wss';

/** Where a server listens. */
export interface Target {
  readonly transport: Transport;
  /** A host name, or an IP address; IPv6 without brackets. */
  readonly hostname: string;
  /** From 1 to 65,535. */
  readonly port: number;
  /** For WebSocket: the path and the query, from the slash on. */
  readonly path?: string | undefined;
}

/** What an MQTT URL says. */
export interface MqttUrl extends Target {
  /** Decoded, for CONNECT; undefined where the URL has none. */
  readonly username: string | undefined;
  /** Decoded, for CONNECT; undefined where the URL has none. */
  readonly password: string | undefined;
}

const SCHEMES: Readonly<Record<string, readonly [Transport, number]>> = {
  'mqtt:': ['tcp', 1883],
  'mqtts:': ['tls', 8883],
  'ws:': ['ws', 80],
  'wss:': ['wss', 443],
};

const SCHEME = /^([a-z][a-z0-9+.-]*:)\/\//i;
/** Two slashes, a host or credentials, and nothing that is written in no URL. */
const REST = /^\/\/(?![/?#])[^\\\s\p{Cc}]*$/u;

/**
 * Reads an MQTT URL: `mqtt:` (port 1883), `mqtts:` (8883), `ws:` (80) or `wss:` (443). There is no standard for the
 * first two; this is what clients have agreed on.
 *
 * Throws TypeError, which never repeats the credentials, for another scheme, a URL that cannot be read, port 0, a
 * path or query where there is no WebSocket, a fragment, or credentials that are no percent-encoded UTF-8.
 *
 * @example
 * ```ts
 * const url = parseMqttUrl('mqtts://anna:p%40ss@[::1]');
 * url; // => { transport: 'tls', hostname: '::1', port: 8883, path: undefined, username: 'anna', password: 'p@ss' }
 * parseMqttUrl('ws://example.org/mqtt?v=5').path; // => '/mqtt?v=5'
 * ```
 */
export function parseMqttUrl(text: string): MqttUrl {
  if (typeof text !== 'string') throw new TypeError('MQTT URL: it has to be a string');
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  const known = scheme === undefined ? undefined : SCHEMES[scheme];
  if (scheme === undefined || known === undefined) {
    throw new TypeError(
      `MQTT URL: it has to begin with mqtt://, mqtts://, ws:// or wss://${scheme ? `, not ${scheme}//` : ''}`,
    );
  }
  const [transport, defaultPort] = known;
  const rest = text.slice(scheme.length);
  // `URL` is generous: it takes a path for a missing host, reads backslashes as slashes, and skips line breaks.
  if (!REST.test(rest)) throw new TypeError('MQTT URL: host or port cannot be read');
  // A default port vanishes from what `URL` gives: what only looks like one shows under the other scheme.
  const url = read(`ws:${rest}`);
  const port = Number(url.port || read(`wss:${rest}`).port || defaultPort);
  if (port === 0) throw new TypeError('MQTT URL: the port has to be from 1 to 65,535');
  if (url.hash !== '') throw new TypeError('MQTT URL: a fragment has no meaning here');
  const isWebSocket = transport === 'ws' || transport === 'wss';
  const path = url.pathname + url.search;
  if (!isWebSocket && path !== '/') throw new TypeError(`MQTT URL: ${scheme} has no path and no query`);
  return {
    transport,
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    path: isWebSocket ? path : undefined,
    username: decoded(url.username, 'user name'),
    password: decoded(url.password, 'password'),
  };
}

/** The schemes that every runtime's `URL` knows are read alike everywhere; those it does not know are not. */
function read(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new TypeError('MQTT URL: host or port cannot be read');
  }
}

function decoded(text: string, what: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError(`MQTT URL: the ${what} is no percent-encoded UTF-8`);
  }
}

/** The URL of a WebSocket server, without credentials. */
export function webSocketUrl({ transport, hostname, port, path }: Target): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return `${transport}://${host}:${port}/${(path ?? '').replace(/^\//, '')}`;
}

/** A target as it is, or read from a URL; credentials have no place here: they belong in CONNECT. */
export function targetOf(target: Target | string, transports: readonly Transport[], adapter: string): Target {
  const read = typeof target === 'string' ? parseMqttUrl(target) : target;
  if (!transports.includes(read.transport)) {
    throw new TypeError(
      `${adapter}: the transport has to be ${transports.join(' or ')}, not ${read.transport}`,
    );
  }
  if (typeof target === 'string') {
    const { username, password } = read as MqttUrl;
    if (username !== undefined || password !== undefined) {
      throw new TypeError(`${adapter}: credentials belong in CONNECT; parseMqttUrl gives them`);
    }
  }
  return read;
}
