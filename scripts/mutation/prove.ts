/**
 * Which statements are proven: breaking the code makes a test fail that names the statement.
 *
 * `npm run conformance:proof` looks, statement by statement, for the mutant of which most tell that fail is about that
 * statement: those that break its rule and nothing else. What Stryker has no such mutant for is broken by hand, see
 * `test/mutation/by-hand.json`. Writes `test/mutation/proof.json`, after each statement; a part of a statement's number
 * does only those. `--below 0` does those that have no proof, or one whose code or test is not there any more, and
 * `--below 0.5` those as well of which no better proof is known.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Mutant, MutantCoverage } from '@stryker-mutator/api/core';
import { readLedger, readProofs, withinReach } from '../conformance.js';
import { isMain, root } from '../lib/root.js';
import { bundle, compile, type Evaluate, type Switch } from './bundle.js';
import type { Test } from './collect.js';
import { instrument } from './instrument.js';
import { readNames } from './named.js';
import {
  type ByHand,
  filesIn,
  flaw,
  misfit,
  PROOFS,
  type Proof,
  readByHand,
  readTests,
  short,
  sourceIn,
  type Tree,
  testFiles,
} from './proofs.js';
import { bounded, fastCheck, LoadedSuite } from './suite.js';
import { squeezed } from './text.js';

const SOURCES = ['bytes', 'spec', 'topics', 'packets', 'stream', 'session', 'connection'];

/** A mutant of these changes words, not rules; or leaves so much out that it proves little. */
const EXCLUDED = ['StringLiteral', 'BlockStatement', 'ObjectLiteral', 'ArrowFunction'];

/** Tests that take longer prove nothing here that a quicker one does not. */
const SLOWEST_MS = 1_500;

const PATIENCE_MS = 10_000;

interface Named {
  readonly file: string;
  readonly name: string;
  readonly statements: readonly string[];
  readonly covers: ReadonlyMap<number, number>;
  readonly cost: number;
}

const off = (): Switch => ({ active: -1, hits: 0, limit: Number.POSITIVE_INFINITY });

const FAST_CHECK = fastCheck(200);

/** Runs the tests that name statements, without a mutant, and counts what each covers. */
async function cover(evaluate: Evaluate, files: readonly string[]): Promise<Named[]> {
  const statementsOf = readNames(root);
  const namespace: { currentTestId?: string | undefined; mutantCoverage?: MutantCoverage } = {};
  Reflect.set(globalThis, '__stryker__', namespace);
  const suite = new LoadedSuite(evaluate, off(), FAST_CHECK);
  const named: Named[] = [];
  for (const file of files) {
    for (const [name, test] of loaded(suite, file)) {
      const statements = statementsOf(name);
      if (statements.length === 0) continue;
      const id = `${file}#${name}`;
      namespace.currentTestId = id;
      const began = process.cpuUsage();
      const failure = await suite.run(test);
      // Not the time on the wall, which depends on what else the machine does.
      const { user, system } = process.cpuUsage(began);
      const cost = (user + system) / 1_000;
      namespace.currentTestId = undefined;
      if (failure !== undefined) throw new Error(`${id} fails without a mutant: ${failure}`);
      const counts = Object.entries(namespace.mutantCoverage?.perTest[id] ?? {});
      const covers = new Map(counts.map(([mutant, count]) => [Number(mutant), count]));
      if (cost <= SLOWEST_MS) named.push({ file, name, statements, covers, cost });
    }
  }
  return named;
}

function loaded(suite: LoadedSuite, file: string): ReadonlyMap<string, Test> {
  const tests = suite.load(file);
  if (typeof tests === 'string') throw new Error(`${file}: ${tests}`);
  return tests;
}

/** Whether a test fails with a mutant; undefined when it does not come to an end, which does not say what is wrong. */
async function fails(
  suite: LoadedSuite,
  mutant: Switch,
  test: Test,
  named: Named,
  id: number,
): Promise<boolean | undefined> {
  mutant.active = id;
  mutant.hits = 0;
  mutant.limit = (named.covers.get(id) ?? 1) * 100;
  let started: ReturnType<LoadedSuite['start']>;
  const ended = bounded(() => {
    started = suite.start(test);
  }, PATIENCE_MS);
  const failure = await started!;
  const ranTooOften = mutant.hits > mutant.limit;
  mutant.active = -1;
  return !ended || ranTooOften ? undefined : failure !== undefined;
}

/** The first of some tests, the quickest first, that fails with a mutant, in an evaluation of its own. */
async function killer(evaluate: Evaluate, tests: readonly Named[], id: number): Promise<Named | undefined> {
  const mutant = off();
  const suite = new LoadedSuite(evaluate, mutant, FAST_CHECK);
  const files = new Map<string, ReadonlyMap<string, Test>>();
  for (const test of [...tests].sort((a, b) => a.cost - b.cost)) {
    const file = files.get(test.file) ?? loaded(suite, test.file);
    files.set(test.file, file);
    const failed = await fails(suite, mutant, file.get(test.name)!, test, id);
    if (failed === undefined) return undefined;
    if (failed) return test;
  }
  return undefined;
}

/** Tests that play a fixture or a dialogue once more, in another way: they fail for reasons of their own. */
const AGAIN = /comes out of a stream|ends where it says|breaks a stream|through an Endpoint/;

/** So many tests stand for a statement. */
const DELEGATES = 8;

/** Some tests for each statement: those that name few others, and are quick. */
function delegatesOf(named: readonly Named[]): Set<Named> {
  const chosen = new Set<Named>();
  const counts = new Map<string, number>();
  const order = (a: Named, b: Named): number => a.statements.length - b.statements.length || a.cost - b.cost;
  for (const test of [...named].sort(order)) {
    if (AGAIN.test(test.name) || test.statements.every((key) => (counts.get(key) ?? 0) >= DELEGATES))
      continue;
    chosen.add(test);
    for (const key of test.statements) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return chosen;
}

/** Tells which part of the tests that fail with a mutant is about a statement. */
class Judge {
  readonly #evaluate: Evaluate;
  readonly #delegates: readonly Named[];
  readonly #files: readonly string[];
  #suite: LoadedSuite;
  #mutant = off();
  #tests = new Map<Named, Test>();
  #uses = 0;

  constructor(evaluate: Evaluate, delegates: Iterable<Named>) {
    this.#evaluate = evaluate;
    this.#delegates = [...delegates].sort((a, b) => a.cost - b.cost);
    this.#files = [...new Set(this.#delegates.map(({ file }) => file))];
    this.#suite = this.#load();
  }

  /** The share of a statement in what fails with a mutant, or nothing where it is below a bound. */
  async share(statement: string, id: number, bound: number): Promise<number | undefined> {
    if (this.#uses++ % 100 === 99) this.#suite = this.#load();
    const standard = statement.slice(0, 3);
    const covering = this.#delegates.filter(
      ({ covers, statements }) => covers.has(id) && statements.some((key) => key.startsWith(standard)),
    );
    const about = covering.filter(({ statements }) => statements.includes(statement));
    const others = covering.filter(({ statements }) => !statements.includes(statement));
    let own = 0;
    for (const test of about) {
      const failed = await fails(this.#suite, this.#mutant, this.#tests.get(test)!, test, id);
      if (failed === undefined) return undefined;
      if (failed) own++;
    }
    if (own === 0) return undefined;
    let foreign = 0;
    for (const test of others) {
      const failed = await fails(this.#suite, this.#mutant, this.#tests.get(test)!, test, id);
      if (failed !== false) foreign++;
      if (own / (own + foreign) <= bound) return undefined;
    }
    return own / (own + foreign);
  }

  #load(): LoadedSuite {
    this.#mutant = off();
    const suite = new LoadedSuite(this.#evaluate, this.#mutant, FAST_CHECK);
    this.#tests = new Map();
    for (const file of this.#files) {
      const tests = loaded(suite, file);
      for (const each of this.#delegates)
        if (each.file === file) this.#tests.set(each, tests.get(each.name)!);
    }
    return suite;
  }
}

/** Of what fails, so much is about the statement: no better mutant is looked for. */
const ENOUGH = 0.75;

/** How many mutants are tried for a statement. */
const TRIES = 60;

/**
 * Mutants in the order in which to try them: first those of lines that give the statement's number as the reason of a
 * refusal, then those that few tests cover which are about something else.
 */
function candidates(
  statement: string,
  delegates: Iterable<Named>,
  mutants: ReadonlyMap<number, Mutant>,
): number[] {
  const weights = new Map<number, number>();
  const ours = new Map<number, number>();
  for (const { statements, covers } of delegates) {
    const weight = statements.includes(statement) ? 0 : 1;
    for (const id of covers.keys()) {
      weights.set(id, (weights.get(id) ?? 0) + weight);
      if (weight === 0) ours.set(id, (ours.get(id) ?? 0) + 1);
    }
  }
  const [standard = '', number = ''] = statement.replace('MQTT-', '').split(': ');
  const rank = (id: number): number =>
    (isNear(mutants.get(id)!, number, standard) ? 0 : 1e6) + weights.get(id)! / ours.get(id)!;
  return [...ours.keys()].sort((a, b) => rank(a) - rank(b) || a - b).slice(0, TRIES);
}

/** Whether a mutant is in or just above a line that names a statement: `'3.1.2-3'`, or `'3.8.3-4|3.8.3-5'`. */
function isNear({ fileName, location }: Mutant, number: string, standard: string): boolean {
  const lines = sourceOf(fileName).slice(location.start.line, location.start.line + 3);
  const quoted = lines.join('\n').matchAll(/'([\d.|-]+)'/g);
  for (const [, text = ''] of quoted) {
    const [v4, v5 = v4] = text.split('|');
    if ((standard === '3.1.1' ? v4 : v5) === number) return true;
  }
  return false;
}

const sourceTexts = new Map<string, readonly string[]>();

function sourceOf(path: string): readonly string[] {
  const lines = sourceTexts.get(path) ?? readFileSync(path, 'utf8').split('\n');
  sourceTexts.set(path, lines);
  return lines;
}

/** The code between two offsets, and the whole lines around it. */
function codeAt(text: string, start: number, end: number): Pick<Proof, 'code' | 'original'> {
  const first = text.lastIndexOf('\n', start - 1) + 1;
  const last = text.indexOf('\n', end);
  const code = text.slice(first, last < 0 ? text.length : last);
  return { code: squeezed(code, Number.POSITIVE_INFINITY), original: short(text.slice(start, end)) };
}

function proofOf(mutant: Mutant, { file, name }: Named, share: number): Proof {
  const { fileName, location, replacement } = mutant;
  const lines = sourceOf(fileName);
  const offsetOf = ({ line, column }: Mutant['location']['start']): number =>
    lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, column);
  return {
    file: fileName.slice(root.length + 1),
    ...codeAt(lines.join('\n'), offsetOf(location.start), offsetOf(location.end)),
    replacement: short(replacement),
    share: Math.round(share * 100) / 100,
    test: `${file}: ${name}`,
  };
}

/**
 * Breaks sources as `by-hand.json` says, each way by itself, and runs the tests that name the statement: they have to
 * see them all. The first way stands as the proof.
 */
async function proveByHand(
  ways: readonly ByHand[],
  named: readonly Named[],
  files: readonly string[],
): Promise<Proof | string> {
  let first: Proof | undefined;
  for (const way of ways) {
    const proof = await proveWay(way, named, files);
    if (typeof proof === 'string') return proof;
    first ??= proof;
  }
  return first!;
}

async function proveWay(
  way: ByHand,
  named: readonly Named[],
  files: readonly string[],
): Promise<Proof | string> {
  const problem = misfit(way, sourceIn(root));
  if (problem !== undefined) return problem;
  const { statement, file, find, replace } = way;
  const path = join(root, file);
  const text = readFileSync(path, 'utf8');
  const tests = named.filter(({ statements }) => statements.includes(statement));
  const needed = files.filter((name) => tests.some((test) => test.file === name));
  const broken = new Map([[path, text.replace(find, () => replace)]]);
  const evaluate = compile(await bundle(root, needed, true, broken), root, needed);
  const test = await killer(evaluate, tests, 0);
  if (test === undefined) return `no test that names ${statement} fails with ${file}: ${find} → ${replace}`;
  const start = text.indexOf(find);
  const code = codeAt(text, start, start + find.length);
  const name = `${test.file}: ${test.name}`;
  return { file, ...code, replacement: short(replace), share: 1, test: name, byHand: true };
}

async function main(): Promise<void> {
  process.env['PUREMQTT_RUNS'] = '0.05';
  const { values, positionals } = parseArgs({
    options: { below: { type: 'string', default: 'Infinity' } },
    allowPositionals: true,
  });
  const only = positionals[0] ?? '';
  const below = Number(values.below);
  const files = testFiles(root);
  const sources = [...SOURCES.flatMap((folder) => filesIn(root, `src/${folder}`, '.ts')), 'src/codec.ts'];
  const { files: instrumented, mutants } = await instrument(root, sources, EXCLUDED);
  const byId = new Map(mutants.map((mutant) => [Number(mutant.id), mutant]));
  const named = await cover(compile(await bundle(root, files, true, instrumented), root, files), files);
  const evaluate = compile(await bundle(root, files, false, instrumented), root, files);
  const path = join(root, PROOFS);
  const byHand = readByHand(root);
  const proofs: Record<string, Proof> = only === '' && below > 1 ? {} : { ...readProofs() };
  const within = withinReach(readLedger());
  const tree: Tree = {
    statements: within,
    sourceOf: sourceIn(root),
    tests: readTests(evaluate, files),
    statementsOf: readNames(root),
    byHand,
  };
  const delegates = delegatesOf(named);
  const judge = new Judge(evaluate, delegates);
  let missing = 0;
  for (const statement of within.filter((key) => key.includes(only))) {
    const known = proofs[statement];
    if (known !== undefined && known.share >= below && flaw(statement, known, tree) === undefined) continue;
    const hands = byHand.filter((each) => each.statement === statement);
    const proof = hands.length === 0 ? await search(statement) : await proveByHand(hands, named, files);
    if (typeof proof !== 'string') {
      proofs[statement] = proof;
      const { share, file, original, replacement } = proof;
      console.log(`${statement}: ${share} ${file}: ${original} → ${replacement}`);
    } else {
      missing++;
      delete proofs[statement];
      console.log(`${statement}: ${proof}`);
    }
    writeFileSync(path, `${JSON.stringify(proofs, null, 2)}\n`);
  }
  writeFileSync(path, `${JSON.stringify(proofs, null, 2)}\n`);
  console.log(
    `${Object.keys(proofs).length} of ${within.length} statements within reach are proven by a mutant`,
  );
  if (missing > 0) process.exitCode = 1;

  async function search(statement: string): Promise<Proof | string> {
    const tests = [...delegates].filter(({ statements }) => statements.includes(statement));
    let best: Proof | undefined;
    for (const id of candidates(statement, delegates, byId)) {
      const share = await judge.share(statement, id, best?.share ?? 0);
      if (share === undefined) continue;
      const covering = tests.filter(({ covers }) => covers.has(id));
      const test = await killer(evaluate, covering, id);
      if (test !== undefined) best = proofOf(byId.get(id)!, test, share);
      if (share >= ENOUGH) break;
    }
    return best ?? `no mutant makes one of ${tests.length} tests fail`;
  }
}

if (isMain(import.meta.url)) await main();
