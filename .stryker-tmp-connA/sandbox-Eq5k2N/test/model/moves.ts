// @ts-nocheck
import fc, { type Arbitrary } from 'fast-check';
import { setups } from './commands.js';
import type { Move } from './end-pair.js';
import type { Role, Setup } from './setup.js';

const role: Arbitrary<Role> = fc.constantFrom('client', 'server');
const what = <const T extends Move['do']>(...words: readonly T[]): Arbitrary<T> => fc.constantFrom(...words);

/** What happens, by how often; `count` says how the stream of bytes is split. */
export function moves(count: Arbitrary<number>): Arbitrary<readonly Move[]> {
  const move: Arbitrary<Move> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: what('send'),
        role,
        qos: fc.constantFrom(0, 1, 2),
        size: fc.constantFrom(0, 9, 120, 130, 300),
        topic: fc.constantFrom('a', 'b', 'c/d'),
      }),
    },
    { weight: 18, arbitrary: fc.record({ do: what('bytes'), role, count }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: what('acknowledge'),
        role,
        which: fc.nat(3),
        reasonCode: fc.constantFrom(0x00, 0x00, 0x83),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: what('connect', 'accept', 'answer') }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: what('subscribe', 'unsubscribe'), filters: fc.constantFrom(1, 3) }),
    },
    { weight: 2, arbitrary: fc.record({ do: what('sleep'), role }) },
    { weight: 2, arbitrary: fc.record({ do: what('notice'), role }) },
    { weight: 1, arbitrary: fc.record({ do: what('tick'), milliseconds: fc.nat(2_000) }) },
    { weight: 1, arbitrary: fc.record({ do: what('blocked', 'writable'), role }) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.record({ do: what('cut') }),
        fc.record({ do: what('cut') }),
        fc.record({ do: what('die', 'disconnect'), role }),
      ),
    },
  );
  return fc.array(move, { maxLength: 250, size: 'max' });
}

/** A session that dies with its connection is for the tests of `step`. */
export const lasting: Arbitrary<Setup> = setups.map(({ sessionExpiryInterval: _, ...setup }) => ({
  ...setup,
  host: 'atomic',
}));

/** Of both Endpoints. */
export const options = fc.record({ copy: fc.boolean() });
