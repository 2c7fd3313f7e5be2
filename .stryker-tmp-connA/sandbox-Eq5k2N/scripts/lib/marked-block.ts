// @ts-nocheck
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * The text with everything between `<!-- name:start -->` and `<!-- name:end -->` replaced.
 * Throws when the text does not hold exactly one such pair, in that order.
 */
export function replaceMarkedBlock(text: string, name: string, content: string): string {
  const start = `<!-- ${name}:start -->`;
  const end = `<!-- ${name}:end -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  const unique = from === text.lastIndexOf(start) && to === text.lastIndexOf(end);
  if (from < 0 || to < from || !unique) {
    throw new Error(`expected exactly one ${start} followed by one ${end}`);
  }
  return `${text.slice(0, from + start.length)}\n${content.trim()}\n${text.slice(to)}`;
}

/** Replaces a marked block in a file; leaves the file alone when nothing changes. */
export function writeMarkedBlock(path: string, name: string, content: string): void {
  const before = readFileSync(path, 'utf8');
  const after = replaceMarkedBlock(before, name, content);
  if (after !== before) writeFileSync(path, after);
}

/** A GitHub table; every column but the first is aligned right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
