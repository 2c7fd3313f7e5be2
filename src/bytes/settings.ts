// pure: the options of reading and writing packets, checked once and turned into what the hot paths use.
import type { ProtocolVersion } from '../errors.js';

/** Which side of a connection sent a packet. */
export type Sender = 'client' | 'server';

/**
 * A rule that a reader can be told to relax, by the error code it would raise. Real peers are sloppy,
 * and a client library cannot drop its users; each entry gives up one rule of the standard.
 *
 * - `non-minimal-integer`: a Variable Byte Integer may take more bytes than needed
 *   (5.0: MQTT-1.5.5-1; MQTT 3.1.1 has no such rule).
 * - `reserved-flags`: the fixed-header flags of packets other than PUBLISH are ignored
 *   (3.1.1: MQTT-2.2.2-2; 5.0: MQTT-2.1.3-1).
 * - `dup-with-qos-0`: DUP with QoS 0 is ignored, and comes out false (MQTT-3.3.1-2).
 * - `unknown-reason-code`: a reason code outside the packet's table is passed on as a number
 *   (3.1.1: MQTT-3.2.2-6, MQTT-3.9.3-2; 5.0: MQTT-3.2.2-8, 3.4.2-1, 3.5.2-1, 3.6.2-1, 3.7.2-1,
 *   3.9.3-2, 3.11.3-2, 3.14.2-1, 3.15.2-1).
 * - `session-present-with-refusal`: a CONNACK that refuses may say Session Present
 *   (3.1.1: MQTT-3.2.2-4; 5.0: MQTT-3.2.2-6).
 * - `password-without-username`: as MQTT 5.0 allows it, in MQTT 3.1.1 too (3.1.1: MQTT-3.1.2-22).
 */
export type LenientRule =
  | 'non-minimal-integer'
  | 'reserved-flags'
  | 'dup-with-qos-0'
  | 'unknown-reason-code'
  | 'session-present-with-refusal'
  | 'password-without-username';

/** Options of `decode`, the `decodeX` functions and the parsers. */
export interface DecodeOptions {
  /** Who sent the bytes: switches on the rules that depend on it. Without it they are left to the caller. */
  readonly from?: Sender | undefined;
  /** Rules to relax; none by default. */
  readonly lenient?: readonly LenientRule[] | undefined;
  /**
   * Whether binary fields (payload, password, ...) are copies. By default they are views into the input,
   * valid while the caller leaves that alone.
   */
  readonly copy?: boolean | undefined;
}

/** Options of `encode` and its relatives. */
export interface EncodeOptions {
  /** Who is to send the packet: switches on the rules that depend on it. */
  readonly from?: Sender | undefined;
}

/** Every rule that `lenient` can relax. */
export const RULES: readonly LenientRule[] = [
  'non-minimal-integer',
  'reserved-flags',
  'dup-with-qos-0',
  'unknown-reason-code',
  'session-present-with-refusal',
  'password-without-username',
];

/** No rule is relaxed. */
export const NO_RULES: readonly LenientRule[] = [];

/** Checks the option `from`; throws TypeError. */
export function checkSender(from: unknown): Sender | undefined {
  if (from === undefined || from === 'client' || from === 'server') return from;
  throw new TypeError("from must be 'client' or 'server'");
}

/** Checks the option `lenient`; throws TypeError. */
export function checkLenient(lenient: readonly LenientRule[] | undefined): readonly LenientRule[] {
  if (lenient === undefined) return NO_RULES;
  for (const rule of lenient) if (!RULES.includes(rule)) throw new TypeError(`lenient: no rule ${rule}`);
  return lenient;
}

/** Checks the argument `version`; throws RangeError. */
export function checkVersion(version: unknown): ProtocolVersion {
  if (version === 5 || version === 4) return version;
  throw new RangeError('version must be 4 (3.1.1) or 5 (5.0)');
}
