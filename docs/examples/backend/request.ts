/** Requests as JSON, read with suspicion, and the responses to them. */
import { randomUUID } from 'node:crypto';
import { FieldError, Fields, isJson, type Json, textOf } from '../fields/fields.js';

/** How long a name may be, in characters, and how deep JSON. */
const NAME = 256;
const DEPTH = 32;

/** Reads JSON of so many bytes at most. Throws FieldError. */
export function parse(payload: Uint8Array, most: number): Fields {
  if (payload.length > most) throw new FieldError('request', `it has more than ${most} bytes`, 413);
  const fields = Fields.parse(textOf(payload) ?? '', 'request');
  if (isDeeper(fields.toJson(), DEPTH))
    throw new FieldError('request', `it is nested deeper than ${DEPTH} levels`);
  return fields;
}

/** What a response repeats of its request, as far as it can be read; a requestId is one of ours if there is none. */
export function echoOf(json: Json) {
  const name = (field: string): string | null => {
    const value = json[field];
    return typeof value === 'string' && value !== '' && value.length <= NAME ? value : null;
  };
  return {
    requestId: name('requestId') ?? randomUUID(),
    controller: name('controller'),
    action: name('action'),
    collection: name('collection'),
    index: name('index'),
    volatile: isJson(json['volatile']) ? json['volatile'] : null,
  };
}

export type Echo = Readonly<ReturnType<typeof echoOf>>;

/** Throws FieldError. */
export function requestOf(fields: Fields, echo: Echo) {
  for (const name of ['requestId', 'index', 'collection']) fields.text(name, NAME);
  const [controller, action] = [fields.required('controller', NAME), fields.required('action', NAME)];
  fields.inner('volatile');
  return { ...echo, controller, action, fields, body: fields.inner('body').toJson() };
}

export type Request = Readonly<ReturnType<typeof requestOf>>;

interface Outcome {
  readonly result?: unknown;
  readonly error?: Error;
}

/** The response to a request: a result or an error. */
export function responseTo({ requestId, ...echo }: Echo, { result = null, error }: Outcome): string {
  if (error === undefined) return JSON.stringify({ requestId, status: 200, error: null, ...echo, result });
  // What a controller has not foreseen is nobody's business.
  const isKnown = error instanceof FieldError;
  const { status, message } = isKnown ? error : { status: 500, message: 'the request failed' };
  return JSON.stringify({ requestId, status, error: { status, message }, ...echo, result: null });
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
