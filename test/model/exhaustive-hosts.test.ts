import { describe, it } from 'vitest';
import { prove, TIMEOUT } from './prove.js';
import { everyPair } from './scenarios.js';

// In a file of its own, to be searched beside the other.

describe('Two flows at a time, a crash of each side at any point, and a host without an atomic commit', () => {
  const bounds = { cuts: 0, crashes: 1 };

  it('QoS 1 and 2 at least once, in order, with a host that delivers first', { timeout: TIMEOUT }, () =>
    prove(everyPair(bounds, 2, ['deliver-first'])),
  );

  it(
    'QoS 2 at most once, QoS 1 at least once, in order, with a host that stores first',
    { timeout: TIMEOUT },
    () => prove(everyPair(bounds, 2, ['store-first'])),
  );
});
