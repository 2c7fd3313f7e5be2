import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evaluate } from './bundle.js';
import type { StatementsOf } from './named.js';
import { fastCheck, LoadedSuite } from './suite.js';
import { holds, squeezed } from './text.js';

/** A change of the code that makes a test fail which names the statement. */
export interface Proof {
  readonly file: string;
  /** The lines that it changes, without the space around them. */
  readonly code: string;
  /** What it changes of them. */
  readonly original: string;
  readonly replacement: string;
  /** Which part of the tests that fail with the change names the statement: 1 when it breaks nothing else. */
  readonly share: number;
  /** The test's file and name. */
  readonly test: string;
  readonly byHand?: boolean;
}

/** Proofs by statement: `test/mutation/proof.json`. */
export type Proofs = Readonly<Record<string, Proof>>;

/**
 * A way to break a statement that Stryker has no mutant for, or none that breaks just that: `test/mutation/by-hand.json`.
 * A statement may have several; the first is its proof.
 */
export interface ByHand {
  readonly statement: string;
  readonly file: string;
  /** Occurs once in the file. */
  readonly find: string;
  readonly replace: string;
}

export const PROOFS = 'test/mutation/proof.json';
export const BY_HAND = 'test/mutation/by-hand.json';

/** The changes by hand, as the file holds them. */
export const readByHand = (root: string): readonly ByHand[] =>
  JSON.parse(readFileSync(join(root, BY_HAND), 'utf8')) as readonly ByHand[];

/** The text of a file, by its path from the root, or nothing where there is none. */
export const sourceIn =
  (root: string) =>
  (file: string): string | undefined =>
    existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined;

/** What proofs are held against. */
export interface Tree {
  /** The statements within reach, as `5.0: MQTT-...`. */
  readonly statements: readonly string[];
  readonly sourceOf: (file: string) => string | undefined;
  /** The names of the tests of each file. */
  readonly tests: ReadonlyMap<string, ReadonlySet<string>>;
  readonly statementsOf: StatementsOf;
  readonly byHand: readonly ByHand[];
}

export const short = (text: string): string => squeezed(text, 160);

/** Why a change by hand cannot be made, or nothing. */
export function misfit({ file, find }: ByHand, sourceOf: Tree['sourceOf']): string | undefined {
  return sourceOf(file)?.split(find).length === 2 ? undefined : `${file} has not one "${find}"`;
}

/** Why a proof is none any more, or nothing. Whether the test still fails is not asked: that takes running it. */
export function flaw(statement: string, proof: Proof, tree: Tree): string | undefined {
  const { file, code, original, replacement, test } = proof;
  if (!holds(tree.sourceOf(file) ?? '', code) || !holds(code, original)) return `${file} has no "${code}"`;
  const first = tree.byHand.find((way) => way.statement === statement);
  const same = first && first.file === file && short(first.find) === original;
  if (first && !(same && short(first.replace) === replacement)) return `${BY_HAND} has another change`;
  if (!first && proof.byHand) return `${BY_HAND} has no change`;
  const [path = ''] = test.split(': ', 1);
  const name = test.slice(path.length + 2);
  if (!tree.tests.get(path)?.has(name)) return `${path} has no test "${name}"`;
  if (!tree.statementsOf(name).includes(statement)) return `the test "${name}" does not name it`;
  return undefined;
}

/** What is wrong with proofs and with changes by hand, in words. */
export function flaws(proofs: Proofs, tree: Tree): string[] {
  const problems: string[] = [];
  for (const way of tree.byHand) {
    const { statement } = way;
    const problem = tree.statements.includes(statement) ? misfit(way, tree.sourceOf) : 'is not within reach';
    if (problem !== undefined) problems.push(`by hand, ${statement}: ${problem}`);
  }
  for (const statement of tree.statements) {
    const proof = proofs[statement];
    const problem = proof === undefined ? 'has no proof' : flaw(statement, proof, tree);
    if (problem !== undefined) problems.push(`${statement}: ${problem}`);
  }
  for (const statement of Object.keys(proofs)) {
    if (!tree.statements.includes(statement)) problems.push(`${statement}: is not within reach`);
  }
  return problems;
}

const FOLDERS = ['topics', 'packets', 'codec', 'stream', 'session', 'connection', 'dialogues', 'laws'];

/** The files in some folder whose names end so, sorted. */
export const filesIn = (root: string, folder: string, suffix: string): string[] =>
  readdirSync(join(root, folder), { encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix))
    .map((name) => `${folder}/${name}`)
    .sort();

/** The files whose tests prove statements. */
export const testFiles = (root: string): string[] =>
  FOLDERS.flatMap((folder) => filesIn(root, `test/${folder}`, '.test.ts')).filter(
    (file) => !file.includes('slow') && !file.includes('hostile'),
  );

/** Loads files of tests, which runs none, and gives the names of their tests. */
export function readTests(evaluate: Evaluate, files: readonly string[]): Tree['tests'] {
  const mutant = { active: -1, hits: 0, limit: Number.POSITIVE_INFINITY };
  const suite = new LoadedSuite(evaluate, mutant, fastCheck(1));
  return new Map(
    files.map((file) => {
      const tests = suite.load(file);
      if (typeof tests === 'string') throw new Error(`${file}: ${tests}`);
      return [file, new Set(tests.keys())];
    }),
  );
}
