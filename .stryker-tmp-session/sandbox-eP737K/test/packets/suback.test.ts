// @ts-nocheck
import { describe, it } from 'vitest';
import { expectRefusal, versions } from '../codec/fixtures.js';
import { sample } from '../codec/samples.js';
import { badPacketIds, each, itRefuses, noLists } from './refusals.js';

for (const type of ['suback', 'unsuback'] as const) {
  describe(`encode refuses a ${type.toUpperCase()}`, () => {
    itRefuses('whose Packet Identifier is none', type, versions, badPacketIds);

    const both = type === 'suback' ? versions : ([5] as const);
    itRefuses('without codes', type, both, [
      ...each(noLists, (reasonCodes) => ({ reasonCodes }), 'wrong-type', 'reasonCodes'),
    ]);
    it('with an empty list of codes [3.1.1: MQTT-3.8.4-5] [5.0: MQTT-3.8.4-6]', () => {
      for (const version of both) {
        const packet = sample(type, version, { reasonCodes: [] });
        expectRefusal(packet, version, 'empty-list', 'reasonCodes');
      }
    });
    itRefuses('with a wrong code among right ones', type, both, [
      [{ reasonCodes: [0, 0, undefined] }, 'wrong-type', 'reasonCodes[2]'],
    ]);
  });
}

itRefuses(
  'an UNSUBACK with codes in MQTT 3.1.1 [U3-3.4-a]',
  'unsuback',
  [4],
  [
    [{ reasonCodes: [0] }, 'not-in-this-version', 'reasonCodes'],
    [{ reasonCodes: [] }, 'not-in-this-version', 'reasonCodes'],
  ],
);
