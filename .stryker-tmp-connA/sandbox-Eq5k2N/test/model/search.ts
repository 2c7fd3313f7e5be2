// @ts-nocheck
import { Violation } from './violation.js';

/** Takes a way from the state at hand to another: progress, or a fault, which may happen and need not. */
export type Offer<S> = (label: string, progress: boolean, to: S) => void;

/** What there is to search. A Violation that it throws is the end of the search. */
export interface Graph<S> {
  readonly start: S;
  /** Two states with one key are one state, whatever else may go wrong from there. */
  readonly keyOf: (state: S) => string;
  /** How many faults of each kind may still happen; each fault takes one away, and progress none. */
  readonly sparesOf: (state: S) => readonly number[];
  readonly expand: (state: S, offer: Offer<S>) => void;
  /** Throws for a state that may not be the last one. */
  readonly checkEnd: (state: S) => void;
}

/** What a search came to. */
export interface Found {
  readonly states: number;
  readonly edges: number;
  /** Whether there was more than the limit let see. */
  readonly truncated: boolean;
}

/** A Violation with the shortest way to it. */
export class Counterexample extends Violation {
  constructor(
    readonly reason: string,
    readonly trace: readonly string[],
  ) {
    super(`${reason}\n${trace.map((label, index) => `  ${index + 1}. ${label}`).join('\n')}`);
  }
}

/** A state, and how it was come to. */
interface Visit<S> {
  readonly state: S;
  readonly node: number;
  readonly parent: Visit<S> | undefined;
  readonly label: string;
}

/**
 * Visits every state, those first that take the fewest faults and of these the nearest, and throws a
 * {@link Counterexample} for a rule that does not hold. Progress must come to an end, and the end must be a good one,
 * from every state.
 *
 * A state is visited again only where more may go wrong from there than the visits before could see.
 */
export function explore<S>(graph: Graph<S>, limit = Number.POSITIVE_INFINITY): Found {
  const nodes = new Map<string, number>();
  const spares: (readonly number[])[][] = [];
  const expanded: boolean[] = [];
  // Pairs of nodes, from and to.
  const progress: number[] = [];
  // Visits by how many faults it took to come there.
  const waves: Visit<S>[][] = [];
  let edges = 0;

  const arrive = (wave: number, state: S, parent: Visit<S> | undefined, label: string): number => {
    const key = graph.keyOf(state);
    const spare = graph.sparesOf(state);
    let node = nodes.get(key);
    if (node === undefined) {
      node = spares.push([]) - 1;
      nodes.set(key, node);
    }
    if (!spares[node]!.some((other) => other.every((count, kind) => count >= spare[kind]!))) {
      spares[node]!.push(spare);
      waves[wave] ??= [];
      waves[wave].push({ state, node, parent, label });
    }
    return node;
  };
  const visit = (wave: number, from: Visit<S>): void => {
    const first = expanded[from.node] !== true;
    expanded[from.node] = true;
    let ends = true;
    graph.expand(from.state, (label, isProgress, to) => {
      edges++;
      const node = arrive(isProgress ? wave : wave + 1, to, from, label);
      if (!isProgress) return;
      ends = false;
      if (first) progress.push(from.node, node);
    });
    if (ends && first) graph.checkEnd(from.state);
  };

  arrive(0, graph.start, undefined, '');
  for (let wave = 0; wave < waves.length; wave++) {
    // The list grows while it is read.
    for (const from of waves[wave] ?? []) {
      if (nodes.size > limit) return { states: nodes.size, edges, truncated: true };
      try {
        visit(wave, from);
      } catch (error) {
        throw error instanceof Violation ? new Counterexample(error.message, traceTo(from)) : error;
      }
    }
  }
  const circle = findCircle(nodes.size, progress);
  if (circle !== undefined) {
    const there = waves.flat().find(({ node }) => node === circle);
    throw new Counterexample('goes round in circles', traceTo(there));
  }
  return { states: nodes.size, edges, truncated: false };
}

function traceTo<S>(visit: Visit<S> | undefined): string[] {
  const trace: string[] = [];
  for (let at = visit; at?.parent !== undefined; at = at.parent) trace.unshift(at.label);
  return trace;
}

/** A state from which progress leads back to itself, if there is one: what can be taken away from the front is none. */
function findCircle(count: number, pairs: readonly number[]): number | undefined {
  const incoming = new Int32Array(count);
  const first = new Int32Array(count + 1);
  for (let i = 0; i < pairs.length; i += 2) {
    incoming[pairs[i + 1]!]!++;
    first[pairs[i]! + 1]!++;
  }
  for (let i = 0; i < count; i++) first[i + 1]! += first[i]!;
  const targets = new Int32Array(pairs.length / 2);
  const fill = first.slice();
  for (let i = 0; i < pairs.length; i += 2) targets[fill[pairs[i]!]!++] = pairs[i + 1]!;

  const free: number[] = [];
  for (let i = 0; i < count; i++) if (incoming[i] === 0) free.push(i);
  for (let at = 0; at < free.length; at++) {
    for (let i = first[free[at]!]!; i < first[free[at]! + 1]!; i++) {
      if (--incoming[targets[i]!]! === 0) free.push(targets[i]!);
    }
  }
  const rest = incoming.findIndex((number) => number > 0);
  return rest < 0 ? undefined : rest;
}
