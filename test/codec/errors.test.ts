import { describe, expect, it } from 'vitest';
import {
  decode,
  InvalidPacketError,
  isMqttError,
  MalformedPacketError,
  MqttError,
  PacketParser,
  PacketTooLargeError,
  ProtocolError,
  UnsupportedVersionError,
} from '../../src/index.js';
import { thrownBy } from '../thrown.js';
import { encodeAny, field, framed, fromHex, invalidFixtures, versions } from './fixtures.js';
import { sample } from './samples.js';

const SECRET = 'xyzzy-42';

describe('an error', () => {
  const classes = [
    [MalformedPacketError, 'MalformedPacketError'],
    [ProtocolError, 'ProtocolError'],
    [PacketTooLargeError, 'PacketTooLargeError'],
    [UnsupportedVersionError, 'UnsupportedVersionError'],
    [InvalidPacketError, 'InvalidPacketError'],
    [MqttError, 'MqttError'],
  ] as const;

  it.each(classes)('knows its class by name and by brand: %o %s', (Class, name) => {
    const error = new Class({ code: 'cut-short', field: 'topic', offset: 3, packetType: 'publish' });
    expect(error.name).toBe(name);
    expect(error).toBeInstanceOf(MqttError);
    expect(error).toBeInstanceOf(Error);
    expect(isMqttError(error)).toBe(true);
    expect(Reflect.get(error, Symbol.for('puremqtt.error'))).toBe(true);
    expect(String(error)).toBe(`${name}: PUBLISH: cut short in topic at byte 3`);
    expect(error.stack).toContain('errors.test.ts');
  });

  it('is told from everything else', () => {
    const others = [
      new Error('cut-short'),
      new TypeError('x'),
      null,
      undefined,
      'MqttError',
      1,
      {},
      [],
      () => 1,
    ];
    for (const other of others) expect(isMqttError(other)).toBe(false);
    expect(isMqttError({ [Symbol.for('puremqtt.error')]: false })).toBe(false);
    expect(isMqttError({ [Symbol.for('puremqtt.error')]: true })).toBe(true);
  });

  it('says in words what it says in fields', () => {
    for (const { frame, version, from } of invalidFixtures) {
      const error = thrownBy(() => decode(frame, version, { from }));
      if (!isMqttError(error)) throw error;
      const { code, packetType, statement } = error;
      expect(error.message).toContain(code.replaceAll('-', ' '));
      if (packetType !== undefined) expect(error.message).toContain(`${packetType.toUpperCase()}: `);
      if (statement !== undefined) {
        expect(statement).toMatch(/^MQTT-\d+\.\d+\.\d+-\d+$/);
        expect(error.message).toContain(`[${statement}]`);
      }
      expect(error.message).toMatch(/^[ -~]+$/);
      if (error instanceof UnsupportedVersionError) continue;
      expect(error.message).toContain(` in ${String(Reflect.get(error, 'field'))}`);
      expect(error.message).toContain(` at byte ${String(Reflect.get(error, 'offset'))}`);
    }
  });

  it('keeps its reason code out of what encode throws, and its offset too', () => {
    const error = thrownBy(() => encodeAny(sample('puback', 5, { packetId: 0 }), 5));
    expect(error).toMatchObject({ code: 'value-out-of-range', field: 'packetId', packetType: 'puback' });
    expect(String(error)).toMatch(
      /^InvalidPacketError: PUBACK: value out of range in packetId \[MQTT-2.2.1-3\]$/,
    );
    expect(Reflect.get(error as object, 'reasonCode')).toBe(undefined);
    expect(Reflect.get(error as object, 'offset')).toBe(undefined);
  });

  it('tells the size and the limit of a packet that is too large', () => {
    const parser = new PacketParser({ version: 5, maximumPacketSize: 100 });
    parser.push(fromHex('30ff7f'));
    const error = thrownBy(() => parser.next());
    expect(error).toMatchObject({ code: 'packet-too-large', reasonCode: 0x95, size: 16_386, limit: 100 });
    expect(String(error)).toContain('16386 bytes of at most 100');
  });
});

describe('the message of an error', () => {
  const secret = field(SECRET);

  /** Frames with the secret in every field, each followed by something wrong. */
  const frames: readonly (readonly [name: string, version: 4 | 5, frame: Uint8Array])[] = [
    ...versions.flatMap((version) => {
      const none = version === 5 ? [0] : [];
      const head = [...field('MQTT'), version, 0xc6, 0, 60, ...none];
      const all = [...secret, ...none, ...secret, ...secret, ...secret, ...secret];
      return [
        ['surplus after CONNECT', version, framed(0x10, head, all, [0])],
        ['password cut off', version, framed(0x10, head, all.slice(0, -2))],
        [
          'ill-formed user name',
          version,
          framed(0x10, head, all.slice(0, -2 * secret.length), field(Uint8Array.of(0x78, 0xff)), secret),
        ],
        ['U+0000 in the client id', version, framed(0x10, head, field(`${SECRET}\0${SECRET}`))],
        ['another protocol', version, framed(0x10, secret, [4])],
        ['wildcard in a topic', version, framed(0x30, field(`${SECRET}/#`), none)],
        ['DUP', version, framed(0x38, secret, none, secret)],
        ['invalid filter', version, framed(0x82, [0, 1], none, field(`${SECRET}#`), [0])],
      ] as const;
    }),
    ['authentication data cut off', 5, framed(0xf0, [0x18, 12], [0x16, 0, 9, ...secret.subarray(2)])],
    ['unknown property', 5, framed(0x40, [0, 1, 0], [11], [0x7f], secret)],
    ['surplus after user properties', 5, framed(0x40, [0, 1, 0], [21], [0x26], secret, secret, [0])],
    ['property twice', 5, framed(0x40, [0, 1, 0], [22], [0x1f], secret, [0x1f], secret)],
  ];
  it.each(frames)('holds nothing of the packet: %s in version %i', (_name, version, frame) => {
    const error = thrownBy(() => decode(frame, version));
    if (!isMqttError(error)) throw error;
    expect(`${error.message} ${error.stack}`).not.toContain(SECRET);
    expect(error.message).not.toContain('xyzzy');
  });

  it('holds nothing of a packet that encode refuses', () => {
    const packets = [
      sample('connect', 5, { username: SECRET, password: SECRET, clientId: `${SECRET}\0` }),
      sample('connect', 5, { username: SECRET, password: 5, clientId: SECRET }),
      sample('connect', 5, { password: `${SECRET}\ud800` }),
      sample('connect', 5, { will: { topic: `${SECRET}/+`, payload: SECRET } }),
      sample('publish', 5, { topic: `${SECRET}#`, payload: SECRET }),
      sample('publish', 5, { topic: SECRET, qos: SECRET }),
      sample('publish', 5, { properties: { [`a ${SECRET}`]: SECRET } }),
      sample('publish', 5, { properties: { userProperties: [[SECRET, `${SECRET}\0`]] } }),
      sample('auth', 5, { properties: { authenticationMethod: SECRET, authenticationData: SECRET } }),
      sample('subscribe', 5, { subscriptions: [{ topicFilter: `${SECRET}#`, qos: 0 }] }),
      sample('unsubscribe', 5, { topicFilters: [`${SECRET}\0`] }),
      { type: SECRET },
      { type: { toString: () => SECRET } },
    ];
    for (const packet of packets) {
      const error = thrownBy(() => encodeAny(packet, 5));
      if (!isMqttError(error)) throw error;
      expect(`${error.message} ${error.stack}`).not.toContain(SECRET);
    }
  });
});
