import { describe, it } from 'vitest';
import type { HostKind } from './hosts.js';
import { prove, TIMEOUT } from './prove.js';
import { type Bounds, everyPair } from './scenarios.js';
import type { Scenario } from './sides.js';

// In a file of its own, to be searched beside the other. `npm run model` has all ways to acknowledge in both versions.
const crossed = (host: HostKind, bounds: Bounds): Scenario[] =>
  everyPair(bounds, 2, [host]).filter(
    ({ version, acknowledgements }) => acknowledgements === (version === 4 ? 'manual' : 'automatic'),
  );

describe('Two flows at a time, a crash of each side at any point, and a host without an atomic commit', () => {
  const bounds = { cuts: 0, crashes: 1 };

  it('QoS 1 and 2 at least once, in order, with a host that delivers first', { timeout: TIMEOUT }, () =>
    prove(crossed('deliver-first', bounds)),
  );

  it(
    'QoS 2 at most once, QoS 1 at least once, in order, with a host that stores first',
    { timeout: TIMEOUT },
    () => prove(crossed('store-first', bounds)),
  );
});
