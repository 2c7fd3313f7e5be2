/** Requests as JSON, read with suspicion, and the responses to them. */
import { randomUUID } from 'node:crypto';

/** A request that cannot be carried out; the message names the field. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export type Json = Readonly<Record<string, unknown>>;

/** What a response repeats of its request, as far as it could be read. */
export interface Echo {
  /** What the client has sent, or one of our own. */
  readonly requestId: string;
  readonly controller: string | null;
  readonly action: string | null;
  readonly collection: string | null;
  readonly index: string | null;
  readonly volatile: Json | null;
}

export interface Request extends Echo {
  readonly controller: string;
  readonly action: string;
  readonly body: Json;
}

/** How long a name may be, in characters, and how deep JSON. */
const NAME = 256;
const DEPTH = 32;

/** Throws RequestError. */
export function parse(payload: Uint8Array): Json {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    throw new RequestError(400, 'request: it is no JSON in UTF-8');
  }
  if (!isJson(json)) throw new RequestError(400, 'request: it has to be a JSON object');
  if (isDeeper(json, DEPTH)) throw new RequestError(400, `request: it is nested deeper than ${DEPTH} levels`);
  return json;
}

export function echoOf(json: Json): Echo {
  const name = (field: string): string | null => {
    const value = json[field];
    return isName(value) ? value : null;
  };
  const { volatile } = json;
  return {
    requestId: name('requestId') ?? randomUUID(),
    controller: name('controller'),
    action: name('action'),
    collection: name('collection'),
    index: name('index'),
    volatile: isJson(volatile) ? volatile : null,
  };
}

/** Throws RequestError. */
export function requestOf(json: Json, echo: Echo): Request {
  for (const field of ['requestId', 'controller', 'action', 'index', 'collection']) {
    if (isGiven(json[field]) && !isName(json[field])) {
      throw new RequestError(400, `${field}: it has to be a string of 1 to ${NAME} characters`);
    }
  }
  const { body, volatile } = json;
  if (isGiven(volatile) && !isJson(volatile)) throw new RequestError(400, 'volatile: it has to be an object');
  if (isGiven(body) && !isJson(body)) throw new RequestError(400, 'body: it has to be an object');
  const controller = required(echo.controller, 'controller');
  const action = required(echo.action, 'action');
  return { ...echo, controller, action, body: isJson(body) ? body : {} };
}

/** The response to a request: a result or an error. */
export function responseTo(
  { requestId, controller, action, collection, index, volatile }: Echo,
  outcome: { readonly result: unknown } | { readonly error: unknown },
): string {
  const common = { controller, action, collection, index, volatile };
  if ('result' in outcome) {
    return JSON.stringify({ requestId, status: 200, error: null, ...common, result: outcome.result ?? null });
  }
  // What a controller has not foreseen is nobody's business.
  const isKnown = outcome.error instanceof RequestError;
  const { status, message } = isKnown ? outcome.error : new RequestError(500, 'the request failed');
  return JSON.stringify({ requestId, status, error: { status, message }, ...common, result: null });
}

export function required<T>(value: T | null, field: string): T {
  if (value === null) throw new RequestError(400, `${field}: it is missing`);
  return value;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= NAME;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
