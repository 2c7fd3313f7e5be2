import { describe, expect, it } from 'vitest';
import { readLedger, readStatements, render } from '../../scripts/conformance.js';
import {
  Ledger,
  parseStatements,
  type Reading,
  type Rules,
  readFixture,
  readTestFile,
  readTitle,
} from '../../scripts/lib/ledger.js';

const path = 'test/x.test.ts';

describe('the statements of the standards', () => {
  it('are all there, each once', () => {
    const count = (standard: string, unnumbered: boolean): number =>
      readStatements().filter((row) => row.standard === standard && row.id.startsWith('U') === unnumbered)
        .length;
    expect([count('3.1.1', false), count('3.1.1', true), count('5.0', false), count('5.0', true)]).toEqual([
      141, 18, 251, 68,
    ]);
  });

  it('are named by tests and fixtures in the agreed way, and exist', () => {
    expect(readLedger().problems()).toEqual([]);
  });

  it('are read from four columns and from nothing else', () => {
    const head = 'id\tlayer\tside\tsummary';
    expect(parseStatements(`${head}\nMQTT-1-1\tcodec\tboth\tText.\n`, '5.0')).toEqual([
      { standard: '5.0', id: 'MQTT-1-1', layer: 'codec', side: 'both', summary: 'Text.' },
    ]);
    expect(() => parseStatements(`${head}\nMQTT-1-1\tcodec\tboth\n`, '5.0')).toThrow('four columns');
    expect(() => parseStatements('id\tlayer\n', '5.0')).toThrow('unexpected columns');
  });
});

describe('the reading of titles', () => {
  it('finds every statement in brackets', () => {
    const title = 'refuses it [3.1.1: MQTT-4.7.1-1] [5.0: MQTT-4.7.0-1] [U5-2.2.2-a] [U3-3.12-a] [not one]';
    expect(readTitle(title, path)).toEqual({
      claims: [
        { standard: '3.1.1', id: 'MQTT-4.7.1-1', path },
        { standard: '5.0', id: 'MQTT-4.7.0-1', path },
        { standard: '5.0', id: 'U5-2.2.2-a', path },
        { standard: '3.1.1', id: 'U3-3.12-a', path },
      ],
      problems: [],
    });
  });

  it.each([
    '[MQTT-1.5.3-1]',
    '[5.0 MQTT-1.5.3-1]',
    '[5: MQTT-1.5.3-1]',
    '[5.0: MQTT-1.5.3-1, MQTT-1.5.3-2]',
    '[5.0: U5-2.2.2-a]',
  ])('complains about %s', (title) => {
    const { claims, problems } = readTitle(title, path);
    expect(claims).toEqual([]);
    expect(problems).toEqual([`${path}: ${title} names a statement in no known way`]);
  });

  const idsIn = (code: string): string[] => readTestFile(code, path).claims.map((claim) => claim.id);

  it('takes titles, tables of titles and templates', () => {
    expect(idsIn(`it('x [5.0: MQTT-1.5.4-1]', () => {});`)).toEqual(['MQTT-1.5.4-1']);
    expect(idsIn(`it.each([['[5.0: MQTT-1.5.4-1]', 1]])('%s', () => {});`)).toEqual(['MQTT-1.5.4-1']);
    expect(idsIn('it(`$' + '{name} [5.0: MQTT-1.5.4-1]`, () => {});')).toEqual(['MQTT-1.5.4-1']);
  });

  it('takes no comment and no test that does not run', () => {
    expect(idsIn(`// [5.0: MQTT-1.5.4-1]`)).toEqual([]);
    expect(idsIn(`it.skip('x [5.0: MQTT-1.5.4-1]', () => {});`)).toEqual([]);
    expect(idsIn(`describe.skip('x', () => { it('[5.0: MQTT-1.5.4-1]', () => {}); });`)).toEqual([]);
    expect(idsIn(`it.todo('x [5.0: MQTT-1.5.4-1]');`)).toEqual([]);
  });
});

describe('the reading of fixtures', () => {
  const read = (json: unknown, at: string): Reading => readFixture(JSON.stringify(json), at);

  it('takes the version from the path, or from the nearest version field', () => {
    const folder = 'fixtures/v4/invalid/publish.json';
    expect(read([{ error: { statement: 'MQTT-3.3.1-4' } }], folder).claims).toEqual([
      { standard: '3.1.1', id: 'MQTT-3.3.1-4', path: folder },
    ]);
    const file = 'fixtures/mixed.json';
    expect(read([{ version: 5, error: { statement: ['MQTT-3.3.1-4', 'U5-2.2.2-a'] } }], file).claims).toEqual(
      [
        { standard: '5.0', id: 'MQTT-3.3.1-4', path: file },
        { standard: '5.0', id: 'U5-2.2.2-a', path: file },
      ],
    );
  });

  it('takes the version that stands before the statement, whatever is around it', () => {
    const statements = ['5.0: MQTT-3.3.1-4', '3.1.1: MQTT-4.7.1-1', 'U3-4.4-a'];
    expect(read([{ version: [4, 5], statements }], 'fixtures/x.json').claims).toEqual([
      { standard: '5.0', id: 'MQTT-3.3.1-4', path: 'fixtures/x.json' },
      { standard: '3.1.1', id: 'MQTT-4.7.1-1', path: 'fixtures/x.json' },
      { standard: '3.1.1', id: 'U3-4.4-a', path: 'fixtures/x.json' },
    ]);
  });

  it('complains about a statement without a version, and about one that is none', () => {
    expect(read({ statement: 'MQTT-3.3.1-4' }, 'fixtures/x.json').problems).toHaveLength(1);
    expect(read({ version: 4, statement: 'a topic' }, 'fixtures/x.json').problems).toHaveLength(1);
    expect(read({ version: 4, statement: null }, 'fixtures/x.json').problems).toHaveLength(1);
  });
});

describe('the ledger', () => {
  const statements = parseStatements(
    'id\tlayer\tside\tsummary\nMQTT-1.1-1\tcodec\tboth\tA | B.\nMQTT-1.1-2\tsession\tboth\tC.\n',
    '5.0',
  );
  const rules: Rules = { enforced: { '3.1.1': [], '5.0': ['codec'] }, excused: {} };
  const ledger = (titles: string[], excused: Rules['excused'] = {}): Ledger =>
    new Ledger(statements, readTitle(titles.join(' '), path), { ...rules, excused });

  it('misses the statements of enforced layers that nothing names', () => {
    expect(
      ledger([])
        .missing()
        .map((row) => row.id),
    ).toEqual(['MQTT-1.1-1']);
    expect(ledger(['[5.0: MQTT-1.1-1]']).missing()).toEqual([]);
    expect(ledger(['[3.1.1: MQTT-1.1-1]']).missing()).toHaveLength(1);
    expect(ledger([], { '5.0: MQTT-1.1-1': 'a reason' }).missing()).toEqual([]);
  });

  it('complains about names of nothing, and about idle excuses', () => {
    expect(ledger(['[5.0: MQTT-1.1-1]']).problems()).toEqual([]);
    expect(ledger(['[5.0: MQTT-1.1-9]']).problems()).toEqual([`${path}: [5.0: MQTT-1.1-9] does not exist`]);
    expect(ledger([], { '5.0: MQTT-1.1-9': 'x' }).problems()).toHaveLength(1);
    expect(ledger(['[5.0: MQTT-1.1-1]'], { '5.0: MQTT-1.1-1': 'x' }).problems()).toHaveLength(1);
  });

  it('gives the same page whatever the order in which tests are read', () => {
    const reading = (paths: string[]): Reading => ({
      claims: paths.map((file) => ({ standard: '5.0', id: 'MQTT-1.1-1', path: file })),
      problems: [],
    });
    const change = {
      file: 'src/a.ts',
      code: 'if (a | b)',
      original: 'a | b',
      replacement: 'a < b',
      share: 1,
      test: 'x',
    };
    const proofs = { '5.0: MQTT-1.1-1': change };
    const page = render(new Ledger(statements, reading(['test/a.test.ts', 'test/b.test.ts']), rules), proofs);
    expect(render(new Ledger(statements, reading(['test/b.test.ts', 'test/a.test.ts']), rules), proofs)).toBe(
      page,
    );
    expect(page).toContain('A \\| B.');
    expect(page).toContain('| codec | 1 of 1 | 1 of 1 | yes |');
    expect(page).toContain('| session | 0 of 1 | 0 of 1 | not yet |');
    expect(page).toContain('<code>a \\| b</code> → <code>a &lt; b</code> in [src/a.ts](../src/a.ts) |');
  });
});
