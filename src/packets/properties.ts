// pure: the properties of MQTT 5.0 packets (section 2.2.2): their types, and how they are read and written.
import type { Reader } from '../bytes/reader.js';
import type { Sender } from '../bytes/settings.js';
import { NO_WILDCARD } from '../bytes/utf8.js';
import { variableByteIntegerLength, type Writer, writeVariableByteInteger } from '../bytes/writer.js';
import { PACKET_TYPES } from '../spec/packet-types.js';
import { PROPERTIES, type PropertyRow } from '../spec/properties.js';

/** A User Property: a name and a value. Names may repeat, and order counts. */
export type UserProperty = readonly [name: string, value: string];

/** Every property of MQTT 5.0 by name; each packet has its own selection. `undefined` means absent. */
export interface Properties {
  /** 0: unspecified bytes (as when absent); 1: the payload is UTF-8 text (section 3.3.2.3.2). */
  payloadFormatIndicator?: 0 | 1 | undefined;
  /** Lifetime of the message in seconds, 0 to 4,294,967,295; absent: it does not expire (section 3.3.2.3.3). */
  messageExpiryInterval?: number | undefined;
  /** What the payload is, such as a MIME type (section 3.3.2.3.9). */
  contentType?: string | undefined;
  /** The Topic Name for a response; no wildcards (section 3.3.2.3.5). */
  responseTopic?: string | undefined;
  /** Tells the requester which request a response belongs to, up to 65,535 bytes (section 3.3.2.3.6). */
  correlationData?: Uint8Array | undefined;
  /** An identifier for the subscriptions of this packet, 1 to 268,435,455 (section 3.8.2.1.2). */
  subscriptionIdentifier?: number | undefined;
  /** The identifiers of the subscriptions that matched, each 1 to 268,435,455 (section 3.3.2.3.8). */
  subscriptionIdentifiers?: readonly number[] | undefined;
  /** Lifetime of the session after the connection, in seconds; 4,294,967,295: for ever (section 3.1.2.11.2). */
  sessionExpiryInterval?: number | undefined;
  /** The Client Identifier that the server chose (section 3.2.2.3.7). */
  assignedClientIdentifier?: string | undefined;
  /** The keep alive to use instead of the client's, in seconds, 0 to 65,535 (section 3.2.2.3.14). */
  serverKeepAlive?: number | undefined;
  /** The name of the method of enhanced authentication (section 4.12). */
  authenticationMethod?: string | undefined;
  /** Data of the authentication method, up to 65,535 bytes (section 4.12). */
  authenticationData?: Uint8Array | undefined;
  /** 0: reasons and user properties only where they cannot be spared; absent: 1 (section 3.1.2.11.7). */
  requestProblemInformation?: 0 | 1 | undefined;
  /** How long the server waits before it publishes the will, in seconds; absent: 0 (section 3.1.3.2.2). */
  willDelayInterval?: number | undefined;
  /** 1: the client would like Response Information in CONNACK; absent: 0 (section 3.1.2.11.6). */
  requestResponseInformation?: 0 | 1 | undefined;
  /** What the client may build response topics from (section 3.2.2.3.15). */
  responseInformation?: string | undefined;
  /** Another server to use (section 4.11). */
  serverReference?: string | undefined;
  /** The reason in words, for people and logs (section 4.13). */
  reasonString?: string | undefined;
  /** How many QoS 1 and 2 messages the sender takes at a time, 1 to 65,535; absent: 65,535 (section 3.1.2.11.3). */
  receiveMaximum?: number | undefined;
  /** The highest Topic Alias the sender accepts; absent: 0, none (section 3.1.2.11.5). */
  topicAliasMaximum?: number | undefined;
  /** A number that stands for the topic on this connection, 1 to 65,535 (section 3.3.2.3.4). */
  topicAlias?: number | undefined;
  /** The highest QoS the server takes; absent: 2 (section 3.2.2.3.4). */
  maximumQoS?: 0 | 1 | undefined;
  /** Whether the server keeps retained messages; absent: 1 (section 3.2.2.3.5). */
  retainAvailable?: 0 | 1 | undefined;
  /** Names and values of the application's own, order and repeats kept (section 2.2.2.2). */
  userProperties?: readonly UserProperty[] | undefined;
  /** The largest packet the sender accepts, in bytes, fixed header included; absent: no limit (section 3.1.2.11.4). */
  maximumPacketSize?: number | undefined;
  /** Whether the server takes wildcards in subscriptions; absent: 1 (section 3.2.2.3.11). */
  wildcardSubscriptionAvailable?: 0 | 1 | undefined;
  /** Whether the server takes subscription identifiers; absent: 1 (section 3.2.2.3.12). */
  subscriptionIdentifierAvailable?: 0 | 1 | undefined;
  /** Whether the server takes shared subscriptions; absent: 1 (section 3.2.2.3.13). */
  sharedSubscriptionAvailable?: 0 | 1 | undefined;
}

/** The index of the Will Properties among the sets; those of a packet stand at its type number. */
export const WILL_SET = 0;

// For each set a mask with one bit per row of the table.
const ALLOWED: readonly number[] = /* @__PURE__ */ (() =>
  PACKET_TYPES.map((type = 'will' as never) =>
    PROPERTIES.reduce((mask, row, bit) => (row[3].includes(` ${type} `) ? mask | (1 << bit) : mask), 0),
  ))();

// The bits of the rows with that identifier. An unknown one reads undefined, and so has none.
const BITS: Int32Array = /* @__PURE__ */ (() => {
  const bits = new Int32Array(43);
  PROPERTIES.forEach((row, bit) => {
    bits[row[0]]! |= 1 << bit;
  });
  return bits;
})();

const ROWS: ReadonlyMap<string, readonly [bit: number, row: PropertyRow]> = /* @__PURE__ */ (() =>
  new Map(PROPERTIES.map((row, bit) => [row[1], [1 << bit, row]])))();

const MAY_REPEAT: number = /* @__PURE__ */ (() => BITS[0x26]! | (BITS[0x0b]! & ALLOWED[3]!))();

// The few properties that only one side may put into a packet that both send: the statement, or ''.
function forbiddenFrom(sender: Sender | undefined, set: number, id: number): string | undefined {
  if (sender === 'client') {
    return set === 3 && id === 0x0b ? '3.3.4-6' : set === 14 && id === 0x1c ? '' : undefined;
  }
  return sender === 'server' && set === 14 && id === 0x11 ? '3.14.2-2' : undefined;
}

/**
 * Reads a Property Length and the properties after it.
 *
 * `set` is the packet's type number or {@link WILL_SET}; what the set does not allow is malformed.
 */
export function readProperties(r: Reader, set: number): Properties {
  const properties: Properties = {};
  const start = r.at;
  const length = r.variableByteInteger('properties');
  if (length === 0) return properties;
  const outer = r.end;
  const end = r.at + length;
  if (end > outer) throw r.malformed('length-overrun', 'properties', start);
  const scope = r.scope;
  r.scope = `${scope}properties.`;
  r.end = end;
  const allowed = ALLOWED[set]!;
  let seen = 0;
  while (r.at < end) {
    const at = r.at;
    const id = r.variableByteInteger('identifier');
    const bit = BITS[id]! & allowed;
    if (bit === 0) throw r.malformed('property-not-allowed', nameOf(id), at);
    if ((bit & seen & ~MAY_REPEAT) !== 0) throw r.violation('duplicate-property', nameOf(id), at);
    seen |= bit;
    if (r.from !== undefined) {
      const statement = forbiddenFrom(r.from, set, id);
      if (statement !== undefined) throw r.violation('wrong-sender', nameOf(id), at, statement);
    }
    readProperty(r, properties, id, set);
  }
  r.scope = scope;
  r.end = outer;
  return properties;
}

function nameOf(id: number): string {
  return PROPERTIES.find((row) => row[0] === id)?.[1] ?? 'identifier';
}

function readProperty(r: Reader, p: Properties, id: number, set: number): void {
  switch (id) {
    case 0x01:
      p.payloadFormatIndicator = bit(r, 'payloadFormatIndicator');
      break;
    case 0x02:
      p.messageExpiryInterval = r.fourBytes('messageExpiryInterval');
      break;
    case 0x03:
      p.contentType = r.string('contentType');
      break;
    case 0x08:
      p.responseTopic = readTopicName(r, 'responseTopic', '3.3.2-14');
      break;
    case 0x09:
      p.correlationData = r.binary('correlationData');
      break;
    case 0x0b: {
      const name = set === 3 ? 'subscriptionIdentifiers' : 'subscriptionIdentifier';
      const at = r.at;
      const value = positive(r, r.variableByteInteger(name), name, at);
      if (set !== 3) p.subscriptionIdentifier = value;
      else if (p.subscriptionIdentifiers === undefined) p.subscriptionIdentifiers = [value];
      else (p.subscriptionIdentifiers as number[]).push(value);
      break;
    }
    case 0x11:
      p.sessionExpiryInterval = r.fourBytes('sessionExpiryInterval');
      break;
    case 0x12:
      p.assignedClientIdentifier = r.string('assignedClientIdentifier');
      break;
    case 0x13:
      p.serverKeepAlive = r.twoBytes('serverKeepAlive');
      break;
    case 0x15:
      p.authenticationMethod = r.string('authenticationMethod');
      break;
    case 0x16:
      p.authenticationData = r.binary('authenticationData');
      break;
    case 0x17:
      p.requestProblemInformation = bit(r, 'requestProblemInformation');
      break;
    case 0x18:
      p.willDelayInterval = r.fourBytes('willDelayInterval');
      break;
    case 0x19:
      p.requestResponseInformation = bit(r, 'requestResponseInformation');
      break;
    case 0x1a:
      p.responseInformation = r.string('responseInformation');
      break;
    case 0x1c:
      p.serverReference = r.string('serverReference');
      break;
    case 0x1f:
      p.reasonString = r.string('reasonString');
      break;
    case 0x21:
      p.receiveMaximum = positive(r, r.twoBytes('receiveMaximum'), 'receiveMaximum', r.at - 2);
      break;
    case 0x22:
      p.topicAliasMaximum = r.twoBytes('topicAliasMaximum');
      break;
    case 0x23:
      p.topicAlias = positive(r, r.twoBytes('topicAlias'), 'topicAlias', r.at - 2, '3.3.2-8', 0x94);
      break;
    case 0x24:
      p.maximumQoS = bit(r, 'maximumQoS', '3.2.2-9');
      break;
    case 0x25:
      p.retainAvailable = bit(r, 'retainAvailable');
      break;
    case 0x26: {
      const pair: UserProperty = [r.string('userProperties'), r.string('userProperties')];
      if (p.userProperties === undefined) p.userProperties = [pair];
      else (p.userProperties as UserProperty[]).push(pair);
      break;
    }
    case 0x27:
      p.maximumPacketSize = positive(r, r.fourBytes('maximumPacketSize'), 'maximumPacketSize', r.at - 4);
      break;
    case 0x28:
      p.wildcardSubscriptionAvailable = bit(r, 'wildcardSubscriptionAvailable');
      break;
    case 0x29:
      p.subscriptionIdentifierAvailable = bit(r, 'subscriptionIdentifierAvailable');
      break;
    case 0x2a:
      p.sharedSubscriptionAvailable = bit(r, 'sharedSubscriptionAvailable');
      break;
  }
}

function bit(r: Reader, name: string, statement?: string): 0 | 1 {
  const value = r.byte(name);
  if (value === 0 || value === 1) return value;
  throw r.violation('value-out-of-range', name, r.at - 1, statement);
}

function positive(
  r: Reader,
  value: number,
  name: string,
  at: number,
  statement?: string,
  reasonCode?: number,
): number {
  if (value === 0) throw r.violation('value-out-of-range', name, at, statement, reasonCode);
  return value;
}

/** Reads a Topic Name that must not be empty: a Response Topic or a Will Topic. */
export function readTopicName(r: Reader, field: string, statement?: string): string {
  const at = r.at;
  const topic = r.string(field, NO_WILDCARD, statement);
  if (topic === '') throw r.malformed('empty-topic', field, at, '4.7.3-1');
  return topic;
}

/** Writes a Topic Name that must not be empty. */
export function writeTopicName(w: Writer, value: unknown, field: string, statement?: string): void {
  if (value === '') throw w.invalid('empty-topic', field, '4.7.3-1');
  w.string(value, field, NO_WILDCARD, statement);
}

/** Writes a Property Length and the properties, in the order in which the object holds them. */
export function writeProperties(w: Writer, properties: Properties | undefined, set: number): void {
  const start = w.at;
  w.byte(0);
  if (properties === undefined) return;
  if (typeof properties !== 'object' || properties === null) throw w.invalid('wrong-type', 'properties');
  const allowed = ALLOWED[set]!;
  const scope = w.scope;
  w.scope = `${scope}properties.`;
  for (const name in properties) {
    const value: unknown = properties[name as keyof Properties];
    if (value === undefined) continue;
    const entry = ROWS.get(name);
    if (entry === undefined || (entry[0] & allowed) === 0) {
      throw w.invalid('not-in-this-packet', entry === undefined ? 'unknown' : name);
    }
    if (w.from !== undefined) {
      const statement = forbiddenFrom(w.from, set, entry[1][0]);
      if (statement !== undefined) throw w.invalid('wrong-sender', name, statement);
    }
    writeProperty(w, value, entry[1]);
  }
  w.scope = scope;
  const length = w.at - start - 1;
  if (length > 0x7f) {
    // The length took one byte in reserve; few property sections need more.
    const extra = variableByteIntegerLength(length) - 1;
    w.reserve(extra);
    w.bytes.copyWithin(start + 1 + extra, start + 1, w.at);
    w.at += extra;
  }
  writeVariableByteInteger(w.bytes, start, length);
}

function writeProperty(w: Writer, value: unknown, row: PropertyRow): void {
  const [id, name, type, , minimum = 0, maximum = 0, statement] = row;
  switch (type) {
    case 'byte':
      w.byte(id);
      w.byte(w.integer(value, minimum, maximum, name, statement));
      break;
    case 'two byte integer':
      w.byte(id);
      w.twoBytes(w.integer(value, minimum, maximum, name, statement));
      break;
    case 'four byte integer':
      w.byte(id);
      w.fourBytes(w.integer(value, minimum, maximum, name, statement));
      break;
    case 'variable byte integer':
      w.byte(id);
      w.variableByteInteger(w.integer(value, minimum, maximum, name, statement));
      break;
    case 'string':
      w.byte(id);
      w.string(value, name);
      break;
    case 'topic name':
      w.byte(id);
      writeTopicName(w, value, name, '3.3.2-14');
      break;
    case 'binary':
      w.byte(id);
      w.binary(value, name);
      break;
    default:
      if (!Array.isArray(value)) throw w.invalid('wrong-type', name);
      for (const item of value as readonly unknown[]) {
        w.byte(id);
        if (type === 'variable byte integers') {
          w.variableByteInteger(w.integer(item, minimum, maximum, name, statement));
          continue;
        }
        if (!Array.isArray(item) || item.length !== 2) throw w.invalid('wrong-type', name);
        w.string(item[0], name);
        w.string(item[1], name);
      }
  }
}
