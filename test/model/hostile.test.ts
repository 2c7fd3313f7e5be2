import fc from 'fast-check';
import { describe, it } from 'vitest';
import { attack, checkAttack } from './attack.js';
import { runs, TIMEOUT } from './runs.js';
import { ROLES } from './setup.js';
import { checkSiege, siege } from './siege.js';

describe('A peer that writes what it likes', () => {
  for (const role of ROLES) {
    for (const version of [4, 5] as const) {
      const duty =
        version === 4
          ? '[3.1.1: MQTT-4.8.0-1]'
          : { client: '[U5-4.13.1-a]', server: '[5.0: MQTT-4.13.1-1]' }[role];
      it(`brings about one failure of a ${role} of version ${version} ${duty}`, { timeout: TIMEOUT }, () => {
        fc.assert(
          fc.property(attack(version, role), (all) => checkAttack(all, version, role)),
          runs(150),
        );
      });
      it(`finds a ${role} of version ${version} in order, asleep in between or not`, {
        timeout: TIMEOUT,
      }, () => {
        fc.assert(
          fc.property(siege(version, role), (all) => checkSiege(all, version, role)),
          runs(150),
        );
      });
    }
  }
});
