import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readStatements } from '../../../scripts/conformance.js';
import { root } from '../../../scripts/lib/root.js';
import { PEER_RULES, PeerViolation } from '../../../src/arbitraries/index.js';
import { statementOf } from '../../../src/arbitraries/peers/rules.js';

const known = new Set(readStatements().map(({ standard, id }) => `${standard}: ${id}`));

describe('the rules for peers', () => {
  it('name statements that exist', () => {
    const cited = PEER_RULES.flatMap((rule) =>
      ([4, 5] as const).map((version) => {
        const statement = statementOf(rule, version);
        return statement && `${version === 4 ? '3.1.1' : '5.0'}: ${statement}`;
      }),
    ).filter((each) => each !== undefined);
    expect(cited.length).toBeGreaterThan(80);
    expect(cited.filter((each) => !known.has(each))).toEqual([]);
  });

  it('are named in the page for those that are listed there', () => {
    const page = readFileSync(`${root}/docs/testing.md`, 'utf8');
    const named = [...page.matchAll(/`([a-z]+(?:-[a-z\d]+)+)`/g)].map(([, name = '']) => name);
    const rules: readonly string[] = PEER_RULES;
    expect(named.filter((name) => !rules.includes(name) && name !== 'fast-check')).toEqual([]);
  });

  it('are told with their statement and what was said', () => {
    const statement = statementOf('takeover', 5);
    const violation = new PeerViolation('takeover', 'it stays', statement, ['a sends CONNECT "a"']);
    expect(violation.message).toBe(`it stays [takeover, ${statement}]\n  a sends CONNECT "a"`);
    expect(new PeerViolation('well-formed', 'no', undefined, []).message).toBe('no [well-formed]');
  });
});
