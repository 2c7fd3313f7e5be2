// @ts-nocheck
import { describe, expect, it } from 'vitest';
import { encodeAny, toHex, versions } from '../codec/fixtures.js';
import { type Fields, sample } from '../codec/samples.js';
import { badPacketIds, badStrings, each, itRefuses, noBooleans, noIntegers, noLists } from './refusals.js';

/** Two subscriptions, of which the second has those fields. */
const second = (fields: Fields): Fields => ({
  subscriptions: [
    { topicFilter: 'a', qos: 0 },
    { topicFilter: 'b', qos: 1, ...fields },
  ],
});
const filters = (topicFilter: unknown): Fields => second({ topicFilter });
const field = 'subscriptions[1].topicFilter';

const misplacedHash = ['a#', '#/', '#a', 'a/#/b', '##'];
const misplacedPlus = ['a+', '+a', 'a/b+/c', '++'];

describe('encode refuses a SUBSCRIBE', () => {
  itRefuses('whose Packet Identifier is none [3.1.1: MQTT-2.3.1-1]', 'subscribe', versions, badPacketIds);

  itRefuses('without subscriptions [3.1.1: MQTT-3.8.3-3] [5.0: MQTT-3.8.3-2]', 'subscribe', versions, [
    [{ subscriptions: [] }, 'empty-list', 'subscriptions', '3.8.3-3', '3.8.3-2'],
    ...each(noLists, (subscriptions) => ({ subscriptions }), 'wrong-type', 'subscriptions'),
  ]);

  it('with something else for a subscription', () => {
    for (const version of versions) {
      for (const item of [null, undefined, 'a', 5, []]) {
        const packet = sample('subscribe', version, { subscriptions: [{ topicFilter: 'a', qos: 0 }, item] });
        expect(() => encodeAny(packet, version)).toThrow('wrong type in subscriptions[1].topicFilter');
      }
    }
  });

  itRefuses('whose filter is no string [3.1.1: MQTT-3.8.3-1] [5.0: MQTT-3.8.3-1]', 'subscribe', versions, [
    ...badStrings(filters, field),
    [filters(undefined), 'wrong-type', field],
  ]);

  itRefuses('whose filter is invalid', 'subscribe', versions, [
    [filters(''), 'invalid-topic-filter', field, '4.7.3-1'],
    ...each(misplacedHash, filters, 'invalid-topic-filter', field, '4.7.1-2', '4.7.1-1'),
    ...each(misplacedPlus, filters, 'invalid-topic-filter', field, '4.7.1-3', '4.7.1-2'),
  ]);

  itRefuses(
    'whose shared filter is invalid [5.0: MQTT-4.8.2-1] [5.0: MQTT-4.8.2-2]',
    'subscribe',
    [5],
    [
      ...each(['$share/', '$share//t'], filters, 'invalid-topic-filter', field, '4.8.2-1'),
      ...each(
        ['$share/g', '$share/g/', '$share/+/t', '$share/#/t'],
        filters,
        'invalid-topic-filter',
        field,
        '4.8.2-2',
      ),
      [filters('$share/g/a#'), 'invalid-topic-filter', field, '4.7.1-1'],
    ],
  );

  itRefuses('whose QoS is none [3.1.1: MQTT-3.8.3-4]', 'subscribe', versions, [
    ...each(
      [3, -1, 0.5, '1', null, true],
      (qos) => second({ qos }),
      'invalid-qos',
      'subscriptions[1].qos',
      '3.8.3-4',
      '',
    ),
  ]);

  itRefuses(
    'whose options are none [U5-3.8.3.1-b]',
    'subscribe',
    [5],
    [
      ...each(noBooleans, (noLocal) => second({ noLocal }), 'wrong-type', 'subscriptions[1].noLocal'),
      ...each(
        noBooleans,
        (retainAsPublished) => second({ retainAsPublished }),
        'wrong-type',
        'subscriptions[1].retainAsPublished',
      ),
      ...each(
        noIntegers,
        (retainHandling) => second({ retainHandling }),
        'wrong-type',
        'subscriptions[1].retainHandling',
      ),
      ...each(
        [3, -1, 0.5, Number.NaN],
        (retainHandling) => second({ retainHandling }),
        'value-out-of-range',
        'subscriptions[1].retainHandling',
      ),
    ],
  );

  itRefuses(
    'that shares and wants no messages of its own [5.0: MQTT-3.8.3-4]',
    'subscribe',
    [5],
    [
      [
        second({ topicFilter: '$share/g/t', noLocal: true }),
        'no-local-on-shared-subscription',
        'subscriptions[1].noLocal',
        '3.8.3-4',
      ],
    ],
  );

  itRefuses(
    'with options that MQTT 3.1.1 does not have [3.1.1: MQTT-3.8.3-4]',
    'subscribe',
    [4],
    [
      ...each(
        [true, false, null],
        (noLocal) => second({ noLocal }),
        'not-in-this-version',
        'subscriptions[1].noLocal',
      ),
      [second({ retainAsPublished: false }), 'not-in-this-version', 'subscriptions[1].retainAsPublished'],
      [second({ retainHandling: 0 }), 'not-in-this-version', 'subscriptions[1].retainHandling'],
    ],
  );
});

describe('a SUBSCRIBE', () => {
  it('holds a filter of 65,535 bytes, and many filters', () => {
    const topicFilter = 'é'.repeat(32_767);
    const subscriptions = Array.from({ length: 3 }, () => ({ topicFilter, qos: 0 }));
    expect(encodeAny(sample('subscribe', 4, { subscriptions }), 4).length).toBe(1 + 3 + 2 + 3 * 65_537);
    const many = Array.from({ length: 10_000 }, () => ({ topicFilter: '#', qos: 2 }));
    const frame = encodeAny(sample('subscribe', 5, { subscriptions: many }), 5);
    expect(toHex(frame.subarray(-4))).toBe('00012302');
  });
});
