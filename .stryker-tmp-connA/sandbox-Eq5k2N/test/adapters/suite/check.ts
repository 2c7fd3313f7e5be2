// @ts-nocheck
import type { CloseCause, LinkClosed } from '../../../src/adapters/streams.js';
import type { EndReason } from '../../../src/index.js';
import type { Kit } from './kit.js';

/** Throws what is not so. */
export function check(isSo: boolean, what: string): asserts isSo {
  if (!isSo) throw new Error(what);
}

export function equal<T>(actual: T, expected: T, what: string): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(is === should, `${what}: ${is}, not ${should}`);
}

/** The end is the expected one, or what this runtime says instead. */
export function endedBy(kit: Kit, end: LinkClosed, cause: CloseCause, reason: EndReason = 'closed'): void {
  const causes = kit.says?.[cause] ?? [cause];
  check(causes.includes(end.cause), `cause ${end.cause} (${String(end.error)}), not ${causes.join(' or ')}`);
  equal(end.reason, reason, 'reason');
}

/** Bytes that no shift and no loss leaves the same. */
export function pattern(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >>> 8) * 7 + (i >>> 16)) & 0xff;
  return bytes;
}

export function checkPattern(bytes: Uint8Array, length: number): void {
  equal(bytes.length, length, 'length of the payload');
  const at = bytes.findIndex((byte, i) => byte !== ((i * 31 + (i >>> 8) * 7 + (i >>> 16)) & 0xff));
  check(at < 0, `the payload is another from byte ${at}`);
}
