// pure: reason codes and the optional tail of reason code and properties that several packets end with.
import { checkRule, failure, type Place } from '../bytes/place.js';
import { finish, type Reader, readByte } from '../bytes/reader.js';
import { checkAbsent, type Writer, writeByte } from '../bytes/writer.js';
import { AUTHENTICATION_DATA, AUTHENTICATION_METHOD, bitOf, type PropertySet } from '../spec/properties.js';
import type { UnknownReasonCode } from '../spec/reason-codes.js';
import { readProperties, writeProperties } from './properties.js';

/** Which reason codes a packet may carry, as one row of data. */
export interface CodeRule<C extends number> {
  readonly codes: readonly C[];
  /** Those of MQTT 3.1.1, where it has any. */
  readonly codes4?: readonly C[];
  /** The codes that one side alone may send. */
  readonly senders?: { readonly client: readonly number[]; readonly server: readonly number[] } | undefined;
  readonly statement: string;
}

/** The same for a packet that ends with a reason code and properties. */
export interface ReasonRule<C extends number, P> extends CodeRule<C> {
  /** The packet's first byte: type and flags. */
  readonly first: number;
  readonly properties: PropertySet<P>;
}

/** The rule of a packet type; the standard's sections go by its number, the upper half of the first byte. */
export function reasonRule<C extends number, P>(
  first: number,
  properties: PropertySet<P>,
  codes: readonly C[],
  senders?: CodeRule<C>['senders'],
): ReasonRule<C, P> {
  return { first, properties, codes, senders, statement: `3.${first >> 4}.2-1` };
}

/** Reads one reason code and checks it against the packet's table. */
export function readReasonCode<C extends number>(
  r: Reader,
  rule: CodeRule<C>,
  field: string,
): C | UnknownReasonCode {
  const code = readByte(r, field) as C | UnknownReasonCode;
  checkReasonCode(r, code, rule, field);
  return code;
}

/** Writes one reason code of the packet's table. */
export function writeReasonCode(w: Writer, value: unknown, rule: CodeRule<number>, field: string): void {
  if (typeof value !== 'number') throw failure(w, 'wrong-type', field);
  checkReasonCode(w, value, rule, field);
  writeByte(w, value);
}

function checkReasonCode(place: Place, code: number, rule: CodeRule<number>, field: string): void {
  const codes = (place.version === 4 && rule.codes4) || rule.codes;
  if (!codes.includes(code)) checkRule(place, 'unknown-reason-code', field, rule.statement);
  else if (place.from && rule.senders?.[place.from === 'client' ? 'server' : 'client'].includes(code)) {
    throw failure(place, 'wrong-sender', field, rule.statement, 0x82);
  }
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
  r.seen = 0;
  if (r.at === r.end) return { reasonCode: 0 as C, properties: {} as P };
  const reasonCode = readReasonCode(r, rule, 'reasonCode');
  // AUTH has no form of length 1.
  const properties = r.at === r.end && rule.first < 0xf0 ? ({} as P) : readProperties(r, rule.properties);
  finish(r);
  return { reasonCode, properties };
}

/** Writes first byte, reason code and properties in the shortest legal form; MQTT 3.1.1 has the first alone. */
export function writeReasonTail<P>(
  w: Writer,
  { reasonCode, properties }: { reasonCode?: number | undefined; properties?: P | undefined },
  rule: ReasonRule<number, P>,
): void {
  w.first = rule.first;
  if (w.version === 4) {
    checkAbsent(w, reasonCode, 'reasonCode');
    checkAbsent(w, properties, 'properties');
    return;
  }
  const start = w.at;
  writeReasonCode(w, reasonCode === undefined ? 0 : reasonCode, rule, 'reasonCode');
  writeProperties(w, properties, rule.properties);
  if (w.at === start + 2) w.at = w.bytes[start] ? start + 1 : start;
}

// Authentication Data makes no sense without a method, and AUTH none at all (sections 3.1.2.11.10, 3.15.2.2.2).

/** Refuses a packet whose properties, just read or written, lack the Authentication Method they need. */
export function checkMethod(place: Place, required: boolean, at?: number): void {
  const needed = required || place.seen & bitOf(AUTHENTICATION_DATA);
  if (needed && !(place.seen & bitOf(AUTHENTICATION_METHOD))) {
    const field = 'properties.authenticationMethod';
    throw failure(place, 'missing-authentication-method', field, '', 0x82, at);
  }
}
