/** What the hosted broker enforces, and how it says so. */
import { type DecodedConnect, isValidTopicFilter, parseSharedFilter } from '../../../src/index.js';
import type { BrokerOptions } from '../broker/options.js';
import { Fields } from '../fields/fields.js';
import { settingsOf } from '../fields/settings.js';

/** What holds where nothing else is said. */
export const USUAL_LIMITS = {
  /** Characters of a Client Identifier. */
  clientId: 64,
  /** Characters of a topic; its root slash, and the name of a shared subscription, do not count. */
  topic: 128,
  /** What a topic may consist of besides letters from a to z and digits. */
  specialCharacters: '.,:;-_$/+#',
  /** Bytes of the payload of a message. */
  payload: 65_536,
  /** Subscriptions of one connection. */
  subscriptions: 100,
  /** Keep Alive, in seconds. */
  shortestKeepAlive: 1,
  longestKeepAlive: 300,
};

export type HostedLimits = Readonly<typeof USUAL_LIMITS>;

/** The longest payload, well within the largest packet, in bytes. */
const HIGHEST_PAYLOAD = 134_217_728;

/** Room for what a PUBLISH has besides its payload: the topic and the properties. */
const BESIDES = 65_536;

/** Throws FieldError for a limit that is none. */
export function limitsOf(given: Readonly<Record<string, unknown>> = {}): HostedLimits {
  const fields = new Fields(given, 'limits', false);
  const limits = settingsOf(USUAL_LIMITS, fields, { payload: [1, HIGHEST_PAYLOAD] }, [1, 65_535]);
  if (/[*\p{L}\p{N}\p{C}]/u.test(limits.specialCharacters))
    throw fields.error('specialCharacters', 'it has to have neither letters, digits nor *');
  if (limits.shortestKeepAlive > limits.longestKeepAlive)
    throw fields.error('shortestKeepAlive', 'it has to be at most longestKeepAlive');
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
