// pure: Topic Filters as SUBSCRIBE and UNSUBSCRIBE carry them (section 4.7).
import { failure, type Reader, readString } from '../bytes/reader.js';
import { refusal, type Writer, writeString } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { topicFilterProblem, topicProblemStatement } from '../topics/problems.js';

/** Reads a Topic Filter and checks its form. */
export function readTopicFilter(r: Reader, field: string, version: ProtocolVersion): string {
  const at = r.at;
  const filter = readString(r, field);
  const problem = topicFilterProblem(filter, version);
  if (problem !== undefined) {
    throw failure(r, 'invalid-topic-filter', field, at, topicProblemStatement(problem, version)?.slice(5));
  }
  return filter;
}

/** Writes a Topic Filter and checks its form. */
export function writeTopicFilter(w: Writer, value: unknown, field: string): void {
  writeString(w, value, field);
  const problem = topicFilterProblem(value as string, w.version);
  if (problem !== undefined) {
    throw refusal(w, 'invalid-topic-filter', field, topicProblemStatement(problem, w.version)?.slice(5));
  }
}
