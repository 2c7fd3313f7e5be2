// @ts-nocheck
// pure: Topic Filters as SUBSCRIBE and UNSUBSCRIBE carry them (section 4.7).
import { failure, type Reader, readString, statementOf } from '../bytes/reader.js';
import { refusal, type Writer, writeString } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';

// What a filter must not look like, with the statement that says so; a version without one does not mind.
const RULES: readonly (readonly [pattern: RegExp, statement: string])[] = [
  [/^$/, '4.7.3-1'],
  [/^\$share\/(\/|$)/, '|4.8.2-1'],
  [/^\$share\/[^/]*([+#]|\/?$)/, '|4.8.2-2'],
  [/[^/]#|#./s, '4.7.1-2|4.7.1-1'],
  [/[^/]\+|\+[^/]/, '4.7.1-3|4.7.1-2'],
];

/** Reads a Topic Filter and checks its form. */
export function readTopicFilter(r: Reader, field: string, version: ProtocolVersion): string {
  const { at, bytes } = r;
  const filter = readString(r, field);
  if (isPlain(bytes, at + 2, r.at)) return filter;
  const statement = brokenRule(filter, version);
  if (statement !== undefined) throw failure(r, 'invalid-topic-filter', field, at, statement);
  return filter;
}

/** Writes a Topic Filter and checks its form. */
export function writeTopicFilter(w: Writer, value: unknown, field: string): void {
  const { at } = w;
  writeString(w, value, field);
  if (isPlain(w.bytes, at + 2, w.at)) return;
  const statement = brokenRule(value as string, w.version);
  if (statement !== undefined) throw refusal(w, 'invalid-topic-filter', field, statement);
}

/**
 * Whether the bytes of a string are a valid filter beyond doubt. Its characters cost twice as much to look at, and
 * only a filter that is shared, or wrong, needs them.
 */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end || bytes[start] === 0x24) return false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte !== 0x23 && byte !== 0x2b) continue;
    if (i > start && bytes[i - 1] !== 0x2f) return false;
    if (i + 1 < end && (byte === 0x23 || bytes[i + 1] !== 0x2f)) return false;
  }
  return true;
}

function brokenRule(filter: string, version: ProtocolVersion): string | undefined {
  return RULES.find(([pattern, short]) => statementOf(short, version) && pattern.test(filter))?.[1];
}
