// pure: Topic Filters as SUBSCRIBE and UNSUBSCRIBE carry them (section 4.7).
import type { Reader } from '../bytes/reader.js';
import type { Writer } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { topicFilterProblem, topicProblemStatement } from '../topics/index.js';

/** Reads a Topic Filter and checks its form. */
export function readTopicFilter(r: Reader, field: string, version: ProtocolVersion): string {
  const at = r.at;
  const filter = r.string(field);
  const problem = topicFilterProblem(filter, version);
  if (problem !== undefined) {
    throw r.malformed('invalid-topic-filter', field, at, topicProblemStatement(problem, version));
  }
  return filter;
}

/** Writes a Topic Filter and checks its form. */
export function writeTopicFilter(w: Writer, value: unknown, field: string): void {
  w.string(value, field);
  const problem = topicFilterProblem(value as string, w.version);
  if (problem !== undefined) {
    throw w.invalid('invalid-topic-filter', field, topicProblemStatement(problem, w.version));
  }
}
