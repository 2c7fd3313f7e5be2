// Packets that differ from others by a bit, and packets that come after others.
import { describe, expect, it } from 'vitest';
import { decode, encode, type MqttError, normalize, UnsupportedVersionError } from '../../src/index.js';
import { mqttErrorBy } from '../thrown.js';

describe('normalize', () => {
  it.each([4, 5] as const)('adds nothing to pings (version %i)', (version) => {
    for (const type of ['pingreq', 'pingresp'] as const) {
      expect(normalize({ type }, version)).toEqual({ type });
      expect(normalize({ type }, version)).toEqual(decode(encode({ type }, version), version));
    }
  });
});

describe('a PUBLISH of MQTT 3.1.1 without a topic', () => {
  it('is refused also after one of MQTT 5.0 whose alias stood for it [3.1.1: MQTT-4.7.3-1]', () => {
    encode({ type: 'publish', topic: '', qos: 0, properties: { topicAlias: 1 } }, 5);
    expect(mqttErrorBy(() => encode({ type: 'publish', topic: '', qos: 0 }, 4))).toMatchObject({
      code: 'empty-topic',
    });
  });
});

describe('a SUBACK without reason codes', () => {
  it.each([
    [4, 'MQTT-3.8.4-5'],
    [5, 'MQTT-3.8.4-6'],
  ] as const)('breaks the rule of one for each filter (version %i)', (version, statement) => {
    expect(
      mqttErrorBy(() => encode({ type: 'suback', packetId: 1, reasonCodes: [] }, version)),
    ).toMatchObject({
      code: 'empty-list',
      statement,
    });
  });
});

describe('Subscription Options with every defined bit', () => {
  it('are refused for what they ask, not for a reserved bit [5.0: MQTT-3.8.3-5]', () => {
    const options = (byte: number): MqttError | undefined =>
      mqttErrorBy(() => decode(Uint8Array.of(0x82, 7, 0, 1, 0, 0, 1, 97, byte), 5));
    expect(options(0x3f)?.code).not.toBe('reserved-bits');
    expect(options(0x3f)).toBeDefined();
    for (const byte of [0x40, 0x80, 0xc0]) expect(options(byte)).toMatchObject({ code: 'reserved-bits' });
  });
});

describe('a CONNACK of MQTT 3.1.1 that refuses the version', () => {
  it('is told from one with Session Present, which neither version has', () => {
    expect(mqttErrorBy(() => decode(Uint8Array.of(0x20, 2, 0, 1), 5))).toBeInstanceOf(
      UnsupportedVersionError,
    );
    expect(mqttErrorBy(() => decode(Uint8Array.of(0x20, 2, 1, 1), 5))).not.toBeInstanceOf(
      UnsupportedVersionError,
    );
    expect(mqttErrorBy(() => decode(Uint8Array.of(0x20, 2, 1, 1), 5))).toBeDefined();
  });
});

describe('what follows a will in a CONNECT', () => {
  const will = { topic: 'a', payload: 'b', qos: 0 } as const;
  const common = { type: 'connect', clientId: 'c', cleanStart: true, keepAlive: 0, will } as const;

  it.each([4, 5] as const)('is not named as if it stood in the will (version %i)', (version) => {
    const packet = { ...common, protocolVersion: version, username: 'u', password: 'p' };
    const bytes = encode(packet, version);
    for (const [cut, field] of [
      [1, 'password'],
      [4, 'username'],
    ] as const) {
      const short = bytes.slice(0, bytes.length - cut);
      short[1]! -= cut;
      expect(mqttErrorBy(() => decode(short, version))).toMatchObject({ field });
    }
    for (const field of ['username', 'password'] as const) {
      expect(mqttErrorBy(() => encode({ ...packet, [field]: 7 as never }, version))).toMatchObject({ field });
    }
    const wrong = { ...packet, will: { ...will, topic: 7 as never } };
    expect(mqttErrorBy(() => encode(wrong, version))).toMatchObject({ field: 'will.topic' });
  });
});
