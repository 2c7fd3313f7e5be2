/** Nothing that a user of the Worker does grows beyond these. */
export const DEFAULT_LIMITS = {
  /** Connections to brokers at once, of one instance of the Worker. */
  connections: 100,
  /** Bytes of the body of a request, and characters of a WebSocket message. */
  bodyBytes: 1_048_576,
  /** Bytes of a payload, and of a packet that a broker sends. */
  payloadBytes: 262_144,
  packetBytes: 1_048_576,
  /** Topic Filters in one message of a session, and in the whole of it. */
  topics: 50,
  subscriptions: 100,
  /** Messages of QoS 1 and 2 that may wait for the broker, and their bytes. */
  queuedMessages: 200,
  queuedBytes: 2_097_152,
  /** What a session may have asked of the broker that is not answered. */
  requests: 500,
  /** Bytes that may wait for a browser before no more is read from the broker, and how long it may then take. */
  unreadBytes: 262_144,
  unreadMilliseconds: 10_000,
  /** How long a broker may take to answer, if the user says nothing, and at most. */
  timeout: 10_000,
  maximumTimeout: 30_000,
  /** How long a session may take to say where to connect to, and how long it may last. */
  firstMessageMilliseconds: 10_000,
  sessionMilliseconds: 43_200_000,
  /** Attempts to connect again in a row, the first wait and the longest one. */
  attempts: 10,
  retryMilliseconds: 500,
  maximumRetryMilliseconds: 10_000,
};

export type Limits = typeof DEFAULT_LIMITS;
