// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { markdownTable, replaceMarkedBlock } from '../../scripts/lib/marked-block.js';

describe('replaceMarkedBlock', () => {
  const page = 'before\n<!-- size:start -->\nold\n<!-- size:end -->\nafter\n';

  it('replaces what stands between the marks, and nothing else', () => {
    const once = replaceMarkedBlock(page, 'size', 'new $& text\n');
    expect(once).toBe('before\n<!-- size:start -->\nnew $& text\n<!-- size:end -->\nafter\n');
    expect(replaceMarkedBlock(once, 'size', 'new $& text\n')).toBe(once);
  });

  it.each([
    ['no marks', 'text'],
    ['no end', '<!-- size:start -->'],
    ['the end first', '<!-- size:end --><!-- size:start -->'],
    ['two pairs', page + page],
    ['marks of another name', page.replaceAll('size', 'speed')],
  ])('refuses a text with %s', (_, text) => {
    expect(() => replaceMarkedBlock(text, 'size', 'new')).toThrow('exactly one');
  });
});

describe('markdownTable', () => {
  it('aligns every column but the first to the right', () => {
    expect(markdownTable(['a', 'b'], [['x', '1']])).toBe('| a | b |\n| --- | --: |\n| x | 1 |');
  });
});
