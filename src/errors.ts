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
  | 'expected-connect';

/** Why a packet of the caller cannot be sent. */
export type InvalidPacketCode =
  | 'wrong-type'
  | 'value-out-of-range'
  | 'not-in-this-version'
  | 'not-in-this-packet'
  | 'too-long'
  | 'lone-surrogate'
  | MalformedCode
  | ProtocolErrorCode;

/** All values of {@link MqttError.code}. */
export type ErrorCode =
  | MalformedCode
  | ProtocolErrorCode
  | InvalidPacketCode
  | 'packet-too-large'
  | 'unsupported-version';

/** Where an error arose, as far as it is known. */
export interface ErrorContext {
  readonly protocolVersion?: ProtocolVersion | undefined;
  readonly packetType?: PacketType | undefined;
  /** The standard's number of the broken statement, such as `MQTT-3.1.2-3`. */
  readonly statement?: string | undefined;
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
  readonly code: ErrorCode;
  /** The protocol version in force, where one was known. */
  readonly protocolVersion: ProtocolVersion | undefined;
  /** The packet concerned, where its type was known. */
  readonly packetType: PacketType | undefined;
  /** The standard's number of the broken statement, such as `MQTT-3.1.2-3`, where it has one. */
  readonly statement: string | undefined;

  constructor(code: ErrorCode, detail: string, context: ErrorContext = {}) {
    const { protocolVersion, packetType, statement } = context;
    super(
      `${packetType ? `${packetType.toUpperCase()}: ` : ''}${code.replace(/-/g, ' ')}${detail}${
        statement ? ` [${statement}]` : ''
      }`,
    );
    this.code = code;
    this.protocolVersion = protocolVersion;
    this.packetType = packetType;
    this.statement = statement;
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
  readonly reasonCode: number;
  /**
   * Where it went wrong, in bytes from the packet's first byte: the first byte of the field that is
   * wrong, within a string the byte that is, or the place where a byte is missing.
   */
  readonly offset: number;
  /** The field, in the words of the packet types, such as `will.topic` or `subscriptions[1].qos`. */
  readonly field: string;

  constructor(code: MalformedCode, field: string, offset: number, context?: ErrorContext, reasonCode = 0x81) {
    super(code, ` in ${field} at byte ${offset}`, context);
    this.reasonCode = reasonCode;
    this.offset = offset;
    this.field = field;
  }
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
  readonly reasonCode: number;
  /** The field, in the words of the packet types, where one is to blame. */
  readonly field: string | undefined;
  /** Where the field begins, in bytes from the packet's first byte, where the error was found in bytes. */
  readonly offset: number | undefined;

  constructor(code: ErrorCode, reasonCode: number, field?: string, context?: ErrorContext, offset?: number) {
    super(
      code,
      (field === undefined ? '' : ` in ${field}`) + (offset === undefined ? '' : ` at byte ${offset}`),
      context,
    );
    this.reasonCode = reasonCode;
    this.field = field;
    this.offset = offset;
  }
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
  readonly reasonCode: number = 0x95;
  /** The size of the whole packet in bytes, fixed header included. */
  readonly size: number;
  /** The largest size in bytes that would have passed. */
  readonly limit: number;

  constructor(size: number, limit: number, context?: ErrorContext) {
    super('packet-too-large', `: ${size} bytes where ${limit} are allowed`, context);
    this.size = size;
    this.limit = limit;
  }
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
  readonly reasonCode: number = 0x84;
  /** The Protocol Name of the CONNECT; `MQTT` where a server refused ours. */
  readonly protocolName: string;
  /** The Protocol Version (Protocol Level) byte of the CONNECT, refused by us or by the server. */
  readonly protocolLevel: number;
  /** The bytes of the CONNACK that tells a client so; empty where silence is due. */
  readonly reply: Uint8Array;

  constructor(protocolName: string, protocolLevel: number, reply: Uint8Array, context?: ErrorContext) {
    super('unsupported-version', ` ${protocolLevel}`, context);
    this.protocolName = protocolName;
    this.protocolLevel = protocolLevel;
    this.reply = reply;
  }
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
  readonly field: string;

  constructor(code: InvalidPacketCode, field: string, context?: ErrorContext) {
    super(code, ` in ${field}`, context);
    this.field = field;
  }
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
