import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/root.js';
import {
  compare,
  merge,
  type Report,
  type Survivor,
  scores,
  survivorsOf,
} from '../../scripts/mutation/check.js';
import { joinReports } from '../../scripts/mutation/join.js';

const SOURCE = 'const a = 1;\n  if (a > b && c) {\n    run();\n  }\n';

/** A report on one file: `a > b` became `true` and the block became empty, with these outcomes. */
const report = (condition: string, block: string): Report => ({
  files: {
    'src/spec/a.ts': {
      source: SOURCE,
      mutants: [
        {
          status: condition,
          mutatorName: 'ConditionalExpression',
          replacement: 'true',
          location: { start: { line: 2, column: 7 }, end: { line: 2, column: 12 } },
        },
        {
          status: block,
          mutatorName: 'BlockStatement',
          replacement: '{}',
          location: { start: { line: 2, column: 19 }, end: { line: 4, column: 4 } },
        },
      ],
    },
  },
});

const CONDITION: Survivor = {
  file: 'src/spec/a.ts',
  code: 'if (a > b && c) {',
  mutant: 'if (true && c) {',
  reason: 'b is never above a',
};

describe('the mutants that survive', () => {
  it('are told by the code around them', () => {
    expect(survivorsOf(report('Survived', 'Killed'))).toEqual([{ ...CONDITION, reason: '' }]);
    expect(survivorsOf(report('Timeout', 'NoCoverage'))).toEqual([
      {
        file: 'src/spec/a.ts',
        code: 'if (a > b && c) { run(); }',
        mutant: 'if (a > b && c) {}',
        reason: '',
      },
    ]);
    expect(survivorsOf(report('Killed', 'Ignored'))).toEqual([]);
  });

  it('must stand in the list, with a reason', () => {
    expect(compare(report('Survived', 'Killed'), [CONDITION])).toEqual([]);
    expect(compare(report('Survived', 'Killed'), [])).toEqual([
      'survives without a reason: src/spec/a.ts: if (a > b && c) { → if (true && c) {',
    ]);
    expect(compare(report('Survived', 'Killed'), [{ ...CONDITION, reason: ' ' }])).toHaveLength(1);
  });

  it('must leave the list when they are killed or gone, but not when they were not tried', () => {
    expect(compare(report('Killed', 'Killed'), [CONDITION])).toEqual([
      'does not survive: src/spec/a.ts: if (a > b && c) { → if (true && c) {',
    ]);
    expect(compare(report('Killed', 'Killed'), [{ ...CONDITION, file: 'src/spec/b.ts' }])).toEqual([]);
    expect(compare(report('Survived', 'Killed'), [CONDITION, CONDITION])).toHaveLength(1);
  });

  it('are forgotten when a more thorough run kills them', () => {
    expect(merge(report('Survived', 'Survived'), report('Killed', 'Survived'))).toEqual(
      report('Killed', 'Survived'),
    );
    expect(merge(report('Killed', 'Survived'), report('Survived', 'Timeout'))).toEqual(
      report('Killed', 'Timeout'),
    );
    expect(merge(report('Survived', 'Killed'), { files: {} })).toEqual(report('Survived', 'Killed'));
  });

  it('are those of all runs together, the later one before the earlier', () => {
    const unchanged = (): string => SOURCE;
    const first = report('Survived', 'Survived');
    const other = { files: { 'src/spec/b.ts': first.files['src/spec/a.ts']! } };
    expect(joinReports([first, other], unchanged).report).toEqual({
      files: { ...first.files, ...other.files },
    });
    expect(joinReports([first, report('Killed', 'Survived')], unchanged)).toEqual({
      report: report('Killed', 'Survived'),
      stale: [],
    });
    const [condition, block] = first.files['src/spec/a.ts']!.mutants;
    const part = (mutant: typeof condition): Report => ({
      files: { 'src/spec/a.ts': { source: SOURCE, mutants: [mutant!] } },
    });
    expect(joinReports([part(condition), part(block)], unchanged).report).toEqual(first);
  });

  it('are not looked for in a source that has changed since', () => {
    const old = report('Survived', 'Survived');
    expect(joinReports([old], () => `${SOURCE}\n`)).toEqual({
      report: { files: {} },
      stale: ['src/spec/a.ts'],
    });
    const now = { files: { 'src/spec/a.ts': { ...old.files['src/spec/a.ts']!, source: 'now' } } };
    expect(joinReports([old, now], () => 'now')).toEqual({ report: now, stale: [] });
  });

  it('lower the score of their folder', () => {
    expect(Object.fromEntries(scores(report('Survived', 'Timeout')))).toEqual({
      'src/spec': [1, 2],
      all: [1, 2],
    });
  });

  it('are listed once each, with a reason in words', () => {
    const listed = JSON.parse(
      readFileSync(join(root, 'test/mutation/survivors.json'), 'utf8'),
    ) as readonly Survivor[];
    expect(compare({ files: {} }, listed)).toEqual([]);
    for (const { reason } of listed) expect(reason).toMatch(/\w+ \w+.*\.$/);
  });
});
