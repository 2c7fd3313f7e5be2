// @ts-nocheck
import { describe, it } from 'vitest';
import { decode } from '../../src/index.js';
import { concat, expectError, field, framed, versions } from '../codec/fixtures.js';

/** A SUBSCRIBE or UNSUBSCRIBE of `ok` and another filter. */
function frameOf(type: 'subscribe' | 'unsubscribe', version: 4 | 5, filter: string): Uint8Array {
  const options = type === 'subscribe' ? [0] : [];
  const head = concat([0, 1], version === 5 ? [0] : []);
  return framed(type === 'subscribe' ? 0x82 : 0xa2, head, field('ok'), options, field(filter), options);
}

describe('decode refuses a filter', () => {
  for (const type of ['subscribe', 'unsubscribe'] as const) {
    const at = (version: 4 | 5): number => (version === 5 ? 5 : 4) + 4 + (type === 'subscribe' ? 1 : 0);
    const place = type === 'subscribe' ? 'subscriptions[1].topicFilter' : 'topicFilters[1]';

    for (const version of versions) {
      const refuse = (filters: readonly string[], statement: string): void => {
        for (const filter of filters) {
          expectError(() => decode(frameOf(type, version, filter), version), {
            class: 'MalformedPacketError',
            code: 'invalid-topic-filter',
            reasonCode: 0x81,
            offset: at(version),
            field: place,
            statement,
          });
        }
      };

      it(`of ${type} ${version} in which + is not a whole level [3.1.1: MQTT-4.7.1-3] [5.0: MQTT-4.7.1-2]`, () => {
        const wrong = ['a+', '+a', 'a/+b', 'a/b+', 'a/+b/c', 'a/b+/c', '++', '/+a', '+/a+', 'a/+b/+'];
        refuse(wrong, version === 4 ? 'MQTT-4.7.1-3' : 'MQTT-4.7.1-2');
      });

      it(`of ${type} ${version} in which # is not the last level [3.1.1: MQTT-4.7.1-2] [5.0: MQTT-4.7.1-1]`, () => {
        const wrong = ['a#', '#a', 'a/#/', 'a/#/b', 'a/#b', '#/', '##', '/#/#', '#+'];
        refuse(wrong, version === 4 ? 'MQTT-4.7.1-2' : 'MQTT-4.7.1-1');
      });
    }
  }
});
