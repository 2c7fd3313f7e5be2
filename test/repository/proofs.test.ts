import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLedger, readProofs, withinReach } from '../../scripts/conformance.js';
import { root } from '../../scripts/lib/root.js';
import { bundle, compile } from '../../scripts/mutation/bundle.js';
import { outdated, type Survivor } from '../../scripts/mutation/check.js';
import { readNames } from '../../scripts/mutation/named.js';
import {
  type ByHand,
  flaws,
  type Proof,
  readByHand,
  readTests,
  sourceIn,
  type Tree,
  testFiles,
} from '../../scripts/mutation/proofs.js';

const AGAIN =
  'Mend test/mutation/by-hand.json, then run "npm run conformance:proof -- --below 0" and "npm run conformance"';

describe('the proofs of statements', () => {
  it('are one for each statement within reach, of code and tests that are there', async () => {
    const files = testFiles(root);
    const evaluate = compile(await bundle(root, files, true), root, files);
    const tree: Tree = {
      statements: withinReach(readLedger()),
      sourceOf: sourceIn(root),
      tests: readTests(evaluate, files),
      statementsOf: readNames(root),
      byHand: readByHand(root),
    };
    expect(flaws(readProofs(), tree), AGAIN).toEqual([]);
  });

  it('change something', () => {
    for (const { original, replacement, share } of Object.values(readProofs())) {
      expect(replacement).not.toBe(original);
      expect(share).toBeGreaterThan(0);
    }
  });

  it('come from tests that name statements in their titles, or in the fixtures they play', () => {
    const statementsOf = readNames(root);
    expect(statementsOf('a [3.1.1: MQTT-4.7.1-1] b [U5-2.2.2-a]')).toEqual([
      '3.1.1: MQTT-4.7.1-1',
      '5.0: U5-2.2.2-a',
    ]);
    expect(statementsOf('a valid packet is decoded: 3.1.1 publish: QoS 0')).toEqual(['3.1.1: MQTT-3.3.2-1']);
    expect(statementsOf('an invalid packet is refused: 3.1.1 publish: QoS 3')).toEqual([
      '3.1.1: MQTT-3.3.1-4',
    ]);
    expect(statementsOf('an invalid packet is refused: 3.1.1 publish: QoS 0')).toEqual([]);
  });
});

describe('a proof', () => {
  const statement = '5.0: U5-2.2.2-a';
  const file = 'src/a.ts';
  const name = 'b wins [U5-2.2.2-a]';
  const proof: Proof = {
    file,
    code: 'if (a > b && c) {',
    original: 'a > b',
    replacement: 'true',
    share: 1,
    test: `test/a.test.ts: ${name}`,
  };
  const tree: Tree = {
    statements: [statement],
    sourceOf: (path) => (path === file ? 'const a = 1;\n  if (a > b &&\n    c) {\n' : undefined),
    tests: new Map([['test/a.test.ts', new Set([name, 'another: test'])]]),
    statementsOf: (title) => (title === name ? [statement] : []),
    byHand: [],
  };
  const way: ByHand = { statement, file, find: 'a > b', replace: 'true' };
  const flawsOf = (change: Partial<Proof>, byHand: readonly ByHand[] = []): string[] =>
    flaws({ [statement]: { ...proof, ...change } }, { ...tree, byHand });

  it('stands while its code and its test are there, wherever they have moved', () => {
    expect(flawsOf({})).toEqual([]);
    expect(flawsOf({}, [way])).toEqual([]);
    expect(flawsOf({ original: 'a > b &&…' })).toEqual([]);
  });

  it('falls with its code', () => {
    expect(flawsOf({ file: 'src/b.ts' })).toEqual([`${statement}: src/b.ts has no "if (a > b && c) {"`]);
    expect(flawsOf({ code: 'while (a > b) {' })).toEqual([`${statement}: src/a.ts has no "while (a > b) {"`]);
    expect(flawsOf({ original: 'a > c' })).toHaveLength(1);
  });

  it('falls with its test, or when that no longer names the statement', () => {
    expect(flawsOf({ test: 'test/a.test.ts: c wins' })).toEqual([
      `${statement}: test/a.test.ts has no test "c wins"`,
    ]);
    expect(flawsOf({ test: `test/b.test.ts: ${name}` })).toHaveLength(1);
    expect(flawsOf({ test: 'test/a.test.ts: another: test' })).toEqual([
      `${statement}: the test "another: test" does not name it`,
    ]);
  });

  it('is the change by hand, where there is one', () => {
    const other = [`${statement}: test/mutation/by-hand.json has another change`];
    expect(flawsOf({}, [{ ...way, find: '&&' }, way])).toEqual(other);
    expect(flawsOf({}, [{ ...way, replace: 'false' }])).toEqual(other);
    expect(flawsOf({}, [way, { ...way, replace: 'false' }])).toEqual([]);
    expect(flawsOf({ byHand: true })).toEqual([`${statement}: test/mutation/by-hand.json has no change`]);
  });

  it('needs a change by hand that fits its file once', () => {
    expect(flawsOf({}, [way, { ...way, find: 'a' }])).toEqual([
      `by hand, ${statement}: src/a.ts has not one "a"`,
    ]);
    expect(flawsOf({}, [way, { ...way, file: 'src/b.ts' }])).toHaveLength(1);
  });

  it('is there for each statement within reach, and for no other', () => {
    expect(flaws({}, tree)).toEqual([`${statement}: has no proof`]);
    expect(flaws({ [statement]: proof, x: proof }, tree)).toEqual(['x: is not within reach']);
    expect(flaws({}, { ...tree, statements: [], byHand: [way] })).toEqual([
      `by hand, ${statement}: is not within reach`,
    ]);
  });
});

describe('the mutants that survive', () => {
  it('are mutants of code that is there', () => {
    const listed = JSON.parse(
      readFileSync(join(root, 'test/mutation/survivors.json'), 'utf8'),
    ) as readonly Survivor[];
    const advice =
      'Take these out of test/mutation/survivors.json, then run "npm run mutation" for their files';
    expect(outdated(listed, sourceIn(root)), advice).toEqual([]);
  });

  it('leave the list with their file or their code', () => {
    const survivor = { file: 'src/a.ts', code: 'if (a) { b(); }', mutant: 'if (a) {}', reason: 'A reason.' };
    const text = 'if (a) {\n  b();\n}\n';
    const sourceOf = (file: string): string | undefined => (file === 'src/a.ts' ? text : undefined);
    expect(outdated([survivor, { ...survivor, code: 'if (a) { b…' }], sourceOf)).toEqual([]);
    expect(outdated([{ ...survivor, code: 'if (b)' }], sourceOf)).toEqual([
      'is not in the code: src/a.ts: if (b) → if (a) {}',
    ]);
    expect(outdated([{ ...survivor, file: 'src/b.ts' }], sourceOf)).toHaveLength(1);
  });
});
