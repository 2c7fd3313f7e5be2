import type { Api } from './dist.js';

/**
 * Runs inside small engines: uses ECMAScript and the package alone, and gives what went wrong, in words.
 * The bytes were written down by hand from the standards.
 */
export function exercise(api: Api): string[] {
  const failures: string[] = [];
  const same = (what: string, actual: unknown, expected: unknown): void => {
    if (actual !== expected) failures.push(`${what}: ${String(actual)} instead of ${String(expected)}`);
  };
  for (const [name, version, packet, hex] of samples) {
    const frame = api.encode(packet, version);
    same(`${name} encoded`, toHex(frame), hex);
    same(`${name} measured`, api.encodedLength(packet, version), hex.length / 2);
    const decoded = api.decode(fromHex(hex), version);
    same(`${name} decoded`, decoded.type, packet.type);
    same(`${name} encoded again`, toHex(api.encode(decoded as never, version)), hex);
  }
  for (const text of [
    '\ufeffbom',
    'héllo €',
    '😀'.repeat(100),
    `${'a'.repeat(300)}é`,
    EDGES,
    EDGES.repeat(9),
  ]) {
    const frame = api.encode(
      { type: 'publish', topic: text, payload: text, qos: 0, retain: false, dup: false },
      5,
    );
    const packet = api.decode(frame, 5);
    same(`topic of ${text.length} units`, packet.type === 'publish' && packet.topic, text);
  }
  for (const [name, hex] of malformed) {
    try {
      api.decode(fromHex(hex), 5);
      failures.push(`${name}: accepted`);
    } catch (error) {
      same(`${name}: the error`, api.isMqttError(error), true);
      same(`${name}: the reason`, (error as { reasonCode?: unknown }).reasonCode, 0x81);
    }
  }
  streamed(api, same);
  return failures;
}

/** The first and the last characters of each length in UTF-8. */
const EDGES = '\u0001\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}';

type Packet = Parameters<Api['encode']>[0];

const connect = { type: 'connect', clientId: 'é€😀', keepAlive: 60, cleanStart: true } as const;
const publish = { type: 'publish', topic: 'a/b', retain: false, dup: false } as const;

const samples: readonly (readonly [string, 4 | 5, Packet, string])[] = [
  [
    'CONNECT of 3.1.1',
    4,
    { ...connect, protocolVersion: 4 },
    '101500044d51545404 02003c 0009c3a9e282acf09f9880',
  ],
  [
    'CONNECT of 5.0',
    5,
    { ...connect, protocolVersion: 5 },
    '101600044d51545405 02003c00 0009c3a9e282acf09f9880',
  ],
  ['PUBLISH of 3.1.1', 4, { ...publish, qos: 0, payload: 'hi' }, '30070003612f62 6869'],
  [
    'a payload of edges',
    4,
    { ...publish, qos: 0, payload: EDGES },
    '301f0003612f62 01 7f c280 dfbf e0a080 ed9fbf ee8080 efbfbf f0908080 f48fbfbf',
  ],
  [
    'PUBLISH of 5.0',
    5,
    { ...publish, qos: 1, packetId: 10, payload: new Uint8Array([1]), properties: { contentType: 'x' } },
    '320d0003612f62000a0403000178 01',
  ],
  ['PUBACK of 5.0', 5, { type: 'puback', packetId: 10, reasonCode: 0 }, '4002000a'],
  ['PINGREQ', 4, { type: 'pingreq' }, 'c000'],
].map(
  ([name, version, packet, hex]) => [name, version, packet, (hex as string).replaceAll(' ', '')] as never,
);

const malformed: readonly (readonly [string, string])[] = [
  ['overlong UTF-8', '30050002c08000'],
  ['a surrogate in UTF-8', '30060003eda08000'],
  ['U+0000 in a topic', '300500026100 00'],
  ['a string cut short', '3003000961'],
  ['a packet cut short', '3005'],
  ['reserved flags', 'c100'],
].map(([name = '', hex = '']) => [name, hex.replaceAll(' ', '')]);

function streamed(api: Api, same: (what: string, actual: unknown, expected: unknown) => void): void {
  const parser = new api.PacketParser({ from: 'client' });
  const types: string[] = [];
  for (const [, version, , hex] of samples) {
    if (version !== 5) continue;
    for (const byte of fromHex(hex)) {
      parser.push(new Uint8Array([byte]));
      for (let packet = parser.next(); packet !== undefined; packet = parser.next()) types.push(packet.type);
    }
  }
  parser.end();
  same('packets of a stream in single bytes', types.join(), 'connect,publish,puback');
  same('the version a stream told', parser.version, 5);
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
