// pure: Topic Filters as SUBSCRIBE and UNSUBSCRIBE carry them (section 4.7).
import { failure, type Reader, readString } from '../bytes/reader.js';
import { refusal, type Writer, writeString } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { topicFilterProblem, topicProblemStatement } from '../topics/problems.js';

/** Reads a Topic Filter and checks its form. */
export function readTopicFilter(r: Reader, field: string, version: ProtocolVersion): string {
  const { at, bytes } = r;
  const filter = readString(r, field);
  if (isPlain(bytes, at + 2, r.at)) return filter;
  const problem = topicFilterProblem(filter, version);
  if (problem !== undefined) {
    throw failure(r, 'invalid-topic-filter', field, at, topicProblemStatement(problem, version)?.slice(5));
  }
  return filter;
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

/** Writes a Topic Filter and checks its form. */
export function writeTopicFilter(w: Writer, value: unknown, field: string): void {
  writeString(w, value, field);
  const problem = topicFilterProblem(value as string, w.version);
  if (problem !== undefined) {
    throw refusal(w, 'invalid-topic-filter', field, topicProblemStatement(problem, w.version)?.slice(5));
  }
}
