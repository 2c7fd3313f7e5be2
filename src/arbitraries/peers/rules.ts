// pure: what a peer under test is held to: a name for each rule, and the statement of each standard behind it.
import type { ProtocolVersion } from '../../errors.js';

// The number of the statement in MQTT 3.1.1 and in MQTT 5.0; '' where that standard numbers no such rule.
const TABLE = {
  // Either side
  'well-formed': ['', ''],
  'silence-after-the-end': ['3.14.4-2', '3.14.4-1'],
  'stays-connected': ['', ''],
  'unsolicited-acknowledgement': ['2.3.1-6', '2.2.1-5'],
  'acknowledges-qos-1': ['4.3.2-2', '4.3.2-4'],
  'acknowledges-qos-2': ['4.3.3-2', '4.3.3-8'],
  'answers-pubrel': ['4.3.3-2', '4.3.3-11'],
  'sends-pubrel': ['4.3.3-1', '4.3.3-4'],
  'pubrel-without-pubrec': ['4.3.3-1', '4.3.3-4'],
  'packet-id-in-use': ['2.3.1-2', '2.2.1-3'],
  'dup-on-a-resend': ['3.3.1-1', '3.3.1-1'],
  'no-dup-on-a-first-send': ['3.3.1-3', '3.3.1-3'],
  'resends-the-same': ['4.4.0-1', '4.4.0-1'],
  'resends-on-resume': ['4.4.0-1', '4.4.0-1'],
  'no-resend-otherwise': ['3.3.1-1', '4.4.0-1'],
  'no-publish-after-pubrel': ['4.3.3-1', '4.3.3-6'],
  'receive-maximum': ['', '4.9.0-2'],
  'exactly-once': ['4.3.3-2', '4.3.3-10'],
  'closes-on-violation': ['4.8.0-1', '4.13.1-1'],
  'topic-alias-unknown': ['', '3.3.2-7'],
  // A server
  'connack-first': ['3.2.0-1', '3.2.0-1'],
  'one-connack': ['3.2.0-1', '3.2.0-2'],
  'accepts-connect': ['3.1.4-4', '3.1.4-5'],
  'no-session-after-clean-start': ['3.2.2-1', '3.2.2-2'],
  'session-present': ['3.2.2-2', '3.2.2-3'],
  'no-session-present': ['3.2.2-3', '3.2.2-3'],
  takeover: ['3.1.4-2', '3.1.4-3'],
  'answers-subscribe': ['3.8.4-1', '3.8.4-1'],
  'suback-codes': ['3.8.4-5', '3.8.4-6'],
  'grants-at-most': ['3.8.4-5', '3.8.4-7'],
  'answers-unsubscribe': ['3.10.4-5', '3.10.4-4'],
  'unsuback-codes': ['', '3.11.3-1'],
  'answers-ping': ['3.12.4-1', '3.12.4-1'],
  'only-subscribed': ['3.3.2-3', '4.5.0-1'],
  'not-after-unsubscribe': ['3.10.4-2', '3.10.4-2'],
  'no-local': ['', '3.8.3-3'],
  'delivery-qos': ['3.8.4-6', '3.8.4-8'],
  'message-unchanged': ['4.5.0-1', '4.5.0-1'],
  'message-delivered': ['4.5.0-1', '4.5.0-1'],
  'copies-delivered': ['3.3.5-1', '3.3.4-2'],
  'message-order': ['4.6.0-6', '4.6.0-5'],
  'retain-flag-of-a-live-message': ['3.3.1-9', '3.3.1-12'],
  'retain-as-published': ['', '3.3.1-13'],
  'retained-on-subscribe': ['3.3.1-6', '3.3.1-9'],
  'no-retained-on-subscribe': ['', '3.3.1-10'],
  'retained-replaced': ['3.3.1-5', '3.3.1-5'],
  'subscription-identifiers': ['', '3.3.4-3'],
  'session-expiry': ['3.1.2-6', '4.1.0-2'],
  'will-published': ['3.1.2-8', '3.1.2-8'],
  'will-on-takeover': ['3.1.2-8', '3.1.4-3'],
  'will-after-violation': ['3.1.2-8', '3.1.2-8'],
  'will-while-connected': ['3.1.2-8', '3.1.2-8'],
  'will-once': ['3.1.2-10', '3.1.2-10'],
  'will-after-disconnect': ['3.14.4-3', '3.14.4-3'],
  'will-delay': ['', '3.1.2-8'],
  'will-after-return': ['', '3.1.3-9'],
  'will-not-retained': ['3.1.2-16', '3.1.2-14'],
  'will-retained': ['3.1.2-17', '3.1.2-15'],
  'shared-to-one': ['', ''],
  'shared-delivered': ['', '4.5.0-1'],
  'shared-qos': ['', '4.8.2-3'],
  'no-retained-for-shared': ['', ''],
  'topic-alias-maximum': ['', '3.1.2-26'],
  'no-topic-alias': ['', '3.1.2-27'],
  'accepts-topic-aliases': ['', '3.3.2-12'],
  'message-expiry': ['', '3.3.2-6'],
  // A client
  'connect-first': ['3.1.0-1', '3.1.0-1'],
  'one-connect': ['3.1.0-2', '3.1.0-2'],
  'connect-as-asked': ['', ''],
  'will-as-asked': ['', ''],
  'session-expiry-as-asked': ['', ''],
  'sends-what-was-published': ['', ''],
  'discards-a-lost-session': ['3.1.2-6', '3.2.2-5'],
  'resend-order': ['4.6.0-1', '4.6.0-1'],
  'puback-order': ['4.6.0-2', '4.6.0-2'],
  'pubrec-order': ['4.6.0-3', '4.6.0-3'],
  'pubrel-order': ['4.6.0-4', '4.6.0-4'],
  'keep-alive': ['3.1.2-23', '3.1.2-20'],
  'closes-after-disconnect': ['3.14.4-1', '3.14.4-2'],
  'hands-over': ['4.3.2-2', '4.3.2-4'],
  'server-topic-alias-maximum': ['', '3.3.2-9'],
  'resolves-topic-aliases': ['', '3.3.2-10'],
} as const;

/** The names of the rules that {@link runBrokerCommands} and {@link runClientCommands} hold a peer to. */
export type PeerRule = keyof typeof TABLE;

/** The names of all rules, for lists of those that a peer is known to break. */
export const PEER_RULES: readonly PeerRule[] = /* @__PURE__ */ Object.keys(TABLE) as PeerRule[];

/** The statement behind a rule, where the standard numbers it. */
export function statementOf(rule: PeerRule, version: ProtocolVersion): string | undefined {
  const number = TABLE[rule][version === 4 ? 0 : 1];
  return number === '' ? undefined : `MQTT-${number}`;
}

/** A peer under test has broken a rule; the message says how, and what was said before. */
export class PeerViolation extends Error {
  override readonly name = 'PeerViolation';
  /** The name of the rule, which `except` can take off. */
  readonly rule: PeerRule;
  /** The standard's number of the statement behind it, such as `MQTT-3.3.1-1`, where it has one. */
  readonly statement: string | undefined;
  /** What was wrong, in words, without what was said before. */
  readonly reason: string;

  constructor(rule: PeerRule, reason: string, statement: string | undefined, said: readonly string[]) {
    const cited = statement === undefined ? rule : `${rule}, ${statement}`;
    super([`${reason} [${cited}]`, ...said.map((line) => `  ${line}`)].join('\n'));
    this.rule = rule;
    this.statement = statement;
    this.reason = reason;
  }
}
