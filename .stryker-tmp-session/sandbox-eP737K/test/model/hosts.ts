// @ts-nocheck
import type { DeliverAction } from '../../src/connection/index.js';
import type { Packet } from '../../src/index.js';
import type { Commit } from './commit.js';

/**
 * How a host orders what a step asks for. `atomic` stores the changed session and the deliveries in one commit and
 * then writes to the socket; the other two cannot, and hand messages over before they store or after. `careless`
 * writes to the socket first, which is wrong.
 */
export type HostKind = 'atomic' | 'deliver-first' | 'store-first' | 'careless';

/** What a host does in one go: between two of these its process may die. */
export type Micro =
  | { readonly do: 'commit'; readonly commit: Commit; readonly deliveries: readonly DeliverAction[] }
  | { readonly do: 'deliver'; readonly delivery: DeliverAction }
  | { readonly do: 'transmit'; readonly packet: Packet };

/** What a host does about one step, in its order. */
export function arrange(
  host: HostKind,
  commit: Commit | undefined,
  deliveries: readonly DeliverAction[],
  packets: readonly Packet[],
): Micro[] {
  const stored = (together: readonly DeliverAction[]): Micro[] =>
    commit === undefined && together.length === 0
      ? []
      : [{ do: 'commit', commit: commit ?? {}, deliveries: together }];
  const delivered = deliveries.map((delivery): Micro => ({ do: 'deliver', delivery }));
  const transmitted = packets.map((packet): Micro => ({ do: 'transmit', packet }));
  switch (host) {
    case 'atomic':
      return [...stored(deliveries), ...transmitted];
    case 'deliver-first':
      return [...delivered, ...stored([]), ...transmitted];
    case 'store-first':
      return [...stored([]), ...delivered, ...transmitted];
    case 'careless':
      return [...transmitted, ...stored(deliveries)];
  }
}
