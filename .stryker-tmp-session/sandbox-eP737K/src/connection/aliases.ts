// @ts-nocheck
// pure: Topic Aliases in both directions (section 3.3.2.3.4); every connection begins without any.
import { emptyTrie, type Trie, trieGet, trieSet } from '../session/trie.js';

/** A Topic Alias that the peer was told. */
export interface OutgoingAlias {
  readonly alias: number;
  readonly topic: string;
}

/** The Topic Aliases of a connection. */
export interface AliasState {
  /** Those of the peer: topics by alias. */
  readonly incoming: Trie<string>;
  /** Ours, the most recently used first. */
  readonly outgoing: readonly OutgoingAlias[];
}

/** No alias is known. */
export const NO_ALIASES: AliasState = /* @__PURE__ */ (() => ({
  incoming: emptyTrie<string>(),
  outgoing: [],
}))();

/** The topic that an alias of the peer stands for. */
export function incomingTopic(aliases: AliasState, alias: number): string | undefined {
  return trieGet(aliases.incoming, alias);
}

/** Lets an alias of the peer stand for a topic from now on. */
export function learnAlias(aliases: AliasState, alias: number, topic: string): AliasState {
  const incoming = trieSet(aliases.incoming, alias, topic);
  return incoming === aliases.incoming ? aliases : { incoming, outgoing: aliases.outgoing };
}

/** The topic that an alias of ours stands for. */
export function outgoingTopic(aliases: AliasState, alias: number): string | undefined {
  return aliases.outgoing.find((entry) => entry.alias === alias)?.topic;
}

/** Lets an alias of ours stand for a topic from now on, as the most recently used one. */
export function useAlias(aliases: AliasState, alias: number, topic: string): AliasState {
  const first = aliases.outgoing[0];
  if (first !== undefined && first.alias === alias && first.topic === topic) return aliases;
  const rest = aliases.outgoing.filter((entry) => entry.alias !== alias);
  return { incoming: aliases.incoming, outgoing: [{ alias, topic }, ...rest] };
}

/** An alias for a topic, and whether the peer knows it already. */
export interface AssignedAlias {
  readonly alias: number;
  readonly known: boolean;
}

/**
 * The alias for a topic: the one it has, else a free one, else the one that was not used for the longest time.
 * Undefined where the peer takes none.
 */
export function assignAlias(
  { outgoing }: AliasState,
  topic: string,
  maximum: number,
  count: number,
): AssignedAlias | undefined {
  for (const entry of outgoing) if (entry.topic === topic) return { alias: entry.alias, known: true };
  const limit = Math.min(maximum, count);
  if (limit < 1) return undefined;
  if (outgoing.length >= limit) return { alias: outgoing[outgoing.length - 1]!.alias, known: false };
  let alias = 1;
  // Aliases that the caller chose lie anywhere.
  while (outgoing.some((entry) => entry.alias === alias)) alias++;
  return { alias, known: false };
}
