// @ts-nocheck
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { EndPair } from './end-pair.js';
import { lasting, moves, options } from './moves.js';
import { runs, TIMEOUT } from './runs.js';

describe('Two Endpoints keep every promise, bytes to bytes, over cuts, crashes and sleep,', () => {
  it('wherever the stream is split', { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(lasting, options, moves(fc.integer({ min: 1, max: 200 })), (setup, options, moves) => {
        const pair = new EndPair(setup, options, 70);
        for (const move of moves) pair.move(move);
        pair.end();
      }),
      runs(200),
    );
  });

  it('byte by byte', { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(lasting, options, moves(fc.constantFrom(1, 1, 1, 2)), (setup, options, moves) => {
        const pair = new EndPair(setup, options, 1);
        for (const move of moves) pair.move(move);
        pair.end();
      }),
      runs(100),
    );
  });
});
