/**
 * The tables of `src/spec/` for people: which packet may hold which property and which reason code.
 *
 * Writes `docs/properties.md` from `src/spec/properties.ts` and `src/spec/reason-codes.ts`. Exits with 1 when, with
 * `--check` (which writes nothing), the page is not up to date.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { MAXIMUM_FIELD_LENGTH } from '../src/spec/limits.js';
import { maySend, PACKET_TYPES } from '../src/spec/packet-types.js';
import {
  BINARY,
  PROPERTIES,
  PROPERTY_TYPES,
  type PropertyRow,
  STRING_PAIRS,
  TOPIC_NAME,
  VARIABLES,
} from '../src/spec/properties.js';
import * as codes from '../src/spec/reason-codes.js';
import { tableLines, writeOrCheck } from './lib/page.js';
import { isMain, root } from './lib/root.js';

const SOURCE = 'src/spec/properties.ts';
const PAGE = 'docs/properties.md';

type PropertySets = Readonly<Record<string, Readonly<Record<string, PropertyRow>>>>;

/** A property, and for each packet (or the will) that may hold it, its row there. */
export interface Property {
  readonly name: string;
  readonly row: PropertyRow;
  readonly sets: ReadonlyMap<string, PropertyRow>;
}

/** Turns the table around. Throws where a property is not the same in all packets, but for who may send it. */
export function byProperty(sets: PropertySets): Property[] {
  const found = new Map<string, { name: string; row: PropertyRow; sets: Map<string, PropertyRow> }>();
  for (const [set, rows] of Object.entries(sets)) {
    for (const [name, row] of Object.entries(rows)) {
      const property = found.get(name) ?? { name, row, sets: new Map() };
      if ([0, 1, 2, 3, 4].some((column) => row[column] !== property.row[column])) {
        throw new Error(`${name} differs between packets: the page has one line for it`);
      }
      found.set(name, property);
      property.sets.set(set, row);
    }
  }
  return [...found.values()].sort((a, b) => a.row[0] - b.row[0] || a.row[1] - b.row[1]);
}

/** The docstring of each member of the interface `Properties`. Throws for a member that has none. */
export function docLines(text: string): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  const source = ts.createSourceFile(SOURCE, text, ts.ScriptTarget.ES2022, true);
  for (const statement of source.statements) {
    if (!ts.isInterfaceDeclaration(statement) || statement.name.text !== 'Properties') continue;
    for (const member of statement.members) {
      const name = member.name?.getText() ?? '';
      const comments = ts.getJSDocCommentsAndTags(member).map((doc) => ts.getTextOfJSDocComment(doc.comment));
      const line = comments.join(' ').replace(/\s+/g, ' ').trim();
      if (line === '') throw new Error(`${SOURCE}: ${name} has no docstring`);
      lines.set(name, line);
    }
  }
  return lines;
}

const hex = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;
const escapeCell = (text: string): string => text.replace(/[\\`*_[\]<>|#$]/g, '\\$&');

/** What the standard allows for the value, in words. */
function rangeOf([, type, minimum, maximum]: PropertyRow): string {
  const numeral = (value: number): string => value.toLocaleString('en');
  if (minimum !== undefined && maximum !== undefined) return `${numeral(minimum)} to ${numeral(maximum)}`;
  const length = `up to ${numeral(MAXIMUM_FIELD_LENGTH)} bytes`;
  if (type === TOPIC_NAME) return `a Topic Name, ${length}`;
  if (type === STRING_PAIRS) return `two strings, each ${length}`;
  return type === BINARY ? length : `${length} of UTF-8`;
}

const statementOf = (short: string | undefined): string => (short === undefined ? '' : `MQTT-${short}`);

const TYPES: readonly (string | undefined)[] = PACKET_TYPES;

/** Who may send a packet of MQTT 5.0. */
function senderOf(set: string): string {
  // The will is a part of CONNECT.
  const type = set === 'will' ? 1 : TYPES.indexOf(set);
  if (!maySend('server', type, 5)) return 'client';
  return maySend('client', type, 5) ? 'both' : 'server';
}

function propertyTables(sets: PropertySets, docs: ReadonlyMap<string, string>): string[] {
  const properties = byProperty(sets);
  const names = Object.keys(sets);
  const details = properties.map(({ name, row }) => {
    const doc = docs.get(name);
    if (doc === undefined) throw new Error(`${SOURCE}: Properties has no member ${name}`);
    const repeats = row[1] >= VARIABLES ? 'yes' : 'no';
    const type = PROPERTY_TYPES[row[1]] ?? '';
    return [hex(row[0]), `\`${name}\``, type, rangeOf(row), repeats, statementOf(row[4]), escapeCell(doc)];
  });
  const matrix = properties.map((property) => [
    `\`${property.name}\``,
    ...names.map((set) => {
      const row = property.sets.get(set);
      return row === undefined ? '' : (row[5] ?? 'yes');
    }),
  ]);
  const senders = properties.flatMap(({ name, sets: holders }) =>
    [...holders].flatMap(([set, row]) =>
      row[5] === undefined ? [] : [[`\`${name}\``, set.toUpperCase(), row[5], statementOf(row[6])]],
    ),
  );
  return [
    '## Properties',
    '',
    'A value out of its range is refused, with the statement named here where the standard has a number for it.',
    '',
    ...tableLines(['id', 'property', 'type', 'range', 'may repeat', 'statement', 'what it is'], details),
    '',
    '## Which packet may hold which property',
    '',
    'Below each packet stands who may send it.',
    '',
    ...tableLines(['property', ...names.map((set) => `${headOf(set)}<br>${senderOf(set)}`)], matrix),
    '',
    'Where a packet comes from both sides, but the property from one alone, the table names that side. The option',
    '`from` switches these rules on:',
    '',
    ...tableLines(['property', 'packet', 'sender', 'statement'], senders),
    '',
  ];
}

const headOf = (set: string): string => (set === 'will' ? 'will' : set.toUpperCase());

interface CodeColumn {
  readonly head: string;
  readonly codes: readonly number[];
  readonly senders?: { readonly client: readonly number[]; readonly server: readonly number[] };
}

const CODE_COLUMNS: readonly CodeColumn[] = [
  { head: 'CONNACK', codes: codes.CONNACK_REASON_CODES },
  { head: 'PUBACK, PUBREC', codes: codes.PUBACK_REASON_CODES, senders: codes.PUBACK_SENDERS },
  { head: 'PUBREL, PUBCOMP', codes: codes.PUBREL_REASON_CODES },
  { head: 'SUBACK', codes: codes.SUBACK_REASON_CODES },
  { head: 'UNSUBACK', codes: codes.UNSUBACK_REASON_CODES },
  { head: 'DISCONNECT', codes: codes.DISCONNECT_REASON_CODES, senders: codes.DISCONNECT_SENDERS },
  { head: 'AUTH', codes: codes.AUTH_REASON_CODES, senders: codes.AUTH_SENDERS },
];

/** The codes of a table such as `ReasonCode`, in order, each with all its names. */
function namesByCode(names: Readonly<Record<string, number>>): Map<number, string> {
  const found = new Map<number, string>();
  for (const [name, code] of Object.entries(names)) {
    const others = found.get(code);
    found.set(code, `${others === undefined ? '' : `${others}, `}\`${name}\``);
  }
  return found;
}

function codeCell({ codes: allowed, senders }: CodeColumn, code: number): string {
  if (!allowed.includes(code)) return '';
  if (senders?.client.includes(code)) return 'client';
  return senders?.server.includes(code) ? 'server' : 'yes';
}

function codeTables(): string[] {
  const names = namesByCode(codes.ReasonCode);
  const unnamed = CODE_COLUMNS.flatMap((column) => column.codes).filter((code) => !names.has(code));
  if (unnamed.length > 0) throw new Error(`ReasonCode has no name for ${unnamed.map(hex).join(', ')}`);
  const rows = [...names].map(([code, name]) => [
    hex(code),
    name,
    ...CODE_COLUMNS.map((column) => codeCell(column, code)),
  ]);
  const returnCodes = namesByCode(codes.ConnectReturnCode);
  return [
    '## Reason codes',
    '',
    'The names are those of `ReasonCode`. In a cell, `client` or `server` is the one side that may send the code in',
    'this packet.',
    '',
    ...tableLines(['code', 'name', ...CODE_COLUMNS.map(({ head }) => head)], rows),
    '',
    '## Return codes of MQTT 3.1.1',
    '',
    `SUBACK has ${codes.SUBACK_RETURN_CODES.map(hex).join(', ')}; the last is the one for failure. CONNACK, with the`,
    'names of `ConnectReturnCode`, has:',
    '',
    ...tableLines(
      ['code', 'name'],
      codes.CONNACK_RETURN_CODES.map((code) => [hex(code), returnCodes.get(code) ?? '']),
    ),
    '',
  ];
}

/** The page `docs/properties.md`. */
export function render(sets: PropertySets, source: string): string {
  const lines = [
    '# Properties and reason codes',
    '',
    '<!-- Written by `npm run properties`. Do not edit. -->',
    '',
    'The properties of MQTT 5.0 (section 2.2.2.2) and the reason codes (section 2.4) as the codec checks them, when it',
    'reads and when it writes. This page is written from the tables that the code uses, `src/spec/properties.ts` and',
    '`src/spec/reason-codes.ts`; they are exported as `PROPERTIES`, `ReasonCode` and one list of codes per packet.',
    '',
    ...propertyTables(sets, docLines(source)),
    ...codeTables(),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function main(): void {
  writeOrCheck(PAGE, render(PROPERTIES, readFileSync(join(root, SOURCE), 'utf8')), 'npm run properties');
}

if (isMain(import.meta.url)) main();
