// pure: reason codes and the optional tail of reason code and properties that several packets end with.
import type { Reader } from '../bytes/reader.js';
import { UNKNOWN_REASON_CODE } from '../bytes/settings.js';
import type { Writer } from '../bytes/writer.js';
import type { UnknownReasonCode } from '../spec/reason-codes.js';
import { type Properties, readProperties, writeProperties } from './properties.js';

/** Which reason codes a packet may carry, as one row of data. */
export interface ReasonRule<C extends number> {
  /** The packet's type number, which is its property set too. */
  readonly type: number;
  readonly codes: readonly C[];
  /** The codes that one side alone may send. */
  readonly senders?: { readonly client: readonly number[]; readonly server: readonly number[] } | undefined;
  readonly statement: string;
}

/** Reads one reason code and checks it against the packet's table. */
export function readReasonCode<C extends number>(
  r: Reader,
  rule: ReasonRule<C>,
  field: string,
): C | UnknownReasonCode {
  const code = r.byte(field) as C | UnknownReasonCode;
  if (!(rule.codes as readonly number[]).includes(code) && (r.lenient & UNKNOWN_REASON_CODE) === 0) {
    throw r.malformed('unknown-reason-code', field, r.at - 1, rule.statement);
  }
  if (r.from !== undefined && rule.senders?.[r.from === 'client' ? 'server' : 'client'].includes(code)) {
    throw r.violation('wrong-sender', field, r.at - 1, rule.statement);
  }
  return code;
}

/** Writes one reason code of the packet's table. */
export function writeReasonCode(w: Writer, value: unknown, rule: ReasonRule<number>, field: string): void {
  if (typeof value !== 'number') throw w.invalid('wrong-type', field);
  if (!rule.codes.includes(value)) throw w.invalid('unknown-reason-code', field, rule.statement);
  if (w.from !== undefined && rule.senders?.[w.from === 'client' ? 'server' : 'client'].includes(value)) {
    throw w.invalid('wrong-sender', field, rule.statement);
  }
  w.byte(value);
}

/** The reason code and properties that PUBACK and its kin, DISCONNECT and AUTH end with in MQTT 5.0. */
export interface ReasonTail<C extends number> {
  reasonCode: C | UnknownReasonCode;
  properties: Properties;
}

/**
 * Reads the rest of a packet as reason code and properties, each of which may be left out from the end
 * (sections 3.4.2.1, 3.4.2.2.1, 3.14.2.1): reason code 0 and no properties then.
 */
export function readReasonTail<C extends number>(r: Reader, rule: ReasonRule<C>): ReasonTail<C> {
  if (r.at === r.end) return { reasonCode: rule.codes[0]!, properties: {} };
  const reasonCode = readReasonCode(r, rule, 'reasonCode');
  // AUTH has no form of length 1.
  const properties = r.at === r.end && rule.type !== 15 ? {} : readProperties(r, rule.type);
  r.finish('properties');
  return { reasonCode, properties };
}

/** Writes reason code and properties in the shortest legal form. */
export function writeReasonTail(
  w: Writer,
  reasonCode: unknown,
  properties: Properties | undefined,
  rule: ReasonRule<number>,
): void {
  const start = w.at;
  writeReasonCode(w, reasonCode ?? 0, rule, 'reasonCode');
  writeProperties(w, properties, rule.type);
  if (w.at === start + 2) w.at = w.bytes[start] === 0 ? start : start + 1;
}

/** Authentication Data makes no sense without a method, and AUTH none at all (sections 3.1.2.11.10, 3.15.2.2.2). */
function lacksMethod(properties: Properties, required: boolean): boolean {
  return (
    properties.authenticationMethod === undefined && (required || properties.authenticationData !== undefined)
  );
}

/** Refuses a packet read without the Authentication Method it needs. */
export function checkMethod(r: Reader, properties: Properties, required: boolean): void {
  if (lacksMethod(properties, required)) {
    throw r.violation('missing-authentication-method', 'properties.authenticationMethod', r.at);
  }
}

/** Refuses a packet to write without the Authentication Method it needs. */
export function checkMethodToWrite(w: Writer, properties: Properties | undefined, required: boolean): void {
  if (lacksMethod(properties ?? {}, required)) {
    throw w.invalid('missing-authentication-method', 'properties.authenticationMethod');
  }
}
