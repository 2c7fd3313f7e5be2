// pure: how the properties of MQTT 5.0 packets (section 2.2.2) are read and written, by the table.
import { checkRange, failure, type Place } from '../bytes/place.js';
import { type Reader, readBinary, readByte, readString, readVariableByteInteger } from '../bytes/reader.js';
import { NO_WILDCARD } from '../bytes/utf8.js';
import {
  checkAbsent,
  checkInteger,
  putVariableByteInteger,
  reserve,
  variableByteIntegerLength,
  type Writer,
  writeBinary,
  writeByte,
  writeString,
} from '../bytes/writer.js';
import {
  BINARY,
  bitOf,
  type NamedRow,
  type PropertySet,
  STRING,
  STRING_PAIRS,
  TOPIC_ALIAS,
  TOPIC_NAME,
  VARIABLE,
  VARIABLES,
} from '../spec/properties.js';

/** Notes a property that is there, and refuses one that repeats or that the other side alone may send. */
function note(place: Place, row: NamedRow): void {
  const bit = bitOf(row[1]);
  if (row[2] < VARIABLES && place.seen & bit) throw failure(place, 'duplicate-property', row[0], '', 0x82);
  place.seen |= bit;
  if (place.from && row[6] && row[6] !== place.from) {
    throw failure(place, 'wrong-sender', row[0], row[7], 0x82);
  }
}

/** Reads a Property Length and the properties after it; what the set does not allow is malformed. */
export function readProperties<P>(r: Reader, set: PropertySet<P>): P {
  const properties: Record<string, unknown> = {};
  const end = readVariableByteInteger(r, 'properties') + r.at;
  const { end: outer, scope } = r;
  if (end > outer) throw failure(r, 'length-overrun', 'properties');
  r.end = end;
  r.scope += 'properties.';
  r.seen = 0;
  while (r.at < end) {
    const id = readVariableByteInteger(r, 'identifier');
    const row = set.byId[id];
    if (!row) throw failure(r, 'property-not-allowed', `0x${id.toString(16)}`);
    note(r, row);
    const name = row[0];
    const value = readValue(r, row);
    if (row[2] < VARIABLES) properties[name] = value;
    else if (properties[name]) (properties[name] as unknown[]).push(value);
    else properties[name] = [value];
  }
  r.scope = scope;
  r.end = outer;
  return properties as P;
}

function readValue(r: Reader, row: NamedRow): unknown {
  const { at } = r;
  const name = row[0];
  const type = row[2];
  switch (type) {
    case STRING:
      return readString(r, name);
    case TOPIC_NAME:
      return readTopicName(r, name, row[5]);
    case BINARY:
      return readBinary(r, name);
    case STRING_PAIRS:
      return [readString(r, name), readString(r, name)];
  }
  let value = 0;
  if (type === VARIABLE || type === VARIABLES) value = readVariableByteInteger(r, name);
  else for (let i = 0; i < type; i++) value = value * 256 + readByte(r, name);
  r.fieldStart = at;
  // Topic Alias 0 is the one case with a reason code of its own (section 3.3.2.3.4).
  return checkRange(r, value, row[3]!, row[4]!, name, row[5], row[1] === TOPIC_ALIAS ? 0x94 : 0x82);
}

/** Reads a Topic Name that must not be empty: a Response Topic or a Will Topic. */
export function readTopicName(r: Reader, field: string, statement?: string): string {
  const topic = readString(r, field, NO_WILDCARD, statement);
  checkNotEmpty(r, topic, field);
  return topic;
}

/** Writes a Topic Name that must not be empty. */
export function writeTopicName(w: Writer, value: unknown, field: string, statement?: string): void {
  checkNotEmpty(w, value, field);
  writeString(w, value, field, NO_WILDCARD, statement);
}

function checkNotEmpty(place: Place, topic: unknown, field: string): void {
  if (topic === '') throw failure(place, 'empty-topic', field, '4.7.3-1');
}

/**
 * Writes a Property Length and the properties, in the order in which the object holds them; MQTT 3.1.1 has
 * neither.
 */
export function writeProperties<P>(w: Writer, properties: P | undefined, set: PropertySet<P>): void {
  if (w.version === 4) {
    checkAbsent(w, properties, 'properties');
    return;
  }
  const start = w.at;
  const scope = w.scope;
  writeByte(w, 0);
  w.seen = 0;
  if (properties === undefined) return;
  if (typeof properties !== 'object' || properties === null) throw failure(w, 'wrong-type', 'properties');
  w.scope += 'properties.';
  for (const name in properties) {
    const value: unknown = properties[name];
    if (value === undefined) continue;
    const row = set.byName.get(name);
    // What is no word is not repeated: it might be anything.
    if (!row) throw failure(w, 'not-in-this-packet', /^\w+$/.test(name) ? name : 'unknown');
    note(w, row);
    if (row[2] < VARIABLES) writeValue(w, value, row);
    else {
      if (!Array.isArray(value)) throw failure(w, 'wrong-type', name);
      for (const item of value) writeValue(w, item, row);
    }
  }
  w.scope = scope;
  const length = w.at - start - 1;
  // The length took one byte in reserve; few property sections need more.
  const size = variableByteIntegerLength(length);
  if (size > 1) {
    reserve(w, size - 1);
    w.bytes.copyWithin(start + size, start + 1, w.at);
    w.at += size - 1;
  }
  putVariableByteInteger(w.bytes, start, length);
}

function writeValue(w: Writer, value: unknown, row: NamedRow): void {
  const name = row[0];
  const type = row[2];
  writeByte(w, row[1]);
  switch (type) {
    case STRING:
      writeString(w, value, name);
      break;
    case TOPIC_NAME:
      writeTopicName(w, value, name, row[5]);
      break;
    case BINARY:
      writeBinary(w, value, name);
      break;
    case STRING_PAIRS:
      if (!Array.isArray(value) || value.length !== 2) throw failure(w, 'wrong-type', name);
      writeString(w, value[0], name);
      writeString(w, value[1], name);
      break;
    default: {
      const number = checkInteger(w, value, row[3]!, row[4]!, name, row[5]);
      reserve(w, 4);
      if (type === VARIABLE || type === VARIABLES) w.at = putVariableByteInteger(w.bytes, w.at, number);
      else for (let shift = type * 8 - 8; shift >= 0; shift -= 8) w.bytes[w.at++] = number >>> shift;
    }
  }
}
