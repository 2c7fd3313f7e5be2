// pure: whether a packet of the caller may be sent to this peer, before anything of it is (section 3.2.2.3).
import type { MqttError } from '../errors.js';
import { refusal, tooLarge } from '../session/failures.js';
import { publishSize, type SendablePublish, sizeOf } from '../session/messages.js';
import type { StoredMessage } from '../session/state.js';
import { isSharedFilter } from '../topics/index.js';
import { type AliasState, outgoingTopic } from './aliases.js';
import { sizeRule } from './fit.js';
import type { SendablePacket, SendableSubscribe, SendableUnsubscribe } from './inputs.js';
import type { Limits } from './limits.js';
import type { Role, Terms } from './state.js';

// A Topic Alias may still be added to a PUBLISH that has none.
const ALIAS_ROOM = 4;

/** The size that a PUBLISH has at most, or why it may not be sent. */
export function checkPublish(
  packet: SendablePublish,
  { version, peers }: Terms,
  role: Role,
  aliases: AliasState,
): number | MqttError {
  let size = publishSize(packet, version);
  const limit = peers.maximumPacketSize;
  if (typeof size === 'number' && size > limit) {
    size = sizeOf({ ...packet, ...(packet.qos ? { packetId: 1 } : {}) }, version);
  }
  if (typeof size !== 'number') return size;
  if (size > limit) {
    return tooLarge(size, limit, { version, packetType: 'publish', statement: sizeRule(role) });
  }
  const { properties, qos = 0, retain } = packet;
  if (role === 'client') {
    const refused = checkPublishLimits(qos, retain === true, peers);
    if (refused !== undefined) return refused;
    if (properties?.subscriptionIdentifiers !== undefined && properties.subscriptionIdentifiers.length > 0) {
      const field = 'properties.subscriptionIdentifiers';
      return refusal('wrong-sender', field, { version, packetType: 'publish', statement: '|3.3.4-6' });
    }
  }
  const alias = properties?.topicAlias;
  if (alias !== undefined) {
    const context = { version, packetType: 'publish', statement: aliasRule(role, peers) } as const;
    if (alias > peers.topicAliasMaximum) {
      return refusal('topic-alias-out-of-range', 'properties.topicAlias', context);
    }
    if (packet.topic === '' && outgoingTopic(aliases, alias) === undefined) {
      return refusal('unknown-topic-alias', 'properties.topicAlias', { version, packetType: 'publish' });
    }
  }
  return size;
}

function aliasRule(role: Role, { topicAliasMaximum }: Limits): string {
  if (role === 'client') return topicAliasMaximum === 0 ? '|3.2.2-18' : '|3.2.2-17';
  return topicAliasMaximum === 0 ? '|3.1.2-27' : '|3.1.2-26';
}

/** What a server has said it does not take. */
function checkPublishLimits(qos: number, retain: boolean, peers: Limits): MqttError | undefined {
  if (qos > peers.maximumQoS) {
    return refusal('qos-not-supported', 'qos', {
      version: 5,
      packetType: 'publish',
      statement: '|3.2.2-11',
    });
  }
  if (retain && !peers.retainAvailable) {
    const context = { version: 5, packetType: 'publish', statement: '|3.2.2-14' } as const;
    return refusal('retain-not-supported', 'retain', context);
  }
  return undefined;
}

/** Whether a message of an earlier connection, or of the queue, may be sent on this one. */
export function checkMessage(
  message: StoredMessage,
  { version, peers }: Terms,
  role: Role,
): MqttError | undefined {
  const refused = role === 'client' ? checkPublishLimits(message.qos, message.retain, peers) : undefined;
  if (refused !== undefined) return refused;
  const { topic, payload, qos, retain } = message;
  // A message of MQTT 5.0 goes to a peer of 3.1.1 without them.
  const properties = version === 5 ? message.properties : undefined;
  const packet: SendablePublish = { type: 'publish', topic, payload, qos, retain, properties };
  let size = publishSize(packet, version);
  if (typeof size === 'number' && size > peers.maximumPacketSize)
    size = sizeOf({ ...packet, packetId: 1 }, version);
  if (typeof size !== 'number') return size;
  return size > peers.maximumPacketSize
    ? tooLarge(size, peers.maximumPacketSize, { version, packetType: 'publish', statement: sizeRule(role) })
    : undefined;
}

/** Whether a PUBLISH of that size has room for a Topic Alias. */
export function hasAliasRoom(size: number, limit: number): boolean {
  return size + ALIAS_ROOM <= limit;
}

/** Why a SUBSCRIBE or UNSUBSCRIBE may not be sent. */
export function checkRequest(
  packet: SendableSubscribe | SendableUnsubscribe,
  { version, peers }: Terms,
  role: Role,
): MqttError | undefined {
  const { type } = packet;
  const context = { version, packetType: type } as const;
  if (role === 'server') return refusal('wrong-sender', 'type', context);
  const size = sizeOf({ ...packet, packetId: 1 }, version);
  if (typeof size !== 'number') return size;
  const limit = peers.maximumPacketSize;
  if (size > limit) return tooLarge(size, limit, { ...context, statement: sizeRule(role) });
  // A server of MQTT 3.1.1 cannot say what is not available.
  const problem = type === 'subscribe' ? subscriptionProblem(packet, peers) : undefined;
  return problem === undefined ? undefined : refusal(problem.code, problem.field, context);
}

/** What a SUBSCRIBE wants and that side of the connection does not offer. */
export function subscriptionProblem(
  packet: Pick<SendableSubscribe, 'subscriptions' | 'properties'>,
  limits: Limits,
): { readonly code: SubscriptionProblem; readonly reasonCode: number; readonly field: string } | undefined {
  const identifier = packet.properties?.subscriptionIdentifier;
  if (identifier !== undefined && !limits.subscriptionIdentifierAvailable) {
    const field = 'properties.subscriptionIdentifier';
    return { code: 'subscription-identifiers-not-supported', reasonCode: 0xa1, field };
  }
  if (limits.sharedSubscriptionAvailable && limits.wildcardSubscriptionAvailable) return undefined;
  for (const [index, { topicFilter }] of packet.subscriptions.entries()) {
    const field = `subscriptions[${index}].topicFilter`;
    if (!limits.sharedSubscriptionAvailable && isSharedFilter(topicFilter)) {
      return { code: 'shared-subscriptions-not-supported', reasonCode: 0x9e, field };
    }
    if (!limits.wildcardSubscriptionAvailable && /[+#]/.test(topicFilter)) {
      return { code: 'wildcard-subscriptions-not-supported', reasonCode: 0xa2, field };
    }
  }
  return undefined;
}

type SubscriptionProblem =
  | 'subscription-identifiers-not-supported'
  | 'shared-subscriptions-not-supported'
  | 'wildcard-subscriptions-not-supported';

/** Why a packet may never be sent to this peer, as things stand. */
export function checkPacket(
  packet: SendablePacket,
  terms: Terms,
  role: Role,
  aliases: AliasState,
): MqttError | undefined {
  if (packet.type !== 'publish') return checkRequest(packet, terms, role);
  const size = checkPublish(packet, terms, role, aliases);
  return typeof size === 'number' ? undefined : size;
}
