// @ts-nocheck
import { defineConfig } from 'vitest/config';

const inCi = process.env['CI'] !== undefined && process.env['CI'] !== '';

/** Real clients and brokers, each with each, and a browser: too long for `npm test`; `npm run test:interop` runs it. */
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts', 'test/examples/bridge.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: inCi ? ['default', ['json', { outputFile: 'reports/interop.json' }]] : ['default'],
  },
});
