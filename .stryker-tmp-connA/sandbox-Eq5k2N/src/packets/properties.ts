// @ts-nocheck
// pure: how the properties of MQTT 5.0 packets (section 2.2.2) are read and written, by the table.
import {
  failure,
  type Reader,
  readBinary,
  readByte,
  readString,
  readVariableByteInteger,
} from '../bytes/reader.js';
import { NO_WILDCARD } from '../bytes/utf8.js';
import {
  checkAbsent,
  checkInteger,
  putVariableByteInteger,
  refusal,
  reserve,
  variableByteIntegerLength,
  type Writer,
  writeBinary,
  writeByte,
  writeString,
} from '../bytes/writer.js';
import {
  BINARY,
  type PropertyRow,
  type PropertySet,
  STRING,
  STRING_PAIRS,
  TOPIC_NAME,
  VARIABLE,
  VARIABLES,
} from '../spec/properties.js';

/** A set of properties as the code below uses it: found by identifier to read, by name to write. */
export interface PropertyCodec<P> {
  readonly byId: readonly (PropertyEntry | undefined)[];
  readonly byName: ReadonlyMap<string, PropertyEntry>;
  /** Not there: ties the set to its type. */
  readonly properties?: P;
}

interface PropertyEntry {
  readonly name: string;
  readonly row: PropertyRow;
  /** One bit for each property that must not repeat, and 0 for the others. */
  readonly bit: number;
}

/** Prepares a set of the table. */
export function propertyCodec<P>(set: PropertySet<P>): PropertyCodec<P> {
  const byId: (PropertyEntry | undefined)[] = new Array(43).fill(undefined);
  const byName = new Map<string, PropertyEntry>();
  Object.entries<PropertyRow>(set).forEach(([name, row], index) => {
    const entry = { name, row, bit: row[1] >= VARIABLES ? 0 : 1 << index };
    byId[row[0]] = entry;
    byName.set(name, entry);
  });
  return { byId, byName };
}

/** Reads a Property Length and the properties after it; what the set does not allow is malformed. */
export function readProperties<P>(r: Reader, codec: PropertyCodec<P>): P {
  const properties: Record<string, unknown> = {};
  const start = r.at;
  const length = readVariableByteInteger(r, 'properties');
  const { end: outer, scope } = r;
  const end = r.at + length;
  if (end > outer) throw failure(r, 'length-overrun', 'properties', start);
  r.end = end;
  r.scope += 'properties.';
  for (let seen = 0; r.at < end; ) {
    const { at } = r;
    const id = readVariableByteInteger(r, 'identifier');
    const entry = codec.byId[id];
    if (entry === undefined) throw failure(r, 'property-not-allowed', `0x${id.toString(16)}`, at);
    const { name, row, bit } = entry;
    if ((seen & bit) !== 0) throw failure(r, 'duplicate-property', name, at, '', 0x82);
    seen |= bit;
    if (isForeign(r, row)) {
      throw failure(r, 'wrong-sender', name, at, row[6], 0x82);
    }
    const value = readValue(r, name, row);
    if (row[1] < VARIABLES) properties[name] = value;
    else if (properties[name] === undefined) properties[name] = [value];
    else (properties[name] as unknown[]).push(value);
  }
  r.scope = scope;
  r.end = outer;
  return properties as P;
}

/** Whether only the other side may send the property. */
function isForeign({ from }: Reader | Writer, row: PropertyRow): boolean {
  return from !== undefined && row[5] !== undefined && row[5] !== from;
}

function readValue(r: Reader, name: string, row: PropertyRow): unknown {
  const { at } = r;
  const type = row[1];
  switch (type) {
    case STRING:
      return readString(r, name);
    case TOPIC_NAME:
      return readTopicName(r, name, row[4]);
    case BINARY:
      return readBinary(r, name);
    case STRING_PAIRS:
      return [readString(r, name), readString(r, name)];
  }
  let value = 0;
  if (type === VARIABLE || type === VARIABLES) value = readVariableByteInteger(r, name);
  else for (let i = 0; i < type; i++) value = value * 256 + readByte(r, name);
  if (value < row[2]! || value > row[3]!) {
    // Topic Alias 0 is the one case with a reason code of its own (section 3.3.2.3.4).
    throw failure(r, 'value-out-of-range', name, at, row[4], row[0] === 0x23 ? 0x94 : 0x82);
  }
  return value;
}

/** Reads a Topic Name that must not be empty: a Response Topic or a Will Topic. */
export function readTopicName(r: Reader, field: string, statement?: string): string {
  const { at } = r;
  const topic = readString(r, field, NO_WILDCARD, statement);
  if (topic === '') throw failure(r, 'empty-topic', field, at, '4.7.3-1');
  return topic;
}

/** Writes a Topic Name that must not be empty. */
export function writeTopicName(w: Writer, value: unknown, field: string, statement?: string): void {
  if (value === '') throw refusal(w, 'empty-topic', field, '4.7.3-1');
  writeString(w, value, field, NO_WILDCARD, statement);
}

/**
 * Writes a Property Length and the properties, in the order in which the object holds them; MQTT 3.1.1 has
 * neither. Returns the bits of the properties that were written.
 */
export function writeProperties<P>(w: Writer, properties: P | undefined, codec: PropertyCodec<P>): number {
  const { at: start, scope } = w;
  if (w.version === 4) {
    checkAbsent(w, properties, 'properties');
    return 0;
  }
  writeByte(w, 0);
  let written = 0;
  if (properties === undefined) return written;
  if (typeof properties !== 'object' || properties === null) throw refusal(w, 'wrong-type', 'properties');
  w.scope += 'properties.';
  for (const name in properties) {
    const value: unknown = properties[name];
    if (value === undefined) continue;
    const entry = codec.byName.get(name);
    // What is no word is not repeated: it might be anything.
    if (entry === undefined) throw refusal(w, 'not-in-this-packet', /^\w+$/.test(name) ? name : 'unknown');
    const { row } = entry;
    written |= entry.bit;
    if (isForeign(w, row)) {
      throw refusal(w, 'wrong-sender', name, row[6]);
    }
    if (row[1] < VARIABLES) writeValue(w, value, name, row);
    else {
      if (!Array.isArray(value)) throw refusal(w, 'wrong-type', name);
      for (const item of value) writeValue(w, item, name, row);
    }
  }
  w.scope = scope;
  const length = w.at - start - 1;
  // The length took one byte in reserve; few property sections need more.
  const extra = variableByteIntegerLength(length) - 1;
  if (extra > 0) {
    reserve(w, extra);
    w.bytes.copyWithin(start + 1 + extra, start + 1, w.at);
    w.at += extra;
  }
  putVariableByteInteger(w.bytes, start, length);
  return written;
}

function writeValue(w: Writer, value: unknown, name: string, row: PropertyRow): void {
  const type = row[1];
  writeByte(w, row[0]);
  switch (type) {
    case STRING:
      writeString(w, value, name);
      break;
    case TOPIC_NAME:
      writeTopicName(w, value, name, row[4]);
      break;
    case BINARY:
      writeBinary(w, value, name);
      break;
    case STRING_PAIRS:
      if (!Array.isArray(value) || value.length !== 2) throw refusal(w, 'wrong-type', name);
      writeString(w, value[0], name);
      writeString(w, value[1], name);
      break;
    default: {
      const number = checkInteger(w, value, row[2]!, row[3]!, name, row[4]);
      reserve(w, 4);
      if (type === VARIABLE || type === VARIABLES) w.at = putVariableByteInteger(w.bytes, w.at, number);
      else for (let shift = type * 8 - 8; shift >= 0; shift -= 8) w.bytes[w.at++] = number >>> shift;
    }
  }
}
