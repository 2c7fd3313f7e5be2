/**
 * A Worker that speaks MQTT for those who only speak HTTP and WebSocket: a probe, a single publish, and sessions.
 *
 * The binding `LIMITS`, JSON, changes what `limits.ts` says. A project of your own imports from 'puremqtt' and
 * 'puremqtt/workers' what these files import from the sources.
 */
import type { ServerSocket } from '../../../src/adapters/workers.js';
import type { ConnectedAction } from '../../../src/index.js';
import type { Client } from '../client/client.js';
import { ClientEndedError } from '../client/errors.js';
import { FieldError, Fields } from '../fields/fields.js';
import { type Broker, brokerOf, connectTo, reasonOf } from './broker.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { payloadFields, publishOf } from './packets.js';
import { Session } from './session.js';

declare const WebSocketPair: new () => { readonly 0: unknown; readonly 1: ServerSocket };

interface Context {
  waitUntil(work: Promise<unknown>): void;
}

const METHODS: Readonly<Record<string, readonly string[]>> = {
  '/api/mqtt/connect': ['GET', 'POST'],
  '/api/mqtt/publish': ['POST'],
  '/api/mqtt/session': ['GET'],
};

const NOT_IN_URL =
  'credentials do not belong in a URL; send them as Authorization: Basic, in the body of a POST, or in the first ' +
  'message of a session';

/** Connections to brokers, of all requests together. */
let connections = 0;

export default {
  async fetch(
    request: Request,
    env: { readonly LIMITS?: Partial<Limits> },
    context: Context,
  ): Promise<Response> {
    const limits: Limits = { ...DEFAULT_LIMITS, ...env.LIMITS };
    try {
      return await answer(request, limits, context);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      const { message, field, status, more } = error;
      return failure(status, message, { field, ...more });
    }
  },
};

async function answer(request: Request, limits: Limits, context: Context): Promise<Response> {
  const url = new URL(request.url);
  const methods = METHODS[url.pathname];
  if (methods === undefined) return failure(404, `there are ${Object.keys(METHODS).join(', ')}`);
  if (!methods.includes(request.method)) {
    return failure(405, `${url.pathname} takes ${methods.join(' and ')}`, {}, { Allow: methods.join(', ') });
  }
  if (connections >= limits.connections) {
    return failure(503, 'too many connections at once', {}, { 'Retry-After': '10' });
  }
  if (url.pathname === '/api/mqtt/session') return session(request, url, limits, context);
  const fields = request.method === 'GET' ? queryOf(url) : await bodyOf(request, limits.bodyBytes);
  const broker = brokerOf(credentialsOf(request).with(fields), limits);
  const work =
    url.pathname === '/api/mqtt/connect' ? probe : publishing(publishOf(fields, broker.version, limits));
  try {
    return Response.json({ success: true, ...(await once(broker, context, work)) });
  } catch (error) {
    if (error instanceof FieldError) throw error;
    return failure(500, reasonOf(error, broker));
  }
}

/** What is done with a connection, and answered. */
type Work = (client: Client, connected: ConnectedAction, broker: Broker) => Promise<object>;

const probe: Work = async (_, { clientId, sessionPresent }, { host, port }) => {
  return { message: 'MQTT connection successful', host, port, clientId, sessionPresent };
};

const publishing = (packet: ReturnType<typeof publishOf>): Work => {
  const { topic, payload, ...options } = packet;
  return async (client) => {
    const outcome = await client.publish(topic, payload, options);
    const { qos, retain } = options;
    const messageId = outcome.kind === 'sent' ? null : outcome.packet.packetId;
    return { message: `Published to "${topic}"`, topic, ...payloadFields(payload), qos, retain, messageId };
  };
};

/** Connects, does what is asked for, and disconnects: all of it in the broker's time. */
async function once(broker: Broker, context: Context, work: Work): Promise<object> {
  const signal = AbortSignal.timeout(broker.timeout);
  const client = connectTo(broker, { retry: false, signal });
  connections++;
  // The answer need not wait for the end of the connection.
  context.waitUntil(client.closed.finally(() => connections--));
  let stage = 'CONNACK';
  try {
    const connected = await client.ready();
    stage = 'acknowledgement';
    return await work(client, connected, broker);
  } catch (error) {
    if (signal.aborted) throw new Error(`${stage} timeout`);
    throw error instanceof ClientEndedError ? await client.closed : error;
  } finally {
    void client.end();
  }
}

function session(request: Request, url: URL, limits: Limits, context: Context): Response {
  if (request.headers.get('Upgrade')?.toLowerCase() !== 'websocket') {
    return failure(426, 'this is for WebSockets', {}, { Upgrade: 'websocket', Connection: 'Upgrade' });
  }
  const { 0: webSocket, 1: socket } = new WebSocketPair();
  connections++;
  const { over } = new Session(socket, () => credentialsOf(request).with(queryOf(url)), limits);
  context.waitUntil(
    over.finally(() => {
      connections--;
    }),
  );
  return new Response(null, { status: 101, webSocket } as ResponseInit);
}

/** The query, without what does not belong there: access logs and histories keep it. */
function queryOf(url: URL): Fields {
  const query = Object.fromEntries(url.searchParams);
  const name = ['username', 'password', 'passwordBase64'].find((one) => one in query);
  if (name !== undefined) throw new FieldError(name, NOT_IN_URL);
  return new Fields(query);
}

/** User name and password of `Authorization: Basic`. */
function credentialsOf(request: Request): Fields {
  const header = request.headers.get('Authorization');
  if (header === null) return new Fields({});
  const [, base64] = /^Basic +([\w+/]+=*)$/i.exec(header) ?? [];
  const both = base64 === undefined ? undefined : new Fields({ bothBase64: base64 }).bytes('both', 65_535);
  const text = new TextDecoder().decode(both);
  if (!text.includes(':'))
    throw new FieldError('Authorization', 'it has to be Basic, with user name and password');
  const [username = '', ...password] = text.split(':');
  return new Fields({ username, password: password.join(':') });
}

async function bodyOf(request: Request, highest: number): Promise<Fields> {
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > highest) throw new FieldError('body', `it may have ${highest} bytes`, 413);
    text += decoder.decode(chunk, { stream: true });
  }
  return Fields.parse(text + decoder.decode());
}

function failure(
  status: number,
  error: string,
  more: object = {},
  headers: Record<string, string> = {},
): Response {
  return Response.json({ success: false, error, ...more }, { status, headers });
}
