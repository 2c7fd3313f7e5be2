import { defineConfig } from 'vitest/config';

const inCi = process.env['CI'] !== undefined && process.env['CI'] !== '';

const RUNTIMES = 'test/adapters/**/*.runtime.test.ts';
/** Real clients, brokers and browsers, the five systems, hostile peers: `npm run test:interop` runs these. */
export const INTEROP: readonly string[] = [
  'test/interop/**/*.test.ts',
  'test/examples/{bridge,console,backend,hosted,chat,workers,hostile-*}.test.ts',
  'test/adapters/hostile.test.ts',
];

/**
 * Folders with tests of what is pure, or owned by whoever made it: their files share a process, since to start one
 * takes longer than most of them do.
 */
const PURE = 'arbitraries|codec|connection|dialogues|differential|laws|model|packets|session|stream|topics';
/** What in there measures memory or time, or takes parts of the engine away, has a process of its own all the same. */
const ALONE = ['test/codec/strings.test.ts', 'test/stream/costs.slow.test.ts', 'test/topics/hostile.test.ts'];

export default defineConfig({
  test: {
    // Nothing is slow, but machines are: this ends what would never end.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // More than there are processors: many tests wait for sockets, timers and processes.
    maxWorkers: '150%',
    // Sockets, processes and browsers of a busy machine: what fails is tried once more, and the report says so.
    retry: inCi ? 1 : 0,
    reporters: inCi ? ['default', 'json'] : ['default'],
    outputFile: { json: 'reports/vitest.json' },
    projects: [
      {
        extends: true,
        test: { name: 'pure', include: [`test/(${PURE})/**/*.test.ts`], exclude: ALONE, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'source',
          include: [`test/!(${PURE}|dist)/**/*.test.ts`, ...ALONE],
          exclude: [...INTEROP, RUNTIMES],
        },
      },
      {
        extends: true,
        // These read dist/, which `npm test` and `npm run test:all` build first.
        test: { name: 'dist', include: ['test/dist/**/*.test.ts'] },
      },
      {
        extends: true,
        // These read dist/ too, and start the runtimes of runtimes/; one after the other, since they measure.
        test: { name: 'runtimes', include: [RUNTIMES], fileParallelism: false },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // These run in runtimes of their own, which nobody counts in here: `npm run test:runtimes`.
      exclude: ['src/adapters/{deno,workers,hibernation}.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
      thresholds: { statements: 95, lines: 95, functions: 95, branches: 90 },
    },
  },
});
