/** Requests as JSON, read with suspicion, and the responses to them. */
import { randomUUID } from 'node:crypto';
import { FieldError, Fields, isJson, type Json, textOf } from '../fields/fields.js';

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

/** Throws FieldError. */
export function parse(payload: Uint8Array): Fields {
  const fields = Fields.parse(textOf(payload) ?? '', 'request');
  if (isDeeper(fields.toJson(), DEPTH))
    throw new FieldError('request', `it is nested deeper than ${DEPTH} levels`);
  return fields;
}

export function echoOf(json: Json): Echo {
  const name = (field: string): string | null => {
    const value = json[field];
    return typeof value === 'string' && value !== '' && value.length <= NAME ? value : null;
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

/** Throws FieldError. */
export function requestOf(fields: Fields, echo: Echo): Request {
  for (const name of ['requestId', 'index', 'collection']) fields.text(name, NAME);
  const [controller, action] = [fields.required('controller', NAME), fields.required('action', NAME)];
  fields.inner('volatile');
  return { ...echo, controller, action, body: fields.inner('body').toJson() };
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
  const isKnown = outcome.error instanceof FieldError;
  const { status, message } = isKnown ? outcome.error : { status: 500, message: 'the request failed' };
  return JSON.stringify({ requestId, status, error: { status, message }, ...common, result: null });
}

export function required<T>(value: T | null, field: string): T {
  if (value === null) throw new FieldError(field, 'it is missing');
  return value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
