// pure: what the steps for clients and for brokers are drawn from.
import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { ProtocolVersion } from '../../errors.js';

/** Few enough that messages and subscriptions meet. */
export const TOPICS: readonly string[] = ['x', 'x/y', 'z'];
/** Some that match several of them, and each other's. */
export const FILTERS: readonly string[] = ['x', 'x/y', 'z', 'x/#', '+'];

/** Nothing, or one of the values, which MQTT 5.0 alone has. */
export function in5<T>(
  { version }: { readonly version: ProtocolVersion },
  may: boolean | undefined,
  ...values: readonly T[]
): Arbitrary<T | undefined> {
  return version === 4 || may === false ? fc.constant(undefined) : fc.constantFrom(undefined, ...values);
}
