// @ts-nocheck
import { describe } from 'vitest';
import { versions } from '../codec/fixtures.js';
import type { Fields } from '../codec/samples.js';
import { badPacketIds, badStrings, each, itRefuses, noLists } from './refusals.js';

const misplacedHash = ['a#', '#/', '#a', 'a/#/b', '##'];
const misplacedPlus = ['a+', '+a', 'a/b+/c', '++'];

describe('encode refuses an UNSUBSCRIBE', () => {
  const topicFilters = (value: unknown): Fields => ({ topicFilters: ['a', value] });

  itRefuses('whose Packet Identifier is none [3.1.1: MQTT-2.3.1-1]', 'unsubscribe', versions, badPacketIds);

  itRefuses('without filters [3.1.1: MQTT-3.10.3-2] [5.0: MQTT-3.10.3-2]', 'unsubscribe', versions, [
    [{ topicFilters: [] }, 'empty-list', 'topicFilters', '3.10.3-2'],
    ...each(noLists, (value) => ({ topicFilters: value }), 'wrong-type', 'topicFilters'),
  ]);

  itRefuses('whose filter is none [3.1.1: MQTT-3.10.3-1] [5.0: MQTT-3.10.3-1]', 'unsubscribe', versions, [
    ...badStrings(topicFilters, 'topicFilters[1]'),
    [topicFilters(''), 'invalid-topic-filter', 'topicFilters[1]', '4.7.3-1'],
    ...each(misplacedHash, topicFilters, 'invalid-topic-filter', 'topicFilters[1]', '4.7.1-2', '4.7.1-1'),
    ...each(misplacedPlus, topicFilters, 'invalid-topic-filter', 'topicFilters[1]', '4.7.1-3', '4.7.1-2'),
  ]);

  itRefuses(
    'whose shared filter is invalid',
    'unsubscribe',
    [5],
    [
      [topicFilters('$share//t'), 'invalid-topic-filter', 'topicFilters[1]', '4.8.2-1'],
      [topicFilters('$share/g'), 'invalid-topic-filter', 'topicFilters[1]', '4.8.2-2'],
    ],
  );
});
