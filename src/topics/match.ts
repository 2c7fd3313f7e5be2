// pure: whether a topic filter matches a topic name, and the two parts of a shared filter.
import { isSharedFilter, SHARE_PREFIX_LENGTH, topicFilterProblem, topicNameProblem } from './problems.js';

const HASH = 0x23;
const DOLLAR = 0x24;
const PLUS = 0x2b;

/** Where the part of a filter that is compared with names begins: after the share name of a 5.0 shared filter. */
export function matchedPartStart(filter: string, version: 4 | 5): number {
  return version === 5 && isSharedFilter(filter) ? filter.indexOf('/', SHARE_PREFIX_LENGTH) + 1 : 0;
}

/** The index after the level that begins at `start`. */
export function levelEnd(text: string, start: number): number {
  const slash = text.indexOf('/', start);
  return slash < 0 ? text.length : slash;
}

/** Section 4.7 for a filter and a name that are known to be valid; on others the answer means nothing. */
export function levelsMatch(filter: string, start: number, name: string): boolean {
  const first = filter.charCodeAt(start);
  if ((first === HASH || first === PLUS) && name.charCodeAt(0) === DOLLAR) return false;
  let n = 0;
  for (let f = start; f < filter.length; f++) {
    const unit = filter.charCodeAt(f);
    if (unit === HASH) return true;
    if (unit === PLUS) {
      n = levelEnd(name, n);
    } else if (n === name.length) {
      // The name has come to its end: of what a filter may still hold, "/#" alone matches the parent level.
      return filter.charCodeAt(f + 1) === HASH;
    } else if (unit !== name.charCodeAt(n++)) {
      return false;
    }
  }
  return n === name.length;
}

/**
 * Whether a topic filter matches a topic name (section 4.7). Compared code unit by code unit: no case folding,
 * no normalisation; wildcards that start a filter do not match names that start with `$`. In version 5 (the
 * default) a shared filter is compared by the part after its share name (section 4.8.2); in version 4 it is
 * an ordinary filter. An invalid filter matches nothing, and nothing matches an invalid name. Throws nothing.
 *
 * @example
 * topicMatches('kitchen/+/on', 'kitchen/lamp/on'); // => true
 * topicMatches('kitchen/#', 'kitchen'); // => true
 * topicMatches('#', '$SYS/uptime'); // => false
 * topicMatches('$share/workers/jobs/+', 'jobs/7', 5); // => true
 */
export function topicMatches(filter: string, name: string, version: 4 | 5 = 5): boolean {
  // Most pairs differ early, so validity is asked for last, of the few that seem to match.
  return (
    levelsMatch(filter, matchedPartStart(filter, version), name) &&
    topicNameProblem(name) === undefined &&
    topicFilterProblem(filter, version) === undefined
  );
}

/** The two parts of the filter of a shared subscription (MQTT 5.0, section 4.8.2). */
export interface SharedFilter {
  /** The ShareName: subscribers with the same one and the same topic filter share the messages. */
  shareName: string;
  /** The topic filter that names are compared with. */
  topicFilter: string;
}

/**
 * Splits `$share/{ShareName}/{filter}` into its parts (MQTT 5.0, section 4.8.2). `undefined` both for an
 * ordinary filter and for an invalid shared one: {@link isValidTopicFilter} in version 5 tells them apart.
 *
 * @example
 * parseSharedFilter('$share/workers/jobs/#'); // => { shareName: 'workers', topicFilter: 'jobs/#' }
 * parseSharedFilter('jobs/#'); // => undefined
 */
export function parseSharedFilter(filter: string): SharedFilter | undefined {
  if (!isSharedFilter(filter) || topicFilterProblem(filter, 5) !== undefined) return undefined;
  const start = matchedPartStart(filter, 5);
  return { shareName: filter.slice(SHARE_PREFIX_LENGTH, start - 1), topicFilter: filter.slice(start) };
}
