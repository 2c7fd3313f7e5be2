// Text that is nothing but what may not stand in it, or that ends within a character, whatever its length.
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/index.js';
import { mqttErrorBy } from '../thrown.js';

/** A PUBLISH of MQTT 3.1.1 with this topic, and what follows it. */
function publish(topic: readonly number[], payload: readonly number[]): Uint8Array {
  return Uint8Array.of(0x30, 2 + topic.length + payload.length, 0, topic.length, ...topic, ...payload);
}

const LENGTHS = [1, 2, 39, 40, 41, 47, 48, 49, 60] as const;

describe.each(LENGTHS)('text of %i characters that may not stand there', (length) => {
  it.each([
    ['\0', 'null-character'],
    ['+', 'wildcard-in-topic-name'],
    ['#', 'wildcard-in-topic-name'],
  ] as const)('is no topic: %j [3.1.1: MQTT-4.7.1-1] [5.0: MQTT-4.7.0-1]', (character, code) => {
    const topic = character.repeat(length);
    const bytes = Array.from(topic, (each) => each.charCodeAt(0));
    expect(mqttErrorBy(() => encode({ type: 'publish', topic, qos: 0 }, 5))).toMatchObject({
      code,
      field: 'topic',
    });
    expect(mqttErrorBy(() => decode(publish(bytes, []), 4))).toMatchObject({
      code,
      field: 'topic',
      offset: 4,
    });
  });

  it.each(['\ud800', '\udfff'])('is neither topic nor payload: %j [5.0: MQTT-1.5.4-1]', (character) => {
    const text = character.repeat(length);
    const code = 'lone-surrogate';
    const topic = { type: 'publish', topic: text, qos: 0 } as const;
    const payload = { type: 'publish', topic: 'a', payload: text, qos: 0 } as const;
    expect(mqttErrorBy(() => encode(topic, 5))).toMatchObject({ code, field: 'topic' });
    expect(mqttErrorBy(() => encode(payload, 5))).toMatchObject({ code, field: 'payload' });
  });

  it.each([
    [[0xc3], [0xa9]],
    [[0xe2], [0x82, 0xac]],
    [[0xe2, 0x82], [0xac]],
    [
      [0xf0, 0x9d, 0x84],
      [0x9e, 0x61],
    ],
  ])(
    'is not made whole by the bytes behind it: %j and %j [3.1.1: MQTT-1.5.3-1] [5.0: MQTT-1.5.4-1]',
    (end, behind) => {
      const before = new Array<number>(length - 1).fill(0x61);
      const bytes = publish([...before, ...end], behind);
      expect(mqttErrorBy(() => decode(bytes, 4))).toMatchObject({
        code: 'invalid-utf8',
        offset: 4 + before.length,
      });
    },
  );
});

describe('text that is too long by its characters alone', () => {
  it('is so whatever else is wrong', () => {
    const topic = `\0${'a'.repeat(65_535)}`;
    expect(mqttErrorBy(() => encode({ type: 'publish', topic, qos: 0 }, 4))).toMatchObject({
      code: 'too-long',
    });
    expect(
      mqttErrorBy(() => encode({ type: 'publish', topic: topic.slice(0, -1), qos: 0 }, 4)),
    ).toMatchObject({
      code: 'null-character',
    });
  });
});
