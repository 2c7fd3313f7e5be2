// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { encodeAny, toHex, versions } from '../codec/fixtures.js';
import { sample } from '../codec/samples.js';
import { badBytes, badPacketIds, badStrings, each, itRefuses, noBooleans } from './refusals.js';

describe('encode refuses a PUBLISH', () => {
  itRefuses('whose topic is none [3.1.1: MQTT-3.3.2-1] [5.0: MQTT-3.3.2-1]', 'publish', versions, [
    ...badStrings((topic) => ({ topic }), 'topic'),
    [{ topic: undefined }, 'wrong-type', 'topic'],
    [{ topic: '' }, 'empty-topic', 'topic', '4.7.3-1', '3.3.2-1'],
    [{ topic: '', qos: 1, packetId: 1 }, 'empty-topic', 'topic', '4.7.3-1', '3.3.2-1'],
  ]);

  itRefuses('with a wildcard in its topic [3.1.1: MQTT-3.3.2-2] [5.0: MQTT-3.3.2-2]', 'publish', versions, [
    ...each(
      ['#', '+', 'a/#', '+/a', 'a+', 'é#', `${'a'.repeat(99)}+`],
      (topic) => ({ topic }),
      'wildcard-in-topic-name',
      'topic',
      '3.3.2-2',
    ),
  ]);

  itRefuses(
    'with no topic and properties without an alias',
    'publish',
    [5],
    [
      [{ topic: '', properties: {} }, 'empty-topic', 'topic', '3.3.2-1'],
      [
        { topic: '', properties: { contentType: 'x', topicAlias: undefined } },
        'empty-topic',
        'topic',
        '3.3.2-1',
      ],
    ],
  );

  itRefuses('whose QoS is none [3.1.1: MQTT-3.3.1-4] [5.0: MQTT-3.3.1-4]', 'publish', versions, [
    ...each(
      [3, -1, 0.5, '0', null, true, 4, 256],
      (qos) => ({ qos, packetId: 1 }),
      'invalid-qos',
      'qos',
      '3.3.1-4',
    ),
  ]);

  itRefuses('that is sent again at QoS 0 [3.1.1: MQTT-3.3.1-2] [5.0: MQTT-3.3.1-2]', 'publish', versions, [
    [{ dup: true }, 'dup-with-qos-0', 'dup', '3.3.1-2'],
    [{ dup: true, qos: undefined }, 'dup-with-qos-0', 'dup', '3.3.1-2'],
  ]);

  itRefuses('whose flags are none', 'publish', versions, [
    ...each(noBooleans, (dup) => ({ dup, qos: 1, packetId: 1 }), 'wrong-type', 'dup'),
    ...each(noBooleans, (retain) => ({ retain }), 'wrong-type', 'retain'),
  ]);

  for (const qos of [1, 2]) {
    itRefuses(
      `of QoS ${qos} whose Packet Identifier is none [3.1.1: MQTT-2.3.1-1]`,
      'publish',
      versions,
      badPacketIds.map(([fields, ...rest]) => [{ ...fields, qos }, ...rest]),
    );
  }

  itRefuses(
    'of QoS 0 with a Packet Identifier [3.1.1: MQTT-2.3.1-5] [5.0: MQTT-2.2.1-2]',
    'publish',
    versions,
    [
      ...each(
        [1, 0, null, '1'],
        (packetId) => ({ packetId }),
        'not-in-this-packet',
        'packetId',
        '2.3.1-5',
        '2.2.1-2',
      ),
    ],
  );

  itRefuses(
    'whose payload is none',
    'publish',
    versions,
    badBytes((payload) => ({ payload }), 'payload'),
  );
});

describe('a PUBLISH', () => {
  it('writes its flags', () => {
    for (const version of versions) {
      for (const qos of [0, 1, 2]) {
        for (const dup of qos === 0 ? [false] : [false, true]) {
          for (const retain of [false, true]) {
            const packet = sample('publish', version, { qos, dup, retain, ...(qos > 0 && { packetId: 1 }) });
            expect(encodeAny(packet, version)[0]).toBe(0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0));
          }
        }
      }
    }
  });

  it('holds a topic of 65,535 bytes [3.1.1: MQTT-4.7.3-3] [5.0: MQTT-4.7.3-3]', () => {
    const topic = `${'é'.repeat(32_767)}a`;
    expect(encodeAny(sample('publish', 4, { topic }), 4).length).toBe(1 + 3 + 2 + 65_535);
  });

  it('has an alias in place of its topic', () => {
    const packet = sample('publish', 5, { topic: '', properties: { topicAlias: 9 } });
    expect(toHex(encodeAny(packet, 5))).toBe('3006000003230009');
  });
});
