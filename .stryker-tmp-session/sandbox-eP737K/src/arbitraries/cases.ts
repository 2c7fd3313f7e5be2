// @ts-nocheck
// pure: wrong bytes and the error due for them.
import type { Arbitrary } from 'fast-check';
import type { ErrorCode } from '../errors.js';

/** What `decode` owes for wrong bytes. */
export interface Due {
  /** The `code` of the error. */
  readonly code: ErrorCode;
  /** Its `reasonCode`. */
  readonly reasonCode: number;
  /** Its `field`, where one is to blame. */
  readonly field?: string;
}

/** Wrong bytes, all with the same error due. */
export interface Case {
  readonly bytes: Arbitrary<Uint8Array>;
  readonly due: Due;
}

/** Malformed packets, or with another reason code packets that break a rule. */
export function wrong(code: ErrorCode, field: string, bytes: Arbitrary<Uint8Array>, reasonCode = 0x81): Case {
  return { bytes, due: { code, reasonCode, field } };
}
