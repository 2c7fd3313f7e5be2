// pure: CONNECT (section 3.1): its type, and how it is read and written.
import { checkQoS, checkRule, describePlace, failure, type Place } from '../bytes/place.js';
import {
  checkMinimal,
  finish,
  type Reader,
  readBinary,
  readByte,
  readString,
  readTwoBytes,
} from '../bytes/reader.js';
import type { DecodeOptions, EncodeOptions } from '../bytes/settings.js';
import {
  checkFlag,
  checkInteger,
  type Writer,
  writeBinary,
  writeString,
  writeTwoBytes,
} from '../bytes/writer.js';
import { type ProtocolVersion, UnsupportedVersionError } from '../errors.js';
import {
  CONNECT_PROPERTIES,
  type ConnectProperties,
  WILL_PROPERTIES,
  type WillProperties,
} from '../spec/properties.js';
import { type Bytes, decodeOnly, encodeOnly } from './frame.js';
import { readProperties, readTopicName, writeProperties, writeTopicName } from './properties.js';
import { checkMethod } from './reasons.js';

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
export type DecodedWill<V extends ProtocolVersion = ProtocolVersion> = {
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1 | 2;
  retain: boolean;
} & (V extends 5 ? { properties: WillProperties } : { properties?: undefined });

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

/** Makes the error for a protocol or version that is not ours, or for ours, which a server refused. */
export function unsupportedVersion(
  r: Reader,
  statement: string,
  protocolName: string,
  protocolLevel: number,
  reply: Uint8Array,
): UnsupportedVersionError {
  return new UnsupportedVersionError({
    ...describePlace(r, statement),
    code: 'unsupported-version',
    reasonCode: 0x84,
    protocolName,
    protocolLevel,
    reply,
  });
}

// The refusals that a client of that level understands (3.1.1 section 3.2.2.3, 5.0 section 3.2.2.2).
function replyTo(name: string, level: number, ours: ProtocolVersion | 0): Uint8Array {
  // Some bridges set the highest bit of the level.
  if ((level & 0x7f) >= 5 && ours !== 4) return Uint8Array.of(0x20, 3, 0, 0x84, 0);
  // MQTT 3.1.1 has an answer for other levels, and none for other protocols.
  return name === 'MQTT' || name === 'MQIsdp' ? Uint8Array.of(0x20, 2, 0, 1) : new Uint8Array(0);
}

/** Reads the Protocol Name and the Protocol Version, which settle what the rest means. */
export function readVersion(r: Reader): ProtocolVersion {
  const name = readString(r, 'protocolName');
  const level = readByte(r, 'protocolVersion');
  if (name !== 'MQTT' || (level !== 4 && level !== 5) || (r.version && level !== r.version)) {
    const statement = name === 'MQTT' ? '3.1.2-2' : '3.1.2-1';
    throw unsupportedVersion(r, statement, name, level, replyTo(name, level, r.version));
  }
  r.version = level;
  checkMinimal(r, 'remainingLength', r.start + 1);
  return level;
}

const WILL_QOS = '3.1.2-14|3.1.2-12';
const WILL_TOPIC = '4.7.1-1|4.7.0-1';

function readFlags(r: Reader): number {
  const flags = readByte(r, 'flags');
  if (flags & 1) throw failure(r, 'reserved-bits', 'flags', '3.1.2-3');
  if (!(flags & 4)) {
    if (flags & 0x18) throw failure(r, 'will-flags-without-will', 'will.qos', '3.1.2-13|3.1.2-11');
    if (flags & 0x20) throw failure(r, 'will-flags-without-will', 'will.retain', '3.1.2-15|3.1.2-13');
  }
  checkQoS(r, (flags >> 3) & 3, 'will.qos', WILL_QOS);
  checkCredentials(r, flags);
  return flags;
}

/** MQTT 3.1.1 has no Password without a User Name. */
function checkCredentials(place: Place, flags: number): void {
  if (place.version === 4 && (flags & 0xc0) === 0x40) {
    checkRule(place, 'password-without-username', 'password', '3.1.2-22');
  }
}

function readWill(r: Reader, flags: number): DecodedWill {
  r.scope = 'will.';
  const properties = r.version === 5 ? readProperties(r, WILL_PROPERTIES) : undefined;
  const topic = readTopicName(r, 'topic', WILL_TOPIC);
  const payload = readBinary(r, 'payload');
  r.scope = '';
  const qos = ((flags >> 3) & 3) as 0 | 1 | 2;
  const retain = (flags & 0x20) !== 0;
  return properties ? { topic, payload, qos, retain, properties } : { topic, payload, qos, retain };
}

export function readConnect(r: Reader): DecodedConnect {
  const protocolVersion = readVersion(r);
  const flags = readFlags(r);
  const cleanStart = (flags & 2) !== 0;
  const keepAlive = readTwoBytes(r, 'keepAlive');
  const properties = protocolVersion === 5 ? readProperties(r, CONNECT_PROPERTIES) : undefined;
  if (properties) checkMethod(r, false, r.at);
  const clientId = readString(r, 'clientId');
  const packet = { type: 'connect', protocolVersion, clientId, cleanStart, keepAlive } as DecodedConnect;
  if (flags & 4) packet.will = readWill(r, flags) as DecodedWill<4> & DecodedWill<5>;
  if (flags & 0x80) packet.username = readString(r, 'username');
  if (flags & 0x40) packet.password = readBinary(r, 'password');
  if (properties) packet.properties = properties;
  finish(r);
  return packet;
}

function writeWill(w: Writer, will: Will): void {
  const { topic, payload = '', properties } = will;
  w.scope = 'will.';
  writeProperties(w, properties, WILL_PROPERTIES);
  writeTopicName(w, topic, 'topic', WILL_TOPIC);
  writeBinary(w, payload, 'payload', true);
  w.scope = '';
}

function willFlags(w: Writer, will: Will): number {
  if (typeof will !== 'object' || will === null) throw failure(w, 'wrong-type', 'will');
  const { qos = 0 } = will;
  return 4 | (checkQoS(w, qos, 'will.qos', WILL_QOS) << 3) | (checkFlag(w, will.retain, 'will.retain') << 5);
}

export function writeConnect(w: Writer, packet: ConnectPacket): void {
  const { will, username, password, properties, clientId } = packet;
  w.first = 0x10;
  if (packet.protocolVersion !== w.version)
    throw failure(w, 'value-out-of-range', 'protocolVersion', '3.1.2-2');
  let flags = checkFlag(w, packet.cleanStart, 'cleanStart') << 1;
  if (w.version === 4 && clientId === '' && !flags)
    throw failure(w, 'value-out-of-range', 'clientId', '3.1.3-7');
  if (will !== undefined) flags |= willFlags(w, will);
  if (username !== undefined) flags |= 0x80;
  if (password !== undefined) flags |= 0x40;
  checkCredentials(w, flags);
  writeString(w, 'MQTT', 'protocolName');
  writeTwoBytes(w, (w.version << 8) | flags);
  writeTwoBytes(w, checkInteger(w, packet.keepAlive, 0, 65_535, 'keepAlive'));
  writeProperties(w, properties, CONNECT_PROPERTIES);
  checkMethod(w, false);
  writeString(w, clientId, 'clientId');
  if (will !== undefined) writeWill(w, will);
  if (username !== undefined) writeString(w, username, 'username');
  if (password !== undefined) writeBinary(w, password, 'password', true);
}

/**
 * Encodes a CONNECT packet (section 3.1). Throws InvalidPacketError, TypeError, RangeError.
 *
 * @example
 * encodeConnect({ type: 'connect', protocolVersion: 4, clientId: 'a', cleanStart: true, keepAlive: 60 }, 4).length; // => 15
 */
export function encodeConnect<V extends ProtocolVersion>(
  packet: ConnectPacket<NoInfer<V>>,
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
