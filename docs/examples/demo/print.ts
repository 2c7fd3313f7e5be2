/** Packets for people: in words, and in hexadecimal with a colour for each field. */
import {
  ConnectReturnCode,
  type DecodedPacket,
  type PacketType,
  type ProtocolVersion,
  ReasonCode,
} from '../../../src/index.js';
import { annotate, type Field } from './annotate.js';

const WIDTH = 120;
const INDENT = '    ';
/** Of a longer field, only the beginning is shown. */
const BYTES_SHOWN = 32;
const COLOURS = [36, 33, 32, 35, 34, 31];

/** What others should not read over one's shoulder. */
const SECRET = /(^|\.)(password|authenticationData)$/;

/** Whether to use colours: on a terminal that has them, unless NO_COLOR is set. */
export function wantsColour(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** The lines for one packet: its bytes, field by field in colours of their own, and below each field its name. */
export function hexLines(frame: Uint8Array, version: ProtocolVersion, colour: boolean): string[] {
  const lines: string[] = [];
  let hex = '';
  let names = '';
  let length = 0;
  annotate(frame, version).fields.forEach((field, index) => {
    const [bytes, label] = [hexOf(frame, field), labelOf(field)];
    const width = Math.max(bytes.length, label.length);
    if (length > 0 && length + width > WIDTH) {
      lines.push(hex, names);
      hex = names = '';
      length = 0;
    }
    const start = length === 0 ? INDENT : '';
    hex += start + painted(bytes.padEnd(width + 2), index, colour);
    names += start + painted(label.padEnd(width + 2), index, colour);
    length += width + 2;
  });
  return [...lines, hex, names].map((line) => line.trimEnd());
}

const painted = (text: string, index: number, colour: boolean): string =>
  colour
    ? `\u001b[${COLOURS[index % COLOURS.length]}m${text.trimEnd()}\u001b[0m${text.slice(text.trimEnd().length)}`
    : text;

const labelOf = ({ name }: Field): string => name.replace('properties.', '');

function hexOf(frame: Uint8Array, { name, start, end }: Field): string {
  if (SECRET.test(name)) return `(${end - start} bytes not shown)`;
  const shown = [...frame.subarray(start, Math.min(end, start + BYTES_SHOWN))];
  const hex = shown.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return end - start > BYTES_SHOWN ? `${hex} (and ${end - start - BYTES_SHOWN} more)` : hex;
}

/** A packet in one line of words. Flags that are off and properties that are not there go without saying. */
export function inWords(packet: DecodedPacket, version: ProtocolVersion): string {
  const { type, ...values } = packet;
  return [type.toUpperCase(), ...pairs(values, { type, version })].join(' ').replace(' ', '  ');
}

interface Context {
  readonly type: PacketType;
  readonly version: ProtocolVersion;
}

function pairs(values: object, context: Context): string[] {
  const said = Object.entries(values).filter(
    ([, value]) => value !== false && value !== undefined && !isEmpty(value),
  );
  return said.map(([name, value], index) => {
    const words = SECRET.test(name)
      ? `(${(value as Uint8Array).length} bytes)`
      : wordsFor(name, value, context);
    return `${name} ${words}${index < said.length - 1 ? ',' : ''}`;
  });
}

function isEmpty(value: unknown): boolean {
  if (value instanceof Uint8Array) return value.length === 0;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function wordsFor(name: string, value: unknown, context: Context): string {
  if (typeof value === 'number')
    return name.startsWith('reasonCode') ? reasonName(value, context) : `${value}`;
  if (typeof value === 'string') return quoted(value);
  if (value instanceof Uint8Array) return bytesInWords(value);
  if (Array.isArray(value)) return `[${value.map((item) => wordsFor(name, item, context)).join(', ')}]`;
  return typeof value === 'object' && value !== null
    ? `{ ${pairs(value, context).join(' ')} }`
    : String(value);
}

/** Control characters of a stranger must not reach the terminal. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );

function bytesInWords(bytes: Uint8Array): string {
  const size = bytes.length === 1 ? '1 byte' : `${bytes.length} bytes`;
  if (bytes.length === 0 || bytes.length > 60) return `(${size})`;
  try {
    return `${quoted(new TextDecoder('utf-8', { fatal: true }).decode(bytes))} (${size})`;
  } catch {
    return `(${size})`;
  }
}

/** Names of codes that stand for several things, or for something else in this packet. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  'disconnect 0': 'NormalDisconnection',
  'suback 0': 'GrantedQoS0',
};

function reasonName(code: number, { type, version }: Context): string {
  const table: Readonly<Record<string, number>> =
    type === 'connack' && version === 4 ? ConnectReturnCode : ReasonCode;
  const name = OWN_NAMES[`${type} ${code}`] ?? Object.keys(table).find((key) => table[key] === code);
  return `0x${code.toString(16).padStart(2, '0')} ${name ?? ''}`.trimEnd();
}
