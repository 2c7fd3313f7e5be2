// pure: the error classes; every failure of the library is one of them.

/** A protocol version puremqtt speaks: the Protocol Version byte of CONNECT, 4 for MQTT 3.1.1 and 5 for MQTT 5.0. */
export type ProtocolVersion = 4 | 5;

/** The names of the MQTT Control Packet types (section 2.1.2). AUTH exists in MQTT 5.0 only. */
export type PacketType =
  | 'connect'
  | 'connack'
  | 'publish'
  | 'puback'
  | 'pubrec'
  | 'pubrel'
  | 'pubcomp'
  | 'subscribe'
  | 'suback'
  | 'unsubscribe'
  | 'unsuback'
  | 'pingreq'
  | 'pingresp'
  | 'disconnect'
  | 'auth';

/** What is wrong with received bytes that cannot be right by themselves. */
export type MalformedCode =
  | 'cut-short'
  | 'trailing-bytes'
  | 'length-overrun'
  | 'integer-too-long'
  | 'non-minimal-integer'
  | 'invalid-utf8'
  | 'null-character'
  | 'reserved-packet-type'
  | 'reserved-flags'
  | 'reserved-bits'
  | 'invalid-qos'
  | 'dup-with-qos-0'
  | 'zero-packet-id'
  | 'empty-topic'
  | 'wildcard-in-topic-name'
  | 'invalid-topic-filter'
  | 'property-not-allowed'
  | 'unknown-reason-code'
  | 'will-flags-without-will'
  | 'password-without-username'
  | 'session-present-with-refusal';

/** Which rule well-formed bytes break, by themselves or in the state the connection is in. */
export type ProtocolErrorCode =
  | 'duplicate-property'
  | 'value-out-of-range'
  | 'empty-topic'
  | 'empty-list'
  | 'invalid-qos'
  | 'no-local-on-shared-subscription'
  | 'missing-authentication-method'
  | 'wrong-sender'
  | 'expected-connect'
  | 'expected-connack'
  | 'unexpected-packet'
  | 'unexpected-session-present'
  | 'client-identifier-not-valid'
  | 'authentication-method-not-supported'
  | 'authentication-method-mismatch'
  | 'unexpected-authentication'
  | 'problem-information-not-requested'
  | 'session-expiry-not-allowed'
  | 'unknown-packet-id'
  | 'packet-id-in-use'
  | 'wrong-acknowledgement'
  | 'reason-code-count'
  | 'receive-maximum-exceeded'
  | 'topic-alias-out-of-range'
  | 'unknown-topic-alias'
  | 'qos-not-supported'
  | 'retain-not-supported'
  | 'wildcard-subscriptions-not-supported'
  | 'subscription-identifiers-not-supported'
  | 'shared-subscriptions-not-supported'
  | 'too-many-held-packets'
  | 'answers-not-read'
  | 'keep-alive-timeout'
  | 'ping-timeout'
  | 'connect-timeout'
  | 'connack-timeout';

/** Why a packet of the caller cannot be sent. */
export type InvalidPacketCode =
  | 'wrong-type'
  | 'value-out-of-range'
  | 'not-in-this-version'
  | 'not-in-this-packet'
  | 'too-long'
  | 'lone-surrogate'
  | 'not-connected'
  | 'not-now'
  | 'blocked'
  | 'quota-exhausted'
  | 'queue-full'
  | 'no-free-packet-id'
  | 'missing-client-identifier'
  | 'unknown-token'
  | 'already-sent'
  | 'invalid-stored-state'
  | MalformedCode
  | ProtocolErrorCode;

/** All values of {@link MqttError.code}. */
export type ErrorCode =
  | MalformedCode
  | ProtocolErrorCode
  | InvalidPacketCode
  | 'packet-too-large'
  | 'unsupported-version';

/** What an error is made of; which fields it has depends on its class. */
export interface ErrorFields<C extends ErrorCode = ErrorCode> {
  readonly code: C;
  readonly reasonCode?: number | undefined;
  readonly field?: string | undefined;
  readonly offset?: number | undefined;
  readonly statement?: string | undefined;
  readonly protocolVersion?: ProtocolVersion | undefined;
  readonly packetType?: PacketType | undefined;
  readonly size?: number | undefined;
  readonly limit?: number | undefined;
  readonly protocolName?: string | undefined;
  readonly protocolLevel?: number | undefined;
  readonly reply?: Uint8Array | undefined;
}

function describe(fields: ErrorFields): string {
  let text = fields.code.replace(/-/g, ' ');
  if (fields.packetType) text = `${fields.packetType.toUpperCase()}: ${text}`;
  if (fields.field) text += ` in ${fields.field}`;
  if (fields.offset !== undefined) text += ` at byte ${fields.offset}`;
  if (fields.size !== undefined) text += `: ${fields.size} bytes of at most ${fields.limit}`;
  return fields.statement ? `${text} [${fields.statement}]` : text;
}

/**
 * The base of every error that puremqtt throws or reports, wrong JavaScript arguments
 * (`TypeError`, `RangeError`) apart.
 *
 * Its message is made of fixed words, field names and numbers: never of what a packet contains.
 *
 * @example
 * try {
 *   decode(Uint8Array.of(0xc0, 0x01, 0x00), 5);
 * } catch (error) {
 *   if (!isMqttError(error)) throw error;
 *   error.code; // => 'trailing-bytes'
 * }
 */
export class MqttError extends Error {
  override readonly name: string = 'MqttError';
  /** What went wrong, as a stable word to switch on. */
  declare readonly code: ErrorCode;
  /** The protocol version in force, where one was known. */
  declare readonly protocolVersion: ProtocolVersion | undefined;
  /** The packet concerned, where its type was known. */
  declare readonly packetType: PacketType | undefined;
  /** The standard's number of the broken statement, such as `MQTT-3.1.2-3`, where it has one. */
  declare readonly statement: string | undefined;

  constructor(fields: ErrorFields) {
    super(describe(fields));
    Object.assign(this, fields);
    // A brand rather than `instanceof`: it holds across entries, module formats and realms.
    Object.defineProperty(this, Symbol.for('puremqtt.error'), { value: true });
  }
}

/**
 * Received bytes that cannot be right by themselves (MQTT 5.0 section 4.13).
 *
 * @example
 * decode(Uint8Array.of(0x36, 0x00), 5); // throws MalformedPacketError
 */
export class MalformedPacketError extends MqttError {
  override readonly name: string = 'MalformedPacketError';
  declare readonly code: MalformedCode;
  /** The MQTT 5.0 reason code that the peer should be told, in both versions. */
  declare readonly reasonCode: number;
  /**
   * Where it went wrong, in bytes from the packet's first byte: the first byte of the field that is
   * wrong, within a string the byte that is, or the place where a byte is missing.
   */
  declare readonly offset: number;
  /** The field, in the words of the packet types, such as `will.topic` or `subscriptions[1].qos`. */
  declare readonly field: string;
}

/**
 * Well-formed bytes that break a rule or do not fit the state (MQTT 5.0 section 4.13).
 *
 * @example
 * decode(Uint8Array.of(0x82, 0x03, 0x00, 0x01, 0x00), 5); // throws ProtocolError
 */
export class ProtocolError extends MqttError {
  override readonly name: string = 'ProtocolError';
  /** The MQTT 5.0 reason code that the peer should be told, in both versions. */
  declare readonly reasonCode: number;
  /** The field, in the words of the packet types, where one is to blame. */
  declare readonly field: string | undefined;
  /** Where the field begins, in bytes from the packet's first byte, where the error was found in bytes. */
  declare readonly offset: number | undefined;
}

/**
 * A packet over the Maximum Packet Size in force, ours or the peer's (MQTT 5.0 sections 3.1.2.11.4
 * and 3.2.2.3.6).
 *
 * @example
 * const parser = new PacketParser({ version: 5, maximumPacketSize: 100 });
 * parser.push(Uint8Array.of(0x30, 0xff, 0x7f));
 * parser.next(); // throws PacketTooLargeError
 */
export class PacketTooLargeError extends MqttError {
  override readonly name: string = 'PacketTooLargeError';
  /** 0x95, Packet too large. */
  declare readonly reasonCode: number;
  /** The size of the whole packet in bytes, fixed header included. */
  declare readonly size: number;
  /** The largest size in bytes that would have passed. */
  declare readonly limit: number;
}

/**
 * A CONNECT of another protocol or version than the one expected, or a server's refusal of ours
 * (sections 3.1.2.1 and 3.1.2.2).
 *
 * @example
 * const mqtt31 = Uint8Array.of(0x10, 14, 0, 6, 77, 81, 73, 115, 100, 112, 3, 2, 0, 0, 0, 0);
 * decode(mqtt31, 4); // throws UnsupportedVersionError
 */
export class UnsupportedVersionError extends MqttError {
  override readonly name: string = 'UnsupportedVersionError';
  /** 0x84, Unsupported Protocol Version. */
  declare readonly reasonCode: number;
  /** The Protocol Name of the CONNECT; `MQTT` where a server refused ours. */
  declare readonly protocolName: string;
  /** The Protocol Version (Protocol Level) byte of the CONNECT, refused by us or by the server. */
  declare readonly protocolLevel: number;
  /** The bytes of the CONNACK that tells a client so; empty where silence is due. */
  declare readonly reply: Uint8Array;
}

/**
 * A packet of the caller that cannot be sent: nothing of it was written.
 *
 * @example
 * encode({ type: 'publish', topic: 'a/+', payload: '' }, 5); // throws InvalidPacketError
 */
export class InvalidPacketError extends MqttError {
  override readonly name: string = 'InvalidPacketError';
  /** The field, in the words of the packet types, such as `properties.topicAlias`. */
  declare readonly field: string;
}

/**
 * Tells whether a value is an error of puremqtt, of whichever entry, module format or realm.
 *
 * @example
 * isMqttError(new Error('other')); // => false
 */
export function isMqttError(value: unknown): value is MqttError {
  return (
    typeof value === 'object' && value !== null && Reflect.get(value, Symbol.for('puremqtt.error')) === true
  );
}
