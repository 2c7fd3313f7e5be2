// @ts-nocheck
// pure: what each side of a connection can take, as CONNECT and CONNACK say it (sections 3.1.2.11 and 3.2.2.3).
import { DEFAULT_MAXIMUM_PACKET_SIZE, MAXIMUM_PACKET_SIZE } from '../spec/limits.js';
import type { ConnackProperties, ConnectProperties } from '../spec/properties.js';

/** What one side of a connection takes from the other. */
export interface Limits {
  /** How many QoS 1 and 2 messages at a time, 1 to 65,535. */
  readonly receiveMaximum: number;
  /** The largest packet in bytes, fixed header included. */
  readonly maximumPacketSize: number;
  /** The highest Topic Alias; 0: none. */
  readonly topicAliasMaximum: number;
  /** The highest QoS. */
  readonly maximumQoS: 0 | 1 | 2;
  /** Whether retained messages. */
  readonly retainAvailable: boolean;
  /** Whether Topic Filters with wildcards. */
  readonly wildcardSubscriptionAvailable: boolean;
  /** Whether Subscription Identifiers. */
  readonly subscriptionIdentifierAvailable: boolean;
  /** Whether shared subscriptions. */
  readonly sharedSubscriptionAvailable: boolean;
}

/** What holds where nothing was said: everything, as far as the protocol can carry it. */
export const NO_LIMITS: Limits = {
  receiveMaximum: 65_535,
  maximumPacketSize: MAXIMUM_PACKET_SIZE,
  topicAliasMaximum: 0,
  maximumQoS: 2,
  retainAvailable: true,
  wildcardSubscriptionAvailable: true,
  subscriptionIdentifierAvailable: true,
  sharedSubscriptionAvailable: true,
};

/** Limits as properties of CONNECT or CONNACK say them, by what their absence means. */
export function limitsOf(properties: (ConnectProperties & ConnackProperties) | undefined): Limits {
  if (properties === undefined) return NO_LIMITS;
  return {
    receiveMaximum: properties.receiveMaximum ?? NO_LIMITS.receiveMaximum,
    maximumPacketSize: Math.min(properties.maximumPacketSize ?? MAXIMUM_PACKET_SIZE, MAXIMUM_PACKET_SIZE),
    topicAliasMaximum: properties.topicAliasMaximum ?? 0,
    maximumQoS: properties.maximumQoS ?? 2,
    retainAvailable: properties.retainAvailable !== 0,
    wildcardSubscriptionAvailable: properties.wildcardSubscriptionAvailable !== 0,
    subscriptionIdentifierAvailable: properties.subscriptionIdentifierAvailable !== 0,
    sharedSubscriptionAvailable: properties.sharedSubscriptionAvailable !== 0,
  };
}

/** Our own limits: a packet size is always set, since a parser has to have one. */
export function ownLimits(properties: (ConnectProperties & ConnackProperties) | undefined): Limits {
  return limitsOf({ maximumPacketSize: DEFAULT_MAXIMUM_PACKET_SIZE, ...properties });
}
