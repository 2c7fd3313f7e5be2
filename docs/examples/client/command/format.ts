/** How `sub` prints a message: -v, -N, and -F with the letters of mosquitto_sub. */
import type { DecodedPublish } from '../../../../src/index.js';
import { UsageError } from './arguments.js';

type Piece = (message: DecodedPublish, at: Date) => string | Uint8Array;

export interface Printing {
  readonly format?: string | undefined;
  readonly verbose?: boolean | undefined;
  readonly 'no-newline'?: boolean | undefined;
}

const property =
  (name: keyof NonNullable<DecodedPublish['properties']>): Piece =>
  ({ properties }) => {
    const value = properties?.[name];
    return value instanceof Uint8Array ? value : String(value ?? '');
  };

const hex = ({ payload }: DecodedPublish): string => Buffer.from(payload).toString('hex');

const LETTERS: Readonly<Record<string, Piece>> = {
  '%': () => '%',
  t: ({ topic }) => topic,
  p: ({ payload }) => payload,
  q: ({ qos }) => `${qos}`,
  r: ({ retain }) => (retain ? '1' : '0'),
  l: ({ payload }) => `${payload.length}`,
  m: ({ packetId }) => `${packetId ?? 0}`,
  x: hex,
  X: (message) => hex(message).toUpperCase(),
  I: (_, at) => at.toISOString().replace(/\.\d+Z$/, '+0000'),
  U: (_, at) => (at.getTime() / 1_000).toFixed(9),
  j: (message, at) => json(message, at, ({ payload }) => new TextDecoder().decode(payload)),
  J: (message, at) => json(message, at, parsed),
  A: property('topicAlias'),
  C: property('contentType'),
  D: property('correlationData'),
  E: property('messageExpiryInterval'),
  F: property('payloadFormatIndicator'),
  R: property('responseTopic'),
  S: property('subscriptionIdentifiers'),
  P: ({ properties }) => (properties?.userProperties ?? []).map((pair) => pair.join(':')).join(' '),
};

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  '0': '\0',
  a: '\u0007',
  e: '\u001b',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What turns a message into bytes to print. Throws UsageError for a format that cannot be. */
export function printer(printing: Printing): (message: DecodedPublish, at: Date) => Buffer {
  const { format = printing.verbose === true ? '%t %p' : '%p' } = printing;
  const pieces: Piece[] = [...format.matchAll(/%(.?)|\\(.?)|[^%\\]+/gsu)].map(([whole, letter, special]) => {
    if (letter !== undefined) {
      const piece = LETTERS[letter];
      if (piece === undefined) throw new UsageError(`-F: %${letter} stands for nothing`);
      return piece;
    }
    const fixed = special === undefined ? whole : ESCAPES[special];
    if (fixed === undefined) throw new UsageError(`-F: \\${special} stands for nothing`);
    return () => fixed;
  });
  const end = printing['no-newline'] === true ? '' : '\n';
  return (message, at) => Buffer.concat([...pieces.map((piece) => piece(message, at)), end].map(toBuffer));
}

function toBuffer(piece: string | Uint8Array): Buffer {
  return typeof piece === 'string'
    ? Buffer.from(piece)
    : Buffer.from(piece.buffer, piece.byteOffset, piece.length);
}

function json(message: DecodedPublish, at: Date, payload: (message: DecodedPublish) => unknown): string {
  const { topic, qos, retain, packetId, properties = {} } = message;
  const { correlationData, ...others } = properties;
  return JSON.stringify({
    tst: at.toISOString(),
    topic,
    qos,
    retain: retain ? 1 : 0,
    payloadlen: message.payload.length,
    ...(packetId !== undefined && { mid: packetId }),
    ...(Object.keys(properties).length > 0 && {
      properties: {
        ...others,
        ...(correlationData && { correlationData: Buffer.from(correlationData).toString('hex') }),
      },
    }),
    payload: payload(message),
  });
}

function parsed({ payload }: DecodedPublish): unknown {
  const text = new TextDecoder().decode(payload);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
