/**
 * A Worker that speaks MQTT for those who only speak HTTP and WebSocket: a probe, a single publish, and sessions.
 *
 * The binding `LIMITS`, JSON, changes what `limits.ts` says. A project of your own imports from 'puremqtt' and
 * 'puremqtt/workers' what these files import from the sources.
 */
import type { EndpointEvent } from '../../../src/index.js';
import { PublishError } from '../client/errors.js';
import type { Line } from '../client/line.js';
import { FieldError, Fields } from '../fields/fields.js';
import { type Broker, brokerOf, lineTo, reasonOf } from './broker.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { payloadFields, publishOf } from './packets.js';
import { Session, type Socket } from './session.js';

declare const WebSocketPair: new () => { readonly 0: unknown; readonly 1: Socket };

interface Context {
  waitUntil(work: Promise<unknown>): void;
}

const METHODS: Readonly<Record<string, readonly string[]>> = {
  '/api/mqtt/connect': ['GET', 'POST'],
  '/api/mqtt/publish': ['POST'],
  '/api/mqtt/session': ['GET'],
};

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
  const fields =
    request.method === 'GET' ? queryOf(url) : Fields.parse(await bodyOf(request, limits.bodyBytes));
  const broker = brokerOf(credentialsOf(request).with(fields), limits);
  try {
    const work = url.pathname === '/api/mqtt/connect' ? probe : publish;
    return Response.json(await work(broker, fields, limits, context));
  } catch (error) {
    if (error instanceof FieldError) throw error;
    return failure(500, error instanceof PublishError ? error.message : reasonOf(error, broker));
  }
}

async function probe(broker: Broker, _: Fields, __: Limits, context: Context): Promise<object> {
  const { host, port } = broker;
  const event = await once(broker, 'CONNACK', context, (one) => (one.type === 'connected' ? one : undefined));
  const { clientId, sessionPresent } = event;
  return { success: true, message: 'MQTT connection successful', host, port, clientId, sessionPresent };
}

async function publish(broker: Broker, fields: Fields, limits: Limits, context: Context): Promise<object> {
  const packet = publishOf(fields, broker.version, limits);
  const { topic, qos, retain } = packet;
  const outcome = await once(broker, 'acknowledgement', context, (event, line) => {
    if (event.type === 'connected') line.send(packet, { token: 1 });
    if (event.type === 'refused') return { kind: 'unsendable', error: event.error } as const;
    return event.type === 'settled' ? event.outcome : undefined;
  });
  if (outcome.kind !== 'sent' && outcome.kind !== 'acknowledged') throw new PublishError(outcome);
  const messageId = outcome.kind === 'sent' ? null : outcome.packet.packetId;
  const payload = payloadFields(packet.payload as Uint8Array);
  return { success: true, message: `Published to "${topic}"`, topic, ...payload, qos, retain, messageId };
}

/** Connects, waits until `find` has what it looks for, and disconnects: all of it in the broker's time. */
function once<T>(
  broker: Broker,
  awaited: string,
  context: Context,
  find: (event: EndpointEvent, line: Line) => T | undefined,
): Promise<T> {
  const over = new AbortController();
  let stage = 'CONNACK';
  return new Promise<T>((resolve, reject) => {
    const told = (events: readonly EndpointEvent[]): void => {
      for (const event of events) {
        if (event.type === 'connected') stage = awaited;
        const found = find(event, line);
        if (found === undefined) continue;
        resolve(found);
        line.link?.disconnect();
      }
    };
    const line = lineTo(broker, over.signal, told);
    const timer = setTimeout(() => {
      reject(new Error(`${stage} timeout`));
      over.abort();
    }, broker.timeout);
    connections++;
    const gone = line.run().then((error) => {
      clearTimeout(timer);
      connections--;
      reject(error);
    });
    // The answer need not wait for the end of the connection.
    context.waitUntil(gone);
  });
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
  for (const name of ['username', 'password', 'passwordBase64']) {
    if (name in query) {
      throw new FieldError(
        name,
        'credentials do not belong in a URL; send them as Authorization: Basic, in the body of a POST, or in the ' +
          'first message of a session',
      );
    }
  }
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

async function bodyOf(request: Request, highest: number): Promise<string> {
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > highest) throw new FieldError('body', `it may have ${highest} bytes`, 413);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function failure(
  status: number,
  error: string,
  more: object = {},
  headers: Record<string, string> = {},
): Response {
  return Response.json({ success: false, error, ...more }, { status, headers });
}
