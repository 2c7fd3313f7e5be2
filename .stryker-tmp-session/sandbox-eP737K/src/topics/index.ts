// @ts-nocheck
// pure: the floor of topics, and the entry puremqtt/topics.
export { TopicFilterIndex } from './filter-index.js';
export { parseSharedFilter, type SharedFilter, topicMatches } from './match.js';
export {
  isSharedFilter,
  isValidTopicFilter,
  isValidTopicName,
  type TopicProblem,
  topicFilterProblem,
  topicNameProblem,
  topicProblemStatement,
} from './problems.js';
