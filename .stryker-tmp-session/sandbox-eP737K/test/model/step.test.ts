// @ts-nocheck
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { checkStep } from './contract.js';
import { Guard } from './guard.js';
import { alien } from './inputs.js';
import { anyLife, live } from './lives.js';
import { runs, TIMEOUT } from './runs.js';
import { ROLES } from './setup.js';

describe('step, whatever happens in whatever order,', () => {
  for (const role of ROLES) {
    for (const version of [4, 5] as const) {
      it(`keeps its contract as a ${role} of version ${version}`, { timeout: TIMEOUT }, () => {
        fc.assert(
          fc.property(anyLife(version, role), (life) => {
            const guard = new Guard();
            live(life, (state, input) => {
              const [after, actions] = guard.step(state, input);
              checkStep(state, input, after, actions);
              return after;
            });
            guard.check();
          }),
          runs(200),
        );
      });

      it(`takes packets of another version as a ${role} of version ${version}`, { timeout: TIMEOUT }, () => {
        fc.assert(
          fc.property(anyLife(version, role, alien(version)), (life) => {
            const guard = new Guard();
            live(life, (state, input) => guard.step(state, input)[0]);
          }),
          runs(50),
        );
      });
    }
  }
});
