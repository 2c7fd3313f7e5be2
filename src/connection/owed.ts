// pure: the acknowledgements that are owed, in the order in which they have to go out (section 4.6).
import { emptyTrie, type Trie, trieDelete, trieGet, trieSet } from '../session/trie.js';
import type { AckProperties } from '../spec/properties.js';

/** An acknowledgement that is owed: a link of the chain of its QoS. */
export interface OwedEntry {
  readonly qos: 1 | 2;
  /** The Reason Code to answer with, or -1 while the application has not said. */
  readonly verdict: number;
  readonly properties: AckProperties | undefined;
  /** The Packet Identifier before it, unless it is the first. */
  readonly previous: number;
  /** The Packet Identifier after it; 0: it is the last. */
  readonly next: number;
}

/** Where a chain begins and ends; 0: it is empty. */
export interface Chain {
  readonly first: number;
  readonly last: number;
}

/** The PUBACKs and PUBRECs that are owed: two chains through one table of Packet Identifiers. */
export interface Owed {
  readonly entries: Trie<OwedEntry>;
  readonly pubacks: Chain;
  readonly pubrecs: Chain;
}

const EMPTY_CHAIN: Chain = { first: 0, last: 0 };

/** Nothing is owed. */
export const NOTHING_OWED: Owed = /* @__PURE__ */ (() => ({
  entries: emptyTrie<OwedEntry>(),
  pubacks: EMPTY_CHAIN,
  pubrecs: EMPTY_CHAIN,
}))();

/** The verdict that has not been given. */
export const UNDECIDED = -1;

/** The chain of a QoS. */
export function chainOf(owed: Owed, qos: 1 | 2): Chain {
  return qos === 1 ? owed.pubacks : owed.pubrecs;
}

function withChain(entries: Trie<OwedEntry>, owed: Owed, qos: 1 | 2, chain: Chain): Owed {
  return qos === 1
    ? { entries, pubacks: chain, pubrecs: owed.pubrecs }
    : { entries, pubacks: owed.pubacks, pubrecs: chain };
}

/** Adds an acknowledgement at the end of its chain; the identifier must not be in the table. */
export function addOwed(
  owed: Owed,
  qos: 1 | 2,
  packetId: number,
  verdict: number,
  properties?: AckProperties,
): Owed {
  const { first, last } = chainOf(owed, qos);
  let entries = trieSet(owed.entries, packetId, { qos, verdict, properties, previous: last, next: 0 });
  const tail = last === 0 ? undefined : trieGet(entries, last);
  if (tail !== undefined) entries = trieSet(entries, last, { ...tail, next: packetId });
  return withChain(entries, owed, qos, { first: first === 0 ? packetId : first, last: packetId });
}

/** Writes down the verdict on an identifier, which has that entry in the table. */
export function decideOwed(
  owed: Owed,
  packetId: number,
  { qos, previous, next }: OwedEntry,
  verdict: number,
  properties: AckProperties | undefined,
): Owed {
  const entries = trieSet(owed.entries, packetId, { qos, verdict, properties, previous, next });
  return { entries, pubacks: owed.pubacks, pubrecs: owed.pubrecs };
}

/** Takes an identifier out of the table, which has that entry there, wherever in its chain it stands. */
export function removeOwed(owed: Owed, packetId: number, { qos, previous, next }: OwedEntry): Owed {
  const chain = chainOf(owed, qos);
  let entries = trieDelete(owed.entries, packetId);
  // The first link never looks back, so that taking it, which is the rule, touches nothing else.
  if (chain.first === packetId) {
    return withChain(entries, owed, qos, next === 0 ? EMPTY_CHAIN : { first: next, last: chain.last });
  }
  // Every other link has one before it.
  entries = trieSet(entries, previous, { ...trieGet(entries, previous)!, next });
  const after = next === 0 ? undefined : trieGet(entries, next);
  if (after !== undefined) entries = trieSet(entries, next, { ...after, previous });
  return withChain(entries, owed, qos, { first: chain.first, last: next === 0 ? previous : chain.last });
}

/** Lists a chain from its beginning. */
export function owedInOrder(owed: Owed, qos: 1 | 2): readonly (readonly [number, OwedEntry])[] {
  const list: (readonly [number, OwedEntry])[] = [];
  for (let id = chainOf(owed, qos).first; id !== 0; ) {
    const entry = trieGet(owed.entries, id)!;
    list.push([id, entry]);
    id = entry.next;
  }
  return list;
}
