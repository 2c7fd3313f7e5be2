// @ts-nocheck
// pure: what the arbitraries of packets are made with.

import type { Arbitrary } from 'fast-check';
import * as fc from 'fast-check';
import type { Sender } from '../bytes/settings.js';
import type { ProtocolVersion } from '../errors.js';
import { type PropertySetName, propertiesOf } from './properties.js';

/** Which packets to make. */
export interface PacketOptions<V extends ProtocolVersion = ProtocolVersion> {
  readonly version: V;
  /** The side that sends: what only the other side may send is left out. Absent: either side. */
  readonly from?: Sender | undefined;
}

export type Fields = Record<string, Arbitrary<unknown>>;
export type Senders = { readonly client: readonly number[]; readonly server: readonly number[] };

/** The fields that a packet needs, and those that it may have, from the set `properties` among them in 5.0. */
export function fields(
  { version, from }: PacketOptions,
  required: Fields,
  optional: Fields = {},
  set?: PropertySetName,
): Arbitrary<Record<string, unknown>> {
  const properties: Fields = set && version === 5 ? { properties: propertiesOf(set, from) } : {};
  const more = Object.entries({ ...optional, ...properties }).map(
    ([key, value]) => [key, fc.option(value, { nil: undefined, freq: 15 })] as const,
  );
  const model: Fields = { ...required, ...Object.fromEntries(more) };
  return fc.record(model, { requiredKeys: Object.keys(required), noNullPrototype: true });
}

/** A record of arbitraries cannot follow V; that what comes out is valid for its version is tested. */
export function typed<P>(arbitrary: Arbitrary<unknown>): Arbitrary<P> {
  return arbitrary as Arbitrary<P>;
}

/** The codes of a table that a sender may use; all where the sender is not given. */
export function codes(
  all: readonly number[],
  from: Sender | undefined,
  senders?: Senders,
): Arbitrary<number> {
  const others =
    from === undefined || senders === undefined ? [] : senders[from === 'client' ? 'server' : 'client'];
  return fc.constantFrom(...all.filter((code) => !others.includes(code)));
}
