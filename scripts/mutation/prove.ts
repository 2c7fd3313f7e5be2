/**
 * Which statements are proven: breaking the code makes a test fail that names the statement.
 *
 * `npm run conformance:proof` looks, statement by statement, for a mutant that is covered by tests that name it and by
 * as few others as can be, and runs those tests alone. What Stryker has no mutant for is broken by hand, see
 * `test/mutation/by-hand.json`. Writes `test/mutation/proof.json`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant, MutantCoverage } from '@stryker-mutator/api/core';
import { readLedger } from '../conformance.js';
import { isMain, root } from '../lib/root.js';
import { bundle, compile, type Evaluate, type Switch } from './bundle.js';
import type { Test } from './collect.js';
import { instrument } from './instrument.js';
import { readNames } from './named.js';
import type { ByHand, Proof, Proofs } from './proofs.js';
import { bounded, fastCheck, LoadedSuite } from './suite.js';

const SOURCES = ['bytes', 'spec', 'topics', 'packets', 'stream', 'session', 'connection'];
const TESTS = ['topics', 'packets', 'codec', 'stream', 'session', 'connection', 'dialogues', 'laws'];

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

const below = (folder: string, suffix: string): string[] =>
  readdirSync(join(root, folder), { encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix))
    .map((name) => `${folder}/${name}`)
    .sort();

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
      const began = performance.now();
      const failure = await suite.run(test);
      const cost = performance.now() - began;
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

/** The first of some tests, the quickest first, that fails with a mutant. */
async function killer(evaluate: Evaluate, tests: readonly Named[], id: number): Promise<Named | undefined> {
  const mutant = off();
  const suite = new LoadedSuite(evaluate, mutant, FAST_CHECK);
  const files = new Map<string, ReadonlyMap<string, Test>>();
  for (const test of [...tests].sort((a, b) => a.cost - b.cost)) {
    mutant.active = -1;
    const file = files.get(test.file) ?? loaded(suite, test.file);
    files.set(test.file, file);
    mutant.active = id;
    mutant.hits = 0;
    mutant.limit = (test.covers.get(id) ?? 1) * 100;
    let started: ReturnType<LoadedSuite['start']>;
    const ended = bounded(() => {
      started = suite.start(file.get(test.name)!);
    }, PATIENCE_MS);
    const failure = await started!;
    // What does not come to an end has not said what is wrong.
    if (!ended || mutant.hits > mutant.limit) return undefined;
    if (failure !== undefined) return test;
  }
  return undefined;
}

/** Mutants in the order in which to try them: those that fewer tests cover that are about something else come first. */
function candidates(statement: string, named: readonly Named[]): number[] {
  const others = new Map<number, number>();
  const ours = new Set<number>();
  for (const { statements, covers } of named) {
    const about = statements.includes(statement);
    for (const id of covers.keys()) {
      if (about) ours.add(id);
      else others.set(id, (others.get(id) ?? 0) + 1);
    }
  }
  return [...ours].sort((a, b) => (others.get(a) ?? 0) - (others.get(b) ?? 0) || a - b);
}

const short = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
};

function textOf({ fileName, location: { start, end } }: Mutant): string {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line, end.line + 1);
  const last = lines.length - 1;
  lines[last] = lines[last]!.slice(0, end.column);
  lines[0] = lines[0]!.slice(start.column);
  return lines.join('\n');
}

function proofOf(mutant: Mutant, { file, name }: Named): Proof {
  return {
    file: mutant.fileName.slice(root.length + 1),
    line: mutant.location.start.line + 1,
    original: short(textOf(mutant)),
    replacement: short(mutant.replacement),
    test: `${file}: ${name}`,
  };
}

/** Breaks a source as `by-hand.json` says, and runs the tests that name the statement. */
async function proveByHand(
  { statement, file, find, replace }: ByHand,
  named: readonly Named[],
  files: readonly string[],
): Promise<Proof | string> {
  const path = join(root, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2) return `${file} has not one "${find}"`;
  const tests = named.filter(({ statements }) => statements.includes(statement));
  const needed = files.filter((name) => tests.some((test) => test.file === name));
  const broken = new Map([[path, text.replace(find, () => replace)]]);
  const evaluate = compile(await bundle(root, needed, true, broken), root, needed);
  const test = await killer(evaluate, tests, 0);
  if (test === undefined) return `no test that names ${statement} fails with ${file}: ${find} → ${replace}`;
  const line = text.slice(0, text.indexOf(find)).split('\n').length;
  const proof = { file, line, original: short(find), replacement: short(replace) };
  return { ...proof, test: `${test.file}: ${test.name}`, byHand: true };
}

async function main(): Promise<void> {
  process.env['PUREMQTT_RUNS'] = '0.05';
  const only = process.argv[2] ?? '';
  const files = TESTS.flatMap((folder) => below(`test/${folder}`, '.test.ts')).filter(
    (file) => !file.includes('slow') && !file.includes('hostile'),
  );
  const sources = [...SOURCES.flatMap((folder) => below(`src/${folder}`, '.ts')), 'src/codec.ts'];
  const { files: instrumented, mutants } = await instrument(root, sources, EXCLUDED);
  const byId = new Map(mutants.map((mutant) => [Number(mutant.id), mutant]));
  const named = await cover(compile(await bundle(root, files, true, instrumented), root, files), files);
  const evaluate = compile(await bundle(root, files, false, instrumented), root, files);
  const path = join(root, 'test/mutation');
  const byHand = JSON.parse(readFileSync(join(path, 'by-hand.json'), 'utf8')) as readonly ByHand[];
  const proofs: Record<string, Proof> =
    only === '' ? {} : { ...(JSON.parse(readFileSync(join(path, 'proof.json'), 'utf8')) as Proofs) };
  const ledger = readLedger();
  const within = ledger.statements
    .filter((statement) => ledger.isEnforced(statement))
    .map(({ standard, id }) => `${standard}: ${id}`);
  let missing = 0;
  for (const statement of within.filter((key) => key.includes(only))) {
    const hand = byHand.find((each) => each.statement === statement);
    const proof = hand === undefined ? await search(statement) : await proveByHand(hand, named, files);
    if (typeof proof !== 'string') proofs[statement] = proof;
    else {
      missing++;
      delete proofs[statement];
      console.log(`${statement}: ${proof}`);
    }
  }
  writeFileSync(join(path, 'proof.json'), `${JSON.stringify(proofs, null, 2)}\n`);
  console.log(
    `${Object.keys(proofs).length} of ${within.length} statements within reach are proven by a mutant`,
  );
  if (missing > 0) process.exitCode = 1;

  async function search(statement: string): Promise<Proof | string> {
    const tests = named.filter(({ statements }) => statements.includes(statement));
    for (const id of candidates(statement, named)) {
      const test = await killer(
        evaluate,
        tests.filter(({ covers }) => covers.has(id)),
        id,
      );
      if (test !== undefined) return proofOf(byId.get(id)!, test);
    }
    return `no mutant makes one of ${tests.length} tests fail`;
  }
}

if (isMain(import.meta.url)) await main();
