// pure: how the clients of a test connect, subscribe, publish and leave, and the packets that say so.
import type { ProtocolVersion } from '../../errors.js';
import type { ConnectPacket } from '../../packets/connect.js';
import type { DisconnectPacket } from '../../packets/disconnect.js';
import type { SubscribePacket } from '../../packets/subscribe.js';
import type { Message, QoS, Wish } from './broker-messages.js';

/** A will to leave; the topic is without the prefix. */
export interface Willing {
  readonly topic: string;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly expiry: number | undefined;
  /** Whether it is to wait, for so long that it does not come while its session lives. */
  readonly hasDelay: boolean;
}

/** How a client connects. */
export interface Joining {
  readonly cleanStart: boolean;
  /** Whether the session outlives the connection; with MQTT 3.1.1 the opposite of `cleanStart`. */
  readonly keeps: boolean;
  readonly receiveMaximum?: number | undefined;
  readonly topicAliasMaximum?: number | undefined;
  readonly will?: Willing | undefined;
}

/** A message to publish; the topic is without the prefix. */
export interface Publishing {
  readonly topic: string;
  readonly qos: QoS;
  readonly retain: boolean;
  /** How long the payload is, beside its number; undefined: it is empty, and nothing tells it apart. */
  readonly size: number | undefined;
  readonly expiry?: number | undefined;
  /** The Topic Alias to publish it with, if the broker takes so many. */
  readonly alias?: number | undefined;
}

/** A wish, with its filter without the prefix. */
export interface Subscribing extends Wish {
  /** The name of the shared subscription, if it is one. */
  readonly share?: string | undefined;
}

/** How a client says goodbye. */
export interface Leaving {
  /** Whether its will is to be published: DISCONNECT 0x04. */
  readonly withWill: boolean;
  /** Whether its session ends: Session Expiry Interval 0. */
  readonly endsSession: boolean;
}

export const CLEAN: Joining = { cleanStart: true, keeps: false };
export const BACK: Joining = { cleanStart: false, keeps: true };
export const GOODBYE: Leaving = { withWill: false, endsSession: false };

/** Seconds for sessions, delays and messages that do not end in a test. */
export const LONG = 3_600;

export function connectPacket(
  clientId: string,
  version: ProtocolVersion,
  { cleanStart, keeps, receiveMaximum, topicAliasMaximum }: Joining,
  will: Message | undefined,
): ConnectPacket<4> | ConnectPacket<5> {
  const common = { type: 'connect', clientId, cleanStart, keepAlive: 0 } as const;
  const left = will && {
    topic: will.topic,
    payload: will.payload,
    qos: will.qos,
    retain: will.retain,
  };
  if (version === 4) return { ...common, protocolVersion: 4, will: left };
  const properties = {
    ...(keeps && { sessionExpiryInterval: LONG }),
    ...(receiveMaximum !== undefined && { receiveMaximum }),
    ...(topicAliasMaximum !== undefined && { topicAliasMaximum }),
  };
  const said = {
    ...(will?.expiry !== undefined && { messageExpiryInterval: will.expiry }),
    ...(will?.will?.hasDelay && { willDelayInterval: LONG }),
  };
  return { ...common, protocolVersion: 5, properties, will: left && { ...left, properties: said } };
}

export function subscribePacket(
  packetId: number,
  version: ProtocolVersion,
  wishes: readonly Wish[],
): SubscribePacket<4> | SubscribePacket<5> {
  if (version === 4) {
    const subscriptions = wishes.map(({ filter: topicFilter, qos }) => ({ topicFilter, qos }));
    return { type: 'subscribe', packetId, subscriptions };
  }
  const subscriptions = wishes.map(
    ({ filter: topicFilter, qos, noLocal, retainAsPublished, retainHandling }) => {
      return { topicFilter, qos, noLocal, retainAsPublished, retainHandling };
    },
  );
  const subscriptionIdentifier = wishes[0]?.identifier;
  const properties = subscriptionIdentifier === undefined ? {} : { subscriptionIdentifier };
  return { type: 'subscribe', packetId, subscriptions, properties };
}

export function disconnectPacket({
  withWill,
  endsSession,
}: Leaving): DisconnectPacket<5> | DisconnectPacket<4> {
  if (!withWill && !endsSession) return { type: 'disconnect' };
  const properties = endsSession ? { sessionExpiryInterval: 0 } : {};
  return { type: 'disconnect', reasonCode: withWill ? 0x04 : 0x00, properties };
}

/** A filter as it goes out. */
export const wholeFilter = (prefix: string, filter: string, share: string | undefined): string =>
  share === undefined ? `${prefix}/${filter}` : `$share/${share}/${prefix}/${filter}`;
