// @ts-nocheck
// pure: reason codes and the optional tail of reason code and properties that several packets end with.
import { failure, finish, type Reader, readByte } from '../bytes/reader.js';
import type { Sender } from '../bytes/settings.js';
import { checkAbsent, refusal, type Writer, writeByte } from '../bytes/writer.js';
import { ACK_PROPERTIES, type AckProperties, type AuthProperties } from '../spec/properties.js';
import type { UnknownReasonCode } from '../spec/reason-codes.js';
import { type PropertyCodec, propertyCodec, readProperties, writeProperties } from './properties.js';

/** Reason String and User Property: all that acknowledgements hold. */
export const ACK: PropertyCodec<AckProperties> = /* @__PURE__ */ propertyCodec(ACK_PROPERTIES);

/** Which reason codes a packet may carry, as one row of data. */
export interface CodeRule<C extends number> {
  readonly codes: readonly C[];
  /** The codes that one side alone may send. */
  readonly senders?: { readonly client: readonly number[]; readonly server: readonly number[] } | undefined;
  readonly statement: string;
}

/** The same for a packet that ends with a reason code and properties. */
export interface ReasonRule<C extends number, P> extends CodeRule<C> {
  /** The packet's type number. */
  readonly type: number;
  readonly properties: PropertyCodec<P>;
}

/** The rule of a packet type; the standard's sections go by its number. */
export function reasonRule<C extends number, P>(
  type: number,
  properties: PropertyCodec<P>,
  codes: readonly C[],
  senders?: CodeRule<C>['senders'],
): ReasonRule<C, P> {
  return { type, properties, codes, senders, statement: `3.${type}.2-1` };
}

/** Reads one reason code and checks it against the packet's table. */
export function readReasonCode<C extends number>(
  r: Reader,
  rule: CodeRule<C>,
  field: string,
): C | UnknownReasonCode {
  const code = readByte(r, field) as C | UnknownReasonCode;
  const problem = problemOf(code, rule, r.from);
  if (problem !== undefined && !(r.lenient as readonly string[]).includes(problem)) {
    throw failure(r, problem, field, r.at - 1, rule.statement, problem === 'wrong-sender' ? 0x82 : 0x81);
  }
  return code;
}

/** Writes one reason code of the packet's table. */
export function writeReasonCode(w: Writer, value: unknown, rule: CodeRule<number>, field: string): void {
  if (typeof value !== 'number') throw refusal(w, 'wrong-type', field);
  const problem = problemOf(value, rule, w.from);
  if (problem !== undefined) throw refusal(w, problem, field, rule.statement);
  writeByte(w, value);
}

function problemOf(
  code: number,
  { codes, senders }: CodeRule<number>,
  from: Sender | undefined,
): 'unknown-reason-code' | 'wrong-sender' | undefined {
  if (!codes.includes(code)) return 'unknown-reason-code';
  return from && senders?.[from === 'client' ? 'server' : 'client'].includes(code)
    ? 'wrong-sender'
    : undefined;
}

/** The reason code and properties that PUBACK and its kin, DISCONNECT and AUTH end with in MQTT 5.0. */
export interface ReasonTail<C extends number, P> {
  reasonCode: C | UnknownReasonCode;
  properties: P;
}

/**
 * Reads the rest of a packet as reason code and properties, each of which may be left out from the end
 * (sections 3.4.2.1, 3.4.2.2.1, 3.14.2.1): reason code 0 and no properties then.
 */
export function readReasonTail<C extends number, P>(r: Reader, rule: ReasonRule<C, P>): ReasonTail<C, P> {
  if (r.at === r.end) return { reasonCode: rule.codes[0]!, properties: {} as P };
  const reasonCode = readReasonCode(r, rule, 'reasonCode');
  // AUTH has no form of length 1.
  const properties = r.at === r.end && rule.type !== 15 ? ({} as P) : readProperties(r, rule.properties);
  finish(r);
  return { reasonCode, properties };
}

/** Writes reason code and properties in the shortest legal form; MQTT 3.1.1 has neither. As {@link writeProperties}. */
export function writeReasonTail<P>(
  w: Writer,
  reasonCode: unknown,
  properties: P | undefined,
  rule: ReasonRule<number, P>,
): number {
  if (w.version === 4) {
    checkAbsent(w, reasonCode, 'reasonCode');
    checkAbsent(w, properties, 'properties');
    return 0;
  }
  const start = w.at;
  writeReasonCode(w, reasonCode === undefined ? 0 : reasonCode, rule, 'reasonCode');
  const written = writeProperties(w, properties, rule.properties);
  if (w.at === start + 2) w.at = w.bytes[start] === 0 ? start : start + 1;
  return written;
}

// Authentication Data makes no sense without a method, and AUTH none at all (sections 3.1.2.11.10, 3.15.2.2.2).

/** Refuses a packet read without the Authentication Method it needs. */
export function checkMethod(r: Reader, properties: AuthProperties, required: boolean): void {
  const { authenticationMethod, authenticationData } = properties;
  if (authenticationMethod === undefined && (required || authenticationData !== undefined)) {
    throw failure(r, 'missing-authentication-method', 'properties.authenticationMethod', r.at, '', 0x82);
  }
}

/** Refuses a packet to write without it; `written` is what {@link writeProperties} returned. */
export function checkMethodToWrite<P>(
  w: Writer,
  written: number,
  { byId }: PropertyCodec<P>,
  required: boolean,
): void {
  const has = (id: number): boolean => (written & (byId[id]?.bit ?? 0)) !== 0;
  if (!has(0x15) && (required || has(0x16))) {
    throw refusal(w, 'missing-authentication-method', 'properties.authenticationMethod');
  }
}
