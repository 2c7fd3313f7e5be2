// @ts-nocheck
import { describe } from 'vitest';
import { versions } from '../codec/fixtures.js';
import { each, itRefuses, noBooleans } from './refusals.js';

describe('encode refuses a CONNACK', () => {
  itRefuses('whose fields are none [5.0: MQTT-3.2.2-1] [U3-3.2.2-a]', 'connack', versions, [
    ...each(noBooleans, (sessionPresent) => ({ sessionPresent }), 'wrong-type', 'sessionPresent'),
    [{ reasonCode: undefined }, 'wrong-type', 'reasonCode'],
  ]);

  const code = 'session-present-with-refusal';
  itRefuses(
    'of a present session and a refusal [3.1.1: MQTT-3.2.2-4]',
    'connack',
    [4],
    [
      ...each(
        [1, 2, 3, 4, 5],
        (reasonCode) => ({ sessionPresent: true, reasonCode }),
        code,
        'sessionPresent',
        '3.2.2-4',
      ),
    ],
  );
  itRefuses(
    'of a present session and a refusal [5.0: MQTT-3.2.2-6]',
    'connack',
    [5],
    [
      ...each(
        [0x80, 0x87, 0x9f],
        (reasonCode) => ({ sessionPresent: true, reasonCode }),
        code,
        'sessionPresent',
        '3.2.2-6',
      ),
    ],
  );
});
