// pure: Topic Filters as SUBSCRIBE and UNSUBSCRIBE carry them (section 4.7).
import { failure, type Place } from '../bytes/place.js';
import { type Reader, readString } from '../bytes/reader.js';
import { type Writer, writeString } from '../bytes/writer.js';

const NUMBER_SIGN = 0x23;
const PLUS_SIGN = 0x2b;
const SLASH = 0x2f;

/** Reads a Topic Filter and checks its form. */
export function readTopicFilter(r: Reader, field: string): string {
  const { at, bytes } = r;
  const filter = readString(r, field);
  checkFilter(r, brokenRule(filter, bytes, at + 2, r.at, r.version), field);
  return filter;
}

/** Writes a Topic Filter and checks its form. */
export function writeTopicFilter(w: Writer, value: unknown, field: string): void {
  const { at } = w;
  writeString(w, value, field);
  checkFilter(w, brokenRule(value as string, w.bytes, at + 2, w.at, w.version), field);
}

function checkFilter(place: Place, broken: string | undefined, field: string): void {
  if (broken) throw failure(place, 'invalid-topic-filter', field, broken);
}

/** The statement that a filter breaks. Its bytes are looked at: characters cost twice as much. */
function brokenRule(
  filter: string,
  bytes: Uint8Array,
  start: number,
  end: number,
  version: number,
): string | undefined {
  if (start === end) return '4.7.3-1';
  let broken: string | undefined;
  if (version === 5 && filter.startsWith('$share/')) {
    // The ShareName (section 4.8.2): there, and without wildcards, and a filter after it.
    if (/^.{7}(\/|$)/.test(filter)) return '4.8.2-1';
    if (/^.{7}[^/]*([+#]|\/?$)/.test(filter)) return '4.8.2-2';
  }
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte !== NUMBER_SIGN && byte !== PLUS_SIGN) continue;
    const begins = i === start || bytes[i - 1] === SLASH;
    const isLast = i + 1 === end;
    if (byte === NUMBER_SIGN) {
      if (!begins || !isLast) return '4.7.1-2|4.7.1-1';
    } else if (!begins || !(isLast || bytes[i + 1] === SLASH)) broken = '4.7.1-3|4.7.1-2';
  }
  return broken;
}
