import fc from 'fast-check';
import { describe, it } from 'vitest';
import { lives, setups } from './commands.js';
import { Pair } from './pair.js';
import { runs, TIMEOUT } from './runs.js';

describe('A client and a server with a long life', () => {
  it('keep every promise, whatever happens to them', { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(setups, lives, (setup, commands) => {
        const pair = new Pair(setup);
        fc.modelRun(() => ({ model: pair, real: pair }), commands);
        pair.end();
      }),
      runs(400),
    );
  });
});
