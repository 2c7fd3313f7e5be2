// @ts-nocheck
// pure: what a runtime's error says of why a network connection ended.
import type { CloseCause } from './surface.js';

/** Codes of Node and Bun, names of Deno; what begins like one of the prefixes is TLS. */
const CAUSES: ReadonlyMap<string, CloseCause> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ConnectionRefused', 'refused'],
  ['ENOENT', 'refused'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['ENOTCONN', 'reset'],
  ['EPIPE', 'reset'],
  ['ERR_STREAM_DESTROYED', 'reset'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'reset'],
  ['ERR_STREAM_WRITE_AFTER_END', 'reset'],
  ['ConnectionReset', 'reset'],
  ['ConnectionAborted', 'reset'],
  ['NotConnected', 'reset'],
  ['BrokenPipe', 'reset'],
  ['UnexpectedEof', 'reset'],
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETDOWN', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['HostUnreachable', 'unreachable'],
  ['NetworkUnreachable', 'unreachable'],
  ['AddrNotAvailable', 'unreachable'],
  ['ETIMEDOUT', 'timeout'],
  ['TimedOut', 'timeout'],
  ['EPROTO', 'tls'],
  ['InvalidData', 'tls'],
]);

const TLS =
  /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_)/;

/** What some runtimes say in the message alone. Workers do not tell refused, unknown and TLS apart. */
const MESSAGES: readonly (readonly [RegExp, CloseCause])[] = [
  [/^failed to lookup address/, 'unreachable'],
  [/cannot connect to the specified address/, 'unreachable'],
  [/^Network connection lost/, 'reset'],
  [/subprotocol|client protocol|sent protocols/, 'websocket'],
  [/dns error/, 'unreachable'],
  [/invalid peer certificate|fatal alert/, 'tls'],
];

/** The cause that an error of a socket stands for; `network` where it says nothing that is known. */
export function causeOf(error: unknown): CloseCause {
  if (typeof error !== 'object' || error === null) return 'network';
  const { code, name, message, errors } = error as Partial<Record<string, unknown>>;
  // Node tries all addresses of a name, and gives the errors of all of them.
  if (Array.isArray(errors) && errors.length > 0 && typeof code !== 'string') return causeOf(errors[0]);
  for (const word of [code, name]) {
    if (typeof word !== 'string') continue;
    const cause = CAUSES.get(word) ?? (TLS.test(word) ? 'tls' : undefined);
    if (cause !== undefined) return cause;
  }
  const known = typeof message === 'string' ? MESSAGES.find(([words]) => words.test(message)) : undefined;
  return known?.[1] ?? 'network';
}
