import { defineConfig } from 'vitest/config';

/** The tests that mutants of floors 0 to 4 run against: quick ones only, since each runs thousands of times. */
export default defineConfig({
  test: {
    include: ['test/{bytes,spec,topics,packets,codec,stream,fixtures}/**/*.test.ts', 'test/*.test.ts'],
    exclude: ['test/**/*.slow.test.ts', 'test/codec/mutations.test.ts'],
    testTimeout: 60_000,
  },
});
