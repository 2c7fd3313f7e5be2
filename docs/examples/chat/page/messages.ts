/** What goes over the topics of the chat, for the page and the worker; nothing is believed that was not looked at. */

export type Kind = 'request' | 'accepted' | 'rejected';

/** `chat/messages/[to]/[from]/[kind]` */
export interface Address {
  readonly to: string;
  readonly from: string;
  readonly kind: Kind;
}

/** What is asked for, and what comes out of it. */
export interface Message {
  /** Chosen by the sender: with it, a message that comes twice is recognised. */
  readonly id: string;
  readonly text: string;
  /** When it was accepted, in milliseconds; a request has none. */
  readonly at?: number | undefined;
}

export interface Rejection {
  readonly id: string;
  readonly reason: string;
}

export const LONGEST_TEXT = 2_000;
export const STATUS = 'chat/status/';
export const SEEN = 'chat/seen/';

export const topicOf = ({ to, from, kind }: Address): string => `chat/messages/${to}/${from}/${kind}`;

const ADDRESS = /^chat\/messages\/([^/]+)\/([^/]+)\/(request|accepted|rejected)$/;

export function addressOf(topic: string): Address | undefined {
  const [, to, from, kind] = ADDRESS.exec(topic) ?? [];
  if (to === undefined || from === undefined || nameProblem(to) || nameProblem(from)) return undefined;
  return { to, from, kind: kind as Kind };
}

/** The name in `chat/status/[name]` or `chat/seen/[name]`. */
export function nameAfter(prefix: string, topic: string): string | undefined {
  const name = topic.slice(prefix.length);
  return topic.startsWith(prefix) && nameProblem(name) === undefined ? name : undefined;
}

/** What is wrong with a user name; it has to fit into one level of a topic. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'it is missing';
  if (name.length > 40) return 'it has more than 40 characters';
  return /^[\p{L}\p{N}._-]+$/u.test(name) ? undefined : 'only letters, digits and . _ - are allowed';
}

export function textProblem(text: string): string | undefined {
  if (text.trim() === '') return 'it is empty';
  if (text.length > LONGEST_TEXT) return `it has more than ${LONGEST_TEXT} characters`;
  return /[^\P{Cc}\n\t]/u.test(text) ? 'it has control characters' : undefined;
}

export const toPayload = (value: Message | Rejection | Status | { readonly at: number }): string =>
  JSON.stringify(value);

export interface Status {
  readonly status: 'online' | 'offline';
  /** Which page of the user says so. */
  readonly page?: string | undefined;
}

export function messageFrom(payload: Uint8Array): Message | undefined {
  const { id, text, at } = fieldsOf(payload);
  if (!isId(id) || typeof text !== 'string' || textProblem(text) !== undefined) return undefined;
  if (at !== undefined && !isTime(at)) return undefined;
  return { id, text, at };
}

export function rejectionFrom(payload: Uint8Array): Rejection | undefined {
  const { id, reason } = fieldsOf(payload);
  return isId(id) && typeof reason === 'string' && reason.length <= 200 ? { id, reason } : undefined;
}

export function statusFrom(payload: Uint8Array): Status | undefined {
  const { status, page } = fieldsOf(payload);
  if (status !== 'online' && status !== 'offline') return undefined;
  return { status, page: isId(page) ? page : undefined };
}

export function timeFrom(payload: Uint8Array): number | undefined {
  const { at } = fieldsOf(payload);
  return isTime(at) ? at : undefined;
}

/** The sender's name for a message, even where the rest of it is of no use. */
export function idFrom(payload: Uint8Array): string | undefined {
  const { id } = fieldsOf(payload);
  return isId(id) ? id : undefined;
}

function fieldsOf(payload: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const isId = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{8,64}$/.test(value);
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 8.64e15;
