import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import {
  type DecodedPacket,
  type EncodeOptions,
  type ErrorCode,
  encode,
  InvalidPacketError,
  isMqttError,
  MalformedPacketError,
  type MqttError,
  type Packet,
  ProtocolError,
  type ProtocolVersion,
  type Sender,
  UnsupportedVersionError,
} from '../../src/index.js';
import { thrownBy } from '../thrown.js';

const classes = { MalformedPacketError, ProtocolError, UnsupportedVersionError, InvalidPacketError };

interface Fixture {
  readonly version: ProtocolVersion;
  /** The version, the file's name and the fixture's. */
  readonly title: string;
  /** The file's name: a packet type, mostly; of what is generated, the subject. */
  readonly file: string;
  readonly name: string;
  readonly frame: Uint8Array;
  readonly from?: Sender;
}

export interface ValidFixture extends Fixture {
  readonly packet: DecodedPacket;
  readonly canonical?: false;
  readonly unsendable?: { readonly code: string; readonly field: string; readonly statement?: string };
}

export interface ExpectedError {
  readonly class: keyof typeof classes;
  readonly code: ErrorCode;
  readonly reasonCode?: number;
  readonly offset?: number;
  readonly field?: string;
  readonly statement?: string;
  readonly protocolName?: string;
  readonly protocolLevel?: number;
  readonly reply?: Uint8Array;
}

export interface InvalidFixture extends Fixture {
  readonly error: ExpectedError;
}

export const versions: readonly ProtocolVersion[] = [4, 5];

export const fromHex = (hex: string): Uint8Array => {
  const digits = hex.replaceAll(' ', '');
  if (!/^(?:[\da-f]{2})*$/.test(digits)) throw new Error(`not hexadecimal: ${hex}`);
  return Uint8Array.from(Buffer.from(digits, 'hex'));
};

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export const concat = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** A Variable Byte Integer (section 1.5.5). */
export const variable = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) | 128, ...variable(Math.floor(value / 128))];

/** A string or Binary Data with its length (sections 1.5.4 and 1.5.6). */
export const field = (content: Uint8Array | string): Uint8Array => {
  const bytes = typeof content === 'string' ? utf8(content) : content;
  return concat([bytes.length >> 8, bytes.length & 0xff], bytes);
};

/** A packet of a first byte and a body, with the Remaining Length between them. */
export const framed = (first: number, ...body: readonly (Uint8Array | readonly number[])[]): Uint8Array => {
  const bytes = concat(...body);
  return concat([first], variable(bytes.length), bytes);
};

// Runs of the same bytes are written as `(61*65535)`, and runs of text as $repeat and $times.
const unrolled = (hex: string): string =>
  hex.replace(/\(([\da-f]+)\*(\d+)\)/g, (_, bytes: string, times: string) => bytes.repeat(Number(times)));

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$bytes' in value) return fromHex(unrolled(String(value.$bytes)));
  if ('$repeat' in value && '$times' in value) return String(value.$repeat).repeat(Number(value.$times));
  return value;
}

function load<T extends Fixture>(version: ProtocolVersion, folder: string): T[] {
  const url = new URL(`../../fixtures/v${version}/${folder}`, import.meta.url);
  const files = readdirSync(url).filter((name) => name.endsWith('.json'));
  return files.flatMap((name) => {
    const file = name.slice(0, -'.json'.length);
    const items: readonly (T & { hex: string })[] = JSON.parse(
      readFileSync(new URL(name, `${url}/`), 'utf8'),
      revive,
    );
    return items.map((item) => ({
      ...item,
      version,
      file,
      title: `${version === 4 ? '3.1.1' : '5.0'} ${file}: ${item.name}`,
      frame: fromHex(unrolled(item.hex)),
    }));
  });
}

/** Those written by hand. */
export const validFixtures: readonly ValidFixture[] = versions.flatMap((version) =>
  load<ValidFixture>(version, ''),
);
export const invalidFixtures: readonly InvalidFixture[] = versions.flatMap((version) =>
  load<InvalidFixture>(version, 'invalid'),
);

/** Those that `npm run fixtures` writes. */
export const generatedValid: readonly ValidFixture[] = versions.flatMap((version) =>
  load<ValidFixture>(version, 'generated'),
);
export const generatedInvalid: readonly InvalidFixture[] = versions.flatMap((version) =>
  load<InvalidFixture>(version, 'generated/invalid'),
);

/** Encodes what the types may forbid. */
export const encodeAny = (packet: unknown, version: ProtocolVersion, options?: EncodeOptions): Uint8Array =>
  encode(packet as Packet, version, options);

/** Checks that a function throws exactly that error, and gives it back. */
export function expectError(run: () => unknown, expected: ExpectedError): MqttError {
  const error = thrownBy(run);
  if (!isMqttError(error)) throw error;
  const { class: name, code, reply, ...others } = expected;
  // What is absent must be absent: a statement or an offset that nobody expects is wrong too.
  const place = name === 'UnsupportedVersionError' ? {} : { field: undefined, offset: undefined };
  const fields = { reasonCode: undefined, statement: undefined, ...place, ...others };
  expect({ name: error.name, code: error.code, ...pick(error, fields) }).toEqual({ name, code, ...fields });
  expect(error).toBeInstanceOf(classes[name]);
  if (reply !== undefined) expect(Reflect.get(error, 'reply')).toEqual(reply);
  return error;
}

const pick = (from: object, keys: object): Record<string, unknown> =>
  Object.fromEntries(Object.keys(keys).map((key) => [key, Reflect.get(from, key)]));

/** Checks that encode refuses a packet, for that reason and because of that field. */
export function expectRefusal(
  packet: unknown,
  version: ProtocolVersion,
  code: string,
  field: string,
  options?: EncodeOptions,
): MqttError {
  const error = thrownBy(() => encodeAny(packet, version, options));
  if (!isMqttError(error)) throw error;
  expect({ name: error.name, code: error.code, field: Reflect.get(error, 'field') }).toEqual({
    name: 'InvalidPacketError',
    code,
    field,
  });
  expect(error).toBeInstanceOf(InvalidPacketError);
  expect(error.protocolVersion).toBe(version);
  return error;
}
