/**
 * The guard on brokers for programs that look up names themselves: what can be said of a URL stands in `host.ts`, which
 * runs anywhere, and what a name resolves to is checked here, at the moment of connecting.
 */
import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { checkAddress, type GuardError } from './host.js';

export * from './host.js';

/** Resolves a name to all its addresses, as `dns.lookup` does. */
export type Resolver = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * To be given to the socket as its `lookup`: checks what the name resolves to at the moment of connecting. The socket
 * connects to the very addresses that were checked, so a name that changes its mind gains nothing.
 */
export function guardedLookup(resolve: Resolver = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      try {
        for (const { address } of addresses) checkAddress(address);
      } catch (refusal) {
        return callback(refusal as GuardError, '', 0);
      }
      const [first] = addresses;
      if (options.all) callback(null, addresses);
      else callback(null, first?.address ?? '', first?.family ?? 0);
    });
  };
}
