// @ts-nocheck
// pure: the reason codes (MQTT 5.0 section 2.4, table 2-6) and the packets and senders of each.

/**
 * The MQTT 5.0 reason codes by name (table 2-6). 0x00 has three names by packet.
 *
 * @example
 * ReasonCode.NotAuthorized; // => 0x87
 */
export const ReasonCode = {
  Success: 0x00,
  NormalDisconnection: 0x00,
  GrantedQoS0: 0x00,
  GrantedQoS1: 0x01,
  GrantedQoS2: 0x02,
  DisconnectWithWillMessage: 0x04,
  NoMatchingSubscribers: 0x10,
  NoSubscriptionExisted: 0x11,
  ContinueAuthentication: 0x18,
  ReAuthenticate: 0x19,
  UnspecifiedError: 0x80,
  MalformedPacket: 0x81,
  ProtocolError: 0x82,
  ImplementationSpecificError: 0x83,
  UnsupportedProtocolVersion: 0x84,
  ClientIdentifierNotValid: 0x85,
  BadUserNameOrPassword: 0x86,
  NotAuthorized: 0x87,
  ServerUnavailable: 0x88,
  ServerBusy: 0x89,
  Banned: 0x8a,
  ServerShuttingDown: 0x8b,
  BadAuthenticationMethod: 0x8c,
  KeepAliveTimeout: 0x8d,
  SessionTakenOver: 0x8e,
  TopicFilterInvalid: 0x8f,
  TopicNameInvalid: 0x90,
  PacketIdentifierInUse: 0x91,
  PacketIdentifierNotFound: 0x92,
  ReceiveMaximumExceeded: 0x93,
  TopicAliasInvalid: 0x94,
  PacketTooLarge: 0x95,
  MessageRateTooHigh: 0x96,
  QuotaExceeded: 0x97,
  AdministrativeAction: 0x98,
  PayloadFormatInvalid: 0x99,
  RetainNotSupported: 0x9a,
  QoSNotSupported: 0x9b,
  UseAnotherServer: 0x9c,
  ServerMoved: 0x9d,
  SharedSubscriptionsNotSupported: 0x9e,
  ConnectionRateExceeded: 0x9f,
  MaximumConnectTime: 0xa0,
  SubscriptionIdentifiersNotSupported: 0xa1,
  WildcardSubscriptionsNotSupported: 0xa2,
} as const;

/** Any MQTT 5.0 reason code of table 2-6. */
export type ReasonCode = (typeof ReasonCode)[keyof typeof ReasonCode];

/**
 * The return codes of CONNACK in MQTT 3.1.1 by name (section 3.2.2.3).
 *
 * @example
 * ConnectReturnCode.NotAuthorized; // => 5
 */
export const ConnectReturnCode = {
  Accepted: 0,
  UnacceptableProtocolVersion: 1,
  IdentifierRejected: 2,
  ServerUnavailable: 3,
  BadUserNameOrPassword: 4,
  NotAuthorized: 5,
} as const;

/** A reason code outside the packet's table, which only the lenient rule `unknown-reason-code` lets through. */
export type UnknownReasonCode = number & { readonly unknownReasonCode: true };

// One list per packet: the types below and the checks of the codec both come from it.

/** The reason codes of an MQTT 5.0 CONNACK (table 3-1). */
export const CONNACK_REASON_CODES = [
  0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a,
  0x9b, 0x9c, 0x9d, 0x9f,
] as const;
/** The return codes of an MQTT 3.1.1 CONNACK (section 3.2.2.3). */
export const CONNACK_RETURN_CODES = [0, 1, 2, 3, 4, 5] as const;
/** The reason codes of PUBACK and PUBREC (sections 3.4.2.1 and 3.5.2.1). 0x10 comes from servers only. */
export const PUBACK_REASON_CODES = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99] as const;
/** The reason codes of PUBREL and PUBCOMP (sections 3.6.2.1 and 3.7.2.1). */
export const PUBREL_REASON_CODES = [0x00, 0x92] as const;
/** The reason codes of an MQTT 5.0 SUBACK (section 3.9.3). */
export const SUBACK_REASON_CODES = [
  0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2,
] as const;
/** The return codes of an MQTT 3.1.1 SUBACK (section 3.9.3). */
export const SUBACK_RETURN_CODES = [0x00, 0x01, 0x02, 0x80] as const;
/** The reason codes of UNSUBACK (section 3.11.3). */
export const UNSUBACK_REASON_CODES = [0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91] as const;
/**
 * The reason codes of DISCONNECT (section 3.14.2.1). 0x8C stands in table 2-6 alone: it is read, and
 * better not sent.
 */
export const DISCONNECT_REASON_CODES = [
  0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96,
  0x97, 0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2,
] as const;
/** The reason codes of AUTH (section 3.15.2.1). */
export const AUTH_REASON_CODES = [0x00, 0x18, 0x19] as const;

/** The reason codes that one side alone may send in a DISCONNECT; section 3.3.4 opens 0x9B to clients. */
export const DISCONNECT_SENDERS: { readonly client: readonly number[]; readonly server: readonly number[] } =
  {
    client: [0x04],
    server: [0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x9a, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2],
  };
/** The reason codes that one side alone may send in an AUTH (section 3.15.2.1). */
export const AUTH_SENDERS: { readonly client: readonly number[]; readonly server: readonly number[] } = {
  client: [0x19],
  server: [0x00],
};
/** The reason codes that one side alone may send in a PUBACK or PUBREC (sections 3.4.2.1 and 3.5.2.1). */
export const PUBACK_SENDERS: { readonly client: readonly number[]; readonly server: readonly number[] } = {
  client: [],
  server: [0x10],
};

/** A reason code of an MQTT 5.0 CONNACK. */
export type ConnackReasonCode = (typeof CONNACK_REASON_CODES)[number] | UnknownReasonCode;
/** A return code of an MQTT 3.1.1 CONNACK. */
export type ConnackReturnCode = (typeof CONNACK_RETURN_CODES)[number] | UnknownReasonCode;
/** A reason code of PUBACK or PUBREC. */
export type PubackReasonCode = (typeof PUBACK_REASON_CODES)[number] | UnknownReasonCode;
/** A reason code of PUBREL or PUBCOMP. */
export type PubrelReasonCode = (typeof PUBREL_REASON_CODES)[number] | UnknownReasonCode;
/** A reason code of an MQTT 5.0 SUBACK. */
export type SubackReasonCode = (typeof SUBACK_REASON_CODES)[number] | UnknownReasonCode;
/** A return code of an MQTT 3.1.1 SUBACK. */
export type SubackReturnCode = (typeof SUBACK_RETURN_CODES)[number] | UnknownReasonCode;
/** A reason code of UNSUBACK. */
export type UnsubackReasonCode = (typeof UNSUBACK_REASON_CODES)[number] | UnknownReasonCode;
/** A reason code of DISCONNECT. */
export type DisconnectReasonCode = (typeof DISCONNECT_REASON_CODES)[number] | UnknownReasonCode;
/** A reason code of AUTH. */
export type AuthReasonCode = (typeof AUTH_REASON_CODES)[number] | UnknownReasonCode;
