// pure: CONNECT (section 3.1): its type, and how it is read and written.
import type { Reader } from '../bytes/reader.js';
import { type DecodeOptions, type EncodeOptions, PASSWORD_WITHOUT_USERNAME } from '../bytes/settings.js';
import type { Writer } from '../bytes/writer.js';
import type { ProtocolVersion } from '../errors.js';
import { UnsupportedVersionError } from '../errors.js';
import { type Bytes, checkMinimalLength, decodeOnly, encodeOnly } from './frame.js';
import {
  type Properties,
  readProperties,
  readTopicName,
  WILL_SET,
  writeProperties,
  writeTopicName,
} from './properties.js';
import { checkMethod, checkMethodToWrite } from './reasons.js';

/** The properties of a CONNECT (section 3.1.2.11). */
export type ConnectProperties = Pick<
  Properties,
  | 'sessionExpiryInterval'
  | 'authenticationMethod'
  | 'authenticationData'
  | 'requestProblemInformation'
  | 'requestResponseInformation'
  | 'receiveMaximum'
  | 'topicAliasMaximum'
  | 'userProperties'
  | 'maximumPacketSize'
>;

/** The Will Properties (section 3.1.3.2). */
export type WillProperties = Pick<
  Properties,
  | 'willDelayInterval'
  | 'payloadFormatIndicator'
  | 'messageExpiryInterval'
  | 'contentType'
  | 'responseTopic'
  | 'correlationData'
  | 'userProperties'
>;

/** The Will Message: what the server publishes when the connection ends without a DISCONNECT (section 3.1.2.5). */
export interface Will<V extends ProtocolVersion = ProtocolVersion> {
  /** The Will Topic: a Topic Name without wildcards, never empty. */
  topic: string;
  /** The Will Payload, up to 65,535 bytes; a string is sent as UTF-8, absent is empty. */
  payload?: Uint8Array | string | undefined;
  /** Absent: 0. */
  qos?: 0 | 1 | 2 | undefined;
  /** Absent: false. */
  retain?: boolean | undefined;
  properties?: (V extends 5 ? WillProperties | undefined : undefined) | undefined;
}

/** A Will Message as it was decoded. */
export interface DecodedWill<V extends ProtocolVersion = ProtocolVersion> {
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1 | 2;
  retain: boolean;
  properties: V extends 5 ? WillProperties : undefined;
}

/** A CONNECT to encode. */
export type ConnectPacket<V extends ProtocolVersion = ProtocolVersion> = V extends ProtocolVersion
  ? {
      type: 'connect';
      /** Equal to the version argument. */
      protocolVersion: V;
      /** The Client Identifier; empty asks the server for one. */
      clientId: string;
      /** Clean Start; in MQTT 3.1.1 Clean Session. */
      cleanStart: boolean;
      /** Keep Alive in seconds, 0 to 65,535; 0: none. */
      keepAlive: number;
      will?: Will<V> | undefined;
      username?: string | undefined;
      /** Up to 65,535 bytes; a string is sent as UTF-8. MQTT 3.1.1 wants a user name with it. */
      password?: Uint8Array | string | undefined;
      properties?: (V extends 5 ? ConnectProperties | undefined : undefined) | undefined;
    }
  : never;

/** A CONNECT as it was decoded. */
export type DecodedConnect<V extends ProtocolVersion = ProtocolVersion> = V extends ProtocolVersion
  ? {
      type: 'connect';
      protocolVersion: V;
      clientId: string;
      cleanStart: boolean;
      keepAlive: number;
      will?: DecodedWill<V>;
      username?: string;
      password?: Uint8Array;
    } & (V extends 5 ? { properties: ConnectProperties } : { properties?: undefined })
  : never;

// The refusals that a client of that level understands (3.1.1 section 3.2.2.3, 5.0 section 3.2.2.2).
function refusal(name: string, level: number, ours: ProtocolVersion | 0): Uint8Array {
  // Some bridges set the highest bit of the level.
  if ((level & 0x7f) >= 5 && ours !== 4) return Uint8Array.of(0x20, 3, 0, 0x84, 0);
  // MQTT 3.1.1 has an answer for other levels, and none for other protocols.
  return name === 'MQTT' || name === 'MQIsdp' ? Uint8Array.of(0x20, 2, 0, 1) : new Uint8Array(0);
}

function readVersion(r: Reader): ProtocolVersion {
  const name = r.string('protocolName');
  const level = r.byte('protocolVersion');
  if (name !== 'MQTT' || (level !== 4 && level !== 5) || (r.version !== 0 && level !== r.version)) {
    const statement = name === 'MQTT' ? '3.1.2-2' : '3.1.2-1';
    throw new UnsupportedVersionError(name, level, refusal(name, level, r.version), r.context(statement));
  }
  r.version = level;
  checkMinimalLength(r, r.start + 1);
  return level;
}

function readFlags(r: Reader, version: ProtocolVersion): number {
  const flags = r.byte('flags');
  const at = r.at - 1;
  if ((flags & 1) !== 0) throw r.malformed('reserved-bits', 'flags', at, '3.1.2-3');
  if ((flags & 4) === 0) {
    if ((flags & 0x18) !== 0)
      throw r.malformed('will-flags-without-will', 'will.qos', at, '3.1.2-13|3.1.2-11');
    if ((flags & 0x20) !== 0)
      throw r.malformed('will-flags-without-will', 'will.retain', at, '3.1.2-15|3.1.2-13');
  }
  if ((flags & 0x18) === 0x18) throw r.malformed('invalid-qos', 'will.qos', at, '3.1.2-14|3.1.2-12');
  if (version === 4 && (flags & 0xc0) === 0x40 && (r.lenient & PASSWORD_WITHOUT_USERNAME) === 0) {
    throw r.malformed('password-without-username', 'password', at, '3.1.2-22');
  }
  return flags;
}

function readWill(r: Reader, flags: number): DecodedWill {
  r.scope = 'will.';
  const properties = r.version === 5 ? readProperties(r, WILL_SET) : undefined;
  const topic = readTopicName(r, 'topic', '4.7.1-1|4.7.0-1');
  const payload = r.binary('payload');
  r.scope = '';
  const will = { topic, payload, qos: ((flags >> 3) & 3) as 0 | 1 | 2, retain: (flags & 0x20) !== 0 };
  return properties === undefined ? (will as DecodedWill<4>) : { ...will, properties };
}

export function readConnect(r: Reader): DecodedConnect {
  const protocolVersion = readVersion(r);
  const flags = readFlags(r, protocolVersion);
  const cleanStart = (flags & 2) !== 0;
  const keepAlive = r.twoBytes('keepAlive');
  const properties = protocolVersion === 5 ? readProperties(r, 1) : undefined;
  if (properties !== undefined) checkMethod(r, properties, false);
  const clientId = r.string('clientId');
  const packet = { type: 'connect', protocolVersion, clientId, cleanStart, keepAlive } as DecodedConnect;
  if ((flags & 4) !== 0) packet.will = readWill(r, flags) as DecodedWill<4> & DecodedWill<5>;
  if ((flags & 0x80) !== 0) packet.username = r.string('username');
  if ((flags & 0x40) !== 0) packet.password = r.binary('password');
  if (properties !== undefined) packet.properties = properties;
  r.finish('flags');
  return packet;
}

function writeWill(w: Writer, will: Will): void {
  w.scope = 'will.';
  if (w.version === 5) writeProperties(w, will.properties, WILL_SET);
  else w.absent(will.properties, 'properties');
  writeTopicName(w, will.topic, 'topic', '4.7.1-1|4.7.0-1');
  w.binary(will.payload ?? '', 'payload', true);
  w.scope = '';
}

function willFlags(w: Writer, will: Will): number {
  if (typeof will !== 'object' || will === null) throw w.invalid('wrong-type', 'will');
  const qos = w.qos(will.qos, 'will.qos', '3.1.2-14|3.1.2-12');
  return 4 | (qos << 3) | (w.flag(will.retain, 'will.retain') << 5);
}

export function writeConnect(w: Writer, packet: ConnectPacket): void {
  const { will, username, password, properties, clientId } = packet;
  w.first = 0x10;
  if (packet.protocolVersion !== w.version)
    throw w.invalid('value-out-of-range', 'protocolVersion', '3.1.2-2');
  if (w.version === 4) {
    w.absent(properties, 'properties');
    if (password !== undefined && username === undefined) {
      throw w.invalid('password-without-username', 'password', '3.1.2-22');
    }
    if (clientId === '' && packet.cleanStart !== true)
      throw w.invalid('value-out-of-range', 'clientId', '3.1.3-7');
  }
  let flags = 0;
  if (packet.cleanStart !== undefined && w.flag(packet.cleanStart, 'cleanStart') === 1) flags |= 2;
  if (will !== undefined) flags |= willFlags(w, will);
  if (username !== undefined) flags |= 0x80;
  if (password !== undefined) flags |= 0x40;
  w.fourBytes(0x00044d51);
  w.fourBytes(0x54540000 + w.version * 0x100 + flags);
  w.twoBytes(w.integer(packet.keepAlive, 0, 65_535, 'keepAlive'));
  if (w.version === 5) {
    writeProperties(w, properties, 1);
    checkMethodToWrite(w, properties, false);
  }
  w.string(clientId, 'clientId');
  if (will !== undefined) writeWill(w, will);
  if (username !== undefined) w.string(username, 'username');
  if (password !== undefined) w.binary(password, 'password', true);
}

/**
 * Encodes a CONNECT packet (section 3.1). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodeConnect({ type: 'connect', protocolVersion: 4, clientId: 'a', cleanStart: true, keepAlive: 60 }, 4).length; // => 15
 */
export function encodeConnect<V extends ProtocolVersion>(
  packet: ConnectPacket<V>,
  version: V,
  options?: EncodeOptions,
): Bytes {
  return encodeOnly<ConnectPacket>('connect', writeConnect, packet, version, options);
}

/**
 * Decodes exactly one whole CONNECT packet (section 3.1). Throws MqttError, TypeError, RangeError.
 *
 * @example
 * const frame = Uint8Array.of(0x10, 13, 0, 4, 77, 81, 84, 84, 4, 2, 0, 60, 0, 1, 97);
 * decodeConnect(frame, 4).keepAlive; // => 60
 */
export function decodeConnect<V extends ProtocolVersion>(
  frame: Uint8Array,
  version: V,
  options?: DecodeOptions,
): DecodedConnect<V> {
  return decodeOnly(1, readConnect, frame, version, options) as DecodedConnect<V>;
}
