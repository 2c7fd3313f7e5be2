// pure: Topic Filters as SUBSCRIBE and UNSUBSCRIBE carry them (section 4.7).
import { failure, type Place, statementOf } from '../bytes/place.js';
import { type Reader, readString } from '../bytes/reader.js';
import { type Writer, writeString } from '../bytes/writer.js';

// What a filter must not look like, with the statement that says so; a version without one does not mind.
const RULES: readonly (readonly [pattern: RegExp, statement: string])[] = [
  [/^$/, '4.7.3-1'],
  [/^\$share\/(\/|$)/, '|4.8.2-1'],
  [/^\$share\/[^/]*([+#]|\/?$)/, '|4.8.2-2'],
  [/[^/]#|#./s, '4.7.1-2|4.7.1-1'],
  [/[^/]\+|\+[^/]/, '4.7.1-3|4.7.1-2'],
];

/** Reads a Topic Filter and checks its form. */
export function readTopicFilter(r: Reader, field: string): string {
  const { at } = r;
  const filter = readString(r, field);
  if (!isPlain(r.bytes, at + 2, r.at)) checkFilter(r, filter, field);
  return filter;
}

/** Writes a Topic Filter and checks its form. */
export function writeTopicFilter(w: Writer, value: unknown, field: string): void {
  const { at } = w;
  writeString(w, value, field);
  if (!isPlain(w.bytes, at + 2, w.at)) checkFilter(w, value as string, field);
}

function checkFilter(place: Place, filter: string, field: string): void {
  for (const [pattern, statement] of RULES) {
    if (statementOf(statement, place.version) && pattern.test(filter)) {
      throw failure(place, 'invalid-topic-filter', field, statement);
    }
  }
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
