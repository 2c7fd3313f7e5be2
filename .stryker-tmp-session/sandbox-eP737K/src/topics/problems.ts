// @ts-nocheck
// pure: what is wrong with a topic name or a topic filter (sections 4.7 and 4.8.2).

/** Why a string cannot be a topic name or a topic filter. */
export type TopicProblem =
  | 'empty-topic'
  | 'too-long'
  | 'null-character'
  | 'lone-surrogate'
  | 'wildcard-in-topic-name'
  | 'misplaced-multi-level-wildcard'
  | 'misplaced-single-level-wildcard'
  | 'empty-share-name'
  | 'wildcard-in-share-name'
  | 'missing-shared-filter';

const HASH = 0x23;
const PLUS = 0x2b;
const SLASH = 0x2f;

/** How many characters stand before the share name of a shared filter. */
export const SHARE_PREFIX_LENGTH = 7;

/** Statement numbers; where the versions differ, 3.1.1 stands before the bar and 5.0 after it. */
const STATEMENTS: Record<TopicProblem, string> = {
  'empty-topic': '4.7.3-1',
  'too-long': '4.7.3-3',
  'null-character': '4.7.3-2',
  'lone-surrogate': '1.5.3-1|1.5.4-1',
  'wildcard-in-topic-name': '4.7.1-1|4.7.0-1',
  'misplaced-multi-level-wildcard': '4.7.1-2|4.7.1-1',
  'misplaced-single-level-wildcard': '4.7.1-3|4.7.1-2',
  'empty-share-name': '|4.8.2-1',
  'wildcard-in-share-name': '|4.8.2-2',
  'missing-shared-filter': '|4.8.2-2',
};

/**
 * The normative statement a topic problem goes against, as the standard of that version numbers it.
 * `undefined` for the problems of share names in version 4, which knows none (section 4.8.2 is 5.0's).
 *
 * @example
 * topicProblemStatement('misplaced-multi-level-wildcard', 4); // => 'MQTT-4.7.1-2'
 * topicProblemStatement('misplaced-multi-level-wildcard', 5); // => 'MQTT-4.7.1-1'
 */
export function topicProblemStatement(problem: TopicProblem, version: 4 | 5): string | undefined {
  const sides = STATEMENTS[problem].split('|');
  const number = sides[version === 4 ? 0 : sides.length - 1];
  return number ? `MQTT-${number}` : undefined;
}

/** The rules names and filters have in common, and where wildcards may stand, in one pass. */
function scan(text: string, isFilter: boolean): TopicProblem | undefined {
  const length = text.length;
  // Asked in a way that a value which is no string, and may have no length, is a TypeError.
  if (Number.isNaN(text.charCodeAt(0))) return 'empty-topic';
  if (length > 65_535) return 'too-long';
  let bytes = length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > PLUS && unit < 0x80) continue;
    if (unit === PLUS || unit === HASH) {
      if (!isFilter) return 'wildcard-in-topic-name';
      const isLast = i + 1 === length;
      const startsLevel = i === 0 || text.charCodeAt(i - 1) === SLASH;
      if (unit === HASH) {
        if (!startsLevel || !isLast) return 'misplaced-multi-level-wildcard';
      } else if (!startsLevel || !(isLast || text.charCodeAt(i + 1) === SLASH)) {
        return 'misplaced-single-level-wildcard';
      }
    } else if (unit === 0) {
      return 'null-character';
    } else if (unit >= 0x80) {
      // UTF-8 needs 2 bytes below U+0800, 3 up to U+FFFF, and 4 for a pair of surrogates.
      bytes += unit < 0x800 ? 1 : 2;
      if ((unit & 0xf800) === 0xd800) {
        if (unit > 0xdbff || (text.charCodeAt(++i) & 0xfc00) !== 0xdc00) return 'lone-surrogate';
      }
    }
  }
  return bytes > 65_535 ? 'too-long' : undefined;
}

/**
 * Whether a filter begins with `$share/`, the mark of a shared subscription in MQTT 5.0 (section 4.8.2).
 * It says nothing about the rest: `$share/` alone is shared, and invalid. In MQTT 3.1.1 the mark means nothing.
 *
 * @example
 * isSharedFilter('$share/workers/jobs/#'); // => true
 * isSharedFilter('$SYS/#'); // => false
 */
export function isSharedFilter(filter: string): boolean {
  return filter.startsWith('$share/');
}

/**
 * What keeps a string from being a topic name, or `undefined` when nothing does (section 4.7, both versions).
 * A name has 1 to 65,535 bytes of UTF-8, no U+0000, no lone surrogate and no wildcard. The empty topic that
 * a 5.0 PUBLISH with a Topic Alias may carry stands for a name and is none.
 *
 * @example
 * topicNameProblem('kitchen/temperature'); // => undefined
 * topicNameProblem('kitchen/+'); // => 'wildcard-in-topic-name'
 */
export function topicNameProblem(name: string): TopicProblem | undefined {
  return scan(name, false);
}

/**
 * What keeps a string from being a topic filter, or `undefined` when nothing does (sections 4.7 and 4.8.2).
 * A filter that begins with `$share/` must be a valid shared one in version 5, and is ordinary in version 4.
 *
 * @example
 * topicFilterProblem('kitchen/#', 5); // => undefined
 * topicFilterProblem('kitchen/#/lamp', 5); // => 'misplaced-multi-level-wildcard'
 * topicFilterProblem('$share/workers', 5); // => 'missing-shared-filter'
 * topicFilterProblem('$share/workers', 4); // => undefined
 */
export function topicFilterProblem(filter: string, version: 4 | 5): TopicProblem | undefined {
  if (version === 5 && isSharedFilter(filter)) {
    let end = SHARE_PREFIX_LENGTH;
    for (let unit: number; end < filter.length; end++) {
      unit = filter.charCodeAt(end);
      if (unit === SLASH) break;
      if (unit === PLUS || unit === HASH) return 'wildcard-in-share-name';
    }
    if (end === SHARE_PREFIX_LENGTH) return 'empty-share-name';
    if (end + 1 >= filter.length) return 'missing-shared-filter';
  }
  return scan(filter, true);
}

/**
 * Whether a string is a topic name (section 4.7): see {@link topicNameProblem}.
 *
 * @example
 * isValidTopicName('/kitchen//lamp'); // => true
 * isValidTopicName('kitchen/#'); // => false
 */
export function isValidTopicName(name: string): boolean {
  return scan(name, false) === undefined;
}

/**
 * Whether a string is a topic filter in that version (sections 4.7 and 4.8.2): see {@link topicFilterProblem}.
 *
 * @example
 * isValidTopicFilter('+/temperature', 5); // => true
 * isValidTopicFilter('kitchen+', 5); // => false
 * isValidTopicFilter('$share//jobs', 5); // => false
 * isValidTopicFilter('$share//jobs', 4); // => true
 */
export function isValidTopicFilter(filter: string, version: 4 | 5): boolean {
  return topicFilterProblem(filter, version) === undefined;
}
