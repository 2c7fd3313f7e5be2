// @ts-nocheck
// pure: the floor of sessions, and the entry puremqtt/session.
export { storedFromJson, storedToJson } from './bytes-json.js';
export { applySessionChanges, type RowChanges, type SessionChanges, sessionChanges } from './changes.js';
export {
  FLOW_RULES,
  type FlowError,
  type FlowRules,
  INCOMING_MOVES,
  type IncomingEvent,
  type IncomingMove,
  type IncomingPhase,
  incomingMove,
  OUTGOING_MOVES,
  type OutgoingEvent,
  type OutgoingMove,
  type OutgoingPhase,
  outgoingEvent,
  outgoingMove,
} from './flows.js';
export {
  DEFAULT_QUEUE_LIMITS,
  dropExpired,
  type QueueResult,
  queueMessage,
  type SendablePublish,
} from './messages.js';
export type { Queue, QueuedMessage, QueueLimits } from './queue.js';
export { importSession } from './restore.js';
export {
  emptySession,
  flowOf,
  flowsInOrder,
  type HasSession,
  type IncomingFlow,
  incomingOf,
  type OutgoingFlow,
  type PublishFlow,
  type ReleaseFlow,
  type RequestFlow,
  type SessionState,
  type StoredMessage,
  sessionSize,
  type Token,
  unacknowledged,
} from './state.js';
export {
  exportSession,
  type StoredCounters,
  type StoredIncoming,
  type StoredMessageRow,
  type StoredOutgoing,
  type StoredPublish,
  type StoredQueued,
  type StoredRelease,
  type StoredSession,
} from './stored.js';
export type { Trie, TrieNode } from './trie.js';
