import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidPacketError } from '../../src/errors.js';
import { decodeUnsubscribe, encodeUnsubscribe, topicFilterProblem } from '../../src/index.js';
import { topicProblemStatement } from '../../src/topics/problems.js';
import { thrownIfAny } from '../thrown.js';

/** Filters, right and wrong, out of what matters to the rules. */
const filters = fc
  .array(fc.constantFrom('+', '#', '/', '$', '$share', '$share/', 'a', 'é', '\n', '//'), { maxLength: 6 })
  .map((parts) => parts.join(''));

/** The statement that a packet with that filter is refused for, on its way out and in; they must agree. */
function refusalOf(filter: string, version: 4 | 5): string | undefined {
  const sent = thrownIfAny(() =>
    encodeUnsubscribe({ type: 'unsubscribe', packetId: 1, topicFilters: [filter] }, version),
  );
  const text = Buffer.from(filter);
  const body = [0, 1, ...(version === 5 ? [0] : []), 0, text.length, ...text];
  const received = thrownIfAny(() => decodeUnsubscribe(Uint8Array.of(0xa2, body.length, ...body), version));
  if (sent === undefined && received === undefined) return undefined;
  expect(sent).toBeInstanceOf(InvalidPacketError);
  const [a, b] = [sent, received] as InvalidPacketError[];
  expect([a?.code, a?.field, a?.statement]).toEqual([
    'invalid-topic-filter',
    'topicFilters[0]',
    b?.statement,
  ]);
  expect(b?.code).toBe('invalid-topic-filter');
  return a?.statement ?? 'one without a number';
}

describe('filters in packets', () => {
  it.each([4, 5] as const)('are judged as the topics floor judges them, version %i', (version) => {
    fc.assert(
      fc.property(filters, (filter) => {
        const problem = topicFilterProblem(filter, version);
        const refusal = refusalOf(filter, version);
        expect(refusal !== undefined).toBe(problem !== undefined);
        // Where two wildcards are misplaced either statement will do.
        if (problem !== undefined && !/[+#].*[+#]/s.test(filter)) {
          expect(refusal).toBe(topicProblemStatement(problem, version));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
