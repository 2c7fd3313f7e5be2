// @ts-nocheck
// pure: what can be wrong with reason codes and properties, by the tables of the standard.
import * as fc from 'fast-check';
import type { Sender } from '../bytes/settings.js';
import type { PacketType, ProtocolVersion } from '../errors.js';
import { PROPERTIES, type PropertyRow } from '../spec/properties.js';
import {
  AUTH_REASON_CODES,
  AUTH_SENDERS,
  CONNACK_REASON_CODES,
  CONNACK_RETURN_CODES,
  DISCONNECT_REASON_CODES,
  DISCONNECT_SENDERS,
  PUBACK_REASON_CODES,
  PUBACK_SENDERS,
  PUBREL_REASON_CODES,
  SUBACK_REASON_CODES,
  SUBACK_RETURN_CODES,
  UNSUBACK_REASON_CODES,
} from '../spec/reason-codes.js';
import * as faults from './faults.js';
import type { PacketOptions, Senders } from './fields.js';
import { propertyValue } from './properties.js';
import { type Site, withFields, withProperties, withWill } from './sites.js';

/** Reason codes by packet: those of MQTT 3.1.1 where it has any, those of 5.0, and who may send which. */
const CODES: {
  readonly [T in PacketType]?: readonly [readonly number[] | undefined, readonly number[], Senders?];
} = {
  connack: [CONNACK_RETURN_CODES, CONNACK_REASON_CODES],
  puback: [undefined, PUBACK_REASON_CODES, PUBACK_SENDERS],
  pubrec: [undefined, PUBACK_REASON_CODES, PUBACK_SENDERS],
  pubrel: [undefined, PUBREL_REASON_CODES],
  pubcomp: [undefined, PUBREL_REASON_CODES],
  suback: [SUBACK_RETURN_CODES, SUBACK_REASON_CODES],
  unsuback: [undefined, UNSUBACK_REASON_CODES],
  disconnect: [undefined, DISCONNECT_REASON_CODES, DISCONNECT_SENDERS],
  auth: [undefined, AUTH_REASON_CODES, AUTH_SENDERS],
};

/** The table of reason codes of a packet, where it has any in that version. */
export function reasonCodesOf(type: PacketType, version: ProtocolVersion): readonly number[] | undefined {
  return CODES[type]?.[version === 4 ? 0 : 1];
}

/** The reason codes of a packet that only that side sends. */
export function sendersOf(type: PacketType, sender: Sender): readonly number[] {
  return CODES[type]?.[2]?.[sender] ?? [];
}

export function codeSites(type: PacketType, { version, from }: PacketOptions): Site[] {
  const [codes4, codes5, senders] = CODES[type] ?? [];
  if (codes5 === undefined) return [];
  const isList = type === 'suback' || type === 'unsuback';
  const path = [isList ? 'reasonCodes' : 'reasonCode'];
  const table = version === 4 ? codes4 : codes5;
  if (table === undefined) return [[path, faults.NOT_IN_VERSION_4]];
  const one = faults.reasonCode(table);
  if (isList)
    return [
      [path, [...faults.LIST, ...faults.MISSING]],
      [[...path, 'last'], one],
    ];
  const others = from === undefined ? [] : (senders?.[from === 'client' ? 'server' : 'client'] ?? []);
  const prepare = type === 'connack' ? withFields({ sessionPresent: false }) : undefined;
  return [
    [path, type === 'connack' ? [...one, ...faults.MISSING] : one, prepare],
    ...(others.length === 0 ? [] : [[path, [['wrong-sender', fc.constantFrom(...others)]]] satisfies Site]),
  ];
}

const EVERY_PROPERTY = Object.entries(
  Object.assign({}, ...Object.values(PROPERTIES)) as Record<string, PropertyRow>,
);

/** Faults among properties: their values, those that belong elsewhere, the wrong sender's, no properties at all. */
export function propertySites(set: keyof typeof PROPERTIES, { version, from }: PacketOptions): Site[] {
  const path = set === 'will' ? ['will', 'properties'] : ['properties'];
  // A PUBLISH without a topic needs its properties.
  const base = set === 'will' ? withWill : set === 'publish' ? withFields({ topic: 'a' }) : undefined;
  if (version === 4) return [[path, faults.NOT_IN_VERSION_4, base]];
  const rows = PROPERTIES[set];
  // Data without a method would be a fault of its own.
  const prepare = 'authenticationMethod' in rows ? withProperties({ authenticationMethod: 'm' }) : base;
  const sites: Site[] = [[path, [['wrong-type', fc.constantFrom<unknown[]>(null, 'a', 7, true)]], base]];
  for (const [name, row] of Object.entries(rows)) {
    const isOthers = from !== undefined && row[5] !== undefined && row[5] !== from;
    const sent = propertyValue(row).filter((value) => !Array.isArray(value) || value.length > 0);
    const list: faults.Faults = isOthers ? [['wrong-sender', sent]] : faults.propertyFaults(row);
    sites.push([[...path, name], list, prepare]);
  }
  for (const [name, row] of EVERY_PROPERTY) {
    if (!(name in rows)) sites.push([[...path, name], [['not-in-this-packet', propertyValue(row)]], prepare]);
  }
  for (const name of ['topicalias', 'PayloadFormatIndicator', '__proto__', '38']) {
    sites.push([
      [...path, name],
      [['not-in-this-packet', fc.constantFrom<unknown[]>(1, 'a', null)]],
      prepare,
    ]);
  }
  return sites;
}

export function methodSites(type: PacketType, version: ProtocolVersion): Site[] {
  if (version === 4 || (type !== 'auth' && type !== 'connect' && type !== 'connack')) return [];
  const missing: faults.Faults = [['missing-authentication-method', fc.constant(undefined)]];
  return [
    [
      ['properties', 'authenticationMethod'],
      missing,
      withProperties({ authenticationData: new Uint8Array(0) }),
    ],
  ];
}
