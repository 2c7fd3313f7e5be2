/** What the hosted broker enforces, and how it says so. */
import { type DecodedConnect, isValidTopicFilter, parseSharedFilter } from '../../../src/index.js';
import type { BrokerOptions } from '../broker/options.js';

export interface HostedLimits {
  /** Characters of a Client Identifier. */
  readonly clientId: number;
  /** Characters of a topic; its root slash, and the name of a shared subscription, do not count. */
  readonly topic: number;
  /** What a topic may consist of besides letters from a to z and digits. */
  readonly specialCharacters: string;
  /** Bytes of the payload of a message. */
  readonly payload: number;
  /** Subscriptions of one connection. */
  readonly subscriptions: number;
  /** Keep Alive, in seconds. */
  readonly shortestKeepAlive: number;
  readonly longestKeepAlive: number;
}

export const HOSTED_LIMITS: HostedLimits = {
  clientId: 64,
  topic: 128,
  specialCharacters: '.,:;-_$/+#',
  payload: 65_536,
  subscriptions: 100,
  shortestKeepAlive: 1,
  longestKeepAlive: 300,
};

/** What each number can be. */
export const RANGES = {
  clientId: [1, 65_535],
  topic: [1, 65_535],
  payload: [0, 134_217_728],
  subscriptions: [0, 1_000_000],
  shortestKeepAlive: [1, 65_535],
  longestKeepAlive: [1, 65_535],
} as const;

/** Room for what a PUBLISH has besides its payload: the topic and the properties. */
const BESIDES = 65_536;

/** Throws for a limit that is none; `nameOf` says what its user calls it. */
export function limitsOf(given: Partial<HostedLimits> = {}, nameOf = (field: string) => field): HostedLimits {
  const limits: HostedLimits = { ...HOSTED_LIMITS, ...given };
  for (const [field, [lowest, highest]] of Object.entries(RANGES)) {
    const value = limits[field as keyof typeof RANGES];
    if (!Number.isInteger(value) || value < lowest || value > highest) {
      throw new Error(`${nameOf(field)} has to be a whole number from ${lowest} to ${highest}`);
    }
  }
  if (/[*\p{L}\p{N}\p{C}]/u.test(limits.specialCharacters)) {
    throw new Error(`${nameOf('specialCharacters')} has to be neither letters, digits nor *`);
  }
  if (limits.shortestKeepAlive > limits.longestKeepAlive) {
    throw new Error(`${nameOf('shortestKeepAlive')} has to be at most ${nameOf('longestKeepAlive')}`);
  }
  return limits;
}

/** What the broker is told, so that it keeps to the limits and lets in who knows a token of the instance. */
export function enforcing(
  limits: HostedLimits,
  isKnown: (connect: DecodedConnect) => boolean,
): BrokerOptions {
  const specials = limits.specialCharacters.replace(/[\\\]^-]/g, '\\$&');
  const format = new RegExp(`^[A-Za-z0-9${specials}]+$`);
  const isTopic = (topic: string): boolean => {
    const bare = topic.startsWith('/') ? topic.slice(1) : topic;
    return bare.length <= limits.topic && format.test(bare) && !bare.startsWith('/');
  };
  return {
    limits: { subscriptions: limits.subscriptions, packetSize: limits.payload + BESIDES },
    serverKeepAlive: limits.longestKeepAlive,
    shortestKeepAlive: limits.shortestKeepAlive,
    ignoresRoot: true,
    refusals: 'disconnect',
    authenticate(connect) {
      if (!isKnown(connect)) return 0x86; // bad user name or password
      return [...connect.clientId].length > limits.clientId ? 0x85 : 0x00; // Client Identifier not valid
    },
    authorizePublish(_who, topic, payload) {
      if (!isTopic(topic)) return 0x90; // Topic Name invalid
      return payload.length > limits.payload ? 0x97 : 0x00; // quota exceeded
    },
    authorizeSubscribe(_who, filter) {
      const topicFilter = parseSharedFilter(filter)?.topicFilter ?? filter;
      const isGood = isTopic(topicFilter) && format.test(filter) && isValidTopicFilter(filter, 5);
      return isGood ? 0x00 : 0x8f; // Topic Filter invalid
    },
  };
}
